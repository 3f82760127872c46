"""`iter_events` and its kin: the same events wherever the bytes are cut, and errors that say where they are."""

from __future__ import annotations

import asyncio
import io
import json
import mmap
import re
import tracemalloc
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from responses_events import (
    DecodeError,
    ResponseStreamEvent,
    ResponseTextDeltaEvent,
    UnknownEvent,
    decode,
    encode,
)
from responses_events.runtime.reading import EventReader
from responses_events.stream import (
    FramingError,
    SSEDecoder,
    aiter_events,
    aiter_jsonl,
    encode_sse,
    iter_events,
    iter_jsonl,
)
from support import CORPUS, needs_corpus
from support.streams import cut, event, sse, text_delta

DELTA = {"type": "response.output_text.delta", "item_id": "m", "output_index": 0, "content_index": 0, "delta": "é"}
KEEPALIVE = {"type": "keepalive", "sequence_number": 3}


async def slowly(chunks: Iterable[bytes]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        await asyncio.sleep(0)
        yield chunk


def collect(chunks: Iterable[bytes], **options: Any) -> list[ResponseStreamEvent]:
    async def read() -> list[ResponseStreamEvent]:
        return [event async for event in aiter_events(slowly(chunks), **options)]

    chunks = list(chunks)
    events = list(iter_events(chunks, **options))
    assert asyncio.run(read()) == events
    return events


# --- Framing ---


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_cut_anywhere(size: int) -> None:
    data = b": hello\n\n" + sse(DELTA, KEEPALIVE) + b"data: [DONE]\n\n"
    assert collect(cut(data, size)) == [decode(DELTA), decode(KEEPALIVE)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end(end: str) -> None:
    data = sse(DELTA, KEEPALIVE).decode().replace("\n", end).encode()
    for size in (1, 5, len(data)):
        assert collect(cut(data, size)) == [decode(DELTA), decode(KEEPALIVE)]
        assert collect(cut(data, size), only={"keepalive", "error"}) == [decode(KEEPALIVE)]


def recordings() -> list[Path]:
    return sorted([*CORPUS.glob("sse/*.sse"), *CORPUS.glob("streams/*.jsonl")])


@needs_corpus
@pytest.mark.parametrize("path", recordings(), ids=lambda path: path.name)
def test_recordings_cut_at_every_byte(path: Path) -> None:
    data = path.read_bytes()
    if path.suffix == ".jsonl":
        whole = list(iter_jsonl([data]))
        assert len(whole) == sum(1 for line in data.splitlines() if line.strip())
        data = b"".join(b"data: " + line + b"\n\n" for line in data.splitlines())
    events = list(iter_events([data]))
    assert path.suffix != ".jsonl" or events == whole
    assert events
    assert list(iter_events(cut(data, 1))) == events
    # One cut at a time: a cut can only matter to the frames on both sides of it.
    head = data[: data.find(b"\n\n", 4000) + 2]
    expected = list(iter_events([head]))
    for at in range(0, len(head), 1 if len(head) < 10_000 else 97):
        assert list(iter_events([head[:at], head[at:]])) == expected


def test_an_unfinished_last_frame_is_dropped_and_said_to_be() -> None:
    stream = iter_events([b"id: 7\nretry: 250\n" + sse(KEEPALIVE), sse(DELTA)[:-5]])
    assert list(stream) == [decode(KEEPALIVE)]
    assert (stream.dropped, stream.last_event_id, stream.retry) == (True, "7", 250)
    stream = iter_events([sse(DELTA)])
    assert (list(stream), stream.dropped) == ([decode(DELTA)], False)


def test_bytes_alone_and_files(tmp_path: Path) -> None:
    data = sse(DELTA, KEEPALIVE)
    assert list(iter_events(data)) == list(iter_events(memoryview(data))) == list(iter_events(io.BytesIO(data)))
    path = tmp_path / "stream.sse"
    path.write_bytes(data)
    with path.open("rb") as file:
        assert list(iter_events(file)) == [decode(DELTA), decode(KEEPALIVE)]
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        assert list(iter_events(mapped)) == list(iter_events([mapped])) == [decode(DELTA), decode(KEEPALIVE)]


class Called:
    """Something that is to be awaited, as a request that was not."""

    def __await__(self) -> Iterator[None]:
        yield None


@pytest.mark.parametrize(
    ("read", "chunks", "said"),
    [
        (
            iter_events,
            "stream.sse",
            "iter_events() takes bytes, not str; encode a text, and open a file with mode 'rb'",
        ),
        (
            iter_events,
            Path("x"),
            f"iter_events() takes bytes, not {type(Path()).__name__}; open the file with mode 'rb'",
        ),
        (iter_jsonl, Path("x"), f"iter_jsonl() takes bytes, not {type(Path()).__name__}; open the file with mode 'rb'"),
        (iter_events, io.StringIO("data: {}"), "this file is opened as text; open it with mode 'rb'"),
        (iter_events, slowly([]), "cannot wait for the bytes of async_generator; use `async for` with aiter_events()"),
        (iter_jsonl, slowly([]), "cannot wait for the bytes of async_generator; use `async for` with aiter_jsonl()"),
        (iter_events, None, "iter_events() takes an iterable of bytes, such as `response.iter_bytes()`"),
        (iter_events, Called(), "not Called; await it first"),
        (iter_events, slowly, "not function; call it first"),
        (
            aiter_events,
            iter([b""]),
            "aiter_events() takes bytes that come asynchronously, not list_iterator; use `for`",
        ),
        (
            aiter_jsonl,
            [""],
            "aiter_jsonl() takes bytes that come asynchronously, not list; use `for` with iter_jsonl()",
        ),
        (aiter_events, Called(), "such as `response.aiter_bytes()`, not Called; await it first"),
        (aiter_events, slowly, "not function; call it first"),
    ],
)
def test_what_holds_no_bytes_is_refused_at_once(read: Any, chunks: Any, said: str) -> None:
    with pytest.raises(TypeError, match=re.escape(said)):
        read(chunks)


@pytest.mark.parametrize("chunk", [5, None, {"type": "keepalive"}, [100]])
def test_a_chunk_that_is_no_bytes_is_refused(chunk: Any) -> None:
    for feed in (
        lambda: next(iter_events([chunk])),
        lambda: next(iter_jsonl([chunk])),
        lambda: SSEDecoder().feed(chunk),
    ):
        with pytest.raises(TypeError, match=f"a chunk must be bytes, not {type(chunk).__name__}$"):
            feed()
    with pytest.raises(TypeError, match="not str; take the bytes of a response, not its text or lines"):
        next(iter_events(["data: {}"]))  # type: ignore[list-item]


# --- Errors ---


def test_an_error_names_the_frame_and_reading_can_go_on() -> None:
    first = sse(KEEPALIVE)
    bad = b'event: response.completed\ndata: {"type": \n\n'
    for chunks in ([first + bad + sse(DELTA)], list(cut(first + bad + sse(DELTA), 3)), [first, bad, sse(DELTA)]):
        stream = iter_events(chunks)
        assert next(stream) == decode(KEEPALIVE)
        with pytest.raises(DecodeError) as caught:
            next(stream)
        message = str(caught.value)
        assert message.startswith("frame 2 of the stream (event 'response.completed')")
        assert f"ends at byte {len(first + bad)}" in message or "began before byte" in message
        assert list(stream) == [decode(DELTA)]


def test_each_of_many_bad_frames_is_placed_and_the_chunk_framed_but_once_more() -> None:
    made: list[SSEDecoder] = []

    def framer() -> SSEDecoder:
        made.append(SSEDecoder())
        return made[-1]

    reader = EventReader("frame", framer, decode, None)
    frame = sse("x")
    for chunk in range(2):
        reader.feed(frame * 50)
        for number in range(50 * chunk + 1, 50 * chunk + 51):
            place = f"frame {number} of the stream, which ends at byte {number * len(frame)}:"
            with pytest.raises(DecodeError, match=place):
                reader.read()
        assert reader.read() is None
    assert len(made) == 3


@pytest.mark.parametrize("only", [None, {"error"}])
def test_a_bad_frame_before_one_that_is_too_long(only: Any) -> None:
    stream = iter_events([sse("{") + b"data: " + b"x" * 100], only=only, max_frame_bytes=50)
    with pytest.raises(DecodeError, match=f"frame 1 of the stream, which ends at byte {len(sse('{'))}:"):
        next(stream)
    with pytest.raises(FramingError):
        next(stream)
    assert list(stream) == []


def test_a_bad_line_before_one_that_is_too_long() -> None:
    stream = iter_jsonl([b"x\n" + b"x" * 100], max_line_bytes=50)
    with pytest.raises(DecodeError, match="line 1 of the stream, which ends at byte 2:"):
        next(stream)
    with pytest.raises(FramingError):
        next(stream)
    assert list(stream) == []


def test_a_bad_frame_behind_those_that_were_passed_over() -> None:
    passed = sse(*[DELTA] * 10)
    bad = b"data: error\n\n"
    stream = iter_events([passed + bad + passed + bad + passed], only={"keepalive"})
    for number, end in ((11, len(passed + bad)), (22, len(passed + bad) * 2)):
        with pytest.raises(DecodeError, match=f"frame {number} of the stream, which ends at byte {end}:"):
            next(stream)
    assert list(stream) == []


@pytest.mark.parametrize("text", ["nonsense", "[1]", "3", "null", '{"a":1}}', "{" + '"a":{' * 100_000])
def test_what_is_no_object_is_an_error(text: str) -> None:
    with pytest.raises(DecodeError, match="frame 1 of the stream"):
        list(iter_events([sse(text)]))
    with pytest.raises(DecodeError, match="line 1 of the stream"):
        list(iter_jsonl([text.encode()]))


def test_strict() -> None:
    with pytest.raises(DecodeError) as caught:
        list(iter_events([sse({**DELTA, "delta": 5})], strict=True))
    assert "$.delta" in [problem.path for problem in caught.value.problems]


def test_the_frame_before_an_oversize_one_comes_first() -> None:
    for only in (None, {"keepalive", "response.output_text.delta"}):
        stream = iter_events(
            [sse(KEEPALIVE) + sse({**DELTA, "delta": "x" * 2000}) + sse(DELTA)], only=only, max_frame_bytes=1000
        )
        assert next(stream) == decode(KEEPALIVE)
        with pytest.raises(FramingError) as caught:
            next(stream)
        assert caught.value.offset == len(sse(KEEPALIVE))
        assert list(stream) == []


def test_a_broken_connection_comes_through() -> None:
    def breaking() -> Iterator[bytes]:
        yield sse(DELTA) + sse(KEEPALIVE)[:-3]
        raise ConnectionResetError("gone")

    stream = iter_events(breaking())
    assert next(stream) == decode(DELTA)
    with pytest.raises(ConnectionResetError):
        next(stream)
    assert stream.dropped
    assert list(stream) == []


# --- Ends ---


def test_closing_closes_where_the_bytes_come_from() -> None:
    closed: list[str] = []

    def endless() -> Iterator[bytes]:
        try:
            while True:
                yield sse(DELTA)
        finally:
            closed.append("sync")

    async def endless_too() -> AsyncIterator[bytes]:
        try:
            while True:
                yield sse(DELTA)
        finally:
            closed.append("async")

    async def read() -> None:
        async with aiter_events(endless_too()) as stream:
            async for _ in stream:
                break

    with iter_events(endless()) as stream:
        for _ in stream:
            break
    asyncio.run(read())
    assert closed == ["sync", "async"]
    assert list(stream) == []


def test_cancelling_loses_nothing() -> None:
    async def read() -> list[ResponseStreamEvent]:
        queue: asyncio.Queue[bytes] = asyncio.Queue()

        class Source:
            def __aiter__(self) -> Source:
                return self

            async def __anext__(self) -> bytes:
                return await queue.get()

        stream = aiter_events(Source())
        data = sse(DELTA, KEEPALIVE)
        queue.put_nowait(data[:100])
        found: list[ResponseStreamEvent] = []
        while len(found) < 2:
            try:
                found.append(await asyncio.wait_for(anext(stream), 0.01))
            except asyncio.TimeoutError:
                queue.put_nowait(data[100:])
        return found

    assert asyncio.run(read()) == [decode(DELTA), decode(KEEPALIVE)]


# --- JSON lines ---


def test_json_lines() -> None:
    lines = [json.dumps(DELTA), json.dumps(KEEPALIVE)]
    expected = [decode(DELTA), decode(KEEPALIVE)]
    data = "\n".join(lines).encode()
    for chunks in ([data], list(cut(data, 1)), [data + b"\r\n\r\n[DONE]\n"]):
        assert list(iter_jsonl(chunks)) == expected
        assert list(iter_jsonl(chunks, only={"keepalive", "error"})) == expected[1:]
    assert list(iter_jsonl(lines)) == list(iter_jsonl([f"{line}\n" for line in lines])) == expected
    assert list(iter_jsonl(data.decode())) == expected

    async def read() -> list[ResponseStreamEvent]:
        return [event async for event in aiter_jsonl(slowly(cut(data, 9)))]

    assert asyncio.run(read()) == expected


def test_a_line_that_broke_off_is_no_event() -> None:
    def breaking() -> Iterator[bytes]:
        yield json.dumps(KEEPALIVE).encode() + b'\n{"type": "keepalive"}'
        raise ConnectionResetError

    stream = iter_jsonl(breaking())
    assert next(stream) == decode(KEEPALIVE)
    with pytest.raises(ConnectionResetError):
        next(stream)
    assert stream.dropped
    assert list(stream) == []


# --- Writing ---


@pytest.mark.parametrize(
    "given",
    [
        decode(DELTA),
        text_delta("line\r\nline\u2028\x00\ud83d"),
        event("brand_new", list=[1, None, {"a": "\ud800"}]),
        UnknownEvent(type=None, data={}),
        decode({"type": "a\nb", "x": 1}),
        decode({"type": "\ud800"}),
        decode({"type": ""}),
    ],
    ids=repr,
)
def test_encode_sse_is_the_inverse(given: ResponseStreamEvent) -> None:
    data = encode_sse(given)
    assert list(iter_events([data])) == [given]
    tag = encode(given).get("type")
    if tag and tag.isprintable():
        assert data.startswith(f"event: {tag}\ndata: {{".encode())
    assert list(iter_jsonl([data.partition(b"data: ")[2]])) == [given]


def test_recordings_survive_encoding() -> None:
    for path in recordings():
        read = iter_jsonl if path.suffix == ".jsonl" else iter_events
        events = list(read([path.read_bytes()]))
        assert list(iter_events(map(encode_sse, events))) == events


# --- Memory ---


@pytest.mark.parametrize("only", [None, {"response.completed", "error"}])
def test_memory_does_not_grow_with_events_that_are_not_kept(only: Any) -> None:
    def chunks(count: int) -> Iterator[bytes]:
        data = sse(*([DELTA] * 50))
        return (data for _ in range(count))

    def peak(count: int) -> int:
        tracemalloc.start()
        for found in iter_events(chunks(count), only=only):
            assert isinstance(found, ResponseTextDeltaEvent)
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    peak(2)
    assert peak(400) < peak(40) + 20_000
