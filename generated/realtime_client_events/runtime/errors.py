"""What can be wrong with wire data, and the one exception that says so."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

SHOWN_PROBLEMS = 8
"""How many problems the message of a `DecodeError` lists before it only counts the rest."""


_SHOWN_PATH = 160
"""How many characters of a path are shown: keys that a server makes up may be of any length."""


def printable(text: str) -> str:
    """Escape what is no plain text: people read it on terminals, and some characters are commands to these."""
    return text if text.isprintable() else "".join(map(_escaped, text))


def _escaped(char: str) -> str:
    return char if char.isprintable() else json.dumps(char)[1:-1]


class Problem(NamedTuple):
    """One place where wire data breaks its declaration."""

    path: str
    """JSON path of the offending place, such as `$.response.output[0].status`."""

    code: str
    """What kind of violation it is: `missing`, `null`, `type`, `value` or `tag`."""

    expected: str
    """What the declaration asks for, in words."""

    got: str
    """What came instead: a short JSON excerpt, or `nothing`."""

    def __str__(self) -> str:
        path, half = self.path, _SHOWN_PATH // 2
        if len(path) > _SHOWN_PATH:
            path = f"{path[:half]}...{path[-half:]}"
        return f"{path}: expected {self.expected}, got {self.got} [{self.code}]"


class DecodeError(ValueError):
    """Raised for text that is no JSON object, and in strict mode for an object that breaks its declaration.

    Attributes:
        problems: Every violation found, in the order of the declaration; empty when the text is no JSON object.
        data: The parsed object, or None when there is none.
    """

    def __init__(self, message: str, problems: tuple[Problem, ...] = (), data: Any = None) -> None:
        super().__init__(message)
        self.problems = problems
        self.data = data

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.args[0], self.problems, self.data)

    @classmethod
    def too_deep(cls, data: Any = None) -> DecodeError:
        """Build the error of what is nested deeper than the interpreter can go.

        Args:
            data: The parsed object, None where it was not parsed.
        """
        return cls("the object is nested too deep for the Python interpreter", data=data)

    @classmethod
    def from_problems(cls, subject: str, problems: list[Problem], data: Any) -> DecodeError:
        """Build the error of a strict decode; its message stays within ten lines however much is wrong.

        Args:
            subject: What was decoded, such as `response.created`.
            problems: All violations, at least one.
            data: The parsed object.
        """
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        lines = [f"{subject}: {count}", *(f"  {problem}" for problem in problems[:SHOWN_PROBLEMS])]
        if len(problems) > SHOWN_PROBLEMS:
            lines.append(f"  and {len(problems) - SHOWN_PROBLEMS} more, all in the attribute `problems`")
        return cls("\n".join(lines), tuple(problems), data)


class NotAStreamError(DecodeError):
    """Raised for bytes that are no event stream at all: the body of an error, a page, something compressed.

    Its message shows their beginning and says what to do. There is nothing to read behind it.

    Attributes:
        body: The bytes, or as many of them as were kept.
        data: What they hold as JSON, None if they are no JSON.
    """

    def __init__(self, message: str, body: bytes = b"", data: Any = None) -> None:
        super().__init__(message, data=data)
        self.body = body

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.args[0], self.body, self.data)
