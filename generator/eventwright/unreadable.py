"""Says what is wrong, and where, in a text that the YAML parser gives up on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ruamel.yaml.error import MarkedYAMLError

from .diagnostics import LINE_BREAK, Position, Report, Span

# What YAML lets into a text as it is; a reader that meets anything else names no place.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_KEY = re.compile(r"\s*[\w.-]+")
_GLUED = re.compile(r" *([\w.-]+):(\S.*)")
_ASSIGNED = re.compile(r" *([\w.-]+)\s*=>?\s*(\S.*)")
_BLOCK = re.compile(r"[:-] +[>|][+-]?\s*$")
_BRACKETS = re.compile(r"\w+\[[^][]*(?:\[[^][]*\][^][]*)*\]")


@dataclass(frozen=True, slots=True)
class _Place:
    """Line and column as the YAML parser counts them, from 0."""

    line: int
    column: int


def report_unreadable(error: MarkedYAMLError, text: str, file: str, last_quoted: Span | None, report: Report) -> None:
    """Report where the YAML parser gave up, or where the thing begins that it misses the end of.

    Args:
        error: What the parser says.
        text: The content of the file.
        file: Path for the spans.
        last_quoted: The last text in quotes that goes over several lines.
        report: Receives the finding (E101).
    """
    mark, quoted = error.problem_mark, last_quoted
    if mark is not None and quoted is not None and quoted.start and quoted.end and quoted.end.line == mark.line + 1:
        # A quote that was left open ends at the next one, where nothing fits what the text says.
        span = point(file, quoted.start.line - 1, quoted.start.column - 1)
        report.error("E101", span, "not YAML: a quote that is not closed in its line", "close it")
        return
    mark, begun = error.problem_mark or error.context_mark, error.context_mark
    about = error.problem or error.context or "unreadable"
    hint = "check the indentation and the quotes around this place"
    lines = LINE_BREAK.split(text)
    if begun is not None and "end of stream" in about and "quoted scalar" in (error.context or ""):
        mark, about, hint = begun, "a quote that is never closed", "close it"
    elif begun is not None and mark is not None and "flow" in (error.context or ""):
        inner = next(
            (each for each in _BRACKETS.finditer(lines[mark.line]) if mark.column in range(*each.span())), None
        )
        hint = "close it; text with brackets or commas in it needs quotes"
        if inner is not None and begun.line == mark.line and begun.column < inner.start():
            mark, about = _Place(mark.line, inner.start()), "brackets in a text within braces"
            hint = f'put it in quotes: "{inner[0]}"'
        elif mark.line > begun.line:
            mark, about = begun, "a bracket that is never closed"
    elif "cannot start any token" in about and mark is not None and lines[mark.line][mark.column :].startswith("\t"):
        about, hint = "a tab in the indentation", "indent with spaces"
    elif "cannot start any token" in about:
        about, hint = "no text can begin with this character", "put the text in quotes"
    elif "mapping values are not allowed" in about:
        about, hint = "a ':' where no key can be", "put text that holds ': ' in quotes or into a '>-' block"
        if mark is not None and _KEY.fullmatch(lines[mark.line][: mark.column]):
            _report_deep_key(lines, mark.line, file, report)
            return
    elif mark is not None and "block" in (error.context or "") and _before(lines, mark.line, mark.column) in "'\"":
        about = "text behind the quote that ends a text"
        hint = "put the whole text into a '>-' block, without quotes of its own"
    elif mark is not None and "block" in (error.context or "") and _before(lines, mark.line, mark.column) in "]}":
        about, hint = "text behind the bracket that ends a list or mapping", "put the whole text into a '>-' block"
    elif (
        begun is not None and mark is not None and "expected key" in about and _is_first(lines, mark.line, mark.column)
    ):
        about = "a key that is indented like none above it"
        hint = f"begin it in column {begun.column + 1}, or as deep as what it belongs to"
        if lines[mark.line].lstrip().startswith("- "):
            about = "an item that is indented like none above it"
            items = (_depth(line) for line in reversed(lines[: mark.line]) if line.lstrip().startswith("- "))
            hint = f"begin it in column {next(items, begun.column) + 1}"
    elif begun is not None and "could not find expected ':'" in about:
        mark, about, hint = begun, "a key without ': '", "write a ':' and a space after it"
        if begun.line and _BLOCK.search(lines[begun.line - 1]):
            about, hint = "text of a block that is not deeper than its key", "indent it by two more spaces"
    elif begun is not None and "alphabetic or numeric character" in about:
        mark, about, hint = begun, "no text can begin with this character", "put the text in quotes"
    span = Span(file)
    if mark is not None:
        # The parser counts a line behind the last one.
        behind = mark.line >= len(lines)
        span = point(file, len(lines) - 1, len(lines[-1])) if behind else point(file, mark.line, mark.column)
    report.error("E101", span, f"not YAML: {about}", hint)


def _report_deep_key(lines: list[str], at: int, file: str, report: Report) -> None:
    """Report a key below a line that is complete: of the two, the one whose indentation is odd, or has lost its ':'."""
    here, above = lines[at], lines[at - 1] if at else ""
    depth, depth_above = _depth(here), _depth(above)
    if _KEY.fullmatch(above):
        span = point(file, at - 1, depth_above, len(above.strip()))
        report.error("E101", span, "not YAML: a key without a ':'", f"write '{above.strip()}:'")
        return
    if above[depth_above:][:1].isspace():
        report.error("E101", point(file, at - 1, depth_above), "not YAML: white space that is no space", "write spaces")
        return
    if depth == depth_above:
        written = _GLUED.fullmatch(above) or _ASSIGNED.fullmatch(above)
        about = "a key without a ':' and a space after it" if written else "a ':' where no key can be"
        hint = "put text that holds ': ' in quotes or into a '>-' block"
        span = point(file, at, here.index(":"))
        if written:
            span, hint = point(file, at - 1, depth, len(above.strip())), f"write '{written[1]}: {written[2]}'"
        report.error("E101", span, f"not YAML: {about}", hint)
        return
    opener = lines[at - 2] if at > 1 else ""
    is_first = opener.rstrip().endswith(":") and _depth(opener) <= depth_above
    if is_first and (_depth(opener) == depth_above or depth_above % 2):
        at, depth_above, other, depth = at - 1, depth, at + 1, depth_above
    else:
        other = at
    about = f"not YAML: a key that is not indented like the one in line {other}"
    report.error("E101", point(file, at, depth), about, f"begin it in column {depth_above + 1}")


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _is_first(lines: list[str], line: int, column: int) -> bool:
    """Whether a place is where the text of its line begins."""
    return line < len(lines) and column == _depth(lines[line])


def _before(lines: list[str], line: int, column: int) -> str:
    """Give the character before a place, white space left out; a space where there is none."""
    return (lines[line][:column].rstrip() if line < len(lines) else "")[-1:] or " "


def report_unprintable(error: Exception, text: str, file: str, report: Report) -> None:
    """Report the character that YAML refuses (E101)."""
    found = _UNPRINTABLE.search(text)
    # The two parsers word it differently, and neither names the place.
    problem = f"the character U+{ord(found[0]):04X}" if found else str(error).splitlines()[0]
    span = Span(file)
    if found is not None:
        lines = LINE_BREAK.split(text[: found.start()])
        span = point(file, len(lines) - 1, len(lines[-1]))
    report.error("E101", span, f"not YAML: {problem}", "remove it")


def point(file: str, line: int, column: int, width: int = 1) -> Span:
    """Give the span of a few characters; line and column count from 0, as the YAML parser does."""
    return Span(file, Position(line + 1, column + 1), Position(line + 1, column + 1 + width))
