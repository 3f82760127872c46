"""Where the names of the generated package are, and what each module of it has to import."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath

from ...model import ir
from ...model.names import snake
from .text import literal

PRIMITIVES = {
    ir.Primitive.STRING: "str",
    ir.Primitive.INTEGER: "int",
    ir.Primitive.NUMBER: "float",
    ir.Primitive.BOOLEAN: "bool",
}
"""The Python types of the primitives that have one of their own."""


@dataclass(slots=True)
class Imports:
    """Collects the imports of one module: to mention a name is to import it."""

    depth: int
    own: str
    _lines: set[tuple[int, int, str, str]] = field(default_factory=set)

    def stdlib(self, module: str, name: str) -> str:
        """Mention a name of the standard library."""
        self._lines.add((0, 0, module, name))
        return name

    def package(self, module: str, name: str) -> str:
        """Mention a name of the generated package; `module` is dotted, from the top of the package."""
        if module != self.own:
            self._lines.add((1, 0, module, name))
        return name

    @property
    def lines(self) -> tuple[str, ...]:
        """The statements, one per name so that a new one only adds a line, with a blank line between the sections."""
        dots = "." * self.depth
        found = [
            (section, f"from {'' if section == 0 else dots}{module} import {name}")
            for section, _, module, name in sorted(self._lines)
        ]
        stdlib = [line for section, line in found if section == 0]
        package = [line for section, line in found if section == 1]
        return (*stdlib, *([""] if stdlib and package else []), *package)


class PyNames:
    """Where the Python names of a spec are, and how its records are reached."""

    def __init__(self, spec: ir.Spec) -> None:
        self.spec = spec
        self.units: dict[str, list[ir.Module]] = {}
        for module in spec.modules:
            if not module.is_empty:
                self.units.setdefault(unit_of(module.path), []).append(module)
        self._modules: dict[str, PurePosixPath] = {
            name: entry.module for table in (spec.records, spec.enums, spec.unions) for name, entry in table.items()
        }
        self.direct = frozenset(
            name
            for record in spec.records.values()
            for member in record.fields
            for name in ir.references(member.type)
            if name in spec.records
        )
        """Records that some field names itself, not through a union: their tag has to be looked at."""
        self.contained = frozenset(
            name
            for record in spec.records.values()
            for member in record.fields
            if not isinstance(member.type, ir.EnumRef)
            for name in ir.references(member.type)
            if name in spec.enums and not spec.enums[name].open
        )
        """Closed enums that stand in a list, a map or an alternative."""
        self.defaults = frozenset(choice.record for union in spec.unions.values() for choice in union.default)
        self.payloads = {event.record.name: event for event in spec.events}

    def module(self, name: str) -> str:
        """Give the dotted module of a name, from the top of the package."""
        return ".".join(self._modules[name].parts)

    def unit(self, name: str) -> str:
        """Give the unit of decoders, encoders and shapes that a name belongs to."""
        return unit_of(self._modules[name])

    def model(self, name: str, imports: Imports) -> str:
        """Mention a class or an alias."""
        return imports.package(self.module(name), name)

    def decoder(self, name: str, imports: Imports) -> str:
        """Mention the function that decodes a record, a union or an enum."""
        return imports.package(f"decoders.{self.unit(name)}", f"decode_{snake(name)}")

    def shape(self, name: str, imports: Imports) -> str:
        """Mention the table of an enum or a union."""
        return imports.package(f"shapes.{self.unit(name)}", snake(name).upper())

    def annotation(self, declared: ir.Type, imports: Imports) -> str:
        """Give the annotation of a type."""
        match declared:
            case ir.Primitive.ANY:
                return imports.stdlib("typing", "Any")
            case ir.Primitive.OBJECT:
                return f"dict[str, {imports.stdlib('typing', 'Any')}]"
            case ir.Primitive():
                return PRIMITIVES[declared]
            case ir.Literal(value):
                return f"{imports.stdlib('typing', 'Literal')}[{literal(value)}]"
            case ir.ListOf(item):
                return f"list[{self.annotation(item, imports)}]"
            case ir.MapOf(value):
                return f"dict[str, {self.annotation(value, imports)}]"
            case ir.OneOf(alternatives):
                return " | ".join(dict.fromkeys(self.annotation(option, imports) for option in alternatives))
            case ir.RecordRef(name) | ir.EnumRef(name) | ir.UnionRef(name):
                return self.model(name, imports)

    def optional(self, declared: ir.Type, imports: Imports) -> str:
        """Give the annotation of an attribute of a type, which may always be None."""
        text = self.annotation(declared, imports)
        return text if declared is ir.Primitive.ANY else f"{text} | None"

    def lazy(self, record: ir.Record) -> dict[str, ir.RecordRef | ir.UnionRef]:
        """Give the fields that are decoded when they are first looked at: those of an event that hold an object.

        It has to be a type that any object fits, so that the event is known to fit its declaration before that.
        """
        if record.name not in self.payloads:
            return {}
        return {
            member.name: member.type
            for member in record.fields
            if isinstance(member.type, ir.UnionRef)
            or (isinstance(member.type, ir.RecordRef) and not self.spec.records[member.type.name].tags)
        }

    def tag_may_lack(self, record: ir.Record) -> bool:
        """Whether an object can be of this class without having the tag."""
        return record.tag_optional or record.name in self.direct or record.name in self.defaults


def unit_of(path: PurePosixPath) -> str:
    """Give the decoder module that a spec file goes to: its top folder, or its own name where it has no folder."""
    return path.parts[0]
