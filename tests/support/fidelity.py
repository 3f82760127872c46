"""How well text is put together from deltas: each recorded stream is cut before its end, and again without the events
that repeat whole texts, and what was accumulated is compared with the recorded final `Response`.

Some recordings were trimmed by hand, and some items are never streamed in pieces. Without the `.done` events nobody can
know their texts, so those that no series of deltas adds up to are counted apart, by a plain sum over the raw JSON.

`PYTHONPATH=tests python -m support.fidelity` prints the share of equal texts per provider. It needs EVENTWRIGHT_CORPUS.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from responses_events import ResponseStreamEvent, encode
from responses_events.stream import Accumulator, iter_jsonl

from . import CORPUS

TEXTS = frozenset(["text", "arguments", "code", "refusal", "input", "diff", "stdout", "stderr"])
"""Members that streams deliver in pieces."""

LISTS_OF_TEXT = frozenset(["commands"])
WITHIN = frozenset(["content", "summary", "action", "operation", "output"])
"""Members of an output item that such members stand in; search results, for one, also have a `text`."""


class Difference(NamedTuple):
    """A text that came out wrong."""

    stream: str
    cut: str
    path: str
    expected: str
    got: str | None


class Fidelity(NamedTuple):
    """How many texts were compared, how many are not in the deltas, and those that differ, by provider and cut."""

    compared: Counter[tuple[str, str]]
    not_streamed: Counter[tuple[str, str]]
    differences: dict[tuple[str, str], list[Difference]]

    def share(self, provider: str, cut: str) -> float:
        return 1 - len(self.differences.get((provider, cut), ())) / self.compared[provider, cut]


def provider_of(path: Path) -> str:
    """`open-responses--lmstudio-basic.1` is one of LM Studio, the others have the provider in front."""
    name = path.name
    for mark in ("lmstudio", "copilot"):
        if mark in name:
            return mark
    return "openai" if name.startswith("open-responses--openai") else name.split("-")[0]


def responses(path: Path) -> Iterator[list[ResponseStreamEvent]]:
    """Some recordings hold several streams, one after the other."""
    events: list[ResponseStreamEvent] = []
    accumulator = Accumulator()
    with path.open("rb") as file:
        for event in iter_jsonl(file):
            events.append(event)
            accumulator.feed(event)
            if accumulator.end is not None and accumulator.end.kind in ("completed", "incomplete"):
                yield events
                events, accumulator = [], Accumulator()


def texts(items: Any, path: str = "output") -> Iterator[tuple[str, str]]:
    """All texts that are not empty, with their paths."""
    if isinstance(items, list):
        for index, item in enumerate(items):
            yield from texts(item, f"{path}[{index}]")
    elif isinstance(items, dict):
        for name, value in items.items():
            where = f"{path}.{name}"
            if name in TEXTS and isinstance(value, str):
                if value:
                    yield where, value
            elif name in LISTS_OF_TEXT and isinstance(value, list):
                yield from ((f"{where}[{index}]", text) for index, text in enumerate(value) if isinstance(text, str))
            elif name in WITHIN:
                yield from texts(value, where)


def accumulated(events: Iterable[ResponseStreamEvent]) -> dict[str, str]:
    accumulator = Accumulator()
    for event in events:
        accumulator.feed(event)
    return dict(texts(encode(accumulator.response).get("output")))


def streamed(events: Iterable[ResponseStreamEvent]) -> set[str]:
    """The texts that the deltas of a recording add up to."""
    sums: dict[tuple[Any, ...], str] = {}
    for event in events:
        data = encode(event)
        delta = data.get("delta")
        for name, piece in (delta if isinstance(delta, dict) else {"": delta}).items():
            if isinstance(piece, str):
                places = (data.get(f"{kind}_index") for kind in ("output", "content", "summary", "command"))
                key = (data["type"], name, *places)
                sums[key] = sums.get(key, "") + piece
    return set(sums.values())


def measure(folder: Path) -> Fidelity:
    compared: Counter[tuple[str, str]] = Counter()
    not_streamed: Counter[tuple[str, str]] = Counter()
    differences: dict[tuple[str, str], list[Difference]] = {}
    for path in sorted(folder.glob("*.jsonl")):
        provider = provider_of(path)
        for events in responses(path):
            expected = dict(texts(encode(events[-1]).get("response", {}).get("output")))
            cuts = {
                "before the end": events[:-1],
                "without .done": [event for event in events[:-1] if not str(event.type).endswith(".done")],
            }
            for cut, kept in cuts.items():
                got = accumulated(kept)
                known = streamed(kept)
                for where, text in expected.items():
                    equal = got.get(where) == text
                    if not equal and cut == "without .done" and text not in known:
                        not_streamed[provider, cut] += 1
                        continue
                    compared[provider, cut] += 1
                    if not equal:
                        found = Difference(path.name, cut, where, text, got.get(where))
                        differences.setdefault((provider, cut), []).append(found)
    return Fidelity(compared, not_streamed, differences)


def main() -> int:
    if not CORPUS.is_dir():
        print("set EVENTWRIGHT_CORPUS to the folder with the recorded streams", file=sys.stderr)
        return 2
    fidelity = measure(CORPUS / "streams")
    print(f"{'provider':12} {'cut':16} {'texts':>6} {'equal':>8} {'not in deltas':>14}")
    for provider, cut in sorted(fidelity.compared):
        figures = f"{fidelity.compared[provider, cut]:6} {fidelity.share(provider, cut):8.2%}"
        print(f"{provider:12} {cut:16} {figures} {fidelity.not_streamed[provider, cut]:14}")
    for found in (each for group in fidelity.differences.values() for each in group):
        print(f"differs: {found.stream}, {found.cut}: {found.path}: {found.expected[:60]!r} / {str(found.got)[:60]!r}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
