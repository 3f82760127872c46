"""Tells the variants of a union apart where that takes more than to look at one member."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeAlias, cast

from .model import ABSENT

Path: TypeAlias = "tuple[str, ...]"
"""Names of the members on the way to a value."""

Way: TypeAlias = "tuple[str | int | None, ...]"
"""Names of members, positions in lists, and None for all elements of one."""

Key: TypeAlias = "str | tuple[type, object]"
"""A tag as a table has it: a text as it is, a number or a boolean with its type, since 1 equals True to Python."""


def at(data: Mapping[str, Any], path: Path) -> Any:
    """Give the value that a path leads to, ABSENT where it leads nowhere.

    It is all that decoding needs of what `paths` does for streams.
    """
    value: Any = data
    for name in path:
        if type(value) is not dict:
            return ABSENT
        value = cast("dict[str, Any]", value).get(name, ABSENT)
    return value


def is_there(data: Mapping[str, Any], path: Path) -> bool:
    """Whether a path leads to a value; null is one."""
    return at(data, path) is not ABSENT


def equals(data: Mapping[str, Any], path: Path, wanted: str | int) -> bool:
    """Whether a path leads to a text, a whole number or a boolean; 1 is neither true nor 1.0."""
    value = at(data, path)
    return type(value) is type(wanted) and bool(value == wanted)


def holds(data: Mapping[str, Any], way: Way, wanted: str | int | None = None) -> bool:
    """Whether a way leads to a value anywhere; to any if none is given, null being one."""
    values: list[Any] = [data]
    for step in way:
        if isinstance(step, str):
            values = [value[step] for value in values if type(value) is dict and step in value]
        else:
            values = [each for value in values for each in elements(value, step)]
    return any(wanted is None or (type(value) is type(wanted) and value == wanted) for value in values)


def elements(value: object, position: int | None) -> list[object]:
    """Give the element of a list at a position, if there is one; all of them if that is None."""
    if type(value) is not list:
        return []
    items = cast("list[object]", value)
    return items if position is None else items[position : position + 1]


def first_of(data: Mapping[str, Any], *paths: Path) -> Any:
    """Give the first value that one of several paths leads to; None where there is none but null and empty texts."""
    for path in paths:
        value = at(data, path)
        if value is not ABSENT and value is not None and (value != "" or len(paths) == 1):
            return value
    return None


def only_member(data: Mapping[str, Any]) -> tuple[str | None, Any]:
    """Give the name and the value of the only member of an object; None where there are several, or none."""
    return next(iter(data.items())) if len(data) == 1 else (None, None)


def is_object(value: object) -> bool:
    """Whether a value is a JSON object; type checkers know no more of it after that than before."""
    return type(value) is dict


def key_of(tag: object) -> Key | None:
    """Give the key of a tag in a table; None for what can be none."""
    if type(tag) is str:
        return tag
    return (type(tag), tag) if type(tag) in (int, bool) else None


def text_of(tag: object) -> object:
    """Give a number or a boolean as text; any other value is given as it is."""
    return json.dumps(tag) if type(tag) in (int, bool) else tag
