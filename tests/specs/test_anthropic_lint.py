"""The lifecycle of the Messages API: streams of all kinds are clean, and broken ones are named."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

import pytest

from anthropic_events.lint import lint
from support import CORPUS

RECORDINGS = CORPUS.parent / "others" / "data" / "anthropic_messages.jsonl"

Wire = dict[str, Any]

PING: Wire = {"type": "ping"}
STOP: Wire = {"type": "message_stop"}
ERROR: Wire = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
RESULT: Wire = {
    "type": "web_search_tool_result",
    "tool_use_id": "srvtoolu_1",
    "content": [{"type": "web_search_result", "url": "https://x.test", "title": "X", "encrypted_content": "e"}],
}
CITATION: Wire = {
    "type": "web_search_result_location",
    "cited_text": "c",
    "encrypted_index": "i",
    "title": "X",
    "url": "https://x.test",
}


def start(*content: Wire, number: int = 1, **members: Any) -> Wire:
    message = {
        "id": f"msg_{number}", "type": "message", "role": "assistant", "model": "m", "content": list(content),
        "stop_reason": None, "stop_sequence": None, "usage": {"input_tokens": 1, "output_tokens": 1},
    }  # fmt: skip
    return {"type": "message_start", "message": message | members}


def ended(reason: str = "end_turn", **members: Any) -> Wire:
    delta = {"stop_reason": reason, "stop_sequence": None}
    return {"type": "message_delta", "delta": delta, "usage": {"output_tokens": 9}} | members


def opened(index: int, block: Wire) -> Wire:
    return {"type": "content_block_start", "index": index, "content_block": block}


def grown(index: int, kind: str, **delta: Any) -> Wire:
    return {"type": "content_block_delta", "index": index, "delta": {"type": kind, **delta}}


def closed(index: int) -> Wire:
    return {"type": "content_block_stop", "index": index}


def text(index: int, *pieces: str, citations: tuple[Wire, ...] = ()) -> list[Wire]:
    return [
        opened(index, {"type": "text", "text": ""} | ({"citations": []} if citations else {})),
        *(grown(index, "citations_delta", citation=citation) for citation in citations),
        *(grown(index, "text_delta", text=piece) for piece in pieces),
        closed(index),
    ]


def thinking(index: int, *pieces: str) -> list[Wire]:
    return [
        opened(index, {"type": "thinking", "thinking": "", "signature": ""}),
        *(grown(index, "thinking_delta", thinking=piece) for piece in pieces),
        grown(index, "signature_delta", signature="sealed"),
        closed(index),
    ]


def call(index: int, *pieces: str, kind: str = "tool_use", name: str = "f", **members: Any) -> list[Wire]:
    prefix = {"tool_use": "toolu", "server_tool_use": "srvtoolu", "mcp_tool_use": "mcptoolu"}[kind]
    return [
        opened(index, {"type": kind, "id": f"{prefix}_{index}", "name": name, "input": {}} | members),
        *(grown(index, "input_json_delta", partial_json=piece) for piece in pieces),
        closed(index),
    ]


def whole(index: int, block: Wire) -> list[Wire]:
    return [opened(index, block), closed(index)]


CLEAN: dict[str, list[Wire]] = {
    "text": [start(), *text(0, "Hel", "lo"), ended(), STOP],
    "nothing": [start(), ended(), STOP],
    "empty text": [start(), *text(0), ended(), STOP],
    "thoughts": [start(), *thinking(0, "The ", "user"), *text(1, "Hi"), ended(), STOP],
    "thoughts left out": [start(), *thinking(0, ""), *text(1, "Hi"), ended(), STOP],
    "sealed thoughts": [start(), *whole(0, {"type": "redacted_thinking", "data": "x"}), *text(1, "Hi"), ended(), STOP],
    "a call": [start(), *call(0, "", '{"a"', ": 1}"), ended("tool_use"), STOP],
    "a call without arguments": [start(), *call(0), ended("tool_use"), STOP],
    "a call in one piece": [start(), *whole(0, {"type": "tool_use", "id": "t", "name": "f", "input": {"a": 1}}),
                            ended("tool_use"), STOP],
    "two calls": [start(), *text(0, "Hi"), *call(1, '{"a": 1}'), *call(2, '{"a": 2}'), ended("tool_use"), STOP],
    "a call that is cut off": [start(), *call(0, '{"a": "b'), ended("max_tokens"), STOP],
    "a search, and what it found": [
        start(), *call(0, "", '{"query": "x"}', kind="server_tool_use", name="web_search"),
        *whole(1, RESULT), *text(2, "It ", "is so.", citations=(CITATION, CITATION)), ended(), STOP,
    ],
    "a search that failed": [
        start(), *call(0, '{"query": "x"}', kind="server_tool_use", name="web_search"),
        *whole(1, RESULT | {"content": {"type": "web_search_tool_result_error", "error_code": "unavailable"}}),
        ended("pause_turn"), STOP,
    ],
    "a tool of an MCP server": [
        start(), *call(0, '{"a": 1}', kind="mcp_tool_use", server_name="s"),
        *whole(1, {"type": "mcp_tool_result", "tool_use_id": "mcptoolu_0", "is_error": False, "content": []}),
        *text(2, "Done."), ended(), STOP,
    ],
    "a compaction": [
        start(), opened(0, {"type": "compaction", "content": None}),
        grown(0, "compaction_delta", content="What was said."), closed(0), *text(1, "Hi"), ended(), STOP,
    ],
    "a fallback": [
        start(), *whole(0, {"type": "fallback", "from": {"model": "m"}, "to": {"model": "n"}}), *text(1, "Hi"),
        ended(), STOP,
    ],
    "pings": [PING, start(), PING, *text(0, "Hel"), PING, opened(1, {"type": "text", "text": ""}), PING,
              grown(1, "text_delta", text="lo"), PING, closed(1), PING, ended(), PING, STOP],
    "an error at once": [ERROR],
    "an answer behind a request that was refused": [ERROR, start(), ended(), STOP],
    "an error after the start": [start(), ERROR],
    "an error in a block": [start(), *text(0, "Hel")[:-1], ERROR],
    "a refusal": [start(), ended("refusal"), STOP],
    "a refusal in a text": [start(), *text(0, "How to"), ended("refusal"), STOP],
    "the end of what may be said": [start(), *text(0, "Hel"), ended("max_tokens"), STOP],
    "several reports": [start(), *text(0, "Hi"), ended(), ended(), STOP],
    "an answer that is there at once": [
        start({"type": "tool_use", "id": "t", "name": "f", "input": {"a": 1}}, stop_reason="tool_use"), STOP,
    ],
    "a text that is there at once": [start({"type": "text", "text": "Hello"}, stop_reason="end_turn"), STOP],
    "two answers in one recording": [
        start(), *text(0, "Hi"), ended(), STOP, start(number=2), *text(0, "Hi"), ended(), STOP,
    ],
    "a block of a new kind": [
        start(), opened(0, {"type": "brand_new"}), grown(0, "brand_new_delta", piece="x"), closed(0),
        *text(1, "Hi"), ended(), STOP,
    ],
    "a delta of a new kind": [
        start(), opened(0, {"type": "text", "text": ""}), grown(0, "brand_new_delta", piece="x"), closed(0),
        ended(), STOP,
    ],
    "an event of a new kind": [start(), {"type": "brand_new"}, *text(0, "Hi"), ended(), STOP],
}  # fmt: skip

HI = text(0, "Hi")

BROKEN: dict[str, tuple[list[Wire], list[str]]] = {
    "no start": ([*HI, ended(), STOP], ["stream-not-opened"]),
    "two starts": ([start(), start(), *HI, ended(), STOP], ["stream-opened-twice"]),
    "a spliced stream": ([start(), *HI, start(number=2), *HI, ended(), STOP], ["stream-opened-twice"]),
    "a delta without a block": ([start(), grown(0, "text_delta", text="Hi"), ended(), STOP], ["block-not-opened"]),
    "a block that goes on": ([start(), *HI[:-1], ended(), STOP], ["block-left-open"]),
    "a block that begins twice": ([start(), HI[0], *HI, ended(), STOP], ["block-opened-twice"]),
    "a block that ends twice": ([start(), *HI, closed(0), ended(), STOP], ["block-closed"]),
    "a delta that is late": ([start(), *HI, HI[1], ended(), STOP], ["block-closed"]),
    "a gap": ([start(), *HI, *text(2, "Hi"), ended(), STOP], ["block-index-gap"]),
    "no end": ([start(), *HI, ended()], ["stream-truncated"]),
    "more after the end": ([start(), *HI, ended(), STOP, ended()], ["event-after-end"]),
    "a block after the report": ([start(), ended(), *HI, STOP], ["stream-order"]),
    "a delta for sealed thoughts": (
        [start(), opened(0, {"type": "redacted_thinking", "data": "x"}), HI[1], closed(0), ended(), STOP],
        ["block-wrong-type"],
    ),
    "text for a call": ([start(), call(0)[0], HI[1], closed(0), ended(), STOP], ["block-wrong-type"]),
    "arguments for a text": ([start(), HI[0], call(0, "{}")[1], HI[1], closed(0), ended(), STOP], ["block-wrong-type"]),
    "no report": ([start(), *HI, STOP], ["stream-order"]),
    "no usage": ([start(usage=None), *HI, ended(), STOP], ["message-start-usage"]),
    "no usage at the end": ([start(), *HI, ended(usage=None), STOP], ["message-delta-usage"]),
}


def rules(events: list[Wire]) -> list[str]:
    return [finding.rule for finding in lint(events)]


@pytest.mark.parametrize("name", CLEAN)
def test_a_stream_that_is_as_it_should_be_is_clean(name: str) -> None:
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
        streams[f"{row['file']} {row['stream']}"].append(row["event"])
    assert len(streams) > 20
    assert {name: rules(events) for name, events in streams.items() if lint(events)} == {}
