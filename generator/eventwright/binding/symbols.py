"""First pass over the declarations: every name with its declaration, and the order of the files."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.suggest import closest
from ..diagnostics.values import Report, Span
from ..model import ir
from ..syntax.declarations import (
    EnumDecl,
    EventDecl,
    FileDecl,
    GroupDecl,
    SpecDecl,
    Text,
    TypeDecl,
    UnionDecl,
    folder_of,
)

DECLARED_TWICE = Rule(
    "E302",
    Severity.ERROR,
    "name declared twice",
    "Types, enums, unions and event classes share one package, so each name can stand for one thing only.",
)
UNLISTED_FOLDER = Rule(
    "E303",
    Severity.ERROR,
    "folder missing from the list, or listed and missing",
    "`order` in spec.yaml says in which order folders may use one another; a folder outside it has no place.",
)
REPEATED_TAG = Rule(
    "E401",
    Severity.ERROR,
    "tag declared twice",
    "The tag decides which class an event becomes, so one tag has one declaration.",
)

PRIMITIVES = {primitive.value: primitive for primitive in ir.Primitive}
_KNOWN_TYPES = (*PRIMITIVES, "list", "map")


@dataclass(slots=True)
class Symbols:
    """Every name that the spec declares, and the file of each.

    Attributes:
        unknown: Names that are declared twice, or by what could not be read: nobody knows what a mention of them means.
    """

    groups: dict[str, GroupDecl] = field(default_factory=dict)
    enums: dict[str, EnumDecl] = field(default_factory=dict)
    types: dict[str, TypeDecl] = field(default_factory=dict)
    unions: dict[str, UnionDecl] = field(default_factory=dict)
    events: dict[str, EventDecl] = field(default_factory=dict)
    payloads: dict[str, EventDecl] = field(default_factory=dict)
    files: dict[str, FileDecl] = field(default_factory=dict)
    group_files: dict[str, FileDecl] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)

    def named(self, name: str) -> TypeDecl | EnumDecl | UnionDecl | None:
        """Find what a type expression may mention."""
        return self.types.get(name) or self.enums.get(name) or self.unions.get(name)

    @property
    def mentionable(self) -> list[str]:
        """Names that a type expression may mention."""
        return [*_KNOWN_TYPES, *self.types, *self.enums, *self.unions]


def declare(spec: SpecDecl, report: Report) -> Symbols:
    """Collect all names; a name that is taken already is reported (E302) and unknown from then on."""
    symbols = Symbols()
    places: dict[str, Span] = {}

    def take(name: Text, what: str) -> bool:
        first = places.setdefault(name.value, name.span)
        if first is not name.span:
            report_twice(name, what, first)
        return first is name.span

    def report_twice(name: Text, what: str, first: Span) -> None:
        hint = f"first in {first}; rename one"
        report.add(DECLARED_TWICE, name.span, f"{what} '{name.value}' is declared twice", hint)
        symbols.unknown.add(name.value)

    for file in spec.files:
        for group in file.groups:
            if group.name.value in symbols.groups:
                report_twice(group.name, "group", symbols.groups[group.name.value].name.span)
            else:
                symbols.groups[group.name.value] = group
                symbols.group_files[group.name.value] = file
        for enum in file.enums:
            if take(enum.name, "enum"):
                symbols.enums[enum.name.value] = enum
        for type_ in file.types:
            if take(type_.name, "type"):
                symbols.types[type_.name.value] = type_
        for union in file.unions:
            if take(union.name, "union"):
                symbols.unions[union.name.value] = union
        for event in file.events:
            if event.tag.value in symbols.events:
                first = symbols.events[event.tag.value].tag.span
                hint = f"first in {first}; remove one"
                report.add(REPEATED_TAG, event.tag.span, f"tag '{event.tag.value}' is declared twice", hint)
                symbols.unknown.update([event.class_name.value, symbols.events[event.tag.value].class_name.value])
            elif take(event.class_name, "class"):
                symbols.payloads[event.class_name.value] = event
                symbols.events[event.tag.value] = event
        declared: list[EnumDecl | TypeDecl | UnionDecl] = [*file.enums, *file.types, *file.unions]
        for each in declared:
            symbols.files.setdefault(each.name.value, file)
        for event in file.events:
            symbols.files.setdefault(event.class_name.value, file)
    for file in spec.files:
        # What stands in a file that is no YAML may be a mention of what another file declares.
        symbols.unknown |= file.unread if file.readable else file.unread - {*places, *symbols.groups}
    return symbols


def _stem(path: str) -> str:
    return path.rpartition("/")[2]


def check_order(spec: SpecDecl, report: Report) -> None:
    """Report entries of the order that name nothing, and folders that it leaves out (E303)."""
    listed = [entry.value for entry in spec.order]
    paths = {file.path.as_posix() for file in spec.files}
    folders = {folder_of(file.path) for file in spec.files} - {""}
    included = {folder_of(file.path) for file in spec.files if file.included}
    unlisted = sorted(folders - included - {entry.partition("/")[0] for entry in listed}) if listed else []
    for entry in spec.order:
        if entry.value not in folders and entry.value not in paths:
            # Files of one folder resemble one another by the folder alone.
            alike = [path for path in paths if closest(_stem(entry.value), [_stem(path)])]
            meant = closest(entry.value, unlisted) or closest(entry.value, alike)
            # A misspelt name is one mistake: the folder that was meant is not missing from the list as well.
            unlisted = [folder for folder in unlisted if folder != meant]
            hint = f"did you mean '{meant}'?" if meant else "remove it, or add such a file"
            report.add(UNLISTED_FOLDER, entry.span, f"there is no spec file or folder '{entry.value}'", hint)
    for folder in unlisted:
        file = next(file.file for file in spec.files if folder_of(file.path) == folder)
        hint = f"add '{folder}' to 'order' in {spec.file}, after every folder that it uses"
        report.add(UNLISTED_FOLDER, Span(file), f"folder '{folder}' is not listed", hint)
