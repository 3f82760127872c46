"""Breaks one rule of a valid stream: it is changed in ways that break such a rule until the linter finds just that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from .changing import Changed, ValidStream
from .composing import EVERYTHING, Samples, compose, described, example, sampler_of
from .findings import Finding
from .model import Model
from .ways import changed_streams

_COUNTS = (1, 2)
"""How many elements of its kind there are in a stream: some rules are about two of them."""

_TRIES = 300
"""How many changed streams are looked at before a rule counts as one that cannot be broken alone."""


class Broken(NamedTuple):
    """A stream in which one rule is broken, and nothing else is wrong."""

    name: str
    """What the stream is called."""

    good: list[Any]
    """Its events before it was changed."""

    bad: list[Any]
    """Its events."""

    line: tuple[int, str] | None
    """An event, and the `event:` line under which it is sent, if that is not its tag."""

    finding: Finding
    """What the linter says."""


def break_rule(samples: Samples, rule: str, *, name: str | None = None, seed: int = 0) -> Broken:
    """Change a valid stream as little as it takes for one rule to be broken.

    A rule that is off is turned on for that. What only follows from it may be found beside it.

    Args:
        samples: What streams are made from.
        rule: Id of the rule.
        name: What the stream is called; None for the smallest in which the rule can be broken.
        seed: What its texts and ids depend on.

    Raises:
        ValueError: There is no such rule or stream, or the rule cannot be broken alone in it; the message names one in
            which it can be.
    """
    # Without such a rule there is no use in making streams.
    samples.checks.linter(None, extra=(rule,))
    found = next(_broken_streams(samples, rule, [name] if name is not None else list(described(samples)), seed), None)
    if found is not None:
        return found
    if name is None:
        raise ValueError(f"{rule!r} cannot be broken alone: no stream was found in which nothing else is wrong")
    other = break_rule(samples, rule, seed=seed).name
    raise ValueError(f"{rule!r} cannot be broken alone in the stream {name!r}; it can be in {other!r}")


def bad_events(broken: Broken) -> list[Any]:
    """Give the events of a stream in which a rule is broken.

    Raises:
        ValueError: They are all as they should be, and only the `event:` line of one is not.
    """
    if broken.line is not None:
        raise ValueError(
            f"{broken.finding.rule!r} is broken by the line `event: {broken.line[1]}`: only the command `sample` shows"
            " that, as server-sent events"
        )
    return broken.bad


def _broken_streams(samples: Samples, rule: str, names: Sequence[str], seed: int) -> Iterator[Broken]:
    """Give streams in which a rule is broken, the smallest first."""
    checks = samples.checks
    tags = [law.tag for law in checks.lifecycle.events.values()]
    donors = [*compose(samples, EVERYTHING, seed), *(example(samples, tag, seed) for tag in tags)]
    streams = [(name, compose(samples, name, seed, count=count)) for name in names for count in _COUNTS]
    streams.sort(key=lambda stream: len(stream[1]))
    tries = (
        (name, events, changed)
        for name, events in streams
        for changed in changed_streams(
            ValidStream(checks.lifecycle, sampler_of(samples, seed), events, donors, rule, checks.rules[rule])
        )
    )
    for name, events, changed in islice(tries, _TRIES):
        finding = _finding(samples, rule, changed)
        if finding is not None:
            bad = [event if isinstance(event, Model) else checks.decode(event) for event in changed.events]
            yield Broken(name, events, bad, changed.line, finding)


def _finding(samples: Samples, rule: str, changed: Changed) -> Finding | None:
    """Give what is wrong with a stream if that is one thing, and breaks the rule."""
    linter = samples.checks.linter(None, extra=(rule,))
    at, line = changed.line or (-1, "")
    for index, event in enumerate(changed.events):
        linter.feed(event, line=line if index == at else "")
        if len(linter.findings) > 1:
            return None
    linter.close()
    return linter.findings[0] if [finding.rule for finding in linter.findings] == [rule] else None
