"""Which of the elements that events have built each one of another list stands for."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from .places import Place, Places


class Matching:
    """Another list for the place of one that events have built.

    Attributes:
        places: For each element of the other list the built element that it stands for, or None.
        lost: The built elements that stand for none, in their order.
    """

    __slots__ = ("_names", "_places", "_values", "lost", "places")

    def __init__(
        self,
        places: Places,
        values: list[Any],
        names: list[object],
        *,
        keyed: bool,
        rival: Callable[[Place, object], Place | None],
    ) -> None:
        """Match the elements by what they go by, their position, or their kind.

        Args:
            places: Where the built elements stand.
            values: The other list.
            names: What its elements go by.
            keyed: Whether two elements that go by something else are never the same.
            rival: Gives a built element if it gives way to one of another kind that goes by a name, else None.
        """
        self._places = places
        self._values = values
        self._names = names
        self.places: list[Place | None] = [None] * len(values)
        built = [place for place in places.all if place.built]
        taken: set[Place] = set()
        self._by_name(taken)
        rest = [place for place in built if place not in taken]
        for place in rest:
            if place.index < len(values) and not (keyed and self._differs(place.index, place)):
                self._match(place.index, place, taken)
        if not taken.issuperset(rest):
            self._by_kind(rest, taken)
        self.lost = [place for place in built if place not in taken and not self._gives_way(place, rival)]

    def _by_name(self, taken: set[Place]) -> None:
        for index, own in enumerate(self._names):
            if own is not None:
                latest = self._places.latest(index)
                named = latest if latest is not None and latest.id == own else self._places.named(own)
                if named is not None:
                    self._match(index, named, taken)

    def _by_kind(self, rest: list[Place], taken: set[Place]) -> None:
        spare: dict[type, deque[int]] = {}
        for index, kind in enumerate(map(type, self._values)):
            if self.places[index] is None:
                spare.setdefault(kind, deque()).append(index)
        for place in rest:
            indexes = spare.get(place.kind)
            if place not in taken and indexes and not self._differs(indexes[0], place):
                self._match(indexes.popleft(), place, taken)

    def _match(self, index: int, place: Place, taken: set[Place]) -> None:
        fits = place.built and place.kind is type(self._values[index])
        if fits and self.places[index] is None and place not in taken:
            self.places[index] = place
            taken.add(place)

    def _differs(self, index: int, place: Place) -> bool:
        """Whether an element goes by a name, and a built one by some other."""
        return None not in (place.id, self._names[index])

    def _gives_way(self, place: Place, rival: Callable[[Place, object], Place | None]) -> bool:
        index = place.index
        free = index < len(self._values) and self.places[index] is None
        return free and rival(place, self._names[index]) is place
