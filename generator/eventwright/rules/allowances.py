"""Takes out of a report the warnings that a spec allows, and reports what allows nothing."""

from __future__ import annotations

from collections.abc import Mapping

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.values import Diagnostic, Report
from ..syntax.declarations import AllowDecl, SpecDecl

NOT_ALLOWABLE = Rule(
    "E207",
    Severity.ERROR,
    "allowance of what is no warning",
    "Only warnings can be allowed: what an error is about cannot be compiled.",
)
IDLE_ALLOWANCE = Rule(
    "W208",
    Severity.WARNING,
    "allowance that nothing needs",
    "It would hide the next such warning, which nobody has thought about.",
)


def settle(declared: SpecDecl, report: Report, rules: Mapping[str, Rule]) -> None:
    """Take out what is allowed.

    Args:
        declared: The spec as it is written.
        report: With the diagnostics of all rules.
        rules: Every rule that may be about a spec, by code.
    """
    allowed = [*declared.allow, *(allow for file in declared.files for allow in file.allow)]
    warnings = {code: rule for code, rule in rules.items() if rule.severity is Severity.WARNING}
    warnings.pop(IDLE_ALLOWANCE.code, None)
    idle: list[AllowDecl] = []
    # The narrowest comes first, so that the others are not thought to be needed for it.
    for allow in sorted(allowed, key=_width):
        code, span = allow.code.value, allow.code.span
        if code not in warnings:
            what = f"'{code}' is no warning" if code in rules else f"there is no rule '{code}'"
            right = "write the code that stands before the message of the warning"
            hint = "remove it, and correct what it is about" if code in rules else right
            report.add(NOT_ALLOWABLE, span, f"{what} that could be allowed", hint)
            continue
        covered = [each for each in report.diagnostics if each.rule.code == code and _covers(allow, each)]
        for diagnostic in covered:
            report.remove(diagnostic)
        if not covered:
            idle.append(allow)
    # With errors, not all rules have been applied.
    for allow in () if report.has_errors else idle:
        message = f"'{allow.code.value}' is allowed here, but there is no such warning"
        report.add(IDLE_ALLOWANCE, allow.code.span, message, "remove it")


def _width(allow: AllowDecl) -> int:
    """Give 0 for a declaration, 1 for a file, 2 for the whole spec."""
    return 2 if allow.scope is None else 1 if allow.scope.start is None else 0


def _covers(allow: AllowDecl, diagnostic: Diagnostic) -> bool:
    scope, span = allow.scope, diagnostic.span
    if scope is None:
        return True
    if span.file != scope.file or scope.start is None or scope.end is None:
        return span.file == scope.file
    return span.start is not None and scope.start <= span.start <= scope.end
