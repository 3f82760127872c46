"""What may come in which order, as an automaton that is walked event by event."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple


class Sequence(NamedTuple):
    """A regular expression over names, with a position for each mention of one.

    A position of None is the beginning.
    """

    text: str
    """As the spec has it."""

    names: tuple[str, ...]
    """What stands at each position: the tag of an event, or the name of a place for whatever happens there."""

    first: tuple[int, ...]
    """The positions that may come first."""

    follow: tuple[tuple[int, ...], ...]
    """For each position those that may come next."""

    last: tuple[int, ...]
    """The positions after which nothing more has to come."""

    may_lack: bool
    """Whether nothing at all will do."""

    def after(self, position: int | None) -> tuple[int, ...]:
        """Give the positions that may come after one."""
        return self.first if position is None else self.follow[position]

    def step(self, position: int | None, name: str) -> int | None:
        """Give the position of what comes after one, None if it cannot come there."""
        for each in self.first if position is None else self.follow[position]:
            if self.names[each] == name:
                return each
        return None

    def is_enough(self, position: int | None) -> bool:
        """Whether nothing more has to come after a position."""
        return self.may_lack if position is None else position in self.last

    def expected(self, position: int | None) -> tuple[str, ...]:
        """Give what may come after a position."""
        return tuple(dict.fromkeys(self.names[each] for each in self.after(position)))

    def leap(self, position: int | None, name: str | None) -> tuple[int | None, tuple[str, ...]] | None:
        """Find what has to be missing for something to fit that cannot come at once.

        Args:
            position: Where things are.
            name: What came; None for the end.

        Returns:
            The position of what came, or that before the end, and the names that are missing before it, as few as
            possible. None if it cannot come any more.
        """
        pending: deque[tuple[int | None, tuple[str, ...]]] = deque([(position, ())])
        seen: set[int] = set()
        while pending:
            place, missing = pending.popleft()
            if name is None and self.is_enough(place):
                return place, missing
            for each in self.after(place):
                if self.names[each] == name:
                    return each, missing
                if each not in seen:
                    seen.add(each)
                    pending.append((each, (*missing, self.names[each])))
        return None
