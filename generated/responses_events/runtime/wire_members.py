"""The members of the objects in an event, each with its type, and the event in which one of them has another value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, cast

from .growing import is_list
from .kinds import class_of, member_type
from .paths import Steps, copied, look_up, put_down
from .shape import SHAPES, ListOf, MapOf, Nullable, Type
from .telling import is_object
from .wire import WireObject, WireValue

LEFT_OUT: Any = ...
"""Stands for a member that is taken out."""


class Member(NamedTuple):
    """A member of an object in an event."""

    at: int
    """Which event of the stream."""

    path: Steps
    value: WireValue
    declared: Type | None
    """Its type, None where that is not known."""

    @property
    def name(self) -> str:
        """What the member is called."""
        return cast("str", self.path[-1])


def members_within(at: int, value: WireValue, declared: Type | None, path: Steps) -> Iterator[Member]:
    """Give the members of an object and of all objects in it, each with its type, the outer ones first."""
    steps: Iterable[str | int] = ()
    if is_object(value):
        steps = cast("WireObject", value)
    elif is_list(value):
        steps = range(len(cast("list[Any]", value)))
    found = [Member(at, (*path, step), look_up(value, (step,)), type_within(declared, value, step)) for step in steps]
    if is_object(value):
        yield from found
    for member in found:
        yield from members_within(at, member.value, member.declared, member.path)


def type_within(declared: Type | None, value: WireValue, step: str | int) -> Type | None:
    """Give the type of a member or an element of a value; None where that is not known."""
    declared = not_null(declared)
    if isinstance(step, int):
        return declared.item if isinstance(declared, ListOf) else None
    if isinstance(declared, MapOf):
        return declared.value
    model = class_of(declared, value)
    shape = SHAPES.get(model) if model is not None else None
    # What has the name of its class around it is of that class inside, too.
    return model if shape is not None and shape.wrapper == step else member_type(model, step)


def not_null(declared: Type | None) -> Type | None:
    """Give the type of what is there where null may stand in its place."""
    return not_null(declared.type) if isinstance(declared, Nullable) else declared


def ways_along(value: WireValue, path: Iterable[str], way: Steps = ()) -> Iterator[Steps]:
    """Give the ways to all that the path of a statement leads to."""
    first, *rest = (*path, "")
    if not first:
        yield way
        return
    if first not in ("*", ":-1"):
        inner = cast("WireObject", value).get(first) if is_object(value) else None
        yield from ways_along(inner, rest[:-1], (*way, first))
        return
    elements = cast("list[Any]", value) if is_list(value) else []
    for at, each in enumerate(elements if first == "*" else elements[:-1]):
        yield from ways_along(each, rest[:-1], (*way, at))


def with_member(wire: WireObject, path: Steps, other: Any) -> WireObject:
    """Give an object with another value at a path."""
    found: WireObject = copied(wire)
    if other is not LEFT_OUT:
        put_down(found, path, copied(other))
    elif is_object(holder := look_up(found, path[:-1])):
        cast("WireObject", holder).pop(cast("str", path[-1]), None)
    return found


def exchanged(value: Any, was: Any, other: Any, name: str | None, at: str | int = "") -> Any:
    """Give a value in which another one stands in the place of something, in members of a name if one is given."""
    if value == was and name in (None, at):
        return copied(other)
    if is_object(value):
        return {key: exchanged(inner, was, other, name, key) for key, inner in cast("WireObject", value).items()}
    if is_list(value):
        # The elements of a list go by its name.
        return [exchanged(inner, was, other, name, at) for inner in cast("list[Any]", value)]
    return value
