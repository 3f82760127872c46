"""The generated classes are dataclasses in all that people do with dataclasses."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import typing
from typing import Any

import pytest

import responses_events
from responses_events import (
    EVENT_TYPES,
    EventType,
    Model,
    ResponseCompletedEvent,
    ResponseCreatedEvent,
    ResponseOutputItemDoneEvent,
    ResponseTextDeltaEvent,
    UnknownEvent,
    UnknownVariant,
    decode,
    dumps,
    encode,
)
from responses_events.runtime.shape import SHAPES
from support.wire_samples import changed, examples, places, samples

# The variants that the project started from, with the class of the payload of each.
SEED = {
    "ResponseCreated": "ResponseCreatedEvent",
    "ResponseInProgress": "ResponseInProgressEvent",
    "ResponseCompleted": "ResponseCompletedEvent",
    "ResponseFailed": "ResponseFailedEvent",
    "ResponseIncomplete": "ResponseIncompleteEvent",
    "ResponseOutputItemAdded": "ResponseOutputItemAddedEvent",
    "ResponseOutputItemDone": "ResponseOutputItemDoneEvent",
    "ResponseContentPartAdded": "ResponseContentPartAddedEvent",
    "ResponseContentPartDone": "ResponseContentPartDoneEvent",
    "ResponseOutputTextDelta": "ResponseTextDeltaEvent",
    "ResponseOutputTextDone": "ResponseTextDoneEvent",
    "ResponseRefusalDelta": "ResponseRefusalDeltaEvent",
    "ResponseRefusalDone": "ResponseRefusalDoneEvent",
    "ResponseFunctionCallArgumentsDelta": "ResponseFunctionCallArgumentsDeltaEvent",
    "ResponseFunctionCallArgumentsDone": "ResponseFunctionCallArgumentsDoneEvent",
    "ResponseFileSearchCallInProgress": "ResponseFileSearchCallInProgressEvent",
    "ResponseFileSearchCallSearching": "ResponseFileSearchCallSearchingEvent",
    "ResponseFileSearchCallCompleted": "ResponseFileSearchCallCompletedEvent",
    "ResponseWebSearchCallInProgress": "ResponseWebSearchCallInProgressEvent",
    "ResponseWebSearchCallSearching": "ResponseWebSearchCallSearchingEvent",
    "ResponseWebSearchCallCompleted": "ResponseWebSearchCallCompletedEvent",
    "ResponseReasoningSummaryPartAdded": "ResponseReasoningSummaryPartAddedEvent",
    "ResponseReasoningSummaryPartDone": "ResponseReasoningSummaryPartDoneEvent",
    "ResponseReasoningSummaryTextDelta": "ResponseReasoningSummaryTextDeltaEvent",
    "ResponseReasoningSummaryTextDone": "ResponseReasoningSummaryTextDoneEvent",
    "ResponseReasoningTextDelta": "ResponseReasoningTextDeltaEvent",
    "ResponseReasoningTextDone": "ResponseReasoningTextDoneEvent",
    "ResponseImageGenerationCallCompleted": "ResponseImageGenCallCompletedEvent",
    "ResponseImageGenerationCallGenerating": "ResponseImageGenCallGeneratingEvent",
    "ResponseImageGenerationCallInProgress": "ResponseImageGenCallInProgressEvent",
    "ResponseImageGenerationCallPartialImage": "ResponseImageGenCallPartialImageEvent",
    "ResponseMCPCallArgumentsDelta": "ResponseMCPCallArgumentsDeltaEvent",
    "ResponseMCPCallArgumentsDone": "ResponseMCPCallArgumentsDoneEvent",
    "ResponseMCPCallCompleted": "ResponseMCPCallCompletedEvent",
    "ResponseMCPCallFailed": "ResponseMCPCallFailedEvent",
    "ResponseMCPCallInProgress": "ResponseMCPCallInProgressEvent",
    "ResponseMCPListToolsCompleted": "ResponseMCPListToolsCompletedEvent",
    "ResponseMCPListToolsFailed": "ResponseMCPListToolsFailedEvent",
    "ResponseMCPListToolsInProgress": "ResponseMCPListToolsInProgressEvent",
    "ResponseCodeInterpreterCallInProgress": "ResponseCodeInterpreterCallInProgressEvent",
    "ResponseCodeInterpreterCallInterpreting": "ResponseCodeInterpreterCallInterpretingEvent",
    "ResponseCodeInterpreterCallCompleted": "ResponseCodeInterpreterCallCompletedEvent",
    "ResponseCodeInterpreterCallCodeDelta": "ResponseCodeInterpreterCallCodeDeltaEvent",
    "ResponseCodeInterpreterCallCodeDone": "ResponseCodeInterpreterCallCodeDoneEvent",
    "ResponseOutputTextAnnotationAdded": "ResponseOutputTextAnnotationAddedEvent",
    "ResponseQueued": "ResponseQueuedEvent",
    "ResponseCustomToolCallInputDelta": "ResponseCustomToolCallInputDeltaEvent",
    "ResponseCustomToolCallInputDone": "ResponseCustomToolCallInputDoneEvent",
    "ResponseError": "ResponseErrorEvent",
}

DELTA = {
    "type": "response.output_text.delta",
    "item_id": "msg_01",
    "output_index": 0,
    "content_index": 0,
    "delta": "Hel",
    "logprobs": None,
    "obfuscation": 5,
    "brand_new": [1],
}


def delta() -> ResponseTextDeltaEvent:
    """An event with an unknown member, a null, and a value of the wrong type."""
    event = decode(copy.deepcopy(DELTA))
    assert isinstance(event, ResponseTextDeltaEvent)
    return event


@pytest.mark.parametrize("variant", SEED)
def test_seed_variant(variant: str) -> None:
    model = getattr(responses_events, SEED[variant])
    tag = EventType[variant].value
    assert EVENT_TYPES[tag] is model
    example = examples()[tag]
    event = decode(example)
    assert type(event) is model
    assert event.type == tag
    assert encode(event) == example


def test_every_tag_has_a_variant_a_class_and_an_example() -> None:
    assert len(SEED) == 49
    assert len(EVENT_TYPES) == len(EventType)
    assert list(EVENT_TYPES) == [member.value for member in EventType]
    assert set(EVENT_TYPES) == set(examples())
    assert EventType.ResponseOutputTextDelta == "response.output_text.delta"


def test_all_names_are_there() -> None:
    assert len(set(responses_events.__all__)) == len(responses_events.__all__)
    for name in responses_events.__all__:
        assert hasattr(responses_events, name), name
    assert {model.__name__ for model in SHAPES} <= set(responses_events.__all__)


@pytest.mark.parametrize("model", [*SHAPES, UnknownEvent, UnknownVariant], ids=lambda model: model.__name__)
def test_class(model: type[Model]) -> None:
    assert dataclasses.is_dataclass(model)
    names = [field.name for field in dataclasses.fields(model)]
    assert set(typing.get_type_hints(model)) == set(names)
    assert "leftover" not in names
    assert "__dict__" not in dir(model)
    assert model.__doc__
    if model in SHAPES:
        assert sorted(names) == sorted(field.name for field in SHAPES[model].fields.values())


def test_objects_of_every_class() -> None:
    for sample in samples():
        event, twin = decode(sample.event), decode(copy.deepcopy(sample.event))
        assert event == twin
        assert event is not twin
        assert not hasattr(event, "__dict__")
        for other in (copy.copy(event), copy.deepcopy(event), dataclasses.replace(event)):
            assert type(other) is type(event)
            assert other == event
            assert encode(other) == sample.event
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            assert pickle.loads(pickle.dumps(event, protocol)) == event
        assert dataclasses.asdict(event).keys() == {field.name for field in dataclasses.fields(event)}
        assert sample.model.__name__ in repr(event)


def test_constructor() -> None:
    event = ResponseTextDeltaEvent(item_id="msg_01", output_index=0, content_index=0, delta="Hel")
    assert event == decode({key: DELTA[key] for key in ("type", "item_id", "output_index", "content_index", "delta")})
    assert event.type == "response.output_text.delta"
    assert (event.logprobs, event.sequence_number, event.extra) == (None, None, {})
    assert dumps(event) == (
        '{"type":"response.output_text.delta","output_index":0,"item_id":"msg_01","content_index":0,"delta":"Hel"}'
    )


def test_constructor_refuses() -> None:
    make: Any = ResponseTextDeltaEvent
    with pytest.raises(
        TypeError, match=r"ResponseTextDeltaEvent\(\) needs 'output_index', 'item_id', 'content_index'$"
    ):
        make(delta="Hel")
    with pytest.raises(TypeError, match=r"ResponseTextDeltaEvent\(\) has no 'text'"):
        make(item_id="msg_01", output_index=0, content_index=0, delta="Hel", text="Hel")
    with pytest.raises(TypeError):
        make("msg_01")
    with pytest.raises(AttributeError):
        setattr(delta(), "text", "Hel")  # noqa: B010


def test_null_that_the_declaration_requires_is_written() -> None:
    error = examples()["error"]
    made = decode(error)
    assert encode(type(made)(**{field.name: getattr(made, field.name) for field in dataclasses.fields(made)})) == error


def test_copies_keep_what_no_attribute_stands_for() -> None:
    event = delta()
    assert event.extra == {"brand_new": [1]}
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert encode(pickle.loads(pickle.dumps(event, protocol))) == DELTA
    for other in (copy.copy(event), copy.deepcopy(event), dataclasses.replace(event)):
        assert other == event
        assert encode(other) == DELTA
    assert encode(dataclasses.replace(event, delta="lo")) == {**DELTA, "delta": "lo"}
    assert event.delta == "Hel"
    deep = copy.deepcopy(event)
    deep.extra["brand_new"].append(2)
    assert event.extra == {"brand_new": [1]}
    if hasattr(copy, "replace"):
        assert encode(copy.replace(event, delta="lo")) == {**DELTA, "delta": "lo"}


def test_absence_survives_copies() -> None:
    for sample in samples():
        for place in places(sample.event):
            if place.owner is sample.target and place.field.nullable and not place.field.optional:
                with changed(place.owner, place.key, ...):
                    event = decode(sample.event)
                    assert encode(pickle.loads(pickle.dumps(event))) == sample.event
                    assert encode(copy.deepcopy(event)) == sample.event
                    assert event == decode(sample.event)
                    return
    pytest.fail("no class has a member that is required and may be null")


def test_equality_sees_what_no_attribute_stands_for() -> None:
    assert delta() == delta()
    assert delta() != decode({**DELTA, "brand_new": [2]})
    assert delta() != decode({**DELTA, "obfuscation": 6})
    assert delta() != decode({key: value for key, value in DELTA.items() if key != "logprobs"})
    assert delta() != DELTA
    assert UnknownEvent(type="a", data={}) != UnknownVariant(tag="a", data={})
    with pytest.raises(TypeError, match="unhashable"):
        hash(delta())


def test_repr() -> None:
    event = decode({**DELTA, "obfuscation": "x", "logprobs": []})
    assert repr(event) == (
        "ResponseTextDeltaEvent(type='response.output_text.delta', output_index=0, item_id='msg_01', content_index=0,"
        " obfuscation='x', delta='Hel', logprobs=[], leftover={'brand_new': [1]})"
    )
    rebuilt = eval(repr(event), {"ResponseTextDeltaEvent": ResponseTextDeltaEvent})
    assert rebuilt == event


def test_match() -> None:
    match decode(examples()["response.completed"]):
        case ResponseCompletedEvent(response=response) if response is not None:
            assert response.status == "completed"
        case _:
            pytest.fail("no match")
    match decode({"type": "response.brand_new", "x": 1}):
        case UnknownEvent(type="response.brand_new", data={"x": 1}):
            pass
        case _:
            pytest.fail("no match")


def test_asdict_goes_down() -> None:
    event = decode(examples()["response.created"])
    assert isinstance(event, ResponseCreatedEvent)
    assert isinstance(dataclasses.asdict(event)["response"], dict)
    assert dataclasses.asdict(event)["response"]["id"] == examples()["response.created"]["response"]["id"]


def test_attribute_that_was_set_wins() -> None:
    for sample in samples():
        for place in places(sample.event):
            # A member that decides about the class would make it another object.
            if place.owner is not sample.target or place.fixed or place.key not in place.owner or place.key == "type":
                continue
            wire = place.owner[place.key]
            value = getattr(reached(decode(sample.event), sample.keys), place.field.name)
            for before in (..., None, {"of": ["another", "type"]}):
                with changed(place.owner, place.key, before):
                    target = reached(decode(sample.event), sample.keys)
                setattr(target, place.field.name, value)
                assert encode(target)[place.key] == wire


def reached(event: Any, keys: tuple[str | int, ...]) -> Any:
    """Follow the keys of a wire object through the attributes of the decoded one."""
    for key in keys:
        if isinstance(event, Model):
            event = getattr(event, SHAPES[type(event)].fields[str(key)].name)
        else:
            event = event[key]
    return event


def test_encode_refuses_what_is_no_model() -> None:
    encode_anything: Any = encode
    for value in ({}, None, 5, "x", []):
        with pytest.raises(TypeError, match="expected an object of a generated class"):
            encode_anything(value)


def test_the_type_of_an_unknown_event_is_written() -> None:
    event = decode({"type": "response.brand_new", "x": 1})
    assert isinstance(event, UnknownEvent)
    event.type = "response.newer"
    assert encode(event) == {"type": "response.newer", "x": 1}
    assert event.data["type"] == "response.brand_new"
    assert encode(decode(encode(event))) == encode(event)
    assert dumps(UnknownEvent(type="made_here", data={"x": 1})) == '{"x":1,"type":"made_here"}'
    event.type = None
    assert encode(event) is event.data
    assert encode(decode({"type": 5})) == {"type": 5}


def test_encode_of_nested_objects() -> None:
    event = decode(examples()["response.output_item.done"])
    assert isinstance(event, ResponseOutputItemDoneEvent)
    assert isinstance(event.item, Model)
    assert encode(event.item) == examples()["response.output_item.done"]["item"]
    assert encode(UnknownVariant(tag="x", data={"type": "x"})) == {"type": "x"}
