"""Diagnostics as values: what is wrong, where, and what to do about it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .rule import Rule, Severity

LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""What ends a line for YAML, and so for every position."""


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


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing that is wrong.

    Attributes:
        message: One line, with the offending thing in quotes.
        hint: What to do about it, empty where there is nothing to add.
    """

    rule: Rule
    span: Span
    message: str
    hint: str = ""

    @property
    def sort_key(self) -> tuple[object, ...]:
        """Order of the report: by file, then by place, the file as a whole first."""
        start = self.span.start
        place = (0, 0) if start is None else (start.line, start.column)
        return (self.span.file, place, self.rule.code, self.message)


@dataclass(slots=True)
class Report:
    """Collects diagnostics while a spec is compiled. The same one at the same place is kept once."""

    _found: dict[Diagnostic, None] = field(default_factory=dict)

    def add(self, rule: Rule, span: Span, message: str, hint: str = "") -> None:
        """Add a diagnostic."""
        self._found[Diagnostic(rule, span, message, hint)] = None

    def remove(self, diagnostic: Diagnostic) -> None:
        """Take a diagnostic out again."""
        del self._found[diagnostic]

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """All diagnostics, sorted by file and place."""
        return sorted(self._found, key=lambda diagnostic: diagnostic.sort_key)

    @property
    def error_count(self) -> int:
        """How many of them stop the build."""
        return sum(diagnostic.rule.severity is Severity.ERROR for diagnostic in self._found)

    @property
    def has_errors(self) -> bool:
        """Whether anything stops the build."""
        return self.error_count > 0
