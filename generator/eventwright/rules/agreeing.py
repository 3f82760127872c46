"""Rules about the examples of events that follow one another: together they are a piece of a valid stream."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.values import Report
from ..model import ir
from ..model.reaching import value_at
from ..model.sequences import Sequence, symbols
from ..syntax.paths import path_text

_Path = tuple[str, ...]

_FIXED = "="
"""Stands in the place of a name, where others say what tells an element."""

APART = Rule(
    "W547",
    Severity.WARNING,
    "examples of one sequence that contradict each other",
    "Examples of events that follow one another are read as one story: they are about the same element, repeat what is"
    " fixed, and the whole of a text has its pieces in it.",
)


def examples_agree(spec: ir.Spec, report: Report) -> None:
    """W547: examples of the events of one sequence of which one says what another one rules out."""
    told: set[str] = set()
    for sequence in spec.sequences:
        _Story(spec, sequence, told, report).check()


class _Story:
    """The examples of the events in a sequence, and of those that begin and complete its element.

    Args:
        spec: The spec.
        sequence: The sequence.
        told: The tags of events about whose examples something was said; it grows.
        report: Where that goes.
    """

    def __init__(self, spec: ir.Spec, sequence: Sequence, told: set[str], report: Report) -> None:
        self._spec = spec
        self._sequence = sequence
        self._told = told
        self._report = report
        self._place = spec.place(sequence.place)
        named = list(dict.fromkeys(symbol.name for symbol in symbols(sequence.expression)))
        inner = [event for event in spec.events if event.tag in named and event.example is not None]
        self._inner = sorted(inner, key=lambda event: named.index(event.tag))
        self._events = [*self._bounds("opens"), *self._inner, *self._bounds("closes")] if self._place else self._inner

    def check(self) -> None:
        """Report what the examples say against each other, once for each of them."""
        first: dict[_Path, tuple[ir.Event, _Path]] = {}
        for event in self._events:
            for what, path in self._lasting(event):
                before, other = first.setdefault(what, (event, path))
                value, wanted = value_at(event.example, path), value_at(before.example, other)
                if value is not None and wanted is not None and value != wanted:
                    hint = f"give its '{path_text(path)}' the value of '{path_text(other)}' there"
                    said = f"has another '{path[-1]}' than" if what[0] == _FIXED else "is about another element than"
                    self._say(event, f"the example of '{event.tag}' {said} that of '{before.tag}'", hint)
        self._check_ranks()
        for piece, fold in self._pieces():
            for event in self._events:
                for path in self._wholes(event, fold):
                    self._check_text(event, path, piece, fold)

    def _check_ranks(self) -> None:
        """Report an element that is further when it begins than when it is complete."""
        opened = next((event for event in self._bounds("opens")), None)
        closed = next((event for event in self._bounds("closes")), None)
        if opened is None or closed is None:
            return
        one, other = self._source(opened), self._source(closed)
        for name, enum in self._ranked():
            before, after = value_at(opened.example, (*one, name)), value_at(closed.example, (*other, name))
            first = enum.rank(before) if isinstance(before, str) else None
            last = enum.rank(after) if isinstance(after, str) else None
            if first is not None and last is not None and last < first:
                message = f"the example of '{opened.tag}' has the {name} '{before}', which comes after '{after}'"
                hint = f"give its '{path_text((*one, name))}' a value that does not come after that of '{closed.tag}'"
                self._say(opened, message, hint)

    def _check_text(self, event: ir.Event, path: _Path, piece: ir.Event, fold: ir.Fold) -> None:
        source = fold.source.path if fold.source is not None else ()
        whole, part = value_at(event.example, path), value_at(piece.example, source)
        if isinstance(whole, str) and isinstance(part, str) and part not in whole:
            message = f"the example of '{event.tag}' has a whole text without the piece in that of '{piece.tag}'"
            hint = f"write a text with '{path_text(source)}' from there as its '{path_text(path)}'"
            self._say(event, message, hint)

    def _say(self, event: ir.Event, message: str, hint: str) -> None:
        if event.tag not in self._told:
            self._told.add(event.tag)
            self._report.add(APART, event.span, message, hint)

    # --- What the events have to say ---

    def _bounds(self, word: Literal["opens", "closes"]) -> Iterator[ir.Event]:
        """Give the events that open, or close, the place, and whose example has an element of the type."""
        record = self._spec.records.get(self._sequence.owner)
        if record is None or self._place is None:
            return
        for event in self._spec.events:
            source = self._source(event) if getattr(event, word) == self._sequence.place else ()
            element = value_at(event.example, source) if source else None
            if isinstance(element, dict) and (not record.tags or element.get(record.tag) in record.tags):
                yield event

    def _source(self, event: ir.Event) -> _Path:
        """Give the path in an event to the element, or to the state, that it brings; empty where it brings none."""
        for fold in ir.changes(event.folds):
            if fold.operator is ir.Operator.SET and fold.source and self._is_element(fold.steps):
                return fold.source.path
        return ()

    def _is_element(self, steps: tuple[ir.Step, ...]) -> bool:
        place = self._place
        return not steps if place is None else len(steps) == len(place.way) and place.is_on(steps)

    def _lasting(self, event: ir.Event) -> Iterator[tuple[_Path, _Path]]:
        """Give paths in an event to what all of them say alike, each with the path of what it says.

        That is what tells the element and those around it, what is fixed in it, and what the event repeats of them.
        """
        spec, place = self._spec, self._sequence.place
        around = spec.around(place)
        for each in (each for each in spec.places if each.name in around):
            yield from ((path, path) for path in each.keys)
        for field in event.record.fields:
            if field.same is not None and field.same.place in around:
                yield (field.same.place, *field.same.path), (field.name,)
        source = self._source(event)
        if source:
            fields = (field.same for each in spec.events for field in each.record.fields if field.same is not None)
            for path in dict.fromkeys(same.path for same in fields if same.place == place):
                yield (place, *path), (*source, *path)
            for name in (field.name for field in self._fields() if field.fixed):
                yield (_FIXED, name), (*source, name)

    def _fields(self) -> tuple[ir.Field, ...]:
        """Give the fields of the type of the sequence, none where it has no type."""
        record = self._spec.records.get(self._sequence.owner)
        return () if record is None else tuple(record.fields)

    def _ranked(self) -> Iterator[tuple[str, ir.Enum]]:
        """Give the fields whose values only move on, each with its values."""
        for field in self._fields():
            enums = (self._spec.enums[name] for name in ir.references(field.bound) if name in self._spec.enums)
            yield from ((field.name, enum) for enum in enums if enum.ranks)

    def _pieces(self) -> Iterator[tuple[ir.Event, ir.Fold]]:
        """Give the statements that append pieces to something in the element, each with its event."""
        for event in self._inner if self._place is not None else ():
            for fold in ir.changes(event.folds):
                if fold.operator is ir.Operator.ADD and fold.source and not fold.source.scope:
                    yield event, fold

    def _wholes(self, event: ir.Event, piece: ir.Fold) -> Iterator[_Path]:
        """Give the paths in an event to the whole of what a statement appends to."""
        if event.opens:
            return
        place = self._place
        for fold in ir.changes(event.folds):
            if fold.operator is not ir.Operator.SET or not fold.source or fold.source.scope:
                continue
            within = piece.steps[len(place.way) :] if place is not None and place.is_on(piece.steps) else ()
            names = tuple(step.name for step in within if isinstance(step, ir.Member))
            if ir.way(fold.steps) == ir.way(piece.steps):
                yield fold.source.path
            elif self._is_element(fold.steps) and names and len(names) == len(within):
                yield (*fold.source.path, *names)


MODEL_CHECKS = (examples_agree,)
