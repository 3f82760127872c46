"""What is said about the state as a whole: the places in it, and what people ask it for."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...diagnostics.values import Span
from .declarations import NOWHERE
from .folds import Element, Keyed, Member, Position, Step, way
from .types import ListOf, Primitive, Type


@dataclass(frozen=True, slots=True)
class Place:
    """A name for a place that opens and closes while the stream goes on.

    Attributes:
        way: What leads there from the state, as the function of that name gives it.
        records: What may stand there; nothing where that is no object.
        outer: Name of the place that it is in; empty where it begins at the state.
        path: Members on the way from the outer place, or from the state, to the elements.
        keys: Paths into events to what tells its elements apart, of which the first that is there counts.
        key: Members in an element that hold that; empty where it is the position in a list, or the place is not in the
            state.
        is_position: Whether the elements are numbered from 0, not named.
        in_state: Whether the elements are in the state; of others one only knows whether they are open.
        span: Where its name is written.
    """

    name: str
    way: tuple[str, ...]
    records: tuple[str, ...]
    outer: str = ""
    path: tuple[str, ...] = ()
    keys: tuple[tuple[str, ...], ...] = ()
    key: tuple[str, ...] = ()
    is_position: bool = False
    in_state: bool = True
    span: Span = field(default=NOWHERE, compare=False)

    def is_on(self, steps: tuple[Step, ...]) -> bool:
        """Whether a way into the state leads to elements at the place, or into them, whichever it is about."""
        taken = way(steps[: len(self.way)])
        return len(taken) == len(self.way) and all(
            one == other or one[0] == other[0] == "[" for one, other in zip(taken, self.way, strict=True)
        )

    def is_meant(self, step: Step) -> bool:
        """Whether a step goes to the element at the place that an event is about."""
        match step:
            case Element(Position(source)):
                return not self.key and source.path in self.keys
            case Element(Keyed(source, key)):
                return self.key == key and source.path in self.keys
            case _:
                return False

    @property
    def text(self) -> str:
        """The path from the state, as the spec would write it."""
        return "".join(step if step[0] == "[" else f".{step}" for step in self.way).removeprefix(".")


@dataclass(frozen=True, slots=True)
class Pick:
    """A step of a reading into elements of a list.

    Attributes:
        position: Of the element, None for all of them.
        record: Record that the elements have to be; empty where any will do.
        type: Type of the elements.
    """

    position: int | None
    record: str
    type: Type


@dataclass(frozen=True, slots=True)
class Reading:
    """What people ask the state for.

    Attributes:
        join: Whether the texts at the path are put together, rather than all values there listed.
        steps: Way from the state to the values.
        type: Type of each of them.
        path: The way as written.
        span: Where its name is written.
    """

    name: str
    doc: str
    join: bool
    steps: tuple[Member | Pick, ...]
    type: Type
    path: str
    span: Span

    @property
    def result(self) -> Type:
        """Type of what one gets."""
        return Primitive.STRING if self.join else ListOf(self.type)
