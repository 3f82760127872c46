"""What a builder has to know of each kind of element: what may happen with it, and how it begins."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...model import ir
from ...model.laws import STREAM
from .dispatch import is_plain
from .effects import Change, Effects
from .least import least
from .runtime.planning import Grown, Inner, Kind, Path
from .sending import Sender, ranks_of

_NUMBER_AT_END = re.compile(r"[0-9a-z]*\d[0-9a-z]*\Z")


def is_built(spec: ir.Spec) -> bool:
    """Whether there is a builder: the spec says how a stream begins, and tags are as plain as that."""
    return spec.state in spec.records and is_plain(spec) and any(event.opens == STREAM for event in spec.events)


class Planner:
    """Knows what may happen with the elements of each kind."""

    def __init__(self, spec: ir.Spec, effects: Effects, sender: Sender) -> None:
        self._spec = spec
        self._effects = effects
        self._sender = sender

    def kind(self, place: str, record: str) -> Kind:
        """Give what may happen with the elements of a type at a place; with the stream, for an empty place."""
        declared = self._spec.records.get(record)
        sequence = self._effects.sequence_of(place, record)
        opener = self._effects.opener_of(place) if place else self._effects.opener
        closer = self._effects.closer_of(place) if place else None
        ranks, done_from = ranks_of(self._spec, declared)
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
                    named=each.key if self._effects.element_of(opening) else (),
                    tags=self._tags_in(each, record),
                )
                for each in self._effects.inner_of(place)
                if (opening := self._effects.opener_of(each.name)) is not None and self._may_be_in(each, record)
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
            texts=self.texts_of(place, record),
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
        fields = self._sender.open_fields(self._effects.ways(event)[0], event.place)
        return tuple(field.name for field in fields if not (field.optional or field.nullable))

    def _may_be_in(self, place: ir.Place, record: str) -> bool:
        """Whether a place is within the elements of a type."""
        if not record or not place.in_state:
            return True
        if self._declared_at(place.path, record) is None:
            return False
        if self._effects.opener_of(place.name) is None or place.outer not in self._effects.places:
            return True
        sequence = self._effects.sequence_of(place.outer, record)
        return sequence is None or place.name in sequence.automaton.names

    def _declared_at(self, path: Path, record: str) -> ir.Bound | None:
        """Give the type of what a path in a record leads to; None where it leads nowhere."""
        declared: ir.Bound | None = ir.RecordRef(record)
        for name in path:
            found = [self._spec.records[each].field(name) for each in self._spec.records_of(declared)]
            declared = next((field.type for field in found if field is not None), None)
        return declared

    def records_in(self, place: ir.Place, record: str) -> tuple[str, ...]:
        """Give the records that may stand at a place within the elements of a type."""
        declared = self._declared_at(place.path, record) if record else None
        if isinstance(declared, ir.ListOf):
            inside = self._spec.records_of(declared.item)
            return tuple(each for each in self._effects.kinds_at(place) if each in inside or not each)
        return self._effects.kinds_at(place)

    def _tags_in(self, place: ir.Place, record: str) -> tuple[object, ...]:
        """Give the tags of what may stand at a place within the elements of a type, where that is not all of it."""
        inside = self.records_in(place, record)
        records = [self._spec.records[each] for each in inside if each]
        if len(inside) == len(self._effects.kinds_at(place)) or not all(each.tags for each in records):
            return ()
        return tuple(each.tags[0] for each in records)

    def _changes_of(self, place: str, record: str) -> Iterator[tuple[ir.Event, Change]]:
        """Give what the events about an element of a type do to it, each with the event."""
        for event in self._effects.about(place, record):
            for change in self._effects.changes(event):
                if change.place == place and change.record in ("", record):
                    yield event, change

    def texts_of(self, place: str, record: str) -> tuple[Path, ...]:
        """Give the texts of an element that are built by pieces."""
        found = [change.leaf for _, change in self._changes_of(place, record) if self._effects.appends(change)]
        return tuple(dict.fromkeys(found))

    def _jsons_of(self, place: str, record: str) -> Iterator[Path]:
        """Give those of the texts that are the JSON text of a value."""
        appending = [change for _, change in self._changes_of(place, record) if self._effects.appends(change)]
        words = {change.leaf for change in appending if ir.Kind.STRING in ir.kinds(change.fold.steps[-1].type)}
        yield from (leaf for leaf in self.texts_of(place, record) if leaf not in words)

    def lists_of(self, place: str, record: str) -> tuple[Path, ...]:
        """Give the lists of an element that events put something into."""
        found = [change.leaf for _, change in self._changes_of(place, record) if change.is_put or change.rest]
        inner = (each for each in self._effects.inner_of(place) if each.in_state)
        found += [each.path for each in inner if self._may_be_in(each, record)]
        return tuple(dict.fromkeys(found))

    def identity(self, record: ir.Record | None) -> str:
        """Give the member of a record that holds its id, empty where it has none."""
        for field in record.fields if record else ():
            if field.unique and any(
                each.same is not None and each.same.path == (field.name,)
                for event in self._spec.events
                for each in event.record.fields
            ):
                return field.name
        unique = record.unique if record else None
        return unique.name if unique and ir.Kind.STRING in ir.kinds(unique.type) and not unique.optional else ""

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
                yield (field.name,), least(self._spec, field.type)

    def _may_lack(self, record: ir.Record, name: str) -> bool:
        field = record.field(name)
        return field is None or field.optional

    def _has_phases(self, tags: tuple[str, ...]) -> bool:
        """Whether events change a member of the element to a value of the spec."""
        events = [event for event in self._spec.events if event.tag in tags]
        return any(
            change.fold.operator is ir.Operator.SET and not change.source
            for event in events
            for change in self._effects.changes(event)
        )

    def _pieces(self, place: str, record: str) -> Iterator[tuple[str, Path]]:
        for event in self._effects.about(place, record):
            for way in self._effects.ways(event):
                for change in way.changes:
                    if change.place == place and self._effects.appends(change) and change.record in ("", record):
                        yield way.name, change.leaf

    def _finishers(self, place: str, record: str) -> Iterator[tuple[str, Path]]:
        for event, change in self._changes_of(place, record):
            if not event.opens and not event.closes and self._effects.finishes(change):
                yield event.tag, change.leaf

    def _grown(self, place: str, record: str) -> Iterator[Grown]:
        """Give the lists of an element in whose own elements texts grow."""
        changes = list(self._changes_of(place, record))
        growing = [change for _, change in changes if self._effects.grows(change)]
        for leaf in dict.fromkeys(change.leaf for change in growing):
            texts = [change for change in growing if change.leaf == leaf]
            empty = least(self._spec, self._effects.element_type(texts[0]))
            repeated = [(event, change) for event, change in changes if change.leaf == leaf]
            gatherers = (event.tag for event, change in repeated if self._effects.gathers(change))
            yield Grown(
                path=leaf,
                texts=tuple(dict.fromkeys(change.rest for change in texts)),
                least=empty if isinstance(empty, dict) else {},
                gatherer=next(gatherers, ""),
            )

    def _is_automatic(self, tag: str, place: str) -> bool:
        """Whether an event needs nobody to ask for it: all that it says is known."""
        event = next((event for event in self._spec.events if event.tag == tag), None)
        if event is None or event.opens or event.closes or event.ends or event.deprecated:
            return False
        if any(self._effects.appends(change) or change.is_put for change in self._effects.changes(event)):
            return False
        return not any(not field.optional for field in self._sender.open_fields(self._effects.ways(event)[0], place))

    def _prefix(self, place: str, record: str, opener: ir.Event | None) -> str:
        """Give what the ids in the examples of the spec begin with."""
        declared = self._spec.records.get(record)
        identity = self.identity(declared)
        for event in self._spec.events:
            if not isinstance(event.example, dict):
                continue
            if place and event.place == place and event.closes != place:
                if event.opens == place and opener is not None:
                    source = self._effects.element_of(event)
                    found = _at(event.example, source) if source else None
                    tags = declared.tags if declared else ()
                    is_meant = isinstance(found, dict) and declared and found.get(declared.tag) in tags
                    if is_meant and (prefix := _prefix_of(_at(found, (identity,)))):
                        return prefix
                elif declared is None or self._effects.fits(event, place, record):
                    same = [each for each in event.record.fields if each.same and each.same.path == (identity,)]
                    if prefix := "".join(_prefix_of(event.example.get(each.name)) for each in same[:1]):
                        return prefix
            elif not place and event.snapshot and identity:
                found = _at(event.example, event.snapshot)
                if isinstance(found, dict) and (prefix := _prefix_of(found.get(identity))):
                    return prefix
        return f"{place or 'stream'}_"


def _at(value: object, path: Path) -> object:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _prefix_of(value: object) -> str:
    """Give what an id begins with: `msg_` of `msg_01`."""
    if not isinstance(value, str):
        return ""
    return _NUMBER_AT_END.sub("", value)
