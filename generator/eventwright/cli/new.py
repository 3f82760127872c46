"""`eventwright new`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from .options import FOUND, SPEC_OPTION, Group, documented, one_spec
from .screen import Screen, wants_color


@click.group(cls=Group)
def new() -> None:
    """Add something to a spec."""


@new.command("event", short_help="Add an event beside its siblings.")
@click.argument("tag")
@click.option("--file", type=click.Path(dir_okay=False, path_type=Path), help="File that the event goes into.")
@SPEC_OPTION
@documented(
    """
eventwright new event response.output_text.paused
eventwright new event response.video.delta --file schema/openai_responses/events/video.yaml
""",
    "the spec has errors, or the event cannot be added; nothing was changed then",
)
def new_event(tag: str, file: Path | None, spec: str | None) -> None:
    """Add the event TAG to the file of its siblings, with everything but words.

    The rest of the file stays as it is, comments included.
    """
    from ..authoring.new_event import NoPlace, addition
    from ..pipeline import read_spec

    folder = one_spec(spec)
    if not tag.strip():
        raise click.UsageError("the TAG is empty; write it as it is on the wire")
    resolved, report = read_spec(folder)
    screen = Screen("text", quiet=True, color=wants_color(False))
    if resolved is None:
        screen.diagnostics(report.diagnostics)
        sys.exit(FOUND)
    if any(event.tag == tag for event in resolved.events):
        raise click.UsageError(f"the event '{tag}' is there already; `eventwright list uses {tag}` says more")
    try:
        added = addition(folder, resolved, tag, file)
    except NoPlace as error:
        raise click.UsageError(str(error)) from error
    added.write()
    _, report = read_spec(folder)
    if report.has_errors:
        # Shown before the file goes back, while the lines that it points at are there.
        screen.diagnostics(report.diagnostics)
        added.undo()
        screen.failure(f"'{tag}' was not added")
        sys.exit(FOUND)
    lint = "eventwright lint" if spec is None else f"eventwright lint {spec}"
    click.echo(f"added '{tag}' to {added.path.as_posix()}; write its description and its fields, then `{lint}`")
