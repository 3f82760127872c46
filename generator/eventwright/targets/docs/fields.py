"""What the pages of declarations have in common: a description, a table of fields, what recordings do otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from ...model import ir
from .markdown import code, joined, paragraphs, prose
from .site import Site


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


def described(record: ir.Record) -> tuple[str, ...]:
    """Give the description of an object; that it is deprecated comes first."""
    return (*(["**Deprecated.**"] if record.deprecated else []), *paragraphs(record.doc))


def way(steps: ir.Way) -> str:
    """Write the steps to a value as code."""
    return code(ir.way_text(steps))


def source_file(module: ir.Module) -> str:
    """Name the file of the spec that declares a module, below the folder of the spec."""
    return f"{module.path}{PurePosixPath(module.source).suffix or '.yaml'}"


def field_rows(site: Site, record: ir.Record, folder: str, tag_meaning: str) -> tuple[FieldRow, ...]:
    """Give the table of the fields of a record, its tag first, as seen from a page in a folder."""
    tag = (_tag_row(record, _anchored(site, record, record.tag), tag_meaning),) if record.tag else ()
    return (*tag, *(_row(site, field, _anchored(site, record, field.name), folder) for field in record.fields))


def inner_rows(site: Site, record: ir.Record, folder: str) -> tuple[FieldRow, ...]:
    """Give the table of the fields of a record that is part of another one; each leads to its place on its own page."""
    return tuple(
        _row(site, field, f"[{code(field.name)}]({site.field_address(record.name, field.name, folder)})", folder)
        for field in record.fields
    )


def _tag_row(record: ir.Record, name: str, meaning: str) -> FieldRow:
    return FieldRow(
        name=name,
        type=joined((code(ir.type_text(ir.constant(tag))) for tag in record.tags), "or"),
        presence="optional" if record.tag_optional else "required",
        meaning=meaning,
    )


def _row(site: Site, field: ir.Field, name: str, folder: str) -> FieldRow:
    return FieldRow(
        name=name,
        type=site.type(field.type, folder),
        presence=_presence(field),
        meaning=" ".join([*_marks(site.spec, field), prose(field.doc)]),
    )


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


def differences(site: Site, record: ir.Record) -> tuple[Entry, ...]:
    """Say of each field how recordings differ, where they do."""
    anchors = site.anchors[record.name]
    return tuple(
        Entry(f"[{code(field.name)}](#{anchors[field.name]})", prose(field.deviates))
        for field in record.fields
        if field.deviates
    )
