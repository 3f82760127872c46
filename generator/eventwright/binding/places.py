"""Names for places in the state: each step of their paths is checked, and each field that repeats what is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.suggest import closest, did_you_mean
from ..diagnostics.values import Report
from ..model import ir
from ..model.laws import STREAM
from ..model.reaching import reach
from ..syntax.declarations import PlaceDecl, SpecDecl, Text
from ..syntax.foldexpr import EveryExpr, IndexStep, KeyedExpr, MemberStep, NthExpr, PathExpr, PositionExpr, Step
from .missing import missing_field

DEAD_PLACE = Rule(
    "E523",
    Severity.ERROR,
    "place that is nowhere in the state",
    "Events are about places; each step there is checked, and begins at a field of the state or at another place.",
)
DEAD_REPETITION = Rule(
    "E524",
    Severity.ERROR,
    "field that repeats nothing",
    "`same` names a field of what stands at the place that the event is about, and both have one type.",
)


def bind_places(
    spec: ir.Spec, state: ir.RecordRef | ir.UnionRef | ir.Unknown | None, declared: SpecDecl, report: Report
) -> tuple[ir.Place, ...]:
    """Bind the places of a spec, and check what its fields say to repeat; what leads nowhere is left out and reported.

    Args:
        spec: The spec without its places.
        state: What the stream builds up; None where the spec has none.
        declared: What is written.
        report: Takes what is wrong.
    """
    binder = _PlaceBinder(spec, state, declared.places, report)
    places = binder.places()
    _check_repetitions(replace(spec, places=places), {place.name.value for place in declared.places}, report)
    return places


_POSITIONS = frozenset([ir.Kind.NUMBER])
_NAMES = frozenset([ir.Kind.NUMBER, ir.Kind.STRING])


@dataclass(frozen=True, slots=True)
class _Followed:
    """Where a path leads.

    Attributes:
        outer: Place that it begins at; empty for the state.
        steps: The steps from there.
        way: All steps from the state, as text.
        types: What may stand there.
        is_tracked: Whether that is not in the state.
    """

    outer: str
    steps: tuple[Step, ...]
    way: tuple[str, ...]
    types: tuple[ir.Type, ...]
    is_tracked: bool


class _PlaceBinder:
    """Follows the paths of places, each through the types that may stand there."""

    def __init__(
        self,
        spec: ir.Spec,
        state: ir.RecordRef | ir.UnionRef | ir.Unknown | None,
        declared: tuple[PlaceDecl, ...],
        report: Report,
    ) -> None:
        self._spec = spec
        self._state = state
        self._declared = {place.name.value: place for place in declared}
        self._report = report
        self._followed: dict[str, _Followed | None] = {}

    def places(self) -> tuple[ir.Place, ...]:
        """Give the places whose paths lead somewhere."""
        found: list[ir.Place] = []
        for place in self._declared.values():
            self._check_name(place.name)
            followed = self._bound(place)
            if followed is not None:
                found.append(self._place(place, followed))
        return tuple(found)

    def _check_name(self, name: Text) -> None:
        """Report a name that would have two meanings."""
        taken = ""
        if isinstance(self._state, ir.RecordRef) and self._spec.records[self._state.name].field(name.value):
            taken = "has the name of a field of the state: a path that begins so"
        elif any(key.text == name.value for event in self._spec.events for key in event.keys):
            taken = "has the name of an event: a sequence with it"
        elif name.value == STREAM:
            taken = "has the name of the stream as a whole: 'opens' with it"
        if taken:
            what, _, why = taken.partition(": ")
            hint = f"give it another name: {why} would have two meanings"
            self._report.add(DEAD_PLACE, name.span, f"place '{name.value}' {what}", hint)

    def _place(self, declared: PlaceDecl, followed: _Followed) -> ir.Place:
        before, last = followed.steps[:-1], followed.steps[-1] if followed.steps else None
        selector = last.selector if isinstance(last, IndexStep) else None
        keys: tuple[tuple[str, ...], ...] = ()
        if isinstance(selector, (PositionExpr, KeyedExpr)) and all(isinstance(step, MemberStep) for step in before):
            first = selector.position if isinstance(selector, PositionExpr) else selector.value
            keys = tuple(path.names for path in (first, *selector.otherwise) if isinstance(path, PathExpr))
        return ir.Place(
            name=declared.name.value,
            way=followed.way,
            records=tuple(record.name for record in self._records(followed.types)),
            outer=followed.outer,
            path=tuple(step.name for step in followed.steps if isinstance(step, MemberStep)),
            keys=keys,
            key=selector.key.names if isinstance(selector, KeyedExpr) and not followed.is_tracked else (),
            is_position=isinstance(selector, PositionExpr) and self._are_numbers(keys),
            in_state=not followed.is_tracked,
            span=declared.name.span,
        )

    def _are_numbers(self, keys: tuple[tuple[str, ...], ...]) -> bool:
        begins = [ir.RecordRef(event.record.name) for event in self._spec.events]
        types = [each for path in keys for begin in begins for each in reach(self._spec, begin, path).types]
        return bool(types) and all(ir.kinds(each) == {ir.Kind.NUMBER} for each in types)

    def _bound(self, place: PlaceDecl) -> _Followed | None:
        """Give the way to a place, and the types of what may stand there; None where it is unknown."""
        name = place.name.value
        if name not in self._followed:
            # A circle comes back here before it is done.
            self._followed[name] = None
            self._followed[name] = self._follow(place)
        return self._followed[name]

    def _follow(self, place: PlaceDecl) -> _Followed | None:
        if place.steps is None or self._state is ir.UNKNOWN:
            return None
        steps = place.steps
        first = steps[0]
        begin = _Followed("", (), (), self._begin(), is_tracked=False)
        if isinstance(first, MemberStep) and first.name in self._declared and not self._is_field(first.name):
            if self._leads_back(place):
                message = f"place '{place.name.value}' begins at itself"
                self._report.add(DEAD_PLACE, first.span, message, "begin at a field of the state")
                return None
            outer = self._bound(self._declared[first.name])
            if outer is None:
                return None
            steps = steps[1:]
            begin = _Followed(first.name, (), outer.way, outer.types, is_tracked=outer.is_tracked)
        elif self._is_tracked(steps):
            begin = replace(begin, is_tracked=True)
        way, types = begin.way, begin.types
        for step in steps:
            following = self._taken(step, types, is_first=not way) if not begin.is_tracked else self._told(step)
            if following is None:
                return None
            way = (*way, step.name if isinstance(step, MemberStep) else f"[{step.selector}]")
            types = following
        return replace(begin, steps=steps, way=way, types=types)

    def _is_field(self, name: str) -> bool:
        """Whether the state has a field of a name, for all that is known."""
        return any(record.member(name) is not None for record in self._records(self._begin()))

    def _begin(self) -> tuple[ir.Type, ...]:
        return (self._state,) if isinstance(self._state, (ir.RecordRef, ir.UnionRef)) else ()

    def _is_tracked(self, steps: tuple[Step, ...]) -> bool:
        """Whether a path begins at what is not in the state, and at nothing that is probably a field or a place."""
        first = steps[0]
        if not isinstance(first, MemberStep) or self._is_field(first.name):
            return False
        known = ["state", *(record.name for record in self._records(self._begin()))]
        known += [field.name for record in self._records(self._begin()) for field in record.fields]
        known += self._declared if isinstance(steps[-1], MemberStep) or isinstance(steps[1], MemberStep) else ()
        return closest(first.name, known) is None

    def _told(self, step: Step) -> tuple[ir.Type, ...] | None:
        """Take a step on the way to a place that is not in the state, of which events only tell the key."""
        if isinstance(step, MemberStep):
            return ()
        if isinstance(step.selector, KeyedExpr):
            path = step.selector.value
            hint = f"write [{path}]: of what is not in the state, events only say which one it is"
            message = f"'[{step.selector}]' looks for '{step.selector.key}' in what is not in the state"
            self._report.add(DEAD_PLACE, step.span, message, hint)
            return None
        return () if self._is_told(step, _NAMES) else None

    def _leads_back(self, place: PlaceDecl) -> bool:
        """Whether a place begins at one that begins at it, and so on."""
        seen = {place.name.value}
        current: PlaceDecl | None = place
        while current is not None and current.steps:
            first = current.steps[0]
            current = self._declared.get(first.name) if isinstance(first, MemberStep) else None
            if current is not None and current.name.value in seen:
                return current is place
            if current is not None:
                seen.add(current.name.value)
        return False

    def _taken(self, step: Step, types: tuple[ir.Type, ...], *, is_first: bool) -> tuple[ir.Type, ...] | None:
        """Give the types that a step leads to from any of some others."""
        if isinstance(step, MemberStep):
            return self._member(step, types, is_first=is_first)
        items = tuple(dict.fromkeys(_element(each) for each in types if isinstance(each, ir.ListOf)))
        if not items:
            message = f"'[{step.selector}]' goes into what is not a list"
            self._report.add(DEAD_PLACE, step.span, message, "index a list field, or remove it")
            return None
        return self._element(step, items)

    def _member(self, step: MemberStep, types: tuple[ir.Type, ...], *, is_first: bool) -> tuple[ir.Type, ...] | None:
        records = list(self._records(types))
        found = [record.member(step.name) for record in records]
        if ir.UNKNOWN in found:
            return None
        following = tuple(dict.fromkeys(each for each in found if each is not None and each is not ir.UNKNOWN))
        if following:
            return following
        more = self._declared if is_first else ()
        message, hint = missing_field(step.name, records, "end the path before", more=more, may_be_state=is_first)
        self._report.add(DEAD_PLACE, step.span, message, hint)
        return None

    def _element(self, step: IndexStep, items: tuple[ir.Type, ...]) -> tuple[ir.Type, ...] | None:
        if not self._is_told(step):
            return None
        if not step.type:
            return items
        allowed = [record.name for record in self._records(items)]
        if step.type not in allowed:
            hint = did_you_mean(step.type, allowed) or f"one of: {', '.join(allowed[:6]) or 'no object stands there'}"
            self._report.add(DEAD_PLACE, step.type_span, f"the element cannot be '{step.type}'", hint)
            return None
        return (ir.RecordRef(step.type),)

    def _is_told(self, step: IndexStep, positions: frozenset[ir.Kind] = _POSITIONS) -> bool:
        """Whether events tell which element is meant; if none does, that is reported.

        Args:
            positions: Kinds of values that tell a position.
        """
        match step.selector:
            case PositionExpr(path):
                kinds = positions
            case KeyedExpr(path, _):
                kinds = frozenset(ir.Kind)
            case NthExpr() | EveryExpr():
                return True
        begins = [ir.RecordRef(event.record.name) for event in self._spec.events]
        found = [reach(self._spec, begin, path.names) for begin in begins]
        if any(not one.complete or any(ir.kinds(each) <= kinds for each in one.types) for one in found):
            return True
        fields = [field for event in self._spec.events for field in event.record.fields]
        known = dict.fromkeys(field.name for field in fields if field.bound is ir.Primitive.INTEGER or len(kinds) > 1)
        what = "an integer field" if kinds == _POSITIONS else "a field"
        hint = did_you_mean(str(path), known) or f"use one of: {', '.join(list(known)[:8]) or 'none there'}"
        self._report.add(DEAD_PLACE, path.span, f"no event has {what} '{path}'", hint)
        return False

    def _records(self, types: tuple[ir.Type, ...]) -> Iterator[ir.Record]:
        for declared in types:
            match declared:
                case ir.RecordRef(name):
                    yield self._spec.records[name]
                case ir.UnionRef(name):
                    yield from (self._spec.records[record] for record in self._spec.unions[name].records)
                case _:
                    pass


def _element(declared: ir.ListOf) -> ir.Type:
    return declared.item.type if isinstance(declared.item, ir.Nullable) else declared.item


def _check_repetitions(spec: ir.Spec, names: set[str], report: Report) -> None:
    """Report what fields of events say to repeat and what is not there, and fields of types that say so at all."""
    known = {place.name: place for place in spec.places}
    for record in (record for module in spec.modules for record in module.records):
        for field in record.fields:
            if field.same is not None:
                message = f"'{field.name}' of '{record.name}' is no field of an event"
                hint = "remove 'same', or move the field to the events or a group that only they use"
                report.add(DEAD_REPETITION, field.same.span, message, hint)
    for field in (field for event in spec.events for field in event.record.fields if field.same is not None):
        same = field.same
        assert same is not None
        if same.place not in names:
            whole = ".".join([same.place, *same.path])
            at = spec.place(next((event.place for event in spec.events if event.record.field(field.name) is field), ""))
            hint = did_you_mean(same.place, names) or "name it under 'places' in spec.yaml"
            if at is not None and whole.startswith(f"{at.text}."):
                hint = f"write '{at.name}{whole.removeprefix(at.text)}', with the name of the place"
            elif at is not None and not same.path and not did_you_mean(same.place, names):
                hint = f"write '{at.name}.{same.place}' if it is a field of what stands there"
            report.add(DEAD_REPETITION, same.span, f"there is no place '{same.place}'", hint)
        elif not same.path:
            hint = f"write what is repeated: '{same.place}.{field.name}', for example"
            report.add(DEAD_REPETITION, same.span, f"'{same.place}' is a place, and no field of it", hint)
        elif same.place in known:
            _check_types(spec, known[same.place], field, same, report)
    for place in (place for place in spec.places if any(event.opens == place.name for event in spec.events)):
        if not place.records:
            # Nothing of it can be repeated, which is reported.
            continue
        _check_bound(spec, place, report)


def _check_bound(spec: ir.Spec, place: ir.Place, report: Report) -> None:
    """Report fields that repeat something of a place that opens and closes, in events that are not about it."""
    inside = {each.name for each in spec.places if place.name in spec.around(each.name)}
    for event in (event for event in spec.events if event.place not in inside and not event.anytime):
        for field in event.record.fields:
            if field.same is not None and field.same.place == place.name:
                message = f"'{field.name}' of '{event.tag}' repeats a field of '{place.name}', where the event is not"
                hint = f"add 'at: {place.name}' to the event, or to the group that it has the field from"
                report.add(DEAD_REPETITION, field.same.span, message, hint)


def _check_types(spec: ir.Spec, place: ir.Place, field: ir.Field, same: ir.Same, report: Report) -> None:
    found = [reach(spec, ir.RecordRef(name), same.path) for name in place.records]
    types = dict.fromkeys(each for one in found for each in one.types)
    if not types and all(one.complete for one in found):
        known = list(dict.fromkeys(name for one in found for name in one.known))
        missing = next((one.missing for one in found), same.path[0])
        hint = did_you_mean(missing, known) or f"fields: {', '.join(known) or 'none there'}"
        message = f"nothing at '{place.name}' has a field '{missing}'"
        if not place.records:
            message, hint = f"no object stands at '{place.name}'", "remove 'same', or name a place with objects"
        report.add(DEAD_REPETITION, same.span, message, hint)
    for declared in types:
        if field.bound is not ir.UNKNOWN and not _agree(field.bound, declared):
            repeated = ".".join([same.place, *same.path])
            message = f"'{field.name}' is of type '{ir.type_text(field.bound)}', '{repeated}' of"
            message += f" '{ir.type_text(declared)}'"
            report.add(DEAD_REPETITION, same.span, message, "give both one type, or remove 'same'")
            return


def _agree(one: ir.Type, other: ir.Type) -> bool:
    """Whether two types may have a value in common: an enum is a text, too."""
    return one == other or bool(ir.kinds(one) & ir.kinds(other) - {ir.Kind.OBJECT, ir.Kind.LIST})
