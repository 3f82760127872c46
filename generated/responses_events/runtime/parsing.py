"""From bytes or text to one JSON object, or to an error that says what is wrong with it and where."""

from __future__ import annotations

import json
import json.scanner
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, cast

from .errors import DecodeError
from .wire import WireObject, WireValue

Source: TypeAlias = "bytes | bytearray | memoryview | str | Mapping[str, Any]"
Loads: TypeAlias = Callable[[Any], Any]

TEXT = (str, bytes, bytearray, memoryview)
"""The classes of a source that is to be parsed."""


Scan: TypeAlias = Callable[[str, int], "tuple[Any, int]"]


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


# NaN and the infinities are no JSON, but some servers write them, and one number must not cost an event.
_DECODER = json.JSONDecoder()
_scan_once: Scan = vars(_DECODER)["scan_once"]
_scan_once_strictly: Scan = vars(json.JSONDecoder(parse_constant=_refuse_constant))["scan_once"]


def _load(text: str, index: int) -> tuple[Any, int]:
    return _scan_once(text, index) if index else (json.loads(text), len(text))


def _load_strictly(text: str, index: int) -> tuple[Any, int]:
    # `loads` stays quick only if it is not told to refuse constants.
    if "NaN" in text or "Infinity" in text:
        return _scan_once_strictly(text, index)
    return _load(text, index)


_IN_C = bool(vars(json.scanner)["c_make_scanner"])

scan = _scan_once if _IN_C else _load
"""Reads the JSON value at an index of a text and gives it with the index behind it; StopIteration or ValueError if
there is none. Where the scanner of the standard library is not made in C, its `loads` may be, as that of PyPy is.
"""

scan_strictly = _scan_once_strictly if _IN_C else _load_strictly
"""Does what `scan` does, and takes NaN and the infinities for no value."""

UNREADABLE = (BufferError, RecursionError, StopIteration, TypeError, ValueError)
"""What `scan`, or the conversion of bytes before it, raises for a text that is not as usual."""

_EXCERPT = 40
# What Python's parser takes for a number and JSON does not, and integers that are too long for Python. Strings and good
# numbers are matched too, so that the search does not look into them.
_NUMBER = r'(?as)(-?Infinity|NaN|-?\d{4301,}(?![\d.eE]))|-?\d[-+.eE\d]*|"[^"\\]*(?:\\.[^"\\]*)*"'


def parse(source: str | bytes | bytearray | memoryview, loads: Loads | None) -> WireObject:
    """Give the JSON object in a text, in which NaN and infinities count as numbers.

    Args:
        source: UTF-8 bytes, or text.
        loads: Parses it in place of the standard library, such as `orjson.loads`.

    Raises:
        DecodeError: `source` is not a JSON object, or nested too deep for the interpreter.
    """
    data: WireValue = _parse(source) if loads is None else _parse_with(loads, source)
    if type(data) is dict:
        return data
    raise DecodeError(f"expected a JSON object, got {_kind(data)}")


def refuse_constants(source: str | bytes | bytearray | memoryview) -> None:
    """Refuse a text that can be read, but is no JSON because of a NaN or an infinity.

    Raises:
        DecodeError: There is one.
    """
    # Nearly no text has the words, and bytes need not be decoded to see that.
    words = source if isinstance(source, str) else bytes(source).decode("latin-1")
    if "NaN" in words or "Infinity" in words:
        text = text_of(source)
        found = next((match for match in re.finditer(_NUMBER, text) if match[1] and match[1][-1] in "Ny"), None)
        if found is not None:
            raise DecodeError(f"the text is not JSON: {found[1]} at {_where(text, found.start())}")


def text_of(source: str | bytes | bytearray | memoryview) -> str:
    """Give the text of UTF-8 bytes."""
    return source if isinstance(source, str) else str(source, "utf-8")


def is_json(text: str) -> bool:
    """Whether a text is JSON, and so a whole value."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def is_object(text: str) -> bool:
    """Whether a text is a JSON object and nothing else."""
    try:
        return type(_DECODER.decode(text)) is dict
    except (ValueError, RecursionError):
        return False


def members(given: Any) -> WireObject:
    """Give a copy of an object that is parsed already.

    Raises:
        DecodeError: It is none. Callers without a type checker pass anything.
    """
    # What is a plain dict, as nearly everything is, need not be asked whether it is a mapping.
    if type(given) is dict or isinstance(given, Mapping):
        return dict(cast("Mapping[str, Any]", given))
    raise DecodeError(f"expected JSON text or an object, got {type(given).__name__}")


def _parse(source: str | bytes | bytearray | memoryview) -> WireValue:
    try:
        text = text_of(source)
    except (BufferError, TypeError, ValueError) as error:
        raise _unreadable(error) from None
    try:
        found: WireValue = _DECODER.decode(text.removeprefix("\ufeff"))
        return found
    except json.JSONDecodeError as error:
        # Some of the messages lead up to the place themselves.
        message = error.msg.removesuffix(" at")
        raise DecodeError(f"the text is not JSON: {message} at {_where(error.doc, error.pos)}") from None
    except RecursionError:
        raise DecodeError.too_deep() from None
    except ValueError as error:
        raise _bad_number(text, error) from None


def _unreadable(error: Exception) -> DecodeError:
    if isinstance(error, UnicodeDecodeError):
        at = f"byte 0x{error.object[error.start]:02x} at offset {error.start}"
        return DecodeError(f"the text is not UTF-8: {at} ({error.reason})")
    # A view with gaps between its bytes, or one that was released.
    return DecodeError(f"the bytes cannot be read: {error}")


def _bad_number(text: str, error: ValueError) -> DecodeError:
    found = next((match for match in re.finditer(_NUMBER, text) if match[1] and match[1][-1].isdigit()), None)
    if found is None:
        return DecodeError(f"the text cannot be read as JSON: {error}")
    where = _where(text, found.start())
    return DecodeError(f"the text holds an integer of {len(found[1])} digits, too long for Python, at {where}")


def _where(text: str, position: int) -> str:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    excerpt = text[max(0, position - _EXCERPT // 2) : position + _EXCERPT // 2]
    return f"line {line}, column {column}, near {excerpt!r}"


def _parse_with(loads: Loads, source: Any) -> WireValue:
    try:
        found: WireValue = loads(source)
        return found
    except RecursionError:
        raise DecodeError.too_deep() from None
    except Exception as error:
        # Each parser has exceptions of its own: what they have in common is that the text is no JSON.
        raise DecodeError(f"the text is not JSON: {error}") from error


def _kind(value: WireValue) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "a string"
        case list():
            return "a list"
        case _:
            return type(value).__name__
