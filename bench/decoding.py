"""Decode and encode, beside the bare parse: in the order of the recordings, and as a server sees many streams."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec
import orjson

from .attributes import read_all
from .corpus import AT_ONCE, Corpus
from .project import PACKAGE
from .report import Cell, Section, Table
from .rounds import Job, race

PARSE: Final = "bare C parse"

_DECODE: Final = "decode bytes"
_READ: Final = "decode bytes and read every attribute"
_VALID: Final = "decode bytes, valid events"
_STRICT: Final = "decode bytes, valid events, strict"
_MAPPINGS: Final = "decode mappings"
_ENCODE: Final = "encode"

# The type stubs do not know that it is there.
_scan: Callable[[str, int], object] = vars(json.JSONDecoder())["scan_once"]


def parse(text: str) -> object:
    """Parse as bare as the standard library can."""
    return _scan(text, 0)


def measure(corpus: Corpus, rounds: int) -> list[Section]:
    """Measure what our package does with events as they were recorded, and with such that lack a member."""
    ours = importlib.import_module(PACKAGE)
    section = Section("decode", "Decode and encode")
    section.notes.append(f"Measured on {corpus.origin}.")
    _recorded(ours, corpus, rounds, section)
    _lacking(ours, corpus, rounds, section)
    return [section]


def _recorded(ours: Any, corpus: Corpus, rounds: int, section: Section) -> None:
    orders = {"one after another": corpus.events, f"{AT_ONCE} at once": corpus.at_once(AT_ONCE)}
    jobs = {order: _jobs(ours, events) for order, events in orders.items()}
    found = race("decode", {f"{name}, {order}": job for order in orders for name, job in jobs[order].items()}, rounds)
    rows: list[tuple[Cell, ...]] = []
    for name in jobs["one after another"]:
        cells: list[Cell] = [name]
        for order in orders:
            cells.append(found.scaled(f"{name}, {order}", 1e6 / len(jobs[order][name].inputs)))
            cells.append(found.ratio(f"{name}, {order}", f"{PARSE}, {order}"))
        rows.append(tuple(cells))
    columns = [column for order in orders for column in (f"{order}: µs an event", f"x {PARSE}")]
    note = (
        f"One after another: each stream from its beginning to its end. {AT_ONCE} at once: an event of each of"
        f" {AT_ONCE} streams in turn, as a server gets them."
    )
    section.tables.append(Table("What this package does", ("job", *columns), rows, (note,)))
    valid = len(jobs["one after another"][_VALID].inputs)
    section.notes.append(f"{valid} of {len(corpus.events)} events are valid, that is: strict mode accepts them.")
    if not corpus.recorded:
        return
    for order in orders:
        ratio = found.ratio(f"{_DECODE}, {order}", f"{PARSE}, {order}")
        section.at_most(f"decode, standard library only, {order}", ratio, 1.6, f"x the {PARSE}")
    for order in orders:
        ratio = found.ratio(f"{_STRICT}, {order}", f"{_VALID}, {order}")
        section.at_most(f"strict decode of valid events, {order}", ratio, 1.3, "x the tolerant time")
    for order in orders:
        ratio = found.ratio(f"{_ENCODE}, {order}", f"{_MAPPINGS}, {order}")
        section.at_most(f"encode, {order}", ratio, 1.0, "x decode of the same mappings")


def _jobs(ours: Any, events: Sequence[bytes]) -> dict[str, Job]:
    """Give what our package can do with events, and the bare parse."""
    texts = [event.decode() for event in events]
    mappings = [json.loads(text) for text in texts]
    valid = [event for event, mapping in zip(events, mappings, strict=True) if not ours.problems(mapping)]
    objects = [ours.decode(mapping) for mapping in mappings]
    return {
        PARSE: Job(parse, texts),
        _DECODE: Job(ours.decode, events),
        _READ: Job(lambda event: read_all(ours.decode(event)), events),
        "decode bytes, orjson.loads": Job(ours.Decoder(loads=orjson.loads).decode, events),
        "decode bytes, msgspec.json.decode": Job(ours.Decoder(loads=msgspec.json.decode).decode, events),
        _VALID: Job(ours.decode, valid),
        _STRICT: Job(ours.Decoder(strict=True).decode, valid),
        _MAPPINGS: Job(ours.decode, mappings),
        _ENCODE: Job(ours.encode, objects),
        "dumps": Job(ours.dumps, objects),
        "problems of mappings": Job(ours.problems, mappings),
    }


def _lacking(ours: Any, corpus: Corpus, rounds: int, section: Section) -> None:
    events = _without_a_member(ours, corpus.events)
    jobs = {
        PARSE: Job(parse, [event.decode() for event in events]),
        _DECODE: Job(ours.decode, events),
        _READ: Job(lambda event: read_all(ours.decode(event)), events),
    }
    found = race("events that lack a member", jobs, rounds)
    rows: list[tuple[Cell, ...]] = [
        (name, found.scaled(name, 1e6 / len(events)), found.ratio(name, PARSE)) for name in jobs
    ]
    note = f"{len(events)} of the events, each without one of the members that it must have."
    section.tables.append(
        Table("Events that lack a required member", ("job", "µs an event", f"x {PARSE}"), rows, (note,))
    )
    if corpus.recorded:
        ratio = found.ratio(_DECODE, PARSE)
        section.at_most("decode of an event that lacks a required member", ratio, 2.5, f"x the {PARSE}")


def _without_a_member(ours: Any, events: Sequence[bytes]) -> list[bytes]:
    """Take a required member out of each event that has one beside its tag: another one each time."""
    lacking = []
    required: dict[str, list[str]] = {}
    for turn, event in enumerate(events):
        whole = json.loads(event)
        tag = whole.get("type")
        if tag not in required:
            missing = {problem.path for problem in ours.problems({"type": tag})}
            required[tag] = [key for key in whole if f"$.{key}" in missing]
        keys = [key for key in required[tag] if key in whole]
        if keys:
            del whole[keys[turn % len(keys)]]
            lacking.append(json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode())
    return lacking
