"""Lays lines of Python that are too long out over several, the way the formatter would."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

WIDTH = 120
"""Longest line of generated code."""

_CHOICE = re.compile(
    r'(?P<target> *(?:[\w.]+(?:: [^=]+)? = |"(?:[^"\\]|\\.)*": ))(?P<value>[^"]* if .* else .*?)(?P<comma>,?)$'
)
"""A choice of two values that is assigned, or that a member of a dict has."""

_ANNOTATION = re.compile(r" *\w+: [^=]+ = ")
"""What stands before the value of an annotated variable; the formatter opens the brackets of the value instead."""

_TARGETS = re.compile(r" *(?P<names>\w+(?:, \w+)+)(?P<rest> = .*)")
"""Several variables that are assigned at once."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|[\[({]|[\])}]|,|.', re.DOTALL)

_CONDITION = re.compile(r" *if (?P<condition>.* (?:and|or) .*):$")

_LINK = re.compile(r"\)\.\w+\(")
"""What stands between the brackets of two calls in a chain."""


def wrap(source: str) -> str:
    """Wrap the lines that are too long and have brackets to be wrapped at; docstrings are left alone."""
    return "".join(f"{line}\n" for line in _wrapped(source.removesuffix("\n").split("\n")))


def _wrapped(lines: list[str]) -> Iterator[str]:
    quoted = False
    for line in lines:
        quotes = line.count('"""')
        if len(line) > WIDTH and not quoted and not quotes:
            yield from _lay_out(line)
        else:
            yield line
        quoted ^= quotes % 2 == 1


def _lay_out(line: str) -> Iterator[str]:
    """Put what is in brackets on a line of its own, or each of its parts on one."""
    if len(line) <= WIDTH:
        yield line
        return
    indent = " " * (len(line) - len(line.lstrip()))
    choice = _CHOICE.match(line)
    if choice is not None:
        # One expression, which is not to be taken apart but by its conditions.
        yield f"{choice['target']}("
        yield from _choice(choice["value"], f"{indent}    ")
        yield f"{indent}){choice['comma']}"
        return
    condition = _CONDITION.match(line)
    if condition is not None:
        yield f"{indent}if ("
        yield from (f"{indent}    {part}" for part in _operands(condition["condition"]))
        yield f"{indent}):"
        return
    pair = _brackets_to_open(line)
    if pair is None:
        yield line
        return
    begin, end = pair
    inner = f"{indent}    "
    annotation, targets = _ANNOTATION.match(line), _TARGETS.match(line)
    if targets is not None and begin >= WIDTH:
        yield f"{indent}("
        yield from (f"{inner}{name}," for name in targets["names"].split(", "))
        # The bracket that closes them takes as much room as a variable of one letter.
        first, *others = _lay_out(f"{indent}_{targets['rest']}")
        yield first.replace("_", ")", 1)
        yield from others
        return
    if annotation is not None and begin >= WIDTH:
        yield f"{annotation[0]}("
        yield from _lay_out(f"{inner}{line[annotation.end() :]}")
        yield f"{indent})"
        return
    content = line[begin + 1 : end]
    parts = _parts(content)
    yield line[: begin + 1]
    # A comma behind the last part says that each is to have a line, and one part alone needs it in a tuple. So it is
    # with several parts of a tuple, a list or a dict, where there is nothing that is called.
    is_display = len(parts) > 1 and not re.match(r"[\w)\]]", line[begin - 1 : begin])
    if len(inner) + len(content) <= WIDTH and not content.endswith(",") and not is_display:
        # The only parameter of a function gets one as well.
        yield f"{inner}{content}{',' if len(parts) == 1 and line.lstrip().startswith('def ') else ''}"
    else:
        comma = "," if len(parts) > 1 or content.endswith(",") else ""
        for part in parts:
            yield from _lay_out(f"{inner}{part}{comma}")
    yield f"{indent}{line[end:]}"


def _choice(value: str, indent: str) -> Iterator[str]:
    """Lay out `a if b else c`, on a line where it fits."""
    if len(indent) + len(value) <= WIDTH:
        yield f"{indent}{value}"
        return
    first, _, rest = value.partition(" if ")
    condition, _, other = rest.partition(" else ")
    yield f"{indent}{first}"
    yield f"{indent}if {condition}"
    yield from _lay_out(f"{indent}else {other}")


def _operands(condition: str) -> list[str]:
    """Split before each `and` and `or` outside of brackets and strings."""
    operands, depth, start = [], 0, 0
    for token in _TOKEN.finditer(condition):
        if token[0] in "([{":
            depth += 1
        elif token[0] in ")]}":
            depth -= 1
        elif token[0] == " " and depth == 0 and re.match(r" (?:and|or) ", condition[token.start() :]):
            operands.append(condition[start : token.start()])
            start = token.end()
    return [*operands, condition[start:]]


def _brackets_to_open(line: str) -> tuple[int, int] | None:
    """Give where the outermost brackets to open begin and end: of a chain of calls the last ones, else the longest."""
    found: list[tuple[int, int]] = []
    depth = begin = 0
    annotation = _ANNOTATION.match(line)
    for token in _TOKEN.finditer(line, annotation.end() if annotation else 0):
        if token[0] in "([{":
            begin = token.start() if depth == 0 else begin
            depth += 1
        elif token[0] in ")]}":
            depth -= 1
            if depth == 0:
                found.append((begin, token.start()))
    found = [(begin, end) for begin, end in found if end - begin > 1]
    for (_, end), (begin, last) in reversed(list(pairwise(found))):
        if begin < WIDTH and _LINK.fullmatch(line, end, begin + 1):
            return begin, last
    return max(found, key=lambda pair: pair[1] - pair[0], default=None)


def _parts(content: str) -> list[str]:
    """Split at the commas outside of brackets and strings."""
    parts, depth, start = [], 0, 0
    for token in _TOKEN.finditer(content):
        if token[0] in "([{":
            depth += 1
        elif token[0] in ")]}":
            depth -= 1
        elif token[0] == "," and depth == 0:
            parts.append(content[start : token.start()].strip())
            start = token.end()
    rest = content[start:].strip()
    return [*parts, rest] if rest else parts
