"""Rules about the fields that tell objects of a type apart."""

from __future__ import annotations

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.values import Report
from ..model import ir

UNUSABLE_ID = Rule(
    "E311",
    Severity.ERROR,
    "`unique` at what cannot tell objects apart",
    "The accumulator tells the objects of a type apart by one field with `unique: true`, which is a text.",
)


def unusable_ids(spec: ir.Spec, report: Report) -> None:
    """E311: a unique field that is no text, or the second one of a type."""
    for record in spec.records.values():
        unique = [field for field in record.fields if field.unique]
        for place, field in enumerate(unique):
            if field.bound not in (ir.Primitive.STRING, ir.UNKNOWN):
                message = f"unique field '{field.name}' is '{ir.type_text(field.type)}'"
                hint = "remove 'unique: true'; folds find elements by any field, as in [field is key]"
                report.add(UNUSABLE_ID, field.span, message, hint)
            elif place:
                message = f"'{field.name}' is the second unique field of '{record.name}'"
                hint = f"remove 'unique: true' here or at '{unique[0].name}'"
                report.add(UNUSABLE_ID, field.span, message, hint)


MODEL_CHECKS = (unusable_ids,)
