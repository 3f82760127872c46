"""How each event is sent: what of it is known, what it repeats, and what only who sends it can say."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from ...model import ir
from ...model.reaching import reach
from .effects import Effects, Way
from .least import least
from .runtime.planning import MAY_END, Path, Sending


class Sender:
    """Knows how events are sent."""

    def __init__(self, spec: ir.Spec, effects: Effects) -> None:
        self._spec = spec
        self._effects = effects

    def sending(self, way: Way, place: str) -> Sending:
        """Give how something is said that is about an element at a place."""
        event, effects = way.event, self._effects
        snapshot = event.snapshot or ()
        appends, finishes, puts, stores, literals = [], [], [], [], []
        grows, gathers = [], []
        for change in way.changes:
            if change.source == snapshot and not change.leaf and not change.place:
                continue
            is_text = effects.appends(change) or effects.finishes(change)
            if change.place != place or not (change.leaf or is_text):
                continue
            if effects.appends(change):
                appends.append((change.source, change.leaf))
            elif effects.grows(change):
                grows.append((change.source, change.leaf, change.index, change.rest))
            elif effects.gathers(change):
                gathers.append((change.source, change.leaf, effects.position_of(change, event)))
            elif change.is_put:
                puts.append((change.source, change.leaf, change.index))
            elif effects.finishes(change) and change.source == effects.element_of(event):
                continue
            elif effects.finishes(change):
                finishes.append((change.source, change.leaf))
            elif change.source and change.fold.operator in (ir.Operator.SET, ir.Operator.FILL):
                stores.append((change.source, change.leaf))
            elif not change.source and change.fold.operator is ir.Operator.SET:
                literals.append((change.leaf, change.fold.value))
        held, needed = self._held(event, snapshot)
        return Sending(
            tag=event.tag,
            name=way.name,
            start=self._start(way),
            places=tuple(each.name for each in self._effects.chain(event.place)),
            role=self._role(event),
            keys=tuple(self._keys(event)),
            same=tuple(self._repeated(event)),
            counts=tuple((field.name,) for field in event.record.fields if field.counts),
            appends=tuple(dict.fromkeys(appends)),
            finishes=tuple(dict.fromkeys(finishes)),
            grows=tuple(dict.fromkeys(grows)),
            gathers=tuple(dict.fromkeys(gathers)),
            puts=tuple(dict.fromkeys(puts)),
            stores=tuple(dict.fromkeys(stores)),
            literals=tuple(dict.fromkeys(literals)),
            element=self._effects.element_of(event) if event.opens or event.closes else (),
            state=snapshot,
            held=held,
            needed=needed,
            key=self._stream_key(event),
            says=self._says(event),
            nulls=tuple(
                field.name
                for field in event.record.fields
                if not field.optional and (field.nullable or field.type is ir.Primitive.ANY)
            ),
        )

    def _stream_key(self, event: ir.Event) -> Path:
        """Give the member of an event that tells which stream it is in, as far as a builder can repeat it."""
        found = next((path for path in self._spec.key if event.record.field(path[0]) is not None), ())
        return found if event is self._effects.opener or len(found) == 1 else ()

    def _says(self, event: ir.Event) -> dict[str, tuple[tuple[Path, tuple[object, ...]], ...]]:
        """Give the members of the state whose values in an event say how the stream ends."""
        snapshot = event.snapshot or ()
        told: dict[Path, dict[str, list[object]]] = {}
        for end in event.ends:
            names = end.when[0].names if len(end.when) == 1 else None
            if names and snapshot and names[: len(snapshot)] == snapshot and end.when[0].value is not None:
                told.setdefault(names[len(snapshot) :], {}).setdefault(end.kind, []).append(end.when[0].value)
        ranks, done_from = ranks_of(self._spec, self._spec.records[self._spec.state])
        last: dict[Path, tuple[str, ...]] = {(name,): values[done_from[name] :] for name, values in ranks}
        found: dict[str, list[tuple[Path, tuple[object, ...]]]] = {}
        for kind in dict.fromkeys(end.kind for end in event.ends):
            for path, kinds in told.items():
                # An end without a condition is what the others are not.
                others = [value for other, values in kinds.items() if other != kind for value in values]
                allowed = kinds.get(kind) or [value for value in last.get(path, ()) if value not in others]
                if allowed:
                    found.setdefault(kind, []).append((path, tuple(allowed)))
        return {kind: tuple(members) for kind, members in found.items()}

    def _role(self, event: ir.Event) -> str:
        if event.opens or event.closes:
            return "opens" if event.opens else "closes"
        if event.ends:
            return MAY_END if any(end.when for end in event.ends) else event.ends[0].kind
        return "anytime" if event.anytime else ""

    def _repeated(self, event: ir.Event) -> Iterator[tuple[Path, str, Path]]:
        """Give the members of an event that repeat one of an element, or what the beginning of the stream has set."""
        for field in event.record.fields:
            if field.optional:
                continue
            if field.same is not None:
                yield (field.name,), field.same.place, field.same.path
            elif not event.place and event is not self._effects.opener and (field.name,) in self._set_at_the_beginning:
                yield (field.name,), "", (field.name,)

    @cached_property
    def _set_at_the_beginning(self) -> frozenset[Path]:
        if self._effects.opener is None:
            return frozenset()
        return frozenset(
            change.leaf
            for change in self._effects.changes(self._effects.opener)
            if not change.place and change.leaf == change.source and change.fold.operator is ir.Operator.SET
        )

    def _held(
        self, event: ir.Event, snapshot: Path
    ) -> tuple[tuple[tuple[Path, tuple[object, ...]], ...], tuple[tuple[Path, str, object], ...]]:
        held: list[tuple[Path, tuple[object, ...]]] = []
        needed: list[tuple[Path, str, object]] = []
        for hold in event.holds:
            inside = hold.path[len(snapshot) :]
            if not snapshot or hold.path[: len(snapshot)] != snapshot or "*" in inside or ":-1" in inside or hold.paths:
                continue
            if hold.relation == "=" and hold.values:
                held.append((inside, tuple([] if value == () else value for value in hold.values)))
            elif hold.relation == "!=" and None in hold.values:
                found = reach(self._spec, ir.RecordRef(event.record.name), hold.path).types
                needed.append((inside, hold.rule, least(self._spec, found[0]) if found else None))
        return tuple(held), tuple(needed)

    def _keys(self, event: ir.Event) -> Iterator[tuple[Path, str]]:
        for place in self._effects.chain(event.place):
            for path in place.keys:
                if event.record.field(path[0]) is not None:
                    yield path, place.name
                    break

    def _start(self, way: Way) -> dict[str, object]:
        event = way.event
        start: dict[str, object] = {}
        if event.record.tag and event.record.tags:
            start[event.record.tag] = event.record.tags[0]
        counter = self._spec.counter
        if counter is not None and event.record.field(counter.name) is not None:
            start[counter.name] = None
        for field in event.record.fields:
            if isinstance(field.type, ir.Literal) and not field.optional:
                start[field.name] = field.type.value
        for path, name in way.chosen:
            inner = start
            for member in path:
                inner = inner.setdefault(member, {})  # type: ignore[assignment]
            record = self._spec.records[name]
            inner[record.tag] = record.tags[0]
        return start

    def open_fields(self, way: Way, place: str) -> tuple[ir.Field, ...]:
        """Give the members of an event that nobody knows but who sends it."""
        sending = self.sending(way, place)
        known = {path[0] for path, *_ in (*sending.keys, *sending.same, *sending.finishes, *sending.appends)}
        known |= {path[0] for path in sending.counts} | {index[0] for _, _, index in sending.puts if index}
        known |= {source[0] for source, _, _ in (*sending.puts, *sending.gathers)}
        known |= {path[0] for path in (sending.element, sending.state) if path} | set(sending.start)
        if sending.key and way.event is not self._effects.opener:
            known.add(sending.key[0])
        same = {field.name for field in way.event.record.fields if field.same is not None}
        return tuple(
            field
            for field in way.event.record.fields
            if field.name not in known
            and field.name not in same
            and not (field.optional and field.name in self.everywhere)
        )

    @cached_property
    def everywhere(self) -> frozenset[str]:
        """Optional members of all events about an element, or of all pieces of texts: they are none of what happens."""
        about = [event for event in self._spec.events if event.place]
        pieces = [event for event in about if any(map(self._effects.appends, self._effects.changes(event)))]
        return self._shared(about) | self._shared(pieces)

    def _shared(self, events: list[ir.Event]) -> frozenset[str]:
        """Give the optional members that all of several events have."""
        optional = [{field.name for field in event.record.fields if field.optional} for event in events]
        return frozenset(set.intersection(*optional)) if len(optional) > 2 else frozenset()


def ranks_of(spec: ir.Spec, record: ir.Record | None) -> tuple[tuple[tuple[str, Path], ...], dict[str, int]]:
    """Give the members whose values only move on, with these values, and where among them the last ones begin."""
    ranks: list[tuple[str, Path]] = []
    done: dict[str, int] = {}
    for field in record.fields if record else ():
        enum = spec.enums.get(field.type.name) if isinstance(field.type, ir.EnumRef) else None
        if enum is not None and enum.ranks:
            values = tuple(value for rank in enum.ranks for value in rank)
            ranks.append((field.name, values))
            done[field.name] = len(values) - len(enum.ranks[-1])
    return tuple(ranks), done
