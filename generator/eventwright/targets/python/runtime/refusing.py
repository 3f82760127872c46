"""What is raised where somebody asks for what would make a stream invalid."""

from __future__ import annotations

from collections.abc import Sequence


class LifecycleError(RuntimeError):
    """What was asked for would make the stream invalid. Nothing was sent.

    Attributes:
        rule (str): Id of the rule that would be broken, as the linter names it.
        expected (tuple[str, ...]): What may come instead; empty where nothing may.
    """

    def __init__(self, rule: str, message: str, expected: Sequence[str] = ()) -> None:
        hint = f"; expected {' or '.join(expected)}" if expected else ""
        super().__init__(f"{rule}: {message}{hint}")
        self.rule = rule
        self.expected = tuple(expected)
