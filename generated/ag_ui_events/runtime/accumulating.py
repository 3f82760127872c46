"""Builds the state of a stream out of its events. The generated folds say what each event does; this does it.

The state that a reader gets is never changed afterwards, and neither is any event: an object is copied before it is
changed for the first time since it was read, and so are the objects around it, but nothing else. Text that is appended
waits as a list of pieces and is joined when the state is read, so that a stream takes time in proportion to its length.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeAlias, TypeVar, cast

from .attributes import given
from .drafts import Draft
from .ending import Ending, EndingTable, Path, StreamEnd, worse
from .errors import DecodeError
from .growing import Build, Growing, Identities, Mend
from .making import blank
from .model import Model, UnknownEvent
from .roots import UnionRoot
from .sequencing import SequenceTracker
from .unknown_drafts import draft_of

StateT = TypeVar("StateT", bound=Model)
EventT = TypeVar("EventT", bound=Model)

FoldTable: TypeAlias = Mapping[type[Any], Callable[[Draft, Any], None]]
"""What the events of each class do to the state."""

SnapshotTable: TypeAlias = Mapping[type[Any], Path]
"""The classes of the events that have the whole state, and where in them it is."""


class StateAccumulator(Generic[StateT, EventT]):
    """Builds up the state of one stream; the base of the generated class.

    Attributes:
        end: How the stream ended, None while it goes on.
        sequence: The numbers of the events: gaps, repeats, and the cursor from which to resume.
        mended: How often something was done about events that are not as they should be, by kind; see `Mend`. It is
            empty after a stream that is well formed.
    """

    def __init__(
        self,
        state: type[StateT],
        types: Mapping[str, type[Model]],
        folds: FoldTable,
        growing: Growing,
        identities: Identities,
        snapshots: SnapshotTable,
        endings: EndingTable,
        sequence_field: tuple[str, str] | None = None,
        *,
        several: bool = False,
    ) -> None:
        """Prepare for the first event.

        Args:
            state: Class of the state while nothing is known of it.
            types: The class of each known tag.
            folds: What the events do to the state.
            growing: What they build up.
            identities: Where the ids of objects are.
            snapshots: The events that have the whole state.
            endings: What the events say about the end of the stream.
            sequence_field: Wire name and attribute of the number of an event, None where events have none.
            several: Whether the state may become one of other classes.
        """
        self.end: StreamEnd | None = None
        self.mended: Counter[Mend] = Counter()
        self._state = state
        self._several = several
        self._events = frozenset([*types.values(), UnknownEvent])
        self._folds = folds
        self._growing = growing
        self._identities = identities
        self._snapshots = snapshots
        self._endings = endings
        self._sequence_field = sequence_field
        self._begin()

    def feed(self, event: EventT) -> None:
        """Take the next event. An event that says nothing about the state, or nothing that fits, changes nothing.

        The state shares objects with the events that brought them, so leave an event alone that was fed.

        Raises:
            TypeError: `event` is no event of this package, but what one is decoded from, for example.
        """
        kind = type(event)
        fold = self._folds.get(kind)
        if fold is None and kind not in self._events:
            raise no_event(kind)
        self._build.turn_to_next()
        try:
            if (self.end is None or self._goes_on(event)) and self._is_new(event) and fold is not None:
                fold(self._root, event)
                if kind in self._snapshots:
                    self._see_snapshot(event)
        except (DecodeError, RecursionError):
            self.mended["unreadable"] += 1
        # Also where what there is to fold cannot be read.
        ending = self._endings.get(kind)
        if ending is not None and (end := ending.read(cast("Any", event))) is not None:
            self.end = worse(self.end, end)

    def close(self, *, done: bool = False) -> StreamEnd:
        """Say that no more bytes come, and get how the stream ended.

        Args:
            done: Whether the stream has said that it is done, as the `dones` of its reader count. Then it is
                `completed` if no event has said how it ended; else `truncated`.
        """
        if self.end is None:
            self.end = StreamEnd("completed" if done else "truncated")
        return self.end

    @property
    def state(self) -> StateT:
        """What has been built up so far. It stays as it is: events that are fed later show in what is read later.

        It shares objects with the events and with what was read before, so leave it alone; `copy.deepcopy` gives one
        that you may change.
        """
        self._build.join()
        return cast("StateT", self._model)

    def json_text(self, obj: object, name: str) -> str:
        """Give the text that an attribute was read from whose JSON comes in pieces, as it came and whole or not.

        Args:
            obj: An object of the state that was read last.
            name: The attribute, such as `input`.

        Returns:
            The text, as it was when the state was read; empty where no pieces have come.
        """
        return self._build.json_text(obj, name)

    @property
    def _model(self) -> Any:
        """The state as it stands, without what waits."""
        return self._root.now.model if isinstance(self._root, UnionRoot) else self._root.model

    def _begin(self) -> None:
        """Forget the stream before, but not what was mended in it."""
        self.end = None
        self.sequence = SequenceTracker()
        self._build = Build(self._growing, self._identities, self.mended, draft_of)
        several, state = self._several, self._state
        self._root = UnionRoot(self._build, state) if several else Draft(self._build, blank(state))
        # A snapshot after the end with the id of the state that has ended.
        self._again: EventT | None = None

    def _goes_on(self, event: EventT) -> bool:
        """Decide what an event after the end is: one of the next stream, which is begun, or else a late one.

        Returns:
            Whether the event is to be folded.
        """
        if self.end is None or self.end.event is None:
            return True
        kind = type(event)
        if kind not in self._folds or self._is_final(event):
            return True
        path = self._snapshots.get(kind)
        if path is not None:
            own = self._build.identity(given(event, *path))
            if own is None or own != self._build.identity(self._model):
                self._begin()
                return True
            # It is late, or another stream has the same id: that shows when more follows.
            self._again = event
            return False
        if self._again is not None:
            again = self._again
            self._begin()
            self.feed(again)
        return True

    def _is_final(self, event: EventT) -> bool:
        """Whether the stream ends with an event, whatever else it says."""
        ending = self._endings.get(type(event))
        return isinstance(ending, Ending) and ending.kind_of(event) is not None

    def _is_new(self, event: EventT) -> bool:
        """Note the number of an event, and decide whether it is none that was replayed."""
        if self._sequence_field is None:
            return True
        wire_name, name = self._sequence_field
        number = event.data.get(wire_name) if isinstance(event, UnknownEvent) else getattr(event, name, None)
        if self.sequence.see(number, event):
            self.mended["repeat"] += 1
            return False
        return True

    def _see_snapshot(self, event: EventT) -> None:
        """Take the members of the state from the event itself where it lacks the object that should hold them."""
        kind = type(event)
        if isinstance(self._root, UnionRoot) or event.leftover is None:
            return
        if given(event, *self._snapshots[kind]) is None:
            self._root.gather(event.leftover, late=not self._is_final(event))


def no_event(kind: type) -> TypeError:
    """Give the error of what is no event; callers without a type checker pass anything."""
    # The classes of other libraries may well have the same names.
    name = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
    way = "pass `decode(...)` of it, or each event that `iter_events(...)` gives"
    return TypeError(f"feed() takes an event of this package, not {name}; {way}")
