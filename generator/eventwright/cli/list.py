"""`eventwright list`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..output import inputs, resources
from ..project import Build
from .options import FOUND, SPEC_OPTION, chosen_builds, documented
from .screen import Screen, print_table, wants_color

if TYPE_CHECKING:
    from ..authoring import inventory


@click.command("list", short_help="List specs, events, types, who uses what, or templates.")
@click.argument("what", type=click.Choice(["specs", "events", "types", "uses", "templates"]), default="events")
@click.argument("name", required=False)
@SPEC_OPTION
@documented(
    """
eventwright list
eventwright list types --spec schema/my_stream
eventwright list uses OutputItem
eventwright list templates
""",
    "a spec has errors",
)
def list_(what: str, name: str | None, spec: str | None) -> None:
    """List specs with what is made of them, their events or types, who uses the type NAME and what it uses, or the
    templates that can be overridden.
    """
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
    builds = chosen_builds(spec)
    if what == "specs":
        print_table([(build.spec.as_posix(), *row) for build in builds for row in _where_it_goes(build)])
        return
    from ..authoring import inventory
    from ..pipeline import read_spec

    read = {build.spec.as_posix(): read_spec(build.spec) for build in builds}
    specs = {folder: resolved for folder, (resolved, _) in read.items() if resolved is not None}
    if len(specs) < len(read):
        diagnostics = [diagnostic for _, report in read.values() for diagnostic in report.diagnostics]
        Screen("text", quiet=True, color=wants_color(False)).diagnostics(diagnostics)
        sys.exit(FOUND)
    if name is None:
        for folder, resolved in specs.items():
            if len(specs) > 1:
                click.echo(f"{folder}:")
            print_table(inventory.events(resolved) if what == "events" else inventory.types(resolved))
        return
    try:
        _print_uses(inventory.uses(specs, name))
    except inventory.UnknownName as error:
        hint = error.hint or "`eventwright list types` lists all"
        raise click.UsageError(f"no type or event '{name}'; {hint}") from error


def _where_it_goes(build: Build) -> Iterator[tuple[str, str]]:
    for out, targets in build.by_out().items():
        yield ", ".join(targets), out.as_posix()


def _print_uses(found: Mapping[str, inventory.Uses]) -> None:
    for folder, uses in found.items():
        where = f" in {folder}" if len(found) > 1 else ""
        click.echo(f"{uses.name} is used by{where}:")
        click.echo("".join(f"  {place}\n" for place in uses.users) or "  nothing\n", nl=False)
        click.echo(f"{uses.name} uses:")
        click.echo("".join(f"  {inner}  ({place})\n" for inner, place in uses.used) or "  nothing\n", nl=False)
