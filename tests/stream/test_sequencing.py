"""`SequenceTracker`: any order of numbers, against a plain set."""

from __future__ import annotations

import tracemalloc

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


def test_an_event_is_replayed_if_it_came_with_its_number() -> None:
    first, second, other = (text_delta(piece) for piece in "abc")
    tracker = SequenceTracker()
    # The numbers have not increased yet.
    assert [tracker.see(5, first), tracker.see(5, first)] == [False, False]
    assert [tracker.see(6, second), tracker.see(5, first), tracker.see(6, second)] == [False, True, True]
    # It is not known to have come.
    assert not tracker.see(4, first)
    assert tracker.reliable
    assert [tracker.see(6, other), tracker.see(5, first)] == [False, False]
    assert not tracker.reliable


def test_late_events_are_not_replayed() -> None:
    tracker = SequenceTracker()
    assert [tracker.see(number, text_delta(str(number))) for number in (0, 2, 1, 5, 4, 3)] == [False] * 6


def test_numbers_of_long_ago_are_replayed() -> None:
    tracker = SequenceTracker()
    events = [text_delta(str(number)) for number in range(2000)]
    assert not any(map(tracker.see, range(2000), events))
    assert all(map(tracker.see, range(2000), events))


def test_numbers_that_begin_again_are_not_replayed() -> None:
    tracker = SequenceTracker()
    for piece in "ab":
        assert not any(tracker.see(number, text_delta(f"{piece}{number}")) for number in range(2000))


def test_few_events_are_remembered() -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        tracker = SequenceTracker()
        for number in range(count):
            tracker.see(number, text_delta("x" * 100))
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    peak(10)
    assert peak(5000) < peak(500) + 20_000
