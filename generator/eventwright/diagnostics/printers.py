"""Shows diagnostics: as text for people, as JSON, as commands of GitHub workflows, as SARIF 2.1.0."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from .rule import Severity
from .values import LINE_BREAK, Diagnostic, Span

ReadLine: TypeAlias = Callable[[str, int], "str | None"]
"""Gives a line of a file by number, None where there is none."""

FORMATS = ("text", "json", "github", "sarif")

_STYLES = (
    (r"(?m)^\S+(?=: (error|warning) [EW]\d{3}: )", "bold"),
    (r"(?m)(?<=: )error [EW]\d{3}(?=: )", "bold red"),
    (r"(?m)(?<=: )warning [EW]\d{3}(?=: )", "bold yellow"),
    (r"(?m)^ *\d* \|", "blue"),
    (r"(?m)(?<= \| ) *\^+$", "bold red"),
    (r"(?m)^ += .*$", "green"),
)
_WIDTH = 120
_LEAD = 40
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def text(diagnostics: Sequence[Diagnostic], read_line: ReadLine) -> str:
    """Show diagnostics for people: place, code and message, the line with a caret, the hint, and a count at the end.

    Errors come first, so that no number of warnings hides them.
    """
    if not diagnostics:
        return ""
    diagnostics = sorted(diagnostics, key=lambda diagnostic: diagnostic.rule.severity is not Severity.ERROR)
    blocks = [_block(diagnostic, read_line) for diagnostic in diagnostics]
    return "\n".join([*blocks, f"{summary(diagnostics)}\n"])


def print_colored(shown: str) -> None:
    """Print what `text` gives, in colour, on a terminal."""
    # Only who sees colour pays for the library.
    from rich.console import Console
    from rich.text import Text

    lines = Text(shown, end="")
    for pattern, style in _STYLES:
        lines.highlight_regex(pattern, style)
    Console(highlight=False).print(lines, soft_wrap=True)


def summary(diagnostics: Sequence[Diagnostic]) -> str:
    """Count diagnostics: `2 errors, 1 warning`."""
    errors = sum(diagnostic.rule.severity is Severity.ERROR for diagnostic in diagnostics)
    counts = [(errors, "error"), (len(diagnostics) - errors, "warning")]
    said = [f"{count} {what}{'' if count == 1 else 's'}" for count, what in counts if count]
    return ", ".join(said) or "nothing to report"


def as_json(diagnostics: Sequence[Diagnostic]) -> str:
    """Give diagnostics as one JSON object; places are null where none can be named."""
    found = [
        {
            "code": diagnostic.rule.code,
            "severity": diagnostic.rule.severity.value,
            "file": diagnostic.span.file,
            **_numbers(diagnostic.span),
            "message": diagnostic.message,
            "hint": diagnostic.hint,
        }
        for diagnostic in diagnostics
    ]
    errors = sum(diagnostic.rule.severity is Severity.ERROR for diagnostic in diagnostics)
    data = {"errors": errors, "warnings": len(found) - errors, "findings": found}
    return json.dumps(data, indent=2) + "\n"


def github(diagnostics: Sequence[Diagnostic]) -> str:
    """Give diagnostics as workflow commands, which GitHub shows beside the lines."""
    lines = []
    for diagnostic in diagnostics:
        numbers = _numbers(diagnostic.span)
        names = {"line": "line", "column": "col", "end_line": "endLine", "end_column": "endColumn"}
        properties = {"file": diagnostic.span.file}
        properties.update({names[key]: str(value) for key, value in numbers.items() if value is not None})
        properties["title"] = f"{diagnostic.rule.code}: {diagnostic.rule.title}"
        shown = ",".join(f"{key}={_escaped(value, ':,')}" for key, value in properties.items())
        lines.append(f"::{diagnostic.rule.severity.value} {shown}::{_escaped(_with_hint(diagnostic), '')}\n")
    return "".join(lines)


def sarif(diagnostics: Sequence[Diagnostic]) -> str:
    """Give diagnostics as SARIF 2.1.0, which code scanning services read."""
    broken = {diagnostic.rule.code: diagnostic.rule for diagnostic in diagnostics}
    codes = sorted(broken)
    rules = [
        {
            "id": code,
            "shortDescription": {"text": broken[code].title},
            "fullDescription": {"text": broken[code].why},
        }
        for code in codes
    ]
    results = [
        {
            "ruleId": diagnostic.rule.code,
            "ruleIndex": codes.index(diagnostic.rule.code),
            "level": diagnostic.rule.severity.value,
            "message": {"text": _with_hint(diagnostic)},
            "locations": [{"physicalLocation": _location(diagnostic.span)}],
        }
        for diagnostic in diagnostics
    ]
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "eventwright", "rules": rules}},
                "columnKind": "unicodeCodePoints",
                "results": results,
            }
        ],
    }
    return json.dumps(log, indent=2) + "\n"


class FileLines:
    """Reads the lines that diagnostics point at, each file once."""

    def __init__(self) -> None:
        self._files: dict[str, list[str]] = {}

    def __call__(self, file: str, number: int) -> str | None:
        """Give a line without its end, None where there is none."""
        if file not in self._files:
            try:
                text = Path(file).read_text(encoding="utf-8-sig", errors="replace")
            except OSError:
                text = ""
            self._files[file] = LINE_BREAK.split(text)
        lines = self._files[file]
        return lines[number - 1] if number <= len(lines) else None


def visible(said: str) -> str:
    """Show characters that a terminal would act upon, or hide, as escapes."""
    return _INVISIBLE.sub(lambda found: f"\\u{ord(found[0]):04x}", said)


def _block(diagnostic: Diagnostic, read_line: ReadLine) -> str:
    span = diagnostic.span
    head = visible(f"{span}: {diagnostic.rule.severity.value} {diagnostic.rule.code}: {diagnostic.message}")
    line = None if span.start is None else read_line(span.file, span.start.line)
    hint = visible(diagnostic.hint)
    if span.start is None or line is None:
        return f"{head}\n  = {hint}\n" if hint else f"{head}\n"
    begin = min(span.start.column - 1, len(line))
    one_line = span.end is not None and span.end.line == span.start.line
    stop = span.end.column - 1 if span.end is not None and one_line else len(line.rstrip())
    stop = max(min(stop, len(line)), begin + 1)
    cut = begin - _LEAD if len(line) > _WIDTH and begin > _LEAD else 0
    left = ("..." if cut else "") + visible(line[cut:begin])
    marked = visible(line[begin:stop])
    right = visible(line[stop : max(cut + _WIDTH, stop)])
    shown = f"{left}{marked}{right}"[: _WIDTH + 3].rstrip()
    number = str(span.start.line)
    caret = " " * _cells(left) + "^" * min(max(_cells(marked), 1), max(_WIDTH - _cells(left), 1))
    bar = f"{' ' * len(number)} |"
    block = f"{head}\n  {number} | {shown}\n  {bar} {caret}\n"
    return f"{block}  {' ' * len(number)} = {hint}\n" if hint else block


def _cells(shown: str) -> int:
    """How many cells of a terminal a text takes."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in shown
    )


def _numbers(span: Span) -> dict[str, int | None]:
    start, end = span.start, span.end
    return {
        "line": None if start is None else start.line,
        "column": None if start is None else start.column,
        "end_line": None if end is None else end.line,
        "end_column": None if end is None else end.column,
    }


def _location(span: Span) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": _uri(span.file)}}
    names = {"line": "startLine", "column": "startColumn", "end_line": "endLine", "end_column": "endColumn"}
    region = {names[key]: value for key, value in _numbers(span).items() if value is not None}
    return {**location, "region": region} if region else location


def _uri(file: str) -> str:
    return "".join(
        (
            char
            if char.isascii() and (char.isalnum() or char in "/._-~")
            else "".join(f"%{byte:02X}" for byte in char.encode())
        )
        for char in file
    )


def _escaped(said: str, also: str) -> str:
    return "".join(f"%{ord(char):02X}" if char in f"%\r\n{also}" else char for char in said)


def _with_hint(diagnostic: Diagnostic) -> str:
    return f"{diagnostic.message}; {diagnostic.hint}" if diagnostic.hint else diagnostic.message
