"""Holds what folders use of one another to the order that the spec lists them in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.values import Report
from ..model.graph import ordered
from ..syntax.declarations import SpecDecl, Text

USE_AGAINST_ORDER = Rule(
    "E305",
    Severity.ERROR,
    "use against the order of folders",
    "The order keeps basic things free of what is built on them, and the generated modules free of circles.",
)


@dataclass(frozen=True, slots=True)
class Use:
    """A mention of a name that another folder declares."""

    folder: str
    home: str
    name: Text


def check_uses(spec: SpecDecl, uses: Iterable[Use], report: Report) -> None:
    """Report uses against the order of folders (E305).

    Where the folders only stand in the wrong order, that is one mistake, however many uses there are. A use is at fault
    itself when no order would allow it and the others.
    """
    listed = list(dict.fromkeys(_folder(entry) for entry in spec.order))
    known = [use for use in uses if use.folder in listed and use.home in listed]
    needs = _needs(listed, known)
    forward = []
    for use in known:
        if use.home not in needs[use.folder]:
            message = f"'{use.folder}' uses '{use.name.value}' of '{use.home}'"
            hint = f"'{use.home}' depends on '{use.folder}' already; move '{use.name.value}' or what uses it"
            report.add(USE_AGAINST_ORDER, use.name.span, message, hint)
        elif listed.index(use.home) > listed.index(use.folder):
            forward.append(use)
    if forward:
        _report_order(spec, listed, needs, forward, report)


def _folder(entry: Text) -> str:
    return entry.value.partition("/")[0]


def _needs(listed: list[str], uses: list[Use]) -> dict[str, list[str]]:
    """Give what each folder may use, free of circles: what is used most is meant, and else what the order says."""
    counts = Counter((use.folder, use.home) for use in uses)
    needs: dict[str, list[str]] = {folder: [] for folder in listed}

    def preference(pair: tuple[str, str]) -> tuple[int, bool, int, int]:
        folder, home = (listed.index(name) for name in pair)
        return -counts[pair], home > folder, folder, home

    for folder, home in sorted(counts, key=preference):
        needs[folder].append(home)
        _, circles = ordered(listed, needs)
        if circles:
            needs[folder].remove(home)
    return needs


def _report_order(
    spec: SpecDecl, listed: list[str], needs: dict[str, list[str]], forward: list[Use], report: Report
) -> None:
    use = forward[0]
    count = f" ({len(forward)} such uses)" if len(forward) > 1 else ""
    message = (
        f"'{use.folder}' uses '{use.name.value}' of '{use.home}' in {use.name.span}, "
        f"but 'order' lists '{use.home}' later{count}"
    )
    moved, hint = _one_move(spec.order, listed, needs) or _new_order(spec.order, listed, needs)
    report.add(USE_AGAINST_ORDER, next(entry.span for entry in spec.order if _folder(entry) == moved), message, hint)


def _one_move(order: Sequence[Text], listed: list[str], needs: dict[str, list[str]]) -> tuple[str, str] | None:
    """Find the one folder that stands in the wrong place, what is used rather than what uses it."""
    pairs = list(combinations(listed, 2))
    moves = [(second, "before", first) for first, second in pairs]
    moves += [(first, "after", second) for first, second in reversed(pairs)]
    for moved, side, other in moves:
        rest = [folder for folder in listed if folder != moved]
        at = rest.index(other) + (side == "after")
        if _is_allowed([*rest[:at], moved, *rest[at:]], needs):
            own, others = ([entry.value for entry in order if _folder(entry) == name] for name in (moved, other))
            shown = f"'{own[0]}'" if len(own) == 1 else f"the entries of '{moved}'"
            return moved, f"move {shown} {side} '{others[0 if side == 'before' else -1]}'"
    return None


def _is_allowed(folders: list[str], needs: dict[str, list[str]]) -> bool:
    return all(need in folders[:at] for at, folder in enumerate(folders) for need in needs[folder])


def _new_order(order: Sequence[Text], listed: list[str], needs: dict[str, list[str]]) -> tuple[str, str]:
    right, _ = ordered(listed, needs)
    entries = sorted(order, key=lambda entry: right.index(_folder(entry)))
    moved = next(folder for folder, other in zip(listed, right, strict=True) if folder != other)
    return moved, f"write 'order: [{', '.join(entry.value for entry in entries)}]'"
