"""The steps from a list of the state to an element: the word of the runtime for each, and its arguments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...model import ir
from .foldplaces import identifying, is_text, names, record_of
from .foldvalues import Scope, Values
from .identifiers import attribute_path
from .places import Imports, name_of
from .text import literals, row


@dataclass(frozen=True, slots=True)
class Change:
    """One change that is about to be written.

    Attributes:
        value: Expression for the value, empty where there is none.
        among: Whether other statements may be about the same value.
        siblings: The changes that stand beside it.
    """

    fold: ir.Fold
    value: str
    among: bool
    siblings: Sequence[ir.Fold]


class ElementSteps:
    """Writes the steps to elements for the statements of one event."""

    def __init__(self, spec: ir.Spec, event: ir.Event, values: Values, imports: Imports) -> None:
        self._spec = spec
        self._event = event
        self._values = values
        self._imports = imports

    def step(
        self, change: Change, element: ir.Element, scopes: tuple[Scope, ...], *, alone: bool = False
    ) -> tuple[str, list[str]]:
        """Give the step to an element and its arguments behind the list; `alone` without what other statements do."""
        record = record_of(element)
        step, arguments = self.selected(element, scopes)
        arguments.append(self._model(record))
        own = identifying(self._spec, self._event, change.fold, element)
        if step == "element" and own is not None:
            arguments.append(self._values.local(own, scopes))
        if isinstance(element.selector, ir.Keyed):
            arguments += [] if alone else self._naming(change, element, scopes)
            arguments += ["optional=True"] if self._may_lack(element.selector) else []
        among = () if alone or not change.among else _alternatives(change, element)
        if len(among) > 1:
            arguments.append(f"among={row(map(self._model, among))}")
        return step, arguments

    def selected(self, element: ir.Element, scopes: tuple[Scope, ...]) -> tuple[str, list[str]]:
        """Give the word for the way that an element is found, and what it is found by."""
        match element.selector:
            case ir.Position() as selector:
                return "element", [self._values.picked(selector, scopes)]
            case ir.Nth(position):
                return "element", [str(position)]
            case ir.Keyed(key=key) as selector:
                attributes = attribute_path(self._spec, element.type, key)
                return "keyed", [literals(attributes), self._values.picked(selector, scopes)]
            case ir.Every():
                raise AssertionError("all elements are gone through in a loop")

    def _naming(self, change: Change, element: ir.Element, scopes: tuple[Scope, ...]) -> list[str]:
        """Give the arguments for what tells elements with one key apart, where the change gives an element that.

        Servers put several elements under one key. With another id one of them begins, and not where the id merely
        changes from piece to piece: then nothing comes again of the texts that only the first piece has. Without ids
        those texts tell elements apart.
        """
        fold, steps = change.fold, change.fold.steps
        source, unique = fold.source, self._spec.records[record_of(element)].unique
        if source is None or unique is None or fold.operator is not ir.Operator.FILL:
            return []
        way = steps[: steps.index(element) + 1]
        inner = names(steps[len(way) :])
        others = [
            each
            for each in change.siblings
            if each.operator is ir.Operator.FILL
            and each.source is not None
            and each.source.scope == source.scope
            and each is not fold
            and each.steps[: len(way)] == way
        ]
        if inner == (unique.name,):
            texts = [self._values.local(each.source, scopes) for each in others if each.source and is_text(each)]
            begins = " or ".join(dict.fromkeys(texts))
            return [f"own_id={self._values.local(source, scopes)}", *([f"begins=bool({begins})"] if begins else [])]
        has_id = any(names(each.steps[len(way) :]) == (unique.name,) for each in others)
        if inner and has_id and is_text(fold):
            attributes = attribute_path(self._spec, element.type, inner)
            return [f"own_text=({literals(attributes)}, {self._values.local(source, scopes)})"]
        return []

    def _may_lack(self, selector: ir.Keyed) -> bool:
        """Whether events may do without what an element is found by."""
        if selector.otherwise or len(selector.source.path) != 1 or selector.source.scope:
            return False
        field = self._event.record.field(selector.source.path[0])
        return field is not None and (field.optional or field.nullable)

    def _model(self, record: str) -> str:
        return name_of(self._spec, record, self._imports)


def _alternatives(change: Change, element: ir.Element) -> tuple[str, ...]:
    """Give the records that statements go to with the same value at a place, in their order."""
    fold = change.fold
    at = fold.steps.index(element)
    found = [
        step.record
        for other in change.siblings
        if (other.value, other.steps[:at]) == (fold.value, fold.steps[:at])
        for step in other.steps[at : at + 1]
        if isinstance(step, ir.Element) and step.selector == element.selector and step.record
    ]
    return tuple(dict.fromkeys(found))
