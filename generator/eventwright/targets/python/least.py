"""The least that a value can be, where nothing says what it is."""

from __future__ import annotations

from ...model import ir

_DEEP = 8


def least(spec: ir.Spec, declared: ir.Type, depth: int = 0) -> object:
    """Give the least that a value of a type can be: nothing, zero, the first of several."""
    match declared:
        case ir.Primitive.STRING:
            return ""
        case ir.Primitive.INTEGER | ir.Primitive.NUMBER:
            return 0
        case ir.Primitive.BOOLEAN:
            return False
        case ir.Primitive.OBJECT | ir.MapOf():
            return {}
        case ir.Primitive.ANY | ir.Nullable():
            return None
        case ir.Literal(value):
            return value
        case ir.Constants(values):
            return values[0]
        case ir.ListOf():
            return []
        case ir.OneOf(alternatives):
            return least(spec, alternatives[0], depth)
        case ir.EnumRef(name):
            enum = spec.enums[name]
            return enum.ranks[0][0] if enum.ranks else next((each.value for each in enum.values), "")
        case ir.UnionRef(name):
            return least(spec, ir.RecordRef(spec.unions[name].records[0]), depth)
        case ir.RecordRef(name):
            record = spec.records[name]
            found: dict[str, object] = {record.tag: record.tags[0]} if record.tag and record.tags else {}
            # What is in itself would never end.
            for field in record.fields if depth < _DEEP else ():
                if not field.optional:
                    found[field.name] = None if field.nullable else least(spec, field.type, depth + 1)
            return found
