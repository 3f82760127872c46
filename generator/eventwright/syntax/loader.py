"""From YAML text to nodes that know where they stand. Reads only what a spec needs: no alias, no tag, one document."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NoReturn, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from ruamel.yaml.reader import ReaderError

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.values import LINE_BREAK, Position, Report, Span
from .unreadable import point, report_unprintable, report_unreadable

DUPLICATE_KEY = Rule(
    "E102",
    Severity.ERROR,
    "duplicate key",
    "YAML readers keep the last of two equal keys and drop the first without a word.",
)
NOT_PLAIN_YAML = Rule(
    "E103",
    Severity.ERROR,
    "alias, anchor, tag or second document",
    (
        "A spec is read by people and editors: fields are shared by groups, which have names and descriptions. "
        "Aliases can also make a small file huge."
    ),
)
KEY_NOT_TEXT = Rule(
    "E104",
    Severity.ERROR,
    "key that is not text",
    "YAML reads some words as numbers or booleans, so that the key is not what it looks like.",
)
TOO_DEEP = Rule(
    "E105",
    Severity.ERROR,
    "nested too deep",
    "No spec needs it, and no reader follows it.",
)
MERGE_CONFLICT = Rule(
    "E108",
    Severity.ERROR,
    "conflict of a merge",
    "Both sides of a change stand in the file; only a person can say which of them holds.",
)

CONSTANT_KEYS = "events"
"""The section whose keys may be numbers and booleans, because they are tags."""

MAX_DEPTH = 60
"""How deep nodes may nest; far beyond any sensible spec, far below what would exhaust the interpreter."""

# What `git merge` leaves behind: no line of a spec can begin with it.
_CONFLICT = re.compile(r"^(<{7}|={7}|>{7})(?=[ \r\n]|$)", re.MULTILINE)
MAX_DIGITS = 100
"""Digits of the longest number that is one; a longer one stays text."""

_INTEGER = re.compile(rf"[-+]?[0-9]{{1,{MAX_DIGITS}}}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_CONSTANTS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value, resolved after the core schema of YAML 1.2."""

    value: str | int | float | bool | None
    span: Span


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of nodes."""

    items: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of a mapping with its value.

    Attributes:
        doubtful: Whether the key is not what it was meant to be, which is reported.
        constant: The whole number or the boolean that the key is, where it may be one; None if it is text.
    """

    key: str
    key_span: Span
    value: Node
    doubtful: bool = False
    constant: int | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """Entries in the order in which they are written, each key once.

    Attributes:
        repeated: Entries whose keys are there already, which is reported: nobody knows what they were meant to be.
    """

    entries: tuple[Entry, ...]
    span: Span
    repeated: tuple[Entry, ...] = ()

    def get(self, key: str) -> Node | None:
        """Give the value of a key, None when the mapping does not have it."""
        return next((entry.value for entry in self.entries if entry.key == key), None)


Node: TypeAlias = Scalar | Sequence | Mapping


class _Refused(Exception):
    """The document cannot be used at all; its diagnostic is in the report already."""


def load(text: str, file: str, report: Report) -> Node | None:
    """Read one YAML document.

    Args:
        text: The content of the file.
        file: Path for the spans.
        report: Receives E1xx diagnostics.

    Returns:
        The root node; None when the text is unusable, which the report then explains.
    """
    conflict = _CONFLICT.search(text)
    if conflict is not None:
        lines = LINE_BREAK.split(text[: conflict.start()])
        hint = (
            "keep what is right of both sides, and remove the lines that begin with '<<<<<<<', '=======' and '>>>>>>>'"
        )
        report.add(MERGE_CONFLICT, point(file, len(lines) - 1, 0, len(conflict[0])), "conflict of a merge", hint)
        return None
    loader = _Loader(text, file, report)
    try:
        return loader.document()
    except _Refused:
        return None
    except MarkedYAMLError as error:
        report_unreadable(error, text, file, loader.last_quoted, report)
    except (ReaderError, ValueError) as error:
        report_unprintable(error, text, file, report)
    return None


def to_python(node: Node) -> object:
    """Give the plain value of a node."""
    match node:
        case Scalar(value):
            return value
        case Sequence(items):
            return [to_python(item) for item in items]
        case Mapping(entries):
            return {entry.key: to_python(entry.value) for entry in entries}


class _Loader:
    def __init__(self, text: str, file: str, report: Report) -> None:
        self._file = file
        self._report = report
        self._lines = LINE_BREAK.split(text)
        self.last_quoted: Span | None = None
        """The last text in quotes that goes over several lines."""
        # The C parser where there is one for this platform, else the slower one in Python.
        self._events: Iterator[Event] = YAML(typ="safe").parse(text)

    def document(self) -> Node | None:
        root: Node | None = None
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                if root is not None:
                    self._refuse(
                        NOT_PLAIN_YAML, event, "a second document in one file", "put it into a file of its own"
                    )
                root = self._node(next(self._events), 0)
            elif isinstance(event, StreamEndEvent):
                break
        return root

    def _span(self, event: Event, last: Event | None = None) -> Span:
        start, end = event.start_mark, (last or event).end_mark
        return Span(self._file, Position(start.line + 1, start.column + 1), Position(end.line + 1, end.column + 1))

    def _text_span(self, event: ScalarEvent) -> Span:
        """Give the span of a scalar; for one on several lines, also where each of these has gone in its text."""
        span = self._span(event)
        start, end = event.start_mark, event.end_mark
        if start.line == end.line:
            return span
        if event.style in ("'", '"'):
            self.last_quoted = span
        text: str = event.value
        places: list[tuple[int, Position]] = []
        at = 0
        for number in range(start.line, min(end.line + 1, len(self._lines))):
            is_first = number == start.line
            line = self._lines[number]
            part = line[start.column :].lstrip("\"'>|+-0123456789") if is_first else line
            part = (part[: end.column] if number == end.line and not is_first else part).strip().rstrip("\"'")
            offset = text.find(part, at) if part else -1
            if offset >= 0:
                places.append((offset, Position(number + 1, line.index(part) + 1)))
                at = offset + len(part)
            elif part:
                return span
        return replace(span, lines=tuple(places))

    def _written(self, scalar: Scalar) -> str:
        """Give a value that is not text as it stands in the file."""
        start, end = scalar.span.start, scalar.span.end
        assert start is not None and end is not None, "only a file as a whole has no place"
        return self._lines[start.line - 1][start.column - 1 : end.column - 1] or "null"

    def _refuse(self, rule: Rule, event: Event, message: str, hint: str) -> NoReturn:
        self._report.add(rule, self._span(event), message, hint)
        raise _Refused

    def _node(self, event: Event, depth: int, *, constants: bool = False) -> Node:
        if depth > MAX_DEPTH:
            self._refuse(TOO_DEEP, event, f"nested more than {MAX_DEPTH} levels deep", "give the inner part a name")
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if isinstance(event, AliasEvent):
            self._refuse(
                NOT_PLAIN_YAML, event, f"alias '*{anchor}'", "write the value out, or share fields with a group"
            )
        if anchor:
            self._refuse(NOT_PLAIN_YAML, event, f"anchor '&{anchor}'", "share fields with a group instead")
        if tag not in (None, "!"):
            self._refuse(NOT_PLAIN_YAML, event, f"tag '{tag}'", "write plain YAML; quote what is meant as text")
        if isinstance(event, ScalarEvent):
            return Scalar(_resolve(event), self._text_span(event))
        if isinstance(event, SequenceStartEvent):
            return self._sequence(event, depth)
        return self._mapping(event, depth, constants=constants)

    def _sequence(self, start: Event, depth: int) -> Sequence:
        items: list[Node] = []
        for event in self._events:
            if isinstance(event, SequenceEndEvent):
                return Sequence(tuple(items), self._span(start, event))
            items.append(self._node(event, depth + 1))
        raise AssertionError("the parser ends every sequence that it starts")

    def _mapping(self, start: Event, depth: int, *, constants: bool) -> Mapping:
        entries: dict[str, Entry] = {}
        repeated: list[Entry] = []
        for event in self._events:
            if isinstance(event, MappingEndEvent):
                self._report_repeated(entries, repeated)
                return Mapping(tuple(entries.values()), self._span(start, event), tuple(repeated))
            key = self._node(event, depth + 1)
            is_section = depth == 0 and isinstance(key, Scalar) and key.value == CONSTANT_KEYS
            value = self._node(next(self._events), depth + 1, constants=is_section)
            if constants and isinstance(key, Scalar) and isinstance(key.value, int):
                entry = Entry(self._written(key), key.span, value, constant=key.value)
                if entry.key in entries:
                    repeated.append(entry)
                else:
                    entries[entry.key] = entry
            elif not isinstance(key, Scalar) or not isinstance(key.value, str):
                shown = self._written(key) if isinstance(key, Scalar) else "..."
                hint = f'write "{shown}" in quotes' if isinstance(key, Scalar) else "write a plain name"
                if isinstance(key, Scalar) and type(key.value) in (int, float):
                    hint += "; values of enums are texts, and fields of numbers have a type such as '1 | 2'"
                self._report.add(KEY_NOT_TEXT, key.span, f"key '{shown}' is not text", hint)
                # Kept under the name that was meant, so that nothing else misses it.
                entries.setdefault(shown, Entry(shown, key.span, value, doubtful=True))
            elif key.value in entries:
                repeated.append(Entry(key.value, key.span, value))
            else:
                entries[key.value] = Entry(key.value, key.span, value)
        raise AssertionError("the parser ends every mapping that it starts")

    def _report_repeated(self, entries: dict[str, Entry], repeated: list[Entry]) -> None:
        last = list(entries.values())[-1] if entries else None
        if last and len(repeated) > 1 and isinstance(last.value, Scalar) and last.value.value is None:
            # What repeats the keys above was meant to stand below the last one.
            hint = f"indent '{last.key}:' less, or what follows it more"
            self._report.add(DUPLICATE_KEY, last.key_span, f"what follows '{last.key}' repeats keys above it", hint)
            entries[last.key] = replace(last, doubtful=True)
            return
        for entry in repeated:
            first = entries[entry.key].key_span.start
            where = f"it stands in line {first.line} already" if first else "it stands above already"
            self._report.add(
                DUPLICATE_KEY, entry.key_span, f"duplicate key '{entry.key}'", f"{where}; keep one of them"
            )


def _resolve(event: ScalarEvent) -> str | int | float | bool | None:
    text: str = event.value
    if event.style:
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    # JSON has no infinity, so what is too large for a number stays text.
    if _FLOAT.fullmatch(text) and math.isfinite(number := float(text)):
        return number
    return text
