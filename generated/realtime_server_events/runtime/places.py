"""Where the elements of a list of the state stand, and how they are found: by position, id, kind, or when last used."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import TYPE_CHECKING

from .model import UnknownVariant

if TYPE_CHECKING:
    from .drafts import Draft
    from .growing import Text

UNKNOWN: tuple[type, ...] = (UnknownVariant, dict)
"""Classes of what the spec does not know."""


class Place:
    """Where an element stands.

    Attributes:
        index: Its position on the wire.
        nth: How many elements came before it with the same position.
        kind: Class of the element.
        id: What it goes by, None where it has no name.
        draft: The element open to changes, None while it is a text or has not been changed.
        text: The same for an element that is a text.
        announced: Whether an event has brought the element, rather than pieces of it only.
        grown: Whether pieces of it have come.
        finished: Whether an event has brought the finished element.
        gone: Whether an event has taken it out.
        stamp: Higher than that of every element that was touched before.
    """

    __slots__ = ("announced", "draft", "finished", "gone", "grown", "id", "index", "kind", "nth", "stamp", "text")

    def __init__(self, index: int, kind: type, id: object = None, *, announced: bool = False) -> None:
        self.index = index
        self.nth = 0
        self.kind = kind
        self.id = id
        self.draft: Draft | None = None
        self.text: Text | None = None
        self.announced = announced
        self.grown = False
        self.finished = False
        self.gone = False
        self.stamp = 0

    @property
    def built(self) -> bool:
        """Whether events have built the element, rather than brought it with all around it."""
        return self.announced or self.grown

    def takes(self, kind: type) -> bool:
        """Whether pieces of an element of a class go here: an element of unknown kind takes those of any."""
        return self.kind is kind or self.kind in UNKNOWN

    def close(self) -> None:
        """Take back what waits in the element: it is no longer what it was."""
        for child in (self.draft, self.text):
            if child is not None:
                child.discard()
        # Whatever the element was, no cycle of references keeps it.
        self.draft = self.text = None


class Places:
    """The places of a list, in the order of their positions on the wire.

    An element is open from when an event touches it until one brings it finished.

    What is taken out stays in `all`, marked, until `compact`: so each removal takes the same short time.

    Attributes:
        all: The places in the order of the list.
        last: The one that was touched last.
        gone: How many of `all` are taken out.
        only_built: Whether events have built all that were there at first.
    """

    __slots__ = (
        "_first",
        "_ids",
        "_latest",
        "_of_kind",
        "_open",
        "_positions",
        "_stamp",
        "_used",
        "all",
        "gone",
        "last",
        "only_built",
    )

    def __init__(self, places: list[Place]) -> None:
        self._open: dict[type, dict[Place, None]] = {}
        self._used: dict[type, dict[Place, None]] = {}
        self._stamp = 0
        self.fill(places)

    def fill(self, places: list[Place]) -> None:
        """Hold other places; those that were held before stay as open and as much used as they were."""
        self.all = places
        self.gone = 0
        self.only_built = all(place.built for place in places)
        self.last: Place | None = None
        # The position on the wire of each place, None while they are 0, 1, 2 and so on.
        self._positions: list[int] | None = None
        if any(place.index != at for at, place in enumerate(places)):
            self._positions = [place.index for place in places]
        self._latest: dict[int | None, Place] = {}
        self._of_kind: dict[tuple[int, type], Place] = {}
        self._ids: dict[object, Place] = {}
        self._first: dict[type, Place] = {}
        held = set(places)
        for touched in (self._open, self._used):
            for kind, kept in touched.items():
                touched[kind] = {place: None for place in kept if place in held}
        for place in places:
            latest = self._latest.get(place.index)
            place.nth = 0 if latest is None else latest.nth + 1
            self._latest[place.index] = place
            self.register(place)

    @property
    def in_order(self) -> bool:
        """Whether the positions are 0, 1, 2 and so on."""
        return self._positions is None

    def at(self, place: Place) -> int:
        """Give where in the list an element is."""
        if self._positions is None:
            return place.index
        return bisect_left(self._positions, place.index) + place.nth

    def free(self, index: int | None) -> int:
        """Give the position of a new element: behind the last one if the event does not say."""
        if index is not None and index >= 0:
            return index
        return self.all[-1].index + 1 if self.all else 0

    def insert(self, place: Place) -> int:
        """Take a new place, behind those of the same position; give where in the list it is."""
        index = place.index
        latest = self._latest.get(index)
        if latest is not None:
            place.nth = latest.nth + 1
        at = len(self.all)
        if self._positions is None and index != at:
            self._positions = [each.index for each in self.all]
        if self._positions is not None:
            at = bisect_right(self._positions, index)
            self._positions.insert(at, index)
        self.all.insert(at, place)
        self._latest[index] = place
        self.register(place)
        return at

    def register(self, place: Place) -> None:
        """Take down the kind and the name of a place."""
        self._of_kind[place.index, place.kind] = place
        if place.id is not None:
            self._ids[place.id] = place
        first = self._first.get(place.kind)
        if first is None or place.index < first.index:
            self._first[place.kind] = place

    def rename(self, ids: Iterable[object]) -> None:
        """Give each place another name."""
        self._ids.clear()
        for place, each in zip(self.all, ids, strict=True):
            place.id = each
            if each is not None:
                self._ids[each] = place

    def change_kind(self, place: Place, kind: type) -> None:
        """Let an element be of another class; it is to be registered again."""
        self._forget_use(place)
        self._of_kind.pop((place.index, place.kind), None)
        if self._first.get(place.kind) is place:
            del self._first[place.kind]
        place.kind = kind

    def remove(self, place: Place) -> None:
        """Mark an element as taken out."""
        place.gone = True
        self.gone += 1
        self._forget_use(place)
        if self.last is place:
            self.last = None

    def pop(self) -> bool:
        """Forget the place at the end of the list if it is taken out; tell whether it is."""
        if not self.all or not self.all[-1].gone:
            return False
        place = self.all.pop()
        self.gone -= 1
        if self._positions is not None:
            self._positions.pop()
        self._latest.pop(place.index, None)
        self._of_kind.pop((place.index, place.kind), None)
        for twin in self.all[len(self.all) - place.nth :]:
            self._latest[twin.index] = self._of_kind[twin.index, twin.kind] = twin
        if self._first.get(place.kind) is place:
            del self._first[place.kind]
        return True

    def compact(self) -> None:
        """Forget what is taken out; what stood behind it moves up."""
        kept = [place for place in self.all if not place.gone]
        taken = {place.index for place in kept}
        free = sorted({place.index for place in self.all}.difference(taken))
        for place in kept:
            place.index -= bisect_left(free, place.index)
        last = self.last
        self.fill(kept)
        self.last = last

    # --- Finding ---

    def latest(self, index: int | None) -> Place | None:
        """Give the element that came last for a position."""
        return self._latest.get(index)

    def named(self, id: object) -> Place | None:
        """Give the element with an id."""
        place = self._ids.get(id)
        return None if place is None or place.gone else place

    def of_kind(self, index: int, *kinds: type) -> Place | None:
        """Give the element at a position that is of the first of some classes of which there is one."""
        return next(filter(None, (self._of_kind.get((index, each)) for each in kinds)), None)

    def first(self, *kinds: type) -> Place | None:
        """Give the first element of the first of some classes of which there is one."""
        return next(filter(None, map(self._first.get, kinds)), None)

    def last_open(self, *kinds: type) -> Place | None:
        """Give the open element of some classes that was touched last."""
        return _last(self._open, kinds)

    def last_used(self, *kinds: type) -> Place | None:
        """Give the element of some classes that was touched last."""
        return _last(self._used, kinds)

    # --- Using ---

    def touch(self, place: Place) -> None:
        """Take down that an event is about an element."""
        self.last = place
        self._stamp += 1
        place.stamp = self._stamp
        for touched in (self._used,) if place.finished else (self._used, self._open):
            places = touched.setdefault(place.kind, {})
            places.pop(place, None)
            places[place] = None

    def finish(self, place: Place) -> None:
        """Take down that an event has brought an element finished."""
        place.finished = True
        self._open.get(place.kind, {}).pop(place, None)

    def _forget_use(self, place: Place) -> None:
        for touched in (self._open, self._used):
            touched.get(place.kind, {}).pop(place, None)


def _last(touched: dict[type, dict[Place, None]], kinds: tuple[type, ...]) -> Place | None:
    found = (next(reversed(places)) for each in kinds if (places := touched.get(each)))
    return max(found, key=lambda place: place.stamp, default=None)
