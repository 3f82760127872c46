"""Keeps track of the numbers that the events of a stream carry."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

MOST_GAPS = 1000
"""How many gaps a tracker lists; more are counted only, so that a hostile stream cannot fill the memory."""


# How many events are remembered: from the beginning, where servers begin again that count each part of a stream by
# itself, and of the latest, which are replayed when a stream is resumed.
_EARLY = 64
_LATEST = 192


class SequenceTracker:
    """The numbers of one stream: where it began, where it is, what is missing and what came again.

    A number that came before means that its event is replayed, as it is when a stream is resumed too early, but only if
    the numbers can be relied on: they have increased, and no number has come with two different events. A server that
    numbers everything 0, or counts each part of the stream by itself, replays nothing. Some 250 events are remembered
    to tell the two apart, the first and the latest.

    Attributes:
        first: The number of the first event that had one, None before. A resumed stream does not begin at 0.
        last: The highest number so far, None before the first: the cursor from which to resume a broken stream.
        missing: How many numbers between `first` and `last` have not come.
        repeats: How many events had a number that had come before.
        reliable: Whether no number has come with two different events.
    """

    __slots__ = ("_begins", "_ends", "_remembered", "first", "last", "missing", "reliable", "repeats")

    def __init__(self) -> None:
        self.first: int | None = None
        self.last: int | None = None
        self.missing = 0
        self.repeats = 0
        self.reliable = True
        self._remembered: dict[int, tuple[int, object]] = {}
        # First and last number of each gap, in order.
        self._begins: list[int] = []
        self._ends: list[int] = []

    def __repr__(self) -> str:
        return f"SequenceTracker(last={self.last}, gaps={self.gaps}, repeats={self.repeats})"

    @property
    def gaps(self) -> tuple[tuple[int, int], ...]:
        """First and last number of each run of missing ones, in order; at most `MOST_GAPS` of them."""
        return tuple(zip(self._begins, self._ends, strict=True))

    def see(self, number: object, event: object = None) -> bool:
        """Note the number of an event; what is no number from 0 upwards is ignored.

        Returns:
            Whether the event came before, so that it must not count twice.
        """
        if type(number) is not int or number < 0:
            return False
        if self.last is None:
            self.first = self.last = number
        elif number > self.last:
            if number > self.last + 1:
                self._add_gap(self.last + 1, number - 1)
            self.last = number
        elif not self._is_late(number):
            self.repeats += 1
            return self._is_replayed(number, event)
        self._remembered[_slot(number)] = number, event
        return False

    def _is_replayed(self, number: int, event: object) -> bool:
        known, before = self._remembered.get(_slot(number), (None, None))
        if known == number:
            self.reliable = self.reliable and before == event
        elif self.first is None or number < self.first or len(self._begins) == MOST_GAPS:
            # Nobody knows whether it came before.
            return False
        return self.reliable and self.first != self.last

    def _is_late(self, number: int) -> bool:
        """Whether a number was missing; then it no longer is."""
        at = bisect_right(self._begins, number) - 1
        if at < 0 or number > self._ends[at]:
            return False
        self.missing -= 1
        begin, end = self._begins.pop(at), self._ends.pop(at)
        for before, after in ((begin, number - 1), (number + 1, end)):
            if before <= after and len(self._begins) < MOST_GAPS:
                place = bisect_left(self._begins, before)
                self._begins.insert(place, before)
                self._ends.insert(place, after)
        return True

    def _add_gap(self, begin: int, end: int) -> None:
        self.missing += end - begin + 1
        if len(self._begins) < MOST_GAPS:
            self._begins.append(begin)
            self._ends.append(end)


def _slot(number: int) -> int:
    """Give the place of an event among those that are remembered."""
    return number if number < _EARLY else _EARLY + number % _LATEST
