"""Every rule of every package that builds streams can be broken on demand, alone and soon; or it is said why not."""

from __future__ import annotations

import importlib
import time
from functools import cache
from types import ModuleType
from typing import Any

import pytest

import ag_ui_events
import anthropic_events
import responses_events
from eventwright.model.lawtexts import LAWS

PACKAGES = (responses_events, anthropic_events, ag_ui_events)

SECONDS = 10
"""How long it may take at most, on a machine that has other things to do; it is a fraction of one on others."""

NO_OTHER = "Its sequences name all that happens there: the compiler refuses a spec in which one does not."
ANY_ORDER = "What happens there may happen in any order and any number."
CLOSED = "What is in an element is repeated by the event that closes it, which breaks another rule where it does not."
REPLACED = "A snapshot takes the place of all messages, and no other event repeats the text of one."

UNBROKEN = {
    responses_events: {
        "stream-wrong-type": NO_OTHER,
        "summary-part-wrong-type": NO_OTHER,
        "command-wrong-type": NO_OTHER,
        "command-order": ANY_ORDER,
        "content-missing": CLOSED,
        "annotations-missing": CLOSED,
        "summary-missing": CLOSED,
        "commands-missing": CLOSED,
    },
    anthropic_events: {"stream-wrong-type": NO_OTHER},
    ag_ui_events: {
        "stream-wrong-type": NO_OTHER,
        "message-wrong-type": NO_OTHER,
        "tool-call-wrong-type": NO_OTHER,
        "reasoning-message-wrong-type": NO_OTHER,
        "stream-order": ANY_ORDER,
        "message-order": ANY_ORDER,
        "tool-call-order": ANY_ORDER,
        "reasoning-message-order": ANY_ORDER,
        "subagent-run-id-repeats": "The runs go by that id, so that the second is the first announced again.",
        "text-differs": REPLACED,
        "text-missing": REPLACED,
        "text-after-final": REPLACED,
        "text-final-twice": REPLACED,
    },
}
"""The rules that cannot be broken alone, each with the reason."""


def part(package: ModuleType, name: str) -> Any:
    return importlib.import_module(f"{package.__name__}.{name}")


def rules(*, broken: bool) -> list[Any]:
    return [
        pytest.param(package, rule, id=f"{package.__name__}-{rule}")
        for package in PACKAGES
        for rule in part(package, "lint").RULES
        if (rule not in UNBROKEN[package]) == broken
    ]


@cache
def broken_by(package: ModuleType, rule: str, **more: Any) -> Any:
    return part(package, "runtime.breaking").break_rule(part(package, "builders.samples").SAMPLES, rule, **more)


@pytest.mark.parametrize(("package", "rule"), rules(broken=True))
def test_every_rule(package: Any, rule: str) -> None:
    begin = time.process_time()
    broken = broken_by(package, rule)
    assert time.process_time() - begin < SECONDS
    linter = part(package, "lint").Linter(extra=[rule])
    at, line = broken.line or (-1, "")
    for index, event in enumerate(broken.bad):
        linter.feed(event, line=line if index == at else "")
    linter.close()
    assert [finding.rule for finding in linter.findings] == [rule]
    assert linter.findings == [broken.finding]
    assert part(package, "lint").lint(broken.good) == []


@pytest.mark.parametrize(("package", "rule"), rules(broken=False))
def test_what_cannot_be_broken_alone(package: Any, rule: str) -> None:
    with pytest.raises(ValueError, match=rf"'{rule}' cannot be broken alone: no stream was found"):
        broken_by(package, rule)


def test_nothing_is_shown_of_what_cannot_be_broken_alone() -> None:
    show = part(responses_events, "runtime.showing").show
    assert list(show(part(responses_events, "builders.samples").SAMPLES, "summary-part-wrong-type")) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_there_is_a_way_for_each_kind_of_rule(package: Any) -> None:
    assert part(package, "runtime.ways").WAYS.keys() == LAWS.keys()


def test_the_seed_decides() -> None:
    first, other = (broken_by(responses_events, "item-id-differs", seed=seed) for seed in (1, 2))
    assert first == broken_by.__wrapped__(responses_events, "item-id-differs", seed=1)
    assert first.bad != other.bad


def test_the_smallest_stream_is_chosen() -> None:
    size = len(broken_by(responses_events, "stream-truncated").good)
    streams = part(responses_events, "samples")
    assert size == min(len(streams.stream(name)) for name in streams.STREAMS)


@pytest.mark.parametrize(
    ("package", "name", "rule"),
    [
        (responses_events, "message", "part-left-open"),
        (responses_events, "message", "text-differs"),
        (responses_events, "function_call", "call-id-repeats"),
        (responses_events, "incomplete", "incomplete-item-last"),
        (responses_events, "fail", "event-after-end"),
        (anthropic_events, "tool_use", "block-closed"),
        (ag_ui_events, "tool_call", "tool-call-opened-twice"),
    ],
)
def test_in_a_stream_of_a_name(package: Any, name: str, rule: str) -> None:
    broken = part(package, "samples").stream(name, broken=rule)
    assert [finding.rule for finding in part(package, "lint").lint(broken)] == [rule]


def test_what_cannot_be_broken_there() -> None:
    stream = part(responses_events, "samples").stream
    with pytest.raises(
        ValueError, match="'part-overlap' cannot be broken alone in the stream 'compaction'; it can be in 'refusal'"
    ):
        stream("compaction", broken="part-overlap")
    with pytest.raises(ValueError, match=r"no rule 'part-overlp'; did you mean 'part-overlap'"):
        stream(broken="part-overlp")
    with pytest.raises(ValueError, match=r"no stream 'mesage'; did you mean 'message'\?"):
        stream("mesage", broken="part-overlap")
    with pytest.raises(ValueError, match=r"is broken by the line `event: .*`: only the command `sample`"):
        stream(broken="event-name-differs")


@pytest.mark.parametrize(("package", "rule"), rules(broken=True))
def test_a_bad_and_a_good_stream_are_shown(package: Any, rule: str) -> None:
    samples = part(package, "builders.samples").SAMPLES
    lines = list(part(package, "runtime.showing").show(samples, rule))
    assert lines[0] == "Bad:"
    middle = lines.index("Good:")
    assert sum(line.startswith("  > ") for line in lines) == 1
    assert not any(line.startswith("  > ") for line in lines[middle:])
    marked = next(at for at, line in enumerate(lines) if line.startswith("  > "))
    words = " ".join(" ".join(lines[marked + 1 : middle]).split())
    assert words.startswith(" ".join(broken_by(package, rule).finding.message.split()))
    assert lines[1 : middle - 1] != lines[middle + 1 :]
    assert len(lines) < 60 and max(map(len, lines)) < 200
