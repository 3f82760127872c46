"""Parses type expressions such as `list[Item]`, `map[string?]`, `"literal"`, `5` and `string | Item`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.values import Report, Span
from .foreign import type_hint
from .scanning import ExpressionParser, Unreadable, reported

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


def parse_type(text: str, span: Span, report: Report) -> TypeExpr | None:
    """Parse a type expression; None when it cannot be read, which the report then explains (E205)."""
    return reported(_Parser(text, span).whole, UNREADABLE_TYPE, report)


class _Parser(ExpressionParser):
    _at = 0

    def whole(self) -> TypeExpr:
        expr = self._either(0)
        if self._text[self._at :].strip():
            raise self._odd(f"unexpected '{self._text[self._at :].strip()}'")
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
            raise self._odd("nested too deep")
        token = _TOKEN.match(self._text, self._at)
        if token is None or token["mark"]:
            rest = self._text[self._at :].strip()
            raise self._odd(f"expected a type, found '{rest[0]}'" if rest else "expected a type, found the end")
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
                raise self._odd("missing ']'")
            place = self._place(begin, self._at)
            return ListExpr(inner, place) if name == "list" else MapExpr(inner, place)
        return NameExpr(name, self._place(begin, self._at))

    def _take(self, mark: str) -> bool:
        token = _TOKEN.match(self._text, self._at)
        if token is None or token["mark"] != mark:
            return False
        self._at = token.end()
        return True

    def _odd(self, problem: str) -> Unreadable:
        # What is of another language is wrong as a whole.
        known = type_hint(self._text)
        hint = known or _balanced(self._text) or _FORMS
        message = f"type '{self._text}' cannot be read: {problem}"
        return self._problem(0 if known else self._at, len(self._text), message, hint)


def _balanced(text: str) -> str:
    """Say how to write a type whose brackets do not match at its end; empty for any other."""
    missing = text.count("[") - text.count("]")
    if missing > 0:
        return f"write '{text}{']' * missing}'"
    return f"write '{text[:missing]}'" if missing and text.endswith("]" * -missing) else ""
