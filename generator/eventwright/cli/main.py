"""The command line: the commands in the order in which one meets them.

A run with nothing to do should take no longer than Python itself, so the modules of the commands import what is heavy
where they use it.
"""

from __future__ import annotations

import click

from .check import check
from .explain import explain
from .generate import generate
from .lint import lint
from .list import list_
from .new import new
from .options import Group
from .watch import watch


def _print_version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from importlib import metadata

    try:
        click.echo(f"eventwright {metadata.version('eventwright')}")
    except metadata.PackageNotFoundError:
        click.echo("eventwright, from a source checkout")
    ctx.exit()


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Show the version."
)
def main() -> None:
    """Compile the YAML spec of an event stream into a Python package, JSON Schema and docs.

    SPEC is a folder of YAML files. Without it, `schema/openai_responses` below the working folder is taken, or else the
    only folder in `schema/` that holds YAML. The name of a spec that ships, such as `openai_responses`, works
    everywhere.

    \b
    Examples:
      eventwright generate
      eventwright check --strict
      eventwright explain E301
    """


for command in (generate, check, lint, explain, list_, new, watch):
    main.add_command(command)
