"""The places in the state that a fold leads to: what it goes through, and what in its event says which element."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from ...model import ir
from .identifiers import attribute_path
from .text import literal

PlaceKey: TypeAlias = "tuple[tuple[str, str], ...]"


def place_of(fold: ir.Fold) -> PlaceKey:
    """Tell the place that a fold leads to from others, whatever the positions in it are called."""
    return tuple((step.name, "") if isinstance(step, ir.Member) else ("", step.record) for step in fold.steps)


@dataclass(frozen=True, slots=True)
class Stop:
    """A place in the state: a field, or elements of the list in it.

    Attributes:
        name: Expression for the attribute.
    """

    name: str
    member: ir.Member
    element: ir.Element | None


def stops_of(spec: ir.Spec, fold: ir.Fold) -> list[Stop]:
    """Join each step into an element with the one into its list."""
    joined: list[Stop] = []
    owner: ir.Type = spec.state_type
    for step in fold.steps:
        if isinstance(step, ir.Member):
            (name,) = attribute_path(spec, owner, [step.name])
            joined.append(Stop(literal(name), step, None))
        else:
            joined[-1] = Stop(joined[-1].name, joined[-1].member, step)
        owner = step.type
    return joined


def identifying(spec: ir.Spec, event: ir.Event, fold: ir.Fold, element: ir.Element) -> ir.Source | None:
    """Give what in the event repeats the unique field of an element on the way, which its position tells."""
    if not isinstance(element.selector, ir.Position):
        return None
    way = ir.way(fold.steps[: fold.steps.index(element) + 1])
    records = [spec.records[name] for name in spec.records_of(element.type)]
    unique = {record.unique.name for record in records if record.unique}
    for repeated in event.record.fields:
        place = spec.place(repeated.same.place) if repeated.same else None
        if (
            repeated.same
            and place
            and place.way == way
            and len(repeated.same.path) == 1
            and repeated.same.path[0] in unique
        ):
            return ir.Source(0, (repeated.name,), repeated.type)
    return None


def record_of(element: ir.Element) -> str:
    """Give the type of an element in which the path goes on."""
    assert isinstance(element.type, ir.RecordRef), "the binder asks for an object type where a path goes on"
    return element.type.name


def names(steps: tuple[ir.Step, ...]) -> tuple[str, ...]:
    """Give the members that steps go through, none where they go anywhere else."""
    found = tuple(step.name for step in steps if isinstance(step, ir.Member))
    return found if len(found) == len(steps) else ()


def is_text(fold: ir.Fold) -> bool:
    """Whether a fold leads to a text."""
    return fold.steps[-1].type is ir.Primitive.STRING
