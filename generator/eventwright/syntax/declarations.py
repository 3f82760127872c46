"""The spec as it is written: one class per kind of declaration, nothing looked up yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from collections.abc import Mapping as Map
from dataclasses import dataclass
from pathlib import PurePosixPath

from ..diagnostics.values import Span
from .foldexpr import FoldExpr
from .loader import Mapping
from .typeexpr import TypeExpr


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the spec and where it stands."""

    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class Prose:
    """What the spec says about a declaration; empty where it says nothing."""

    doc: Text
    deviates: str


@dataclass(frozen=True, slots=True)
class FieldDecl:
    """A member of a group, type or event.

    Attributes:
        type: None when it cannot be read, which is reported then.
        mentions: The words of a type that cannot be read, so that nobody calls a type unused that is among them.
        repeated: Whether the name is another field's already, so that nobody knows the name that was meant.
    """

    name: Text
    prose: Prose
    type: TypeExpr | None
    optional: bool
    nullable: bool
    deprecated: bool
    mentions: tuple[Text, ...] = ()
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class GroupDecl:
    """Fields under a name, to be used by several types and events."""

    name: Text
    prose: Prose
    use: tuple[Text, ...]
    fields: tuple[FieldDecl, ...]


@dataclass(frozen=True, slots=True)
class TypeDecl:
    """An object type.

    Attributes:
        tag_unread: Whether it has a tag that cannot be read, which is reported.
    """

    name: Text
    prose: Prose
    tags: tuple[Text, ...]
    tag_optional: bool
    tag_unread: bool
    use: tuple[Text, ...]
    fields: tuple[FieldDecl, ...]


@dataclass(frozen=True, slots=True)
class ValueDecl:
    """A value of an enum."""

    value: Text
    doc: Text


@dataclass(frozen=True, slots=True)
class EnumDecl:
    """A set of strings."""

    name: Text
    prose: Prose
    open: bool
    values: tuple[ValueDecl, ...]


@dataclass(frozen=True, slots=True)
class ChoiceDecl:
    """A type of a union, and the fields that must be present for it to be meant."""

    type: Text
    when: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class UnionDecl:
    """Object types that are told apart by their tag."""

    name: Text
    prose: Prose
    variants: tuple[ChoiceDecl, ...]
    default: tuple[ChoiceDecl, ...]


@dataclass(frozen=True, slots=True)
class EventDecl:
    """An event of the stream.

    Attributes:
        folds: What the event does to the state; None where the spec does not say.
        ends: How the stream ends with this event, None where it goes on.
        example: A wire object.
        reason: Path to the text that says why the stream ends.
        errors: Paths to the objects that may hold what went wrong.
    """

    tag: Text
    prose: Prose
    variant: Text
    class_name: Text
    use: tuple[Text, ...]
    fields: tuple[FieldDecl, ...]
    folds: tuple[FoldExpr, ...] | None
    ends: Text | None
    example: Mapping | None
    reason: Text | None = None
    errors: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Members:
    """The fields that a declaration has, with those of its groups.

    Attributes:
        names: Every field that is written somewhere, readable or not.
        complete: Whether all groups and fields are known; if not, there may be more fields than `names`.
    """

    names: frozenset[str]
    complete: bool

    def may_have(self, name: str) -> bool:
        """Whether a missing field may be due to a mistake that is reported elsewhere."""
        return name in self.names or not self.complete


def members(declared: GroupDecl | TypeDecl | EventDecl, groups: Map[str, GroupDecl]) -> Members:
    """Collect the fields of a declaration without binding any."""
    names = {field.name.value for field in declared.fields}
    complete = not any(field.repeated for field in declared.fields)
    waiting, seen = [used.value for used in declared.use], set[str]()
    while waiting:
        name = waiting.pop()
        group = groups.get(name)
        if group is None:
            complete = False
        elif name not in seen:
            seen.add(name)
            names.update(field.name.value for field in group.fields)
            # In place of itself, a group was meant to use another one.
            uses_itself = any(used.value == name for used in group.use)
            complete = complete and not uses_itself and not any(field.repeated for field in group.fields)
            waiting.extend(used.value for used in group.use)
    return Members(frozenset(names), complete)


@dataclass(frozen=True, slots=True)
class FileDecl:
    """One file of the spec; `path` is relative to the spec's folder and has no suffix.

    Attributes:
        unread: Names that stand in the file but could not be read, so that nobody calls them unknown or unused.
    """

    path: PurePosixPath
    file: str
    title: Text
    doc: Text
    groups: tuple[GroupDecl, ...]
    enums: tuple[EnumDecl, ...]
    types: tuple[TypeDecl, ...]
    unions: tuple[UnionDecl, ...]
    events: tuple[EventDecl, ...]
    unread: frozenset[str] = frozenset()


def folder_of(path: PurePosixPath) -> str:
    """Give the top folder of a spec file, empty for a file beside `spec.yaml`."""
    return path.parts[0] if len(path.parts) > 1 else ""


def in_order(files: Iterable[FileDecl], order: Iterable[Text]) -> list[FileDecl]:
    """Sort files the way the spec lists them and their folders, else by path."""
    listed = [entry.value for entry in order]

    def rank(file: FileDecl) -> tuple[int, str]:
        path = file.path.as_posix()
        entry = path if path in listed else folder_of(file.path)
        return (listed.index(entry) if entry in listed else len(listed), path)

    return sorted(files, key=rank)


@dataclass(frozen=True, slots=True)
class SpecDecl:
    """The whole spec; what `spec.yaml` says, or what follows from the folder's name where it says nothing.

    Attributes:
        files: In the order of the spec: of two declarations of one name, the first counts.
        readable: Whether `spec.yaml` is YAML.
    """

    file: str
    name: Text
    title: Text
    doc: Text
    union: Text
    tag: Text
    state: Text | None
    order: tuple[Text, ...]
    files: tuple[FileDecl, ...]
    readable: bool = True

    @property
    def unread(self) -> frozenset[str]:
        """Names of declarations that could not be read, which is reported."""
        return frozenset(name for file in self.files for name in file.unread)

    @property
    def contested(self) -> frozenset[str]:
        """Names with two declarations, which is reported: nobody knows which of the two a mention means."""
        names: Counter[str] = Counter()
        for file in self.files:
            # Groups have a space of names of their own.
            names.update(f"group {group.name.value}" for group in file.groups)
            names.update(enum.name.value for enum in file.enums)
            names.update(type_.name.value for type_ in file.types)
            names.update(union.name.value for union in file.unions)
            names.update(event.class_name.value for event in file.events)
        return frozenset(name.removeprefix("group ") for name, count in names.items() if count > 1)
