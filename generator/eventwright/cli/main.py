"""The command line: the commands in the order in which one meets them.

A run with nothing to do should take no longer than Python itself, so the modules of the commands import what is heavy
where they use it.
"""

from __future__ import annotations

import gc
import sys
from io import TextIOWrapper
from typing import Any

import click

from .. import __version__
from .check import check
from .docs import docs
from .explain import explain
from .generate import generate
from .init import init
from .lint import lint
from .list import list_
from .new import new
from .options import Group
from .schema import schema
from .watch import watch


class _Program(Group):
    """The program as a whole."""

    def main(self, *arguments: Any, **options: Any) -> Any:
        """Run a command; a character that the code page of the output lacks is shown as an escape."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        return super().main(*arguments, **options)


@click.group(cls=_Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="eventwright %(version)s", help="Show the version.")
def main() -> None:
    """Compile the YAML spec of an event stream into a Python package, JSON Schema and docs.

    SPEC is the folder of a spec, or the name of one that ships. Without it a command is about all specs of the project:
    those that `eventwright.toml` in the working folder names, or, where there is no such file, the folders in `schema/`
    that hold YAML.

    \b
    Examples:
      eventwright generate
      eventwright check --strict
      eventwright explain E301
    """
    # Most of what a compilation makes lives until its end; to look through it as often as by default takes a seventh of
    # the time.
    gc.set_threshold(100_000, 50, 1_000)


for command in (init, generate, check, lint, explain, list_, new, watch, docs, schema):
    main.add_command(command)
