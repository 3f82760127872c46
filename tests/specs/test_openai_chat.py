"""Recorded streams of Chat Completions: nothing lost, nearly everything typed, and the completion built up."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter, defaultdict
from typing import Any

import pytest

from chat_events import ChatCompletionChunk, ContentFilterEvent, CostEvent, ErrorEvent, decode, encode, problems
from chat_events.runtime.typed import gaps
from chat_events.stream import Accumulator, iter_events
from support import CORPUS
from support.wire_samples import PACKAGE

RECORDINGS = CORPUS.parent / "others" / "data" / "chat_completions.jsonl"

needs_recordings = pytest.mark.skipif(
    not RECORDINGS.is_file(), reason=f"there is no {RECORDINGS.name} beside the corpus"
)


def streams() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in RECORDINGS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found[row["file"]].append(row["event"])
    return found


def accumulated(chunks: list[dict[str, Any]]) -> Any:
    accumulator = Accumulator()
    for chunk in chunks:
        accumulator.feed(decode(chunk))
    accumulator.close()
    return accumulator


def expected(chunks: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """What the chunks say of each choice, put together by hand."""
    choices: dict[int, dict[str, Any]] = {}
    for piece in (piece for chunk in chunks for piece in chunk["choices"]):
        choice = choices.setdefault(piece["index"], {"finish_reason": None, "calls": {}, "parts": []})
        choice["finish_reason"] = piece.get("finish_reason") or choice["finish_reason"]
        delta = piece.get("delta") or {}
        for name in ("content", "refusal", "reasoning", "reasoning_content"):
            value = delta.get(name)
            choice[name] = choice.get(name, "") + (value if isinstance(value, str) else "")
        for part in delta["content"] if isinstance(delta.get("content"), list) else ():
            choice["parts"].append(part)
            choice["content"] += part.get("text", "")
            choice["reasoning_content"] += "".join(each["text"] for each in part.get("thinking", ()))
        for each in delta.get("tool_calls") or ():
            call = choice["calls"].setdefault(each["index"], {"id": None, "name": "", "arguments": ""})
            call["id"] = call["id"] or each.get("id")
            call["name"] = call["name"] or each["function"].get("name")
            call["arguments"] += each["function"].get("arguments") or ""
    return choices


@needs_recordings
def test_nothing_is_lost() -> None:
    for chunks in streams().values():
        for chunk in chunks:
            assert encode(decode(chunk)) == chunk


@needs_recordings
def test_recordings_are_typed() -> None:
    found = [list(gaps(decode(chunk))) for chunks in streams().values() for chunk in chunks]
    reasons = Counter(f"{gap.kind} {gap.name}" for each in found for gap in each)
    assert sum(not each for each in found) / len(found) >= 0.99, reasons.most_common(10)


@needs_recordings
def test_completions_are_what_the_chunks_say() -> None:
    for name, chunks in streams().items():
        accumulator = accumulated(chunks)
        completion = accumulator.state
        assert completion.object == "chat.completion", name
        assert {choice.index: choice for choice in completion.choices}.keys() == expected(chunks).keys(), name
        for choice, wanted in zip(completion.choices, expected(chunks).values(), strict=True):
            message = choice.message
            assert list(map(encode, message.content_parts or ())) == wanted["parts"], name
            for each in ("content", "refusal", "reasoning", "reasoning_content"):
                assert (getattr(message, each) or "") == wanted[each], name
            calls = [
                {"id": call.id, "name": call.function.name, "arguments": call.function.arguments}
                for call in message.tool_calls or ()
            ]
            assert calls == list(wanted["calls"].values()), name
            assert getattr(choice, "finish_reason", None) == wanted["finish_reason"], name
        used = [chunk["usage"] for chunk in chunks if chunk.get("usage")]
        if used:
            assert encode(completion)["usage"] == used[-1], name


def chunk(**members: Any) -> dict[str, Any]:
    return {
        "id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [], **members
    }  # fmt: skip


def delta(index: int = 0, **members: Any) -> dict[str, Any]:
    return chunk(choices=[{"index": index, "delta": members, "finish_reason": None}])


def call(index: int | None, name: str | None, arguments: str, id: str | None = None) -> dict[str, Any]:
    piece: dict[str, Any] = {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}
    return delta(tool_calls=[piece if index is None else {"index": index, **piece}])


def calls(*chunks: dict[str, Any]) -> list[tuple[str, str, str]]:
    found = accumulated(list(chunks)).state.choices[0].message.tool_calls
    return [(each.id, each.function.name, each.function.arguments) for each in found]


def test_choices_grow_side_by_side() -> None:
    found = accumulated([delta(1, content="b"), delta(0, content="a"), delta(1, content="B"), delta(0, content="A")])
    assert {choice.index: choice.message.content for choice in found.state.choices} == {0: "aA", 1: "bB"}


def test_tool_calls_grow_side_by_side() -> None:
    pieces = (call(0, "f", "{", "x"), call(1, "g", "[", "y"), call(0, None, "}"), call(1, None, "]"))
    assert calls(*pieces) == [("x", "f", "{}"), ("y", "g", "[]")]


def test_later_pieces_of_a_call_may_have_an_empty_name_and_id() -> None:
    assert calls(call(0, "f", "{", "x"), call(0, "", "}", "")) == [("x", "f", "{}")]


def test_later_pieces_of_a_call_may_repeat_its_name() -> None:
    assert calls(call(0, "f", "{", "x"), call(0, "f", "}", "x"), call(0, "f", "!")) == [("x", "f", "{}!")]


def test_a_piece_without_an_index_belongs_to_the_call_that_began_last() -> None:
    pieces = (call(0, "f", "{}", "x"), call(1, "g", "[", "y"), call(None, None, "]"))
    assert calls(*pieces) == [("x", "f", "{}"), ("y", "g", "[]")]


def test_thoughts_of_two_kinds_may_share_a_position() -> None:
    details = [
        {"type": "reasoning.summary", "summary": "He", "index": 0, "format": "openai-responses-v1"},
        {"type": "reasoning.summary", "summary": "llo", "index": 0, "format": "openai-responses-v1"},
        {"type": "reasoning.encrypted", "data": "gAAA", "id": "rs_1", "index": 0, "format": "openai-responses-v1"},
    ]
    found = accumulated([delta(reasoning_details=[each]) for each in details])
    assert encode(found.state)["choices"][0]["message"]["reasoning_details"] == [
        {"type": "reasoning.summary", "summary": "Hello", "index": 0, "format": "openai-responses-v1"},
        {"type": "reasoning.encrypted", "data": "gAAA", "id": "rs_1", "index": 0, "format": "openai-responses-v1"},
    ]


def test_sealed_thoughts_without_ids_stay_apart() -> None:
    details: list[dict[str, Any]] = [
        {"type": "reasoning.text", "text": "Hm", "id": "t1", "index": 0, "format": "anthropic-claude-v1"},
        {"type": "reasoning.encrypted", "data": "c2Vh", "id": None, "index": 1, "format": "anthropic-claude-v1"},
        {"type": "reasoning.encrypted", "data": "bGVk", "id": None, "index": 2, "format": "anthropic-claude-v1"},
    ]
    found = accumulated([delta(reasoning_details=[each]) for each in details])
    said = [{name: value for name, value in each.items() if value is not None} for each in details]
    assert encode(found.state)["choices"][0]["message"]["reasoning_details"] == said
    assert not found.mended


def test_usage_in_each_chunk_counts_once() -> None:
    found = accumulated(
        [chunk(usage={"prompt_tokens": 1, "completion_tokens": n, "total_tokens": 1 + n}) for n in (1, 2)]
    )
    assert found.state.usage.completion_tokens == 2


def test_findings_of_the_filter_leave_id_and_model_alone() -> None:
    filtered = {"hate": {"filtered": False, "severity": "safe"}}
    annotation = {
        "id": "", "object": "", "created": 0, "model": "", "usage": None,
        "choices": [{"index": 0, "content_filter_results": filtered, "finish_reason": None}],
    }  # fmt: skip
    assert isinstance(decode(annotation), ContentFilterEvent)
    found = accumulated([delta(content="a"), annotation]).state
    assert (found.id, found.model, found.created, found.choices[0].message.content) == ("c", "m", 1, "a")
    assert encode(found.choices[0].content_filter_results) == filtered


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"message": "no", "code": 500}},
        {"error": {"message": "no", "type": "server_error", "param": None, "code": "500"}},
        {"object": "error", "message": "no", "type": "BadRequestError", "param": None, "code": 500},
        {"message": "no", "code": 500},
    ],
)
def test_an_error_in_place_of_a_chunk_ends_the_stream(body: dict[str, Any]) -> None:
    event = decode(body)
    assert isinstance(event, ErrorEvent)
    assert encode(event) == body
    end = accumulated([delta(content="a"), body]).end
    assert (end.kind, end.error.message, end.error.code) == ("error", "no", "500")


def test_an_error_within_a_chunk_ends_the_stream() -> None:
    body = delta(content="") | {"error": {"message": "no", "code": 400}}
    assert isinstance(decode(body), ChatCompletionChunk)
    end = accumulated([delta(content="a"), body]).end
    assert (end.kind, end.error.message) == ("error", "no")
    assert accumulated([delta(content="a") | {"error": None}]).end.kind == "truncated"


def test_a_chunk_without_its_tag_is_one_all_the_same() -> None:
    body = delta(content="a")
    del body["object"]
    assert isinstance(decode(body), ChatCompletionChunk)


@pytest.mark.parametrize("told", [True, False], ids=["with the answer so far", "with pieces alone"])
def test_chunks_that_are_called_completions_add_up(told: bool) -> None:
    chunks = []
    for piece, so_far, reason in (("Hel", "Hel", None), ("lo", "Hello", "stop")):
        choice: dict[str, Any] = {"index": 0, "delta": {"role": "assistant", "content": piece}, "finish_reason": reason}
        message = {"message": {"role": "assistant", "content": so_far}} if told else {}
        chunks.append(chunk(object="chat.completion", choices=[choice | message]))
    found = accumulated(chunks)
    assert not [gap for each in chunks for gap in gaps(decode(each))]
    assert (found.text, found.finish_reason, found.end.kind) == ("Hello", "stop", "completed")
    assert not found.mended


def test_a_completion_that_repeats_all_of_it_changes_nothing() -> None:
    whole = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Hello", "name": "M"}}
    found = accumulated([delta(content="Hel"), delta(content="lo"), chunk(object="chat.completion", choices=[whole])])
    assert encode(found.state)["choices"] == [whole]


def test_readings() -> None:
    end = chunk(choices=[{"index": 0, "delta": {}, "finish_reason": "stop"}])
    found = accumulated([delta(reasoning_content="Hm"), delta(content="Hel"), delta(content="lo"), end])
    assert (found.text, found.reasoning_content, found.finish_reason, found.tool_calls) == ("Hello", "Hm", "stop", [])


@pytest.mark.parametrize(("mark", "kind"), [(b"data: [DONE]\n\n", "completed"), (b"", "truncated")])
def test_what_ends_a_chat_is_the_mark_behind_its_chunks(mark: bytes, kind: str) -> None:
    accumulator = Accumulator()
    frame = b"data: " + json.dumps(delta(content="Hello")).encode() + b"\n\n"
    events = iter_events([frame + mark])
    for event in events:
        accumulator.feed(event)
    assert accumulator.close(done=events.dones > 0).kind == kind
    assert accumulator.text == "Hello"


def test_the_command_takes_the_mark_for_the_end() -> None:
    frame = f"data: {json.dumps(delta(content='Hello'))}\n\n"
    command = [sys.executable, "-B", "-m", "chat_events", "--quiet", "-"]
    text = f"{frame}data: [DONE]\n\n{frame}{frame}data: [DONE]\n\n{frame}"
    out = subprocess.run(command, input=text, capture_output=True, text=True, cwd=PACKAGE.parent, check=True).stdout
    lines = out.splitlines()
    at = lines.index("streams: 3")
    assert lines[at + 1 : at + 3] == ["      1  events, completed", "      2  events, completed"]
    assert lines[at + 3].startswith("      1  events, truncated")


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("stop", "completed"),
        ("tool_calls", "completed"),
        ("length", "incomplete: length"),
        ("content_filter", "incomplete: content_filter"),
        ("error", "error"),
        ("brand_new", "truncated"),
        (None, "truncated"),
    ],
)
def test_a_reason_to_finish_ends_the_stream(reason: str | None, said: str) -> None:
    end = chunk(choices=[{"index": 0, "delta": {}, "finish_reason": reason}])
    accumulator = accumulated([delta(content="Hi"), end, chunk(choices=[], usage={"total_tokens": 3})])
    assert str(accumulator.end).startswith(said)
    assert (accumulator.text, accumulator.chat_completion.usage.total_tokens) == ("Hi", 3)


def test_of_several_choices_the_worst_end_counts() -> None:
    ends = [
        chunk(choices=[{"index": at, "delta": {}, "finish_reason": why}]) for at, why in ((0, "length"), (1, "stop"))
    ]
    assert str(accumulated(ends).end) == "incomplete: length"


def tool(index: int | None, **members: Any) -> dict[str, Any]:
    return delta(tool_calls=[{**({} if index is None else {"index": index}), **members}])


def calls_and_mends(*chunks: dict[str, Any]) -> tuple[list[tuple[str, str, str]], dict[str, int]]:
    accumulator = accumulated(list(chunks))
    found = [(call.id, call.function.name, call.function.arguments) for call in accumulator.tool_calls]
    return found, dict(accumulator.mended)


def test_parallel_calls_with_one_index_are_told_apart_by_their_ids() -> None:
    one = {"id": "a", "type": "function", "function": {"name": "f", "arguments": "{"}}
    two = {"id": "b", "type": "function", "function": {"name": "f", "arguments": "["}}
    more = {"function": {"arguments": "}"}}
    assert calls_and_mends(tool(0, **one), tool(0, **more), tool(0, **two), tool(0, function={"arguments": "]"})) == (
        [("a", "f", "{}"), ("b", "f", "[]")],
        {"twin": 1},
    )
    # Turn and turn about, with the id in each piece.
    found, _ = calls_and_mends(
        tool(0, **one), tool(0, **two), tool(0, id="a", **more), tool(0, id="b", function={"arguments": "]"})
    )
    assert found == [("a", "f", "{}"), ("b", "f", "[]")]
    # One without a position, and two in one chunk.
    found, _ = calls_and_mends(tool(None, **one), tool(None, **two), tool(None, function={"arguments": "]"}))
    assert found == [("a", "f", "{"), ("b", "f", "[]")]
    found, _ = calls_and_mends(delta(tool_calls=[{"index": 0, **one}, {"index": 0, **two}]))
    assert found == [("a", "f", "{"), ("b", "f", "[")]


@pytest.mark.parametrize("place", [{"index": 0, "id": ""}, {"index": 0}, {"id": None}, {}])
def test_calls_without_ids_are_told_apart_by_their_names(place: dict[str, Any]) -> None:
    def piece(name: str | None, arguments: str) -> dict[str, Any]:
        return {**place, "type": "function", "function": {"name": name, "arguments": arguments}}

    pieces = [piece("f", "{"), piece("f", "}"), piece("g", "["), piece("", "1"), piece(None, "]")]
    for chunks in ([delta(tool_calls=pieces)], [delta(tool_calls=[each]) for each in pieces]):
        calls = accumulated(chunks).tool_calls
        assert [(call.type, call.function.name, call.function.arguments) for call in calls] == [
            ("function", "f", "{}"),
            ("function", "g", "[1]"),
        ]


def test_an_id_that_changes_from_piece_to_piece_begins_no_call() -> None:
    pieces = [tool(0, id=f"r{at}", type="function", function={"arguments": "x"}) for at in range(3)]
    first = tool(0, id="a", type="function", function={"name": "f", "arguments": ""})
    assert calls_and_mends(first, *pieces) == ([("a", "f", "xxx")], {})


def test_what_is_mended_counts_once_for_each_event() -> None:
    piece = {"function": {"name": "f", "arguments": "{}"}, "id": "a", "type": "function"}
    assert calls_and_mends(delta(tool_calls=[None, piece, None]))[1] == {"null": 2, "position": 1}


LOGPROB = {"id": 7, "token": "a", "logprob": -0.5, "bytes": [97]}

MEMBERS_OF_SERVERS = {
    "Azure": [
        {"id": "", "object": "", "created": 0, "model": "", "choices": [], "prompt_filter_results": [
            {"prompt_index": 0, "content_filter_results": {"jailbreak": {"filtered": False, "detected": False}}}
        ]},
    ],
    "Bedrock": [
        chunk(**{
            "amazon-bedrock-invocationMetrics": {"inputTokenCount": 1, "outputTokenCount": 2, "invocationLatency": 3},
            "amazon-bedrock-guardrailAction": "NONE",
        }),
    ],
    "FastAPI": [{"detail": "no"}, {"detail": [{"loc": ["body"], "msg": "no", "type": "missing"}]}],
    "Groq": [chunk(usage_breakdown=None), chunk(usage={
        "prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2, "dram_cached_tokens": 0, "queue_time": 0.5,
    })],
    "Hugging Face": [delta(content="a") | {"object": "text_completion"}, {"error": "no", "error_type": "validation"}],
    "Hunyuan": [delta(content="a") | {"note": "Written by a machine.", "search_info": {"search_results": []}}],
    "LM Studio": [chunk(stats={"tokens_per_second": 51.5})],
    "New API": [chunk(usage={
        "prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2, "input_tokens": 0, "output_tokens": 0,
        "input_tokens_details": None, "claude_cache_creation_5_m_tokens": 0, "claude_cache_creation_1_h_tokens": 0,
        "usage_semantic": "openai", "usage_source": "anthropic",
    })],
    "OpenCode Zen": [{"choices": [], "cost": "0.0002"}],
    "Qianfan": [chunk(choices=[{"index": 0, "delta": {"content": "a"}, "flag": 0}])],
    "Spark": [
        {"code": 0, "message": "Success", "sid": "s", "id": "s", "created": 1, "choices": [
            {"delta": {"role": "assistant", "content": "a"}, "index": 0}
        ]},
    ],
    "Volcengine": [chunk(choices=[{"index": 0, "delta": {"content": "a"}, "moderation_hit_type": None}])],
    "watsonx": [
        chunk(model_id="m", model_version="1.0.0", created_at="2026-01-01T00:00:00Z", system={"warnings": []}),
    ],
    "llama.cpp": [
        chunk(choices=[{"index": 0, "delta": {}, "logprobs": {"content": [{**LOGPROB, "top_logprobs": [LOGPROB]}]}}]),
        {"error": {"code": 400, "type": "exceed_context_size_error", "n_prompt_tokens": 9, "n_ctx": 8}},
    ],
}  # fmt: skip


@pytest.mark.parametrize("server", MEMBERS_OF_SERVERS)
def test_what_single_servers_send_is_typed(server: str) -> None:
    for body in MEMBERS_OF_SERVERS[server]:
        event = decode(body)
        assert encode(event) == body
        assert not list(gaps(event))
        assert not list(problems(body))


def test_what_a_request_cost_is_no_part_of_the_completion() -> None:
    cost = {"choices": [], "cost": "0.0002"}
    assert isinstance(decode(cost), CostEvent)
    found = accumulated([delta(content="a"), chunk(choices=[{"index": 0, "finish_reason": "stop"}]), cost])
    assert (found.text, found.end.kind) == ("a", "completed")
    # Venice says it in a chunk, as an object.
    assert isinstance(decode(chunk(cost={"usd": 0.1})), ChatCompletionChunk)
