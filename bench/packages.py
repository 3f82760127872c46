"""Decode of the other packages that ship, beside the bare parse, on what was recorded of their streams."""

from __future__ import annotations

import importlib
import json
import os
from pathlib import Path
from typing import Final

from .corpus import VARIABLE
from .decoding import PARSE, parse
from .report import Cell, Section, Table
from .rounds import Job, race

_RECORDINGS: Final = {
    "ag_ui_events": "ag_ui",
    "anthropic_events": "anthropic_messages",
    "chat_events": "chat_completions",
    "gemini_events": "gemini",
    "realtime_client_events": "openai_realtime_client",
    "realtime_server_events": "openai_realtime_server",
}
"""The packages, each with the file that holds events of it: an object a line, with the event under `event`."""

_DECODE: Final = "decode text"
_ENOUGH: Final = 2000


def measure(rounds: int) -> list[Section]:
    """Measure each package of which there are recordings beside the corpus."""
    section = Section("packages", "The other packages")
    rows: list[tuple[Cell, ...]] = []
    lacking: list[str] = []
    for package, name in _RECORDINGS.items():
        events = _events(name)
        if not events:
            lacking.append(f"`{package}`")
            continue
        # A file of few events would be over before a clock has seen it.
        texts = events * -(-_ENOUGH // len(events))
        decode = importlib.import_module(package).decode
        found = race(package, {PARSE: Job(parse, texts), _DECODE: Job(decode, texts)}, rounds)
        ratio = found.ratio(_DECODE, PARSE)
        rows.append((package, len(events), found.scaled(_DECODE, 1e6 / len(texts)), ratio))
        section.at_most(f"decode, {package}", ratio, 1.8, f"x the {PARSE}")
    if rows:
        columns = ("package", "events", "µs an event", f"x {PARSE}")
        section.tables.append(Table("Decode of recorded events", columns, rows))
    if lacking:
        folder = f"the folder `others/data` beside the one that {VARIABLE} names"
        section.notes.append(f"Not measured, because {folder} has no recordings of them: {', '.join(lacking)}.")
    return [section]


def _events(name: str) -> list[str]:
    corpus = os.environ.get(VARIABLE)
    file = Path(corpus or ".").parent / "others" / "data" / f"{name}.jsonl"
    if not corpus or not file.is_file():
        return []
    rows = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return [json.dumps(row["event"], ensure_ascii=False, separators=(",", ":")) for row in rows]
