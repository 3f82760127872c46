"""Recorded streams, each by itself: a file may hold several, one behind the other."""

from __future__ import annotations

import json
from collections.abc import Iterator

from . import CORPUS
from .serving import Wire


def recorded_streams() -> dict[str, list[Wire]]:
    """Read all recorded streams that there are, none if there is no folder of them."""
    streams: dict[str, list[Wire]] = {}
    for file in sorted((CORPUS / "streams").glob("*.jsonl")):
        events = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
        for number, stream in enumerate(_cut(events), 1):
            streams[f"{file.stem}#{number}"] = stream
    return streams


def _cut(events: list[Wire]) -> Iterator[list[Wire]]:
    """Cut a recording where a stream begins."""
    begins = [at for at, event in enumerate(events) if at and event["type"] == "response.created"]
    for begin, end in zip([0, *begins], [*begins, len(events)], strict=True):
        yield events[begin:end]
