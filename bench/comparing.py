"""Decode beside the other libraries: speed, what survives, and the most frequent kinds of events."""

from __future__ import annotations

import importlib
import json
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
import orjson
import pydantic

from . import made
from .attributes import read_all
from .corpus import AT_ONCE, Corpus
from .decoding import PARSE, parse
from .peers import OPENAI, PYDANTIC, Peer, Unable, made_peers, sdk_peers
from .project import PACKAGE
from .report import Cell, Section, Table
from .rounds import Job, race
from .screen import progress

OURS: Final = "ours"

UNKNOWN: Final = b'{"type":"response.brand_new","sequence_number":3,"news":{"a":[1,null]}}'
KEEPALIVE: Final = b'{"type":"keepalive","sequence_number":3}'

_REFUSALS: Final = (ValueError, TypeError, LookupError, AttributeError, msgspec.MsgspecError)


def measure(corpus: Corpus, rounds: int) -> list[Section]:
    """Measure ours and the peers, on all events and on the most frequent kinds of them."""
    ours = importlib.import_module(PACKAGE)
    sdk = sdk_peers()
    with tempfile.TemporaryDirectory() as folder:
        return [
            _beside_peers(ours, corpus, [*sdk, *made_peers(Path(folder))], rounds),
            _by_kind(ours, corpus, [peer for peer in sdk if peer.name in (OPENAI, PYDANTIC)], rounds),
        ]


@dataclass(frozen=True, slots=True)
class _Record:
    """What a peer does with the corpus: the events that it decodes, how many of them come back as they were."""

    decoded: tuple[bytes, ...]
    lossless: int
    first_refusal: str


def _beside_peers(ours: Any, corpus: Corpus, candidates: Sequence[Peer | Unable], rounds: int) -> Section:
    """Time the peers, each beside ours on the events that it decodes, and see what survives."""
    events = corpus.events
    own = Peer(OURS, ours.decode, ours.dumps, "standard library only")
    with_orjson = Peer("ours, orjson", ours.Decoder(loads=orjson.loads).decode, ours.dumps, "`loads=orjson.loads`")
    peers = [own, with_orjson, *(each for each in candidates if isinstance(each, Peer))]
    records = {}
    for peer in peers:
        progress(f"what survives: {peer.name}")
        with warnings.catch_warnings():
            # What openai-python built as the wrong class, pydantic warns about when it is encoded.
            warnings.simplefilter("ignore")
            records[peer.name] = _record(peer, events)
    in_turn = corpus.at_once(AT_ONCE)
    jobs: dict[str, Job] = {}
    for peer in peers:
        decoded = records[peer.name].decoded
        there = set(decoded)
        at_once = [event for event in in_turn if event in there]
        jobs[peer.name] = Job(peer.decode, decoded)
        jobs[_at_once(peer.name)] = Job(peer.decode, at_once)
        jobs[_whole_read(peer.name)] = Job(_reading(peer.decode), decoded)
        # Raising an error is no decoding: so a peer that refuses some is timed both without them and with them.
        if len(decoded) < len(events):
            jobs[_all(peer.name)] = Job(_refusing(peer.decode), events)
        jobs.setdefault(_subset(OURS, decoded), Job(own.decode, decoded))
        jobs.setdefault(_subset(OURS, at_once), Job(own.decode, at_once))
        jobs.setdefault(_subset(with_orjson.name, decoded), Job(with_orjson.decode, decoded))
    times = race("peers", jobs, rounds)
    speed: list[tuple[Cell, ...]] = []
    survival: list[tuple[Cell, ...]] = []
    for peer in peers:
        record = records[peer.name]
        count = len(record.decoded)
        speed.append(
            (
                peer.name,
                times.scaled(peer.name, 1e6 / count),
                times.ratio(peer.name, _subset(OURS, record.decoded)),
                times.scaled(_at_once(peer.name), 1e6 / count),
                times.ratio(_at_once(peer.name), _subset(OURS, jobs[_at_once(peer.name)].inputs)),
                times.scaled(_whole_read(peer.name), 1e6 / count),
                times.ratio(peer.name, _subset(with_orjson.name, record.decoded)),
                times.ratio(_all(peer.name), OURS) if count < len(events) else None,
                peer.note,
            )
        )
        survival.append(
            (
                peer.name,
                f"{count / len(events):.2%}",
                f"{record.lossless / len(events):.2%}",
                _fate(peer, UNKNOWN),
                _fate(peer, KEEPALIVE),
                record.first_refusal or None,
            )
        )
    section = Section("peers", "Beside other libraries")
    section.notes.append(
        f"Measured on {corpus.origin}. Each peer is timed on the events that it decodes, and so is ours."
    )
    section.tables.append(
        Table(
            "Speed",
            (
                "library",
                "µs an event",
                "x ours",
                f"µs, {AT_ONCE} streams at once",
                "x ours",
                "µs, every attribute read",
                "x ours with orjson",
                "x ours, all events",
                "how",
            ),
            speed,
        )
    )
    columns = (
        "library",
        "decoded",
        "lossless",
        "unknown tag survives",
        "keepalive survives",
        "an event that it refuses",
    )
    lossless = "Lossless: what its object encodes to is equal, as JSON, to what came; of all events."
    section.tables.append(Table("What survives", columns, survival, (lossless,)))
    unable: list[tuple[Cell, ...]] = [
        (each.name, each.reason.replace("`", "")) for each in candidates if isinstance(each, Unable)
    ]
    section.tables.append(Table("Cannot do it without help", ("library", "what it says"), unable))
    return section


def _all(name: str) -> str:
    return f"{name}, all events"


def _at_once(name: str) -> str:
    return f"{name}, {AT_ONCE} at once"


def _whole_read(name: str) -> str:
    return f"{name}, every attribute read"


def _reading(decode: Callable[[bytes], object]) -> Callable[[bytes], object]:
    return lambda event: read_all(decode(event))


def _refusing(decode: Callable[[bytes], object]) -> Callable[[bytes], object]:
    def decode_or_refuse(event: bytes) -> object:
        try:
            return decode(event)
        except _REFUSALS:
            return None

    return decode_or_refuse


def _subset(name: str, events: Sequence[bytes]) -> str:
    return f"{name}, on {len(events)} events {hash(tuple(events))}"


def _record(peer: Peer, events: Sequence[bytes]) -> _Record:
    decoded = []
    lossless = 0
    first_refusal = ""
    for event in events:
        try:
            found = peer.decode(event)
        except _REFUSALS as error:
            first_refusal = first_refusal or f"`{json.loads(event).get('type')}`: {_reason(error)}"
            continue
        decoded.append(event)
        lossless += _comes_back(peer, found, event)
    return _Record(tuple(decoded), lossless, first_refusal)


def _comes_back(peer: Peer, found: Any, event: bytes) -> bool:
    try:
        return bool(json.loads(peer.encode(found)) == json.loads(event))
    except _REFUSALS:
        return False


def _fate(peer: Peer, event: bytes) -> str:
    """Say what becomes of an event: whether it comes back, and as what it is held."""
    try:
        found = peer.decode(event)
    except _REFUSALS:
        return "no: refused"
    tags = made.tags(type(found))
    if tags and json.loads(event)["type"] not in tags:
        return f"no: as {type(found).__name__}"
    return "yes" if _comes_back(peer, found, event) else "in part"


def _reason(error: Exception) -> str:
    if isinstance(error, pydantic.ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc'][-3:]))}: {first['msg']}"
    return f"{type(error).__name__}: {str(error).splitlines()[0][:100]}"


_MOST: Final = 8


def _by_kind(ours: Any, corpus: Corpus, sdk: Sequence[Peer], rounds: int) -> Section:
    """Time each of the most frequent kinds of events by itself."""
    by_tag: dict[str, list[bytes]] = {}
    for event in corpus.events:
        by_tag.setdefault(json.loads(event).get("type"), []).append(event)
    most = Counter({tag: len(events) for tag, events in by_tag.items()}).most_common(_MOST)
    rows: list[tuple[Cell, ...]] = []
    for tag, count in most:
        decoded = {peer.name: _record(peer, by_tag[tag]).decoded for peer in sdk}
        jobs = {
            PARSE: Job(parse, [event.decode() for event in by_tag[tag]]),
            OURS: Job(ours.decode, by_tag[tag]),
            **{peer.name: Job(peer.decode, decoded[peer.name]) for peer in sdk if decoded[peer.name]},
        }
        times = race(f"events `{tag}`", jobs, max(2, rounds // 2))
        micros = {name: times.scaled(name, 1e6 / len(job.inputs)).middle for name, job in jobs.items()}
        size = sum(map(len, by_tag[tag])) / count
        ratio = times.ratio(OURS, PARSE)
        rows.append(
            (f"`{tag}`", count, f"{size:.0f}", micros[PARSE], micros[OURS], ratio, *(micros.get(p.name) for p in sdk))
        )
    columns = ("tag", "events", "bytes each", PARSE, OURS, "ours x parse", *(peer.name for peer in sdk))
    table = Table(f"The {len(most)} most frequent tags, µs an event", columns, rows)
    note = "A peer is timed on the events of the kind that it decodes; a dash means that it decodes none."
    return Section("kinds", "By kind of event", [table], notes=[note])
