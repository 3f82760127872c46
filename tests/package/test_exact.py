"""An attribute holds what its annotation says, or it is not set; everything else copes with that."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from responses_events import ResponseCreatedEvent, ResponseTextDeltaEvent, UnknownEvent, decode, encode
from responses_events.stream import Accumulator

LACKING = {"type": "response.output_text.delta", "output_index": 0, "delta": 5, "mood": "good"}
NESTED = {"type": "response.created", "response": {"id": "resp_1", "status": 7}}


@pytest.mark.parametrize(
    "twin",
    [
        copy.copy,
        copy.deepcopy,
        *(lambda event, protocol=protocol: pickle.loads(pickle.dumps(event, protocol)) for protocol in range(6)),
    ],
)
@pytest.mark.parametrize("wire", [LACKING, NESTED])
def test_what_is_not_set_stays_so_in_a_copy(wire: dict[str, Any], twin: Callable[[Any], Any]) -> None:
    event = decode(wire)
    assert twin(event) == event
    assert encode(twin(event)) == wire
    assert repr(twin(event)) == repr(event)


def test_equality_tells_what_is_not_set_from_what_is() -> None:
    event = decode(LACKING)
    assert event == decode(LACKING)
    assert event != decode({**LACKING, "item_id": "m"})
    assert event != decode({**LACKING, "delta": 6})


def test_repr_shows_what_there_is() -> None:
    assert repr(decode(LACKING)) == (
        "ResponseTextDeltaEvent(type='response.output_text.delta', output_index=0,"
        " leftover={'delta': 5, 'mood': 'good'})"
    )


def test_replace_and_asdict_name_what_is_missing() -> None:
    event = decode({key: value for key, value in LACKING.items() if key != "delta"})
    for ask in (dataclasses.asdict, lambda event: dataclasses.replace(event, output_index=1)):
        with pytest.raises(AttributeError, match="item_id"):
            ask(event)


def test_a_match_asks_whether_it_is_set() -> None:
    def text(wire: dict[str, Any]) -> str:
        match decode(wire):
            case ResponseTextDeltaEvent(delta=text):
                return text
            case ResponseTextDeltaEvent():
                return "no text"
            case _:
                return "another event"

    assert [text(LACKING), text({**LACKING, "delta": "x"}), text(NESTED)] == ["no text", "x", "another event"]


def test_an_attribute_that_was_not_set_can_be() -> None:
    event = decode(LACKING)
    event.delta = "x"
    assert encode(event) == {**LACKING, "delta": "x"}
    del event.delta
    assert encode(event) == LACKING


def test_an_event_without_what_its_fold_needs_changes_nothing() -> None:
    accumulator = Accumulator()
    accumulator.feed(decode({**LACKING, "delta": "a", "content_index": 0, "item_id": "m"}))
    accumulator.feed(decode(LACKING))
    accumulator.feed(decode({**LACKING, "delta": "b", "content_index": 0}))
    assert accumulator.response.output[0].content[0].text == "ab"
    assert accumulator.close().kind == "truncated"
    assert not hasattr(accumulator.response, "id")


def test_the_signature_shows_the_fields() -> None:
    signature = inspect.signature(ResponseTextDeltaEvent)
    assert list(signature.parameters) == list(ResponseTextDeltaEvent.field_names)
    assert signature.parameters["delta"].annotation == "str"
    assert signature.parameters["delta"].default is inspect.Parameter.empty
    assert signature.parameters["logprobs"].default is None
    assert "delta: 'str'" in str(inspect.signature(ResponseTextDeltaEvent))


def test_other_attributes_of_an_event_that_waits_are_plain_slots() -> None:
    assert isinstance(vars(ResponseCreatedEvent)["response"], property)
    assert inspect.ismemberdescriptor(vars(ResponseCreatedEvent)["sequence_number"])
    assert not hasattr(ResponseCreatedEvent, "__getattr__")
    assert not hasattr(UnknownEvent, "__getattr__")


def test_a_generated_class_is_no_base() -> None:
    with pytest.raises(TypeError, match="ResponseTextDeltaEvent is no base for other classes"):
        type("Mine", (ResponseTextDeltaEvent,), {})
