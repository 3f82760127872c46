"""Makes up values by their types; the same seed makes the same ones."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from .model import Model
from .shape import (
    SHAPES,
    Choice,
    Const,
    Constants,
    ListOf,
    MapOf,
    Nullable,
    OneOf,
    Primitive,
    Tagged,
    Type,
    Values,
)

ModelT = TypeVar("ModelT", bound=Model)

_NOTHING: Mapping[str, Any] = {}

_DEEP = 4
"""Objects within each other from where lists are empty."""

_WORDS = (
    "amber anchor breeze cedar copper delta ember fjord garnet harbor island juniper lantern maple north ocean pebble "
    "quartz river silver timber umber violet willow yonder zephyr"
).split()


class Sampler:
    """Makes up values.

    Args:
        seed: What they depend on.
        jsons: Names of members whose texts are JSON.
        unwanted: Names of members, each with values that they must not have.
        sums: Names of members, each with those beside it whose sum it is.
        usual: Names of members, each with texts and numbers that it usually has.
    """

    def __init__(
        self,
        seed: int,
        *,
        jsons: Collection[str] = (),
        unwanted: Mapping[str, Collection[Any]] = _NOTHING,
        sums: Mapping[str, tuple[str, ...]] = _NOTHING,
        usual: Mapping[str, Collection[str | float]] = _NOTHING,
    ) -> None:
        self._jsons = jsons
        self._unwanted = unwanted
        self._sums = sums
        self._usual = usual
        # A text as a seed makes the same numbers in every version of Python.
        self._random = random.Random(f"{seed}")

    def object(self, cls: type[ModelT], depth: int = 0) -> ModelT:
        """Make an object of a class, with the members that it must have.

        Args:
            cls: A generated class.
            depth: How many objects it is in.

        Raises:
            TypeError: It is no generated class.
        """
        shape = SHAPES.get(cls)
        if shape is None:
            shown = getattr(cls, "__name__", repr(cls))
            raise TypeError(f"no class of this package, so that nothing is known of its members: {shown}")
        values: dict[str, Any] = {
            field.name: None if field.nullable and depth else self.value(field.type, name, depth)
            for name, field in shape.fields.items()
            if field.name in cls.field_names and field.name not in cls.field_defaults
        }
        for name, parts in self._sums.items():
            names = [shape.fields[each].name for each in (name, *parts) if each in shape.fields]
            if len(names) > len(parts) and values.keys() >= set(names):
                values[names[0]] = sum(values[each] for each in names[1:])
        return cls(**values)

    def value(self, declared: Type, name: str = "", depth: int = 0) -> Any:
        """Make a value of a type.

        Args:
            declared: The type.
            name: Name of the member that it is for.
            depth: How many objects it is in.
        """
        match declared:
            case Primitive():
                return self._plain(declared, name)
            case Const(values) | Constants(values):
                return values[0]
            case Values():
                return self._random.choice(sorted(declared.values.difference(self._unwanted.get(name, ()))))
            case Nullable(inner):
                return self.value(inner, name, depth)
            case ListOf(inner):
                return [self.value(inner, name, depth)] if depth < _DEEP else []
            case MapOf(inner):
                return {self.word(): self.value(inner, name, depth)} if depth < _DEEP else {}
            case OneOf(alternatives):
                return self.value(alternatives[0], name, depth)
            case Tagged():
                return self._tagged(declared, depth)
            case _:
                return self.object(declared, depth + 1)

    def word(self) -> str:
        """Make up a word."""
        return self._random.choice(_WORDS)

    def fresh(self, prefix: str) -> str:
        """Make up an id that begins with something."""
        return f"{prefix}{self._random.getrandbits(64):016x}"

    def pieces(self, name: str) -> list[str]:
        """Make up a text in pieces.

        Args:
            name: Name of the member that it is for.
        """
        if name in self._jsons:
            return [f'{{"{self.word()}":', f'"{self.word()}', '"}']
        words = [self.word() for _ in range(self._random.randrange(3, 6))]
        return [words[0].capitalize(), *(f" {word}" for word in words[1:-1]), f" {words[-1]}."]

    def _plain(self, declared: Primitive, name: str) -> Any:
        match declared:
            case Primitive.STRING if name in self._jsons:
                return "".join(self.pieces(name))
            case Primitive.STRING if name.lower().endswith("id"):
                return self.fresh(f"{self.word()}_")
            case Primitive.STRING:
                return self._one_of(name, str) or self.word()
            case Primitive.INTEGER:
                return self._random.randrange(1, 100)
            case Primitive.NUMBER:
                return self._one_of(name, int, float) or self._random.randrange(1, 100) / 4
            case Primitive.BOOLEAN:
                return self._random.random() < 0.5
            case Primitive.OBJECT | Primitive.ANY:
                return {self.word(): self.word()}

    def _one_of(self, name: str, *kinds: type) -> Any:
        """Give a value that a member usually has, None where that is not known."""
        known = [value for value in self._usual.get(name, ()) if type(value) in kinds]
        return self._random.choice(known) if known else None

    def _tagged(self, declared: Tagged, depth: int) -> Any:
        choices = [choice for several in declared.variants.values() for choice in several] or list(declared.default)
        # What is told by more than its tag may lack what tells it.
        plain = [choice for choice in choices if not choice.when] or choices
        choice: Choice = plain[0] if depth >= _DEEP else self._random.choice(plain)
        return self.object(choice.model, depth + 1)
