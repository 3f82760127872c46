"""Rules about what events hold: it can be true, and it is true of their examples."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ..diagnostics.printers import visible
from ..diagnostics.rule import Rule, Severity
from ..diagnostics.suggest import did_you_mean
from ..diagnostics.values import Report, Span
from ..model import ir
from ..model.lifecycle import HeldValue, Hold, Path
from ..model.reaching import may_be, reach
from ..syntax import walks
from ..syntax.declarations import SpecDecl
from ..syntax.holdexpr import ALL, ALL_BUT_LAST, IS_JSON, HoldExpr, MemberPath, member_text, value_text

NEVER_HOLDS = Rule(
    "E542",
    Severity.ERROR,
    "statement about an event that can never be true",
    "The members that a statement names have to be there, and what it compares them with has to be of their type.",
)
UNTRUE_EXAMPLE = Rule(
    "E546",
    Severity.ERROR,
    "example that is not what its event holds",
    "What is true of every such event is true of the one that the docs show.",
)

_SHOWN = 60
_NUMBERS = frozenset([ir.Kind.NUMBER])


def statements(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E542, E546: a statement that cannot be true of an event, or is not true of its example."""
    bound = {event.tag: event for event in spec.events}
    for written in walks.events(declared):
        event = bound.get(written.tag.value)
        if event is None or len(event.holds) != len(written.holds):
            # The second event of a tag, which is reported.
            continue
        for hold, each in zip(event.holds, written.holds, strict=True):
            before = report.error_count
            _check(spec, event.record, each.statement, report)
            if event.example is not None and report.error_count == before:
                _check_example(event, hold, report)


def _check(spec: ir.Spec, record: ir.Record, statement: HoldExpr, report: Report) -> None:
    types = _types(spec, record, statement.path, report)
    path = member_text(statement.path.names)
    for other in statement.paths:
        if other.names == statement.path.names:
            report.add(NEVER_HOLDS, other.span, f"'{path}' is compared with itself", "name another member")
            continue
        others = _types(spec, record, other, report, compared=len(statement.paths) == 1)
        if types and others and not _comparable(statement, types, others):
            hint = "compare what is of one type, and numbers with sums"
            message = f"'{path}' and '{member_text(other.names)}' cannot be compared so"
            report.add(NEVER_HOLDS, other.span, message, hint)
    if statement.relation == IS_JSON and types and not any(ir.Kind.STRING in ir.kinds(each) for each in types):
        hint = "only a text can be JSON; remove the statement"
        report.add(NEVER_HOLDS, statement.path.span, f"'{path}' is '{ir.type_text(types[0])}'", hint)
    for value in statement.values:
        if types and not any(_may_be(spec, each, value.value) for each in types):
            _report_value(spec, statement, value.value, value.span, types, report)


def _comparable(statement: HoldExpr, types: tuple[ir.Type, ...], others: tuple[ir.Type, ...]) -> bool:
    if statement.relation != "=" or len(statement.paths) > 1:
        return all(any(ir.kinds(each) & _NUMBERS for each in found) for found in (types, others))
    return any(ir.kinds(one) & ir.kinds(other) for one in types for other in others)


def _report_value(
    spec: ir.Spec, statement: HoldExpr, value: HeldValue, span: Span, types: tuple[ir.Type, ...], report: Report
) -> None:
    path = member_text(statement.path.names)
    items = [item for each in types for item in _items(each)]
    enums = [spec.enums[name] for each in types for name in ir.references(each) if name in spec.enums]
    known = [each.value for enum in enums for each in enum.values]
    hint = did_you_mean(value, known) if isinstance(value, str) and not items else ""
    if any(spec.records_of(item) for item in items):
        hint = f"compare it with [], or write '{path}[*].name' with a member of its elements"
    elif items:
        hint = f"write '{path}[*]' for its elements, or compare it with []"
    elif known:
        hint = hint or f"write one of its values: {', '.join(known[:8])}"
    else:
        hint = f"write a value of '{ir.type_text(types[0])}'"
    report.add(NEVER_HOLDS, span, f"'{path}' is never {visible(value_text(value))}", hint)


def _may_be(spec: ir.Spec, declared: ir.Type, value: HeldValue) -> bool:
    """Whether a value is one of a type; null always is, because a member may be missing."""
    if value is None or declared is ir.Primitive.ANY:
        return True
    if isinstance(value, tuple):
        return ir.Kind.LIST in ir.kinds(declared)
    if isinstance(value, float):
        return ir.Primitive.NUMBER in (declared.alternatives if isinstance(declared, ir.OneOf) else (declared,))
    return may_be(spec, declared, value)


def _types(
    spec: ir.Spec, record: ir.Record, path: MemberPath, report: Report, *, compared: bool = False
) -> tuple[ir.Type, ...]:
    """Give the types of what a path leads to; nothing where that is unknown or nowhere, which is reported.

    Args:
        compared: Whether the path stands alone where a text may have been meant.
    """
    within: tuple[ir.Type, ...] = (ir.RecordRef(record.name),)
    done: tuple[str, ...] = ()
    for name in path.names:
        if name in (ALL, ALL_BUT_LAST):
            items = tuple(item for each in within for item in _items(each))
            if not items:
                message = f"'{member_text(done)}' is no list"
                report.add(NEVER_HOLDS, path.span, message, f"remove '[{name}]', or name a list")
                return ()
        else:
            found = [reach(spec, each, (name,)) for each in within]
            items = tuple(each for one in found for each in one.types)
            items += tuple(item for each in within for item in _free(each))
            if not items:
                if all(one.complete for one in found):
                    hint = _missing_hint(within, done, name, [each for one in found for each in one.known])
                    if compared and not done:
                        hint = f'write "{name}", in double quotes, if it is a text; else {hint}'
                    owner = f"'{member_text(done)}'" if done else f"event '{_tag(spec, record)}'"
                    report.add(NEVER_HOLDS, path.span, f"{owner} has no member '{name}'", hint)
                return ()
        within, done = tuple(dict.fromkeys(items)), (*done, name)
    return within


def _tag(spec: ir.Spec, record: ir.Record) -> str:
    return next(event.tag for event in spec.events if event.record is record)


def _missing_hint(within: tuple[ir.Type, ...], done: Path, name: str, known: list[str]) -> str:
    if any(_items(each) for each in within):
        return f"write '{member_text((*done, ALL, name))}' for all of its elements"
    return did_you_mean(name, known) or (f"members: {', '.join(known[:8])}" if known else "end the path before it")


def _free(declared: ir.Type) -> tuple[ir.Type, ...]:
    """Give the type of any member of an object whose members have no names in the spec."""
    match declared:
        case ir.MapOf(ir.Nullable(value)) | ir.MapOf(value):
            return (value,)
        case ir.Primitive.OBJECT | ir.Primitive.ANY:
            return (ir.Primitive.ANY,)
        case ir.OneOf(alternatives):
            return tuple(each for one in alternatives for each in _free(one))
        case _:
            return ()


def _items(declared: ir.Type) -> tuple[ir.Type, ...]:
    match declared:
        case ir.ListOf(ir.Nullable(item)) | ir.ListOf(item):
            return (item,)
        case ir.Primitive.ANY:
            return (declared,)
        case ir.OneOf(alternatives):
            return tuple(item for each in alternatives for item in _items(each))
        case _:
            return ()


def _check_example(event: ir.Event, hold: Hold, report: Report) -> None:
    for value in _values(event.example, hold.path):
        if not _is_true(hold, event.example, value):
            shown = visible(json.dumps(value, ensure_ascii=False))
            shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}..."
            message = f"the example of '{event.tag}' has {shown} at '{member_text(hold.path)}'"
            report.add(UNTRUE_EXAMPLE, hold.span, message, "mend the example, or this statement")
            return


def _values(example: ir.JsonValue, path: Path) -> Iterator[ir.JsonValue]:
    """Give what a path leads to; a missing member is null."""
    if not path:
        yield example
    elif path[0] in (ALL, ALL_BUT_LAST):
        elements = example if isinstance(example, list) else []
        for element in elements if path[0] == ALL else elements[:-1]:
            yield from _values(element, path[1:])
    else:
        yield from _values(example.get(path[0]) if isinstance(example, dict) else None, path[1:])


def _is_true(hold: Hold, example: ir.JsonValue, value: ir.JsonValue) -> bool:
    if hold.values:
        return any(_equal(value, each) for each in hold.values) == (hold.relation == "=")
    if hold.relation == IS_JSON:
        return not isinstance(value, str) or _is_json(value)
    others = [other for path in hold.paths for other in _values(example, path)]
    if value is None or None in others:
        return True
    numbers = [each for each in (value, *others) if isinstance(each, (int, float))]
    if len(numbers) != len(others) + 1:
        return hold.relation != "=" or len(others) != 1 or value == others[0]
    first, total = numbers[0], sum(numbers[1:])
    return {"=": first == total, ">=": first >= total, "<=": first <= total}[hold.relation]


def _equal(value: ir.JsonValue, wanted: HeldValue) -> bool:
    if isinstance(wanted, tuple):
        return value == []
    return isinstance(value, bool) == isinstance(wanted, bool) and value == wanted


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


CHECKS = (statements,)
