"""Wire objects to test with: the examples of the spec, and one event for every class that is full of that class."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import responses_events
from responses_events import EVENT_TYPES, DecodeError, Model, decode
from responses_events.runtime.shape import (
    ANY,
    BOOLEAN,
    INTEGER,
    NUMBER,
    OBJECT,
    SHAPES,
    STRING,
    Choice,
    Const,
    Field,
    ListOf,
    MapOf,
    OneOf,
    Primitive,
    Tagged,
    Type,
    Values,
    chosen,
)

from . import SPEC

PACKAGE = Path(responses_events.__file__).parent

Wire = dict[str, Any]

_PLAIN: dict[Primitive, Any] = {
    STRING: "text",
    INTEGER: 7,
    NUMBER: 0.5,
    BOOLEAN: True,
    OBJECT: {"free": [1, None]},
    ANY: [{"any": None}],
}


@cache
def examples() -> dict[str, Wire]:
    """The example of each event in the spec, by tag."""
    # Here, because only those tests need the compiler that ask for the examples.
    from eventwright.pipeline import read_spec

    spec, report = read_spec(SPEC)
    assert spec is not None, report.diagnostics
    return {event.tag: event.example for event in spec.events if isinstance(event.example, dict)}


class Sample(NamedTuple):
    """An event that holds an object of a class.

    Attributes:
        event: The wire object of the event.
        keys: Where the object is in the event.
        path: The same as a JSON path.
        fixed: Members of the object that decide what class it is of.
    """

    model: type[Model]
    event: Wire
    keys: tuple[str | int, ...]
    path: str
    fixed: frozenset[str]

    @property
    def target(self) -> Wire:
        """The object."""
        return at(self.event, self.keys)


def at(value: Any, keys: tuple[str | int, ...]) -> Any:
    """Follow keys and indexes into a JSON value."""
    for key in keys:
        value = value[key]
    return value


@cache
def samples() -> tuple[Sample, ...]:
    """One event for every class that an event can hold; the object of that class has all its members."""
    found: dict[type[Model], Sample] = {}
    for tag, model in EVENT_TYPES.items():
        found[model] = Sample(model, full_object(model, tag), (), "$", frozenset(["type"]))
    pending = list(found.values())
    for outer in pending:
        for key, field in SHAPES[outer.model].fields.items():
            for value, keys, path, model, fixed in _objects(field.type):
                if model in found:
                    continue
                event: Wire = json.loads(json.dumps(outer.event))
                at(event, outer.keys)[key] = value
                found[model] = Sample(model, event, (*outer.keys, key, *keys), f"{outer.path}.{key}{path}", fixed)
                pending.append(found[model])
    return tuple(found.values())


def _objects(declared: Type) -> Iterator[tuple[Any, tuple[str | int, ...], str, type[Model], frozenset[str]]]:
    """Give, for each class that a type can hold, a value with a full object of it and the way to that object."""
    match declared:
        case ListOf(item):
            for value, keys, path, model, fixed in _objects(item):
                yield [value], (0, *keys), f"[0]{path}", model, fixed
        case MapOf(inner):
            for value, keys, path, model, fixed in _objects(inner):
                yield {"key": value}, ("key", *keys), f".key{path}", model, fixed
        case OneOf(alternatives):
            for alternative in alternatives:
                yield from _objects(alternative)
        case Tagged(tag=member, variants=variants, default=default):
            for tag, choices in variants.items():
                for choice in choices:
                    yield _variant(choices, choice, tag), (), "", choice.model, frozenset([member, *choice.when])
            for choice in default:
                value = _variant(default, choice, None)
                yield value, (), "", choice.model, frozenset([member, *choice.when])
        case Primitive() | Const() | Values():
            pass
        case model:
            yield full_object(model), (), "", model, frozenset()


def _variant(choices: tuple[Choice, ...], wanted: Choice, tag: str | None) -> Wire:
    """Make a full object that is taken for the wanted one of the choices."""
    value = full_object(wanted.model, tag)
    for choice in choices[: choices.index(wanted)]:
        spare = next(key for key in choice.when if key not in wanted.when)
        value.pop(spare, None)
    if tag is None and (key := SHAPES[wanted.model].tag):
        value.pop(key)
    assert chosen(choices, value) is wanted.model
    return value


def full_object(model: type[Model], tag: str | None = None) -> Wire:
    """Make a wire object with every member that the class declares."""
    return _object(model, tag, required_only=False)


def _object(model: type[Model], tag: str | None = None, *, required_only: bool, also: tuple[str, ...] = ()) -> Wire:
    shape = SHAPES[model]
    made = {
        key: plain_value(field.type)
        for key, field in shape.fields.items()
        if not (required_only and field.optional) or key in also
    }
    if tag is not None:
        assert shape.tag is not None
        made[shape.tag] = tag
    return made


def plain_value(declared: Type) -> Any:
    """Make a small wire value that fits a type."""
    match declared:
        case Primitive():
            return _PLAIN[declared]
        case Const(values):
            return values[0]
        case Values(values=values):
            return min(values)
        case ListOf(item):
            return [plain_value(item)]
        case MapOf(inner):
            return {"key": plain_value(inner)}
        case OneOf(alternatives):
            return plain_value(alternatives[0])
        case Tagged(variants=variants):
            tag, choices = next(iter(variants.items()))
            return _object(choices[0].model, tag, required_only=True, also=choices[0].when)
        case model:
            return _object(model, required_only=True)


def refusal(source: Any) -> DecodeError | None:
    """The error of strict mode, None where it accepts."""
    try:
        decode(source, strict=True)
    except DecodeError as error:
        return error
    return None


@contextmanager
def changed(owner: Wire, key: str, value: Any) -> Iterator[None]:
    """Set a member of a wire object for a while; `...` removes it."""
    before = owner.pop(key, ...)
    if value is not ...:
        owner[key] = value
    try:
        yield
    finally:
        owner.pop(key, None)
        if before is not ...:
            owner[key] = before


class Place(NamedTuple):
    """A declared member of an object within an event."""

    owner: Wire
    key: str
    field: Field
    path: str
    fixed: bool


def places(event: Wire) -> Iterator[Place]:
    """Give every declared member of every object of an event, present or not."""
    yield from _places(EVENT_TYPES[event["type"]], event, "$", frozenset(["type"]))


def _places(model: type[Model], value: Wire, path: str, fixed: frozenset[str]) -> Iterator[Place]:
    for key, field in SHAPES[model].fields.items():
        yield Place(value, key, field, f"{path}.{key}", key in fixed)
        yield from _inner_places(field.type, value.get(key), f"{path}.{key}")


def _inner_places(declared: Type, value: Any, path: str) -> Iterator[Place]:
    match declared:
        case ListOf(item) if isinstance(value, list):
            for index, element in enumerate(value):
                yield from _inner_places(item, element, f"{path}[{index}]")
        case OneOf(alternatives):
            for alternative in alternatives:
                yield from _inner_places(alternative, value, path)
        case Tagged(tag=tag, variants=variants) if isinstance(value, dict) and value.get(tag) in variants:
            choices = variants[value[tag]]
            deciding = frozenset(key for choice in choices for key in choice.when)
            if model := chosen(choices, value):
                yield from _places(model, value, path, deciding | {tag})
        case type() if isinstance(value, dict):
            yield from _places(declared, value, path, frozenset())
        case _:
            pass


def json_kind(value: Any) -> str:
    """Name the kind of a JSON value; an integer is not the kind of a float."""
    return {dict: "object", list: "list", str: "string", bool: "boolean", int: "integer", float: "float"}.get(
        type(value), "null"
    )


def json_kinds(declared: Type) -> frozenset[str]:
    """Name the kinds of JSON value that a type is told by."""
    match declared:
        case Primitive.ANY:
            return frozenset(["object", "list", "string", "boolean", "integer", "float", "null"])
        case Primitive.NUMBER:
            return frozenset(["integer", "float"])
        case Primitive():
            return frozenset([json_kind(_PLAIN[declared])])
        case Const() | Values():
            return frozenset(["string"])
        case ListOf():
            return frozenset(["list"])
        case OneOf(alternatives):
            return frozenset().union(*map(json_kinds, alternatives))
        case _:
            return frozenset(["object"])
