"""Serves the Responses API with a model that is none: `uvicorn --app-dir examples serve_responses:app`.

It answers with a text, with a call of a function if the request brings one, and fails if the input asks for that.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from typing import Any, TypeVar

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from responses_events import InputTokensDetails, OutputTokensDetails, ResponseUsage
from responses_events.build import ResponseStream

T = TypeVar("T")

SILENCE = 15.0
"""Seconds after which proxies may take a connection for dead."""


async def think(question: str) -> AsyncIterator[str]:
    """Give an answer word by word, as a model would."""
    for word in f"You said: {question}".split(" "):
        await asyncio.sleep(0.001)
        if word == "wait":
            await asyncio.sleep(SILENCE * 3)
        if word == "fail":
            raise RuntimeError("the model has lost its thread")
        yield f"{word} "


async def with_pauses(pieces: AsyncIterator[T], seconds: float) -> AsyncIterator[T | None]:
    """Give what comes, and None whenever nothing has come for some seconds."""
    coming = asyncio.ensure_future(anext(pieces))
    try:
        while True:
            done, _ = await asyncio.wait([coming], timeout=seconds)
            if not done:
                yield None
                continue
            try:
                yield coming.result()
            except StopAsyncIteration:
                return
            coming = asyncio.ensure_future(anext(pieces))
    finally:
        coming.cancel()


async def answer(body: dict[str, Any]) -> AsyncIterator[bytes]:
    """Give the bytes of a stream as they come about; a client that goes away ends it at the next `yield`."""
    stream = ResponseStream(model=body["model"], created_at=int(time.time()))
    try:
        with stream:
            yield stream.take()
            written = 0
            with stream.message() as message:
                async for piece in with_pauses(think(body["input"]), SILENCE):
                    if piece is None:
                        stream.keepalive()
                    else:
                        message.text(piece)
                        written += 1
                    yield stream.take()
            for tool in body.get("tools", []):
                with stream.function_call(name=tool["name"], call_id="call_1") as call:
                    call.arguments('{"kind": ')
                    yield stream.take()
                    call.arguments('"oolong"}')
            stream.usage = usage(read=len(body["input"].split()), written=written)
    except Exception:
        # The stream says that it has failed; what exactly went wrong is nothing for clients.
        logging.exception("a response has failed")
    yield stream.take()


def usage(*, read: int, written: int) -> ResponseUsage:
    """Give what was consumed."""
    return ResponseUsage(
        input_tokens=read,
        input_tokens_details=InputTokensDetails(cached_tokens=0),
        output_tokens=written,
        output_tokens_details=OutputTokensDetails(reasoning_tokens=0),
        total_tokens=read + written,
    )


async def responses(request: Request) -> StreamingResponse:
    """Answer with a stream."""
    return StreamingResponse(answer(await request.json()), media_type="text/event-stream")


app = Starlette(routes=[Route("/responses", responses, methods=["POST"])])
