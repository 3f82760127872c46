"""Whatever JSON object comes: an event, nothing lost, and no attribute that is not what it says."""

from __future__ import annotations

import copy
import json
import types
import typing
from functools import cache
from typing import Any, Literal

from hypothesis import example, given, settings
from hypothesis import strategies as st

from responses_events import (
    EVENT_TYPES,
    Model,
    UnknownEvent,
    UnknownVariant,
    decode,
    dumps,
    encode,
    problems,
)
from responses_events.runtime.shape import SHAPES, Const
from support.wire_samples import Wire, examples, refusal, samples

TAGS = sorted(
    {
        value
        for shape in SHAPES.values()
        for field in shape.fields.values()
        if isinstance(field.type, Const)
        for value in field.type.values
    }
)
KEYS = sorted({key for shape in SHAPES.values() for key in shape.fields})
SOURCES: list[Wire] = [*examples().values(), *(sample.event for sample in samples())]

keys = st.sampled_from(KEYS) | st.sampled_from(["type", "brand_new", "extra", "leftover", "__class__", ""]) | st.text()
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([0, 1, -1, 2**63, 10**40])
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(), max_size=8)
    | st.sampled_from([*TAGS, "brand_new", "\ud800", "\x00"])
)
json_values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=12,
)


@st.composite
def events(draw: st.DrawFn) -> Wire:
    """An object made of what the package knows, in any combination."""
    event = draw(st.dictionaries(keys, json_values, max_size=8))
    if draw(st.integers(0, 9)):
        event["type"] = draw(st.sampled_from(sorted(EVENT_TYPES)))
    return event


@st.composite
def broken(draw: st.DrawFn) -> Wire:
    """A well-formed event with some changes, at any depth."""
    event: Wire = copy.deepcopy(draw(st.sampled_from(SOURCES)))
    for _ in range(draw(st.integers(1, 4))):
        containers = [value for value in nodes(event) if isinstance(value, (dict, list))]
        place = draw(st.sampled_from(containers))
        if isinstance(place, dict):
            key = draw(st.sampled_from(sorted(place)) if place and draw(st.integers(0, 3)) else keys)
            if draw(st.integers(0, 3)):
                place[key] = draw(json_values)
            else:
                place.pop(key, None)
        elif place and draw(st.booleans()):
            place[draw(st.integers(0, len(place) - 1))] = draw(json_values)
        else:
            place.insert(draw(st.integers(0, len(place))), draw(json_values))
    return event


def nodes(value: Any) -> typing.Iterator[Any]:
    yield value
    if isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from nodes(inner)


def exact(value: Any) -> str:
    """A text that tells 1 from 1.0 and from true."""
    return json.dumps(value, sort_keys=True)


@cache
def hints(model: type[Model]) -> dict[str, Any]:
    return typing.get_type_hints(model)


def is_of(value: Any, hint: Any) -> bool:
    """Whether a value is of an annotated type; a JSON integer is a number, a boolean is not."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint is Any:
        return True
    if origin is Literal:
        return type(value) is str and value in arguments
    if origin in (typing.Union, types.UnionType):
        return any(is_of(value, argument) for argument in arguments)
    if origin is list:
        return type(value) is list and all(is_of(item, arguments[0]) for item in value)
    if origin is dict:
        return type(value) is dict and all(is_of(item, arguments[1]) for item in value.values())
    return type(value) is hint or (hint is float and type(value) is int)


def check_object(built: Any, wire: Any) -> None:
    """Check every attribute against its annotation, and every class against the tag on the wire."""
    if isinstance(built, UnknownEvent):
        assert built.data == wire
        assert built.type == (wire.get("type") if type(wire.get("type")) is str else None)
        assert built.type not in EVENT_TYPES
    elif isinstance(built, UnknownVariant):
        assert built.data == wire
        assert built.tag == (wire.get("type") if type(wire.get("type")) is str else None)
    elif isinstance(built, Model):
        shape = SHAPES[type(built)]
        for name, hint in hints(type(built)).items():
            # An attribute that may be None is always set.
            assert hasattr(built, name) or not is_of(None, hint), (type(built), name)
            assert not hasattr(built, name) or is_of(getattr(built, name), hint), (type(built), name)
        if shape.tag is not None:
            declared = shape.fields[shape.tag].type
            assert isinstance(declared, Const)
            # What is no tag of the class is kept beside the attribute.
            tag = wire.get(shape.tag)
            assert getattr(built, shape.fields[shape.tag].name, None) == (tag if tag in declared.values else None)
        for key, field in shape.fields.items():
            value = getattr(built, field.name, None)
            if value is not None:
                check_object(value, wire[key])
        assert built.extra == {key: value for key, value in wire.items() if key not in shape.fields}
    elif isinstance(built, list):
        assert len(built) == len(wire)
        for value, on_wire in zip(built, wire, strict=True):
            check_object(value, on_wire)
    elif isinstance(built, dict):
        assert built.keys() == wire.keys()
        for key, value in built.items():
            check_object(value, wire[key])
    else:
        assert exact(built) == exact(wire)


def check(wire: Wire) -> None:
    before = exact(wire)
    event = decode(wire)
    check_object(event, wire)
    assert encode(event) == wire
    assert exact(encode(event)) == before
    assert exact(wire) == before, "decode or encode changed what it was given"
    assert exact(json.loads(dumps(event))) == before
    assert exact(encode(decode(json.dumps(wire)))) == before
    found = problems(wire)
    assert problems(event) == found
    error = refusal(wire)
    assert list(error.problems if error else ()) == found
    if error is None:
        assert decode(wire, strict=True) == event
        assert_whole(event)


def assert_whole(built: Any) -> None:
    """Check that every attribute is set, at any depth."""
    if isinstance(built, Model):
        for name in type(built).field_names:
            assert_whole(getattr(built, name))
    elif isinstance(built, (list, dict)):
        for value in built.values() if isinstance(built, dict) else built:
            assert_whole(value)


def test_samples() -> None:
    for wire in SOURCES:
        check(wire)


@settings(max_examples=400)
@given(broken())
def test_changed_events(wire: Wire) -> None:
    check(wire)


@settings(max_examples=300)
@given(events())
@example({"type": "response.output_text.delta", "output_index": True})
@example({"type": "response.completed", "response": {"tools": [{"type": None}, {}], "tool_choice": {"type": []}}})
def test_any_object(wire: Wire) -> None:
    check(wire)


@given(st.lists(st.tuples(st.sampled_from(["type", "delta", "item_id", "x"]), scalars), max_size=8))
def test_duplicate_keys_in_text(members: list[tuple[str, Any]]) -> None:
    text = "{" + ", ".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in members) + "}"
    assert encode(decode(text)) == dict(members)


def test_order_of_members_does_not_matter() -> None:
    for wire in SOURCES:
        assert decode(dict(reversed(wire.items()))) == decode(wire)
