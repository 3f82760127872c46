"""Breaks one rule of a valid stream: it is changed in one way after the other until the linter finds what is wanted."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from .encoding import encode
from .model import Model
from .paths import copied
from .shape import SHAPES, Const, Values
from .vetting import Checks
from .wire import WireObject, WireValue

_OTHERS = 8
"""How many other values of a set are tried."""

_LEFT_OUT: Any = ...
"""Stands for a member that is taken out."""


class _Change(NamedTuple):
    """A value that is another one."""

    path: tuple[str | int, ...]
    was: Any
    other: Any


def break_rule(checks: Checks, name: str, events: Sequence[Any], rule: str) -> list[Any]:
    """Change a valid stream as little as it takes for one rule to be broken, and nothing else to be wrong.

    Args:
        checks: What there is to know of the package.
        name: What the stream is called.
        events: Its events.
        rule: Id of the rule.

    Raises:
        ValueError: There is no such rule, or no change was found that breaks it alone; the message names the rules that
            can be broken in this stream.
    """
    if rule not in checks.rules:
        near = difflib.get_close_matches(rule, checks.rules)
        raise ValueError(f"no rule {rule!r}" + (f"; did you mean {' or '.join(map(repr, near))}?" if near else ""))
    found: set[str] = set()
    for changed in _Changes(checks, events).all():
        broken = _broken(checks, changed)
        if broken == rule:
            return [event if isinstance(event, Model) else checks.decode(event) for event in changed]
        found.add(broken)
    known = ", ".join(each for each in checks.rules if each in found)
    off = ", which is off" if checks.rules[rule].severity == "off" else ""
    raise ValueError(f"{rule!r}{off} cannot be broken alone in the stream {name!r}; there can be: {known}")


def _broken(checks: Checks, events: Iterable[Any]) -> str:
    """Give the rule that is broken, if it is one, and once; else the empty text."""
    linter = checks.linter(None)
    for event in events:
        linter.feed(event)
        if len(linter.findings) > 1:
            return ""
    linter.close()
    return linter.findings[0].rule if len(linter.findings) == 1 else ""


class _Changes:
    """The ways to change a stream. What stays as it is stays an event; what is changed is a wire object."""

    def __init__(self, checks: Checks, events: Sequence[Any]) -> None:
        self._events = list(events)
        self._wires: list[WireObject] = [copied(encode(event)) for event in events]
        self._counter = checks.lifecycle.counter
        self._sets = _sets(checks)
        self._tags = [law.tag for law in checks.lifecycle.events.values()]
        self._tag = checks.lifecycle.tag

    def all(self) -> Iterator[list[Any]]:
        """Give all of them, the smallest first."""
        yield from self._of_members()
        yield from self._of_events()
        yield from self._from_there_on()
        yield from self._of_order()
        yield from self._of_tags()

    def _of_members(self) -> Iterator[list[Any]]:
        for at, wire in enumerate(self._wires):
            for change in self._members(wire):
                yield self._replaced({at: _changed(wire, change)})

    def _of_events(self) -> Iterator[list[Any]]:
        """Leave out an event, repeat it, cut the stream off, and end it with an event that there is not."""
        events = self._wires
        for at in reversed(range(len(events))):
            yield self._events[:at] + self._events[at + 1 :]
            yield self._numbered(events[:at] + events[at + 1 :])
            yield self._numbered([*events[: at + 1], *events[at:]])
            yield self._events[:at]

    def _from_there_on(self) -> Iterator[list[Any]]:
        """Make a value another one wherever it comes again."""
        for at, wire in enumerate(self._wires):
            for change in self._members(wire):
                if change.other is _LEFT_OUT or change.was in (None, "", [], {}, True, False, 0):
                    continue
                changed = {
                    later: _everywhere(self._wires[later], change.path[-1], change.was, change.other)
                    for later in range(at, len(self._wires))
                }
                yield self._replaced(changed)

    def _of_order(self) -> Iterator[list[Any]]:
        """Move an event, or say it once more later."""
        events = self._wires
        for at in range(len(events)):
            for to in range(len(events) + 1):
                if to not in (at, at + 1):
                    rest = [*events[:to], events[at], *events[to:]]
                    yield self._numbered(rest)
                    yield self._numbered(rest[: at + (to < at)] + rest[at + (to < at) + 1 :])

    def _of_tags(self) -> Iterator[list[Any]]:
        """Put in an event of another kind, about the same."""
        for at, wire in enumerate(self._wires):
            for tag in self._tags if self._tag else ():
                yield self._numbered([*self._wires[:at], {**wire, self._tag: tag}, *self._wires[at:]])
                yield self._replaced({at: {**wire, self._tag: tag}})

    def _replaced(self, changed: Mapping[int, WireObject]) -> list[Any]:
        return [changed.get(at, event) for at, event in enumerate(self._events)]

    def _numbered(self, wires: Iterable[WireObject]) -> list[Any]:
        """Count events anew, those that have a number."""
        if not self._counter:
            return list(wires)
        first = self._wires[0].get(self._counter, 0)
        return [
            {**wire, self._counter: number} if self._counter in wire else wire
            for number, wire in enumerate(wires, first)
        ]

    def _members(self, value: WireValue, path: tuple[str | int, ...] = ()) -> Iterator[_Change]:
        """Walk over all that an event holds, and give what could stand there instead."""
        if path:
            for other in self._others(path, value):
                yield _Change(path, value, other)
        inner: Iterable[tuple[str | int, Any]] = ()
        if isinstance(value, dict):
            inner = value.items()
        elif isinstance(value, list):
            inner = enumerate(value)
        for step, each in inner:
            yield from self._members(each, (*path, step))

    def _others(self, path: tuple[str | int, ...], value: WireValue) -> Iterator[Any]:
        name = path[-1]
        if isinstance(name, str) and len(path) == 1 and name == self._tag:
            return
        if isinstance(value, bool):
            yield not value
        elif isinstance(value, int):
            yield from (value + 1, value - 1, value + 2, 0)
        elif isinstance(value, str):
            known = self._sets.get(name, ()) if isinstance(name, str) else ()
            yield from [each for each in known if each != value][:_OTHERS] if value in known else (f"{value}~",)
            if value and value not in known:
                yield from (value[:-1], "")
        elif isinstance(value, list):
            yield from ([*value, copied(value[-1])], value[:-1], []) if value else ()
        elif isinstance(value, dict):
            yield {}
        elif value is None:
            yield from ("x", {}, 1)
        if isinstance(name, str):
            yield from (_LEFT_OUT, None) if value is not None else (_LEFT_OUT,)


def _sets(checks: Checks) -> dict[str, list[str]]:
    """Give the values of members that have one of a set, by name; those that are called most often come first."""
    found: dict[str, dict[str, None]] = {}
    for kind in checks.lifecycle.kinds.values():
        for name, ranks in kind.ranks.items():
            found.setdefault(name, {}).update(dict.fromkeys(ranks))
    for model in (*checks.lifecycle.kinds, *SHAPES):
        for name, field in SHAPES[model].fields.items():
            if isinstance(field.type, Const):
                found.setdefault(name, {}).update(dict.fromkeys(field.type.values))
            elif isinstance(field.type, Values):
                found.setdefault(name, {}).update(dict.fromkeys(sorted(field.type.values)))
    return {name: list(values) for name, values in found.items()}


def _changed(wire: WireObject, change: _Change) -> WireObject:
    found: WireObject = copied(wire)
    holder: Any = found
    for step in change.path[:-1]:
        holder = holder[step]
    if change.other is _LEFT_OUT:
        del holder[change.path[-1]]
    else:
        holder[change.path[-1]] = copied(change.other)
    return found


def _everywhere(value: WireValue, name: str | int, was: Any, other: Any) -> Any:
    """Give a value in which all members of a name, or elements of lists, that were one thing are another."""
    if isinstance(value, dict):
        return {
            key: copied(other) if key == name and inner == was else _everywhere(inner, name, was, other)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        is_element = isinstance(name, int)
        return [
            copied(other) if is_element and inner == was else _everywhere(inner, name, was, other) for inner in value
        ]
    return value
