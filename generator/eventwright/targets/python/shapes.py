"""How a type is written in the tables that say what a class looks like on the wire."""

from __future__ import annotations

from ...model import ir
from .places import Imports, Places
from .text import literal, row, value_text


def field_shape(places: Places, member: ir.Field, attribute: str, imports: Imports) -> str:
    """Give the expression that describes a member."""
    presence = ["optional=True"] if member.optional else []
    if member.nullable or member.type is ir.Primitive.ANY:
        presence.append("nullable=True")
    arguments = [literal(attribute), type_shape(places, member.type, imports), *presence]
    return f"{imports.runtime('shape')}.Field({', '.join(arguments)})"


def tag_shape(tags: tuple[ir.TagValue, ...], attribute: str, imports: Imports, *, optional: bool) -> str:
    """Give the expression that describes the tag of a class."""
    shape = imports.runtime("shape")
    kind = "Const" if all(isinstance(tag, str) for tag in tags) else "Constants"
    values = f"{shape}.{kind}({row(map(value_text, tags))})"
    arguments = [literal(attribute), values, *(["optional=True", "nullable=True"] * optional)]
    return f"{shape}.Field({', '.join(arguments)})"


def type_shape(places: Places, declared: ir.Type, imports: Imports) -> str:
    """Give the expression that describes a type."""
    shape = imports.runtime("shape")
    match declared:
        case ir.Primitive():
            return f"{shape}.{declared.name}"
        case ir.Literal(value):
            return f"{shape}.Const({row([literal(value)])})"
        case ir.Constants(values):
            return f"{shape}.Constants({row(map(repr, values))})"
        case ir.Nullable(inner):
            return f"{shape}.Nullable({type_shape(places, inner, imports)})"
        case ir.ListOf(item):
            return f"{shape}.ListOf({type_shape(places, item, imports)})"
        case ir.MapOf(value):
            return f"{shape}.MapOf({type_shape(places, value, imports)})"
        case ir.OneOf(alternatives):
            return f"{shape}.OneOf({row(type_shape(places, option, imports) for option in alternatives)})"
        case ir.RecordRef(name):
            return places.model(name, imports)
        case ir.EnumRef(name):
            return places.values(name, imports)
        case ir.UnionRef(name):
            return places.variants(name, imports)
