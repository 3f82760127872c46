"""What a rule is: the code that a diagnostic names, and why anybody should care."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """How bad a diagnostic is: errors stop the build, warnings do not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a diagnostic can be about.

    Attributes:
        code: Identifier, such as `E201`; `eventwright explain` knows it.
        title: What is wrong, in a few words.
        why: What it would lead to.
    """

    code: str
    severity: Severity
    title: str
    why: str
