"""Readings, what people ask the state for: every step of their paths is checked, and gives the type of the answer."""

from __future__ import annotations

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.suggest import did_you_mean
from ..diagnostics.values import Report
from ..model import ir
from ..syntax.declarations import ReadingDecl, SpecDecl
from ..syntax.foldexpr import EveryExpr, IndexStep, MemberStep, NthExpr, Step
from .binder import said
from .missing import missing_field

DEAD_READING = Rule(
    "E526",
    Severity.ERROR,
    "reading that leads nowhere",
    "A reading has a type, so each of its steps is checked: fields, all elements of lists, or the one at a position.",
)
MISLEADING_READING = Rule(
    "E527",
    Severity.ERROR,
    "reading with the name of a field that is something else",
    "A reading and a field of the state that have one name are taken for the same.",
)


def bind_readings(
    spec: ir.Spec, state: ir.RecordRef | ir.UnionRef | ir.Unknown | None, declared: SpecDecl, report: Report
) -> tuple[ir.Reading, ...]:
    """Bind the readings of a spec; what leads nowhere is left out and reported.

    Args:
        spec: The spec without its readings.
        state: What the stream builds up; None where the spec has none.
        declared: What is written.
        report: Takes what is wrong.
    """
    if state is None:
        for reading in declared.readings[:1]:
            hint = "name the type that the stream builds up: 'state:' in spec.yaml"
            message = f"reading '{reading.name.value}', but the spec has no state"
            report.add(DEAD_READING, reading.name.span, message, hint)
    if state is None or isinstance(state, ir.Unknown):
        return ()
    binder = _ReadingBinder(spec, state, report)
    return tuple(bound for reading in declared.readings if (bound := binder.reading(reading)))


class _ReadingBinder:
    """Follows the paths of readings through the types of the state."""

    def __init__(self, spec: ir.Spec, state: ir.RecordRef | ir.UnionRef, report: Report) -> None:
        self._spec = spec
        self._state = state
        self._report = report

    def reading(self, declared: ReadingDecl) -> ir.Reading | None:
        """Bind a reading; None where it leads nowhere."""
        if declared.steps is None:
            return None
        within: ir.Type = self._state
        steps: list[ir.Member | ir.Pick] = []
        for step in declared.steps:
            bound = self._member(step, within) if isinstance(step, MemberStep) else self._pick(step, within)
            if bound is None:
                return None
            steps.append(bound)
            within = bound.type
        path = _path_text(declared.steps)
        if not self._fits(declared, within, path):
            return None
        name = declared.name
        reading = ir.Reading(name.value, said(declared.doc), declared.join, tuple(steps), within, path, name.span)
        self._check_name(reading)
        return reading

    def _fits(self, declared: ReadingDecl, found: ir.Type, path: str) -> bool:
        """Whether what a path leads to can be put together, or listed."""
        shown = f"'{path}' leads to '{ir.type_text(found)}'"
        if isinstance(found, ir.ListOf):
            self._report.add(DEAD_READING, declared.span, shown, f"write '{path}[*]' for its elements")
            return False
        if declared.join and not ir.kinds(found) <= {ir.Kind.STRING}:
            hint = f"write 'all: {path}', or go on to a text"
            self._report.add(DEAD_READING, declared.span, f"{shown}, which is no text to join", hint)
            return False
        return True

    def _check_name(self, reading: ir.Reading) -> None:
        fields = [self._spec.records[name].field(reading.name) for name in self._records(self._state)]
        field = next(filter(None, fields), None)
        if field is None or field.bound in (ir.UNKNOWN, reading.result):
            return
        found, own = ir.type_text(field.type), ir.type_text(reading.result)
        message = f"reading '{reading.name}' is '{own}', and the field '{reading.name}' of the state is '{found}'"
        self._report.add(
            MISLEADING_READING, reading.span, message, f"give it another name, such as 'all_{reading.name}'"
        )

    def _member(self, step: MemberStep, within: ir.Type) -> ir.Member | None:
        if isinstance(within, ir.ListOf):
            message = f"'{step.name}' goes into a list"
            self._report.add(DEAD_READING, step.span, message, f"write '[*].{step.name}' for that of all elements")
            return None
        records = [self._spec.records[name] for name in self._records(within)]
        found = [record.member(step.name) for record in records]
        if ir.UNKNOWN in found:
            return None
        types = list(dict.fromkeys(each for each in found if each is not None and each is not ir.UNKNOWN))
        if len(types) == 1:
            return ir.Member(step.name, records[0].name if len(records) == 1 else "", types[0])
        if types:
            names = ", ".join(record.name for record in records if record.field(step.name))
            message = f"'{step.name}' has different types in the variants of a union"
            self._report.add(DEAD_READING, step.span, message, f"say which one with 'as' in the step before: {names}")
            return None
        if all(record.complete for record in records):
            message, hint = missing_field(step.name, records, "only objects have fields", may_be_state=True)
            self._report.add(DEAD_READING, step.span, message, hint)
        return None

    def _pick(self, step: IndexStep, within: ir.Type) -> ir.Pick | None:
        if not isinstance(within, ir.ListOf):
            message = f"'[{step.selector}]' goes into what is not a list"
            self._report.add(DEAD_READING, step.span, message, "remove it, or name a list before it")
            return None
        if not isinstance(step.selector, (EveryExpr, NthExpr)):
            message = f"'[{step.selector}]' is no element: a reading has no event with positions"
            self._report.add(DEAD_READING, step.span, message, "write [*] for all elements, or [0] for the first")
            return None
        position = step.selector.position if isinstance(step.selector, NthExpr) else None
        item = within.item.type if isinstance(within.item, ir.Nullable) else within.item
        if not step.type:
            return ir.Pick(position, "", item)
        allowed = self._records(item)
        if step.type not in allowed:
            hint = did_you_mean(step.type, allowed) or f"one of: {', '.join(allowed[:6]) or 'no object stands there'}"
            self._report.add(DEAD_READING, step.type_span, f"the element cannot be '{step.type}'", hint)
            return None
        return ir.Pick(position, step.type, ir.RecordRef(step.type))

    def _records(self, declared: ir.Type) -> tuple[str, ...]:
        match declared:
            case ir.RecordRef(name):
                return (name,)
            case ir.UnionRef(name):
                return self._spec.unions[name].records
            case _:
                return ()


def _path_text(steps: tuple[Step, ...]) -> str:
    text = ""
    for step in steps:
        match step:
            case MemberStep(name):
                text += f".{name}" if text else name
            case IndexStep():
                text += str(step)
    return text
