"""Third pass: every step of every fold is checked against the types that it goes through."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.suggest import did_you_mean
from ..diagnostics.values import Report, Span
from ..model import ir
from ..syntax.declarations import Text
from ..syntax.foldexpr import FoldExpr, IndexStep, MemberStep
from .symbols import Symbols

FOLD_WITHOUT_STATE = Rule(
    "E502",
    Severity.ERROR,
    "fold without a state",
    "A fold changes the object that the stream builds up, which `state` in spec.yaml names.",
)
DEAD_PATH = Rule(
    "E503",
    Severity.ERROR,
    "path that leads nowhere",
    "Every step of a fold is checked, so that the accumulator cannot fail on a well-formed stream.",
)
UNUSABLE_INDEX = Rule(
    "E504",
    Severity.ERROR,
    "index that is not an integer of the event",
    "`[name]` goes to the element whose position the field `name` of the event gives.",
)
UNKNOWN_ELEMENT = Rule(
    "E505",
    Severity.ERROR,
    "element of unknown type",
    "The elements of a list may be of several types; `as` says which one the event is about.",
)
IMPOSSIBLE_ELEMENT = Rule(
    "E506",
    Severity.ERROR,
    "element that cannot be of that type",
    "`as` names one of the types that the list may hold.",
)
UNKNOWN_SOURCE = Rule(
    "E507",
    Severity.ERROR,
    "source that the event does not have",
    "What a fold puts into the state comes from a field of the event.",
)
MISFIT = Rule(
    "E508",
    Severity.ERROR,
    "value that does not fit its place",
    "The state keeps its types: text goes to text, a number to a number.",
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
INDEX_INTO_LISTS = Rule(
    "E514",
    Severity.ERROR,
    "index into a list of lists",
    "Every list that a fold goes into is a field with a name, so that it can be made when missing.",
)
AMBIGUOUS_ELEMENT = Rule(
    "W515",
    Severity.WARNING,
    "element that may be of another type",
    (
        "Which of two types with one tag an object is depends on its fields; a fold that names one of them changes "
        "nothing in an element that came as the other. Where each type has a statement, one of them fits."
    ),
)


class FoldBinder:
    """Checks every step of every fold against the types that it goes through."""

    def __init__(
        self, spec: ir.Spec, state: ir.RecordRef | ir.Unknown | None, symbols: Symbols, report: Report
    ) -> None:
        self._spec = spec
        self._state = state
        self._rivalling: set[tuple[str, str]] = set()
        self._symbols = symbols
        self._report = report

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
        bound = [self._fold(event, fold, self._state) for fold in declared]
        return replace(event, folds=tuple(fold for fold in bound if fold))

    def _report_no_state(self) -> None:
        """Report the first fold of a spec without a state: it is one mistake, however many events have a fold."""
        for event in self._spec.events:
            folds = self._symbols.events[event.tag].folds
            if folds:
                message = f"fold of '{event.tag}', but the spec has no state"
                hint = "name the type that the stream builds up: 'state:' in spec.yaml"
                self._report.add(FOLD_WITHOUT_STATE, folds[0].span, message, hint)
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

    def _detail(self, event: ir.Event, key: str, path: Text) -> tuple[str, ...] | None:
        """Check a path into an event: to an object that tells what went wrong for an error, to text for all else."""

        def missing(name: str, known: list[str]) -> None:
            fields = f"fields: {', '.join(known)}" if known else "end the path before it"
            message = f"'{key}' goes into '{name}', which is not there"
            self._report.add(DEAD_DETAIL, path.span, message, did_you_mean(name, known) or fields)

        names = () if path.value == "event" else tuple(path.value.split("."))
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

    def _leads(self, event: ir.Event, names: Iterable[str], missing: Callable[[str, list[str]], None]) -> ir.Bound:
        """Give the type of what a path into an event leads to.

        Args:
            missing: Reports a field that is not there, given its name and those that are there.
        """
        within: ir.Bound = ir.RecordRef(event.record.name)
        for name in names:
            if within is ir.UNKNOWN:
                break
            record = self._spec.records[within.name] if isinstance(within, ir.RecordRef) else None
            found = record.member(name) if record else None
            if found is None:
                missing(name, [field.name for field in record.fields] if record else [])
                return ir.UNKNOWN
            within = found
        return within

    def _fold(self, event: ir.Event, fold: FoldExpr, state: ir.RecordRef | ir.Unknown) -> ir.Fold | None:
        """Bind a fold; None where anything in it is unknown."""
        source = self._source(event, fold)
        if state is ir.UNKNOWN:
            return None
        target: ir.Type = state
        steps: list[ir.Step] = []
        path = () if self._replaces_state(fold, state, source) else fold.steps
        for position, step in enumerate(path):
            following = path[position + 1] if position + 1 < len(path) else None
            previous = path[position - 1] if position else None
            bound = self._step(event, target, step, previous, following)
            if bound is None:
                return None
            steps.append(bound)
            target = bound.type
        if source is ir.UNKNOWN or not self._fits(fold, target, source):
            return None
        text = f"{_path_text(fold)} {'+=' if fold.append else '='} "
        text += f'"{fold.literal}"' if fold.literal is not None else ".".join(fold.source)
        return ir.Fold(tuple(steps), fold.append, fold.source, fold.literal, text, source)

    def _replaces_state(self, fold: FoldExpr, state: ir.RecordRef, source: ir.Bound) -> bool:
        """Whether a fold is about the state as a whole.

        A state may have a field called `state`; then the type of the value tells which of the two is meant.
        """
        lone = [step.name for step in fold.steps if isinstance(step, MemberStep)] == ["state"] and len(fold.steps) == 1
        has_field = self._spec.records[state.name].member("state") is not None
        return lone and (not has_field or source == state)

    def _step(
        self, event: ir.Event, within: ir.Type, step: MemberStep | IndexStep, previous: object, following: object
    ) -> ir.Step | None:
        match step:
            case IndexStep(index, type_name, span, index_span, type_span):
                if isinstance(previous, IndexStep):
                    hint = "make the inner list a field of an object type"
                    self._report.add(
                        INDEX_INTO_LISTS, span, f"'[{index}]' goes into a list that is in a list itself", hint
                    )
                    return None
                if not isinstance(within, ir.ListOf):
                    self._report.add(DEAD_PATH, span, f"'[{index}]' goes into what is not a list", "index a list field")
                    return None
                position = event.record.member(index)
                if position is ir.UNKNOWN:
                    return None
                if position is not ir.Primitive.INTEGER:
                    integers = [known.name for known in event.record.fields if known.bound is ir.Primitive.INTEGER]
                    hint = did_you_mean(index, integers) or f"use one of: {', '.join(integers) or 'none there'}"
                    self._report.add(
                        UNUSABLE_INDEX, index_span, f"event '{event.tag}' has no integer field '{index}'", hint
                    )
                    return None
                item = within.item.type if isinstance(within.item, ir.Nullable) else within.item
                record = self._narrow(event, item, type_name, type_span) if type_name else ""
                if record is None:
                    return None
                if isinstance(item, ir.UnionRef) and not record and isinstance(following, (MemberStep, IndexStep)):
                    hint = f"write [{index} as {self._narrowed(item.name, following)}"
                    self._report.add(UNKNOWN_ELEMENT, span, f"the element is any of '{item.name}'", hint)
                    return None
                return ir.Element(index, record, ir.RecordRef(record) if record else item)
            case MemberStep(name, span):
                return self._member(within, name, span)

    def _narrowed(self, union: str, following: MemberStep | IndexStep) -> str:
        """Give the rest of the step that a path through any variant lacks."""
        records = self._spec.unions[union].records
        if isinstance(following, MemberStep):
            records = tuple(name for name in records if self._spec.records[name].field(following.name)) or records
        return f"{records[0]}]" if len(records) == 1 else f"Type] with one of: {', '.join(records[:6])}"

    def _narrow(self, event: ir.Event, item: ir.Type, name: str, span: Span) -> str | None:
        allowed: tuple[str, ...] = ()
        if isinstance(item, ir.UnionRef):
            allowed = self._spec.unions[item.name].records
        elif isinstance(item, ir.RecordRef):
            allowed = (item.name,)
        if name in allowed:
            if isinstance(item, ir.UnionRef):
                self._warn_of_rivals(event, self._spec.unions[item.name], name, span)
            return name
        if name in self._symbols.unknown or self._may_be_variant(item, name):
            return None
        hint = did_you_mean(name, allowed) or f"one of: {', '.join(allowed[:6])}"
        self._report.add(IMPOSSIBLE_ELEMENT, span, f"the element cannot be '{name}'", hint)
        return None

    def _warn_of_rivals(self, event: ir.Event, union: ir.Union, name: str, span: Span) -> None:
        """Warn, once for a type, that an element may have come as another type that the event does not think of."""
        folds = self._symbols.events[event.tag].folds or ()
        thought_of = {step.type for fold in folds for step in fold.steps if isinstance(step, IndexStep)}
        for tag, choices in union.by_tag:
            records = [choice.record for choice in choices]
            rivals = [record for record in records if record != name and record not in thought_of]
            told_apart = all(choice.when for choice in choices[:-1])
            if name in records and rivals and told_apart and (union.name, name) not in self._rivalling:
                self._rivalling.add((union.name, name))
                message = f"'{name}' has the tag '{tag}' of '{rivals[0]}': an element that came as that is passed over"
                hint = f"add a statement for '{rivals[0]}' to the fold, or make one type of the two"
                self._report.add(AMBIGUOUS_ELEMENT, span, message, hint)

    def _member(self, within: ir.Type, name: str, span: Span) -> ir.Step | None:
        owners: tuple[str, ...] = ()
        if isinstance(within, ir.RecordRef):
            owners = (within.name,)
        elif isinstance(within, ir.UnionRef):
            owners = self._spec.unions[within.name].records
        found = [self._spec.records[owner].member(name) for owner in owners]
        if ir.UNKNOWN in found or (not any(found) and self._may_be_more(within)):
            return None
        types = list(dict.fromkeys(each for each in found if each is not None and each is not ir.UNKNOWN))
        if len(types) == 1:
            return ir.Member(name, owners[0] if isinstance(within, ir.RecordRef) else "", types[0])
        if types:
            hint = "go through an element with 'as', so that the type is known"
            self._report.add(UNKNOWN_ELEMENT, span, f"'{name}' has different types in the variants of a union", hint)
            return None
        known = [known.name for owner in owners for known in self._spec.records[owner].fields]
        owner_text = " or ".join(f"'{owner}'" for owner in owners[:3]) or "what is there"
        hint = did_you_mean(name, known) or (f"fields: {', '.join(known[:8])}" if known else "only objects have fields")
        self._report.add(DEAD_PATH, span, f"{owner_text} has no field '{name}'", hint)
        return None

    def _may_be_more(self, declared: ir.Type) -> bool:
        """Whether a type is a union that may have more variants than are known."""
        return isinstance(declared, ir.UnionRef) and not self._spec.unions[declared.name].complete

    def _may_be_variant(self, declared: ir.Type, name: str) -> bool:
        """Whether a type is a union of which a name may be one of the variants that are not known."""
        if not isinstance(declared, ir.UnionRef) or not self._may_be_more(declared):
            return False
        listed = [choice.type.value for choice in self._symbols.unions[declared.name].variants]
        return name in listed or name in self._symbols.types

    def _source(self, event: ir.Event, fold: FoldExpr) -> ir.Bound:
        if fold.literal is not None:
            return ir.Literal(fold.literal)

        def missing(name: str, known: list[str]) -> None:
            no_fields = "a path can go through fields that hold an object of one type only"
            hint = did_you_mean(name, known) or (f"fields: {', '.join(known)}" if known else no_fields)
            self._report.add(UNKNOWN_SOURCE, fold.source_span, f"event '{event.tag}' has no field '{name}'", hint)

        return self._leads(event, fold.source, missing)

    def _fits(self, fold: FoldExpr, target: ir.Type, source: ir.Type) -> bool:
        if fold.append:
            if target is ir.Primitive.STRING and source is ir.Primitive.STRING:
                return True
            message = f"'+=' with '{ir.type_text(source)}' at '{_path_text(fold)}', which is '{ir.type_text(target)}'"
            self._report.add(MISFIT, fold.span, message, "append a string to a string, or use '='")
            return False
        if self._assignable(target, source):
            return True
        if fold.literal is not None and isinstance(target, ir.EnumRef):
            values = [value.value for value in self._spec.enums[target.name].values]
            hint = did_you_mean(fold.literal, values) or f"one of: {', '.join(values)}"
            message = f"\"{fold.literal}\" is not a value of '{target.name}'"
            self._report.add(MISFIT, fold.source_span, message, hint)
            return False
        shown = f'"{fold.literal}"' if fold.literal is not None else f"'{'.'.join(fold.source)}'"
        message = (
            f"{shown} is of type '{ir.type_text(source)}', its place '{_path_text(fold)}' of '{ir.type_text(target)}'"
        )
        self._report.add(
            MISFIT, fold.source_span, message, "put a value of the same type there, or change one of the two"
        )
        return False

    def _assignable(self, target: ir.Type, source: ir.Type) -> bool:
        if target == source or target is ir.Primitive.ANY or self._may_be_more(target) or self._may_be_more(source):
            return True
        match target, source:
            case ir.Primitive.NUMBER, ir.Primitive.INTEGER:
                return True
            case ir.Primitive.STRING, ir.Literal() | ir.EnumRef():
                return True
            case (ir.Primitive.INTEGER | ir.Primitive.NUMBER | ir.Primitive.BOOLEAN), ir.Constants():
                return ir.kinds(target) == ir.kinds(source)
            case ir.Constants(allowed), ir.Constants(given):
                return set(given) <= set(allowed) and ir.kinds(target) == ir.kinds(source)
            case ir.Nullable(inner), _:
                return self._assignable(inner, source.type if isinstance(source, ir.Nullable) else source)
            case ir.EnumRef(name), ir.Literal(value):
                # An open enum may grow on the wire; what the spec itself writes is in its list.
                values = {known.value for known in self._spec.enums[name].values}
                return not values or value in values
            case ir.UnionRef(name), ir.RecordRef(record):
                return record in self._spec.unions[name].records
            case ir.UnionRef(name), ir.UnionRef(other):
                return bool(set(self._spec.unions[name].records) & set(self._spec.unions[other].records))
            case ir.RecordRef(record), ir.UnionRef(name):
                return record in self._spec.unions[name].records
            case ir.ListOf(item), ir.ListOf(other_item):
                return self._assignable(item, other_item)
            case ir.OneOf(alternatives), _:
                return any(self._assignable(alternative, source) for alternative in alternatives)
            case _:
                return False


def _path_text(fold: FoldExpr) -> str:
    text = ""
    for step in fold.steps:
        match step:
            case MemberStep(name):
                text += f".{name}" if text else name
            case IndexStep(index, type_name):
                text += f"[{index} as {type_name}]" if type_name else f"[{index}]"
    return text
