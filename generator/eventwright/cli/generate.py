"""`eventwright generate`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..output import inputs
from ..project import Build
from .options import (
    FINE,
    FORMAT,
    FOUND,
    NO_COLOR,
    OUT,
    QUIET,
    SPEC,
    TARGETS,
    TEMPLATES,
    all_templates,
    chosen_builds,
    documented,
    is_whole_project,
    with_options,
)
from .outputs import Done, Outputs, compile_into, in_the_way, with_orphans
from .screen import Screen, wants_color

if TYPE_CHECKING:
    from ..output.manifests import Product


@click.command(short_help="Generate the output of all specs, or of one.")
@with_options(SPEC, OUT, TARGETS, TEMPLATES)
@click.option("--force", is_flag=True, help="Overwrite files that were edited by hand.")
@with_options(FORMAT, QUIET, NO_COLOR)
@documented(
    """
eventwright generate
eventwright generate schema/my_stream --out build/generated --target python
eventwright generate openai_responses --templates my_templates
""",
    "a spec has errors, or its output cannot be written; its output is as it was then",
)
def generate(
    spec: str | None,
    out: Path | None,
    targets: tuple[str, ...],
    templates: tuple[Path, ...],
    force: bool,
    form: str,
    quiet: bool,
    no_color: bool,
) -> None:
    """Generate the output of SPEC, or of all specs of the project.

    All or nothing for each spec: when anything goes wrong, its output stays as it is. Files that are equal are not
    touched, files that are no longer generated are removed, and files that somebody has edited are not overwritten.
    What was made of another spec or for another target stays, as long as the project has it.
    """
    screen = Screen(form, quiet=quiet, color=wants_color(no_color))
    builds = chosen_builds(spec, out, templates, targets)
    sys.exit(run(builds, screen, force=force, prune=is_whole_project(spec, out, targets)))


def run(builds: Sequence[Build], screen: Screen, *, force: bool = False, prune: bool = False) -> int:
    """Bring the output of specs up to date and say what was done.

    Args:
        builds: The specs, and what is made of them.
        screen: Where it is said.
        force: Overwrite what was edited by hand.
        prune: Remove what is made of no spec of these: they are all that there are.

    Returns:
        The exit code.
    """
    outputs = Outputs()
    done = [_generate(build, outputs, screen, force=force) for build in builds]
    if prune:
        done += with_orphans(outputs, partial(_write, force=force))
    return show(done, screen, single=len(builds) == 1)


def show(done: Iterable[Done], screen: Screen, *, single: bool) -> int:
    """Show what came of each spec, and give the exit code."""
    done = list(done)
    screen.diagnostics(
        [each for one in done for each in one.diagnostics], [each for one in done for each in one.output]
    )
    for one in done:
        before = "" if single or not one.about else f"{one.about}: "
        screen.diff(one.diff)
        for text in one.failures:
            screen.failure(f"{before}{text}")
        for text in one.notes:
            screen.note(f"{before}{text}")
    return FOUND if any(one.failed for one in done) else FINE


def _generate(build: Build, outputs: Outputs, screen: Screen, *, force: bool) -> Done:
    from ..output import writer

    done = Done(build.spec.as_posix())
    templates = all_templates(build.templates)
    digest = inputs.input_hash(build.spec, templates)
    if not force:
        made = {out: writer.current(out, targets, digest) for out, targets in build.by_out().items()}
        if all(made.values()):
            for out, products in made.items():
                outputs.add(build, out, products or (), done)
                done.notes.append(f"{out.as_posix()} is current")
            return done
    compile_into(build, templates, outputs, screen, done, partial(_write, force=force))
    return done


def _write(out: Path, products: Sequence[Product], digest: str, done: Done, *, force: bool) -> None:
    from ..output import staleness, writer
    from ..output.errors import WriteError

    try:
        written = writer.apply(out, products, digest, force=force)
    except writer.Edited as error:
        done.output.extend(staleness.refusals(out, error.edited, error.foreign))
        done.fail(*in_the_way(f"{out.as_posix()} was not changed", error))
        return
    except WriteError as error:
        done.output.append(staleness.unusable(out, str(error)))
        done.fail(str(error))
        return
    done.notes.append(f"{out.as_posix()}: {written.counts}" if written.files else f"{out.as_posix()} is current")
    if written.unsure:
        count, where = len(written.unsure), (out / writer.KEPT).as_posix()
        done.notes.append(f"what stood in {count} of these files may have been edited by hand; it is kept in {where}")
