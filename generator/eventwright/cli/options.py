"""What several commands take: arguments, options, and how their help is laid out."""

from __future__ import annotations

import errno
import inspect
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from ..output import resources
from ..project import DEFAULT_OUT, PROJECT_FILE, SPECS, Build, ProjectError, build_of, read_project
from ..syntax.files import included_folders, spec_folders
from ..targets import target_names
from .screen import Screen, wants_color

F = TypeVar("F", bound=Callable[..., Any])

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
        except ProjectError as error:
            Screen("text", quiet=True, color=wants_color(False)).diagnostics(error.diagnostics)
            sys.exit(FOUND)
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
SPEC_OPTION = click.option("--spec", metavar="SPEC", help="The spec: its folder, or the name of one that ships.")


class OutFolder(click.Path):
    """A folder that has a name: an empty one, from a variable that is not set, would be the working folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Give the folder that an option names."""
        if value == "":
            self.fail("it is empty; name a folder, '.' for the working folder", param, ctx)
        return super().convert(value, param, ctx)


OUT = click.option(
    "--out",
    type=OutFolder(file_okay=False, path_type=Path),
    help=f"Folder of the output, in place of that in {PROJECT_FILE}.  [default: {DEFAULT_OUT}]",
)
TARGETS = click.option(
    "--target",
    "targets",
    type=click.Choice(target_names()),
    multiple=True,
    help=f"What to make, in place of what {PROJECT_FILE} says; may be repeated.  [default: all]",
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
    help="How diagnostics are shown.",
)
STRICT = click.option("--strict", is_flag=True, help="Let warnings fail, too.")
QUIET = click.option("--quiet", "-q", is_flag=True, help="Show nothing but errors.")
NO_COLOR = click.option("--no-color", is_flag=True, help="No colour; the variable NO_COLOR does the same.")


def chosen_builds(
    spec: str | None, out: Path | None = None, templates: Sequence[Path] = (), targets: Sequence[str] = ()
) -> list[Build]:
    """Find out what is to be made.

    Args:
        spec: The argument; None means all specs of the project.
        out: Where all output goes, None where the project says it.
        templates: Folders of templates, in place of those of the project.
        targets: The targets, all of those of the project if there are none.

    Raises:
        click.UsageError: There is no such spec, or the output would be read as input by the next run.
        ProjectError: The project file cannot be used.
    """
    found = [
        Build(
            build.spec,
            {name: out or to for name, to in build.outs.items() if name in (targets or build.outs)},
            tuple(templates) or build.templates,
        )
        for build in _named_builds(spec)
    ]
    for name in targets:
        if not any(name in build.outs for build in found):
            raise click.UsageError(f"{PROJECT_FILE} has no '{name}' among the targets; add it there")
    inputs = [("spec", folder) for build in found for folder in (build.spec, *included_folders(build.spec))]
    inputs += [("templates", folder) for build in found for folder in build.templates]
    for folder in sorted({to for build in found for to in build.outs.values()}):
        _refuse_output_among_inputs(folder, dict.fromkeys(inputs))
    return found


def one_spec(spec: str | None) -> Path:
    """Find the one spec that an argument names, or the only one that there is.

    Raises:
        click.UsageError: There is none, or more than one.
        ProjectError: The project file cannot be used.
    """
    found = [build.spec for build in _named_builds(spec)]
    if len(found) > 1:
        raise click.UsageError(f"several specs; pass `--spec` with one of: {_listed(found)}")
    return found[0]


def has_project() -> bool:
    """Whether a project file says which specs there are."""
    return PROJECT_FILE.is_file()


def is_whole_project(spec: str | None, out: Path | None, targets: Sequence[str]) -> bool:
    """Whether a command is about all that the project makes, so that what else there is was made earlier."""
    return has_project() and not (spec or out or targets)


def all_templates(own: Sequence[Path]) -> list[Path]:
    """Give the folders of templates with the one that ships behind them."""
    return [*own, resources.templates()]


def _named_builds(spec: str | None) -> list[Build]:
    targets = target_names()
    project = read_project(PROJECT_FILE, targets) if has_project() else []
    if spec is None:
        return project or [build_of(folder, targets) for folder in _all_specs()]
    folder = _folder_of(spec, project)
    # What the project says of a spec goes for it however it is named.
    return [build for build in project if build.spec.resolve() == folder.resolve()] or [build_of(folder, targets)]


def _all_specs() -> list[Path]:
    found = spec_folders(SPECS)
    if not found:
        shipped_names = ", ".join(resources.shipped_specs())
        also = f", or the name of one that ships: {shipped_names}" if shipped_names else ""
        raise click.UsageError(f"no spec in '{SPECS}' and no {PROJECT_FILE}; pass the folder of a spec{also}")
    return found


def _folder_of(spec: str, project: Sequence[Build]) -> Path:
    path = Path(spec)
    if path.is_dir():
        if not os.access(path, os.R_OK | os.X_OK):
            raise click.UsageError(f"'{spec}' cannot be read; change its rights")
        return path
    named = {"/".join(build.spec.parts[-2:]): build.spec for build in project}
    named |= {build.spec.name: build.spec for build in project}
    named = {**resources.shipped_specs(), **named}
    if spec in named:
        return named[spec]
    from ..diagnostics.suggest import did_you_mean

    hint = did_you_mean(spec, named) or f"specs with a name: {', '.join(named) or 'none'}"
    what = "is a file; give its folder" if path.is_file() else f"is no folder and no name of a spec; {hint}"
    raise click.UsageError(f"'{spec}' {what}")


def _listed(folders: Iterable[Path]) -> str:
    return ", ".join(folder.as_posix() for folder in folders)


def _refuse_output_among_inputs(out: Path, inputs: Iterable[tuple[str, Path]]) -> None:
    """The next run would read the output of this one as a part of the spec, or see changed templates each time."""
    for what, folder in inputs:
        if out.resolve().is_relative_to(folder.resolve()):
            where = f"is in the {what} '{folder.as_posix()}'" if out.resolve() != folder.resolve() else f"is the {what}"
            raise click.UsageError(f"the output folder '{out.as_posix()}' {where}; choose an --out beside it")
