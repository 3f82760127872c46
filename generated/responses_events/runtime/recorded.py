"""Reads the texts of the events in a file: server-sent events, lines of JSON, or one JSON document."""

from __future__ import annotations

import codecs
import io
import json
import re
import sys
from collections.abc import Collection, Iterator
from itertools import chain
from typing import Any, BinaryIO, NamedTuple

from .bodies import is_compressed, not_a_stream, wide_encoding
from .checking import excerpt
from .errors import DecodeError, NotAStreamError
from .framing import SSEDecoder
from .parsing import is_object, parse
from .reading import EventReader, LineFramer

_CHUNK_BYTES = 1 << 16
_SHOWN_CHARACTERS = 32
_MARK = b"\xef\xbb\xbf"
_SOMETHING = re.compile(r"[^\s,]")
"""What is not between two elements of a list."""


class RecordedText(NamedTuple):
    """The text of an event as it was recorded."""

    text: str | DecodeError | None
    """The text, or what is wrong with it; None where no more come."""

    name: str = ""
    """What its `event:` line says; empty where it has none."""

    dones: int = 0
    """How many frames before it said that a stream is done."""

    line: int = 0
    """The line of the file where it stands, from 1; 0 where that is not known."""


def opened(name: str) -> BinaryIO:
    """Open a file to be read as bytes; `-` is the standard input.

    Raises:
        OSError: It cannot be opened.
    """
    if name == "-":
        return sys.stdin.buffer
    return open(name, "rb")


def chunks_of(file: BinaryIO) -> Iterator[bytes]:
    """Give bytes as they come, the first of them without the byte order mark and white space that are before it."""
    # `read1` gives what a live stream has so far; `read` would wait until the chunk is full.
    read = file.read1 if isinstance(file, io.BufferedReader) else file.read
    chunks = iter(lambda: read(_CHUNK_BYTES), b"")
    begin = next(chunks, b"")
    if encoding := wide_encoding(begin):
        wide = codecs.getincrementaldecoder(encoding)("replace")
        chunks = (wide.decode(chunk).encode("utf-8", "replace") for chunk in chain([begin], chunks))
        begin = next(chunks, b"")
    begin = begin.removeprefix(_MARK).lstrip()
    while not begin and (chunk := next(chunks, b"")):
        begin = chunk.removeprefix(_MARK).lstrip()
    if begin:
        yield begin
    yield from chunks


def texts_of(begin: bytes, chunks: Iterator[bytes], form: str, done: Collection[str]) -> Iterator[RecordedText]:
    """Give the text of each event as it comes, or what is wrong with it.

    Args:
        begin: The first chunk, as `chunks_of` gives it.
        chunks: Those behind it.
        form: `sse`, `jsonl`, or `auto` for what the first character says.
        done: Texts that say that a stream is done.

    Raises:
        NotAStreamError: It is something else.
        FramingError: A frame is over the limit.
    """
    first, line_end, _ = begin.partition(b"\n")
    if form == "auto" and begin[:1] in (b"{", b"[") and not (line_end and is_object(first.decode("utf-8", "replace"))):
        # One document over several lines, of one event or of a list, and lines of JSON the first of which is no object.
        begin = b"".join(chain([begin], chunks))
        chunks = iter(())
        found = _document(begin)
        if found is not None:
            yield from found
            return
        if b"\n" in begin.strip() and not any(map(is_object, begin.decode("utf-8", "replace").splitlines())):
            raise NotAStreamError(f"one JSON document over several lines, which is not well formed: {_fault(begin)}")
    if form == "auto" and (is_compressed(begin) or begin.startswith(b"<")):
        error = not_a_stream(begin)
        if error is not None:
            raise error
    lines = form == "jsonl" or (form == "auto" and begin[:1] in (b"{", b"["))
    what, framer = ("line", LineFramer) if lines else ("frame", SSEDecoder)
    reader = EventReader(what, framer, _text, None, done=done, lined=True, several=True)
    for chunk in chain([begin], chunks):
        reader.feed(chunk)
        yield from _read(reader)
    try:
        reader.close()
    except DecodeError:
        # Nothing was found in it, and that is said in the end.
        return
    yield from _read(reader)
    yield RecordedText(None, dones=reader.dones)


def located(body: bytes, done: Collection[str]) -> Iterator[RecordedText]:
    """Give the text of each event in the whole of a file, with the line where it stands.

    Args:
        body: All that is in the file.
        done: Texts that say that a stream is done.

    Raises:
        NotAStreamError: It is something else, or none of it could be read.
        FramingError: A frame is over the limit.
    """
    if encoding := wide_encoding(body):
        body = body.decode(encoding, "replace").encode("utf-8", "replace")
    body = body.removeprefix(_MARK)
    begun = body.lstrip()
    before = body[: len(body) - len(begun)].count(b"\n")
    pieces = _Pieces(begun)
    begin = next(pieces, b"")
    found = False
    for text in texts_of(begin, pieces, "auto", done):
        if text.text is None:
            continue
        found = found or isinstance(text.text, str)
        yield text._replace(line=before + (text.line or pieces.line))
    if not found:
        raise NotAStreamError(f"no events; {expected('auto', begin)}")


def expected(form: str, begin: bytes) -> str:
    """Say what a stream looks like, and what there is instead."""
    forms = {
        "sse": 'server-sent events ("data: {...}" with a blank line behind it)',
        "jsonl": "one JSON object a line",
    }
    looked_for = f"expected {forms.get(form) or ' or '.join(forms.values())}"
    if not begin:
        return f"{looked_for}, and there is nothing"
    if begin.startswith(b"["):
        return f"{looked_for}, not a JSON list: `jq -c '.[]'` writes its elements one a line"
    shown = begin[:_SHOWN_CHARACTERS].decode("utf-8", "replace")
    return f"{looked_for}; this begins with {excerpt(shown)}"


class _Pieces(Iterator[bytes]):
    """The lines of JSON in a body, or its frames: what comes of a piece stands in that.

    Attributes:
        line: The line where the data of the last piece begins, from 1.
    """

    def __init__(self, body: bytes) -> None:
        self.line = 0
        self._are_lines = body[:1] in (b"{", b"[")
        # A CR ends a line of server-sent events, and is white space to JSON.
        self._lines = iter(io.BytesIO(body) if self._are_lines else body.splitlines(keepends=True))
        self._read = 0

    def __next__(self) -> bytes:
        piece: list[bytes] = []
        data = 0
        for line in self._lines:
            self._read += 1
            piece.append(line)
            if not data and line.startswith(b"data"):
                data = self._read
            if self._are_lines or not line.strip(b"\r\n"):
                break
        if not piece:
            raise StopIteration
        self.line = data or self._read - len(piece) + 1
        return b"".join(piece)


def _read(reader: EventReader[tuple[str, str]]) -> Iterator[RecordedText]:
    while True:
        try:
            found = reader.read()
        except DecodeError as error:
            yield RecordedText(error, dones=reader.dones)
        else:
            if found is None:
                return
            yield RecordedText(*found, reader.dones)


def _text(text: Any, tag: str = "") -> tuple[str, str]:
    """Give a text as it is, if it is that of an object, with the `event:` line of its frame."""
    parse(text, None)
    return text, tag


def _document(body: bytes) -> list[RecordedText] | None:
    """Give the texts of the events of a JSON document, None if it is none."""
    try:
        found: Any = json.loads(body)
    except (ValueError, RecursionError):
        return None
    text = body.decode("utf-8", "replace")
    if isinstance(found, dict):
        return [RecordedText(text, line=1)]
    return list(_elements(text)) if isinstance(found, list) and found else None


def _elements(text: str) -> Iterator[RecordedText]:
    """Give the elements of a JSON list that is well formed and not empty."""
    decoder = json.JSONDecoder()
    end, line = text.index("[") + 1, 1
    counted = 0
    while True:
        found = _SOMETHING.search(text, end)
        if found is None or found[0] == "]":
            return
        begin = found.start()
        line += text.count("\n", counted, begin)
        counted = begin
        _, end = decoder.raw_decode(text, begin)
        yield RecordedText(text[begin:end], line=line)


def _fault(body: bytes) -> str:
    try:
        parse(body, None)
    except DecodeError as error:
        return str(error)
    return ""
