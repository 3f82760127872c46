"""The rules of the decoder, case by case: what comes in, what the event says, and what strict mode says to it."""

from __future__ import annotations

from typing import Any

import pytest

from responses_events import (
    DecodeError,
    Problem,
    ResponseCompletedEvent,
    ResponseCreatedEvent,
    ResponseOutputItemAddedEvent,
    ResponseTextDeltaEvent,
    UnknownEvent,
    UnknownVariant,
    decode,
    encode,
    problems,
)
from responses_events.runtime.shape import SHAPES, Values
from support.wire_samples import changed, examples, places, samples

Wire = dict[str, Any]

DELTA: Wire = {
    "type": "response.output_text.delta",
    "sequence_number": 7,
    "item_id": "msg_01",
    "output_index": 0,
    "content_index": 0,
    "delta": "Hel",
    "logprobs": [],
}
LOGPROB: Wire = {"token": "H", "logprob": -0.5}
ADDED: Wire = {"type": "response.output_item.added", "output_index": 0}
RESPONSE: Wire = examples()["response.completed"]["response"]


def completed(**members: Any) -> Wire:
    return {"type": "response.completed", "response": {**RESPONSE, **members}}


def summary(wire: Wire) -> list[tuple[str, str]]:
    """Path and code of each problem; strict mode and `problems` must agree, and nothing may be lost."""
    event = decode(wire)
    assert encode(event) == wire
    found = problems(wire)
    assert problems(event) == found
    if found:
        with pytest.raises(DecodeError) as caught:
            decode(wire, strict=True)
        assert list(caught.value.problems) == found
        assert caught.value.data == wire
    else:
        assert decode(wire, strict=True) == event
    return [(problem.path, problem.code) for problem in found]


@pytest.mark.parametrize("wire", [{}, {"type": 5, "delta": "x"}, {"type": None}, {"type": ["response.created"]}])
def test_without_a_usable_tag(wire: Wire) -> None:
    assert decode(wire) == UnknownEvent(type=None, data=wire)
    assert summary(wire) == [("$.type", "tag")]


def test_new_tag() -> None:
    wire = {"type": "response.brand_new", "delta": 5}
    assert decode(wire) == UnknownEvent(type="response.brand_new", data=wire)
    assert summary(wire) == []


def test_missing_members() -> None:
    event = decode({"type": "response.output_text.delta", "delta": "x"})
    assert isinstance(event, ResponseTextDeltaEvent)
    assert event.delta == "x"
    assert not any(hasattr(event, name) for name in ("item_id", "output_index", "content_index"))
    with pytest.raises(AttributeError, match="item_id"):
        event.item_id  # noqa: B018
    assert summary({"type": "response.output_text.delta", "delta": "x"}) == [
        ("$.output_index", "missing"),
        ("$.item_id", "missing"),
        ("$.content_index", "missing"),
    ]


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("delta", 5),
        ("delta", ["x"]),
        ("output_index", True),
        ("output_index", 1.0),
        ("output_index", "1"),
        ("logprobs", {}),
        ("logprobs", "none"),
        ("obfuscation", {}),
    ],
)
def test_value_of_another_type(member: str, value: object) -> None:
    wire = {**DELTA, member: value}
    # A required attribute is not set then, any other is None.
    assert hasattr(decode(wire), member) == (member in ("logprobs", "obfuscation"))
    assert getattr(decode(wire), member, None) is None
    assert summary(wire) == [(f"$.{member}", "type")]
    assert type(encode(decode(wire))[member]) is type(value)


def test_list_with_an_element_of_another_type() -> None:
    wire = {**DELTA, "logprobs": [LOGPROB, 7]}
    event = decode(wire)
    assert isinstance(event, ResponseTextDeltaEvent)
    assert event.logprobs is None
    assert summary(wire) == [("$.logprobs[1]", "type")]


def test_integer_where_a_number_is_declared() -> None:
    wire = {**DELTA, "logprobs": [{"token": "H", "logprob": 1}]}
    event = decode(wire)
    assert isinstance(event, ResponseTextDeltaEvent)
    assert event.logprobs is not None
    assert type(event.logprobs[0].logprob) is int
    assert summary(wire) == []
    assert type(encode(event)["logprobs"][0]["logprob"]) is int


def test_null_that_is_not_allowed() -> None:
    wire = {**DELTA, "delta": None}
    event = decode(wire)
    assert isinstance(event, ResponseTextDeltaEvent)
    assert not hasattr(event, "delta")
    assert summary(wire) == [("$.delta", "null")]


def test_null_that_is_allowed() -> None:
    wire = completed(error=None)
    event = decode(wire)
    assert isinstance(event, ResponseCompletedEvent)
    assert event.response is not None
    assert event.response.error is None
    assert summary(wire) == []


def test_absent_and_optional() -> None:
    wire = {key: value for key, value in DELTA.items() if key != "logprobs"}
    event = decode(wire)
    assert isinstance(event, ResponseTextDeltaEvent)
    assert event.logprobs is None
    assert "logprobs" not in encode(event)
    assert summary(wire) == []


def test_absent_required_and_nullable_member_stays_absent() -> None:
    seen = 0
    for sample in samples():
        for place in places(sample.event):
            if place.owner is sample.target and place.field.nullable and not place.field.optional:
                with changed(place.owner, place.key, ...):
                    assert summary(sample.event) == [(place.path, "missing")]
                seen += 1
    assert seen


def test_new_variant() -> None:
    item = {"type": "brand_new", "id": "x"}
    wire = {**ADDED, "item": item}
    event = decode(wire)
    assert isinstance(event, ResponseOutputItemAddedEvent)
    assert event.item == UnknownVariant(tag="brand_new", data=item)
    assert summary(wire) == []


@pytest.mark.parametrize("item", [{"id": "x"}, {"type": None, "id": "x"}, {"type": 5, "id": "x"}])
def test_variant_without_a_tag(item: Wire) -> None:
    wire = {**ADDED, "item": item}
    event = decode(wire)
    assert isinstance(event, ResponseOutputItemAddedEvent)
    assert event.item == UnknownVariant(tag=None, data=item)
    assert summary(wire) == [("$.item.type", "tag")]


def test_default_variant() -> None:
    message = {"role": "user", "content": "Hello"}
    wire = completed(instructions=[message])
    event = decode(wire)
    assert isinstance(event, ResponseCompletedEvent)
    assert event.response is not None
    assert isinstance(event.response.instructions, list)
    assert type(event.response.instructions[0]).__name__ == "EasyInputMessage"
    assert summary(wire) == []


def test_text_where_an_object_is_declared() -> None:
    wire = {**ADDED, "item": "text"}
    event = decode(wire)
    assert isinstance(event, ResponseOutputItemAddedEvent)
    assert not hasattr(event, "item")
    assert summary(wire) == [("$.item", "type")]


def test_object_whose_tag_names_another_class() -> None:
    # A member that a class declares by itself, not through a union, and whose tag is another's.
    sample = next(s for s in samples() if s.keys and not s.fixed and SHAPES[s.model].tag)
    with changed(sample.target, "type", "brand_new"):
        assert summary(sample.event) == []
    with changed(sample.target, "type", 5):
        assert summary(sample.event) == [(f"{sample.path}.type", "value")]


def test_new_value_of_an_enum() -> None:
    openness = set()
    for sample in samples():
        for place in places(sample.event):
            if isinstance(place.field.type, Values) and place.key in place.owner and not place.fixed:
                expected = [] if place.field.type.open else [(place.path, "value")]
                with changed(place.owner, place.key, "brand_new"):
                    assert summary(sample.event) == expected
                openness.add(place.field.type.open)
    assert openness == {True, False}


def test_undeclared_member() -> None:
    wire = {**DELTA, "obfuscation": "a", "brand_new": [1]}
    event = decode(wire)
    assert isinstance(event, ResponseTextDeltaEvent)
    assert event.obfuscation == "a"
    assert event.extra == {"brand_new": [1]}
    assert summary(wire) == []


@pytest.mark.parametrize(
    "name", ["extra", "leftover", "__class__", "__init__", "field_names", "self", "", "class", "a b"]
)
def test_undeclared_member_with_a_name_that_python_has_a_use_for(name: str) -> None:
    wire = {**DELTA, name: {"x": 1}}
    event = decode(wire)
    assert type(event) is ResponseTextDeltaEvent
    assert event.extra == {name: {"x": 1}}
    assert summary(wire) == []


def test_declared_member_with_a_name_that_python_has_a_use_for() -> None:
    renamed = [
        (sample, key, field.name)
        for sample in samples()
        for key, field in SHAPES[sample.model].fields.items()
        if key != field.name
    ]
    for sample, key, name in renamed:
        assert name.endswith("_")
        assert key in sample.target
        assert encode(decode(sample.event)) == sample.event
    assert renamed


def test_problems_in_one_place_do_not_hide_others() -> None:
    broken = {**RESPONSE, "id": 5, "output": [{"type": "message", "id": None}], "usage": {"input_tokens": "x"}}
    found = problems({"type": "response.created", "response": broken})
    paths = {problem.path for problem in found}
    assert {"$.response.id", "$.response.output[0].id", "$.response.usage.input_tokens"} <= paths
    assert isinstance(decode({"type": "response.created", "response": broken}), ResponseCreatedEvent)
    assert Problem("$.response.id", "type", "a string", "5") in found
