"""An event, and what it is about."""

from __future__ import annotations

from .ending import EndKind, Path
from .faults import Fault
from .lifecycle import Event
from .model import Model
from .paths import Where
from .repeating import Text
from .spots import Spot

_WELL = ("completed", "incomplete")


class Moment:
    """An event that a stream has come to.

    Attributes:
        event: The event.
        law: What is known of such events.
        index: Which one of the recording it is.
        end: How the stream ends with it, None if it goes on.
        spots: The stream, by an empty name, and the spots on the way to what it is about, by their places.
        spot: What it is about.
        slip: What was found wrong with its coming at all; then what it says is doubtful.
        untrue: Where in the event something is that is not as it is said to be, each with what was found.
        held: The first of the statements about the event that are not true of it.
        brought: The last spot whose value it has brought.
        appended: The last text of which it was a piece.
        repeated: A text of which it was said already that it comes after its end.
        source: Where in the event that is.
        changed: The first of the differences between what it repeats and what was said before.
    """

    __slots__ = (
        "appended",
        "brought",
        "changed",
        "end",
        "event",
        "held",
        "index",
        "law",
        "repeated",
        "slip",
        "source",
        "spot",
        "spots",
        "untrue",
    )

    def __init__(self, event: Model, law: Event, index: int, end: EndKind | None, stream: Spot) -> None:
        self.event = event
        self.law = law
        self.index = index
        self.end: EndKind | None = end
        self.spots = {"": stream}
        self.spot = stream
        self.slip: Fault | None = None
        self.untrue: dict[Where, Fault] = {}
        self.held: Fault | None = None
        self.source: Path = ()
        self.brought: Spot | None = None
        self.appended: Text | None = None
        self.repeated: Text | None = None
        self.changed: Fault | None = None

    @property
    def tag(self) -> str:
        """The tag of the event, as the spec writes it."""
        return self.law.tag

    @property
    def ends_well(self) -> bool:
        """Whether the stream ends with it as a stream should, so that all has to be there."""
        return self.end in _WELL

    def untrue_at(self, where: Where) -> Fault | None:
        """Give what was found because the event is not as it should be where it has something of what it brings."""
        return self.untrue.get((*self.source, *where)) if self.untrue else None
