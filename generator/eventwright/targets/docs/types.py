"""The pages of object types, unions and enums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...model import ir
from .fields import Entry, FieldRow, described, differences, field_rows, source_file, way
from .lifecycle import Lifecycle, SequenceView
from .markdown import code, joined, paragraphs, prose
from .site import Site


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """A row of a table of readings."""

    name: str
    type: str
    path: str
    meaning: str


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


def type_view(site: Site, lifecycle: Lifecycle, module: ir.Module, record: ir.Record) -> TypeView:
    """Give the page of an object type."""
    facts = [Entry("Class", code(record.name))]
    if record.tags:
        tags = joined((code(ir.tag_text(tag)) for tag in record.tags), "or")
        facts.append(Entry("Tags" if len(record.tags) > 1 else "Tag", tags))
    facts.append(Entry("Spec file", code(source_file(module))))
    return TypeView(
        title=code(record.name),
        doc=described(record),
        deviates=prose(record.deviates),
        facts=tuple(facts),
        rows=field_rows(site, record, "types", "Tells this type from the others of a union."),
        differences=differences(site, record),
        readings=tuple(
            ReadingRow(code(each.name), site.type(each.result, "types"), code(each.path), prose(each.doc))
            for each in (site.spec.readings if record.name == site.spec.state else ())
        ),
        sequences=lifecycle.sequences_of(record),
        users=site.users(record.name, "types"),
    )


def union_view(site: Site, module: ir.Module, union: ir.Union) -> UnionView:
    """Give the page of a union."""
    return UnionView(
        title=code(union.name),
        doc=paragraphs(union.doc),
        deviates=prose(union.deviates),
        facts=(Entry("Told apart by", _told_by(union.tag)), Entry("Spec file", code(source_file(module)))),
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
    return ", else ".join(way(path) for path in tag.paths)


def _tests(choice: ir.Choice) -> str:
    """Say in words what must be true of an object for a variant to be meant."""
    there = [way(test.path) for test in choice.when if test.value is None]
    said = [f"{joined(there, 'and')} {'is' if len(there) == 1 else 'are'} present"] if there else []
    for test in choice.when:
        if test.value is not None:
            said.append(f"{way(test.path)} is {code(ir.type_text(ir.constant(test.value)))}")
    return joined(said, "and")


def _candidates(site: Site, choices: Sequence[ir.Choice]) -> str:
    """Say which record is meant, in the order in which the candidates are tried."""
    parts = []
    for choice in choices:
        link = site.link(choice.record, "unions")
        parts.append(f"{link} if {_tests(choice)}" if choice.when else link)
    return ", else ".join(parts)


def enum_view(site: Site, module: ir.Module, enum: ir.Enum) -> EnumView:
    """Give the page of an enum."""
    if enum.open:
        growth = "The enum is open: values that are not listed may appear at any time, and are kept as they are."
    else:
        growth = "The enum is closed: strict decoding reports any other value as a problem."
    return EnumView(
        title=code(enum.name),
        doc=paragraphs(enum.doc),
        deviates=prose(enum.deviates),
        facts=(Entry("Spec file", code(source_file(module))),),
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
