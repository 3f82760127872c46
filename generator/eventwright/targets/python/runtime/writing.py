"""From events to the bytes of a stream."""

from __future__ import annotations

from .encoding import encode, json_text
from .framing import encode_frame
from .model import Model


def event_frame(event: Model, tag: str) -> bytes:
    """Give the server-sent event of an event: its tag on the `event:` line, its JSON on the `data:` line.

    Args:
        event: The event. One without a tag, or with a tag that no `event:` line can hold, gets no such line.
        tag: Member of the wire object that holds the tag.

    Raises:
        TypeError: `event` is not an object of a generated class, or holds something that JSON cannot.
        ValueError: `event` holds a cycle.
        RecursionError: `event` holds free-form values nested too deep for `json`.
    """
    data = encode(event)
    name = data.get(tag)
    line = name if isinstance(name, str) and name.isprintable() else ""
    return encode_frame(json_text(data), event=line)
