"""What a command shows: diagnostics and diffs on standard output, everything else on standard error."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from ..diagnostics.values import Diagnostic


class Screen:
    """Where everything is shown: diagnostics and diffs on standard output, everything else on standard error."""

    def __init__(self, form: str, *, quiet: bool, color: bool) -> None:
        self._form = form
        self._quiet = quiet
        self._color = color

    def diagnostics(self, diagnostics: Sequence[Diagnostic], output: Sequence[Diagnostic] = ()) -> None:
        """Show diagnostics.

        Args:
            diagnostics: Those about the spec and the templates.
            output: Those about the output, which people see as a diff instead.
        """
        from ..diagnostics import printers
        from ..diagnostics.rule import Severity

        if self._form != "text":
            diagnostics = [*diagnostics, *output]
        if self._quiet:
            diagnostics = [each for each in diagnostics if each.rule.severity is Severity.ERROR]
        if self._form != "text":
            printer = {"json": printers.as_json, "github": printers.github, "sarif": printers.sarif}[self._form]
            _echo(printer(diagnostics), nl=False)
        elif self._color and diagnostics:
            printers.print_colored(printers.text(diagnostics, printers.FileLines()))
        else:
            _echo(printers.text(diagnostics, printers.FileLines()), nl=False)

    def diff(self, text: str) -> None:
        """Show a unified diff."""
        if self._form != "text" or self._quiet:
            return
        colors = {"+": "green", "-": "red", "@": "cyan"}
        for line in text.splitlines(keepends=True):
            _echo(click.style(line, colors.get(line[0])) if self._color else line, nl=False)

    def note(self, text: str) -> None:
        """Say what was done."""
        if not self._quiet:
            _echo(text, err=True)

    def failure(self, text: str) -> None:
        """Say what went wrong."""
        from ..diagnostics.printers import visible

        shown = click.style("error", "red", bold=True) if self._color and sys.stderr.isatty() else "error"
        _echo(f"{shown}: {visible(text)}", err=True)

    @contextlib.contextmanager
    def progress(self, text: str) -> Iterator[None]:
        """Show that something is going on once it has taken a second."""
        if self._quiet or not sys.stderr.isatty():
            yield
            return
        shown: list[Any] = []

        def start() -> None:
            from rich.console import Console

            status = Console(stderr=True, no_color=not self._color).status(text)
            status.start()
            shown.append(status)

        timer = threading.Timer(1.0, start)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()
            for status in shown:
                status.stop()


def _echo(text: str, *, nl: bool = True, err: bool = False) -> None:
    # Where no file is named, click takes a stream of ASCII for a mistake and writes UTF-8 to it.
    click.echo(text, file=sys.stderr if err else sys.stdout, nl=nl)


def wants_color(no_color: bool) -> bool:
    """Whether to use colour."""
    return not no_color and not os.environ.get("NO_COLOR") and sys.stdout.isatty()


def print_table(rows: Sequence[tuple[str, ...]]) -> None:
    """Show rows with their columns aligned."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        _echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
