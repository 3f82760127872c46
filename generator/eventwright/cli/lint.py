"""`eventwright lint`."""

from __future__ import annotations

import sys

import click

from .options import FINE, FORMAT, FOUND, NO_COLOR, QUIET, SPEC, STRICT, documented, find_spec, with_options
from .screen import Screen, wants_color


@click.command()
@with_options(SPEC, STRICT, FORMAT, QUIET, NO_COLOR)
@documented(
    """
eventwright lint
eventwright lint schema/my_stream --format sarif > findings.sarif
""",
    "the spec has errors (with --strict: or warnings)",
)
def lint(spec: str | None, strict: bool, form: str, quiet: bool, no_color: bool) -> None:
    """Check SPEC alone; look at no output."""
    from ..pipeline import read_spec

    screen = Screen(form, quiet=quiet, color=wants_color(no_color))
    _, report = read_spec(find_spec(spec))
    screen.findings(report.diagnostics)
    if not report.diagnostics:
        screen.note("no findings")
    sys.exit(FOUND if report.has_errors or (strict and report.diagnostics) else FINE)
