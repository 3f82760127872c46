"""Binds the way that a fold takes into the state, step by step."""

from __future__ import annotations

from collections.abc import Iterator

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.suggest import did_you_mean
from ..diagnostics.values import Report, Span
from ..model import ir
from ..syntax.foldexpr import (
    EveryExpr,
    FoldExpr,
    IndexStep,
    KeyedExpr,
    MemberStep,
    NthExpr,
    PathExpr,
    PositionExpr,
    Step,
    name_text,
)
from ..syntax.walks import changes
from .missing import missing_field
from .sources import Scopes, Sources
from .symbols import Symbols

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
UNUSABLE_KEY = Rule(
    "E518",
    Severity.ERROR,
    "key that does not tell elements apart",
    (
        "In `[value is key]`, `value` is a text or a whole number of the event, and `key` a field of the element "
        "with the same type."
    ),
)
MISPLACED_EVERY = Rule(
    "E519",
    Severity.ERROR,
    "`[*]` where one place is needed",
    (
        "`[*]` stands for all elements, so the way goes on behind it; an element by key behind it is looked for in a "
        "list of each of them."
    ),
)

_ALL = ("any", "all", "each", "every")
_FIRST = ("first",)
_KEYS = frozenset([ir.Kind.STRING, ir.Kind.NUMBER])


class Steps:
    """Binds ways into the state."""

    def __init__(self, spec: ir.Spec, symbols: Symbols, sources: Sources, report: Report) -> None:
        self._spec = spec
        self._symbols = symbols
        self._sources = sources
        self._report = report
        self._rivalling: set[tuple[str, str]] = set()

    def bind(self, event: ir.Event, scopes: Scopes, state: ir.RecordRef, fold: FoldExpr) -> tuple[ir.Step, ...] | None:
        """Bind the way of a fold, which begins at the state; None where a step cannot be taken, which is reported."""
        if not self._every_is_fine(fold.steps):
            return None
        within: ir.Type = state
        steps: list[ir.Step] = []
        for place, step in enumerate(fold.steps):
            bound: ir.Step | None
            match step:
                case MemberStep(name, span):
                    bound = self._member(within, name, span, is_first=place == 0 and len(fold.steps) > 1)
                case IndexStep():
                    bound = self._element(event, scopes, within, fold, place)
            if bound is None:
                return None
            steps.append(bound)
            within = bound.type
        return tuple(steps)

    def _every_is_fine(self, way: tuple[Step, ...]) -> bool:
        """Whether all elements of a list are meant only where they can be; if not, that is reported (E519)."""
        search = False
        for place, step in reversed(list(enumerate(way))):
            selector = step.selector if isinstance(step, IndexStep) else None
            if isinstance(selector, KeyedExpr):
                search = True
            elif isinstance(selector, EveryExpr):
                # Behind it come the list and the key.
                found = way[place + 2] if search else None
                if search and not (isinstance(found, IndexStep) and isinstance(found.selector, KeyedExpr)):
                    message = f"'{step}' is not the last step before the list that the key is looked for in"
                    hint = "write [* as Type].list[field is key]: nothing is made there, so the key comes at once"
                    self._report.add(MISPLACED_EVERY, step.span, message, hint)
                    return False
                search = False
        return True

    def _element(self, event: ir.Event, scopes: Scopes, within: ir.Type, fold: FoldExpr, place: int) -> ir.Step | None:
        way, step = fold.steps, fold.steps[place]
        assert isinstance(step, IndexStep), "only such a step goes to an element"
        following = way[place + 1] if place + 1 < len(way) else None
        if place and isinstance(way[place - 1], IndexStep):
            hint = "make the inner list a field of an object type"
            shown = f"[{step.selector}]"
            self._report.add(INDEX_INTO_LISTS, step.span, f"'{shown}' goes into a list that is in a list itself", hint)
            return None
        if not isinstance(within, ir.ListOf):
            message = f"'[{step.selector}]' goes into what is not a list"
            self._report.add(DEAD_PATH, step.span, message, "index a list field")
            return None
        item = within.item.type if isinstance(within.item, ir.Nullable) else within.item
        # Before the type: what is wrong with the selector may be wrong because it is in no order.
        selector = self._selector(scopes, item, fold, step)
        if selector is None:
            return None
        record = self._narrow(event, item, step.type, step.type_span) if step.type else ""
        if record is None:
            return None
        if isinstance(item, ir.UnionRef) and not record and following is not None:
            hint = f"write [{step.selector} as {self._narrowed(item.name, following)}"
            self._report.add(UNKNOWN_ELEMENT, step.span, f"the element is any of '{item.name}'", hint)
            return None
        return ir.Element(selector, record, ir.RecordRef(record) if record else item)

    def _selector(self, scopes: Scopes, item: ir.Type, fold: FoldExpr, step: IndexStep) -> ir.Selector | None:
        match step.selector:
            case EveryExpr():
                return ir.Every()
            case NthExpr(position):
                return ir.Nth(position)
            case PositionExpr(path, otherwise):
                positions = [
                    each if isinstance(each, int) else self._position(scopes, item, each, fold, step)
                    for each in (path, *otherwise)
                ]
                match [each for each in positions if each is not None]:
                    case [ir.Source() as source, *others] if len(others) == len(otherwise):
                        return ir.Position(source, tuple(others))
                return None
            case KeyedExpr(value, key, otherwise):
                values = [
                    each if isinstance(each, int) else self._key_value(scopes, item, each, key, step)
                    for each in (value, *otherwise)
                ]
                match [each for each in values if each is not None]:
                    case [ir.Source() as source, *others] if len(others) == len(otherwise):
                        return self._keyed(source, tuple(others), key, step)
                return None

    def _position(
        self, scopes: Scopes, item: ir.Type, path: PathExpr, fold: FoldExpr, step: IndexStep
    ) -> ir.Source | None:
        scope = scopes[-1]
        found = self._sources.find(scope.type, path.names) if path.names and not path.outer else None
        if path.outer or len(path.names) > 1:
            bound = self._sources.bind(scopes, path)
            if bound is ir.UNKNOWN:
                return None
            found = bound.type
        elif found is ir.UNKNOWN:
            return None
        if found is not None and ir.kinds(found) == {ir.Kind.NUMBER} and found is not ir.Primitive.NUMBER:
            return ir.Source(len(scopes) - 1 - path.outer, path.names, found)
        message = f"{scope.label} has no integer field '{path}'" if path.names else "'[]' names no element"
        self._report.add(UNUSABLE_INDEX, path.span, message, self._position_hint(scopes, item, path, fold, step))
        return None

    def _position_hint(self, scopes: Scopes, item: ir.Type, path: PathExpr, fold: FoldExpr, step: IndexStep) -> str:
        integers = list(self._integers(scopes))
        narrowed = f" as {step.type}" if step.type else ""
        name = str(path)
        # At the end of a way, only a merge is about all elements.
        may_be_all = step is not fold.steps[-1] or fold.operator == "|="
        if name in _ALL and may_be_all:
            return f"write [*{narrowed}] for all elements"
        if name in _FIRST:
            return f"write [0{narrowed}]"
        meant = did_you_mean(name, integers) if path.names else ""
        owner = ir.RecordRef(step.type) if step.type in self._spec.records else item
        uniques = sorted(self._unique(owner))
        if not meant and path.names and uniques and self._is_key(self._sources.find(scopes[-1].type, path.names)):
            return f"write [{path} is {name_text(uniques[0])}{narrowed}] for the element with that '{uniques[0]}'"
        if meant or integers:
            return meant or f"use one of: {', '.join(integers)}"
        others = f"[*{narrowed}] for all" if may_be_all else "add an integer to the event that says which"
        return f"write [0{narrowed}] for the first element, or {others}"

    def _unique(self, owner: ir.Type) -> frozenset[str]:
        records = (self._spec.records[name] for name in self._spec.records_of(owner))
        return frozenset(record.unique.name for record in records if record.unique)

    def _integers(self, scopes: Scopes) -> Iterator[str]:
        """Give the paths that lead to an integer, those first that begin at the innermost element."""
        for outer, scope in enumerate(reversed(scopes)):
            for name in self._sources.fields(scope.type):
                if self._sources.find(scope.type, [name]) is ir.Primitive.INTEGER:
                    yield f"{'outer.' * outer}{name_text(name)}"

    def _keyed(
        self, source: ir.Source, otherwise: tuple[ir.Source | int, ...], key: PathExpr, step: IndexStep
    ) -> ir.Keyed | None:
        number = next((each for each in otherwise if isinstance(each, int)), None)
        if number is not None and ir.kinds(source.type) != {ir.Kind.NUMBER}:
            message = f"'{number}' stands in for '{key}', which is '{ir.type_text(source.type)}'"
            self._report.add(UNUSABLE_KEY, step.span, message, f"remove '| {number}', or name a field")
            return None
        return ir.Keyed(source, key.names, otherwise)

    def _key_value(
        self, scopes: Scopes, item: ir.Type, value: PathExpr, key: PathExpr, step: IndexStep
    ) -> ir.Source | None:
        owner = ir.RecordRef(step.type) if step.type in self._spec.records_of(item) else item
        if self._is_swapped(scopes, owner, value, key):
            narrowed = f" as {step.type}" if step.type else ""
            message = f"'[{step.selector}]' has the field of the element before 'is'"
            hint = f"write [{key} is {value}{narrowed}]: first the field of the event, then that of the element"
            self._report.add(UNUSABLE_KEY, step.span, message, hint)
            return None
        source = self._sources.bind(scopes, value)
        if source is ir.UNKNOWN:
            return None
        if not self._spec.records_of(owner):
            message = f"elements that are '{ir.type_text(item)}' have no field '{key}'"
            hint = "write [index] with an integer of the event: only objects have keys"
            self._report.add(UNUSABLE_KEY, key.span, message, hint)
            return None
        for record in self._spec.records_of(owner):
            found = self._sources.find(ir.RecordRef(record), key.names)
            if found is ir.UNKNOWN:
                return None
            if found is None:
                known = self._sources.fields(ir.RecordRef(record))
                keys = [each for each in known if self._is_key(self._sources.find(ir.RecordRef(record), [each]))]
                hint = did_you_mean(key.names[-1], known) or f"name a field of '{record}': {', '.join(keys)}"
                if isinstance(item, ir.UnionRef) and not step.type:
                    hint = f"write [{step.selector} as Type] with a type that has it, or name a field that all have"
                self._report.add(UNUSABLE_KEY, key.span, f"'{record}' has no field '{key}'", hint)
                return None
            if not self._is_key(found) or not self._is_key(source.type) or ir.kinds(found) != ir.kinds(source.type):
                message = f"'{value}' is '{ir.type_text(source.type)}', and '{key}' is '{ir.type_text(found)}'"
                hint = "compare two texts, or two whole numbers"
                self._report.add(UNUSABLE_KEY, step.span, message, hint)
                return None
        return source

    def _is_swapped(self, scopes: Scopes, owner: ir.Type, value: PathExpr, key: PathExpr) -> bool:
        """Whether `[value is key]` would be right the other way round, and is wrong as it is."""
        if value.outer >= len(scopes):
            return False
        scope = scopes[len(scopes) - 1 - value.outer].type

        def fits(of_event: PathExpr, of_element: PathExpr) -> bool:
            found = (self._sources.find(scope, of_event.names), self._sources.find(owner, of_element.names))
            return None not in found

        return not fits(value, key) and fits(key, value)

    @staticmethod
    def _is_key(declared: ir.Bound | None) -> bool:
        if declared is None or declared is ir.UNKNOWN or declared is ir.Primitive.NUMBER:
            return False
        kinds = ir.kinds(declared)
        return len(kinds) == 1 and kinds <= _KEYS

    def _narrowed(self, union: str, following: Step) -> str:
        """Give the rest of the step that a path through any variant lacks."""
        records = self._spec.unions[union].records
        if isinstance(following, MemberStep):
            records = tuple(name for name in records if self._spec.records[name].field(following.name)) or records
        return f"{records[0]}]" if len(records) == 1 else f"Type] with one of: {', '.join(records[:6])}"

    def _narrow(self, event: ir.Event, item: ir.Type, name: str, span: Span) -> str | None:
        allowed = self._spec.records_of(item)
        if name in allowed:
            if isinstance(item, ir.UnionRef):
                self._warn_of_rivals(event, self._spec.unions[item.name], name, span)
            return name
        if name in self._symbols.unknown or self._may_be_variant(item, name):
            return None
        hint = did_you_mean(name, allowed) or (
            f"one of: {', '.join(allowed[:6])}" if allowed else "remove 'as': only objects have a type of their own"
        )
        self._report.add(IMPOSSIBLE_ELEMENT, span, f"the element cannot be '{name}'", hint)
        return None

    def _warn_of_rivals(self, event: ir.Event, union: ir.Union, name: str, span: Span) -> None:
        """Warn, once for a type, that an element may have come as another type that the event does not think of."""
        folds = changes(self._symbols.events[event.tag].folds)
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

    def _member(self, within: ir.Type, name: str, span: Span, *, is_first: bool) -> ir.Step | None:
        owners = () if isinstance(within, ir.Nullable) else self._spec.records_of(within)
        found = [self._spec.records[owner].member(name) for owner in owners]
        if ir.UNKNOWN in found or (not any(found) and self._spec.may_be_more(within)):
            return None
        types = list(dict.fromkeys(each for each in found if each is not None and each is not ir.UNKNOWN))
        if len(types) == 1:
            return ir.Member(name, owners[0] if isinstance(within, ir.RecordRef) else "", types[0])
        if types:
            hint = "go through an element with 'as', so that the type is known"
            self._report.add(UNKNOWN_ELEMENT, span, f"'{name}' has different types in the variants of a union", hint)
            return None
        records = [self._spec.records[owner] for owner in owners]
        message, hint = missing_field(name, records, "only objects have fields", may_be_state=is_first)
        if isinstance(within, ir.ListOf):
            message, hint = f"a list has no field '{name}'", "say which element before it, as in [index] or [id is key]"
        self._report.add(DEAD_PATH, span, message, hint)
        return None

    def _may_be_variant(self, declared: ir.Type, name: str) -> bool:
        """Whether a type is a union of which a name may be one of the variants that are not known."""
        if not isinstance(declared, ir.UnionRef) or not self._spec.may_be_more(declared):
            return False
        listed = [choice.type.value for choice in self._symbols.unions[declared.name].variants]
        return name in listed or name in self._symbols.types
