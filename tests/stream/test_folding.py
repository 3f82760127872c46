"""What folds can say, in small specs like those of APIs that stream: each builds the state that its events tell."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

import black
import pytest
from mypy import api as mypy

Package: TypeAlias = Callable[..., ModuleType]

CASES = Path(__file__).parents[1] / "cases"

BLOCKS = """
types:
  Message:
    fields:
      id: {type: string, unique: true}
      content: {type: "list[Block]"}
      stop_reason: {type: string, nullable: true}
      stop_sequence: {type: string, nullable: true}
      usage: {type: Usage}
  Usage: {fields: {input_tokens: {type: integer, nullable: true}, output_tokens: {type: integer, optional: true}}}
  Change: {fields: {stop_reason: {type: string, nullable: true}, stop_sequence: {type: string, nullable: true}}}
  Citation: {fields: {title: {type: string}}}
  TextBlock:
    tag: text
    fields: {text: {type: string}, citations: {type: "list[Citation]", optional: true, nullable: true}}
  ToolUseBlock: {tag: [tool_use, server_tool_use], fields: {id: {type: string, unique: true}, input: {type: object}}}
  TextDelta: {tag: text_delta, fields: {text: {type: string}}}
  JsonDelta: {tag: input_json_delta, fields: {partial_json: {type: string}}}
  CitationsDelta: {tag: citations_delta, fields: {citation: {type: Citation}}}
unions:
  Block: {variants: [TextBlock, ToolUseBlock]}
  Delta: {variants: [TextDelta, JsonDelta, CitationsDelta]}
events:
  message_start: {fields: {message: {type: Message}}, fold: state = message}
  content_block_start:
    fields: {index: {type: integer}, content_block: {type: Block}}
    fold: content[index] = content_block
  content_block_delta:
    fields: {index: {type: integer}, delta: {type: Delta}}
    fold:
      - content[index as TextBlock].text += delta.text
      - content[index as TextBlock].citations += delta.citation
      - content[index as ToolUseBlock].input += delta.partial_json
  message_delta:
    fields: {delta: {type: Change}, usage: {type: Usage}}
    fold: [state |= delta, usage |= usage]
  message_stop: {ends: completed, fold: none}
"""

CHOICES = """
types:
  Completion:
    fields:
      id: {type: string}
      choices: {type: "list[Choice]"}
      usage: {type: Usage, nullable: true}
  Usage: {fields: {total_tokens: {type: integer}}}
  Choice:
    fields:
      index: {type: integer}
      message: {type: Message}
      finish_reason: {type: string, nullable: true}
  Message:
    fields:
      role: {type: string}
      content: {type: string, nullable: true}
      tool_calls: {type: "list[ToolCall]", optional: true}
  ToolCall: {fields: {id: {type: string, unique: true}, function: {type: Function}}}
  Function: {fields: {name: {type: string}, arguments: {type: string}}}
  ChunkChoice:
    fields:
      index: {type: integer}
      delta: {type: ChunkDelta}
      finish_reason: {type: string, nullable: true}
  ChunkDelta:
    fields:
      role: {type: string, optional: true}
      content: {type: string, optional: true, nullable: true}
      tool_calls: {type: "list[ChunkCall]", optional: true}
  ChunkCall:
    fields:
      index: {type: integer}
      id: {type: string, optional: true}
      function: {type: ChunkFunction, optional: true}
  ChunkFunction: {fields: {name: {type: string, optional: true}, arguments: {type: string, optional: true}}}
events:
  chunk:
    fields:
      id: {type: string}
      choices: {type: "list[ChunkChoice]"}
      usage: {type: Usage, optional: true, nullable: true}
    fold:
      - id = id
      - usage = usage
      - each: choices
        do:
          - choices[index is index].message.role = delta.role
          - choices[index is index].message.content += delta.content
          - choices[index is index].finish_reason = finish_reason
          - each: delta.tool_calls
            do:
              - choices[outer.index is index].message.tool_calls[index].id = id
              - choices[outer.index is index].message.tool_calls[index].function.name = function.name
              - choices[outer.index is index].message.tool_calls[index].function.arguments += function.arguments
"""

MESSAGES = """
types:
  Run: {fields: {threadId: {type: string, optional: true}, messages: {type: "list[Message]"}}}
  AssistantMessage:
    tag: assistant
    fields:
      id: {type: string, unique: true}
      content: {type: string, optional: true}
      toolCalls: {type: "list[ToolCall]", optional: true}
  UserMessage: {tag: user, fields: {id: {type: string, unique: true}, content: {type: string}}}
  ToolCall: {fields: {id: {type: string, unique: true}, function: {type: Function}}}
  Function: {fields: {name: {type: string}, arguments: {type: string}}}
unions:
  Message: {variants: [AssistantMessage, UserMessage]}
events:
  STARTED: {variant: Started, fields: {threadId: {type: string}}, fold: threadId = threadId}
  TEXT_START:
    variant: TextStart
    fields: {messageId: {type: string}}
    fold: messages[messageId is id as AssistantMessage].content = ""
  TEXT_CONTENT:
    variant: TextContent
    fields: {messageId: {type: string}, delta: {type: string}}
    fold: messages[messageId is id as AssistantMessage].content += delta
  CALL_START:
    variant: CallStart
    fields:
      toolCallId: {type: string}
      toolCallName: {type: string}
      parentMessageId: {type: string, optional: true}
    fold:
      messages[parentMessageId is id as AssistantMessage].toolCalls[toolCallId is id].function.name = toolCallName
  CALL_ARGS:
    variant: CallArgs
    fields: {toolCallId: {type: string}, delta: {type: string}}
    fold: messages[* as AssistantMessage].toolCalls[toolCallId is id].function.arguments += delta
  SNAPSHOT: {variant: Snapshot, fields: {messages: {type: "list[Message]"}}, fold: messages = messages}
  FORGET: {variant: Forget, fields: {messageId: {type: string}}, fold: "remove messages[messageId is id]"}
  LEAVE: {variant: Leave, fold: remove threadId}
  REDACT: {variant: Redact, fields: {text: {type: string}}, fold: "messages[* as UserMessage].content = text"}
"""

OBJECTS = """
types:
  Metadata: {fields: {name: {type: string}, labels: {type: "map[string]", optional: true}}}
  Pod: {tag: Pod, fields: {metadata: {type: Metadata}, phase: {type: string, optional: true}}}
  Service: {tag: Service, fields: {metadata: {type: Metadata}, ports: {type: "list[integer]", optional: true}}}
  Patch: {fields: {phase: {type: string, optional: true}}}
unions:
  Resource: {variants: [Pod, Service]}
events:
  ADDED: {variant: Added, fields: {object: {type: Resource}}, fold: state = object}
  MODIFIED: {variant: Modified, fields: {object: {type: Resource}}, fold: state = object}
  PATCHED: {variant: Patched, fields: {patch: {type: Resource}}, fold: state |= patch}
  DELETED: {variant: Deleted, fields: {object: {type: Resource}}, ends: completed, fold: state = object}
"""

OBJECTS_OF_ANY_KIND = OBJECTS.replace("Service]}", "Service], unknown: Thing}").replace(
    "types:\n", "types:\n  Thing: {fields: {metadata: {type: Metadata, optional: true}}}\n"
)

RESPONSES = """
types:
  Session: {fields: {responses: {type: "list[Response]"}, items: {type: "list[Item]"}, topic: {type: string}}}
  Response:
    fields: {id: {type: string, unique: true}, status: {type: string}, output: {type: "list[Item]"}}
  TextPart: {tag: text, fields: {text: {type: string}}}
  AudioPart: {tag: audio, fields: {transcript: {type: string}}}
  MessageItem: {tag: message, fields: {id: {type: string, unique: true}, content: {type: "list[Part]", optional: true}}}
  CallItem: {tag: call, fields: {id: {type: string, unique: true}, arguments: {type: string}}}
unions:
  Part: {variants: [TextPart, AudioPart]}
  Item: {variants: [MessageItem, CallItem]}
events:
  item.added: {fields: {item: {type: Item}}, fold: "items[item.id is id] = item"}
  item.deleted: {fields: {item_id: {type: string}}, fold: "remove items[item_id is id]"}
  response.created: {fields: {response: {type: Response}}, fold: "responses[response.id is id] = response"}
  text.delta:
    fields:
      response_id: {type: string}
      output_index: {type: integer}
      content_index: {type: integer}
      delta: {type: string}
    fold: >-
      responses[response_id is id].output[output_index as MessageItem].content[content_index as TextPart].text += delta
  call.delta:
    fields: {response_id: {type: string}, output_index: {type: integer}, delta: {type: string}}
    fold: "responses[response_id is id].output[output_index as CallItem].arguments += delta"
  output.done:
    fields: {response_id: {type: string}, output_index: {type: integer}, item: {type: Item}}
    fold: "responses[response_id is id].output[output_index] |= item"
  response.done: {fields: {response: {type: Response}}, fold: "responses[response.id is id] = response"}
"""

CANDIDATES = """
types:
  Answer: {fields: {candidates: {type: "list[Candidate]"}, usageMetadata: {type: Usage, optional: true}}}
  Candidate:
    fields:
      index: {type: integer, optional: true}
      content: {type: Content, optional: true}
      finishReason: {type: string, optional: true}
  Content: {fields: {role: {type: string, optional: true}, parts: {type: "list[Part]", optional: true}}}
  Part: {fields: {text: {type: string}}}
  Usage: {fields: {prompt: {type: integer, optional: true}, total: {type: integer, optional: true}}}
events:
  chunk:
    fields: {candidates: {type: "list[Candidate]", optional: true}, usageMetadata: {type: Usage, optional: true}}
    fold:
      - usageMetadata |= usageMetadata
      - each: candidates
        do:
          - candidates[index is index].content.role = content.role
          - candidates[index is index].content.parts += content.parts
          - candidates[index is index].finishReason = finishReason
"""

ARTIFACTS = """
types:
  Task: {fields: {artifacts: {type: "list[Artifact]"}, closed: {type: boolean, optional: true}, tries: {type: integer}}}
  Artifact: {fields: {artifactId: {type: string}, parts: {type: "list[Part]"}}}
  Part: {fields: {text: {type: string}}}
  Update:
    fields:
      append: {type: boolean, optional: true}
      artifact: {type: Artifact}
      note: {type: string, optional: true, nullable: true}
events:
  update:
    fields: {result: {type: Update}, kind: {type: string, optional: true}, x-try: {type: integer, optional: true}}
    fold:
      - when: {result.append: true}
        do: artifacts[result.artifact.artifactId is artifactId].parts += result.artifact.parts
      - when: {result.append: false}
        do: artifacts[result.artifact.artifactId is artifactId] = result.artifact
      - {when: {kind: last}, do: [closed = true, tries = 3]}
      - {when: [result.note], do: closed = false}
      - when: {x-try: 1}
        do: tries = x-try
"""

CALL_BY_CALL = """
types:
  Answer: {fields: {calls: {type: "list[Call]"}}}
  Call: {fields: {id: {type: string, unique: true}, name: {type: string}, input: {type: object}}}
  Named: {fields: {id: {type: string}, name: {type: string}}}
events:
  start: {fields: {index: {type: integer}, call: {type: Named}}, fold: "calls[index] |= call"}
  piece: {fields: {index: {type: integer}, delta: {type: string}}, fold: "calls[index].input += delta"}
"""

CALLS = """
types:
  Answer:
    fields:
      text: {type: string, optional: true}
      parts: {type: "list[Part]", optional: true}
      calls: {type: "list[Call]"}
  Call: {fields: {index: {type: integer}, id: {type: string}, name: {type: string}}}
  Words: {tag: words, fields: {text: {type: string}}}
  Picture: {tag: picture, fields: {url: {type: string}}}
  CallPiece:
    fields:
      index: {type: integer}
      id: {type: string, optional: true, nullable: true}
      name: {type: string | integer, optional: true, nullable: true}
unions:
  Part: {variants: [Words, Picture]}
events:
  piece:
    fields: {content: {type: "string | list[Part]", optional: true}, calls: {type: "list[CallPiece]", optional: true}}
    fold:
      - text += content
      - parts += content
      - {each: content, do: text += text}
      - each: calls
        do: ["calls[index is index].id ?= id", "calls[index is index].name ?= name"]
"""

SPECS: Mapping[str, tuple[str, str]] = {
    "blocks": (BLOCKS, "Message"),
    "choices": (CHOICES, "Completion"),
    "messages": (MESSAGES, "Run"),
    "objects": (OBJECTS, "Resource"),
    "objects of any kind": (OBJECTS_OF_ANY_KIND, "Resource"),
    "responses": (RESPONSES, "Session"),
    "candidates": (CANDIDATES, "Answer"),
    "artifacts": (ARTIFACTS, "Task"),
    "calls": (CALLS, "Answer"),
    "call by call": (CALL_BY_CALL, "Answer"),
}


def built(package: Package, name: str, events: Iterable[dict[str, Any]]) -> Any:
    """Feed events, read the state after each, and give the accumulator."""
    text, state = SPECS[name]
    demo = package(text, state=state)
    accumulator = importlib.import_module(f"{demo.__name__}.stream").Accumulator()
    seen = []
    for wire in events:
        event = demo.decode(wire)
        accumulator.feed(event)
        assert demo.encode(event) == wire
        seen.append((accumulator.state, demo.encode(accumulator.state)))
    assert all(demo.encode(state) == before for state, before in seen)
    return accumulator


def state_of(package: Package, name: str, *events: dict[str, Any]) -> Any:
    """Give the state that events build, as it would be on the wire, from a stream that is well formed."""
    accumulator = built(package, name, events)
    assert not accumulator.mended
    return importlib.import_module("demo").encode(accumulator.state)


def test_a_merge_gives_an_id_to_what_has_none(package: Package) -> None:
    events: list[dict[str, Any]] = [
        {"type": "start", "index": 0, "call": {"id": "c1", "name": "look"}},
        {"type": "piece", "index": 0, "delta": "{}"},
        {"type": "start", "index": 0, "call": {"id": "c2", "name": "see"}},
    ]
    assert state_of(package, "call by call", *events) == {"calls": [{"id": "c1", "name": "see", "input": {}}]}


def test_blocks_grow_by_text_by_elements_and_by_json(package: Package) -> None:
    usage = {"input_tokens": 3, "output_tokens": 1}
    start = {"id": "m", "content": [], "stop_reason": None, "stop_sequence": None, "usage": usage}
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": start},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": "", "citations": None}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "He"}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "citations_delta", "citation": {"title": "A"}}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "y"}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "citations_delta", "citation": {"title": "B"}}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "new_delta", "text": "?"}},
        {
            "type": "content_block_start",
            "index": 1,
            "content_block": {"type": "server_tool_use", "id": "t", "input": {}},
        },
        {"type": "content_block_delta", "index": 1, "delta": {"type": "input_json_delta", "partial_json": ""}},
        {
            "type": "content_block_delta",
            "index": 1,
            "delta": {"type": "input_json_delta", "partial_json": '{"city": "Pa'},
        },
        {"type": "content_block_delta", "index": 1, "delta": {"type": "input_json_delta", "partial_json": 'ris"}'}},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn", "stop_sequence": None, "new": 1},
            "usage": {"input_tokens": None, "output_tokens": 9, "cached": 2},
        },
        {"type": "message_stop"},
    ]
    assert state_of(package, "blocks", *events) == {
        "id": "m",
        "content": [
            {"type": "text", "text": "Hey", "citations": [{"title": "A"}, {"title": "B"}]},
            {"type": "server_tool_use", "id": "t", "input": {"city": "Paris"}},
        ],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "new": 1,
        "usage": {"input_tokens": 3, "output_tokens": 9, "cached": 2},
    }
    accumulator = built(package, "blocks", events[:-3])
    block = accumulator.state.content[1]
    assert (block.input, accumulator.json_text(block, "input")) == ({"city": "Pa"}, '{"city": "Pa')


def test_choices_are_gone_through_and_so_are_the_calls_in_them(package: Package) -> None:
    def chunk(*choices: dict[str, Any], **more: Any) -> dict[str, Any]:
        return {"type": "chunk", "id": "c", "choices": list(choices), **more}

    def choice(index: int, finish_reason: str | None = None, **delta: Any) -> dict[str, Any]:
        return {"index": index, "delta": delta, "finish_reason": finish_reason}

    def call(index: int, arguments: str, **more: Any) -> dict[str, Any]:
        name = {"name": more.pop("name")} if "name" in more else {}
        return {"index": index, **more, "function": {**name, "arguments": arguments}}

    assert state_of(
        package,
        "choices",
        chunk(choice(0, role="assistant", content=""), usage=None),
        chunk(choice(1, role="assistant", content="Ja")),
        chunk(choice(0, content="Yes"), choice(1, content=".")),
        chunk(choice(0, tool_calls=[call(0, "", id="x", name="f"), call(1, "[", id="y", name="g")])),
        chunk(
            choice(0, tool_calls=[call(1, "]"), call(0, "{}")]), choice(1, tool_calls=[call(0, "1", id="z", name="h")])
        ),
        chunk(choice(0, "tool_calls"), choice(1, "stop")),
        chunk(usage={"total_tokens": 7}),
    ) == {
        "id": "c",
        "choices": [
            {
                "index": 0,
                "message": {
                    "role": "assistant",
                    "content": "Yes",
                    "tool_calls": [
                        {"id": "x", "function": {"name": "f", "arguments": "{}"}},
                        {"id": "y", "function": {"name": "g", "arguments": "[]"}},
                    ],
                },
                "finish_reason": "tool_calls",
            },
            {
                "index": 1,
                "message": {
                    "role": "assistant",
                    "content": "Ja.",
                    "tool_calls": [{"id": "z", "function": {"name": "h", "arguments": "1"}}],
                },
                "finish_reason": "stop",
            },
        ],
        "usage": {"total_tokens": 7},
    }


def test_messages_are_found_by_their_ids_and_calls_in_any_of_them(package: Package) -> None:
    assert state_of(
        package,
        "messages",
        {"type": "STARTED", "threadId": "t"},
        {"type": "SNAPSHOT", "messages": [{"type": "user", "id": "u", "content": "secret"}]},
        {"type": "TEXT_START", "messageId": "a"},
        {"type": "TEXT_CONTENT", "messageId": "a", "delta": "He"},
        {"type": "TEXT_START", "messageId": "b"},
        {"type": "CALL_START", "toolCallId": "x", "toolCallName": "f", "parentMessageId": "a"},
        {"type": "TEXT_CONTENT", "messageId": "a", "delta": "y"},
        {"type": "CALL_START", "toolCallId": "y", "toolCallName": "g", "parentMessageId": "c"},
        {"type": "CALL_ARGS", "toolCallId": "x", "delta": "{"},
        {"type": "CALL_ARGS", "toolCallId": "y", "delta": "[]"},
        {"type": "CALL_ARGS", "toolCallId": "x", "delta": "}"},
        {"type": "CALL_ARGS", "toolCallId": "nowhere", "delta": "}"},
        {"type": "REDACT", "text": "..."},
        {"type": "FORGET", "messageId": "b"},
        {"type": "LEAVE"},
    ) == {
        "messages": [
            {"type": "user", "id": "u", "content": "..."},
            {
                "type": "assistant",
                "id": "a",
                "content": "Hey",
                "toolCalls": [{"id": "x", "function": {"name": "f", "arguments": "{}"}}],
            },
            {
                "type": "assistant",
                "id": "c",
                "toolCalls": [{"id": "y", "function": {"name": "g", "arguments": "[]"}}],
            },
        ]
    }


def test_a_call_without_a_parent_goes_to_the_message_used_last(package: Package) -> None:
    accumulator = built(
        package,
        "messages",
        [
            {"type": "TEXT_START", "messageId": "a"},
            {"type": "TEXT_START", "messageId": "b"},
            {"type": "CALL_START", "toolCallId": "x", "toolCallName": "f"},
            {"type": "CALL_ARGS", "toolCallId": "x", "delta": "{}"},
            {"type": "CALL_ARGS", "toolCallId": "", "delta": "!"},
        ],
    )
    _, last = accumulator.state.messages
    assert [(call.id, call.function.arguments) for call in last.toolCalls] == [("x", "{}!")]
    assert set(accumulator.mended) == {"position"}


@pytest.mark.parametrize(("name", "nothing"), [("objects", "UnknownVariant"), ("objects of any kind", "Thing")])
def test_a_state_of_several_kinds_changes_as_a_whole(name: str, nothing: str, package: Package) -> None:
    text, state = SPECS[name]
    demo = package(text, state=state)
    accumulator = importlib.import_module("demo.stream").Accumulator()
    assert demo.encode(accumulator.state) == {}
    assert type(accumulator.state).__name__ == nothing
    pod = {"type": "Pod", "metadata": {"name": "a", "labels": {"x": "y"}}, "phase": "Pending"}
    steps: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({"type": "ADDED", "object": pod}, pod),
        (
            {"type": "MODIFIED", "object": {"type": "Pod", "metadata": {"name": "a"}}},
            {"type": "Pod", "metadata": {"name": "a"}},
        ),
        (
            {"type": "PATCHED", "patch": {"type": "Pod", "metadata": {"name": "b"}, "phase": "Running"}},
            {"type": "Pod", "metadata": {"name": "b"}, "phase": "Running"},
        ),
        (
            {"type": "MODIFIED", "object": {"type": "Service", "metadata": {"name": "s"}, "ports": [1]}},
            {"type": "Service", "metadata": {"name": "s"}, "ports": [1]},
        ),
        ({"type": "MODIFIED", "object": {"type": "Lease", "holder": 1}}, {"type": "Lease", "holder": 1}),
        ({"type": "DELETED", "object": pod}, pod),
    ]
    for wire, expected in steps:
        accumulator.feed(demo.decode(wire))
        assert demo.encode(accumulator.state) == expected
    assert (type(accumulator.state).__name__, accumulator.end.kind) == ("Pod", "completed")
    assert not accumulator.mended


def test_responses_are_told_apart_by_their_ids_and_items_are_merged(package: Package) -> None:
    def text(response_id: str, delta: str) -> dict[str, Any]:
        where = {"response_id": response_id, "output_index": 0, "content_index": 0}
        return {"type": "text.delta", **where, "delta": delta}

    item = {"type": "message", "id": "i", "content": [{"type": "text", "text": "hi"}]}
    done = {"type": "message", "id": "i", "content": [{"type": "text", "text": "ac."}]}
    assert state_of(
        package,
        "responses",
        {"type": "item.added", "item": item},
        {"type": "item.added", "item": {"type": "call", "id": "j", "arguments": ""}},
        {"type": "item.deleted", "item_id": "j"},
        {"type": "response.created", "response": {"id": "r", "status": "new", "output": []}},
        {"type": "response.created", "response": {"id": "s", "status": "new", "output": []}},
        text("r", "a"),
        text("s", "b"),
        text("r", "c"),
        {"type": "call.delta", "response_id": "s", "output_index": 1, "delta": "{}"},
        {"type": "output.done", "response_id": "r", "output_index": 0, "item": {"type": "message", "id": "i", "at": 1}},
        {"type": "output.done", "response_id": "s", "output_index": 2, "item": {"type": "novel", "id": "n"}},
        {"type": "response.done", "response": {"id": "r", "status": "done", "output": [done]}},
    ) == {
        "items": [item],
        "responses": [
            {
                "id": "r",
                "status": "done",
                "output": [done],
            },
            {
                "id": "s",
                "status": "new",
                "output": [
                    {"type": "message", "content": [{"type": "text", "text": "b"}]},
                    {"type": "call", "arguments": "{}"},
                    {"type": "novel", "id": "n"},
                ],
            },
        ],
    }


def test_lists_are_added_to_lists(package: Package) -> None:
    def chunk(**candidate: Any) -> dict[str, Any]:
        return {"type": "chunk", "candidates": [candidate], "usageMetadata": {"total": 1}}

    accumulator = built(
        package,
        "candidates",
        [
            chunk(content={"role": "model", "parts": [{"text": "a"}]}),
            chunk(content={"parts": [{"text": "b"}, {"text": "c"}]}),
            {"type": "chunk", "usageMetadata": {"prompt": 2}},
            chunk(finishReason="STOP"),
        ],
    )
    parts = [{"text": "a"}, {"text": "b"}, {"text": "c"}]
    assert importlib.import_module("demo").encode(accumulator.state) == {
        "candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": "STOP"}],
        "usageMetadata": {"prompt": 2, "total": 1},
    }


def test_what_is_there_already_is_not_filled_again_and_alternatives_go_where_they_fit(package: Package) -> None:
    def piece(**members: Any) -> dict[str, Any]:
        return {"type": "piece", **members}

    words, picture = {"type": "words", "text": "b"}, {"type": "picture", "url": "u"}
    accumulator = built(
        package,
        "calls",
        [
            piece(content="a", calls=[{"index": 0, "id": "", "name": 5}]),
            piece(content=[words, picture], calls=[{"index": 0, "id": "x", "name": "f"}]),
            piece(content="c", calls=[{"index": 0, "id": "", "name": ""}, {"index": 1, "id": "y", "name": "g"}]),
            piece(calls=[{"index": 0, "id": "z", "name": "f"}, {"index": 1, "id": None}]),
        ],
    )
    assert importlib.import_module("demo").encode(accumulator.state) == {
        "text": "abc",
        "parts": [words, picture],
        "calls": [{"index": 0, "id": "x", "name": "f"}, {"index": 1, "id": "y", "name": "g"}],
    }


def test_conditions_and_literals(package: Package) -> None:
    def update(text: str, **more: Any) -> dict[str, Any]:
        result = {"artifact": {"artifactId": "a", "parts": [{"text": text}]}}
        result |= {key: more.pop(key) for key in ("append", "note") if key in more}
        return {"type": "update", "result": result, **more}

    first = [update("a", append=False), update("b", append=True), update("c"), update("d", **{"x-try": 1})]
    parts = [{"text": "a"}, {"text": "b"}]
    artifacts = [{"artifactId": "a", "parts": parts}]
    assert state_of(package, "artifacts", *first) == {"artifacts": artifacts, "tries": 1}
    assert state_of(package, "artifacts", *first, update("e", kind="last")) == {
        "artifacts": artifacts,
        "closed": True,
        "tries": 3,
    }
    ended = state_of(package, "artifacts", *first, update("e", kind="last"), update("f", note=None))
    assert ended == {"artifacts": artifacts, "closed": False, "tries": 3}


def test_a_field_may_have_another_attribute_in_each_variant_of_a_union(package: Package) -> None:
    demo = package(CASES / "ok-folds-with-keys" / "spec")
    accumulator = importlib.import_module("demo.stream").Accumulator()
    order = {"type": "order", "id": "b", "amount": 3}
    pieces = [{"type": "words", "text": "See "}, {"type": "reference", "text": "this", "link": "/a"}, {"type": "new"}]
    for wire in (
        {"type": "ticket.put", "ticket": order},
        {"type": "desk.changed", "changes": [{"ticket_id": "a", "pieces": pieces}], "totals": {"seen": 2}},
        {"type": "ticket.gone", "ticket_id": "b", "votes": 4},
    ):
        accumulator.feed(demo.decode(wire))
    question = {"type": "question", "id": "a", "answer": "See this", "links": ["/a"]}
    assert demo.encode(accumulator.state) == {"totals": {"seen": 2, "+1": 4}, "tickets": [question]}
    assert not accumulator.mended


@pytest.mark.parametrize("name", SPECS)
def test_the_code_is_formatted_and_typed(name: str, package: Package, tmp_path: Path) -> None:
    from support import compiling

    text, state = SPECS[name]
    result = compiling.compiled(text, tmp_path, "demo", state=state)
    out = tmp_path / "out"
    for path, content in result.files.items():
        file = out / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    folds = (out / "demo" / "stream" / "folds.py").read_text(encoding="utf-8")
    assert black.format_str(folds, mode=black.Mode(line_length=120)) == folds
    report, errors, code = mypy.run(
        ["--strict", "--no-incremental", "--cache-dir=/dev/null", "--no-error-summary", str(out / "demo")]
    )
    assert code == 0, report + errors
