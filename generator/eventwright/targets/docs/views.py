"""The pages of documentation: Markdown that reads well as it is and in a site made by MkDocs or Zensical.

Text of the spec is made harmless here: the views hold finished Markdown, and the templates only put it in place.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TypeVar

from ...model import ir, names
from ...model.prose import first_sentence
from ...output.render import Page
from ..target import Job, Snippet
from .deviations import deviations
from .folds import sentences, statement_lines
from .guides import GUIDES, Guide
from .lifecycle import CHECK, LIFECYCLE, PROFILES, RULES, Lifecycle, SequenceView, Turn
from .markdown import (
    code,
    counted,
    escape,
    fence,
    joined,
    paragraphs,
    plain,
    prose,
    site_title,
    visible,
)
from .site import ROOT, Site

_Item = TypeVar("_Item")


# Views: every attribute is finished Markdown, unless it says otherwise.


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A row of a table of fields."""

    name: str
    type: str
    presence: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """A row of a table of readings."""

    name: str
    type: str
    path: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A line about something: what it is about, and the text."""

    subject: str
    text: str


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
class Effect:
    """What an event does to the state.

    Attributes:
        statements: The statements as written, plain text for a block of code.
        fence: Marks around that block, long enough for what is in it.
        ends: How the stream ends with the event, nothing where it goes on.
    """

    heading: str
    sentences: tuple[str, ...]
    statements: tuple[str, ...]
    fence: str
    ends: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventView:
    """The page of an event; `example` is plain text, empty where the spec has none."""

    title: str
    doc: tuple[str, ...]
    deviates: str
    facts: tuple[Entry, ...]
    rows: tuple[FieldRow, ...]
    turn: Turn | None
    effect: Effect | None
    differences: tuple[Entry, ...]
    example: str
    snippets: tuple[Snippet, ...]
    neighbours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TypeView:
    """The page of an object type.

    Attributes:
        readings: What people ask an object for; of the state only.
        sequences: What happens while an object is open.
    """

    title: str
    doc: tuple[str, ...]
    deviates: str
    facts: tuple[Entry, ...]
    rows: tuple[FieldRow, ...]
    differences: tuple[Entry, ...]
    readings: tuple[ReadingRow, ...]
    sequences: tuple[SequenceView, ...]
    users: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnionView:
    """The page of a union."""

    title: str
    doc: tuple[str, ...]
    deviates: str
    facts: tuple[Entry, ...]
    rows: tuple[Entry, ...]
    has_shared_tags: bool
    untagged: str
    has_tag: bool
    unknown: str
    users: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EnumView:
    """The page of an enum."""

    title: str
    doc: tuple[str, ...]
    deviates: str
    facts: tuple[Entry, ...]
    growth: str
    ranks: str
    rows: tuple[Entry, ...]
    users: tuple[str, ...]


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


@dataclass(frozen=True, slots=True)
class EmptyView:
    """For a page that does not depend on the spec."""


_DEVIATIONS = Guide(
    "How recordings differ", "deviations.md", "All that recorded streams do otherwise than upstream says."
)


def pages(job: Job) -> Iterator[Page]:
    """Give the pages of documentation of a spec: the overview, a page for each declaration, lists and navigation."""
    spec = job.spec
    site = Site(spec)
    lifecycle = Lifecycle(site)
    yield Page(site.root / "index.md", "docs/index.md.jinja", _index(site, lifecycle), shared=True)
    events = [(module, event) for module in spec.modules for event in module.events]
    for before, (module, event), after in _with_neighbours(events):
        view = _event(site, lifecycle, module, event, before and before[1], after and after[1], job.snippets(event))
        yield Page(site.path(event.record.name), "docs/event.md.jinja", view)
    for module in spec.modules:
        for record in module.records:
            yield Page(site.path(record.name), "docs/type.md.jinja", _type(site, lifecycle, module, record))
        for union in module.unions:
            yield Page(site.path(union.name), "docs/union.md.jinja", _union(site, module, union))
        for enum in module.enums:
            yield Page(site.path(enum.name), "docs/enum.md.jinja", _enum(site, module, enum))
    for folder, list_view in _lists(site):
        yield Page(site.root / folder / "index.md", "docs/list.md.jinja", list_view, shared=True)
    yield Page(site.root / _DEVIATIONS.file, "docs/deviations.md.jinja", deviations(site), shared=True)
    if spec.has_lifecycle:
        yield Page(site.root / LIFECYCLE, "docs/lifecycle.md.jinja", lifecycle.page(), shared=True)
        yield Page(site.root / RULES, "docs/rules.md.jinja", lifecycle.rules(), shared=True)
        if spec.profiles:
            yield Page(site.root / PROFILES, "docs/profiles.md.jinja", lifecycle.profiles(), shared=True)
        yield Page(site.root / CHECK, "docs/check.md.jinja", lifecycle.check(), shared=True)
    yield Page(site.root / "llms.txt", "docs/llms.txt.jinja", _llms(site, lifecycle), shared=True)
    for guide in GUIDES:
        yield Page(ROOT / guide.file, f"docs/{guide.file}.jinja", EmptyView())
    yield Page(site.root / "nav.yml", "docs/nav.yml.jinja", _nav(site, lifecycle), shared=True)
    yield Page(ROOT / "assets/site.css", "docs/assets/site.css.jinja", EmptyView())


def _with_neighbours(items: Sequence[_Item]) -> Iterator[tuple[_Item | None, _Item, _Item | None]]:
    for number, item in enumerate(items):
        yield (
            items[number - 1] if number else None,
            item,
            items[number + 1] if number + 1 < len(items) else None,
        )


def _index(site: Site, lifecycle: Lifecycle) -> IndexView:
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


def _event(
    site: Site,
    lifecycle: Lifecycle,
    module: ir.Module,
    event: ir.Event,
    before: ir.Event | None,
    after: ir.Event | None,
    snippets: tuple[Snippet, ...],
) -> EventView:
    record = event.record
    neighbours = []
    if before is not None:
        neighbours.append(f"Previous: {site.link(before.record.name, 'events')}")
    if after is not None:
        neighbours.append(f"Next: {site.link(after.record.name, 'events')}")
    neighbours.append("[All events](../index.md)")
    return EventView(
        title=code(event.tag),
        doc=_described(record),
        deviates=prose(record.deviates),
        facts=(
            *_tags(event),
            Entry("Class", code(record.name)),
            Entry("Variant", code(event.variant)),
            Entry("Spec file", code(_source(module))),
        ),
        rows=_rows(site, record, "events", "Tells this event from all others."),
        turn=lifecycle.turn(event),
        effect=_effect(site, event),
        differences=_differences(site, record),
        example="" if event.example is None else _pretty(event.example),
        snippets=snippets,
        neighbours=tuple(neighbours),
    )


def _tags(event: ir.Event) -> Iterator[Entry]:
    """Say by which tags an event goes."""
    if not event.keys:
        yield Entry("Wire tag", "none: what the body holds tells")
        return
    tag, *aliases = (code(key.text) for key in event.keys)
    yield Entry("Wire tag", tag)
    if aliases:
        yield Entry("Other tags", joined(aliases, "and"))


def _described(record: ir.Record) -> tuple[str, ...]:
    """Give the description of an object; that it is deprecated comes first."""
    return (*(["**Deprecated.**"] if record.deprecated else []), *paragraphs(record.doc))


def _type(site: Site, lifecycle: Lifecycle, module: ir.Module, record: ir.Record) -> TypeView:
    facts = [Entry("Class", code(record.name))]
    if record.tags:
        tags = joined((code(ir.tag_text(tag)) for tag in record.tags), "or")
        facts.append(Entry("Tags" if len(record.tags) > 1 else "Tag", tags))
    facts.append(Entry("Spec file", code(_source(module))))
    return TypeView(
        title=code(record.name),
        doc=_described(record),
        deviates=prose(record.deviates),
        facts=tuple(facts),
        rows=_rows(site, record, "types", "Tells this type from the others of a union."),
        differences=_differences(site, record),
        readings=tuple(
            ReadingRow(code(each.name), site.type(each.result, "types"), code(each.path), prose(each.doc))
            for each in (site.spec.readings if record.name == site.spec.state else ())
        ),
        sequences=lifecycle.sequences_of(record),
        users=site.users(record.name, "types"),
    )


def _union(site: Site, module: ir.Module, union: ir.Union) -> UnionView:
    return UnionView(
        title=code(union.name),
        doc=paragraphs(union.doc),
        deviates=prose(union.deviates),
        facts=(Entry("Told apart by", _told_by(union.tag)), Entry("Spec file", code(_source(module)))),
        rows=tuple(Entry(code(ir.tag_text(tag)), _candidates(site, choices)) for tag, choices in union.by_tag),
        has_shared_tags=any(len(choices) > 1 for _, choices in union.by_tag),
        untagged=_candidates(site, union.default) if union.default else "",
        has_tag=bool(union.tag.parts),
        unknown=site.link(union.unknown, "unions") if union.unknown else "",
        users=site.users(union.name, "unions"),
    )


def _told_by(tag: ir.Tag) -> str:
    """Say where the tag of a union stands."""
    if not tag.parts:
        return "the members that are there"
    if tag.is_name:
        return "the name of the only member, whose value has the fields of the type"
    return ", else ".join(_path(path) for path in tag.paths)


def _path(way: ir.Way) -> str:
    return code(ir.way_text(way))


def _tests(choice: ir.Choice) -> str:
    """Say in words what must be true of an object for a variant to be meant."""
    there = [_path(test.path) for test in choice.when if test.value is None]
    said = [f"{joined(there, 'and')} {'is' if len(there) == 1 else 'are'} present"] if there else []
    for test in choice.when:
        if test.value is not None:
            said.append(f"{_path(test.path)} is {code(ir.type_text(ir.constant(test.value)))}")
    return joined(said, "and")


def _candidates(site: Site, choices: Sequence[ir.Choice]) -> str:
    """Say which record is meant, in the order in which the candidates are tried."""
    parts = []
    for choice in choices:
        link = site.link(choice.record, "unions")
        parts.append(f"{link} if {_tests(choice)}" if choice.when else link)
    return ", else ".join(parts)


def _enum(site: Site, module: ir.Module, enum: ir.Enum) -> EnumView:
    if enum.open:
        growth = "The enum is open: values that are not listed may appear at any time, and are kept as they are."
    else:
        growth = "The enum is closed: strict decoding reports any other value as a problem."
    return EnumView(
        title=code(enum.name),
        doc=paragraphs(enum.doc),
        deviates=prose(enum.deviates),
        facts=(Entry("Spec file", code(_source(module))),),
        growth=growth,
        ranks=_ranks(enum),
        rows=tuple(Entry(code(value.value), _meaning(value)) for value in enum.values),
        users=site.users(enum.name, "enums"),
    )


def _ranks(enum: ir.Enum) -> str:
    """Say in which order a field takes the values; nothing where any may follow any."""
    steps = [joined(map(code, values), "or") for values in enum.ranks]
    return f"A value stays as it is or moves on: {', then '.join(steps)}." if steps else ""


def _meaning(value: ir.EnumValue) -> str:
    meaning = prose(value.doc)
    return f"**Deprecated.** {meaning}" if value.deprecated else meaning


def _source(module: ir.Module) -> str:
    return f"{module.path}{PurePosixPath(module.source).suffix or '.yaml'}"


def _rows(site: Site, record: ir.Record, folder: str, tag_meaning: str) -> tuple[FieldRow, ...]:
    rows = []
    if record.tag:
        rows.append(
            FieldRow(
                name=_anchored(site, record, record.tag),
                type=joined((code(ir.type_text(ir.constant(tag))) for tag in record.tags), "or"),
                presence="optional" if record.tag_optional else "required",
                meaning=tag_meaning,
            )
        )
    for field in record.fields:
        rows.append(
            FieldRow(
                name=_anchored(site, record, field.name),
                type=site.type(field.type, folder),
                presence=_presence(field),
                meaning=" ".join([*_marks(site.spec, field), prose(field.doc)]),
            )
        )
    return tuple(rows)


def _anchored(site: Site, record: ir.Record, field: str) -> str:
    """Give the name of a field as the address of its row."""
    anchor = site.anchors[record.name][field]
    return f'<a id="{anchor}" href="#{anchor}">{code(field)}</a>'


def _marks(spec: ir.Spec, field: ir.Field) -> Iterator[str]:
    """Give what the spec says of a field in a word."""
    words = (
        ("Deprecated", field.deprecated),
        ("Counter", field.counter or field.counts),
        ("Unique", field.unique),
        ("Fixed", field.fixed),
        ("Varies", field.varies),
    )
    yield from (f"**{word}.**" for word, is_so in words if is_so)
    place = spec.place(field.same.place) if field.same else None
    if field.same and place:
        yield f"**Same as** {code('.'.join([place.text, *field.same.path]))}."


def _presence(field: ir.Field) -> str:
    match field.optional, field.nullable:
        case False, False:
            return "required"
        case False, True:
            return "nullable"
        case True, False:
            return "optional"
        case _:
            return "optional, nullable"


def _differences(site: Site, record: ir.Record) -> tuple[Entry, ...]:
    anchors = site.anchors[record.name]
    return tuple(
        Entry(f"[{code(field.name)}](#{anchors[field.name]})", prose(field.deviates))
        for field in record.fields
        if field.deviates
    )


def _pretty(value: ir.JsonValue) -> str:
    # No line of it can end a block of code: each starts with a bracket, a quote or a figure.
    return "\n".join(visible(line) for line in json.dumps(value, indent=2, ensure_ascii=False).split("\n"))


# What an event does to the state, in words.

_ENDS: Mapping[str, str] = {
    "completed": "all of it has come",
    "incomplete": "it was cut short, and is usable as far as it goes",
    "failed": "what it was about has failed",
    "error": "an error has stopped it",
}


def _end(end: ir.End) -> str:
    tests = [f"{_path(test.path)} is {_wanted(test.value)}" for test in end.when]
    condition = f" if {joined(tests, 'and')}" if tests else ""
    return f"The stream ends with this event{condition}: {_ENDS[end.kind]}."


def _wanted(value: str | int | None) -> str:
    return "there" if value is None else code(json.dumps(value, ensure_ascii=False))


def _effect(site: Site, event: ir.Event) -> Effect | None:
    state = site.spec.state
    told: list[str] = []
    statements: tuple[str, ...] = ()
    if state:
        link = site.link(state, "events")
        if event.folds is None:
            told.append(f"The spec does not say what the event does to the accumulated {link}.")
        elif not event.folds:
            told.append(f"The event adds nothing to the accumulated {link}.")
        else:
            told += sentences(site, event.folds)
            statements = statement_lines(event.folds)
    ends = tuple(map(_end, event.ends))
    if not told and not ends:
        return None
    what = names.snake(state).replace("_", " ") if state else "state"
    return Effect(f"In the accumulated {what}", tuple(told), statements, fence(statements), ends)


# Lists, the index for language models, navigation.


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


def _lists(site: Site) -> Iterator[tuple[str, ListView]]:
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


def _llms(site: Site, lifecycle: Lifecycle) -> LlmsView:
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
            Guide(
                "How recordings differ", "deviations.md", "All that recorded streams do otherwise than upstream says."
            ),
            *(replace(guide, file=f"../{guide.file}") for guide in GUIDES),
        ),
        sections=tuple(sections),
    )


def _nav(site: Site, lifecycle: Lifecycle) -> NavView:
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
    yield _nav_line(0, _DEVIATIONS.title, f"{here}/{_DEVIATIONS.file}")
    for guide in GUIDES:
        yield _nav_line(0, guide.title, guide.file)


def _nav_line(level: int, title: str, target: str = "") -> NavLine:
    quoted = json.dumps(site_title(title), ensure_ascii=False)
    return NavLine("  " * level, quoted, f" {json.dumps(target)}" if target else "")
