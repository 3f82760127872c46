"""`eventwright generate`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..output import inputs
from .options import (
    FINE,
    FORMAT,
    FOUND,
    NO_COLOR,
    OUT,
    QUIET,
    SPEC,
    TEMPLATES,
    all_templates,
    documented,
    find_spec,
    refuse_output_among_inputs,
    with_options,
)
from .screen import Screen, wants_color

if TYPE_CHECKING:
    from ..pipeline import Result


@click.command()
@with_options(SPEC, OUT, TEMPLATES)
@click.option("--force", is_flag=True, help="Overwrite files that were edited by hand.")
@with_options(FORMAT, QUIET, NO_COLOR)
@documented(
    """
eventwright generate
eventwright generate schema/my_stream --out build/generated
eventwright generate openai_responses --templates my_templates
""",
    "the spec has errors, or the output cannot be written; nothing was changed then",
)
def generate(
    spec: str | None,
    out: Path,
    templates: tuple[Path, ...],
    force: bool,
    form: str,
    quiet: bool,
    no_color: bool,
) -> None:
    """Generate the output of SPEC.

    All or nothing: when anything goes wrong, the output stays as it is. Files that are equal are not touched, files
    that are no longer generated are removed, and files that somebody has edited are not overwritten.
    """
    screen = Screen(form, quiet=quiet, color=wants_color(no_color))
    folder = find_spec(spec)
    refuse_output_among_inputs(out, folder, templates)
    sys.exit(run(folder, out, all_templates(templates), screen, force=force))


def run(folder: Path, out: Path, templates: Sequence[Path], screen: Screen, *, force: bool) -> int:
    """Bring the output up to date and say what was done; returns the exit code."""
    from ..output import staleness, writer

    if not force and writer.is_current(out, inputs.input_hash(folder, templates)):
        screen.note(f"{out.as_posix()} is current")
        return FINE
    result, digest = compiled(folder, templates, screen)
    diagnostics = result.report.diagnostics
    if result.report.has_errors:
        screen.findings(diagnostics)
        return FOUND
    try:
        done = writer.apply(out, result.files, digest, force=force)
    except writer.Edited as error:
        screen.findings(diagnostics, staleness.refusals(out, error.edited, error.foreign))
        screen.in_the_way(f"{out.as_posix()} was not changed", error)
        return FOUND
    except writer.WriteError as error:
        screen.findings(diagnostics, [staleness.unusable(out, str(error))])
        screen.failure(str(error))
        return FOUND
    screen.findings(diagnostics)
    screen.note(f"{out.as_posix()}: {done.counts}" if done.changes else f"{out.as_posix()} is current")
    return FINE


def compiled(folder: Path, templates: Sequence[Path], screen: Screen) -> tuple[Result, str]:
    """Compile, and give the hash of exactly the inputs that were read, even if somebody is editing them meanwhile."""
    with screen.progress(f"compiling {folder.as_posix()}"):
        from ..pipeline import compile_spec

        before = inputs.input_hash(folder, templates)
        while True:
            result = compile_spec(folder, templates)
            after = inputs.input_hash(folder, templates)
            if before == after:
                return result, after
            before = after
