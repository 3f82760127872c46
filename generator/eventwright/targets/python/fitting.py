"""How a generated decoder tells whether a value fits a type, and what it makes of it."""

from __future__ import annotations

from dataclasses import dataclass

from ...model import ir
from .places import PRIMITIVES, Imports, Places
from .text import literal, row

_KINDS = {
    ir.Primitive.STRING: "STRINGS",
    ir.Primitive.INTEGER: "INTEGERS",
    ir.Primitive.NUMBER: "NUMBERS",
    ir.Primitive.BOOLEAN: "BOOLEANS",
    ir.Primitive.OBJECT: "OBJECTS",
    ir.Primitive.ANY: "ANYTHING",
}


@dataclass(frozen=True, slots=True)
class ReaderView:
    """A function that decodes a type that has no name.

    Attributes:
        options: For each alternative the test that `value` passes, empty for the only one, and what it decodes to.
    """

    name: str
    result: str
    options: tuple[tuple[str, str], ...]
    is_total: bool


class Fitter:
    """Writes tests and calls for types, and the functions that they need."""

    def __init__(self, places: Places, imports: Imports) -> None:
        self._places = places
        self._imports = imports
        self.readers: list[ReaderView] = []
        """The functions that were asked for."""

    def test(self, declared: ir.Type, value: str) -> str:
        """Give the condition for a type that the value tells at once, empty for any other.

        Args:
            declared: The type.
            value: The variable that holds the value.
        """
        match declared:
            case ir.Primitive.ANY | ir.Primitive.OBJECT:
                return ""
            case ir.Primitive.NUMBER:
                return f"type({value}) is float or type({value}) is int"
            case ir.Primitive():
                return f"type({value}) is {PRIMITIVES[declared]}"
            case ir.EnumRef(name):
                return f"type({value}) is str" if self._is_open(name) else ""
            case ir.Literal(text):
                return f"{value} == {literal(text)}"
            case ir.Constants(values):
                if isinstance(values[0], bool):
                    return f"{value} is {values[0]}"
                return f"type({value}) is int and {value} in {row(map(repr, values))}"
            case _:
                return ""

    def fit(self, declared: ir.Type, value: str, owner: str) -> str:
        """Give an expression that is the decoded value, or None where it does not fit.

        Args:
            declared: A type that has no test.
            value: An expression of the value.
            owner: What a function that is needed is named after.
        """
        decoding = self._imports.runtime("decoding")
        match declared:
            case ir.Primitive.OBJECT:
                return f"{decoding}.object_of({value})"
            case ir.ListOf(item) | ir.MapOf(item):
                kind = "list" if isinstance(declared, ir.ListOf) else "map"
                plain = self._kinds(item)
                if plain:
                    return f"{decoding}.{kind}_of({value}, {plain})"
                nulls = isinstance(item, ir.Nullable)
                function = self._function(item.type if isinstance(item, ir.Nullable) else item, f"{owner}_item")
                return f"{decoding}.decode_{kind}{'_with_nulls' if nulls else ''}({value}, {function}, odd)"
            case ir.EnumRef(name):
                return f"{self._places.values(name, self._imports)}.fitting({value})"
            case _:
                return f"{self._function(declared, owner)}({value}, odd)"

    def _is_open(self, enum: str) -> bool:
        return self._places.spec.enums[enum].open

    def _kinds(self, declared: ir.Type) -> str:
        """Give the set of Python types of a type that they alone tell; empty for any other."""
        decoding = self._imports.runtime("decoding")
        match declared:
            case ir.Primitive():
                return f"{decoding}.{_KINDS[declared]}"
            case ir.EnumRef(name) if self._is_open(name):
                return f"{decoding}.STRINGS"
            case ir.Nullable(inner):
                plain = self._kinds(inner)
                return f"{plain} | {decoding}.NULLS" if plain else ""
            case ir.OneOf(alternatives):
                found = [self._kinds(option) for option in alternatives]
                return " | ".join(found) if all(found) else ""
            case _:
                return ""

    def _function(self, declared: ir.Type, owner: str) -> str:
        """Give the function that decodes a type, and ask for one where it has no name."""
        if isinstance(declared, (ir.RecordRef, ir.UnionRef, ir.EnumRef)):
            return self._places.decoder(declared.name, self._imports)
        name = self._places.function(f"read_{owner}")
        alternatives = declared.alternatives if isinstance(declared, ir.OneOf) else (declared,)
        # A value that is compared with what it may be is given as that, so that its type is known.
        single = [each for option in alternatives for each in _singles(option)]
        options = [self._option(option, owner, is_only=len(single) == 1) for option in single]
        self._imports.package("runtime.wire", "WireValue")
        result = self._places.optional(declared, self._imports)
        self.readers.append(ReaderView(name, result, tuple(options), is_total=not options[-1][0]))
        return name

    def _option(self, declared: ir.Type, owner: str, *, is_only: bool) -> tuple[str, str]:
        test = self.test(declared, "value")
        match declared:
            case ir.Literal(text):
                return test, literal(text)
            case ir.Constants(values):
                return test, repr(values[0])
        if test:
            return test, "value"
        fitted = "value" if declared is ir.Primitive.ANY else self.fit(declared, "value", owner)
        kinds = {ir.Kind.LIST: "list", ir.Kind.STRING: "str"}
        (kind,) = ir.kinds(declared)
        return ("" if is_only else f"type(value) is {kinds.get(kind, 'dict')}"), fitted


def _singles(declared: ir.Type) -> list[ir.Type]:
    """Take several constants apart."""
    return [ir.Constants((value,)) for value in declared.values] if isinstance(declared, ir.Constants) else [declared]
