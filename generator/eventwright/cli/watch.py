"""`eventwright watch`."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from pathlib import Path

import click

from ..output import inputs
from .generate import run
from .options import (
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


@click.command(short_help="Generate on every change.")
@with_options(SPEC, OUT, TEMPLATES)
@click.option(
    "--interval", type=click.FloatRange(0.05), default=0.3, show_default=True, help="Seconds between two looks."
)
@with_options(QUIET, NO_COLOR)
@documented(
    """
eventwright watch
eventwright watch schema/my_stream --templates my_templates
""",
    "never; Ctrl-C ends it",
)
def watch(
    spec: str | None, out: Path, templates: tuple[Path, ...], interval: float, quiet: bool, no_color: bool
) -> None:
    """Generate whenever SPEC or a template changes; report errors and go on."""
    folder, all_of_them = find_spec(spec), all_templates(templates)
    refuse_output_among_inputs(out, folder, templates)
    screen = Screen("text", quiet=quiet, color=wants_color(no_color))
    screen.note(f"watching {folder.as_posix()}; Ctrl-C ends it")
    last: object = None
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            state = _state(folder, all_of_them)
            if state != last:
                last = state
                try:
                    run(folder, out, all_of_them, screen, force=False)
                except Exception as error:
                    # A mistake of the compiler's own must not end the watch either.
                    screen.failure(f"the compiler failed: {type(error).__name__}: {error}")
            time.sleep(interval)


def _state(folder: Path, templates: Sequence[Path]) -> object:
    """Give something that differs when any input has changed."""
    found = []
    for path in inputs.input_files(folder, templates):
        with contextlib.suppress(OSError):
            status = path.stat()
            found.append((path, status.st_mtime_ns, status.st_size))
    return found
