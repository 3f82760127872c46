"""`eventwright schema`."""

from __future__ import annotations

import click

from ..output import resources
from .options import documented


@click.command(short_help="Say where the JSON Schema of specs is, for editors.")
@click.option("--print", "print_", is_flag=True, help="Show the schema itself.")
@documented(
    """
eventwright schema
eventwright schema --print > spec.schema.json
""",
    "never",
)
def schema(print_: bool) -> None:
    """Show the path of the JSON Schema with which an editor completes and checks specs.

    A comment at the top of a file names it to most editors: `# yaml-language-server: $schema=PATH`.
    """
    path = resources.editor_schema()
    click.echo(path.read_text(encoding="utf-8") if print_ else str(path), nl=not print_)
