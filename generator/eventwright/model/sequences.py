"""What may come in which order: a regular expression over names, and the automaton that it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from ..diagnostics.values import Span


@dataclass(frozen=True, slots=True)
class Symbol:
    """Something that comes once: an event, by its tag, or what happens at a place, by its name."""

    name: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Chain:
    """One after the other; nothing at all, if it has no parts."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Alternatives:
    """One of several."""

    options: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """Something a number of times: `?` is at most once, `*` any number of times, `+` at least once."""

    inner: Expression
    sign: str

    @property
    def may_lack(self) -> bool:
        """Whether nothing is enough."""
        return self.sign in "?*"

    @property
    def may_recur(self) -> bool:
        """Whether it may come again."""
        return self.sign in "*+"


Expression: TypeAlias = Symbol | Chain | Alternatives | Repeat


def symbols(expression: Expression) -> Iterator[Symbol]:
    """Give what an expression names, in order, each mention of it."""
    match expression:
        case Symbol():
            yield expression
        case Chain(parts) | Alternatives(parts):
            for part in parts:
                yield from symbols(part)
        case Repeat(inner):
            yield from symbols(inner)


@dataclass(frozen=True, slots=True)
class Automaton:
    """An expression as positions, one for each mention of a symbol, and which may come after which.

    Attributes:
        names: What stands at each position.
        first: Positions that may come first.
        follow: For each position those that may come next.
        last: Positions after which nothing more has to come.
        may_lack: Whether nothing at all will do.
    """

    names: tuple[str, ...]
    first: tuple[int, ...]
    follow: tuple[tuple[int, ...], ...]
    last: tuple[int, ...]
    may_lack: bool

    def after(self, position: int | None) -> tuple[int, ...]:
        """Give the positions that may come after one; None is the beginning."""
        return self.first if position is None else self.follow[position]

    def is_enough(self, position: int | None) -> bool:
        """Whether nothing more has to come after a position; None is the beginning."""
        return self.may_lack if position is None else position in self.last

    @property
    def clash(self) -> str | None:
        """A name of which one could not tell which mention of it is meant; None where there is no such name."""
        for positions in (self.first, *self.follow):
            seen: set[str] = set()
            for name in (self.names[position] for position in positions):
                if name in seen:
                    return name
                seen.add(name)
        return None


@dataclass(frozen=True)
class Sequence:
    """What may happen at a place, in which order.

    Attributes:
        owner: What it is about: a type, for the elements of that type; else the place of that name. The type of the
            state stands for the whole stream.
        place: Name of the place; empty for the stream.
        expression: As bound: a symbol is the tag of an event, as the spec writes it, or the name of a place.
        text: As written, on one line.
        span: Where the owner is written.
    """

    owner: str
    place: str
    expression: Expression
    text: str
    span: Span = field(compare=False)

    @cached_property
    def automaton(self) -> Automaton:
        """The automaton that it is."""
        return automaton(self.expression)


def automaton(expression: Expression) -> Automaton:
    """Make the automaton of an expression."""
    maker = _Maker()
    may_lack, first, last = maker.walk(expression)
    return Automaton(
        names=tuple(maker.names),
        first=tuple(sorted(first)),
        follow=tuple(tuple(sorted(positions)) for positions in maker.follow),
        last=tuple(sorted(last)),
        may_lack=may_lack,
    )


class _Maker:
    """Numbers the mentions and collects what follows what, as Glushkov does."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.follow: list[set[int]] = []

    def walk(self, expression: Expression) -> tuple[bool, set[int], set[int]]:
        """Give whether nothing is enough, which positions may come first, and which last."""
        match expression:
            case Symbol(name):
                self.names.append(name)
                self.follow.append(set())
                here = {len(self.names) - 1}
                return False, here, set(here)
            case Chain(parts):
                may_lack, first, last = True, set[int](), set[int]()
                for part in parts:
                    lacks, begins, ends = self.walk(part)
                    self._join(last, begins)
                    first |= begins if may_lack else set()
                    last = ends | (last if lacks else set())
                    may_lack = may_lack and lacks
                return may_lack, first, last
            case Alternatives(options):
                walked = [self.walk(option) for option in options]
                return (
                    any(lacks for lacks, _, _ in walked),
                    set().union(*(begins for _, begins, _ in walked)),
                    set().union(*(ends for _, _, ends in walked)),
                )
            case Repeat(inner) as repeat:
                lacks, begins, ends = self.walk(inner)
                if repeat.may_recur:
                    self._join(ends, begins)
                return lacks or repeat.may_lack, begins, ends

    def _join(self, before: set[int], after: set[int]) -> None:
        for position in before:
            self.follow[position] |= after
