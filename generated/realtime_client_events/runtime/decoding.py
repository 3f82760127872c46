"""What the generated decoders share.

A decoder takes each declared member out of a copy of the wire object; what is left over is the leftover. A value that
does not fit goes back into the copy, and so ends up there as well.

`odd` travels through every decoder. It is None unless decoding is strict: then it is a list that gets an entry for
whatever may break its declaration, so that the checker is asked only about events that give it a reason.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

from .model import ABSENT, Model, UnknownVariant
from .telling import Key
from .wire import WireObject, WireValue

Odd: TypeAlias = "list[object] | None"

T = TypeVar("T")

Decoders: TypeAlias = "dict[str, Callable[[WireObject, Odd], T]]"
"""What decodes the objects of each tag."""

KeyedDecoders: TypeAlias = "dict[Key, Callable[[WireObject, Odd], T]]"
"""The same, where some tags are numbers or booleans."""

DECODERS: dict[type[Model], Callable[[WireObject, Odd], Any]] = {}
"""What decodes the objects of each class; filled when the generated package is imported."""

STRINGS: frozenset[type] = frozenset([str])
INTEGERS: frozenset[type] = frozenset([int])
NUMBERS: frozenset[type] = frozenset([int, float])
BOOLEANS: frozenset[type] = frozenset([bool])
OBJECTS: frozenset[type] = frozenset([dict])
NULLS: frozenset[type] = frozenset([type(None)])
ANYTHING: frozenset[type] = frozenset([str, int, float, bool, dict, list, type(None)])

new = object.__new__


def keep(data: WireObject, key: str, value: Any, odd: Odd) -> None:
    """Keep what came in place of a required member, whose attribute is then not set."""
    if value is not ABSENT:
        data[key] = value
    if odd is not None:
        odd.append(key)


def keep_optional(data: WireObject, key: str, value: Any, odd: Odd) -> None:
    """Keep what came in place of a member that may be absent, and was not."""
    data[key] = value
    if odd is not None:
        odd.append(key)


def keep_nullable(data: WireObject, key: str, value: Any, odd: Odd) -> None:
    """Keep what came in place of a member that may be null, and the fact that nothing came."""
    if value is not None:
        data[key] = value
        if odd is not None:
            odd.append(key)


def keep_optional_nullable(data: WireObject, key: str, value: Any, odd: Odd) -> None:
    """Keep what came in place of a member that may be absent or null, and was not absent."""
    data[key] = value
    if odd is not None and value is not None:
        odd.append(key)


def keep_tag(data: WireObject, key: str, value: Any, odd: Odd) -> None:
    """Keep what came in place of a tag of the class. A new text is fine."""
    if value is not ABSENT:
        data[key] = value
    if odd is not None and type(value) is not str:
        odd.append(key)


def keep_optional_tag(data: WireObject, key: str, value: Any, odd: Odd) -> None:
    """Keep what came in place of a tag that may be absent, and was not. Null says as much as nothing."""
    data[key] = value
    if odd is not None and value is not None and type(value) is not str:
        odd.append(key)


def is_one(value: Any, known: tuple[str | int, ...]) -> bool:
    """Whether a value is one of a few texts, whole numbers and booleans; 1 is neither true nor 1.0."""
    return any(value == each and type(value) is type(each) for each in known)


def object_of(value: WireValue) -> WireObject | None:
    """Return `value` if it is an object."""
    return value if type(value) is dict else None


def list_of(value: WireValue, kinds: frozenset[type]) -> list[Any] | None:
    """Return `value` if it is a list of nothing but `kinds`."""
    return value if type(value) is list and kinds.issuperset(map(type, value)) else None


def map_of(value: WireValue, kinds: frozenset[type]) -> dict[str, Any] | None:
    """Return `value` if it is an object whose values are nothing but `kinds`."""
    return value if type(value) is dict and kinds.issuperset(map(type, value.values())) else None


def decode_list(value: WireValue, decode: Callable[[Any, Odd], T | None], odd: Odd) -> list[T] | None:
    """Decode each element; None if `value` is no list or an element does not fit."""
    if type(value) is not list:
        return None
    items: list[T] = []
    for element in value:
        item = decode(element, odd)
        if item is None:
            return None
        items.append(item)
    return items


def decode_map(value: WireValue, decode: Callable[[Any, Odd], T | None], odd: Odd) -> dict[str, T] | None:
    """Decode each value of an object; None if `value` is no object or a value does not fit."""
    if type(value) is not dict:
        return None
    items: dict[str, T] = {}
    for key, element in value.items():
        item = decode(element, odd)
        if item is None:
            return None
        items[key] = item
    return items


def decode_list_with_nulls(value: WireValue, decode: Callable[[Any, Odd], T], odd: Odd) -> list[T] | None:
    """Decode each element, where null, which decodes to None, is one; None if `value` or an element does not fit."""
    if type(value) is not list:
        return None
    items: list[T] = []
    for element in value:
        item = decode(element, odd)
        if item is None and element is not None:
            return None
        items.append(item)
    return items


def decode_map_with_nulls(value: WireValue, decode: Callable[[Any, Odd], T], odd: Odd) -> dict[str, T] | None:
    """Decode each value of an object, where null is one; None if `value` or a value of it does not fit."""
    if type(value) is not dict:
        return None
    items: dict[str, T] = {}
    for key, element in value.items():
        item = decode(element, odd)
        if item is None and element is not None:
            return None
        items[key] = item
    return items


def unknown_variant(tag: Any, data: WireObject, odd: Odd) -> UnknownVariant:
    """Keep a nested object whose tag says nothing to us. A new tag is fine; a tag that is no string is not."""
    variant = new(UnknownVariant)
    variant.data = data
    variant.leftover = None
    if type(tag) is str:
        variant.tag = tag
    else:
        variant.tag = None
        if odd is not None:
            odd.append(tag)
    return variant
