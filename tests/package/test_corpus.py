"""Every recorded event: nothing lost, nothing taken for what it is not, and nearly everything typed."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from responses_events import EVENT_TYPES, UnknownEvent, decode, dumps, encode, problems
from responses_events.runtime.framing import SSEDecoder
from responses_events.runtime.typed import gaps
from support import CORPUS, needs_corpus

FILES = sorted([*CORPUS.glob("streams/*.jsonl"), *CORPUS.glob("sse/*.sse")])
TYPED_SHARE = {"openai": 0.97, "azure": 0.97}

pytestmark = needs_corpus


def recorded(file: object) -> list[str]:
    """The JSON texts of a recording."""
    data = CORPUS.joinpath(str(file)).read_bytes()
    if str(file).endswith(".jsonl"):
        return data.decode().splitlines()
    frames = SSEDecoder().feed(data + b"\n\n")
    return [frame.data for frame in frames if frame.data != "[DONE]"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_recording(file: object) -> None:
    texts = recorded(file)
    assert texts
    for text in texts:
        wire = json.loads(text)
        event = decode(text)
        assert encode(event) == wire
        assert json.loads(dumps(event)) == wire
        assert type(event) is EVENT_TYPES.get(wire["type"], UnknownEvent)
        assert event.type == wire["type"]
        assert problems(event) == problems(wire)


@pytest.mark.parametrize("provider", TYPED_SHARE)
def test_typed_share(provider: str) -> None:
    total = typed = 0
    reasons: Counter[str] = Counter()
    for file in FILES:
        if file.suffix == ".jsonl" and file.name.startswith(f"{provider}-"):
            for text in recorded(file):
                found = list(gaps(decode(text)))
                reasons.update(f"{gap.kind} {gap.name}" for gap in found)
                total += 1
                typed += not found
    assert total > 500
    assert typed / total >= TYPED_SHARE[provider], reasons.most_common(10)
