"""`eventwright watch`."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import click

from ..output import inputs
from ..project import PROJECT_FILE, Build, ProjectError
from .generate import run
from .options import (
    NO_COLOR,
    OUT,
    QUIET,
    SPEC,
    TARGETS,
    TEMPLATES,
    all_templates,
    chosen_builds,
    documented,
    with_options,
)
from .screen import Screen, wants_color


@click.command(short_help="Generate on every change.")
@with_options(SPEC, OUT, TARGETS, TEMPLATES)
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
    spec: str | None,
    out: Path | None,
    targets: tuple[str, ...],
    templates: tuple[Path, ...],
    interval: float,
    quiet: bool,
    no_color: bool,
) -> None:
    """Generate whenever SPEC, or any spec of the project, or a template changes; report errors and go on."""
    screen = Screen("text", quiet=quiet, color=wants_color(no_color))
    builds = chosen_builds(spec, out, templates, targets)
    screen.note(f"watching {', '.join(build.spec.as_posix() for build in builds)}; Ctrl-C ends it")
    last: dict[Path, object] = {}
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            with _reported(screen, last):
                builds = chosen_builds(spec, out, templates, targets)
            states = {build.spec: (build, _state(build)) for build in builds}
            changed = [build for build in builds if states[build.spec] != last.get(build.spec)]
            if changed:
                last.update(states)
                try:
                    run(changed, screen)
                except Exception as error:
                    # A mistake of the compiler's own must not end the watch either.
                    screen.failure(f"the compiler failed: {type(error).__name__}: {error}")
            time.sleep(interval)


@contextlib.contextmanager
def _reported(screen: Screen, last: dict[Path, object]) -> Iterator[None]:
    """Show once what is wrong with the project file, and go on with what it said before."""
    try:
        yield
        last.pop(PROJECT_FILE, None)
    except ProjectError as error:
        if last.get(PROJECT_FILE) != error.diagnostics:
            last[PROJECT_FILE] = error.diagnostics
            screen.diagnostics(error.diagnostics)
    except click.UsageError as error:
        if last.get(PROJECT_FILE) != error.message:
            last[PROJECT_FILE] = error.message
            screen.failure(error.message)


def _state(build: Build) -> object:
    """Give something that differs when any input has changed."""
    found = []
    for path in inputs.input_files(build.spec, all_templates(build.templates)):
        with contextlib.suppress(OSError):
            status = path.stat()
            found.append((path, status.st_mtime_ns, status.st_size))
    return found
