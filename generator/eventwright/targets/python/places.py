"""Where the names of the generated package are, and what each module of it has to import."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, field

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


_MANY = 16
"""Members from which on the objects of a list are worth waiting for a look."""


@dataclass(slots=True)
class Imports:
    """Collects the imports of one module: to mention a name is to import it.

    Attributes:
        depth: How many folders above the module the package begins.
        own: The module, dotted, from the top of the package.
    """

    depth: int
    own: str
    _stdlib: dict[str, set[str]] = field(default_factory=dict)
    _package: dict[str, set[str]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    """Other names for classes and aliases of the module itself."""

    def stdlib(self, module: str, name: str) -> str:
        """Mention a name of the standard library."""
        self._stdlib.setdefault(module, set()).add(name)
        return name

    def package(self, module: str, name: str) -> str:
        """Mention a name of the generated package; `module` is dotted, from the top of the package."""
        if module != self.own:
            self._package.setdefault(module, set()).add(name)
        return name

    def past(self, module: str, name: str, hidden: Container[str]) -> str:
        """Mention a name of the standard library where attributes may hide it; then it is imported under another."""
        return self.stdlib(module, name) if name not in hidden else self._alias(self._stdlib, module, name, hidden)

    def package_past(self, module: str, name: str, hidden: Container[str]) -> str:
        """Mention a name of the generated package where attributes may hide it."""
        return self.package(module, name) if name not in hidden else self._alias(self._package, module, name, hidden)

    def _alias(self, imported: dict[str, set[str]], module: str, name: str, hidden: Container[str]) -> str:
        alias = free(name, hidden)
        if module == self.own:
            self.aliases[alias] = name
            self.stdlib("typing", "TypeAlias")
        else:
            imported.setdefault(module, set()).add(f"{name} as {alias}")
        return alias

    def runtime(self, module: str) -> str:
        """Mention a module of the runtime. What is in it is reached through it, so that no name of it is in the way."""
        return self.package("runtime", module)

    @property
    def lines(self) -> tuple[str, ...]:
        """The statements, as isort leaves them. Each name has a line, so that a new one only adds one."""
        dots = "." * self.depth
        stdlib = [line for module in sorted(self._stdlib) for line in _statement(module, self._stdlib[module])]
        package = [
            line for module in sorted(self._package) for line in _statement(f"{dots}{module}", self._package[module])
        ]
        return (*stdlib, *([""] if stdlib and package else []), *package)


def _statement(module: str, names: set[str]) -> list[str]:
    return [f"from {module} import (", *(f"    {name}," for name in _sorted(names)), ")"]


def _sorted(names: set[str]) -> list[str]:
    """Sort constants before classes before all others, and numbers by their size."""

    def key(name: str) -> tuple[int, list[tuple[str, int]], str]:
        kind = 0 if name.isupper() and len(name) > 1 else 1 if name[0].isupper() else 2
        pieces = re.findall(r"(\D*)(\d*)", name.lower())
        return kind, [(text, int(number or 0)) for text, number in pieces], name

    return sorted(names, key=key)


def free(name: str, taken: Container[str]) -> str:
    """Give another name for a thing whose own is taken, which is not taken either."""
    name += "_"
    while name in taken:
        name += "_"
    return name


def name_of(spec: ir.Spec, name: str, imports: Imports) -> str:
    """Mention the class of a record or the alias of a union."""
    declared = spec.unions[name] if name in spec.unions else spec.records[name]
    return imports.package(".".join(declared.module.parts), name)


def keeps_tag(spec: ir.Spec) -> bool:
    """Whether a part of the tag of events comes beside the body, so that events keep it."""
    return any(isinstance(place, ir.BesideTag) for part in spec.tag.parts for place in part)


class Places:
    """Where the Python names of a spec are, and how its records are reached."""

    def __init__(self, spec: ir.Spec) -> None:
        self.spec = spec
        self._modules: dict[str, str] = {
            name: ".".join(entry.module.parts)
            for table in (spec.records, spec.enums, spec.unions)
            for name, entry in table.items()
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
        self.payloads = frozenset(event.record.name for event in spec.events)
        defaults = frozenset(choice.record for choice in spec.default)
        self.assumed = self.payloads if spec.default and spec.tag.member else defaults
        """Payloads that a body without a tag may be: by default, or because the tag comes beside it."""
        self.keeps_tag = keeps_tag(spec)
        self.wrappers = {
            event.record.name: ir.tag_text(key.parts[0])
            for event in (spec.events if spec.tag.is_name else ())
            for key in event.keys[:1]
        }
        """The member that holds the payload of an event, where its name is the tag."""
        self.usual = {event.record.name: self._in_example(event) for event in spec.events}
        """What a payload usually has, by its name: the members that are in the example of its event."""
        self._lacking = self.direct | self.defaults | self.assumed
        self._functions = {f"decode_{snake(name)}" for name in self._modules}

    def _in_example(self, event: ir.Event) -> frozenset[str]:
        body = event.example
        if isinstance(body, dict) and event.record.name in self.wrappers:
            body = body.get(self.wrappers[event.record.name])
        return frozenset(body) if isinstance(body, dict) else frozenset()

    def model(self, name: str, imports: Imports) -> str:
        """Mention a class or an alias."""
        return imports.package(self._modules[name], name)

    def decoder(self, name: str, imports: Imports) -> str:
        """Mention the function that decodes a record, a union or an enum."""
        return imports.package(self._modules[name], f"decode_{snake(name)}")

    def function(self, wanted: str) -> str:
        """Give a name for a function of which no other has the name, as far as it can be the one that is wanted."""
        name = wanted if wanted not in self._functions else free(wanted, self._functions)
        self._functions.add(name)
        return name

    def values(self, name: str, imports: Imports) -> str:
        """Mention the table of the values of an enum."""
        return imports.package(self._modules[name], f"{snake(name).upper()}_VALUES")

    def variants(self, name: str, imports: Imports) -> str:
        """Mention the table of the classes of a union."""
        return imports.package(self._modules[name], f"{snake(name).upper()}_VARIANTS")

    def annotation(self, declared: ir.Type, imports: Imports, hidden: Container[str] = ()) -> str:
        """Give the annotation of a type.

        Args:
            declared: The type.
            imports: Where what the annotation mentions is imported.
            hidden: Attributes of the class that it stands in: there, such a name is the attribute.
        """

        def builtin(name: str) -> str:
            return imports.past("builtins", name, hidden) if name in hidden else name

        def inner(declared: ir.Type) -> str:
            return self.annotation(declared, imports, hidden)

        match declared:
            case ir.Primitive.ANY:
                return imports.past("typing", "Any", hidden)
            case ir.Primitive.OBJECT:
                return inner(ir.MapOf(ir.Primitive.ANY))
            case ir.Primitive():
                return builtin(PRIMITIVES[declared])
            case ir.Literal(value):
                return f"{imports.past('typing', 'Literal', hidden)}[{literal(value)}]"
            case ir.Constants(values):
                return f"{imports.past('typing', 'Literal', hidden)}[{', '.join(map(repr, values))}]"
            case ir.Nullable(element):
                return self.optional(element, imports, hidden)
            case ir.ListOf(item):
                return f"{builtin('list')}[{inner(item)}]"
            case ir.MapOf(value):
                return f"{builtin('dict')}[{builtin('str')}, {inner(value)}]"
            case ir.OneOf(alternatives):
                return " | ".join(dict.fromkeys(map(inner, alternatives)))
            case ir.RecordRef(name) | ir.EnumRef(name) | ir.UnionRef(name):
                return imports.package_past(self._modules[name], name, hidden)

    def optional(self, declared: ir.Type, imports: Imports, hidden: Container[str] = ()) -> str:
        """Give the annotation of an attribute that may also be None; see `annotation`."""
        text = self.annotation(declared, imports, hidden)
        return text if declared is ir.Primitive.ANY else f"{text} | None"

    def is_deferred(self, record: ir.Record, member: ir.Field) -> bool:
        """Whether a member is decoded when it is first looked at, as the objects of an event are.

        It has to be of a type that any object fits, so that the event is known to fit its declaration before that; or a
        list of such, which may be absent: of that a look tells whether it fits. Lists of small objects are not worth
        it, since most of them are empty.
        """
        if record.name not in self.payloads or (member.nullable and not member.optional):
            # That the latter was absent has to be noted at once.
            return False
        match member.type:
            case ir.UnionRef() | ir.RecordRef():
                return True
            case ir.ListOf(ir.UnionRef() | ir.RecordRef() as item):
                return member.optional and len(self._members_in(item.name)) >= _MANY
            case _:
                return False

    def _members_in(self, name: str) -> set[tuple[str, str]]:
        """Give the members of an object, and of all that may be in it."""
        found: set[tuple[str, str]] = set()
        seen: set[str] = set()
        names = [name]
        while names:
            name = names.pop()
            if name in seen:
                continue
            seen.add(name)
            if name in self.spec.unions:
                names += self.spec.unions[name].records
            elif name in self.spec.records:
                fields = self.spec.records[name].fields
                found |= {(name, field.name) for field in fields}
                names += [inner for field in fields for inner in ir.references(field.type)]
        return found

    def tag_may_lack(self, record: ir.Record) -> bool:
        """Whether an object can be of this class without having the tag."""
        return record.tag_optional or record.name in self._lacking


def is_exact(member: ir.Field) -> bool:
    """Whether an attribute holds its type or is not set, and is never None for want of anything better."""
    return not member.optional and not member.nullable
