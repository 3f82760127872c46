"""What the parsers of expressions share: spans within a text, quotes, numbers, and how a text is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from ..diagnostics.rule import Rule
from ..diagnostics.values import Position, Report, Span

T = TypeVar("T")

QUOTED = r"'(?:[^']|'')+'"
"""Matches a name in quotes; a quote within it stands twice."""

NUMBER = re.compile(r"-?\d{1,100}(\.\d+)?([eE][-+]?\d{1,3})?")


class Unreadable(Exception):
    """A text is refused: where, why, and what to write."""

    def __init__(self, span: Span, message: str, hint: str) -> None:
        super().__init__(message)
        self.span = span
        self.message = message
        self.hint = hint


class ExpressionParser:
    """Reads one expression; it knows where in the file each part of its text stands."""

    def __init__(self, text: str, span: Span) -> None:
        self._text = text
        self._span = span

    def _place(self, begin: int, end: int) -> Span:
        return part_of(self._span, self._text, begin, end)

    def _problem(self, begin: int, end: int, message: str, hint: str) -> Unreadable:
        return Unreadable(self._place(begin, end), message, hint)

    def _refused(self, message: str, hint: str) -> Unreadable:
        """Give the problem of the expression as a whole."""
        return self._problem(0, len(self._text), message, hint)

    @property
    def _line(self) -> str:
        """The text on one line, be it written on several."""
        return " ".join(self._text.split())

    def _stripped(self, begin: int, end: int) -> tuple[int, int]:
        """Give where a part of the text begins and ends without the white space around it."""
        part = self._text[begin:end]
        begin += len(part) - len(part.lstrip())
        return begin, begin + len(part.strip())


def reported(parse: Callable[[], T], rule: Rule, report: Report) -> T | None:
    """Parse an expression; None where it is refused, which the report then explains by the rule."""
    try:
        return parse()
    except Unreadable as problem:
        report.add(rule, problem.span, problem.message, problem.hint)
        return None


def in_quotes(name: str) -> str:
    """Write a name in quotes."""
    return "'{}'".format(name.replace("'", "''"))


def unquoted(name: str) -> str:
    """Give the name that is written, be it in quotes or bare."""
    return name[1:-1].replace("''", "'") if name[0] == "'" else name


def number(text: str) -> int | float:
    """Give the number that a text is; the text matches `NUMBER`."""
    return float(text) if re.search("[.eE]", text) else int(text)


def part_of(span: Span, text: str, begin: int, end: int) -> Span:
    """Give the span of `text[begin:end]` within the span of a scalar that holds `text`.

    Where the scalar's text is not in the file as it is, because of escapes for instance, the whole span is given.
    """
    start, stop = span.start, span.end
    for offset, place in reversed(span.lines):
        if begin >= offset:
            column = place.column + begin - offset
            last = next((each for each, _ in span.lines if each > begin), len(text))
            width = max(min(end, last) - begin, 1)
            return Span(span.file, Position(place.line, column), Position(place.line, column + width))
    if start is None or stop is None or start.line != stop.line:
        return span
    quotes = (stop.column - start.column - len(text)) // 2
    if quotes not in (0, 1):
        return span
    column = start.column + quotes
    return Span(span.file, Position(start.line, column + begin), Position(start.line, column + max(end, begin + 1)))
