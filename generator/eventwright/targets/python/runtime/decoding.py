"""What the generated decoders share.

A decoder looks at each declared member of the wire object, which stays as it is, and leaves over what does not fit. It
counts how many of them are there: where the object has more members, the others are left over as well.

`odd` travels through every decoder. It is None unless decoding is strict: then it is a list that gets an entry for
whatever may break its declaration, so that the checker is asked only about events that give it a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import repeat
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

_ABSENTS = repeat(ABSENT)


def those_of(data: WireObject, *keys: str) -> Iterator[Any]:
    """Give the members of a wire object that may not all be there."""
    return map(data.get, keys, _ABSENTS)


def leave(built: Model, key: str, value: Any) -> bool:
    """Leave a member over, and say whether it is one that is not there."""
    if built.leftover is None:
        built.leftover = {key: value}
    else:
        built.leftover[key] = value
    return value is ABSENT


def leave_unknown(built: Model, data: WireObject, count: int) -> None:
    """Leave over the members that the class does not declare, which are so many."""
    declared = type(built).declared
    unknown: WireObject = {}
    # What a server has begun to send stands behind the rest more often than not.
    for key in reversed(data):
        if key not in declared:
            unknown[key] = data[key]
            if len(unknown) == count:
                break
    built.leftover = unknown if built.leftover is None else built.leftover | unknown


def keep(built: Model, key: str, value: Any, odd: Odd) -> bool:
    """Keep what came in place of a required member, whose attribute is then not set; say whether nothing came."""
    if odd is not None:
        odd.append(key)
    return value is ABSENT or leave(built, key, value)


def keep_optional(built: Model, key: str, value: Any, odd: Odd) -> None:
    """Keep what came in place of a member that may be absent, and was not."""
    leave(built, key, value)
    if odd is not None:
        odd.append(key)


def keep_nullable(built: Model, key: str, value: Any, odd: Odd) -> bool:
    """Keep what came in place of a member that may be null, and the fact that nothing came; say whether it is so."""
    if value is None:
        return False
    if odd is not None:
        odd.append(key)
    return leave(built, key, value)


def keep_optional_nullable(built: Model, key: str, value: Any, odd: Odd) -> None:
    """Keep what came in place of a member that may be absent or null, and was not absent."""
    leave(built, key, value)
    if odd is not None and value is not None:
        odd.append(key)


def keep_tag(built: Model, key: str, value: Any, odd: Odd) -> bool:
    """Keep what came in place of a tag of the class, and say whether nothing came. A new text is fine."""
    if odd is not None and type(value) is not str:
        odd.append(key)
    return value is ABSENT or leave(built, key, value)


def keep_optional_tag(built: Model, key: str, value: Any, odd: Odd) -> None:
    """Keep what came in place of a tag that may be absent, and was not. Null says as much as nothing."""
    leave(built, key, value)
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
