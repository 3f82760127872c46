"""What several commands take: arguments, options, and how their help is laid out."""

from __future__ import annotations

import errno
import inspect
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from ..output import resources
from ..project import specs_below

F = TypeVar("F", bound=Callable[..., Any])

DEFAULT_SPEC = Path("schema/openai_responses")
DEFAULT_OUT = Path("generated")

FINE, FOUND = 0, 1

_EXIT_CODES = """
\b
Exit codes:
  0  fine
  1  {one}
  2  wrong usage
"""


class Group(click.Group):
    """Lists commands in the order in which one meets them, not by name, and shows what the system refuses in a line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the names in the order in which the commands were added."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except OSError as error:
            # That nobody reads the output any more is for `click` to deal with.
            if error.errno == errno.EPIPE:
                raise
            where = f"'{error.filename}': " if error.filename is not None else ""
            raise click.ClickException(f"{where}{error.strerror or error}") from error


def documented(examples: str, one: str) -> Callable[[F], F]:
    """Add examples and exit codes to the help of a command."""

    def decorate(function: F) -> F:
        shown = "\n".join(f"  {line}" for line in examples.strip().splitlines())
        text = inspect.cleandoc(function.__doc__ or "")
        function.__doc__ = f"{text}\n\n\b\nExamples:\n{shown}\n{_EXIT_CODES.format(one=one)}"
        return function

    return decorate


def with_options(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Add several options to a command, in that order."""

    def decorate(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


SPEC = click.argument("spec", required=False)
SPEC_OPTION = click.option("--spec", metavar="SPEC", help="Folder of the spec, or the name of one that ships.")
OUT = click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=DEFAULT_OUT,
    show_default=True,
    help="Folder of the output.",
)
TEMPLATES = click.option(
    "--templates",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    multiple=True,
    help="Folder of templates that go before those of the same names that ship (see `eventwright list templates`);"
    " may be repeated, the first wins.",
)
FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    show_default=True,
    help="How findings are shown.",
)
STRICT = click.option("--strict", is_flag=True, help="Let warnings fail, too.")
QUIET = click.option("--quiet", "-q", is_flag=True, help="Show nothing but errors.")
NO_COLOR = click.option("--no-color", is_flag=True, help="No colour; the variable NO_COLOR does the same.")


def find_spec(given: str | None) -> Path:
    """Find the folder that an argument names; that of the project where there is none."""
    if given is not None:
        if Path(given).is_dir():
            if not os.access(given, os.R_OK | os.X_OK):
                raise click.UsageError(f"'{given}' cannot be read; mend its rights")
            return Path(given)
        shipped = resources.shipped_specs()
        if given in shipped:
            return shipped[given]
        from ..diagnostics.suggest import did_you_mean

        hint = did_you_mean(given, shipped) or f"specs that ship: {', '.join(shipped) or 'none'}"
        what = "is a file; give its folder" if Path(given).is_file() else f"is no folder and no spec that ships; {hint}"
        raise click.UsageError(f"'{given}' {what}")
    if DEFAULT_SPEC.is_dir():
        return DEFAULT_SPEC
    top = DEFAULT_SPEC.parent
    found = specs_below(top)
    if len(found) == 1:
        return found[0]
    if found:
        raise click.UsageError(f"several specs in '{top}'; pass one of: {', '.join(path.as_posix() for path in found)}")
    shipped_names = ", ".join(resources.shipped_specs())
    also = f", or the name of one that ships: {shipped_names}" if shipped_names else ""
    raise click.UsageError(f"no spec in '{top}'; pass the folder of one{also}")


def refuse_output_among_inputs(out: Path, spec: Path, templates: Sequence[Path]) -> None:
    """The next run would read the output of this one as a part of the spec, or see changed templates each time."""
    for what, folder in (("spec", spec), *(("templates", folder) for folder in templates)):
        if out.resolve().is_relative_to(folder.resolve()):
            where = f"is in the {what} '{folder.as_posix()}'" if out.resolve() != folder.resolve() else f"is the {what}"
            raise click.UsageError(f"the output folder '{out.as_posix()}' {where}; choose an --out beside it")


def all_templates(own: Sequence[Path]) -> list[Path]:
    """Give the folders of templates with the one that ships behind them."""
    return [*own, resources.templates()]
