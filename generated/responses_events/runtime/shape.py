"""What each generated class looks like on the wire, as data for everything that is not worth generating code for.

The classes are written out because a `NamedTuple` takes ten times as long to import.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, Generic, TypeAlias, TypeVar, Union, cast

from .model import Model

ValueT = TypeVar("ValueT", bound=str)


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


class Const:
    """One of a few fixed strings, as a tag is."""

    __slots__ = __match_args__ = ("values",)

    def __init__(self, values: tuple[str, ...]) -> None:
        self.values = values


class Constants:
    """One of a few whole numbers, or exactly one boolean."""

    __slots__ = __match_args__ = ("values",)

    def __init__(self, values: tuple[int, ...]) -> None:
        self.values = values


class Nullable:
    """What an element of a list or of a map is that may be null."""

    __slots__ = __match_args__ = ("type",)

    def __init__(self, type: Type) -> None:
        self.type = type


class Values(Generic[ValueT]):
    """A string out of a set. An open set may grow, so an unknown value is no violation."""

    __slots__ = __match_args__ = ("name", "values", "open")

    def __init__(self, name: str, values: frozenset[str], open: bool) -> None:
        self.name = name
        self.values = values
        self.open = open

    def fitting(self, value: object) -> ValueT | None:
        """Return `value` if it may stand for one of the set."""
        return cast("ValueT", value) if type(value) is str and (self.open or value in self.values) else None


def values(name: str, alias: Any) -> Values[Any]:
    """Describe an enum by its alias: a `Literal`, or for an open one the union of a `Literal` and `str`."""
    known = alias.__args__
    if isinstance(known[0], str):
        return Values(name, frozenset(known), open=False)
    return Values(name, frozenset(known[0].__args__), open=True)


class ListOf:
    """A list whose elements all fit one type."""

    __slots__ = __match_args__ = ("item",)

    def __init__(self, item: Type) -> None:
        self.item = item


class MapOf:
    """An object with free keys whose values all fit one type."""

    __slots__ = __match_args__ = ("value",)

    def __init__(self, value: Type) -> None:
        self.value = value


class Choice:
    """A class that a tag stands for, and the members that must be present for it to be meant."""

    __slots__ = __match_args__ = ("model", "when")

    def __init__(self, model: type[Model], when: tuple[str, ...] = ()) -> None:
        self.model = model
        self.when = when


class Tagged:
    """An object whose class is named by its member `tag`; `default` is tried when it has none."""

    __slots__ = __match_args__ = ("name", "tag", "variants", "default")

    def __init__(
        self, name: str, tag: str, variants: Mapping[str, tuple[Choice, ...]], default: tuple[Choice, ...] = ()
    ) -> None:
        self.name = name
        self.tag = tag
        self.variants = variants
        self.default = default


class OneOf:
    """Alternatives that differ in the kind of their JSON value."""

    __slots__ = __match_args__ = ("alternatives",)

    def __init__(self, alternatives: tuple[Type, ...]) -> None:
        self.alternatives = alternatives


Type: TypeAlias = Union[Primitive, Const, Constants, Nullable, "Values[Any]", ListOf, MapOf, Tagged, OneOf, type[Model]]


class Field:
    """A member of an object: its attribute, its type, and whether it may be absent or null."""

    __slots__ = __match_args__ = ("name", "type", "optional", "nullable")

    def __init__(self, name: str, type: Type, optional: bool = False, nullable: bool = False) -> None:
        self.name = name
        self.type = type
        self.optional = optional
        self.nullable = nullable


class Shape:
    """The members of an object by wire name.

    Attributes:
        tag: The one that names its class, None if there is none.
        assumed: Whether an object without it, or with nothing in it, is of the class all the same.
        within: The only member of the body of an event that holds the object, None where that is the body itself.
    """

    __slots__ = __match_args__ = ("fields", "tag", "assumed", "within")

    def __init__(
        self, fields: Mapping[str, Field], tag: str | None = None, assumed: bool = False, within: str | None = None
    ) -> None:
        self.fields = fields
        self.tag = tag
        self.assumed = assumed
        self.within = within


SHAPES: dict[type[Model], Shape] = {}
"""The shape of every generated class; filled when the generated package is imported."""


def chosen(choices: tuple[Choice, ...], data: Mapping[str, Any]) -> type[Model] | None:
    """Pick the first class whose members are all there, as the generated decoder does."""
    return next((choice.model for choice in choices if all(key in data for key in choice.when)), None)


def holds_objects(declared: Type) -> bool:
    """Whether values of a type may be, or hold, objects of generated classes."""
    match declared:
        case Primitive() | Const() | Constants() | Values():
            return False
        case ListOf(inner) | MapOf(inner) | Nullable(inner):
            return holds_objects(inner)
        case OneOf(alternatives):
            return any(map(holds_objects, alternatives))
        case _:
            return True
