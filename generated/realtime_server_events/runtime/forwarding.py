"""Gives the frames of a stream as they came, beside what is in them, to whoever passes them on unchanged."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any, NamedTuple

from .errors import DecodeError
from .framing import FramingError, as_bytes
from .reading import Chunk, EventReader

_BLANK_LINE = re.compile(rb"(?:\r\n|\n|\r(?!\n))(?:\r\n|\n|\r)")
_LONGEST_BLANK_LINE = 4


class RawFrame(NamedTuple):
    """A frame or comment as it came. All frames of a stream, one behind the other, are the bytes of it."""

    raw: bytes
    """The bytes up to the blank line, that included; those of the last frame may lack it."""

    events: tuple[Any, ...]
    """What is in it; nothing for a comment, a ping and what says that the stream is done."""

    error: DecodeError | None
    """What is wrong with it, None if nothing is."""


def iter_raw_frames(chunks: Iterator[Any], reader: EventReader[Any], limit: int) -> Iterator[RawFrame]:
    """Cut a stream into its frames, and read each of them.

    Args:
        chunks: Bytes cut anywhere.
        reader: Reads them.
        limit: Bytes that one frame may have.

    Raises:
        FramingError: A frame is over the limit.
    """
    cutter = _Cutter(limit)
    for chunk in chunks:
        yield from (_read(reader, raw) for raw in cutter.cut(chunk))
    yield from _last(reader, cutter)


async def aiter_raw_frames(chunks: AsyncIterator[Any], reader: EventReader[Any], limit: int) -> AsyncIterator[RawFrame]:
    """Do what `iter_raw_frames` does for bytes that come asynchronously."""
    cutter = _Cutter(limit)
    async for chunk in chunks:
        for raw in cutter.cut(chunk):
            yield _read(reader, raw)
    for frame in _last(reader, cutter):
        yield frame


class _Cutter:
    """Cuts bytes behind each blank line."""

    def __init__(self, limit: int) -> None:
        self.held = bytearray()
        self._limit = limit
        self._searched = 0

    def cut(self, chunk: Chunk) -> list[bytes]:
        """Give the frames that a chunk completes."""
        held, start = self.held, 0
        held += as_bytes(chunk)
        frames: list[bytes] = []
        for found in _BLANK_LINE.finditer(held, self._searched):
            stop = found.end()
            if stop == len(held) and held.endswith(b"\r"):
                # The other half of a line end may follow.
                break
            frames.append(bytes(held[start:stop]))
            start = stop
        del held[:start]
        self._searched = max(0, len(held) - _LONGEST_BLANK_LINE)
        if len(held) > self._limit:
            raise FramingError(f"a frame has more bytes than the limit of {self._limit}; raise `max_frame_bytes`")
        return frames


def _read(reader: EventReader[Any], raw: bytes) -> RawFrame:
    events: list[Any] = []
    errors: list[DecodeError] = []
    if not reader.closed:
        reader.feed(raw)
    while True:
        try:
            event = reader.read()
        except DecodeError as error:
            errors.append(error)
        else:
            if event is None:
                return RawFrame(raw, tuple(events), errors[0] if errors else None)
            events.append(event)


def _last(reader: EventReader[Any], cutter: _Cutter) -> Iterator[RawFrame]:
    """Give what is left at the end; what is no stream at all has its error there."""
    raw = bytes(cutter.held)
    if raw:
        reader.feed(raw)
    try:
        reader.close()
    except DecodeError as error:
        yield RawFrame(raw, (), error)
    else:
        if raw:
            yield _read(reader, raw)
