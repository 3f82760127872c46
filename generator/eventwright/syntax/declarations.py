"""The spec as it is written: one class per kind of declaration, nothing looked up yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TypeAlias

from ..diagnostics.values import Span
from .foldexpr import FoldExpr, PathExpr, Step
from .holdexpr import HoldExpr
from .loader import Mapping
from .sequenceexpr import SequenceExpr
from .tagexpr import TagExpr
from .typeexpr import TypeExpr


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the spec and where it stands."""

    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class Prose:
    """What the spec says about a declaration; empty where it says nothing.

    Attributes:
        doc: None where something is written that could not be read, which is reported.
    """

    doc: Text | None
    deviates: str


@dataclass(frozen=True, slots=True)
class FieldDecl:
    """A member of a group, type or event.

    Attributes:
        type: None when it cannot be read, which is reported then.
        attribute: Its name in Python, None where that follows from the name on the wire.
        counter: Whether it numbers the events.
        unique: Whether no two elements of a list have the same value in it.
        same: What it repeats, `place.field`.
        fixed: Whether it is the same in every repetition of its object.
        varies: Whether it may differ even where its object is repeated unchanged.
    """

    name: Text
    prose: Prose
    type: TypeExpr | None
    optional: bool
    nullable: bool
    deprecated: bool
    attribute: Text | None = None
    counter: bool = False
    unique: bool = False
    same: Text | None = None
    fixed: bool = False
    varies: bool = False


@dataclass(frozen=True, slots=True)
class GroupDecl:
    """Fields under a name, to be used by several types and events; `complete` is that of `TypeDecl`.

    Attributes:
        at: Place that events with these fields are about, None where the group does not say.
    """

    name: Text
    prose: Prose
    use: tuple[Text, ...]
    fields: tuple[FieldDecl, ...]
    complete: bool
    at: Text | None = None


@dataclass(frozen=True, slots=True)
class TagDecl:
    """The value of a tag, a text, a whole number or a boolean, and where it stands."""

    value: str | int
    span: Span


@dataclass(frozen=True, slots=True)
class TypeDecl:
    """An object type.

    Attributes:
        complete: Whether its tag and the names of its fields could be read; if not, that is reported.
        deprecated: Whether it should no longer be used.
    """

    name: Text
    prose: Prose
    tags: tuple[TagDecl, ...]
    tag_optional: bool
    use: tuple[Text, ...]
    fields: tuple[FieldDecl, ...]
    complete: bool
    deprecated: bool = False


@dataclass(frozen=True, slots=True)
class ValueDecl:
    """A value of an enum."""

    value: Text
    doc: Text
    deprecated: bool = False


@dataclass(frozen=True, slots=True)
class EnumDecl:
    """A set of strings.

    Attributes:
        ranks: The values by rank, first those that a value begins with.
    """

    name: Text
    prose: Prose
    open: bool
    values: tuple[ValueDecl, ...]
    ranks: tuple[tuple[Text, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class TestDecl:
    """One condition of a `when`.

    Attributes:
        path: The way to the value: names of members, positions in lists, and None for any element of one.
        span: Where the path is written.
        value: What the value has to be, None if it only has to be there.
        value_span: Where that is written; where the path is, if nothing is.
    """

    path: tuple[str | int | None, ...]
    span: Span
    value: str | int | None
    value_span: Span


@dataclass(frozen=True, slots=True)
class ChoiceDecl:
    """A type of a union, and what must be true of an object for it to be meant."""

    type: Text
    when: tuple[TestDecl, ...]


@dataclass(frozen=True, slots=True)
class UnionDecl:
    """Object types that are told apart by a tag or by their members.

    Attributes:
        complete: Whether all variants could be read.
        tag: Where their tag stands, None where the union does not say.
        unknown: The type of objects of an unknown kind, None where the union names none.
    """

    name: Text
    prose: Prose
    variants: tuple[ChoiceDecl, ...]
    default: tuple[ChoiceDecl, ...]
    complete: bool
    tag: TagExpr | None = None
    unknown: Text | None = None


@dataclass(frozen=True, slots=True)
class EachDecl:
    """Statements for each element of a list of the event."""

    source: PathExpr
    do: tuple[StatementDecl, ...]


@dataclass(frozen=True, slots=True)
class WhenDecl:
    """Statements under conditions, all of which have to hold."""

    tests: tuple[TestDecl, ...]
    do: tuple[StatementDecl, ...]


StatementDecl: TypeAlias = FoldExpr | EachDecl | WhenDecl
"""What an event does to the state."""


@dataclass(frozen=True, slots=True)
class EndDecl:
    """How the stream ends with an event, and what must be true of the event for that."""

    kind: Text
    when: tuple[TestDecl, ...]


@dataclass(frozen=True, slots=True)
class HoldDecl:
    """What is true of every event of a kind.

    Attributes:
        rule: Id of the rule that is broken where it is not true, None where that follows from the statement.
    """

    rule: Text | None
    statement: HoldExpr


@dataclass(frozen=True, slots=True)
class EventDecl:
    """An event of the stream.

    Attributes:
        constant: The whole number or boolean that its tag is, None if it is text.
        untagged: Whether its key is only a name, so that nothing but `default` leads to it.
        aliases: Tags that it goes by as well.
        deprecated: Whether it should no longer be used.
        folds: What the event does to the state; None where the spec does not say.
        ends: How the stream ends with this event, the first that is true of it; nothing where it goes on.
        example: A wire object.
        reason: Path to the text that says why the stream ends.
        status: Path to the text that says how things are at the end.
        errors: Paths to the objects that may hold what went wrong.
        complete: Whether the names of its fields could be read; if not, that is reported.
        at: Place that it is about, None where the event does not say.
        opens: Place that it opens, or `stream`.
        closes: Place that it closes.
        anytime: Whether it may come at any time.
        method: What a builder calls what happens with it, None where that follows from what it does.
        holds: What is true of each such event.
    """

    tag: Text
    prose: Prose
    variant: Text
    class_name: Text
    use: tuple[Text, ...]
    fields: tuple[FieldDecl, ...]
    complete: bool
    folds: tuple[StatementDecl, ...] | None
    ends: tuple[EndDecl, ...]
    example: Mapping | None
    reason: Text | None = None
    status: Text | None = None
    errors: tuple[Text, ...] = ()
    constant: int | None = None
    untagged: bool = False
    aliases: tuple[Text, ...] = ()
    deprecated: bool = False
    at: Text | None = None
    opens: Text | None = None
    closes: Text | None = None
    anytime: bool = False
    method: Text | None = None
    holds: tuple[HoldDecl, ...] = ()


@dataclass(frozen=True, slots=True)
class AllowDecl:
    """A warning that is known and meant to be; the reason is for people.

    Attributes:
        code: Of its rule.
        scope: Where it may be, None for the whole spec.
    """

    code: Text
    scope: Span | None


@dataclass(frozen=True, slots=True)
class PathDecl:
    """A path into an event.

    Attributes:
        names: Of the members on the way.
        span: Where it is written.
    """

    names: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class PlaceDecl:
    """A name for a place in the state.

    Attributes:
        steps: Way to it, which may begin with the name of another place; None where it cannot be read, which is
            reported.
    """

    name: Text
    steps: tuple[Step, ...] | None


@dataclass(frozen=True, slots=True)
class ReadingDecl:
    """What people ask the state for.

    Attributes:
        doc: As that of `Prose`.
        join: Whether the texts at the path are put together, rather than all values there listed.
        steps: Way to the values; None where it cannot be read, which is reported.
    """

    name: Text
    doc: Text | None
    join: bool
    steps: tuple[Step, ...] | None
    span: Span


@dataclass(frozen=True, slots=True)
class SequenceDecl:
    """What may happen at a place, in which order.

    Attributes:
        owner: A type or a place, or `stream`.
        expression: None where it cannot be read, which is reported.
        text: As written, on one line.
    """

    owner: Text
    expression: SequenceExpr | None
    text: str


@dataclass(frozen=True, slots=True)
class OffDecl:
    """A rule that a profile turns off, maybe of elements of one type only: `RULE of TYPE`."""

    rule: Text
    type: Text | None
    reason: Text


@dataclass(frozen=True, slots=True)
class ProfileDecl:
    """What streams of one provider are forgiven.

    Attributes:
        doc: As that of `Prose`.
    """

    name: Text
    doc: Text | None
    off: tuple[OffDecl, ...]


@dataclass(frozen=True, slots=True)
class RuleNoteDecl:
    """What the spec says about a rule of the stream; None where it says nothing."""

    rule: Text
    severity: Text | None
    why: Text | None
    seen: Text | None
    fix: Text | None


@dataclass(frozen=True, slots=True)
class LifecycleDecl:
    """What a file says about the order of events and the rules of the stream."""

    sequences: tuple[SequenceDecl, ...] = ()
    profiles: tuple[ProfileDecl, ...] = ()
    notes: tuple[RuleNoteDecl, ...] = ()


@dataclass(frozen=True, slots=True)
class FileDecl:
    """One file of the spec; `path` is relative to the spec's folder and has no suffix.

    Attributes:
        doc: As that of `Prose`.
        unread: Names of declarations that could not be read, so that nobody calls them unknown.
        readable: Whether the file as a whole could be read.
        included: Whether it stands in a folder that several specs share.
    """

    path: PurePosixPath
    file: str
    title: Text
    doc: Text | None
    groups: tuple[GroupDecl, ...]
    enums: tuple[EnumDecl, ...]
    types: tuple[TypeDecl, ...]
    unions: tuple[UnionDecl, ...]
    events: tuple[EventDecl, ...]
    unread: frozenset[str] = frozenset()
    readable: bool = True
    allow: tuple[AllowDecl, ...] = ()
    included: bool = False
    lifecycle: LifecycleDecl = LifecycleDecl()


def folder_of(path: PurePosixPath) -> str:
    """Give the top folder of a spec file, empty for a file beside `spec.yaml`."""
    return path.parts[0] if len(path.parts) > 1 else ""


def in_order(files: Iterable[FileDecl], order: Iterable[Text]) -> list[FileDecl]:
    """Sort files the way the spec lists them and their folders, else by path, included ones first."""
    listed = [entry.value for entry in order]

    def rank(file: FileDecl) -> tuple[int, str]:
        path = file.path.as_posix()
        entry = path if path in listed else folder_of(file.path)
        unlisted = -1 if file.included else len(listed)
        return (listed.index(entry) if entry in listed else unlisted, path)

    return sorted(files, key=rank)


@dataclass(frozen=True, slots=True)
class SpecDecl:
    """The whole spec; what `spec.yaml` says, or what follows from the folder's name where it says nothing.

    Attributes:
        tag: Where the tag of events stands; nothing is concluded from it where it could not be read.
        default: The events that a body without a tag may be, each as a choice whose type is the key of the event.
        files: In the order of the spec: of two declarations of one name, the first counts.
        readable: Whether `spec.yaml` is YAML.
        done: Texts that may come in the place of an event, to say that there are no more.
        places: Names for places in the state.
        readings: What people ask the state for.
        key: Paths to what tells the streams apart that run side by side, the first that an event has; empty where there
            is one stream only.
        lane: Paths to what says in which lane of a connection an event is, the first that an event has.
    """

    file: str
    name: Text
    title: Text
    doc: Text | None
    union: Text
    tag: TagExpr
    state: Text | None
    order: tuple[Text, ...]
    files: tuple[FileDecl, ...]
    readable: bool = True
    version: Text | None = None
    allow: tuple[AllowDecl, ...] = ()
    default: tuple[ChoiceDecl, ...] = ()
    done: tuple[Text, ...] = ()
    places: tuple[PlaceDecl, ...] = ()
    key: tuple[PathDecl, ...] = ()
    lane: tuple[PathDecl, ...] = ()
    readings: tuple[ReadingDecl, ...] = ()
    lifecycle: LifecycleDecl = LifecycleDecl()
