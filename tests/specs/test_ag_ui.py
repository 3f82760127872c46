"""Streams of AG-UI: nothing lost, nearly everything typed, and the conversation built up as the protocol wants it."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import pytest

from ag_ui_events import AssistantMessage, BinaryPart, RunInterrupt, ToolMessage, UserMessage, decode, encode, problems
from ag_ui_events.runtime.typed import gaps
from ag_ui_events.stream import Accumulator
from support import CORPUS

RECORDINGS = CORPUS.parent / "others" / "data" / "ag_ui.jsonl"

needs_recordings = pytest.mark.skipif(
    not RECORDINGS.is_file(), reason=f"there is no {RECORDINGS.name} beside EVENTWRIGHT_CORPUS"
)

Wire = dict[str, Any]


def streams(*kinds: str) -> list[list[Wire]]:
    """The events of each stream; `recorded` ones, or what people have `handwritten` as samples."""
    found: dict[tuple[str, int], list[Wire]] = defaultdict(list)
    for line in RECORDINGS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["kind"] in kinds:
            found[row["file"], row["stream"]].append(row["event"])
    return list(found.values())


def fed(wires: Sequence[Wire]) -> Accumulator:
    accumulator = Accumulator()
    for wire in wires:
        accumulator.feed(decode(wire))
    return accumulator


def messages(wires: Sequence[Wire]) -> list[Wire]:
    """The conversation that the accumulator has built, as it would be on the wire."""
    found: list[Wire] = encode(fed(wires).state).get("messages", [])
    return found


def conversation(wires: Sequence[Wire]) -> list[Wire]:
    """The conversation put together by hand."""
    built: dict[tuple[str, str], Wire] = {}
    calls: dict[str, Wire] = {}
    for wire in wires:
        match wire["type"]:
            case "TEXT_MESSAGE_START" | "REASONING_MESSAGE_START":
                role = wire.get("role", "assistant")
                built["said", wire["messageId"]] = {"id": wire["messageId"], "role": role, "content": ""}
            case "TEXT_MESSAGE_CONTENT" | "REASONING_MESSAGE_CONTENT":
                built["said", wire["messageId"]]["content"] += wire["delta"]
            case "TOOL_CALL_START":
                parent = wire.get("parentMessageId") or wire["toolCallId"]
                call = {
                    "id": wire["toolCallId"],
                    "type": "function",
                    "function": {"name": wire["toolCallName"], "arguments": ""},
                }
                calls[call["id"]] = call
                message = built.setdefault(("said", parent), {"id": parent, "role": "assistant"})
                message.setdefault("toolCalls", []).append(call)
            case "TOOL_CALL_ARGS":
                calls[wire["toolCallId"]]["function"]["arguments"] += wire["delta"]
            case "TOOL_CALL_RESULT":
                result = {"id": wire["messageId"], "role": "tool", "toolCallId": wire["toolCallId"]}
                built["result", wire["toolCallId"]] = {**result, "content": wire["content"]}
    return list(built.values())


@needs_recordings
def test_nothing_is_lost() -> None:
    for wires in streams("recorded", "handwritten"):
        for wire in wires:
            assert encode(decode(wire)) == wire


@needs_recordings
def test_recordings_are_typed() -> None:
    """Samples that are there to have members of the future are left out."""
    wires = [wire for wires in streams("recorded", "handwritten") for wire in wires if "future" not in str(wire)]
    found = [list(gaps(decode(wire))) for wire in wires]
    reasons = Counter(f"{gap.kind} {gap.name}" for each in found for gap in each)
    assert len(found) > 600
    assert sum(not each for each in found) / len(found) >= 0.99, reasons.most_common(10)


@needs_recordings
def test_recordings_build_the_conversation() -> None:
    compared = 0
    for wires in streams("recorded"):
        accumulator = fed(wires)
        assert encode(accumulator.state).get("messages", []) == conversation(wires)
        assert not accumulator.mended
        assert accumulator.end is not None
        assert accumulator.end.kind == "completed"
        compared += 1
    assert compared >= 10


def test_a_call_without_a_message_gets_one_of_its_own() -> None:
    start = {"type": "TOOL_CALL_START", "toolCallName": "f"}
    say = [{"type": "TEXT_MESSAGE_START", "messageId": "m1"}, {"type": "TEXT_MESSAGE_END", "messageId": "m1"}]
    for missing in ({}, {"parentMessageId": ""}, {"parentMessageId": None}):
        call, other = ({**start, **missing, "toolCallId": name} for name in ("c1", "c2"))
        wires = [*say, call, other, {"type": "TOOL_CALL_ARGS", "toolCallId": "c1", "delta": "{}"}]
        assert [(each["id"], len(each.get("toolCalls", []))) for each in messages(wires)] == [
            ("m1", 0),
            ("c1", 1),
            ("c2", 1),
        ]
        assert messages(wires)[1]["toolCalls"][0]["function"] == {"name": "f", "arguments": "{}"}


def test_a_result_may_have_the_id_of_the_message_that_it_answers() -> None:
    wires = [
        {"type": "TOOL_CALL_START", "toolCallId": "c1", "toolCallName": "f"},
        {"type": "TOOL_CALL_RESULT", "messageId": "c1", "toolCallId": "c1", "content": "done"},
        {"type": "TOOL_CALL_ARGS", "toolCallId": "c1", "delta": "{}"},
    ]
    call, result = fed(wires).state.messages or []
    assert isinstance(call, AssistantMessage)
    assert isinstance(result, ToolMessage)
    assert (result.id, result.content) == ("c1", "done")


def test_a_message_belongs_to_whom_its_beginning_says() -> None:
    for role, content in (("user", "Hi"), ("system", "Be brief."), ("developer", "Be kind.")):
        wires = [
            {"type": "TEXT_MESSAGE_START", "messageId": "m1", "role": role},
            {"type": "TEXT_MESSAGE_CONTENT", "messageId": "m1", "delta": content},
            {"type": "TEXT_MESSAGE_END", "messageId": "m1", "metadata": {"why": "stop"}},
        ]
        assert messages(wires) == [{"id": "m1", "role": role, "content": content, "metadata": {"why": "stop"}}]
        assert not fed(wires).mended


def test_chunks_go_on_with_what_the_first_one_names() -> None:
    wires = [
        {"type": "TEXT_MESSAGE_CHUNK", "messageId": "m1", "role": "user", "delta": "How "},
        {"type": "TEXT_MESSAGE_CHUNK", "delta": "warm?"},
        {"type": "REASONING_MESSAGE_CHUNK", "messageId": "r1", "delta": "Let "},
        {"type": "REASONING_MESSAGE_CHUNK", "delta": "me see."},
        {"type": "TEXT_MESSAGE_CHUNK", "messageId": "m2", "delta": "I "},
        {"type": "TEXT_MESSAGE_CHUNK", "messageId": "m2", "delta": "look."},
        {"type": "TOOL_CALL_CHUNK", "toolCallId": "c1", "toolCallName": "f", "parentMessageId": "m2", "delta": '{"a"'},
        {"type": "TOOL_CALL_CHUNK", "delta": ":1}"},
        {"type": "TOOL_CALL_CHUNK", "toolCallId": "c2", "toolCallName": "g", "parentMessageId": "m2"},
        {"type": "TOOL_CALL_CHUNK", "delta": "{}"},
    ]
    accumulator = fed(wires)
    assert [each["content"] for each in messages(wires)] == ["How warm?", "Let me see.", "I look."]
    assert [each["role"] for each in messages(wires)] == ["user", "reasoning", "assistant"]
    assert [each["function"] for each in messages(wires)[2]["toolCalls"]] == [
        {"name": "f", "arguments": '{"a":1}'},
        {"name": "g", "arguments": "{}"},
    ]
    assert accumulator.text == "I look."
    assert accumulator.reasoning == "Let me see."
    assert [call.function.name for call in accumulator.tool_calls] == ["f", "g"]
    assert not accumulator.mended


def test_a_snapshot_takes_the_place_of_what_was_streamed() -> None:
    wires = [
        {"type": "TEXT_MESSAGE_START", "messageId": "streamed"},
        {"type": "TEXT_MESSAGE_CONTENT", "messageId": "streamed", "delta": "Warm"},
        {"type": "TEXT_MESSAGE_END", "messageId": "streamed"},
        {"type": "MESSAGES_SNAPSHOT", "messages": [{"id": "kept", "role": "assistant", "content": "Warm"}]},
        {"type": "TEXT_MESSAGE_CONTENT", "messageId": "kept", "delta": " and dry"},
    ]
    assert messages(wires[:4]) == wires[3]["messages"]
    assert messages(wires) == [{"id": "kept", "role": "assistant", "content": "Warm and dry"}]


def test_sealed_values_go_where_they_belong() -> None:
    wires = [
        {"type": "REASONING_MESSAGE_START", "messageId": "r1", "role": "reasoning"},
        {"type": "TOOL_CALL_START", "toolCallId": "c1", "toolCallName": "f", "parentMessageId": "m1"},
        {"type": "REASONING_ENCRYPTED_VALUE", "subtype": "message", "entityId": "r1", "encryptedValue": "a"},
        {"type": "REASONING_ENCRYPTED_VALUE", "subtype": "message", "entityId": "m1", "encryptedValue": "b"},
        {"type": "REASONING_ENCRYPTED_VALUE", "subtype": "tool-call", "entityId": "c1", "encryptedValue": "c"},
    ]
    thought, message = messages(wires)
    assert (thought["encryptedValue"], message["encryptedValue"]) == ("a", "b")
    assert message["toolCalls"][0]["encryptedValue"] == "c"


def test_patches_are_kept_beside_the_snapshot_that_they_change() -> None:
    patch = [{"op": "add", "path": "/n", "value": None}, {"op": "move", "from": "/a", "path": "/b"}]
    wires: list[Wire] = [
        {"type": "STATE_SNAPSHOT", "snapshot": {"a": 1}},
        {"type": "STATE_DELTA", "delta": patch[:1]},
        {"type": "STATE_DELTA", "delta": patch[1:]},
        {"type": "ACTIVITY_SNAPSHOT", "messageId": "m1", "activityType": "PLAN", "content": {"a": 1}},
        {"type": "ACTIVITY_DELTA", "messageId": "m1", "activityType": "PLAN", "patch": patch},
    ]
    assert encode(fed(wires).state) == {
        "messages": [{"id": "m1", "role": "activity", "activityType": "PLAN", "content": {"a": 1}}],
        "sharedState": {"a": 1},
        "sharedStatePatch": patch,
        "activityPatches": [{"messageId": "m1", "patch": patch}],
    }
    wires += [{"type": "STATE_SNAPSHOT", "snapshot": {"b": 1}}, {**wires[3], "content": {"b": 1}}]
    accumulator = fed(wires)
    assert accumulator.state.sharedStatePatch is None
    assert [each.patch for each in accumulator.state.activityPatches or []] == [None]
    assert not accumulator.mended


def test_steps_and_subagents_are_known_by_their_names() -> None:
    wires = [
        {"type": "STEP_STARTED", "stepName": "plan"},
        {"type": "SUBAGENT_STARTED", "subagentRunId": "s1", "name": "searcher", "parentToolCallId": "c1"},
        {"type": "SUBAGENT_STARTED", "subagentRunId": "s2", "name": "searcher"},
        {"type": "SUBAGENT_ERROR", "subagentRunId": "s1", "message": "no net"},
        {"type": "SUBAGENT_FINISHED", "subagentRunId": "s2", "outcome": {"type": "success"}, "result": 1},
        {"type": "STEP_FINISHED", "stepName": "plan"},
    ]
    state = encode(fed(wires).state)
    assert state["steps"] == [{"stepName": "plan", "status": "finished"}]
    assert [each["status"] for each in state["subagentRuns"]] == ["failed", "finished"]


def test_a_run_that_follows_another_begins_without_its_outcome() -> None:
    wires: list[Wire] = [
        {"type": "RUN_STARTED", "threadId": "t", "runId": "r1"},
        {"type": "TEXT_MESSAGE_START", "messageId": "m1"},
        {
            "type": "RUN_FINISHED",
            "threadId": "t",
            "runId": "r1",
            "outcome": {"type": "interrupt", "interrupts": [{"id": "i1", "reason": "tool_call"}]},
        },
    ]
    state = fed(wires).state
    assert isinstance(state.outcome, RunInterrupt)
    state = fed([*wires, {"type": "RUN_STARTED", "threadId": "t", "runId": "r2"}]).state
    assert (state.runId, state.outcome, len(state.messages or [])) == ("r2", None, 1)


def test_messages_of_the_input_join_the_conversation() -> None:
    def begun(run: str, *told: Wire) -> Wire:
        ids = {"threadId": "t", "runId": run}
        return {"type": "RUN_STARTED", **ids, "input": {**ids, "messages": list(told), "tools": [], "context": []}}

    question = {"id": "m1", "role": "user", "content": "How warm?"}
    result = {"id": "m3", "role": "tool", "toolCallId": "c1", "content": "24"}
    wires = [
        begun("r1", question),
        {"type": "TOOL_CALL_START", "toolCallId": "c1", "toolCallName": "f", "parentMessageId": "m2"},
        {"type": "TOOL_CALL_ARGS", "toolCallId": "c1", "delta": "{}"},
    ]
    assert messages(wires)[0] == question
    *_, call = messages(wires)
    for told in ([result], [question, call, result]):
        assert messages([*wires, begun("r2", *told)]) == [question, call, result]


def test_what_failed_is_said() -> None:
    accumulator = fed([{"type": "RUN_ERROR", "message": "no luck", "code": "LUCK"}])
    assert accumulator.end is not None
    assert accumulator.end.error is not None
    assert (accumulator.end.kind, *accumulator.end.error[:2]) == ("error", "LUCK", "no luck")


def test_parts_of_before_version_1_are_known() -> None:
    part = {"type": "binary", "mimeType": "image/png", "url": "https://example.com/a.png"}
    wire = {"type": "MESSAGES_SNAPSHOT", "messages": [{"id": "m1", "role": "user", "content": [part]}]}
    assert not problems(wire)
    (message,) = fed([wire]).state.messages or []
    assert isinstance(message, UserMessage)
    assert isinstance(message.content, list)
    assert isinstance(message.content[0], BinaryPart)
