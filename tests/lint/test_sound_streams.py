"""Nothing is found in streams in which nothing is wrong."""

from __future__ import annotations

import pytest

from responses_events import decode
from responses_events.lint import PROFILES, Linter, lint
from support.random_streams import random_stream
from support.serving import Wire
from support.sound_streams import sound_streams

STREAMS = sound_streams()


@pytest.fixture(params=STREAMS)
def events(request: pytest.FixtureRequest) -> list[Wire]:
    return STREAMS[request.param]


def test_nothing_is_found(events: list[Wire]) -> None:
    assert lint(map(decode, events)) == []


def test_nothing_is_found_with_a_profile(events: list[Wire]) -> None:
    for profile in PROFILES:
        assert lint(map(decode, events), profile=profile) == []


def test_nothing_is_found_one_by_one(events: list[Wire]) -> None:
    linter = Linter()
    for event in events:
        assert linter.feed(decode(event)) == []
    assert linter.close() == []


@pytest.mark.parametrize("name", [name for name in STREAMS if name != "unknown_events"])
def test_the_streams_are_of_the_declared_types(name: str) -> None:
    for event in STREAMS[name]:
        decode(event, strict=True)


@pytest.mark.parametrize("seed", range(0, 400, 40))
def test_nothing_is_found_in_random_ones(seed: int) -> None:
    for each in range(seed, seed + 40):
        events = random_stream(each)
        assert lint(map(decode, events)) == [], (each, events)
