"""pydantic, and so FastAPI, reads and writes the classes as `decode` and `encode` do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from responses_events import (
    EVENT_TYPES,
    OutputItem,
    Response,
    ResponseStreamEvent,
    ResponseTextDeltaEvent,
    UnknownEvent,
    UnknownVariant,
    decode,
    encode,
)
from support.wire_samples import examples

pydantic = pytest.importorskip("pydantic")

DELTA = {
    "type": "response.output_text.delta",
    "item_id": "m",
    "output_index": 0,
    "content_index": 0,
    "delta": "Hel",
    "brand_new": {"a": None},
}


def adapter(hint: Any) -> Any:
    return pydantic.TypeAdapter(hint)


def test_one_class() -> None:
    event = adapter(ResponseTextDeltaEvent).validate_python(DELTA)
    assert event == decode(DELTA)
    assert adapter(ResponseTextDeltaEvent).validate_python(event) is event
    assert adapter(ResponseTextDeltaEvent).validate_json(json.dumps(DELTA)) == event
    assert adapter(ResponseTextDeltaEvent).dump_python(event) == DELTA
    assert json.loads(adapter(ResponseTextDeltaEvent).dump_json(event)) == DELTA


@pytest.mark.parametrize("tag", EVENT_TYPES)
def test_every_event_through_the_union(tag: str) -> None:
    wire = examples()[tag]
    event = adapter(ResponseStreamEvent).validate_python(wire)
    assert type(event) is EVENT_TYPES[tag]
    assert adapter(ResponseStreamEvent).dump_python(event) == wire


def test_what_is_new_is_kept() -> None:
    event = adapter(ResponseStreamEvent).validate_python({"type": "brand.new", "x": 1})
    assert event == UnknownEvent(type="brand.new", data={"type": "brand.new", "x": 1})
    item = adapter(OutputItem).validate_python({"type": "brand_new", "x": 1})
    assert item == UnknownVariant(tag="brand_new", data={"type": "brand_new", "x": 1})


def test_a_field_of_a_model() -> None:
    model = pydantic.create_model("Turn", event=(ResponseTextDeltaEvent, ...), last=(Response | None, None))
    turn = model.model_validate({"event": DELTA})
    assert turn.event == decode(DELTA)
    assert turn.model_dump() == {"event": DELTA, "last": None}
    assert model.model_json_schema()["properties"]["event"]["required"] == [
        "type",
        "output_index",
        "item_id",
        "content_index",
        "delta",
    ]


def test_a_body_that_breaks_its_declaration_is_refused_with_every_place() -> None:
    with pytest.raises(pydantic.ValidationError) as caught:
        adapter(ResponseTextDeltaEvent).validate_python({**DELTA, "delta": 5, "item_id": None})
    assert "$.item_id: expected a string, got null [null]; $.delta: expected a string, got 5 [type]" in str(
        caught.value
    )
    for wrong in ({"type": "response.created"}, 5, [DELTA]):
        with pytest.raises(pydantic.ValidationError):
            adapter(ResponseTextDeltaEvent).validate_python(wrong)


def test_nothing_is_changed_in_what_was_given() -> None:
    wire = json.loads(json.dumps(DELTA))
    adapter(ResponseTextDeltaEvent).validate_python(wire)
    assert wire == DELTA
    assert encode(decode(wire)) == wire
