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

_Layout: TypeAlias = "tuple[Read[Any], Callable[[], int]]"
"""What reads a text, and what gives the number of texts that have fitted since it was last asked."""

_OFTEN: Final = 200
"""How many events of a class come before a layout is learned: compiling it takes as long as it saves with as many."""

_PRICE: Final = 12
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
# Key, colon, value and what follows, of a member whose value is no object; it may be a list without strings.
# As in all modules that are imported early, it is compiled when it is first needed.
_MEMBER: Final = r'(?s)("\w+")(\s*:\s*)("[^"\\]*(?:\\.[^"\\]*)*"|[^\s",{}]+)(\s*[,}]\s*)'
# Where splitting a text leaves its first key and its first value, and how many pieces there are to the next.
_KEY, _VALUE, _STEP = 1, 3, 5

_scan_string: Callable[[str, int], tuple[str, int]] = vars(json.decoder)["scanstring"]


class Layouts(Generic[EventT]):
    """What a decoder has learned: a layout for each class.

    Attributes:
        read: Reads a text by the layout of the class that came last.
    """

    __slots__ = ("_last", "_learners", "read")

    def __init__(self) -> None:
        self.read: Read[EventT] = _fit_nothing
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
        elif len(text) <= _LONGEST and learner.can_pay():
            learner.learn(text, event)
        self.read = learner.read


class _Learner:
    """Learns the layout of one class.

    Attributes:
        read: Reads by the layout that was learned last.
        missing: How many events are still to come before the first lesson.
    """

    __slots__ = ("_collect", "_gaps", "_sample", "_savings", "missing", "read")

    def __init__(self, model: type[Model]) -> None:
        self.read: Read[Any] = _fit_nothing
        self.missing = float("inf") if issubclass(model, LazyModel) else _OFTEN
        self._collect: Callable[[], int] = int
        self._savings: float = 3 * _PRICE
        self._sample: list[str] = []
        self._gaps: list[int] = []

    def can_pay(self) -> bool:
        """Take the price of a lesson out of what the layouts have saved, if it is there."""
        self._savings = min(self._savings + self._collect(), _MOST_SAVINGS) + _COMFORT
        if self._savings < _PRICE:
            return False
        self._savings -= _PRICE
        return True

    def learn(self, text: str, event: Model) -> None:
        """Learn from what a text has in common with that of the lesson before.

        Args:
            text: A JSON text.
            event: What it was decoded to.
        """
        before, pieces = self._sample, re.split(_MEMBER, text)
        self._sample = pieces
        keys = pieces[_KEY::_STEP]
        if before[_KEY::_STEP] != keys or len(set(keys)) < len(keys) or any(pieces[_STEP::_STEP]):
            self._gaps = []
            return
        gaps = [place for place in range(_VALUE, len(pieces), _STEP) if pieces[place] != before[place]]
        if len(gaps) <= _MOST_GAPS:
            self._gaps = gaps
        # Otherwise another stream has begun, and what differed within the last one will differ within this one.
        if self._gaps and _is_plain(event):
            layout = _layout(pieces, self._gaps, event)
            if layout is not None:
                self.read, self._collect = layout


def _fit_nothing(_text: str) -> None:
    """Read by no layout."""


def _is_plain(event: Model) -> bool:
    """Whether an event holds nothing that two events must not share, but for empty lists, which are made anew."""
    return event.leftover is None and all(
        type(value) in _PLAIN or value == [] for value in type(event).field_values(event)
    )


def _layout(pieces: list[str], places: list[int], event: Model) -> _Layout | None:
    """Give the layout of texts that differ from one in some places, None if values of other types may stand there.

    Args:
        pieces: The text, split into members.
        places: Where the values that differ are among the pieces.
        event: What the text was decoded to.
    """
    model = type(event)
    fields = SHAPES[model].fields
    gaps: dict[str, type] = {}
    literals: list[str] = []
    at = 0
    for place in places:
        kind = str if pieces[place][0] == '"' else int
        field = fields[pieces[place - _VALUE + _KEY][1:-1]]
        if field.type not in _GAP_TYPES[kind]:
            return None
        gaps[field.name] = kind
        literal = "".join(pieces[at:place])
        # The scanner of strings starts behind the quote.
        literals.append(f'{literal}"' if kind is str else literal)
        at = place + 1
    literals.append("".join(pieces[at:]))
    constants = {name: getattr(event, name) for name in model.field_names if name not in gaps}
    lists = tuple(name for name, value in constants.items() if value == [])
    return _compile(model, tuple(gaps.items()), lists)(literals, constants)


@lru_cache(maxsize=64)
def _compile(model: type[Model], gaps: tuple[tuple[str, type], ...], lists: tuple[str, ...]) -> Callable[..., _Layout]:
    """Make the function that takes the literals and the constants of a layout and gives the layout.

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
    source += ["    fitted = 0", "    def read(text):", "        nonlocal fitted", "        end = 0"]
    for index, (name, kind) in enumerate(gaps):
        source += [f"        if not text.startswith(literal_{index}, end):", "            return None"]
        scanner = "scan_string" if kind is str else "scan"
        source.append(f"        value_{name}, end = {scanner}(text, end + size_{index})")
        if kind is int:
            source += [f"        if type(value_{name}) is not int:", "            return None"]
    source += [f"        if text[end:] != literal_{len(gaps)}:", "            return None"]
    source += ["        fitted += 1", "        built = new(model)"]
    source += [f"        built.{name} = value_{name}" for name in filled]
    source += [f"        built.{name} = constant_{name}" for name in constants]
    source += [f"        built.{name} = []" for name in lists]
    source += ["        built.leftover = None", "        return built"]
    source += [
        "    def collect():",
        "        nonlocal fitted",
        "        count, fitted = fitted, 0",
        "        return count",
    ]
    source += ["    return read, collect"]
    namespace: dict[str, Any] = {"model": model, "new": new, "scan": scan, "scan_string": _scan_string}
    exec(compile("\n".join(source), f"<layout of {model.__name__}>", "exec"), namespace)
    fill: Callable[..., _Layout] = namespace["fill"]
    return fill
