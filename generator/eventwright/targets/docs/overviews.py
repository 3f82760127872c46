"""What leads to the pages: the first page, lists, the index for language models, the navigation."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ...model import ir
from ...model.prose import first_sentence
from .deviations import DEVIATIONS
from .fields import Entry
from .guides import GUIDES, Guide
from .lifecycle import Lifecycle
from .markdown import code, counted, escape, joined, paragraphs, plain, prose, site_title
from .site import Site


@dataclass(frozen=True, slots=True)
class EventRow:
    """A row of a table of events."""

    link: str
    class_name: str
    summary: str


@dataclass(frozen=True, slots=True)
class EventSection:
    """The events of one module."""

    title: str
    doc: tuple[str, ...]
    rows: tuple[EventRow, ...]


@dataclass(frozen=True, slots=True)
class IndexView:
    """The first page."""

    title: str
    doc: tuple[str, ...]
    counts: str
    union: str
    package: str
    guides: tuple[Guide, ...]
    sections: tuple[EventSection, ...]


@dataclass(frozen=True, slots=True)
class ListSection:
    """The declarations of one folder of the spec."""

    title: str
    rows: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class ListView:
    """A page that lists all declarations of a kind."""

    title: str
    intro: str
    column: str
    sections: tuple[ListSection, ...]


@dataclass(frozen=True, slots=True)
class LlmsSection:
    """Links of one kind for language models."""

    title: str
    rows: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class LlmsView:
    """The index for language models."""

    title: str
    summary: str
    union: str
    package: str
    guides: tuple[Guide, ...]
    sections: tuple[LlmsSection, ...]


@dataclass(frozen=True, slots=True)
class NavLine:
    """A line of the navigation: a page or, without a target, a heading; both are quoted for YAML."""

    indent: str
    title: str
    target: str


@dataclass(frozen=True, slots=True)
class NavView:
    """The navigation of the site."""

    lines: tuple[NavLine, ...]


def index(site: Site, lifecycle: Lifecycle) -> IndexView:
    """Give the first page: the spec in a few words, the guides, and the events by file."""
    spec = site.spec
    types = sum(len(module.records) for module in spec.modules)
    return IndexView(
        title=escape(plain(spec.title)),
        doc=paragraphs(spec.doc),
        counts=joined(
            [
                counted(len(spec.events), "event", "events"),
                f"[{counted(types, 'object type', 'object types')}](types/index.md)",
                f"[{counted(len(spec.unions), 'union', 'unions')}](unions/index.md)",
                f"[{counted(len(spec.enums), 'enum', 'enums')}](enums/index.md)",
            ],
            "and",
        ),
        union=code(spec.union),
        package=spec.name,
        guides=lifecycle.guides,
        sections=tuple(
            EventSection(
                title=escape(plain(module.title)),
                doc=paragraphs(module.doc),
                rows=tuple(
                    EventRow(
                        link=site.link(event.record.name, ""),
                        class_name=code(event.record.name),
                        summary=prose(first_sentence(event.record.doc)),
                    )
                    for event in module.events
                ),
            )
            for module in spec.modules
            if module.events
        ),
    )


@dataclass(frozen=True, slots=True)
class _Listed:
    """A declaration as it appears in lists: the text is as the spec has it."""

    name: str
    doc: str


_LISTS = (
    ("types", "Types", "Type", "Objects that travel inside events."),
    ("unions", "Unions", "Union", "Places where one of several types may stand, told apart by a tag."),
    ("enums", "Enums", "Enum", "Strings with a known set of values."),
)


def _listed(module: ir.Module, kind: str) -> tuple[_Listed, ...]:
    declared: Sequence[ir.Record | ir.Union | ir.Enum]
    match kind:
        case "types":
            declared = module.records
        case "unions":
            declared = module.unions
        case _:
            declared = module.enums
    return tuple(_Listed(each.name, each.doc) for each in declared)


def _folders(spec: ir.Spec) -> list[tuple[str, list[ir.Module]]]:
    """Give the modules by their folder, folders in the order of dependency."""
    found: dict[str, list[ir.Module]] = {}
    for module in spec.modules:
        folder = module.path.parent.as_posix()
        found.setdefault("" if folder == "." else folder, []).append(module)
    return list(found.items())


def _folder_title(folder: str) -> str:
    return plain(folder).replace("_", " ").capitalize() or "General"


def lists(site: Site) -> Iterator[tuple[str, ListView]]:
    """Give a page for each kind of declaration, with the folder it belongs to."""
    for kind, title, column, intro in _LISTS:
        sections = []
        for folder, modules in _folders(site.spec):
            listed = sorted(
                (each for module in modules for each in _listed(module, kind)),
                key=lambda each: (each.name.casefold(), each.name),
            )
            if listed:
                rows = tuple(Entry(site.link(each.name, kind), prose(first_sentence(each.doc))) for each in listed)
                sections.append(ListSection(escape(_folder_title(folder)), rows))
        yield kind, ListView(title, intro, column, tuple(sections))


def llms(site: Site, lifecycle: Lifecycle) -> LlmsView:
    """Give the index for language models: a line for each page."""
    spec = site.spec

    def entry(name: str, label: str, doc: str) -> Entry:
        link = f"[{escape(plain(label))}]({site.places[name].href('')})"
        return Entry(link, prose(first_sentence(doc)))

    sections = [
        LlmsSection(
            f"Events: {escape(plain(module.title))}",
            tuple(entry(event.record.name, event.tag, event.record.doc) for event in module.events),
        )
        for module in spec.modules
        if module.events
    ]
    for kind, title, _, _ in _LISTS:
        listed = [each for module in spec.modules for each in _listed(module, kind)]
        if listed:
            sections.append(LlmsSection(title, tuple(entry(each.name, each.name, each.doc) for each in listed)))
    return LlmsView(
        title=escape(plain(spec.title)),
        summary=prose(spec.doc),
        union=code(spec.union),
        package=spec.name,
        guides=(
            *lifecycle.guides,
            DEVIATIONS,
            *(replace(guide, file=f"../{guide.file}") for guide in GUIDES),
        ),
        sections=tuple(sections),
    )


def navigation(site: Site, lifecycle: Lifecycle) -> NavView:
    """Give the navigation of the site, as lines of YAML."""
    return NavView(tuple(_nav_lines(site, lifecycle)))


def _nav_lines(site: Site, lifecycle: Lifecycle) -> Iterator[NavLine]:
    # From the folder that holds the docs of all specs.
    here = site.spec.name
    yield _nav_line(0, "Overview", f"{here}/index.md")
    if lifecycle.guides:
        yield _nav_line(0, "Order")
    for guide in lifecycle.guides:
        yield _nav_line(1, guide.title, f"{here}/{guide.file}")
    if site.spec.events:
        yield _nav_line(0, "Events")
    for module in site.spec.modules:
        if module.events:
            yield _nav_line(1, module.title)
            for event in module.events:
                yield _nav_line(2, event.tag, f"{here}/{site.places[event.record.name].href('')}")
    for kind, title, _, _ in _LISTS:
        yield _nav_line(0, title)
        yield _nav_line(1, f"All {title.lower()}", f"{here}/{kind}/index.md")
        for folder, modules in _folders(site.spec):
            listing = [(module, listed) for module in modules if (listed := _listed(module, kind))]
            if listing:
                yield _nav_line(1, _folder_title(folder))
            for module, listed in listing:
                yield _nav_line(2, module.title)
                for each in listed:
                    yield _nav_line(3, each.name, f"{here}/{site.places[each.name].href('')}")
    yield _nav_line(0, DEVIATIONS.title, f"{here}/{DEVIATIONS.file}")
    for guide in GUIDES:
        yield _nav_line(0, guide.title, guide.file)


def _nav_line(level: int, title: str, target: str = "") -> NavLine:
    quoted = json.dumps(site_title(title), ensure_ascii=False)
    return NavLine("  " * level, quoted, f" {json.dumps(target)}" if target else "")
