"""From objects back to wire data."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from .errors import DecodeError
from .model import ABSENT, Model, UnknownEvent, UnknownVariant
from .shape import SHAPES, holds_objects
from .wire import WireObject, WireValue

# Strings are matched too, so that the search does not look into them.
_CONSTANT = r'(?s)-?Infinity|NaN|"[^"\\]*(?:\\.[^"\\]*)*"'
_BEYOND_FLOATS = "1e999"


def data_of(obj: UnknownEvent | UnknownVariant) -> WireObject:
    """Give the wire object of what the spec does not know."""
    return obj.data


ENCODERS: dict[type[Model], Callable[[Any], WireObject]] = {UnknownVariant: data_of}
"""What writes the objects of each class; filled when the generated package is imported."""


def unknown_event_encoder(tag: str) -> Callable[[UnknownEvent], WireObject]:
    """Make the function that gives the wire object of an unknown event, whose tag is in the member `tag`."""

    def encode_unknown_event(obj: UnknownEvent) -> WireObject:
        data = obj.data
        return data if obj.type is None or data.get(tag) == obj.type else {**data, tag: obj.type}

    return encode_unknown_event


def wrapped(name: str, write: Callable[[Any], WireObject]) -> Callable[[Any], WireObject]:
    """Make the function that puts a wire object into an outer one, under the name that tells its class."""

    def encode_wrapped(obj: Any) -> WireObject:
        return {name: write(obj)}

    return encode_wrapped


def encode(obj: Model) -> dict[str, Any]:
    """Give the wire object of an event or of any nested object.

    What came over the wire goes back as it came: unknown members, nulls and ill-typed values included. An attribute
    that was set since wins. None stands for absent, unless null is what the declaration requires or what came.
    Free-form values are not copied.

    Raises:
        TypeError: `obj`, or something within it where an object is declared, is not of a generated class.
        DecodeError: `obj` is nested too deep for the interpreter, which writing may reach before reading does.
    """
    try:
        write = ENCODERS[type(obj)]
    except KeyError:
        raise TypeError(f"expected an object of a generated class, got {type(obj).__name__}") from None
    try:
        return write(obj)
    except RecursionError:
        raise DecodeError.too_deep() from None


def dumps(obj: Model) -> str:
    """Give the JSON text of an event or of any nested object, compact and with other scripts as they are.

    Half a surrogate pair, as a text that was cut in two may end with, is escaped: UTF-8 has no bytes for it. A number
    that is too large for a float, such as 1e400, decodes to an infinity, and any infinity is written as `1e999`, which
    decodes to one again. NaN is written as `NaN`: it is no JSON, but what a server sent goes back as it came.

    Raises:
        TypeError: `obj` is not an object of a generated class, or holds something that JSON cannot.
        DecodeError: `obj` is nested too deep for the interpreter.
        ValueError: `obj` holds a cycle.
        RecursionError: `obj` holds free-form values nested too deep for `json`.
    """
    return json_text(encode(obj))


def json_text(data: WireValue) -> str:
    """Give compact JSON text that UTF-8 can hold."""
    text = _text(data, ascii_only=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return _text(data, ascii_only=True)
    return text


def _text(data: WireValue, *, ascii_only: bool) -> str:
    try:
        return json.dumps(data, ensure_ascii=ascii_only, separators=(",", ":"), allow_nan=False)
    except ValueError:
        text = json.dumps(data, ensure_ascii=ascii_only, separators=(",", ":"))
    return re.sub(_CONSTANT, _number, text)


def _number(found: re.Match[str]) -> str:
    """Give what stands for an infinity in JSON; strings and NaN stay as they are."""
    constant = found[0]
    return constant.replace("Infinity", _BEYOND_FLOATS) if constant[0] != '"' else constant


def encode_any(value: Model | WireValue) -> WireValue:
    """Encode a value that may be an object, a container of objects, or plain data."""
    if isinstance(value, Model):
        return encode(value)
    if type(value) is list:
        return [encode_any(item) for item in value]
    if type(value) is dict:
        # A map of objects, or free-form data, which may be deep and is given as it is.
        return {key: encode_any(item) if type(item) is not dict else item for key, item in value.items()}
    return value


def present(obj: Model) -> WireObject:
    """Give the required members of an object that lacks some of them."""
    found: WireObject = {}
    for key, field in SHAPES[type(obj)].fields.items():
        value = ABSENT if field.optional else getattr(obj, field.name, ABSENT)
        if value is not ABSENT:
            found[key] = encode_any(value) if holds_objects(field.type) else value
    return found


def restore_tag(data: WireObject, leftover: WireObject, tag: str) -> None:
    """Put back what came in place of the tag of an event that is one without it as well."""
    if tag in leftover:
        value = leftover[tag]
        if value is ABSENT:
            data.pop(tag, None)
        else:
            data[tag] = value


def restore(data: WireObject, leftover: WireObject) -> None:
    """Put back what no attribute stands for; an attribute that was set since wins."""
    for key, value in leftover.items():
        if data.get(key) is not None:
            continue
        if value is ABSENT:
            data.pop(key, None)
        else:
            data[key] = value
