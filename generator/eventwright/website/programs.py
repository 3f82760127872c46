"""The page of a program in Python: what it is for, what it needs, and its parts, each with what its docstring says."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePosixPath

from ..model.prose import first_sentence
from ..targets.docs.markdown import code, fence, prose

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class ProgramError(Exception):
    """A program cannot be read; the message names the file and the line, and says what to do."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a program: heading and paragraphs are finished Markdown, the code is as it stands in the file.

    What is only imported is not searched.
    """

    heading: str
    paragraphs: tuple[str, ...]
    code: str
    is_searched: bool = True


@dataclass(frozen=True, slots=True)
class ProgramView:
    """The page.

    Attributes:
        file: Path of the program below its project, as Markdown.
        listing: Name of the file beside the page with all of it.
        summary: What it is for, in a sentence of Markdown.
        paragraphs: The whole docstring, as Markdown.
        needs: What it imports beside the standard library, as Markdown; links lead to what the site tells of.
        uses: Links to the events, types and functions that it imports; empty if the site tells of none.
        parts: All of its code, in the order of the file.
        fence: The backticks around the code.
    """

    file: str
    listing: str
    summary: str
    paragraphs: tuple[str, ...]
    needs: str
    uses: str
    parts: tuple[Part, ...]
    fence: str


def program_view(source: PurePosixPath, text: str, links: Mapping[str, str]) -> ProgramView:
    """Describe the page of a program.

    Args:
        source: Path of its file below the project.
        text: What is in the file.
        links: Addresses for the packages and names that it may import: `chat_events`, `chat_events.decode`.

    Raises:
        ProgramError: It cannot be read.
    """
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        where = f"{source}:{error.lineno}"
        raise ProgramError(f"{where}: no Python that can be read: {error.msg}; mend the program") from error
    doc = ast.get_docstring(tree)
    if doc is None:
        raise ProgramError(f"{source}:1: a program without a docstring; say at its top what it shows and how it is run")
    return ProgramView(
        file=code(source.as_posix()),
        listing=f"{source.name}.txt",
        summary=prose(first_sentence(doc.partition("\n\n")[0]).partition(":")[0].rstrip(".") + "."),
        paragraphs=_paragraphs(doc),
        needs=", ".join(_libraries(tree, links)) or "none",
        uses=", ".join(_uses(tree, links)),
        parts=tuple(_parts(tree, text.splitlines())),
        fence=fence([text]),
    )


def _paragraphs(doc: str) -> tuple[str, ...]:
    return tuple(prose(each) for each in re.split(r"\n\s*\n", doc))


def _libraries(tree: ast.Module, links: Mapping[str, str]) -> Iterator[str]:
    """Give what has to be installed or copied, once each, in the order in which it is imported."""
    names = dict.fromkeys(name.partition(".")[0] for name, _ in _imports(tree))
    for name in names:
        if name not in sys.stdlib_module_names:
            yield f"[{code(name)}]({links[name]})" if name in links else code(name)


def _uses(tree: ast.Module, links: Mapping[str, str]) -> Iterator[str]:
    for module, name in _imports(tree):
        link = links.get(f"{module}.{name}")
        if name and link:
            yield f"[{code(name)}]({link})"


def _imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Give the modules that a program imports, each with a name out of it, or with none."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.module, alias.name) for alias in node.names)


def _parts(tree: ast.Module, lines: Sequence[str]) -> Iterator[Part]:
    """Give the parts: each definition, and what stands between two, together."""
    body = tree.body[1:]
    begin = _end(tree.body[0])
    for _, nodes in groupby(enumerate(body), key=lambda entry: _kind(*entry)):
        part = [node for _, node in nodes]
        end = _end(part[-1])
        yield _part(part, lines, begin, end)
        begin = end


def _kind(at: int, node: ast.stmt) -> tuple[str, int]:
    """Tell which statements belong together."""
    if isinstance(node, _Definition):
        return "definition", at
    return ("import", 0) if isinstance(node, (ast.Import, ast.ImportFrom)) else ("statement", 0)


def _part(nodes: Sequence[ast.stmt], lines: Sequence[str], begin: int, end: int) -> Part:
    first = nodes[0]
    if isinstance(first, (ast.Import, ast.ImportFrom)):
        return Part("What it imports", (), _text(lines[begin:end]), is_searched=False)
    if not isinstance(first, _Definition):
        return Part(_named(nodes), (), _text(lines[begin:end]))
    doc = ast.get_docstring(first)
    shown = [*lines[begin:end]]
    if doc is not None:
        told = first.body[0]
        shown = [*lines[begin : told.lineno - 1], *lines[_end(told) : end]]
    return Part(code(first.name), _paragraphs(doc) if doc else (), _text(shown))


def _named(nodes: Sequence[ast.stmt]) -> str:
    """Name what is neither imported nor defined by what is assigned in it, if anything is."""
    targets: list[ast.expr] = []
    for node in nodes:
        if isinstance(node, ast.Assign):
            targets += node.targets
        elif isinstance(node, ast.AnnAssign):
            targets.append(node.target)
    return ", ".join(code(each.id) for each in targets if isinstance(each, ast.Name)) or "What it does"


def _text(lines: Sequence[str]) -> str:
    return "\n".join(lines).strip("\n")


def _end(node: ast.stmt) -> int:
    """Give the last line of a statement; the program has been parsed, so there is one."""
    return node.end_lineno or node.lineno
