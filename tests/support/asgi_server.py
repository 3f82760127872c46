"""Serves an ASGI application on 127.0.0.1, one request a connection: as much of HTTP as the examples need."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any

Message = dict[str, Any]


async def _answer(app: Callable[..., Any], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    request, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").rstrip("\r\n").split("\r\n")
    method, path, _ = request.split(" ")
    headers = [
        (name.lower().encode(), value.strip().encode()) for name, _, value in (line.partition(":") for line in lines)
    ]
    left = int(dict(headers).get(b"content-length", b"0"))

    async def receive() -> Message:
        nonlocal left
        body = await reader.read(min(left, 100)) if left else b""
        left -= len(body)
        return {"type": "http.request", "body": body, "more_body": left > 0}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            writer.write(b"HTTP/1.1 %d OK\r\nConnection: close\r\n" % message["status"])
            writer.writelines(b"%s: %s\r\n" % header for header in message["headers"])
            writer.write(b"\r\n")
        else:
            writer.write(message.get("body", b""))
        await writer.drain()

    scope: Message = {"type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1"}
    scope |= {"method": method, "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": ""}
    scope |= {"scheme": "http", "headers": headers, "client": None, "server": None}
    await app(scope, receive, send)
    # A socket that is closed with the request half read resets the connection, and the client may lose the answer.
    while left and (body := await reader.read(left)):
        left -= len(body)
    writer.close()


@contextlib.contextmanager
def serving(app: Callable[..., Any]) -> Iterator[str]:
    """Serve until the context ends; gives the address."""
    ready, stop, address = threading.Event(), asyncio.Event(), list[str]()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        server = await asyncio.start_server(lambda *streams: _answer(app, *streams), "127.0.0.1", 0)
        address.append(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        ready.set()
        await stop.wait()
        server.close()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert ready.wait(20)
    try:
        yield address[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(20)
        loop.close()
