"""What the generated decoders share: containers, unknown variants, and the members that no attribute stands for.

A generated decoder builds an object and counts the members of the wire object that it placed in attributes. When all
are placed, which is the usual case, it is done; `settle` deals with the rest.

`suspects` travels through every decoder. In tolerant mode it is None. In strict mode it is a list, and whatever might
break its declaration is appended; the checker is asked only when the list is not empty, so that valid events do not pay
for it. With a list nothing is left for later, see `lazy`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

from .model import Model, UnknownVariant
from .shape import SHAPES
from .wire import WireObject, WireValue

Suspects: TypeAlias = "list[object] | None"

T = TypeVar("T")

Decoders: TypeAlias = dict[str, Callable[[WireObject, Suspects], "T | None"]]
"""What decodes the objects of each tag."""

ABSENT = ...
"""Stands in `leftover` for a member that the declaration requires, allows to be null, and that was not there."""

STRINGS = frozenset([str])
INTEGERS = frozenset([int])
NUMBERS = frozenset([int, float])
BOOLEANS = frozenset([bool])
OBJECTS = frozenset([dict])
ANYTHING = frozenset([str, int, float, bool, dict, list, type(None)])

new = object.__new__


class Gaps(WireObject):
    """A wire object that gives None for a member that is not there, for decoders that find one missing."""

    def __missing__(self, key: str) -> None:
        return None


def settle(built: Model, data: WireObject, placed: int, suspects: Suspects) -> WireObject | None:
    """Collect the members of `data` that no attribute of `built` stands for.

    Args:
        built: The object, with all attributes set.
        data: The wire object that it was built from.
        placed: How many members are in attributes; negative when a required one is not or a value is not allowed.
        suspects: See the module.

    Returns:
        The members by wire name, None when there are none.
    """
    fields = SHAPES[type(built)].fields
    leftover: WireObject = {key: None for key, value in data.items() if value is None}
    if placed + len(leftover) == len(data):
        if suspects is not None and any(key in fields and not fields[key].nullable for key in leftover):
            suspects.append(built)
        return leftover
    suspect = placed < 0
    for key, value in data.items():
        field = fields.get(key)
        if field is None:
            leftover[key] = value
        elif getattr(built, field.name) is None:
            leftover[key] = value
            if value is not None or not field.nullable:
                suspect = True
    if placed < 0:
        for key, field in fields.items():
            if field.nullable and not field.optional and key not in data:
                leftover[key] = ABSENT
    if suspect and suspects is not None:
        suspects.append(built)
    return leftover or None


def placed_null(placed: int, data: WireObject, key: str) -> int:
    """Count a required member that has no value: fine if it is null, which its declaration allows, else not."""
    return placed - 1 if data.get(key, ABSENT) is None else -1


def object_of(value: WireValue) -> WireObject | None:
    """Return `value` if it is an object."""
    return value if type(value) is dict else None


def list_of(value: WireValue, kinds: frozenset[type]) -> list[Any] | None:
    """Return `value` if it is a list of nothing but `kinds`."""
    return value if type(value) is list and kinds.issuperset(map(type, value)) else None


def map_of(value: WireValue, kinds: frozenset[type]) -> dict[str, Any] | None:
    """Return `value` if it is an object whose values are nothing but `kinds`."""
    return value if type(value) is dict and kinds.issuperset(map(type, value.values())) else None


def decode_list(value: WireValue, decode: Callable[[Any, Suspects], T | None], suspects: Suspects) -> list[T] | None:
    """Decode each element; None if `value` is no list or an element does not fit."""
    if type(value) is not list:
        return None
    items: list[T] = []
    for element in value:
        item = decode(element, suspects)
        if item is None:
            return None
        items.append(item)
    return items


def decode_map(
    value: WireValue, decode: Callable[[Any, Suspects], T | None], suspects: Suspects
) -> dict[str, T] | None:
    """Decode each value of an object; None if `value` is no object or a value does not fit."""
    if type(value) is not dict:
        return None
    items: dict[str, T] = {}
    for key, element in value.items():
        item = decode(element, suspects)
        if item is None:
            return None
        items[key] = item
    return items


def unknown_variant(tag: Any, data: WireObject, suspects: Suspects) -> UnknownVariant:
    """Keep a nested object whose tag says nothing to us. A new tag is fine; a tag that is no string is not."""
    variant = new(UnknownVariant)
    variant.data = data
    variant.leftover = None
    if type(tag) is str:
        variant.tag = tag
    else:
        variant.tag = None
        if suspects is not None:
            suspects.append(variant)
    return variant
