"""A whole spec: its events, its files, and itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from typing import TypeAlias

from ...diagnostics.values import Span
from ..lifecycle import Hold, Profile, RuleNote
from ..sequences import Sequence
from .declarations import NOWHERE, Choice, Enum, Field, Record, Test, Union, Way
from .folds import Fold, Operator, Statement
from .state import Place, Reading
from .tags import Key, Tag
from .types import Bound, Nullable, RecordRef, UnionRef, references

JsonValue: TypeAlias = "str | int | float | bool | list[JsonValue] | dict[str, JsonValue] | None"


@dataclass(frozen=True, slots=True)
class End:
    """How the stream ends with an event, and what must be true of the event for that.

    Attributes:
        kind: `completed`, `incomplete`, `failed` or `error`.
        span: Where that is written.
        when_spans: Where the conditions are written.
    """

    kind: str
    when: tuple[Test, ...]
    span: Span = field(default=NOWHERE, compare=False)
    when_spans: tuple[Span, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Event:
    """An event of the stream.

    Attributes:
        tag: Its tag as the spec writes it; only a name, where nothing but `default` leads to it.
        keys: The tags that it goes by, that one first; none where nothing but `default` leads to it.
        deprecated: Whether it should no longer be used.
        folds: What it does to the state; None where the spec does not say.
        ends: How the stream ends with it, the first that is true of it; empty where it goes on.
        example: A wire object.
        reason: Path into the event to the text that says why the stream ends, None where the spec names none.
        status: Path into the event to the text that says how things are at the end, None where the spec names none.
        errors: Paths to the objects that may hold what went wrong, to be tried in this order; the empty path is the
            event itself.
        place: Name of the place that it is about, opens or closes; empty where it is about the stream.
        opens: Name of the place that it opens, `stream` where it begins the stream, else empty.
        closes: Name of the place that it closes, else empty.
        anytime: Whether it may come at any time, bound to nothing.
        holds: What is true of each such event.
        method: What a builder calls what happens with it, empty where that follows from what it does.
        method_span: Where that is written.
        span: Where its tag is written.
        variant_span: Where the name of its variant is written; where its tag is, if the name follows from that.
    """

    tag: str
    variant: str
    record: Record
    folds: tuple[Statement, ...] | None
    ends: tuple[End, ...]
    example: JsonValue
    reason: Way | None = None
    status: Way | None = None
    errors: tuple[Way, ...] = ()
    span: Span = NOWHERE
    variant_span: Span = NOWHERE
    keys: tuple[Key, ...] = ()
    deprecated: bool = False
    place: str = ""
    opens: str = ""
    closes: str = ""
    anytime: bool = False
    holds: tuple[Hold, ...] = ()
    method: str = ""
    method_span: Span = field(default=NOWHERE, compare=False)

    @property
    def snapshot(self) -> tuple[str, ...] | None:
        """Path to the whole state in the event; None where it brings none."""
        for fold in self.folds or ():
            if isinstance(fold, Fold) and fold.operator is Operator.SET and not fold.steps and fold.source:
                return fold.source.path
        return None

    @property
    def always_ends(self) -> bool:
        """Whether the stream ends with each such event."""
        return any(not end.when for end in self.ends)


@dataclass(frozen=True, slots=True)
class Module:
    """What one file of the spec declares.

    Attributes:
        path: Below the folder of the spec, without a suffix.
        source: Path of the file as shown to the user.
    """

    path: PurePosixPath
    source: str
    title: str
    doc: str
    enums: tuple[Enum, ...]
    records: tuple[Record, ...]
    unions: tuple[Union, ...]
    events: tuple[Event, ...]

    @property
    def is_empty(self) -> bool:
        """Whether the file declares nothing but groups."""
        return not (self.enums or self.records or self.unions or self.events)


@dataclass(frozen=True)
class Spec:
    """A whole spec, resolved.

    Attributes:
        union: Name of the union of all events.
        tag: Where the tag of an event stands.
        default: The payloads that a body without a tag may be, in the order in which they are tried.
        state: Record that the stream builds up, or union of such, empty where the spec names none.
        modules: In the order in which the spec lists them and their folders, else by path.
        span: Where its name is written; the whole of `spec.yaml` where it has the name of its folder.
        union_span: Where the name of the union is written; where that of the spec is, if it follows from that.
        complete: Whether all that is written could be read and bound; what could not is reported.
        version: The state of the API that the spec describes, as it says itself; empty where it does not.
        done: Texts that may come in the place of an event, to say that there are no more.
        places: Names for places in the state.
        readings: What people ask the state for.
        sequences: What may happen in which order, in the stream and at its places.
        profiles: What streams of some providers are forgiven.
        notes: What the spec says about rules of the stream, by their ids.
        key: Paths into events to what tells streams apart that run side by side, the first that is there counts; empty
            where there is one stream only.
        lane: Paths into events to what says in which lane of a connection they are, the first that is there counts;
            empty where a connection has one stream after the other.
    """

    name: str
    title: str
    doc: str
    union: str
    tag: Tag
    state: str
    modules: tuple[Module, ...]
    span: Span = NOWHERE
    union_span: Span = NOWHERE
    complete: bool = True
    version: str = ""
    default: tuple[Choice, ...] = ()
    done: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    key: tuple[tuple[str, ...], ...] = ()
    lane: tuple[tuple[str, ...], ...] = ()
    readings: tuple[Reading, ...] = ()
    sequences: tuple[Sequence, ...] = ()
    profiles: tuple[Profile, ...] = ()
    notes: tuple[RuleNote, ...] = ()

    @property
    def has_lifecycle(self) -> bool:
        """Whether the spec says when events may come."""
        return bool(self.sequences) or any(event.opens or event.closes or event.holds for event in self.events)

    @property
    def counter(self) -> Field | None:
        """The field that numbers the events; they have it under one name. None where nothing numbers them."""
        return next((field for event in self.events for field in event.record.fields if field.counter), None)

    def place(self, name: str) -> Place | None:
        """Give the place of a name."""
        return next((place for place in self.places if place.name == name), None)

    def around(self, name: str) -> tuple[str, ...]:
        """Give the name of a place and of those that it is in, the innermost first; nothing for the stream."""
        place = self.place(name)
        return (name, *self.around(place.outer)) if place is not None else ()

    def happening(self, place: str) -> tuple[str, ...]:
        """Give what a sequence of a place may name, the empty name being the stream.

        That are the places directly in it, and its events that are bound to an order, but for those that open or close
        it.
        """
        inside = [each.name for each in self.places if each.outer == place]
        events = [event for event in self.events if event.place == place and not event.anytime]
        return (*inside, *(event.tag for event in events if not place or place not in (event.opens, event.closes)))

    @cached_property
    def records(self) -> dict[str, Record]:
        """Object types and payloads of events by name."""
        found = {record.name: record for module in self.modules for record in module.records}
        found.update({event.record.name: event.record for event in self.events})
        return found

    @cached_property
    def state_type(self) -> RecordRef | UnionRef:
        """Type of the state, in a spec that has one."""
        return UnionRef(self.state) if self.state in self.unions else RecordRef(self.state)

    def records_of(self, declared: Bound | None) -> tuple[str, ...]:
        """Names of the records that an object of a type may be; none where it may be no record."""
        match declared:
            case RecordRef(name):
                return (name,)
            case UnionRef(name):
                return self.unions[name].records
            case Nullable(inner):
                return self.records_of(inner)
            case _:
                return ()

    def may_be_more(self, declared: Bound) -> bool:
        """Whether a type is a union that may have more variants than are known."""
        return isinstance(declared, UnionRef) and not self.unions[declared.name].complete

    @cached_property
    def enums(self) -> dict[str, Enum]:
        """Enums by name."""
        return {enum.name: enum for module in self.modules for enum in module.enums}

    @cached_property
    def unions(self) -> dict[str, Union]:
        """Unions by name, without that of all events."""
        return {union.name: union for module in self.modules for union in module.unions}

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """All events, in the order of the modules."""
        return tuple(event for module in self.modules for event in module.events)


def declared_names(module: Module) -> tuple[str, ...]:
    """Names of the types, enums and unions of a module."""
    names = [enum.name for enum in module.enums]
    names += [record.name for record in module.records]
    return (*names, *(union.name for union in module.unions))


def used_names(module: Module) -> tuple[str, ...]:
    """Names of the types, enums and unions that a module mentions, each once, in the order in which it does."""
    records = (*module.records, *(event.record for event in module.events))
    mentioned = [name for record in records for field in record.fields for name in references(field.bound)]
    mentioned += [name for union in module.unions for name in union.records]
    return tuple(dict.fromkeys(mentioned))
