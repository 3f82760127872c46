"""What the site is built from: the pages of every spec, and those that are about all of them."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, TypeAlias

from ruamel.yaml import YAML

from ..model import ir
from ..model.prose import first_sentence
from ..output import resources
from ..output.render import Page, Renderer
from ..targets.docs.markdown import escape, plain, prose, site_title
from ..targets.docs.site import ROOT
from .packages import package_view

CONFIG = PurePosixPath("mkdocs.yml")
SITE = PurePosixPath("site")
"""Folder that the site is built in."""

PACKAGES = PurePosixPath("packages")
"""Folder of the Python packages, whose docstrings are shown."""

PACKAGE = "package.md"
"""Page of the Python package, beside the overview of its spec."""

INSPECTOR = "inspector.md"
"""Page that reads streams, beside the home page."""

_SPEC_FILE = re.compile(r"^(- Spec file: )(`[^`]+`)$", re.MULTILINE)
_CLASS = re.compile(r"^(- Class: )(`[^`]+`)$", re.MULTILINE)
_SCRIPTS = ("iframe-worker.js", "site.js")

Nav: TypeAlias = list[Any]
"""Entries of a navigation: each is a page, or a title with a page or with the entries below it."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A spec, and what is made of it.

    Attributes:
        spec: What it means.
        docs: Text of its pages by path, those that all specs share among them.
        package: Text of the files of its Python package by path; none if the project does not make it.
    """

    spec: ir.Spec
    docs: Mapping[PurePosixPath, str]
    package: Mapping[PurePosixPath, str]


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
    has_inspector: bool


@dataclass(frozen=True, slots=True)
class ConfigView:
    """The configuration of the site; texts and navigation are JSON, which YAML has all of."""

    title: str
    nav: str
    site: str
    packages: str


def sources(
    compiled: Sequence[Compiled], title: str, templates: Sequence[Path], inspector: Page | None = None
) -> dict[PurePosixPath, str]:
    """Give the text of each file that the site is built from.

    Args:
        compiled: The specs, in the order in which the site has them; at least one.
        title: What the site is called.
        templates: Folders of templates, the first that has one winning.
        inspector: The page that reads streams, None for a site without it.

    Raises:
        TemplateProblem: A template cannot be used.
    """
    files: dict[PurePosixPath, str] = {}
    for one in compiled:
        listings = _listings(one)
        files.update(listings)
        for path, text in one.docs.items():
            if path.name != "nav.yml":
                files[path] = _linked(text, one, listings) if path.suffix == ".md" else text
    navs = [_nav(one) for one in compiled]
    guides = _guides(navs)
    home = HomeView(escape(plain(title)), tuple(map(_row, compiled)), tuple(guides), inspector is not None)
    config = ConfigView(
        title=_json(site_title(title)),
        nav=_json(_whole(compiled, navs, guides, inspector is not None)),
        site=_json(SITE.as_posix()),
        packages=_json(PACKAGES.as_posix()),
    )
    renderer = Renderer(templates)
    for one in compiled:
        if one.package:
            path = ROOT / one.spec.name / PACKAGE
            files[path] = renderer.render(Page(path, f"website/{PACKAGE}.jinja", package_view(one.spec, one.package)))
            files.update({PACKAGES / file: text for file, text in one.package.items()})
    if inspector is not None:
        files[inspector.path] = renderer.render(inspector)
    for path, view in ((ROOT / "index.md", home), (ROOT / "llms.txt", home), (CONFIG, config)):
        files[path] = renderer.render(Page(path, f"website/{path.name}.jinja", view))
    for name in _SCRIPTS:
        files[ROOT / "assets" / name] = (resources.templates() / "website" / name).read_text(encoding="utf-8")
    return files


def _listings(one: Compiled) -> dict[PurePosixPath, str]:
    """Give the files of a spec, and the modules of the package with its classes, as text that a browser shows."""
    place = ROOT / one.spec.name / "sources"
    found = {}
    for module in one.spec.modules:
        source = Path(module.source)
        found[place / f"{module.path}{source.suffix}.txt"] = source.read_text(encoding="utf-8-sig")
        code = one.package.get(PurePosixPath(one.spec.name, f"{module.path}.py"))
        if code is not None:
            found[place / f"{module.path}.py.txt"] = code
    return found


def _linked(text: str, one: Compiled, listings: Collection[PurePosixPath]) -> str:
    """Let what a page says of its class and of its spec file lead to them: the pages themselves are without both."""
    found = _SPEC_FILE.search(text)
    if found is None:
        return text

    def lead(line: re.Match[str], file: str) -> str:
        known = ROOT / one.spec.name / "sources" / file in listings
        return f"{line[1]}[{line[2]}](../sources/{file})" if known else line[0]

    file = PurePosixPath(found[2].strip("`"))
    text = _SPEC_FILE.sub(lambda line: lead(line, f"{file}.txt"), text, count=1)
    return _CLASS.sub(lambda line: lead(line, f"{file.with_suffix('.py')}.txt"), text, count=1)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _row(one: Compiled) -> StreamRow:
    spec = one.spec
    return StreamRow(escape(plain(spec.title)), spec.name, len(spec.events), prose(first_sentence(spec.doc)))


def _nav(one: Compiled) -> Nav:
    """Give the navigation that comes with the pages of a spec, and the page of its package."""
    loaded = YAML(typ="safe").load(one.docs[ROOT / one.spec.name / "nav.yml"])
    entries: Nav = loaded["nav"]
    return [*entries, {"Python package": f"{one.spec.name}/{PACKAGE}"}] if one.package else entries


def _guides(navs: Iterable[Nav]) -> list[Guide]:
    """Give the pages that no spec has for itself, each once: they stand beside the folders of the specs."""
    entries = [entry for nav in navs for entry in _entries(nav)]
    files = {below: title for title, below in entries if _is_guide(below)}
    return [Guide(title, file) for file, title in files.items()]


def _is_guide(below: str | Nav) -> bool:
    return isinstance(below, str) and "/" not in below


def _whole(compiled: Sequence[Compiled], navs: Sequence[Nav], guides: Sequence[Guide], has_inspector: bool) -> Nav:
    """Join the navigations: a spec has a part of its own if there are several."""
    own = [[{title: below} for title, below in _entries(nav) if not _is_guide(below)] for nav in navs]
    streams = [{title: _with_index(below) if isinstance(below, list) else below} for title, below in _entries(own[0])]
    if len(own) > 1:
        parts = [{site_title(one.spec.title): _with_index(nav)} for one, nav in zip(compiled, own, strict=True)]
        streams = [{"Streams": parts}]
    if has_inspector:
        streams.append({"Inspector": INSPECTOR})
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
