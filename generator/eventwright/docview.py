"""The pages of documentation: Markdown that reads well as it is and in a site made by MkDocs or Zensical.

Text of the spec is made harmless here: the views hold finished Markdown, and the templates only put it in place.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import PurePosixPath
from typing import TypeVar

from . import ir, names
from .render import Page

ROOT = PurePosixPath("docs")

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
    sections: tuple[EventSection, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """What an event does to the state.

    Attributes:
        statements: The statements as written, plain text for a block of code.
        fence: Marks around that block, long enough for what is in it.
        end: How the stream ends with the event, empty where it goes on.
    """

    heading: str
    sentences: tuple[str, ...]
    statements: tuple[str, ...]
    fence: str
    end: str


@dataclass(frozen=True, slots=True)
class Snippet:
    """Python that decodes an event, as plain text."""

    imports: str
    pattern: str
    action: str


@dataclass(frozen=True, slots=True)
class EventView:
    """The page of an event; `example` is plain text, empty where the spec has none."""

    title: str
    doc: tuple[str, ...]
    deviates: str
    facts: tuple[Entry, ...]
    rows: tuple[FieldRow, ...]
    effect: Effect | None
    differences: tuple[Entry, ...]
    example: str
    snippet: Snippet
    neighbours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TypeView:
    """The page of an object type."""

    title: str
    doc: tuple[str, ...]
    deviates: str
    facts: tuple[Entry, ...]
    rows: tuple[FieldRow, ...]
    differences: tuple[Entry, ...]
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
    users: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EnumView:
    """The page of an enum."""

    title: str
    doc: tuple[str, ...]
    deviates: str
    facts: tuple[Entry, ...]
    growth: str
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


# Text of the spec as Markdown.

_WHITE = re.compile(r"\s+")
_SPECIAL = re.compile(r"[\\`*\[\]<>&|{}~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:(?=//)")
# A backslash is enough for what all dialects of Markdown let one escape; the others need a reference.
_BACKSLASHED = frozenset("\\`*[]_{}")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_NOT_PLAIN_CODE = re.compile(r"[`|\\<>&]|^\s|\s$")
_LINE_START = re.compile(r"(\d+)([.)])|([^\w\s`\\(&\"'])")
_SENTENCE_END = re.compile(r"[.!?]\s+(?=[A-Z0-9`\"(])")
_NOT_FILE_NAME = re.compile(r"[^A-Za-z0-9_.-]+")
_BACKTICKS = re.compile(r"`+")


def _reference(character: str) -> str:
    return f"&#{ord(character)};"


def visible(text: str) -> str:
    """Write characters that cannot be seen, or that turn the direction of writing, as JSON escapes."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        json.dumps(character)[1:-1] if unicodedata.category(character) in _INVISIBLE else character
        for character in text
    )


_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def plain(text: str) -> str:
    """Give a text of the spec on one line, everything in it to be seen, but not yet quoted for Markdown."""
    return visible(_WHITE.sub(" ", text).strip())


def escape(text: str) -> str:
    """Quote a text on one line so that Markdown and HTML take it literally, within a line or a cell of a table."""

    def quoted(found: re.Match[str]) -> str:
        character = found[0]
        return f"\\{character}" if character in _BACKSLASHED else _reference(character)

    return _SPECIAL.sub(quoted, text)


def code(text: str) -> str:
    """Give a text as a span of code, whatever is in it."""
    shown = visible(text) or '""'
    if _NOT_PLAIN_CODE.search(shown) is None:
        return f"`{shown}`"
    # Dialects disagree on backticks, pipes and backslashes in code; references mean the same to all of them.
    return f"<code>{''.join(c if c.isalnum() else _reference(c) for c in shown)}</code>"


def prose(text: str) -> str:
    """Quote prose of the spec for the middle of a line or the cell of a table; `code` in backticks stays code."""
    line = plain(text)
    parts: list[str] = []
    at = 0
    for span in _CODE_SPAN.finditer(line):
        parts += (escape(line[at : span.start()]), code(span[2].strip() or span[2]))
        at = span.end()
    parts.append(escape(line[at:]))
    return "".join(parts)


def paragraphs(text: str) -> tuple[str, ...]:
    """Quote prose that stands on lines of its own: each line of the text is a paragraph."""
    return tuple(_at_line_start(prose(line)) for line in text.splitlines() if line.strip())


def _at_line_start(text: str) -> str:
    """Keep a quoted line from being a heading, an item of a list, a rule, an admonition or the like."""
    found = _LINE_START.match(text)
    if found is None or text.startswith("<code>"):
        return text
    number, mark, other = found.groups()
    return f"{number}{_reference(mark)}{text[found.end() :]}" if number else f"{_reference(other)}{text[1:]}"


def first_sentence(text: str) -> str:
    """Give the first sentence of a text of the spec, as it is; a full stop within code does not end it."""
    line = _WHITE.sub(" ", text).strip()
    for end in _SENTENCE_END.finditer(line):
        sentence = line[: end.start() + 1]
        if sentence.count("`") % 2 == 0 and not sentence.endswith(("e.g.", "i.e.")):
            return sentence
    return line


def _join(items: Iterable[str], last: str) -> str:
    """Give `a, b and c`."""
    *most, end = items
    return f"{', '.join(most)} {last} {end}" if most else end


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _fence(texts: Iterable[str]) -> str:
    longest = max((len(run) for text in texts for run in _BACKTICKS.findall(text)), default=0)
    return "`" * max(3, longest + 1)


# Where the pages are, and who mentions whom.


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a declaration has its page, below the root of the docs, and how a link to it is called."""

    folder: str
    file: str
    label: str
    kind: str

    def href(self, folder: str) -> str:
        """Give the relative address, as seen from a page in a folder."""
        if folder == self.folder:
            return self.file
        return f"../{self.folder}/{self.file}" if folder else f"{self.folder}/{self.file}"

    def link(self, folder: str) -> str:
        """Give a link, as seen from a page in a folder."""
        return f"[{self.label}]({self.href(folder)})"

    @property
    def path(self) -> PurePosixPath:
        """Path of the page in the output."""
        return ROOT / self.folder / self.file


class _FileNames:
    """Gives out names of files, none twice in a folder even where case does not count."""

    def __init__(self) -> None:
        self._taken: set[str] = {"index"}

    def take(self, wanted: str) -> str:
        stem = _NOT_FILE_NAME.sub("-", wanted).lstrip(".-")[:120] or "unnamed"
        unique, number = stem, 1
        while unique.casefold() in self._taken:
            number += 1
            unique = f"{stem}-{number}"
        self._taken.add(unique.casefold())
        return f"{unique}.md"


@dataclass(frozen=True, slots=True)
class _Usage:
    """A mention of a declaration: in which other one, and in which field of it (empty for a choice of a union)."""

    user: str
    path: str


def _mentions(declared: ir.Type, path: str) -> Iterator[tuple[str, str]]:
    """Give the names in a type, each with the way to it: `content[]` is any element, `metadata{}` any value."""
    match declared:
        case ir.RecordRef(name) | ir.EnumRef(name) | ir.UnionRef(name):
            yield name, path
        case ir.ListOf(inner):
            yield from _mentions(inner, f"{path}[]")
        case ir.MapOf(inner):
            yield from _mentions(inner, f"{path}{{}}")
        case ir.OneOf(alternatives):
            for alternative in alternatives:
                yield from _mentions(alternative, path)
        case ir.Primitive() | ir.Literal():
            return


class _Site:
    """What the pages need to know of each other."""

    def __init__(self, spec: ir.Spec) -> None:
        self.spec = spec

    @cached_property
    def places(self) -> dict[str, _Place]:
        """Where each declaration has its page, by its name; events by the name of their class."""
        found: dict[str, _Place] = {}
        # The union of all events is told on the first page.
        found[self.spec.union] = _Place("", "index.md", code(self.spec.union), "Union")
        events, types, unions, enums = (_FileNames() for _ in range(4))
        for module in self.spec.modules:
            for event in module.events:
                found[event.record.name] = _Place("events", events.take(event.tag), code(event.tag), "Event")
            for record in module.records:
                found[record.name] = _Place("types", types.take(record.name), code(record.name), "Type")
            for union in module.unions:
                found[union.name] = _Place("unions", unions.take(union.name), code(union.name), "Union")
            for enum in module.enums:
                found[enum.name] = _Place("enums", enums.take(enum.name), code(enum.name), "Enum")
        return found

    @cached_property
    def _usages(self) -> dict[str, list[_Usage]]:
        """Who mentions a declaration; made in one walk through the spec."""
        found: dict[str, list[_Usage]] = {}
        for event in self.spec.events:
            self._note_fields(event.record, found)
        for module in self.spec.modules:
            for record in module.records:
                self._note_fields(record, found)
        for module in self.spec.modules:
            for union in module.unions:
                for name in union.records:
                    found.setdefault(name, []).append(_Usage(union.name, ""))
        return found

    @staticmethod
    def _note_fields(record: ir.Record, found: dict[str, list[_Usage]]) -> None:
        for field in record.fields:
            for name, path in _mentions(field.type, field.name):
                found.setdefault(name, []).append(_Usage(record.name, path))

    def link(self, name: str, folder: str) -> str:
        """Give a link to a declaration, as seen from a page in a folder."""
        return self.places[name].link(folder)

    def users(self, name: str, folder: str) -> tuple[str, ...]:
        """Say who mentions a declaration: a line for each event, type and union."""
        lines: list[str] = []
        for user, usages in groupby(self._usages.get(name, ()), key=lambda usage: usage.user):
            place = self.places[user]
            paths = [code(path) for path in dict.fromkeys(usage.path for usage in usages) if path]
            where = f", in {_join(paths, 'and')}" if paths else ""
            lines.append(f"{place.kind} {place.link(folder)}{where}")
        return tuple(lines)

    def type(self, declared: ir.Type, folder: str) -> str:
        """Say in words what a type is."""
        match declared:
            case ir.Primitive.ANY:
                return "any JSON value"
            case ir.Primitive():
                return str(declared.value)
            case ir.Literal(value):
                return code(f'"{value}"')
            case ir.ListOf(inner):
                return f"list of {self._inner(inner, folder)}"
            case ir.MapOf(inner):
                return f"map of {self._inner(inner, folder)}"
            case ir.OneOf(alternatives):
                return _join((self._inner(alternative, folder) for alternative in alternatives), "or")
            case ir.RecordRef(name) | ir.EnumRef(name) | ir.UnionRef(name):
                return self.link(name, folder)

    def _inner(self, declared: ir.Type, folder: str) -> str:
        text = self.type(declared, folder)
        return f"({text})" if isinstance(declared, ir.OneOf) else text


# Pages.


def pages(spec: ir.Spec) -> Iterator[Page]:
    """Give the pages of documentation of a spec: the overview, a page for each declaration, lists and navigation."""
    site = _Site(spec)
    yield Page(ROOT / "index.md", "docs/index.md.jinja", _index(site))
    for module in spec.modules:
        for before, event, after in _with_neighbours(module.events):
            view = _event(site, module, event, before, after)
            yield Page(site.places[event.record.name].path, "docs/event.md.jinja", view)
        for record in module.records:
            yield Page(site.places[record.name].path, "docs/type.md.jinja", _type(site, module, record))
        for union in module.unions:
            yield Page(site.places[union.name].path, "docs/union.md.jinja", _union(site, module, union))
        for enum in module.enums:
            yield Page(site.places[enum.name].path, "docs/enum.md.jinja", _enum(site, module, enum))
    for folder, list_view in _lists(site):
        yield Page(ROOT / folder / "index.md", "docs/list.md.jinja", list_view)
    yield Page(ROOT / "llms.txt", "docs/llms.txt.jinja", _llms(site))
    yield Page(ROOT / "spec-language.md", "docs/spec-language.md.jinja", EmptyView())
    yield Page(ROOT / "nav.yml", "docs/nav.yml.jinja", _nav(site))
    yield Page(ROOT / "assets/site.css", "docs/assets/site.css.jinja", EmptyView())


def _with_neighbours(items: Sequence[_Item]) -> Iterator[tuple[_Item | None, _Item, _Item | None]]:
    for number, item in enumerate(items):
        yield (
            items[number - 1] if number else None,
            item,
            items[number + 1] if number + 1 < len(items) else None,
        )


def _index(site: _Site) -> IndexView:
    spec = site.spec
    types = sum(len(module.records) for module in spec.modules)
    return IndexView(
        title=escape(plain(spec.title)),
        doc=paragraphs(spec.doc),
        counts=_join(
            [
                _count(len(spec.events), "event", "events"),
                f"[{_count(types, 'object type', 'object types')}](types/index.md)",
                f"[{_count(len(spec.unions), 'union', 'unions')}](unions/index.md)",
                f"[{_count(len(spec.enums), 'enum', 'enums')}](enums/index.md)",
            ],
            "and",
        ),
        union=code(spec.union),
        package=spec.name,
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
    site: _Site, module: ir.Module, event: ir.Event, before: ir.Event | None, after: ir.Event | None
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
        doc=paragraphs(record.doc),
        deviates=prose(record.deviates),
        facts=(
            Entry("Wire tag", code(event.tag)),
            Entry("Class", code(record.name)),
            Entry("Variant", code(event.variant)),
            Entry("Spec file", code(_source(module))),
        ),
        rows=_rows(site, record, "events", "Tells this event from all others."),
        effect=_effect(site, event),
        differences=_differences(record),
        example="" if event.example is None else _pretty(event.example),
        snippet=_snippet(site.spec, record),
        neighbours=tuple(neighbours),
    )


def _type(site: _Site, module: ir.Module, record: ir.Record) -> TypeView:
    facts = [Entry("Class", code(record.name))]
    if record.tags:
        facts.append(Entry("Tags" if len(record.tags) > 1 else "Tag", _join(map(code, record.tags), "or")))
    facts.append(Entry("Spec file", code(_source(module))))
    return TypeView(
        title=code(record.name),
        doc=paragraphs(record.doc),
        deviates=prose(record.deviates),
        facts=tuple(facts),
        rows=_rows(site, record, "types", "Tells this type from the others of a union."),
        differences=_differences(record),
        users=site.users(record.name, "types"),
    )


def _union(site: _Site, module: ir.Module, union: ir.Union) -> UnionView:
    return UnionView(
        title=code(union.name),
        doc=paragraphs(union.doc),
        deviates=prose(union.deviates),
        facts=(Entry("Told apart by", code(site.spec.tag)), Entry("Spec file", code(_source(module)))),
        rows=tuple(Entry(code(tag), _candidates(site, choices)) for tag, choices in union.by_tag),
        has_shared_tags=any(len(choices) > 1 for _, choices in union.by_tag),
        untagged=_candidates(site, union.default) if union.default else "",
        users=site.users(union.name, "unions"),
    )


def _candidates(site: _Site, choices: Sequence[ir.Choice]) -> str:
    """Say which record is meant, in the order in which the candidates are tried."""
    parts = []
    for choice in choices:
        link = site.link(choice.record, "unions")
        if choice.when:
            verb = "is" if len(choice.when) == 1 else "are"
            parts.append(f"{link} if {_join(map(code, choice.when), 'and')} {verb} present")
        else:
            parts.append(link)
    return ", else ".join(parts)


def _enum(site: _Site, module: ir.Module, enum: ir.Enum) -> EnumView:
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
        rows=tuple(Entry(code(value.value), prose(value.doc)) for value in enum.values),
        users=site.users(enum.name, "enums"),
    )


def _source(module: ir.Module) -> str:
    return f"{module.path}{PurePosixPath(module.source).suffix or '.yaml'}"


def _rows(site: _Site, record: ir.Record, folder: str, tag_meaning: str) -> tuple[FieldRow, ...]:
    rows = []
    if record.tags:
        rows.append(
            FieldRow(
                name=code(site.spec.tag),
                type=_join((code(f'"{tag}"') for tag in record.tags), "or"),
                presence="optional" if record.tag_optional else "required",
                meaning=tag_meaning,
            )
        )
    for field in record.fields:
        meaning = prose(field.doc)
        rows.append(
            FieldRow(
                name=code(field.name),
                type=site.type(field.type, folder),
                presence=_presence(field),
                meaning=f"**Deprecated.** {meaning}" if field.deprecated else meaning,
            )
        )
    return tuple(rows)


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


def _differences(record: ir.Record) -> tuple[Entry, ...]:
    return tuple(Entry(code(field.name), prose(field.deviates)) for field in record.fields if field.deviates)


def _pretty(value: ir.JsonValue) -> str:
    # No line of it can end a block of code: each starts with a bracket, a quote or a figure.
    return "\n".join(visible(line) for line in json.dumps(value, indent=2, ensure_ascii=False).split("\n"))


def _snippet(spec: ir.Spec, record: ir.Record) -> Snippet:
    own = [field for field in record.fields if not field.group]
    chosen = [field for field in own if not field.optional] or own or record.fields
    attributes = [names.attribute(field.name) for field in chosen]
    # What the snippet itself calls must not be hidden by a field of that name.
    shown = [attribute for attribute in attributes if attribute not in ("decode", "print")][:2]
    captures = ", ".join(f"{attribute}={attribute}" for attribute in shown)
    return Snippet(
        imports=f"from {spec.name} import {record.name}, decode",
        pattern=f"{record.name}({captures})",
        action=f"print({', '.join(shown)})" if shown else "...",
    )


# What an event does to the state, in words.

_ENDS: Mapping[str, str] = {
    "completed": "The stream ends with this event: the response is complete.",
    "incomplete": "The stream ends with this event: the response was cut short.",
    "failed": "The stream ends with this event: the response has failed.",
    "error": "The stream ends with this event: an error has stopped it.",
}


def _effect(site: _Site, event: ir.Event) -> Effect | None:
    state = site.spec.state
    sentences: list[str] = []
    statements: tuple[str, ...] = ()
    if state:
        link = site.link(state, "events")
        if event.folds is None:
            sentences.append(f"The spec does not say what the event does to the accumulated {link}.")
        elif not event.folds:
            sentences.append(f"The event adds nothing to the accumulated {link}.")
        else:
            sentences += [_fold(site, fold) for fold in event.folds]
            sentences += _conditions(site, event.folds)
            statements = tuple(plain(fold.text) for fold in event.folds)
    end = _ENDS.get(event.ends, f"The stream ends with this event, as {code(event.ends)}.") if event.ends else ""
    if not sentences and not end:
        return None
    what = names.snake(state).replace("_", " ") if state else "state"
    return Effect(f"In the accumulated {what}", tuple(sentences), statements, _fence(statements), end)


def _fold(site: _Site, fold: ir.Fold) -> str:
    if fold.literal is not None:
        source = code(f'"{fold.literal}"')
    else:
        source = f"{code('.'.join(fold.source))} of the event"
    if not fold.steps:
        return f"Replaces the whole {site.link(site.spec.state, 'events')} with {source}."
    *rest, last = fold.steps
    if isinstance(last, ir.Element) and not fold.append:
        return f"Puts {source} at position {code(last.index)} of {_target(site, rest, '')}, whatever was there."
    target = _target(site, fold.steps, "")
    if fold.append:
        return f"Appends {source} to {target}."
    return f"Sets {target} to {source}."


def _target(site: _Site, steps: Sequence[ir.Step], holder: str) -> str:
    """Name a place in the state, from its end to its beginning; `holder` is the record that must be there."""
    *rest, step = steps
    match step:
        case ir.Element(index, record):
            what = site.link(record or holder, "events") if record or holder else "element"
            return f"the {what} at position {code(index)} of {_target(site, rest, '')}"
        case ir.Member(name, record):
            text = f"the {site.link(holder, 'events')} in {code(name)}" if holder else code(name)
            return f"{text} of {_target(site, rest, record)}" if rest else text


def _conditions(site: _Site, folds: Iterable[ir.Fold]) -> Iterator[str]:
    """Say what becomes of elements that are missing or of another type."""
    made = dict.fromkeys(
        step.record for fold in folds for step in fold.steps if isinstance(step, ir.Element) and step.record
    )
    if made:
        links = [site.link(name, "events") for name in made]
        yield f"A missing {_join(links, 'or')} is made; where something of another type stands, nothing changes."


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


def _lists(site: _Site) -> Iterator[tuple[str, ListView]]:
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


def _llms(site: _Site) -> LlmsView:
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
        sections=tuple(sections),
    )


_NO_TAGS = str.maketrans("<>", "\u2039\u203a")


def _nav(site: _Site) -> NavView:
    return NavView(tuple(_nav_lines(site)))


def _nav_lines(site: _Site) -> Iterator[NavLine]:
    yield _nav_line(0, "Overview", "index.md")
    if site.spec.events:
        yield _nav_line(0, "Events")
    for module in site.spec.modules:
        if module.events:
            yield _nav_line(1, module.title)
            for event in module.events:
                yield _nav_line(2, event.tag, site.places[event.record.name].href(""))
    for kind, title, _, _ in _LISTS:
        yield _nav_line(0, title)
        yield _nav_line(1, f"All {title.lower()}", f"{kind}/index.md")
        for folder, modules in _folders(site.spec):
            listing = [(module, listed) for module in modules if (listed := _listed(module, kind))]
            if listing:
                yield _nav_line(1, _folder_title(folder))
            for module, listed in listing:
                yield _nav_line(2, module.title)
                for each in listed:
                    yield _nav_line(3, each.name, site.places[each.name].href(""))
    yield _nav_line(0, "Spec language", "spec-language.md")


def _nav_line(level: int, title: str, target: str = "") -> NavLine:
    # Titles have to be HTML, but the site also puts them, unquoted again, into the title of the page: no tags at all.
    shown = html.escape(plain(title).translate(_NO_TAGS), quote=False)
    quoted = json.dumps(shown, ensure_ascii=False)
    return NavLine("  " * level, quoted, f" {json.dumps(target)}" if target else "")
