"""Tells of which class wire objects are."""

from __future__ import annotations

from typing import Any, cast

from .model import Model
from .shape import SHAPES, Const, ListOf, Nullable, OneOf, Only, Tagged, Type, chosen
from .telling import Path, is_object


def class_of(declared: Type | None, value: Any) -> type[Model] | None:
    """Give the class of a wire object that stands where a type is declared; None where that is not known."""
    match declared:
        case Nullable(inner):
            return class_of(inner, value)
        case OneOf(alternatives):
            found = (class_of(each, value) for each in (alternatives if is_object(value) else ()))
            return next((model for model in found if model is not None), None)
        case Tagged():
            if not is_object(value):
                return None
            data = cast("dict[str, Any]", value)
            tag = declared.tag_of(data)
            choices = declared.choices(tag)
            if declared.tag is Only.NAME and choices:
                data = data[cast("str", tag)]
            return (chosen(choices, data) if is_object(data) else None) or declared.unknown
        case type():
            return declared
        case _:
            return None


def tag_of(declared: Type | None, value: Any) -> str | None:
    """Give the tag of a wire object that stands where a type is declared, known or not; None where it has none."""
    if not is_object(value):
        return None
    match declared:
        case Nullable(inner):
            return tag_of(inner, value)
        case Tagged():
            tag = declared.tag_of(cast("dict[str, Any]", value))
        case type():
            shape = SHAPES.get(declared)
            tag = cast("dict[str, Any]", value).get(shape.tag) if shape is not None and shape.tag is not None else None
        case _:
            return None
    return tag if isinstance(tag, str) else None


def goes_by(model: type[Model] | None, tag: object) -> bool:
    """Whether a tag is one that the objects of a class have."""
    shape = SHAPES.get(model) if model is not None else None
    field = shape.fields.get(shape.tag) if shape is not None and shape.tag is not None else None
    return field is not None and isinstance(field.type, Const) and tag in field.type.values


def changes_kind(declared: Type | None, before: Any, after: Any) -> bool:
    """Whether two wire objects that stand where a type is declared are of different kinds, as far as they say so."""
    one, other = class_of(declared, before), class_of(declared, after)
    if one is not None and other is not None and one is not other:
        return True
    tags = tag_of(declared, before), tag_of(declared, after)
    if None in tags or tags[0] == tags[1]:
        return False
    return not (one is other and all(goes_by(one, tag) for tag in tags))


def member_type(model: type[Model] | None, name: str) -> Type | None:
    """Give the declared type of a member of an object; None where there is none."""
    shape = SHAPES.get(model) if model is not None else None
    field = None if shape is None else shape.fields.get(name)
    return None if field is None else field.type


def element_type(model: type[Model] | None, path: Path, value: Any) -> Type | None:
    """Give the declared type of the elements of a list in an object; None where that is not known.

    Args:
        model: Class of the object.
        path: Members on the way to the list.
        value: The object on the wire, which tells the classes of what is on the way.
    """
    declared: Type | None = model
    for name in path:
        model = class_of(declared, value)
        shape = SHAPES.get(model) if model is not None else None
        if shape is None or shape.wrapper != name:
            declared = member_type(model, name)
        value = cast("dict[str, Any]", value).get(name) if is_object(value) else None
    while isinstance(declared, Nullable):
        declared = declared.type
    return declared.item if isinstance(declared, ListOf) else None
