"""Short ways to make events, streams of them, and their bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from responses_events import ResponseStreamEvent, decode


def event(tag: str, **members: Any) -> ResponseStreamEvent:
    return decode({"type": f"response.{tag}", **members})


def text_delta(delta: str, **members: Any) -> ResponseStreamEvent:
    return event(
        "output_text.delta", **{"item_id": "m", "output_index": 0, "content_index": 0, "delta": delta, **members}
    )


def sse(*data: dict[str, Any] | str) -> bytes:
    """Frames with an `event:` line each, as OpenAI sends them."""
    frames = []
    for each in data:
        text = each if isinstance(each, str) else json.dumps(each, separators=(",", ":"))
        line = "" if isinstance(each, str) else f"event: {each['type']}\n"
        frames.append(f"{line}data: {text}\n\n")
    return "".join(frames).encode()


def cut(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))
