"""What the shipped spec says of a WebSocket, over which the API sends the same events, and some more."""

from __future__ import annotations

from typing import Any

import pytest

from responses_events import (
    EasyInputMessage,
    InputTextContent,
    RequiredFunctionCallOutput,
    RequiredMCPApprovalResponse,
    ResponseErrorEvent,
    ResponseSteerFailedEvent,
    ResponseSteerPendingEvent,
    decode,
    encode,
    problems,
)
from responses_events.stream import Accumulator, StreamFailure
from support.wire_samples import examples

STEER = {"id": "steer_1", "previous_response_id": "r"}
FAILED = {
    "type": "response.steer.failed",
    "sequence_number": 4,
    "steer": {"previous_response_id": "r", "input": "Stop."},
    "error": {"type": "invalid_request_error", "code": "steering_not_supported", "message": "No."},
}
PENDING = {
    "type": "response.steer.pending",
    "sequence_number": 9,
    "steer": STEER,
    "reason": "waiting_for_required_input",
    "required_input": [],
}


@pytest.mark.parametrize("tag", examples())
def test_every_event_names_its_lane(tag: str) -> None:
    wire = {**examples()[tag], "stream_id": "main"}
    event: Any = decode(wire, strict=True)
    assert (event.stream_id, event.extra) == ("main", {})
    assert encode(event) == wire


def test_without_lanes_there_is_none() -> None:
    event: Any = decode({"type": "keepalive"}, strict=True)
    assert event.stream_id is None


def test_an_error_says_what_a_failed_request_would_have() -> None:
    event = decode(
        {
            "type": "error",
            "status": 429,
            "error": {
                "type": "rate_limit_error",
                "code": "rate_limit_exceeded",
                "message": "Slow down.",
                "param": None,
                "headers": {"retry-after": "20"},
                "misalignment": {"error_type": "other", "steer": {"message": "Ask first."}},
            },
        },
        strict=True,
    )
    assert isinstance(event, ResponseErrorEvent)
    assert event.status == 429
    assert event.error is not None and event.error.misalignment is not None
    assert event.error.headers == {"retry-after": "20"}
    assert event.error.misalignment.steer is not None
    assert event.error.misalignment.steer.message == "Ask first."
    accumulator = Accumulator()
    accumulator.feed(event)
    assert accumulator.end is not None
    assert accumulator.end.error == StreamFailure("rate_limit_exceeded", "Slow down.", None)


def test_a_refused_steer_ends_nothing() -> None:
    accumulator = Accumulator()
    accumulator.feed(decode({"type": "response.created", "response": {"id": "r", "output": []}}))
    event = decode(FAILED, strict=True)
    accumulator.feed(event)
    assert accumulator.end is None
    assert isinstance(event, ResponseSteerFailedEvent)
    assert (event.steer.id, event.steer.input, event.error.code) == (None, "Stop.", "steering_not_supported")


def test_refused_input_comes_back_as_it_was_sent() -> None:
    message = {"role": "user", "content": [{"type": "input_text", "text": "Stop."}]}
    event = decode({**FAILED, "steer": {**STEER, "input": [message]}}, strict=True)
    assert isinstance(event, ResponseSteerFailedEvent)
    (item,) = event.steer.input
    assert isinstance(item, EasyInputMessage) and isinstance(item.content[0], InputTextContent)
    assert item.content[0].text == "Stop."


def test_a_steer_that_waits_leaves_the_end_as_it_is() -> None:
    required = [
        {"type": "function_call_output", "call_id": "c", "name": "get_weather"},
        {"type": "mcp_approval_response", "approval_request_id": "a"},
        {"type": "tool_search_output", "call_id": "s", "execution": "client"},
        {"type": "brand_new_output", "call_id": "n"},
    ]
    accumulator = Accumulator()
    accumulator.feed(decode({"type": "response.completed", "response": {"id": "r", "output": []}}))
    event = decode({**PENDING, "required_input": required}, strict=True)
    accumulator.feed(event)
    assert accumulator.end is not None and accumulator.end.kind == "completed"
    assert accumulator.response.id == "r"
    assert isinstance(event, ResponseSteerPendingEvent)
    call, approval, *_ = event.required_input
    assert isinstance(call, RequiredFunctionCallOutput) and (call.call_id, call.name) == ("c", "get_weather")
    assert isinstance(approval, RequiredMCPApprovalResponse) and approval.approval_request_id == "a"


def test_what_is_required_names_its_call() -> None:
    event = {**PENDING, "reason": "brand_new", "required_input": [{"type": "message"}]}
    assert problems(event) == []
    event["required_input"] = [{"type": "shell_call_output"}, {"type": "tool_search_output", "call_id": "s"}]
    assert [problem.path for problem in problems(event)] == [
        "$.required_input[0].call_id",
        "$.required_input[1].execution",
    ]
