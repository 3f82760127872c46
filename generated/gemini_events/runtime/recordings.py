"""Tells apart the streams that a recording holds one after the other."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterator
from typing import Any, Generic, TypeVar

from .ending import Ending, EndingTable, Path, StreamEnd
from .errors import DecodeError
from .iterating import AsyncEventStream, EventStream
from .keying import key_of
from .model import Model

EventT = TypeVar("EventT", bound=Model)


class Boundaries:
    """Sees where a stream begins: behind a frame that said `done`, and with an opener that follows an end.

    Args:
        endings: What the events say about the end of a stream.
        openers: The events that a stream begins with; where there are none, those of the class of the first event,
            unless those may end it as well.
        keys: Members on the wire that lead to the key of an event. An event with a key is about one of the streams that
            run side by side in the stream, and ends only that.
    """

    def __init__(self, endings: EndingTable, openers: Collection[type[Any]], keys: tuple[Path, ...]) -> None:
        self._endings = endings
        self._openers = openers
        self._keys = keys
        self._ended = False
        self._dones: int | None = None

    def end(self, event: Model) -> StreamEnd | None:
        """Give the end that an event reports, None if the stream goes on."""
        ending: Any = self._endings.get(type(event))
        if ending is None or (self._keys and key_of(event, self._keys) is not None):
            return None
        end: StreamEnd | None = ending.read(event)
        return end

    def _may_end(self, kind: type[Any]) -> bool:
        """Whether it takes a condition for an event to end the stream, so that others of its class do not."""
        ending = self._endings.get(kind)
        return isinstance(ending, Ending) and bool(ending.cases)

    def end_by_done(self) -> StreamEnd | None:
        """Give the end of a stream of which only a frame said that it is done.

        That is None where the tag of an event would have said that all has come.
        """
        complete = (isinstance(each, Ending) and each.kind == "completed" for each in self._endings.values())
        return None if any(complete) else StreamEnd("completed")

    def begins(self, event: Model, dones: int) -> bool:
        """Whether another stream begins with an event; `dones` counts the frames before it that said `done`."""
        kind = type(event)
        first = self._dones is None
        if first and not self._openers and not self._may_end(kind):
            self._openers = (kind,)
        begins = not first and (dones != self._dones or (self._ended and kind in self._openers))
        self._ended = (self._ended and not begins) or self.end(event) is not None
        self._dones = dones
        return begins


class EventStreams(Iterator[Iterator[EventT]], Generic[EventT]):
    """An iterator over streams, each of which is an iterator over its events.

    To go on to the next stream passes over what is left of the one before.
    """

    def __init__(self, events: EventStream[EventT], boundaries: Boundaries) -> None:
        self._events = events
        self._boundaries = boundaries
        self._first: EventT | None = None
        self._part: Iterator[EventT] | None = None

    def __next__(self) -> Iterator[EventT]:
        if self._part is None:
            self._first = next(self._events)
            self._boundaries.begins(self._first, self._events.dones)
        while self._first is None:
            try:
                next(self._part or iter(()))
            except DecodeError:
                continue
            except StopIteration:
                break
        if self._first is None:
            raise StopIteration
        self._part = _Part(self, self._first)
        self._first = None
        return self._part

    def event(self) -> EventT | None:
        """Give the next event of the present stream, None where it is over."""
        if self._first is not None:
            return None
        event = next(self._events, None)
        if event is not None and self._boundaries.begins(event, self._events.dones):
            self._first, event = event, None
        return event


class _Part(Iterator[EventT], Generic[EventT]):
    """One stream of several."""

    def __init__(self, streams: EventStreams[EventT], first: EventT) -> None:
        self._streams: EventStreams[EventT] | None = streams
        self._first: EventT | None = first

    def __next__(self) -> EventT:
        event, self._first = self._first, None
        if event is None and self._streams is not None:
            event = self._streams.event()
        if event is None:
            self._streams = None
            raise StopIteration
        return event


class AsyncEventStreams(AsyncIterator[AsyncIterator[EventT]], Generic[EventT]):
    """`EventStreams` for bytes that come asynchronously."""

    def __init__(self, events: AsyncEventStream[EventT], boundaries: Boundaries) -> None:
        self._events = events
        self._boundaries = boundaries
        self._first: EventT | None = None
        self._part: AsyncIterator[EventT] | None = None

    async def __anext__(self) -> AsyncIterator[EventT]:
        if self._part is None:
            self._first = await anext(self._events)
            self._boundaries.begins(self._first, self._events.dones)
        while self._first is None and self._part is not None:
            try:
                await anext(self._part)
            except DecodeError:
                continue
            except StopAsyncIteration:
                break
        if self._first is None:
            raise StopAsyncIteration
        self._part = _AsyncPart(self, self._first)
        self._first = None
        return self._part

    async def event(self) -> EventT | None:
        """Give the next event of the present stream, None where it is over."""
        if self._first is not None:
            return None
        event = await anext(self._events, None)
        if event is not None and self._boundaries.begins(event, self._events.dones):
            self._first, event = event, None
        return event


class _AsyncPart(AsyncIterator[EventT], Generic[EventT]):
    """One stream of several."""

    def __init__(self, streams: AsyncEventStreams[EventT], first: EventT) -> None:
        self._streams: AsyncEventStreams[EventT] | None = streams
        self._first: EventT | None = first

    async def __anext__(self) -> EventT:
        event, self._first = self._first, None
        if event is None and self._streams is not None:
            event = await self._streams.event()
        if event is None:
            self._streams = None
            raise StopAsyncIteration
        return event
