"""Real sockets on 127.0.0.1: connections that break, garbage, and ten thousand streams at once."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import os
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

import responses_events
from responses_events import DecodeError, ResponseTextDeltaEvent, encode
from responses_events.stream import Accumulator, NotAStreamError, aiter_events, iter_events
from support import ROOT
from support.streams import sse

DELTA = {"type": "response.output_text.delta", "item_id": "m", "output_index": 0, "content_index": 0, "delta": "a"}
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n"


@contextlib.contextmanager
def serving(*parts: bytes, reset: bool = False) -> Iterator[int]:
    """Answer one request with some bytes and close, or reset, the connection."""

    def answer() -> None:
        connection, _ = server.accept()
        with connection:
            while b"\r\n\r\n" not in connection.recv(65536):
                pass
            for part in parts:
                connection.sendall(part)
            if reset:
                # With no time to linger, closing is a reset.
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=answer)
        thread.start()
        yield server.getsockname()[1]
        thread.join(10)
        assert not thread.is_alive()


def received(port: int, size: int = 7) -> Iterator[bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with contextlib.closing(connection):
        connection.request("GET", "/")
        response = connection.getresponse()
        while chunk := response.read(size):
            yield chunk


def test_a_connection_that_closes_in_the_middle_of_a_frame() -> None:
    with serving(HEAD + b"\r\n", sse(DELTA), sse(DELTA)[:-5]) as port:
        stream, accumulator = iter_events(received(port)), Accumulator()
        for event in stream:
            accumulator.feed(event)
        accumulator.close()
    assert stream.dropped
    assert accumulator.end is not None
    assert accumulator.end.kind == "truncated"
    assert encode(accumulator.response)["output"][0]["content"][0]["text"] == "a"


def test_a_body_that_is_shorter_than_announced() -> None:
    with serving(HEAD + b"Content-Length: 5000\r\n\r\n", sse(DELTA), sse(DELTA)[:40]) as port:
        stream = iter_events(received(port, 100_000))
        with contextlib.suppress(http.client.IncompleteRead):
            assert all(isinstance(event, ResponseTextDeltaEvent) for event in stream)
    assert list(stream) == []


def test_a_connection_that_is_reset() -> None:
    with serving(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"ffff\r\n", sse(DELTA) * 3, reset=True) as port:
        stream = iter_events(received(port, 100))
        with pytest.raises((ConnectionError, http.client.IncompleteRead)):
            list(stream)
    assert list(stream) == []


@pytest.mark.parametrize(
    "garbage", [b"data: <html>502 Bad Gateway</html>\n\n", b'data: {"type":\n\n', b"data: \xff\xfe\n\n"]
)
def test_garbage_in_a_stream(garbage: bytes) -> None:
    with serving(HEAD + b"\r\n", sse(DELTA), garbage, sse(DELTA)) as port:
        stream = iter_events(received(port))
        assert isinstance(next(stream), ResponseTextDeltaEvent)
        with pytest.raises(DecodeError, match="frame 2 of the stream"):
            next(stream)
        assert isinstance(next(stream), ResponseTextDeltaEvent)
        assert list(stream) == []


def test_bytes_that_are_no_stream() -> None:
    with serving(HEAD + b"\r\n", b"<html>502 Bad Gateway</html>\n" + os.urandom(5000).replace(b"data", b"")) as port:
        stream = iter_events(received(port, 1000))
        with pytest.raises(NotAStreamError, match="an HTML or XML page: <html>502 Bad Gateway</html>"):
            next(stream)
        assert list(stream) == []


# --- Many at once ---

MANY = 10_000


def room_for(sockets: int) -> bool:
    """Allow this process as many sockets as it may have."""
    try:
        import resource
    except ImportError:
        return False
    soft, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most == resource.RLIM_INFINITY or most > sockets


async def chunks_of(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while chunk := await reader.read(4096):
        yield chunk


async def read_many(port: int, count: int) -> list[Accumulator]:
    connecting = asyncio.Semaphore(200)

    async def read(number: int) -> Accumulator:
        async with connecting:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"{number}\n".encode())
            await writer.drain()
        accumulator = Accumulator()
        async with aiter_events(chunks_of(reader)) as stream:
            async for event in stream:
                accumulator.feed(event)
        accumulator.close()
        writer.close()
        return accumulator

    return list(await asyncio.gather(*map(read, range(count))))


def test_ten_thousand_streams_at_once() -> None:
    if not room_for(MANY + 200):
        pytest.skip(f"this process may not have {MANY} sockets open (ulimit -n)")
    # The package first, which may be another copy than the one that lies here.
    path = [Path(responses_events.__file__).parents[1], ROOT / "tests"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path))}
    command = [sys.executable, "-m", "support.many_streams", str(MANY)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
        try:
            assert server.stdout is not None
            port = int(server.stdout.readline())
            read = asyncio.run(asyncio.wait_for(read_many(port, MANY), 120))
        finally:
            server.terminate()
    assert {each.end.kind for each in read if each.end} == {"completed"}
    texts = [encode(each.response)["output"][0]["content"][0]["text"] for each in read]
    assert texts == [f"stream {number}" for number in range(MANY)]
