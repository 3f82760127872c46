"""Which event a body is, where the tag is more than one member: as conditions, and as a choice of shapes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...model import ir
from .telling import NEVER, Schema, at, first, first_there, ref

_NOTHING: Schema = {"enum": [None, ""]}


def event_conditions(spec: ir.Spec) -> Schema:
    """Say of any body what strict mode says: a known tag asks for its event, and none for the default.

    A tag beside the body is none that a schema can see: where a part of the tag is there, a body is any object.
    """
    if any(isinstance(place, ir.BesideTag) for part in spec.tag.parts for place in part):
        return {"type": "object"}
    # The longest keys first: one that has fewer parts stands for those of which the last ones are not known.
    keys = [(key.parts, event) for event in spec.events for key in event.keys]
    keys.sort(key=lambda each: -len(each[0]))
    last = first(spec.default, NEVER)
    if spec.tag.parts:
        there: Schema = {"anyOf": _places(spec.tag.parts[0], None)}
        last = {"if": there, "else": last} if spec.default else there
    for parts, event in reversed(keys):
        condition = _all(_part(part, value) for part, value in zip(spec.tag.parts, parts, strict=False))
        last = {"if": condition, "then": event_schema(spec, event), "else": last}
    return {"type": "object", **last}


def event_schema(spec: ir.Spec, event: ir.Event) -> Schema:
    """Describe the body of an event."""
    if event.keys and spec.tag.is_name:
        names = [ir.tag_text(key.parts[0]) for key in event.keys]
        shapes = [
            {"type": "object", "required": [name], "properties": {name: ref(event.record.name)}, "maxProperties": 1}
            for name in names
        ]
        return shapes[0] if len(shapes) == 1 else {"anyOf": shapes}
    return ref(event.record.name)


def _all(conditions: Iterable[Schema]) -> Schema:
    found = list(conditions)
    return found[0] if len(found) == 1 else {"allOf": found}


def _part(part: tuple[ir.TagPlace, ...], value: ir.TagValue) -> Schema:
    """Say that the first place of a part that is there has a value."""
    found = _places(part, value)
    return found[0] if len(found) == 1 else {"anyOf": found}


def _places(part: tuple[ir.TagPlace, ...], value: ir.TagValue | None) -> list[Schema]:
    """Say of each place of a part that it is the one that counts, and has a value; any if that is None."""
    return first_there(_held(part, value))


def _held(part: tuple[ir.TagPlace, ...], value: ir.TagValue | None) -> Iterator[tuple[Schema, Schema]]:
    """Say of each place of a part that something is there, and that it is a value."""
    for place in part:
        match place:
            case ir.NameTag(path):
                named: Schema = {
                    "type": "object",
                    "minProperties": 1,
                    "maxProperties": 1,
                    "additionalProperties": {"type": "object"},
                }
                one = named if value is None else {**named, "required": [ir.tag_text(value)]}
                yield at(path, named), at(path, one)
            case ir.MemberTag(path):
                there = at(path, {"type": ["string", "integer", "boolean"], "not": _NOTHING})
                yield there, there if value is None else at(path, {"const": value})
            case ir.BesideTag():
                pass
