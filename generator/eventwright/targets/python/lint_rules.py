"""The table of the rules that the linter of a package applies, and what commands and tests need to apply them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from ...model import ir
from ...model.laws import lint_rules
from ...output.render import Page
from .dispatch import takes_tag
from .plans import is_built
from .runtime.findings import RuleDoc
from .text import literal, long_literal

_INDENT = 8


@dataclass(frozen=True, slots=True)
class RulesView:
    """The module of the rules.

    Attributes:
        rules: Literal of the id of each, with the names of its members and the expressions for these.
    """

    rules: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True, slots=True)
class ChecksView:
    """The modules with what the commands and assertions need.

    Attributes:
        name: The package.
        lined: Whether decoding takes the `event:` line.
        is_built: Whether the package can build streams.
    """

    name: str
    lined: bool
    is_built: bool


def pages(spec: ir.Spec) -> Iterator[Page]:
    """Give the modules of the rules and of what applies them; none for a spec without a lifecycle."""
    rules = lint_rules(spec)
    if not rules:
        return
    view = RulesView(
        tuple(
            (
                literal(rule.id),
                tuple((name, long_literal(getattr(rule, name), _INDENT, f"{name}=")) for name in RuleDoc._fields),
            )
            for rule in rules
        )
    )
    folder = PurePosixPath(spec.name) / "lint"
    yield Page(folder / "rules.py", "python/lint/rules.py.jinja", view, shared=True)
    checks = ChecksView(spec.name, takes_tag(spec), is_built(spec))
    yield Page(folder / "checks.py", "python/lint/checks.py.jinja", checks)
    yield Page(folder / "pytest_plugin.py", "python/lint/pytest_plugin.py.jinja", checks)
