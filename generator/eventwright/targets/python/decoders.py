"""The decoders of the generated package: a function for each class and union, and the tables of tags."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...model import ir
from ...model.names import snake
from .identifiers import attribute
from .names import PRIMITIVES, Imports, PyNames
from .text import call, literal

_KINDS = {
    ir.Primitive.STRING: "STRINGS",
    ir.Primitive.INTEGER: "INTEGERS",
    ir.Primitive.NUMBER: "NUMBERS",
    ir.Primitive.BOOLEAN: "BOOLEANS",
    ir.Primitive.OBJECT: "OBJECTS",
}


@dataclass(frozen=True, slots=True)
class FunctionView:
    """A function of a decoder module: its signature, wrapped where it is long, and the lines of its body."""

    signature: str
    body: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableView:
    """A dispatch table: what decodes which tag."""

    name: str
    result: str
    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DeferredView:
    """The members of a class that are decoded when they are first looked at."""

    model: str
    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DecodersView:
    """A module of decoders, made from one folder of the spec."""

    title: str
    imports: tuple[str, ...]
    functions: tuple[FunctionView, ...]
    tables: tuple[TableView, ...]
    deferred: tuple[DeferredView, ...]


def decoders(names: PyNames, unit: str, modules: list[ir.Module]) -> DecodersView:
    """Give the view of the functions that decode what some files of the spec declare."""
    imports = Imports(depth=2, own=f"decoders.{unit}")
    functions: list[FunctionView] = []
    tables: list[TableView] = []
    deferred: list[DeferredView] = []
    for module in modules:
        functions += [_enum_decoder(names, enum, imports) for enum in module.enums if enum.name in names.contained]
        for record in [*module.records, *(event.record for event in module.events)]:
            functions.extend(_RecordDecoder(names, record, imports).functions())
            if names.lazy(record):
                deferred.append(_deferred(names, record, imports))
        for union in module.unions:
            functions.extend(_union_functions(names, union, imports))
            tables.append(_union_table(names, union, imports))
    return DecodersView(
        title=f"Decoders of what `{unit}` declares.",
        imports=imports.lines,
        functions=tuple(functions),
        tables=tuple(tables),
        deferred=tuple(deferred),
    )


def _deferred(names: PyNames, record: ir.Record, imports: Imports) -> DeferredView:
    imports.package("runtime.lazy", "DEFERRED")
    entries = [(literal(key), names.decoder(type.name, imports)) for key, type in names.lazy(record).items()]
    return DeferredView(names.model(record.name, imports), tuple(entries))


def _function(name: str, parameter: str, result: str, body: list[str]) -> FunctionView:
    tail = f" -> {result}:"
    return FunctionView(call(f"def {name}", [parameter, "suspects: Suspects"], 0, len(tail)) + tail, tuple(body))


def _enum_decoder(names: PyNames, enum: ir.Enum, imports: Imports) -> FunctionView:
    """Write the function that a container of a closed enum needs."""
    imports.package("runtime.decoding", "Suspects")
    body = [
        "if type(value) is not str:",
        "    return None",
        f"if suspects is not None and value not in {names.shape(enum.name, imports)}.values:",
        "    suspects.append(value)",
        "return value",
    ]
    wire = imports.package("runtime.wire", "WireValue")
    result = f"{names.model(enum.name, imports)} | None"
    return _function(f"decode_{snake(enum.name)}", f"value: {wire}", result, body)


class _RecordDecoder:
    """Writes the function that decodes one class, and those for its fields that need one."""

    def __init__(self, names: PyNames, record: ir.Record, imports: Imports) -> None:
        self._names = names
        self._record = record
        self._imports = imports
        # An event has all it needs nearly always, so its required members are looked up in the quickest way there is.
        # Where one is missing that raises KeyError, and the caller tries again with `Gaps`.
        self._is_event = record.name in names.payloads
        self._helpers: list[FunctionView] = []

    def functions(self) -> list[FunctionView]:
        record, imports = self._record, self._imports
        imports.package("runtime.decoding", "Suspects")
        model = self._names.model(record.name, imports)
        direct = record.name in self._names.direct
        members = len(record.fields) + bool(record.tags)
        body = self._entry() if direct else []
        body += [f"built = {self._helper('new')}({model})", f"placed = {members}"]
        body += self._tag()
        for member in record.fields:
            body += self._member(member)
        leftover = f"{self._helper('settle')}(built, data, placed, suspects)"
        body += [f"built.leftover = None if len(data) == placed else {leftover}", "return built"]
        if direct:
            parameter, result = f"data: {self._helper('WireValue')}", f"{model} | None"
        else:
            parameter, result = f"data: {self._helper('WireObject')}", model
        return [*self._helpers, _function(f"decode_{snake(record.name)}", parameter, result, body)]

    def _helper(self, name: str) -> str:
        modules = {"WireObject": "runtime.wire", "WireValue": "runtime.wire", "defer": "runtime.lazy"}
        return self._imports.package(modules.get(name, "runtime.decoding"), name)

    def _entry(self) -> list[str]:
        """Refuse what is no object, or an object whose tag names another class."""
        condition = "type(data) is not dict"
        if self._record.tags:
            # A tag that is null names no class: so it is in unions, whose default such an object may be.
            choices = ", ".join(["None", *map(literal, self._record.tags)])
            condition += f" or data.get({literal(self._names.spec.tag)}) not in ({choices})"
        return [f"if {condition}:", "    return None"]

    def _tag(self) -> list[str]:
        record, tag = self._record, self._names.spec.tag
        target, key = f"built.{attribute(tag)}", literal(tag)
        if not record.tags:
            return []
        if not self._names.tag_may_lack(record):
            return [f"{target} = {literal(record.tags[0])}" if len(record.tags) == 1 else f"{target} = data[{key}]"]
        misfit = "placed -= 1" if record.tag_optional else "placed = -1"
        # Whoever calls has made sure that the tag, if it is there, is one of this class.
        return [
            f"{target} = data.get({key})",
            f"if {target} is None:",
            f"    {misfit}",
        ]

    def _member(self, member: ir.Field) -> list[str]:
        target, key = f"built.{attribute(member.name)}", literal(member.name)
        wire = f"data[{key}]" if self._is_event and not member.optional else f"data.get({key})"
        misfit = self._misfit(member, key)
        test = self._test(member.type)
        owner = f"{snake(self._record.name)}_{attribute(member.name)}"
        if member.name in self._names.lazy(self._record):
            fitted = self._fit(member.type, "value", owner, 8, 8 + len(target) + 3)
            return [
                f"value = {wire}",
                "if suspects is None and type(value) is dict:",
                f"    {self._helper('defer')}(built, data)",
                "else:",
                f"    {target} = {fitted}",
                f"    if {target} is None:",
                f"        {misfit}",
            ]
        if self._is_event and isinstance(member.type, ir.ListOf):
            # An empty list is so frequent in events that it is worth sparing it the call.
            fitted = self._fit(member.type, "value", owner, 4, 4 + len(target) + 3 + len("[] if value == [] else "))
            return [
                f"value = {wire}",
                f"{target} = [] if value == [] else {fitted}",
                f"if {target} is None:",
                f"    {misfit}",
            ]
        if test is None:
            fitted = self._fit(member.type, wire, owner, 4, 4 + len(target) + 3)
            return [f"{target} = {fitted}", f"if {target} is None:", f"    {misfit}"]
        found = literal(member.type.value) if isinstance(member.type, ir.Literal) else "value"
        lines = [f"value = {wire}", f"if {test}:", f"    {target} = {found}"]
        lines += [f"    {line}" for line in self._closed(member.type)]
        return [*lines, "else:", f"    {target} = None", f"    {misfit}"]

    def _misfit(self, member: ir.Field, key: str) -> str:
        if member.optional:
            return "placed -= 1"
        if member.nullable or member.type is ir.Primitive.ANY:
            return f"placed = {self._helper('placed_null')}(placed, data, {key})"
        return "placed = -1"

    def _test(self, declared: ir.Type) -> str | None:
        """Give the condition on `value` for a type that its value tells at once, None for any other."""
        match declared:
            case ir.Primitive.NUMBER:
                return "type(value) is float or type(value) is int"
            case ir.Primitive.OBJECT | ir.Primitive.ANY:
                return None
            case ir.Primitive():
                return f"type(value) is {PRIMITIVES[declared]}"
            case ir.EnumRef():
                return "type(value) is str"
            case ir.Literal(value):
                return f"value == {literal(value)}"
            case _:
                return None

    def _closed(self, declared: ir.Type) -> list[str]:
        """Mark an unknown value of a closed enum."""
        if not isinstance(declared, ir.EnumRef) or self._names.spec.enums[declared.name].open:
            return []
        values = self._names.shape(declared.name, self._imports)
        return [
            f"if suspects is not None and value not in {values}.values:",
            "    suspects.append(value)",
        ]

    def _fit(self, declared: ir.Type, value: str, owner: str, indent: int, room: int) -> str:
        """Give an expression that is the decoded value, or None where it does not fit."""
        match declared:
            case ir.Primitive.ANY:
                return value
            case ir.Primitive.OBJECT:
                return call(self._helper("object_of"), [value], indent, room)
            case ir.ListOf(item) | ir.MapOf(item):
                kind = "list" if isinstance(declared, ir.ListOf) else "map"
                plain = self._kinds(item)
                if plain is not None:
                    return call(self._helper(f"{kind}_of"), [value, plain], indent, room)
                element = self._element(item, f"{owner}_item")
                return call(self._helper(f"decode_{kind}"), [value, element, "suspects"], indent, room)
            case _:
                return call(self._element(declared, owner), [value, "suspects"], indent, room)

    def _kinds(self, declared: ir.Type) -> str | None:
        """Give the set of Python types of a type that they alone tell."""
        match declared:
            case ir.Primitive.ANY:
                return self._helper("ANYTHING")
            case ir.Primitive():
                return self._helper(_KINDS[declared])
            case ir.EnumRef(name) if self._names.spec.enums[name].open:
                return self._helper("STRINGS")
            case ir.OneOf(alternatives):
                found = [self._kinds(option) for option in alternatives]
                return " | ".join(kind for kind in found if kind) if all(found) else None
            case _:
                return None

    def _element(self, declared: ir.Type, owner: str) -> str:
        """Give the function that decodes a type, and write it if it has none of its own."""
        if isinstance(declared, (ir.RecordRef, ir.UnionRef, ir.EnumRef)):
            return self._names.decoder(declared.name, self._imports)
        return self._reader(declared, f"read_{owner}", owner)

    def _reader(self, declared: ir.Type, function: str, owner: str) -> str:
        body: list[str] = []
        options = declared.alternatives if isinstance(declared, ir.OneOf) else (declared,)
        for option in options:
            test = self._test(option)
            if test is not None:
                body += [f"if {test}:", *(f"    {line}" for line in self._closed(option)), "    return value"]
            elif len(options) == 1:
                body.append(f"return {self._fit(option, 'value', owner, 4, 11)}")
            else:
                kind = "list" if isinstance(option, ir.ListOf) else "dict"
                body += [f"if type(value) is {kind}:", f"    return {self._fit(option, 'value', owner, 8, 15)}"]
        if not body[-1].startswith("return"):
            body.append("return None")
        parameter = f"value: {self._helper('WireValue')}"
        self._helpers.append(_function(function, parameter, self._names.optional(declared, self._imports), body))
        return function


def _union_functions(names: PyNames, union: ir.Union, imports: Imports) -> Iterator[FunctionView]:
    model = names.model(union.name, imports)
    wire = imports.package("runtime.wire", "WireValue")
    for tag, choices in union.by_tag:
        if len(choices) > 1 or choices[0].when:
            yield _choosing(names, union, _choosing_name(union, tag), choices, "data: WireObject", imports)
    unknown = imports.package("runtime.decoding", "unknown_variant")
    imports.package("runtime.wire", "WireObject")
    imports.package("runtime.decoding", "Suspects")
    key = literal(names.spec.tag)
    body = ["if type(data) is not dict:", "    return None", f"tag = data.get({key})"]
    if union.default:
        yield _choosing(names, union, f"default_{snake(union.name)}", union.default, "data: WireObject", imports)
        body += ["if tag is None:", f"    return default_{snake(union.name)}(data, suspects)"]
    body += [
        f"decode = {snake(union.name).upper()}_DECODERS.get(tag) if type(tag) is str else None",
        f"return decode(data, suspects) if decode is not None else {unknown}(tag, data, suspects)",
    ]
    yield _function(f"decode_{snake(union.name)}", f"data: {wire}", f"{model} | None", body)


def _choosing_name(union: ir.Union, tag: str) -> str:
    return f"decode_{snake(union.name)}_{attribute(tag).strip('_')}"


def _choosing(
    names: PyNames, union: ir.Union, function: str, choices: tuple[ir.Choice, ...], parameter: str, imports: Imports
) -> FunctionView:
    """Write the function that picks among the candidates of one tag by the members that are there."""
    body: list[str] = []
    for choice in choices:
        decode = f"return {names.decoder(choice.record, imports)}(data, suspects)"
        if not choice.when:
            body.append(decode)
            break
        condition = " and ".join(f"{literal(member)} in data" for member in choice.when)
        body += [f"if {condition}:", f"    {decode}"]
    else:
        unknown = imports.package("runtime.decoding", "unknown_variant")
        body.append(f"return {unknown}(data.get({literal(names.spec.tag)}), data, suspects)")
    return _function(function, parameter, f"{names.model(union.name, imports)} | None", body)


def _union_table(names: PyNames, union: ir.Union, imports: Imports) -> TableView:
    entries = []
    for tag, choices in union.by_tag:
        single = len(choices) == 1 and not choices[0].when
        decoder = names.decoder(choices[0].record, imports) if single else _choosing_name(union, tag)
        entries.append((literal(tag), decoder))
    imports.package("runtime.decoding", "Decoders")
    return TableView(f"{snake(union.name).upper()}_DECODERS", names.model(union.name, imports), tuple(entries))
