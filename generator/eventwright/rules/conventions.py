"""Rules about what ties the events of a stream together: the mark at its end, and the numbers of its events."""

from __future__ import annotations

import json

from ..diagnostics.printers import visible
from ..diagnostics.rule import Rule, Severity
from ..diagnostics.values import Report
from ..model import ir
from ..syntax.declarations import SpecDecl

AMBIGUOUS_DONE = Rule(
    "E520",
    Severity.ERROR,
    "mark of the end that is none",
    "`done` is what comes in the place of an event; what is an object, or nothing at all, is read as such.",
)


USELESS_COUNTER = Rule(
    "E521",
    Severity.ERROR,
    "counter that cannot number the events",
    "The numbers of a stream are whole, stand in its events, and have one name, so that gaps and repeats show.",
)


def marks_of_the_end(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E520: a text under `done` that no frame can say in the place of an event."""
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
    """E521: a counter that is no integer of an event, or not the only one."""
    for record in (record for module in spec.modules for record in module.records):
        for field in record.fields:
            if field.counter:
                message = f"counter '{field.name}' is in '{record.name}', which is no event"
                hint = "remove 'counter', or move the field to the events or a group that only they use"
                report.add(USELESS_COUNTER, field.span, message, hint)
    first = spec.counter
    for field in (field for event in spec.events for field in event.record.fields if field.counter):
        if field.bound not in (ir.Primitive.INTEGER, ir.UNKNOWN):
            message = f"counter '{field.name}' is of type '{ir.type_text(field.type)}'"
            report.add(USELESS_COUNTER, field.span, message, "write 'type: integer', or remove 'counter'")
        elif first is not None and field.name != first.name:
            message = f"'{field.name}' is a counter beside '{first.name}'"
            hint = f"that one is in {first.span}; remove 'counter' from one of the two"
            report.add(USELESS_COUNTER, field.span, message, hint)


MODEL_CHECKS = (counters,)
CHECKS = (marks_of_the_end,)
