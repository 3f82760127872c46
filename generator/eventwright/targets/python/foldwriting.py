"""The function that folds an event into the state, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from ...model import ir
from ...model.names import snake
from .foldguards import Guards
from .identifiers import attribute, attribute_of, attribute_path
from .places import Imports, free, name_of
from .text import docstring, literal, literals, prose, row, value_text
from .wrapping import WIDTH

_TAKEN = frozenset(
    ["all", "event", "found", "getattr", "given", "holds", "is_there", "isinstance", "item", "state", "type"]
)


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


PlaceKey: TypeAlias = "tuple[tuple[str, str], ...]"


def place_of(fold: ir.Fold) -> PlaceKey:
    """Tell the place that a fold leads to from others, whatever the positions in it are called."""
    return tuple((step.name, "") if isinstance(step, ir.Member) else ("", step.record) for step in fold.steps)


@dataclass(slots=True)
class _Scope:
    """Where sources begin: the event, or an element that a loop goes through.

    Attributes:
        variable: What holds it.
        values: The variables that are taken out of it, each with the expression of what it holds.
        names: The same variables by what they hold: the wire names on the way to it.
    """

    variable: str
    type: ir.Type
    values: dict[str, str] = field(default_factory=dict)
    names: dict[tuple[str, ...], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Stop:
    """A place in the state: a field, or elements of the list in it.

    Attributes:
        name: Expression for the attribute.
    """

    name: str
    member: ir.Member
    element: ir.Element | None


@dataclass(frozen=True, slots=True)
class _Change:
    """One change that is about to be written.

    Attributes:
        value: Expression for the value, empty where there is none.
        among: Whether other statements may be about the same value.
        siblings: The changes that stand beside it.
    """

    fold: ir.Fold
    value: str
    among: bool
    siblings: Sequence[ir.Fold]


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
        self._names = set(_TAKEN)
        self._loops: dict[ir.Each, _Scope] = {}

    def view(self) -> FoldView:
        """Give the view of the function."""
        event, statements = self._event, self._event.folds or ()
        texts = [text.lstrip(" ") for text in ir.texts(statements)]
        margins = (" " * (len(text) - len(text.lstrip(" "))) for text in ir.texts(statements))
        items = [f"{margin}- {prose(f'`{text}`')}" for margin, text in zip(margins, texts, strict=True)]
        paragraphs = [prose(f"`{texts[0]}`")] if len(texts) == 1 else ["In this order:", *items]
        name = f"fold_{snake(event.record.name)}"
        model = name_of(self._spec, event.record.name, self._imports)
        scope = _Scope("event", ir.RecordRef(event.record.name))
        self._collect(statements, (scope,))
        lines = self._block(statements, (scope,), 4)
        return FoldView(
            name=name,
            signature=f"def {name}(state: Draft, event: {model}) -> None:",
            model=model,
            doc=docstring(paragraphs, 4),
            lines=tuple(lines),
        )

    # --- What is taken out of the event ---

    def _collect(self, statements: Iterable[ir.Statement], scopes: tuple[_Scope, ...]) -> None:
        """Give a variable to each value that statements take: first to those of this scope, then to those of loops."""
        for source in self._sources(statements):
            if source.scope == len(scopes) - 1:
                self._declare(source, scopes[-1])
        for each in ir.in_scope(statements):
            if not isinstance(each, ir.Each) or each in self._loops:
                continue
            item = each.source.type.item if isinstance(each.source.type, ir.ListOf) else each.source.type
            item = item.type if isinstance(item, ir.Nullable) else item
            assert isinstance(item, (ir.RecordRef, ir.UnionRef)), "the binder lets 'each' go through objects only"
            scope = _Scope(self._free(attribute(snake(item.name))), item)
            self._loops[each] = scope
            self._collect(each.do, (*scopes, scope))

    def _sources(self, statements: Iterable[ir.Statement]) -> Iterator[ir.Source]:
        for statement in statements:
            match statement:
                case ir.Fold():
                    yield from self._sources_of(statement)
                case ir.Each(do=inner):
                    yield from self._sources(inner)
                case ir.When(scope, tests, inner):
                    yield from (ir.Source(scope, path, ir.Primitive.ANY) for path in _compared(tests))
                    yield from self._sources(inner)

    def _sources_of(self, fold: ir.Fold) -> Iterator[ir.Source]:
        if fold.source is not None:
            yield fold.source
        for place, step in enumerate(fold.steps):
            if not isinstance(step, ir.Element):
                continue
            yield from ir.sources_of(step.selector)
            if place < len(fold.steps) - 1 and (own := self._identifying(fold, step)):
                yield own

    def _declare(self, source: ir.Source, scope: _Scope) -> None:
        if source.path in scope.names:
            return
        steps = self._reading(scope.type, source.path)
        attributes = [attribute for attribute, _ in steps]
        local = "_".join(attributes)
        if local in self._names and scope.variable != "event":
            local = f"{scope.variable}_{local}"
        local = self._free(local)
        scope.names[source.path] = local
        expressions = ", ".join(expression for _, expression in steps)
        if isinstance(source.type, ir.ListOf):
            scope.values[local] = f"state.fitting({scope.variable}, {expressions})"
        elif len(steps) == 1 and not isinstance(scope.type, ir.UnionRef):
            scope.values[local] = f"getattr({scope.variable}, {expressions}, None)"
        else:
            given = self._imports.package("runtime.attributes", "given")
            scope.values[local] = f"{given}({scope.variable}, {expressions})"

    def _free(self, wanted: str) -> str:
        """Give a name for a variable that nothing else in the function has, and keep it."""
        name = free(wanted, self._names) if wanted in self._names else wanted
        self._names.add(name)
        return name

    def _reading(self, owner: ir.Type, path: Iterable[str]) -> list[tuple[str, str]]:
        """Give each attribute on a path of wire names, and its expression, which may depend on the class before it."""
        found: list[tuple[str, str]] = []
        for name in path:
            records = [self._spec.records[record] for record in self._spec.records_of(owner)]
            fields = [(record, record.field(name)) for record in records]
            attributes = {record.name: attribute_of(field) for record, field in fields if field is not None}
            first = next(iter(attributes.values()), attribute(name))
            others = [each for record, field in fields if field is None for each in map(attribute_of, record.fields)]
            if set(attributes.values()) <= {first} and first not in others:
                found.append((first, literal(first)))
            else:
                pairs = (f"{self._model(record)}: {literal(each)}" for record, each in attributes.items())
                found.append((first, f"{{{', '.join(pairs)}}}"))
            types = [field.type for _, field in fields if field is not None]
            owner = self._joined(types)
        return found

    @staticmethod
    def _joined(types: Sequence[ir.Type]) -> ir.Type:
        return types[0] if len(set(types)) == 1 else ir.Primitive.ANY

    # --- Statements ---

    def _block(self, statements: Sequence[ir.Statement], scopes: tuple[_Scope, ...], indent: int) -> list[str]:
        """Write the values of a scope and the statements that are carried out in it."""
        margin = " " * indent
        values = [f"{margin}{local} = {value}" for local, value in scopes[-1].values.items()]
        beside = tuple(each for each in ir.in_scope(statements) if isinstance(each, ir.Fold))
        return [*values, *self._statements(statements, beside, scopes, indent)]

    def _statements(
        self,
        statements: Sequence[ir.Statement],
        siblings: Sequence[ir.Fold],
        scopes: tuple[_Scope, ...],
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
                    compared = {scopes[scope].names[path] for path in _compared(tests)}
                    lines += self._statements(do, siblings, scopes, indent + 4, tested | compared)
                case ir.Each(source, do):
                    scope_ = self._loops[statement]
                    expressions = ", ".join(each for _, each in self._reading(scopes[source.scope].type, source.path))
                    elements = f"state.fitting({scopes[source.scope].variable}, {expressions})"
                    lines.append(f"{' ' * indent}for {scope_.variable} in {elements} or ():")
                    lines += self._block(do, (*scopes, scope_), indent + 4)
        return lines

    def _test(self, test: ir.Test, scope: _Scope) -> str:
        """Give the expression for a condition."""
        path = test.names
        if path is None:
            holds = self._imports.package("runtime.ending", "holds")
            return f"{holds}({scope.variable}, {row(map(value_text, test.path))}, {value_text(test.value)})"
        match test.value:
            case None:
                is_there = self._imports.package("runtime.attributes", "is_there")
                steps = ", ".join(expression for _, expression in self._reading(scope.type, path))
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
        scopes: tuple[_Scope, ...],
        indent: int,
        tested: frozenset[str],
    ) -> list[str]:
        conditions: list[str] = []
        value = ""
        if fold.source is not None:
            value = self._local(fold.source, scopes)
            conditions = self._guards.of(fold, fold.source, value, tested)
        elif isinstance(fold.value, str):
            value = literal(fold.value)
        elif fold.value is not None:
            value = repr(fold.value)
        # Where the value tells which of the statements it is for, only one is carried out.
        told = bool(conditions) and conditions[0].startswith("isinstance")
        change = _Change(fold, value, not told, siblings)
        lines = _condition(conditions, indent)
        return [*lines, *self._go(change, self._stops(fold), "state", scopes, indent + 4 * bool(lines))]

    def _go(
        self, change: _Change, stops: Sequence[_Stop], owner: str, scopes: tuple[_Scope, ...], indent: int
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
            target = self._target(stop.member.name)
            arguments += self._models(stop.member, rest[0].member)
            step = "member"
        else:
            target = self._target(snake(_record_of(stop.element)))
            step, where = self._element(change, stop.element, scopes)
            arguments += where
        arguments += ["make=False"] if removes else []
        found = f"{owner}.{step}({', '.join(arguments)})"
        if len(scopes) > 1:
            # A variable that takes an object in every turn of a loop is more than type checkers follow.
            return self._go(change, rest, found, scopes, indent)
        return [f"{margin}{target} = {found}", *self._go(change, rest, target, scopes, indent)]

    def _loop(
        self,
        change: _Change,
        stop: _Stop,
        rest: Sequence[_Stop],
        owner: str,
        scopes: tuple[_Scope, ...],
        indent: int,
    ) -> list[str]:
        """Write the way through all elements of a list, or to the first of them in which a key is found."""
        assert stop.element is not None, "a loop goes through a list"
        margin, inner = " " * indent, " " * (indent + 4)
        model = self._model(_record_of(stop.element))
        target = self._target(snake(_record_of(stop.element)))
        keyed = rest[0].element
        if keyed is None or not isinstance(keyed.selector, ir.Keyed) or len(rest) == 1:
            line = f"{margin}for {target} in {owner}.every({stop.name}, {model}):"
            return [line, *self._go(change, rest, target, scopes, indent + 4)]
        _, arguments = self._element(change, keyed, scopes, alone=True)
        value = self._picked(keyed.selector, scopes)
        return [
            f"{margin}for {target} in {owner}.seek({stop.name}, {value}, {model}):",
            f"{inner}found = {target}.existing({', '.join([rest[0].name, *arguments])})",
            f"{inner}if found is not None:",
            *self._go(change, rest[1:], "found", scopes, indent + 8),
            f"{inner}    break",
        ]

    def _element(
        self, change: _Change, element: ir.Element, scopes: tuple[_Scope, ...], *, alone: bool = False
    ) -> tuple[str, list[str]]:
        """Give the step to an element and its arguments behind the list; `alone` without what other statements do."""
        record = _record_of(element)
        step, arguments = self._selected(element, scopes)
        arguments.append(self._model(record))
        own = self._identifying(change.fold, element)
        if step == "element" and own is not None:
            arguments.append(self._local(own, scopes))
        if isinstance(element.selector, ir.Keyed):
            arguments += [] if alone else self._naming(change, element, scopes)
            arguments += ["optional=True"] if self._may_lack(element.selector) else []
        among = () if alone or not change.among else _alternatives(change, element)
        if len(among) > 1:
            arguments.append(f"among={row(map(self._model, among))}")
        return step, arguments

    def _naming(self, change: _Change, element: ir.Element, scopes: tuple[_Scope, ...]) -> list[str]:
        """Give the arguments for what tells elements with one key apart, where the change gives an element that.

        Servers put several elements under one key. With another id one of them begins, and not where the id merely
        changes from piece to piece: then nothing comes again of the texts that only the first piece has. Without ids
        those texts tell elements apart.
        """
        fold, steps = change.fold, change.fold.steps
        source, unique = fold.source, self._spec.records[_record_of(element)].unique
        if source is None or unique is None or fold.operator is not ir.Operator.FILL:
            return []
        way = steps[: steps.index(element) + 1]
        inner = _names(steps[len(way) :])
        others = [
            each
            for each in change.siblings
            if each.operator is ir.Operator.FILL
            and each.source is not None
            and each.source.scope == source.scope
            and each is not fold
            and each.steps[: len(way)] == way
        ]
        if inner == (unique.name,):
            texts = [self._local(each.source, scopes) for each in others if each.source and _is_text(each)]
            begins = " or ".join(dict.fromkeys(texts))
            return [f"own_id={self._local(source, scopes)}", *([f"begins=bool({begins})"] if begins else [])]
        has_id = any(_names(each.steps[len(way) :]) == (unique.name,) for each in others)
        if inner and has_id and _is_text(fold):
            attributes = attribute_path(self._spec, element.type, inner)
            return [f"own_text=({literals(attributes)}, {self._local(source, scopes)})"]
        return []

    def _may_lack(self, selector: ir.Keyed) -> bool:
        """Whether events may do without what an element is found by."""
        if selector.otherwise or len(selector.source.path) != 1 or selector.source.scope:
            return False
        field = self._event.record.field(selector.source.path[0])
        return field is not None and (field.optional or field.nullable)

    def _selected(self, element: ir.Element, scopes: tuple[_Scope, ...]) -> tuple[str, list[str]]:
        """Give the word for the way that an element is found, and what it is found by."""
        match element.selector:
            case ir.Position() as selector:
                return "element", [self._picked(selector, scopes)]
            case ir.Nth(position):
                return "element", [str(position)]
            case ir.Keyed(key=key) as selector:
                attributes = attribute_path(self._spec, element.type, key)
                return "keyed", [literals(attributes), self._picked(selector, scopes)]
            case ir.Every():
                raise AssertionError("all elements are gone through in a loop")

    def _end(
        self, change: _Change, stops: Sequence[_Stop], owner: str, scopes: tuple[_Scope, ...], indent: int
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
            return [f"{margin}{owner}.{self._verb(fold)}({', '.join([stop.name, *value])})"]
        if fold.operator is ir.Operator.MERGE:
            return self._merge(change, stop, element, owner, scopes, indent)
        step, selected = self._selected(element, scopes)
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
        change: _Change,
        stop: _Stop,
        element: ir.Element,
        owner: str,
        scopes: tuple[_Scope, ...],
        indent: int,
    ) -> list[str]:
        """Write the merge of a value into elements."""
        margin = " " * indent
        if isinstance(element.selector, ir.Every):
            models = [self._model(record) for record in self._spec.records_of(element.type)]
            loop = f"{margin}for found in {owner}.every({', '.join([stop.name, *models])}):"
            return [loop, f"{margin}    found.update({change.value})"]
        if isinstance(element.type, ir.RecordRef):
            step, arguments = self._element(change, element, scopes)
            return [f"{margin}{owner}.{step}({', '.join([stop.name, *arguments])}).update({change.value})"]
        step, arguments = self._selected(element, scopes)
        verb = "merge_keyed" if step == "keyed" else "merge_at"
        return [f"{margin}{owner}.{verb}({', '.join([stop.name, *arguments, change.value])})"]

    def _verb(self, fold: ir.Fold) -> str:
        """Give the word for what is done to a field."""
        match fold.operator:
            case ir.Operator.SET:
                return "set"
            case ir.Operator.FILL:
                return "fill"
            case ir.Operator.MERGE:
                return "merge"
            case ir.Operator.REMOVE:
                return "remove"
            case ir.Operator.ADD:
                target = fold.steps[-1].type
                options = target.alternatives if isinstance(target, ir.OneOf) else (target,)
                is_text = fold.source is None or ir.Kind.STRING in ir.kinds(fold.source.type)
                if is_text and ir.Primitive.STRING in options:
                    return "append"
                return "add" if any(isinstance(option, ir.ListOf) for option in options) else "grow"

    # --- What statements go through ---

    def _stops(self, fold: ir.Fold) -> list[_Stop]:
        """Join each step into an element with the one into its list."""
        joined: list[_Stop] = []
        owner: ir.Type = self._spec.state_type
        for step in fold.steps:
            if isinstance(step, ir.Member):
                (name,) = attribute_path(self._spec, owner, [step.name])
                joined.append(_Stop(literal(name), step, None))
            else:
                joined[-1] = _Stop(joined[-1].name, joined[-1].member, step)
            owner = step.type
        return joined

    def _target(self, wanted: str) -> str:
        """Give the variable for an object of the state."""
        name = attribute(wanted)
        return free(name, self._names) if name in self._names else name

    def _local(self, source: ir.Source, scopes: tuple[_Scope, ...]) -> str:
        """Give the variable for what an event has at a path, None where it has nothing there."""
        return scopes[source.scope].names[source.path]

    def _picked(self, selector: ir.Position | ir.Keyed, scopes: tuple[_Scope, ...]) -> str:
        """Give the expression for what an element is found by: the first that there is."""
        choices = [str(each) if isinstance(each, int) else self._local(each, scopes) for each in selector.otherwise]
        choices.insert(0, self._local(selector.source, scopes))
        if ir.kinds(selector.source.type) == {ir.Kind.STRING}:
            # An empty text names nothing.
            return " or ".join(choices)
        *tested, last = choices
        return " else ".join([*(f"{local} if {local} is not None" for local in tested), last])

    def _model(self, record: str) -> str:
        return name_of(self._spec, record, self._imports)

    def _identifying(self, fold: ir.Fold, element: ir.Element) -> ir.Source | None:
        """Give what in the event repeats the unique field of an element on the way, which its position tells."""
        if not isinstance(element.selector, ir.Position):
            return None
        way = ir.way(fold.steps[: fold.steps.index(element) + 1])
        records = [self._spec.records[name] for name in self._spec.records_of(element.type)]
        unique = {record.unique.name for record in records if record.unique}
        for repeated in self._event.record.fields:
            place = self._spec.place(repeated.same.place) if repeated.same else None
            if (
                repeated.same
                and place
                and place.way == way
                and len(repeated.same.path) == 1
                and repeated.same.path[0] in unique
            ):
                return ir.Source(0, (repeated.name,), repeated.type)
        return None

    def _models(self, member: ir.Member, following: ir.Member) -> list[str]:
        """Give the classes that the object in a field may have for the way to go on."""
        names = self._spec.records_of(member.type)
        assert names, "the binder lets no path go through anything but an object"
        if isinstance(member.type, ir.UnionRef):
            names = tuple(record for record in names if self._spec.records[record].field(following.name))
        return [self._model(name) for name in names]


def _alternatives(change: _Change, element: ir.Element) -> tuple[str, ...]:
    """Give the records that statements go to with the same value at a place, in their order."""
    fold = change.fold
    at = fold.steps.index(element)
    found = [
        step.record
        for other in change.siblings
        if (other.value, other.steps[:at]) == (fold.value, fold.steps[:at])
        for step in other.steps[at : at + 1]
        if isinstance(step, ir.Element) and step.selector == element.selector and step.record
    ]
    return tuple(dict.fromkeys(found))


def _record_of(element: ir.Element) -> str:
    assert isinstance(element.type, ir.RecordRef), "the binder asks for an object type where a path goes on"
    return element.type.name


def _compared(tests: Iterable[ir.Test]) -> Iterator[tuple[str, ...]]:
    """Give the paths of names that conditions compare something with."""
    return (test.names for test in tests if test.names is not None and test.value is not None)


def _condition(conditions: Sequence[str], indent: int) -> list[str]:
    if not conditions:
        return []
    margin = " " * indent
    line = f"{margin}if {' and '.join(conditions)}:"
    if len(line) <= WIDTH:
        return [line]
    rest = (f"{margin}    and {each}" for each in conditions[1:])
    return [f"{margin}if (", f"{margin}    {conditions[0]}", *rest, f"{margin}):"]


def _names(steps: tuple[ir.Step, ...]) -> tuple[str, ...]:
    """Give the members that steps go through, none where they go anywhere else."""
    names = tuple(step.name for step in steps if isinstance(step, ir.Member))
    return names if len(names) == len(steps) else ()


def _is_text(fold: ir.Fold) -> bool:
    return fold.steps[-1].type is ir.Primitive.STRING
