"""The Realtime API: recorded connections are typed, nothing of them is lost, and deltas amount to the texts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import realtime_client_events as client
import realtime_server_events as server
from realtime_client_events.runtime.typed import gaps as client_gaps
from realtime_server_events.runtime.typed import gaps as server_gaps
from realtime_server_events.stream import Accumulator
from support import CORPUS

SERVER = CORPUS.parent / "others" / "data" / "openai_realtime_server.jsonl"
CLIENT = CORPUS.parent / "others" / "data" / "openai_realtime_client.jsonl"

recorded = pytest.mark.skipif(
    not SERVER.is_file(), reason="there are no recorded connections beside EVENTWRIGHT_CORPUS"
)

Wire = dict[str, Any]


def connections(file: Path) -> Iterator[list[Wire]]:
    """The events of one connection after the other."""
    found: dict[tuple[str, int], list[Wire]] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        found.setdefault((entry["file"], entry["stream"]), []).append(entry["event"])
    yield from found.values()


def fed(wires: list[Wire]) -> Accumulator:
    accumulator = Accumulator()
    for wire in wires:
        accumulator.feed(server.decode(wire))
    return accumulator


def wire_response(accumulator: Accumulator, response_id: str) -> Wire:
    (response,) = [each for each in accumulator.state.responses or [] if each.id == response_id]
    return server.encode(response)


def texts(output: list[Wire]) -> list[tuple[str, list[str]]]:
    """What the items of a response say, by the name of each item: deltas tell it all but the rest."""
    return [
        (
            item["id"],
            [part.get("text") or part.get("transcript") or "" for part in item.get("content") or []]
            or [item.get("arguments", "")],
        )
        for item in output
    ]


def completed(done: Wire, before: list[Wire]) -> Wire:
    """A response as its last event has it, with the contents that xAI leaves out taken from the events about parts."""
    response: Wire = json.loads(json.dumps(done["response"]))
    for item in response["output"]:
        if item["type"] == "message" and "content" not in item:
            item["content"] = [
                {"type": "audio", "transcript": wire["transcript"]}
                for wire in before
                if wire["type"] == "response.output_audio_transcript.done" and wire["item_id"] == item["id"]
            ]
    return response


@recorded
@pytest.mark.parametrize(
    ("file", "package", "gaps"),
    [(SERVER, server, server_gaps), (CLIENT, client, client_gaps)],
    ids=["server", "client"],
)
def test_recorded_events_are_typed(file: Path, package: ModuleType, gaps: Any) -> None:
    reasons: Counter[str] = Counter()
    total = typed = 0
    for wires in connections(file):
        for wire in wires:
            event = package.decode(wire)
            assert package.encode(event) == wire
            found = list(gaps(event))
            reasons.update(f"{gap.kind} {gap.name}" for gap in found)
            total += 1
            typed += not found
    assert total > 80
    assert typed / total >= 0.99, reasons.most_common(10)


@recorded
def test_responses_are_what_their_last_event_says() -> None:
    compared = 0
    for wires in connections(SERVER):
        accumulator = fed(wires)
        for at, wire in enumerate(wires):
            if wire["type"] == "response.done":
                assert wire_response(accumulator, wire["response"]["id"]) == completed(wire, wires[:at])
                compared += 1
    assert compared >= 15


@recorded
def test_deltas_alone_amount_to_the_texts() -> None:
    """Without the events that have texts as a whole, only pieces can make them."""
    compared = 0
    for wires in connections(SERVER):
        pieces = [
            wire
            for wire in wires
            if not wire["type"].startswith("response.") or wire["type"].endswith((".added", ".created", ".delta"))
        ]
        accumulator = fed(pieces)
        for wire in wires:
            if wire["type"] == "response.done":
                built = wire_response(accumulator, wire["response"]["id"])
                assert texts(built["output"]) == texts(wire["response"]["output"])
                compared += 1
    assert compared >= 15


@recorded
def test_conversations_have_their_items_as_last_shown() -> None:
    for wires in connections(SERVER):
        shown: dict[str, Wire] = {}
        heard: dict[str, str] = {}
        for wire in wires:
            if wire["type"].startswith("conversation.item.input_audio_transcription.") and "transcript" in wire:
                heard[wire["item_id"]] = wire["transcript"]
            elif wire["type"].startswith("conversation.item.") and "item" in wire:
                shown[wire["item"]["id"]] = wire["item"]
        items = {item.id: server.encode(item) for item in fed(wires).state.items or []}
        assert list(items) == list(shown)
        for name, item in items.items():
            transcript = heard.get(name)
            if transcript is not None:
                assert item["content"][0]["transcript"] == transcript
            else:
                assert item == shown[name]


def message(**members: Any) -> Wire:
    return {"type": "message", "id": "m", "role": "assistant", "status": "in_progress", **members}


def event(tag: str, **members: Any) -> Wire:
    return {"type": tag, "event_id": "e", **members}


def test_names_of_the_beta_mean_the_same_events() -> None:
    about = {"response_id": "r", "item_id": "m", "output_index": 0, "content_index": 0}
    old = server.decode(event("response.text.delta", **about, delta="Hi"))
    new = server.decode(event("response.output_text.delta", **about, delta="Hi"))
    assert type(old) is type(new) is server.ResponseOutputTextDeltaEvent
    assert server.encode(old)["type"] == "response.text.delta"


@pytest.mark.parametrize("role", ["system", "user", "assistant"])
def test_roles_tell_messages_apart(role: str) -> None:
    added = server.decode(event("conversation.item.added", item=message(role=role, content=[])))
    assert isinstance(added, server.ConversationItemAddedEvent)
    expected = {
        "system": server.SystemMessage,
        "user": server.UserMessage,
        "assistant": server.AssistantMessage,
    }
    assert type(added.item) is expected[role]


def test_a_null_tag_says_that_nobody_finds_the_turns() -> None:
    updated = server.decode(event("session.updated", session={"turn_detection": {"type": None}}))
    assert isinstance(updated, server.SessionUpdatedEvent)
    assert isinstance(updated.session, server.RealtimeSession)
    assert type(updated.session.turn_detection) is server.NoTurnDetection
    assert not server.problems(updated)


def test_sessions_without_a_tag_are_told_by_their_object() -> None:
    untagged: Mapping[str, type[object]] = {
        "realtime.session": server.RealtimeSession,
        "realtime.transcription_session": server.TranscriptionSession,
    }
    for name, expected in untagged.items():
        created = server.decode(event("session.created", session={"object": name}))
        assert isinstance(created, server.SessionCreatedEvent)
        assert type(created.session) is expected


def test_two_items_at_one_position_stay_apart() -> None:
    """xAI counts the items of a response from 0, and never goes on."""
    accumulator = fed(
        [
            event("response.created", response={"id": "r", "output": []}),
            event("response.output_item.added", response_id="r", output_index=0, item=message()),
            event(
                "response.output_audio_transcript.delta",
                response_id="r",
                item_id="m",
                output_index=0,
                content_index=0,
                delta="Let me see.",
            ),
            event(
                "response.output_item.added",
                response_id="r",
                output_index=0,
                item={"type": "function_call", "id": "f", "call_id": "c", "name": "look", "arguments": ""},
            ),
            event("response.function_call_arguments.delta", response_id="r", item_id="f", call_id="c", delta="{}"),
            event("response.output_item.done", response_id="r", output_index=0, item=message(status="completed")),
        ]
    )
    assert texts(wire_response(accumulator, "r")["output"]) == [("m", ["Let me see."]), ("f", ["{}"])]
    assert accumulator.output_transcript == "Let me see."
    assert [call.name for call in accumulator.function_calls] == ["look"]


def test_items_come_and_go() -> None:
    accumulator = fed(
        [
            event("conversation.item.added", item=message(id="a", role="user", content=[{"type": "input_audio"}])),
            event("conversation.item.added", item=message(id="b", content=[])),
            event("conversation.item.input_audio_transcription.delta", item_id="a", content_index=0, delta="Good morn"),
            event(
                "conversation.item.input_audio_transcription.completed",
                item_id="a",
                content_index=0,
                transcript="Good morning",
            ),
            event("conversation.item.deleted", item_id="b"),
        ]
    )
    assert [item.id for item in accumulator.state.items or []] == ["a"]
    assert accumulator.input_transcript == "Good morning"


def test_translations_grow() -> None:
    accumulator = fed(
        [event("session.output_transcript.delta", delta="Good"), event("session.output_transcript.delta", delta=" day")]
    )
    assert accumulator.state.target_transcript == "Good day"
