"""What the events of a spec do to the elements of a stream, and to its state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from ...model import ir
from ...model.laws import STREAM
from ...model.sequences import Sequence
from .runtime.planning import Path


@dataclass(frozen=True, slots=True)
class Change:
    """What a statement of an event does to the element that the event is about, or to an outer one.

    Attributes:
        place: The place of that element; empty for the state.
        leaf: Members on the way from the element to what is changed, or to the list in which it is.
        record: What the element has to be; empty where anything will do.
        index: Member of the event that tells the position in a list, empty where there is none.
        is_put: Whether something is put into a list.
        rest: Members on the way from an element of a list to a text that grows there; empty where nothing does.
        fold: The statement.
    """

    place: str
    leaf: Path
    record: str
    index: Path
    is_put: bool
    rest: Path
    fold: ir.Fold

    @property
    def source(self) -> Path:
        """Members on the way to the value in the event; empty where it is none of the event."""
        return self.fold.source.path if self.fold.source else ()


@dataclass(frozen=True, slots=True)
class Way:
    """One thing that can be said with an event.

    Attributes:
        name: Its name among all that is sent: the tag, or `tag#way` where there are several for one event.
        changes: What it does.
        chosen: Records that the objects in the event are, by the path to them.
    """

    name: str
    event: ir.Event
    changes: tuple[Change, ...]
    chosen: tuple[tuple[Path, str], ...]


class Effects:
    """Knows what events do, and which of them begin and end elements.

    Args:
        spec: The spec.

    Attributes:
        places: The places of the spec, by name.
        opener: The event that begins a stream, None where there is none.
    """

    def __init__(self, spec: ir.Spec) -> None:
        self._spec = spec
        self.places = {place.name: place for place in spec.places}
        self.opener = self._first(lambda event: event.opens == STREAM)
        self._about: dict[tuple[str, str], tuple[ir.Event, ...]] = {}

    def _first(self, is_meant: Callable[[ir.Event], bool]) -> ir.Event | None:
        found = [event for event in self._spec.events if is_meant(event)]
        return next((event for event in found if not event.deprecated), found[0] if found else None)

    def opener_of(self, place: str) -> ir.Event | None:
        """Give the event that opens the elements at a place."""
        return self._first(lambda event: event.opens == place)

    def closer_of(self, place: str) -> ir.Event | None:
        """Give the event that closes the elements at a place."""
        return self._first(lambda event: event.closes == place)

    def chain(self, place: str) -> tuple[ir.Place, ...]:
        """Give a place and those around it, the outermost first."""
        return tuple(self.places[name] for name in reversed(self._spec.around(place)))

    def inner_of(self, place: str) -> tuple[ir.Place, ...]:
        """Give the places that are directly within one; those of the stream for an empty name."""
        return tuple(
            each for each in self._spec.places if each.outer == place and self.opener_of(each.name) is not None
        )

    def kinds_at(self, place: ir.Place) -> tuple[str, ...]:
        """Give the records whose elements are built at a place; the empty name stands for whatever is there."""
        opener = self.opener_of(place.name)
        if opener is None:
            return ()
        source = self.element_of(opener)
        if not source or not place.records:
            return ("",)
        return place.records

    def changes(self, event: ir.Event) -> tuple[Change, ...]:
        """Give what an event does; what it does for each element of a list is left out."""
        return self._changes[event.record.name]

    @cached_property
    def _changes(self) -> dict[str, tuple[Change, ...]]:
        """What each event does, by the name of its record."""
        return {
            event.record.name: tuple(
                change for fold in _plain(event.folds) if (change := self._change(event, fold)) is not None
            )
            for event in self._spec.events
        }

    def _change(self, event: ir.Event, fold: ir.Fold) -> Change | None:
        """Give what a statement does; None where it does more than a builder can say."""
        within = ir.Place("", (), (), in_state=False)
        for place in self.chain(event.place):
            if not (place.is_on(fold.steps) and place.is_meant(fold.steps[len(place.way) - 1])):
                break
            within = place
        rest = fold.steps[len(within.way) :]
        record = ""
        tracked = self.places.get(event.place)
        if tracked is not None and not tracked.in_state:
            # The place is none of the state, so what happens there is what it does to an element somewhere.
            within = tracked
            last = max((at for at, step in enumerate(fold.steps) if isinstance(step, ir.Element)), default=-1)
            rest = fold.steps[last + 1 :]
        if within.in_state and within.name:
            element = fold.steps[len(within.way) - 1]
            record = element.record if isinstance(element, ir.Element) else ""
        index: Path = ()
        at = next((at for at, step in enumerate(rest) if isinstance(step, ir.Element)), len(rest))
        listed, inside = rest[:at], rest[at + 1 :]
        if at < len(rest):
            element = rest[at]
            is_told = fold.operator is (ir.Operator.ADD if inside else ir.Operator.SET)
            if not is_told or not isinstance(element, ir.Element) or not isinstance(element.selector, ir.Position):
                return None
            index = element.selector.source.path
        is_put = at < len(rest) and not inside
        if fold.operator is ir.Operator.ADD and rest and isinstance(rest[-1].type, ir.ListOf):
            is_put = True
        if (inside and is_put) or not all(isinstance(step, ir.Member) for step in inside):
            return None
        return Change(within.name, _members(listed), record, index, is_put, _members(inside), fold)

    @cached_property
    def told_later(self) -> frozenset[str]:
        """Members of the state that nobody knows when the stream begins: why it ended, and what is said to be empty."""
        found: set[str] = set()
        for event in self._spec.events:
            ways = [way for way in (event.reason, *event.errors) if event.ends and way]
            if event is self.opener:
                ways += [hold.path for hold in event.holds if hold.relation == "=" and hold.values in ((None,), ((),))]
            snapshot = event.snapshot or ()
            for way in ways if snapshot else ():
                name = way[len(snapshot)] if way[: len(snapshot)] == snapshot and len(way) > len(snapshot) else None
                found |= {name} if isinstance(name, str) else set()
        return frozenset(found)

    def element_of(self, event: ir.Event) -> Path:
        """Give the path in an event to the element that it opens or closes; empty where it carries none."""
        for change in self.changes(event):
            is_whole = change.place == event.place and not change.leaf and not change.is_put
            if is_whole and change.place and change.source and change.fold.operator is ir.Operator.SET:
                return change.source
        return ()

    def sequence_of(self, place: str, record: str) -> Sequence | None:
        """Give the sequence of the elements of a type at a place."""
        owners = [record, place] if place else [record, STREAM]
        found = (each for each in self._spec.sequences if each.place == place and each.owner in owners)
        return next(found, None)

    def fits(self, event: ir.Event, place: str, record: str) -> bool:
        """Whether an event at a place can be about an element of a type."""
        if not record:
            return True
        sequence = self.sequence_of(place, record)
        if sequence is not None:
            return event.tag in sequence.automaton.names
        if any(event.tag in each.automaton.names for each in self._spec.sequences if each.place == place):
            return False
        named = {change.record for change in self.changes(event) if change.place == place and change.record}
        return not named or record in named

    def about(self, place: str, record: str) -> tuple[ir.Event, ...]:
        """Give the events at a place that can be about an element of a type."""
        if (place, record) not in self._about:
            self._about[place, record] = tuple(
                event for event in self._spec.events if event.place == place and self.fits(event, place, record)
            )
        return self._about[place, record]

    @cached_property
    def texts(self) -> frozenset[tuple[str, Path]]:
        """The texts that are built by pieces, by the place of the element and the way from there."""
        return frozenset(
            (change.place, change.leaf)
            for event in self._spec.events
            for change in self.changes(event)
            if self.appends(change)
        )

    def grows(self, change: Change) -> bool:
        """Whether a statement adds a piece to a text in an element of a list."""
        return bool(change.rest) and bool(change.leaf) and ir.Kind.STRING in ir.kinds(change.fold.steps[-1].type)

    def gathers(self, change: Change) -> bool:
        """Whether a statement repeats a list in whose elements texts grow."""
        is_set = change.fold.operator is ir.Operator.SET and not (change.is_put or change.rest)
        return is_set and bool(change.source) and (change.place, change.leaf) in self._indexes

    @cached_property
    def _indexes(self) -> dict[tuple[str, Path], Path]:
        """The lists in whose elements texts grow, each with the member that events give the position in."""
        return {
            (change.place, change.leaf): change.index
            for event in self._spec.events
            for change in self.changes(event)
            if self.grows(change)
        }

    def appends(self, change: Change) -> bool:
        """Whether a statement adds a piece to a text, of words or of JSON."""
        source = change.fold.source
        return (
            change.fold.operator is ir.Operator.ADD
            and not (change.is_put or change.rest)
            and source is not None
            and ir.Kind.STRING in ir.kinds(source.type)
        )

    def finishes(self, change: Change) -> bool:
        """Whether a statement repeats a text that was built by pieces."""
        return (
            change.fold.operator is ir.Operator.SET
            and not (change.is_put or change.rest)
            and bool(change.source)
            and (change.place, change.leaf) in self.texts
        )

    def ways(self, event: ir.Event) -> tuple[Way, ...]:
        """Give what can be said with an event: one thing, or one for each alternative of an object in it.

        Where it adds to another text in elements of another type, it is one thing for each of those.
        """
        changes = self.changes(event)
        groups: dict[Path, list[Change]] = {}
        for change in changes:
            if change.source and self._choice(event, change.source) is not None:
                groups.setdefault(change.source, []).append(change)
        if event.opens or event.closes or event.ends:
            return (Way(event.tag, event, changes, ()),)
        grown = [each for each in changes if each.place == event.place and each.record and self.appends(each)]
        if not groups and len({each.leaf for each in grown}) > 1:
            return tuple(
                Way(f"{event.tag}#{record}", event, tuple(each for each in changes if each.record in ("", record)), ())
                for record in dict.fromkeys(each.record for each in grown)
            )
        if not groups:
            return (Way(event.tag, event, changes, ()),)
        found = []
        for source, group in groups.items():
            choice = self._choice(event, source)
            assert choice is not None
            name = f"{event.tag}#{'.'.join(source)}"
            found.append(Way(name, event, tuple(group), (choice,)))
        return tuple(found)

    def _choice(self, event: ir.Event, source: Path) -> tuple[Path, str] | None:
        """Give the record that an object of an event has to be for it to have the member at a path."""
        declared: ir.Type = ir.RecordRef(event.record.name)
        for place, name in enumerate(source):
            if isinstance(declared, ir.UnionRef):
                for record in self._spec.records_of(declared):
                    if self._spec.records[record].field(name) is not None and self._spec.records[record].tags:
                        return source[:place], record
                return None
            field = next(
                (found for each in self._spec.records_of(declared) if (found := self._spec.records[each].field(name))),
                None,
            )
            if field is None:
                return None
            declared = field.type
        return None

    def position_of(self, change: Change, event: ir.Event) -> Path:
        """Give the member of an event that says which element of the list that it repeats is complete; empty if none.

        It is called as in the events that add to the texts of these elements.
        """
        index = self._indexes[change.place, change.leaf]
        return index if len(index) == 1 and event.record.field(index[0]) is not None else ()

    def ungrown(self, change: Change) -> tuple[ir.Field, ...]:
        """Give the members, of the elements of a list that an event repeats, beside the texts that grow there."""
        grown = {
            each.rest[0]
            for event in self._spec.events
            for each in self.changes(event)
            if self.grows(each) and (each.place, each.leaf) == (change.place, change.leaf)
        }
        listed = change.fold.steps[-1].type
        records = self._spec.records_of(listed.item) if isinstance(listed, ir.ListOf) else ()
        fields = self._spec.records[records[0]].fields if len(records) == 1 else ()
        return tuple(
            field
            for field in fields
            if field.name not in grown and not field.deprecated and not isinstance(field.type, ir.Literal)
        )

    def element_type(self, change: Change) -> ir.Type:
        """Give the type of the elements in which a text grows."""
        return change.fold.steps[-len(change.rest) - 1].type


def _plain(statements: tuple[ir.Statement, ...] | None) -> Iterator[ir.Fold]:
    """Give the changes that are not made for each element of a list."""
    for statement in statements or ():
        match statement:
            case ir.Fold():
                yield statement
            case ir.When(do=inner):
                yield from _plain(inner)
            case ir.Each():
                pass


def _members(steps: tuple[ir.Step, ...]) -> Path:
    return tuple(step.name for step in steps if isinstance(step, ir.Member))
