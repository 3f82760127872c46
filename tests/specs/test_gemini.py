"""Streams of Gemini: nothing lost, nearly everything typed, and the response built up chunk by chunk."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import pytest

from gemini_events import (
    ChunkEvent,
    ErrorEvent,
    FunctionCallPart,
    InlineDataPart,
    SignaturePart,
    TextPart,
    ThoughtPart,
    decode,
    encode,
    problems,
)
from gemini_events.runtime.typed import gaps
from gemini_events.stream import Accumulator
from support import CORPUS

RECORDINGS = CORPUS.parent / "others" / "data" / "gemini.jsonl"

needs_recordings = pytest.mark.skipif(
    not RECORDINGS.is_file(), reason=f"there is no {RECORDINGS.name} beside EVENTWRIGHT_CORPUS"
)

Wire = dict[str, Any]


def streams() -> list[list[Wire]]:
    found: dict[tuple[str, int], list[Wire]] = defaultdict(list)
    for line in RECORDINGS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found[row["file"], row["stream"]].append(row["event"])
    return list(found.values())


def fed(wires: Sequence[Wire]) -> Accumulator:
    accumulator = Accumulator()
    for wire in wires:
        accumulator.feed(decode(wire))
    return accumulator


def response(wires: Sequence[Wire]) -> Wire:
    """What chunks amount to, put together by hand."""
    whole: Wire = {}
    candidates: dict[int, Wire] = {}
    for wire in wires:
        for candidate in wire.get("candidates", []):
            built = candidates.setdefault(candidate.get("index", 0), {})
            for name, value in candidate.items():
                if name == "content":
                    content = built.setdefault("content", {})
                    content["role"] = value.get("role", content.get("role"))
                    content["parts"] = [*content.get("parts", []), *value.get("parts", [])]
                elif name.endswith("Metadata"):
                    built[name] = {**built.get(name, {}), **value}
                else:
                    built[name] = value
        usage = {**whole.get("usageMetadata", {}), **wire.get("usageMetadata", {})}
        whole |= {**wire, "usageMetadata": usage}
    return {**whole, "candidates": [candidates[index] for index in sorted(candidates)]}


@needs_recordings
def test_nothing_is_lost() -> None:
    for wires in streams():
        for wire in wires:
            assert encode(decode(wire)) == wire


@needs_recordings
def test_recordings_are_typed() -> None:
    found = [list(gaps(decode(wire))) for wires in streams() for wire in wires]
    reasons = Counter(f"{gap.kind} {gap.name}" for each in found for gap in each)
    assert len(found) > 60
    assert sum(not each for each in found) / len(found) >= 0.99, reasons.most_common(10)


@needs_recordings
def test_recordings_build_the_response() -> None:
    compared = 0
    for wires in streams():
        accumulator = fed(wires)
        assert encode(accumulator.state) == response(wires)
        assert not accumulator.mended
        compared += 1
    assert compared >= 20


def chunk(*parts: Wire, **members: Any) -> Wire:
    return {"candidates": [{"content": {"role": "model", "parts": list(parts)}, **members}]}


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ({"text": "Hm", "thought": True}, ThoughtPart),
        ({"text": "Warm", "thought": False}, TextPart),
        ({"text": "", "thoughtSignature": "c2lnbg=="}, TextPart),
        ({"functionCall": {}}, FunctionCallPart),
        ({"inlineData": {"mimeType": "image/png", "data": ""}, "thought": True}, InlineDataPart),
        ({"thoughtSignature": "c2lnbg=="}, SignaturePart),
    ],
)
def test_members_tell_what_a_part_is(part: Wire, expected: type[object]) -> None:
    event = decode(chunk(part))
    assert isinstance(event, ChunkEvent)
    assert event.candidates
    assert event.candidates[0].content
    assert event.candidates[0].content.parts
    assert type(event.candidates[0].content.parts[0]) is expected
    assert not problems(chunk(part))


def test_candidates_are_told_apart_where_the_first_has_no_index() -> None:
    """Vertex AI leaves out what is 0."""
    other = chunk({"text": "Cold"}, index=1)["candidates"]
    wires = [
        {"candidates": chunk({"text": "Warm"})["candidates"] + other},
        {"candidates": chunk({"text": " and dry"}, finishReason="STOP")["candidates"] + other},
    ]
    accumulator = fed(wires)
    assert encode(accumulator.state)["candidates"] == response(wires)["candidates"]
    assert accumulator.text == "Warm and dry"


def test_thoughts_are_no_part_of_the_answer() -> None:
    accumulator = fed(
        [chunk({"text": "Hm", "thought": True}), chunk({"text": "Warm"}), chunk({"functionCall": {"name": "f"}})]
    )
    assert (accumulator.text, accumulator.thoughts) == ("Warm", "Hm")
    assert [call.name for call in accumulator.function_calls] == ["f"]


def test_log_probabilities_follow_each_other() -> None:
    chosen = [{"token": "Warm", "logProbability": -0.1}, {"token": " and", "logProbability": -0.2}]
    accumulator = fed([chunk({"text": "x"}, logprobsResult={"chosenCandidates": [each]}) for each in chosen])
    assert encode(accumulator.state)["candidates"][0]["logprobsResult"] == {"chosenCandidates": chosen}


def test_a_request_that_is_blocked_has_no_candidate() -> None:
    wire = {"promptFeedback": {"blockReason": "SAFETY"}, "modelVersion": "gemini-2.5-flash"}
    assert encode(fed([wire]).state) == wire
    assert fed([wire]).text == ""


def test_an_error_ends_the_stream() -> None:
    wire = {"error": {"code": 503, "message": "Too many at once.", "status": "UNAVAILABLE"}}
    assert isinstance(decode(wire), ErrorEvent)
    accumulator = fed([chunk({"text": "Wa"}), wire])
    assert accumulator.end is not None
    assert accumulator.end.error is not None
    assert (accumulator.end.kind, *accumulator.end.error[:2]) == ("error", "503", "Too many at once.")
    assert accumulator.text == "Wa"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"candidates": [{"finishReason": "STOP"}]}, "completed"),
        ({"candidates": [{"finishReason": "MAX_TOKENS"}]}, "incomplete: MAX_TOKENS"),
        ({"candidates": [{}, {"finishReason": "SAFETY"}]}, "incomplete: SAFETY"),
        ({"promptFeedback": {"blockReason": "OTHER"}}, "incomplete"),
        ({"candidates": [{"content": {"parts": [{"text": "a"}]}}]}, "truncated"),
    ],
)
def test_a_reason_to_finish_ends_the_stream(body: dict[str, Any], said: str) -> None:
    accumulator = Accumulator()
    accumulator.feed(decode(body))
    assert str(accumulator.close()).startswith(said)
