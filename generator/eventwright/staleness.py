"""Findings about an output folder that is not what the compiler would write."""

from __future__ import annotations

from pathlib import Path

from .diagnostics import Diagnostic, Severity, Span
from .writer import Change, Plan

CODE = "E902"

_RUN = "run `eventwright generate`"
_KINDS = {
    "added": "is missing",
    "changed": "is not what the spec, the templates and the compiler give now",
    "removed": "is no longer generated",
}


def findings(folder: Path, planned: Plan) -> list[Diagnostic]:
    """Give a finding for each file that differs, and one for the folder where an earlier run was cut short."""
    found = [_finding(folder, change, planned) for change in planned.files]
    if planned.interrupted:
        found.append(unusable(folder, "an earlier run was interrupted while it wrote this folder", _RUN))
    return sorted(found, key=lambda diagnostic: diagnostic.sort_key)


def unusable(folder: Path, problem: str, hint: str = "") -> Diagnostic:
    """Give a finding for the folder as a whole."""
    return Diagnostic(CODE, Severity.ERROR, Span(folder.as_posix()), problem, hint)


def _finding(folder: Path, change: Change, planned: Plan) -> Diagnostic:
    said, hint = _KINDS[change.kind], _RUN
    if change.path in planned.edited:
        said = "was edited by hand"
        hint = "move the edits into the spec or a template, or lose them with `eventwright generate --force`"
    elif change.path in planned.foreign:
        said = "stands where a generated file belongs, and was not generated"
        hint = "move it away, or lose it with `eventwright generate --force`"
    place = Span((folder / change.path).as_posix())
    return Diagnostic(CODE, Severity.ERROR, place, f"'{change.path}' {said}", hint)
