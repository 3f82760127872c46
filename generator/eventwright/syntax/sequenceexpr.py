"""Parses sequences such as `part.added (delta | note)* part.done`: a regular expression over events and places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.values import Report, Span
from .scanning import ExpressionParser, Unreadable, reported

NOT_A_SEQUENCE = Rule(
    "E531",
    Severity.ERROR,
    "sequence that cannot be read",
    (
        "A sequence names events and places, one after the other: `a b`, `a | b`, `a?` for at most one, `a*` for any"
        " number, `a+` for at least one, and `( )` around what belongs together."
    ),
)

MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class SymbolExpr:
    """An event or a place, by name."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class ChainExpr:
    """`a b`: one after the other."""

    parts: tuple[SequenceExpr, ...]


@dataclass(frozen=True, slots=True)
class AlternativesExpr:
    """`a | b`: one of several."""

    options: tuple[SequenceExpr, ...]


@dataclass(frozen=True, slots=True)
class RepeatExpr:
    """`a?`, `a*` or `a+`."""

    inner: SequenceExpr
    sign: str


SequenceExpr: TypeAlias = SymbolExpr | ChainExpr | AlternativesExpr | RepeatExpr

_TOKEN = re.compile(r"\s*(?:\"(?P<quoted>[^\"]+)\"|(?P<mark>[()|?*+])|(?P<name>[^\s()|?*+\"',{}\[\]]+))")
_SHAPE = "write names with a space between them, and | ? * + ( ) where they are meant"
_SIGNS = "?*+"


def symbols(expression: SequenceExpr) -> Iterator[SymbolExpr]:
    """Give what an expression names, in order, each mention of it."""
    match expression:
        case SymbolExpr():
            yield expression
        case ChainExpr(parts) | AlternativesExpr(parts):
            for part in parts:
                yield from symbols(part)
        case RepeatExpr(inner):
            yield from symbols(inner)


def parse_sequence(text: str, span: Span, report: Report) -> SequenceExpr | None:
    """Parse a sequence; None when it cannot be read, which the report then explains (E531)."""
    return reported(_Parser(text, span).whole, NOT_A_SEQUENCE, report)


class _Parser(ExpressionParser):
    _at = 0

    def whole(self) -> SequenceExpr:
        if not self._text.strip():
            raise self._problem_at(0, "the sequence is empty", "name what happens there, or remove it")
        found = self._alternatives(0)
        if self._peek() is not None:
            raise self._problem_at(self._at, "')' without a '('", "remove it, or add the '('")
        return found

    def _alternatives(self, depth: int) -> SequenceExpr:
        options = [self._chain(depth)]
        while self._take("|"):
            options.append(self._chain(depth))
        return options[0] if len(options) == 1 else AlternativesExpr(tuple(options))

    def _chain(self, depth: int) -> SequenceExpr:
        parts: list[SequenceExpr] = []
        while (token := self._peek()) is not None and token["mark"] not in ("|", ")"):
            parts.append(self._repeated(depth))
        if not parts:
            raise self._missing()
        return parts[0] if len(parts) == 1 else ChainExpr(tuple(parts))

    def _repeated(self, depth: int) -> SequenceExpr:
        inner = self._single(depth)
        while (token := self._peek()) is not None and token["mark"] and token["mark"] in _SIGNS:
            if isinstance(inner, RepeatExpr):
                hint = f"write one of them: '{token['mark']}' or '{inner.sign}'"
                raise self._problem_at(token.start("mark"), f"'{token['mark']}' after '{inner.sign}'", hint)
            self._at = token.end()
            inner = RepeatExpr(inner, token["mark"])
        return inner

    def _single(self, depth: int) -> SequenceExpr:
        token = self._peek()
        assert token is not None, "the chain has looked"
        if token["mark"] == "(":
            if depth == MAX_DEPTH:
                raise self._problem_at(token.start("mark"), "the sequence is nested too deep", "take some brackets out")
            begin, self._at = token.start("mark"), token.end()
            found = self._alternatives(depth + 1)
            if not self._take(")"):
                raise self._problem_at(begin, "'(' has no ')'", "add the ')'")
            return found
        if token["mark"]:
            message = f"'{token['mark']}' stands behind nothing"
            raise self._problem_at(
                token.start("mark"), message, f"write it right behind a name or a ')': a{token['mark']}"
            )
        self._at = token.end()
        kind = "quoted" if token["quoted"] else "name"
        return SymbolExpr(token[kind], self._place(*token.span(kind)))

    def _peek(self) -> re.Match[str] | None:
        """Give the next token; None at the end."""
        token = _TOKEN.match(self._text, self._at)
        if token is None and self._text[self._at :].strip():
            raise self._odd()
        return token

    def _take(self, mark: str) -> bool:
        token = self._peek()
        if token is None or token["mark"] != mark:
            return False
        self._at = token.end()
        return True

    def _missing(self) -> Unreadable:
        token = self._peek()
        if token is None:
            return self._problem_at(len(self._text) - 1, "the sequence breaks off", "write what may come behind, too")
        message = f"nothing stands before '{token['mark']}'"
        hint = "name what may come there; 'a?' may be left out"
        if token["mark"] == "|" and self._text[: token.start("mark")].endswith("|"):
            hint = "write one |"
        return self._problem_at(token.start("mark"), message, hint)

    def _odd(self) -> Unreadable:
        at = self._at + len(self._text[self._at :]) - len(self._text[self._at :].lstrip())
        sign = self._text[at]
        hint = _SHAPE
        if sign == ",":
            hint = "remove it: what comes one after the other has a space between, alternatives have a |"
        elif sign == "[":
            hint = "write (a | b) for one of several"
        elif sign == "{":
            hint = "write it as often as it comes, or a+ or a*"
        elif sign == "'":
            hint = "put names with odd characters in double quotes"
        elif sign == '"':
            hint = "end the name with a double quote"
        return self._problem_at(at, f"'{sign}' in a sequence", hint)

    def _problem_at(self, at: int, message: str, hint: str) -> Unreadable:
        return self._problem(at, at + 1, message, hint)
