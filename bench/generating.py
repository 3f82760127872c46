"""How long `eventwright generate` takes: from nothing, after an edit, with nothing to do, and as the spec grows."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from . import made
from .children import bytecode
from .growing import grow
from .project import ROOT, SPEC
from .report import Cell, Section, Table
from .rounds import Spread
from .screen import progress

_EDITED: Final = Path("events", "output_text.yaml")
_TIMES: Final = (1, 2, 4, 8)


def measure(rounds: int, *, quick: bool) -> list[Section]:
    """Measure wall time of whole commands."""
    section = Section("generate", "Generate")
    with tempfile.TemporaryDirectory() as name, bytecode() as environment:
        place = _Place(Path(name), environment)
        section.tables.append(_commands(place, rounds, section))
        section.tables.append(_growth(place, _TIMES[:2] if quick else _TIMES, max(1, rounds // 2)))
    return [section]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the commands run: a folder for their files, and their environment."""

    folder: Path
    environment: dict[str, str]

    def seconds(self, command: Sequence[str]) -> float:
        """Give the wall time of a command."""
        begin = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env=self.environment)
        return time.perf_counter() - begin


def _commands(place: _Place, rounds: int, section: Section) -> Table:
    spec, out = place.folder / SPEC.name, place.folder / "out"
    shutil.copytree(SPEC, spec)
    original = (spec / _EDITED).read_text(encoding="utf-8")
    cold, edited, nothing, peer = "eventwright, empty output folder", "one file edited", "nothing changed", _PEER
    seconds: dict[str, list[float]] = {cold: [], edited: [], nothing: [], peer: []}
    for turn in range(rounds + 1):
        progress(f"generate: round {turn} of {rounds}")
        shutil.rmtree(out, ignore_errors=True)
        (spec / _EDITED).write_text(original, encoding="utf-8")
        found = {cold: place.seconds(_generate(spec, out))}
        _edit(spec / _EDITED, turn)
        found[edited] = place.seconds(_generate(spec, out))
        found[nothing] = place.seconds(_generate(spec, out))
        found[peer] = place.seconds(made.command(place.folder / "models.py", "pydantic_v2.BaseModel"))
        if turn:
            for name, spent in found.items():
                seconds[name].append(spent)
    files = sum(path.is_file() for path in out.rglob("*"))
    spreads = {name: Spread.of(values) for name, values in seconds.items()}
    section.at_most("generate, empty output folder", spreads[cold], 2, "s")
    section.at_most("generate, one file edited", spreads[edited], 1.5, "s")
    section.at_most("generate, nothing changed", spreads[nothing], 0.3, "s")
    rows: list[tuple[Cell, ...]] = list(spreads.items())
    note = (
        f"Wall time of the whole command. eventwright writes {files} files: models, decoder, encoder, checker, docs "
        "and JSON Schema. datamodel-code-generator writes one file of models, from that JSON Schema."
    )
    return Table("The commands", ("what", "s"), rows, (note,))


_PEER: Final = "datamodel-code-generator, pydantic models"


def _generate(spec: Path, out: Path) -> list[str]:
    return [sys.executable, "-m", "eventwright", "generate", str(spec), "--out", str(out), "--quiet"]


def _edit(path: Path, turn: int) -> None:
    """Change a description, differently each time."""
    text = path.read_text(encoding="utf-8")
    changed, count = re.subn(r"^( +doc: )Text to append", rf"\1Text number {turn} to append", text, count=1, flags=re.M)
    if not count:
        raise SystemExit(f"{path.name} has no description to edit any more; choose another one in {__name__}")
    path.write_text(changed, encoding="utf-8")


def _growth(place: _Place, sizes: Sequence[int], rounds: int) -> Table:
    rows: list[tuple[Cell, ...]] = []
    first: list[float] = []
    for times in sizes:
        spec = place.folder / f"times_{times}"
        events = grow(SPEC, spec, times)
        seconds = []
        for turn in range(rounds):
            progress(f"generate: spec of {times} times the size, round {turn + 1} of {rounds}")
            out = place.folder / f"out_{times}"
            shutil.rmtree(out, ignore_errors=True)
            seconds.append(place.seconds(_generate(spec, out)))
        first = first or seconds
        ratios = [one / other for one, other in zip(seconds, first, strict=True)]
        rows.append((f"{times} x", events, Spread.of(seconds), Spread.of(ratios)))
    return Table("Growth, from an empty output folder", ("size of the spec", "events", "s", "x the first"), rows)
