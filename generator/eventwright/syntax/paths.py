"""Reads paths of members such as `result.kind`; a name with a full stop or another mark in it stands in quotes.

Paths of conditions go into lists as well: `choices[0]` is the element at a position, `choices[*]` is any of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from .scanning import QUOTED, in_quotes, unquoted

_NAME = re.compile(rf"(?P<bare>[^\s.'\"\[\]|<>{{}}]+)|{QUOTED}")
_ELEMENT = re.compile(r"\[(?:(?P<position>\d+)|\*)\]")


def parse_path(text: str) -> tuple[str, ...] | None:
    """Give the names on a path; None if the text is no path of names alone."""
    steps = parse_way(text) or ()
    names = tuple(step for step in steps if isinstance(step, str))
    return names if names and len(names) == len(steps) else None


def parse_way(text: str) -> tuple[str | int | None, ...] | None:
    """Give the steps of a path: names, positions in lists, and None for any element; None if the text is no path."""
    steps: list[str | int | None] = []
    at = 0
    while name := _NAME.match(text, at):
        steps.append(unquoted(name[0]))
        at = name.end()
        while element := _ELEMENT.match(text, at):
            steps.append(int(element["position"]) if element["position"] else None)
            at = element.end()
        if at == len(text):
            return tuple(steps)
        if text[at] != ".":
            return None
        at += 1
    return None


def path_text(steps: Iterable[str | int | None]) -> str:
    """Write a path as the spec does."""
    text = ""
    for step in steps:
        if isinstance(step, str):
            text += f".{name_text(step)}" if text else name_text(step)
        else:
            text += "[*]" if step is None else f"[{step}]"
    return text


def name_text(name: str) -> str:
    """Write a name as it stands in a path: in quotes where it would be read as more than a name."""
    bare = _NAME.fullmatch(name)
    return name if bare and bare["bare"] else in_quotes(name)
