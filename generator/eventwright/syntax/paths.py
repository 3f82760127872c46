"""Reads paths of members such as `result.kind`; a name with a full stop or another mark in it stands in quotes."""

from __future__ import annotations

import re

_NAME = re.compile(r"(?P<bare>[^\s.'\"\[\]|<>{}]+)|'(?P<quoted>(?:[^']|'')+)'")


def parse_path(text: str) -> tuple[str, ...] | None:
    """Give the names on a path; None if the text is no path."""
    names: list[str] = []
    at = 0
    while name := _NAME.match(text, at):
        names.append(name["bare"] or name["quoted"].replace("''", "'"))
        at = name.end()
        if at == len(text):
            return tuple(names)
        if text[at] != ".":
            return None
        at += 1
    return None


def path_text(names: tuple[str, ...]) -> str:
    """Write a path as the spec does."""
    return ".".join(map(name_text, names))


def name_text(name: str) -> str:
    """Write a name as it stands in a path: in quotes where it would be read as more than a name."""
    bare = _NAME.fullmatch(name)
    return name if bare and bare["bare"] else "'{}'".format(name.replace("'", "''"))
