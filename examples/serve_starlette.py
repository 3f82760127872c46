"""Serves a streamed response with starlette, and puts together one that is sent to it.

`uvicorn --app-dir examples serve_starlette:app`, then `python examples/read_httpx.py http://127.0.0.1:8000/responses`.
The route `/collect` takes a stream as the body of a request, and answers with the finished response.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route

from responses_events import ResponseTextDeltaEvent, decode, encode
from responses_events.stream import Accumulator, aiter_events, encode_sse


async def answer() -> AsyncIterator[bytes]:
    """Give the bytes of a stream, event by event."""
    response = decode(
        {"type": "response.completed", "response": {"id": "resp_01", "object": "response", "status": "completed"}}
    )
    for number, word in enumerate(["Good ", "morning", "!"]):
        yield encode_sse(
            ResponseTextDeltaEvent(
                sequence_number=number, output_index=0, item_id="msg_01", content_index=0, delta=word
            )
        )
    yield encode_sse(response)


async def responses(request: Request) -> StreamingResponse:
    """Answer with a stream."""
    return StreamingResponse(answer(), media_type="text/event-stream")


async def collect(request: Request) -> JSONResponse:
    """Read a stream from the body of the request, and answer with what it amounts to."""
    accumulator = Accumulator()
    async for event in aiter_events(request.stream()):
        accumulator.feed(event)
    accumulator.close()
    end = accumulator.end
    return JSONResponse({"end": end and end.kind, "response": encode(accumulator.response)})


app = Starlette(
    routes=[
        Route("/responses", responses, methods=["GET", "POST"]),
        Route("/collect", collect, methods=["POST"]),
    ]
)
