"""The table of the rules that the linter of a package applies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from ...model import ir
from ...model.laws import lint_rules
from ...output.render import Page
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


def pages(spec: ir.Spec) -> Iterator[Page]:
    """Give the module of the rules, nothing for a spec that says nothing about when events come."""
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
    yield Page(PurePosixPath(spec.name) / "lint" / "rules.py", "python/lint/rules.py.jinja", view, shared=True)
