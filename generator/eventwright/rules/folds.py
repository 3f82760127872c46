"""Rules about what events do to the state, and how they end a stream."""

from __future__ import annotations

from collections.abc import Iterable

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.suggest import did_you_mean
from ..diagnostics.values import Report
from ..model import ir
from ..syntax import walks
from ..syntax.declarations import (
    SpecDecl,
)
from .conditions import check_test

DELTA_WITHOUT_FOLD = Rule(
    "E509",
    Severity.ERROR,
    "delta without a fold",
    "A delta exists to be added to something; if it really adds nothing to the state, `fold: none` says so.",
)


EVENT_WITHOUT_FOLD = Rule(
    "W510",
    Severity.WARNING,
    "event without a fold",
    "In a spec with a state every event says what it does to it, if only `fold: none`.",
)


UNKNOWN_END = Rule(
    "E511",
    Severity.ERROR,
    "unknown end",
    "A stream ends as `completed`, `incomplete`, `failed` or `error`; programs rely on these four words.",
)


UNREACHABLE_END = Rule(
    "E528",
    Severity.ERROR,
    "end that can never be meant",
    "Of several ends the first counts that is true of an event, and one without `when` is true of all.",
)


ENDS = ("completed", "incomplete", "failed", "error")
"""How a stream can end with an event."""


def missing_folds(spec: ir.Spec, report: Report) -> None:
    """E509, W510: an event that does not say what it does to the state."""
    for event in spec.events if spec.state else ():
        if event.folds is not None:
            continue
        if event.tag.endswith(".delta"):
            hint = "write what it adds to the state, or 'fold: none'"
            report.add(DELTA_WITHOUT_FOLD, event.span, f"delta '{event.tag}' has no 'fold'", hint)
        else:
            hint = "write 'fold: none' if it adds nothing"
            report.add(EVENT_WITHOUT_FOLD, event.span, f"event '{event.tag}' has no 'fold'", hint)


def unknown_ends(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E511: a way to end that does not exist."""
    for event in walks.events(declared):
        for kind in (end.kind for end in event.ends if end.kind.value not in ENDS):
            hint = did_you_mean(kind.value, ENDS) or f"one of: {', '.join(ENDS)}"
            report.add(UNKNOWN_END, kind.span, f"unknown end '{kind.value}'", hint)


def conditions(spec: ir.Spec, report: Report) -> None:
    """E405, E413: a condition of a fold on a field that is not there, or that never holds."""
    for event in spec.events:
        _conditions(spec, event.folds or (), ((ir.RecordRef(event.record.name), f"event '{event.tag}'"),), report)


def _conditions(
    spec: ir.Spec, statements: Iterable[ir.Statement], scopes: tuple[tuple[ir.Type, str], ...], report: Report
) -> None:
    """Check the conditions of statements; what the paths of each scope begin at, and how that is called, is given."""
    for statement in statements:
        match statement:
            case ir.When(scope, tests, do):
                within, owner = scopes[scope]
                for test, span in zip(tests, statement.spans, strict=True):
                    check_test(spec, within, owner, test, span, report)
                _conditions(spec, do, scopes, report)
            case ir.Each(source, do):
                assert isinstance(source.type, ir.ListOf), "the binder lets 'each' go through nothing else"
                inner = (source.type.item, f"an element of '{'.'.join(source.path)}'")
                _conditions(spec, do, (*scopes, inner), report)
            case ir.Fold():
                pass


def conditional_ends(spec: ir.Spec, report: Report) -> None:
    """E405, E413: a condition of an end that can never hold; E528: an end behind one that is true of all events."""
    for event in spec.events:
        begin = ir.RecordRef(event.record.name)
        for end in event.ends:
            for test, span in zip(end.when, end.when_spans, strict=True):
                check_test(spec, begin, f"event '{event.tag}'", test, span, report)
        first = next((place for place, end in enumerate(event.ends) if not end.when), len(event.ends))
        for end in event.ends[first + 1 : first + 2]:
            always = event.ends[first].kind
            message = f"'{end.kind}' can never be meant: '{always}' before it is true of all such events"
            hint = f"list '{always}' last, or give it a 'when:'"
            report.add(UNREACHABLE_END, end.span, message, hint)


MODEL_CHECKS = (missing_folds, conditions, conditional_ends)
CHECKS = (unknown_ends,)
