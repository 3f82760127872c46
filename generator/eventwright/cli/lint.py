"""`eventwright lint`."""

from __future__ import annotations

import sys

import click

from .options import FINE, FORMAT, FOUND, NO_COLOR, QUIET, SPEC, STRICT, chosen_builds, documented, with_options
from .screen import Screen, wants_color


@click.command(short_help="Check specs alone.")
@with_options(SPEC, STRICT, FORMAT, QUIET, NO_COLOR)
@documented(
    """
eventwright lint
eventwright lint schema/my_stream --format sarif > diagnostics.sarif
""",
    "a spec has errors (with --strict: or warnings)",
)
def lint(spec: str | None, strict: bool, form: str, quiet: bool, no_color: bool) -> None:
    """Check SPEC, or all specs of the project; look at no output."""
    builds = chosen_builds(spec)
    from ..pipeline import read_spec
    from ..targets import all_targets

    screen = Screen(form, quiet=quiet, color=wants_color(no_color))
    targets = all_targets()
    reports = [read_spec(build.spec, [targets[name] for name in build.outs])[1] for build in builds]
    diagnostics = [diagnostic for report in reports for diagnostic in report.diagnostics]
    screen.diagnostics(diagnostics)
    if not diagnostics:
        screen.note("nothing to report")
    has_errors = any(report.has_errors for report in reports)
    sys.exit(FOUND if has_errors or (strict and diagnostics) else FINE)
