"""The Python package: which files it has, and what their templates see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import resources
from pathlib import PurePosixPath

from . import ir
from .names import attribute, snake
from .pytext import WIDTH, call, docstring, literal, prose
from .render import Page

_PRIMITIVES = {
    ir.Primitive.STRING: "str",
    ir.Primitive.INTEGER: "int",
    ir.Primitive.NUMBER: "float",
    ir.Primitive.BOOLEAN: "bool",
}
_KINDS = {
    ir.Primitive.STRING: "STRINGS",
    ir.Primitive.INTEGER: "INTEGERS",
    ir.Primitive.NUMBER: "NUMBERS",
    ir.Primitive.BOOLEAN: "BOOLEANS",
    ir.Primitive.OBJECT: "OBJECTS",
}
_RUNTIME = "eventwright.runtime"


@dataclass(frozen=True, slots=True)
class EnumView:
    """An alias of the strings that an enum knows."""

    name: str
    values: tuple[str, ...]
    doc: str


@dataclass(frozen=True, slots=True)
class AttributeView:
    """An attribute of a class, ready to be written."""

    name: str
    annotation: str
    default: str
    doc: str


@dataclass(frozen=True, slots=True)
class ClassView:
    """A generated class."""

    name: str
    doc: str
    attributes: tuple[AttributeView, ...]


@dataclass(frozen=True, slots=True)
class AliasView:
    """An alias of the classes of a union."""

    name: str
    members: tuple[str, ...]
    doc: str


@dataclass(frozen=True, slots=True)
class ModelsView:
    """A module of classes, made from one file of the spec."""

    source: str
    doc: str
    imports: tuple[str, ...]
    enums: tuple[EnumView, ...]
    classes: tuple[ClassView, ...]
    unions: tuple[AliasView, ...]


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
class DecodersView:
    """A module of decoders, made from one folder of the spec."""

    title: str
    imports: tuple[str, ...]
    functions: tuple[FunctionView, ...]
    tables: tuple[TableView, ...]


@dataclass(frozen=True, slots=True)
class EncoderView:
    """The function that writes the objects of one class."""

    name: str
    model: str
    signature: str
    always: str
    body: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EncodersView:
    """A module of encoders, made from one folder of the spec."""

    title: str
    imports: tuple[str, ...]
    encoders: tuple[EncoderView, ...]


@dataclass(frozen=True, slots=True)
class ShapeView:
    """The shape of a class: its members, each with the expression that describes it."""

    name: str
    tag: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ValuesView:
    """The values of an enum."""

    name: str
    label: str
    values: tuple[str, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class TaggedView:
    """The classes of a union by tag."""

    name: str
    label: str
    tag: str
    variants: tuple[tuple[str, str], ...]
    default: str


@dataclass(frozen=True, slots=True)
class ShapesView:
    """A module of shapes, made from one folder of the spec."""

    title: str
    imports: tuple[str, ...]
    enums: tuple[ValuesView, ...]
    unions: tuple[TaggedView, ...]
    records: tuple[ShapeView, ...]


@dataclass(frozen=True, slots=True)
class VariantView:
    """An event in the tables of the package."""

    tag: str
    variant: str
    name: str
    decoder: str


@dataclass(frozen=True, slots=True)
class PackageView:
    """What the modules that know all events see."""

    name: str
    doc: str
    union: str
    tag: str
    state: str
    imports: tuple[str, ...]
    variants: tuple[VariantView, ...]
    exports: tuple[str, ...]


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


def pages(spec: ir.Spec) -> Iterator[Page]:
    """Give every file of the package that depends on the spec."""
    root = PurePosixPath(spec.name)
    names = _Names(spec)
    for module in spec.modules:
        if not module.is_empty:
            yield Page(root / module.path.with_suffix(".py"), "python/models.py.jinja", _models(names, module))
    for folder in sorted({module.path.parts[0] for module in spec.modules if len(module.path.parts) > 1}):
        titles = [module.title for module in spec.modules if module.path.parts[0] == folder and not module.is_empty]
        yield Page(root / folder / "__init__.py", "python/folder.py.jinja", docstring([prose(f"{'; '.join(titles)}.")], 0))
    for unit, modules in names.units.items():
        yield Page(root / "shapes" / f"{unit}.py", "python/shapes.py.jinja", _shapes(names, unit, modules))
        yield Page(root / "decoders" / f"{unit}.py", "python/decoders.py.jinja", _decoders(names, unit, modules))
        yield Page(root / "encoders" / f"{unit}.py", "python/encoders.py.jinja", _encoders(names, unit, modules))
    for kind in ("shapes", "decoders", "encoders"):
        yield Page(root / kind / "__init__.py", f"python/{kind}_init.py.jinja", tuple(names.units))
    yield Page(root / "event.py", "python/event.py.jinja", _events(names))
    yield Page(root / "decoder.py", "python/decoder.py.jinja", _dispatch(names))
    yield Page(root / "__init__.py", "python/init.py.jinja", _package(names))
    yield Page(root / "__main__.py", "python/main.py.jinja", _package(names))


def runtime_files(spec: ir.Spec) -> dict[PurePosixPath, str]:
    """Give the files that are the same in every package, by path."""
    root = PurePosixPath(spec.name)
    files = {root / "py.typed": ""}
    for file in sorted(resources.files(_RUNTIME).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".py"):
            files[root / "runtime" / file.name] = file.read_text(encoding="utf-8")
    return files


class _Names:
    """Where everything is, and what is reached how."""

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
        return ".".join(self._modules[name].parts)

    def unit(self, name: str) -> str:
        return unit_of(self._modules[name])

    def model(self, name: str, imports: Imports) -> str:
        return imports.package(self.module(name), name)

    def decoder(self, name: str, imports: Imports) -> str:
        return imports.package(f"decoders.{self.unit(name)}", f"decode_{snake(name)}")

    def shape(self, name: str, imports: Imports) -> str:
        return imports.package(f"shapes.{self.unit(name)}", snake(name).upper())

    def annotation(self, declared: ir.Type, imports: Imports) -> str:
        match declared:
            case ir.Primitive.ANY:
                return imports.stdlib("typing", "Any")
            case ir.Primitive.OBJECT:
                return f"dict[str, {imports.stdlib('typing', 'Any')}]"
            case ir.Primitive():
                return _PRIMITIVES[declared]
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
        text = self.annotation(declared, imports)
        return text if declared is ir.Primitive.ANY else f"{text} | None"

    def tag_may_lack(self, record: ir.Record) -> bool:
        """Whether an object can be of this class without having the tag."""
        return record.tag_optional or record.name in self.direct or record.name in self.defaults


def unit_of(path: PurePosixPath) -> str:
    """Give the decoder module that a spec file goes to: its top folder, or its own name where it has no folder."""
    return path.parts[0]


def _models(names: _Names, module: ir.Module) -> ModelsView:
    imports = Imports(depth=len(module.path.parts), own=".".join(module.path.parts))
    records = [*module.records, *(event.record for event in module.events)]
    classes = tuple(_class(names, record, imports) for record in records)
    if classes:
        imports.package("runtime.model", "Model")
    return ModelsView(
        source=module.path.with_suffix(PurePosixPath(module.source).suffix).as_posix(),
        doc=docstring([prose(f"{module.title.rstrip('.')}. {module.doc}")], 0),
        imports=imports.lines if not (module.enums or module.unions) else _with_aliases(names, module, imports),
        enums=tuple(_enum(enum) for enum in module.enums),
        classes=classes,
        unions=tuple(_alias(names, union, imports) for union in module.unions),
    )


def _with_aliases(names: _Names, module: ir.Module, imports: Imports) -> tuple[str, ...]:
    imports.stdlib("typing", "TypeAlias")
    if module.unions:
        imports.stdlib("typing", "Union")
    if module.enums:
        imports.stdlib("typing", "Literal")
    for union in module.unions:
        _alias(names, union, imports)
    return imports.lines


def _enum(enum: ir.Enum) -> EnumView:
    openness = "The set is open: other strings may come." if enum.open else ""
    paragraphs = [prose(enum.doc), openness, *(f"- `{prose(value.value)}`: {prose(value.doc)}" for value in enum.values)]
    return EnumView(
        name=enum.name,
        values=tuple(literal(value.value) for value in enum.values),
        doc=docstring([paragraph for paragraph in paragraphs if paragraph], 0),
    )


def _alias(names: _Names, union: ir.Union, imports: Imports) -> AliasView:
    members = tuple(names.model(name, imports) for name in union.records)
    unknown = imports.package("runtime.model", "UnknownVariant")
    return AliasView(union.name, (*members, unknown), docstring([prose(union.doc)], 0))


def _class(names: _Names, record: ir.Record, imports: Imports) -> ClassView:
    attributes = []
    if record.tags:
        attributes.append(_tag_attribute(names, record, imports))
    for member in record.fields:
        needed = not member.optional
        attributes.append(
            AttributeView(
                name=attribute(member.name),
                annotation=names.optional(member.type, imports),
                default="" if needed else " = None",
                doc=_member_doc(member),
            )
        )
    deviates = prose(record.deviates)
    return ClassView(
        name=record.name,
        doc=docstring([prose(record.doc), *([f"In recordings: {deviates}"] if deviates else [])], 4),
        attributes=tuple(attributes),
    )


def _member_doc(member: ir.Field) -> str:
    text = prose(member.doc)
    if member.deprecated:
        text = f"Deprecated. {text}"
    name = attribute(member.name)
    return docstring([text if name == member.name else f"{text} On the wire: `{prose(member.name)}`."], 4)


def _tag_attribute(names: _Names, record: ir.Record, imports: Imports) -> AttributeView:
    choices = ", ".join(literal(tag) for tag in record.tags)
    if len(choices) > WIDTH // 2 and len(record.tags) > 1:
        choices = "".join(f"\n        {literal(tag)}," for tag in record.tags) + "\n    "
    annotation = f"{imports.stdlib('typing', 'Literal')}[{choices}]"
    if names.tag_may_lack(record):
        annotation += " | None"
    default = f" = {literal(record.tags[0])}" if len(record.tags) == 1 else ""
    return AttributeView(attribute(names.spec.tag), annotation, default, "")


def _decoders(names: _Names, unit: str, modules: list[ir.Module]) -> DecodersView:
    imports = Imports(depth=2, own=f"decoders.{unit}")
    functions: list[FunctionView] = []
    tables: list[TableView] = []
    for module in modules:
        functions += [_enum_decoder(names, enum, imports) for enum in module.enums if enum.name in names.contained]
        for record in [*module.records, *(event.record for event in module.events)]:
            functions.extend(_RecordDecoder(names, record, imports).functions())
        for union in module.unions:
            functions.extend(_union_functions(names, union, imports))
            tables.append(_union_table(names, union, imports))
    return DecodersView(f"Decoders of what `{unit}` declares.", imports.lines, tuple(functions), tuple(tables))


def _function(name: str, parameter: str, result: str, body: list[str]) -> FunctionView:
    tail = f" -> {result}:"
    return FunctionView(call(f"def {name}", [parameter, "suspects: Suspects"], 0, len(tail)) + tail, tuple(body))


def _enum_decoder(names: _Names, enum: ir.Enum, imports: Imports) -> FunctionView:
    """Write the function that a container of a closed enum needs."""
    imports.package("runtime.decoding", "Suspects")
    body = [
        "if type(value) is not str:",
        "    return None",
        f"if suspects is not None and value not in {names.shape(enum.name, imports)}.values:",
        "    suspects.append(value)",
        "return value",
    ]
    wire = imports.package("runtime.wire", "Wire")
    result = f"{names.model(enum.name, imports)} | None"
    return _function(f"decode_{snake(enum.name)}", f"value: {wire}", result, body)


class _RecordDecoder:
    """Writes the function that decodes one class, and those for its fields that need one."""

    def __init__(self, names: _Names, record: ir.Record, imports: Imports) -> None:
        self._names = names
        self._record = record
        self._imports = imports
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
            parameter, result = f"data: {self._helper('Wire')}", f"{model} | None"
        else:
            parameter, result = f"data: {self._helper('Data')}", model
        return [*self._helpers, _function(f"decode_{snake(record.name)}", parameter, result, body)]

    def _helper(self, name: str) -> str:
        module = "runtime.wire" if name in ("Data", "Wire") else "runtime.decoding"
        return self._imports.package(module, name)

    def _entry(self) -> list[str]:
        """Refuse what is no object, or an object whose tag names another class."""
        tags, key = self._record.tags, literal(self._names.spec.tag)
        condition = "type(data) is not dict"
        if len(tags) == 1:
            condition += f" or data.get({key}, {literal(tags[0])}) != {literal(tags[0])}"
        elif tags:
            choices = ", ".join(literal(tag) for tag in tags)
            condition += f" or data.get({key}, {literal(tags[0])}) not in ({choices})"
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
        misfit = self._misfit(member, key)
        test = self._test(member.type)
        if test is None:
            owner = f"{snake(self._record.name)}_{attribute(member.name)}"
            fitted = self._fit(member.type, f"data.get({key})", owner, 4, 4 + len(target) + 3)
            return [f"{target} = {fitted}", f"if {target} is None:", f"    {misfit}"]
        found = literal(member.type.value) if isinstance(member.type, ir.Literal) else "value"
        lines = [f"value = data.get({key})", f"if {test}:", f"    {target} = {found}"]
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
                return f"type(value) is {_PRIMITIVES[declared]}"
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
        parameter = f"value: {self._helper('Wire')}"
        self._helpers.append(_function(function, parameter, self._names.optional(declared, self._imports), body))
        return function


def _union_functions(names: _Names, union: ir.Union, imports: Imports) -> Iterator[FunctionView]:
    model = names.model(union.name, imports)
    wire = imports.package("runtime.wire", "Wire")
    for tag, choices in union.by_tag:
        if len(choices) > 1 or choices[0].when:
            yield _choosing(names, union, _choosing_name(union, tag), choices, "data: Data", imports)
    unknown = imports.package("runtime.decoding", "unknown_variant")
    imports.package("runtime.wire", "Data")
    imports.package("runtime.decoding", "Suspects")
    key = literal(names.spec.tag)
    body = ["if type(data) is not dict:", "    return None", f"tag = data.get({key})"]
    if union.default:
        yield _choosing(names, union, f"default_{snake(union.name)}", union.default, "data: Data", imports)
        body += ["if tag is None:", f"    return default_{snake(union.name)}(data, suspects)"]
    body += [
        f"decode = {snake(union.name).upper()}_DECODERS.get(tag) if type(tag) is str else None",
        f"return decode(data, suspects) if decode is not None else {unknown}(tag, data, suspects)",
    ]
    yield _function(f"decode_{snake(union.name)}", f"data: {wire}", f"{model} | None", body)


def _choosing_name(union: ir.Union, tag: str) -> str:
    return f"decode_{snake(union.name)}_{attribute(tag).strip('_')}"


def _choosing(
    names: _Names, union: ir.Union, function: str, choices: tuple[ir.Choice, ...], parameter: str, imports: Imports
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


def _union_table(names: _Names, union: ir.Union, imports: Imports) -> TableView:
    entries = []
    for tag, choices in union.by_tag:
        single = len(choices) == 1 and not choices[0].when
        decoder = names.decoder(choices[0].record, imports) if single else _choosing_name(union, tag)
        entries.append((literal(tag), decoder))
    imports.package("runtime.decoding", "Decoders")
    return TableView(f"{snake(union.name).upper()}_DECODERS", names.model(union.name, imports), tuple(entries))


def _encoders(names: _Names, unit: str, modules: list[ir.Module]) -> EncodersView:
    imports = Imports(depth=2, own=f"encoders.{unit}")
    records = [record for module in modules for record in (*module.records, *(event.record for event in module.events))]
    encoders = tuple(_encoder(names, record, imports) for record in records)
    for name in ("ENCODERS", "restore"):
        imports.package("runtime.encoding", name)
    imports.package("runtime.wire", "Data")
    return EncodersView(f"Encoders of what `{unit}` declares.", imports.lines, encoders)


def _encoder(names: _Names, record: ir.Record, imports: Imports) -> EncoderView:
    tag = names.spec.tag
    always, body = "{}", list[str]()
    if record.tags and names.tag_may_lack(record):
        body += [f"if obj.{attribute(tag)} is not None:", f"    data[{literal(tag)}] = obj.{attribute(tag)}"]
    elif record.tags:
        always = f"{{{literal(tag)}: obj.{attribute(tag)}}}"
    for member in record.fields:
        value, key = f"obj.{attribute(member.name)}", literal(member.name)
        body += [f"if {value} is not None:", f"    data[{key}] = {_encoded(names, member.type, value, imports)}"]
        if not member.optional and (member.nullable or member.type is ir.Primitive.ANY):
            # A null that the declaration requires, unless the member was not there when the object was decoded.
            body += [f"elif obj.leftover is None or {key} not in obj.leftover:", f"    data[{key}] = None"]
    name, model = f"encode_{snake(record.name)}", names.model(record.name, imports)
    signature = f"def {name}(obj: {model}) -> Data:"
    if len(signature) > WIDTH:
        signature = f"def {name}(\n    obj: {model},\n) -> Data:"
    return EncoderView(name, model, signature, always, tuple(body))


def _encoded(names: _Names, declared: ir.Type, value: str, imports: Imports) -> str:
    """Give an expression for the wire data of a value that is there."""
    if not any(name in names.spec.records or name in names.spec.unions for name in ir.references(declared)):
        return value
    match declared:
        case ir.ListOf(item):
            return f"[{_encoded(names, item, 'item', imports)} for item in {value}]"
        case ir.MapOf(item):
            return f"{{key: {_encoded(names, item, 'item', imports)} for key, item in {value}.items()}}"
        case ir.OneOf():
            return f"{imports.package('runtime.encoding', 'encode_any')}({value})"
        case _:
            return f"{imports.package('runtime.encoding', 'encode')}({value})"


def _shapes(names: _Names, unit: str, modules: list[ir.Module]) -> ShapesView:
    imports = Imports(depth=2, own=f"shapes.{unit}")
    enums = [enum for module in modules for enum in module.enums]
    unions = [union for module in modules for union in module.unions]
    records = [record for module in modules for record in (*module.records, *(event.record for event in module.events))]
    for name, wanted in (("Values", enums), ("Tagged", unions), ("Shape", records), ("SHAPES", records)):
        if wanted:
            imports.package("runtime.shape", name)
    return ShapesView(
        title=f"What `{unit}` declares, as it is on the wire.",
        enums=tuple(
            ValuesView(snake(enum.name).upper(), literal(enum.name), tuple(literal(v.value) for v in enum.values), enum.open)
            for enum in enums
        ),
        unions=tuple(_tagged(names, union, imports) for union in unions),
        records=tuple(_shape(names, record, imports) for record in records),
        imports=imports.lines,
    )


def _tagged(names: _Names, union: ir.Union, imports: Imports) -> TaggedView:
    def candidates(choices: tuple[ir.Choice, ...], room: int) -> str:
        found = [f"{imports.package('runtime.shape', 'Choice')}({_choice(names, choice, imports)})" for choice in choices]
        return call("", found, 8, 8 + room)

    return TaggedView(
        name=snake(union.name).upper(),
        label=literal(union.name),
        tag=literal(names.spec.tag),
        variants=tuple((literal(tag), candidates(choices, len(literal(tag)) + 3)) for tag, choices in union.by_tag),
        default=candidates(union.default, 5) if union.default else "",
    )


def _choice(names: _Names, choice: ir.Choice, imports: Imports) -> str:
    model = names.model(choice.record, imports)
    if not choice.when:
        return model
    return f"{model}, ({', '.join(literal(member) for member in choice.when)}{',' if len(choice.when) == 1 else ''})"


def _shape(names: _Names, record: ir.Record, imports: Imports) -> ShapeView:
    fields = []
    make = imports.package("runtime.shape", "Field") if record.tags or record.fields else ""
    tag = names.spec.tag
    if record.tags:
        values = call("", [literal(value) for value in record.tags], 16, 60)
        const = call(imports.package("runtime.shape", "Const"), [values], 12, 12)
        arguments = [literal(attribute(tag)), const, *(["optional=True"] if record.tag_optional else [])]
        fields.append((literal(tag), call(make, arguments, 8, 8 + len(literal(tag)) + 3)))
    for member in record.fields:
        presence = ["optional=True"] if member.optional else []
        if member.nullable or member.type is ir.Primitive.ANY:
            presence.append("nullable=True")
        described = _described(names, member.type, imports)
        key, arguments = literal(member.name), [literal(attribute(member.name)), described, *presence]
        fields.append((key, call(make, arguments, 8, 8 + len(key) + 3)))
    model = names.model(record.name, imports)
    return ShapeView(model, literal(tag) if record.tags else "", tuple(fields))


def _described(names: _Names, declared: ir.Type, imports: Imports) -> str:
    def shape(name: str) -> str:
        return imports.package("runtime.shape", name)

    match declared:
        case ir.Primitive():
            return shape(declared.name)
        case ir.Literal(value):
            return f"{shape('Const')}(({literal(value)},))"
        case ir.ListOf(item):
            return f"{shape('ListOf')}({_described(names, item, imports)})"
        case ir.MapOf(value):
            return f"{shape('MapOf')}({_described(names, value, imports)})"
        case ir.OneOf(alternatives):
            options = ", ".join(_described(names, option, imports) for option in alternatives)
            return f"{shape('OneOf')}(({options}))"
        case ir.RecordRef(name):
            return names.model(name, imports)
        case ir.EnumRef(name) | ir.UnionRef(name):
            return names.shape(name, imports)


def _variants(names: _Names, imports: Imports) -> tuple[VariantView, ...]:
    return tuple(
        VariantView(literal(event.tag), event.variant, names.model(event.record.name, imports), "")
        for event in names.spec.events
    )


def _view(names: _Names, imports: Imports, variants: tuple[VariantView, ...], exports: tuple[str, ...]) -> PackageView:
    spec = names.spec
    return PackageView(
        name=spec.name,
        doc=docstring([prose(f"{spec.title.rstrip('.')}."), *([prose(spec.doc)] if spec.doc else [])], 0),
        union=spec.union,
        tag=literal(spec.tag),
        state=spec.state,
        imports=imports.lines,
        variants=variants,
        exports=exports,
    )


def _events(names: _Names) -> PackageView:
    imports = Imports(depth=1, own="event")
    variants = _variants(names, imports)
    imports.stdlib("enum", "Enum")
    for name in ("Final", "TypeAlias", "Union"):
        imports.stdlib("typing", name)
    imports.package("runtime.model", "UnknownEvent")
    return _view(names, imports, variants, ())


def _dispatch(names: _Names) -> PackageView:
    imports = Imports(depth=1, own="decoder")
    variants = tuple(
        VariantView(literal(event.tag), event.variant, event.record.name, names.decoder(event.record.name, imports))
        for event in names.spec.events
    )
    return _view(names, imports, variants, ())


def _package(names: _Names) -> PackageView:
    imports = Imports(depth=1, own="")
    variants = _variants(names, imports)
    everything = (*names.spec.records, *names.spec.enums, *names.spec.unions)
    for name in everything:
        names.model(name, imports)
    return _view(names, imports, variants, tuple(sorted(everything)))
