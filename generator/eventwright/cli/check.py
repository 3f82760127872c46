"""`eventwright check`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..project import Build
from .generate import show
from .options import (
    FORMAT,
    NO_COLOR,
    OUT,
    QUIET,
    SPEC,
    STRICT,
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


@click.command(short_help="Tell whether specs are clean and their output current.")
@with_options(SPEC, OUT, TARGETS, TEMPLATES, STRICT, FORMAT, QUIET, NO_COLOR)
@documented(
    """
eventwright check
eventwright check --strict --format github
""",
    "a spec has errors (with --strict: or warnings), or its output is not current",
)
def check(
    spec: str | None,
    out: Path | None,
    targets: tuple[str, ...],
    templates: tuple[Path, ...],
    strict: bool,
    form: str,
    quiet: bool,
    no_color: bool,
) -> None:
    """Tell whether SPEC, or each spec of the project, is clean and its output current; write nothing.

    Shows what `generate` would change as a unified diff, or, with another --format, as a diagnostic for each file. The
    paths of the diff begin in the working folder, or in the folder of the output where that lies elsewhere: `patch -p1`
    makes the changes there.
    """
    screen = Screen(form, quiet=quiet, color=wants_color(no_color))
    builds = chosen_builds(spec, out, templates, targets)
    outputs = Outputs()
    done = [_check(build, outputs, screen, strict=strict) for build in builds]
    if is_whole_project(spec, out, targets):
        done += with_orphans(outputs, _compare)
    sys.exit(show(done, screen, single=len(builds) == 1))


def _check(build: Build, outputs: Outputs, screen: Screen, *, strict: bool) -> Done:
    done = Done(build.spec.as_posix())
    compile_into(build, all_templates(build.templates), outputs, screen, done, _compare)
    done.failed |= strict and bool(done.diagnostics)
    return done


def _compare(out: Path, products: Sequence[Product], digest: str, done: Done) -> None:
    from ..output import diffs, staleness, writer
    from ..output.errors import WriteError

    shown = out.as_posix()
    try:
        planned = writer.plan(out, products, digest)
    except WriteError as error:
        done.output.append(staleness.unusable(out, str(error)))
        done.fail(str(error))
        return
    done.output.extend(staleness.diagnostics(out, planned))
    if planned.is_current:
        done.notes.append(f"{shown} is current")
        return
    done.diff += diffs.unified_diff(planned.files, _seen_from_here(out))
    if planned.interrupted:
        done.fail(f"an earlier run was interrupted while it wrote {shown}; `eventwright generate` puts it right")
    elif planned.edited or planned.foreign:
        done.fail(*in_the_way(f"{shown} is not current", writer.Edited(planned)))
    else:
        done.fail(f"{shown} is not current ({planned.counts}); run `eventwright generate`")


def _seen_from_here(out: Path) -> str:
    """Give the path of the output folder from the working folder; empty where it is not below, as `patch` wants it."""
    here, there = Path.cwd(), Path(os.path.abspath(out))
    return there.relative_to(here).as_posix() if there.is_relative_to(here) else ""
