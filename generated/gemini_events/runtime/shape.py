"""What each generated class looks like on the wire, as data for everything that is not worth generating code for.

The classes are written out because a `NamedTuple` takes ten times as long to import.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, Generic, TypeAlias, TypeVar, Union, cast

from .model import Model
from .telling import Key, Path, Way, first_of, holds, key_of, only_member

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
    """One of a few whole numbers, booleans and texts, each with its type: 1 is neither true nor 1.0."""

    __slots__ = __match_args__ = ("values",)

    def __init__(self, values: tuple[str | int, ...]) -> None:
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


class Test:
    """A condition on what a path leads to: what that has to be, None if it only has to be there."""

    __slots__ = __match_args__ = ("path", "value")

    def __init__(self, path: Way, value: str | int | None = None) -> None:
        self.path = path
        self.value = value

    def holds(self, data: Mapping[str, Any]) -> bool:
        """Whether it is true of an object."""
        return holds(data, self.path, self.value)


class Choice:
    """A class that a tag stands for, and the members or conditions that tell it from others with that tag."""

    __slots__ = __match_args__ = ("model", "when")

    def __init__(self, model: type[Model], when: tuple[str | Test, ...] = ()) -> None:
        self.model = model
        self.when = when

    def is_meant(self, data: Mapping[str, Any]) -> bool:
        """Whether all that it asks for is true of an object."""
        return all(test in data if isinstance(test, str) else test.holds(data) for test in self.when)


class Only(Enum):
    """The tag that is the name of the only member of an object, whose value is what the class describes."""

    NAME = "name"


TagPlace: TypeAlias = Union[str, "tuple[Path, ...]", Only]
"""Where a tag is: in a member, at the first of several paths that leads somewhere, or in a name; nowhere if no path."""


class Tagged:
    """An object whose class is named by its tag, or told by its members.

    `default` is tried when it has no tag, and `unknown` is the class of objects that nothing else fits.
    """

    __slots__ = __match_args__ = ("name", "tag", "variants", "default", "unknown")

    def __init__(
        self,
        name: str,
        tag: TagPlace,
        variants: Mapping[Any, tuple[Choice, ...]],
        default: tuple[Choice, ...] = (),
        unknown: type[Model] | None = None,
    ) -> None:
        self.name = name
        self.tag = tag
        self.variants: Mapping[Key, tuple[Choice, ...]] = variants
        self.default = default
        self.unknown = unknown

    def tag_of(self, data: Mapping[str, Any]) -> Any:
        """Give the tag of an object, whatever is there; None where nothing is."""
        if isinstance(self.tag, str):
            return data.get(self.tag)
        return only_member(data)[0] if self.tag is Only.NAME else first_of(data, *self.tag)

    def choices(self, tag: object) -> tuple[Choice, ...]:
        """Give the candidates for a tag, in the order in which they are tried."""
        key = key_of(tag)
        return self.default if tag is None else () if key is None else self.variants.get(key, ())

    def is_tag(self, tag: object) -> bool:
        """Whether a value is of a kind that tags here are, known or new."""
        has_constants = any(isinstance(key, tuple) for key in self.variants)
        return type(tag) is str or (has_constants and type(tag) in (int, bool))


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
        wrapper: The name of the only member of an outer object, where these are the members of its value.
        assumed: Whether an object without its tag, or with nothing in it, is of the class all the same.
    """

    __slots__ = __match_args__ = ("fields", "tag", "wrapper", "assumed")

    def __init__(
        self, fields: Mapping[str, Field], tag: str | None = None, wrapper: str | None = None, assumed: bool = False
    ) -> None:
        self.fields = fields
        self.tag = tag
        self.wrapper = wrapper
        self.assumed = assumed


SHAPES: dict[type[Model], Shape] = {}
"""The shape of every generated class; filled when the generated package is imported."""


def chosen(choices: tuple[Choice, ...], data: Mapping[str, Any]) -> type[Model] | None:
    """Pick the first class whose conditions are all true, as the generated decoder does."""
    return next((choice.model for choice in choices if choice.is_meant(data)), None)


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


def models_in(declared: Type) -> tuple[type[Model], ...]:
    """Give the classes of the objects that a value of a type may be, or that a list or map of it may hold."""
    match declared:
        case ListOf(inner) | MapOf(inner) | Nullable(inner):
            return models_in(inner)
        case OneOf(alternatives):
            return tuple(dict.fromkeys(model for each in alternatives for model in models_in(each)))
        case Tagged():
            choices = [choice for variants in declared.variants.values() for choice in variants]
            return tuple(dict.fromkeys(choice.model for choice in (*choices, *declared.default)))
        case type():
            return (declared,)
        case _:
            return ()


def member_of(model: type[Model], name: str) -> tuple[str, Field] | None:
    """Give the wire name and the field of an attribute; None where the class has no such attribute."""
    return next((pair for pair in SHAPES[model].fields.items() if pair[1].name == name), None)
