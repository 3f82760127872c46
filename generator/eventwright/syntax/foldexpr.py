"""Parses fold statements such as `output[output_index as Message].text += delta`."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TypeAlias

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.values import Report, Span
from .scanning import NUMBER, QUOTED, ExpressionParser, Unreadable, in_quotes, number, reported, unquoted

NOT_A_FOLD = Rule(
    "E501",
    Severity.ERROR,
    "fold that is not a statement",
    "A fold is `path = source`, `path += source`, `path |= source`, `remove path`, a mapping with `do`, or `none`.",
)

NOT_A_PATH = Rule(
    "E522",
    Severity.ERROR,
    "path into the state that cannot be read",
    "A path goes through fields, as in `a.b`, and into the elements of lists, as in `a[index].b`.",
)


@dataclass(frozen=True, slots=True)
class PathExpr:
    """A path of names.

    Attributes:
        names: As on the wire, without quotes.
        outer: How many times `outer` stands before them.
        quoted: Whether a name in it has quotes.
    """

    names: tuple[str, ...]
    outer: int
    quoted: bool
    span: Span

    def __str__(self) -> str:
        return ".".join([*["outer"] * self.outer, *map(name_text, self.names)])


@dataclass(frozen=True, slots=True)
class PositionExpr:
    """`[path]`: the element at a position that the event tells; the path is empty where nothing is written.

    Attributes:
        otherwise: What counts in place of a path that leads to nothing, in this order.
    """

    position: PathExpr
    otherwise: tuple[PathExpr | int, ...] = ()

    def __str__(self) -> str:
        return _first_of(self.position, self.otherwise)


@dataclass(frozen=True, slots=True)
class NthExpr:
    """`[0]`: the element at a position that the spec tells."""

    position: int

    def __str__(self) -> str:
        return str(self.position)


@dataclass(frozen=True, slots=True)
class KeyedExpr:
    """`[path is key]`: the element whose key has the value that the event tells.

    Attributes:
        otherwise: What counts in place of a path that leads to nothing, in this order.
    """

    value: PathExpr
    key: PathExpr
    otherwise: tuple[PathExpr | int, ...] = ()

    def __str__(self) -> str:
        return f"{_first_of(self.value, self.otherwise)} is {self.key}"


@dataclass(frozen=True, slots=True)
class EveryExpr:
    """`[*]`: all elements."""

    def __str__(self) -> str:
        return "*"


SelectorExpr: TypeAlias = PositionExpr | NthExpr | KeyedExpr | EveryExpr


@dataclass(frozen=True, slots=True)
class MemberStep:
    """`.name`: go into a field."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class IndexStep:
    """`[selector as Type]`: go into elements of a list; the type is empty where none is written."""

    selector: SelectorExpr
    type: str
    span: Span
    type_span: Span

    def __str__(self) -> str:
        return f"[{self.selector} as {self.type}]" if self.type else f"[{self.selector}]"


Step: TypeAlias = MemberStep | IndexStep


@dataclass(frozen=True, slots=True)
class FoldExpr:
    """One change of the state.

    Attributes:
        steps: Way into the state; a lone `state` is the state itself, or a field of that name.
        operator: `=`, `?=`, `+=`, `|=` or `remove`.
        value: Path to a value of the event, or a value of the spec; None where something is removed.
    """

    steps: tuple[Step, ...]
    operator: str
    value: PathExpr | str | int | float | None
    span: Span
    value_span: Span

    @property
    def path_text(self) -> str:
        """The way, as written but for white space."""
        text = ""
        for step in self.steps:
            match step:
                case MemberStep(name):
                    text += f".{name_text(name)}" if text else name_text(name)
                case IndexStep():
                    text += str(step)
        return text

    def __str__(self) -> str:
        if self.operator == REMOVE:
            return f"{REMOVE} {self.path_text}"
        return f"{self.path_text} {self.operator} {value_text(self.value)}"


REMOVE = "remove"
FILL = "?="


def name_text(name: str) -> str:
    """Write a name of the wire in a path of a fold."""
    return name if _BARE.fullmatch(name) and name not in _WORDS else in_quotes(name)


def value_text(value: PathExpr | str | int | float | None) -> str:
    """Write what stands behind the operator of a statement."""
    if isinstance(value, str):
        return f'"{value}"'
    return str(value) if isinstance(value, PathExpr) else json.dumps(value)


def _first_of(path: PathExpr, otherwise: tuple[PathExpr | int, ...]) -> str:
    return " | ".join(map(str, (path, *otherwise)))


_OUTER = "outer"
_WORDS = (_OUTER, "true", "false")
_BARE = re.compile(r"[^\s.'\"\[\]|<>{}=+*,]+")
_NAME = rf"(?:{_BARE.pattern}|{QUOTED})"
_PATH = rf"{_NAME}(?:\.{_NAME})*"
_FIRST_OF = rf"{_PATH}(?:\s*\|\s*{_PATH})*"
_MARK = re.compile(r"'[^']*'|\[(?:'[^']*'|[^'\[\]])*\]|(?P<operator>[+|?]?=)")
_MEMBER = re.compile(rf"(?:^|\.)(?P<name>{_NAME})")
_BRACKETS = re.compile(r"\[(?P<inside>(?:'[^']*'|[^'\[\]])*)\]")
_SELECTOR = re.compile(
    rf"\s*(?:(?P<every>\*)|(?P<nth>\d{{1,9}})(?![\w.])|(?P<value>{_FIRST_OF})(?:\s+is\s+(?P<key>{_PATH}))?)?"
    r"(?:\s+as\s+(?P<type>\w+))?\s*"
)
_TURNED = re.compile(rf"\s*(?P<value>{_PATH})\s+as\s+(?P<type>\w+)\s+is\s+(?P<key>{_PATH})\s*")
_COMPARED = re.compile(rf"\s*(?P<value>{_PATH})\s*(?:==?=?|:)\s*(?P<key>{_PATH})(?P<rest>\s+as\s+\w+)?\s*")
_FROM_END = re.compile(r"\s*-\d+\s*(?:as\s+\w+)?\s*")
_UNCLOSED = re.compile(rf"\[(?:\s*(?:\*|\d+|{_PATH}\s+is\s+{_NAME}|{_NAME})(?:\s+as\s+\w+)?)?")
_SOURCE = re.compile(_PATH)
_PART = re.compile(_NAME)
_BRACKETED_SOURCE = re.compile(rf"(?P<list>{_PATH})\[[^\]]*\](?P<rest>.*)")
_OTHER_WORDS = re.compile(r"(?:delete|del|unset|pop|drop|clear)\s+(?P<path>\S.*)")
_SHAPE = 'write "path = field", "path += field", "path |= field", "remove path" or "path = \\"text\\""'
_SELECTORS = "write [index] with a field of the event, [0], [*] or [field is key]"


def parse_fold(text: str, span: Span, report: Report) -> FoldExpr | None:
    """Parse one statement; None when it cannot be read, which the report then explains (E501)."""
    return reported(_Parser(text, span).statement, NOT_A_FOLD, report)


def parse_source(text: str, span: Span, report: Report) -> PathExpr | None:
    """Parse the path of an `each`; None when it cannot be read, which the report then explains (E501)."""
    return reported(_Parser(text, span).whole_path, NOT_A_FOLD, report)


def parse_steps(text: str, span: Span, report: Report, rule: Rule) -> tuple[Step, ...] | None:
    """Parse a path into the state; None when it cannot be read, which the report then explains by a rule."""
    return reported(_Parser(text, span).whole_way, rule, report)


class _Parser(ExpressionParser):
    def statement(self) -> FoldExpr:
        operator = next((mark for mark in _MARK.finditer(self._text) if mark["operator"]), None)
        if operator is None:
            return self._removal()
        begin, end = self._stripped(0, operator.start())
        source = self._stripped(operator.end(), len(self._text))
        if begin == end or source[0] == source[1]:
            raise self._no_statement(_SHAPE)
        path, rest = self._text[begin:end], self._text[source[0] : source[1]]
        if path[-1] == ":":
            hint = f"write '{path[:-1].rstrip()} = {rest}'"
            raise self._no_statement(hint)
        steps = self._steps(begin, end)
        if rest in ("null", "None", "nothing", "[]", "{}"):
            hint = f"write '{REMOVE} {path}' to clear the field"
            raise self._problem(*source, f"'{rest}' is no value of a fold", hint)
        if rest[0] == "=":
            hint = f"write '{path} = {rest.lstrip('= ')}'"
            raise self._problem(*source, f"'{rest}' is no source: conditions stand under 'when'", hint)
        if operator["operator"] == FILL and not isinstance(steps[-1], MemberStep):
            hint = f"go on to a field of it, or write '{path} = {rest}'"
            raise self._problem(begin, end, f"'{FILL}' fills a field, and '{path}' is an element", hint)
        return FoldExpr(steps, operator["operator"], self._value(*source), self._span, self._place(*source))

    def whole_way(self) -> tuple[Step, ...]:
        if not self._text.strip():
            raise Unreadable(self._span, "the path is empty", "write a.b[index as Type].c, or remove it")
        return self._steps(*self._stripped(0, len(self._text)))

    def whole_path(self) -> PathExpr:
        begin, end = self._stripped(0, len(self._text))
        if not _SOURCE.fullmatch(self._text, begin, end):
            hint = "write the path to a list of the event, such as choices or delta.tool_calls"
            raise self._refused(f"'{self._line}' is no path", _through_lists(self._text[begin:end], hint))
        return self._path(begin, end)

    def _no_statement(self, hint: str) -> Unreadable:
        return self._refused(f"fold '{self._line}' is not a statement", hint)

    def _removal(self) -> FoldExpr:
        begin, end = self._stripped(0, len(self._text))
        word, _, path = self._text[begin:end].partition(" ")
        if word != REMOVE or not path.strip():
            other = _OTHER_WORDS.fullmatch(self._text, begin, end)
            hint = f"write '{REMOVE} {other['path']}'" if other else _SHAPE
            raise self._no_statement(hint)
        begin = end - len(path.lstrip())
        return FoldExpr(self._steps(begin, end), REMOVE, None, self._span, self._place(begin, end))

    def _steps(self, begin: int, end: int) -> tuple[Step, ...]:
        steps: list[Step] = []
        at = begin
        while at < end:
            # A name without a full stop before it stands only at the beginning.
            member = _MEMBER.match(self._text[begin:end], at - begin)
            brackets = _BRACKETS.match(self._text, at, end)
            if member is not None:
                place = self._place(begin + member.start("name"), begin + member.end())
                steps.append(MemberStep(unquoted(member["name"]), place))
                at = begin + member.end()
            elif brackets is not None:
                steps.append(self._index(brackets.start("inside"), brackets.end("inside")))
                at = brackets.end()
            else:
                raise self._odd_step(begin, at, end)
        return tuple(steps)

    def _odd_step(self, begin: int, at: int, end: int) -> Unreadable:
        unclosed = _UNCLOSED.match(self._text, at, end)
        if unclosed is not None:
            hint = f"write {unclosed[0]}]" if len(unclosed[0]) > 1 else _SELECTORS
            return self._problem(at, at + len(unclosed[0]), f"'{unclosed[0]}' has no ']'", hint)
        path = self._text[begin:end]
        hint = "write a.b[index as Type].c; a name with a space or one of + = * | takes single quotes"
        if path.startswith(f"{REMOVE} "):
            hint = f"write '{path}', or the statement without '{REMOVE}'"
        return self._problem(at, end, f"path '{path}' cannot be read at '{self._text[at:end]}'", hint)

    def _index(self, begin: int, end: int) -> IndexStep:
        found = _SELECTOR.fullmatch(self._text, begin, end)
        if found is None:
            inside = self._text[begin:end]
            raise self._problem(begin - 1, end + 1, f"'[{inside}]' is no element", _selector_hint(inside))
        selector: SelectorExpr
        if found["every"]:
            selector = EveryExpr()
        elif found["nth"]:
            selector = NthExpr(int(found["nth"]))
        elif found["key"]:
            value, otherwise = self._alternatives(*found.span("value"))
            selector = KeyedExpr(value, self._path(*found.span("key"), key=True), otherwise)
        elif found["value"] and _FROM_END.fullmatch(found["value"]):
            inside = self._text[begin:end]
            raise self._problem(begin - 1, end + 1, f"'[{inside}]' is no element", _selector_hint(inside))
        elif found["value"]:
            selector = PositionExpr(*self._alternatives(*found.span("value")))
        else:
            selector = PositionExpr(PathExpr((), 0, quoted=False, span=self._place(begin - 1, end + 1)))
        place = self._place(begin - 1, end + 1)
        type_place = self._place(*found.span("type")) if found["type"] else place
        return IndexStep(selector, found["type"] or "", place, type_place)

    def _alternatives(self, begin: int, end: int) -> tuple[PathExpr, tuple[PathExpr | int, ...]]:
        """Read paths with `|` between them, the last of which may be a number."""
        first, *others = [found.span() for found in _SOURCE.finditer(self._text, begin, end)]
        for place in (first, *others)[:-1]:
            number = self._text[slice(*place)]
            if number.isdecimal():
                raise self._problem(*place, f"nothing behind '{number} |' is ever looked at", f"write '{number}' last")
        otherwise = [
            int(self._text[slice(*place)]) if self._text[slice(*place)].isdecimal() else self._path(*place)
            for place in others
        ]
        return self._path(*first), tuple(otherwise)

    def _path(self, begin: int, end: int, *, key: bool = False) -> PathExpr:
        parts = _PART.findall(self._text, begin, end)
        outer = 0 if key else next((at for at, part in enumerate(parts) if part != _OUTER), len(parts))
        quoted = any(part[0] == "'" for part in parts)
        names = tuple(map(unquoted, parts[outer:]))
        return PathExpr(names, outer, quoted, self._place(begin, end))

    def _value(self, begin: int, end: int) -> PathExpr | str | int | float:
        source = self._text[begin:end]
        if len(source) > 1 and source[0] == source[-1] == '"':
            return source[1:-1]
        if source in ("true", "false"):
            return source == "true"
        if NUMBER.fullmatch(source):
            return number(source)
        if _SOURCE.fullmatch(source):
            return self._path(begin, end)
        message = f"'{source}' is neither a field of the event nor a text in double quotes"
        hint = _through_lists(source, _SHAPE)
        if source[0] == '"':
            hint = "end the text with a double quote; in flow style, put single quotes around the whole statement"
        raise self._problem(begin, end, message, hint)


def _through_lists(source: str, otherwise: str) -> str:
    """Say how to write a source that goes into a list with brackets."""
    bracketed = _BRACKETED_SOURCE.fullmatch(source)
    if bracketed is None:
        return otherwise
    return f"go through the list: {{each: {bracketed['list']}, do: ...}}, where sources begin at the element"


def _selector_hint(inside: str) -> str:
    """Say how to write what stands between brackets and is no selector."""
    turned, compared = _TURNED.fullmatch(inside), _COMPARED.fullmatch(inside)
    if turned is not None:
        return f"write [{turned['value']} is {turned['key']} as {turned['type']}]"
    if compared is not None:
        return f"write [{compared['value']} is {compared['key']}{compared['rest'] or ''}]"
    if _FROM_END.fullmatch(inside):
        return "positions count from 0: write [0], or [index] with a field of the event"
    return _SELECTORS
