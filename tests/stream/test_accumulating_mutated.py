"""`Accumulator` on a good stream with a few random faults: no exception, and no text that pieces have built is lost."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from responses_events import decode, encode
from responses_events.stream import Accumulator

Wire = dict[str, Any]

STREAMS = 1500
INDEXES = ("output_index", "content_index", "summary_index")
IDS = ("id", "item_id")


def stream() -> list[Wire]:
    """Reasoning, a message and a call, whose pieces are all different."""
    thought = {"type": "reasoning", "id": "rs", "summary": []}
    message = {"type": "message", "id": "m", "role": "assistant", "status": "in_progress", "content": []}
    call = {"type": "function_call", "id": "f", "call_id": "c", "name": "n", "arguments": ""}
    summary, text = {"type": "summary_text", "text": ""}, {"type": "output_text", "text": "", "annotations": []}
    places: list[Wire] = [
        {"item_id": "rs", "output_index": 0, "summary_index": 0},
        {"item_id": "m", "output_index": 1, "content_index": 0},
        {"item_id": "f", "output_index": 2},
    ]
    whole = {**thought, "summary": [{**summary, "text": "<S1><S2>"}]}
    finished = {**message, "status": "completed", "content": [{**text, "text": "<M1><M2><M3>"}]}
    called = {**call, "arguments": "<F1><F2>"}
    events: list[tuple[str, Wire]] = [
        ("created", {"response": {"id": "r", "status": "in_progress", "output": []}}),
        ("in_progress", {"response": {"id": "r", "status": "in_progress", "output": []}}),
        ("output_item.added", {"output_index": 0, "item": thought}),
        ("reasoning_summary_part.added", {**places[0], "part": summary}),
        *(("reasoning_summary_text.delta", {**places[0], "delta": piece}) for piece in ("<S1>", "<S2>")),
        ("reasoning_summary_text.done", {**places[0], "text": "<S1><S2>"}),
        ("reasoning_summary_part.done", {**places[0], "part": whole["summary"][0]}),
        ("output_item.done", {"output_index": 0, "item": whole}),
        ("output_item.added", {"output_index": 1, "item": message}),
        ("content_part.added", {**places[1], "part": text}),
        *(("output_text.delta", {**places[1], "delta": piece}) for piece in ("<M1>", "<M2>", "<M3>")),
        ("output_text.done", {**places[1], "text": "<M1><M2><M3>"}),
        ("content_part.done", {**places[1], "part": finished["content"][0]}),
        ("output_item.done", {"output_index": 1, "item": finished}),
        ("output_item.added", {"output_index": 2, "item": call}),
        *(("function_call_arguments.delta", {**places[2], "delta": piece}) for piece in ("<F1>", "<F2>")),
        ("function_call_arguments.done", {**places[2], "arguments": "<F1><F2>"}),
        ("output_item.done", {"output_index": 2, "item": called}),
        ("completed", {"response": {"id": "r", "status": "completed", "output": [whole, finished, called]}}),
    ]
    numbered = [
        {"type": f"response.{tag}", "sequence_number": number, **members}
        for number, (tag, members) in enumerate(events)
    ]
    return copy.deepcopy(numbered)


def objects(value: Any) -> Iterator[Wire]:
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from objects(each)
    elif isinstance(value, list):
        for each in value:
            yield from objects(each)


def mutate(events: list[Wire], choose: random.Random) -> None:
    """Do one of the things to a stream that servers and connections do."""
    at, other = choose.randrange(len(events)), choose.randrange(len(events))
    some = choose.choice([events, [events[at]]])
    found = choose.choice([each for each in objects(events[at]) if each])
    name = choose.choice(list(found))
    match choose.choice(["drop", "repeat", "swap", "empty", "remove", "no index", "one index", "ids", "no numbers"]):
        case "drop":
            del events[at]
        case "repeat":
            events.insert(choose.choice([at, other]), copy.deepcopy(events[at]))
        case "swap":
            events[at], events[other] = events[other], events[at]
        case "empty":
            found[name] = choose.choice([None, type(found[name])()])
        case "remove":
            del found[name]
        case "no index":
            for each in some:
                for index in INDEXES:
                    each.pop(index, None)
        case "one index":
            for each in some:
                each.update((index, 0) for index in INDEXES if index in each)
        case "ids":
            for each in objects(some):
                each.update((key, choose.choice(["", None, "m", "f"])) for key in IDS if key in each)
        case _:
            for each in events:
                each.pop("sequence_number", None)


@pytest.mark.parametrize("faults", [1, 2, 3])
def test_what_pieces_have_built_is_never_gone(faults: int) -> None:
    choose = random.Random(faults)
    for _ in range(STREAMS):
        events = stream()
        for _ in range(faults):
            mutate(events, choose)
        accumulator, unread = Accumulator(), Accumulator()
        built: set[str] = set()
        for number, each in enumerate(events):
            ended = accumulator.end
            accumulator.feed(decode(json.dumps(each)))
            unread.feed(decode(json.dumps(each)))
            if ended and not accumulator.end:
                # The next stream has begun.
                built.clear()
            text = json.dumps(encode(accumulator.response))
            if str(each.get("type")).endswith(".delta") and str(each.get("delta")) in text:
                built.add(str(each["delta"]))
            assert all(piece in text for piece in built), (number, events)
        # Reading changes nothing.
        assert encode(unread.response) == encode(accumulator.response), events
        assert unread.mended == accumulator.mended, events


def test_a_good_stream_has_nothing_to_mend() -> None:
    accumulator = Accumulator()
    for each in stream():
        accumulator.feed(decode(each))
    assert accumulator.mended == {}
    assert encode(accumulator.response) == stream()[-1]["response"]
