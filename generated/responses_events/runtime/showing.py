"""Shows a stream in which a rule is broken beside the valid one: an event a line, cut to the members that matter."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Collection, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any, NamedTuple, TypeAlias, cast

from .breaking import Broken, break_rule
from .composing import Samples
from .encoding import encode
from .errors import printable
from .growing import is_list
from .lifecycle import Lifecycle
from .model import ABSENT, Model
from .paths import look_up
from .telling import is_object
from .wire import WireObject

_WIDTH = 100
_LONGEST = 60
"""Characters of a text that are shown."""

_MOST = 3
"""Elements of a list, and members that differ, that are shown."""

_Path: TypeAlias = "tuple[str | int, ...]"


class _Side(NamedTuple):
    """One of the two streams."""

    events: Sequence[Model]
    wires: list[WireObject]
    marked: set[int]
    """The events that the other one does not have, or has otherwise."""

    differing: dict[int, list[_Path]]
    """Where in an event something is otherwise."""


def show(samples: Samples, rule: str) -> Iterator[str]:
    """Give the lines of a bad and a good stream: the events around what was changed, and what is wrong.

    Args:
        samples: What streams are made from.
        rule: Id of the rule that is broken; nothing is given for one that cannot be broken alone.
    """
    lifecycle = samples.checks.lifecycle
    try:
        broken = break_rule(samples, rule)
    except ValueError:
        return
    good, bad = _compared(broken, lifecycle)
    at, message = broken.finding.index, broken.finding.message
    yield "Bad:"
    for line in _lines(bad, broken, lifecycle, broken.line):
        yield line
        if line.startswith("  >"):
            yield from textwrap.wrap(printable(message), _WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 6)
    yield ""
    yield "Good:"
    said = None if broken.line is None else (at, lifecycle.events[type(good.events[at])].tag)
    yield from _lines(good, broken, lifecycle, said)


def _compared(broken: Broken, lifecycle: Lifecycle) -> tuple[_Side, _Side]:
    """Find what is different in the two streams; numbers are passed over unless the rule is about them."""
    uncounted = "" if broken.finding.path == lifecycle.counter else lifecycle.counter
    good, bad = (_Side(events, [encode(event) for event in events], set(), {}) for events in (broken.good, broken.bad))
    texts, other_texts = (
        [json.dumps({name: each for name, each in wire.items() if name != uncounted}) for wire in side.wires]
        for side in (good, bad)
    )
    index = broken.finding.index
    bad.marked.add(index)
    for kind, begin, end, other_begin, other_end in SequenceMatcher(
        None, texts, other_texts, autojunk=False
    ).get_opcodes():
        if kind == "equal":
            if other_begin <= index < other_end:
                good.marked.add(begin + index - other_begin)
            continue
        # Where there is nothing, what stands behind is marked.
        good.marked.update(range(begin, max(end, begin + 1)))
        bad.marked.update(range(other_begin, max(other_end, other_begin + 1)))
        if end - begin == other_end - other_begin:
            for one, other in zip(range(begin, end), range(other_begin, other_end), strict=True):
                paths = list(_differences(good.wires[one], bad.wires[other], ()))
                good.differing[one] = bad.differing[other] = [path for path in paths if path != (uncounted,)][:_MOST]
    return good, bad


def _differences(one: Any, other: Any, path: _Path) -> Iterator[_Path]:
    if one == other:
        return
    if is_object(one) and is_object(other):
        for name in {**one, **other}:
            yield from _differences(one.get(name, ABSENT), other.get(name, ABSENT), (*path, name))
    elif is_list(one) and is_list(other) and len(one) == len(other):
        for at, (each, changed) in enumerate(zip(one, other, strict=True)):
            yield from _differences(each, changed, (*path, at))
    else:
        yield path


def _lines(side: _Side, broken: Broken, lifecycle: Lifecycle, line: tuple[int, str] | None) -> Iterator[str]:
    """Give a line for each event near one that is marked, and one for those between."""
    near = sorted({each for at in side.marked for each in (at - 1, at, at + 1) if 0 <= each < len(side.wires)})
    before = 0
    for at in near:
        if at > before:
            yield _left_out(at - before)
        mark = ">" if side.events is broken.bad and at == broken.finding.index else " "
        head = f"event: {line[1]}  data: " if line is not None and line[0] == at else ""
        yield f"  {mark} {head}{printable(_event(side, at, broken.finding.rule, lifecycle))}"
        before = at + 1
    if before < len(side.wires):
        yield _left_out(len(side.wires) - before)


def _left_out(count: int) -> str:
    return f"    ... {count} event{'' if count == 1 else 's'}"


def _event(side: _Side, at: int, rule: str, lifecycle: Lifecycle) -> str:
    """Write an event: its tag, what it is about, its piece of a text, and what the rule is about."""
    wire = side.wires[at]
    law = lifecycle.events.get(type(side.events[at]))
    paths: list[_Path] = [(lifecycle.tag,)] if lifecycle.tag else []
    if law is not None:
        paths += [path for place in lifecycle.chains[law.place] for path in place.keys]
        texts = [change for change in law.changes if change.does in ("text", "json") or change in lifecycle.finished]
        paths += [source for change in texts if isinstance(look_up(wire, source := change.source or ()), str)]
        paths += [path for hold in law.holds if hold.rule == rule for path in hold.paths]
    paths += side.differing.get(at, [])
    return _cut(wire, (), {path for path in paths if look_up(wire, path) is not ABSENT})


def _cut(value: Any, path: _Path, wanted: Collection[_Path]) -> str:
    """Write a value with those of its members that are wanted."""
    inner = [each for each in wanted if each[: len(path)] == path and each != path]
    if path in wanted or not inner:
        return _short(value)
    steps: Iterable[str | int] = range(len(value)) if is_list(value) else value
    shown = {
        step: _cut(value[step], (*path, step), inner)
        for step in steps
        if any(each[len(path)] == step for each in inner)
    }
    if is_list(value):
        return f"[{', '.join(shown.get(at, '...') for at in range(max(cast('Iterable[int]', shown)) + 1))}]"
    return "{" + ", ".join(f"{json.dumps(name)}: {said}" for name, said in shown.items()) + "}"


def _short(value: Any) -> str:
    if isinstance(value, str) and len(value) > _LONGEST:
        return json.dumps(value[:_LONGEST] + "...", ensure_ascii=False)
    if is_object(value) and value:
        return "{...}"
    if is_list(value) and value:
        return f"[{', '.join([*map(_short, value[:_MOST]), *(['...'] if len(value) > _MOST else [])])}]"
    return json.dumps(value, ensure_ascii=False)
