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
    first: dict[tuple[str, ...], tuple[ir.Event, tuple[str, ...]]] = {}
    for event in (*_openers(spec, sequence), *events):
        for what, path in _identifying(spec, sequence, event):
            before, other = first.setdefault(what, (event, path))
            value, wanted = _at(event.example, path), _at(before.example, other)
            if value is None or wanted is None or value == wanted or event.tag in told:
                continue
            told.add(event.tag)
            message = f"the example of '{event.tag}' is about another element than that of '{before.tag}'"
            hint = f"give its '{path_text(path)}' the value of '{path_text(other)}' there"
            report.add(APART, event.span, message, hint)


def _openers(spec: ir.Spec, sequence: Sequence) -> Iterator[ir.Event]:
    """Give the events that open the place of a sequence, and whose example begins an element of its type."""
    record = spec.records.get(sequence.owner)
    for event in (event for event in spec.events if event.opens == sequence.place):
        element = _at(event.example, source) if (source := _source(spec, event)) else None
        if record is not None and record.tags and isinstance(element, dict) and element.get(record.tag) in record.tags:
            yield event


def _source(spec: ir.Spec, event: ir.Event) -> tuple[str, ...]:
    """Give the path in an event to the element with which it opens its place; empty where it brings none."""
    place = spec.place(event.opens)
    for fold in ir.changes(event.folds):
        if place is not None and fold.source and len(fold.steps) == len(place.way) and place.is_on(fold.steps):
            return fold.source.path
    return ()


def _identifying(
    spec: ir.Spec, sequence: Sequence, event: ir.Event
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Give paths in an event to what tells its element and those around it, each with the path of what it says.

    Of what an event repeats of its place, that is the path from there.
    """
    around = spec.around(sequence.place)
    for place in (place for place in spec.places if place.name in around):
        yield from ((path, path) for path in place.keys)
    for field in event.record.fields:
        if field.same is not None and field.same.place in around:
            yield (field.same.place, *field.same.path), (field.name,)
    if event.opens == sequence.place:
        source = _source(spec, event)
        fields = (field.same for each in spec.events for field in each.record.fields if field.same is not None)
        for path in dict.fromkeys(same.path for same in fields if same.place == sequence.place):
            yield (sequence.place, *path), (*source, *path)


def _at(value: ir.JsonValue, path: tuple[str, ...]) -> ir.JsonValue:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


MODEL_CHECKS = (examples_agree,)
