"""What a text may hold, and the rule about texts on the wire."""

from __future__ import annotations

import re

from ..diagnostics.printers import visible
from ..diagnostics.rule import Rule, Severity
from ..diagnostics.values import Report, Span
from ..model import ir
from ..syntax import walks
from ..syntax.declarations import (
    SpecDecl,
)

HIDDEN_ON_THE_WIRE = Rule(
    "E807",
    Severity.ERROR,
    "invisible text on the wire",
    "Enum values, field names and literals are compared byte by byte; nobody can check what is invisible.",
)


CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


NAME_CONTROL = re.compile(rf"{CONTROL.pattern}|[\t\n\u200b-\u200d]")


def wire_texts(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E807: an enum value, field name or literal that holds invisible characters."""
    found: list[tuple[str, str, Span]] = []
    for file in declared.files:
        found += [("enum value", value.value.value, value.value.span) for enum in file.enums for value in enum.values]
        for each in walks.with_fields(file):
            found += [("field", field.name.value, field.name.span) for field in each.fields]
            literals = [literal for field in each.fields if field.type for literal in walks.literals(field.type)]
            found += [("literal", literal.value, literal.span) for literal in literals]
    for what, value, span in found:
        if NAME_CONTROL.search(value):
            message = f"{what} '{visible(value)}' holds control or invisible characters"
            report.add(HIDDEN_ON_THE_WIRE, span, message, "write it as it is on the wire, without them")


CHECKS = (wire_texts,)
