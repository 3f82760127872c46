"""Passes Responses streams on, and puts right what is wrong with them.

`UPSTREAM=https://.../v1/responses uvicorn --app-dir examples gateway:app`. Set `HIDE` to a word that nobody is to read.
"""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncIterator

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from responses_events import ResponseTextDeltaEvent
from responses_events.build import Relay
from responses_events.stream import aiter_events


async def passed_on(client: httpx.AsyncClient, answer: httpx.Response) -> AsyncIterator[bytes]:
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
    for finding in relay.mended:
        logging.warning("mended: %s", finding.message)


async def responses(request: Request) -> Response:
    """Answer with a stream, or with what the other server says instead of one."""
    client = httpx.AsyncClient(timeout=60)
    question = client.build_request("POST", os.environ["UPSTREAM"], content=await request.body())
    answer = await client.send(question, stream=True)
    if answer.is_error:
        body = await answer.aread()
        await client.aclose()
        return Response(body, answer.status_code)
    return StreamingResponse(passed_on(client, answer), media_type="text/event-stream")


app = Starlette(routes=[Route("/responses", responses, methods=["POST"])])
