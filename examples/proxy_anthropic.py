"""Serves the Responses API with the answers of a server that speaks the Messages API of Anthropic.

`UPSTREAM=https://.../v1/messages KEY=... uvicorn --app-dir examples proxy_anthropic:app`.
Of a request only the text goes on; this is about the answer.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from anthropic_events import (
    ContentBlock,
    ContentBlockDelta,
    ContentBlockDeltaEvent,
    ContentBlockStartEvent,
    ContentBlockStopEvent,
    InputJsonDelta,
    MessageStreamEvent,
    SignatureDelta,
    TextBlock,
    TextDelta,
    ThinkingBlock,
    ThinkingDelta,
    ToolUseBlock,
    Usage,
)
from anthropic_events.stream import Accumulator, aiter_events
from responses_events import InputTokensDetails, OutputTokensDetails, ResponseUsage
from responses_events.build import (
    FunctionToolCallBuilder,
    OutputMessageBuilder,
    ReasoningItemBuilder,
    ResponseStream,
)


class Translation:
    """Says in a Responses stream what the events of a message say; tools of the other server are its own business."""

    def __init__(self, stream: ResponseStream) -> None:
        self._stream = stream
        self._message = Accumulator()
        self._items: dict[int, OutputMessageBuilder | ReasoningItemBuilder | FunctionToolCallBuilder] = {}
        self._inputs: dict[int, dict[str, Any]] = {}

    def feed(self, event: MessageStreamEvent) -> None:
        """Take the next event."""
        self._message.feed(event)
        match event:
            case ContentBlockStartEvent(index=index, content_block=block):
                self._begin(index, block)
            case ContentBlockDeltaEvent(index=index, delta=delta):
                self._add(index, delta)
            case ContentBlockStopEvent(index=index):
                self._finish(index)

    def close(self) -> None:
        """Say how the stream has ended, however it has."""
        self._message.close()
        self._stream.usage = usage(getattr(self._message.message, "usage", None))
        end = self._message.end
        if end is None or end.kind == "truncated":
            self._stream.fail("server_error", "The answer broke off.")
        elif end.kind != "completed":
            self._stream.fail("server_error", str(end.error or "The model has failed."))
        else:
            match self._message.message.stop_reason:
                case "max_tokens" | "model_context_window_exceeded":
                    self._stream.incomplete("max_output_tokens")
                case "refusal":
                    self._stream.incomplete("content_filter")
                case _:
                    self._stream.complete()

    def _begin(self, index: int, block: ContentBlock) -> None:
        match block:
            case TextBlock(text=text):
                self._items[index] = message = self._stream.message()
                message.text(text)
            case ThinkingBlock(thinking=thought):
                self._items[index] = reasoning = self._stream.reasoning()
                reasoning.content(thought)
            case ToolUseBlock(id=call_id, name=name, input=value):
                self._items[index] = self._stream.function_call(call_id=call_id, name=name)
                self._inputs[index] = value

    def _add(self, index: int, delta: ContentBlockDelta) -> None:
        match self._items.get(index), delta:
            case OutputMessageBuilder() as message, TextDelta(text=text):
                message.text(text)
            case ReasoningItemBuilder() as reasoning, ThinkingDelta(thinking=thought):
                reasoning.content(thought)
            case ReasoningItemBuilder() as reasoning, SignatureDelta(signature=signature):
                reasoning.encrypted_content = signature
            case FunctionToolCallBuilder() as call, InputJsonDelta(partial_json=piece) if piece:
                self._inputs.pop(index, None)
                call.arguments(piece)

    def _finish(self, index: int) -> None:
        item = self._items.pop(index, None)
        # An input that is empty comes without pieces, and some servers send any input so.
        if isinstance(item, FunctionToolCallBuilder) and index in self._inputs:
            item.arguments(json.dumps(self._inputs.pop(index)))
        if item is not None:
            item.close()


def usage(told: Usage | None) -> ResponseUsage:
    """Give what was consumed; what comes from the cache, or goes there, is counted apart by the other API."""
    cached = (told.cache_read_input_tokens if told else None) or 0
    stored = (told.cache_creation_input_tokens if told else None) or 0
    read = (told.input_tokens if told else 0) + cached + stored
    written = told.output_tokens if told else 0
    return ResponseUsage(
        input_tokens=read,
        input_tokens_details=InputTokensDetails(cached_tokens=cached),
        output_tokens=written,
        output_tokens_details=OutputTokensDetails(reasoning_tokens=0),
        total_tokens=read + written,
    )


async def answer(body: dict[str, Any]) -> AsyncIterator[bytes]:
    """Ask the other server, and give the bytes of the answer as they come."""
    # Blocks come one by one, and so do items; where a server lets them overlap, nothing is lost.
    stream = ResponseStream(model=body["model"], created_at=int(time.time()), overlap=True)
    yield stream.take()
    translation = Translation(stream)
    question = {
        "model": body["model"],
        "messages": messages(body["input"]),
        "max_tokens": body.get("max_output_tokens") or 4096,
        "stream": True,
    }
    headers = {"anthropic-version": "2023-06-01", "x-api-key": os.environ.get("KEY", "")}
    try:
        async with (
            httpx.AsyncClient(timeout=60, headers=headers) as client,
            client.stream("POST", os.environ["UPSTREAM"], json=question) as response,
        ):
            response.raise_for_status()
            async for event in aiter_events(response.aiter_bytes()):
                translation.feed(event)
                yield stream.take()
    except (httpx.HTTPError, ValueError):
        logging.exception("the server behind this one has failed")
    translation.close()
    yield stream.take()


def messages(told: str | list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Translate the input of a request: texts and messages of text."""
    if isinstance(told, str):
        return [{"role": "user", "content": told}]
    return [{"role": each["role"], "content": each["content"]} for each in told]


async def responses(request: Request) -> StreamingResponse:
    """Answer with a stream."""
    return StreamingResponse(answer(await request.json()), media_type="text/event-stream")


app = Starlette(routes=[Route("/responses", responses, methods=["POST"])])
