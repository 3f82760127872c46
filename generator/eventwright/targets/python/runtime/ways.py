"""The ways to change a valid stream so that a rule is broken: for each kind of rule those that break such a one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from typing import Any, TypeAlias, cast

from .changing import Changed, ValidStream
from .encoding import encode
from .growing import is_list
from .lifecycle import STREAM, By, Event
from .model import ABSENT
from .paths import Steps, copied, look_up
from .shape import SHAPES, Tagged
from .telling import is_object
from .wire import WireObject
from .wire_members import LEFT_OUT, exchanged, not_null, ways_along, with_member


def changed_streams(stream: ValidStream) -> Iterator[Changed]:
    """Give the stream changed in each of the ways that may break the rule, the simplest first."""
    for way in WAYS[stream.kind]:
        yield from way(stream)


# --- Whole events ---


def without_opener(stream: ValidStream) -> Iterator[Changed]:
    """Leave out what opens the place, or the stream."""
    yield from map(stream.without, stream.where(lambda law: law.opens == stream.opened))


def without_closer(stream: ValidStream) -> Iterator[Changed]:
    """Leave out what closes the place."""
    yield from map(stream.without, stream.where(lambda law: law.closes == stream.opened))


def without_end(stream: ValidStream) -> Iterator[Changed]:
    """Cut the stream off before its last event."""
    yield Changed(stream.events[:-1])


def without_piece(stream: ValidStream) -> Iterator[Changed]:
    """Leave out a piece of a text."""
    yield from map(stream.without, stream.where(_brings_piece))


def without_step(stream: ValidStream) -> Iterator[Changed]:
    """Leave out an event of the place, or of the stream, that neither opens nor closes anything."""
    yield from map(stream.without, stream.where(stream.is_step))


def opener_again(stream: ValidStream) -> Iterator[Changed]:
    """Open once more what is open, or was."""
    for at in stream.where(lambda law: law.opens == stream.opened):
        for to in range(at + 1, len(stream.events)):
            yield stream.with_event(to, stream.wires[at])


def step_again(stream: ValidStream) -> Iterator[Changed]:
    """Send an event of the place once more, at once and later."""
    for at in stream.where(stream.is_step):
        for to in range(at + 1, len(stream.events) + 1):
            yield stream.with_event(to, stream.wires[at])


def after_closer(stream: ValidStream) -> Iterator[Changed]:
    """Send an event about something that was closed."""
    for closer in stream.where(lambda law: law.closes == stream.opened):
        address = stream.address(closer)
        for at in range(closer, -1, -1):
            if stream.address(at)[: len(address)] == address and not stream.laws[at].opens:
                yield stream.with_event(closer + 1, stream.wires[at])


def after_end(stream: ValidStream) -> Iterator[Changed]:
    """Send an event once more when the stream has ended."""
    for at in range(len(stream.events) - 1, -1, -1):
        yield stream.with_event(len(stream.events), stream.wires[at])


def after_final(stream: ValidStream) -> Iterator[Changed]:
    """Send a piece of a text after the whole."""
    for piece in stream.where(_brings_piece):
        for final in stream.where(stream.brings_whole):
            if final > piece:
                yield stream.with_event(final + 1, stream.wires[piece])


def final_again(stream: ValidStream) -> Iterator[Changed]:
    """Send the whole of a text once more."""
    for at in stream.where(stream.brings_whole):
        yield stream.with_event(at + 1, stream.wires[at])


def empty_piece(stream: ValidStream) -> Iterator[Changed]:
    """Send a piece with nothing in it."""
    for at in stream.where(_brings_piece):
        for change in stream.laws[at].changes:
            if change.does in ("text", "json") and isinstance(look_up(stream.wires[at], change.source or ()), str):
                yield stream.with_event(at, with_member(stream.wires[at], change.source or (), ""))


def out_of_order(stream: ValidStream) -> Iterator[Changed]:
    """Send an event of the place, or of the stream, earlier or later."""
    for at in stream.where(lambda law: stream.is_step(law) or law.opens == stream.opened):
        for to in range(len(stream.events)):
            if to != at:
                rest = [*stream.wires[:at], *stream.wires[at + 1 :]]
                yield stream.numbered([*rest[:to], stream.wires[at], *rest[to:]])


def overlapping(stream: ValidStream) -> Iterator[Changed]:
    """Close something only after the next was opened."""
    openers = stream.where(lambda law: law.opens == stream.opened)
    for closer in stream.where(lambda law: law.closes == stream.opened):
        for opener in openers:
            if opener > closer:
                between = [*stream.wires[:closer], *stream.wires[closer + 1 : opener + 1], stream.wires[closer]]
                yield stream.numbered([*between, *stream.wires[opener + 1 :]])


def foreign(stream: ValidStream) -> Iterator[Changed]:
    """Put in an event that is about another kind of thing."""
    for opener in stream.where(lambda law: law.opens == stream.opened):
        for donor in stream.donors:
            law = stream.lifecycle.events[type(donor)]
            if stream.is_within(law.place) and not (law.closes == stream.opened or law.opens == stream.opened):
                wire = stream.readdressed(copied(encode(donor)), law, opener)
                for to in range(opener + 1, min(opener + 3, len(stream.events))):
                    yield stream.with_event(to, wire)


def another_line(stream: ValidStream) -> Iterator[Changed]:
    """Send an event under the `event:` line of the one before."""
    for at in range(1, len(stream.events)):
        if stream.laws[at].tag != stream.laws[at - 1].tag:
            yield Changed(stream.events, (at, stream.laws[at - 1].tag))


# --- Members ---


def without_member(stream: ValidStream) -> Iterator[Changed]:
    """Leave out what each event of a kind has: its number, what it brings, or what it repeats."""
    for member in stream.named("missing"):
        yield stream.replaced({member.at: with_member(stream.wires[member.at], member.path, LEFT_OUT)})


def from_one(stream: ValidStream) -> Iterator[Changed]:
    """Begin to count with one."""
    for at, wire in enumerate(stream.wires):
        for counter in stream.laws[at].counters:
            if stream.is_meant(counter.name, "start") and type(wire.get(counter.name)) is int:
                yield stream.counted_on(at, counter.name)
                break


def number_skipped(stream: ValidStream) -> Iterator[Changed]:
    """Leave a number out, or count an event twice."""
    for at, law in enumerate(stream.laws):
        for counter in law.counters:
            if stream.is_meant(counter.name, "step"):
                yield stream.counted_on(at, counter.name)
                yield stream.with_event(at + 1, stream.wires[at])


def without_key(stream: ValidStream) -> Iterator[Changed]:
    """Do not say what an event is about."""
    for at, law in enumerate(stream.laws):
        chain = stream.lifecycle.chains[law.place]
        for path in chain[-1].keys if chain and chain[-1].name == stream.place else ():
            if look_up(stream.wires[at], path) is not ABSENT:
                yield stream.replaced({at: with_member(stream.wires[at], path, LEFT_OUT)})


def position_skipped(stream: ValidStream) -> Iterator[Changed]:
    """Give something the position behind the next one, in all events about it."""
    for opener in stream.where(lambda law: law.opens == stream.opened):
        address = stream.address(opener)
        path = stream.lifecycle.places[stream.place].keys[0]
        moved = {
            at: with_member(stream.wires[at], path, cast("Any", address[-1]) + 1)
            for at in range(opener, len(stream.wires))
            if stream.address(at)[: len(address)] == address and type(address[-1]) is int
        }
        yield stream.replaced(moved)


def element_skipped(stream: ValidStream) -> Iterator[Changed]:
    """Put an element of a list at the position behind the next one."""
    for at, law in enumerate(stream.laws):
        for change in law.changes:
            *way, last = change.path or ("",)
            if isinstance(last, By) and way and stream.is_meant(str(way[-1]), "index-gap"):
                for path in last.paths:
                    number = look_up(stream.wires[at], path) if isinstance(path, tuple) else None
                    if type(number) is int:
                        yield stream.replaced({at: with_member(stream.wires[at], cast("Steps", path), number + 1)})


def another_repetition(stream: ValidStream) -> Iterator[Changed]:
    """Give another value for what repeats a member."""
    for at, law in enumerate(stream.laws):
        for same in law.same:
            if stream.is_meant(same.name, "differs"):
                member = stream.member_at(at, (same.name,))
                for other in stream.others(member):
                    yield from stream.here(member, other)


def fixed_changed(stream: ValidStream) -> Iterator[Changed]:
    """Give a member that has to stay as it is another value later on."""
    fixed = {name for kind in stream.lifecycle.kinds.values() for name in kind.fixed}
    yield from stream.with_others(lambda member: member.name in fixed and stream.is_of_place(member))


def kind_changed(stream: ValidStream) -> Iterator[Changed]:
    """Repeat something as one of another kind."""
    for member in stream.members(stream.is_of_place):
        holder = not_null(stream.member_at(member.at, member.path[:-1]).declared) if len(member.path) > 1 else None
        shape = SHAPES.get(holder) if isinstance(holder, type) else None
        if member.name == (holder.tag if isinstance(holder, Tagged) else shape and shape.tag):
            kinds = list(holder.variants) if isinstance(holder, Tagged) else []
            for tag in (*kinds, f"{member.value}_2"):
                if tag != member.value:
                    yield from stream.spread(member, tag)


def final_changed(stream: ValidStream) -> Iterator[Changed]:
    """Repeat something otherwise after it was closed."""
    name = stream.lifecycle.places[stream.place].path[-1]
    closers = stream.where(lambda law: law.closes == stream.opened)
    after = closers[-1] if closers else len(stream.laws)
    yield from stream.with_others(lambda member: member.at > after and name in member.path[:-1])
    yield from stream.with_other_elements(stream.members(lambda member: member.at > after and member.name == name))


def id_changed(stream: ValidStream) -> Iterator[Changed]:
    """Repeat something under another id."""
    unique = {name for kind in stream.lifecycle.kinds.values() for name in kind.unique}
    yield from stream.with_others(lambda member: member.name in unique and stream.is_of_place(member))


def opened_full(stream: ValidStream) -> Iterator[Changed]:
    """Open something with what is only announced later in it."""
    name = stream.lifecycle.places[stream.place].path[-1]
    listed = [member.value for member in stream.members(lambda member: member.name == name) if member.value]
    outer = stream.lifecycle.places[stream.place].outer
    for member in stream.members(lambda member: member.name == name and not member.value):
        if stream.laws[member.at].opens == outer:
            for value in listed:
                yield from stream.here(member, value)


def same_twice(stream: ValidStream) -> Iterator[Changed]:
    """Give two things one id."""
    named = sorted(stream.named("repeats"), key=lambda member: member.at)
    ids = dict.fromkeys(member.value for member in named if isinstance(member.value, str))
    for other, value in combinations(ids, 2):
        yield stream.everywhere(value, other)


def gone_back(stream: ValidStream) -> Iterator[Changed]:
    """Take a member back to a value that it had left, or has passed by."""
    meant = stream.members(lambda member: stream.is_meant(member.name, "goes-back"))
    for first, last in combinations(sorted(meant, key=lambda member: member.at), 2):
        holder = look_up(stream.wires[last.at], last.path[:-1])
        if first.path == last.path and first.value != last.value and is_object(holder):
            # Begin with what it ends with, and end with what it began with, wherever that is repeated.
            other = with_member(cast("WireObject", holder), last.path[-1:], first.value)
            wires = {at: exchanged(wire, holder, other, None) for at, wire in enumerate(stream.wires)}
            wires[first.at] = with_member(stream.wires[first.at], first.path, last.value)
            yield stream.replaced(wires)
    yield from stream.with_others(lambda member: stream.is_meant(member.name, "goes-back"))


def list_emptied(stream: ValidStream) -> Iterator[Changed]:
    """Repeat nothing of a list."""
    nothing: tuple[Any, ...] = ([], LEFT_OUT, None)
    for member in stream.named("missing"):
        for other in nothing if member.value else ():
            yield from stream.spread(member, other)


def list_cut(stream: ValidStream) -> Iterator[Changed]:
    """Repeat a list with more or fewer elements."""
    yield from stream.with_others(lambda member: stream.is_meant(member.name, "count") and is_list(member.value))


def list_changed(stream: ValidStream) -> Iterator[Changed]:
    """Repeat an element of a list otherwise than it came."""
    yield from stream.with_other_elements(stream.named("changed"))


def begun_text(stream: ValidStream) -> Iterator[Changed]:
    """Announce a text that is not empty."""
    for member in stream.members(lambda member: member.value == ""):
        if stream.laws[member.at].opens not in ("", STREAM):
            yield from stream.here(member, stream.sampler.word())


def text_changed(stream: ValidStream) -> Iterator[Changed]:
    """Repeat a text otherwise."""
    texts = stream.texts()
    yield from stream.with_others(lambda member: member.name in texts and isinstance(member.value, str))


def text_lost(stream: ValidStream) -> Iterator[Changed]:
    """Do not repeat a text."""
    texts = stream.texts()
    for member in stream.members(lambda member: member.name in texts and isinstance(member.value, str)):
        for other in (LEFT_OUT, None):
            yield from stream.spread(member, other)


def statement_broken(stream: ValidStream) -> Iterator[Changed]:
    """Make an event say what is not to be true of it."""
    for at, law in enumerate(stream.laws):
        for hold in law.holds:
            for path in ways_along(stream.wires[at], hold.path) if hold.rule == stream.rule else ():
                member = stream.member_at(at, path)
                for other in stream.untrue(member, hold):
                    yield from stream.spread(member, other)


Way: TypeAlias = Callable[[ValidStream], Iterator[Changed]]

WAYS: Mapping[str, tuple[Way, ...]] = {
    "stream-not-opened": (without_opener,),
    "stream-opened-twice": (opener_again,),
    "stream-order": (without_step, step_again, out_of_order),
    "stream-wrong-type": (foreign,),
    "stream-truncated": (without_end,),
    "event-after-end": (after_end,),
    "stream-changed": (fixed_changed,),
    "event-name-differs": (another_line,),
    "counter-missing": (without_member,),
    "counter-start": (from_one,),
    "counter-step": (number_skipped,),
    "not-opened": (without_opener,),
    "opened-twice": (opener_again,),
    "index-gap": (position_skipped,),
    "closed": (after_closer,),
    "left-open": (without_closer,),
    "overlap": (overlapping,),
    "order": (without_step, step_again, out_of_order),
    "wrong-type": (foreign,),
    "changed": (fixed_changed,),
    "type-changed": (kind_changed,),
    "final-changed": (final_changed,),
    "id-changed": (id_changed,),
    "not-empty": (opened_full,),
    "key-missing": (without_key,),
    "value-missing": (without_member,),
    "differs": (another_repetition,),
    "same-missing": (without_member,),
    "repeats": (same_twice,),
    "goes-back": (gone_back,),
    "list-missing": (list_emptied,),
    "list-count": (list_cut,),
    "list-index-gap": (element_skipped,),
    "list-changed": (list_changed,),
    "text-not-empty": (begun_text,),
    "text-differs": (without_piece, text_changed),
    "text-missing": (text_lost,),
    "text-after-final": (after_final,),
    "text-final-twice": (final_again,),
    "text-empty": (empty_piece,),
    "holds": (statement_broken,),
}
"""What breaks a rule, by its kind."""


def _brings_piece(law: Event) -> bool:
    return any(change.does in ("text", "json") for change in law.changes)
