"""Names that every generated package has, whatever its spec: read from what the package is made of."""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath

from ...model import ir
from ...model.names import snake
from ...output.resources import templates
from . import package, stream

_IMPORT = re.compile(r"^ *from [\w.]+ import (\([^)]*\)|.*)$", re.MULTILINE)
_DEFINITION = re.compile(r"^(?:class |def )?(\w+)(?:\(.*|:.*| =.*)$", re.MULTILINE)
_FUNCTION = re.compile(r"^def (\w+)", re.MULTILINE)
_LITERAL = re.compile(r'"""(.*?)"""|"((?:[^"\\\n]|\\.)*)"|\'((?:[^\'\\\n]|\\.)*)\'', re.DOTALL)
_FILLED = re.compile(r"\{[^{}]*\}")
_IDENTIFIER = re.compile(r"[A-Za-z]\w*")
_NO_MAKERS = ("identifiers.py", "reserved.py", "rules.py")
"""Modules beside this one whose texts do not go into a package."""

_NO_CLASSES = "lint"
"""Folder of the templates of modules that mention no class of the spec; one does, and its own names have an underscore,
which no class has."""


def is_taken(name: str) -> bool:
    """Whether a class of this name, or what is called after it, would collide with what every package has."""
    stem = snake(name)
    return not _taken().isdisjoint([name, stem.upper(), f"decode_{stem}", f"encode_{stem}"])


@cache
def _taken() -> frozenset[str]:
    """Give the names that generated modules define, import or use.

    Templates say what they import and define; the modules beside this one have as texts of their own what a module
    imports where it needs it. What Python itself brings is taken where either mentions it, and of the runtime every
    function, because the functions of a class are imported beside them.
    """
    here = Path(__file__).parent
    found = sorted((templates() / "python").rglob("*.jinja"))
    written = "\n".join(_text(path) for path in found if path.parent.name != _NO_CLASSES)
    functions = {name for path in (here / "runtime").glob("*.py") for name in _FUNCTION.findall(_text(path))}
    texts = [text for path in here.glob("*.py") if path.name not in _NO_MAKERS for text in _texts(path)]
    imported = {name for found in _IMPORT.findall(written) for name in _IDENTIFIER.findall(found)}
    mentioned = {name for text in (written, *texts) for name in _IDENTIFIER.findall(text)}
    own = functions.union(imported, _DEFINITION.findall(written), filter(_IDENTIFIER.fullmatch, texts))
    return frozenset(own | mentioned.intersection(vars(builtins)))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _texts(path: Path) -> Iterator[str]:
    """Give the texts in a module; the parser of Python takes four times as long."""
    for found in _LITERAL.finditer(_text(path)):
        yield from _FILLED.split(found[found.lastindex or 0])


@cache
def modules(*, lints: bool, builds: bool) -> frozenset[str]:
    """Give the modules and folders at the top of a package, whose names no file or folder of a spec can have.

    Args:
        lints: Whether the spec says when events may come.
        builds: Whether it says how a stream begins, so that the package builds some.
    """
    empty = ir.Spec("empty", "", "", "Events", ir.NO_TAG, "", ())
    pages = [page.path for page in (*package.pages(empty), *stream.pages(empty))]
    found = frozenset(_top(path) for path in (*pages, *package.runtime_files(empty)))
    return found.union(["lint"] if lints else [], ["build", "builders", "samples"] if builds else [])


def _top(path: PurePosixPath) -> str:
    return path.parts[1].removesuffix(".py")
