"""Makes objects of which only some of what they hold is known."""

from __future__ import annotations

from typing import Any, TypeVar, cast

from .decoding import DECODERS, new
from .model import ABSENT, Model
from .shape import SHAPES, Const, ListOf, member_of, models_in

ModelT = TypeVar("ModelT", bound=Model)


def blank(model: type[ModelT], path: tuple[str, ...] = (), value: object = None) -> ModelT:
    """Make an object of which nothing is known but its class, and so a tag, and one value.

    Args:
        model: The class.
        path: The attributes that lead to the value; none if there is no value.
        value: The value.
    """
    made = new(model)
    made.leftover = None
    shape = SHAPES[model]
    for key, field in shape.fields.items():
        if field.name in model.field_defaults or field.optional or field.nullable:
            setattr(made, field.name, model.field_defaults.get(field.name))
        elif isinstance(field.type, ListOf):
            setattr(made, field.name, [])
        elif key == shape.tag and isinstance(field.type, Const):
            # Of several tags that the class has, any is true, and without one the object cannot be written.
            setattr(made, field.name, field.type.values[0])
    return with_value(made, path, value) if path else made


def with_value(made: ModelT, path: tuple[str, ...], value: object) -> ModelT:
    """Put a value into an object that is nobody else's, at a path of attributes; what lacks on the way is made."""
    name, rest = path[0], path[1:]
    member = member_of(type(made), name)
    if member is None:
        return made
    if rest:
        inner = getattr(made, name, None)
        models = models_in(member[1].type)
        if isinstance(inner, Model):
            value = with_value(copied(inner), rest, value)
        elif inner is None and len(models) == 1:
            value = blank(models[0], rest, value)
        else:
            return made
    setattr(made, name, value)
    return made


def copied(model: ModelT) -> ModelT:
    """Give another object of the same class with the same values."""
    kind = type(model)
    twin = new(kind)
    twin.leftover = model.leftover
    for name in kind.field_names:
        value = getattr(model, name, ABSENT)
        if value is not ABSENT:
            setattr(twin, name, value)
    return twin


def part_of(model: type[ModelT], members: dict[str, Any]) -> ModelT:
    """Decode an object of which only some members are known."""
    tag = SHAPES[model].tag
    known = {} if tag is None else {tag: model.field_defaults.get(SHAPES[model].fields[tag].name)}
    return cast("ModelT", DECODERS[model](known | members, None))
