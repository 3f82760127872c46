"""What an object has at a path of attributes, whichever class it turns out to be of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from .encoding import encode
from .model import Model
from .shape import SHAPES, member_of

Attribute: TypeAlias = "str | Mapping[type[Any], str]"
"""A step of a path: an attribute, or that of each class where it is not called the same in all of them."""


def given(event: Model | None, *path: Attribute) -> Any:
    """Give what an event has at a path of attributes; None where one of them is not set."""
    value: Any = event
    for step in path:
        value = getattr(value, _name(step, value), None)
    return value


def is_there(event: Model, *path: Attribute) -> bool:
    """Whether an event has something at a path of attributes, if only null."""
    if given(event, *path) is not None:
        return True
    owner = given(event, *path[:-1])
    kind = kind_of(owner)
    member = member_of(kind, _name(path[-1], owner)) if kind in SHAPES else None
    return member is not None and member[0] in encode(owner)


def _name(step: Attribute, owner: Any) -> str:
    return step if isinstance(step, str) else step.get(kind_of(owner), "")


def kind_of(value: object) -> type[Any]:
    """Give the class of a value; type checkers know no more of it after that than before."""
    return type(value)
