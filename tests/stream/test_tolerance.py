"""Streams that are not as the standard has them: every event that is there is read, and what is no stream is said."""

from __future__ import annotations

import asyncio
import gzip
import json
import pickle
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from responses_events import DecodeError, ResponseErrorEvent, UnknownEvent, decode, encode
from responses_events.stream import (
    Accumulator,
    NotAStreamError,
    SSEDecoder,
    StreamFailure,
    aiter_events,
    aiter_raw,
    aiter_streams,
    iter_events,
    iter_jsonl,
    iter_raw,
    iter_streams,
)
from support.growth import takes_linear_time
from support.streams import cut, sse

DELTA = {"type": "response.output_text.delta", "item_id": "m", "output_index": 0, "content_index": 0, "delta": "é"}
KEEPALIVE = {"type": "keepalive", "sequence_number": 3}
BOTH = [decode(DELTA), decode(KEEPALIVE)]
ERROR = {"code": "server_error", "message": "It broke."}


def frame(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in [*lines, ""]).encode()


def read(data: bytes, **options: Any) -> list[Any]:
    """All events, the same wherever the bytes are cut."""
    events = list(iter_events(data, **options))
    for size in (1, 3, 50):
        assert list(iter_events(cut(data, size), **options)) == events
    return events


# --- What is passed over, and what ends a stream ---


@pytest.mark.parametrize(
    "nothing",
    [
        *(frame("data:"), frame("data: "), frame("data:  "), frame("event: ping", "data:"), frame("data:", "data:")),
        *(frame("event: ping", "data: ping"), frame("data: ping"), frame('data: "ping"'), frame("data: KEEPALIVE")),
        *(frame("event: heartbeat", "data: 2026-01-01"), frame("event: ping", "data: 17"), frame("event: x")),
    ],
)
def test_frames_without_an_event_are_passed_over(nothing: bytes) -> None:
    assert read(nothing + sse(DELTA) + nothing + sse(KEEPALIVE) + nothing) == BOTH
    assert read(nothing + sse(DELTA) + nothing + sse(KEEPALIVE), only={"keepalive"}) == BOTH[1:]


def test_a_ping_that_is_an_object_is_an_event() -> None:
    assert read(frame("event: ping", 'data: {"type": "ping"}')) == [decode({"type": "ping"})]


@pytest.mark.parametrize("done", ["[DONE]", "[DONE] ", " [DONE]"])
@pytest.mark.parametrize("only", [None, {"keepalive"}])
def test_done_ends_the_stream(done: str, only: Any) -> None:
    def connection() -> Iterator[bytes]:
        yield sse(KEEPALIVE)
        yield frame(f"data: {done}") + sse(DELTA)
        raise TimeoutError("nobody closes the connection")

    stream = iter_events(connection(), only=only)
    assert list(stream) == BOTH[1:]
    assert list(stream) == []
    assert (stream.dropped, stream.dones) == (False, 1)
    lines = [json.dumps(KEEPALIVE), done, json.dumps(DELTA)]
    assert list(iter_jsonl(lines)) == BOTH[1:]


# --- Frames without their blank lines ---


def test_data_lines_that_are_each_an_object_are_an_event_each() -> None:
    joined = frame(f"data: {json.dumps(DELTA)}", f"data: {json.dumps(KEEPALIVE)}")
    assert read(joined) == BOTH
    assert read(joined, only={"keepalive"}) == BOTH[1:]
    assert read(sse(KEEPALIVE) + joined + sse(DELTA)) == [BOTH[1], *BOTH, BOTH[0]]
    named = frame("event: a", f"data: {json.dumps(DELTA)}", "event: b", "data: ping", f"data: {json.dumps(KEEPALIVE)}")
    assert read(named) == BOTH
    assert read(frame(f"data: {json.dumps(DELTA)}", "data: [DONE]") + sse(KEEPALIVE)) == BOTH[:1]


def test_an_object_over_several_data_lines_stays_one_event() -> None:
    assert read(frame(*(f"data: {line}" for line in json.dumps(DELTA, indent=1).split("\n")))) == BOTH[:1]


def test_a_bad_line_among_good_ones_is_an_error_of_its_own() -> None:
    data = frame(f"data: {json.dumps(DELTA)}", "data: {broken", f"data: {json.dumps(KEEPALIVE)}")
    stream = iter_events(sse(KEEPALIVE) + data + sse(DELTA))
    assert [next(stream), next(stream)] == [BOTH[1], BOTH[0]]
    with pytest.raises(DecodeError, match=f"frame 2 of the stream, which ends at byte {len(sse(KEEPALIVE) + data)}: "):
        next(stream)
    assert list(stream) == [BOTH[1], BOTH[0]]


@pytest.mark.parametrize("rest", ["", "\n", "\r", "\r\n"])
@pytest.mark.parametrize("only", [None, {"keepalive"}])
def test_a_whole_last_frame_needs_no_blank_line(rest: str, only: Any) -> None:
    data = sse(DELTA) + f"event: keepalive\ndata: {json.dumps(KEEPALIVE)}{rest}".encode()
    for size in (1, 7, 1000):
        stream = iter_events(cut(data, size), only=only)
        assert list(stream) == (BOTH if only is None else BOTH[1:])
        assert not stream.dropped


def test_of_a_last_frame_what_is_whole_is_read() -> None:
    stream = iter_events(f"data: {json.dumps(DELTA)}\ndata: {json.dumps(KEEPALIVE)[:-1]}".encode())
    assert list(stream) == BOTH[:1]
    assert stream.dropped
    stream = iter_events(sse(DELTA) + b"data: [DONE]")
    assert list(stream) == BOTH[:1]
    assert not stream.dropped


@pytest.mark.parametrize("size", range(1, 40))
def test_a_stream_that_breaks_off_is_no_error(size: int) -> None:
    data = b"\xef\xbb\xbf" + frame("event: keepalive", 'data: {"type": "keepalive"}')
    assert list(iter_events(data[:size])) == []
    assert list(iter_events(data[3 : 3 + size])) == []


def test_the_standard_to_the_letter() -> None:
    decoder = SSEDecoder(strict=True)
    assert decoder.feed(b'error: {"a": 1}\n\ndata: a\ndata: b\n\n') == [("", "a\nb", "")]
    assert decoder.feed(b"id: 1\nretry: 50\ndata: c\nretry: 7") == []
    decoder.close()
    assert (decoder.dropped, decoder.unfinished, decoder.retry) == (True, ("", "c", "1"), 50)


# --- The `event:` line ---


def test_the_event_line_names_an_object_without_a_tag() -> None:
    bare = {key: value for key, value in DELTA.items() if key != "type"}
    data = frame("event: response.output_text.delta", f"data: {json.dumps(bare)}")
    assert read(data) == BOTH[:1]
    assert read(data, only={"response.output_text.delta"}) == BOTH[:1]
    assert read(data, only={"keepalive"}) == []
    (error,) = read(frame("event: error", 'data: {"message": "It broke.", "x": {"type": "keepalive"}}'), only={"error"})
    assert isinstance(error, ResponseErrorEvent)
    assert error.message == "It broke."
    with pytest.raises(DecodeError):
        list(iter_events(data, strict=True))


def test_a_tag_of_its_own_prevails_over_the_line() -> None:
    (event,) = read(frame("event: error", 'data: {"type": "overloaded", "message": "Busy."}'))
    assert isinstance(event, UnknownEvent)
    assert (event.type, event.event_line) == ("overloaded", "error")
    assert event == decode(encode(event))
    assert decode(encode(event)).event_line == ""  # type: ignore[union-attr]
    assert read(frame("event: error", 'data: {"type": null}'))[0].type is None


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (frame("event: error", f"data: {json.dumps(ERROR)}"), ("error", ("server_error", "It broke.", None))),
        (frame("event: response.failed", 'data: {"error": "no"}'), ("failed", (None, "no", None))),
        (frame("event: response.error", f"data: {json.dumps(ERROR)}"), ("error", ("server_error", "It broke.", None))),
        (frame("event: error", 'data: {"type": "busy", "message": "Busy."}'), ("error", ("busy", "Busy.", None))),
        (frame('error: {"code": 500, "message": "no", "type": "server_error"}'), ("error", ("500", "no", None))),
        (b'error: {"code": 500, "message": "no"}', ("error", ("500", "no", None))),
        (frame("event: response.cancelled", "data: {}"), ("incomplete", None)),
    ],
)
def test_ends_that_the_event_line_tells(data: bytes, expected: tuple[Any, Any]) -> None:
    accumulator = Accumulator()
    for event in read(sse(DELTA) + data):
        accumulator.feed(event)
    end = accumulator.close()
    assert (end.kind, end.error) == (expected[0], expected[1] and StreamFailure(*expected[1]))


# --- What is no stream ---

LINES = "".join(f"{json.dumps(event)}\n" for event in (KEEPALIVE, KEEPALIVE))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"error": {"code": "bad_key", "message": "No."}}', 'the body of an error, bad_key: No.: {"error": {"code"'),
        (b'{\n "detail": "Not found"\n}\n', 'the body of an error, Not found: {\\n "detail": "Not found"\\n}; look at'),
        (b'{"message": "Internal server error"}', 'one JSON document: {"message": "Internal server error"}; read it'),
        (b'[{"error": {}}]', 'one JSON document: [{"error": {}}]; read it with `decode`'),
        (b'{"error": ', 'JSON that breaks off or is not well formed: {"error":; look at the status'),
        (LINES.encode(), 'lines of JSON without `data:`: {"type": "keepalive", "sequence_number": 3}\\n{'),
        (b"<!DOCTYPE html>\n<p>502\n", "an HTML or XML page: <!DOCTYPE html>\\n<p>502; look at the status"),
        (b"upstream connect error\n\n", "plain text: upstream connect error; look at the status"),
        (b"a\x1b[31m\xff", "plain text: a\\u001b[31m\ufffd; look"),
        (b"error: too many requests", "plain text: error: too many requests; look"),
        (gzip.compress(sse(DELTA)), "gzip data: b'\\x1f\\x8b"),
        (sse(DELTA).decode().encode("utf-16"), "UTF-16 text: b'\\xff\\xfee\\x00v"),
        (sse(DELTA).decode().encode("utf-16-be"), "UTF-16 text: b'\\x00e\\x00v"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary data: b'\\x89PNG"),
    ],
)
def test_what_is_no_stream(body: bytes, said: str) -> None:
    async def slowly() -> AsyncIterator[bytes]:
        for chunk in cut(body, 5):
            yield chunk

    async def read_slowly() -> list[Any]:
        return [event async for event in aiter_events(slowly())]

    for chunks in ([body], list(cut(body, 1))):
        for only in (None, {"keepalive"}):
            stream = iter_events(chunks, only=only)
            with pytest.raises(NotAStreamError) as caught:
                next(stream)
            assert str(caught.value).startswith(f"no event stream but {said}")
            assert caught.value.body == body
            assert list(stream) == []
    with pytest.raises(NotAStreamError):
        asyncio.run(read_slowly())
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_a_json_body_is_kept_as_data() -> None:
    with pytest.raises(NotAStreamError) as caught:
        list(iter_events(b'{"error": "no"}'))
    assert caught.value.data == {"error": "no"}


@pytest.mark.parametrize("first", [b"", b": hello", b"event: keepalive", f"data: {json.dumps(DELTA)}".encode()])
def test_lines_without_their_line_ends(first: bytes) -> None:
    lines = [first, b"", *sse(KEEPALIVE, DELTA).split(b"\n")]
    with pytest.raises(NotAStreamError, match=r"`response.iter_content\(None\)` of requests"):
        list(iter_events(lines))


@pytest.mark.parametrize(
    "body", [b"", b"\n\n", b": hello\n", b"id: 7\n\n", b"retry: 5\n\n", b"event: ping\n\n", b"data"]
)
def test_what_may_be_a_stream_without_events(body: bytes) -> None:
    assert read(body) == []


# --- Several streams ---

CREATED = {"type": "response.created", "response": {"id": "r"}}
COMPLETED = {"type": "response.completed", "response": {"id": "r", "status": "completed"}}
FAILED = {"type": "error", "message": "no"}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", []),
        (sse(CREATED, DELTA), [[CREATED, DELTA]]),
        (sse(DELTA) + frame("data: [DONE]") + sse(KEEPALIVE) + frame("data: [DONE]"), [[DELTA], [KEEPALIVE]]),
        (sse(CREATED, COMPLETED, CREATED, FAILED, CREATED), [[CREATED, COMPLETED], [CREATED, FAILED], [CREATED]]),
        (sse(CREATED, CREATED, FAILED, COMPLETED, KEEPALIVE), [[CREATED, CREATED, FAILED, COMPLETED, KEEPALIVE]]),
    ],
)
def test_streams_of_a_recording(data: bytes, expected: list[Any]) -> None:
    async def slowly() -> AsyncIterator[bytes]:
        for chunk in cut(data, 50):
            yield chunk

    async def read_slowly() -> list[Any]:
        return [[encode(event) async for event in stream] async for stream in aiter_streams(slowly())]

    found = [[encode(event) for event in stream] for stream in iter_streams(data)]
    assert found == asyncio.run(read_slowly()) == expected
    # Streams that nobody reads are passed over.
    assert len(list(iter_streams(data))) == len(expected)


# --- Frames as they came ---


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_frames_as_they_came(end: bytes, size: int) -> None:
    async def slowly() -> AsyncIterator[bytes]:
        for chunk in cut(data, size):
            yield chunk

    async def read_slowly() -> list[Any]:
        return [frame async for frame in aiter_raw(slowly())]

    parts = [b": hello\n\n", sse(DELTA), b"data: {\n\n", b"id: 7\ndata: [DONE]\n\n", sse(KEEPALIVE), b": bye"]
    data = b"".join(parts).replace(b"\n", end)
    frames = list(iter_raw(cut(data, size)))
    assert [frame.raw for frame in frames] == [part.replace(b"\n", end) for part in parts]
    assert [frame.events for frame in frames] == [(), (BOTH[0],), (), (), (BOTH[1],), ()]
    assert [frame.error is None for frame in frames] == [True, True, False, True, True, True]
    again = asyncio.run(read_slowly())
    assert [frame[:2] for frame in again] == [frame[:2] for frame in frames]


def test_a_body_that_is_no_stream_can_be_passed_on() -> None:
    (only,) = iter_raw([b'{"error": "no"}'])
    assert (only.raw, only.events) == (b'{"error": "no"}', ())
    assert isinstance(only.error, NotAStreamError)


# --- Closed while it is read ---


def test_a_stream_that_is_closed_while_a_task_reads_it() -> None:
    closed: list[bool] = []

    async def chunks() -> AsyncIterator[bytes]:
        try:
            yield sse(DELTA)
            await asyncio.sleep(0.02)
            yield sse(KEEPALIVE)
        finally:
            closed.append(True)

    async def run() -> list[Any]:
        stream = aiter_events(chunks())

        async def consume() -> list[Any]:
            return [event async for event in stream]

        task = asyncio.create_task(consume())
        await asyncio.sleep(0.005)
        with pytest.raises(RuntimeError, match="is being read already"):
            await anext(stream)
        await stream.aclose()
        return await task

    assert asyncio.run(run()) == BOTH[:1]
    assert closed == [True]


def test_a_second_read_leaves_the_first_alone() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        await asyncio.sleep(0.02)
        yield sse(DELTA, KEEPALIVE)

    async def run() -> list[Any]:
        stream = aiter_events(chunks())
        first = asyncio.create_task(anext(stream))
        await asyncio.sleep(0.005)
        with pytest.raises(RuntimeError, match="is being read already"):
            await anext(stream)
        return [await first, await anext(stream)]

    assert asyncio.run(run()) == BOTH


def test_a_stream_that_is_closed_while_a_thread_reads_it() -> None:
    waits, goes_on = threading.Event(), threading.Event()
    closed: list[bool] = []
    found: list[Any] = []

    def chunks() -> Iterator[bytes]:
        try:
            yield sse(DELTA)
            waits.set()
            goes_on.wait(10)
            yield sse(KEEPALIVE)
        finally:
            closed.append(True)

    stream = iter_events(chunks())
    thread = threading.Thread(target=lambda: found.extend(stream))
    thread.start()
    assert waits.wait(10)
    with pytest.raises(RuntimeError, match="is being read already"):
        next(stream)
    stream.close()
    goes_on.set()
    thread.join(10)
    assert (found, closed) == (BOTH[:1], [True])


# --- Time ---


@pytest.mark.parametrize(
    "piece",
    [
        frame("data: x"),
        frame("data: {}", "data: {}"),
        frame("data: ping", "data: ping"),
        b"data: {}\n",
        b"x" * 8,
        b"data: [\n",
    ],
    ids=["bad", "joined", "pings", "one-frame", "long-line", "bad-lines"],
)
@pytest.mark.parametrize("size", [1, 1 << 20])
def test_hostile_streams_take_linear_time(piece: bytes, size: int) -> None:
    def prepare(count: int) -> Callable[[], object]:
        stream = iter_events(cut(piece * count, size))

        def run() -> None:
            while True:
                try:
                    next(stream)
                except DecodeError:
                    continue
                except StopIteration:
                    return

        return run

    assert takes_linear_time(prepare, 16_000)
