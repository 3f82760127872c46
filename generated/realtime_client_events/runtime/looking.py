"""Looks into a state for what readings ask: along a path, past whatever is not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias, cast

from .growing import is_list
from .model import Model, UnknownEvent, UnknownVariant

Look: TypeAlias = "str | int | type[Any]"
"""A step: an attribute of an object; an element of a list, by its position; or all elements that are of a class."""


def joined(state: Model, *path: Look) -> str:
    """Give the texts at a path, put together."""
    return "".join(value for value in found(state, *path) if isinstance(value, str))


def found(state: Model, *path: Look) -> list[Any]:
    """Give all that is at a path, in order; what is not set or null is left out.

    Args:
        state: Where the path begins.
        path: The steps. A class behind a position says of which class the element has to be.
    """
    values: Iterable[Any] = (state,)
    for step in path:
        values = [each for value in values for each in _looked(value, step) if each is not None]
    return list(values)


def _looked(value: Any, step: Look) -> Iterator[Any]:
    if isinstance(step, str):
        # What is of an unknown kind has attributes, but none of the spec.
        if isinstance(value, Model) and not isinstance(value, (UnknownEvent, UnknownVariant)):
            yield getattr(value, step, None)
    elif isinstance(step, int):
        if is_list(value):
            yield from value[step : step + 1]
    elif is_list(value):
        yield from (each for each in cast("list[Any]", value) if isinstance(each, step))
    elif isinstance(value, step):
        yield value
