"""Tells what came in the place of an event stream, by its beginning, and what to do about it."""

from __future__ import annotations

import json
import re
from typing import Any

from .ending import failure_of
from .errors import NotAStreamError, printable
from .parsing import is_object

KEPT = 1 << 16
"""How many bytes of a body are looked at."""

FIELD = re.compile(rb"(?:data|event|id|retry):|error: ?\{")
"""Begin of a line of server-sent events."""

_STREAM = re.compile(rb"(?:\xef\xbb\xbf)?[\r\n]*(?::|(?:data|event|id|retry)(?:[:\r\n]|$)|error: ?\{)")
_LATER_DATA = re.compile(rb"[\r\n]data:")
_MARK = b"\xef\xbb\xbf"
_BEGINS = (_MARK, b"data:", b"event:", b"id:", b"retry:", b"error: {")
_COMPRESSED = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"\x78\x01": "deflate", b"\x78\x9c": "deflate"}
_WIDE = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_SHOWN = 200
_SHOWN_BYTES = 24
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]|\A\x28\xb5\x2f\xfd|\A\x78[\x01\x9c]")
_STATUS = "look at the status of the response before reading events from it"


def wide_encoding(body: bytes) -> str:
    """Give the encoding of text of two bytes a character, as PowerShell writes it; empty if it is none."""
    marked = next((name for mark, name in _WIDE.items() if body.startswith(mark)), "")
    if marked or len(body) < 4:
        return marked
    pairs = {(True, False): "utf-16-be", (False, True): "utf-16-le"}
    return pairs.get((body[0] == body[2] == 0, body[1] == body[3] == 0), "")


def is_compressed(body: bytes) -> str:
    """Give the name of the compression, empty if it is none that is known."""
    return next((name for mark, name in _COMPRESSED.items() if body.startswith(mark)), "")


def is_whole_line(body: bytes) -> bool:
    """Whether bytes are a field of server-sent events that cannot go on without a line end."""
    name, colon, value = body.partition(b":")
    if b"\n" in body or b"\r" in body or not colon:
        return False
    if name == b"data":
        return is_object(value.decode("utf-8", "replace"))
    return name in (b"event", b"id", b"retry") and bool(value)


def lines_apart(body: bytes) -> NotAStreamError:
    """Give the error of lines that came without their line ends."""
    advice = "pass the bytes as they come, such as `response.iter_content(None)` of requests, not its `iter_lines()`"
    return _error(body, "lines whose line ends are gone", advice)


def not_a_stream(body: bytes) -> NotAStreamError | None:
    """Give the error of bytes in which no event was found, from the first on; None if they may begin a stream."""
    body_without_mark = body.removeprefix(_MARK).strip()
    if any(begin.startswith(body_without_mark) for begin in _BEGINS):
        return None
    if form := is_compressed(body):
        return _error(body, f"{form} data", "decompress it, or ask for it with the header `Accept-Encoding: identity`")
    if encoding := wide_encoding(body):
        return _error(body, "UTF-16 text", f"decode it and encode it as UTF-8: `text.decode({encoding!r}).encode()`")
    if _STREAM.match(body) or _LATER_DATA.search(body):
        return None
    if _is_binary(body):
        return _error(body, "binary data", "look at the headers of the response")
    return _text_error(body, body.decode("utf-8", "replace").removeprefix("\ufeff").strip())


def _text_error(body: bytes, text: str) -> NotAStreamError:
    found = _json(text)
    if found is not None:
        failure = failure_of(found)
        if failure is not None:
            return _error(body, f"the body of an error, {failure}", _STATUS, found)
        return _error(body, "one JSON document", "read it with `decode`, or ask the server for a stream", found)
    if isinstance(_json(text.partition("\n")[0]), dict):
        return _error(body, "lines of JSON without `data:`", "read them with `iter_jsonl`")
    if text[:1] in ("{", "["):
        return _error(body, "JSON that breaks off or is not well formed", _STATUS)
    return _error(body, "an HTML or XML page" if text[:1] == "<" else "plain text", _STATUS)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _is_binary(body: bytes) -> bool:
    return body.lstrip()[:1] not in (b"<", b"{", b"[") and _BINARY.search(body[:_SHOWN]) is not None


def _error(body: bytes, what: str, advice: str, data: Any = None) -> NotAStreamError:
    if _is_binary(body):
        shown = repr(body[:_SHOWN_BYTES])
    else:
        shown = printable(body[: 4 * _SHOWN].decode("utf-8", "replace")[:_SHOWN].strip())
    return NotAStreamError(f"no event stream but {what}: {shown}; {advice}", body, data)
