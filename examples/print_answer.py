"""Prints what a model answers, piece by piece, and what it asks for."""

from responses_events import (
    FunctionToolCall,
    Response,
    ResponseCompletedEvent,
    ResponseOutputItemDoneEvent,
    ResponseTextDeltaEvent,
    ResponseUsage,
    UnknownEvent,
)
from responses_events.stream import iter_events

with open("examples/answer.sse", "rb") as chunks:
    for event in iter_events(chunks):
        match event:
            case ResponseTextDeltaEvent(delta=text):
                print(text, end="")
            case ResponseOutputItemDoneEvent(item=FunctionToolCall(name=name, arguments=arguments)):
                print(f"\ncall {name} with {arguments}")
            case ResponseCompletedEvent(response=Response(usage=ResponseUsage(total_tokens=tokens))):
                print(f"{tokens} tokens")
            case UnknownEvent(type=tag, data=data):
                print(f"newer than this package: {tag}, {data['mood']}")
