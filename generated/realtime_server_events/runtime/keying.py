"""Streams that run side by side in one: their events have a key, and each key builds up a state of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from .accumulating import FoldTable, StateAccumulator, no_event
from .ending import EndingTable, Path, StreamEnd, reach, worse
from .growing import Mend
from .model import Model, UnknownEvent

StateT = TypeVar("StateT", bound=Model)
EventT = TypeVar("EventT", bound=Model)
AccumulatorT = TypeVar("AccumulatorT", bound="StateAccumulator[Any, Any]")


def key_of(event: Model, paths: tuple[Path, ...]) -> str | None:
    """Give the key of an event, a number as text: what it has at the first path that leads to a key; None if none does.

    Args:
        event: Any event.
        paths: Members on the wire that lead to a key.
    """
    for path in paths:
        found = reach(event, path)
        if (isinstance(found, str) and found) or type(found) is int:
            return str(found)
    return None


class StateAccumulators(Mapping[str, StateT], Generic[StateT, EventT, AccumulatorT]):
    """Builds up the states of streams that run side by side; the base of the generated class.

    It is a mapping of the keys of the streams that have begun and not ended to their states.

    Attributes:
        end: How all of them ended together, None while that has not happened.
    """

    def __init__(
        self,
        accumulator: Callable[[], AccumulatorT],
        types: Mapping[str, type[Model]],
        folds: FoldTable,
        endings: EndingTable,
        paths: tuple[Path, ...],
    ) -> None:
        """Prepare for the first event.

        Args:
            accumulator: Makes what builds up the state of one stream.
            types: The class of each known tag.
            folds: What the events do to a state.
            endings: What the events say about the end of a stream.
            paths: Members on the wire that lead to the key of an event.
        """
        self.end: StreamEnd | None = None
        self._new = accumulator
        self._events = frozenset([*types.values(), UnknownEvent])
        self._folds = folds
        self._endings = endings
        self._paths = paths
        self._live: dict[str, AccumulatorT] = {}
        self._mended: Counter[Mend] = Counter()

    def __getitem__(self, key: str) -> StateT:
        state: StateT = self._live[key].state
        return state

    def __iter__(self) -> Iterator[str]:
        return iter(self._live)

    def __len__(self) -> int:
        return len(self._live)

    def __contains__(self, key: object) -> bool:
        return key in self._live

    @property
    def mended(self) -> Counter[Mend]:
        """How often something was done about events that are not as they should be, by kind, in all streams so far."""
        return sum((each.mended for each in self._live.values()), self._mended.copy())

    def accumulator(self, key: str) -> AccumulatorT:
        """Give what builds up the state of a key, with its numbers and its end.

        Raises:
            KeyError: No stream of this key has begun, or it has ended.
        """
        return self._live[key]

    def feed(self, event: EventT) -> StateT | None:
        """Take the next event; give the last state of its stream if that ends with it, and forget the stream.

        An event without a key changes no state. If it ends a stream, it ends all of them: then `end` says how, and
        their states can be read until the next event that has a key, which begins anew.

        Raises:
            TypeError: `event` is no event of this package.
        """
        kind = type(event)
        if kind not in self._events:
            raise no_event(kind)
        key = key_of(event, self._paths)
        if key is None:
            self._see(event)
            return None
        if self.end is not None:
            self._begin()
        accumulator = self._live.get(key)
        if accumulator is None:
            if kind not in self._folds:
                return None
            accumulator = self._live[key] = self._new()
        accumulator.feed(event)
        if accumulator.end is None:
            return None
        state: StateT = accumulator.state
        del self._live[key]
        self._mended += accumulator.mended
        return state

    def close(self, *, done: bool = False) -> StreamEnd:
        """Say that no more bytes come, and get how all streams ended; `done` is that of one accumulator's `close`."""
        for accumulator in self._live.values():
            accumulator.close(done=done)
        if self.end is None:
            self.end = StreamEnd("completed" if done else "truncated")
        return self.end

    def _see(self, event: EventT) -> None:
        """Take an event without a key."""
        if type(event) in self._folds:
            self._mended["key"] += 1
        ending: Any = self._endings.get(type(event))
        end: StreamEnd | None = None if ending is None else ending.read(event)
        if end is None:
            return
        self.end = worse(self.end, end)
        for accumulator in self._live.values():
            accumulator.end = worse(accumulator.end, end)

    def _begin(self) -> None:
        """Forget the streams before, but not what was mended in them."""
        self._mended = self.mended
        self._live.clear()
        self.end = None
