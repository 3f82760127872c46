"""`SequenceTracker`: any order of numbers, against a plain set."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from responses_events.runtime.sequencing import MOST_GAPS
from responses_events.stream import Accumulator, SequenceTracker
from support.streams import event, text_delta


def tracked(numbers: list[object]) -> SequenceTracker:
    tracker = SequenceTracker()
    for number in numbers:
        tracker.see(number)
    return tracker


@given(st.lists(st.integers(0, 30)))
def test_against_a_set(numbers: list[int]) -> None:
    tracker = tracked(list(numbers))
    # What comes before the first number is not known to be missing.
    seen = {number for number in numbers if number >= numbers[0]}
    assert tracker.last == max(numbers, default=None)
    assert tracker.first == (numbers[0] if numbers else None)
    missing = [number for number in range(numbers[0], max(numbers)) if number not in seen] if numbers else []
    assert [number for begin, end in tracker.gaps for number in range(begin, end + 1)] == missing
    assert tracker.missing == len(missing)
    assert tracker.repeats == len(numbers) - len(seen)
    assert all(end + 1 < begin for (_, end), (begin, _) in zip(tracker.gaps, tracker.gaps[1:], strict=False))


def test_what_is_no_number_is_ignored() -> None:
    tracker = tracked([None, "1", 1.0, True, -1, 5, 10**30])
    assert (tracker.first, tracker.last, tracker.missing) == (5, 10**30, 10**30 - 6)


def test_gaps_are_bounded() -> None:
    tracker = tracked(list(range(0, 10 * MOST_GAPS, 2)))
    assert len(tracker.gaps) == MOST_GAPS
    assert tracker.missing == 5 * MOST_GAPS - 1


def test_the_accumulator_tracks_every_event() -> None:
    accumulator = Accumulator()
    for each in (
        text_delta("a", sequence_number=4),
        event("brand_new", sequence_number=5),
        text_delta("b"),
        event("x"),
    ):
        accumulator.feed(each)
    accumulator.feed(text_delta("c", sequence_number=8))
    accumulator.feed(text_delta("c", sequence_number=8))
    sequence = accumulator.sequence
    assert (sequence.last, sequence.gaps, sequence.repeats) == (8, ((6, 7),), 1)
