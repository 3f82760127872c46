"""From events to the bytes of a stream."""

from __future__ import annotations

from collections.abc import Mapping

from .encoding import encode, json_text
from .framing import encode_frame
from .model import FramedModel, Model


def event_frame(event: Model, tag: str | Mapping[type, str]) -> bytes:
    """Give the server-sent event of an event: its tag on the `event:` line, its JSON on the `data:` line.

    Args:
        event: The event. One without a tag, or with a tag that no `event:` line can hold, gets no such line.
        tag: Member of the wire object that holds the tag; or the line of each class, for events that came without one.

    Raises:
        TypeError: `event` is not an object of a generated class, or holds something that JSON cannot.
        ValueError: `event` holds a cycle.
        RecursionError: `event` holds free-form values nested too deep for `json`.
    """
    data = encode(event)
    if isinstance(tag, str):
        name = data.get(tag)
    else:
        name = (event.event_line if isinstance(event, FramedModel) else "") or tag.get(type(event))
    line = name if isinstance(name, str) and name.isprintable() else ""
    return encode_frame(json_text(data), event=line)
