"""`eventwright check`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from .generate import compiled
from .options import (
    FINE,
    FORMAT,
    FOUND,
    NO_COLOR,
    OUT,
    QUIET,
    SPEC,
    STRICT,
    TEMPLATES,
    all_templates,
    documented,
    find_spec,
    refuse_output_among_inputs,
    with_options,
)
from .screen import Screen, wants_color


@click.command(short_help="Tell whether the spec is clean and its output current.")
@with_options(SPEC, OUT, TEMPLATES, STRICT, FORMAT, QUIET, NO_COLOR)
@documented(
    """
eventwright check
eventwright check --strict --format github
""",
    "the spec has errors (with --strict: or warnings), or the output is not current",
)
def check(
    spec: str | None,
    out: Path,
    templates: tuple[Path, ...],
    strict: bool,
    form: str,
    quiet: bool,
    no_color: bool,
) -> None:
    """Tell whether SPEC is clean and its output current; write nothing.

    Shows what `generate` would change as a unified diff, or, with another --format, as a finding for each file. The
    paths of the diff begin in the working folder, or in the folder of the output where that lies elsewhere: `patch -p1`
    makes the changes there.
    """
    from ..output import staleness, writer

    screen = Screen(form, quiet=quiet, color=wants_color(no_color))
    folder = find_spec(spec)
    refuse_output_among_inputs(out, folder, templates)
    result, digest = compiled(folder, all_templates(templates), screen)
    diagnostics = result.report.diagnostics
    if result.report.has_errors:
        screen.findings(diagnostics)
        sys.exit(FOUND)
    try:
        planned = writer.plan(out, result.files, digest)
    except writer.WriteError as error:
        screen.findings(diagnostics, [staleness.unusable(out, str(error))])
        screen.failure(str(error))
        sys.exit(FOUND)
    screen.findings(diagnostics, staleness.findings(out, planned))
    if planned.is_current:
        screen.note(f"{out.as_posix()} is current")
        sys.exit(FOUND if strict and diagnostics else FINE)
    screen.diff(writer.unified_diff(planned.files, _seen_from_here(out)))
    if planned.interrupted:
        screen.failure(
            f"an earlier run was interrupted while it wrote {out.as_posix()}; `eventwright generate` mends it"
        )
    elif planned.edited or planned.foreign:
        screen.in_the_way(f"{out.as_posix()} is not current", writer.Edited(planned))
    else:
        screen.failure(f"{out.as_posix()} is not current ({planned.counts}); run `eventwright generate`")
    sys.exit(FOUND)


def _seen_from_here(out: Path) -> str:
    """Give the path of the output folder from the working folder; empty where it is not below, as `patch` wants it."""
    here, there = Path.cwd(), Path(os.path.abspath(out))
    return there.relative_to(here).as_posix() if there.is_relative_to(here) else ""
