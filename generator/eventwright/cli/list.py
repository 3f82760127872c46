"""`eventwright list`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..output import inputs, resources
from .options import FOUND, SPEC_OPTION, documented, find_spec
from .screen import Screen, print_table, wants_color

if TYPE_CHECKING:
    from ..authoring import inventory


@click.command("list", short_help="List events, types, who uses what, or templates.")
@click.argument("what", type=click.Choice(["events", "types", "uses", "templates"]), default="events")
@click.argument("name", required=False)
@SPEC_OPTION
@documented(
    """
eventwright list
eventwright list types --spec schema/my_stream
eventwright list uses OutputItem
eventwright list templates
""",
    "the spec has errors",
)
def list_(what: str, name: str | None, spec: str | None) -> None:
    """List events or types, or who uses the type NAME and what it uses, or the templates that can be overridden."""
    if what == "uses" and name is None:
        raise click.UsageError("'uses' needs the NAME of a type or event; `eventwright list types` lists them")
    if what != "uses" and name is not None:
        meant = f"{what} --spec" if Path(name).is_dir() or name in resources.shipped_specs() else "uses"
        raise click.UsageError(f"'{what}' takes no NAME; did you mean `eventwright list {meant} {name}`?")
    if what == "templates":
        shipped = resources.templates()
        print_table(
            [(path.relative_to(shipped).as_posix(), path.as_posix()) for path in inputs.template_files(shipped)]
        )
        return
    from ..authoring import inventory
    from ..pipeline import read_spec

    resolved, report = read_spec(find_spec(spec))
    if resolved is None:
        Screen("text", quiet=True, color=wants_color(False)).findings(report.diagnostics)
        sys.exit(FOUND)
    if name is None:
        print_table(inventory.events(resolved) if what == "events" else inventory.types(resolved))
        return
    try:
        _print_uses(inventory.uses(resolved, name))
    except inventory.UnknownName as error:
        hint = error.hint or "`eventwright list types` lists all"
        raise click.UsageError(f"no type or event '{name}'; {hint}") from error


def _print_uses(found: inventory.Uses) -> None:
    click.echo(f"{found.name} is used by:")
    click.echo("".join(f"  {place}\n" for place in found.users) or "  nothing\n", nl=False)
    click.echo(f"{found.name} uses:")
    click.echo("".join(f"  {inner}  ({place})\n" for inner, place in found.used) or "  nothing\n", nl=False)
