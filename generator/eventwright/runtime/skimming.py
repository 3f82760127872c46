"""Passes over runs of frames that nobody wants before they are taken apart, which is most of what selecting saves.

What is passed over is bytes that hold whole frames of the usual form, one line of data each whose object begins with
its tag, and none of the marks that a wanted event would have (see `selecting`). All other bytes go the usual way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class Part(NamedTuple):
    """A part of a chunk, and how many frames are in it if it is passed over, else 0."""

    start: int
    stop: int
    passed: int


class Skimmer:
    """Tells which parts of a stream can be passed over.

    Args:
        tag: Member of the wire object that holds the tag.
        marks: What the bytes of a wanted event hold at least one of.
        lines: Whether the stream is one of JSON lines rather than of server-sent events.
    """

    def __init__(self, tag: str, marks: tuple[str, ...], *, lines: bool) -> None:
        data = rb'\{"' + re.escape(tag.encode()) + rb'": ?".*\}'
        # The repetitions are bounded because each of them takes memory until the whole has matched.
        if lines:
            self._run = re.compile(rb"(?:" + data + rb"\n){1,1000}")
        else:
            frame = rb"data: " + data + rb"\n\n"
            self._run = re.compile(rb"(?:event: .*\n" + frame + rb"){1,1000}|(?:" + frame + rb"){1,1000}")
        self._boundary = b"\n" if lines else b"\n\n"
        # With other line ends than LF nothing here is sure.
        self._marks = (*(mark.encode() for mark in marks), b"\r")
        self._between = False

    def parts(self, data: bytes) -> Iterator[Part]:
        """Cut the next chunk into parts, in order and without gaps."""
        at, size, boundary = 0, len(data), self._boundary
        marked = dict.fromkeys(self._marks, -1)
        while at < size:
            stop = at
            if self._between and (run := self._run.match(data, at)):
                stop = self._before_marks(data, at, run.end(), marked)
            if stop > at:
                yield Part(at, stop, data.count(boundary, at, stop))
            else:
                # To the next frame that may begin a run; where one cannot be told from here, to the end.
                found = data.find(boundary, at)
                stop = size if found < 0 else found + len(boundary)
                self._between = found >= 0
                yield Part(at, stop, 0)
            at = stop

    def _before_marks(self, data: bytes, start: int, stop: int, marked: dict[bytes, int]) -> int:
        """Give the end of the last frame before any mark. `marked` remembers where each mark comes next."""
        for mark, place in marked.items():
            if place < start:
                place = data.find(mark, start)
                place = marked[mark] = len(data) if place < 0 else place
            if place < stop:
                stop = data.rfind(self._boundary, start, place) + len(self._boundary)
                if stop <= start:
                    return start
        return stop
