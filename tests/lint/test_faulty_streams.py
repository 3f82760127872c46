"""Each fault is found at the event that has it, and leads; what follows from it stands behind it."""

from __future__ import annotations

import pytest

from responses_events import decode
from responses_events.lint import RULES, Linter, lint
from support.faulty_streams import Faulty, faulty_streams

STREAMS = {stream.name: stream for stream in faulty_streams()}

UNBROKEN = {"event-name-differs", "command-order", "command-wrong-type", "stream-wrong-type", "summary-part-wrong-type"}
"""Rules that no event breaks: of the frames around them, and of places where every event that there is may come."""


@pytest.fixture(params=STREAMS)
def faulty(request: pytest.FixtureRequest) -> Faulty:
    return STREAMS[request.param]


def test_the_fault_leads(faulty: Faulty) -> None:
    found = lint(map(decode, faulty.events))
    assert (faulty.rule, faulty.index) in [(each.rule, each.index) for each in found], found


def test_nothing_else_leads(faulty: Faulty) -> None:
    leading = {each.rule for each in lint(map(decode, faulty.events))}
    assert leading <= {faulty.rule, *faulty.beside}


def test_the_fault_is_told_when_it_happens(faulty: Faulty) -> None:
    """All but what only the end can tell: that there is none, and what a stream that is cut off may lack."""
    linter = Linter()
    told = [
        (each.rule, each.index, number) for number, event in enumerate(faulty.events) for each in linter.feed(event)
    ]
    at_the_end = [(each.rule, each.index, faulty.index) for each in linter.close()]
    late = [each for each in told if each[:2] == (faulty.rule, faulty.index) and each[2] != faulty.index]
    assert (faulty.rule, faulty.index, faulty.index) in [*told, *at_the_end] or faulty.name == "search_cut_off_unsaid"
    assert not late or faulty.name == "search_cut_off_unsaid"


def test_every_rule_has_a_fault() -> None:
    found = {each.rule for faulty in STREAMS.values() for one in lint(faulty.events) for each in one.all()}
    assert RULES.keys() - found == UNBROKEN
