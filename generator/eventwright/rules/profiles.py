"""Rules about the names of the rules that streams are held to: profiles and notes are about rules that there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.suggest import did_you_mean
from ..diagnostics.values import Report, Span
from ..model import ir
from ..model.laws import lint_rules
from ..syntax import walks
from ..syntax.declarations import SpecDecl

UNKNOWN_RULE = Rule(
    "E545",
    Severity.ERROR,
    "rule of the stream that there is not",
    (
        "Which rules streams are held to follows from what the spec says about places and events; profiles and notes"
        " name one of them, and a statement with a name of its own no other."
    ),
)


def rules_of_the_stream(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E545: profiles and notes about rules or types that there are not, and statements with the name of a rule."""
    if not spec.complete or report.has_errors:
        # What is wrong elsewhere may be what a rule follows from.
        return
    rules = {rule.id: rule for rule in lint_rules(spec)}
    found = [each for _, each in walks.lifecycles(declared)]
    for rule in (off.rule for each in found for profile in each.profiles for off in profile.off):
        _check(rule.value, rule.span, rules, report)
    for note in (note for each in found for note in each.notes):
        _check(note.rule.value, note.rule.span, rules, report)
    for off in (off for each in found for profile in each.profiles for off in profile.off if off.type):
        assert off.type is not None, "those without a type are left out"
        _check_type(spec, off.type.value, off.type.span, report)
    _check_own_names(spec, declared, report)


def _check(rule: str, span: Span, rules: Iterable[str], report: Report) -> None:
    if rule in rules:
        return
    alike = [known for known in rules if set(known.split("-")) & set(rule.split("-"))]
    hint = did_you_mean(rule, rules) or "remove it; the page of rules in the docs lists those that there are"
    if alike and hint.startswith("remove"):
        hint = f"remove it, or name one of: {', '.join(alike[:6])}"
    if not any(rules):
        hint = "say first when events may come: name 'places' in spec.yaml, and what opens and closes them"
    report.add(UNKNOWN_RULE, span, f"streams are held to no rule '{rule}'", hint)


def _check_type(spec: ir.Spec, name: str, span: Span, report: Report) -> None:
    known = dict.fromkeys(record for place in spec.places for record in place.records)
    if name not in known:
        hint = did_you_mean(name, known) or f"types at places: {', '.join(known) or 'none'}"
        report.add(UNKNOWN_RULE, span, f"nothing of type '{name}' stands at a place", hint)


def _check_own_names(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """Report statements that are given the name of a rule that follows from something else."""
    modules = tuple(
        replace(module, events=tuple(replace(event, holds=()) for event in module.events)) for module in spec.modules
    )
    others = {rule.id for rule in lint_rules(replace(spec, modules=modules))}
    for hold in (hold for event in walks.events(declared) for hold in event.holds if hold.rule):
        assert hold.rule is not None, "those without a name are left out"
        if hold.rule.value in others:
            message = f"'{hold.rule.value}' is the name of another rule"
            report.add(UNKNOWN_RULE, hold.rule.span, message, "give it a name of its own, or remove 'rule'")


CHECKS = (rules_of_the_stream,)
