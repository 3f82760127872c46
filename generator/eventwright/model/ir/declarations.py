"""What a spec declares beside events: records with their fields, enums and unions."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final, TypeAlias

from ...diagnostics.values import Span
from .tags import NO_TAG, Tag, TagValue
from .types import UNKNOWN, Bound, Type, Unknown

NOWHERE: Final = Span("")
"""The place of what no file says."""


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
    tag: Tag = NO_TAG
    unknown: str = ""

    @property
    def records(self) -> tuple[str, ...]:
        """Names of the records, each once, as listed; that of unknown kinds at the end."""
        listed = [choice.record for choice in self.variants + self.default]
        return tuple(dict.fromkeys([*listed, *([self.unknown] if self.unknown else [])]))
