"""What people write with the package; mypy and pyright must agree to every line."""

from __future__ import annotations

import copy
import dataclasses
import json
from collections.abc import Iterable
from typing import Any, Literal

from typing_extensions import assert_never, assert_type

from responses_events import (
    EVENT_TYPES,
    Annotation,
    ContainerFileCitationBody,
    DecodeError,
    Decoder,
    EventType,
    FileCitationBody,
    FilePath,
    FunctionToolCall,
    Model,
    OutputItem,
    Problem,
    ResponseCompletedEvent,
    ResponseError,
    ResponseErrorEvent,
    ResponseLogProb,
    ResponseOutputItemDoneEvent,
    ResponseStreamEvent,
    ResponseTextDeltaEvent,
    ResponseUsage,
    UnknownEvent,
    UnknownVariant,
    UrlCitationBody,
    decode,
    dumps,
    encode,
    problems,
)
from responses_events.build import FunctionToolCallBuilder, ResponseStream


def collect(lines: Iterable[bytes]) -> str:
    text = ""
    for line in lines:
        event = decode(line)
        assert_type(event, ResponseStreamEvent)
        match event:
            case ResponseTextDeltaEvent(delta=delta):
                assert_type(delta, str)
                text += delta
            case ResponseErrorEvent(message=message):
                assert_type(message, "str | None")
            case ResponseCompletedEvent(response=response):
                assert_type(response.id, str)
                assert_type(response.error, ResponseError | None)
            case UnknownEvent(type=tag, data=data):
                assert_type(tag, "str | None")
                assert_type(data, "dict[str, Any]")
            case _:
                assert_type(event.extra, "dict[str, Any]")
    return text


def place(annotation: Annotation) -> str | None:
    match annotation:
        case FileCitationBody() | FilePath() | ContainerFileCitationBody():
            return annotation.file_id
        case UrlCitationBody(url=url):
            return url
        case UnknownVariant(tag=tag):
            return tag
        case _:
            assert_never(annotation)


def arguments(event: ResponseOutputItemDoneEvent) -> Any:
    assert_type(event.item, OutputItem)
    if isinstance(event.item, FunctionToolCall):
        return json.loads(event.item.arguments)
    return None


def build() -> ResponseTextDeltaEvent:
    event = ResponseTextDeltaEvent(
        item_id="msg_01",
        output_index=0,
        content_index=0,
        delta="Hel",
        logprobs=[ResponseLogProb(token="Hel", logprob=-0.5)],
    )
    event.delta = "Hello"
    event.sequence_number = None
    assert_type(event.type, Literal["response.output_text.delta"])
    assert_type(event.logprobs, "list[ResponseLogProb] | None")
    assert_type(copy.deepcopy(event), ResponseTextDeltaEvent)
    return dataclasses.replace(event, delta="lo")


def check(data: bytes, decoder: Decoder) -> list[Problem]:
    try:
        event = decoder.decode(data)
    except DecodeError as error:
        assert_type(error.problems, "tuple[Problem, ...]")
        return list(error.problems)
    assert_type(encode(event), "dict[str, Any]")
    assert_type(dumps(event), str)
    assert_type(event.type, "str | None")
    return problems(event) + problems({"type": "error"})


def name(event: Model) -> list[str]:
    return [field.name for field in dataclasses.fields(event)]


DECODERS = (Decoder(), Decoder(strict=True), Decoder(loads=json.loads))
MODEL: type[ResponseStreamEvent] = EVENT_TYPES[EventType.ResponseCreated]


def say(stream: ResponseStream, pieces: Iterable[str], usage: ResponseUsage) -> bytes:
    """Build a stream: what is open, and what it is, is known."""
    with stream:
        with stream.message() as message:
            for piece in pieces:
                message.text(piece)
        call = stream.current(FunctionToolCallBuilder) or stream.function_call(name="brew", call_id="call_1")
        call.arguments("{}")
        call.close(status="completed")
        stream.usage = usage
    return stream.take()
