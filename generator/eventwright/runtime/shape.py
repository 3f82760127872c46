"""What each generated class looks like on the wire, as data for everything that is not worth generating code for."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, NamedTuple, TypeAlias, Union

from .model import Model


class Primitive(Enum):
    """A type that is told by the kind of its JSON value alone."""

    STRING = "a string"
    INTEGER = "an integer"
    NUMBER = "a number"
    BOOLEAN = "a boolean"
    OBJECT = "an object"
    ANY = "any value"


STRING = Primitive.STRING
INTEGER = Primitive.INTEGER
NUMBER = Primitive.NUMBER
BOOLEAN = Primitive.BOOLEAN
OBJECT = Primitive.OBJECT
ANY = Primitive.ANY


class Const(NamedTuple):
    """One of a few fixed strings, as a tag is."""

    values: tuple[str, ...]


class Values(NamedTuple):
    """A string out of a set. An open set may grow, so an unknown value is no violation."""

    name: str
    values: frozenset[str]
    open: bool


class ListOf(NamedTuple):
    """A list whose elements all fit one type."""

    item: Type


class MapOf(NamedTuple):
    """An object with free keys whose values all fit one type."""

    value: Type


class Choice(NamedTuple):
    """A class that a tag stands for, and the members that must be present for it to be meant."""

    model: type[Model]
    when: tuple[str, ...] = ()


class Tagged(NamedTuple):
    """An object whose class is named by its member `tag`; `default` is tried when it has none."""

    name: str
    tag: str
    variants: Mapping[str, tuple[Choice, ...]]
    default: tuple[Choice, ...] = ()


class OneOf(NamedTuple):
    """Alternatives that differ in the kind of their JSON value."""

    alternatives: tuple[Type, ...]


Type: TypeAlias = Union[Primitive, Const, Values, ListOf, MapOf, Tagged, OneOf, type[Model]]


class Field(NamedTuple):
    """A member of an object: its attribute, its type, and whether it may be absent or null."""

    name: str
    type: Type
    optional: bool = False
    nullable: bool = False


class Shape(NamedTuple):
    """The members of an object by wire name; `tag` is the one that names its class, if there is one."""

    fields: Mapping[str, Field]
    tag: str | None = None


SHAPES: dict[type[Model], Shape] = {}
"""The shape of every generated class; filled when the generated package is imported."""


def define(model: type[Model], shape: Shape) -> None:
    """Say what the objects of a class look like on the wire."""
    SHAPES[model] = shape
    model.declared = shape.fields


def chosen(choices: tuple[Choice, ...], data: Mapping[str, Any]) -> type[Model] | None:
    """Pick the first class whose members are all there, as the generated decoder does."""
    return next((choice.model for choice in choices if all(key in data for key in choice.when)), None)
