"""The Messages API: recorded streams are typed, nothing of them is lost, and the message they build up is right."""

from __future__ import annotations

import copy
import json
from collections import Counter, defaultdict
from typing import Any

import pytest

from anthropic_events import ErrorEvent, UnknownVariant, decode, encode, problems
from anthropic_events.runtime.typed import gaps
from anthropic_events.stream import Accumulator
from support import CORPUS

RECORDINGS = CORPUS.parent / "others" / "data" / "anthropic_messages.jsonl"

needs_recordings = pytest.mark.skipif(
    not RECORDINGS.is_file(), reason=f"there is no {RECORDINGS.name} beside the corpus"
)

Wire = dict[str, Any]

APPENDED = {"text_delta": "text", "thinking_delta": "thinking"}
REPLACED = {"signature_delta": ("signature",), "compaction_delta": ("content", "encrypted_content")}

CITED = {
    "type": "page_location", "cited_text": "c", "document_index": 0, "document_title": None, "start_page_number": 1,
    "end_page_number": 2,
}  # fmt: skip


def streams() -> dict[str, list[Wire]]:
    found: dict[str, list[Wire]] = defaultdict(list)
    for line in RECORDINGS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found[f"{row['file']} {row['stream']}"].append(row["event"])
    return found


def fed(*wires: Wire) -> Accumulator:
    accumulator = Accumulator()
    for wire in wires:
        accumulator.feed(decode(wire))
    return accumulator


def message(*wires: Wire) -> Any:
    return encode(fed(*wires).state)


def merge(target: Wire, source: Wire) -> None:
    target.update({name: value for name, value in source.items() if value is not None or name not in target})


def grow(block: Wire, delta: Wire, pieces: list[str]) -> None:
    kind = delta["type"]
    if kind in APPENDED:
        block[APPENDED[kind]] += delta[APPENDED[kind]]
    elif kind in REPLACED:
        block.update({name: delta[name] for name in REPLACED[kind] if delta.get(name) is not None})
    elif kind == "citations_delta":
        block["citations"] = [*(block.get("citations") or ()), delta["citation"]]
    else:
        pieces.append(delta["partial_json"])


def expected(wires: list[Wire]) -> Wire:
    """What the events say of the last message of a stream, put together by hand."""
    built: Wire = {}
    pieces: dict[int, list[str]] = {}
    for wire in copy.deepcopy(wires):
        match wire["type"]:
            case "message_start":
                built, pieces = wire["message"], defaultdict(list)
            case "content_block_start":
                block = wire["content_block"]
                built["content"].append(block)
                built["model"] = block.get("to", built)["model"]
            case "content_block_delta":
                grow(built["content"][wire["index"]], wire["delta"], pieces[wire["index"]])
            case "content_block_stop":
                if arguments := "".join(pieces[wire["index"]]):
                    built["content"][wire["index"]]["input"] = json.loads(arguments)
            case "message_delta":
                merge(built, wire["delta"])
                merge(built["usage"], wire["usage"])
                merge(built, {name: wire[name] for name in ("context_management",) if wire.get(name)})
    return built


@needs_recordings
def test_nothing_is_lost() -> None:
    for wires in streams().values():
        for wire in wires:
            assert encode(decode(wire)) == wire


@needs_recordings
def test_recordings_are_typed() -> None:
    found = [list(gaps(decode(wire))) for wires in streams().values() for wire in wires]
    reasons = Counter(f"{gap.kind} {gap.name}" for each in found for gap in each)
    assert sum(not each for each in found) / len(found) >= 0.99, reasons.most_common(10)


@needs_recordings
def test_messages_are_what_the_events_say() -> None:
    for name, wires in streams().items():
        accumulator = fed(*wires)
        assert encode(accumulator.state) == expected(wires), name
        assert not accumulator.mended, name


def start(**members: Any) -> Wire:
    return {
        "type": "message_start",
        "message": {
            "id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": [], "stop_reason": None,
            "stop_sequence": None, "usage": {"input_tokens": 7, "output_tokens": 1}, **members,
        },
    }  # fmt: skip


def block(index: int, kind: str, **members: Any) -> Wire:
    return {"type": "content_block_start", "index": index, "content_block": {"type": kind, **members}}


def delta(index: int, kind: str, **members: Any) -> Wire:
    return {"type": "content_block_delta", "index": index, "delta": {"type": kind, **members}}


def text(index: int, piece: str) -> Wire:
    return delta(index, "text_delta", text=piece)


def arguments(index: int, piece: str) -> Wire:
    return delta(index, "input_json_delta", partial_json=piece)


def stop(usage: Wire, **members: Any) -> Wire:
    return {"type": "message_delta", "delta": {"stop_reason": "end_turn", **members}, "usage": usage}


@pytest.mark.parametrize(
    ("kind", "members"), [("tool_use", {}), ("server_tool_use", {}), ("mcp_tool_use", {"server_name": "s"})]
)
def test_arguments_can_be_read_while_they_come(kind: str, members: Wire) -> None:
    begun = (start(), block(0, kind, id="t", name="f", input={}, **members), arguments(0, ""))
    assert message(*begun)["content"][0]["input"] == {}
    half = (*begun, arguments(0, '{"city": "Ham'))
    assert message(*half)["content"][0]["input"] == {"city": "Ham"}
    whole = fed(*half, arguments(0, 'burg"}'))
    assert encode(whole.state)["content"][0]["input"] == {"city": "Hamburg"}
    assert not whole.mended


def test_blocks_grow_side_by_side() -> None:
    begun = (start(), block(0, "text", text=""), block(1, "text", text=""))
    assert [each["text"] for each in message(*begun, text(1, "b"), text(0, "a"), text(1, "B"))["content"]] == [
        "a",
        "bB",
    ]


def test_citations_are_added_whether_the_block_had_a_list_or_not() -> None:
    for members in ({}, {"citations": None}, {"citations": []}):
        begun = (start(), block(0, "text", text="", **members))
        found = message(*begun, *[delta(0, "citations_delta", citation=CITED)] * 2)
        assert found["content"][0]["citations"] == [CITED, CITED]


def test_a_citation_of_a_new_kind_is_kept() -> None:
    cited = {"type": "star_location", "star": "Vega"}
    wire = delta(0, "citations_delta", citation=cited)
    assert isinstance(decode(wire).delta.citation, UnknownVariant)
    assert message(start(), block(0, "text", text=""), wire)["content"][0]["citations"] == [cited]


def test_what_ends_a_message_takes_the_place_of_what_began_it() -> None:
    ended = stop({"input_tokens": None, "output_tokens": 9, "new_tokens": 3}, stop_sequence=None, container=None)
    found = message(start(), ended)
    assert found["stop_reason"] == "end_turn"
    assert found["usage"] == {"input_tokens": 7, "output_tokens": 9, "new_tokens": 3}


def test_a_fallback_names_the_model_of_the_message() -> None:
    fallback = block(0, "fallback", **{"from": {"model": "m"}, "to": {"model": "n"}})
    assert message(start(), fallback)["model"] == "n"


def test_transformations_of_the_input_are_those_of_the_model_that_took_over() -> None:
    dropped = {"type": "thinking_dropped", "path": "messages.1.content.0", "reason": "model_binding_mismatch"}
    begun = start(input_transformations=[])
    assert message(begun, stop({"output_tokens": 1}))["input_transformations"] == []
    took_over = stop({"output_tokens": 1}) | {"input_transformations": [dropped]}
    assert message(begun, took_over)["input_transformations"] == [dropped]


def test_a_second_message_is_a_state_of_its_own() -> None:
    first = (start(), block(0, "text", text=""), text(0, "a"), {"type": "message_stop"})
    second = start(id="msg_2", content=[{"type": "text", "text": "b"}])
    assert message(*first, second, {"type": "message_stop"})["content"] == [{"type": "text", "text": "b"}]


@pytest.mark.parametrize("kind", ["overloaded_error", "error_of_a_new_kind"])
def test_an_error_ends_the_stream_whatever_its_kind(kind: str) -> None:
    wire = {"type": "error", "error": {"type": kind, "message": "no", "details": None}, "request_id": "req_1"}
    event = decode(wire)
    assert isinstance(event, ErrorEvent)
    assert event.error.type == kind
    assert list(problems(wire)) == []
    end = fed(start(), wire).end
    assert end is not None and end.error is not None
    assert (end.kind, end.error.code, end.error.message) == ("error", kind, "no")


def test_a_stream_without_its_end_has_not_completed() -> None:
    accumulator = fed(start(), block(0, "text", text=""), text(0, "a"), stop({"output_tokens": 1}))
    assert accumulator.end is None
    accumulator.feed(decode({"type": "message_stop"}))
    assert accumulator.end is not None
    assert accumulator.end.kind == "completed"


def test_readings() -> None:
    accumulator = fed(
        start(),
        block(0, "thinking", thinking="", signature=""),
        delta(0, "thinking_delta", thinking="Hm"),
        delta(0, "signature_delta", signature="s"),
        block(1, "text", text=""),
        text(1, "Hel"),
        delta(1, "citations_delta", citation=CITED),
        block(2, "server_tool_use", id="u", name="web_search", input={}),
        block(3, "text", text=""),
        text(3, "lo"),
        block(4, "tool_use", id="t", name="f", input={}),
        block(5, "mcp_tool_use", id="v", name="g", server_name="s", input={}),
    )
    assert (accumulator.text, accumulator.thinking) == ("Hello", "Hm")
    assert [encode(each) for each in accumulator.citations] == [CITED]
    calls = (accumulator.tool_uses, accumulator.server_tool_uses, accumulator.mcp_tool_uses)
    assert [[each.id for each in kind] for kind in calls] == [["t"], ["u"], ["v"]]
