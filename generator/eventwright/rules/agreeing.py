"""Rules about the examples of events that follow one another: together they are a piece of a valid stream."""

from __future__ import annotations

from collections.abc import Iterator

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.values import Report
from ..model import ir
from ..model.sequences import Sequence, symbols
from ..syntax.paths import path_text

APART = Rule(
    "W547",
    Severity.WARNING,
    "examples of one sequence that are about different elements",
    "Examples of events that follow one another are read as one story, so they are about the same element.",
)


def examples_agree(spec: ir.Spec, report: Report) -> None:
    """W547: examples of the events of one sequence that differ in what tells its element."""
    told: set[str] = set()
    for sequence in (sequence for sequence in spec.sequences if sequence.place):
        named = dict.fromkeys(symbol.name for symbol in symbols(sequence.expression))
        events = [event for event in spec.events if event.tag in named and event.example is not None]
        _check(spec, sequence, sorted(events, key=lambda event: list(named).index(event.tag)), told, report)


def _check(spec: ir.Spec, sequence: Sequence, events: list[ir.Event], told: set[str], report: Report) -> None:
    first: dict[tuple[str, ...], tuple[ir.Event, ir.JsonValue]] = {}
    for event in events:
        for path in _identifying(spec, sequence, event):
            value = _at(event.example, path)
            before, wanted = first.setdefault(path, (event, value))
            if value is None or wanted is None or value == wanted or event.tag in told:
                continue
            told.add(event.tag)
            name = path_text(path)
            message = f"the example of '{event.tag}' has another '{name}' than that of '{before.tag}'"
            report.add(APART, event.span, message, f"give both the same '{name}'")


def _identifying(spec: ir.Spec, sequence: Sequence, event: ir.Event) -> Iterator[tuple[str, ...]]:
    """Give the paths in an event to what tells its place, and to what it repeats of that."""
    around = spec.around(sequence.place)
    for place in (place for place in spec.places if place.name in around):
        yield from place.keys
    for field in event.record.fields:
        if field.same is not None and field.same.place in around:
            yield (field.name,)


def _at(value: ir.JsonValue, path: tuple[str, ...]) -> ir.JsonValue:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


MODEL_CHECKS = (examples_agree,)
