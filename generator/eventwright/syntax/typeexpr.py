"""Parses type expressions such as `list[Item]`, `map[string?]`, `"literal"`, `5` and `string | Item`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.values import Position, Report, Span
from .foreign import written_right

UNREADABLE_TYPE = Rule(
    "E205",
    Severity.ERROR,
    "type that cannot be read",
    "A type is a name, `list[T]`, `map[T]`, a literal (text in double quotes, a whole number, `true`, `false`), or "
    "alternatives with `|`.",
)


@dataclass(frozen=True, slots=True)
class NameExpr:
    """A primitive or a declared name."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class ListExpr:
    """`list[item]`."""

    item: TypeExpr
    span: Span


@dataclass(frozen=True, slots=True)
class MapExpr:
    """`map[value]`."""

    value: TypeExpr
    span: Span


@dataclass(frozen=True, slots=True)
class LiteralExpr:
    """A string in double quotes, the only value of its type."""

    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class ConstantExpr:
    """A whole number or a boolean, the only value of its type."""

    value: int
    span: Span


@dataclass(frozen=True, slots=True)
class EitherExpr:
    """`A | B`: alternatives that differ in their JSON kind."""

    options: tuple[TypeExpr, ...]
    span: Span


TypeExpr: TypeAlias = NameExpr | ListExpr | MapExpr | LiteralExpr | ConstantExpr | EitherExpr

NULL = "null"
"""What stands among the alternatives of an element that may be null."""

MAX_DEPTH = 20

_TOKEN = re.compile(
    r'\s*(?:(?P<name>[A-Za-z_][\w.-]*)|(?P<literal>"[^"]*")|(?P<number>-?\d{1,100})(?![\w.])|(?P<mark>[\[\]|?]))'
)
_BOOLEANS = {"true": True, "false": False}


_FORMS = 'write a name, list[T], map[T], "text", a whole number, true, false or alternatives with |'


class _Unparsable(Exception):
    """The expression is refused; its diagnostic is in the report already."""


def parse_type(text: str, span: Span, report: Report) -> TypeExpr | None:
    """Parse a type expression; None when it cannot be read, which the report then explains (E205)."""
    parser = _Parser(text, span, report)
    try:
        return parser.whole()
    except _Unparsable:
        return None


class _Parser:
    def __init__(self, text: str, span: Span, report: Report) -> None:
        self._text = text
        self._span = span
        self._report = report
        self._at = 0

    def whole(self) -> TypeExpr:
        expr = self._either(0)
        if self._text[self._at :].strip():
            self._refuse(f"unexpected '{self._text[self._at :].strip()}'")
        return expr

    def _either(self, depth: int) -> TypeExpr:
        begin = self._at
        options = [self._single(depth)]
        while self._take("|"):
            options.append(self._single(depth))
        mark = self._at
        if depth and self._take("?"):
            options.append(NameExpr(NULL, self._place(mark, self._at)))
        if len(options) == 1:
            return options[0]
        return EitherExpr(tuple(options), self._place(begin, self._at))

    def _single(self, depth: int) -> TypeExpr:
        if depth > MAX_DEPTH:
            self._refuse("nested too deep")
        token = _TOKEN.match(self._text, self._at)
        if token is None or token["mark"]:
            rest = self._text[self._at :].strip()
            self._refuse(f"expected a type, found '{rest[0]}'" if rest else "expected a type, found the end")
        begin, self._at = token.start(token.lastgroup or 0), token.end()
        if token["literal"]:
            return LiteralExpr(token["literal"][1:-1], self._place(begin, self._at))
        if token["number"]:
            return ConstantExpr(int(token["number"]), self._place(begin, self._at))
        name = token["name"]
        if name in _BOOLEANS:
            return ConstantExpr(_BOOLEANS[name], self._place(begin, self._at))
        if name in ("list", "map") and self._take("["):
            inner = self._either(depth + 1)
            if not self._take("]"):
                self._refuse("missing ']'")
            place = self._place(begin, self._at)
            return ListExpr(inner, place) if name == "list" else MapExpr(inner, place)
        return NameExpr(name, self._place(begin, self._at))

    def _take(self, mark: str) -> bool:
        token = _TOKEN.match(self._text, self._at)
        if token is None or token["mark"] != mark:
            return False
        self._at = token.end()
        return True

    def _place(self, begin: int, end: int) -> Span:
        return part_of(self._span, self._text, begin, end)

    def _refuse(self, problem: str) -> NoReturn:
        # What is of another language is wrong as a whole.
        known = written_right(self._text)
        place = self._place(0 if known else self._at, len(self._text))
        hint = known or _balanced(self._text) or _FORMS
        self._report.add(UNREADABLE_TYPE, place, f"type '{self._text}' cannot be read: {problem}", hint)
        raise _Unparsable


def _balanced(text: str) -> str:
    """Say how to write a type whose brackets do not match at its end; empty for any other."""
    missing = text.count("[") - text.count("]")
    if missing > 0:
        return f"write '{text}{']' * missing}'"
    return f"write '{text[:missing]}'" if missing and text.endswith("]" * -missing) else ""


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
