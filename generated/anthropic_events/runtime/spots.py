"""What is known of each element that events open and close, while the stream goes on."""

from __future__ import annotations

from typing import Any

from .checking import excerpt, step
from .faults import Fault
from .lifecycle import Place
from .model import Model
from .ordering import Sequence
from .paths import Named, Where
from .repeating import Text


class Number:
    """Where a counter is.

    Attributes:
        last: The last number, None before the first.
        absent: How many events since then had none.
    """

    __slots__ = ("absent", "last")

    def __init__(self) -> None:
        self.last: int | None = None
        self.absent = 0


class Items:
    """A list of the state that events put elements into.

    Attributes:
        count: How many there should be.
        keys: The keys of those that have one.
        values: The elements that stay as they came, by their steps.
        fault: What was found wrong with it first.
    """

    __slots__ = ("count", "fault", "keys", "values")

    def __init__(self, count: int = 0) -> None:
        self.count = count
        self.keys: set[object] = set()
        self.values: dict[int | Named, Any] = {}
        self.fault: Fault | None = None


class Inner:
    """The elements of one place that are in another.

    Attributes:
        place: The place.
        spots: All that were mentioned, by key.
        open: Those that are open.
        next: The position of the next one.
        begun: How many there were before any was opened.
        is_counted: Whether all of them are known.
        unique: For each member whose value no two share, the values with who has them.
        fault: What was found wrong with how many there are, or where.
        overlap: What was found wrong first because one was open beside another.
    """

    __slots__ = ("begun", "fault", "is_counted", "next", "open", "overlap", "place", "spots", "unique")

    def __init__(self, place: Place) -> None:
        self.place = place
        self.spots: dict[str | int, Spot] = {}
        self.open: dict[str | int, Spot] = {}
        self.next = 0
        self.begun = 0
        self.is_counted = False
        self.unique: dict[str, dict[Any, Spot]] = {}
        self.fault: Fault | None = None
        self.overlap: Fault | None = None

    @property
    def count(self) -> int:
        """How many elements the list should have."""
        return self.next if self.place.is_position else len(self.spots)


class Spot:
    """One element that events open, are about, and close; or the stream as a whole.

    Attributes:
        place: Of which it is one; None for the stream.
        key: What it goes by.
        outer: What it is in; None for the stream.
        way: How it is reached from there.
        value: What it was when it was last brought, on the wire; None before.
        model: Its class, None where that is not known.
        tag: What opened it, as an event.
        sequence: What may happen to it; None where nobody says.
        position: Where in that sequence things are.
        last: What happened last: the tag of an event, or the spot in it that the event was about.
        is_open: Whether it has begun and not ended.
        closer: The tag of what closed it; empty before.
        is_announced: Whether an event has opened it.
        is_final: Whether the event that closed it has brought it whole.
        is_partial: Whether it began before the recording.
        inner: What is in it, by the name of the place.
        texts: The texts in it that come in pieces.
        lists: The lists in it that elements are put into.
        numbers: Where the counters of its events are, by tag and member.
        ranks: The last value of each member that only moves on.
        told: Those of them of which only an event has said the last value, not the element itself.
        fault: What makes all else that is found in it doubtful.
        others: What events have said in the place of a member that they repeat, by where that is: the first such value,
            and what was found.
        doubts: What was found wrong already in its value, by where that is.
        slip: What was found wrong first with the order of things in it.
        overlaps: What was found wrong because it was open.
    """

    __slots__ = (
        "closer",
        "doubts",
        "fault",
        "inner",
        "is_announced",
        "is_final",
        "is_open",
        "is_partial",
        "key",
        "last",
        "lists",
        "model",
        "numbers",
        "others",
        "outer",
        "overlaps",
        "place",
        "position",
        "ranks",
        "sequence",
        "slip",
        "tag",
        "texts",
        "told",
        "value",
        "way",
    )

    def __init__(self, place: Place | None, key: str | int, outer: Spot | None) -> None:
        self.place = place
        self.key = key
        self.outer = outer
        self.way: Where = ()
        if place is not None:
            self.way = (*place.path, Named(place.key, key) if place.key or isinstance(key, str) else key)
        self.value: Any = None
        self.model: type[Model] | None = None
        self.tag = ""
        self.sequence: Sequence | None = None if place is None else place.sequences.get(None)
        self.position: int | None = None
        self.last: str | Spot = ""
        self.is_open = False
        self.closer = ""
        self.is_announced = False
        self.is_final = False
        self.is_partial = False
        self.inner: dict[str, Inner] = {}
        self.texts: dict[Where, Text] = {}
        self.lists: dict[Where, Items] = {}
        self.numbers: dict[tuple[str, str], Number] = {}
        self.ranks: dict[str, str] = {}
        self.told: set[str] = set()
        self.fault: Fault | None = None
        self.others: dict[Where, tuple[Any, Fault]] = {}
        self.doubts: dict[Where, Fault] = {}
        self.slip: Fault | None = None
        self.overlaps: list[Fault] = []

    def within(self, place: Place) -> Inner:
        """Give the elements of a place that are in it."""
        found = self.inner.get(place.name)
        if found is None:
            found = self.inner[place.name] = Inner(place)
        return found

    @property
    def name(self) -> str:
        """Name of its place, `stream` for the stream."""
        return "stream" if self.place is None else self.place.name

    @property
    def kind(self) -> str:
        """Name of its class, empty where that is not known."""
        return "" if self.model is None else self.model.__name__

    @property
    def blame(self) -> Fault | None:
        """What makes what is found in it doubtful, be it further out."""
        spot: Spot | None = self
        while spot is not None:
            if spot.fault is not None:
                return spot.fault
            spot = spot.outer
        return None

    def path(self, *where: str | int | Named) -> str:
        """Give the JSON path of what is somewhere in it, from the state."""
        whole: Where = where
        spot: Spot | None = self
        while spot is not None:
            whole = (*spot.way, *whole)
            spot = spot.outer
        return path_text(whole)


def path_text(where: Where) -> str:
    """Write a way into a value as a JSON path."""
    shown: list[str] = []
    for each in where:
        if isinstance(each, str):
            shown.append(step(each))
        else:
            shown.append(f"[{excerpt(each.value if isinstance(each, Named) else each)}]")
    return "".join(shown).removeprefix(".")
