"""Tells whether what is said of an event is true of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from .encoding import encode_any
from .ending import Path, reach
from .growing import is_list
from .lifecycle import Hold
from .model import ABSENT, Model
from .parsing import is_json
from .paths import Where
from .telling import is_object
from .wording import all_of, one_of, shown


def wire(event: Model, path: Path) -> Any:
    """Give what is at a path in an event, as it is on the wire; None where there is nothing.

    Raises:
        DecodeError: It is nested too deep for the interpreter.
    """
    came = None if event.leftover is None else event.leftover.get(path[0])
    if came is not None and came is not ABSENT:
        # It waits to be decoded, or does not fit, and is as it was on the wire.
        return reach(came, path[1:])
    value = reach(event, path)
    return encode_any(value) if isinstance(value, Model) or is_list(value) or is_object(value) else value


def broken(hold: Hold, event: Model) -> tuple[Where, Any, str] | None:
    """Give where a statement is not true of an event, what is there, and what should be; None if it is true."""
    for where, value in _found(wire(event, hold.path[:1]), hold.path[1:], hold.path[:1]):
        expected = _broken(hold, value, event)
        if expected:
            return where, value, expected
    return None


def _found(value: Any, path: Path, where: Where) -> Iterator[tuple[Where, Any]]:
    """Give all that a path leads to, and where; None where it leads nowhere."""
    for at, name in enumerate(path):
        if name in ("*", ":-1"):
            elements = cast("list[Any]", value) if is_list(value) else []
            for nth, each in enumerate(elements if name == "*" else elements[:-1]):
                yield from _found(each, path[at + 1 :], (*where, nth))
            return
        value = cast("dict[str, Any]", value).get(name) if is_object(value) else None
        where = (*where, name)
    yield where, value


def _broken(hold: Hold, value: Any, event: Model) -> str:
    """Say what a value should be; nothing if it is as it should be."""
    if hold.relation == "is json":
        # Of what is no text, or has nothing in it, nothing is said.
        return "" if not isinstance(value, str) or not value or is_json(value) else "JSON"
    if hold.paths:
        return _broken_sum(hold, value, event)
    is_listed = any(_equals(value, each) for each in hold.values)
    if hold.relation in ("=", "!="):
        said = one_of(shown([] if each == () else each) for each in hold.values)
        return "" if is_listed == (hold.relation == "=") else said if hold.relation == "=" else f"not {said}"
    limit = hold.values[0]
    if not (_is_number(value) and _is_number(limit)):
        return ""
    is_true = value >= limit if hold.relation == ">=" else value <= limit
    return "" if is_true else f"at {'least' if hold.relation == '>=' else 'most'} {shown(limit)}"


def _broken_sum(hold: Hold, value: Any, event: Model) -> str:
    parts = [wire(event, path) for path in hold.paths]
    if len(parts) == 1 and hold.relation == "=" and not _is_number(parts[0]):
        return "" if parts[0] is None or parts[0] == value else shown(parts[0])
    if not all(map(_is_number, [value, *parts])):
        # Of what is not there, nothing is said.
        return ""
    total = sum(parts)
    is_true = {"=": value == total, ">=": value >= total, "<=": value <= total}.get(hold.relation, value != total)
    if is_true:
        return ""
    word = {"=": "", ">=": "at least ", "<=": "at most "}.get(hold.relation, "not ")
    terms = all_of(".".join(path) for path in hold.paths)
    return f"{word}{shown(total)}, {'the sum of ' if len(parts) > 1 else 'as '}{terms}"


def _equals(value: Any, wanted: Any) -> bool:
    if wanted == () and type(wanted) is tuple:
        return value == [] and is_list(value)
    if isinstance(wanted, bool) or isinstance(value, bool) or value is ABSENT:
        return value is wanted
    return bool(value == wanted)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
