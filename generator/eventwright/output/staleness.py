"""Diagnostics about an output folder that is not what the compiler would write."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.values import Diagnostic, Span
from .writer import Plan

NOT_CURRENT = Rule(
    "E902",
    Severity.ERROR,
    "output that is not current",
    (
        "Whoever reads or imports the output relies on it being what the spec says. `eventwright check` finds each "
        "file that is missing, out of date, no longer generated, or edited by hand. `eventwright generate` puts all of "
        "it right but the edits: those belong into the spec, or into a template of one's own, where the next run "
        "keeps them."
    ),
)


_RUN = "run `eventwright generate`"
_KINDS = {
    "added": "is missing",
    "changed": "is not what the spec, the templates and the compiler give now",
    "removed": "is no longer generated",
}


def diagnostics(folder: Path, planned: Plan) -> list[Diagnostic]:
    """Give a diagnostic for each file that differs, and one for the folder where an earlier run was cut short."""
    found = refusals(folder, planned.edited, planned.foreign)
    theirs = {*planned.edited, *planned.foreign}
    found += [
        _about(folder, change.path, _KINDS[change.kind], _RUN) for change in planned.files if change.path not in theirs
    ]
    if planned.interrupted:
        found.append(unusable(folder, "an earlier run was interrupted while it wrote this folder", _RUN))
    return sorted(found, key=lambda diagnostic: diagnostic.sort_key)


def refusals(folder: Path, edited: Iterable[PurePosixPath], foreign: Iterable[PurePosixPath]) -> list[Diagnostic]:
    """Give a diagnostic for each file that a run would not overwrite, since somebody else has written it."""
    move_edits = "move the edits into the spec or a template, or lose them with `eventwright generate --force`"
    move_file = "move it away, or lose it with `eventwright generate --force`"
    not_ours = "stands where a generated file belongs, and was not generated"
    return [
        *(_about(folder, path, "was edited by hand", move_edits) for path in edited),
        *(_about(folder, path, not_ours, move_file) for path in foreign),
    ]


def unusable(folder: Path, problem: str, hint: str = "") -> Diagnostic:
    """Give a diagnostic for the folder as a whole."""
    return Diagnostic(NOT_CURRENT, Span(folder.as_posix()), problem, hint)


def _about(folder: Path, path: PurePosixPath, said: str, hint: str) -> Diagnostic:
    return Diagnostic(NOT_CURRENT, Span((folder / path).as_posix()), f"'{path}' {said}", hint)
