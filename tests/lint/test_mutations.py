"""Sound streams with one thing changed: nearly all of them are found, and none is too much for the linter."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

import pytest

from responses_events import decode
from responses_events.lint import PROFILES, Linter, lint
from support import needs_corpus
from support.mutation_report import Report, base_streams, markdown, measure
from support.recordings import recorded_streams
from support.serving import Wire
from support.sound_streams import sound_streams

MUTANTS = 400
RECORDED = 200
HOSTILE = 2000

ANYTHING: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 10**30, 0.5, float("nan"), "", "x", "response.created", "\ud800", "0"),
    *([], {}, [None], [[]], [{}], {"type": None}, {"type": 3}, {"type": "message"}, {"content": {}}, [0] * 50),
)


@pytest.fixture(scope="module")
def report() -> Report:
    return measure(base_streams(sound_streams()), MUTANTS, 1)


def test_nearly_all_are_found(report: Report) -> None:
    """Of recordings even more are: these streams are short, and many of them are odd on purpose."""
    assert report.hidden.share >= 0.95, report.missed


def test_what_is_not_found_is_sound(report: Report) -> None:
    assert report.missed == []


@pytest.mark.parametrize("profile", PROFILES)
def test_most_are_still_found_with_a_profile(report: Report, profile: str) -> None:
    assert report.profiles[profile].true >= 0.9 * report.all.true


@needs_corpus
def test_nearly_all_mutants_of_recordings_are_found() -> None:
    report = measure(recorded_streams(), RECORDED, 1, profiles=())
    assert report.hidden.share >= 0.97
    assert report.missed == []


def test_the_same_seed_gives_the_same_report() -> None:
    streams = {name: events for name, events in sound_streams().items() if name in ("text", "mcp")}
    one, other = (list(markdown(measure(streams, 40, 7))) for _ in range(2))
    assert one == other


def holders(value: Any) -> Iterator[tuple[Any, Any]]:
    """All that can be replaced in an event, each by what holds it and where."""
    for key in value if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], (dict, list)):
            yield from holders(value[key])


def test_no_json_is_too_much() -> None:
    choose = random.Random(2)
    streams = [*sound_streams().values()]
    for _ in range(HOSTILE):
        events: list[Wire] = copy.deepcopy(choose.choice(streams))
        for _ in range(choose.randrange(1, 4)):
            holder, key = choose.choice(list(holders(choose.choice(events))))
            holder[key] = copy.deepcopy(choose.choice(ANYTHING))
        linter = Linter()
        for event in events:
            linter.feed(decode(event))
        linter.close()
        assert all(str(each) and each.message for each in linter.findings)
        assert lint(map(decode, events)) == linter.findings
