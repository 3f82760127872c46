"""The shapes of the generated package: what each class looks like on the wire, as tables."""

from __future__ import annotations

from dataclasses import dataclass

from ...model import ir
from ...model.names import snake
from .identifiers import attribute
from .names import Imports, PyNames
from .text import WIDTH, call, literal


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


def shapes(names: PyNames, unit: str, modules: list[ir.Module]) -> ShapesView:
    """Give the view of the tables that say what some files of the spec declare."""
    imports = Imports(depth=2, own=f"shapes.{unit}")
    enums = [enum for module in modules for enum in module.enums]
    unions = [union for module in modules for union in module.unions]
    records = [record for module in modules for record in (*module.records, *(event.record for event in module.events))]
    imports.package("runtime", "shape")
    return ShapesView(
        title=f"What `{unit}` declares, as it is on the wire.",
        enums=tuple(
            ValuesView(
                snake(enum.name).upper(), literal(enum.name), tuple(literal(v.value) for v in enum.values), enum.open
            )
            for enum in enums
        ),
        unions=tuple(_tagged(names, union, imports) for union in unions),
        records=tuple(_shape(names, record, imports) for record in records),
        imports=imports.lines,
    )


def _tagged(names: PyNames, union: ir.Union, imports: Imports) -> TaggedView:
    def candidates(choices: tuple[ir.Choice, ...], room: int) -> str:
        found = [f"shape.Choice({_choice(names, choice, imports)})" for choice in choices]
        return call("", found, 8, 8 + room)

    return TaggedView(
        name=snake(union.name).upper(),
        label=literal(union.name),
        tag=literal(names.spec.tag),
        variants=tuple((literal(tag), candidates(choices, len(literal(tag)) + 3)) for tag, choices in union.by_tag),
        default=candidates(union.default, 5) if union.default else "",
    )


def _choice(names: PyNames, choice: ir.Choice, imports: Imports) -> str:
    model = names.model(choice.record, imports)
    if not choice.when:
        return model
    return f"{model}, ({', '.join(literal(member) for member in choice.when)}{',' if len(choice.when) == 1 else ''})"


def _shape(names: PyNames, record: ir.Record, imports: Imports) -> ShapeView:
    fields = []
    tag = names.spec.tag
    if record.tags:
        values = call("", [literal(value) for value in record.tags], 20, 64)
        const = call("shape.Const", [values], 16, 16)
        arguments = [literal(attribute(tag)), const, *(["optional=True"] if record.tag_optional else [])]
        fields.append((literal(tag), call("shape.Field", arguments, 12, 12 + len(literal(tag)) + 3)))
    for member in record.fields:
        presence = ["optional=True"] if member.optional else []
        if member.nullable or member.type is ir.Primitive.ANY:
            presence.append("nullable=True")
        described = _described(names, member.type, imports)
        if isinstance(member.type, ir.OneOf) and len(described) + 17 > WIDTH:
            options = [_described(names, option, imports) for option in member.type.alternatives]
            described = call("shape.OneOf", [call("", options, 20, WIDTH)], 16, 16)
        key, arguments = literal(member.name), [literal(attribute(member.name)), described, *presence]
        fields.append((key, call("shape.Field", arguments, 12, 12 + len(key) + 3)))
    model = names.model(record.name, imports)
    return ShapeView(model, literal(tag) if record.tags else "", tuple(fields))


def _described(names: PyNames, declared: ir.Type, imports: Imports) -> str:
    match declared:
        case ir.Primitive():
            return f"shape.{declared.name}"
        case ir.Literal(value):
            return f"shape.Const(({literal(value)},))"
        case ir.ListOf(item):
            return f"shape.ListOf({_described(names, item, imports)})"
        case ir.MapOf(value):
            return f"shape.MapOf({_described(names, value, imports)})"
        case ir.OneOf(alternatives):
            options = ", ".join(_described(names, option, imports) for option in alternatives)
            return f"shape.OneOf(({options}))"
        case ir.RecordRef(name):
            return names.model(name, imports)
        case ir.EnumRef(name) | ir.UnionRef(name):
            return names.shape(name, imports)
