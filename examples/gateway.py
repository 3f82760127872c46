"""Passes Responses streams on, and puts right what is wrong with them.

`UPSTREAM=https://.../v1/responses uvicorn --app-dir examples gateway:app`. Set `HIDE` to a word that nobody is to read.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import AsyncIterator

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from responses_events import ResponseTextDeltaEvent
from responses_events.build import Relay, ResponseStream
from responses_events.stream import aiter_events


async def passed_on(client: httpx.AsyncClient, answer: httpx.Response, model: str) -> AsyncIterator[bytes]:
    """Give the bytes of a valid stream that says what the other server says."""
    relay = Relay()
    hidden = os.environ.get("HIDE", "")
    try:
        async for event in aiter_events(answer.aiter_bytes()):
            if hidden and isinstance(event, ResponseTextDeltaEvent):
                # The whole text that comes later is put together from what goes through here.
                event.delta = event.delta.replace(hidden, "*" * len(hidden))
            relay.feed(event)
            yield relay.take()
    except (httpx.HTTPError, ValueError):
        logging.exception("the server behind this one has failed")
    finally:
        await client.aclose()
    relay.close()
    yield relay.take()
    if not relay.ended:
        # Not one event has come: whoever waits for a response is told so.
        nothing = ResponseStream(model=model, created_at=int(time.time()))
        nothing.fail("server_error", "There was no answer.")
        yield nothing.take()
    for finding in relay.mended:
        logging.warning("mended: %s", finding.message)


async def responses(request: Request) -> Response:
    """Answer with a stream, or with what the other server says instead of one."""
    client = httpx.AsyncClient(timeout=60)
    body = await request.json()
    question = client.build_request("POST", os.environ["UPSTREAM"], json=body)
    answer = await client.send(question, stream=True)
    if answer.is_error:
        reason = await answer.aread()
        await client.aclose()
        return Response(reason, answer.status_code)
    return StreamingResponse(passed_on(client, answer, body["model"]), media_type="text/event-stream")


app = Starlette(routes=[Route("/responses", responses, methods=["POST"])])
