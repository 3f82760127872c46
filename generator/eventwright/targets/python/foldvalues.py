"""What a fold takes out of its event: a variable for each value, and the expressions that read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ...model import ir
from ...model.names import snake
from .foldplaces import identifying
from .identifiers import attribute, attribute_of
from .places import Imports, free, name_of
from .text import literal

_TAKEN = frozenset(
    ["all", "event", "found", "getattr", "given", "holds", "is_there", "isinstance", "item", "state", "type"]
)


@dataclass(slots=True)
class Scope:
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


class Values:
    """Gives a variable to each value that the statements of an event take."""

    def __init__(self, spec: ir.Spec, event: ir.Event, imports: Imports) -> None:
        self._spec = spec
        self._event = event
        self._imports = imports
        self._names = set(_TAKEN)
        self._loops: dict[ir.Each, Scope] = {}

    def collect(self, statements: Iterable[ir.Statement], scopes: tuple[Scope, ...]) -> None:
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
            scope = Scope(self._free(attribute(snake(item.name))), item)
            self._loops[each] = scope
            self.collect(each.do, (*scopes, scope))

    def loop(self, each: ir.Each) -> Scope:
        """Give the scope of what is done for each element."""
        return self._loops[each]

    def reading(self, owner: ir.Type, path: Iterable[str]) -> list[tuple[str, str]]:
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
                pairs = (
                    f"{name_of(self._spec, record, self._imports)}: {literal(each)}"
                    for record, each in attributes.items()
                )
                found.append((first, f"{{{', '.join(pairs)}}}"))
            types = [field.type for _, field in fields if field is not None]
            owner = self._joined(types)
        return found

    def target(self, wanted: str) -> str:
        """Give the variable for an object of the state."""
        name = attribute(wanted)
        return free(name, self._names) if name in self._names else name

    def local(self, source: ir.Source, scopes: tuple[Scope, ...]) -> str:
        """Give the variable for what an event has at a path, None where it has nothing there."""
        return scopes[source.scope].names[source.path]

    def picked(self, selector: ir.Position | ir.Keyed, scopes: tuple[Scope, ...]) -> str:
        """Give the expression for what an element is found by: the first that there is."""
        choices = [str(each) if isinstance(each, int) else self.local(each, scopes) for each in selector.otherwise]
        choices.insert(0, self.local(selector.source, scopes))
        if ir.kinds(selector.source.type) == {ir.Kind.STRING}:
            # An empty text names nothing.
            return " or ".join(choices)
        *tested, last = choices
        return " else ".join([*(f"{local} if {local} is not None" for local in tested), last])

    def _sources(self, statements: Iterable[ir.Statement]) -> Iterator[ir.Source]:
        for statement in statements:
            match statement:
                case ir.Fold():
                    yield from self._sources_of(statement)
                case ir.Each(do=inner):
                    yield from self._sources(inner)
                case ir.When(scope, tests, inner):
                    yield from (ir.Source(scope, path, ir.Primitive.ANY) for path in compared(tests))
                    yield from self._sources(inner)

    def _sources_of(self, fold: ir.Fold) -> Iterator[ir.Source]:
        if fold.source is not None:
            yield fold.source
        for place, step in enumerate(fold.steps):
            if not isinstance(step, ir.Element):
                continue
            yield from ir.sources_of(step.selector)
            if place < len(fold.steps) - 1 and (own := identifying(self._spec, self._event, fold, step)):
                yield own

    def _declare(self, source: ir.Source, scope: Scope) -> None:
        if source.path in scope.names:
            return
        steps = self.reading(scope.type, source.path)
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

    @staticmethod
    def _joined(types: Sequence[ir.Type]) -> ir.Type:
        return types[0] if len(set(types)) == 1 else ir.Primitive.ANY


def compared(tests: Iterable[ir.Test]) -> Iterator[tuple[str, ...]]:
    """Give the paths of names that conditions compare something with."""
    return (test.names for test in tests if test.names is not None and test.value is not None)
