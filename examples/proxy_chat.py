"""Serves the Responses API with the answers of a server that speaks Chat Completions.

`UPSTREAM=https://.../v1/chat/completions uvicorn --app-dir examples proxy_chat:app`.
Of a request only the text goes on; this is about the answer.
"""

from __future__ import annotations

import logging
import os
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from chat_events import (
    ChatCompletionChunk,
    ChatStreamEvent,
    ContentFilterEvent,
    MessageDelta,
    TextPart,
    ThinkingPart,
    ToolCallDelta,
    Usage,
)
from chat_events.stream import Accumulator, aiter_events
from responses_events import InputTokensDetails, OutputTokensDetails, ResponseUsage
from responses_events.build import (
    FunctionToolCallBuilder,
    OutputMessageBuilder,
    ReasoningItemBuilder,
    ResponseStream,
)


@dataclass
class Call:
    """A tool call as far as it has come: its name may come after its arguments."""

    index: int | None
    id: str = ""
    name: str = ""
    arguments: str = ""
    sent: int = 0
    item: FunctionToolCallBuilder | None = None

    def has(self, piece: ToolCallDelta) -> bool:
        """Whether a piece belongs to it."""
        # Some servers give all calls the same index, and tell them apart by their ids.
        return piece.id == self.id if piece.id and self.id else piece.index == self.index


class Translation:
    """Says in a Responses stream what the events of a chat stream say; of several choices, the first one."""

    def __init__(self, stream: ResponseStream) -> None:
        self._stream = stream
        self._chat = Accumulator()
        self._calls: list[Call] = []
        self._after_calls: list[MessageDelta] = []

    def feed(self, event: ChatStreamEvent) -> None:
        """Take the next event."""
        self._chat.feed(event)
        if isinstance(event, (ChatCompletionChunk, ContentFilterEvent)):
            for choice in event.choices or ():
                if choice.index == 0 and choice.delta is not None:
                    self._take(choice.delta)

    def close(self) -> None:
        """Say how the stream has ended, however it has."""
        self._chat.close()
        end = self._chat.end
        for call in self._calls:
            if end is not None and end.kind == "completed":
                # Without arguments there are no pieces, and clients expect JSON.
                call.arguments = call.arguments or "{}"
            self._send(call)
        for delta in self._after_calls:
            self._say(delta)
        self._stream.usage = usage(self._chat.chat_completion.usage)
        if end is None or end.kind == "truncated":
            self._stream.fail("server_error", "The answer broke off.")
        elif end.kind == "incomplete":
            is_long = end.reason in ("length", "model_length")
            self._stream.incomplete("max_output_tokens" if is_long else "content_filter")
        elif end.kind == "completed":
            self._stream.complete()
        else:
            self._stream.fail("server_error", str(end.error or "The model has failed."))

    def _take(self, delta: MessageDelta) -> None:
        for piece in delta.tool_calls or ():
            self._take_call(piece)
        # Items come one by one, and whether a call is whole shows only at the end: what is said after it has to wait.
        if self._calls:
            self._after_calls.append(delta)
        else:
            self._say(delta)

    def _say(self, delta: MessageDelta) -> None:
        stream = self._stream
        for thought in thoughts(delta):
            (stream.current(ReasoningItemBuilder) or stream.reasoning()).content(thought)
        for text in filter(None, texts(delta)):
            (stream.current(OutputMessageBuilder) or stream.message()).text(text)
        if delta.refusal:
            (stream.current(OutputMessageBuilder) or stream.message()).refusal(delta.refusal)

    def _take_call(self, piece: ToolCallDelta) -> None:
        call = next((call for call in reversed(self._calls) if call.has(piece)), None)
        if call is None:
            call = Call(piece.index)
            self._calls.append(call)
        call.id = call.id or piece.id or ""
        if piece.function is not None:
            call.name = call.name or piece.function.name or ""
            call.arguments += piece.function.arguments or ""
        if call is self._calls[0] and call.name:
            self._send(call)

    def _send(self, call: Call) -> None:
        if call.item is None:
            call_id = call.id or f"call_{uuid.uuid4().hex}"
            call.item = self._stream.function_call(call_id=call_id, name=call.name)
        call.item.arguments(call.arguments[call.sent :])
        call.sent = len(call.arguments)


def thoughts(delta: MessageDelta) -> Iterator[str]:
    """Give the pieces of reasoning, which servers call differently, or send as parts of the content."""
    if thought := delta.reasoning_content or delta.reasoning or delta.reasoning_text:
        yield thought
    for part in delta.content if isinstance(delta.content, list) else ():
        if isinstance(part, ThinkingPart):
            yield from (each.text for each in part.thinking if isinstance(each, TextPart))


def texts(delta: MessageDelta) -> Iterator[str]:
    """Give the pieces of text."""
    if isinstance(delta.content, str):
        yield delta.content
    elif delta.content:
        yield from (part.text for part in delta.content if isinstance(part, TextPart))


def usage(told: Usage | None) -> ResponseUsage:
    """Give what was consumed; zeros where the server does not tell, since clients expect numbers."""
    read = told.prompt_tokens_details if told else None
    written = told.completion_tokens_details if told else None
    return ResponseUsage(
        input_tokens=told.prompt_tokens if told else 0,
        input_tokens_details=InputTokensDetails(cached_tokens=(read and read.cached_tokens) or 0),
        # Some servers leave the reasoning out of `completion_tokens`, but not out of the sum.
        output_tokens=told.total_tokens - told.prompt_tokens if told else 0,
        output_tokens_details=OutputTokensDetails(reasoning_tokens=(written and written.reasoning_tokens) or 0),
        total_tokens=told.total_tokens if told else 0,
    )


async def answer(body: dict[str, Any]) -> AsyncIterator[bytes]:
    """Ask the other server, and give the bytes of the answer as they come."""
    stream = ResponseStream(model=body["model"], created_at=int(time.time()))
    yield stream.take()
    translation = Translation(stream)
    question = {
        "model": body["model"],
        "messages": messages(body["input"]),
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    try:
        async with (
            httpx.AsyncClient(timeout=60) as client,
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
