"""Finds the tag of an event where that is more than one member, and what stands for the tag."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeAlias, TypeVar, cast

from .checking import excerpt, step
from .errors import Problem
from .model import ABSENT
from .telling import at
from .wire import WireObject, WireValue

T = TypeVar("T")

TagValue: TypeAlias = "str | int"
Key: TypeAlias = tuple[TagValue, ...]
"""What each part of a tag is."""


class MemberTag:
    """A tag that is the value of the member at a path."""

    __slots__ = ("path",)

    def __init__(self, *path: str) -> None:
        self.path = path

    def read(self, data: WireObject, beside: str | None) -> WireValue:
        """Give what stands there, None if nothing does."""
        found: WireValue = at(data, self.path)
        return None if found is ABSENT else found

    def __str__(self) -> str:
        return f"${''.join(map(step, self.path))}"


class NameTag(MemberTag):
    """A tag that is the name of the only member of the object at a path."""

    __slots__ = ()

    def read(self, data: WireObject, beside: str | None) -> WireValue:
        """Give the name, None if there is not exactly one member, or its value is no object."""
        found: Any = at(data, self.path)
        if type(found) is not dict or len(found) != 1:
            return None
        name, value = next(iter(found.items()))
        return name if type(value) is dict else None


class BesideTag:
    """A tag that comes beside the body: in the `event:` line of a frame, in a header, in the name of a topic."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def read(self, data: WireObject, beside: str | None) -> WireValue:
        """Give what came."""
        return beside

    def __str__(self) -> str:
        return "$"


Place: TypeAlias = "MemberTag | BesideTag"


class EventTag(Generic[T]):
    """Where the tag of an event stands, and what stands for each tag.

    Args:
        parts: For each part of the tag the places to look at, in this order.
        known: What stands for each tag.
        has_default: Whether a body without a tag is an event, too.
    """

    def __init__(self, parts: tuple[tuple[Place, ...], ...], known: Mapping[Key, T], *, has_default: bool) -> None:
        self._parts = parts
        self._known = {_typed(key): each for key, each in known.items()}
        self._is_beside = any(isinstance(place, BesideTag) for part in parts for place in part)
        self._may_be_empty = not has_default and len(parts) == 1 and len(parts[0]) == 1

    def read(self, data: WireObject, beside: str | None = None) -> Key | None:
        """Give the tag of a body, None if it has none; parts that are missing at the end are left out.

        Args:
            data: The body.
            beside: What came beside it. Where no part of the tag stands there it counts if it is a known tag and the
                body has none.
        """
        found: list[TagValue] = []
        for part in self._parts:
            value = next(filter(self._is_tag, (place.read(data, beside) for place in part)), None)
            if value is None:
                break
            found.append(cast("TagValue", value))
        if found:
            return tuple(found)
        if beside and self._parts and not self._is_beside and _typed((beside,)) in self._known:
            return (beside,)
        return None

    def find(self, tag: Key) -> T | None:
        """Give what stands for a tag, or for as many of its first parts as are known."""
        typed = _typed(tag)
        while typed:
            found = self._known.get(typed)
            if found is not None:
                return found
            typed = typed[:-1]
        return None

    def problems(self, data: WireObject, beside: str | None = None) -> list[Problem]:
        """Say what is wrong with a body for which nothing stands: nothing if it merely has a new tag."""
        if self.read(data, beside) is not None:
            return []
        if not self._parts:
            return [Problem("$", "tag", "an object that is one of the events", excerpt(data))]
        place = self._parts[0][-1]
        if isinstance(place, BesideTag):
            wanted = f"a tag beside the body, passed as `tag` ({place.name})"
            return [Problem(str(place), "tag", wanted, excerpt(beside) if beside else "nothing")]
        wanted = "a string that names the kind of object"
        if isinstance(place, NameTag):
            wanted = "an object whose only member names its kind"
        value = at(data, place.path)
        return [Problem(str(place), "tag", wanted, "nothing" if value is ABSENT else excerpt(value))]

    def _is_tag(self, value: object) -> bool:
        kind = type(value)
        return kind is int or kind is bool or (kind is str and (bool(value) or self._may_be_empty))


def text_of_key(tag: Key | None) -> str | None:
    """Write a tag as the spec does: parts with full stops between, one that holds a full stop in single quotes."""
    if tag is None:
        return None
    if len(tag) == 1:
        return _text(tag[0])
    parts = (_text(part) for part in tag)
    return ".".join("'{}'".format(part.replace("'", "''")) if "." in part or "'" in part else part for part in parts)


def _text(value: TagValue) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _typed(tag: Key) -> tuple[tuple[type, TagValue], ...]:
    """Tell 1 from true, which are equal to Python."""
    return tuple((type(part), part) for part in tag)
