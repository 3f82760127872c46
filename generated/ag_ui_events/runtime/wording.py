"""Writes values and names for people who read what is wrong with a stream."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import takewhile
from typing import Any

from .checking import excerpt
from .errors import printable
from .model import ABSENT

_SHOWN = 40
_BEFORE = 12


def shown(value: Any) -> str:
    """Show a wire value on one short line; what is absent is `nothing`."""
    return "nothing" if value is ABSENT else excerpt(value)


def contrast(one: Any, other: Any) -> tuple[str, str]:
    """Show two wire values that differ, long texts from a little before where they do."""
    if not isinstance(one, str) or not isinstance(other, str) or max(len(one), len(other)) <= _SHOWN:
        return shown(one), shown(other)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    begin = max(0, same - _BEFORE)
    return _cut(one, begin), _cut(other, begin)


def _cut(text: str, begin: int) -> str:
    part = printable(json.dumps(text[begin : begin + _SHOWN], ensure_ascii=False))[1:-1]
    return f'"{"..." if begin else ""}{part}{"..." if begin + _SHOWN < len(text) else ""}"'


def one_of(names: Iterable[str]) -> str:
    """Write names as alternatives."""
    listed = list(names)
    return " or ".join([", ".join(listed[:-1]), listed[-1]]) if len(listed) > 1 else "".join(listed)


def all_of(names: Iterable[str]) -> str:
    """Write names as one after the other."""
    listed = list(names)
    return " and ".join([", ".join(listed[:-1]), listed[-1]]) if len(listed) > 1 else "".join(listed)


def number_of(count: int, what: str) -> str:
    """Write how many there are."""
    return f"{count} {what}" if count == 1 else f"{count or 'no'} {what}s"
