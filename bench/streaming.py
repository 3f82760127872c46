"""Streams as a whole: framing, reading, skipping what nobody wants, and accumulating."""

from __future__ import annotations

import importlib
import importlib.util
import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from .corpus import Corpus
from .decoding import PARSE, parse
from .project import PACKAGE
from .report import Cell, Section, Table
from .rounds import Job, Spread, race

_CHUNK: Final = 4096
_WHOLE_READ: Final = 65_536
"""What httpx reads from a socket at most; a server that is faster than the reader fills it."""
_DELTA: Final = "response.output_text.delta"
_WANTED: Final = frozenset({"response.created", "response.completed"})
_EVENTS_OF_TEXT: Final = 5000
_NO_USAGE: Final = {
    "input_tokens": 0,
    "input_tokens_details": {"cached_tokens": 0},
    "output_tokens": 0,
    "output_tokens_details": {"reasoning_tokens": 0},
    "total_tokens": 0,
}


def measure(corpus: Corpus, rounds: int, deltas: int) -> list[Section]:
    """Measure what there is of `stream` in the generated package.

    Args:
        corpus: Streams to read.
        rounds: How often each contestant takes its turn.
        deltas: Number of deltas that the accumulator gets; then twice as many.
    """
    section = Section("stream", "Streams")
    if importlib.util.find_spec(f"{PACKAGE}.stream") is None:
        section.notes.append(f"Not measured: `{PACKAGE}` has no module `stream`.")
        return [section]
    stream: Any = importlib.import_module(f"{PACKAGE}.stream")
    package: Any = importlib.import_module(PACKAGE)
    _reading(section, stream, corpus, rounds)
    _selecting(section, stream, rounds)
    _accumulating(section, stream, package, rounds, deltas)
    _building(section, stream, rounds, deltas)
    _linting(section, package, corpus, rounds)
    return [section]


def _reading(section: Section, stream: Any, corpus: Corpus, rounds: int) -> None:
    frames = [_frame(event) for event in corpus.events]
    wire = b"".join(frames)
    chunks = {
        "a frame": frames,
        f"{_CHUNK} bytes": _chunks(wire, _CHUNK),
        f"{_WHOLE_READ} bytes": _chunks(wire, _WHOLE_READ),
    }

    def frame(pieces: Iterable[bytes]) -> None:
        decoder = stream.SSEDecoder()
        for piece in pieces:
            decoder.feed(piece)
        decoder.close()

    def read(pieces: Iterable[bytes]) -> None:
        for _ in stream.iter_events(pieces):
            pass

    jobs = {PARSE: Job(parse, [event.decode() for event in corpus.events])}
    for size, pieces in chunks.items():
        jobs[f"framing, {size}"] = Job(frame, [pieces])
        jobs[f"reading, {size}"] = Job(read, [pieces])
    times = race("read streams", jobs, rounds)
    micros = 1e6 / len(corpus.events)
    rows: list[tuple[Cell, ...]] = [
        (
            size,
            times.scaled(f"framing, {size}", micros),
            times.scaled(f"reading, {size}", micros),
            times.ratio(f"reading, {size}", PARSE),
            Spread.of(len(wire) / 1e6 / value for value in times.seconds(f"reading, {size}")),
        )
        for size in chunks
    ]
    note = (
        f"All streams one after the other as server-sent events, {len(wire) / 1e6:.1f} MB. They arrive as a frame a"
        " chunk where the server is slower than the reader, as a model is. `iter_events` frames and decodes; the"
        f" {PARSE} is that of the events, without any framing."
    )
    columns = ("chunks of", "framing, µs an event", "`iter_events`, µs an event", f"x {PARSE}", "MB a second")
    section.tables.append(Table("Reading", columns, rows, (note,)))
    if corpus.recorded:
        for size, limit in (("a frame", 2.8), (f"{_WHOLE_READ} bytes", 2.3)):
            ratio = times.ratio(f"reading, {size}", PARSE)
            section.at_most(f"`iter_events`, chunks of {size}", ratio, limit, f"x the {PARSE} of the events")


def _selecting(section: Section, stream: Any, rounds: int) -> None:
    wire = b"".join(_frame(event) for event in _text_stream(_EVENTS_OF_TEXT))

    def everything(pieces: Iterable[bytes]) -> None:
        for _ in stream.iter_events(pieces):
            pass

    def two_tags(pieces: Iterable[bytes]) -> None:
        for _ in stream.iter_events(pieces, only=_WANTED):
            pass

    jobs: dict[str, Job] = {}
    sizes = (_CHUNK, _WHOLE_READ)
    for size in sizes:
        jobs[f"every event, {size}"] = Job(everything, [_chunks(wire, size)])
        jobs[f"two tags, {size}"] = Job(two_tags, [_chunks(wire, size)])
    times = race("only", jobs, rounds)
    rows: list[tuple[Cell, ...]] = [
        (
            f"{size} bytes",
            times.scaled(f"every event, {size}", 1e6 / _EVENTS_OF_TEXT),
            times.scaled(f"two tags, {size}", 1e6 / _EVENTS_OF_TEXT),
            times.ratio(f"every event, {size}", f"two tags, {size}"),
        )
        for size in sizes
    ]
    note = (
        f"A text stream of {_EVENTS_OF_TEXT} deltas, of which nobody wants any; µs an event. The budget is for the"
        " larger chunks, as they come when the reader is what limits the speed."
    )
    section.tables.append(
        Table("Skipping", ("chunks of", "every event", "`only` with two tags", "x faster"), rows, (note,))
    )
    ratio = times.ratio(f"every event, {_WHOLE_READ}", f"two tags, {_WHOLE_READ}")
    section.at_least("`only` with two tags over a text stream", ratio, 4, "x faster than all")


def _building(section: Section, stream: Any, rounds: int, deltas: int) -> None:
    build: Any = importlib.import_module(f"{PACKAGE}.build")

    def built(count: int) -> None:
        with build.ResponseStream(model="m", created_at=1) as made:
            message = made.message()
            for _ in range(count):
                message.text(" word")
                # A server passes each piece on at once.
                made.take()
            made.usage = _NO_USAGE
        made.take()

    events: list[Any] = []
    with build.ResponseStream(model="m", created_at=1, sink=events.append) as stream_of_text:
        message = stream_of_text.message()
        for _ in range(deltas):
            message.text(" word")
        stream_of_text.usage = _NO_USAGE

    def written(events: Iterable[Any]) -> None:
        for event in events:
            stream.encode_sse(event)

    jobs = {f"built, {count}": Job(built, [count]) for count in (deltas, 2 * deltas)}
    jobs["written"] = Job(written, [events])
    times = race("build", jobs, rounds)
    micros = 1e6 / deltas
    ratio = times.ratio(f"built, {deltas}", "written")
    growth = times.ratio(f"built, {2 * deltas}", f"built, {deltas}")
    rows: list[tuple[Cell, ...]] = [
        ("one piece of text after the other, taken at once", times.scaled(f"built, {deltas}", micros), ratio, growth)
    ]
    note = "`ResponseStream` makes the events and writes them; `encode_sse` writes the same ones."
    columns = ("build", "µs a piece", "x `encode_sse`", "twice as many, x the time")
    section.tables.append(Table("Building", columns, rows, (note,)))
    section.at_most("building a stream of text", ratio, 2, "x `encode_sse` of its events")
    section.at_most("building twice as many pieces", growth, 2.3, "x the time")


def _accumulating(section: Section, stream: Any, package: Any, rounds: int, deltas: int) -> None:
    sizes = {
        f"{count} deltas": [package.decode(event) for event in _text_stream(count)] for count in (deltas, 2 * deltas)
    }

    def accumulate(events: Iterable[Any]) -> None:
        accumulator = stream.Accumulator()
        for event in events:
            accumulator.feed(event)
        _ = accumulator.response

    times = race("accumulate", {name: Job(accumulate, [events]) for name, events in sizes.items()}, rounds)
    one, two = sizes
    rows: list[tuple[Cell, ...]] = [(name, times.scaled(name, 1e6 / len(events))) for name, events in sizes.items()]
    section.tables.append(Table("Accumulating one text", ("events", "µs an event"), rows))
    section.at_most("accumulate twice as many deltas", times.ratio(two, one), 2.3, "x the time")


def _linting(section: Section, package: Any, corpus: Corpus, rounds: int) -> None:
    lint: Any = importlib.import_module(f"{PACKAGE}.lint").lint
    texts = {
        "all recorded streams" if corpus.recorded else "all examples": corpus.events,
        f"a text stream of {_EVENTS_OF_TEXT} deltas": list(_text_stream(_EVENTS_OF_TEXT)),
    }
    rows: list[tuple[Cell, ...]] = []
    for name, events in texts.items():
        decoded = [package.decode(event) for event in events]
        jobs = {"lint": Job(lint, [decoded]), "decode": Job(package.decode, events)}
        times = race(f"lint {name}", jobs, rounds)
        micros = 1e6 / len(events)
        ratio = times.ratio("lint", "decode")
        rows.append((name, times.scaled("lint", micros), times.scaled("decode", micros), ratio))
        section.at_most(f"`lint`, {name}", ratio, 2, "x the time to decode the events")
    note = "The events are decoded before; the linter is given all of them, one stream behind the other."
    columns = ("events", "`lint`, µs an event", "`decode`, µs an event", "x `decode`")
    section.tables.append(Table("Linting", columns, rows, (note,)))


def _text_stream(deltas: int) -> Iterator[bytes]:
    """Give a stream that writes one long text, as the API does."""
    place = {"item_id": "msg_01", "output_index": 0}
    response = {"id": "resp_01", "object": "response", "created_at": 1767225600, "model": "gpt-5.4", "output": []}
    message = {"type": "message", "id": "msg_01", "role": "assistant", "status": "in_progress", "content": []}
    part = {"type": "output_text", "text": "", "annotations": [], "logprobs": []}
    events: list[dict[str, object]] = [
        {"type": "response.created", "response": {**response, "status": "in_progress"}},
        {"type": "response.output_item.added", "output_index": 0, "item": message},
        {"type": "response.content_part.added", **place, "content_index": 0, "part": part},
    ]
    delta = {"type": _DELTA, **place, "content_index": 0, "delta": " word", "logprobs": [], "obfuscation": "p3Xq9"}
    events += [delta] * deltas
    return (_text({**event, "sequence_number": number}) for number, event in enumerate(events))


def _text(event: dict[str, object]) -> bytes:
    return json.dumps(event, separators=(",", ":")).encode()


def _frame(event: bytes) -> bytes:
    tag = json.loads(event).get("type", "message")
    return f"event: {tag}\n".encode() + b"data: " + event + b"\n\n"


def _chunks(wire: bytes, size: int) -> list[bytes]:
    return [wire[at : at + size] for at in range(0, len(wire), size)]
