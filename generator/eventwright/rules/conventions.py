"""Rules about what ties the events of a stream together: the mark at its end, their numbers, and their key."""

from __future__ import annotations

import json

from ..diagnostics.printers import visible
from ..diagnostics.rule import Rule, Severity
from ..diagnostics.suggest import did_you_mean
from ..diagnostics.values import Report
from ..model import ir
from ..model.reaching import Reach, reach
from ..syntax import walks
from ..syntax.declarations import PathDecl, SpecDecl
from ..syntax.paths import path_text

AMBIGUOUS_DONE = Rule(
    "E529",
    Severity.ERROR,
    "mark of the end that is none",
    "`done` is what comes in the place of an event; what is an object, or nothing at all, is read as such.",
)


USELESS_COUNTER = Rule(
    "E521",
    Severity.ERROR,
    "counter that cannot number the events",
    (
        "The numbers of a stream are whole, stand in its events, and have one name, so that gaps and repeats show. A"
        " counter of an event, or of a group, that is at a place numbers the events of its kind there."
    ),
)


DEAD_KEY = Rule(
    "E525",
    Severity.ERROR,
    "key that tells no streams apart",
    (
        "Each key has a state of its own, so the events that change a state have to have a key, a text or a whole"
        " number. So is the name of a lane, and it tells something only where streams are checked."
    ),
)


def marks_of_the_end(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E529: a text under `done` that no frame can say in the place of an event."""
    for text in declared.done:
        if not text.value.strip():
            report.add(AMBIGUOUS_DONE, text.span, "'done' says nothing", "write what the last frame says, or remove it")
        elif _is_object(text.value):
            hint = "declare it as an event, with 'ends: completed'"
            report.add(AMBIGUOUS_DONE, text.span, f"'{visible(text.value)}' is an object, so it is an event", hint)


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def counters(spec: ir.Spec, report: Report) -> None:
    """E521: a counter that is no integer of an event, or not the only one, or one of two kinds."""
    for record in (record for module in spec.modules for record in module.records):
        for field in record.fields:
            if field.counter or field.counts:
                message = f"counter '{field.name}' is in '{record.name}', which is no event"
                hint = "remove 'counter', or move the field to the events or a group that only they use"
                report.add(USELESS_COUNTER, field.span, message, hint)
    first = spec.counter
    numbered = [(event, field) for event in spec.events for field in event.record.fields if field.counts]
    for event, field in numbered:
        if field.bound not in (ir.Primitive.INTEGER, ir.UNKNOWN):
            message = f"counter '{field.name}' is of type '{ir.type_text(field.type)}'"
            report.add(USELESS_COUNTER, field.span, message, "write 'type: integer', or remove 'counter'")
        elif first is not None and field.name == first.name:
            message = f"'{field.name}' numbers the events of the stream, and here those at '{event.place}'"
            hint = f"use the group with the field, or one without 'at'; it is in {first.span}"
            report.add(USELESS_COUNTER, field.span, message, hint)
    for field in (field for event in spec.events for field in event.record.fields if field.counter):
        if field.bound not in (ir.Primitive.INTEGER, ir.UNKNOWN):
            message = f"counter '{field.name}' is of type '{ir.type_text(field.type)}'"
            report.add(USELESS_COUNTER, field.span, message, "write 'type: integer', or remove 'counter'")
        elif first is not None and field.name != first.name:
            message = f"'{field.name}' is a counter beside '{first.name}'"
            hint = f"that one is in {first.span}; remove 'counter' from one of the two"
            report.add(USELESS_COUNTER, field.span, message, hint)


def keys(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E525: a key that no event has, that is no text, or that events lack which change a state."""
    if declared.key and not spec.state:
        if not declared.readable or any(event.folds for event in walks.events(declared)):
            # That there is no state is reported.
            return
        hint = "name the type that each of the streams builds up: 'state:' in spec.yaml"
        report.add(DEAD_KEY, declared.key[0].span, "'key', but the spec has no state", hint)
        return
    found = [_reaches(spec, path) for path in declared.key]
    usable = [_check_key(path, reaches, declared, report) for path, reaches in zip(declared.key, found, strict=True)]
    if not usable or not all(usable):
        return
    for event, reaches in zip(spec.events, zip(*found, strict=True), strict=True):
        if event.folds and not any(any(map(_may_be_key, each.types)) or not each.complete for each in reaches):
            hint = "write 'fold: none', or add the path to its key to 'key' in spec.yaml, with a | between them"
            report.add(DEAD_KEY, event.span, f"event '{event.tag}' changes the state, but has no key", hint)


def lanes(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E525: a lane that no event has, that is no text, or where nothing is checked."""
    if declared.lane and spec.complete and not spec.has_lifecycle:
        hint = "say with 'opens: stream' which event begins a stream, or remove 'lane'"
        report.add(DEAD_KEY, declared.lane[0].span, "'lane', but nothing is said of what a valid stream is", hint)
        return
    for path in declared.lane:
        _check_key(path, _reaches(spec, path), declared, report)


def _reaches(spec: ir.Spec, path: PathDecl) -> list[Reach]:
    """Find where a path leads in each event."""
    return [reach(spec, ir.RecordRef(event.record.name), path.names) for event in spec.events]


def _check_key(path: PathDecl, reaches: list[Reach], declared: SpecDecl, report: Report) -> bool:
    shown = path_text(path.names)
    if not any(each.types for each in reaches):
        is_complete = all(file.readable for file in declared.files)
        if is_complete and all(each.complete for each in reaches):
            known = [name for each in reaches for name in each.known]
            # Of all events, that one tells most which goes furthest with the path.
            furthest = max(reaches, key=lambda each: path.names.index(each.missing), default=None)
            hint = did_you_mean(furthest.missing, known) if furthest else None
            report.add(DEAD_KEY, path.span, f"no event has '{shown}'", hint or "name a member of the events")
        return False
    types = [each for found in reaches for each in found.types]
    if any(map(_may_be_key, types)):
        # Where other events have something else there, another path may lead to their key.
        return True
    message = f"'{shown}' is of type '{ir.type_text(types[0])}'"
    report.add(DEAD_KEY, path.span, message, "name a text or an integer")
    return False


def _may_be_key(declared: ir.Type) -> bool:
    return ir.kinds(declared) <= {ir.Kind.STRING, ir.Kind.NUMBER} and declared is not ir.Primitive.NUMBER


MODEL_CHECKS = (counters,)
CHECKS = (marks_of_the_end, keys, lanes)
