"""What it costs to import the package: time and memory, each in an interpreter of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Final

from .children import bytecode
from .project import GENERATED, PACKAGE
from .report import Cell, Section, Table
from .rounds import Spread
from .screen import progress

_BARE: Final = "bare interpreter"
_OURS: Final = f"import {PACKAGE}"
_STREAM: Final = f"import {PACKAGE}.stream"
_OPENAI: Final = "import openai.types.responses"

_STATEMENTS: Final = {_BARE: "pass", **{name: name for name in (_OURS, _STREAM, "import pydantic", _OPENAI)}}

# Resident memory as the kernel counts it; elsewhere the highest that there was, which for an import is much the same.
_CHILD: Final = """
import sys, time
sys.path.insert(0, sys.argv[1])
begin = time.perf_counter()
exec(sys.argv[2])
seconds = time.perf_counter() - begin
modules = len(sys.modules)
import json, resource
try:
    with open("/proc/self/statm") as file:
        resident = int(file.read().split()[1]) * resource.getpagesize()
except OSError:
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(json.dumps([seconds, resident, modules]))
"""


def measure(rounds: int) -> list[Section]:
    """Import each in turn, after once that does not count and leaves the bytecode behind."""
    found: dict[str, list[tuple[float, float, int]]] = {name: [] for name in _STATEMENTS}
    with bytecode() as environment:
        for turn in range(rounds + 1):
            progress(f"import: round {turn} of {rounds}")
            for name, statement in _STATEMENTS.items():
                result = _run(statement, environment)
                if turn:
                    found[name].append(result)
    seconds = {name: [each[0] for each in results] for name, results in found.items()}
    above = {name: _differences([each[1] for each in results], found[_BARE]) for name, results in found.items()}
    rows: list[tuple[Cell, ...]] = [
        (
            f"`{name}`",
            Spread.of(each * 1e3 for each in seconds[name]),
            Spread.of(100 * a / b for a, b in zip(seconds[name], seconds[_OPENAI], strict=True)),
            Spread.of(each / 1e6 for each in above[name]),
            found[name][0][2],
        )
        for name in _STATEMENTS
    ]
    section = Section("import", "Import")
    columns = ("statement", "ms", "% of openai.types.responses", "MB above the bare interpreter", "modules loaded")
    note = f"`{_STREAM}` brings the whole package, but for what only its command line needs."
    section.tables.append(Table("Each in an interpreter of its own, with bytecode in place", columns, rows, (note,)))
    for name in (_OURS, _STREAM):
        share = Spread.of(100 * a / b for a, b in zip(seconds[name], seconds[_OPENAI], strict=True))
        section.at_most(f"`{name}`: time", share, 8, f"% of `{_OPENAI}`")
        section.at_most(f"`{name}`: memory", Spread.of(each / 1e6 for each in above[name]), 10, "MB more than bare")
    return [section]


def _run(statement: str, environment: dict[str, str]) -> tuple[float, float, int]:
    command = [sys.executable, "-c", _CHILD, str(GENERATED), statement]
    output = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    seconds, resident, modules = json.loads(output)
    return seconds, resident, modules


def _differences(resident: list[float], bare: list[tuple[float, float, int]]) -> list[float]:
    return [one - other[1] for one, other in zip(resident, bare, strict=True)]
