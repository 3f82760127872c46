"""How fast streams are read: `PYTHONPATH=tests python -m support.speed` prints the figures."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable

from responses_events import decode
from responses_events.stream import Accumulator, iter_events

TWO_TAGS = {"response.completed", "response.failed"}


def text_stream(count: int) -> list[bytes]:
    """The chunks of a stream as OpenAI sends it, with one delta of a text after the other."""
    delta = {"type": "response.output_text.delta", "sequence_number": 0, "item_id": "msg_0" * 10, "output_index": 0}
    delta |= {"content_index": 0, "delta": " word", "logprobs": [], "obfuscation": "q7Xa0bRt"}
    events = [{**delta, "sequence_number": number} for number in range(count)]
    frames = (f"event: {event['type']}\ndata: {json.dumps(event, separators=(',', ':'))}\n\n" for event in events)
    data = "".join([*frames, 'event: response.completed\ndata: {"type":"response.completed"}\n\n']).encode()
    return [data[at : at + 65_536] for at in range(0, len(data), 65_536)]


def selection_speedup(count: int = 20_000) -> float:
    """How many times faster two tags are read than all events."""
    chunks = text_stream(count)
    every = _seconds(lambda: iter_events(chunks))
    return every / _seconds(lambda: iter_events(chunks, only=TWO_TAGS))


def accumulation_seconds(count: int, *, read: bool = False) -> float:
    """Seconds to accumulate so many deltas, and to read the state after each if `read` is set."""
    delta = {
        "type": "response.output_text.delta",
        "item_id": "m",
        "output_index": 0,
        "content_index": 0,
        "delta": "hello",
    }
    events = [decode(delta) for _ in range(count)]

    def accumulate() -> Iterable[object]:
        accumulator = Accumulator()
        for event in events:
            accumulator.feed(event)
            if read:
                assert accumulator.response
        return [accumulator.response]

    return _seconds(accumulate)


def _seconds(run: Callable[[], Iterable[object]]) -> float:
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        for _ in run():
            pass
        best = min(best, time.perf_counter() - start)
    return best


def main() -> None:
    print(f"two tags of a text stream: {selection_speedup():.1f} times as fast as all events")
    for read in (False, True):
        half, whole = (accumulation_seconds(count, read=read) for count in (100_000, 200_000))
        what = "accumulated and read after each" if read else "accumulated"
        print(f"100,000 deltas {what}: {half:.2f} s; twice as many take {whole / half:.2f} times as long")


if __name__ == "__main__":
    main()
