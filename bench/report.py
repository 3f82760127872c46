"""What a run found, and how it is shown: as Markdown, on the screen and in files alike."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias, Union

from .rounds import Spread

Cell: TypeAlias = Union[str, int, float, Spread, None]

NOTHING: Final = "-"

_INTRODUCTION: Final = """\
What `make bench` printed: everything in one run. A figure is the median of the rounds, with minimum and maximum. The
contestants take turns, and a ratio is taken within a round, so that a machine that slows down slows both. Decode and
encode are measured in CPU time, commands and imports in wall time. The garbage collector stays on; it is run before
each pass, and each result is dropped before the next one is made. A budget counts as met by the median."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a title; a `None` is shown as a dash, and a spread as `median (minimum-maximum)`."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Budget:
    """A promise, what was measured, and whether it is kept: by the median, where there is a spread."""

    what: str
    limit: str
    measured: Cell
    met: bool


@dataclass(slots=True)
class Section:
    """What one subject gave."""

    name: str
    title: str
    tables: list[Table] = field(default_factory=list)
    budgets: list[Budget] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def at_most(self, what: str, measured: Spread, limit: float, unit: str) -> None:
        self._promise(what, measured, limit, unit, "at most", operator.le)

    def at_least(self, what: str, measured: Spread, limit: float, unit: str) -> None:
        self._promise(what, measured, limit, unit, "at least", operator.ge)

    def _promise(
        self, what: str, measured: Spread, limit: float, unit: str, word: str, keeps: Callable[[float, float], bool]
    ) -> None:
        self.budgets.append(Budget(what, f"{word} {limit:g} {unit}", measured, keeps(measured.middle, limit)))


def markdown(sections: Sequence[Section], ran_on: Sequence[tuple[str, str]]) -> str:
    """Give the whole report, verdicts first."""
    lines = ["# Benchmarks", "", _INTRODUCTION, "", *_table(("ran on", ""), ran_on)]
    budgets = [budget for section in sections for budget in section.budgets]
    if budgets:
        rows = [(each.what, each.limit, each.measured, "met" if each.met else "**missed**") for each in budgets]
        lines += ["", "## Budgets", "", *_table(("what", "budget", "measured", "verdict"), rows)]
    for section in sections:
        lines += ["", f"## {section.title}"]
        for note in section.notes:
            lines += ["", note]
        for table in section.tables:
            lines += ["", f"### {table.title}", "", *_table(table.columns, table.rows)]
            for note in table.notes:
                lines += ["", note]
    return "\n".join(lines) + "\n"


def _table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    shown = [[_shown(cell).replace("|", "\\|") for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(columns, *shown, strict=True)]
    for row in (columns, ["-" * width for width in widths], *shown):
        yield "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"


def _shown(cell: Cell) -> str:
    match cell:
        case None:
            return NOTHING
        case Spread(low, middle, high):
            return f"{_digits(middle)} ({_digits(low)}-{_digits(high)})"
        case float():
            return _digits(cell)
        case _:
            return str(cell)


def _digits(value: float) -> str:
    """Show three digits, or all of those before the point."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
