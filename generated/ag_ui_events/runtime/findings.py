"""What is wrong with a stream, and what there is to say about the rule that it breaks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a stream.

    Attributes:
        rule: Id of the rule that is broken, a key of `RULES`.
        severity: `error` or `warning`.
        index: Which event of the stream it is about, from 0.
        path: JSON path into the state, or into the event, such as `output[0].content[1]`; empty for the stream.
        message: What was sent and what is wrong with it.
        expected: What should have been there instead, None where there is no such thing.
        got: What was there, None where there is no such thing.
        also: What else was found that follows from it.
    """

    rule: str
    severity: str
    index: int
    path: str
    message: str
    expected: str | None = None
    got: str | None = None
    also: tuple[Finding, ...] = ()

    def __str__(self) -> str:
        return f"event {self.index}: {self.severity} {self.rule}: {self.message}"

    def all(self) -> Iterator[Finding]:
        """Give it and all that follows from it."""
        yield self
        for finding in self.also:
            yield from finding.all()


class RuleDoc(NamedTuple):
    """What there is to say about a rule."""

    kind: str
    """Which kind of rule it is, such as `left-open`: those of a kind are about other things, and broken in one way."""

    severity: str
    """`error`, `warning`, or `off` where it is only applied on demand."""

    place: str
    """Name of the place that it is about; `stream` for the stream as a whole."""

    statement: str
    """What is true of a valid stream."""

    why: str
    """What goes wrong in clients where it is not."""

    seen: str
    """How servers come to break it."""

    fix: str
    """What a server should do."""
