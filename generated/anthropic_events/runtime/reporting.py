"""Shows what is wrong with recorded streams: as text for people, as JSON, as commands of GitHub workflows, as SARIF."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import quote

from .errors import printable
from .findings import Finding, RuleDoc

_SHOWN_OF_A_RULE = 10
"""How many findings of one rule are shown of one file, to people."""

_SHOWN_ALSO = 5
"""How many findings that follow from another one are shown, to people."""

_STYLES = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m", "place": "\x1b[1m", "ok": "\x1b[32m"}
_PLAIN = "\x1b[0m"


class FileReport(NamedTuple):
    """What was found in a file."""

    file: str
    """Its name, as the user gave it."""

    events: int
    """How many events are in it."""

    streams: int
    """How many streams are in it."""

    findings: list[Finding]
    """What is wrong, in order; each with what follows from it."""

    lines: list[int]
    """For each event the line of the file where it stands, 0 where that is not known."""

    advice: str = ""
    """What to do about all of it, empty where nothing can be said."""

    def line(self, finding: Finding) -> int:
        """Give the line of the file that a finding is about, 0 where that is not known."""
        # What is missing at the end of an empty stream is about an event that there is not.
        return self.lines[finding.index] if finding.index < len(self.lines) else 0


Show: TypeAlias = "Callable[[Sequence[FileReport], Mapping[str, RuleDoc], bool], Iterator[str]]"
"""Gives the lines of a report, from what was found, the rules, and whether it may be coloured."""


def text(reports: Sequence[FileReport], rules: Mapping[str, RuleDoc], colored: bool) -> Iterator[str]:
    """Show findings for people: those of a file in order, what follows from one below it, and a summary of the file."""

    def styled(said: str, style: str) -> str:
        return f"{_STYLES[style]}{said}{_PLAIN}" if colored else said

    for report in reports:
        shown: Counter[str] = Counter()
        for finding in report.findings:
            shown[finding.rule] += 1
            if shown[finding.rule] > _SHOWN_OF_A_RULE:
                continue
            place = styled(_place(report, finding), "place")
            yield f"{place}: {styled(finding.severity, finding.severity)} {finding.rule}: {printable(finding.message)}"
            for also in finding.also[:_SHOWN_ALSO]:
                yield f"    {where(report, also)}: {also.rule}: {printable(also.message)}"
            if len(finding.also) > _SHOWN_ALSO:
                yield f"    and {len(finding.also) - _SHOWN_ALSO} more that follow from it"
        for rule, count in shown.items():
            if count > _SHOWN_OF_A_RULE:
                yield f"{printable(report.file)}: {count - _SHOWN_OF_A_RULE} more of {rule}"
        verdict = styled(counted(report.findings), "place") if report.findings else styled("nothing wrong", "ok")
        streams = "" if report.streams < 2 else f" of {report.streams} streams"
        yield f"{printable(report.file)}: {verdict} in {number(report.events, 'event')}{streams}{report.advice}"


def as_json(reports: Sequence[FileReport], rules: Mapping[str, RuleDoc], colored: bool) -> Iterator[str]:
    """Give each finding as a JSON object on a line of its own; `line` is null where it is not known."""
    for report in reports:
        for finding in report.findings:
            yield json.dumps({"file": report.file, **_members(report, finding)})


def github(reports: Sequence[FileReport], rules: Mapping[str, RuleDoc], colored: bool) -> Iterator[str]:
    """Give findings as workflow commands, which GitHub shows beside the lines."""
    for report in reports:
        for finding in report.findings:
            line = report.line(finding)
            properties = {"file": report.file, **({"line": str(line)} if line else {}), "title": finding.rule}
            shown = ",".join(f"{key}={_escaped(value, ':,')}" for key, value in properties.items())
            yield f"::{finding.severity} {shown}::{_escaped(f'event {finding.index}: {finding.message}', '')}"


def sarif(reports: Sequence[FileReport], rules: Mapping[str, RuleDoc], colored: bool) -> Iterator[str]:
    """Give findings as SARIF 2.1.0, which code scanning services read."""
    broken = sorted({finding.rule for report in reports for finding in report.findings})
    described = [
        {
            "id": rule,
            "shortDescription": {"text": rules[rule].statement},
            "fullDescription": {"text": rules[rule].why},
            "help": {"text": rules[rule].fix},
        }
        for rule in broken
    ]
    results = [_result(report, finding, broken) for report in reports for finding in report.findings]
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": {"name": "eventwright", "rules": described}}, "results": results}],
    }
    yield json.dumps(log, indent=2)


def print_lines(lines: Iterable[str]) -> None:
    """Print lines that may hold what the terminal cannot show, as far as somebody reads them."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")
    try:
        for line in lines:
            print(line)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads the output has enough. Python flushes it at the end, which would fail once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


FORMATS: Mapping[str, Show] = {"text": text, "json": as_json, "github": github, "sarif": sarif}


def _place(report: FileReport, finding: Finding) -> str:
    line = report.line(finding)
    return f"{printable(report.file)}{f':{line}' if line else ''}: event {finding.index}"


def where(report: FileReport, finding: Finding) -> str:
    """Say which event a finding is about, and in which line that is."""
    line = report.line(finding)
    return f"{f'line {line}, ' if line else ''}event {finding.index}"


def counted(findings: Sequence[Finding]) -> str:
    """Count findings: `2 errors, 1 warning`."""
    counts = Counter(finding.severity for finding in findings)
    return ", ".join(number(counts[severity], severity) for severity in ("error", "warning") if counts[severity])


def number(count: int, what: str) -> str:
    """Write a number of things: `1 event`, `2 events`."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def _members(report: FileReport, finding: Finding) -> dict[str, Any]:
    return {
        "line": report.line(finding) or None,
        "rule": finding.rule,
        "severity": finding.severity,
        "index": finding.index,
        "path": finding.path,
        "message": finding.message,
        "expected": finding.expected,
        "got": finding.got,
        "also": [_members(report, also) for also in finding.also],
    }


def _result(report: FileReport, finding: Finding, rules: list[str]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": rules.index(finding.rule),
        "level": finding.severity,
        "message": {"text": f"event {finding.index}: {finding.message}"},
        "locations": [_location(report, finding)],
    }
    if finding.also:
        related = [
            {**_location(report, also), "message": {"text": f"{also.rule}: {also.message}"}} for also in finding.also
        ]
        result["relatedLocations"] = related
    return result


def _location(report: FileReport, finding: Finding) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": quote(report.file.replace("\\", "/"), safe="/._-~")}}
    line = report.line(finding)
    if line:
        physical["region"] = {"startLine": line}
    location: dict[str, Any] = {"physicalLocation": physical}
    if finding.path:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.path}]
    return location


def _escaped(said: str, also: str) -> str:
    return "".join(f"%{ord(char):02X}" if char in f"%\r\n{also}" else char for char in said)
