"""The resolved model of a spec: what every output is made from. Knows nothing of Python text, files or templates."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum as PythonEnum
from functools import cached_property
from pathlib import PurePosixPath
from typing import Final, TypeAlias

from ..diagnostics.values import Span
from .lifecycle import Hold, Profile, RuleNote
from .sequences import Sequence

JsonValue: TypeAlias = "str | int | float | bool | list[JsonValue] | dict[str, JsonValue] | None"


class Primitive(PythonEnum):
    """A type that is told by the kind of its JSON value."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    OBJECT = "object"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Literal:
    """Exactly one string."""

    value: str


@dataclass(frozen=True, slots=True)
class Constants:
    """One of a few whole numbers, or exactly one boolean."""

    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Nullable:
    """A type, or null: what an element of a list or a value of a map may be. Of a field, its `nullable` says so."""

    type: Type


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of one type."""

    item: Type


@dataclass(frozen=True, slots=True)
class MapOf:
    """An object with free keys and values of one type."""

    value: Type


@dataclass(frozen=True, slots=True)
class OneOf:
    """Alternatives that differ in their JSON kind."""

    alternatives: tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class RecordRef:
    """An object type or event, by name."""

    name: str


@dataclass(frozen=True, slots=True)
class EnumRef:
    """An enum, by name."""

    name: str


@dataclass(frozen=True, slots=True)
class UnionRef:
    """A tagged union, by name."""

    name: str


Type: TypeAlias = Primitive | Literal | Constants | Nullable | ListOf | MapOf | OneOf | RecordRef | EnumRef | UnionRef


TagValue: TypeAlias = "str | int"
"""What a tag may be: a text, a whole number or a boolean."""


@dataclass(frozen=True, slots=True)
class MemberTag:
    """A tag that is the value of the member at a path.

    Attributes:
        text: As the spec writes it; so for the others.
    """

    path: tuple[str, ...]
    text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class NameTag:
    """A tag that is the name of the only member of an object: of the one at a path, the empty path being the whole."""

    path: tuple[str, ...]
    text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class BesideTag:
    """A tag that stands beside the body: in the `event:` line, in a header, in the name of a topic."""

    name: str
    text: str = field(default="", compare=False)


TagPlace: TypeAlias = MemberTag | NameTag | BesideTag


@dataclass(frozen=True, slots=True)
class Tag:
    """Where the tag of an object stands.

    Attributes:
        parts: For each part of the tag the places to look at, in this order; nothing where objects have no tag.
    """

    parts: tuple[tuple[TagPlace, ...], ...]

    @property
    def member(self) -> str:
        """The member at the top of the object that alone is the tag; empty if it is not as plain as that."""
        match self.parts:
            case ((MemberTag((name,)),),):
                return name
            case _:
                return ""

    @property
    def is_name(self) -> bool:
        """Whether the name of the only member of the object is the tag."""
        return self.parts == ((NameTag(()),),)

    @property
    def paths(self) -> tuple[tuple[str, ...], ...]:
        """The paths of which the first that leads somewhere leads to the tag, where it is a value in the object."""
        places = self.parts[0] if len(self.parts) == 1 else ()
        return tuple(place.path for place in places if isinstance(place, MemberTag))


class Unknown(PythonEnum):
    """The type of what is wrong: made only where that is reported, and passed over by everybody else."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN

Bound: TypeAlias = Type | Unknown
"""What a mention of a type becomes. An unknown part makes the whole unknown, so that no `Type` has such a part."""

NOWHERE: Final = Span("")
"""The place of what no file says."""


class Kind(PythonEnum):
    """What a JSON value is."""

    STRING = "string"
    NUMBER = "number"
    BOOLEAN = "boolean"
    LIST = "list"
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class Same:
    """What a field of an event repeats.

    Attributes:
        place: Name of the place that the event is about.
        path: Names of the members that lead there from the place.
        span: Where that is written.
    """

    place: str
    path: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Field:
    """A member of an object, by its wire name.

    Attributes:
        bound: Its type, UNKNOWN where that cannot be read or bound.
        group: Group that it comes from, empty for a field of its own.
        deviates: How recordings differ from the upstream schema here, empty where they agree.
        attribute: Its name in a program, empty where that follows from the name on the wire.
        attribute_span: Where that is written; where the name on the wire is, if it is not.
        counter: Whether it numbers the events of the stream.
        counts: Whether it numbers the events of its kind at their place.
        unique: Whether no two elements of a list have the same value in it.
        same: What it repeats, None where the spec says nothing about that.
        fixed: Whether it is the same in every repetition of its object.
        varies: Whether it may differ even where its object is repeated unchanged.
    """

    name: str
    bound: Bound
    optional: bool
    nullable: bool
    deprecated: bool
    doc: str
    deviates: str
    group: str
    span: Span
    attribute: str = ""
    attribute_span: Span = NOWHERE
    counter: bool = False
    unique: bool = False
    same: Same | None = None
    counts: bool = False
    fixed: bool = False
    varies: bool = False

    @property
    def type(self) -> Type:
        """Its type, in a spec without errors."""
        assert not isinstance(self.bound, Unknown), f"the type of '{self.name}' is unknown, which is reported"
        return self.bound


@dataclass(frozen=True, slots=True)
class Record:
    """An object type, or the payload of an event.

    Attributes:
        tags: Values that its tag may have; empty for a type without a tag.
        tag_optional: Whether the tag may be absent.
        tag: Member at the top of the object that holds its tag and is no field; empty where there is no such member,
            because the object has no tag or the tag stands elsewhere, and then the fields have it.
        is_wrapped: Whether its tag is the name of the only member of an object, whose value has its fields.
        fields: All fields, those of groups first; the member of the tag is not among them.
        span: Where its name is written; for an event, what its name follows from if none is written.
        tag_spans: Where its tags are written.
        complete: Whether all of it is known; what is not is reported.
    """

    name: str
    module: PurePosixPath
    doc: str
    deviates: str
    tags: tuple[TagValue, ...]
    tag_optional: bool
    fields: tuple[Field, ...]
    span: Span
    tag_spans: tuple[Span, ...] = ()
    complete: bool = True
    tag: str = ""
    deprecated: bool = False
    is_wrapped: bool = False

    def field(self, name: str) -> Field | None:
        """Give the field of a wire name."""
        return next((field for field in self.fields if field.name == name), None)

    @property
    def unique(self) -> Field | None:
        """The field that tells objects of this type apart: the first that no two of them share."""
        return next((field for field in self.fields if field.unique), None)

    def member(self, name: str) -> Bound | None:
        """Give the type of the field of a wire name; where there is none, None, or UNKNOWN if there may be one."""
        found = self.field(name)
        if found is not None:
            return found.bound
        return None if self.complete else UNKNOWN


@dataclass(frozen=True, slots=True)
class EnumValue:
    """A value of an enum and what it means."""

    value: str
    doc: str
    span: Span
    deprecated: bool = False


@dataclass(frozen=True, slots=True)
class Enum:
    """A set of strings; an open one may grow without notice.

    Attributes:
        ranks: Values by rank: a value only moves on to one of a later rank, or stays as it is. Empty where it may
            become any other.
    """

    name: str
    module: PurePosixPath
    doc: str
    deviates: str
    open: bool
    values: tuple[EnumValue, ...]
    span: Span
    ranks: tuple[tuple[str, ...], ...] = ()

    def rank(self, value: str) -> int | None:
        """Give the rank of a value, None where it has none."""
        return next((rank for rank, values in enumerate(self.ranks) if value in values), None)


Way: TypeAlias = "tuple[str | int | None, ...]"
"""Steps that lead to a value of an object: names of members, positions in lists, and None for all elements of one."""


def way_text(way: Way) -> str:
    """Write the steps to a value for people, as in `choices[*].delta`."""
    parts = (f".{step}" if isinstance(step, str) else "[*]" if step is None else f"[{step}]" for step in way)
    return "".join(parts).removeprefix(".")


@dataclass(frozen=True, slots=True)
class Test:
    """One condition of a `when`.

    Attributes:
        path: The way to the value, of which one of several need do.
        value: A text, a whole number or a boolean that the value has to be; None if it only has to be there, and then
            null is fine, too.
    """

    path: Way
    value: str | int | None = None

    @property
    def names(self) -> tuple[str, ...] | None:
        """The path, if it goes through no list; else None."""
        names = tuple(step for step in self.path if isinstance(step, str))
        return names if len(names) == len(self.path) else None


@dataclass(frozen=True, slots=True)
class Choice:
    """A record, and what must be true of an object for the record to be meant.

    Attributes:
        span: Where the record is listed.
        when_spans: Where the conditions are written.
    """

    record: str
    when: tuple[Test, ...]
    span: Span = field(default=NOWHERE, compare=False)
    when_spans: tuple[Span, ...] = field(default=(), compare=False)

    @property
    def names(self) -> tuple[str, ...] | None:
        """The members that have to be there; None if more than that is asked."""
        names = [test.names for test in self.when if test.value is None and len(test.path) == 1]
        plain = tuple(name for each in names if each for name in each)
        return plain if len(plain) == len(self.when) else None


@dataclass(frozen=True, slots=True)
class Union:
    """Records told apart by their tag, or by their members.

    Attributes:
        variants: As listed.
        by_tag: The candidates of each tag, in the order in which they are tried.
        default: The candidates when the tag is absent or null, in the order in which they are tried: the variants
            that have no tag, then those that the spec names.
        tag: Where the tag stands.
        unknown: Record that an object of an unknown kind is taken for; empty where there is none.
        complete: Whether all variants and their tags are known; what is not is reported.
    """

    name: str
    module: PurePosixPath
    doc: str
    deviates: str
    variants: tuple[Choice, ...]
    by_tag: tuple[tuple[TagValue, tuple[Choice, ...]], ...]
    default: tuple[Choice, ...]
    span: Span
    complete: bool = True
    tag: Tag = Tag(())
    unknown: str = ""

    @property
    def records(self) -> tuple[str, ...]:
        """Names of the records, each once, as listed; that of unknown kinds at the end."""
        listed = [choice.record for choice in self.variants + self.default]
        return tuple(dict.fromkeys([*listed, *([self.unknown] if self.unknown else [])]))


class Operator(PythonEnum):
    """What a fold does at its place."""

    SET = "="
    FILL = "?="
    ADD = "+="
    MERGE = "|="
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Source:
    """A path to a value that an event brings.

    Attributes:
        scope: Where it begins: 0 for the event, else the element that the `each` of that number goes through, where the
            outermost one is 1.
        path: Wire names. One of them may be missing in some variants of a union; then there is no value.
        type: Type of the value.
    """

    scope: int
    path: tuple[str, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Position:
    """The element at a position that the event tells.

    Attributes:
        otherwise: What counts where the event has nothing at the source, in this order; a number is a position.
    """

    source: Source
    otherwise: tuple[Source | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Nth:
    """The element at a position that the spec tells, from 0."""

    position: int


@dataclass(frozen=True, slots=True)
class Keyed:
    """The element whose key, a path of wire names in it, has the value that the event tells.

    Attributes:
        otherwise: What counts where the event has nothing at the source, in this order; a number is a value.
    """

    source: Source
    key: tuple[str, ...]
    otherwise: tuple[Source | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Every:
    """All elements; with an element by key behind it, the first that has it."""


Selector: TypeAlias = Position | Nth | Keyed | Every


def sources_of(selector: Selector) -> tuple[Source, ...]:
    """Give the places in the event that a selector looks at, in order."""
    if not isinstance(selector, (Position, Keyed)):
        return ()
    return (selector.source, *(each for each in selector.otherwise if isinstance(each, Source)))


@dataclass(frozen=True, slots=True)
class Member:
    """A step of a fold into a field of a record.

    Attributes:
        record: Record that must be there for the step to be taken; empty where any record with the field will do.
        type: Type of the field.
    """

    name: str
    record: str
    type: Type


@dataclass(frozen=True, slots=True)
class Element:
    """A step of a fold into elements of a list.

    Attributes:
        selector: Which of them.
        record: Record that the element is, and that is made when it is missing; empty where the spec names none.
        type: Type of the element.
    """

    selector: Selector
    record: str
    type: Type


Step: TypeAlias = Member | Element


def way(steps: Iterable[Step]) -> tuple[str, ...]:
    """Tell where steps lead, whatever the types of the elements are: `items`, `[index]` and so on."""
    return tuple(step.name if isinstance(step, Member) else f"[{_selector_text(step.selector)}]" for step in steps)


def _selector_text(selector: Selector) -> str:
    match selector:
        case Position(source):
            return ".".join(source.path)
        case Nth(position):
            return str(position)
        case Keyed(source, key):
            return f"{'.'.join(source.path)} is {'.'.join(key)}"
        case Every():
            return "*"


@dataclass(frozen=True, slots=True)
class Place:
    """A name for a place that opens and closes while the stream goes on.

    Attributes:
        way: What leads there from the state, as the function of that name gives it.
        records: What may stand there; nothing where that is no object.
        outer: Name of the place that it is in; empty where it begins at the state.
        path: Members on the way from the outer place, or from the state, to the elements.
        keys: Paths into events to what tells its elements apart, of which the first that is there counts.
        key: Members in an element that hold that; empty where it is the position in a list, or the place is not in the
            state.
        is_position: Whether the elements are numbered from 0, not named.
        in_state: Whether the elements are in the state; of others one only knows whether they are open.
        span: Where its name is written.
    """

    name: str
    way: tuple[str, ...]
    records: tuple[str, ...]
    outer: str = ""
    path: tuple[str, ...] = ()
    keys: tuple[tuple[str, ...], ...] = ()
    key: tuple[str, ...] = ()
    is_position: bool = False
    in_state: bool = True
    span: Span = field(default=NOWHERE, compare=False)

    def is_on(self, steps: tuple[Step, ...]) -> bool:
        """Whether a way into the state leads to elements at the place, or into them, whichever it is about."""
        taken = way(steps[: len(self.way)])
        return len(taken) == len(self.way) and all(
            one == other or one[0] == other[0] == "[" for one, other in zip(taken, self.way, strict=True)
        )

    @property
    def text(self) -> str:
        """The path from the state, as the spec would write it."""
        return "".join(step if step[0] == "[" else f".{step}" for step in self.way).removeprefix(".")


@dataclass(frozen=True, slots=True)
class Pick:
    """A step of a reading into elements of a list.

    Attributes:
        position: Of the element, None for all of them.
        record: Record that the elements have to be; empty where any will do.
        type: Type of the elements.
    """

    position: int | None
    record: str
    type: Type


@dataclass(frozen=True, slots=True)
class Reading:
    """What people ask the state for.

    Attributes:
        join: Whether the texts at the path are put together, rather than all values there listed.
        steps: Way from the state to the values.
        type: Type of each of them.
        path: The way as written.
        span: Where its name is written.
    """

    name: str
    doc: str
    join: bool
    steps: tuple[Member | Pick, ...]
    type: Type
    path: str
    span: Span

    @property
    def result(self) -> Type:
        """Type of what one gets."""
        return Primitive.STRING if self.join else ListOf(self.type)


@dataclass(frozen=True, slots=True)
class Fold:
    """One change of the state.

    Attributes:
        steps: Way into the state; empty for the state as a whole.
        operator: What is done there.
        value: What it is done with, from the event or as the spec has it; None where something is removed.
        text: The statement as written.
    """

    steps: tuple[Step, ...]
    operator: Operator
    value: Source | str | int | float | None
    text: str

    @property
    def source(self) -> Source | None:
        """Where in the event the value is; None where it is none of the event."""
        return self.value if isinstance(self.value, Source) else None


@dataclass(frozen=True, slots=True)
class Each:
    """Statements that are carried out for each element of a list of the event.

    Attributes:
        source: The list, of objects; elements that are null are passed over.
        do: The statements.
        text: The path to the list as written, with `each` before it.
    """

    source: Source
    do: tuple[Statement, ...]
    text: str


@dataclass(frozen=True, slots=True)
class When:
    """Statements that are carried out under conditions.

    Attributes:
        scope: Where the paths of the conditions begin; as that of a source.
        tests: The conditions, all of which have to hold.
        do: The statements.
        text: The conditions, with `when` before them.
        spans: Where the conditions are written.
    """

    scope: int
    tests: tuple[Test, ...]
    do: tuple[Statement, ...]
    text: str
    spans: tuple[Span, ...] = field(default=(), compare=False)


Statement: TypeAlias = Fold | Each | When


def changes(statements: Iterable[Statement] | None) -> Iterator[Fold]:
    """Give the changes that statements make, in order, also those within `each` and `when`."""
    for statement in statements or ():
        match statement:
            case Fold():
                yield statement
            case Each(do=inner) | When(do=inner):
                yield from changes(inner)


def texts(statements: Iterable[Statement], margin: str = "") -> Iterator[str]:
    """Write statements line by line; what is carried out in `each` and `when` stands below it, indented."""
    for statement in statements:
        match statement:
            case Fold(text=text):
                yield f"{margin}{text}"
                continue
            case Each(text=text) | When(text=text):
                yield f"{margin}{text}"
        yield from texts(statement.do, f"{margin}  ")


@dataclass(frozen=True, slots=True)
class Key:
    """A whole tag of an event.

    Attributes:
        text: As the spec writes it, which is what people call the event.
        parts: What each part of the tag has to be; fewer than the tag has parts if it goes without the last ones.
    """

    text: str
    parts: tuple[TagValue, ...]


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


def constant(value: TagValue) -> Literal | Constants:
    """Give the type of exactly one value."""
    return Literal(value) if isinstance(value, str) else Constants((value,))


def tag_text(value: TagValue) -> str:
    """Write a tag as people read it: a text as it is, a number or a boolean as JSON has it."""
    return value if isinstance(value, str) else json.dumps(value)


def references(declared: Bound) -> tuple[str, ...]:
    """Names of the records, enums and unions that a type mentions."""
    match declared:
        case RecordRef(name) | EnumRef(name) | UnionRef(name):
            return (name,)
        case ListOf(inner) | MapOf(inner) | Nullable(inner):
            return references(inner)
        case OneOf(alternatives):
            return tuple(name for alternative in alternatives for name in references(alternative))
        case Primitive() | Literal() | Constants() | Unknown():
            return ()


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


def kinds(declared: Type) -> frozenset[Kind]:
    """The kinds of JSON value that fit a type."""
    match declared:
        case Primitive.ANY:
            return frozenset(Kind)
        case Primitive.INTEGER | Primitive.NUMBER:
            return frozenset([Kind.NUMBER])
        case Primitive.BOOLEAN:
            return frozenset([Kind.BOOLEAN])
        case Constants(values):
            return frozenset([Kind.BOOLEAN if isinstance(values[0], bool) else Kind.NUMBER])
        case Nullable(inner):
            return kinds(inner)
        case Primitive.STRING | Literal() | EnumRef():
            return frozenset([Kind.STRING])
        case ListOf():
            return frozenset([Kind.LIST])
        case Primitive.OBJECT | MapOf() | RecordRef() | UnionRef():
            return frozenset([Kind.OBJECT])
        case OneOf(alternatives):
            return frozenset(kind for alternative in alternatives for kind in kinds(alternative))


def type_text(bound: Type) -> str:
    """Write a type as the spec does."""
    match bound:
        case Primitive():
            return bound.value
        case Literal(value):
            return f'"{value}"'
        case Constants(values):
            return " | ".join(map(json.dumps, values))
        case Nullable(inner):
            return f"{type_text(inner)} | null"
        case ListOf(item):
            return f"list[{type_text(item)}]"
        case MapOf(value):
            return f"map[{type_text(value)}]"
        case OneOf(alternatives):
            return " | ".join(type_text(each) for each in alternatives)
        case RecordRef(name) | EnumRef(name) | UnionRef(name):
            return name
