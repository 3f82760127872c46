"""What is in the objects that an event carries, to be opened on the page of the event."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...model import ir
from ...model.prose import first_sentence
from .fields import Entry, FieldRow, inner_rows
from .markdown import code, code_element, joined, prose
from .site import Site


@dataclass(frozen=True, slots=True)
class InnerView:
    """The fields of an object that a field holds, or the types of which it is one.

    Attributes:
        summary: What is shown before it is opened; HTML.
        rows: The fields; empty where it is one of several types.
        types: These, by their tags.
    """

    summary: str
    rows: tuple[FieldRow, ...] = ()
    types: tuple[Entry, ...] = ()


def inner_views(site: Site, record: ir.Record, folder: str) -> tuple[InnerView, ...]:
    """Open what the fields of a record hold, one level deep, as seen from a page in a folder."""
    return tuple(view for field in record.fields for view in _opened(site, field, folder))


def _opened(site: Site, field: ir.Field, folder: str) -> Iterator[InnerView]:
    spec = site.spec
    for name in dict.fromkeys(ir.references(field.type)):
        held, inner = code_element(field.name), code_element(name)
        if name in spec.records:
            yield InnerView(f"{held}: the fields of {inner}", rows=inner_rows(site, spec.records[name], folder))
        elif name in spec.unions:
            yield InnerView(f"{held}: the types of {inner}", types=tuple(_types(site, spec.unions[name], folder)))


def _types(site: Site, union: ir.Union, folder: str) -> Iterator[Entry]:
    for name in union.records:
        record = site.spec.records[name]
        said = prose(first_sentence(record.doc))
        tags = [code(ir.tag_text(tag)) for tag in record.tags]
        yield Entry(site.link(name, folder), f"{joined(tags, 'or')}: {said}" if tags else said)
