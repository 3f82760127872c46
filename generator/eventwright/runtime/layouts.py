"""Reads events whose JSON text differs in a few values from one before, by comparing instead of parsing.

The deltas of a text differ in the delta, in a number that counts and in some padding. All the rest of their JSON text
is the same, byte for byte, for as long as the same server sends them. A layout is that rest, with gaps for the values
that differ. It is learned from two events of a class, once the class has come often. A text that fits it gives the
event that parsing would give; any other text is parsed.

A layout is a function that is compiled of the attribute names of its class, as `dataclasses` makes its methods. What
came over the wire is handed to it as values and never becomes code.
"""

from __future__ import annotations

import json.decoder
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, Generic, TypeAlias, TypeVar

from .decoding import new
from .lazy import LazyModel
from .model import Model
from .parsing import scan
from .shape import SHAPES, Primitive

EventT = TypeVar("EventT")

Read: TypeAlias = Callable[[str], "EventT | None"]
"""Gives the event of a JSON text, or None if the text does not fit the layout."""

_OFTEN: Final = 200
"""How many events of a class come before a layout is learned: compiling it takes as long as it saves with as many."""

_PRICE: Final = 16
"""What a lesson costs, in texts that fit: so many of them save as much time as it takes."""

_MOST_SAVINGS: Final = 20 * _PRICE
_COMFORT: Final = 1 / 8
"""What a text that does not fit adds to the savings, so that learning never ends for good."""

_MOST_GAPS: Final = 4
"""With more gaps a text is parsed as fast as it is compared."""

_LONGEST: Final = 4096
"""Length in characters of the longest text that is learned from: in longer ones there is little to save."""

_GAP_TYPES: Final = {str: (Primitive.STRING,), int: (Primitive.INTEGER, Primitive.NUMBER)}
_PLAIN: Final = frozenset([str, int, float, bool, type(None)])
# Key, value and what follows, of a member whose value is no object; the value may be a list without strings.
_MEMBER: Final = re.compile(r'("\w+"\s*:\s*)("[^"\\]*(?:\\.[^"\\]*)*"|[^\s",{}]+)(\s*[,}]\s*)', re.DOTALL)

_scan_string: Callable[[str, int], tuple[str, int]] = vars(json.decoder)["scanstring"]


class Layouts(Generic[EventT]):
    """What a decoder has learned: a layout for each class.

    Attributes:
        read: Reads a text by the layout of the class that came last.
        savings: What lessons are paid with. Whoever uses `read` adds one for each text that fits.
    """

    __slots__ = ("_last", "_learners", "read", "savings")

    def __init__(self) -> None:
        self.read: Read[EventT] = _fit_nothing
        self.savings: float = 3 * _PRICE
        self._learners: dict[type[Model], _Learner] = {}
        self._last = _Learner(Model)

    def note(self, text: str, event: Model) -> None:
        """Take notice of an event that `read` did not give.

        Args:
            text: The JSON text, with nothing around the object.
            event: What it was decoded to.
        """
        model = type(event)
        learner = self._learners.get(model)
        if learner is None:
            learner = self._learners[model] = _Learner(model)
        if learner is not self._last:
            # An event of another class was expected. From now on it is one of this class.
            self._last = learner
        elif learner.missing > 0:
            learner.missing -= 1
        elif len(text) <= _LONGEST:
            self.savings = min(self.savings, _MOST_SAVINGS) + _COMFORT
            if self.savings > _PRICE:
                self.savings -= _PRICE
                learner.learn(text, event)
        self.read = learner.read


class _Learner:
    """Learns the layout of one class.

    Attributes:
        read: Reads by the layout that was learned last.
        missing: How many events are still to come before the first lesson.
    """

    __slots__ = ("_sample", "missing", "read")

    def __init__(self, model: type[Model]) -> None:
        self.read: Read[Any] = _fit_nothing
        self.missing = float("inf") if issubclass(model, LazyModel) else _OFTEN
        self._sample: list[str] = []

    def learn(self, text: str, event: Model) -> None:
        """Learn from what a text has in common with that of the lesson before."""
        before, self._sample = self._sample, _MEMBER.split(text)
        self.read = _layout(before, self._sample, event) or self.read


def _fit_nothing(_text: str) -> None:
    """Read by no layout."""


def _is_plain(event: Model) -> bool:
    """Whether an event holds nothing that two events must not share, but for empty lists, which are made anew."""
    return event.leftover is None and all(
        type(value) in _PLAIN or value == [] for value in type(event).field_values(event)
    )


def _layout(before: list[str], pieces: list[str], event: Model) -> Read[Any] | None:
    """Give what reads texts that differ from two where they differ from each other.

    Args:
        before: A text, split into members.
        pieces: Another one.
        event: What the other one was decoded to.
    """
    model = type(event)
    if before[1::4] != pieces[1::4] or "".join(pieces[4::4]) or not _is_plain(event):
        return None
    keys = [piece.split('"', 2)[1] for piece in pieces[1::4]]
    if len(set(keys)) < len(keys):
        return None
    gaps: dict[str, type] = {}
    literals: list[str] = []
    literal = pieces[0]
    for key, start, value, stop, other in zip(
        keys, pieces[1::4], pieces[2::4], pieces[3::4], before[2::4], strict=True
    ):
        if value == other:
            literal += start + value + stop
            continue
        kind = str if value[0] == '"' else int
        field = SHAPES[model].fields[key]
        if field.type not in _GAP_TYPES[kind]:
            return None
        gaps[field.name] = kind
        # The scanner of strings starts behind the quote.
        literals.append(literal + start + value[: kind is str])
        literal = stop
    if len(gaps) > _MOST_GAPS:
        return None
    literals.append(literal)
    constants = {name: getattr(event, name) for name in model.field_names if name not in gaps}
    lists = tuple(name for name, value in constants.items() if value == [])
    return _compile(model, tuple(gaps.items()), lists)(literals, constants)


@lru_cache(maxsize=64)
def _compile(
    model: type[Model], gaps: tuple[tuple[str, type], ...], lists: tuple[str, ...]
) -> Callable[..., Read[Any]]:
    """Make the function that takes the literals and the constants of a layout and gives its `read`.

    Args:
        model: The class of the event.
        gaps: Attribute and type of each gap, in the order of the text.
        lists: The attributes that are an empty list.
    """
    filled = [name for name, _ in gaps]
    constants = [name for name in model.field_names if name not in filled and name not in lists]
    source = ["def fill(literals, constants):"]
    source += [f"    constant_{name} = constants[{name!r}]" for name in constants]
    source += [f"    literal_{index} = literals[{index}]" for index in range(len(gaps) + 1)]
    source += [f"    size_{index} = len(literal_{index})" for index in range(len(gaps))]
    source += ["    def read(text):", "        end = 0"]
    for index, (name, kind) in enumerate(gaps):
        source += [f"        if not text.startswith(literal_{index}, end):", "            return None"]
        scanner = "scan_string" if kind is str else "scan"
        source.append(f"        value_{name}, end = {scanner}(text, end + size_{index})")
        if kind is int:
            source += [f"        if type(value_{name}) is not int:", "            return None"]
    source += [f"        if text[end:] != literal_{len(gaps)}:", "            return None"]
    source.append("        built = new(model)")
    source += [f"        built.{name} = value_{name}" for name in filled]
    source += [f"        built.{name} = constant_{name}" for name in constants]
    source += [f"        built.{name} = []" for name in lists]
    source += ["        built.leftover = None", "        return built", "    return read"]
    namespace: dict[str, Any] = {"model": model, "new": new, "scan": scan, "scan_string": _scan_string}
    exec(compile("\n".join(source), f"<layout of {model.__name__}>", "exec"), namespace)
    fill: Callable[..., Read[Any]] = namespace["fill"]
    return fill
