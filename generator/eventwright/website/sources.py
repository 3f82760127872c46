"""What the site is built from: the pages of every spec, and those that are about all of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, TypeAlias

from ruamel.yaml import YAML

from ..model import ir
from ..output import resources
from ..output.render import Page, Renderer
from ..targets.docs.markdown import escape, first_sentence, plain, prose, site_title
from ..targets.docs.site import ROOT

CONFIG = PurePosixPath("mkdocs.yml")
SITE = PurePosixPath("site")
"""Folder that the site is built in."""

_SCRIPTS = ("iframe-worker.js", "site.js")

Nav: TypeAlias = list[Any]
"""Entries of a navigation: each is a page, or a title with a page or with the entries below it."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A spec, and what is made of it.

    Attributes:
        spec: What it means.
        docs: Text of its pages by path, those that all specs share among them.
    """

    spec: ir.Spec
    docs: Mapping[PurePosixPath, str]


@dataclass(frozen=True, slots=True)
class StreamRow:
    """A line about a spec; title and summary are finished Markdown."""

    title: str
    package: str
    events: int
    summary: str


@dataclass(frozen=True, slots=True)
class Guide:
    """A page that is about no spec: its title, finished Markdown, and its file."""

    title: str
    file: str


@dataclass(frozen=True, slots=True)
class HomeView:
    """The first page, for people and for language models; the title is finished Markdown."""

    title: str
    streams: tuple[StreamRow, ...]
    guides: tuple[Guide, ...]


@dataclass(frozen=True, slots=True)
class ConfigView:
    """The configuration of the site; texts and navigation are JSON, which YAML has all of."""

    title: str
    nav: str
    site: str


def sources(compiled: Sequence[Compiled], title: str, templates: Sequence[Path]) -> dict[PurePosixPath, str]:
    """Give the text of each file that the site is built from.

    Args:
        compiled: The specs, in the order in which the site has them; at least one.
        title: What the site is called.
        templates: Folders of templates, the first that has one winning.

    Raises:
        TemplateProblem: A template cannot be used.
    """
    files: dict[PurePosixPath, str] = {}
    for one in compiled:
        files.update({path: text for path, text in one.docs.items() if path.name != "nav.yml"})
    navs = [_nav(one) for one in compiled]
    guides = _guides(navs)
    home = HomeView(escape(plain(title)), tuple(map(_row, compiled)), tuple(guides))
    config = ConfigView(_json(site_title(title)), _json(_whole(compiled, navs, guides)), _json(SITE.as_posix()))
    renderer = Renderer(templates)
    for path, view in ((ROOT / "index.md", home), (ROOT / "llms.txt", home), (CONFIG, config)):
        files[path] = renderer.render(Page(path, f"website/{path.name}.jinja", view))
    for name in _SCRIPTS:
        files[ROOT / "assets" / name] = (resources.templates() / "website" / name).read_text(encoding="utf-8")
    return files


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _row(one: Compiled) -> StreamRow:
    spec = one.spec
    return StreamRow(escape(plain(spec.title)), spec.name, len(spec.events), prose(first_sentence(spec.doc)))


def _nav(one: Compiled) -> Nav:
    """Give the navigation that comes with the pages of a spec."""
    loaded = YAML(typ="safe").load(one.docs[ROOT / one.spec.name / "nav.yml"])
    entries: Nav = loaded["nav"]
    return entries


def _guides(navs: Iterable[Nav]) -> list[Guide]:
    """Give the pages that no spec has for itself, each once: they stand beside the folders of the specs."""
    entries = [entry for nav in navs for entry in _entries(nav)]
    files = {below: title for title, below in entries if _is_guide(below)}
    return [Guide(title, file) for file, title in files.items()]


def _is_guide(below: str | Nav) -> bool:
    return isinstance(below, str) and "/" not in below


def _whole(compiled: Sequence[Compiled], navs: Sequence[Nav], guides: Sequence[Guide]) -> Nav:
    """Join the navigations: a spec has a part of its own if there are several."""
    own = [[{title: below} for title, below in _entries(nav) if not _is_guide(below)] for nav in navs]
    streams = [{title: _with_index(below) if isinstance(below, list) else below} for title, below in _entries(own[0])]
    if len(own) > 1:
        parts = [{site_title(one.spec.title): _with_index(nav)} for one, nav in zip(compiled, own, strict=True)]
        streams = [{"Streams": parts}]
    return [{"Home": "index.md"}, *streams, {"Guides": [{guide.title: guide.file} for guide in guides]}]


def _with_index(nav: Nav) -> Nav:
    """Let the page about all entries be that of their common title: such a page stands without one."""
    joined: Nav = []
    for title, below in _entries(nav):
        if isinstance(below, list):
            joined.append({title: _with_index(below)})
        else:
            joined.append(below if below.endswith("/index.md") else {title: below})
    return joined


def _entries(nav: Nav) -> Iterator[tuple[str, Any]]:
    for entry in nav:
        yield from entry.items()
