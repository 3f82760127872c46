"""Says what is wrong, and where, in a text that the YAML parser gives up on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from ruamel.yaml.error import MarkedYAMLError

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.values import LINE_BREAK, Position, Report, Span

NOT_YAML = Rule(
    "E101",
    Severity.ERROR,
    "not YAML",
    "A file that is not YAML cannot be read at all, so nothing in it is checked until it is.",
)

# What YAML lets into a text as it is; a reader that meets anything else names no place.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_KEY = re.compile(r"\s*[\w.-]+")
_GLUED = re.compile(r" *([\w.-]+):(\S.*)")
_ASSIGNED = re.compile(r" *([\w.-]+)\s*=>?\s*(\S.*)")
_BLOCK = re.compile(r"[:-] +[>|][+-]?\s*$")
_LONGEST_KEY = 1024
_NO_KEY_HERE = "a ':' where no key can be"
_QUOTE_COLONS = "put text that holds ': ' in quotes or into a '>-' block"
_BRACKETS = re.compile(r"(?:\w+|!?= ?)\[[^][]*(?:\[[^][]*\][^][]*)*\]")


@dataclass(frozen=True, slots=True)
class _Place:
    """Line and column as the YAML parser counts them, from 0."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class _Failure:
    """What the YAML parser says, and the text that it says it of.

    Attributes:
        lines: Lines of the text.
        at: Where the parser gave up; within the text, although the parser may name a line behind it.
        begun: Where that began which it was reading, None where it does not say.
        problem: What it met.
        context: What it was reading.
    """

    lines: list[str]
    at: _Place
    begun: _Place | None
    problem: str
    context: str

    @property
    def line(self) -> str:
        return self.lines[self.at.line]

    @property
    def before(self) -> str:
        """The character before the place, white space left out; a space where there is none."""
        return self.line[: self.at.column].rstrip()[-1:] or " "


class _Finding(NamedTuple):
    """What is wrong, in the words of a spec."""

    place: _Place
    about: str
    hint: str
    width: int = 1


def report_unreadable(error: MarkedYAMLError, text: str, file: str, last_quoted: Span | None, report: Report) -> None:
    """Report where the YAML parser gave up, or where the thing begins that it misses the end of.

    Args:
        error: What the parser says.
        text: The content of the file.
        file: Path for the spans.
        last_quoted: The last text in quotes that goes over several lines.
        report: Receives the diagnostic (E101).
    """
    mark, quoted = error.problem_mark, last_quoted
    if mark is not None and quoted is not None and quoted.start and quoted.end and quoted.end.line == mark.line + 1:
        # A quote that was left open ends at the next one, where nothing fits what the text says.
        span = point(file, quoted.start.line - 1, quoted.start.column - 1)
        report.add(NOT_YAML, span, "not YAML: a quote that is not closed in its line", "close it")
        return
    mark = error.problem_mark or error.context_mark
    about = error.problem or error.context or "unreadable"
    hint = "check the indentation and the quotes around this place"
    if mark is None:
        report.add(NOT_YAML, Span(file), f"not YAML: {about}", hint)
        return
    lines = LINE_BREAK.split(text)
    begun = error.context_mark
    failure = _Failure(
        lines=lines,
        at=_within(lines, mark.line, mark.column),
        begun=None if begun is None else _within(lines, begun.line, begun.column),
        problem=about,
        context=error.context or "",
    )
    found = next(filter(None, (symptom(failure) for symptom in _SYMPTOMS)), _Finding(failure.at, about, hint))
    span = point(file, found.place.line, found.place.column, found.width)
    report.add(NOT_YAML, span, f"not YAML: {found.about}", found.hint)


def _within(lines: list[str], line: int, column: int) -> _Place:
    return _Place(line, column) if line < len(lines) else _Place(len(lines) - 1, len(lines[-1]))


def _glued_colon(failure: _Failure) -> _Finding | None:
    if "found unexpected ':'" not in failure.problem:
        return None
    return _Finding(failure.at, "a ':' without a space behind it", "write a space behind it, or put the text in quotes")


def _no_item(failure: _Failure) -> _Finding | None:
    if failure.begun is None or "expected '-' indicator" not in failure.problem:
        return None
    about = f"a list that goes on with a key in line {failure.at.line + 1}"
    return _Finding(failure.begun, about, "remove the '- ' here, or begin each of the others with one, too")


def _long_key(failure: _Failure) -> _Finding | None:
    for number in (failure.at.line, *([] if failure.begun is None else [failure.begun.line])):
        line = failure.lines[number].lstrip(" -{")
        width = len(line.partition(":")[0])
        if ":" in line and width > _LONGEST_KEY:
            place = _Place(number, len(failure.lines[number]) - len(line))
            hint = f"shorten it to {_LONGEST_KEY} characters, which is as long as YAML lets a key be"
            return _Finding(place, f"a key of {width} characters", hint, width)
    return None


def _open_quote(failure: _Failure) -> _Finding | None:
    if failure.begun is None or "end of stream" not in failure.problem or "quoted scalar" not in failure.context:
        return None
    return _Finding(failure.begun, "a quote that is never closed", "close it")


def _bracket(failure: _Failure) -> _Finding | None:
    at, begun = failure.at, failure.begun
    if begun is None or "flow" not in failure.context:
        return None
    inner = next((each for each in _BRACKETS.finditer(failure.line) if at.column in range(*each.span())), None)
    if inner is not None and begun.line == at.line and begun.column < inner.start():
        begin, text = _flow_text(failure.line, inner.start(), inner.end())
        mark = "'" if '"' in text else '"'
        hint = f"put it in quotes: {mark}{text}{mark}"
        return _Finding(_Place(at.line, begin), "brackets in a text within braces", hint)
    hint = "close it; text with brackets or commas in it needs quotes"
    if at.line > begun.line:
        return _Finding(begun, "a bracket that is never closed", hint)
    return _Finding(at, failure.problem, hint)


def _flow_text(line: str, begin: int, end: int) -> tuple[int, str]:
    """Give where a text within braces begins, and the text, given where brackets in it are."""
    begin = max(line.rfind(mark, 0, begin) + len(mark) for mark in (": ", ", ", "[", "{"))
    begin += len(line[begin:]) - len(line[begin:].lstrip())
    depth = 0
    for char in line[end:]:
        depth += (char == "[") - (char == "]")
        if depth < 0 or (depth == 0 and char in ",}"):
            break
        end += 1
    return begin, line[begin:end].strip()


def _bad_begin(failure: _Failure) -> _Finding | None:
    if "cannot start any token" in failure.problem:
        if failure.line[failure.at.column :].startswith("\t"):
            return _Finding(failure.at, "a tab in the indentation", "indent with spaces")
        return _Finding(failure.at, "no text can begin with this character", "put the text in quotes")
    if failure.begun is not None and "alphabetic or numeric character" in failure.problem:
        return _Finding(failure.begun, "no text can begin with this character", "put the text in quotes")
    return None


def _colon(failure: _Failure) -> _Finding | None:
    if "mapping values are not allowed" not in failure.problem:
        return None
    if _KEY.fullmatch(failure.line[: failure.at.column]):
        return _deep_key(failure.lines, failure.at.line)
    return _Finding(failure.at, _NO_KEY_HERE, _QUOTE_COLONS)


def _text_behind(failure: _Failure) -> _Finding | None:
    if "block" not in failure.context:
        return None
    if failure.before in "'\"":
        hint = "put the whole text into a '>-' block, without quotes of its own"
        return _Finding(failure.at, "text behind the quote that ends a text", hint)
    if failure.before in "]}":
        about = "text behind the bracket that ends a list or mapping"
        return _Finding(failure.at, about, "put the whole text into a '>-' block")
    return None


def _odd_indentation(failure: _Failure) -> _Finding | None:
    at, begun = failure.at, failure.begun
    if begun is None or "expected key" not in failure.problem or at.column != _depth(failure.line):
        return None
    if failure.line.lstrip().startswith("- "):
        items = (_depth(line) for line in reversed(failure.lines[: at.line]) if line.lstrip().startswith("- "))
        hint = f"begin it in column {next(items, begun.column) + 1}"
        return _Finding(at, "an item that is indented like none above it", hint)
    hint = f"begin it in column {begun.column + 1}, or as deep as what it belongs to"
    return _Finding(at, "a key that is indented like none above it", hint)


def _no_colon(failure: _Failure) -> _Finding | None:
    begun = failure.begun
    if begun is None or "could not find expected ':'" not in failure.problem:
        return None
    if begun.line and _BLOCK.search(failure.lines[begun.line - 1]):
        return _Finding(begun, "text of a block that is not deeper than its key", "indent it by two more spaces")
    return _Finding(begun, "a key without ': '", "write a ':' and a space after it")


_SYMPTOMS = (
    _glued_colon,
    _no_item,
    _long_key,
    _open_quote,
    _bracket,
    _bad_begin,
    _colon,
    _text_behind,
    _odd_indentation,
    _no_colon,
)
"""What each kind of mistake looks like to the parser; the first that fits is it."""


def _deep_key(lines: list[str], at: int) -> _Finding:
    """Judge a key below a line that is complete: of the two, the one whose indentation is odd, or has lost its ':'."""
    here, above = lines[at], lines[at - 1] if at else ""
    depth, depth_above = _depth(here), _depth(above)
    if _KEY.fullmatch(above):
        place = _Place(at - 1, depth_above)
        return _Finding(place, "a key without a ':'", f"write '{above.strip()}:'", len(above.strip()))
    if above[depth_above:][:1].isspace():
        return _Finding(_Place(at - 1, depth_above), "white space that is no space", "write spaces")
    if depth == depth_above:
        written = _GLUED.fullmatch(above) or _ASSIGNED.fullmatch(above)
        if written is None:
            return _Finding(_Place(at, here.index(":")), _NO_KEY_HERE, _QUOTE_COLONS)
        hint = f"write '{written[1]}: {written[2]}'"
        return _Finding(_Place(at - 1, depth), "a key without a ':' and a space after it", hint, len(above.strip()))
    opener = lines[at - 2] if at > 1 else ""
    is_first = opener.rstrip().endswith(":") and _depth(opener) <= depth_above
    if is_first and (_depth(opener) == depth_above or depth_above % 2):
        at, depth_above, other, depth = at - 1, depth, at + 1, depth_above
    else:
        other = at
    about = f"a key that is not indented like the one in line {other}"
    return _Finding(_Place(at, depth), about, f"begin it in column {depth_above + 1}")


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def report_unprintable(error: Exception, text: str, file: str, report: Report) -> None:
    """Report the character that YAML refuses (E101)."""
    found = _UNPRINTABLE.search(text)
    # The two parsers word it differently, and neither names the place.
    problem = f"the character U+{ord(found[0]):04X}" if found else str(error).splitlines()[0]
    span = Span(file)
    if found is not None:
        lines = LINE_BREAK.split(text[: found.start()])
        span = point(file, len(lines) - 1, len(lines[-1]))
    report.add(NOT_YAML, span, f"not YAML: {problem}", "remove it")


def point(file: str, line: int, column: int, width: int = 1) -> Span:
    """Give the span of a few characters; line and column count from 0, as the YAML parser does."""
    return Span(file, Position(line + 1, column + 1), Position(line + 1, column + 1 + width))
