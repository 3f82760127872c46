"""Keeps track of the numbers that the events of a stream carry."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

MOST_GAPS = 1000
"""How many gaps a tracker lists; more are counted only, so that a hostile stream cannot fill the memory."""


class SequenceTracker:
    """The numbers of one stream: where it began, where it is, what is missing and what came again.

    Attributes:
        first: The number of the first event that had one, None before. A resumed stream does not begin at 0.
        last: The highest number so far, None before the first: the cursor from which to resume a broken stream.
        missing: How many numbers between `first` and `last` have not come.
        repeats: How many events had a number that had come before.
    """

    __slots__ = ("_begins", "_ends", "first", "last", "missing", "repeats")

    def __init__(self) -> None:
        self.first: int | None = None
        self.last: int | None = None
        self.missing = 0
        self.repeats = 0
        # First and last number of each gap, in order.
        self._begins: list[int] = []
        self._ends: list[int] = []

    def __repr__(self) -> str:
        return f"SequenceTracker(last={self.last}, gaps={self.gaps}, repeats={self.repeats})"

    @property
    def gaps(self) -> tuple[tuple[int, int], ...]:
        """First and last number of each run of missing ones, in order; at most `MOST_GAPS` of them."""
        return tuple(zip(self._begins, self._ends, strict=True))

    def see(self, number: object) -> None:
        """Note the number of an event; what is no number from 0 upwards is ignored."""
        if type(number) is not int or number < 0:
            return
        if self.last is None:
            self.first = self.last = number
        elif number > self.last:
            if number > self.last + 1:
                self.missing += number - self.last - 1
                if len(self._begins) < MOST_GAPS:
                    self._begins.append(self.last + 1)
                    self._ends.append(number - 1)
            self.last = number
        else:
            self._see_late(number)

    def _see_late(self, number: int) -> None:
        at = bisect_right(self._begins, number) - 1
        if at < 0 or number > self._ends[at]:
            self.repeats += 1
            return
        self.missing -= 1
        begin, end = self._begins.pop(at), self._ends.pop(at)
        for before, after in ((begin, number - 1), (number + 1, end)):
            if before <= after and len(self._begins) < MOST_GAPS:
                place = bisect_left(self._begins, before)
                self._begins.insert(place, before)
                self._ends.insert(place, after)
