"""Splits a byte stream into frames: server-sent events, or lines of JSON. Knows nothing of what the frames hold.

The rules for server-sent events are those of the WHATWG HTML standard, sections "Parsing an event stream" and
"Interpreting an event stream" (https://html.spec.whatwg.org/multipage/server-sent-events.html).

Both decoders are fed by the caller, do no input or output, and give the same frames wherever the stream is cut into
chunks. Bytes that are not UTF-8 become U+FFFD, as the standard's "UTF-8 decode" says.
"""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

_BOM: Final = b"\xef\xbb\xbf"
_COLON: Final = ord(":")
_LINE_END: Final = "\r\n|\r|\n"
# Event and data of a frame in its usual form; of any other, all that it is.
_FRAME: Final = re.compile(r"(?:event: (.*)\n)?data: (.*)\n\n|((?s:.*?)\n\n)")

# The standard sets no bound on `retry`; int() has one, and is quadratic in the number of digits.
_RETRY_DIGITS: Final = 18


class FramingError(ValueError):
    """A frame or line is over the limit of its decoder; `offset` (int) is the count of stream bytes before it."""

    def __init__(self, message: str, *, offset: int = 0) -> None:
        super().__init__(message)
        self.offset = offset


class Frame(NamedTuple):
    """One server-sent event. `event` is "" when the frame named none; `id` is the last event id in force."""

    event: str
    data: str
    id: str


# `Frame(...)` itself takes half as long again.
_new: Callable[[type[Frame], tuple[str, str, str]], Frame] = vars(tuple)["__new__"]


class _Decoder:
    """What both decoders share: the byte order mark, the unfinished last line, the limit and the end."""

    def __init__(self, what: str, limit_name: str, limit: int) -> None:
        if limit < 1:
            raise ValueError(f"{limit_name} must be at least 1, not {limit}")
        self._what = what
        self._limit_name = limit_name
        self._limit = limit
        self._closed = False
        self._failure: FramingError | None = None
        # Bytes that may become a byte order mark; None once that is decided.
        self._mark: bytes | None = b""
        self._line: bytearray = bytearray()
        # Bytes of the stream that were taken, those in `_line` included.
        self._position = 0

    def _take(self, chunk: bytes | bytearray | memoryview) -> bytes:
        """Return the bytes of `chunk` that are to be split."""
        if self._closed:
            raise ValueError(f"{type(self).__name__}.feed() was called after close() or after an error")
        self._raise_failure()
        data = as_bytes(chunk)
        if self._mark is None:
            return data
        data = self._mark + data
        if len(data) < len(_BOM) and _BOM.startswith(data):
            self._mark = data
            return b""
        self._mark = None
        if data.startswith(_BOM):
            self._position = len(_BOM)
        return data.removeprefix(_BOM)

    def skip(self, size: int) -> None:
        """Count bytes that the caller took from between two frames and does not feed, so that offsets stay right."""
        self._position += size

    def _oversize(self, size: int, offset: int) -> FramingError:
        return FramingError(
            f"{self._what} at byte {offset} of the stream has at least {size} bytes, more than the limit of"
            f" {self._limit}; raise `{self._limit_name}` to accept it",
            offset=offset,
        )

    def _raise_failure(self) -> None:
        if self._failure is not None:
            self._closed = True
            raise self._failure


class SSEDecoder(_Decoder):
    """Push parser of server-sent events.

    `last_event_id` (str) and `retry` (int in milliseconds, None until the stream sets it) serve to reconnect.
    `dropped` (bool) says, once the decoder is closed or failed, that bytes of an unfinished last frame were dropped.

    `unfinished` (Frame or None) is, once the decoder is closed, what there was of a frame without its blank line. The
    standard drops it; who can tell by its data that it is whole may take it.

    Beyond the standard: a line `error: ...` is taken for the data of an event `error`, as llama.cpp sends it, unless
    `strict` is set; a `retry` of more than 18 digits is ignored; and `max_frame_bytes` bounds what is held of an open
    frame. All its lines count, without line ends; a comment counts only until its line ends.
    """

    def __init__(self, *, max_frame_bytes: int = 64 * 1024 * 1024, strict: bool = False) -> None:
        """Raise ValueError if `max_frame_bytes` is below 1."""
        super().__init__("frame", "max_frame_bytes", max_frame_bytes)
        self._strict = strict
        self.last_event_id = ""
        self.retry: int | None = None
        self.dropped = False
        self.unfinished: Frame | None = None
        self._after_cr = False
        # The standard's three buffers.
        self._event = ""
        self._data: bytearray = bytearray()
        self._id = ""
        # Size of the finished field lines since the last blank line: 0 means that no frame is open.
        self._frame_bytes = 0
        self._frame_offset = 0
        # Whether a frame may begin with the next byte, and nothing is held or left to be raised.
        self._at_rest = False

    def feed(self, chunk: bytes | bytearray | memoryview) -> list[Frame]:
        """Return the frames that `chunk` completes.

        Raise FramingError if a frame is over the limit; if the chunk completed other frames before it, return those
        and leave the error to the next call of `feed` or `close`. Raise ValueError after `close` or after an error.
        """
        usual = self.feed_usual(chunk)
        if usual is not None:
            return [_new(Frame, (event, data, self.last_event_id)) for event, data, _ in usual]
        data = self._take(chunk)
        if not data:
            return []
        # An LF after a CR that ended the chunk before is the second half of a line end already dealt with.
        start = 1 if self._after_cr and data.startswith(b"\n") else 0
        stop = max(data.rfind(b"\n"), data.rfind(b"\r")) + 1
        self._after_cr = data.endswith(b"\r")
        frames: list[Frame] = []
        try:
            if stop > start:
                offset = self._position + start - len(self._line)
                lines = b"".join((self._line, data[start:stop]))
                self._line.clear()
                self._split(lines, offset, frames)
            self._line += data[stop:]
            self._position += len(data)
            self._check_size(len(self._line), self._position - len(self._line))
            self._at_rest = not (self._line or self._frame_bytes or self._after_cr)
        except FramingError as error:
            self._at_rest = False
            self._failure = error
            self.dropped = True
            if not frames:
                self._raise_failure()
        return frames

    def feed_usual(self, chunk: bytes | bytearray | memoryview) -> list[tuple[str, str, str]] | None:
        """Take a chunk of nothing but whole frames in their usual form, as live streams arrive.

        Return event and data of each frame, and an empty string; `feed` makes an object of each, which takes longer
        than all the rest. Return None for any other chunk, of which nothing is taken then.
        """
        # Within the limit no single frame can be over it.
        if not (self._at_rest and type(chunk) is bytes and chunk.endswith(b"\n\n") and len(chunk) <= self._limit):
            return None
        try:
            text = chunk.decode()
        except UnicodeDecodeError:
            return None
        if "\r" in text:
            return None
        found: list[tuple[str, str, str]] = _FRAME.findall(text)
        for _, _, unusual in found:
            if unusual:
                return None
        self._position += len(chunk)
        return found

    def close(self) -> None:
        """End the stream. A last frame without its blank line is not delivered, as the standard says: see `unfinished`.

        Raise the FramingError that `feed` left to this call, if there is one. A second call does nothing.
        """
        if self._closed:
            return
        self._closed = True
        self._at_rest = False
        unfinished = bytes(self._line[:1]) or self._mark
        self.dropped = self.dropped or self._frame_bytes > 0 or unfinished not in (None, b"", b":")
        self._raise_failure()
        if bytes(self._line).partition(b":")[0] in (b"data", b"error", b"event"):
            self._field(bytes(self._line))
        if self._data:
            self.unfinished = Frame(self._event, _decode(self._data[:-1]), self._id)

    def _split(self, lines: bytes, offset: int, frames: list[Frame]) -> None:
        """Take whole lines: what `_interpret` does, but in bulk for those which make up whole frames."""
        line_end = _only_line_end(lines)
        blank = line_end * 2
        # Within the limit no single frame can be over it, so that the bulk way need not look at sizes.
        if not line_end or blank not in lines or len(lines) > self._limit:
            self._interpret(lines, offset, frames)
            return
        start = lines.index(blank) + len(blank) if self._frame_bytes else 0
        stop = lines.rindex(blank) + len(blank)
        self._interpret(lines[:start], offset, frames)
        try:
            text = lines[start:stop].decode()
        except UnicodeDecodeError:
            self._interpret(lines[start:stop], offset + start, frames)
        else:
            self._bulk(text.replace("\r\n", "\n") if line_end == b"\r\n" else text, frames)
        self._interpret(lines[stop:], offset + stop, frames)

    def _bulk(self, text: str, frames: list[Frame]) -> None:
        """Take whole frames, with LF at the end of each line and no frame open."""
        # What follows the last frame is nothing, or one more blank line.
        add, new, last = frames.append, _new, self.last_event_id
        for event, data, unusual in _FRAME.findall(text):
            if unusual:
                # The offset serves only errors of size, which `_split` has ruled out.
                self._interpret(unusual.encode(), 0, frames)
                last = self.last_event_id
            else:
                add(new(Frame, (event, data, last)))

    def _interpret(self, lines: bytes, offset: int, frames: list[Frame]) -> None:
        """Take whole lines, the first of which begins at byte `offset` of the stream, one by one."""
        # bytes.splitlines, unlike that of str, splits at LF, CRLF and CR only.
        for line_and_end in lines.splitlines(keepends=True):
            line = line_and_end.rstrip(b"\r\n")
            self._check_size(len(line), offset)
            if not line:
                self._dispatch(frames)
            elif line[0] != _COLON:
                if self._frame_bytes == 0:
                    self._frame_offset = offset
                self._frame_bytes += len(line)
                self._field(line)
            offset += len(line_and_end)

    def _field(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        match name:
            case b"event":
                self._event = _decode(value)
            case b"data":
                self._data += value
                self._data += b"\n"
            case b"id" if b"\0" not in value:
                self._id = _decode(value)
            case b"error" if not self._strict:
                self._event = "error"
                self._data += value
                self._data += b"\n"
            case b"retry" if value.isdigit() and len(value) <= _RETRY_DIGITS:
                self.retry = int(value)
            case _:
                pass

    def _dispatch(self, frames: list[Frame]) -> None:
        # Even a frame without data sets the id of those after it.
        self.last_event_id = self._id
        if self._data:
            self._data.pop()
            frames.append(Frame(self._event, _decode(self._data), self._id))
        self._event = ""
        self._data.clear()
        self._frame_bytes = 0

    def _check_size(self, line_bytes: int, line_offset: int) -> None:
        size = self._frame_bytes + line_bytes
        if size > self._limit:
            raise self._oversize(size, self._frame_offset if self._frame_bytes else line_offset)


class LineDecoder(_Decoder):
    """Push parser of lines of JSON: UTF-8 text, each line ended by LF or CRLF.

    A CR elsewhere is white space to JSON and ends no line. Lines that hold only white space are skipped, and so is
    one byte order mark at the start. A line may have `max_line_bytes` bytes without its LF.
    """

    def __init__(self, *, max_line_bytes: int = 64 * 1024 * 1024) -> None:
        """Raise ValueError if `max_line_bytes` is below 1."""
        super().__init__("line", "max_line_bytes", max_line_bytes)

    def feed(self, chunk: bytes | bytearray | memoryview) -> list[str]:
        """Return the lines that `chunk` completes, without line ends.

        Raise FramingError if a line is over the limit; if the chunk completed other lines before it, return those
        and leave the error to the next call of `feed` or `close`. Raise ValueError after `close` or after an error.
        """
        data = self._take(chunk)
        whole, line_end, rest = data.rpartition(b"\n")
        texts: list[str] = []
        try:
            if line_end:
                offset = self._position - len(self._line)
                lines = b"".join((self._line, whole))
                self._line.clear()
                self._split(lines, offset, texts)
            self._line += rest
            self._position += len(data)
            self._check_size(len(self._line), self._position - len(self._line))
        except FramingError as error:
            self._failure = error
            if not texts:
                self._raise_failure()
        return texts

    def close(self) -> list[str]:
        """End the stream and return its last line, if it had no LF; nothing at a second call.

        Raise the FramingError that `feed` left to this call, if there is one.
        """
        if self._closed:
            return []
        self._closed = True
        self._raise_failure()
        texts: list[str] = []
        self._split(bytes(self._line) or self._mark or b"", 0, texts)
        return texts

    def _split(self, lines: bytes, offset: int, texts: list[str]) -> None:
        for line in lines.split(b"\n"):
            self._check_size(len(line), offset)
            if line.strip(b" \t\r"):
                texts.append(_decode(line.rstrip(b"\r")))
            offset += len(line) + 1

    def _check_size(self, line_bytes: int, line_offset: int) -> None:
        if line_bytes > self._limit:
            raise self._oversize(line_bytes, line_offset)


def as_bytes(chunk: bytes | bytearray | memoryview) -> bytes:
    """Return the bytes of a chunk; raise TypeError if it is anything else, such as a size, which `bytes` would take."""
    if type(chunk) is bytes:
        return chunk
    try:
        return bytes(memoryview(chunk))
    except TypeError:
        hint = "; take the bytes of a response, not its text or lines, and open files with mode 'rb'"
        name = type(chunk).__name__
        raise TypeError(f"a chunk must be bytes, not {name}{hint if name == 'str' else ''}") from None


def encode_frame(data: str, *, event: str = "", id: str | None = None, retry: int | None = None) -> bytes:
    """Return the server-sent event that SSEDecoder decodes to the same values. `retry` is in milliseconds.

    Each line of `data` becomes a data line, so that CRLF and CR come back as LF. With `event` "" or `id` None the
    frame has no such line; `id` "" resets the last event id.

    Raise ValueError if `event` or `id` holds a line end or `id` a NUL, if `retry` is below 0 or has more than 18
    digits, and if a text holds a lone surrogate, which UTF-8 cannot (give JSON with `\\u` escapes in that case).
    """
    lines: list[str] = []
    if event:
        lines.append(f"event: {_one_line('event', event)}")
    if id is not None:
        if "\0" in id:
            raise ValueError(f"id must not hold NUL, decoders would ignore it: {id!r}")
        lines.append(f"id: {_one_line('id', id)}")
    if retry is not None:
        if not 0 <= retry < 10**_RETRY_DIGITS:
            raise ValueError(f"retry must be 0 or more, with at most {_RETRY_DIGITS} digits")
        lines.append(f"retry: {retry}")
    lines += [f"data: {line}" for line in re.split(_LINE_END, data)]
    try:
        return "\n".join([*lines, "", ""]).encode()
    except UnicodeEncodeError as error:
        surrogate = error.object[error.start]
        raise ValueError(f"lone surrogate {surrogate!r} cannot be encoded as UTF-8; escape it first") from error


def _one_line(name: str, value: str) -> str:
    if re.search(_LINE_END, value):
        raise ValueError(f"{name} must not hold a line end: {value!r}")
    return value


def _only_line_end(lines: bytes) -> bytes:
    """Return the line end of all `lines` if it is LF or CRLF, else b""."""
    if b"\r" not in lines:
        return b"\n"
    pairs = lines.count(b"\r\n")
    return b"\r\n" if pairs == lines.count(b"\r") == lines.count(b"\n") else b""


def _decode(text: bytes | bytearray) -> str:
    return text.decode("utf-8", "replace")
