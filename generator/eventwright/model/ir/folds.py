"""What events do to the state: ways into it, sources in the event, and statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum as PythonEnum
from typing import TypeAlias

from ...diagnostics.values import Span
from .declarations import Test
from .types import Type


class Operator(PythonEnum):
    """What a fold does at its place."""

    SET = "="
    FILL = "?="
    ADD = "+="
    MERGE = "|="
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Source:
    """A path to a value that an event brings.

    Attributes:
        scope: Where it begins: 0 for the event, else the element that the `each` of that number goes through, where the
            outermost one is 1.
        path: Wire names. One of them may be missing in some variants of a union; then there is no value.
        type: Type of the value.
    """

    scope: int
    path: tuple[str, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Position:
    """The element at a position that the event tells.

    Attributes:
        otherwise: What counts where the event has nothing at the source, in this order; a number is a position.
    """

    source: Source
    otherwise: tuple[Source | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Nth:
    """The element at a position that the spec tells, from 0."""

    position: int


@dataclass(frozen=True, slots=True)
class Keyed:
    """The element whose key, a path of wire names in it, has the value that the event tells.

    Attributes:
        otherwise: What counts where the event has nothing at the source, in this order; a number is a value.
    """

    source: Source
    key: tuple[str, ...]
    otherwise: tuple[Source | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Every:
    """All elements; with an element by key behind it, the first that has it."""


Selector: TypeAlias = Position | Nth | Keyed | Every


def sources_of(selector: Selector) -> tuple[Source, ...]:
    """Give the places in the event that a selector looks at, in order."""
    if not isinstance(selector, (Position, Keyed)):
        return ()
    return (selector.source, *(each for each in selector.otherwise if isinstance(each, Source)))


@dataclass(frozen=True, slots=True)
class Member:
    """A step of a fold into a field of a record.

    Attributes:
        record: Record that must be there for the step to be taken; empty where any record with the field will do.
        type: Type of the field.
    """

    name: str
    record: str
    type: Type


@dataclass(frozen=True, slots=True)
class Element:
    """A step of a fold into elements of a list.

    Attributes:
        selector: Which of them.
        record: Record that the element is, and that is made when it is missing; empty where the spec names none.
        type: Type of the element.
    """

    selector: Selector
    record: str
    type: Type


Step: TypeAlias = Member | Element


def way(steps: Iterable[Step]) -> tuple[str, ...]:
    """Tell where steps lead, whatever the types of the elements are: `items`, `[index]` and so on."""
    return tuple(step.name if isinstance(step, Member) else f"[{_selector_text(step.selector)}]" for step in steps)


def _selector_text(selector: Selector) -> str:
    match selector:
        case Position(source):
            return ".".join(source.path)
        case Nth(position):
            return str(position)
        case Keyed(source, key):
            return f"{'.'.join(source.path)} is {'.'.join(key)}"
        case Every():
            return "*"


@dataclass(frozen=True, slots=True)
class Fold:
    """One change of the state.

    Attributes:
        steps: Way into the state; empty for the state as a whole.
        operator: What is done there.
        value: What it is done with, from the event or as the spec has it; None where something is removed.
        text: The statement as written.
    """

    steps: tuple[Step, ...]
    operator: Operator
    value: Source | str | int | float | None
    text: str

    @property
    def source(self) -> Source | None:
        """Where in the event the value is; None where it is none of the event."""
        return self.value if isinstance(self.value, Source) else None


@dataclass(frozen=True, slots=True)
class Each:
    """Statements that are carried out for each element of a list of the event.

    Attributes:
        source: The list, of objects; elements that are null are passed over.
        do: The statements.
        text: The path to the list as written, with `each` before it.
    """

    source: Source
    do: tuple[Statement, ...]
    text: str


@dataclass(frozen=True, slots=True)
class When:
    """Statements that are carried out under conditions.

    Attributes:
        scope: Where the paths of the conditions begin; as that of a source.
        tests: The conditions, all of which have to hold.
        do: The statements.
        text: The conditions, with `when` before them.
        spans: Where the conditions are written.
    """

    scope: int
    tests: tuple[Test, ...]
    do: tuple[Statement, ...]
    text: str
    spans: tuple[Span, ...] = field(default=(), compare=False)


Statement: TypeAlias = Fold | Each | When


def changes(statements: Iterable[Statement] | None) -> Iterator[Fold]:
    """Give the changes that statements make, in order, also those within `each` and `when`."""
    for statement in statements or ():
        match statement:
            case Fold():
                yield statement
            case Each(do=inner) | When(do=inner):
                yield from changes(inner)


def in_scope(statements: Iterable[Statement] | None) -> Iterator[Fold | Each]:
    """Give the changes and the loops of one scope, in order, also those within `when`."""
    for statement in statements or ():
        match statement:
            case When(do=inner):
                yield from in_scope(inner)
            case _:
                yield statement


def texts(statements: Iterable[Statement], margin: str = "") -> Iterator[str]:
    """Write statements line by line; what is carried out in `each` and `when` stands below it, indented."""
    for statement in statements:
        match statement:
            case Fold(text=text):
                yield f"{margin}{text}"
                continue
            case Each(text=text) | When(text=text):
                yield f"{margin}{text}"
        yield from texts(statement.do, f"{margin}  ")
