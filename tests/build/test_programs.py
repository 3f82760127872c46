"""The programs that build streams: what they send is valid, and the SDK of OpenAI accepts it."""

from __future__ import annotations

import asyncio
import functools
import importlib.util
import itertools
import json
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from types import ModuleType
from typing import Any

import pytest

import anthropic_events
import chat_events
from responses_events import encode
from responses_events.build import ResponseStream
from responses_events.lint import lint
from responses_events.stream import iter_events
from support import CORPUS, ROOT
from support.asgi_server import serving
from support.openai_sdk import check_sdk
from support.streams import sse

RECORDINGS = CORPUS.parent / "others" / "data"

Wire = dict[str, Any]


@functools.cache
def example(name: str) -> ModuleType:
    for needed in {"read_openai": ["openai"], "serve_responses": ["starlette"]}.get(name, ["httpx", "starlette"]):
        pytest.importorskip(needed, reason=f"examples/{name}.py needs {needed}")
    spec = importlib.util.spec_from_file_location(name, ROOT / "examples" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up.
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def translated(name: str, events: list[Wire]) -> list[Wire]:
    package = {"proxy_chat": chat_events, "proxy_anthropic": anthropic_events}[name]
    counts = itertools.count()
    stream = ResponseStream(model="tea-1", created_at=1, ids=lambda prefix: f"{prefix}{next(counts)}")
    stream.overlap = name == "proxy_anthropic"
    translation = example(name).Translation(stream)
    for event in events:
        translation.feed(package.decode(event))
    translation.close()
    return [encode(event) for event in stream.take_events()]


def recorded(name: str) -> Iterator[list[Wire]]:
    """Give the streams of a file of recordings, of which some are several one after the other."""
    path = RECORDINGS / name
    if not path.is_file():
        pytest.skip(f"there is no {path}")
    found = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found[row["repo"], row["file"], row["stream"]].append(row["event"])
    for events in found.values():
        starts = [at for at, event in enumerate(events) if event.get("type") == "message_start"]
        for begin, end in itertools.pairwise([0, *starts[1:], len(events)]):
            yield events[begin:end]


@pytest.mark.parametrize(
    ("name", "file"), [("proxy_chat", "chat_completions.jsonl"), ("proxy_anthropic", "anthropic_messages.jsonl")]
)
def test_recorded_streams_come_out_valid(name: str, file: str) -> None:
    for events in recorded(file):
        assert lint(translated(name, events)) == [], events


# --- Chat Completions ---


def chunk(index: int = 0, finish_reason: str | None = None, **delta: Any) -> Wire:
    choice = {"index": index, "delta": delta, "finish_reason": finish_reason}
    return {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "tea-1", "choices": [choice]}


def call(index: int | None, name: str | None = None, arguments: str = "", id: str | None = None) -> Wire:
    piece: Wire = {"function": {"name": name, "arguments": arguments}}
    piece |= {key: value for key, value in (("index", index), ("id", id)) if value is not None}
    return chunk(tool_calls=[piece])


USAGE = {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}
LATE_USAGE = {"id": "c", "object": "chat.completion.chunk", "created": 1, "choices": [], "usage": USAGE}
STOP = chunk(finish_reason="stop")
CALLED = chunk(finish_reason="tool_calls")

ODD: dict[str, tuple[list[Wire], str, list[str]]] = {
    "interleaved calls": (
        [call(0, "a", '{"x"', "1"), call(1, "b", '{"y"', "2"), call(0, None, ":1}"), call(1, None, ":2}"), CALLED],
        "completed",
        ['a({"x":1})', 'b({"y":2})'],
    ),
    "arguments before the name": (
        [call(0, None, '{"x":'), call(0, "a", "1}", "1"), CALLED],
        "completed",
        ['a({"x":1})'],
    ),
    "no arguments": ([call(0, "a", "", "1"), CALLED], "completed", ["a({})"]),
    "one index": (
        [call(0, "a", "{}", "1"), call(0, "b", "{}", "2"), CALLED],
        "completed",
        ["a({})", "b({})"],
    ),
    "one id": ([call(0, "a", "{", "1"), call(0, "a", "}", "1"), CALLED], "completed", ["a({})"]),
    "no index and no id": ([call(None, "a", "{}"), CALLED], "completed", ["a({})"]),
    "text within a call": (
        [call(0, "a", "{", "1"), chunk(content="so"), call(0, None, "}"), CALLED],
        "completed",
        ["a({})", "so"],
    ),
    "only a role": ([chunk(role="assistant", content=""), chunk(content="so"), STOP], "completed", ["so"]),
    "empty pieces": (
        [chunk(content="", reasoning_content="", refusal=""), chunk(content="so"), chunk(content=""), STOP],
        "completed",
        ["so"],
    ),
    "several choices": ([chunk(1, content="no"), chunk(content="yes"), STOP], "completed", ["yes"]),
    "nothing": ([STOP], "completed", []),
    "no delta": ([{**STOP, "choices": [{"index": 0, "finish_reason": "stop"}]}], "completed", []),
    "all kinds": (
        [chunk(reasoning_content="hm"), chunk(content="so"), call(0, "a", "{}", "1"), CALLED, LATE_USAGE],
        "completed",
        ["(hm)", "so", "a({})"],
    ),
    "thoughts of another name": ([chunk(reasoning="hm"), chunk(content="so"), STOP], "completed", ["(hm)", "so"]),
    "a refusal": ([chunk(refusal="I will "), chunk(refusal="not"), STOP], "completed", ["!I will not"]),
    "too long": ([chunk(content="so"), chunk(finish_reason="length"), LATE_USAGE], "incomplete", ["so"]),
    "too long a call": ([call(0, "a", '{"x"', "1"), chunk(finish_reason="length")], "incomplete", ['a({"x")']),
    "filtered": ([chunk(content="so"), chunk(finish_reason="content_filter")], "incomplete", ["so"]),
    "an error": ([chunk(content="so"), {"error": {"message": "no tea", "code": 500}}], "failed", ["so"]),
    "broken off": ([chunk(content="so")], "failed", ["so"]),
    "broken off in a call": ([call(0, "a", '{"x"', "1"), call(1, "b", "", "2")], "failed", ['a({"x")', "b()"]),
    "broken off at once": ([], "failed", []),
}


def said(response: Wire) -> list[str]:
    """Give what is in a response, in short."""
    found = []
    for item in response["output"]:
        if item["type"] == "function_call":
            found.append(f"{item['name']}({item['arguments']})")
        for part in item.get("content") or []:
            text = part.get("text", part.get("refusal"))
            found.append({"reasoning_text": f"({text})", "refusal": f"!{text}"}.get(part["type"], text))
    return found


@pytest.mark.parametrize("name", ODD)
def test_odd_chat_streams_come_out_valid(name: str) -> None:
    events, end, expected = ODD[name]
    out = translated("proxy_chat", events)
    assert lint(out) == []
    assert out[-1]["type"] == f"response.{end}"
    assert said(out[-1]["response"]) == expected


def test_usage_that_comes_late_is_told() -> None:
    out = translated("proxy_chat", [chunk(content="so"), STOP, LATE_USAGE])
    assert out[-1]["response"]["usage"]["total_tokens"] == 7


def test_what_cut_an_answer_short_is_told() -> None:
    for reason, expected in (("length", "max_output_tokens"), ("content_filter", "content_filter")):
        out = translated("proxy_chat", [chunk(content="so", finish_reason=reason)])
        assert out[-1]["response"]["incomplete_details"] == {"reason": expected}


# --- Anthropic ---


def block(index: int, start: Wire, *deltas: Wire) -> list[Wire]:
    return [
        {"type": "content_block_start", "index": index, "content_block": start},
        *({"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas),
        {"type": "content_block_stop", "index": index},
    ]


BEGIN: Wire = {
    "type": "message_start",
    "message": {"id": "m", "type": "message", "role": "assistant", "model": "tea-1", "content": [], "stop_reason": None}
    | {"stop_sequence": None, "usage": {"input_tokens": 3, "output_tokens": 0, "cache_read_input_tokens": 2}},
}
TEXT = block(0, {"type": "text", "text": ""}, {"type": "text_delta", "text": "so"})
TOOL = {"type": "tool_use", "id": "t", "name": "a", "input": {}}


def ended(reason: str) -> list[Wire]:
    usage = {"output_tokens": 4}
    return [{"type": "message_delta", "delta": {"stop_reason": reason}, "usage": usage}, {"type": "message_stop"}]


MESSAGES: dict[str, tuple[list[Wire], str, list[str]]] = {
    "text": ([*TEXT, *ended("end_turn")], "completed", ["so"]),
    "a call without input": ([*block(0, TOOL), *ended("tool_use")], "completed", ["a({})"]),
    "an input that comes whole": (
        [*block(0, {**TOOL, "input": {"x": 1}}), *ended("tool_use")],
        "completed",
        ['a({"x": 1})'],
    ),
    "an input in pieces": (
        [
            *block(0, TOOL, *({"type": "input_json_delta", "partial_json": piece} for piece in ("", '{"x"', ":1}"))),
            *ended("tool_use"),
        ],
        "completed",
        ['a({"x":1})'],
    ),
    "thoughts": (
        [
            *block(0, {"type": "thinking", "thinking": ""}, {"type": "thinking_delta", "thinking": "hm"}),
            *block(1, {"type": "text", "text": "so"}),
            *ended("end_turn"),
        ],
        "completed",
        ["(hm)", "so"],
    ),
    "too long": ([*TEXT[:-1], *ended("max_tokens")], "incomplete", ["so"]),
    "refused": ([*TEXT, *ended("refusal")], "incomplete", ["so"]),
    "an error": ([*TEXT[:-1], {"type": "error", "error": {"type": "x", "message": "no"}}], "failed", ["so"]),
    "broken off": (TEXT[:-1], "failed", ["so"]),
    "a tool of the other server": (
        [*block(0, {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {}}), *ended("end_turn")],
        "completed",
        [],
    ),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_messages_come_out_valid(name: str) -> None:
    events, end, expected = MESSAGES[name]
    out = translated("proxy_anthropic", [BEGIN, *events])
    assert lint(out) == []
    assert out[-1]["type"] == f"response.{end}"
    assert said(out[-1]["response"]) == expected


def test_what_comes_from_the_cache_was_read_too() -> None:
    out = translated("proxy_anthropic", [BEGIN, *TEXT, *ended("end_turn")])
    usage = out[-1]["response"]["usage"]
    assert (usage["input_tokens"], usage["output_tokens"], usage["total_tokens"]) == (5, 4, 9)


# --- Over sockets ---


def other_server(body: bytes, *, status: int = 200) -> Any:
    """An application that answers everything with the same stream."""
    responses = pytest.importorskip("starlette.responses")

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await responses.Response(body, status, media_type="text/event-stream")(scope, receive, send)

    return app


def answered(name: str, body: bytes, monkeypatch: pytest.MonkeyPatch, *, status: int = 200) -> Any:
    """Ask a program with the SDK, while another server answers it with a stream."""
    program, client = example(name), example("read_openai")
    with serving(other_server(body, status=status)) as upstream, serving(program.app) as address:
        monkeypatch.setenv("UPSTREAM", upstream)
        return client.read(address, "What tea is there?")


def test_the_sdk_reads_the_server(capsys: pytest.CaptureFixture[str]) -> None:
    client = example("read_openai")
    with serving(example("serve_responses").app) as address:
        response = client.read(address, "hello there")
        failed = client.read(address, "hello fail there")
    assert response.status == "completed"
    assert response.output_text == "You said: hello there "
    assert capsys.readouterr().out == "You said: hello there You said: hello "
    assert [item.arguments for item in response.output if item.type == "function_call"] == ['{"kind": "oolong"}']
    assert failed.status == "failed"
    assert failed.error is not None


def test_silence_is_filled(monkeypatch: pytest.MonkeyPatch) -> None:
    program, client = example("serve_responses"), example("read_openai")
    monkeypatch.setattr(program, "SILENCE", 0.02)
    chunks = asyncio.run(_all(program.answer({"model": "tea-1", "input": "wait please"})))
    events = list(iter_events(chunks))
    assert "keepalive" in [event.type for event in events]
    assert lint(events) == []
    with serving(program.app) as address:
        assert client.read(address, "wait please").status == "completed"


async def _all(chunks: AsyncIterator[bytes]) -> list[bytes]:
    return [each async for each in chunks]


def test_a_client_that_goes_away_ends_the_answer() -> None:
    program = example("serve_responses")

    async def go_away() -> list[bytes]:
        answer = program.answer({"model": "tea-1", "input": "hello there"})
        read = [await anext(answer), await anext(answer)]
        await answer.aclose()
        assert [each async for each in answer] == []
        return read

    assert b"response.created" in asyncio.run(go_away())[0]


@pytest.mark.parametrize(
    ("name", "events"),
    [("proxy_chat", ODD["all kinds"][0]), ("proxy_anthropic", [BEGIN, *MESSAGES["thoughts"][0]])],
)
def test_the_sdk_reads_the_proxies(name: str, events: list[Wire], monkeypatch: pytest.MonkeyPatch) -> None:
    body = "".join(f"data: {json.dumps(event)}\n\n" for event in events)
    response = answered(name, body.encode(), monkeypatch)
    assert response.status == "completed"
    assert response.output_text == "so"


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        *itertools.product(["proxy_chat", "proxy_anthropic"], [b""], [500]),
        *itertools.product(["proxy_chat", "proxy_anthropic", "gateway"], [b"", b"<html>nothing</html>\n"], [200]),
    ],
)
def test_a_server_that_fails_fails_the_response(
    name: str, body: bytes, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert answered(name, body, monkeypatch, status=status).status == "failed"


def test_the_gateway_passes_on_what_is_no_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    openai = pytest.importorskip("openai")
    with pytest.raises(openai.RateLimitError, match="slowly"):
        answered("gateway", b'{"error": {"message": "slowly"}}', monkeypatch, status=429)


def test_the_gateway_mends_what_it_passes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stream = ResponseStream(model="tea-1", created_at=1)
    stream.message().text("the secret is out")
    broken = [encode(event) for event in stream.take_events() if event.type != "response.content_part.added"]
    monkeypatch.setenv("HIDE", "secret")
    response = answered("gateway", sse(*broken), monkeypatch)
    assert response.status == "failed"
    assert response.output_text == "the ****** is out"
    assert any("mended" in each for each in caplog.messages)


def test_the_sdk_builds_up_the_same() -> None:
    for events, *_ in ODD.values():
        check_sdk(translated("proxy_chat", events))
    for events, *_ in MESSAGES.values():
        check_sdk(translated("proxy_anthropic", [BEGIN, *events]))
