"""Reads everything that a decoded event holds, whatever library made it."""

from __future__ import annotations

import dataclasses
import operator
from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec
import pydantic


def read_all(value: object) -> None:
    """Read every attribute of an object, of the objects in those, and so on."""
    kind = type(value)
    if kind is list:
        for each in value:  # type: ignore[attr-defined]
            read_all(each)
    elif kind is dict:
        for each in value.values():  # type: ignore[attr-defined]
            read_all(each)
    elif kind not in _SCALARS:
        for each in _values(kind)(value):
            read_all(each)


_SCALARS = frozenset([str, int, float, bool, type(None)])


@cache
def _values(kind: type) -> Callable[[Any], tuple[object, ...]]:
    """Give what reads the attributes of a class."""
    names = _names(kind)
    if len(names) < 2:
        return lambda value: tuple(getattr(value, name, None) for name in names)
    at_once = operator.attrgetter(*names)

    def values(value: Any) -> tuple[object, ...]:
        try:
            found: tuple[object, ...] = at_once(value)
        except AttributeError:
            # An attribute is not set where the event did not bring its member.
            return tuple(getattr(value, name, None) for name in names)
        return found

    return values


def _names(kind: Any) -> tuple[str, ...]:
    if issubclass(kind, pydantic.BaseModel):
        return tuple(kind.model_fields)
    if issubclass(kind, msgspec.Struct):
        return kind.__struct_fields__
    if dataclasses.is_dataclass(kind):
        return tuple(field.name for field in dataclasses.fields(kind))
    return ()
