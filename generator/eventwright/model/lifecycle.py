"""What is said about streams beside the order of events: what events hold, whom which rule is forgiven, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from ..diagnostics.values import Span

Path: TypeAlias = "tuple[str, ...]"
"""Names of members on the way to a value; `*` stands for all elements of a list, `:-1` for all but the last."""

HeldValue: TypeAlias = "str | int | float | bool | tuple[()] | None"
"""What a member may have to be; the empty tuple is the empty list."""


@dataclass(frozen=True, slots=True)
class Hold:
    """A statement that is true of every event of a kind.

    Attributes:
        path: What it is about; a missing member counts as null.
        relation: `=` one of the values, `!=` none of them, `>=` or `<=` the sum of the members at `paths`, where there
            is such a sum, and `is json` for a text that is JSON.
        values: What the member is compared with; empty where it is compared with others.
        paths: Members of the event whose sum it is compared with; empty where it is compared with values.
        rule: Id of the rule that is broken where the statement is not true.
        text: As written, on one line.
        span: Where that is.
    """

    path: Path
    relation: str
    values: tuple[HeldValue, ...]
    paths: tuple[Path, ...]
    rule: str
    text: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Off:
    """A rule that a profile turns off.

    Attributes:
        rule: Its id.
        type: Type of the elements for which it is off; empty for all.
        reason: How often the provider breaks it, and how.
        span: Where the rule is named.
    """

    rule: str
    type: str
    reason: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Profile:
    """What streams of one provider are forgiven.

    Attributes:
        span: Where its name is written.
    """

    name: str
    doc: str
    off: tuple[Off, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class RuleNote:
    """What the spec says about a rule of the stream, beside what the rule itself says.

    Attributes:
        rule: Its id.
        severity: `error`, `warning`, or `off` for a rule that is only applied on demand; empty where nothing is said.
        why: What goes wrong in clients where it is broken.
        seen: What servers did that broke it.
        fix: What a server should do.
        span: Where the rule is named.
    """

    rule: str
    severity: str
    why: str
    seen: str
    fix: str
    span: Span = field(compare=False)
