"""Tags: what tells objects of one kind from those of another, and where it stands."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from .types import Constants, Literal

TagValue: TypeAlias = "str | int"
"""What a tag may be: a text, a whole number or a boolean."""


@dataclass(frozen=True, slots=True)
class MemberTag:
    """A tag that is the value of the member at a path.

    Attributes:
        text: As the spec writes it; so for the others.
    """

    path: tuple[str, ...]
    text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class NameTag:
    """A tag that is the name of the only member of an object: of the one at a path, the empty path being the whole."""

    path: tuple[str, ...]
    text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class BesideTag:
    """A tag that stands beside the body: in the `event:` line, in a header, in the name of a topic."""

    name: str
    text: str = field(default="", compare=False)


TagPlace: TypeAlias = MemberTag | NameTag | BesideTag


@dataclass(frozen=True, slots=True)
class Tag:
    """Where the tag of an object stands.

    Attributes:
        parts: For each part of the tag the places to look at, in this order; nothing where objects have no tag.
    """

    parts: tuple[tuple[TagPlace, ...], ...]

    @property
    def member(self) -> str:
        """The member at the top of the object that alone is the tag; empty if it is not as plain as that."""
        match self.parts:
            case ((MemberTag((name,)),),):
                return name
            case _:
                return ""

    @property
    def is_name(self) -> bool:
        """Whether the name of the only member of the object is the tag."""
        return self.parts == ((NameTag(()),),)

    @property
    def paths(self) -> tuple[tuple[str, ...], ...]:
        """The paths of which the first that leads somewhere leads to the tag, where it is a value in the object."""
        places = self.parts[0] if len(self.parts) == 1 else ()
        return tuple(place.path for place in places if isinstance(place, MemberTag))


NO_TAG: Final = Tag(())


@dataclass(frozen=True, slots=True)
class Key:
    """A whole tag of an event.

    Attributes:
        text: As the spec writes it, which is what people call the event.
        parts: What each part of the tag has to be; fewer than the tag has parts if it goes without the last ones.
    """

    text: str
    parts: tuple[TagValue, ...]


def constant(value: TagValue) -> Literal | Constants:
    """Give the type of exactly one value."""
    return Literal(value) if isinstance(value, str) else Constants((value,))


def tag_text(value: TagValue) -> str:
    """Write a tag as people read it: a text as it is, a number or a boolean as JSON has it."""
    return value if isinstance(value, str) else json.dumps(value)
