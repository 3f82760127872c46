"""Where each declaration of a spec has its page in the docs, and who mentions whom."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import PurePosixPath

from ...model import ir
from ...model.names import is_device
from .markdown import code, joined

ROOT = PurePosixPath("docs")
"""Folder of the docs in the output, with a folder for each spec."""

_NOT_FILE_NAME = re.compile(r"[^A-Za-z0-9_.-]+")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a declaration has its page, below the docs of its spec, and how a link to it is called."""

    folder: str
    file: str
    label: str
    kind: str

    def href(self, folder: str) -> str:
        """Give the relative address, as seen from a page in a folder."""
        if folder == self.folder:
            return self.file
        return f"../{self.folder}/{self.file}" if folder else f"{self.folder}/{self.file}"

    def link(self, folder: str) -> str:
        """Give a link, as seen from a page in a folder."""
        return f"[{self.label}]({self.href(folder)})"


class FileNames:
    """Gives out names of files, none twice in a folder even where case does not count."""

    def __init__(self, *taken: str) -> None:
        self._taken = set(taken)

    def take(self, wanted: str) -> str:
        """Give the file for a name, without its suffix, and remember that it is taken."""
        stem = _NOT_FILE_NAME.sub("-", wanted).lstrip(".-")[:120] or "unnamed"
        if is_device(stem):
            stem = stem.replace(".", "_", 1) if "." in stem else f"{stem}_"
        unique, number = stem, 1
        while unique.casefold() in self._taken:
            number += 1
            unique = f"{stem}-{number}"
        self._taken.add(unique.casefold())
        return unique


@dataclass(frozen=True, slots=True)
class Usage:
    """A mention of a declaration: in which other one, and in which field of it (empty for a choice of a union)."""

    user: str
    path: str


def _mentions(declared: ir.Type, path: str) -> Iterator[tuple[str, str]]:
    """Give the names in a type, each with the way to it: `content[]` is any element, `metadata{}` any value."""
    match declared:
        case ir.RecordRef(name) | ir.EnumRef(name) | ir.UnionRef(name):
            yield name, path
        case ir.Nullable(inner):
            yield from _mentions(inner, path)
        case ir.ListOf(inner):
            yield from _mentions(inner, f"{path}[]")
        case ir.MapOf(inner):
            yield from _mentions(inner, f"{path}{{}}")
        case ir.OneOf(alternatives):
            for alternative in alternatives:
                yield from _mentions(alternative, path)
        case ir.Primitive() | ir.Literal() | ir.Constants():
            return


class Site:
    """What the pages need to know of each other."""

    def __init__(self, spec: ir.Spec) -> None:
        self.spec = spec
        self.root = ROOT / spec.name

    def path(self, name: str) -> PurePosixPath:
        """Give the path of the page of a declaration, in the output."""
        place = self.places[name]
        return self.root / place.folder / place.file

    @cached_property
    def places(self) -> dict[str, Place]:
        """Where each declaration has its page, by its name; events by the name of their class."""
        found: dict[str, Place] = {}
        # The union of all events is told on the first page.
        found[self.spec.union] = Place("", "index.md", code(self.spec.union), "Union")
        events, types, unions, enums = (FileNames("index") for _ in range(4))
        for module in self.spec.modules:
            for event in module.events:
                found[event.record.name] = Place("events", f"{events.take(event.tag)}.md", code(event.tag), "Event")
            for record in module.records:
                found[record.name] = Place("types", f"{types.take(record.name)}.md", code(record.name), "Type")
            for union in module.unions:
                found[union.name] = Place("unions", f"{unions.take(union.name)}.md", code(union.name), "Union")
            for enum in module.enums:
                found[enum.name] = Place("enums", f"{enums.take(enum.name)}.md", code(enum.name), "Enum")
        return found

    @cached_property
    def _usages(self) -> dict[str, list[Usage]]:
        """Who mentions a declaration; made in one walk through the spec."""
        found: dict[str, list[Usage]] = {}
        for event in self.spec.events:
            self._note_fields(event.record, found)
        for module in self.spec.modules:
            for record in module.records:
                self._note_fields(record, found)
        for module in self.spec.modules:
            for union in module.unions:
                for name in union.records:
                    found.setdefault(name, []).append(Usage(union.name, ""))
        return found

    @staticmethod
    def _note_fields(record: ir.Record, found: dict[str, list[Usage]]) -> None:
        for field in record.fields:
            for name, path in _mentions(field.type, field.name):
                found.setdefault(name, []).append(Usage(record.name, path))

    def link(self, name: str, folder: str) -> str:
        """Give a link to a declaration, as seen from a page in a folder."""
        return self.places[name].link(folder)

    def field_link(self, name: str, field: str, folder: str) -> str:
        """Give a link to a field of a declaration, as seen from a page in a folder."""
        return f"[{self.places[name].label}]({self.field_address(name, field, folder)})"

    def field_address(self, name: str, field: str, folder: str) -> str:
        """Give the address of a field of a declaration, as seen from a page in a folder."""
        return f"{self.places[name].href(folder)}#{self.anchors[name][field]}"

    @cached_property
    def anchors(self) -> dict[str, dict[str, str]]:
        """The anchor of each field on the page of its record, by the names of the record and of the field."""
        found = {}
        for record in self.spec.records.values():
            names = FileNames()
            # A field may have an empty name; a tag that has none stands nowhere.
            fields = [*([record.tag] if record.tag else []), *(field.name for field in record.fields)]
            found[record.name] = {name: f"field-{names.take(name)}" for name in fields}
        return found

    def users(self, name: str, folder: str) -> tuple[str, ...]:
        """Say who mentions a declaration: a line for each event, type and union."""
        lines: list[str] = []
        for user, usages in groupby(self._usages.get(name, ()), key=lambda usage: usage.user):
            place = self.places[user]
            paths = [code(path) for path in dict.fromkeys(usage.path for usage in usages) if path]
            where = f", in {joined(paths, 'and')}" if paths else ""
            lines.append(f"{place.kind} {place.link(folder)}{where}")
        return tuple(lines)

    def type(self, declared: ir.Type, folder: str) -> str:
        """Say in words what a type is."""
        match declared:
            case ir.Primitive.ANY:
                return "any JSON value"
            case ir.Primitive():
                return str(declared.value)
            case ir.Literal(value):
                return code(f'"{value}"')
            case ir.Constants(values):
                return joined((code(json.dumps(value)) for value in values), "or")
            case ir.Nullable(inner):
                return f"{self.type(inner, folder)} or null"
            case ir.ListOf(inner):
                return f"list of {self._inner(inner, folder)}"
            case ir.MapOf(inner):
                return f"map of {self._inner(inner, folder)}"
            case ir.OneOf(alternatives):
                return joined((self._inner(alternative, folder) for alternative in alternatives), "or")
            case ir.RecordRef(name) | ir.EnumRef(name) | ir.UnionRef(name):
                return self.link(name, folder)

    def _inner(self, declared: ir.Type, folder: str) -> str:
        text = self.type(declared, folder)
        is_several = isinstance(declared, (ir.OneOf, ir.Nullable)) or (
            isinstance(declared, ir.Constants) and len(declared.values) > 1
        )
        return f"({text})" if is_several else text
