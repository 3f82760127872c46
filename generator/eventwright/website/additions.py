"""Pages that a project adds to the site: Markdown as it is, and programs with their parts explained."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from ..model.prose import first_sentence
from ..output.render import Page
from ..targets.docs.markdown import escape
from ..targets.docs.site import ROOT
from .programs import program_view

FOLDER = PurePosixPath("project-pages")
"""Folder of the pages below the site; no spec is called so, since a package cannot be."""

_HEADING = re.compile(r"^# +(?P<title>.+?) *#*$", re.MULTILINE)
_FENCE = re.compile(r"^(?P<fence>```+|~~~+)[^\n]*\n.*?^(?P=fence)[ \t]*$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"(?<![`\[])`(?P<file>[^`\n]+)`(?!`)")


@dataclass(frozen=True, slots=True)
class Addition:
    """A page that is added.

    Attributes:
        source: Path of its file below the project, in Markdown or in Python.
        text: What is in the file.
        packages: Of the specs whose pages lead to it.
    """

    source: PurePosixPath
    text: str
    packages: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Where it is, below the site."""
        return (FOLDER / self.source.with_suffix(".md")).as_posix()


@dataclass(frozen=True, slots=True)
class Added:
    """Pages that have a part of the navigation to themselves, of which `title` is the name."""

    title: str
    pages: tuple[Addition, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A page in a list: its title, its address below the site, and what it is about; all are finished Markdown."""

    title: str
    file: str
    summary: str


def listed(page: Addition) -> Listed:
    """Give what lists say of a page."""
    if page.source.suffix == ".py":
        told = program_view(page.source, page.text, {}).summary
        return Listed(f"`{page.source.name}`", page.path, told)
    heading = _HEADING.search(page.text)
    below = page.text[heading.end() :] if heading else page.text
    paragraph = next((each for each in re.split(r"\n\s*\n", below) if re.match(r"\s*[\w`*\[]", each)), "")
    title = heading["title"] if heading else escape(page.source.stem)
    return Listed(title, page.path, first_sentence(paragraph))


def navigation_title(page: Addition) -> str:
    """Give what the navigation calls a page: plain text."""
    return page.source.name if page.source.suffix == ".py" else listed(page).title.replace("`", "")


def pages(page: Addition, links: Mapping[str, str]) -> tuple[list[Page], dict[PurePosixPath, str]]:
    """Make the files of a page.

    Args:
        page: The page.
        links: Where the names that programs import are told of, below the site.

    Returns:
        What is to be rendered, and texts as they are, by their paths.

    Raises:
        ProgramError: It is a program that cannot be read.
    """
    path = ROOT / page.path
    if page.source.suffix == ".md":
        return [], {path: page.text}
    up = _up(PurePosixPath(page.path))
    view = program_view(page.source, page.text, {name: f"{up}{link}" for name, link in links.items()})
    listing = path.with_name(f"{page.source.name}.txt")
    return [Page(path, "website/program.md.jinja", view)], {listing: page.text}


def leading(text: str, here: PurePosixPath, added: Sequence[Addition]) -> str:
    """Let a page lead to those that are added, wherever it names their files as code.

    Args:
        text: Its Markdown.
        here: Where it is, below the site.
        added: The pages.
    """
    up = _up(here)
    known = {page.source.as_posix(): f"{up}{page.path}" for page in added if page.path != here.as_posix()}

    def lead(found: re.Match[str]) -> str:
        return f"[{found[0]}]({known[found['file']]})" if found["file"] in known else found[0]

    if not known:
        return text
    parts: list[str] = []
    at = 0
    for block in _FENCE.finditer(text):
        parts += (_CODE.sub(lead, text[at : block.start()]), block[0])
        at = block.end()
    return "".join([*parts, _CODE.sub(lead, text[at:])])


def with_more(text: str, here: PurePosixPath, added: Sequence[Addition]) -> str:
    """Put links to pages at the end of one that is about the same spec."""
    if not added:
        return text
    up = _up(here)
    rows = (listed(page) for page in added)
    lines = "".join(f"- [{row.title}]({up}{row.file}): {row.summary}\n" for row in rows)
    return f"{text.rstrip()}\n\n## See also\n\n{lines}"


def _up(here: PurePosixPath) -> str:
    """Give the way from a page back to the root of the site."""
    return "../" * len(here.parent.parts)
