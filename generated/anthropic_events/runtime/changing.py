"""A valid stream that can be changed: its events and members, other values for them, and the stream with those."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

from .encoding import encode, encode_any
from .findings import RuleDoc
from .growing import is_list
from .lifecycle import STREAM, Event, Hold, Lifecycle, shape_of
from .model import ABSENT, Model
from .paths import Steps, copied, look_up
from .sampling import Sampler
from .shape import Const, Type, Values
from .telling import is_object
from .wire import WireObject, WireValue
from .wire_members import LEFT_OUT, Member, exchanged, members_within, not_null, type_within, with_member

_OTHERS = 8
"""How many other values of a set are tried."""


class Changed(NamedTuple):
    """A stream that was changed."""

    events: list[Any]
    """What stays as it is is an event, what is changed a wire object."""

    line: tuple[int, str] | None = None
    """An event, and the `event:` line under which it is sent, if that is not its tag."""


class ValidStream:
    """A valid stream that can be changed so that a rule is broken.

    Attributes:
        lifecycle: What a valid stream is.
        sampler: Makes up values.
        events: The stream.
        donors: Events that there can be in a stream.
        wires: The events on the wire.
        laws: What is known of the events.
        rule: Id of the rule that is to be broken.
        kind: Its kind.
        place: The place that it is about; empty where that is the stream.
        opened: The name by which events open that.
    """

    def __init__(
        self,
        lifecycle: Lifecycle,
        sampler: Sampler,
        events: Sequence[Any],
        donors: Sequence[Any],
        rule: str,
        doc: RuleDoc,
    ) -> None:
        """Take a stream to be changed.

        Args:
            lifecycle: What a valid stream is.
            sampler: Makes up values.
            events: The stream.
            donors: Events that there can be in a stream.
            rule: Id of the rule that is to be broken.
            doc: What there is to say about it.
        """
        self.lifecycle = lifecycle
        self.sampler = sampler
        self.events = list(events)
        self.donors = donors
        self.wires: list[WireObject] = [copied(encode(event)) for event in events]
        self._models: list[type[Model]] = list(map(type, events))
        self.laws = [lifecycle.events[model] for model in self._models]
        self.rule = rule
        self.kind = doc.kind
        # An event is about the stream where it names no place, but opens it by its name.
        self.place = "" if doc.place == STREAM else doc.place
        self.opened = doc.place

    # --- Which events ---

    def where(self, wanted: Callable[[Event], bool]) -> list[int]:
        """Give the events of which something is true."""
        return [at for at, law in enumerate(self.laws) if wanted(law)]

    def is_step(self, law: Event) -> bool:
        """Whether an event is about the place, and neither opens nor closes anything."""
        return law.place == self.place and not (law.opens or law.closes or law.ends or law.anytime)

    def is_within(self, place: str) -> bool:
        """Whether a place is the one that the rule is about, or in it."""
        return self.place in ("", *(each.name for each in self.lifecycle.chains[place]))

    def brings_whole(self, law: Event) -> bool:
        """Whether an event repeats what came in pieces."""
        return not law.opens and any(change in self.lifecycle.finished for change in law.changes)

    def address(self, at: int) -> tuple[object, ...]:
        """Give the keys of what an event is about, from the outside in."""
        return tuple(
            next((key for path in place.keys if (key := look_up(self.wires[at], path)) not in (None, ABSENT)), None)
            for place in self.lifecycle.chains[self.laws[at].place]
        )

    def readdressed(self, wire: WireObject, law: Event, opener: int) -> WireObject:
        """Make an event be about what another one opens."""
        for place in self.lifecycle.chains[self.place]:
            for path in place.keys:
                if (key := look_up(self.wires[opener], path)) is not ABSENT and look_up(wire, path) is not ABSENT:
                    wire = with_member(wire, path, key)
        for same in law.same:
            announced = members_within(opener, self.wires[opener], self._models[opener], ())
            repeated = [member.value for member in announced if member.path[-len(same.path) :] == same.path]
            if repeated and same.name in wire:
                wire = {**wire, same.name: repeated[0]}
        return wire

    # --- Which members ---

    def members(self, wanted: Callable[[Member], object]) -> list[Member]:
        """Give the members of all objects in the stream that are of interest, those of the last events first."""
        found: list[Member] = []
        for at in range(len(self.wires) - 1, -1, -1):
            found += filter(wanted, members_within(at, self.wires[at], self._models[at], ()))
        return found

    def named(self, what: str) -> list[Member]:
        """Give the members whose name the id of the rule begins with, before a word."""
        return self.members(lambda member: self.is_meant(member.name, what))

    def is_meant(self, name: str, what: str) -> bool:
        """Whether the id of the rule is that of a member, with a word behind it."""
        return f"{self.lifecycle.stem(name)}-{what}" == self.rule

    def texts(self) -> set[str]:
        """Give the names of members that hold texts which come in pieces."""
        found: set[str] = set()
        for shapes in self.lifecycle.texts.values():
            for changes in shapes.values():
                found |= {shape_of(change.path)[-1] for change in changes if change.path}
        for change in self.lifecycle.finished:
            found |= set((change.source or ())[-1:])
        return found

    def is_of_place(self, member: Member) -> bool:
        """Whether a member is one of something at the place, or of the state of the stream."""
        for change in self.laws[member.at].changes:
            source = change.source
            if change.place != self.place or change.does != "set" or source is None:
                continue
            if member.path == ((*source, member.name) if not change.path else source):
                return True
        # An element stands in the list of its place.
        name, element = member.path[-3:-1] if len(member.path) > 2 else ("", "")
        return bool(self.place) and isinstance(element, int) and name == self.lifecycle.places[self.place].path[-1]

    def member_at(self, at: int, path: Steps) -> Member:
        """Give what is somewhere in an event, be it nothing."""
        value: WireValue = self.wires[at]
        declared: Type | None = self._models[at]
        for step in path:
            declared = type_within(declared, value, step)
            value = look_up(value, (step,))
        return Member(at, path, value, declared)

    def _elements(self, member: Member) -> Iterator[Member]:
        """Give the elements of a list."""
        for position in range(len(cast("list[Any]", member.value)) if is_list(member.value) else 0):
            yield self.member_at(member.at, (*member.path, position))

    # --- Other values ---

    def others(self, member: Member) -> Iterator[Any]:
        """Give other values for a member."""
        value = member.value
        if isinstance(value, bool):
            yield not value
        elif isinstance(value, (int, float)):
            yield value + 1
        elif isinstance(value, str):
            match not_null(member.declared):
                case Const(values):
                    yield from (each for each in values if each != value)
                case Values(_, values):
                    yield from [each for each in sorted(values) if each != value][:_OTHERS]
                case _:
                    yield f"{value}_2"
        elif isinstance(value, list) and value:
            yield value[:-1]
            yield [*value, copied(value[-1])]
        elif member.declared is not None:
            yield encode_any(self.sampler.value(member.declared, member.name, 1))

    def untrue(self, member: Member, hold: Hold) -> Iterator[Any]:
        """Give values for a member with which a statement about it is not true."""
        if hold.relation == "is json":
            yield str(member.value)[:-1]
        elif hold.relation == "!=" and not hold.paths:
            yield from (list(value) if isinstance(value, tuple) else value for value in hold.values)
        elif hold.paths:
            parts = [look_up(self.wires[member.at], path) for path in hold.paths]
            total = sum(part for part in parts if isinstance(part, (int, float)))
            yield from (total + 1, total - 1, total)
        elif hold.relation in (">=", "<=") and isinstance(hold.values[0], (int, float)):
            yield hold.values[0] + (1 if hold.relation == "<=" else -1)
        else:
            yield from self.others(member)
            yield None

    # --- Changed streams ---

    def with_others(self, wanted: Callable[[Member], bool]) -> Iterator[Changed]:
        """Give members other values."""
        for member in self.members(wanted):
            for other in self.others(member):
                yield from self.spread(member, other)

    def with_other_elements(self, lists: Iterable[Member]) -> Iterator[Changed]:
        """Give elements of lists other values."""
        for member in lists:
            for element in self._elements(member):
                for other in self.others(element):
                    yield from self.spread(element, other)

    def spread(self, member: Member, other: Any) -> Iterator[Changed]:
        """Give a member another value: here, wherever its object comes, from here on, and wherever it has the value."""
        yield from self.here(member, other)
        holder = look_up(self.wires[member.at], member.path[:-1])
        if len(member.path) > 1 and is_object(holder):
            yield self.everywhere(holder, with_member(cast("WireObject", holder), member.path[-1:], other))
        if other is not LEFT_OUT and member.value and member.value is not True:
            for begin in (member.at, 0):
                yield self.everywhere(member.value, other, name=member.name, begin=begin)

    def here(self, member: Member, other: Any) -> Iterator[Changed]:
        """Give a member another value where it is."""
        yield self.replaced({member.at: with_member(self.wires[member.at], member.path, other)})

    def everywhere(self, value: Any, other: Any, *, name: str | None = None, begin: int = 0) -> Changed:
        """Put another value wherever one stands, in members of a name if one is given, from an event on."""
        return self.replaced(
            {at: exchanged(self.wires[at], value, other, name) for at in range(begin, len(self.wires))}
        )

    def replaced(self, changed: Mapping[int, WireObject]) -> Changed:
        """Put other objects in the place of events."""
        return Changed([changed.get(at, event) for at, event in enumerate(self.events)])

    def without(self, at: int) -> Changed:
        """Leave an event out."""
        return self.numbered([*self.wires[:at], *self.wires[at + 1 :]])

    def with_event(self, to: int, wire: WireObject) -> Changed:
        """Put an event in."""
        return self.numbered([*self.wires[:to], wire, *self.wires[to:]])

    def numbered(self, wires: Sequence[WireObject]) -> Changed:
        """Count events anew, those that have a number."""
        counter = self.lifecycle.counter
        if not counter:
            return Changed(list(wires))
        first = self.wires[0].get(counter, 0)
        return Changed(
            [{**wire, counter: number} if counter in wire else wire for number, wire in enumerate(wires, first)]
        )

    def counted_on(self, begin: int, name: str) -> Changed:
        """Count one more from an event on."""
        tag = self.laws[begin].tag
        counted = {
            at: {**wire, name: wire[name] + 1}
            for at, wire in enumerate(self.wires)
            if at >= begin
            and type(wire.get(name)) is int
            and (name == self.lifecycle.counter or self.laws[at].tag == tag)
        }
        return self.replaced(counted)
