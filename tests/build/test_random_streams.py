"""Whatever an author says, in whatever order: what comes out is valid, or it was refused and nothing came out."""

from __future__ import annotations

import random
from types import ModuleType
from typing import Any

import ag_ui_events
import pytest
from ag_ui_events.lint import lint as lint_ag_ui

import anthropic_events
import responses_events
from anthropic_events.lint import lint as lint_anthropic
from responses_events.lint import lint as lint_responses
from responses_events.stream import Accumulator
from support.authors import Author

_ABOUT_VALUES = frozenset(["usage-sum", "arguments-not-json", "completed-at-early"])
"""Rules about what an author says, which the builder passes on as it is."""

_STREAMS = 60

@pytest.mark.parametrize("seed", range(_STREAMS))
def test_any_order_of_calls_gives_a_valid_response(seed: int) -> None:
    author = Author(responses_events, seed)
    stream = author.stream()
    author.write(stream, random.Random(seed).randrange(1, 25))
    stream.usage = author.value(responses_events.ResponseUsage)
    end = random.Random(seed).choice(["complete", "incomplete", "fail"])
    _end(author, stream, end)
    events = stream.take_events()
    assert [each for each in lint_responses(events) if each.rule not in _ABOUT_VALUES] == []
    assert [problem for event in events for problem in responses_events.problems(event)] == []
    assert stream.ended in ("failed", {"complete": "completed", "incomplete": "incomplete"}.get(end))


@pytest.mark.parametrize("seed", range(_STREAMS))
def test_what_the_end_repeats_is_what_the_events_amount_to(seed: int) -> None:
    author = Author(responses_events, seed)
    stream = author.stream()
    author.write(stream, 12)
    stream.usage = author.value(responses_events.ResponseUsage)
    _end(author, stream, "complete")
    *events, end = stream.take_events()
    accumulator = Accumulator()
    for event in events:
        accumulator.feed(event)
    assert responses_events.encode(accumulator.response)["output"] == responses_events.encode(end)["response"]["output"]
    assert accumulator.mended == {}


@pytest.mark.parametrize("seed", range(_STREAMS))
def test_any_order_of_calls_gives_a_valid_message(seed: int) -> None:
    author = Author(anthropic_events, seed)
    stream = author.stream()
    author.write(stream, 12)
    if random.Random(seed).random() < 0.5:
        author.said(stream, "message_delta")
        author.said(stream, "complete")
    else:
        author.said(stream, "fail")
    assert stream.ended
    _is_valid(anthropic_events, stream.take_events(), lint_anthropic)


@pytest.mark.parametrize("seed", range(_STREAMS))
def test_any_order_of_calls_gives_a_valid_run(seed: int) -> None:
    author = Author(ag_ui_events, seed)
    stream = author.stream()
    author.write(stream, 12)
    author.said(stream, random.Random(seed).choice(["complete", "fail"]))
    assert stream.ended
    _is_valid(ag_ui_events, stream.take_events(), lint_ag_ui)


def _end(author: Author, stream: Any, end: str) -> None:
    author.said(stream, end)
    if not stream.ended:
        # What an element needs to be complete is left for its author to say.
        stream.fail("server_error", "No tea.")


def _is_valid(package: ModuleType, events: list[Any], lint: Any) -> None:
    assert lint(events) == []
    assert [problem for event in events for problem in package.problems(event)] == []
