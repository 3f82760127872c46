"""The encoders of the generated package: a function for each class."""

from __future__ import annotations

from dataclasses import dataclass

from ...model import ir
from ...model.names import snake
from .identifiers import attribute
from .names import Imports, PyNames
from .text import WIDTH, literal


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


def encoders(names: PyNames, unit: str, modules: list[ir.Module]) -> EncodersView:
    """Give the view of the functions that encode what some files of the spec declare."""
    imports = Imports(depth=2, own=f"encoders.{unit}")
    records = [record for module in modules for record in (*module.records, *(event.record for event in module.events))]
    encoders = tuple(_encoder(names, record, imports) for record in records)
    for name in ("ENCODERS", "restore"):
        imports.package("runtime.encoding", name)
    imports.package("runtime.wire", "WireObject")
    return EncodersView(f"Encoders of what `{unit}` declares.", imports.lines, encoders)


def _encoder(names: PyNames, record: ir.Record, imports: Imports) -> EncoderView:
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
    signature = f"def {name}(obj: {model}) -> WireObject:"
    if len(signature) > WIDTH:
        signature = f"def {name}(\n    obj: {model},\n) -> WireObject:"
    return EncoderView(name, model, signature, always, tuple(body))


def _encoded(names: PyNames, declared: ir.Type, value: str, imports: Imports) -> str:
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
