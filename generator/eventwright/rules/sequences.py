"""Rules about sequences: each leaves no doubt what is meant, and every event has its turn in one."""

from __future__ import annotations

from collections.abc import Iterator

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.values import Report
from ..model import ir
from ..model.sequences import Sequence, symbols

AMBIGUOUS_SEQUENCE = Rule(
    "E535",
    Severity.ERROR,
    "sequence that can be read in two ways",
    "Whoever reads a stream has to know at each event where in the sequence it is, without looking ahead.",
)
NEVER_COMES = Rule(
    "E541",
    Severity.ERROR,
    "event or place that no sequence names",
    "A sequence says all that may come, so what it does not name is always a mistake of the stream.",
)


def ambiguous(spec: ir.Spec, report: Report) -> None:
    """E535: a sequence in which one could not tell which mention of a name is meant."""
    for sequence in spec.sequences:
        name = sequence.automaton.clash
        if name is not None:
            *_, last = (symbol for symbol in symbols(sequence.expression) if symbol.name == name)
            hint = "write a (b | c) for a b | a c, a* for a* a*, a+ for a* a, and a b? for a | a b"
            message = f"'{name}' may be meant in two ways in the sequence of '{sequence.owner}'"
            report.add(AMBIGUOUS_SEQUENCE, last.span, message, hint)


def without_a_turn(spec: ir.Spec, report: Report) -> None:
    """E541: what happens at a place and has no turn in any sequence there, or not in that of the type it is for."""
    if not spec.complete:
        return
    for place in ("", *(place.name for place in spec.places)):
        sequences = {sequence.owner: sequence for sequence in spec.sequences if sequence.place == place}
        if not sequences:
            continue
        named = {symbol.name for sequence in sequences.values() for symbol in symbols(sequence.expression)}
        everything = not place or _covers(spec, place, sequences)
        for name in spec.happening(place):
            event = next((event for event in spec.events if event.tag == name), None)
            of_type = event is not None and place and _check_types(spec, place, event, sequences, report)
            if not of_type and name not in named and everything:
                _report_unnamed(spec, event, name, place, sequences, report)


def _covers(spec: ir.Spec, place: str, sequences: dict[str, Sequence]) -> bool:
    """Whether all that may stand at a place has a sequence."""
    found = spec.place(place)
    return place in sequences or (found is not None and all(name in sequences for name in found.records))


def _report_unnamed(
    spec: ir.Spec,
    event: ir.Event | None,
    name: str,
    place: str,
    sequences: dict[str, Sequence],
    report: Report,
) -> None:
    if place and not any(each.opens == place for each in spec.events):
        # That nothing opens it is reported, and may be what is wrong here.
        return
    owners = " or ".join(f"'{owner}'" for owner in list(sequences)[:3])
    if event is None:
        inner = spec.place(name)
        assert inner is not None, "what happens at a place is an event or a place"
        report.add(NEVER_COMES, inner.span, f"place '{name}' is not in the sequence of {owners}", "name it there")
        return
    hint = "name it there, say with 'at' which place it is about, or add 'anytime: true'"
    if place and not any(each.closes == place for each in spec.events):
        hint = f"add 'closes: {place}' if {place} is complete with it; else {hint}"
    report.add(NEVER_COMES, event.span, f"event '{name}' is not in the sequence of {owners}", hint)


def _check_types(spec: ir.Spec, place: str, event: ir.Event, sequences: dict[str, Sequence], report: Report) -> bool:
    """Report an event that changes elements of a type and has no turn in its sequence; tell whether it is one."""
    before = report.error_count
    for record in dict.fromkeys(_types(spec, place, event)):
        sequence = sequences.get(record)
        if sequence is not None and event.tag not in {symbol.name for symbol in symbols(sequence.expression)}:
            message = f"event '{event.tag}' changes a '{record}', and is not in its sequence"
            hint = f"name it in the sequence of '{record}', or remove the statement with 'as {record}'"
            report.add(NEVER_COMES, event.span, message, hint)
    return report.error_count > before


def _types(spec: ir.Spec, place: str, event: ir.Event) -> Iterator[str]:
    """Give the types of the elements at a place that the statements of an event are for."""
    found = spec.place(place)
    for fold in ir.changes(event.folds):
        if found is not None and found.is_on(fold.steps):
            element = fold.steps[len(found.way) - 1]
            if isinstance(element, ir.Element) and element.record:
                yield element.record


MODEL_CHECKS = (ambiguous, without_a_turn)
