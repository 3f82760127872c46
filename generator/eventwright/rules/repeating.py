"""Rules about what the spec says of values that come again: ranks of enums, and fields that are fixed or vary."""

from __future__ import annotations

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.suggest import did_you_mean
from ..diagnostics.values import Report
from ..model import ir
from ..syntax.declarations import EnumDecl, SpecDecl

ODD_RANKS = Rule(
    "E543",
    Severity.ERROR,
    "ranks that are not those of the values",
    "`ranks` names each value of its enum once, so that it is known of any two which one comes later.",
)
NOTHING_REPEATED = Rule(
    "E544",
    Severity.ERROR,
    "`fixed` or `varies` where nothing is repeated",
    "Objects of the state come again in later events; what is in the event itself does not.",
)


def ranks(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E543: ranks that name a value twice, or one that is none, or leave one out."""
    del spec
    for enum in (enum for file in declared.files for enum in file.enums if enum.ranks):
        _check_ranks(enum, report)


def _check_ranks(enum: EnumDecl, report: Report) -> None:
    known = [value.value.value for value in enum.values]
    seen: set[str] = set()
    for value in (value for rank in enum.ranks for value in rank):
        if value.value not in known:
            hint = did_you_mean(value.value, known) or f"values: {', '.join(known[:8])}"
            report.add(ODD_RANKS, value.span, f"'{enum.name.value}' has no value '{value.value}'", hint)
        elif value.value in seen:
            report.add(ODD_RANKS, value.span, f"'{value.value}' has two ranks", "remove one of the two")
        seen.add(value.value)
    missing = [value for value in known if value not in seen]
    if missing and seen <= set(known):
        hint = f"add it; those of one rank stand in a list: [{missing[0]}, ...]"
        report.add(ODD_RANKS, enum.ranks[0][0].span, f"'{missing[0]}' of '{enum.name.value}' has no rank", hint)
    elif len(enum.ranks) == 1 and not missing:
        hint = "give those that come later a rank of their own, or remove 'ranks'"
        report.add(ODD_RANKS, enum.ranks[0][0].span, f"all values of '{enum.name.value}' have one rank", hint)


def fixed_fields(spec: ir.Spec, report: Report) -> None:
    """E544: a field of an event that is fixed or varies, and one that does both."""
    of_types = [field for module in spec.modules for record in module.records for field in record.fields]
    for field in dict.fromkeys(of_types):
        if field.fixed and field.varies:
            message = f"'{field.name}' is fixed, and varies"
            report.add(NOTHING_REPEATED, field.span, message, "remove one of the two")
    spans = {field.span for field in of_types}
    of_events = {field.span: (event, field) for event in spec.events for field in event.record.fields}
    for span, (event, field) in of_events.items():
        if span not in spans and (field.fixed or field.varies):
            word = "fixed" if field.fixed else "varies"
            message = f"'{field.name}' is in event '{event.tag}' itself, which does not come again"
            hint = f"remove '{word}: true'; what an event repeats of its place is 'same: place.field'"
            report.add(NOTHING_REPEATED, span, message, hint)


MODEL_CHECKS = (fixed_fields,)
CHECKS = (ranks,)
