"""The conditions under which a value of an event is folded into the state."""

from __future__ import annotations

from collections.abc import Collection

from ...model import ir
from .places import Imports, name_of
from .text import row

_CLASSES = {
    ir.Kind.STRING: "str",
    ir.Kind.NUMBER: "(int, float)",
    ir.Kind.BOOLEAN: "bool",
    ir.Kind.LIST: "list",
}
"""The classes of values in Python, but for objects."""


class Guards:
    """Writes the tests that a value is there, and that it fits the place that it goes to."""

    def __init__(self, spec: ir.Spec, imports: Imports) -> None:
        self._spec = spec
        self._imports = imports

    def of(self, fold: ir.Fold, source: ir.Source, value: str, tested: frozenset[str]) -> list[str]:
        """Give the conditions under which an event has a value to fold, and one that fits the place it goes to."""
        target: ir.Type = fold.steps[-1].type if fold.steps else self._spec.state_type
        fits = ""
        if fold.operator in (ir.Operator.SET, ir.Operator.FILL):
            fits = self._fits(value, target, source.type)
        elif fold.operator is ir.Operator.ADD and isinstance(source.type, ir.OneOf):
            kinds = {ir.Kind.LIST, *ir.kinds(target.item)} if isinstance(target, ir.ListOf) else {ir.Kind.STRING}
            fits = self._is_of(value, kinds, source.type)
        elif fold.operator is ir.Operator.ADD and isinstance(target, ir.ListOf):
            place = target if isinstance(source.type, ir.ListOf) else target.item
            fits = self._fits(value, place, source.type)
        # Of a class it is also not None.
        there = [] if value in tested or fits.startswith("isinstance") else [f"{value} is not None"]
        return [*there, *([fits] if fits else [])]

    def _is_of(self, value: str, wanted: Collection[ir.Kind], source: ir.Type) -> str:
        """Give the test for a value whose declared alternatives are of more kinds than are wanted; empty if none."""
        given = ir.kinds(source)
        if given <= set(wanted):
            return ""
        classes = [name for kind, name in _CLASSES.items() if kind in wanted and kind in given]
        if ir.Kind.OBJECT in wanted and ir.Kind.OBJECT in given:
            classes += [self._imports.package("runtime.model", "Model"), "dict"]
        test = f"isinstance({value}, {classes[0] if len(classes) == 1 else row(classes)})"
        # In Python, a boolean is a number.
        is_number = ir.Kind.NUMBER in wanted and ir.Kind.BOOLEAN in given and ir.Kind.BOOLEAN not in wanted
        return f"{test} and not isinstance({value}, bool)" if is_number else test

    def _fits(self, value: str, target: ir.Type, source: ir.Type) -> str:
        """Give the test that a value needs whose declared type allows more than its place does; empty if none."""
        match target, source:
            case ir.UnionRef(name), ir.UnionRef(other):
                allowed, given = self._spec.unions[name].records, self._spec.unions[other].records
                if set(given) <= set(allowed):
                    return ""
                models = [name_of(self._spec, record, self._imports) for record in allowed if record in given]
                models.append(self._imports.package("runtime.model", "UnknownVariant"))
                return f"isinstance({value}, ({', '.join(models)}))"
            case ir.RecordRef(name), ir.UnionRef():
                return f"isinstance({value}, {name_of(self._spec, name, self._imports)})"
            case ir.Nullable(inner), _:
                test = self._fits(value, inner, source.type if isinstance(source, ir.Nullable) else source)
                return f"({value} is None or {test})" if test else ""
            case _, ir.OneOf():
                return self._is_of(value, ir.kinds(target), source)
            case ir.ListOf(item), ir.ListOf(other_item):
                test = self._fits("item", item, other_item)
                return f"all({test} for item in {value})" if test else ""
            case _:
                return ""
