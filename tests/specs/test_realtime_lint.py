"""The lifecycle of a Realtime session: responses, items and parts begin and end, whichever names the server has."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import Any

import pytest

from realtime_server_events.lint import lint
from support import CORPUS

RECORDINGS = CORPUS.parent / "others" / "data" / "openai_realtime_server.jsonl"

Wire = dict[str, Any]


def said(tag: str, **members: Any) -> Wire:
    return {"type": tag, "event_id": "event_1", **members}


def message(status: str, *content: Wire) -> Wire:
    return {"id": "item_1", "type": "message", "status": status, "role": "assistant", "content": list(content)}


ON_ITEM = {"response_id": "resp_1", "item_id": "item_1", "output_index": 0}
ON_PART = ON_ITEM | {"content_index": 0}
IN_RESPONSE = {"response_id": "resp_1", "output_index": 0}
CALL = {"id": "item_1", "type": "function_call", "status": "in_progress", "call_id": "c", "name": "f", "arguments": ""}


def response(*inner: Wire, output: tuple[Wire, ...] = (), status: str = "completed") -> list[Wire]:
    return [
        said("response.created", response={"id": "resp_1", "status": "in_progress", "output": []}),
        *inner,
        said("response.done", response={"id": "resp_1", "status": status, "output": list(output)}),
    ]


def item(begun: Wire, *inner: Wire, done: Wire) -> list[Wire]:
    return [
        said("response.output_item.added", item=begun, **IN_RESPONSE),
        *inner,
        said("response.output_item.done", item=done, **IN_RESPONSE),
    ]


def part(begun: Wire, *inner: Wire, done: Wire) -> list[Wire]:
    return [
        said("response.content_part.added", part=begun, **ON_PART),
        *inner,
        said("response.content_part.done", part=done, **ON_PART),
    ]


def written(beta: bool = False) -> list[Wire]:
    name = "response.text" if beta else "response.output_text"
    whole = {"type": "text" if beta else "output_text", "text": "Hello"}
    inner = part(
        {"type": "text", "text": ""},
        said(f"{name}.delta", delta="Hel", **ON_PART),
        said(f"{name}.delta", delta="lo", **ON_PART),
        said(f"{name}.done", text="Hello", **ON_PART),
        done={"type": "text", "text": "Hello"},
    )
    done = message("completed", whole)
    return response(*item(message("in_progress"), *inner, done=done), output=(done,))


def spoken(beta: bool = False, late: bool = False) -> list[Wire]:
    name = "response.audio" if beta else "response.output_audio"
    whole = {"type": "audio" if beta else "output_audio", "transcript": "Hello"}
    inner = part(
        {"type": "audio", "transcript": ""},
        said(f"{name}_transcript.delta", delta="Hello", **ON_PART),
        said(f"{name}.delta", delta="AAAA", **ON_PART),
        said(f"{name}.done", **ON_PART),
        said(f"{name}_transcript.done", transcript="Hello", **ON_PART),
        done={"type": "audio", "transcript": "Hello"},
    )
    done = message("completed", whole)
    events = response(*item(message("in_progress"), *inner, done=done), output=(done,))
    return [*events, said(f"{name}.delta", delta="AAAA", **ON_PART)] if late else events


def called(*pieces: str) -> list[Wire]:
    whole = "".join(pieces)
    done = CALL | {"status": "completed", "arguments": whole}
    inner = [
        *(said("response.function_call_arguments.delta", delta=p, call_id="c", **ON_ITEM) for p in pieces),
        said("response.function_call_arguments.done", arguments=whole, call_id="c", **ON_ITEM),
    ]
    return response(*item(CALL, *inner, done=done), output=(done,))


USER = {"id": "item_0", "type": "message", "status": "completed", "role": "user",
        "content": [{"type": "input_audio", "transcript": None}]}  # fmt: skip
SPEECH = [
    said("input_audio_buffer.speech_started", audio_start_ms=1, item_id="item_0"),
    said("input_audio_buffer.speech_stopped", audio_end_ms=9, item_id="item_0"),
    said("input_audio_buffer.committed", item_id="item_0"),
    said("conversation.item.added", item=USER),
    said("conversation.item.done", item=USER),
]
HEARD = [
    said("conversation.item.input_audio_transcription.delta", item_id="item_0", content_index=0, delta="Hi"),
    said("conversation.item.input_audio_transcription.completed", item_id="item_0", content_index=0, transcript="Hi"),
]
SESSION = said("session.created", session={"type": "realtime", "id": "sess_1"})

CLEAN: dict[str, list[Wire]] = {
    "a text": [SESSION, *written()],
    "a text in the names of the beta": [SESSION, *written(beta=True)],
    "speech": [SESSION, *spoken()],
    "speech in the names of the beta": [SESSION, *spoken(beta=True)],
    "sound that is late": [SESSION, *spoken(late=True)],
    "a call": [SESSION, *called('{"a"', ": 1}")],
    "a call without arguments": [SESSION, *called()],
    "a response without anything": [SESSION, *response(status="cancelled")],
    "what the user says": [SESSION, *SPEECH, *HEARD, *written()],
    "what the user has said, written down late": [SESSION, *SPEECH, *written(), *HEARD],
    "items of the beta": [SESSION, said("conversation.item.created", item=USER), *written(beta=True)],
    "a connection beside another one": written(),
    "a session that is closed": [SESSION, said("session.closed")],
    "an item that is fetched again and deleted": [
        *SPEECH, *HEARD,
        said("conversation.item.retrieved", item=USER | {"content": [{"type": "input_audio", "audio": "AA"}]}),
        said("conversation.item.deleted", item_id="item_0"),
    ],
    "errors, limits and signs of life": [
        SESSION, *(event for inner in written() for event in (
            said("error", error={"type": "invalid_request_error", "message": "no"}),
            said("rate_limits.updated", rate_limits=[]), said("ping", timestamp=1), inner,
        )),
    ],
}  # fmt: skip

BROKEN: dict[str, tuple[list[Wire], list[str]]] = {
    "a response that is done alone": ([SESSION, written()[-1]], ["response-not-opened"]),
    "a response that begins twice": ([SESSION, written()[0], *written()], ["response-opened-twice"]),
    "a text without its part": ([e for e in written() if e["type"] != "response.content_part.added"],
                                ["part-not-opened"]),
    "a text without its done": ([e for e in written() if e["type"] != "response.output_text.done"], ["part-order"]),
    "a part that goes on": ([e for e in written() if e["type"] != "response.content_part.done"], ["part-left-open"]),
    "an item that goes on": ([e for e in written() if e["type"] != "response.output_item.done"], ["item-left-open"]),
    "a piece that is lost": ([e for e in written() if e.get("delta") != "lo"], ["text-differs"]),
    "a call without its done": ([e for e in called("{}") if e["type"] != "response.function_call_arguments.done"],
                                ["item-order"]),
    "a call that ends as another": (
        [SESSION, *(e | {"call_id": "d"} if e["type"].endswith("arguments.done") else e for e in called("{}"))],
        ["call-id-differs"],
    ),
    "a done that is none": ([SESSION, *response(status="in_progress")], ["done-status"]),
    "speech that stops without a beginning": ([SESSION, SPEECH[1]], ["speech-not-opened"]),
}  # fmt: skip

# What is known of recorded sessions, by the kind of the file.
FINDINGS = {
    "test_xai_ws": {"content-count": 2},
    "test_text_tool_round_parity[xai": {"content-count": 2},
    "test_azure_voice_live_ws": {"text-differs": 2},
}


def rules(events: list[Wire]) -> list[str]:
    return [finding.rule for finding in lint(events)]


@pytest.mark.parametrize("name", CLEAN)
def test_a_session_that_is_as_it_should_be_is_clean(name: str) -> None:
    assert lint(CLEAN[name]) == []


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_named(name: str) -> None:
    events, expected = BROKEN[name]
    assert rules(events) == expected


@pytest.mark.skipif(not RECORDINGS.is_file(), reason=f"there is no {RECORDINGS.name} beside the corpus")
def test_recorded_sessions_have_the_findings_that_are_known() -> None:
    sessions: dict[str, list[Wire]] = defaultdict(list)
    for line in RECORDINGS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        sessions[f"{row['file']} {row['stream']}"].append(row["event"])
    assert len(sessions) >= 10
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for name, events in sessions.items():
        kind = next((kind for kind in FINDINGS if kind in name), "")
        found[kind].update(rules(events))
    assert {kind: dict(counts) for kind, counts in found.items() if counts} == FINDINGS
