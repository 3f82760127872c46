"""Says whether a value fits the place in the state that a fold brings it to."""

from __future__ import annotations

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.suggest import did_you_mean
from ..diagnostics.values import Report
from ..model import ir
from ..syntax.foldexpr import FoldExpr, IndexStep, value_text

MISFIT = Rule(
    "E508",
    Severity.ERROR,
    "value that does not fit its place",
    "The state keeps its types: text goes to text, a number to a number.",
)


class Values:
    """Compares the types of values and places."""

    def __init__(self, spec: ir.Spec, report: Report) -> None:
        self._spec = spec
        self._report = report

    def fits(self, fold: FoldExpr, target: ir.Type, value: ir.Type) -> bool:
        """Whether a value fits its place, in the way that the operator goes; if not, that is reported (E508)."""
        match ir.Operator(fold.operator):
            case ir.Operator.ADD:
                return self._adds(fold, target, value)
            case ir.Operator.MERGE:
                return self._merges(fold, target, value)
            case _:
                return self._sets(fold, target, value)

    def _adds(self, fold: FoldExpr, target: ir.Type, value: ir.Type) -> bool:
        alternatives = target.alternatives if isinstance(target, ir.OneOf) else (target,)
        in_list = isinstance(fold.steps[-1], IndexStep) if fold.steps else False
        several = isinstance(target, ir.OneOf) and isinstance(value, ir.OneOf)
        places = (each for each in alternatives if not in_list or each is ir.Primitive.STRING)
        if not several and any(self._grows(place, value) for place in places):
            return True
        shown, place = ir.type_text(value), ir.type_text(target)
        message = f"'+=' with '{shown}' at '{fold.path_text}', which is '{place}'"
        hint = "append a string to a string, or use '='"
        if several:
            hint = "declare a field for each of the alternatives, and write a statement for each field"
        elif in_list:
            hint = "what is added to in a list is a text, or a field of an object: go on to that"
        elif isinstance(target, ir.ListOf):
            hint = f"add '{ir.type_text(target.item)}' or a list of it"
            if value is ir.Primitive.STRING and ir.kinds(target.item) == {ir.Kind.OBJECT}:
                hint = f"go on to a text of an element: {fold.path_text}[index].field, or {hint}"
        elif isinstance(target, (ir.RecordRef, ir.UnionRef, ir.MapOf)):
            hint = f"merge it: {fold.path_text} |= ..."
            if value is ir.Primitive.STRING:
                hint = "declare the place as 'object' for pieces of JSON text, or go on to a text in it"
        elif ir.kinds(target) == {ir.Kind.NUMBER}:
            hint = "numbers are not added up: use '='"
        self._report.add(MISFIT, fold.span, message, hint)
        return False

    def _grows(self, target: ir.Type, value: ir.Type) -> bool:
        """Whether something can be added to what is in a place: text to text, an element or several to a list."""
        if isinstance(value, ir.OneOf):
            return any(self._grows(target, alternative) for alternative in value.alternatives)
        match target:
            case ir.Primitive.STRING:
                return self.assignable(target, value)
            case ir.Primitive.OBJECT | ir.Primitive.ANY:
                return value is ir.Primitive.STRING
            case ir.ListOf(item):
                several = isinstance(value, ir.ListOf) and self.assignable(target, value)
                return several or self.assignable(item, value)
            case _:
                return False

    def _merges(self, fold: FoldExpr, target: ir.Type, value: ir.Type) -> bool:
        problem = self._unmergeable(target, value)
        if not problem:
            return True
        message = f"'|=' with '{ir.type_text(value)}' at '{fold.path_text}', which is '{ir.type_text(target)}'"
        self._report.add(MISFIT, fold.span, message, problem)
        return False

    def _unmergeable(self, target: ir.Type, value: ir.Type) -> str:
        """Say what to do about two objects that cannot be merged; empty where they can."""
        if value == target and ir.kinds(target) == {ir.Kind.OBJECT}:
            return ""
        if isinstance(target, ir.MapOf) and isinstance(value, ir.MapOf):
            return "" if self.assignable(target, value) else "merge maps with values of the same type"
        owners, givers = self._spec.records_of(target), self._spec.records_of(value)
        if not owners or not givers or ir.Kind.OBJECT not in ir.kinds(target):
            return "merge an object into an object, or use '='"
        uniques = (self._spec.records[record].unique for record in (*owners, *givers))
        kept = {unique.name for unique in uniques if unique}
        for giver in givers:
            if giver in owners:
                continue
            for field in self._spec.records[giver].fields:
                places = [place for owner in owners if (place := self._spec.records[owner].field(field.name))]
                if field.name in kept:
                    continue
                if not places and all(self._spec.records[owner].complete for owner in owners):
                    return f"'{ir.type_text(target)}' has no field '{field.name}': add it, or take it out of '{giver}'"
                bounds = [place.bound for place in places if place.bound is not ir.UNKNOWN]
                if field.bound is not ir.UNKNOWN and not all(self.assignable(bound, field.bound) for bound in bounds):
                    return f"give the field '{field.name}' of both the same type"
        return ""

    def _sets(self, fold: FoldExpr, target: ir.Type, value: ir.Type) -> bool:
        if self.assignable(target, value):
            return True
        literal = isinstance(fold.value, (str, int, float))
        if isinstance(fold.value, str) and isinstance(target, ir.EnumRef):
            values = [each.value for each in self._spec.enums[target.name].values]
            hint = did_you_mean(fold.value, values) or f"one of: {', '.join(values)}"
            message = f"\"{fold.value}\" is not a value of '{target.name}'"
            self._report.add(MISFIT, fold.value_span, message, hint)
            return False
        shown = value_text(fold.value) if literal else f"'{fold.value}'"
        place = f"'{fold.path_text}' of '{ir.type_text(target)}'"
        message = f"{shown} is of type '{ir.type_text(value)}', its place {place}"
        self._report.add(
            MISFIT, fold.value_span, message, "put a value of the same type there, or change one of the two"
        )
        return False

    def assignable(self, target: ir.Type, value: ir.Type) -> bool:
        """Whether a place of a type can hold a value of another; only some variants, or some alternatives, need fit."""
        if (
            target == value
            or target is ir.Primitive.ANY
            or self._spec.may_be_more(target)
            or self._spec.may_be_more(value)
        ):
            return True
        match target, value:
            case ir.Primitive.NUMBER, ir.Primitive.INTEGER:
                return True
            case ir.Primitive.STRING, ir.Literal() | ir.EnumRef():
                return True
            case (ir.Primitive.INTEGER | ir.Primitive.NUMBER | ir.Primitive.BOOLEAN), ir.Constants():
                return ir.kinds(target) == ir.kinds(value)
            case ir.Constants(allowed), ir.Constants(given):
                return set(given) <= set(allowed) and ir.kinds(target) == ir.kinds(value)
            case ir.Nullable(inner), _:
                return self.assignable(inner, value.type if isinstance(value, ir.Nullable) else value)
            case ir.EnumRef(name), ir.Literal(text):
                # An open enum may grow on the wire; what the spec itself writes is in its list.
                values = {known.value for known in self._spec.enums[name].values}
                return not values or text in values
            case ir.UnionRef(name), ir.RecordRef(record):
                return record in self._spec.unions[name].records
            case ir.UnionRef(name), ir.UnionRef(other):
                return bool(set(self._spec.unions[name].records) & set(self._spec.unions[other].records))
            case ir.RecordRef(record), ir.UnionRef(name):
                return record in self._spec.unions[name].records
            case ir.ListOf(item), ir.ListOf(other_item):
                return self.assignable(item, other_item)
            case ir.OneOf(alternatives), _:
                return any(self.assignable(alternative, value) for alternative in alternatives)
            case _, ir.OneOf(alternatives):
                return any(self.assignable(target, alternative) for alternative in alternatives)
            case _:
                return False
