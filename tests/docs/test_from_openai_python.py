"""Coming from openai-python: its classes are called what the page says, and both sides of its tables do the same."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest

import responses_events
from responses_events.stream import Accumulator, iter_events
from support import GENERATED, ROOT

openai = pytest.importorskip("openai", reason="openai is not installed, which not every Python can have")
types = pytest.importorskip("openai.types.responses")
models = pytest.importorskip("openai._models")

PAGE = (GENERATED / "docs" / "from-openai-python.md").read_text(encoding="utf-8")


def rows(title: str) -> list[list[str]]:
    """Give the rows of the table below a heading, without the marks of code."""
    table = PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    lines = [line for line in table.splitlines() if line.startswith("|")]
    return [[cell.strip("`") for cell in line.strip("| ").split(" | ")] for line in lines[2:]]


def named(union: Any) -> dict[str, str]:
    """Give the name of the class of the SDK for each tag."""
    return {get_args(each.model_fields["type"].annotation)[0]: each.__name__ for each in get_args(get_args(union)[0])}


def plain(value: Any) -> Any:
    """Give what both sides make of the same thing."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, responses_events.Model):
        return responses_events.encode(value)
    return value.to_dict() if hasattr(value, "to_dict") else value


def test_events_are_called_what_the_page_says() -> None:
    theirs = named(types.ResponseStreamEvent)
    ours = {tag: responses_events.event.EVENT_TYPES[tag].__name__ for tag in theirs}
    assert rows("Events") == [[tag, name, ours[tag]] for tag, name in theirs.items() if name != ours[tag]]
    same = sum(name == ours[tag] for tag, name in theirs.items())
    assert re.search(r"Of the (\d+) that the SDK knows, (\d+) ", PAGE).groups() == (str(len(theirs)), str(same))  # type: ignore[union-attr]


def test_items_are_called_what_the_page_says() -> None:
    found = []
    for tag, name in named(types.ResponseOutputItem).items():
        event: Any = responses_events.decode({"type": "response.output_item.done", "item": {"type": tag}})
        found.append([tag, name, type(event.item).__name__])
    assert rows("Items") == found


def test_both_sides_of_a_task_do_the_same() -> None:
    events = list(iter_events([Path(ROOT / "examples" / "answer.sse").read_bytes()]))
    accumulator = Accumulator()
    for event in events:
        accumulator.feed(event)
    [*_, last] = [json.loads(responses_events.dumps(event)) for event in events]
    data = responses_events.encode(events[4]) | {"mood": "good"}
    theirs = {
        "event": models.construct_type_unchecked(type_=types.ResponseStreamEvent, value=data),
        "response": models.construct_type_unchecked(type_=types.Response, value=last["response"]),
        "ResponseTextDeltaEvent": types.ResponseTextDeltaEvent,
        "data": data,
    }
    ours = {
        **vars(responses_events),
        "event": responses_events.decode(data),
        "data": data,
        "accumulator": accumulator,
        "replace": dataclasses.replace,
    }
    tasks = rows("Ten things of every day")
    assert len(tasks) == 10
    for task, sdk, package in tasks:
        assert plain(eval(sdk, theirs)) == plain(eval(package, ours)) is not None, task
