"""The ways to change a valid stream so that a rule is broken: for each kind of rule those that break such a one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple, TypeAlias, cast

from .encoding import encode, encode_any
from .findings import RuleDoc
from .growing import is_list
from .kinds import class_of, member_type
from .lifecycle import STREAM, By, Event, Hold, Lifecycle, shape_of
from .model import ABSENT, Model
from .paths import Steps, copied, look_up, put_down
from .sampling import Sampler
from .shape import SHAPES, Const, ListOf, MapOf, Nullable, Tagged, Type, Values
from .telling import is_object
from .wire import WireObject, WireValue

_OTHERS = 8
"""How many other values of a set are tried."""

_LEFT_OUT: Any = ...
"""Stands for a member that is taken out."""


class Changed(NamedTuple):
    """A stream that was changed."""

    events: list[Any]
    """What stays as it is is an event, what is changed a wire object."""

    line: tuple[int, str] | None = None
    """An event, and the `event:` line under which it is sent, if that is not its tag."""


class _Member(NamedTuple):
    """A member of an object in an event."""

    at: int
    """Which event of the stream."""

    path: Steps
    value: WireValue
    declared: Type | None
    """Its type, None where that is not known."""

    @property
    def name(self) -> str:
        return cast("str", self.path[-1])


class Changes:
    """A valid stream that can be changed.

    Args:
        lifecycle: What a valid stream is.
        sampler: Makes up values.
        events: The stream.
        donors: Events that there can be in a stream.
        rule: Id of the rule that is to be broken.
        doc: What there is to say about it.
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
        self._lifecycle = lifecycle
        self._sampler = sampler
        self._events = list(events)
        self._donors = donors
        self._wires: list[WireObject] = [copied(encode(event)) for event in events]
        self._models: list[type[Model]] = list(map(type, events))
        self._laws = [lifecycle.events[model] for model in self._models]
        self._rule = rule
        self._kind = doc.kind
        # An event is about the stream where it names no place, but opens it by its name.
        self._place = "" if doc.place == STREAM else doc.place
        self._opened = doc.place

    def all(self) -> Iterator[Changed]:
        """Give the stream changed in each of the ways that may break the rule, the simplest first."""
        for way in WAYS[self._kind]:
            yield from way(self)

    # --- Whole events ---

    def without_opener(self) -> Iterator[Changed]:
        """Leave out what opens the place, or the stream."""
        yield from map(self._without, self._where(lambda law: law.opens == self._opened))

    def without_closer(self) -> Iterator[Changed]:
        """Leave out what closes the place."""
        yield from map(self._without, self._where(lambda law: law.closes == self._opened))

    def without_end(self) -> Iterator[Changed]:
        """Cut the stream off before its last event."""
        yield Changed(self._events[:-1])

    def without_piece(self) -> Iterator[Changed]:
        """Leave out a piece of a text."""
        yield from map(self._without, self._where(_brings_piece))

    def without_step(self) -> Iterator[Changed]:
        """Leave out an event of the place, or of the stream, that neither opens nor closes anything."""
        yield from map(self._without, self._where(self._is_step))

    def opener_again(self) -> Iterator[Changed]:
        """Open once more what is open, or was."""
        for at in self._where(lambda law: law.opens == self._opened):
            for to in range(at + 1, len(self._events)):
                yield self._with(to, self._wires[at])

    def step_again(self) -> Iterator[Changed]:
        """Send an event of the place once more, at once and later."""
        for at in self._where(self._is_step):
            for to in range(at + 1, len(self._events) + 1):
                yield self._with(to, self._wires[at])

    def after_closer(self) -> Iterator[Changed]:
        """Send an event about something that was closed."""
        for closer in self._where(lambda law: law.closes == self._opened):
            address = self._address(closer)
            for at in range(closer, -1, -1):
                if self._address(at)[: len(address)] == address and not self._laws[at].opens:
                    yield self._with(closer + 1, self._wires[at])

    def after_end(self) -> Iterator[Changed]:
        """Send an event once more when the stream has ended."""
        for at in range(len(self._events) - 1, -1, -1):
            yield self._with(len(self._events), self._wires[at])

    def after_final(self) -> Iterator[Changed]:
        """Send a piece of a text after the whole."""
        for piece in self._where(_brings_piece):
            for final in self._where(self._brings_whole):
                if final > piece:
                    yield self._with(final + 1, self._wires[piece])

    def final_again(self) -> Iterator[Changed]:
        """Send the whole of a text once more."""
        for at in self._where(self._brings_whole):
            yield self._with(at + 1, self._wires[at])

    def empty_piece(self) -> Iterator[Changed]:
        """Send a piece with nothing in it."""
        for at in self._where(_brings_piece):
            for change in self._laws[at].changes:
                if change.does in ("text", "json") and isinstance(look_up(self._wires[at], change.source or ()), str):
                    yield self._with(at, _put(self._wires[at], change.source or (), ""))

    def out_of_order(self) -> Iterator[Changed]:
        """Send an event of the place, or of the stream, earlier or later."""
        for at in self._where(lambda law: self._is_step(law) or law.opens == self._opened):
            for to in range(len(self._events)):
                if to != at:
                    rest = [*self._wires[:at], *self._wires[at + 1 :]]
                    yield self._numbered([*rest[:to], self._wires[at], *rest[to:]])

    def overlapping(self) -> Iterator[Changed]:
        """Close something only after the next was opened."""
        openers = self._where(lambda law: law.opens == self._opened)
        for closer in self._where(lambda law: law.closes == self._opened):
            for opener in openers:
                if opener > closer:
                    between = [*self._wires[:closer], *self._wires[closer + 1 : opener + 1], self._wires[closer]]
                    yield self._numbered([*between, *self._wires[opener + 1 :]])

    def foreign(self) -> Iterator[Changed]:
        """Put in an event that is about another kind of thing."""
        for opener in self._where(lambda law: law.opens == self._opened):
            for donor in self._donors:
                law = self._lifecycle.events[type(donor)]
                if self._is_within(law.place) and not (law.closes == self._opened or law.opens == self._opened):
                    wire = self._readdressed(copied(encode(donor)), law, opener)
                    for to in range(opener + 1, min(opener + 3, len(self._events))):
                        yield self._with(to, wire)

    def another_line(self) -> Iterator[Changed]:
        """Send an event under the `event:` line of the one before."""
        for at in range(1, len(self._events)):
            if self._laws[at].tag != self._laws[at - 1].tag:
                yield Changed(self._events, (at, self._laws[at - 1].tag))

    # --- Members ---

    def without_member(self) -> Iterator[Changed]:
        """Leave out what each event of a kind has: its number, what it brings, or what it repeats."""
        for member in self._named("missing"):
            yield self._replaced({member.at: _put(self._wires[member.at], member.path, _LEFT_OUT)})

    def from_one(self) -> Iterator[Changed]:
        """Begin to count with one."""
        for at, wire in enumerate(self._wires):
            for counter in self._laws[at].counters:
                if self._is_meant(counter.name, "start") and type(wire.get(counter.name)) is int:
                    yield self._counted_on(at, counter.name)
                    break

    def number_skipped(self) -> Iterator[Changed]:
        """Leave a number out, or count an event twice."""
        for at, law in enumerate(self._laws):
            for counter in law.counters:
                if self._is_meant(counter.name, "step"):
                    yield self._counted_on(at, counter.name)
                    yield self._with(at + 1, self._wires[at])

    def without_key(self) -> Iterator[Changed]:
        """Do not say what an event is about."""
        for at, law in enumerate(self._laws):
            chain = self._lifecycle.chains[law.place]
            for path in chain[-1].keys if chain and chain[-1].name == self._place else ():
                if look_up(self._wires[at], path) is not ABSENT:
                    yield self._replaced({at: _put(self._wires[at], path, _LEFT_OUT)})

    def position_skipped(self) -> Iterator[Changed]:
        """Give something the position behind the next one, in all events about it."""
        for opener in self._where(lambda law: law.opens == self._opened):
            address = self._address(opener)
            path = self._lifecycle.places[self._place].keys[0]
            moved = {
                at: _put(self._wires[at], path, cast("Any", address[-1]) + 1)
                for at in range(opener, len(self._wires))
                if self._address(at)[: len(address)] == address and type(address[-1]) is int
            }
            yield self._replaced(moved)

    def element_skipped(self) -> Iterator[Changed]:
        """Put an element of a list at the position behind the next one."""
        for at, law in enumerate(self._laws):
            for change in law.changes:
                *way, last = change.path or ("",)
                if isinstance(last, By) and way and self._is_meant(str(way[-1]), "index-gap"):
                    for path in last.paths:
                        number = look_up(self._wires[at], path) if isinstance(path, tuple) else None
                        if type(number) is int:
                            yield self._replaced({at: _put(self._wires[at], cast("Steps", path), number + 1)})

    def another_repetition(self) -> Iterator[Changed]:
        """Give another value for what repeats a member."""
        for at, law in enumerate(self._laws):
            for same in law.same:
                if self._is_meant(same.name, "differs"):
                    member = self._at(at, (same.name,))
                    for other in self._others(member):
                        yield from self._here(member, other)

    def fixed_changed(self) -> Iterator[Changed]:
        """Give a member that has to stay as it is another value later on."""
        fixed = {name for kind in self._lifecycle.kinds.values() for name in kind.fixed}
        yield from self._with_others(lambda member: member.name in fixed and self._is_of_place(member))

    def kind_changed(self) -> Iterator[Changed]:
        """Repeat something as one of another kind."""
        for member in self._members(self._is_of_place):
            holder = _stripped(self._at(member.at, member.path[:-1]).declared) if len(member.path) > 1 else None
            shape = SHAPES.get(holder) if isinstance(holder, type) else None
            if member.name == (holder.tag if isinstance(holder, Tagged) else shape and shape.tag):
                kinds = list(holder.variants) if isinstance(holder, Tagged) else []
                for tag in (*kinds, f"{member.value}_2"):
                    if tag != member.value:
                        yield from self._spread(member, tag)

    def final_changed(self) -> Iterator[Changed]:
        """Repeat something otherwise after it was closed."""
        name = self._lifecycle.places[self._place].path[-1]
        closers = self._where(lambda law: law.closes == self._opened)
        after = closers[-1] if closers else len(self._laws)
        yield from self._with_others(lambda member: member.at > after and name in member.path[:-1])
        yield from self._with_other_elements(self._members(lambda member: member.at > after and member.name == name))

    def id_changed(self) -> Iterator[Changed]:
        """Repeat something under another id."""
        unique = {name for kind in self._lifecycle.kinds.values() for name in kind.unique}
        yield from self._with_others(lambda member: member.name in unique and self._is_of_place(member))

    def opened_full(self) -> Iterator[Changed]:
        """Open something with what is only announced later in it."""
        name = self._lifecycle.places[self._place].path[-1]
        listed = [member.value for member in self._members(lambda member: member.name == name) if member.value]
        outer = self._lifecycle.places[self._place].outer
        for member in self._members(lambda member: member.name == name and not member.value):
            if self._laws[member.at].opens == outer:
                for value in listed:
                    yield from self._here(member, value)

    def same_twice(self) -> Iterator[Changed]:
        """Give two things one id."""
        named = sorted(self._named("repeats"), key=lambda member: member.at)
        ids = dict.fromkeys(member.value for member in named if isinstance(member.value, str))
        for other, value in combinations(ids, 2):
            yield self._everywhere(value, other)

    def gone_back(self) -> Iterator[Changed]:
        """Take a member back to a value that it had left, or has passed by."""
        meant = self._members(lambda member: self._is_meant(member.name, "goes-back"))
        for first, last in combinations(sorted(meant, key=lambda member: member.at), 2):
            holder = look_up(self._wires[last.at], last.path[:-1])
            if first.path == last.path and first.value != last.value and is_object(holder):
                # Begin with what it ends with, and end with what it began with, wherever that is repeated.
                other = _put(cast("WireObject", holder), last.path[-1:], first.value)
                wires = {at: _exchanged(wire, holder, other, None) for at, wire in enumerate(self._wires)}
                wires[first.at] = _put(self._wires[first.at], first.path, last.value)
                yield self._replaced(wires)
        yield from self._with_others(lambda member: self._is_meant(member.name, "goes-back"))

    def list_emptied(self) -> Iterator[Changed]:
        """Repeat nothing of a list."""
        nothing: tuple[Any, ...] = ([], _LEFT_OUT, None)
        for member in self._named("missing"):
            for other in nothing if member.value else ():
                yield from self._spread(member, other)

    def list_cut(self) -> Iterator[Changed]:
        """Repeat a list with more or fewer elements."""
        yield from self._with_others(lambda member: self._is_meant(member.name, "count") and is_list(member.value))

    def list_changed(self) -> Iterator[Changed]:
        """Repeat an element of a list otherwise than it came."""
        yield from self._with_other_elements(self._named("changed"))

    def begun_text(self) -> Iterator[Changed]:
        """Announce a text that is not empty."""
        for member in self._members(lambda member: member.value == ""):
            if self._laws[member.at].opens not in ("", STREAM):
                yield from self._here(member, self._sampler.word())

    def text_changed(self) -> Iterator[Changed]:
        """Repeat a text otherwise."""
        texts = self._texts()
        yield from self._with_others(lambda member: member.name in texts and isinstance(member.value, str))

    def text_lost(self) -> Iterator[Changed]:
        """Do not repeat a text."""
        texts = self._texts()
        for member in self._members(lambda member: member.name in texts and isinstance(member.value, str)):
            for other in (_LEFT_OUT, None):
                yield from self._spread(member, other)

    def statement_broken(self) -> Iterator[Changed]:
        """Make an event say what is not to be true of it."""
        for at, law in enumerate(self._laws):
            for hold in law.holds:
                for path in _ways(self._wires[at], hold.path) if hold.rule == self._rule else ():
                    member = self._at(at, path)
                    for other in self._untrue(member, hold):
                        yield from self._spread(member, other)

    # --- Which events ---

    def _where(self, wanted: Callable[[Event], bool]) -> list[int]:
        return [at for at, law in enumerate(self._laws) if wanted(law)]

    def _is_step(self, law: Event) -> bool:
        return law.place == self._place and not (law.opens or law.closes or law.ends or law.anytime)

    def _is_within(self, place: str) -> bool:
        return self._place in ("", *(each.name for each in self._lifecycle.chains[place]))

    def _brings_whole(self, law: Event) -> bool:
        return not law.opens and any(change in self._lifecycle.finished for change in law.changes)

    def _address(self, at: int) -> tuple[object, ...]:
        """Give the keys of what an event is about, from the outside in."""
        return tuple(
            next((key for path in place.keys if (key := look_up(self._wires[at], path)) not in (None, ABSENT)), None)
            for place in self._lifecycle.chains[self._laws[at].place]
        )

    def _readdressed(self, wire: WireObject, law: Event, opener: int) -> WireObject:
        """Make an event be about what another one opens."""
        for place in self._lifecycle.chains[self._place]:
            for path in place.keys:
                if (key := look_up(self._wires[opener], path)) is not ABSENT and look_up(wire, path) is not ABSENT:
                    wire = _put(wire, path, key)
        for same in law.same:
            announced = _members(opener, self._wires[opener], self._models[opener], ())
            repeated = [member.value for member in announced if member.path[-len(same.path) :] == same.path]
            if repeated and same.name in wire:
                wire = {**wire, same.name: repeated[0]}
        return wire

    # --- Which members ---

    def _members(self, wanted: Callable[[_Member], object]) -> list[_Member]:
        """Give the members of all objects in the stream that are of interest, those of the last events first."""
        found: list[_Member] = []
        for at in range(len(self._wires) - 1, -1, -1):
            found += filter(wanted, _members(at, self._wires[at], self._models[at], ()))
        return found

    def _named(self, what: str) -> list[_Member]:
        """Give the members whose name the id of the rule begins with, before a word."""
        return self._members(lambda member: self._is_meant(member.name, what))

    def _is_meant(self, name: str, what: str) -> bool:
        return f"{self._lifecycle.stem(name)}-{what}" == self._rule

    def _texts(self) -> set[str]:
        """Give the names of members that hold texts which come in pieces."""
        found: set[str] = set()
        for shapes in self._lifecycle.texts.values():
            for changes in shapes.values():
                found |= {shape_of(change.path)[-1] for change in changes if change.path}
        for change in self._lifecycle.finished:
            found |= set((change.source or ())[-1:])
        return found

    def _is_of_place(self, member: _Member) -> bool:
        """Whether a member is one of something at the place, or of the state of the stream."""
        for change in self._laws[member.at].changes:
            source = change.source
            if change.place != self._place or change.does != "set" or source is None:
                continue
            if member.path == ((*source, member.name) if not change.path else source):
                return True
        # An element stands in the list of its place.
        name, element = member.path[-3:-1] if len(member.path) > 2 else ("", "")
        return bool(self._place) and isinstance(element, int) and name == self._lifecycle.places[self._place].path[-1]

    def _at(self, at: int, path: Steps) -> _Member:
        """Give what is somewhere in an event, be it nothing."""
        value: WireValue = self._wires[at]
        declared: Type | None = self._models[at]
        for step in path:
            declared = _type_of(declared, value, step)
            value = look_up(value, (step,))
        return _Member(at, path, value, declared)

    def _elements(self, member: _Member) -> Iterator[_Member]:
        """Give the elements of a list."""
        for position in range(len(cast("list[Any]", member.value)) if is_list(member.value) else 0):
            yield self._at(member.at, (*member.path, position))

    # --- Other values ---

    def _others(self, member: _Member) -> Iterator[Any]:
        value = member.value
        if isinstance(value, bool):
            yield not value
        elif isinstance(value, (int, float)):
            yield value + 1
        elif isinstance(value, str):
            match _stripped(member.declared):
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
            yield encode_any(self._sampler.value(member.declared, member.name, 1))

    def _untrue(self, member: _Member, hold: Hold) -> Iterator[Any]:
        if hold.relation == "is json":
            yield str(member.value)[:-1]
        elif hold.relation == "!=" and not hold.paths:
            yield from (list(value) if isinstance(value, tuple) else value for value in hold.values)
        elif hold.paths:
            parts = [look_up(self._wires[member.at], path) for path in hold.paths]
            total = sum(part for part in parts if isinstance(part, (int, float)))
            yield from (total + 1, total - 1, total)
        elif hold.relation in (">=", "<=") and isinstance(hold.values[0], (int, float)):
            yield hold.values[0] + (1 if hold.relation == "<=" else -1)
        else:
            yield from self._others(member)
            yield None

    # --- Changed streams ---

    def _with_others(self, wanted: Callable[[_Member], bool]) -> Iterator[Changed]:
        """Give members other values."""
        for member in self._members(wanted):
            for other in self._others(member):
                yield from self._spread(member, other)

    def _with_other_elements(self, lists: Iterable[_Member]) -> Iterator[Changed]:
        """Give elements of lists other values."""
        for member in lists:
            for element in self._elements(member):
                for other in self._others(element):
                    yield from self._spread(element, other)

    def _spread(self, member: _Member, other: Any) -> Iterator[Changed]:
        """Give a member another value: here, wherever its object comes, from here on, and wherever it has the value."""
        yield from self._here(member, other)
        holder = look_up(self._wires[member.at], member.path[:-1])
        if len(member.path) > 1 and is_object(holder):
            yield self._everywhere(holder, _put(cast("WireObject", holder), member.path[-1:], other))
        if other is not _LEFT_OUT and member.value and member.value is not True:
            for begin in (member.at, 0):
                yield self._everywhere(member.value, other, name=member.name, begin=begin)

    def _here(self, member: _Member, other: Any) -> Iterator[Changed]:
        yield self._replaced({member.at: _put(self._wires[member.at], member.path, other)})

    def _everywhere(self, value: Any, other: Any, *, name: str | None = None, begin: int = 0) -> Changed:
        """Put another value wherever one stands, in members of a name if one is given, from an event on."""
        return self._replaced(
            {at: _exchanged(self._wires[at], value, other, name) for at in range(begin, len(self._wires))}
        )

    def _replaced(self, changed: Mapping[int, WireObject]) -> Changed:
        return Changed([changed.get(at, event) for at, event in enumerate(self._events)])

    def _without(self, at: int) -> Changed:
        return self._numbered([*self._wires[:at], *self._wires[at + 1 :]])

    def _with(self, to: int, wire: WireObject) -> Changed:
        return self._numbered([*self._wires[:to], wire, *self._wires[to:]])

    def _numbered(self, wires: Sequence[WireObject]) -> Changed:
        """Count events anew, those that have a number."""
        counter = self._lifecycle.counter
        if not counter:
            return Changed(list(wires))
        first = self._wires[0].get(counter, 0)
        return Changed(
            [{**wire, counter: number} if counter in wire else wire for number, wire in enumerate(wires, first)]
        )

    def _counted_on(self, begin: int, name: str) -> Changed:
        """Count one more from an event on."""
        tag = self._laws[begin].tag
        counted = {
            at: {**wire, name: wire[name] + 1}
            for at, wire in enumerate(self._wires)
            if at >= begin
            and type(wire.get(name)) is int
            and (name == self._lifecycle.counter or self._laws[at].tag == tag)
        }
        return self._replaced(counted)


Way: TypeAlias = Callable[[Changes], Iterator[Changed]]

WAYS: Mapping[str, tuple[Way, ...]] = {
    "stream-not-opened": (Changes.without_opener,),
    "stream-opened-twice": (Changes.opener_again,),
    "stream-order": (Changes.without_step, Changes.step_again, Changes.out_of_order),
    "stream-wrong-type": (Changes.foreign,),
    "stream-truncated": (Changes.without_end,),
    "event-after-end": (Changes.after_end,),
    "stream-changed": (Changes.fixed_changed,),
    "event-name-differs": (Changes.another_line,),
    "counter-missing": (Changes.without_member,),
    "counter-start": (Changes.from_one,),
    "counter-step": (Changes.number_skipped,),
    "not-opened": (Changes.without_opener,),
    "opened-twice": (Changes.opener_again,),
    "index-gap": (Changes.position_skipped,),
    "closed": (Changes.after_closer,),
    "left-open": (Changes.without_closer,),
    "overlap": (Changes.overlapping,),
    "order": (Changes.without_step, Changes.step_again, Changes.out_of_order),
    "wrong-type": (Changes.foreign,),
    "changed": (Changes.fixed_changed,),
    "type-changed": (Changes.kind_changed,),
    "final-changed": (Changes.final_changed,),
    "id-changed": (Changes.id_changed,),
    "not-empty": (Changes.opened_full,),
    "key-missing": (Changes.without_key,),
    "value-missing": (Changes.without_member,),
    "differs": (Changes.another_repetition,),
    "same-missing": (Changes.without_member,),
    "repeats": (Changes.same_twice,),
    "goes-back": (Changes.gone_back,),
    "list-missing": (Changes.list_emptied,),
    "list-count": (Changes.list_cut,),
    "list-index-gap": (Changes.element_skipped,),
    "list-changed": (Changes.list_changed,),
    "text-not-empty": (Changes.begun_text,),
    "text-differs": (Changes.without_piece, Changes.text_changed),
    "text-missing": (Changes.text_lost,),
    "text-after-final": (Changes.after_final,),
    "text-final-twice": (Changes.final_again,),
    "text-empty": (Changes.empty_piece,),
    "holds": (Changes.statement_broken,),
}
"""What breaks a rule, by its kind."""


def _brings_piece(law: Event) -> bool:
    return any(change.does in ("text", "json") for change in law.changes)


def _members(at: int, value: WireValue, declared: Type | None, path: Steps) -> Iterator[_Member]:
    """Give the members of an object and of all objects in it, each with its type, the outer ones first."""
    steps: Iterable[str | int] = ()
    if is_object(value):
        steps = cast("WireObject", value)
    elif is_list(value):
        steps = range(len(cast("list[Any]", value)))
    found = [_Member(at, (*path, step), look_up(value, (step,)), _type_of(declared, value, step)) for step in steps]
    if is_object(value):
        yield from found
    for member in found:
        yield from _members(at, member.value, member.declared, member.path)


def _type_of(declared: Type | None, value: WireValue, step: str | int) -> Type | None:
    """Give the type of a member or an element of a value; None where that is not known."""
    declared = _stripped(declared)
    if isinstance(step, int):
        return declared.item if isinstance(declared, ListOf) else None
    if isinstance(declared, MapOf):
        return declared.value
    model = class_of(declared, value)
    shape = SHAPES.get(model) if model is not None else None
    # What has the name of its class around it is of that class inside, too.
    return model if shape is not None and shape.wrapper == step else member_type(model, step)


def _stripped(declared: Type | None) -> Type | None:
    return _stripped(declared.type) if isinstance(declared, Nullable) else declared


def _ways(value: WireValue, path: Iterable[str], way: Steps = ()) -> Iterator[Steps]:
    """Give the ways to all that the path of a statement leads to."""
    first, *rest = (*path, "")
    if not first:
        yield way
        return
    if first not in ("*", ":-1"):
        inner = cast("WireObject", value).get(first) if is_object(value) else None
        yield from _ways(inner, rest[:-1], (*way, first))
        return
    elements = cast("list[Any]", value) if is_list(value) else []
    for at, each in enumerate(elements if first == "*" else elements[:-1]):
        yield from _ways(each, rest[:-1], (*way, at))


def _put(wire: WireObject, path: Steps, other: Any) -> WireObject:
    """Give an object with another value at a path."""
    found: WireObject = copied(wire)
    if other is not _LEFT_OUT:
        put_down(found, path, copied(other))
    elif is_object(holder := look_up(found, path[:-1])):
        cast("WireObject", holder).pop(cast("str", path[-1]), None)
    return found


def _exchanged(value: Any, was: Any, other: Any, name: str | None, at: str | int = "") -> Any:
    """Give a value in which another one stands in the place of something, in members of a name if one is given."""
    if value == was and name in (None, at):
        return copied(other)
    if is_object(value):
        return {key: _exchanged(inner, was, other, name, key) for key, inner in cast("WireObject", value).items()}
    if is_list(value):
        # The elements of a list go by its name.
        return [_exchanged(inner, was, other, name, at) for inner in cast("list[Any]", value)]
    return value
