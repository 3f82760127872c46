"""Holds what events repeat to what was said before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from .faults import Fault, StreamFaults
from .growing import is_list
from .kinds import changes_kind, class_of, element_type, tag_of
from .lifecycle import Lifecycle
from .model import ABSENT
from .moments import Moment
from .paths import Where, last_member, look_up
from .repeating import Comparing, Text
from .shape import Type
from .spots import Inner, Items, Spot
from .telling import is_object
from .wording import contrast, number_of, shown


class Confirming:
    """Holds what events repeat to what was said before.

    Args:
        lifecycle: What a valid stream is.
        comparing: Finds differences.
        faults: Where what is wrong is taken down.
    """

    def __init__(self, lifecycle: Lifecycle, comparing: Comparing, faults: StreamFaults) -> None:
        self._lifecycle = lifecycle
        self._comparing = comparing
        self._faults = faults

    def declared(self, spot: Spot) -> Type | None:
        """Give the type of what stands at a spot."""
        if spot.outer is None or spot.place is None:
            return self._lifecycle.state
        return element_type(spot.outer.model, spot.place.path, spot.outer.value)

    def compare_text(self, moment: Moment, spot: Spot, where: Where, text: Text, value: Any) -> None:
        """See whether a whole text is what its pieces give."""
        if text.agrees(value) or (text.fault is not None and text.said == value):
            return
        path = spot.path(*where)
        if value is None or value is ABSENT:
            rule, got, expected = "text-missing", None, shown(text.whole)
            message = f"{moment.tag} does not have {path}, its pieces give {expected}"
        else:
            rule, (got, expected) = "text-differs", contrast(value, text.whole)
            message = f"{moment.tag} says {got}, the pieces of {path} give {expected}"
        fault = self._faults.add(rule, spot, path, message, expected=expected, got=got, under=text.fault or moment.slip)
        text.fault, text.said = text.fault or fault, value

    def see_again(self, moment: Moment, spot: Spot, value: Any) -> None:
        """See whether an element, or the state, that is brought again is what it was, and has what was built up."""
        declared = self.declared(spot)
        if changes_kind(declared, spot.value, value):
            self._say_type_changed(moment, spot, value, declared)
        else:
            self._see_fixed(moment, spot, value)
            self._see_ranks(moment, spot, value)
            self.confirm(moment, spot, value)

    def see_member(self, moment: Moment, spot: Spot, name: str, value: Any) -> None:
        """See whether a member of an element that changes alone may become what it does."""
        kind = self._lifecycle.kind_of(spot.model)
        if name in kind.ranks:
            self._see_rank(moment, spot, name, value)
            spot.told.add(name)
        if name in kind.fixed and is_object(spot.value):
            before = spot.value.get(name)
            if before is not None and before != value:
                self._say_changed(moment, spot, name, before, value)

    def confirm(self, moment: Moment, spot: Spot, value: Any, at: Where = ()) -> None:
        """See whether a value has all that was built up in it.

        Args:
            moment: The event that brings it.
            spot: What it is, or is in.
            value: The value on the wire.
            at: Where in the spot it stands.
        """
        gone = self._confirm_lists(moment, spot, value, at)
        for where, text in spot.texts.items():
            is_meant = where[: len(at)] == at and (where != at or not at)
            if is_meant and not _is_in(where, gone) and not self._varies(spot, where):
                self.compare_text(moment, spot, where, text, look_up(value, where[len(at) :]))
        for inner in list(spot.inner.values()):
            path = inner.place.path
            if not inner.place.in_state or path[: len(at)] != at or _is_in(path, gone):
                continue
            elements = look_up(value, path[len(at) :])
            for child, element in _paired(inner, elements):
                if element is ABSENT:
                    if child.closer and inner.place.key and is_list(elements):
                        self._say_gone(moment, child)
                    continue
                if child.closer:
                    self._see_final(moment, child, element)
                else:
                    self._see_kept(moment, child, element)
                if not child.is_final:
                    self.confirm(moment, child, element)

    # --- Lists ---

    def _confirm_lists(self, moment: Moment, spot: Spot, value: Any, at: Where) -> list[Where]:
        """See whether the lists in a value are as long as they should be; give those that are not."""
        gone: list[Where] = []
        for where, count, fault, owner in list(_counted(spot)):
            if where[: len(at)] != at or _is_in(where, gone) or self._varies(spot, where):
                continue
            found = look_up(value, where[len(at) :])
            if found in (None, ABSENT, []) and moment.end is not None:
                if count:
                    gone.append(where)
                    if moment.ends_well:
                        owner.fault = fault or self._say_list_missing(moment, spot, where, count, found)
                continue
            got = len(cast("list[Any]", found)) if is_list(found) else 0
            if got != count:
                gone.append(where)
                if moment.end is None or moment.ends_well:
                    owner.fault = self._say_count(moment, spot, where, count, got, fault)
            elif isinstance(owner, Items):
                self._confirm_elements(moment, spot, where, owner, found)
        return gone

    def _confirm_elements(self, moment: Moment, spot: Spot, where: Where, items: Items, found: Any) -> None:
        """See whether the elements of a list are repeated as they came."""
        for step, before in items.values.items():
            after = look_up(found, (step,))
            at = self._comparing.difference(before, after, None)
            if at is None:
                continue
            path = spot.path(*where, step, *at)
            got, expected = contrast(look_up(after, at), look_up(before, at))
            fault = self._faults.add(
                f"{self._lifecycle.stem(last_member(where))}-changed",
                spot,
                path,
                f"{moment.tag} has {path} {got}, it came as {expected}",
                expected=expected,
                got=got,
                under=items.fault or moment.slip,
            )
            items.fault = items.fault or fault

    def _varies(self, spot: Spot, where: Where) -> bool:
        return bool(where) and self._comparing.varies(spot.model, where[0])

    def _say_list_missing(self, moment: Moment, spot: Spot, where: Where, count: int, found: Any) -> Fault:
        path = spot.path(*where)
        elements = number_of(count, "element")
        return self._faults.add(
            f"{self._lifecycle.stem(last_member(where))}-missing",
            spot,
            path,
            (
                f"{moment.tag} repeats none of the {elements} of {path}"
                if count > 1
                else f"{moment.tag} does not repeat the element of {path}"
            ),
            expected=elements,
            got=shown(found),
            under=moment.slip or moment.untrue_at(where),
        )

    def _say_count(self, moment: Moment, spot: Spot, where: Where, count: int, got: int, fault: Fault | None) -> Fault:
        path = spot.path(*where)
        message = f"{moment.tag} has {number_of(got, 'element')} in {path}, {count or 'none'} came before"
        found = self._faults.add(
            f"{self._lifecycle.stem(last_member(where))}-count",
            spot,
            path,
            message,
            expected=number_of(count, "element"),
            got=number_of(got, "element"),
            under=fault or moment.slip or moment.untrue_at(where),
        )
        return fault or found

    # --- Members ---

    def _see_fixed(self, moment: Moment, spot: Spot, value: Any) -> None:
        if not is_object(spot.value) or not is_object(value):
            return
        for name in self._lifecycle.kind_of(spot.model).fixed:
            before, after = spot.value.get(name), value.get(name)
            if before != after:
                self._say_changed(moment, spot, name, before, after)

    def _say_changed(self, moment: Moment, spot: Spot, name: str, before: Any, after: Any) -> None:
        path = spot.path(name)
        got, expected = contrast(after, before)
        fault = self._faults.add(
            f"{self._lifecycle.stem(spot.name)}-changed",
            spot,
            path,
            f"{moment.tag} has {path} {got}, {spot.tag} had {expected}",
            expected=expected,
            got=got,
            under=moment.slip or moment.untrue_at((name,)) or _announced_wrong(spot, name, after) or moment.changed,
        )
        # What is found where it comes once more follows from that.
        spot.doubts.setdefault((name,), fault)
        moment.changed = moment.changed or fault

    def _see_ranks(self, moment: Moment, spot: Spot, value: Any) -> None:
        if is_object(value):
            for name in self._lifecycle.kind_of(spot.model).ranks:
                self._see_rank(moment, spot, name, value.get(name))
                spot.told.discard(name)

    def _see_rank(self, moment: Moment, spot: Spot, name: str, value: Any) -> None:
        """See whether a member that only moves on does so.

        What the element has said itself stays within its rank; what only an event has said of it may be put right.
        """
        if self._comparing.varies(spot.model, name):
            return
        ranks = self._lifecycle.kind_of(spot.model).ranks[name]
        before = spot.ranks.get(name)
        if not isinstance(value, str):
            return
        if (
            before is not None
            and before != value
            and before in ranks
            and value in ranks
            and (ranks[value] < ranks[before] or (name not in spot.told and ranks[value] == ranks[before]))
        ):
            path = spot.path(name)
            self._faults.add(
                f"{self._lifecycle.stem(name)}-goes-back",
                spot,
                path,
                f"{moment.tag} takes {path} back from {shown(before)} to {shown(value)}",
                expected=f"{shown(before)} or what comes after it",
                got=shown(value),
                under=moment.slip or moment.untrue_at((name,)),
            )
        spot.ranks[name] = value

    # --- Elements ---

    def _see_final(self, moment: Moment, spot: Spot, value: Any) -> None:
        """See whether what was closed is repeated as it was."""
        before, after = spot.value, value
        if not spot.is_final:
            # What the event that closed it did not bring has been built up, and is compared piece by piece.
            before = _untouched(spot)
            after = {name: value.get(name) for name in before} if is_object(value) else value
        where = self._comparing.difference(before, after, self.declared(spot))
        if where is None:
            return
        path = spot.path(*where)
        got, expected = contrast(look_up(value, where), look_up(spot.value, where))
        is_id = bool(where) and where == self._lifecycle.kind_of(spot.model).unique[:1]
        rule = f"{self._lifecycle.stem(spot.name)}-{'id' if is_id else 'final'}-changed"
        fault = self._faults.add(
            rule,
            spot,
            path,
            f"{moment.tag} has {path} {got}, {spot.closer} had {expected}",
            expected=expected,
            got=got,
            under=_doubt(spot, where)
            or moment.slip
            or moment.untrue_at(_from(moment.brought, spot, where))
            or moment.changed,
        )
        spot.doubts.setdefault(where, fault)
        moment.changed = moment.changed or fault

    def _see_kept(self, moment: Moment, spot: Spot, value: Any) -> None:
        """See whether what is still open is repeated as what it was announced as."""
        declared = self.declared(spot)
        if spot.value is None or value is None:
            return
        if changes_kind(declared, spot.value, value):
            self._say_type_changed(moment, spot, value, declared)
        else:
            self._see_fixed(moment, spot, value)

    def _say_type_changed(self, moment: Moment, spot: Spot, value: Any, declared: Type | None) -> None:
        path = spot.path()
        before, got = (shown(tag_of(declared, each) or ABSENT) for each in (spot.value, value))
        fault = self._faults.add(
            f"{self._lifecycle.stem(spot.name)}-type-changed",
            spot,
            path,
            f"{moment.tag} has {path} of the kind {got}, {spot.tag} had {before}",
            expected=before,
            got=got,
            under=moment.slip,
        )
        spot.model, spot.fault = class_of(declared, value), spot.fault or fault
        spot.texts.clear()

    def _say_gone(self, moment: Moment, spot: Spot) -> None:
        """Say that no element goes by the key of one that was closed."""
        path = spot.path()
        fault = self._faults.add(
            f"{self._lifecycle.stem(spot.name)}-id-changed",
            spot,
            path,
            f"{moment.tag} does not have {path}, which {spot.closer} has closed",
            expected=shown(spot.key),
            under=moment.slip or moment.changed,
        )
        moment.changed = moment.changed or fault


def _announced_wrong(spot: Spot, name: str, value: Any) -> Fault | None:
    """Give what was found because events had said already that a member is what it now is, and not as announced."""
    said, fault = spot.others.get((name,), (ABSENT, None))
    return fault if said == value else None


def doubts(spot: Spot) -> Iterator[tuple[Where, Fault]]:
    """Give where in a spot something was found wrong already."""
    for where, text in spot.texts.items():
        if text.fault is not None:
            yield where, text.fault
    for where, _, fault, _ in _counted(spot):
        if fault is not None:
            yield where, fault
    for inner in spot.inner.values():
        for child in inner.spots.values():
            if child.fault is not None:
                yield child.way, child.fault
            yield from (((*child.way, *where), fault) for where, fault in child.doubts.items())


def _doubt(spot: Spot, where: Where) -> Fault | None:
    """Give what was found wrong already with something in a spot, or with what it is in."""
    if not spot.doubts:
        return None
    return next((fault for at in range(len(where), -1, -1) if (fault := spot.doubts.get(where[:at])) is not None), None)


def _counted(spot: Spot) -> Iterator[tuple[Where, int, Fault | None, Items | Inner]]:
    """Give the lists of a spot of which it is known how long they should be."""
    for inner in spot.inner.values():
        if inner.place.in_state and (inner.is_counted or (inner.spots and not spot.is_partial)):
            yield inner.place.path, inner.count, inner.fault, inner
    if not spot.is_partial:
        for where, items in spot.lists.items():
            yield where, items.count, items.fault, items


def _paired(inner: Inner, elements: Any) -> Iterator[tuple[Spot, Any]]:
    """Give each spot with the element of a list that stands for it, ABSENT where there is none."""
    key = inner.place.key
    listed = cast("list[Any]", elements) if is_list(elements) else []
    found: dict[Any, Any] = {}
    for position, element in enumerate(listed):
        name = look_up(element, key) if key else position
        if isinstance(name, (str, int)):
            found.setdefault(name, element)
    for spot in list(inner.spots.values()):
        yield spot, found.get(spot.key, ABSENT)


def _untouched(spot: Spot) -> dict[str, Any]:
    """Give the members of an element that no event after the first has built up."""
    if not is_object(spot.value):
        return {}
    touched = {where[0] for where in (*spot.texts, *spot.lists) if where}
    touched |= {inner.place.path[0] for inner in spot.inner.values()}
    return {name: value for name, value in cast("dict[str, Any]", spot.value).items() if name not in touched}


def _from(outer: Spot | None, spot: Spot, where: Where) -> Where:
    """Give the way to something in a spot from another one around it."""
    at: Spot | None = spot
    while at is not None and at is not outer:
        where = (*at.way, *where)
        at = at.outer
    return where


def _is_in(where: Where, lists: list[Where]) -> bool:
    return any(where[: len(each)] == each for each in lists)
