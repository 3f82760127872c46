"""The events that everything is measured on."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from eventwright.pipeline import read_spec

from .project import SPEC

VARIABLE: Final = "EVENTWRIGHT_CORPUS"

AT_ONCE: Final = 20
"""How many streams a server reads at once, where that is measured."""

_ENOUGH: Final = 8000


@dataclass(frozen=True, slots=True)
class Corpus:
    """Streams of events, each event as the JSON text that came over the wire."""

    origin: str
    recorded: bool
    streams: dict[str, list[bytes]]

    @property
    def events(self) -> list[bytes]:
        return [event for stream in self.streams.values() for event in stream]

    def at_once(self, streams: int) -> list[bytes]:
        """Give the same events as a server sees them that reads many streams: one of each in turn.

        Args:
            streams: How many are open at any time. Each brings its share of the recorded ones, one after another.
        """
        events = self.events
        share = -(-len(events) // streams)
        return [event for turn in range(share) for event in events[turn::share]]


def load_corpus(*, every: int = 1) -> Corpus:
    """Read the recorded streams below the folder that the variable names; without it, make one of the examples.

    Args:
        every: Take only every n-th stream.
    """
    folder = os.environ.get(VARIABLE)
    if not folder:
        return _examples(_ENOUGH // every)
    streams = {
        path.relative_to(folder).as_posix(): [line for line in path.read_bytes().splitlines() if line.strip()]
        for path in sorted(Path(folder).rglob("*.jsonl"))[::every]
    }
    if not streams:
        raise SystemExit(f"no *.jsonl below the folder that {VARIABLE} names")
    count = sum(map(len, streams.values()))
    size = sum(len(event) for stream in streams.values() for event in stream)
    return Corpus(f"{len(streams)} recorded streams: {count} events, {size / 1e6:.1f} MB", True, streams)


def _examples(enough: int) -> Corpus:
    spec, _ = read_spec(SPEC)
    if spec is None:
        raise SystemExit(f"the spec in {SPEC.name} has errors; see `eventwright lint`")
    examples = [_compact(event.example) for event in spec.events if event.example is not None]
    streams = {f"round {turn}": examples for turn in range(-(-enough // len(examples)))}
    count = len(examples) * len(streams)
    return Corpus(
        f"**no recorded streams** ({VARIABLE} is not set): the {len(examples)} examples of the spec over and over, "
        f"{count} events. They hold more objects and fewer text deltas than real streams, so the budgets do not apply",
        False,
        streams,
    )


def _compact(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
