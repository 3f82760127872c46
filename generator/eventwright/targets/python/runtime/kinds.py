"""Tells of which class wire objects are, and finds what stands in them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, TypeAlias, Union, cast

from .growing import is_list
from .model import ABSENT, Model
from .shape import SHAPES, ListOf, Nullable, OneOf, Only, Tagged, Type, chosen
from .telling import Path, at


class Named(NamedTuple):
    """A step to the element of a list that goes by a key."""

    key: Path
    value: str | int


Where: TypeAlias = "tuple[Union[str, int, Named], ...]"
"""A way into a wire value: members and elements."""


def class_of(declared: Type | None, value: Any) -> type[Model] | None:
    """Give the class of a wire object that stands where a type is declared; None where that is not known."""
    match declared:
        case Nullable(inner):
            return class_of(inner, value)
        case OneOf(alternatives):
            found = (class_of(each, value) for each in (alternatives if type(value) is dict else ()))
            return next((model for model in found if model is not None), None)
        case Tagged():
            if type(value) is not dict:
                return None
            data = cast("dict[str, Any]", value)
            tag = declared.tag_of(data)
            choices = declared.choices(tag)
            if declared.tag is Only.NAME and choices:
                data = data[cast("str", tag)]
            return (chosen(choices, data) if type(data) is dict else None) or declared.unknown
        case type():
            return declared
        case _:
            return None


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
        value = cast("dict[str, Any]", value).get(name) if type(value) is dict else None
    while isinstance(declared, Nullable):
        declared = declared.type
    return declared.item if isinstance(declared, ListOf) else None


def dig(value: Any, where: Iterable[str | int | Named]) -> Any:
    """Give what is at a place in a wire value, ABSENT where nothing is."""
    for step in where:
        if isinstance(step, str):
            if type(value) is not dict:
                return ABSENT
            value = cast("dict[str, Any]", value).get(step, ABSENT)
        elif not is_list(value):
            return ABSENT
        elif isinstance(step, int):
            elements = cast("list[Any]", value)
            value = elements[step] if 0 <= step < len(elements) else ABSENT
        else:
            named = (
                each for each in cast("list[Any]", value) if type(each) is dict and at(each, step.key) == step.value
            )
            value = next(named, ABSENT)
    return value
