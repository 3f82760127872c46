"""The lifecycle of AG-UI: what may come in which order within a run, and what of the recordings is believed."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from ag_ui_events.lint import lint
from support import CORPUS

RECORDINGS = CORPUS.parent / "others" / "data" / "ag_ui.jsonl"

Wire = dict[str, Any]


def said(tag: str, **members: Any) -> Wire:
    return {"type": tag, **members}


def text(id: str, *pieces: str, **members: Any) -> list[Wire]:
    return [
        said("TEXT_MESSAGE_START", messageId=id, role="assistant", **members),
        *(said("TEXT_MESSAGE_CONTENT", messageId=id, delta=piece) for piece in pieces),
        said("TEXT_MESSAGE_END", messageId=id),
    ]


def call(id: str, *pieces: str, parent: str | None = None) -> list[Wire]:
    return [
        said("TOOL_CALL_START", toolCallId=id, toolCallName="f", **({"parentMessageId": parent} if parent else {})),
        *(said("TOOL_CALL_ARGS", toolCallId=id, delta=piece) for piece in pieces),
        said("TOOL_CALL_END", toolCallId=id),
    ]


def thought(id: str, *pieces: str) -> list[Wire]:
    return [
        said("REASONING_START", messageId=id),
        said("REASONING_MESSAGE_START", messageId=id, role="reasoning"),
        *(said("REASONING_MESSAGE_CONTENT", messageId=id, delta=piece) for piece in pieces),
        said("REASONING_MESSAGE_END", messageId=id),
        said("REASONING_END", messageId=id),
    ]


def step(name: str, *inner: Wire) -> list[Wire]:
    return [said("STEP_STARTED", stepName=name), *inner, said("STEP_FINISHED", stepName=name)]


def side_by_side(*several: list[Wire]) -> Iterator[Wire]:
    return (event for events in zip(*several, strict=True) for event in events)


BEGIN = said("RUN_STARTED", threadId="t", runId="r")
FINISH = said("RUN_FINISHED", threadId="t", runId="r")
ERROR = said("RUN_ERROR", message="no answer")
RESULT = said("TOOL_CALL_RESULT", toolCallId="c", messageId="m9", content="ok")


def run(*inner: Wire) -> list[Wire]:
    return [BEGIN, *inner, FINISH]


SNAPSHOT = said(
    "MESSAGES_SNAPSHOT",
    messages=[{"id": "x", "role": "user", "content": "hi"}, {"id": "y", "role": "assistant", "content": "Hello!"}],
)

CLEAN: dict[str, list[Wire]] = {
    "nothing": run(),
    "text": run(*text("m", "Hel", "lo")),
    "text of the user": run(said("TEXT_MESSAGE_START", messageId="u", role="user"),
                            said("TEXT_MESSAGE_CONTENT", messageId="u", delta="Hi"),
                            said("TEXT_MESSAGE_END", messageId="u")),
    "texts side by side": run(*side_by_side(text("m", "a", "b"), text("n", "c", "d"))),
    "an empty text": run(*text("m")),
    "a call in a message": run(*text("m", "Hi"), *call("c", '{"a"', ": 1}", parent="m"), RESULT),
    "a call on its own": run(*call("c"), RESULT, *text("n", "It is so.")),
    "calls side by side": run(*side_by_side(call("c", "{}"), call("d", "{}"))),
    "thoughts": run(*thought("r", "The ", "user"), *text("m", "Hi")),
    "sealed thoughts": run(said("REASONING_START", messageId="r"),
                           said("REASONING_ENCRYPTED_VALUE", subtype="message", entityId="r", encryptedValue="x"),
                           said("REASONING_END", messageId="r")),
    "thoughts of old": run(said("THINKING_START"), said("THINKING_TEXT_MESSAGE_START"),
                           said("THINKING_TEXT_MESSAGE_CONTENT", delta="x"), said("THINKING_TEXT_MESSAGE_END"),
                           said("THINKING_END")),
    "steps": run(*step("plan", *text("m", "Hi")), *step("act", *call("c", "{}"), RESULT)),
    "a step that is gone through again": run(*step("plan"), *step("plan")),
    "steps in steps": run(*step("outer", *step("inner"))),
    "chunks": run(said("TEXT_MESSAGE_CHUNK", messageId="m", role="assistant", delta="Hel"),
                  said("TEXT_MESSAGE_CHUNK", delta="lo"),
                  said("TOOL_CALL_CHUNK", toolCallId="c", toolCallName="f", delta="{"),
                  said("TOOL_CALL_CHUNK", delta="}"), said("REASONING_MESSAGE_CHUNK", messageId="r", delta="x")),
    "an activity": run(said("ACTIVITY_SNAPSHOT", messageId="a", activityType="PLAN", content={"tasks": []}),
                       said("ACTIVITY_DELTA", messageId="a", activityType="PLAN",
                            patch=[{"op": "add", "path": "/tasks/-", "value": "x"}]),
                       said("ACTIVITY_SNAPSHOT", messageId="a", activityType="PLAN", content={"tasks": ["x"]})),
    "shared state": run(said("STATE_SNAPSHOT", snapshot={"n": 1}),
                        said("STATE_DELTA", delta=[{"op": "replace", "path": "/n", "value": 2}]),
                        said("STATE_SNAPSHOT", snapshot={"n": 2})),
    "a snapshot of other messages": run(*text("m", "Hel", "lo"), SNAPSHOT, *text("n", "More")),
    "a snapshot that has a text whole": run(
        *text("m", "Hel", "lo"),
        said("MESSAGES_SNAPSHOT", messages=[{"id": "m", "role": "assistant", "content": "Hello"}]), *text("n", "More"),
    ),
    "a subagent": run(said("SUBAGENT_STARTED", subagentRunId="s", name="researcher"),
                      *text("m", "Hi", subagentRunId="s"),
                      said("SUBAGENT_FINISHED", subagentRunId="s", result="x")),
    "a subagent that fails": run(said("SUBAGENT_STARTED", subagentRunId="s", name="researcher"),
                                 said("SUBAGENT_ERROR", subagentRunId="s", message="gone")),
    "an error": [BEGIN, *text("m", "Hel")[:-1], ERROR],
    "an error at once": [ERROR],
    "an error after the end": [BEGIN, FINISH, ERROR],
    "remarks at any time": [said("META", metaType="note", payload={}), *run(said("CUSTOM", name="x"), *text("m", "a")),
                            said("META", metaType="thumbs_up", payload={"messageId": "m"})],
    "a message that is taken up again": run(*text("m", "Hel"), *text("m", "lo")),
    "two runs": [*run(*text("m", "Hi")), *run(*text("n", "Hi"))],
    "an event of a new kind": run(said("BRAND_NEW"), *text("m", "Hi")),
}  # fmt: skip

TEXT = text("m", "Hi")
CALL = call("c", "{}")

BROKEN: dict[str, tuple[list[Wire], list[str]]] = {
    "no start": ([*TEXT, FINISH], ["stream-not-opened"]),
    "two starts": ([BEGIN, *run()], ["stream-opened-twice"]),
    "no end": ([BEGIN, *TEXT], ["stream-truncated"]),
    "more after the end": ([*run(), *TEXT], ["event-after-end"]),
    "an error after an error": ([BEGIN, ERROR, ERROR], ["event-after-end"]),
    "more after an error": ([BEGIN, ERROR, FINISH], ["event-after-end"]),
    "content without a start": (run(*TEXT[1:]), ["message-not-opened"]),
    "an end without a start": (run(TEXT[-1]), ["message-not-opened"]),
    "a start that comes twice": (run(TEXT[0], *TEXT), ["message-opened-twice"]),
    "content after the end": (run(*TEXT, TEXT[1]), ["message-closed"]),
    "a message that goes on": (run(*TEXT[:-1]), ["message-left-open"]),
    "arguments without a start": (run(*CALL[1:]), ["tool-call-not-opened"]),
    "arguments after the end": (run(*CALL, CALL[1]), ["tool-call-closed"]),
    "a call that goes on": (run(*CALL[:-1]), ["tool-call-left-open"]),
    "a step that never began": (run(step("plan")[1]), ["step-not-opened"]),
    "a step that is gone through again and goes on": (run(*step("plan"), step("plan")[0]), ["step-left-open"]),
    "a step that is begun again before it ends": (run(*step("a", *step("a"))), ["step-opened-twice"]),
    "a step that goes on": (run(step("plan")[0]), ["step-left-open"]),
    "thoughts that go on": (run(thought("r")[0]), ["reasoning-left-open"]),
    "a message of thoughts that goes on": (run(*thought("r", "x")[:3], thought("r")[-1]),
                                           ["reasoning-message-left-open"]),
    "a subagent that goes on": (run(said("SUBAGENT_STARTED", subagentRunId="s", name="n")), ["subagent-run-left-open"]),
}  # fmt: skip


def rules(events: list[Wire]) -> list[str]:
    return [finding.rule for finding in lint(events)]


@pytest.mark.parametrize("name", CLEAN)
def test_a_run_that_is_as_it_should_be_is_clean(name: str) -> None:
    assert lint(CLEAN[name]) == []


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_named(name: str) -> None:
    events, expected = BROKEN[name]
    assert rules(events) == expected


@pytest.mark.skipif(not RECORDINGS.is_file(), reason=f"there is no {RECORDINGS.name} beside the corpus")
def test_recorded_streams_are_clean() -> None:
    streams: dict[str, list[Wire]] = defaultdict(list)
    for line in RECORDINGS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["kind"] == "recorded":
            streams[f"{row['file']} {row['stream']}"].append(row["event"])
    assert len(streams) >= 10
    assert {name: rules(events) for name, events in streams.items() if lint(events)} == {}
