"""No JSON in the events of any package is too much for its linter, and all that it finds is among its rules."""

from __future__ import annotations

import copy
import importlib
import random
from collections.abc import Iterator
from typing import Any

import pytest

from eventwright.pipeline import read_spec
from responses_events import decode
from responses_events.lint import RULES, Linter
from support import SCHEMA
from support.serving import Wire
from support.sound_streams import sound_streams

STREAMS = 2000
OF_EXAMPLES = 400

ANYTHING: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 10**30, 0.5, float("nan"), "", "x", "response.created", "\ud800", "0"),
    *([], {}, [None], [[]], [{}], {"type": None}, {"type": 3}, {"type": "message"}, {"content": {}}, [0] * 50),
)


def holders(value: Any) -> Iterator[tuple[Any, Any]]:
    """All that can be replaced in an event, each by what holds it and where."""
    for key in value if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], (dict, list)):
            yield from holders(value[key])


def spoiled(events: list[Wire], choose: random.Random) -> list[Wire]:
    """Replace one to three things in a stream by anything."""
    events = copy.deepcopy(events)
    for _ in range(choose.randrange(1, 4)):
        holder, key = choose.choice(list(holders(choose.choice(events))))
        holder[key] = copy.deepcopy(choose.choice(ANYTHING))
    return events


def test_no_change_of_a_sound_stream_is_too_much() -> None:
    choose = random.Random(2)
    streams = [*sound_streams().values()]
    for _ in range(STREAMS):
        linter = Linter()
        for event in spoiled(choose.choice(streams), choose):
            linter.feed(decode(event))
        linter.close()
        assert all(each.rule in RULES and each.message for leading in linter.findings for each in leading.all())


@pytest.mark.parametrize(
    ("spec", "package"),
    [
        ("openai_responses", "responses_events"),
        ("openai_realtime/server", "realtime_server_events"),
        ("anthropic_messages", "anthropic_events"),
        ("ag_ui", "ag_ui_events"),
    ],
)
def test_no_row_of_examples_is_too_much(spec: str, package: str) -> None:
    model, _ = read_spec(SCHEMA / spec)
    assert model is not None
    examples = [event.example for event in model.events if isinstance(event.example, dict)]
    decode_event = importlib.import_module(package).decode
    lint = importlib.import_module(f"{package}.lint")
    choose = random.Random(4)
    for _ in range(OF_EXAMPLES):
        row = [*examples[:1], *choose.choices(examples, k=choose.randrange(1, 14))]
        found = lint.lint(map(decode_event, spoiled(row, choose)))
        assert all(each.rule in lint.RULES for leading in found for each in leading.all())
