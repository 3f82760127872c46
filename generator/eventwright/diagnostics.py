"""Diagnostics as values: what is wrong, where, and what to do about it."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""What ends a line for YAML, and so for every position."""

_WORD = re.compile("[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_CLOSE = 0.7
"""Share of letters or words that two names must have in common for one to be meant by the other."""


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a text; line and column count from 1, columns in characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a file, or the file as a whole where no place in it can be named.

    Attributes:
        file: Path as shown to the user, with forward slashes.
        start: First character, None for the whole file.
        end: Character after the last one.
        lines: For a text on several lines, where the parts of it begin: offset in the text, and place in the file.
    """

    file: str
    start: Position | None = None
    end: Position | None = None
    lines: tuple[tuple[int, Position], ...] = field(default=(), compare=False, repr=False)

    def __str__(self) -> str:
        if self.start is None:
            return self.file
        return f"{self.file}:{self.start.line}:{self.start.column}"


class Severity(Enum):
    """How bad a finding is: errors stop the build, warnings do not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding.

    Attributes:
        code: Identifier of the rule, such as `E201`; `eventwright explain` knows it.
        message: One line, with the offending thing in quotes.
        hint: What to do about it, empty where there is nothing to add.
    """

    code: str
    severity: Severity
    span: Span
    message: str
    hint: str = ""

    @property
    def sort_key(self) -> tuple[object, ...]:
        """Order of the report: by file, then by place, the file as a whole first."""
        start = self.span.start
        place = (0, 0) if start is None else (start.line, start.column)
        return (self.span.file, place, self.code, self.message)


@dataclass(slots=True)
class Report:
    """Collects findings while a spec is compiled. The same finding at the same place is kept once."""

    _found: dict[Diagnostic, None] = field(default_factory=dict)

    def error(self, code: str, span: Span, message: str, hint: str = "") -> None:
        """Add a finding that stops the build."""
        self._found[Diagnostic(code, Severity.ERROR, span, message, hint)] = None

    def warning(self, code: str, span: Span, message: str, hint: str = "") -> None:
        """Add a finding that does not stop the build."""
        self._found[Diagnostic(code, Severity.WARNING, span, message, hint)] = None

    def has(self, code: str, span: Span) -> bool:
        """Whether a rule has a finding at a place, from which others there may only follow."""
        return any(found.code == code and found.span == span for found in self._found)

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """All findings, sorted by file and place."""
        return sorted(self._found, key=lambda diagnostic: diagnostic.sort_key)

    @property
    def error_count(self) -> int:
        """How many findings stop the build."""
        return sum(diagnostic.severity is Severity.ERROR for diagnostic in self._found)

    @property
    def has_errors(self) -> bool:
        """Whether anything stops the build."""
        return self.error_count > 0


def closest(name: str, known: Iterable[str]) -> str | None:
    """Give the known name that is probably meant, None when none is close."""
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(name.casefold())
    words = Counter(_words(name))
    best, found = (_CLOSE, 0.0), None
    for candidate in sorted(set(known)):
        matcher.set_seq1(candidate.casefold())
        alike = _shared(words, Counter(_words(candidate)))
        if max(alike, matcher.quick_ratio()) < best[0]:
            continue
        letters = matcher.ratio()
        if (max(alike, letters), letters) > best:
            best, found = (max(alike, letters), letters), candidate
    return found


def _words(name: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(name)]


def _shared(words: Counter[str], others: Counter[str]) -> float:
    """Give the share of words that two names have in common, in whatever order; one alone says nothing."""
    common = (words & others).total()
    return 2 * common / (words.total() + others.total()) if common > 1 else 0.0


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Give a hint that names the closest of the known names, empty when none is close."""
    meant = closest(name, known)
    return f"did you mean '{meant}'?" if meant is not None else ""
