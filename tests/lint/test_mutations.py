"""Sound streams with one thing changed: all are found but those that are still sound."""

from __future__ import annotations

import pytest

from responses_events.lint import PROFILES
from support import needs_corpus
from support.mutation_report import Report, base_streams, markdown, measure
from support.recordings import recorded_streams
from support.sound_streams import sound_streams

MUTANTS = 400
RECORDED = 200


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
