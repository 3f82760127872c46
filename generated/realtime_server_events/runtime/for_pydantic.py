"""What pydantic asks of a class that it does not know."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, TypeVar, cast

from .checking import check_object
from .decoding import DECODERS, is_one
from .encoding import encode
from .model import Model
from .shape import SHAPES, Const, Constants, ListOf, MapOf, Nullable, OneOf, Primitive, Tagged, Type, Values

ModelT = TypeVar("ModelT", bound=Model)

_PRIMITIVES: dict[Primitive, dict[str, Any]] = {
    Primitive.STRING: {"type": "string"},
    Primitive.INTEGER: {"type": "integer"},
    Primitive.NUMBER: {"type": "number"},
    Primitive.BOOLEAN: {"type": "boolean"},
    Primitive.OBJECT: {"type": "object"},
    Primitive.ANY: {},
}


def core_schema(model: type[ModelT]) -> Any:
    """Give the schema of a class: an object of it as it is, or wire data that fits its declaration."""
    # By name, because a type checker of somebody who has no pydantic would miss it.
    core: Any = import_module("pydantic_core.core_schema")

    def validate(value: object) -> ModelT:
        if isinstance(value, model):
            return value
        if not isinstance(value, Mapping):
            raise ValueError(f"expected an object ({model.__name__})")
        return _decoded(model, dict(cast("Mapping[str, Any]", value)))

    serialization = core.plain_serializer_function_ser_schema(encode)
    return core.no_info_plain_validator_function(validate, serialization=serialization)


def _decoded(model: type[ModelT], data: dict[str, Any]) -> ModelT:
    shape = SHAPES.get(model)
    if shape is None:
        unknown: ModelT | None = DECODERS[model](data, None)
        if unknown is None:
            raise ValueError("the object is of a known kind, which has a class of its own")
        return unknown
    if shape.tag is not None and data.get(shape.tag) is not None:
        declared = shape.fields[shape.tag].type
        if isinstance(declared, (Const, Constants)) and not is_one(data[shape.tag], declared.values):
            raise ValueError(f"{data[shape.tag]!r} is not the tag of {model.__name__}")
    if shape.wrapper is not None:
        inner = data.get(shape.wrapper)
        if len(data) != 1 or type(inner) is not dict:
            raise ValueError(f"expected an object with {shape.wrapper!r} alone, which is an object")
    found = check_object(model, data)
    if found:
        raise ValueError("; ".join(map(str, found)))
    if shape.wrapper is not None:
        data = data[shape.wrapper].copy()
    built: ModelT = DECODERS[model](data, [])
    return built


def json_schema(model: type[Model]) -> dict[str, Any]:
    """Give the JSON Schema of a class, objects within it by name alone."""
    shape = SHAPES.get(model)
    if shape is None:
        return {"title": model.__name__, "type": "object"}
    required = [key for key, field in shape.fields.items() if not field.optional]
    properties = {key: _property(field.type, field.nullable) for key, field in shape.fields.items()}
    found = {"title": model.__name__, "type": "object", "properties": properties}
    return {**found, "required": required} if required else found


def _property(declared: Type, nullable: bool) -> dict[str, Any]:
    schema = _schema(declared)
    return {"anyOf": [schema, {"type": "null"}]} if nullable and schema else schema


def _schema(declared: Type) -> dict[str, Any]:
    match declared:
        case Primitive():
            return _PRIMITIVES[declared]
        case Const(values):
            return {"enum": list(values)}
        case Constants(values):
            return {"enum": list(values)}
        case Nullable(inner):
            return _property(inner, nullable=True)
        case Values(_, values, is_open):
            return {"type": "string"} if is_open else {"enum": sorted(values)}
        case ListOf(item):
            return {"type": "array", "items": _schema(item)}
        case MapOf(value):
            return {"type": "object", "additionalProperties": _schema(value)}
        case OneOf(alternatives):
            return {"anyOf": [_schema(alternative) for alternative in alternatives]}
        case Tagged(name):
            return {"title": name, "type": "object"}
        case _:
            return {"title": declared.__name__, "type": "object"}
