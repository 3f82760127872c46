"""What may come right before an event and right after it, as sequences and places have it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from . import ir
from .laws import STREAM
from .sequences import Alternatives, Automaton, Repeat, Sequence, Symbol, symbols


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of what may stand at a place, and what may happen there.

    Attributes:
        records: The types that it is; empty where the place has no types, or one order for all of them.
        sequence: What may happen there in which order; None where nothing does. Where the spec gives no order, events
            and places that are in no other order come as they like.
    """

    records: tuple[str, ...]
    sequence: Sequence | None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What may come on one side of an event, among the events of the same element.

    Attributes:
        records: Types of the element for which that is so; empty where its type makes no difference.
        tags: The events, each once.
        is_edge: Whether there may also be nothing: the stream begins or ends.
    """

    records: tuple[str, ...]
    tags: tuple[str, ...]
    is_edge: bool


def sequences_at(spec: ir.Spec, place: str) -> tuple[Sequence, ...]:
    """Give the sequences of a place, or of the stream, whose name is empty."""
    return tuple(sequence for sequence in spec.sequences if sequence.place == place)


def kinds_at(spec: ir.Spec, name: str) -> tuple[Kind, ...]:
    """Give the kinds of what may stand at a place, those without a sequence together at the end."""
    place = spec.place(name)
    by_owner = {sequence.owner: sequence for sequence in sequences_at(spec, name)}
    records = place.records if place else spec.records_of(spec.state_type) if spec.state else ()
    if not any(record in by_owner for record in records):
        return (Kind((), next(iter(by_owner.values()), _any_order(spec, name))),)
    kinds = [Kind((record,), by_owner[record]) for record in records if record in by_owner]
    others = tuple(record for record in records if record not in by_owner)
    return (*kinds, Kind(others, _any_order(spec, name))) if others else tuple(kinds)


def _any_order(spec: ir.Spec, name: str) -> Sequence | None:
    """Give the sequence of what is at a place, but in no sequence that the spec has."""
    place = spec.place(name)
    if place is None:
        return None
    ordered = {symbol.name for sequence in sequences_at(spec, name) for symbol in symbols(sequence.expression)}
    free = [each.tag for each in spec.events if each.place == name and not (each.opens or each.closes or each.anytime)]
    free += [each.name for each in spec.places if each.outer == name]
    options = tuple(Symbol(each, place.span) for each in free if each not in ordered)
    if not options:
        return None
    return Sequence(name, name, Repeat(Alternatives(options), "*"), "", place.span)


def kinds_with(spec: ir.Spec, event: ir.Event) -> tuple[str, ...]:
    """Give the types in whose sequences an event has its turn; nothing where all that may stand at its place do."""
    kinds = kinds_at(spec, event.place)
    found = [kind for kind in kinds if kind.sequence is not None and event.tag in kind.sequence.automaton.names]
    return () if len(found) == len(kinds) else tuple(record for kind in found for record in kind.records)


def openers(spec: ir.Spec, place: str) -> tuple[str, ...]:
    """Give the tags of the events that open a place."""
    return tuple(event.tag for event in spec.events if event.opens == place)


def closers(spec: ir.Spec, place: str) -> tuple[str, ...]:
    """Give the tags of the events that close a place."""
    return tuple(event.tag for event in spec.events if event.closes == place)


def before(spec: ir.Spec, event: ir.Event) -> tuple[Neighbours, ...]:
    """Give what may come right before an event; nothing where no sequence says so."""
    if event.closes:
        return _Finder(spec, _backward).within(event.closes)
    return _Finder(spec, _backward).beside(event)


def after(spec: ir.Spec, event: ir.Event) -> tuple[Neighbours, ...]:
    """Give what may come right after an event; nothing where no sequence says so."""
    if event.opens and event.opens != STREAM:
        return _Finder(spec, _forward).within(event.opens)
    if any(end.kind == "error" for end in event.ends):
        failures = (each.tag for each in spec.events if any(end.kind == "failed" for end in each.ends))
        return (Neighbours((), tuple(failures), True),)
    return _Finder(spec, _forward).beside(event)


@dataclass(frozen=True, slots=True)
class _Way:
    """One of the two directions in which a sequence is read.

    Attributes:
        edge: Positions that are next to what is around the sequence.
        next: For a position those that are next to it.
        near: The events that a place shows to that side: its openers, or its closers.
        far: Those on its other side, which are next to all that happens there.
    """

    edge: Callable[[Automaton], tuple[int, ...]]
    next: Callable[[Automaton, int], tuple[int, ...]]
    near: Callable[[ir.Spec, str], tuple[str, ...]]
    far: Callable[[ir.Spec, str], tuple[str, ...]]


def _preceding(automaton: Automaton, position: int) -> tuple[int, ...]:
    return tuple(other for other, following in enumerate(automaton.follow) if position in following)


_forward = _Way(lambda found: found.last, lambda found, at: found.follow[at], openers, closers)
_backward = _Way(lambda found: found.first, _preceding, closers, openers)


class _Finder:
    """Looks for what is next to an event in one direction."""

    def __init__(self, spec: ir.Spec, way: _Way) -> None:
        self._spec = spec
        self._way = way
        self._places = {place.name for place in spec.places}

    def within(self, place: str) -> tuple[Neighbours, ...]:
        """Give what is next to the event that opens a place, or closes it, on the side of the place."""
        found = []
        for kind in kinds_at(self._spec, place):
            tags, is_edge = self._inside(place, kind.sequence)
            found.append(Neighbours(kind.records, tags, is_edge))
        return _merged(found)

    def beside(self, event: ir.Event) -> tuple[Neighbours, ...]:
        """Give what is next to an event, or to the whole place that it opens or closes, in the sequences with it."""
        name, place = event.tag, event.place
        if event.opens in self._places or event.closes in self._places:
            name = event.opens if event.opens in self._places else event.closes
            place = self._outer(name)
        found = []
        for kind in kinds_at(self._spec, place):
            if kind.sequence is not None and name in kind.sequence.automaton.names:
                tags, is_edge = self._next(place, kind.sequence, name)
                found.append(Neighbours(kind.records, tags, is_edge))
        return _merged(found)

    def _outer(self, name: str) -> str:
        place = self._spec.place(name)
        return place.outer if place else ""

    def _inside(self, place: str, sequence: Sequence | None) -> tuple[tuple[str, ...], bool]:
        """Give what comes first in a place, seen from the event at its edge."""
        found = sequence.automaton if sequence else None
        tags: list[str] = []
        if found:
            # Read from the edge, so that what begins the sequence in one direction ends it in the other.
            inner = found.first if self._way is _forward else found.last
            tags += self._told(found.names[position] for position in inner)
        if found is None or found.may_lack:
            ends, is_edge = self._around(place)
            return self._ordered(tags, ends), is_edge
        return _once(tags), False

    def _next(self, place: str, sequence: Sequence, name: str) -> tuple[tuple[str, ...], bool]:
        found = sequence.automaton
        positions = [position for position, symbol in enumerate(found.names) if symbol == name]
        following = [other for position in positions for other in self._way.next(found, position)]
        tags = list(self._told(found.names[position] for position in following))
        if any(position in self._way.edge(found) for position in positions):
            ends, is_edge = self._around(place)
            return self._ordered(tags, ends), is_edge
        return _once(tags), False

    def _ordered(self, tags: Iterable[str], ends: Iterable[str]) -> tuple[str, ...]:
        """Put what is at the edge of a place where it comes: before all else, or behind it."""
        return _once([*tags, *ends] if self._way is _forward else [*ends, *tags])

    def _around(self, place: str) -> tuple[tuple[str, ...], bool]:
        """Give what is on the far edge of a place: its closers or openers, else what is next to the place itself."""
        if not place:
            return (), True
        tags = self._way.far(self._spec, place)
        if tags:
            return tags, False
        outer = self._outer(place)
        told = [
            self._next(outer, kind.sequence, place)
            for kind in kinds_at(self._spec, outer)
            if kind.sequence is not None and place in kind.sequence.automaton.names
        ]
        return _once(tag for tags, _ in told for tag in tags), any(is_edge for _, is_edge in told)

    def _told(self, names: Iterable[str]) -> Iterable[str]:
        """Give events for the names in a sequence: of a place those that it shows to that side."""
        for name in names:
            if name not in self._places:
                yield name
            else:
                # What nothing closes ends with the last thing that happens there.
                yield from self._way.near(self._spec, name) or (
                    tag for found in self.within(name) for tag in found.tags
                )


def _once(tags: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tags))


def _merged(found: Iterable[Neighbours]) -> tuple[Neighbours, ...]:
    """Put the types together for which the same is so; types make no difference where it is so for all of them."""
    merged: dict[tuple[tuple[str, ...], bool], tuple[str, ...]] = {}
    for each in found:
        key = (each.tags, each.is_edge)
        merged[key] = (*merged.get(key, ()), *each.records)
    if len(merged) == 1:
        merged = dict.fromkeys(merged, ())
    return tuple(Neighbours(records, tags, is_edge) for (tags, is_edge), records in merged.items())
