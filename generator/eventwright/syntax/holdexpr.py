"""Parses what is true of every event of a kind, such as `response.status = "completed" | "failed"`."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TypeAlias

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.values import Report, Span
from .scanning import NUMBER, QUOTED, ExpressionParser, Unreadable, in_quotes, number, reported, unquoted

NOT_A_STATEMENT = Rule(
    "E532",
    Severity.ERROR,
    "statement about an event that cannot be read",
    (
        "What an event holds is `path = value | value`, `path != value`, `path = path + path`, `path >= path`,"
        " `path <= path` or `path is json`; a value is a text in double quotes, a number, true, false, null or []."
    ),
)

ALL = "*"
ALL_BUT_LAST = ":-1"

ValueExpr: TypeAlias = "str | int | float | bool | tuple[()] | None"
"""A value as it is written; the empty tuple is the empty list."""


@dataclass(frozen=True, slots=True)
class MemberPath:
    """A path of names into an event; `*` stands for all elements of a list, `:-1` for all but the last."""

    names: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class HeldValue:
    """A value that a member is compared with."""

    value: ValueExpr
    span: Span


@dataclass(frozen=True, slots=True)
class HoldExpr:
    """A statement.

    Attributes:
        relation: `=`, `!=`, `>=`, `<=` or `is json`.
        values: What the member is compared with, if these are values.
        paths: Members of the event whose sum it is compared with, if it is so.
        text: As written, on one line.
    """

    path: MemberPath
    relation: str
    values: tuple[HeldValue, ...]
    paths: tuple[MemberPath, ...]
    text: str
    span: Span


IS_JSON = "is json"
_RELATION = re.compile(r"\"[^\"]*\"|'[^']*'|(?P<relation>!=|>=|<=|==|=|<|>|(?<=\s)is(?=\s|$))")
_NAME = rf"(?:[^\s.'\"\[\]|<>{{}}=!+*,()]+|{QUOTED})"
_PATH = re.compile(rf"{_NAME}(?:\[(?:\*|:-1)\])*(?:\.{_NAME}(?:\[(?:\*|:-1)\])*)*")
_STEP = re.compile(rf"{_NAME}|\[(?:\*|:-1)\]")
_WORDS: dict[str, ValueExpr] = {"true": True, "false": False, "null": None, "[]": ()}
_OTHER_WORDS = {
    **dict.fromkeys(["None", "nil", "none", "undefined", "Null", "NULL", "missing", "absent"], "null"),
    "True": "true",
    "False": "false",
    "empty": "[]",
}
"""Words that people write for values, and what stands for them here."""

_HABITS = {
    r"not\s+(?P<path>\S+)": "= null",
    r"!(?P<path>\S+)": "= null",
    r"(?P<path>\S+)\s+(?:exists|present|required)": "!= null",
    r"(?P<path>[\w.\[\]*:-]+)": "!= null",
}
"""What people write who know other languages, and how it goes on here behind the path."""

_LISTED = re.compile(r"(?P<path>\S+)\s+in\s+[\[({](?P<values>.+)[\])}]")
_SINGLE_QUOTED = re.compile(r"'[^']*'")
_IS = re.compile(r"\bis\s+(?P<not>not\s+)?(?P<value>\S+)\s*$")
_PIECE = re.compile(r"(?:\"[^\"]*\"|[^|+\"])+|[|+]|\"")
_SHAPE = 'write path = "text", path != null, path = path + path or path is json'


def parse_hold(text: str, span: Span, report: Report) -> HoldExpr | None:
    """Parse one statement; None when it cannot be read, which the report then explains (E532)."""
    return reported(_Parser(text, span).statement, NOT_A_STATEMENT, report)


def member_text(names: tuple[str, ...]) -> str:
    """Write a path as the spec does."""
    text = ""
    for name in names:
        if name in (ALL, ALL_BUT_LAST):
            text += f"[{name}]"
        else:
            shown = name if re.fullmatch(_NAME, name) else in_quotes(name)
            text += f".{shown}" if text else shown
    return text


def value_text(value: ValueExpr) -> str:
    """Write a value as the spec does."""
    return "[]" if value == () and isinstance(value, tuple) else json.dumps(value, ensure_ascii=False)


class _Parser(ExpressionParser):
    def statement(self) -> HoldExpr:
        found = next((each for each in _RELATION.finditer(self._text) if each["relation"]), None)
        if found is None:
            raise self._refused(f"'{self._text}' says nothing about the event", self._hint())
        relation = found["relation"]
        path = self._path(*self._stripped(0, found.start("relation")))
        begin, end = self._stripped(found.end("relation"), len(self._text))
        values: tuple[HeldValue, ...] = ()
        paths: tuple[MemberPath, ...] = ()
        if relation == "is":
            if self._text[begin:end] != "json":
                raise self._problem(
                    begin, end, f"'is {self._text[begin:end]}' is not known", self._hint_for_is(path, end)
                )
            relation = IS_JSON
        elif relation in ("==", "<", ">"):
            other = {"==": "=", "<": "<=", ">": ">="}[relation]
            message = f"'{relation}' is no relation of a statement"
            hint = f"write '{other}'"
            if relation != "==" and self._text[begin:end].lstrip("-")[:1].isdigit():
                hint = "remove the statement: numbers are compared with other members, or are one of some values"
            raise self._problem(*found.span("relation"), message, hint)
        else:
            values, paths = self._right(relation, begin, end)
        return HoldExpr(path, relation, values, paths, self._line, self._span)

    def _hint(self) -> str:
        """Say how to write what has no relation."""
        listed = _LISTED.fullmatch(self._text.strip())
        if listed:
            values = [_as_value(value.strip()) for value in listed["values"].split(",")]
            return f"write '{listed['path']} = {' | '.join(values)}'"
        for pattern, meant in _HABITS.items():
            found = re.fullmatch(pattern, self._text.strip())
            if found:
                return f"write '{found['path']} {meant}'"
        return _SHAPE

    def _hint_for_is(self, path: MemberPath, end: int) -> str:
        """Say how to write a comparison in which `is` stands for a relation."""
        found = _IS.search(self._text, 0, end)
        if found is None:
            return f"write '{member_text(path.names)} is json', or = with a value"
        relation = "!=" if found["not"] else "="
        return f"write '{member_text(path.names)} {relation} {_as_value(found['value'])}'"

    def _right(self, relation: str, begin: int, end: int) -> tuple[tuple[HeldValue, ...], tuple[MemberPath, ...]]:
        """Read what stands behind a relation: values with `|` between them, or paths with `+` between them."""
        pieces = [(found.start(), found.end()) for found in _PIECE.finditer(self._text, begin, end)]
        marks = {self._text[slice(*piece)] for piece in pieces[1::2]}
        if not pieces or len(pieces) % 2 == 0 or len(marks) > 1 or not marks <= {"|", "+"}:
            message = f"'{self._text[begin:end]}' is no value" if begin < end else f"nothing stands behind '{relation}'"
            raise self._problem(begin, end, message, _SHAPE)
        places = [self._stripped(*piece) for piece in pieces[::2]]
        texts = [self._text[slice(*place)] for place in places]
        if all(self._is_value(text) for text in texts) and marks <= {"|"} and relation in ("=", "!="):
            read = [
                HeldValue(self._value(text), self._place(*place)) for text, place in zip(texts, places, strict=True)
            ]
            return tuple(read), ()
        if marks <= {"+"} and relation != "!=" and not any(map(self._is_odd_value, texts)):
            return (), tuple(self._path(*place) for place in places)
        raise self._odd(relation, texts, places)

    def _odd(self, relation: str, texts: list[str], places: list[tuple[int, int]]) -> Unreadable:
        at = next((at for at, text in enumerate(texts) if not self._is_value(text)), 0)
        text, place = texts[at], places[at]
        hint = f"write {_as_value(text)}"
        if re.search(r"\s(?:or|and)\s", text):
            hint = "write | between values; two statements for 'and'"
        if self._is_value(text):
            hint = "name other members of the event; values have a | between them"
        return self._problem(*place, f"'{text}' behind '{relation}' is no value of a statement", hint)

    def _is_odd_value(self, text: str) -> bool:
        """Whether a text is a value, or one in the notation of another language."""
        odd = _SINGLE_QUOTED.fullmatch(text) or '"' in text or text in _OTHER_WORDS
        return self._is_value(text) or bool(odd)

    @staticmethod
    def _is_value(text: str) -> bool:
        quoted = len(text) > 1 and text[0] == text[-1] == '"' and '"' not in text[1:-1]
        return quoted or text in _WORDS or bool(NUMBER.fullmatch(text))

    @staticmethod
    def _value(text: str) -> ValueExpr:
        if text[0] == '"':
            return text[1:-1]
        if text in _WORDS:
            return _WORDS[text]
        return number(text)

    def _path(self, begin: int, end: int) -> MemberPath:
        if not _PATH.fullmatch(self._text, begin, end):
            hint = "write a.b, list[*].b for all elements, list[:-1].b for all but the last"
            shown = self._text[begin:end]
            raise self._problem(begin, end, f"'{shown}' is no path" if shown else "no path stands there", hint)
        names = tuple(_step(found[0]) for found in _STEP.finditer(self._text, begin, end))
        return MemberPath(names, self._place(begin, end))


def _as_value(text: str) -> str:
    """Write a value as a statement has it."""
    if text in _OTHER_WORDS:
        return _OTHER_WORDS[text]
    return text if text in _WORDS or NUMBER.fullmatch(text) else '"{}"'.format(text.strip("\"'"))


def _step(written: str) -> str:
    return written[1:-1] if written[0] == "[" else unquoted(written)
