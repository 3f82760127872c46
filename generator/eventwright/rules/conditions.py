"""Checks the conditions that `when` lists against the types that they are about."""

from __future__ import annotations

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.suggest import did_you_mean
from ..diagnostics.values import Report, Span
from ..model import ir
from ..model.reaching import may_be, reach
from ..syntax.paths import path_text

UNKNOWN_CONDITION = Rule(
    "E405",
    Severity.ERROR,
    "condition on a field that is not there",
    "`when` names fields of the object by which it is told from others.",
)
IMPOSSIBLE_CONDITION = Rule(
    "E413",
    Severity.ERROR,
    "condition that never holds",
    "What `when` compares with has to be a value that the field can have, of the same JSON kind.",
)

_SHOWN = 6
"""Types that a diagnostic names before it stops."""


def can_hold(spec: ir.Spec, within: ir.Bound, test: ir.Test) -> bool:
    """Whether a condition may be true, as far as is known."""
    found = reach(spec, within, test.path)
    if test.value is None or not found.types:
        return not found.missing
    return any(may_be(spec, each, test.value) for each in found.types)


def _unquoted(text: str) -> int | None:
    """Give the boolean or whole number that a text would be without quotes; None for any other text."""
    if text in ("true", "false"):
        return text == "true"
    return int(text) if text.removeprefix("-").isdecimal() else None


def check_test(spec: ir.Spec, within: ir.Bound, owner: str, test: ir.Test, span: Span, report: Report) -> None:
    """Report a condition that names what is not there (E405), or what can never be (E413).

    Args:
        within: What the path begins at.
        owner: How a diagnostic calls that, with its quotes.
        span: Where the condition is written.
    """
    found = reach(spec, within, test.path)
    if found.missing and found.complete:
        before, rest = test.path[: found.depth], test.path[found.depth :]
        whole = f"'{path_text(before)}' of {owner}" if before else owner
        if not isinstance(rest[0], str):
            message, hint = f"{whole} is no list", f"leave out '{found.missing}': {path_text((*before, *rest[1:]))}"
        elif found.in_list:
            message = f"{whole} is a list"
            hint = f"write {path_text((*before, None, *rest))} for any of its elements, or [0] for the first"
        else:
            message = f"{whole} has no field '{found.missing}'"
            hint = did_you_mean(found.missing, found.known) or f"name a field of {whole}"
        report.add(UNKNOWN_CONDITION, span, message, hint)
    value = test.value
    if value is None or not found.types or any(may_be(spec, each, value) for each in found.types):
        return
    shown = ", ".join(ir.type_text(each) for each in found.types[:_SHOWN])
    wanted = ir.type_text(ir.constant(value))
    hint = "compare with a value of that type, or with 'any'"
    if not isinstance(value, str) and any(may_be(spec, each, ir.tag_text(value)) for each in found.types):
        hint = f'write {wanted} in quotes: "{wanted}"'
    elif isinstance(value, str) and (plain := _unquoted(value)) is not None:
        hint = "remove the quotes" if any(may_be(spec, each, plain) for each in found.types) else hint
    report.add(
        IMPOSSIBLE_CONDITION, span, f"'{path_text(test.path)}' of {owner} is never {wanted}: it is {shown}", hint
    )
