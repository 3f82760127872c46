"""What a path of members leads to, through objects and unions of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from . import ir


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a path leads.

    Attributes:
        types: What it may lead to, each type once; empty if it leads nowhere.
        missing: The step of the path that cannot be taken, as it is written; empty if there is none such.
        depth: How many steps before it can be.
        known: The names that are there instead.
        in_list: Whether what it begins at is a list.
        complete: Whether all that it goes through is known; what is not is reported elsewhere.
    """

    types: tuple[ir.Type, ...]
    missing: str = ""
    depth: int = 0
    known: tuple[str, ...] = ()
    in_list: bool = False
    complete: bool = True


def reach(spec: ir.Spec, begin: ir.Bound, path: Iterable[str | int | None]) -> Reach:
    """Follow a path that begins at a value of a type; of a union any record that has the member will do."""
    within: tuple[ir.Bound, ...] = (begin,)
    for depth, step in enumerate(path):
        records = [spec.records[each] for bound in within for each in _records(spec, bound)]
        items = [item for bound in within for item in _items(bound)]
        if isinstance(step, str):
            found = [bound for record in records for bound in _member(record, step)]
        else:
            found = items
        if not found or ir.UNKNOWN in found:
            complete = ir.UNKNOWN not in within and all(record.complete for record in records)
            known = tuple(dict.fromkeys(each for record in records for each in names_of(record)))
            complete = complete and ir.UNKNOWN not in found
            return Reach((), ir.way_text((step,)), depth, known, bool(items), complete)
        within = tuple(dict.fromkeys(found))
    return Reach(tuple(bound for bound in within if not isinstance(bound, ir.Unknown)))


def value_at(value: ir.JsonValue, path: Iterable[str]) -> ir.JsonValue:
    """Give what a path of members leads to in a value; None where it leads nowhere."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def names_of(record: ir.Record) -> tuple[str, ...]:
    """Give the names of the members of an object, its tag first."""
    return (*((record.tag,) if record.tags else ()), *(field.name for field in record.fields))


def may_be(spec: ir.Spec, declared: ir.Type, value: str | int) -> bool:
    """Whether a text, a whole number or a boolean is a value of a type."""
    match declared:
        case ir.Primitive.ANY:
            return True
        case ir.Primitive.STRING:
            return isinstance(value, str)
        case ir.Primitive.BOOLEAN:
            return isinstance(value, bool)
        case ir.Primitive.INTEGER | ir.Primitive.NUMBER:
            return type(value) is int
        case ir.Literal(text):
            return value == text
        case ir.Constants(values):
            return any(value == each and type(value) is type(each) for each in values)
        case ir.EnumRef(name):
            enum = spec.enums[name]
            return isinstance(value, str) and (enum.open or value in {each.value for each in enum.values})
        case ir.OneOf(alternatives):
            return any(may_be(spec, each, value) for each in alternatives)
        case ir.Nullable(inner):
            return may_be(spec, inner, value)
        case _:
            return False


def _records(spec: ir.Spec, bound: ir.Bound) -> tuple[str, ...]:
    match bound:
        case ir.RecordRef(name):
            return (name,)
        case ir.UnionRef(name):
            return spec.unions[name].records
        case ir.Nullable(inner):
            return _records(spec, inner)
        case ir.OneOf(alternatives):
            return tuple(name for each in alternatives for name in _records(spec, each))
        case _:
            return ()


def _items(bound: ir.Bound) -> tuple[ir.Bound, ...]:
    match bound:
        case ir.ListOf(item):
            return (item,)
        case ir.Nullable(inner):
            return _items(inner)
        case ir.OneOf(alternatives):
            return tuple(item for each in alternatives for item in _items(each))
        case _:
            return ()


def _member(record: ir.Record, name: str) -> tuple[ir.Bound, ...]:
    if record.tags and name == record.tag:
        return tuple(ir.constant(tag) for tag in record.tags)
    found = record.member(name)
    return () if found is None else (found,)
