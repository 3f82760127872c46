"""Which mutants of sound streams are found: `python -m support.mutation_report`, or `make mutations`.

The sound streams are those of `sound_streams` and the recorded ones in which nothing is found. Beside the linter, the
accumulator of openai-python reads the same mutants: it stands for clients, who notice what they stumble on.
"""

from __future__ import annotations

import argparse
import random
import sys
import textwrap
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from responses_events import decode
from responses_events.lint import PROFILES, Finding, lint

from . import CORPUS, ROOT
from .mutations import Mutant, mutants
from .recordings import recorded_streams
from .serving import Wire
from .sound_streams import sound_streams

SAVED = ROOT / "bench" / "mutations.md"

Notices = Callable[[list[Wire]], bool]


@dataclass
class Tally:
    """Of how many streams something is true."""

    all: int = 0
    true: int = 0

    def count(self, is_true: bool) -> None:
        self.all += 1
        self.true += is_true

    @property
    def share(self) -> float:
        return self.true / self.all if self.all else 0.0

    def __str__(self) -> str:
        return f"{self.share:.1%}" if self.all else "-"


@dataclass
class Report:
    """What a run found.

    Attributes:
        hidden: Of the mutants whose numbers give nothing away.
        unsound: Streams that are no base for mutants, with the rules that they break.
        leading: How many mutants each rule is the first finding of.
        free: How many were not found because they are sound, by the reason.
        missed: Those that were not found and are not sound.
        others: What another reader notices, by kind; only of streams that it reads without a complaint.
    """

    streams: int = 0
    unsound: dict[str, set[str]] = field(default_factory=dict)
    kinds: dict[str, Tally] = field(default_factory=dict)
    hidden: Tally = field(default_factory=Tally)
    all: Tally = field(default_factory=Tally)
    profiles: dict[str, Tally] = field(default_factory=dict)
    leading: Counter[str] = field(default_factory=Counter)
    free: Counter[str] = field(default_factory=Counter)
    missed: list[Mutant] = field(default_factory=list)
    others: dict[str, Tally] = field(default_factory=dict)
    others_hidden: Tally = field(default_factory=Tally)
    others_all: Tally = field(default_factory=Tally)


def base_streams(recordings: dict[str, list[Wire]]) -> dict[str, list[Wire]]:
    """Take those recordings that hold one stream only."""
    return {name: events for name, events in recordings.items() if not any(map(_begins, events[1:]))}


def _begins(event: Wire) -> bool:
    return bool(event["type"] == "response.created")


def findings(events: Iterable[Wire], profile: str | None = None) -> list[Finding]:
    return lint(map(decode, events), profile=profile)


def measure(
    streams: dict[str, list[Wire]],
    number: int,
    seed: int,
    *,
    profiles: Iterable[str] = PROFILES,
    other: Notices | None = None,
) -> Report:
    """Lint so many mutants of the streams in which nothing is found, the same ones for a seed.

    Args:
        profiles: Under which profiles, too.
        other: What tells whether another reader notices that a stream is broken.
    """
    report = Report()
    sound: dict[str, list[Wire]] = {}
    for name, events in streams.items():
        if found := findings(events):
            report.unsound[name] = {each.rule for each in found}
        else:
            sound[name] = events
    report.streams = len(sound)
    understood = {name for name, events in sound.items() if other and not other(events)}
    choose = random.Random(seed)
    all_mutants = [each for name, events in sound.items() for each in mutants(name, events, choose)]
    for mutant in choose.sample(all_mutants, min(number, len(all_mutants))):
        events = mutant.events()
        found = findings(events)
        report.all.count(bool(found))
        report.kinds.setdefault(mutant.kind, Tally()).count(bool(found))
        if not mutant.numbers_tell:
            report.hidden.count(bool(found))
        for profile in profiles:
            report.profiles.setdefault(profile, Tally()).count(bool(findings(events, profile)))
        if found:
            report.leading[found[0].rule] += 1
        elif mutant.freedom:
            report.free[mutant.freedom] += 1
        else:
            report.missed.append(mutant)
        if other and mutant.stream in understood:
            notices = other(events)
            report.others_all.count(notices)
            if not mutant.numbers_tell:
                report.others_hidden.count(notices)
            report.others.setdefault(mutant.kind, Tally()).count(notices)
    return report


def openai_notices(events: list[Wire]) -> bool:
    """Tell whether the accumulator of openai-python raises on the way, or has no final response to give."""
    from openai import omit
    from openai._models import construct_type
    from openai.lib.streaming.responses._responses import ResponseStreamState
    from openai.types.responses import ResponseStreamEvent

    state = ResponseStreamState(input_tools=omit, text_format=omit)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            for event in events:
                state.handle_event(construct_type(type_=ResponseStreamEvent, value=event))
        except Exception:
            return True
    return state._completed_response is None


def markdown(report: Report) -> Iterator[str]:
    """Write the report, in lines."""
    yield "# Broken streams, and what finds them"
    yield ""
    yield from textwrap.wrap(
        f"What `make mutations` printed: of {report.all.all:,} mutants of {report.streams} sound streams, each with "
        "one change, the share in which the linter finds something, without a profile. Beside it the share that the "
        "accumulator of openai-python cannot read to a final response, of the "
        f"{report.others_all.all:,} whose sound stream it can.",
        width=120,
    )
    yield ""
    yield from _table(
        ("change", "mutants", "linter", "openai-python"),
        [
            *((kind, each.all, each, report.others.get(kind, "-")) for kind, each in sorted(report.kinds.items())),
            ("**all**", report.all.all, f"**{report.all}**", report.others_all),
            ("all whose numbers give nothing away", report.hidden.all, report.hidden, report.others_hidden),
        ],
    )
    yield ""
    yield "## Not found"
    yield ""
    yield from _table(
        ("why", "mutants"),
        [
            *((f"sound: {reason}", number) for reason, number in report.free.most_common()),
            ("broken", len(report.missed)),
        ],
    )
    yield ""
    if report.missed:
        rows = [(each.kind, f"`{each.where}`", each.index, each.stream) for each in report.missed]
        yield from _table(("broken by", "where", "event", "of"), rows)
        yield ""
    yield "## By profile"
    yield ""
    yield "The share of the same mutants that is found with it."
    yield ""
    yield from _table(("profile", "found"), [(f"`{name}`", each) for name, each in report.profiles.items()])
    yield ""
    yield "## By rule"
    yield ""
    yield from _table(
        ("rule that leads", "mutants"), [(f"`{rule}`", number) for rule, number in report.leading.most_common()]
    )
    if report.unsound:
        yield ""
        yield "## Recorded streams that are no base"
        yield ""
        rows = [(name, ", ".join(f"`{rule}`" for rule in sorted(rules))) for name, rules in report.unsound.items()]
        yield from _table(("stream", "breaks"), rows)


def _table(columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    cells = [columns, *(tuple(str(cell) for cell in row) for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(columns))]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in cells]
    rule = " | ".join("-" * width for width in widths)
    for line in (lines[0], rule, *lines[1:]):
        yield f"| {line} |"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m support.mutation_report", description=__doc__.splitlines()[0])
    parser.add_argument("--number", type=int, default=3000, metavar="N", help="how many mutants (3000)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="which ones (1)")
    parser.add_argument("--save", action="store_true", help=f"write the report to {SAVED.relative_to(ROOT)}")
    options = parser.parse_args()
    sound = base_streams(sound_streams())
    if CORPUS.is_dir():
        sound |= recorded_streams()
    else:
        print("no recorded streams: EVENTWRIGHT_CORPUS names no folder of them", file=sys.stderr)
    report = measure(sound, options.number, options.seed, other=_other())
    text = "\n".join(markdown(report)) + "\n"
    print(text, end="")
    if options.save:
        Path(SAVED).write_text(text, encoding="utf-8")
    return 0


def _other() -> Notices | None:
    try:
        import openai  # noqa: F401
    except ImportError:
        print("openai-python is not installed, and left out", file=sys.stderr)
        return None
    return openai_notices


if __name__ == "__main__":
    sys.exit(main())
