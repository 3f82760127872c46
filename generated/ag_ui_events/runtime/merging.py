"""What an object brings for another one that it is merged into."""

from __future__ import annotations

from typing import Any, NamedTuple, cast

from .encoding import encode
from .growing import Build
from .making import part_of
from .model import ABSENT, Model, UnknownVariant
from .shape import SHAPES


class Merged(NamedTuple):
    """The members of an object that another one takes over.

    Attributes:
        attributes: The values of its attributes.
        others: What it has no attributes for, by wire name.
    """

    attributes: dict[str, Any]
    others: dict[str, Any]


def merged(value: Any, target: Model, build: Build) -> Merged:
    """Give what an object takes over: all but nulls, the tag, and the id if it has one.

    Raises:
        DecodeError: Something is nested too deep for the interpreter.
    """
    model = type(target)
    shape = SHAPES[model]
    has_id = build.identity(target) is not None
    skipped = _skipped(model, build, has_id=has_id)
    attributes: dict[str, Any] = {}
    members: dict[str, Any] = {}
    if isinstance(value, (UnknownVariant, dict)):
        members = value.data if isinstance(value, UnknownVariant) else cast("dict[str, Any]", value)
    elif isinstance(value, Model):
        skipped |= _skipped(type(value), build, has_id=has_id)
        for key, field in SHAPES[type(value)].fields.items():
            # What is decoded when it is looked at leaves the leftover by that.
            held = getattr(value, field.name, None)
            if held is not None and key in shape.fields and key not in skipped:
                attributes[shape.fields[key].name] = held
        members = value.leftover or {}
    members = _without(members, skipped)
    others: dict[str, Any] = {}
    if members:
        part = part_of(model, members)
        found = {field.name: getattr(part, field.name, None) for key, field in shape.fields.items() if key in members}
        attributes |= {name: each for name, each in found.items() if each is not None}
        others = {key: each for key, each in (part.leftover or {}).items() if key in members}
    return Merged(attributes, others)


def merged_data(value: Any, build: Build) -> dict[str, Any]:
    """Give what an object of an unknown kind, or a map, takes over, by wire name.

    Raises:
        DecodeError: Something is nested too deep for the interpreter.
    """
    if isinstance(value, Model):
        return _without(encode(value), _skipped(type(value), build, has_id=True))
    return _without(cast("dict[str, Any]", value), frozenset()) if isinstance(value, dict) else {}


def _skipped(model: type[Model], build: Build, *, has_id: bool) -> frozenset[str | None]:
    """Give the wire names of what stays as it is in the objects of a class: the tag, and the id where there is one."""
    shape = SHAPES.get(model)
    if shape is None:
        return frozenset()
    names = build.id_of(model) if has_id else ()
    return frozenset([shape.tag, *(key for key, field in shape.fields.items() if field.name in names)])


def _without(members: dict[str, Any], skipped: frozenset[str | None]) -> dict[str, Any]:
    return {
        key: each for key, each in members.items() if each is not None and each is not ABSENT and key not in skipped
    }
