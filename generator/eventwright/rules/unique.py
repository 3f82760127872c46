"""Rules about the fields that tell objects of a type apart."""

from __future__ import annotations

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.values import Report
from ..model import ir

UNUSABLE_ID = Rule(
    "E311",
    Severity.ERROR,
    "`unique` at what cannot tell objects apart",
    "The accumulator tells the objects of a type apart by the first field with `unique: true`. All such fields are"
    " texts, so that no two objects in a list have the same.",
)


def unusable_ids(spec: ir.Spec, report: Report) -> None:
    """E311: a unique field that is no text."""
    for record in spec.records.values():
        for field in record.fields:
            if field.unique and field.bound not in (ir.Primitive.STRING, ir.UNKNOWN):
                message = f"unique field '{field.name}' is '{ir.type_text(field.type)}'"
                hint = "remove 'unique: true'; folds find elements by any field, as in [field is key]"
                report.add(UNUSABLE_ID, field.span, message, hint)


MODEL_CHECKS = (unusable_ids,)
