"""From bytes that the caller brings to events, without any input or output."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator
from itertools import takewhile
from typing import Any, Generic, Protocol, TypeAlias, TypeVar, cast

from .bodies import FIELD, KEPT, is_whole_line, lines_apart, not_a_stream
from .errors import DecodeError
from .framing import Frame, FramingError, LineDecoder, as_bytes
from .model import UnknownEvent
from .parsing import is_object
from .selecting import Selection
from .skimming import Skimmer

EventT = TypeVar("EventT")

Chunk: TypeAlias = "bytes | bytearray | memoryview"

MAX_FRAME_BYTES = 64 * 1024 * 1024
"""Bytes that one frame or line may have unless the caller says otherwise."""

Taken: TypeAlias = "tuple[str, str, str]"
"""Event and data of a frame, and something that nobody here looks at. A `Frame` is one, too."""

_PINGS = frozenset(["heartbeat", "keep-alive", "keep_alive", "keepalive", "ping", "pong"])
_PASSED: Taken = ("", "", "")
"""Stands for a frame that was passed over."""


class Framer(Protocol):
    """What splits bytes into frames."""

    @property
    def dropped(self) -> bool:
        """Whether an unfinished last frame was dropped."""
        ...

    @property
    def unfinished(self) -> Frame | None:
        """What there was of a last frame, once the framer is closed."""
        ...

    @property
    def last_event_id(self) -> str:
        """The id that the stream last set."""
        ...

    @property
    def retry(self) -> int | None:
        """Milliseconds to wait before reconnecting, None where the stream does not say."""
        ...

    def feed(self, chunk: Chunk) -> list[Frame]:
        """Give the frames that a chunk completes."""
        ...

    def feed_usual(self, chunk: Chunk) -> list[Taken] | None:
        """Take a chunk that needs little care, and give its frames; None if it is to be fed."""
        ...

    def skip(self, size: int) -> None:
        """Count bytes between two frames that are not fed."""
        ...

    def close(self) -> list[Frame] | None:
        """End the stream; give the frames that its end completes."""
        ...


class LineFramer:
    """Makes frames of lines, so that JSON lines can be read like server-sent events."""

    def __init__(self, *, max_line_bytes: int = MAX_FRAME_BYTES) -> None:
        self._decoder = LineDecoder(max_line_bytes=max_line_bytes)
        self.dropped = False
        self.unfinished: Frame | None = None
        self.last_event_id = ""
        self.retry: int | None = None

    def feed(self, chunk: Chunk) -> list[Frame]:
        """Give the lines that a chunk completes."""
        return [Frame("", line, "") for line in self._decoder.feed(chunk)]

    def feed_usual(self, chunk: Chunk) -> None:
        """Take nothing: feeding lines is quick enough."""

    def skip(self, size: int) -> None:
        """Count bytes between two lines that are not fed."""
        self._decoder.skip(size)

    def close(self) -> list[Frame]:
        """Give the last line, which needs no line end."""
        return [Frame("", line, "") for line in self._decoder.close()]


class EventReader(Generic[EventT]):
    """Reads events from bytes that the caller brings.

    What the standard for server-sent events says is followed, but for this, so that no event is lost: a last frame that
    lacks only its blank line is read; data lines that each hold an object are an event each; a frame that says that the
    stream is done ends it; frames without data, and those that say no more than `ping`, are passed over; an object
    without a tag is the event that the `event:` line names.

    Args:
        what: What a frame is called in errors, `frame` or `line`.
        framer: Makes a decoder of frames.
        decode: Makes an event of JSON text, or of an object.
        selection: The events that are wanted, None for all.
        tag: Member of the wire object that holds the tag; empty if `event:` lines are to name nothing.
        done: Texts that say that the stream is done.
        lined: Whether `decode` takes the `event:` line, as the argument `tag`.
        several: Whether to read on behind one of these.

    Attributes:
        dones: How many frames have said that a stream is done.
    """

    def __init__(
        self,
        what: str,
        framer: Callable[[], Framer],
        decode: Callable[..., EventT],
        selection: Selection | None,
        *,
        tag: str = "",
        done: Collection[str] = (),
        lined: bool = False,
        several: bool = False,
    ) -> None:
        self.what = what
        self.frames = framer()
        self.closed = False
        self.dones = 0
        self._new_framer = framer
        self._decode = decode
        self._tag = tag
        self._done = done
        self._lined = lined
        self._several = several
        self._selection = selection
        self._skimmer: Skimmer | None = None
        if selection is not None and selection.skimmable:
            self._skimmer = Skimmer(selection.tag, selection.marks, lines=what == "line")
        # Frames that are to be read, and how many there have been.
        self._waiting: deque[Taken] = deque()
        self._count = 0
        # Lines of the last frame that are each an event.
        self._lines: deque[Taken] = deque()
        self._failure: FramingError | None = None
        self._cut = False
        # Whether the last frame was read without its blank line, and whether that was all there was.
        self._took_unfinished = False
        self._whole = False
        self._chunk = b""
        self._position = 0
        # Where the frames of the chunk end; None until somebody asks.
        self._ends: list[int] | None = None
        # What came before the first frame, and how many chunks of it begin as a line does.
        self._head = bytearray()
        self._begins = 0

    @property
    def dropped(self) -> bool:
        """Whether an unfinished last frame was dropped; known once the reader is closed."""
        return self._cut or (self.frames.dropped and not self._whole)

    def feed(self, chunk: Chunk | str) -> None:
        """Take bytes; `read` then gives the events that they complete.

        Args:
            chunk: Bytes cut anywhere, or, for JSON lines only, a whole line as `str`.

        Raises:
            FramingError: A frame is over the limit; if the chunk completed others before it, `read` raises it behind
                them. The stream cannot be read further.
            NotAStreamError: The chunks are lines whose line ends are gone.
            TypeError: `chunk` is neither.
        """
        data = chunk if type(chunk) is bytes else self._bytes(chunk)
        self._position += len(data)
        if not self._count:
            self._look(data)
        if self._skimmer is not None:
            data = self._skimmer.held + data
        self._chunk = data
        self._ends = None
        try:
            if self._skimmer is None:
                self._add(self.frames.feed_usual(data) or self.frames.feed(data))
            else:
                self._skim(self._skimmer, data)
        except FramingError as error:
            self.closed = True
            if not self._waiting:
                raise
            self._failure = error

    def close(self) -> None:
        """End the stream.

        Raises:
            FramingError: A frame is over the limit.
            NotAStreamError: There was no frame, and what there was is no begin of one.
        """
        if not self.closed:
            self.closed = True
            self._ends = None
            self._release()
            self._add(self.frames.close() or ())
            self._add_unfinished()
            if not self._count and self.what == "frame":
                body = bytes(self._head)
                apart = self._begins > 1 and b"\n" not in body and b"\r" not in body
                error = lines_apart(body) if apart else not_a_stream(body)
                if error is not None:
                    raise error

    def abort(self) -> None:
        """End the stream where it is: a last line may be cut short even where it needs no line end."""
        if not self.closed:
            self.closed = True
            try:
                self._release()
                self._cut = bool(self.frames.close())
            except FramingError:
                self._cut = True
        self._clear()

    def read(self) -> EventT | None:
        """Give the next wanted event, None when more bytes are needed.

        Raises:
            DecodeError: A frame does not hold a JSON object, or breaks its declaration where that is refused. The next
                call goes on with the frame after it.
            FramingError: A frame was over the limit.
        """
        waiting, lines, selection = self._waiting, self._lines, self._selection
        while lines or waiting:
            line, data, _ = (lines or waiting).popleft()
            # Most of what has no data was passed over.
            if selection and not (data and (selection.may_hold(data) or line in selection.tags)):
                continue
            try:
                event = self._decode(data, tag=line) if line and self._lined else self._decode(data)
            except DecodeError as error:
                self._recover(line, data, error)
                continue
            if event.__class__ is UnknownEvent:
                event = self._named(line, event)
            if selection is None or selection.wants(event):
                return event
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure
        return None

    def _recover(self, line: str, data: str, error: DecodeError) -> None:
        """Pass over a frame that needs no event, end the stream, or take apart what is several events in one frame."""
        text = data.strip()
        if text in self._done:
            self.dones += 1
            if not self._several:
                self.closed = True
                self._clear()
            return
        if not text or _is_ping(text) or (_is_ping(line) and not text.startswith("{")):
            return
        first, *others = data.split("\n")
        if others and self._is_whole(first):
            self._lines.extend((line, each, "") for each in (first, *others) if each)
            return
        raise DecodeError(f"{self._place(line)}: {error}", error.problems, error.data) from None

    def _named(self, line: str, event: Any) -> EventT:
        """Give the event that an `event:` line names, where the object has no tag; keep the line where it has."""
        if not line:
            return cast("EventT", event)
        if self._tag and self._tag not in event.data:
            named = self._decode({self._tag: line, **event.data})
            if named.__class__ is not UnknownEvent:
                return named
        return cast("EventT", event.with_line(line))

    def _is_whole(self, text: str) -> bool:
        """Whether the line of a frame could be the data of one by itself."""
        bare = text.strip()
        return not bare or bare in self._done or _is_ping(bare) or is_object(text)

    def _clear(self) -> None:
        self._waiting.clear()
        self._lines.clear()
        self._failure = None

    def _look(self, data: bytes) -> None:
        """Keep what comes before the first frame, from which one can see what it is if there never is one."""
        if self.what == "frame" and FIELD.match(data):
            self._begins += 1
            if self._begins == 2 and is_whole_line(bytes(self._head)):
                self.closed = True
                raise lines_apart(bytes(self._head))
        self._head += data[: KEPT - len(self._head)]

    def _add_unfinished(self) -> None:
        """Take the last frame as far as it is whole, although its blank line is missing."""
        last = self.frames.unfinished
        if last is not None:
            lines = last.data.split("\n")
            whole = last.data if is_object(last.data) else "\n".join(takewhile(self._is_whole, lines))
            self._whole = whole == last.data
            self._took_unfinished = bool(whole)
            self._add([(last.event, whole, "")] if whole else ())

    def _add(self, frames: Collection[Taken]) -> None:
        self._count += len(frames)
        self._waiting.extend(frames)

    def _release(self) -> None:
        """Feed what the skimmer holds."""
        if self._skimmer is not None and self._skimmer.held:
            self._add(self.frames.feed(self._skimmer.held))

    def _skim(self, skimmer: Skimmer, data: bytes) -> None:
        for start, stop, passed in skimmer.parts(data):
            if passed:
                self.frames.skip(stop - start)
                self._add([_PASSED] * passed)
            else:
                self._add(self.frames.feed(data[start:stop]))

    def _bytes(self, chunk: Chunk | str) -> bytes:
        if isinstance(chunk, str) and self.what == "line":
            return f"{chunk}\n".encode("utf-8", "surrogatepass")
        return as_bytes(cast("Chunk", chunk))

    def _place(self, tag: str) -> str:
        """Say which frame the last one was."""
        named = f" (event {tag!r})" if tag else ""
        start = self._position - len(self._chunk)
        if self._ends is None:
            self._ends = list(self._find_ends(start))
        following = len(self._waiting)
        # Only the frame that an earlier chunk began is not found: it ends somewhere in this one.
        known = following < len(self._ends)
        end = f"ends at byte {self._ends[-1 - following]}" if known else f"began before byte {start}"
        return f"{self.what} {self._count - following} of the stream{named}, which {end}"

    def _find_ends(self, at: int) -> Iterator[int]:
        """Frame the last chunk, which begins at a byte of the stream, once more: so well-formed streams do not pay."""
        again = self._new_framer()
        try:
            for line in self._chunk.splitlines(keepends=True):
                at += len(line)
                yield from [at] * len(again.feed(line))
            if self.closed:
                yield from [at] * (len(again.close() or ()) + self._took_unfinished)
        except FramingError:
            # It was met before, and waits until the frames in front of it are read.
            return


def _is_ping(text: str) -> bool:
    return text.strip('"').lower() in _PINGS
