"""Iterators over the events of a stream, for bytes that are at hand and for those that are waited for."""

from __future__ import annotations

import io
import os
from collections.abc import AsyncIterable, Callable, Iterable, Iterator
from types import TracebackType
from typing import Any, Generic, TypeVar

from .reading import Chunk, EventReader

EventT = TypeVar("EventT")
SelfT = TypeVar("SelfT", bound="_Stream[Any]")

_END: Any = object()

_FUNCTIONS = {"frame": "iter_events", "line": "iter_jsonl"}
"""The functions that read frames of each kind."""


class _Stream(Generic[EventT]):
    """What both kinds of stream say about themselves."""

    def __init__(self, reader: EventReader[EventT]) -> None:
        self._reader = reader
        # Whether somebody waits for bytes, and whether the stream was closed meanwhile.
        self._waits = False
        self._stopped = False

    @property
    def dones(self) -> int:
        """How many frames have said that a stream is done."""
        return self._reader.dones

    @property
    def dropped(self) -> bool:
        """Whether the stream broke off inside a frame, which was then dropped; known once the stream is over."""
        return self._reader.dropped

    @property
    def last_event_id(self) -> str:
        """The id that the stream last set, to be sent as `Last-Event-ID` when reconnecting; empty where it set none."""
        return self._reader.frames.last_event_id

    @property
    def retry(self) -> int | None:
        """Milliseconds to wait before reconnecting, None where the stream does not say."""
        return self._reader.frames.retry


class EventStream(_Stream[EventT]):
    """An iterator over the events of a stream; also a context manager that closes where the bytes come from.

    An error in one frame does not end it: to go on with the frame after it, call `next` again or begin another loop.
    """

    def __init__(self, reader: EventReader[EventT], chunks: Iterable[Chunk | str] | Chunk | str) -> None:
        super().__init__(reader)
        self._chunks = _iterator(chunks, reader.what)

    def __iter__(self: SelfT) -> SelfT:
        return self

    def __next__(self) -> EventT:
        reader = self._reader
        while (event := reader.read()) is None:
            if reader.closed:
                raise StopIteration
            if self._waits:
                raise _second_read()
            self._waits = True
            try:
                chunk = next(self._chunks, _END)
            except BaseException as error:
                reader.abort()
                if not (self._stopped and isinstance(error, Exception)):
                    raise
                chunk = _END
            finally:
                self._waits = False
            if self._stopped:
                self.close()
            elif chunk is _END:
                reader.close()
            else:
                reader.feed(chunk)
        return event

    def __enter__(self: SelfT) -> SelfT:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop reading, and close the generator or file that the bytes come from.

        Another thread that waits for bytes finds the stream at its end with the next ones, and closes their source.
        """
        self._stopped = True
        if self._waits:
            return
        self._reader.abort()
        close: Callable[[], object] | None = getattr(self._chunks, "close", None)
        if close is not None:
            close()


class AsyncEventStream(_Stream[EventT]):
    """`EventStream` for bytes that come asynchronously.

    It may be cancelled while it waits for bytes; whether it can go on then is up to where the bytes come from.
    """

    def __init__(self, reader: EventReader[EventT], chunks: AsyncIterable[Chunk | str]) -> None:
        super().__init__(reader)
        if not hasattr(type(chunks), "__aiter__"):
            raise _no_async_chunks(chunks, _FUNCTIONS[reader.what])
        self._chunks = aiter(chunks)

    def __aiter__(self: SelfT) -> SelfT:
        return self

    async def __anext__(self) -> EventT:
        reader = self._reader
        while (event := reader.read()) is None:
            if reader.closed:
                raise StopAsyncIteration
            if self._waits:
                raise _second_read()
            self._waits = True
            try:
                chunk = await anext(self._chunks, _END)
            except Exception:
                reader.abort()
                if not self._stopped:
                    raise
                chunk = _END
            finally:
                self._waits = False
            if self._stopped:
                await self.aclose()
            elif chunk is _END:
                reader.close()
            else:
                reader.feed(chunk)
        return event

    async def __aenter__(self: SelfT) -> SelfT:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Stop reading, and close the generator that the bytes come from.

        Another task that waits for bytes finds the stream at its end with the next ones, and closes their source.
        """
        self._stopped = True
        if self._waits:
            return
        self._reader.abort()
        close: Callable[[], Any] | None = getattr(self._chunks, "aclose", None)
        if close is not None:
            await close()


def _second_read() -> RuntimeError:
    # It would take from the first reader what that waits for.
    return RuntimeError("this stream is being read already; read it in one task or thread, and share the events")


def _iterator(chunks: Iterable[Chunk | str] | Chunk | str, what: str) -> Iterator[Chunk | str]:
    """Iterate over chunks. A single one counts as such: to iterate over it would give integers or characters."""
    if isinstance(chunks, (str, io.TextIOBase)) and what != "line":
        raise _no_chunks(chunks, _FUNCTIONS[what])
    if isinstance(chunks, (bytes, bytearray, str)):
        return iter((chunks,))
    if isinstance(chunks, memoryview):
        return iter((bytes(chunks),))
    if not (hasattr(type(chunks), "__iter__") or hasattr(type(chunks), "__getitem__")):
        raise _no_chunks(chunks, _FUNCTIONS[what])
    return iter(chunks)


def _no_chunks(chunks: object, function: str) -> TypeError:
    """Say what to pass instead; callers without a type checker pass anything."""
    kind = type(chunks).__name__
    if isinstance(chunks, io.TextIOBase):
        return TypeError(f"{function}() takes bytes, and this file is opened as text; open it with mode 'rb'")
    if isinstance(chunks, str):
        return TypeError(f"{function}() takes bytes, not str; encode a text, and open a file with mode 'rb'")
    if isinstance(chunks, os.PathLike):
        return TypeError(f"{function}() takes bytes, not {kind}; open the file with mode 'rb' and pass that")
    if hasattr(chunks, "__aiter__"):
        return TypeError(f"{function}() cannot wait for the bytes of {kind}; use `async for` with a{function}()")
    return TypeError(
        f"{function}() takes an iterable of bytes, such as `response.iter_bytes()` or a file opened with mode 'rb',"
        f" not {kind}{_way(chunks)}"
    )


def _no_async_chunks(chunks: object, function: str) -> TypeError:
    """Say what to pass instead."""
    kind = type(chunks).__name__
    if hasattr(chunks, "__iter__"):
        return TypeError(f"a{function}() takes bytes that come asynchronously, not {kind}; use `for` with {function}()")
    return TypeError(
        f"a{function}() takes an asynchronous iterable of bytes, such as `response.aiter_bytes()`,"
        f" not {kind}{_way(chunks)}"
    )


def _way(chunks: object) -> str:
    """Say how to get from what was passed to what was probably meant."""
    if hasattr(chunks, "__await__"):
        return "; await it first"
    return "; call it first" if callable(chunks) else ""
