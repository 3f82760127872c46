"""A stream as a spec says that it goes: short, and through each of its places."""

from __future__ import annotations

from dataclasses import dataclass

from . import ir
from .laws import STREAM
from .neighbours import Kind, closers, kinds_at, openers
from .sequences import Alternatives, Chain, Expression, Repeat, Symbol, symbols


@dataclass(frozen=True, slots=True)
class Stay:
    """How long something is open.

    Attributes:
        place: Name of the place; empty for the stream.
        record: Type of what is open; empty where that makes no difference.
        number: How many others have been opened before, in the same element around it.
        depth: How many places are around it; the stream is around all of them.
        begin: Number of the event that opens it, from 0.
        end: Number of the last event that is about it, which closes it if any does.
    """

    place: str
    record: str
    number: int
    depth: int
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Walk:
    """A stream: the tags of its events, and what is open when, that which opens first coming first."""

    tags: tuple[str, ...]
    stays: tuple[Stay, ...]


def walk(spec: ir.Spec) -> Walk:
    """Give a stream that has every place in it that sequences lead to, and else takes the first way that there is.

    What may be left out is, unless it leads to a place; what may be repeated comes once.
    """
    return _Walker(spec).walk()


class _Walker:
    def __init__(self, spec: ir.Spec) -> None:
        self._spec = spec
        self._places = {place.name for place in spec.places}
        self._seen: set[str] = set()
        self._tags: list[str] = []
        self._stays: list[Stay] = []

    def walk(self) -> Walk:
        kind = self._kind("")
        if kind.sequence is not None:
            self._go(kind.sequence.expression, 0, {})
        else:
            self._free()
        stream = Stay("", "", 0, 0, 0, len(self._tags) - 1)
        return Walk(tuple(self._tags), (stream, *sorted(self._stays, key=lambda stay: (stay.begin, stay.depth))))

    def _free(self) -> None:
        """Go through a stream of which the spec only says what its places are."""
        self._tags += openers(self._spec, STREAM)[:1]
        numbers: dict[str, int] = {}
        for place in self._spec.places:
            if not place.outer:
                self._enter(place.name, 0, numbers)
        ends = [event.tag for event in self._spec.events if any(end.kind == "completed" for end in event.ends)]
        self._tags += ends[:1]

    def _kind(self, place: str) -> Kind:
        """Choose what stands at a place: what leads to a place that is new, else what has an order."""
        kinds = kinds_at(self._spec, place)
        ordered = [kind for kind in kinds if kind.sequence is not None]
        new = [kind for kind in ordered if kind.sequence is not None and self._leads_on(kind.sequence.expression)]
        return (new or ordered or list(kinds))[0]

    def _leads_on(self, expression: Expression) -> bool:
        """Whether something leads to a place that the walk has not been at."""
        names = {symbol.name for symbol in symbols(expression)} & self._places
        return bool(names - self._seen) or any(
            self._leads_on(kind.sequence.expression)
            for name in names
            for kind in kinds_at(self._spec, name)
            if kind.sequence is not None
        )

    def _go(self, expression: Expression, depth: int, numbers: dict[str, int]) -> None:
        match expression:
            case Symbol(name) if name in self._places:
                self._enter(name, depth, numbers)
            case Symbol(name):
                self._tags.append(name)
            case Chain(parts):
                for part in parts:
                    self._go(part, depth, numbers)
            case Alternatives(options):
                self._go(next((each for each in options if self._leads_on(each)), options[0]), depth, numbers)
            case Repeat(inner) as repeat:
                if repeat.may_recur or self._leads_on(inner):
                    self._go(inner, depth, numbers)
                seen = -1
                while repeat.may_recur and self._leads_on(inner) and seen != len(self._seen):
                    seen = len(self._seen)
                    self._go(inner, depth, numbers)

    def _enter(self, place: str, depth: int, numbers: dict[str, int]) -> None:
        """Open a place, go through what happens there, and close it.

        Args:
            depth: How many places are around it.
            numbers: How often each place was opened in the element around it.
        """
        opening = openers(self._spec, place)[:1]
        if not opening:
            return
        begin = len(self._tags)
        number = numbers.get(place, 0)
        numbers[place] = number + 1
        self._seen.add(place)
        self._tags += opening
        kind = self._kind(place)
        if kind.sequence is not None:
            self._go(kind.sequence.expression, depth + 1, {})
        self._tags += closers(self._spec, place)[:1]
        self._stays.append(Stay(place, next(iter(kind.records), ""), number, depth + 1, begin, len(self._tags) - 1))
