"""Parses fold statements such as `output[output_index as Message].text += delta`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.values import Report, Span
from .typeexpr import part_of

NOT_A_FOLD = Rule(
    "E501",
    Severity.ERROR,
    "fold that is not a statement",
    'A fold is `path = field`, `path += field`, `path = "text"`, or `none`.',
)

NOT_A_PATH = Rule(
    "E522",
    Severity.ERROR,
    "path into the state that cannot be read",
    "A path goes through fields, as in `a.b`, and into the elements of lists, as in `a[index].b`.",
)


@dataclass(frozen=True, slots=True)
class MemberStep:
    """`.name`: go into a field."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class IndexStep:
    """`[field as Type]`: go into the element whose position a field of the event gives.

    In a reading, which has no event, a number stands in the place of the field, or `*` for all elements.
    """

    field: str
    type: str
    span: Span
    field_span: Span
    type_span: Span


Step: TypeAlias = MemberStep | IndexStep


@dataclass(frozen=True, slots=True)
class FoldExpr:
    """One statement.

    Attributes:
        steps: Way into the state; a lone `state` is the state itself, or a field of that name.
        append: Whether the source is added to what is there (`+=`) rather than put in its place (`=`).
        source: Path into the event, empty when `literal` is given.
        literal: Text that is set, None when `source` is given.
    """

    steps: tuple[Step, ...]
    append: bool
    source: tuple[str, ...]
    literal: str | None
    span: Span
    source_span: Span


_STATEMENT = re.compile(r"\s*(?P<path>.*?)\s*(?P<operator>\+?=)\s*(?P<source>.*?)\s*", re.DOTALL)
_STEP = re.compile(r"(?:^|\.)(?P<member>\w+)|\[\s*(?P<field>\w+|\*)(?:\s+as\s+(?P<type>\w+))?\s*\]")
_UNCLOSED = re.compile(r"\[\s*(?:\w+|\*)(\s+as\s+\w+)?")
_SOURCE = re.compile(r"\w+(\.\w+)*")
_SINGLE = re.compile(r"'([^'\"]*)'")
_SHAPE = 'write "path = field", "path += field" or "path = \\"text\\""'


def parse_fold(text: str, span: Span, report: Report) -> FoldExpr | None:
    """Parse one statement; None when it cannot be read, which the report then explains (E501)."""
    statement = _STATEMENT.fullmatch(text)
    if statement is None or not statement["path"] or not statement["source"]:
        report.add(NOT_A_FOLD, span, f"fold '{text}' is not a statement", _SHAPE)
        return None
    steps = parse_steps(text, span, report, NOT_A_FOLD, within=statement.span("path"))
    if steps is None:
        return None
    source = statement["source"]
    place = part_of(span, text, statement.start("source"), statement.end("source"))
    if len(source) > 1 and source[0] == source[-1] == '"':
        literal, names = source[1:-1], ()
    elif _SOURCE.fullmatch(source):
        literal, names = None, tuple(source.split("."))
    else:
        quoted = _SINGLE.fullmatch(source)
        hint = f'write "{quoted[1]}"' if quoted else _SHAPE
        report.add(NOT_A_FOLD, place, f"'{source}' is neither a field of the event nor a text in double quotes", hint)
        return None
    return FoldExpr(steps, statement["operator"] == "+=", names, literal, span, place)


def parse_steps(
    text: str, span: Span, report: Report, rule: Rule, within: tuple[int, int] | None = None
) -> tuple[Step, ...] | None:
    """Parse a path into the state; None when it cannot be read, which the report then explains.

    Args:
        text: What is written.
        span: Where that stands.
        report: Takes what is wrong.
        rule: The rule that a path breaks which cannot be read.
        within: Begin and end of the path in the text, all of it if None.
    """
    offset, end = within or (0, len(text))
    path = text[offset:end]
    if not path.strip():
        report.add(rule, span, "the path is empty", "write a.b[index as Type].c, or remove it")
        return None
    steps: list[Step] = []
    at = 0
    while at < len(path):
        step = _STEP.match(path, at)
        begin = offset + at
        if step is None:
            unclosed = _UNCLOSED.match(path, at)
            if unclosed and "]" in path[at:]:
                place = part_of(span, text, begin, begin + path[at:].index("]") + 1)
                inside = path[at + 1 :].partition("]")[0]
                hint = "between the brackets stands a field of the event, as in [index] or [index as Type]"
                report.add(rule, place, f"'[{inside}]' is no position", hint)
                return None
            if unclosed:
                place = part_of(span, text, begin, begin + len(unclosed[0]))
                report.add(rule, place, f"'{unclosed[0]}' has no ']'", f"write {unclosed[0]}]")
                return None
            place = part_of(span, text, begin, end)
            report.add(rule, place, f"path '{path}' cannot be read at '{path[at:]}'", "write a.b[index as Type].c")
            return None
        place = part_of(span, text, begin + (step[0][0] == "."), begin + len(step[0]))
        if step["member"]:
            steps.append(MemberStep(step["member"], place))
        else:
            parts = [place, place]
            for at_part, name in enumerate(("field", "type")):
                if step[name]:
                    parts[at_part] = part_of(span, text, offset + step.start(name), offset + step.end(name))
            steps.append(IndexStep(step["field"], step["type"] or "", place, *parts))
        at = step.end()
    return tuple(steps)
