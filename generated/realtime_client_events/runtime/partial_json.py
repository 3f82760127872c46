"""Reads JSON text that is still being written, such as the arguments of a function call while they stream in."""

from __future__ import annotations

import json
import re
from enum import Enum
from typing import Any

# A string stops before an escape that is cut short or wrong, a number before a point or `e` without digits.
# Compiled when it is first needed, because this module is imported early.
_TOKEN = r"""(?x)
    [ \t\n\r]*
    (?:
        (?P<mark> [\[\]{},:] )
        | "(?P<string> [^"\\]* (?: \\ (?: ["\\/bfnrt] | u[0-9a-fA-F]{4} ) [^"\\]* )* ) (?P<quote> "? )
        | (?P<number> -? (?: 0 | [1-9][0-9]* ) (?P<fraction> (?: \.[0-9]+ )? (?: [eE][+-]?[0-9]+ )? ) )
        | (?P<word> true | false | null )
    )
"""
_WORDS = {"true": True, "false": False, "null": None}


class _Next(Enum):
    """What the grammar asks for."""

    VALUE = 0
    KEY = 1
    COLON = 2
    COMMA = 3


def partial_json(text: str) -> Any:
    """Give the value of JSON text as far as it goes; for whole JSON text that is what `json.loads` gives.

    A string or number that is cut short counts as far as it goes. A word such as `true`, and the key of a member
    without its value, do not count until they are whole. Nothing is ever raised: text that is no JSON counts up to
    where it stops being so. Takes time in proportion to the text, and any depth.

    Returns:
        Plain `dict`, `list`, `str`, `int`, `float`, `bool` or None; None also for a text that has no value yet.
    """
    root: list[Any] = []
    # Not a recursive function, because the text may be nested deeper than the interpreter allows.
    open_values: list[list[Any] | dict[str, Any]] = [root]
    wanted, key, at = _Next.VALUE, "", 0
    pattern = re.compile(_TOKEN)
    while token := pattern.match(text, at):
        at = token.end()
        mark, within = token["mark"], open_values[-1]
        if mark == "," and wanted is _Next.COMMA and within is not root:
            wanted = _Next.KEY if isinstance(within, dict) else _Next.VALUE
            continue
        if mark == ":" and wanted is _Next.COLON:
            wanted = _Next.VALUE
            continue
        if mark == ("}" if isinstance(within, dict) else "]"):
            if within is root or (wanted is not _Next.COMMA and within):
                break
            open_values.pop()
            wanted = _Next.COMMA
            continue
        if wanted is _Next.KEY and token["quote"]:
            key, wanted = _string(token), _Next.COLON
            continue
        if wanted is not _Next.VALUE or (mark and mark not in "[{"):
            break
        try:
            value: Any = _value(token)
        except ValueError:
            # Python refuses integers of thousands of digits.
            break
        if isinstance(within, dict):
            within[key] = value
        else:
            within.append(value)
        if mark:
            open_values.append(value)
            wanted = _Next.KEY if mark == "{" else _Next.VALUE
        else:
            wanted = _Next.COMMA
    return root[0] if root else None


def _value(token: re.Match[str]) -> Any:
    match token.lastgroup:
        case "mark":
            return {} if token["mark"] == "{" else []
        case "word":
            return _WORDS[token["word"]]
        case "quote":
            return _string(token)
        case _:
            return float(token["number"]) if token["fraction"] else int(token["number"])


def _string(token: re.Match[str]) -> str:
    text: str = json.loads(f'"{token["string"]}"', strict=False)
    # The second half of a pair may not have come yet.
    half = not token["quote"] and "\ud800" <= text[-1:] <= "\udbff"
    return text[:-1] if half else text
