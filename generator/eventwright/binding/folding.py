"""Third pass: what events do to the state, and how they end the stream, is checked against the types."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.suggest import did_you_mean
from ..diagnostics.values import Report
from ..model import ir
from ..syntax.declarations import EachDecl, StatementDecl, Text, WhenDecl
from ..syntax.foldexpr import FILL, FoldExpr, MemberStep, PathExpr
from ..syntax.paths import parse_way, path_text
from ..syntax.walks import changes
from .sources import Scope, Scopes, Sources
from .steps import DEAD_PATH, MISPLACED_EVERY, Steps
from .symbols import Symbols
from .values import Values

FOLD_WITHOUT_STATE = Rule(
    "E502",
    Severity.ERROR,
    "fold without a state",
    "A fold changes the object that the stream builds up, which `state` in spec.yaml names.",
)
DEAD_DETAIL = Rule(
    "E512",
    Severity.ERROR,
    "detail of an end that leads nowhere",
    (
        "`reason` and `status` lead to a text of the event, and `error` to an object that says what went wrong; "
        "programs show them."
    ),
)
DETAIL_WITHOUT_END = Rule(
    "E513",
    Severity.ERROR,
    "detail of an end without an end",
    "`reason`, `status` and `error` say more about how a stream ends, so they belong to an event with `ends`.",
)
REMOVED_FOR_GOOD = Rule(
    "E520",
    Severity.ERROR,
    "`remove` of what has to be there",
    "`remove` clears a field that may be absent or null, or takes an element out of a list.",
)


class FoldBinder:
    """Checks every step of every fold against the types that it goes through."""

    def __init__(
        self,
        spec: ir.Spec,
        state: ir.RecordRef | ir.UnionRef | ir.Unknown | None,
        symbols: Symbols,
        report: Report,
    ) -> None:
        self._spec = spec
        self._state = state
        self._symbols = symbols
        self._report = report
        self._sources = Sources(spec, report)
        self._steps = Steps(spec, symbols, self._sources, report)
        self._values = Values(spec, report)

    def spec(self) -> ir.Spec:
        """Give the spec with its folds, and with where its terminal events say how the stream ended."""
        if self._state is None:
            self._report_no_state()
        return replace(self._spec, modules=tuple(self._module(module) for module in self._spec.modules))

    def _module(self, module: ir.Module) -> ir.Module:
        return replace(module, events=tuple(self._event(event) for event in module.events))

    def _event(self, event: ir.Event) -> ir.Event:
        event = self._end(event)
        declared = self._symbols.events[event.tag].folds
        if not declared or self._state is None:
            return event
        scope = Scope(ir.RecordRef(event.record.name), f"event '{event.tag}'")
        return replace(event, folds=self._statements(event, (scope,), declared, self._state))

    def _report_no_state(self) -> None:
        """Report the first fold of a spec without a state: it is one mistake, however many events have a fold."""
        for event in self._spec.events:
            first = next(changes(self._symbols.events[event.tag].folds), None)
            if first:
                message = f"fold of '{event.tag}', but the spec has no state"
                hint = "name the type that the stream builds up: 'state:' in spec.yaml"
                self._report.add(FOLD_WITHOUT_STATE, first.span, message, hint)
                return

    def _end(self, event: ir.Event) -> ir.Event:
        """Bind what an event says about the end of the stream."""
        declared = self._symbols.events[event.tag]
        texts = (("reason", declared.reason), ("status", declared.status))
        named = [(key, path) for key, path in texts if path]
        named += [("error", path) for path in declared.errors]
        if named and not declared.ends:
            key, path = named[0]
            hint = "add 'ends:' with how the stream ends, or remove it"
            self._report.add(DETAIL_WITHOUT_END, path.span, f"'{key}' of an event that does not end the stream", hint)
            return event
        found = [(key, self._detail(event, key, path)) for key, path in named]
        return replace(
            event,
            reason=next((path for key, path in found if key == "reason"), None),
            status=next((path for key, path in found if key == "status"), None),
            errors=tuple(path for key, path in found if key == "error" and path is not None),
        )

    def _detail(self, event: ir.Event, key: str, path: Text) -> ir.Way | None:
        """Check a path into an event: to an object that tells what went wrong for an error, to text for all else."""

        def missing(name: str, known: list[str]) -> None:
            fields = f"fields: {', '.join(known)}" if known else "end the path before it"
            message = f"'{key}' goes into '{name}', which is not there"
            self._report.add(DEAD_DETAIL, path.span, message, did_you_mean(name, known) or fields)

        names = () if path.value == "event" else parse_way(path.value)
        if names is None:
            hint = "write the names of members with full stops between them, and [0] or [*] to go into a list"
            self._report.add(DEAD_DETAIL, path.span, f"'{path.value}' under '{key}' is no path", hint)
            return None
        found = self._leads(event, names, missing)
        if found is ir.UNKNOWN:
            return None
        if key != "error":
            fits = found is ir.Primitive.STRING or isinstance(found, ir.EnumRef)
        else:
            record = self._spec.records[found.name] if isinstance(found, ir.RecordRef) else None
            fits = record is not None and (record.member("message") or record.member("code")) is not None
        if not fits:
            hint = "name a text" if key != "error" else "name an object with a 'message' or a 'code'"
            self._report.add(DEAD_DETAIL, path.span, f"'{key}' leads to a value of another type", hint)
        return names if fits else None

    def _leads(self, event: ir.Event, way: ir.Way, missing: Callable[[str, list[str]], None]) -> ir.Bound:
        """Give the type of what a path into an event leads to.

        Args:
            missing: Reports a field that is not there, given its name and those that are there.
        """
        within: ir.Bound = ir.RecordRef(event.record.name)
        for step in way:
            if within is ir.UNKNOWN:
                break
            record = self._spec.records[within.name] if isinstance(within, ir.RecordRef) else None
            if isinstance(step, str):
                found = record.member(step) if record else None
            else:
                found = within.item if isinstance(within, ir.ListOf) else None
            if found is None:
                missing(ir.way_text((step,)), [field.name for field in record.fields] if record else [])
                return ir.UNKNOWN
            within = found
        return within

    def _statements(
        self,
        event: ir.Event,
        scopes: Scopes,
        declared: Iterable[StatementDecl],
        state: ir.RecordRef | ir.UnionRef | ir.Unknown,
    ) -> tuple[ir.Statement, ...]:
        """Bind statements, and leave out those in which anything is unknown."""
        found: list[ir.Statement] = []
        for statement in declared:
            match statement:
                case FoldExpr():
                    fold = self._fold(event, scopes, statement, state)
                    found += [fold] if fold else []
                case WhenDecl(tests, inner):
                    conditions = tuple(ir.Test(test.path, test.value) for test in tests)
                    spans = tuple(test.span for test in tests)
                    do = self._statements(event, scopes, inner, state)
                    text = f"when {', '.join(map(_test_text, conditions))}:"
                    found.append(ir.When(len(scopes) - 1, conditions, do, text, spans))
                case EachDecl(do=inner):
                    entered = self._sources.each(scopes, statement)
                    if entered is not None:
                        source, scope = entered
                        do = self._statements(event, (*scopes, scope), inner, state)
                        found.append(ir.Each(source, do, f"each {statement.source}:"))
        return tuple(found)

    def _fold(
        self, event: ir.Event, scopes: Scopes, fold: FoldExpr, state: ir.RecordRef | ir.UnionRef | ir.Unknown
    ) -> ir.Fold | None:
        """Bind one change; None where anything in it is unknown."""
        written = fold.value
        value = self._sources.bind(scopes, written, may_be_text=True) if isinstance(written, PathExpr) else written
        if state is ir.UNKNOWN:
            return None
        kind = None if value is ir.UNKNOWN else _type_of(value)
        steps: tuple[ir.Step, ...] | None = ()
        if not self._is_of_the_whole(fold, state, kind):
            steps = self._way(event, scopes, state, fold)
        if steps is None or value is ir.UNKNOWN:
            return None
        operator = ir.Operator(fold.operator)
        target = steps[-1].type if steps else state
        if operator is ir.Operator.REMOVE:
            fits = self._can_go(fold, steps, state)
        else:
            fits = self._is_one_place(fold, steps) and kind is not None and self._values.fits(fold, target, kind)
        return ir.Fold(steps, operator, value, str(fold)) if fits else None

    def _way(
        self, event: ir.Event, scopes: Scopes, state: ir.RecordRef | ir.UnionRef, fold: FoldExpr
    ) -> tuple[ir.Step, ...] | None:
        """Bind the way to a place in the state; None where it cannot be taken, which is reported."""
        if isinstance(state, ir.RecordRef):
            return self._steps.bind(event, scopes, state, fold)
        hint = f"write 'state {fold.operator} ...', or give the state one type, with '{state.name}' in a field"
        message = f"'{fold.path_text}' goes into a state that is any of '{state.name}', which changes as a whole"
        self._report.add(DEAD_PATH, fold.steps[0].span, message, hint)
        return None

    def _is_of_the_whole(self, fold: FoldExpr, state: ir.RecordRef | ir.UnionRef, value: ir.Type | None) -> bool:
        """Whether a fold is about the state as a whole.

        A state may have a field called `state`; then the type of the value tells which of the two is meant.
        """
        if len(fold.steps) != 1 or not isinstance(fold.steps[0], MemberStep) or fold.steps[0].name != "state":
            return False
        if fold.operator == FILL:
            return False
        if isinstance(state, ir.UnionRef):
            return True
        field = self._sources.find(state, ["state"])
        if field is None or field is ir.UNKNOWN:
            return True
        if fold.operator == "|=":
            return ir.Kind.OBJECT not in ir.kinds(field)
        return value == state

    def _is_one_place(self, fold: FoldExpr, steps: tuple[ir.Step, ...]) -> bool:
        """Whether the way ends at one place, which only a merge need not; if not, that is reported (E519)."""
        last = steps[-1] if steps else None
        if fold.operator == "|=" or not isinstance(last, ir.Element) or not isinstance(last.selector, ir.Every):
            return True
        path = _before_last(fold)
        hint = f"go on to a field: {path}[*].field, or change the whole list: {path} {fold.operator} ..."
        self._report.add(MISPLACED_EVERY, fold.steps[-1].span, f"'{fold}' has no single place", hint)
        return False

    def _can_go(self, fold: FoldExpr, steps: tuple[ir.Step, ...], state: ir.RecordRef | ir.UnionRef) -> bool:
        """Whether what a fold removes may be gone; if not, that is reported (E519, E520)."""
        *rest, last = steps or (None,)
        match last:
            case None:
                hint = "name a field of it, or an element of a list"
                self._report.add(REMOVED_FOR_GOOD, fold.span, "the state as a whole cannot be removed", hint)
                return False
            case ir.Element(selector):
                if isinstance(selector, ir.Every):
                    message = f"'{fold}' takes out one element after the other"
                    hint = (
                        f"name one of them; '{fold.operator} {_before_last(fold)}' clears the list if it may be absent"
                    )
                    self._report.add(MISPLACED_EVERY, fold.steps[-1].span, message, hint)
                return not isinstance(selector, ir.Every)
            case ir.Member(name):
                owners = self._spec.records_of(rest[-1].type if rest else state)
                fields = [(owner, self._spec.records[owner].field(name)) for owner in owners]
                kept = [
                    (owner, field) for owner, field in fields if field and not field.optional and not field.nullable
                ]
                if kept:
                    message = f"'{name}' of '{kept[0][0]}' has to be there"
                    hint = f"add 'optional: true' to the field, or write '{fold.path_text} = ...' with another value"
                    self._report.add(REMOVED_FOR_GOOD, fold.value_span, message, hint)
                return not kept


def _before_last(fold: FoldExpr) -> str:
    """Write the way without its last step."""
    return replace(fold, steps=fold.steps[:-1]).path_text


def _test_text(test: ir.Test) -> str:
    wanted = "any" if test.value is None else json.dumps(test.value, ensure_ascii=False)
    return f"{path_text(test.path)}: {wanted}"


def _type_of(value: ir.Source | str | int | float | None) -> ir.Type | None:
    match value:
        case ir.Source():
            return value.type
        case str():
            return ir.Literal(value)
        case int():
            return ir.Constants((value,))
        case float():
            return ir.Primitive.NUMBER
        case None:
            return None
