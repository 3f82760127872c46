"""Passes over runs of frames that nobody wants before they are taken apart, which is most of what selecting saves.

What is passed over is bytes that hold whole frames of the usual form, one line of data each with an object whose tag is
first or follows numbers, and none of the marks that a wanted event would have (see `selecting`). All other bytes go the
usual way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .selecting import ESCAPE

_ESCAPE = ESCAPE.encode()
_LONGEST_STRIDE = 1 << 16
_LONGEST_HELD = 1 << 12


class Skimmer:
    """Tells which parts of a stream can be passed over.

    Args:
        tag: Member of the wire object that holds the tag.
        marks: What the bytes of a wanted event hold at least one of.
        lines: Whether the stream is one of JSON lines rather than of server-sent events.

    Attributes:
        held: Begin of a frame at the end of what was cut into parts, in none of them; the next bytes go behind it.
    """

    def __init__(self, tag: str, marks: tuple[str, ...], *, lines: bool) -> None:
        # Before the tag only numbers, so that no text, however odd, is searched more than once. Nothing before it is
        # the usual case, and faster when it is asked for first.
        quoted = b'"%b"' % re.escape(tag.encode())
        data = rb'\{(?:%b|(?:"\w+": ?\d+, ?)+%b).*\}' % (quoted, quoted)
        # The repetitions are bounded because each of them takes memory until the whole has matched.
        if lines:
            self._run = re.compile(rb"(?:" + data + rb"\n){1,1000}")
        else:
            frame = rb"data: " + data + rb"\n\n"
            self._run = re.compile(rb"(?:event: .*\n" + frame + rb"){1,1000}|(?:" + frame + rb"){1,1000}")
        self._boundary = b"\n" if lines else b"\n\n"
        # Without its last quote, of which JSON is full, a mark is found faster. With other line ends than LF nothing
        # here is sure.
        self._marks = (*(mark.removesuffix('"').encode() for mark in marks), b"\r")
        self._lines = lines
        self.held = b""
        self._between = False
        self._stride = 0

    def parts(self, data: bytes) -> Iterator[tuple[int, int, int]]:
        """Cut bytes into parts, in order and without gaps.

        Yields:
            Start and stop of a part, and how many frames are in it if it is passed over, else 0.
        """
        self.held = b""
        at, size, boundary = 0, len(data), self._boundary
        end = data.rfind(boundary)
        marked = dict.fromkeys(self._marks, -1)
        while at < size:
            run = self._run.match(data, at) if self._between and at < end else None
            stop = self._before_marks(data, at, run.end(), marked) if run else at
            if stop > at:
                self._stride = 0
                lines = 1 if self._lines else 3 if data.startswith(b"event", at) else 2
                yield at, stop, data.count(b"\n", at, stop) // lines
                at = stop
                continue
            # To the next frame that may begin a run, or to one further on where there was none for a while.
            found = data.find(boundary, at)
            if found < 0 and self._between and size - at <= _LONGEST_HELD and b"\r" not in data[at:]:
                self.held = data[at:]
                return
            if self._between:
                found = max(found, data.find(boundary, at + self._stride, at + 2 * self._stride))
                self._stride = min(4 * self._stride + 256, _LONGEST_STRIDE)
            self._between = found >= 0
            stop = found + len(boundary) if self._between else size
            yield at, stop, 0
            at = stop

    def _before_marks(self, data: bytes, start: int, stop: int, marked: dict[bytes, int]) -> int:
        """Give the end of the last frame before any mark. `marked` remembers where each mark comes next."""
        for mark, place in marked.items():
            if place < start:
                # One byte is found much faster than several, and backslashes are rare.
                place = data.find(b"\\", start) if mark == _ESCAPE else start
                place = data.find(mark, place) if place >= 0 else place
                place = marked[mark] = len(data) if place < 0 else place
            if place < stop:
                stop = data.rfind(self._boundary, start, place) + len(self._boundary)
                if stop <= start:
                    return start
        return stop
