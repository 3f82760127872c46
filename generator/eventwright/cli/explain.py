"""`eventwright explain`."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

import click

from .options import documented


@click.command(short_help="Say what a rule is for, with examples.")
@click.argument("code", required=False)
@documented(
    """
eventwright explain
eventwright explain E301
""",
    "never",
)
def explain(code: str | None) -> None:
    """Say what the rule CODE is for, with a bad and a good example; without CODE, list all rules."""
    from ..diagnostics.suggest import did_you_mean
    from ..pipeline import all_rules
    from ..rules.explained import examples

    rules = all_rules()
    if code is None:
        for name, rule in rules.items():
            click.echo(f"{name}  {rule.title}")
        return
    found = rules.get(code.upper())
    if found is None:
        hint = did_you_mean(code.upper(), rules) or "`eventwright explain` lists all"
        raise click.UsageError(f"no rule '{code}'; {hint}")
    click.echo(f"{found.code} ({found.severity.value}): {found.title}\n\n{_wrapped(found.why)}\n")
    shown = examples(found.code)
    for what, folder in (("Bad", shown.bad), ("Good", shown.good)):
        click.echo(f"{what}:\n\n{_shown_files(shown.shown(folder))}")
    click.echo(f"Both are whole specs: see {shown.bad.parent.as_posix()}")


def _wrapped(text: str) -> str:
    return textwrap.fill(text, 100)


def _shown_files(files: Mapping[str, str]) -> str:
    """Show each file below its name; what is invisible in it may be what the example is about."""
    from ..diagnostics.printers import visible

    blocks = []
    for path, text in files.items():
        lines = (f"    {visible(line)}\n" if line else "\n" for line in text.removesuffix("\n").split("\n"))
        blocks.append(f"  {path}\n{''.join(lines)}")
    return "\n".join(blocks)
