"""How a stream ended: the worse of all that an event says, from wherever in it, and nothing of it lost."""

from __future__ import annotations

from typing import Any

import pytest

from responses_events import UnknownEvent, decode
from responses_events.stream import Accumulator, StreamEnd, StreamFailure

PLAIN = {"code": "server_error", "message": "It broke."}
BROKE = StreamFailure("server_error", "It broke.", None)


def ended(*events: dict[str, Any]) -> StreamEnd:
    accumulator = Accumulator()
    for event in events:
        accumulator.feed(decode(event))
    return accumulator.close()


def said(*events: dict[str, Any]) -> tuple[Any, ...]:
    end = ended(*events)
    return end.kind, end.reason, end.error


def snapshot(tag: str, **members: Any) -> dict[str, Any]:
    return {"type": f"response.{tag}", "response": {"id": "resp_1", "output": [], **members}}


DETAILS = {"incomplete_details": {"reason": "max_output_tokens"}}


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (snapshot("completed", status="completed", error=None), ("completed", None, None)),
        (snapshot("completed", status="in_progress"), ("completed", None, None)),
        (snapshot("completed", status="failed", error=PLAIN), ("failed", None, BROKE)),
        (snapshot("completed", error=PLAIN), ("failed", None, BROKE)),
        (snapshot("completed", error={"code": None, "message": ""}), ("completed", None, None)),
        (snapshot("completed", status="incomplete", **DETAILS), ("incomplete", "max_output_tokens", None)),
        (snapshot("completed", **DETAILS), ("incomplete", "max_output_tokens", None)),
        (snapshot("completed", status="cancelled"), ("incomplete", "cancelled", None)),
        (snapshot("incomplete", status="failed", error=PLAIN), ("failed", None, BROKE)),
        (snapshot("incomplete", status="completed", **DETAILS), ("incomplete", "max_output_tokens", None)),
        (snapshot("incomplete", incomplete_details="too long"), ("incomplete", "too long", None)),
        (snapshot("failed", status="completed", error=PLAIN), ("failed", None, BROKE)),
        (snapshot("failed", error="It broke."), ("failed", None, StreamFailure(None, "It broke.", None))),
        ({"type": "response.failed", "error": PLAIN}, ("failed", None, BROKE)),
        ({"type": "response.failed", **PLAIN}, ("failed", None, BROKE)),
        ({"type": "response.completed", "error": PLAIN}, ("failed", None, BROKE)),
        ({"type": "response.completed", "response": "text"}, ("completed", None, None)),
        (snapshot("in_progress", status="failed", error=PLAIN), ("failed", None, BROKE)),
        (snapshot("in_progress", status="cancelled"), ("incomplete", "cancelled", None)),
        (snapshot("created", status="incomplete"), ("truncated", None, None)),
        (snapshot("queued", status="completed"), ("truncated", None, None)),
    ],
)
def test_the_worse_of_tag_and_status_counts(event: dict[str, Any], expected: tuple[Any, ...]) -> None:
    assert said(event) == expected


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"error": {"code": 503, "message": "Busy."}}, ("503", "Busy.", None)),
        ({"code": 429, "message": "Quota used up.", "param": None}, ("429", "Quota used up.", None)),
        ({"error": "Upstream closed."}, (None, "Upstream closed.", None)),
        ({"message": "Upstream closed."}, (None, "Upstream closed.", None)),
        ({"error": {"type": "overloaded", "message": "Busy."}}, ("overloaded", "Busy.", None)),
        ({"error": {"type": "error", "message": "Busy."}}, (None, "Busy.", None)),
        ({"error": {"code": "", "type": "quota", "param": "model"}}, ("quota", None, "model")),
        ({"status": 400, "error": {"message": "No."}}, ("400", "No.", None)),
        ({"code": "outer", "error": {"message": "Inner."}}, ("outer", "Inner.", None)),
        ({"code": "outer", "error": {"code": "inner", "message": "Inner."}}, ("inner", "Inner.", None)),
        ({"error": "unauthorized", "message": "Bad key."}, ("unauthorized", "Bad key.", None)),
        ({"error": {"error": {"code": 1.5, "message": "Deep."}}}, ("1.5", "Deep.", None)),
        ({"error": [{"code": "a", "message": "First."}, {"code": "b"}]}, ("a", "First.", None)),
        ({"error": {"code": "x", "message": {"text": "Odd."}}}, ("x", '{"text": "Odd."}', None)),
        ({"error": {"code": True, "message": "Odd."}}, (None, "Odd.", None)),
        ({"error": {"status": "RESOURCE_EXHAUSTED", "message": "Odd."}}, ("RESOURCE_EXHAUSTED", "Odd.", None)),
    ],
)
def test_details_of_any_shape(members: dict[str, Any], expected: tuple[Any, ...]) -> None:
    end = ended({"type": "error", **members})
    assert (end.kind, end.error) == ("error", StreamFailure(*expected))


@pytest.mark.parametrize("members", [{}, {"error": None}, {"error": {}}, {"error": True}, {"error": []}])
def test_an_error_that_says_nothing(members: dict[str, Any]) -> None:
    assert said({"type": "error", **members}) == ("error", None, None)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"error": {**PLAIN, "type": "x"}}, ("error", None, BROKE)),
        ({"error": "It broke."}, ("error", None, StreamFailure(None, "It broke.", None))),
        (PLAIN, ("error", None, BROKE)),
        ({"code": 500, "message": "It broke."}, ("error", None, StreamFailure("500", "It broke.", None))),
        ({"status": 502, "title": "Bad gateway"}, ("error", None, StreamFailure("502", "Bad gateway", None))),
        ({"status": "failed", "message": "It broke."}, ("failed", None, StreamFailure(None, "It broke.", None))),
        ({"detail": "Not found"}, ("error", None, StreamFailure(None, "Not found", None))),
        (
            {"detail": [{"loc": ["body", "input", 0], "msg": "Field required", "type": "missing"}]},
            ("error", None, StreamFailure("missing", "Field required", "body.input.0")),
        ),
        ({"type": "response.error", "error": PLAIN}, ("error", None, BROKE)),
        ({"type": "response.error", **PLAIN}, ("error", None, BROKE)),
        ({"type": "stream.error", "message": "x"}, ("error", None, StreamFailure(None, "x", None))),
        ({"type": "response.cancelled"}, ("incomplete", "cancelled", None)),
        (snapshot("canceled", status="cancelled"), ("incomplete", "cancelled", None)),
        ({"type": "failed", "error": PLAIN}, ("failed", None, BROKE)),
        (snapshot("stopped", status="failed", error=PLAIN), ("failed", None, BROKE)),
        ({"type": "server_error", "message": "It broke."}, ("error", None, BROKE)),
        (
            {"object": "error", "type": "BadRequestError", "code": 400, "message": "No."},
            ("error", None, StreamFailure("400", "No.", None)),
        ),
        (snapshot("stopped", status="failed"), ("failed", None, None)),
    ],
)
def test_errors_without_a_known_tag(event: dict[str, Any], expected: tuple[Any, ...]) -> None:
    assert isinstance(decode(event), UnknownEvent)
    assert said(event) == expected


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"message": "Still here."},
        {"status": "ok", "code": 0, "message": "fine", "error": None},
        {"type": "response.brand_new", "error": PLAIN},
        {"type": "response.brand_new_call.failed", "error": PLAIN},
        {"type": "response.steer.failed", "error": PLAIN},
        {"type": "response.mcp_call.failed", "item_id": "m", "output_index": 0},
        {"type": "tool_error"},
        snapshot("stopped", status="completed"),
    ],
)
def test_what_ends_nothing(event: dict[str, Any]) -> None:
    assert said(event) == ("truncated", None, None)


def test_details_of_several_events_add_up() -> None:
    error = {"type": "error", "message": "Too many.", "param": "input"}
    failed = snapshot("failed", error={"code": 429, "message": "Rate limit."})
    assert said(error, failed) == ("failed", None, StreamFailure("429", "Too many.", "input"))
    assert ended(error, failed).event == decode(failed)


def test_an_end_is_told_where_what_it_brings_cannot_be_read() -> None:
    deep: Any = []
    for _ in range(2000):
        deep = [deep]
    event = decode('{"type":"response.failed","response":{"status":"failed","error":{"code":"x","message":"y"}}}')
    assert event.leftover is not None
    event.leftover["response"]["metadata"] = deep
    accumulator = Accumulator()
    accumulator.feed(event)
    assert accumulator.end is not None
    assert accumulator.end.error == StreamFailure("x", "y", None)


@pytest.mark.parametrize(
    ("end", "line"),
    [
        (ended(), "truncated: the bytes stopped before an event that ends the stream"),
        (ended(snapshot("completed")), "completed"),
        (ended(snapshot("incomplete", **DETAILS)), "incomplete: max_output_tokens"),
        (ended({"type": "error", **PLAIN, "param": "model"}), "error: server_error: It broke. (param model)"),
        (ended({"type": "error", "message": "a\n\x1b[31mb"}), "error: a\\n\\u001b[31mb"),
        (ended({"type": "error"}), "error"),
    ],
)
def test_one_line_says_how_it_ended(end: StreamEnd, line: str) -> None:
    assert str(end) == line
