"""From objects back to wire data."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from .decoding import ABSENT
from .model import Model, UnknownEvent, UnknownVariant
from .wire import WireObject, WireValue


def _encode_unknown(obj: UnknownEvent | UnknownVariant) -> WireObject:
    return obj.data


ENCODERS: dict[type[Model], Callable[[Any], WireObject]] = {
    UnknownEvent: _encode_unknown,
    UnknownVariant: _encode_unknown,
}
"""What writes the objects of each class; filled when the generated package is imported."""


def encode(obj: Model) -> dict[str, Any]:
    """Give the wire object of an event or of any nested object.

    What came over the wire goes back as it came: unknown members, nulls and ill-typed values included. An attribute
    that was set since wins. None stands for absent, unless null is what the declaration requires or what came.
    Free-form values are not copied.

    Raises:
        TypeError: `obj`, or something within it where an object is declared, is not of a generated class.
    """
    try:
        write = ENCODERS[type(obj)]
    except KeyError:
        raise TypeError(f"expected an object of a generated class, got {type(obj).__name__}") from None
    return write(obj)


def dumps(obj: Model) -> str:
    """Give the JSON text of an event or of any nested object, compact and with other scripts as they are.

    Half a surrogate pair, as a text that was cut in two may end with, is escaped: UTF-8 has no bytes for it.

    Raises:
        TypeError: `obj` is not an object of a generated class, or holds something that JSON cannot.
        ValueError: `obj` holds NaN, an infinity or a cycle.
        RecursionError: `obj` holds free-form values nested too deep for `json`.
    """
    return json_text(encode(obj))


def json_text(data: WireValue) -> str:
    """Give compact JSON text that UTF-8 can hold."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(data, separators=(",", ":"))
    return text


def encode_any(value: Model | WireValue) -> WireValue:
    """Encode a value that may be an object, a container of objects, or plain data."""
    if isinstance(value, Model):
        return encode(value)
    if type(value) is list:
        return [encode_any(item) for item in value]
    return value


def restore(data: WireObject, leftover: WireObject) -> None:
    """Put back what no attribute stands for; an attribute that was set since wins."""
    for key, value in leftover.items():
        if value is not ABSENT:
            data.setdefault(key, value)
