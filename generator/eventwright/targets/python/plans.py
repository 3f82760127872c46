"""From a spec to what a builder has to know: how each event is sent, and what may happen with each kind of element."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from ...model import ir
from ...model.laws import STREAM
from ...model.reaching import reach
from ...model.sequences import Sequence
from .dispatch import is_plain
from .runtime.planning import MAY_END, Grown, Inner, Kind, Path, Sending

_DEEP = 8

_NUMBER_AT_END = re.compile(r"[0-9a-z]*\d[0-9a-z]*\Z")


def is_built(spec: ir.Spec) -> bool:
    """Whether there is a builder: the spec says how a stream begins, and tags are as plain as that."""
    return spec.state in spec.records and is_plain(spec) and any(event.opens == STREAM for event in spec.events)


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


class Planner:
    """Knows how the events of a spec are sent."""

    def __init__(self, spec: ir.Spec) -> None:
        self.spec = spec
        self.places = {place.name: place for place in spec.places}
        self.opener = self._first(lambda event: event.opens == STREAM)

    def _first(self, is_meant: Callable[[ir.Event], bool]) -> ir.Event | None:
        found = [event for event in self.spec.events if is_meant(event)]
        return next((event for event in found if not event.deprecated), found[0] if found else None)

    def opener_of(self, place: str) -> ir.Event | None:
        """Give the event that opens the elements at a place."""
        return self._first(lambda event: event.opens == place)

    def closer_of(self, place: str) -> ir.Event | None:
        """Give the event that closes the elements at a place."""
        return self._first(lambda event: event.closes == place)

    def chain(self, place: str) -> tuple[ir.Place, ...]:
        """Give a place and those around it, the outermost first."""
        return tuple(self.places[name] for name in reversed(self.spec.around(place)))

    def inner_of(self, place: str) -> tuple[ir.Place, ...]:
        """Give the places that are directly within one; those of the stream for an empty name."""
        return tuple(each for each in self.spec.places if each.outer == place and self.opener_of(each.name) is not None)

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
        return tuple(change for fold in _plain(event.folds) if (change := self._change(event, fold)) is not None)

    def _change(self, event: ir.Event, fold: ir.Fold) -> Change | None:
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
        for event in self.spec.events:
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
        found = (each for each in self.spec.sequences if each.place == place and each.owner in owners)
        return next(found, None)

    def fits(self, event: ir.Event, place: str, record: str) -> bool:
        """Whether an event at a place can be about an element of a type."""
        if not record:
            return True
        sequence = self.sequence_of(place, record)
        if sequence is not None:
            return event.tag in sequence.automaton.names
        if any(event.tag in each.automaton.names for each in self.spec.sequences if each.place == place):
            return False
        named = {change.record for change in self.changes(event) if change.place == place and change.record}
        return not named or record in named

    @cached_property
    def texts(self) -> frozenset[tuple[str, Path]]:
        """The texts that are built by pieces, by the place of the element and the way from there."""
        return frozenset(
            (change.place, change.leaf)
            for event in self.spec.events
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
            for event in self.spec.events
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
                for record in self.spec.records_of(declared):
                    if self.spec.records[record].field(name) is not None and self.spec.records[record].tags:
                        return source[:place], record
                return None
            field = next(
                (found for each in self.spec.records_of(declared) if (found := self.spec.records[each].field(name))),
                None,
            )
            if field is None:
                return None
            declared = field.type
        return None

    def sending(self, way: Way, place: str) -> Sending:
        """Give how something is said that is about an element at a place."""
        event = way.event
        snapshot = event.snapshot or ()
        appends, finishes, puts, stores, literals = [], [], [], [], []
        grows, gathers = [], []
        for change in way.changes:
            here = change.place == place
            if change.source == snapshot and not change.leaf and not change.place:
                continue
            if not here or (not change.leaf and not self.appends(change) and not self.finishes(change)):
                continue
            if self.appends(change):
                appends.append((change.source, change.leaf))
            elif self.grows(change):
                grows.append((change.source, change.leaf, change.index, change.rest))
            elif self.gathers(change):
                gathers.append((change.source, change.leaf, self.position_of(change, event)))
            elif change.is_put:
                puts.append((change.source, change.leaf, change.index))
            elif self.finishes(change) and change.source == self.element_of(event):
                continue
            elif self.finishes(change):
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
            places=tuple(each.name for each in self.chain(event.place)),
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
            element=self.element_of(event) if event.opens or event.closes else (),
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
        found = next((path for path in self.spec.key if event.record.field(path[0]) is not None), ())
        return found if event is self.opener or len(found) == 1 else ()

    def _says(self, event: ir.Event) -> dict[str, tuple[tuple[Path, tuple[object, ...]], ...]]:
        """Give the members of the state whose values in an event say how the stream ends."""
        snapshot = event.snapshot or ()
        told: dict[Path, dict[str, list[object]]] = {}
        for end in event.ends:
            names = end.when[0].names if len(end.when) == 1 else None
            if names and snapshot and names[: len(snapshot)] == snapshot and end.when[0].value is not None:
                told.setdefault(names[len(snapshot) :], {}).setdefault(end.kind, []).append(end.when[0].value)
        ranks, done_from = self._ranks(self.spec.records[self.spec.state])
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

    def position_of(self, change: Change, event: ir.Event) -> Path:
        """Give the member of an event that says which element of the list that it repeats is complete; empty if none.

        It is called as in the events that add to the texts of these elements.
        """
        index = self._indexes[change.place, change.leaf]
        return index if len(index) == 1 and event.record.field(index[0]) is not None else ()

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
            elif not event.place and event is not self.opener and (field.name,) in self._set_at_the_beginning:
                yield (field.name,), "", (field.name,)

    @cached_property
    def _set_at_the_beginning(self) -> frozenset[Path]:
        if self.opener is None:
            return frozenset()
        return frozenset(
            change.leaf
            for change in self.changes(self.opener)
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
                found = reach(self.spec, ir.RecordRef(event.record.name), hold.path).types
                needed.append((inside, hold.rule, least(self.spec, found[0]) if found else None))
        return tuple(held), tuple(needed)

    def _keys(self, event: ir.Event) -> Iterator[tuple[Path, str]]:
        for place in self.chain(event.place):
            for path in place.keys:
                if event.record.field(path[0]) is not None:
                    yield path, place.name
                    break

    def _start(self, way: Way) -> dict[str, object]:
        event = way.event
        start: dict[str, object] = {}
        if event.record.tag and event.record.tags:
            start[event.record.tag] = event.record.tags[0]
        counter = self.spec.counter
        if counter is not None and event.record.field(counter.name) is not None:
            start[counter.name] = None
        for field in event.record.fields:
            if isinstance(field.type, ir.Literal) and not field.optional:
                start[field.name] = field.type.value
        for path, name in way.chosen:
            inner = start
            for member in path:
                inner = inner.setdefault(member, {})  # type: ignore[assignment]
            record = self.spec.records[name]
            inner[record.tag] = record.tags[0]
        return start

    def kind(self, place: str, record: str) -> Kind:
        """Give what may happen with the elements of a type at a place; with the stream, for an empty place."""
        declared = self.spec.records.get(record)
        sequence = self.sequence_of(place, record)
        opener, closer = (self.opener_of(place), self.closer_of(place)) if place else (self.opener, None)
        ranks, done_from = self._ranks(declared)
        texts = self.texts_of(place, record)
        automaton = sequence.automaton if sequence else None
        return Kind(
            place=place,
            closer=closer.tag if closer else "",
            inner={
                each.name: Inner(
                    path=each.path if each.in_state else (),
                    keys=each.keys,
                    opener=opening.tag,
                    is_position=each.is_position,
                    rule=each.name.replace("_", "-"),
                    named=each.key if self.element_of(opening) else (),
                    tags=self._tags_in(each, record),
                )
                for each in self.inner_of(place)
                if (opening := self.opener_of(each.name)) is not None and self._may_be_in(each, record)
            },
            identity=self.identity(declared),
            prefix=self._prefix(place, record, opener),
            unique=tuple(field.name for field in declared.fields if field.unique) if declared and place else (),
            ranks=ranks,
            required_ranks=tuple(each for each in ranks if declared and not self._may_lack(declared, each[0])),
            has_phases=self._has_phases(automaton.names if automaton else ()),
            done_from=done_from,
            beginnings=tuple(self._beginnings(place, record, declared)),
            least=tuple(self._least(place, record, declared)),
            tag=(declared.tag, declared.tags[0]) if declared and declared.tag and declared.tags else ("", ""),
            fixed=tuple(field.name for field in declared.fields if field.fixed) if declared else (),
            varies=tuple(field.name for field in declared.fields if field.varies) if declared else (),
            lists=tuple(path[0] for path in self.lists_of(place, record) if len(path) == 1),
            texts=texts,
            jsons=tuple(self._jsons_of(place, record)),
            pieces=tuple(self._pieces(place, record)),
            finishers=tuple(self._finishers(place, record)),
            grown=tuple(self._grown(place, record)),
            names=automaton.names if automaton else (),
            first=automaton.first if automaton else (),
            follow=automaton.follow if automaton else (),
            last=automaton.last if automaton else (),
            may_lack=automaton.may_lack if automaton else True,
            automatic=(
                tuple(name for name in dict.fromkeys(automaton.names) if self._is_automatic(name, place))
                if automaton
                else ()
            ),
            asks=self._asks(closer) if closer is not None and place else (),
        )

    def _asks(self, event: ir.Event) -> tuple[str, ...]:
        """Give the members of an event that nobody but its author knows and that have to be there."""
        fields = self.open_fields(self.ways(event)[0], event.place)
        return tuple(field.name for field in fields if not (field.optional or field.nullable))

    def _may_be_in(self, place: ir.Place, record: str) -> bool:
        """Whether a place is within the elements of a type."""
        if not record or not place.in_state:
            return True
        declared: ir.Bound | None = ir.RecordRef(record)
        for name in place.path:
            found = [self.spec.records[each].field(name) for each in self.spec.records_of(declared)]
            declared = next((field.type for field in found if field is not None), None)
            if declared is None:
                return False
        opener = self.opener_of(place.name)
        outer = self.places.get(place.outer)
        if opener is None or outer is None:
            return True
        sequence = self.sequence_of(place.outer, record)
        if sequence is not None:
            return place.name in sequence.automaton.names
        return True

    def records_in(self, place: ir.Place, record: str) -> tuple[str, ...]:
        """Give the records that may stand at a place within the elements of a type."""
        declared: ir.Bound | None = ir.RecordRef(record) if record else None
        for name in place.path if record else ():
            found = [self.spec.records[each].field(name) for each in self.spec.records_of(declared)]
            declared = next((field.type for field in found if field is not None), None)
        if isinstance(declared, ir.ListOf):
            inside = self.spec.records_of(declared.item)
            return tuple(each for each in self.kinds_at(place) if each in inside or not each)
        return self.kinds_at(place)

    def _tags_in(self, place: ir.Place, record: str) -> tuple[object, ...]:
        """Give the tags of what may stand at a place within the elements of a type, where that is not all of it."""
        inside = self.records_in(place, record)
        records = [self.spec.records[each] for each in inside if each]
        if len(inside) == len(self.kinds_at(place)) or not all(each.tags for each in records):
            return ()
        return tuple(each.tags[0] for each in records)

    def texts_of(self, place: str, record: str) -> tuple[Path, ...]:
        """Give the texts of an element that are built by pieces."""
        return tuple(dict.fromkeys(change.leaf for change in self._appending(place, record)))

    def _jsons_of(self, place: str, record: str) -> Iterator[Path]:
        """Give those of the texts that are the JSON text of a value."""
        for leaf in self.texts_of(place, record):
            types = [each.fold.steps[-1].type for each in self._appending(place, record) if each.leaf == leaf]
            if not any(ir.Kind.STRING in ir.kinds(each) for each in types):
                yield leaf

    def _appending(self, place: str, record: str) -> Iterator[Change]:
        """Give what events do that add a piece to a text of an element."""
        for event in self.spec.events:
            if event.place == place and self.fits(event, place, record):
                for change in self.changes(event):
                    if change.place == place and self.appends(change) and change.record in ("", record):
                        yield change

    def lists_of(self, place: str, record: str) -> tuple[Path, ...]:
        """Give the lists of an element that events put something into."""
        found = [
            change.leaf
            for event in self.spec.events
            if event.place == place and self.fits(event, place, record)
            for change in self.changes(event)
            if change.place == place and (change.is_put or change.rest) and change.record in ("", record)
        ]
        found += [each.path for each in self.inner_of(place) if each.in_state and self._may_be_in(each, record)]
        return tuple(dict.fromkeys(found))

    def identity(self, record: ir.Record | None) -> str:
        """Give the member of a record that holds its id, empty where it has none."""
        for field in record.fields if record else ():
            if field.unique and any(
                each.same is not None and each.same.path == (field.name,)
                for event in self.spec.events
                for each in event.record.fields
            ):
                return field.name
        unique = record.unique if record else None
        return unique.name if unique and ir.Kind.STRING in ir.kinds(unique.type) and not unique.optional else ""

    def _ranks(self, record: ir.Record | None) -> tuple[tuple[tuple[str, Path], ...], dict[str, int]]:
        ranks: list[tuple[str, Path]] = []
        done: dict[str, int] = {}
        for field in record.fields if record else ():
            enum = self.spec.enums.get(field.type.name) if isinstance(field.type, ir.EnumRef) else None
            if enum is not None and enum.ranks:
                values = tuple(value for rank in enum.ranks for value in rank)
                ranks.append((field.name, values))
                done[field.name] = len(values) - len(enum.ranks[-1])
        return tuple(ranks), done

    def _beginnings(self, place: str, record: str, declared: ir.Record | None) -> Iterator[tuple[Path, object]]:
        """Give what is there from the beginning: the kind, what is built up and still empty, and what may be null."""
        if declared is None:
            return
        if declared.tag and declared.tags:
            yield (declared.tag,), declared.tags[0]
        texts, lists = self.texts_of(place, record), self.lists_of(place, record)
        for field in declared.fields:
            if field.optional:
                continue
            if (field.name,) in texts:
                yield (field.name,), "" if ir.Kind.STRING in ir.kinds(field.type) else {}
            elif isinstance(field.type, ir.Literal):
                yield (field.name,), field.type.value
            elif field.nullable:
                yield (field.name,), None
            elif isinstance(field.type, ir.ListOf) or (field.name,) in lists:
                yield (field.name,), []

    def _least(self, place: str, record: str, declared: ir.Record | None) -> Iterator[tuple[Path, object]]:
        """Give the least that the members can be that have to be there and that nothing gives a value."""
        if declared is None:
            return
        begun = {path for path, _ in self._beginnings(place, record, declared)}
        for field in declared.fields:
            if not field.optional and (field.name,) not in begun and field.name != self.identity(declared):
                yield (field.name,), least(self.spec, field.type)

    def _may_lack(self, record: ir.Record, name: str) -> bool:
        field = record.field(name)
        return field is None or field.optional

    def _has_phases(self, tags: tuple[str, ...]) -> bool:
        """Whether events change a member of the element to a value of the spec."""
        events = [event for event in self.spec.events if event.tag in tags]
        return any(
            change.fold.operator is ir.Operator.SET and not change.source
            for event in events
            for change in self.changes(event)
        )

    def _pieces(self, place: str, record: str) -> Iterator[tuple[str, Path]]:
        for event in self.spec.events:
            if event.place == place and self.fits(event, place, record):
                for way in self.ways(event):
                    for change in way.changes:
                        if change.place == place and self.appends(change) and change.record in ("", record):
                            yield way.name, change.leaf

    def _finishers(self, place: str, record: str) -> Iterator[tuple[str, Path]]:
        for event in self.spec.events:
            if event.place == place and not event.opens and not event.closes and self.fits(event, place, record):
                for change in self.changes(event):
                    if change.place == place and self.finishes(change) and change.record in ("", record):
                        yield event.tag, change.leaf

    def _grown(self, place: str, record: str) -> Iterator[Grown]:
        """Give the lists of an element in whose own elements texts grow."""
        changes = [
            (event, change)
            for event in self.spec.events
            if event.place == place and self.fits(event, place, record)
            for change in self.changes(event)
            if change.place == place and change.record in ("", record)
        ]
        growing = [change for _, change in changes if self.grows(change)]
        for leaf in dict.fromkeys(change.leaf for change in growing):
            texts = [change for change in growing if change.leaf == leaf]
            empty = least(self.spec, self.element_type(texts[0]))
            gatherers = (event.tag for event, change in changes if self.gathers(change) and change.leaf == leaf)
            yield Grown(
                path=leaf,
                texts=tuple(dict.fromkeys(change.rest for change in texts)),
                least=empty if isinstance(empty, dict) else {},
                gatherer=next(gatherers, ""),
            )

    def ungrown(self, change: Change) -> tuple[ir.Field, ...]:
        """Give the members, of the elements of a list that an event repeats, beside the texts that grow there."""
        grown = {
            each.rest[0]
            for event in self.spec.events
            for each in self.changes(event)
            if self.grows(each) and (each.place, each.leaf) == (change.place, change.leaf)
        }
        listed = change.fold.steps[-1].type
        records = self.spec.records_of(listed.item) if isinstance(listed, ir.ListOf) else ()
        fields = self.spec.records[records[0]].fields if len(records) == 1 else ()
        return tuple(
            field
            for field in fields
            if field.name not in grown and not field.deprecated and not isinstance(field.type, ir.Literal)
        )

    def element_type(self, change: Change) -> ir.Type:
        """Give the type of the elements in which a text grows."""
        return change.fold.steps[-len(change.rest) - 1].type

    def _is_automatic(self, tag: str, place: str) -> bool:
        """Whether an event needs nobody to ask for it: all that it says is known."""
        event = next((event for event in self.spec.events if event.tag == tag), None)
        if event is None or event.opens or event.closes or event.ends or event.deprecated:
            return False
        if any(self.appends(change) or change.is_put for change in self.changes(event)):
            return False
        return not any(not field.optional for field in self.open_fields(self.ways(event)[0], place))

    def open_fields(self, way: Way, place: str) -> tuple[ir.Field, ...]:
        """Give the members of an event that nobody knows but who sends it."""
        sending = self.sending(way, place)
        known = {path[0] for path, *_ in (*sending.keys, *sending.same, *sending.finishes, *sending.appends)}
        known |= {path[0] for path in sending.counts} | {index[0] for _, _, index in sending.puts if index}
        known |= {source[0] for source, _, _ in (*sending.puts, *sending.gathers)}
        known |= {path[0] for path in (sending.element, sending.state) if path} | set(sending.start)
        if sending.key and way.event is not self.opener:
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
        about = [event for event in self.spec.events if event.place]
        pieces = [event for event in about if any(map(self.appends, self.changes(event)))]
        return self._shared(about) | self._shared(pieces)

    def _shared(self, events: list[ir.Event]) -> frozenset[str]:
        """Give the optional members that all of several events have."""
        optional = [{field.name for field in event.record.fields if field.optional} for event in events]
        return frozenset(set.intersection(*optional)) if len(optional) > 2 else frozenset()

    def _prefix(self, place: str, record: str, opener: ir.Event | None) -> str:
        """Give what the ids in the examples of the spec begin with."""
        declared = self.spec.records.get(record)
        identity = self.identity(declared)
        for event in self.spec.events:
            if not isinstance(event.example, dict):
                continue
            if place and event.place == place and event.closes != place:
                if event.opens == place and opener is not None:
                    source = self.element_of(event)
                    found = _at(event.example, source) if source else None
                    tags = declared.tags if declared else ()
                    is_meant = isinstance(found, dict) and declared and found.get(declared.tag) in tags
                    if is_meant and (prefix := _prefix_of(_at(found, (identity,)))):
                        return prefix
                elif declared is None or self.fits(event, place, record):
                    same = [each for each in event.record.fields if each.same and each.same.path == (identity,)]
                    if prefix := "".join(_prefix_of(event.example.get(each.name)) for each in same[:1]):
                        return prefix
            elif not place and event.snapshot and identity:
                found = _at(event.example, event.snapshot)
                if isinstance(found, dict) and (prefix := _prefix_of(found.get(identity))):
                    return prefix
        return f"{place or 'stream'}_"


def least(spec: ir.Spec, declared: ir.Type, depth: int = 0) -> object:
    """Give the least that a value of a type can be: nothing, zero, the first of several."""
    match declared:
        case ir.Primitive.STRING:
            return ""
        case ir.Primitive.INTEGER | ir.Primitive.NUMBER:
            return 0
        case ir.Primitive.BOOLEAN:
            return False
        case ir.Primitive.OBJECT | ir.MapOf():
            return {}
        case ir.Primitive.ANY | ir.Nullable():
            return None
        case ir.Literal(value):
            return value
        case ir.Constants(values):
            return values[0]
        case ir.ListOf():
            return []
        case ir.OneOf(alternatives):
            return least(spec, alternatives[0], depth)
        case ir.EnumRef(name):
            enum = spec.enums[name]
            return enum.ranks[0][0] if enum.ranks else next((each.value for each in enum.values), "")
        case ir.UnionRef(name):
            return least(spec, ir.RecordRef(spec.unions[name].records[0]), depth)
        case ir.RecordRef(name):
            record = spec.records[name]
            found: dict[str, object] = {record.tag: record.tags[0]} if record.tag and record.tags else {}
            # What is in itself would never end.
            for field in record.fields if depth < _DEEP else ():
                if not field.optional:
                    found[field.name] = None if field.nullable else least(spec, field.type, depth + 1)
            return found


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


def _at(value: object, path: Path) -> object:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _prefix_of(value: object) -> str:
    """Give what an id begins with: `msg_` of `msg_01`."""
    if not isinstance(value, str):
        return ""
    return _NUMBER_AT_END.sub("", value)
