"""Finds every place where a wire object breaks its declaration."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping
from itertools import islice
from typing import Any

from .errors import Problem, printable
from .model import Model
from .shape import (
    SHAPES,
    Const,
    Constants,
    Field,
    ListOf,
    MapOf,
    Nullable,
    OneOf,
    Only,
    Primitive,
    Tagged,
    Type,
    Values,
    chosen,
)
from .telling import is_object
from .wire import WireValue

_EXCERPT = 60
_NAMED = 6
# To guess what was meant takes far longer than to see that it is wrong, so it is done for the first problems only, and
# for a missing member only with the first members that might be it.
_GUESSES = 50
_CANDIDATES = 10
_PYTHON_KINDS: dict[Primitive, tuple[type, ...]] = {
    Primitive.STRING: (str,),
    Primitive.INTEGER: (int,),
    Primitive.NUMBER: (int, float),
    Primitive.BOOLEAN: (bool,),
    Primitive.OBJECT: (dict,),
}


def check_object(model: type[Model], data: Mapping[str, Any], path: str = "$") -> list[Problem]:
    """List what is wrong with `data` as a wire object of `model`, depth first in the order of the declaration."""
    found: list[Problem] = []
    wrapper = SHAPES[model].wrapper
    if wrapper is None:
        _check_members(model, data, path, found)
    else:
        _check_members(model, data[wrapper], f"{path}{step(wrapper)}", found)
    return found


def check_tag(tag: str, data: Mapping[str, Any]) -> list[Problem]:
    """List what is wrong with an object that no class was found for: nothing if it merely has a new tag."""
    found: list[Problem] = []
    _check_tag(tag, data, "$", found)
    return found


def nearest(tag: str, known: Iterable[str]) -> str | None:
    """Give the known tag that `tag` was probably meant to be, if one is close."""
    names = list(known)
    # What is far longer than any of them is none of them, and to compare it would take long.
    if len(tag) > 2 * max(map(len, names), default=0):
        return None
    # Only who has made a mistake pays for it.
    import difflib

    return next(iter(difflib.get_close_matches(tag, names, n=1, cutoff=0.85)), None)


def excerpt(value: WireValue) -> str:
    """Show a wire value on one short line."""
    match value:
        case dict():
            return _sized("an object", len(value), "member")
        case list():
            return _sized("a list", len(value), "element")
        case str():
            text = printable(json.dumps(value[: _EXCERPT + 1], ensure_ascii=False))
        case None | bool() | float():
            text = json.dumps(value)
        case _:
            text = _integer(value)
    return text if len(text) <= _EXCERPT else f"{text[: _EXCERPT - 3]}..."


def _integer(value: object) -> str:
    if not isinstance(value, int):
        # Only an object that was not parsed from JSON text holds anything else.
        return type(value).__name__
    # Python refuses to write out integers of thousands of digits.
    return str(value) if value.bit_length() < 256 else f"an integer of {value.bit_length()} bits"


def _sized(kind: str, size: int, unit: str) -> str:
    return f"{kind} of {size} {unit}{'' if size == 1 else 's'}" if size else f"an empty {kind.split()[1]}"


def step(key: str) -> str:
    """Give the piece of a JSON path that leads to a member."""
    return f".{key}" if key.isidentifier() else f"[{json.dumps(key)}]"


def _check_members(model: type[Model], data: Mapping[str, Any], path: str, found: list[Problem]) -> None:
    shape = SHAPES[model]
    fields = shape.fields
    if shape.assumed and shape.tag is not None and data.get(shape.tag) in (None, ""):
        fields = {key: field for key, field in fields.items() if key != shape.tag}
    _check_fields(fields, data, path, found)


def _check_fields(fields: Mapping[str, Field], data: Mapping[str, Any], path: str, found: list[Problem]) -> None:
    for key, field in fields.items():
        if key in data:
            _check_member(field, data[key], f"{path}{step(key)}", found)
        elif not field.optional:
            nothing = _nothing(key, data, fields, found)
            found.append(Problem(f"{path}{step(key)}", "missing", describe(field.type), nothing))


def _check_member(field: Field, value: WireValue, path: str, found: list[Problem]) -> None:
    if value is None and field.type is not Primitive.ANY:
        if not field.nullable:
            found.append(Problem(path, "null", describe(field.type), "null"))
        return
    _check_value(field.type, value, path, found)


def _check_value(declared: Type, value: WireValue, path: str, found: list[Problem]) -> None:
    match declared:
        case Primitive.ANY:
            return
        case Primitive():
            if type(value) not in _PYTHON_KINDS[declared]:
                found.append(Problem(path, "type", describe(declared), excerpt(value)))
            elif value != value:
                # NaN, which is a float to Python and nothing to JSON.
                found.append(Problem(path, "value", describe(declared), excerpt(value)))
        case Const(values):
            if value not in values:
                got = _with_guess(value, values, found) if type(value) is str else excerpt(value)
                found.append(Problem(path, "value", describe(declared), got))
        case Constants(constants):
            if not any(value == each and type(value) is type(each) for each in constants):
                found.append(Problem(path, "value", describe(declared), excerpt(value)))
        case Nullable(inner):
            if value is not None:
                _check_value(inner, value, path, found)
        case Values(_, values, is_open):
            if type(value) is not str:
                found.append(Problem(path, "type", describe(declared), excerpt(value)))
            elif value not in values and not is_open:
                found.append(Problem(path, "value", describe(declared), _with_guess(value, values, found)))
        case ListOf(item):
            if type(value) is not list:
                found.append(Problem(path, "type", describe(declared), excerpt(value)))
                return
            for index, element in enumerate(value):
                _check_value(item, element, f"{path}[{index}]", found)
        case MapOf(inner):
            if type(value) is not dict:
                found.append(Problem(path, "type", describe(declared), excerpt(value)))
                return
            for key, element in value.items():
                _check_value(inner, element, f"{path}{step(key)}", found)
        case OneOf(alternatives):
            fitting = [alternative for alternative in alternatives if _same_kind(alternative, value)]
            if not fitting:
                found.append(Problem(path, "type", describe(declared), excerpt(value)))
            else:
                _check_value(fitting[0], value, path, found)
        case Tagged():
            _check_tagged(declared, value, path, found)
        case _:
            _check_model(declared, value, path, found)


def _check_tagged(declared: Tagged, value: WireValue, path: str, found: list[Problem]) -> None:
    if type(value) is not dict:
        found.append(Problem(path, "type", describe(declared), excerpt(value)))
        return
    tag = declared.tag_of(value)
    body: Any = value
    inside = path
    if declared.tag is Only.NAME and tag in declared.variants:
        # The class describes what is in the only member.
        body, inside = value[tag], f"{path}{step(tag)}"
        if not is_object(body):
            found.append(Problem(inside, "type", "an object", excerpt(body)))
            return
    model = chosen(declared.choices(tag), body)
    if model is not None:
        _check_members(model, body, inside, found)
    elif declared.unknown is not None:
        _check_members(declared.unknown, value, path, found)
    elif isinstance(declared.tag, str):
        if not declared.is_tag(tag):
            _check_tag(declared.tag, value, path, found)
    elif declared.tag is Only.NAME:
        if tag is None:
            what = "an object with one member, whose name tells its kind"
            found.append(Problem(path, "tag", what, excerpt(value)))
    elif declared.tag and not declared.is_tag(tag):
        place = "".join(map(step, declared.tag[0]))
        got = "nothing" if tag is None else excerpt(tag)
        found.append(Problem(f"{path}{place}", "tag", "a value that names the kind of object", got))


def _check_tag(tag: str, data: Mapping[str, Any], path: str, found: list[Problem]) -> None:
    if type(data.get(tag)) is not str:
        got = excerpt(data[tag]) if tag in data else _nothing(tag, data, (tag,), found)
        found.append(Problem(f"{path}{step(tag)}", "tag", "a string that names the kind of object", got))


def _check_model(model: type[Model], value: WireValue, path: str, found: list[Problem]) -> None:
    if type(value) is not dict:
        found.append(Problem(path, "type", describe(model), excerpt(value)))
        return
    tag = SHAPES[model].tag
    if tag is None or type(value.get(tag)) is not str:
        _check_members(model, value, path, found)
        return
    # A text that is new is no problem: the object is of a later kind, which the declaration is still held to.
    others = {key: field for key, field in SHAPES[model].fields.items() if key != tag}
    _check_fields(others, value, path, found)


def _same_kind(declared: Type, value: WireValue) -> bool:
    match declared:
        case Primitive.ANY:
            return True
        case Primitive():
            return type(value) in _PYTHON_KINDS[declared]
        case Const() | Values():
            return type(value) is str
        case Constants(constants):
            return type(value) is type(constants[0])
        case ListOf():
            return type(value) is list
        case OneOf(alternatives):
            return any(_same_kind(alternative, value) for alternative in alternatives)
        case _:
            return type(value) is dict


def describe(declared: Type) -> str:
    """Say in words what a type asks for."""
    match declared:
        case Primitive():
            return declared.value
        case Const(values):
            return _any_of([json.dumps(value) for value in values])
        case Constants(constants):
            return _any_of([json.dumps(value) for value in constants])
        case Nullable(inner):
            return f"{describe(inner)} or null"
        case Values(name, values, is_open):
            return f"a string ({name})" if is_open else f"{_any_of(sorted(map(json.dumps, values)))} ({name})"
        case ListOf(item):
            return f"a list of {_plural(describe(item))}"
        case MapOf(value):
            return f"an object with values that are each {describe(value)}"
        case OneOf(alternatives):
            return " or ".join(map(describe, alternatives))
        case Tagged(name):
            return f"an object ({name})"
        case _:
            return f"an object ({declared.__name__})"


def _plural(text: str) -> str:
    for article in ("a ", "an "):
        if text.startswith(article):
            noun, space, rest = text.removeprefix(article).partition(" ")
            return f"{noun}s{space}{rest}"
    return f"({text})"


def _any_of(texts: list[str]) -> str:
    if len(texts) > _NAMED:
        texts = [*texts[:_NAMED], f"one of {len(texts) - _NAMED} more"]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} or {texts[-1]}"


def _with_guess(value: str, values: Iterable[str], found: list[Problem]) -> str:
    guess = nearest(value, values) if len(found) < _GUESSES else None
    return f"{excerpt(value)} (did you mean {json.dumps(guess)}?)" if guess else excerpt(value)


def _nothing(key: str, data: Mapping[str, Any], declared: Container[str], found: list[Problem]) -> str:
    """Say that a member is missing, and which of those that nothing declares may be it under a wrong name."""
    if len(found) >= _GUESSES:
        return "nothing"
    others = (name for name in data if type(name) is str and name not in declared and len(name) <= 2 * len(key))
    guess = nearest(key, islice(others, _CANDIDATES))
    return f"nothing (is {json.dumps(guess)} meant to be it?)" if guess else "nothing"
