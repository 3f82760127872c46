"""`eventwright init`."""

from __future__ import annotations

from pathlib import Path

import click

from .options import documented

_NEXT = """\
next:
{change}  eventwright generate                   writes the package, its documentation and its JSON Schema
  eventwright new event order.returned   adds an event to the spec
  eventwright schema                     says where the schema is with which an editor completes specs"""


@click.command(short_help="Start a project, with a small spec.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path())
@documented(
    """
eventwright init
eventwright init my_project
""",
    "the files cannot be written",
)
def init(folder: Path) -> None:
    """Start a project in FOLDER, the working folder if none is given: a project file and a small spec.

    Nothing that is there is overwritten.
    """
    from ..authoring.start import Taken, start

    try:
        written = start(folder)
    except Taken as error:
        raise click.UsageError(f"{error}; give another FOLDER, or move it away") from error
    for path in written:
        click.echo(f"added {path.as_posix()}")
    click.echo(_NEXT.format(change="" if folder == Path() else f"  cd {folder.as_posix()}\n"))
