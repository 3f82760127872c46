"""How a stream ends: one value for all the ways in which it can."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, TypeAlias

from .model import Model

EndKind: TypeAlias = Literal["completed", "incomplete", "failed", "error", "truncated"]

_RANKS: dict[EndKind, int] = {"truncated": 0, "completed": 1, "incomplete": 2, "error": 3, "failed": 4}

Path: TypeAlias = tuple[str, ...]
"""Attributes to go through, one after the other; empty for the object itself."""


class StreamFailure(NamedTuple):
    """What went wrong, in whichever of its shapes it came."""

    code: str | None
    """For programs to branch on; None if the stream names none."""

    message: str | None
    """For people to read; None if the stream gives none."""

    param: str | None
    """The parameter of the request that is to blame; None if the stream names none."""


class StreamEnd(NamedTuple):
    """How a stream ended."""

    kind: EndKind
    """`completed`; `incomplete`, cut short by a limit or filter; `failed`; `error`, the stream broke off with an error
    event; or `truncated`, the bytes stopped before any of these."""

    reason: str | None = None
    """Why the response is incomplete; None where the stream does not say."""

    error: StreamFailure | None = None
    """What went wrong; None where the stream does not say."""

    event: Model | None = None
    """The event that ended the stream; None when there was none."""


class Ending(NamedTuple):
    """What an event that ends the stream says about it: the kind of the end, and where the details are."""

    kind: EndKind
    reason: Path | None = None
    errors: tuple[Path, ...] = ()

    def read(self, event: Model) -> StreamEnd:
        """Give the end that `event` reports. Of several places for the error the first that holds any counts."""
        reason = None if self.reason is None else _text(_reach(event, self.reason))
        failures = (_failure(_reach(event, path)) for path in self.errors)
        return StreamEnd(self.kind, reason, next(filter(None, failures), None), event)


def worse(first: StreamEnd | None, second: StreamEnd) -> StreamEnd:
    """Join two ends of one stream: failure prevails over success, and the details that came first over later ones."""
    if first is None:
        return second
    end = second if _RANKS[second.kind] > _RANKS[first.kind] else first
    return end._replace(reason=first.reason or second.reason, error=first.error or second.error)


def _reach(value: Any, path: Path) -> Any:
    for name in path:
        value = getattr(value, name, None)
    return value


def _failure(source: Any) -> StreamFailure | None:
    found = StreamFailure(*(_text(getattr(source, name, None)) for name in StreamFailure._fields))
    return found if any(text is not None for text in found) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
