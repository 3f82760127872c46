"""The parameters of the methods of builders: what nobody knows but who says that something happens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ...model import ir
from .builder_views import Parameter
from .effects import Effects
from .identifiers import attribute_of
from .places import Imports, Places
from .plans import Planner
from .runtime.planning import Kind


def beside(parameters: Iterable[Parameter], *others: str) -> tuple[Parameter, ...]:
    """Give parameters that stand beside others of a method, with names that those do not have."""
    return tuple(replace(each, name=f"{each.name}_") if each.name in others else each for each in parameters)


class Parameters:
    """Makes parameters, and mentions the names in their types."""

    def __init__(self, effects: Effects, planner: Planner, places: Places, imports: Imports) -> None:
        self._effects = effects
        self._planner = planner
        self._places = places
        self._imports = imports

    def of(self, fields: Iterable[ir.Field]) -> tuple[Parameter, ...]:
        """Give those for members of an event, or of an object in it."""
        return tuple(self.one(field, needed=not (field.optional or field.nullable)) for field in fields)

    def one(self, field: ir.Field, *, needed: bool) -> Parameter:
        """Give that for a member, with None for one that is not given where it is not needed."""
        if needed:
            return Parameter(attribute_of(field), field.name, self._places.annotation(field.type, self._imports), "")
        return Parameter(attribute_of(field), field.name, self._places.optional(field.type, self._imports), "None")

    def opening(self, declared: ir.Record, opener: ir.Event, place: str, omit: frozenset[str]) -> Iterator[Parameter]:
        """Give the parameters for an element, or for the state, as it begins.

        Args:
            omit: Members that are no parameters, because they are only known later.
        """
        built = {
            path[0]
            for path in (*self._planner.texts_of(place, declared.name), *self._planner.lists_of(place, declared.name))
            if len(path) == 1
        }
        identity = self._planner.identity(declared)
        kind = self._planner.kind(place, declared.name)
        ranked = {name for name, _ in kind.ranks}
        begun = {path[0] for path, _ in kind.beginnings}
        carried = self._effects.element_of(opener) if place else opener.snapshot
        if not carried:
            return
        for field in declared.fields:
            if field.name in built or field.name in omit or field.deprecated:
                continue
            if isinstance(field.type, ir.Literal) and not field.optional:
                continue
            needed = not (field.optional or field.nullable or field.name == identity or field.name in ranked)
            needed = needed and field.name not in begun and not self._is_held(opener, field)
            yield self.one(field, needed=needed)

    def late(self, declared: ir.Record | None, kind: Kind, closer: ir.Event) -> Iterator[Parameter]:
        """Give the parameters for what is only known at the end of an element."""
        if declared is None or not self._effects.element_of(closer):
            return
        for field in declared.fields:
            if self.is_late(field, declared, kind):
                yield self.one(field, needed=False)

    def is_late(self, field: ir.Field, declared: ir.Record, kind: Kind) -> bool:
        """Whether a member may be set while its element is open."""
        built = {path[0] for path in (*kind.texts, *self._planner.lists_of(kind.place, declared.name)) if path}
        return not (
            field.fixed
            or field.name in built
            or field.name == kind.identity
            or field.deprecated
            or isinstance(field.type, ir.Literal)
        )

    def _is_held(self, opener: ir.Event, field: ir.Field) -> bool:
        """Whether what an event has to say gives a member of the state its value."""
        snapshot = opener.snapshot or ()
        return any(hold.path == (*snapshot, field.name) and hold.relation == "=" for hold in opener.holds)
