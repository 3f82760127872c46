"""The function that folds an event into the state, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...model import ir
from ...model.names import snake
from .foldelements import Change, ElementSteps
from .foldguards import Guards
from .foldplaces import PlaceKey, Stop, place_of, record_of, stops_of
from .foldvalues import Scope, Values, compared
from .foldwords import method_for
from .places import Imports, name_of
from .text import docstring, literal, prose, row, value_text
from .wrapping import WIDTH


@dataclass(frozen=True, slots=True)
class FoldView:
    """The function that does to the state what an event says.

    Attributes:
        lines: What is in it, indented.
    """

    name: str
    signature: str
    model: str
    doc: str
    lines: tuple[str, ...]


class FoldWriter:
    """Writes the function that folds one event into the state."""

    def __init__(
        self, spec: ir.Spec, event: ir.Event, finishing: frozenset[tuple[PlaceKey, str]], imports: Imports
    ) -> None:
        self._spec = spec
        self._event = event
        self._finishing = finishing
        self._imports = imports
        self._guards = Guards(spec, imports)
        self._values = Values(spec, event, imports)
        self._elements = ElementSteps(spec, event, self._values, imports)

    def view(self) -> FoldView:
        """Give the view of the function."""
        event, statements = self._event, self._event.folds or ()
        texts = [text.lstrip(" ") for text in ir.texts(statements)]
        margins = (" " * (len(text) - len(text.lstrip(" "))) for text in ir.texts(statements))
        items = [f"{margin}- {prose(f'`{text}`')}" for margin, text in zip(margins, texts, strict=True)]
        paragraphs = [prose(f"`{texts[0]}`")] if len(texts) == 1 else ["In this order:", *items]
        name = f"fold_{snake(event.record.name)}"
        model = name_of(self._spec, event.record.name, self._imports)
        scope = Scope("event", ir.RecordRef(event.record.name))
        self._values.collect(statements, (scope,))
        lines = self._block(statements, (scope,), 4)
        return FoldView(
            name=name,
            signature=f"def {name}(state: Draft, event: {model}) -> None:",
            model=model,
            doc=docstring(paragraphs, 4),
            lines=tuple(lines),
        )

    # --- Statements ---

    def _block(self, statements: Sequence[ir.Statement], scopes: tuple[Scope, ...], indent: int) -> list[str]:
        """Write the values of a scope and the statements that are carried out in it."""
        margin = " " * indent
        values = [f"{margin}{local} = {value}" for local, value in scopes[-1].values.items()]
        beside = tuple(each for each in ir.in_scope(statements) if isinstance(each, ir.Fold))
        return [*values, *self._statements(statements, beside, scopes, indent)]

    def _statements(
        self,
        statements: Sequence[ir.Statement],
        siblings: Sequence[ir.Fold],
        scopes: tuple[Scope, ...],
        indent: int,
        tested: frozenset[str] = frozenset(),
    ) -> list[str]:
        """Write statements, given all changes of their scope and the variables that are known not to be None."""
        lines: list[str] = []
        for statement in statements:
            match statement:
                case ir.Fold():
                    lines += self._change(statement, siblings, scopes, indent, tested)
                case ir.When(scope, tests, do):
                    lines += _condition([self._test(test, scopes[scope]) for test in tests], indent)
                    there = {scopes[scope].names[path] for path in compared(tests)}
                    lines += self._statements(do, siblings, scopes, indent + 4, tested | there)
                case ir.Each(source, do):
                    scope_ = self._values.loop(statement)
                    expressions = ", ".join(
                        each for _, each in self._values.reading(scopes[source.scope].type, source.path)
                    )
                    elements = f"state.fitting({scopes[source.scope].variable}, {expressions})"
                    lines.append(f"{' ' * indent}for {scope_.variable} in {elements} or ():")
                    lines += self._block(do, (*scopes, scope_), indent + 4)
        return lines

    def _test(self, test: ir.Test, scope: Scope) -> str:
        """Give the expression for a condition."""
        path = test.names
        if path is None:
            holds = self._imports.package("runtime.ending", "holds")
            return f"{holds}({scope.variable}, {row(map(value_text, test.path))}, {value_text(test.value)})"
        match test.value:
            case None:
                is_there = self._imports.package("runtime.attributes", "is_there")
                steps = ", ".join(expression for _, expression in self._values.reading(scope.type, path))
                return f"{is_there}({scope.variable}, {steps})"
            case str():
                return f"{scope.names[path]} == {literal(test.value)}"
            case bool():
                return f"{scope.names[path]} is {test.value}"
            case int():
                local = scope.names[path]
                return f"type({local}) is int and {local} == {test.value}"

    def _change(
        self,
        fold: ir.Fold,
        siblings: Sequence[ir.Fold],
        scopes: tuple[Scope, ...],
        indent: int,
        tested: frozenset[str],
    ) -> list[str]:
        conditions: list[str] = []
        value = ""
        if fold.source is not None:
            value = self._values.local(fold.source, scopes)
            conditions = self._guards.of(fold, fold.source, value, tested)
        elif isinstance(fold.value, str):
            value = literal(fold.value)
        elif fold.value is not None:
            value = repr(fold.value)
        # Where the value tells which of the statements it is for, only one is carried out.
        told = bool(conditions) and conditions[0].startswith("isinstance")
        change = Change(fold, value, not told, siblings)
        lines = _condition(conditions, indent)
        return [*lines, *self._go(change, stops_of(self._spec, fold), "state", scopes, indent + 4 * bool(lines))]

    def _go(
        self, change: Change, stops: Sequence[Stop], owner: str, scopes: tuple[Scope, ...], indent: int
    ) -> list[str]:
        """Write the way from an object of the state to the place of a change, and the change.

        Args:
            owner: Expression for the object.
        """
        margin = " " * indent
        if len(stops) <= 1:
            return self._end(change, stops, owner, scopes, indent)
        stop, *rest = stops
        removes = change.fold.operator is ir.Operator.REMOVE
        if stop.element is not None and isinstance(stop.element.selector, ir.Every):
            return self._loop(change, stop, rest, owner, scopes, indent)
        arguments = [stop.name]
        if stop.element is None:
            target = self._values.target(stop.member.name)
            arguments += self._models(stop.member, rest[0].member)
            step = "member"
        else:
            target = self._values.target(snake(record_of(stop.element)))
            step, where = self._elements.step(change, stop.element, scopes)
            arguments += where
        arguments += ["make=False"] if removes else []
        found = f"{owner}.{step}({', '.join(arguments)})"
        if len(scopes) > 1:
            # A variable that takes an object in every turn of a loop is more than type checkers follow.
            return self._go(change, rest, found, scopes, indent)
        return [f"{margin}{target} = {found}", *self._go(change, rest, target, scopes, indent)]

    def _loop(
        self,
        change: Change,
        stop: Stop,
        rest: Sequence[Stop],
        owner: str,
        scopes: tuple[Scope, ...],
        indent: int,
    ) -> list[str]:
        """Write the way through all elements of a list, or to the first of them in which a key is found."""
        assert stop.element is not None, "a loop goes through a list"
        margin, inner = " " * indent, " " * (indent + 4)
        model = self._model(record_of(stop.element))
        target = self._values.target(snake(record_of(stop.element)))
        keyed = rest[0].element
        if keyed is None or not isinstance(keyed.selector, ir.Keyed) or len(rest) == 1:
            line = f"{margin}for {target} in {owner}.every({stop.name}, {model}):"
            return [line, *self._go(change, rest, target, scopes, indent + 4)]
        _, arguments = self._elements.step(change, keyed, scopes, alone=True)
        value = self._values.picked(keyed.selector, scopes)
        return [
            f"{margin}for {target} in {owner}.seek({stop.name}, {value}, {model}):",
            f"{inner}found = {target}.existing({', '.join([rest[0].name, *arguments])})",
            f"{inner}if found is not None:",
            *self._go(change, rest[1:], "found", scopes, indent + 8),
            f"{inner}    break",
        ]

    def _end(
        self, change: Change, stops: Sequence[Stop], owner: str, scopes: tuple[Scope, ...], indent: int
    ) -> list[str]:
        """Write the change itself."""
        fold, margin, value = change.fold, " " * indent, [change.value] if change.value else []
        if not stops:
            verb = "update"
            if fold.operator is ir.Operator.SET:
                verb = "replace" if self._event.always_ends else "begin"
            return [f"{margin}{owner}.{verb}({change.value})"]
        (stop,) = stops
        element = stop.element
        if element is None:
            return [f"{margin}{owner}.{method_for(fold)}({', '.join([stop.name, *value])})"]
        if fold.operator is ir.Operator.MERGE:
            return self._merge(change, stop, element, owner, scopes, indent)
        step, selected = self._elements.selected(element, scopes)
        match fold.operator:
            case ir.Operator.SET:
                verb = "finish" if (place_of(fold), self._event.tag) in self._finishing else "put"
                verb = f"{verb}_keyed" if step == "keyed" else verb
            case ir.Operator.ADD:
                verb = "extend"
            case _:
                verb = "remove_keyed" if step == "keyed" else "remove_at"
        return [f"{margin}{owner}.{verb}({', '.join([stop.name, *selected, *value])})"]

    def _merge(
        self,
        change: Change,
        stop: Stop,
        element: ir.Element,
        owner: str,
        scopes: tuple[Scope, ...],
        indent: int,
    ) -> list[str]:
        """Write the merge of a value into elements."""
        margin = " " * indent
        if isinstance(element.selector, ir.Every):
            models = [self._model(record) for record in self._spec.records_of(element.type)]
            loop = f"{margin}for found in {owner}.every({', '.join([stop.name, *models])}):"
            return [loop, f"{margin}    found.update({change.value})"]
        if isinstance(element.type, ir.RecordRef):
            step, arguments = self._elements.step(change, element, scopes)
            return [f"{margin}{owner}.{step}({', '.join([stop.name, *arguments])}).update({change.value})"]
        step, arguments = self._elements.selected(element, scopes)
        verb = "merge_keyed" if step == "keyed" else "merge_at"
        return [f"{margin}{owner}.{verb}({', '.join([stop.name, *arguments, change.value])})"]

    def _model(self, record: str) -> str:
        return name_of(self._spec, record, self._imports)

    def _models(self, member: ir.Member, following: ir.Member) -> list[str]:
        """Give the classes that the object in a field may have for the way to go on."""
        names = self._spec.records_of(member.type)
        assert names, "the binder lets no path go through anything but an object"
        if isinstance(member.type, ir.UnionRef):
            names = tuple(record for record in names if self._spec.records[record].field(following.name))
        return [self._model(name) for name in names]


def _condition(conditions: Sequence[str], indent: int) -> list[str]:
    if not conditions:
        return []
    margin = " " * indent
    line = f"{margin}if {' and '.join(conditions)}:"
    if len(line) <= WIDTH:
        return [line]
    rest = (f"{margin}    and {each}" for each in conditions[1:])
    return [f"{margin}if (", f"{margin}    {conditions[0]}", *rest, f"{margin}):"]
