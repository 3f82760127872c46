"""Relays: valid streams come out as they went in, and broken ones come out valid."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from responses_events import (
    FunctionShellCallOutputTimeoutOutcome,
    ResponseTextDeltaEvent,
    ShellCallOutputDelta,
    decode,
    encode,
)
from responses_events.build import Relay
from responses_events.lint import lint
from support import CORPUS, needs_corpus
from support.authors import USAGE, begun

_LEFT = frozenset(["item-overlap", "arguments-not-json"])
"""What cannot be mended while the stream goes on, and what follows from pieces that are missing."""

Events = list[dict[str, Any]]


def relayed(events: Events, **settings: Any) -> tuple[Events, Relay]:
    relay = Relay(**settings)
    for event in events:
        relay.feed(event)
    relay.close()
    return [encode(event) for event in relay.take_events()], relay


def without_numbers(events: Events) -> Events:
    return [{name: value for name, value in event.items() if name != "sequence_number"} for event in events]


def said() -> Events:
    """A stream with some of everything."""
    stream = begun()
    with stream.reasoning() as reasoning:
        reasoning.summary("Think")
        reasoning.summary("ing")
    with stream.message() as message:
        message.text("Green ")
        message.text("tea.")
    with stream.function_call(name="brew", call_id="call_1") as call:
        call.arguments('{"kind":')
        call.arguments('"oolong"}')
    stream.web_search_call().close()
    with stream.shell_call_output(call_id="call_2") as output:
        output.delta(command_index=0, delta=ShellCallOutputDelta(stdout="12 "))
        output.delta(command_index=0, delta=ShellCallOutputDelta(stdout="cups"))
        output.done(command_index=0, outcome=FunctionShellCallOutputTimeoutOutcome())
    stream.usage = USAGE
    stream.complete()
    return [encode(event) for event in stream.take_events()]


def test_a_valid_stream_comes_out_as_it_went_in() -> None:
    events = said()
    out, relay = relayed(events)
    assert out == events
    assert relay.mended == []
    assert relay.ended == "completed"


@needs_corpus
def test_recorded_streams_come_out_as_they_went_in() -> None:
    different = []
    clean = 0
    for path in sorted((CORPUS / "streams").glob("*.jsonl")):
        events = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
        if lint(events):
            continue
        clean += 1
        out, _ = relayed(events)
        if without_numbers(out) != without_numbers(events):
            different.append(path.name)
    assert clean > 20
    assert different == []


def dropped(events: Events) -> Iterator[Events]:
    for at in range(len(events)):
        yield events[:at] + events[at + 1 :]


def doubled(events: Events) -> Iterator[Events]:
    for at, event in enumerate(events):
        yield [*events[:at], event, *events[at:]]


def swapped(events: Events) -> Iterator[Events]:
    for at in range(len(events) - 1):
        yield [*events[:at], events[at + 1], events[at], *events[at + 2 :]]


def cut_off(events: Events) -> Iterator[Events]:
    for at in range(1, len(events)):
        yield events[:at]


@pytest.mark.parametrize("broken", [dropped, doubled, swapped, cut_off])
def test_a_stream_with_a_fault_comes_out_valid(broken: Callable[[Events], Iterator[Events]]) -> None:
    for events in broken(said()):
        out, relay = relayed(events)
        left = [each for each in lint(out) if each.rule not in _LEFT]
        assert left == [], json.dumps(events)[:2000]
        assert relay.ended


def test_what_was_mended_is_named() -> None:
    events = [event for event in said() if event["type"] != "response.in_progress"]
    for number, event in enumerate(events):
        event["sequence_number"] = number
    out, relay = relayed(events)
    assert [finding.rule for finding in relay.mended] == ["stream-order"]
    assert out == said()


def test_an_empty_end_is_filled() -> None:
    events = said()
    full = events[-1]["response"]["output"]
    events[-1] = {**events[-1], "response": {**events[-1]["response"], "output": []}}
    out, relay = relayed(events)
    assert out[-1]["response"]["output"] == full
    assert [finding.rule for finding in relay.mended] == ["output-missing"]


def test_a_text_that_comes_whole_is_kept() -> None:
    events = [event for event in said() if "delta" not in event["type"]]
    out, _ = relayed(events)
    assert out[-1]["response"]["output"][1]["content"][0]["text"] == "Green tea."
    assert lint(out) == []


def test_a_filter_cannot_contradict_itself() -> None:
    relay = Relay()
    for each in said():
        event = decode(dict(each))
        if isinstance(event, ResponseTextDeltaEvent):
            event.delta = event.delta.upper()
        relay.feed(event)
    out = [encode(event) for event in relay.take_events()]
    assert lint(out) == []
    assert out[-1]["response"]["output"][1]["content"][0]["text"] == "GREEN TEA."


def test_ids_are_renamed_everywhere() -> None:
    counts = itertools.count()
    out, _ = relayed(said(), ids=lambda prefix: f"{prefix}new{next(counts)}")
    assert lint(out) == []
    ids = {event["item_id"] for event in out if "item_id" in event}
    assert ids
    assert all("new" in each for each in ids)


def test_rotating_ids_come_to_rest() -> None:
    events = said()
    for number, event in enumerate(events):
        if "item_id" in event:
            event["item_id"] = f"id_{number}"
    out, relay = relayed(events)
    assert lint(out) == []
    assert {finding.rule for finding in relay.mended} == {"item-id-differs"}


def moved(events: Events, tag: str, name: str, by: int) -> Events:
    """Give another position to one event."""
    at = next(at for at, event in enumerate(events) if event["type"] == f"response.{tag}")
    return [*events[:at], {**events[at], name: events[at][name] + by}, *events[at + 1 :]]


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("output_item.added", "output_index"),
        ("output_item.done", "output_index"),
        ("output_text.delta", "output_index"),
        ("content_part.added", "content_index"),
        ("content_part.done", "content_index"),
        ("reasoning_summary_part.added", "summary_index"),
    ],
)
@pytest.mark.parametrize("by", [1, -1])
def test_an_event_at_another_position_is_about_what_it_means(tag: str, name: str, by: int) -> None:
    out, relay = relayed(moved(said(), tag, name, by))
    assert out == said()
    assert relay.mended != []


def test_what_is_of_another_kind_is_left_out() -> None:
    events = said()
    for event in events:
        if event["type"] == "response.output_item.added" and event["item"]["type"] == "message":
            event["item"] = {"type": "function_call", "id": event["item"]["id"], "call_id": "c", "name": "n"} | {
                "arguments": "",
                "status": "in_progress",
            }
    out, _ = relayed(events)
    assert lint(out) == []
    assert "content" not in out[-1]["response"]["output"][1]


def test_several_streams_of_a_recording_are_relayed_one_by_one() -> None:
    out, relay = relayed([*said(), *said()])
    assert lint(out) == []
    assert [event["type"] for event in out].count("response.created") == 2
    assert relay.mended == []


def test_a_resumed_stream_goes_on_where_it_was() -> None:
    events = said()
    at = next(at for at, event in enumerate(events) if event["type"] == "response.output_text.delta")
    out, _ = relayed(events[at + 1 :])
    assert out == events[at + 1 :]


def test_a_stream_that_never_was_is_not_made_up() -> None:
    out, relay = relayed([])
    assert out == []
    assert relay.ended == ""
    assert relay.mended == []


@pytest.mark.parametrize("tag", ["keepalive", "response.brand_new"])
def test_a_stream_that_never_began_fails(tag: str) -> None:
    out, relay = relayed([{"type": tag, "sequence_number": 0}])
    assert [event["type"] for event in out] == [tag, "response.created", "response.failed"]
    assert lint(out) == []
    assert relay.ended == "failed"


def test_unknown_events_pass() -> None:
    events = said()
    events.insert(3, {"type": "response.brand_new", "sequence_number": 3, "x": [1]})
    out, _ = relayed(events)
    assert out[3] == {"type": "response.brand_new", "sequence_number": 3, "x": [1]}
    assert [event["sequence_number"] for event in out] == list(range(len(out)))


RUBBISH: list[dict[str, Any]] = [
    {},
    {"type": 5},
    {"type": "response.completed"},
    {"type": "response.output_item.done"},
    {"type": "response.output_item.done", "output_index": "0", "item": 7},
    {"type": "response.output_text.delta", "output_index": [], "content_index": {}, "delta": 5},
    {"type": "response.output_item.added", "output_index": 10**9, "item": {"type": "message", "content": 5}},
]


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_rubbish_does_no_harm(rubbish: dict[str, Any]) -> None:
    events = said()
    events.insert(4, rubbish)
    out, relay = relayed(events)
    assert [each for each in lint(out) if each.rule not in _LEFT] == []
    assert relay.ended
