"""Carries out what events say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast

from .confirming import Confirming, doubts
from .ending import Path, holds, reach
from .faults import Fault, StreamFaults
from .growing import is_list
from .kinds import class_of, expected_of, may_be, tag_of
from .lifecycle import STREAM, By, Change, Lifecycle, Place, Same, Shape, shape_of
from .model import ABSENT
from .moments import Moment
from .paths import Named, Where, last_member, look_up
from .repeating import Comparing, Text
from .spots import Inner, Items, Spot
from .statements import is_required, wire
from .telling import is_object
from .wording import contrast, number_of, one_of, shown


class Carrying:
    """What the events of one stream build up.

    Args:
        lifecycle: What a valid stream is.
        comparing: Finds differences.
        faults: Where what is wrong is taken down.
    """

    def __init__(self, lifecycle: Lifecycle, comparing: Comparing, faults: StreamFaults) -> None:
        self._lifecycle = lifecycle
        self._confirming = Confirming(lifecycle, comparing, faults)
        self._faults = faults
        self._rejects_empty = faults.holds("text-empty")

    def carry_out(self, moment: Moment) -> None:
        """Do what an event says, and see whether it agrees with what was said before."""
        wrong: list[tuple[Change, Spot, type]] = []
        fits = is_done = False
        for change in moment.law.changes:
            misfit = self._misfit(change, moment)
            if misfit is not None:
                wrong.append((change, *misfit))
                continue
            fits = True
            if self._is_meant(change, moment):
                is_done = self._carry_out(change, moment) or is_done
        if wrong and not is_done:
            self._see_kind(wrong, moment, fits=fits)

    def _see_kind(self, wrong: list[tuple[Change, Spot, type]], moment: Moment, *, fits: bool) -> None:
        """See whether an event that has done nothing is about another kind of element.

        So it is if it has what only changes of others bring, and if there is no change for that kind at all.
        """
        brought = [each for each in wrong if self._is_meant(each[0], moment) and _brings(each[0], moment)]
        if brought or not fits:
            _, spot, model = (brought or wrong)[0]
            if spot.sequence is None:
                self._say_wrong_type(spot, model, moment)

    def compare_same(self, moment: Moment, same: Same) -> None:
        """See whether a field of an event repeats what stands at its place."""
        spot = moment.spots.get(same.place)
        got = reach(moment.event, (same.name,))
        wanted = ABSENT if spot is None else look_up(spot.value, same.path)
        if spot is None or wanted is ABSENT or wanted is None or got == wanted:
            return
        path = spot.path(*same.path)
        if got is None:
            if is_required(moment.event, (same.name,)):
                self._say_missing(moment, spot, (same.name,), None, f"{path} is {shown(wanted)}", shown(wanted))
            return
        said, expected = contrast(got, wanted)
        message = f"{moment.tag} has {same.name} {said}, {path} is {expected}"
        rule = f"{self._lifecycle.stem(same.name)}-differs"
        fault = self._faults.add(rule, spot, same.name, message, expected=expected, got=said, under=moment.slip)
        spot.others.setdefault(same.path, (got, fault))

    def said_too_much(self, moment: Moment, spot: Spot) -> Fault | None:
        """See whether an event goes on with a text that the event before it has finished."""
        for change in moment.law.changes:
            owner = moment.spots.get(change.place)
            if owner is not None and self._misfit(change, moment) is None and change.does in ("text", "json", "set"):
                where = self._where(change, moment)
                text = None if where is None else owner.texts.get(where)
                if where is not None and text is not None and text.final and text.final == spot.last:
                    moment.repeated = text
                    return self._say_final(moment, owner, where, text, change)
        return None

    def is_cut_short(self, moment: Moment, spot: Spot) -> bool:
        """Whether an event that brings an element says that it is incomplete."""
        for change in moment.law.changes:
            if change.does == "set" and not change.path and moment.spots.get(change.place) is spot:
                value: Any = wire(moment.event, change.source) if change.source is not None else None
                ranks = self._lifecycle.kind_of(spot.model).ranks
                return is_object(value) and any(value.get(name) == "incomplete" for name in ranks)
        return False

    def close(self, moment: Moment, spot: Spot) -> None:
        """Take down that an element is closed. If that brought it whole, only the whole is compared from now on."""
        spot.is_final = moment.brought is spot
        if spot.is_final:
            spot.doubts.update(doubts(spot))
            spot.texts.clear()
            spot.lists.clear()
            spot.inner.clear()

    def appends_to(self, moment: Moment) -> Callable[[str], None] | None:
        """Give what takes a piece of the text that an event appends to; None where it appends to none."""
        change = moment.law.changes[0]
        spot, where = moment.spots[change.place], self._where(change, moment)
        text = spot.texts.get(where) if where is not None and self._misfit(change, moment) is None else None
        return None if text is None or text.final else text.append

    def kind_text(self, spot: Spot) -> str:
        """Say of which kind an element is, as the server calls it."""
        tag = tag_of(self._confirming.declared(spot), spot.value) if spot.place is not None else None
        return spot.kind if tag is None else shown(tag)

    # --- Whether a change is meant, and where ---

    def _misfit(self, change: Change, moment: Moment) -> tuple[Spot, type] | None:
        """Give the element that is of another class than a change is about, and that class."""
        for name, model in change.only:
            spot = moment.spots.get(name)
            if spot is not None and spot.model is not None and spot.model is not model:
                return spot, model
        return None

    def _say_wrong_type(self, spot: Spot, model: type, moment: Moment) -> None:
        expected = model.__name__
        what = self.kind_text(spot)
        message = f"{moment.tag} is about {'an' if expected[0] in 'AEIOU' else 'a'} {expected}, {spot.path()} is {what}"
        fault = self._faults.add(
            f"{self._lifecycle.stem(spot.name)}-wrong-type",
            spot,
            spot.path(),
            message,
            expected=expected,
            got=what,
            under=moment.slip,
        )
        spot.fault = spot.fault or fault

    def _is_meant(self, change: Change, moment: Moment) -> bool:
        if not all(holds(moment.event, way, wanted) for way, wanted in change.when):
            return False
        return change.place in moment.spots

    def _where(self, change: Change, moment: Moment) -> Where | None:
        """Give where below its place a change leads to, None where the event does not say."""
        found: list[str | int | Named] = []
        for step in change.path:
            if not isinstance(step, By):
                found.append(step)
                continue
            value = self._named(step, moment)
            if value is None or (not step.key and (type(value) is not int or value < 0)):
                return None
            found.append(Named(step.key, value) if step.key else value)
        return tuple(found)

    def _named(self, step: By, moment: Moment) -> Any:
        for path in step.paths:
            value = path if isinstance(path, int) else reach(moment.event, path)
            if type(value) is int or (isinstance(value, str) and value):
                return value
        return None

    def _carry_out(self, change: Change, moment: Moment) -> bool:
        """Do what a change says; tell whether the event brings anything for it."""
        spot, where = moment.spots[change.place], self._where(change, moment)
        if where is None:
            return True
        if change.does == "remove":
            self._remove(spot, where)
            return True
        value = change.value if change.source is None else wire(moment.event, change.source)
        if value is None:
            self._miss(moment, spot, where, change)
            return False
        match change.does:
            case "text" | "json":
                self._append(moment, spot, where, value, change)
            case "list":
                items = spot.lists.get(where) or self._items(spot, where)
                items.count += len(cast("list[Any]", value)) if is_list(value) else 1
            case "merge":
                for name, inner in (cast("dict[str, Any]", value) if is_object(value) else {}).items():
                    if inner is not None:
                        self._set_member(moment, spot, (*where, name), inner, change)
            case "set" if not where:
                self._bring(moment, spot, value, change.source or ())
            case "set" if not isinstance(where[-1], str):
                self._put(moment, spot, where, value)
            case "set":
                self._set_member(moment, spot, where, value, change)
            case _:
                # What fills a gap says nothing about what is there.
                pass
        return True

    # --- Texts ---

    def _text(self, spot: Spot, where: Where, change: Change) -> Text:
        text = spot.texts.get(where)
        if text is None:
            begin = look_up(spot.value, where)
            text = Text(
                begin if isinstance(begin, str) and change.does != "json" else "",
                is_json=change.does == "json",
                partial=spot.is_partial,
            )
            spot.texts[where] = text
        return text

    def _append(self, moment: Moment, spot: Spot, where: Where, value: Any, change: Change) -> None:
        if not isinstance(value, str):
            return
        text = self._text(spot, where, change)
        if text.final:
            if moment.repeated is not text:
                self._say_final(moment, spot, where, text, change)
                moment.repeated = text
            return
        if moment.appended is text:
            # Several changes of an event that differ in the class of an element are one.
            return
        moment.appended = text
        if not value and self._rejects_empty:
            path = spot.path(*where)
            self._faults.add(
                "text-empty", spot, path, f"{moment.tag} appends nothing to {path}", got=shown(value), under=moment.slip
            )
        text.pieces.append(value)

    def _say_final(self, moment: Moment, spot: Spot, where: Where, text: Text, change: Change) -> Fault:
        """Say that a text goes on, or is finished again, that is finished."""
        path = spot.path(*where)
        value = change.value if change.source is None else wire(moment.event, change.source)
        if change.does == "set":
            rule, message = "text-final-twice", f"{moment.tag} finishes {path} again"
        else:
            rule = "text-after-final"
            message = f"{moment.tag} appends {shown(value)} to {path}, which {text.final} has finished"
        fault = self._faults.add(rule, spot, path, message, got=shown(value), under=moment.slip or text.fault)
        text.fault = text.fault or fault
        return fault

    def _finish(self, moment: Moment, spot: Spot, where: Where, value: Any, change: Change) -> None:
        """Take the whole of a text, or what it begins with."""
        piece = self._lifecycle.finished[change]
        if moment.law.opens or change.source is None:
            spot.texts[where] = Text(
                value if isinstance(value, str) and piece.does != "json" else "",
                is_json=piece.does == "json",
                partial=False,
            )
            return
        text = self._text(spot, where, piece)
        if text.final and moment.repeated is not text:
            self._say_final(moment, spot, where, text, change)
        self._confirming.compare_text(moment, spot, where, text, value)
        text.final = moment.tag
        if not text.pieces and isinstance(value, str):
            text.pieces.append(value)
            text.begin = ""

    def _take_texts(self, spot: Spot, value: Any, where: Where) -> None:
        """Take down the texts in a value that is put somewhere: those without pieces have come whole."""
        if spot.place is None:
            # The state as a whole may have been changed by others.
            return
        for shape, changes in self._lifecycle.texts[spot.place.name].items():
            inside = shape[len(where) :]
            if not inside or shape[: len(where)] != shape_of(where) or not all(map(_is_by_position, changes)):
                continue
            for way, text in _texts_at(value, inside):
                spot.texts.setdefault((*where, *way), Text(text, is_json=False, partial=spot.is_partial))

    def _miss(self, moment: Moment, spot: Spot, where: Where, change: Change) -> None:
        """See whether an event lacks the element, or the whole of a text, that it is there to bring."""
        if change.does != "set" or change.source is None or not is_required(moment.event, change.source):
            return
        text = spot.texts.get(where) if change in self._lifecycle.finished else None
        if text is not None:
            self._confirming.compare_text(moment, spot, where, text, ABSENT)
        elif not where:
            self._miss_element(moment, spot, change.source, None)

    def _miss_element(self, moment: Moment, spot: Spot, source: Path, value: Any) -> None:
        """Say that an event does not bring what it is there to bring."""
        expected = expected_of(self._confirming.declared(spot))
        fault = self._say_missing(
            moment, spot, source, value, f"it brings {spot.path() or 'what is built up'}", expected
        )
        spot.fault = spot.fault or fault
        for untrue in moment.untrue.values():
            self._faults.move(untrue, fault)

    def _say_missing(self, moment: Moment, spot: Spot, source: Path, value: Any, why: str, expected: str) -> Fault:
        """Say that a member of an event is not there, or is none of its type."""
        name = ".".join(source)
        said = f"has no {name}" if value is None else f"has {name} {shown(value)}"
        return self._faults.add(
            f"{self._lifecycle.stem(source[-1])}-missing",
            spot,
            name,
            f"{moment.tag} {said}, {why}",
            expected=expected,
            got=None if value is None else shown(value),
            under=moment.slip,
        )

    # --- Values ---

    def _bring(self, moment: Moment, spot: Spot, value: Any, source: Path) -> None:
        """Take the value of an element, or of the state, from somewhere in an event."""
        if not may_be(self._confirming.declared(spot), value):
            self._miss_element(moment, spot, source, value)
            return
        moment.brought, moment.source = spot, source
        is_opening = moment.law.opens == spot.name or (moment.law.opens == STREAM and spot.place is None)
        if spot.value is None:
            self._begin(moment, spot, value)
            if not is_opening:
                self._confirming.confirm(moment, spot, value)
            elif spot.place is not None:
                self._see_begin(moment, spot, value)
            return
        self._confirming.see_again(moment, spot, value)
        spot.value, spot.tag = value, moment.tag

    def _begin(self, moment: Moment, spot: Spot, value: Any) -> None:
        """Take the first value of an element."""
        spot.value, spot.tag = value, moment.tag
        spot.model = class_of(self._confirming.declared(spot), value)
        if spot.place is not None and spot.is_announced:
            spot.sequence = spot.place.sequences.get(spot.model, spot.sequence)
        if not is_object(value):
            return
        members = cast("dict[str, Any]", value)
        kind = self._lifecycle.kind_of(spot.model)
        for name in kind.ranks:
            if isinstance(rank := members.get(name), str) and moment.untrue_at((name,)) is None:
                spot.ranks[name] = rank
        for shape in self._lifecycle.lists[self._place_name(spot)]:
            found = look_up(value, shape) if "[]" not in shape else ABSENT
            if is_list(found):
                spot.lists[shape] = Items(len(cast("list[Any]", found)))
        for place in self._lifecycle.inner[self._place_name(spot)]:
            elements = look_up(value, place.path) if place.in_state else ABSENT
            if is_list(elements):
                inner = spot.within(place)
                inner.begun = len(cast("list[Any]", elements))
                inner.is_counted = not (inner.begun or spot.is_partial)
        if spot.place is not None and spot.outer is not None and spot.model is not None:
            self._see_unique(moment, spot, spot.outer.within(spot.place), members)

    def _see_unique(self, moment: Moment, spot: Spot, inner: Inner, members: dict[str, Any]) -> None:
        for name in self._lifecycle.kind_of(spot.model).unique:
            value = members.get(name)
            if not isinstance(value, (str, int)) or value == "":
                continue
            first = inner.unique.setdefault(name, {}).setdefault(value, spot)
            if first is not spot:
                path = spot.path(name)
                message = f"{moment.tag} has {path} {shown(value)}, as {first.path()} has"
                rule = f"{self._lifecycle.stem(name)}-repeats"
                self._faults.add(rule, spot, path, message, got=shown(value), under=moment.slip)

    def _see_begin(self, moment: Moment, spot: Spot, value: Any) -> None:
        """See whether what events build up in an element is empty at first."""
        for shape, changes in self._lifecycle.texts[self._place_name(spot)].items():
            found = look_up(value, shape) if "[]" not in shape else ABSENT
            if not (isinstance(found, str) and found) or all(self._misfit(each, moment) for each in changes):
                continue
            if all(change.does == "json" for change in changes):
                continue
            path = spot.path(*shape)
            message = f"{moment.tag} has {path} {shown(found)} already, though it comes in pieces"
            fault = self._faults.add(
                "text-not-empty", spot, path, message, expected=shown(""), got=shown(found), under=moment.slip
            )
            self._text(spot, shape, changes[0]).fault = fault
        for place in self._lifecycle.inner[self._place_name(spot)]:
            found = look_up(value, place.path) if place.in_state else ABSENT
            if is_list(found) and found:
                self._say_not_empty(moment, spot, place, len(cast("list[Any]", found)))

    def _say_not_empty(self, moment: Moment, spot: Spot, place: Place, count: int) -> None:
        path = spot.path(*place.path)
        openers = one_of(self._lifecycle.openers[place.name])
        message = f"{moment.tag} has {number_of(count, 'element')} in {path} already, which {openers} announces"
        inner = spot.within(place)
        fault = self._faults.add(
            f"{self._lifecycle.stem(place.name)}-not-empty",
            spot,
            path,
            message,
            expected="no elements",
            got=number_of(count, "element"),
            under=moment.slip or moment.untrue_at(place.path),
        )
        inner.fault = inner.fault or fault

    def _set_member(self, moment: Moment, spot: Spot, where: Where, value: Any, change: Change) -> None:
        """Take the value of a member of an element, or of what is in it."""
        if change in self._lifecycle.finished:
            self._finish(moment, spot, where, value, change)
            return
        if len(where) == 1 and isinstance(name := where[0], str):
            self._confirming.see_member(moment, spot, name, value)
            if is_object(spot.value):
                # What was read is not changed.
                spot.value = {**spot.value, name: value}
        if is_object(value) or is_list(value):
            self._confirming.confirm(moment, spot, value, where)
            self._take_texts(spot, value, where)

    def _put(self, moment: Moment, spot: Spot, where: Where, value: Any) -> None:
        """Take an element of a list that is no place."""
        items = self._items(spot, where[:-1])
        step = where[-1]
        if not isinstance(step, str) and shape_of(where) in self._lifecycle.whole[self._place_name(spot)]:
            items.values[step] = value
        if isinstance(step, Named):
            items.keys.add(step.value)
            items.count = max(items.count, len(items.keys))
        elif isinstance(step, int):
            if step != items.count and not spot.is_partial and spot.is_announced:
                path = spot.path(*where)
                wanted = spot.path(*where[:-1], items.count)
                fault = self._faults.add(
                    f"{self._lifecycle.stem(last_member(where))}-index-gap",
                    spot,
                    path,
                    f"{moment.tag} brings {path}, the next is {wanted}",
                    expected=str(items.count),
                    got=shown(step),
                    under=items.fault or moment.slip,
                )
                items.fault = items.fault or fault
            items.count = max(items.count, step + 1)

    def _items(self, spot: Spot, where: Where) -> Items:
        items = spot.lists.get(where)
        if items is None:
            items = spot.lists[where] = Items()
        return items

    def _remove(self, spot: Spot, where: Where) -> None:
        """Forget what is taken out."""
        for known in (spot.texts, spot.lists):
            for each in [each for each in known if each[: len(where)] == where]:
                del known[each]
        if where and not isinstance(where[-1], str):
            items = spot.lists.get(where[:-1])
            if items is not None and items.count:
                items.count -= 1
                items.keys.discard(where[-1].value if isinstance(where[-1], Named) else where[-1])
        elif spot.place is not None and spot.outer is not None and not where:
            inner = spot.outer.within(spot.place)
            inner.spots.pop(spot.key, None)
            inner.open.pop(spot.key, None)

    def _place_name(self, spot: Spot) -> str:
        return "" if spot.place is None else spot.place.name


def _brings(change: Change, moment: Moment) -> bool:
    """Whether an event has what a change brings into the state."""
    return change.source is None or wire(moment.event, change.source) is not None


def _is_by_position(change: Change) -> bool:
    """Whether a change appends to a text in elements that go by their positions."""
    return change.does == "text" and not any(isinstance(step, By) and step.key for step in change.path)


def _texts_at(value: Any, shape: Shape) -> Iterator[tuple[Where, str]]:
    """Give the texts in a value that a shape leads to, with the way to each."""
    found: list[tuple[Where, Any]] = [((), value)]
    for step in shape:
        if step == "[]":
            found = [
                ((*way, at), item)
                for way, each in found
                for at, item in enumerate(cast("list[Any]", each) if is_list(each) else [])
            ]
        else:
            found = [((*way, step), each[step]) for way, each in found if is_object(each) and step in each]
    yield from ((way, each) for way, each in found if isinstance(each, str))
