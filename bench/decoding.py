"""Decode and encode, beside the bare parse and the other libraries: speed and what survives."""

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
from .corpus import Corpus
from .peers import OPENAI, PYDANTIC, Peer, Unable, made_peers, sdk_peers
from .project import PACKAGE
from .report import Cell, Section, Table
from .rounds import Job, race
from .screen import progress

OURS: Final = "ours"
PARSE: Final = "bare C parse"

# The type stubs do not know that it is there.
_scan: Callable[[str, int], object] = vars(json.JSONDecoder())["scan_once"]

UNKNOWN: Final = b'{"type":"response.brand_new","sequence_number":3,"news":{"a":[1,null]}}'
KEEPALIVE: Final = b'{"type":"keepalive","sequence_number":3}'

_REFUSALS: Final = (ValueError, TypeError, LookupError, AttributeError, msgspec.MsgspecError)


def parse(text: str) -> object:
    """Parse as bare as the standard library can."""
    return _scan(text, 0)


def measure(corpus: Corpus, rounds: int) -> list[Section]:
    """Measure everything about decoding: the jobs of ours, the peers, and the most frequent kinds of events."""
    ours = importlib.import_module(PACKAGE)
    sdk = sdk_peers()
    with tempfile.TemporaryDirectory() as folder:
        peers = [*sdk, *made_peers(Path(folder))]
        return [
            _own_jobs(ours, corpus, 2 * rounds),
            _beside_peers(ours, corpus, peers, rounds),
            _by_kind(ours, corpus, [peer for peer in sdk if peer.name in (OPENAI, PYDANTIC)], rounds),
        ]


def _own_jobs(ours: Any, corpus: Corpus, rounds: int) -> Section:
    """Time the jobs of our package beside the bare parse."""
    events = corpus.events
    texts = [event.decode() for event in events]
    mappings = [json.loads(text) for text in texts]
    valid = [event for event, mapping in zip(events, mappings, strict=True) if not ours.problems(mapping)]
    objects = [ours.decode(mapping) for mapping in mappings]
    strict = ours.Decoder(strict=True).decode

    def decode_whole(event: bytes) -> object:
        # Objects within an event are built when they are looked at.
        found = ours.decode(event)
        return type(found).field_values(found)

    jobs = {
        PARSE: Job(parse, texts),
        "decode bytes": Job(ours.decode, events),
        "decode bytes and read every attribute": Job(decode_whole, events),
        "decode bytes, orjson.loads": Job(ours.Decoder(loads=orjson.loads).decode, events),
        "decode bytes, msgspec.json.decode": Job(ours.Decoder(loads=msgspec.json.decode).decode, events),
        "decode bytes, valid events": Job(ours.decode, valid),
        "decode bytes, valid events, strict": Job(strict, valid),
        "decode mappings": Job(ours.decode, mappings),
        "encode": Job(ours.encode, objects),
        "dumps": Job(ours.dumps, objects),
        "problems of mappings": Job(ours.problems, mappings),
    }
    times = race("decode", jobs, rounds)
    rows: list[tuple[Cell, ...]] = [
        (name, times.scaled(name, 1e6 / len(job.inputs)), times.ratio(name, PARSE)) for name, job in jobs.items()
    ]
    section = Section("decode", "Decode and encode")
    section.notes.append(f"Measured on {corpus.origin}.")
    section.notes.append(f"{len(valid)} of {len(events)} events are valid, that is: strict mode accepts them.")
    section.tables.append(Table("What this package does", ("job", "µs an event", f"x {PARSE}"), rows))
    if corpus.recorded:
        section.at_most("decode, standard library only", times.ratio("decode bytes", PARSE), 2.0, f"x the {PARSE}")
        strict_ratio = times.ratio("decode bytes, valid events, strict", "decode bytes, valid events")
        section.at_most("strict decode of valid events", strict_ratio, 1.3, "x the tolerant time")
        section.at_most("encode", times.ratio("encode", "decode mappings"), 1.0, "x decode of the same mappings")
    return section


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
    jobs: dict[str, Job] = {}
    for peer in peers:
        decoded = records[peer.name].decoded
        jobs[peer.name] = Job(peer.decode, decoded)
        # Raising an error is no decoding: so a peer that refuses some is timed both without them and with them.
        if len(decoded) < len(events):
            jobs[_whole(peer.name)] = Job(_refusing(peer.decode), events)
        jobs.setdefault(_subset(OURS, decoded), Job(own.decode, decoded))
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
                times.ratio(peer.name, _subset(with_orjson.name, record.decoded)),
                times.ratio(_whole(peer.name), OURS) if count < len(events) else None,
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
            ("library", "µs an event", "x the time of ours", "x ours with orjson", "x ours, all events", "how"),
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
    if corpus.recorded:
        whole = {name: _whole(name) if _whole(name) in jobs else name for name in (OPENAI, PYDANTIC)}
        for name, limit in ((OPENAI, 40), (PYDANTIC, 4)):
            ratio = times.ratio(whole[name], OURS)
            section.at_least(f"decode, standard library only, beside {name}", ratio, limit, "x faster")
        ratio = times.ratio(whole[PYDANTIC], with_orjson.name)
        section.at_least(f"decode with orjson.loads, beside {PYDANTIC}", ratio, 6, "x faster")
    return section


def _whole(name: str) -> str:
    return f"{name}, all events"


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
