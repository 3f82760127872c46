"""Ways into wire values: names of members, and elements of lists by their position or by what they are called."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any, NamedTuple, TypeAlias, Union, cast

from .growing import is_list
from .model import ABSENT
from .telling import is_object
from .wire import WireObject, WireValue


class Named(NamedTuple):
    """A step to the element of a list that goes by a key."""

    key: tuple[str, ...]
    value: str | int


Where: TypeAlias = "tuple[Union[str, int, Named], ...]"
"""A way into a wire value: members and elements."""

Steps: TypeAlias = "tuple[Union[str, int], ...]"
"""The same where elements go by their positions."""


def copied(value: WireValue) -> Any:
    """Copy wire data, so that nobody else can change it."""
    if type(value) is dict:
        return {key: copied(inner) if type(inner) in (dict, list) else inner for key, inner in value.items()}
    if type(value) is list:
        return [copied(inner) if type(inner) in (dict, list) else inner for inner in value]
    return value


def look_up(value: Any, where: Iterable[str | int | Named]) -> WireValue:
    """Give what is somewhere in a wire value, ABSENT where nothing is."""
    found = value
    for step in where:
        if isinstance(step, str):
            found = found.get(step, ABSENT) if is_object(found) else ABSENT
        elif not is_list(found):
            found = ABSENT
        elif isinstance(step, Named):
            found = next((each for each in found if look_up(each, step.key) == step.value), ABSENT)
        else:
            found = found[step] if 0 <= step < len(found) else ABSENT
    return cast("WireValue", found)


def last_member(where: Where) -> str:
    """Give the member that a way leads to, or in which the element is that it leads to; empty where there is none."""
    return next((step for step in reversed(where) if isinstance(step, str)), "")


def put_down(value: WireObject, where: Steps, what: Any) -> None:
    """Put something somewhere into a wire object, at least one step in.

    Objects and lists on the way are made where there are none, and so are the elements before a position.
    """
    holder: Any = value
    for step, after in itertools.pairwise(where):
        inner: Any = look_up(holder, (step,))
        if not (is_list(inner) if isinstance(after, int) else is_object(inner)):
            inner = [] if isinstance(after, int) else {}
            _set(holder, step, inner)
        holder = inner
    _set(holder, where[-1], what)


def _set(holder: Any, step: str | int, what: Any) -> None:
    if isinstance(step, int):
        while len(holder) <= step:
            holder.append({})
    holder[step] = what
