"""Types of values, and what is known of them without the rest of the spec."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum as PythonEnum
from typing import Final, TypeAlias


class Primitive(PythonEnum):
    """A type that is told by the kind of its JSON value."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    OBJECT = "object"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Literal:
    """Exactly one string."""

    value: str


@dataclass(frozen=True, slots=True)
class Constants:
    """One of a few whole numbers, or exactly one boolean."""

    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Nullable:
    """A type, or null: what an element of a list or a value of a map may be. Of a field, its `nullable` says so."""

    type: Type


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of one type."""

    item: Type


@dataclass(frozen=True, slots=True)
class MapOf:
    """An object with free keys and values of one type."""

    value: Type


@dataclass(frozen=True, slots=True)
class OneOf:
    """Alternatives that differ in their JSON kind."""

    alternatives: tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class RecordRef:
    """An object type or event, by name."""

    name: str


@dataclass(frozen=True, slots=True)
class EnumRef:
    """An enum, by name."""

    name: str


@dataclass(frozen=True, slots=True)
class UnionRef:
    """A tagged union, by name."""

    name: str


Type: TypeAlias = Primitive | Literal | Constants | Nullable | ListOf | MapOf | OneOf | RecordRef | EnumRef | UnionRef


class Unknown(PythonEnum):
    """The type of what is wrong: made only where that is reported, and passed over by everybody else."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN

Bound: TypeAlias = Type | Unknown
"""What a mention of a type becomes. An unknown part makes the whole unknown, so that no `Type` has such a part."""


class Kind(PythonEnum):
    """What a JSON value is."""

    STRING = "string"
    NUMBER = "number"
    BOOLEAN = "boolean"
    LIST = "list"
    OBJECT = "object"


def references(declared: Bound) -> tuple[str, ...]:
    """Names of the records, enums and unions that a type mentions."""
    match declared:
        case RecordRef(name) | EnumRef(name) | UnionRef(name):
            return (name,)
        case ListOf(inner) | MapOf(inner) | Nullable(inner):
            return references(inner)
        case OneOf(alternatives):
            return tuple(name for alternative in alternatives for name in references(alternative))
        case Primitive() | Literal() | Constants() | Unknown():
            return ()


def kinds(declared: Type) -> frozenset[Kind]:
    """The kinds of JSON value that fit a type."""
    match declared:
        case Primitive.ANY:
            return frozenset(Kind)
        case Primitive.INTEGER | Primitive.NUMBER:
            return frozenset([Kind.NUMBER])
        case Primitive.BOOLEAN:
            return frozenset([Kind.BOOLEAN])
        case Constants(values):
            return frozenset([Kind.BOOLEAN if isinstance(values[0], bool) else Kind.NUMBER])
        case Nullable(inner):
            return kinds(inner)
        case Primitive.STRING | Literal() | EnumRef():
            return frozenset([Kind.STRING])
        case ListOf():
            return frozenset([Kind.LIST])
        case Primitive.OBJECT | MapOf() | RecordRef() | UnionRef():
            return frozenset([Kind.OBJECT])
        case OneOf(alternatives):
            return frozenset(kind for alternative in alternatives for kind in kinds(alternative))


def type_text(bound: Type) -> str:
    """Write a type as the spec does."""
    match bound:
        case Primitive():
            return bound.value
        case Literal(value):
            return f'"{value}"'
        case Constants(values):
            return " | ".join(map(json.dumps, values))
        case Nullable(inner):
            return f"{type_text(inner)} | null"
        case ListOf(item):
            return f"list[{type_text(item)}]"
        case MapOf(value):
            return f"map[{type_text(value)}]"
        case OneOf(alternatives):
            return " | ".join(type_text(each) for each in alternatives)
        case RecordRef(name) | EnumRef(name) | UnionRef(name):
            return name
