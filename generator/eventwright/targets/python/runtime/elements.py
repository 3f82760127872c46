"""A list of the state while it grows: which of its elements an event is about, and which of them have to stay."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from typing import TYPE_CHECKING, Any, cast

from .growing import NOT_OURS, Build, Text, is_list
from .model import Model, UnknownVariant
from .shape import SHAPES, STRING

if TYPE_CHECKING:
    from .drafts import Draft

_ID = "id"
_UNKNOWN: tuple[type, ...] = (UnknownVariant, dict)


def identity(value: object) -> str | None:
    """Give the id of an element, None where it has none; an empty text names nothing."""
    if isinstance(value, UnknownVariant):
        found: object = value.data.get(_ID)
    elif isinstance(value, dict):
        found = cast("dict[str, Any]", value).get(_ID)
    else:
        found = getattr(value, _ID, None)
    return found if isinstance(found, str) and found else None


class Place:
    """Where an element stands.

    Attributes:
        index: Its position on the wire.
        nth: How many elements came before it with the same position.
        kind: Class of the element.
        id: Its id, None where it has none.
        draft: The element open to changes, None while it is a text or has not been changed.
        text: The same for an element that is a text.
        announced: Whether an event has brought the element, rather than pieces of it only.
        grown: Whether pieces of it have come.
        finished: Whether an event has brought the finished element.
        stamp: Higher than that of every element that was touched before.
    """

    __slots__ = ("announced", "draft", "finished", "grown", "id", "index", "kind", "nth", "stamp", "text")

    def __init__(self, index: int, value: object, *, announced: bool = False) -> None:
        self.index = index
        self.nth = 0
        self.kind = type(value)
        self.id = identity(value)
        self.draft: Draft | None = None
        self.text: Text | None = None
        self.announced = announced
        self.grown = False
        self.finished = False
        self.stamp = 0

    @property
    def built(self) -> bool:
        """Whether events have built the element, rather than brought it with all around it."""
        return self.announced or self.grown

    def takes(self, kind: type) -> bool:
        """Whether pieces of an element of a class go here: an element of unknown kind takes those of any."""
        return self.kind is kind or self.kind in _UNKNOWN


class Elements:
    """A list of the state, open to changes.

    It holds the elements that have come, in the order of their positions on the wire. While some are missing the
    others are closer together than on the wire, so nothing is hidden, swapped, or made up to fill a gap. Elements with
    the same position are told apart by their ids.

    An element is open from when an event touches it until one brings it finished. An event that gives no position is
    about the open element that was touched last, or else about the first one.

    Attributes:
        made: When the list was copied.
        built: Whether events have built any element.
    """

    __slots__ = (
        "_build",
        "_first",
        "_ids",
        "_last",
        "_latest",
        "_of_kind",
        "_only_built",
        "_open",
        "_owner",
        "_places",
        "_positions",
        "_stamp",
        "_values",
        "built",
        "made",
    )

    def __init__(self, build: Build, owner: Draft, values: list[Any], *, announced: bool = False) -> None:
        self._build = build
        self._owner = owner
        self._open: dict[type, dict[Place, None]] = {}
        self._stamp = 0
        self._values = values
        self.made = NOT_OURS
        self.built = announced and bool(values)
        self._fill([Place(index, value, announced=announced) for index, value in enumerate(values)], values)

    def element(
        self, index: int | None, model: type[Model], item_id: str | None, among: tuple[type[Model], ...]
    ) -> Draft | None:
        """Go to an element, which is made if there is none; None if it is of another known kind."""
        place = self._latest.get(index)
        if (
            place is None
            or place.kind is not model
            or (item_id is not None and item_id != place.id and item_id in self._ids)
        ):
            place = self._find(index, model, item_id)
            if place is None:
                value = self._owner.blank(model, item_id)
                place = self._insert(Place(self._free(index), value), value)
            elif not place.takes(model):
                if place.kind not in among:
                    self._build.count("misfit")
                return None
            if place.kind in _UNKNOWN:
                if among and model is not among[0]:
                    # Another statement for the same piece has been carried out.
                    return None
                self._build.count("unknown")
        draft = place.draft
        if draft is None or not place.grown:
            draft = self._draft(place, model)
            place.grown = self.built = True
        if draft.made != self._build.now:
            self._values[self._at(place)] = draft.writable()
        if place is not self._last:
            self._touch(place)
        return draft

    def append(self, index: int | None, piece: str) -> bool:
        """Append to an element that is a text, which is made if there is none; tell whether it is a text."""
        place = self._find(index, str, None)
        if place is None:
            place = self._insert(Place(self._free(index), ""), "")
        if place.kind is not str:
            return False
        place.grown = self.built = True
        self._text(place).append(piece)
        self._touch(place)
        return True

    def put(self, index: int | None, value: Any, *, last: bool) -> None:
        """Put an element in its place.

        Args:
            index: Its position, None if the event does not say.
            value: The element.
            last: Whether it is finished, rather than about to grow.
        """
        place = self._place_for(index, value, last=last)
        if place is not None and place.kind is not type(value) and self._holds(place):
            # What events have built of it is no part of the new element.
            index, place = place.index, None
        if place is None:
            place = self._insert(Place(self._free(index), value), value)
        else:
            self._replace(place, value, late=not last)
        if place.draft is not None:
            place.draft.whole = True
        place.announced = self.built = True
        self._touch(place)
        if last:
            place.finished = True
            self._open.get(place.kind, {}).pop(place, None)

    def renew(self, values: Any, *, late: bool) -> bool:
        """Take another list, but keep what events have built where that has nothing; tell whether anything is kept.

        Args:
            values: The list; what is none counts as empty.
            late: It says how things were before some of the events came, so it may also have less.
        """
        if not self.built:
            return False
        if not is_list(values) or not values:
            self._build.count("emptier")
            return True
        return self._renew_front(values, late=late) if self._has_front(values) else self._renew_all(values, late=late)

    def writable(self) -> list[Any]:
        """Give the list, copied if anybody else has it."""
        if self.made != self._build.now:
            self._values = self._values.copy()
            self.made = self._build.now
        return self._values

    def store(self, key: Place, text: str | None) -> None:
        """Put a text in its place."""
        self._values[self._at(key)] = text

    def discard(self) -> None:
        """Take back what waits, here and below: the list is no longer part of the state."""
        for place in self._places:
            self._close(place)

    # --- Finding an element ---

    def _find(self, index: int | None, kind: type, item_id: str | None) -> Place | None:
        """Find the element that an event with a piece is about, also if it does not take it; None if there is none."""
        known = None if item_id is None else self._ids.get(item_id)
        if known is not None and not known.takes(kind):
            known = None
        if index is None or index < 0:
            self._build.count("position")
            if known is not None:
                return known
            opened = self._last_open(kind)
            if item_id is not None:
                return opened if opened is not None and opened.id is None else None
            return opened or next(filter(None, map(self._first.get, (kind, *_UNKNOWN))), None)
        latest = self._latest.get(index)
        if known is not None and latest is not None:
            return known
        return next(filter(None, (self._of_kind.get((index, each)) for each in (kind, *_UNKNOWN))), latest)

    def _place_for(self, index: int | None, value: object, *, last: bool) -> Place | None:
        """Find the element that another one replaces; None if it is a new one."""
        kind, own = type(value), identity(value)
        known = None if own is None else self._ids.get(own)
        if index is None or index < 0:
            self._build.count("position")
            if known is not None:
                return known
            opened = self._last_open(kind)
            if opened is not None and (last or not opened.announced) and (own is None or opened.id is None):
                return opened
            # It came twice, or it is a new one.
            before = self._last
            same = before is not None and before.announced and not before.grown and self._value(before) == value
            return before if same else None
        latest = self._latest.get(index)
        if latest is None:
            return None
        match = self._of_kind.get((index, kind))
        if match is None:
            return known if known is not None and known.index == index else self._rival(latest, own)
        if own is not None and match.id == own:
            return match
        if own is None or match.id is None:
            return None if match.finished and self._contradicts(match, value) else match
        if known is not None and known.index == index:
            return known
        # Some servers give an item a new id in every event. That of the next item comes when this one is finished, or
        # when it is said to begin.
        return match if (not match.finished if last else not match.announced) else None

    def _rival(self, place: Place, own: str | None) -> Place | None:
        """Decide whether an element gives way to one of another kind in its position."""
        differs = own is not None and place.id not in (None, own)
        return None if differs or place.finished or self._holds(place) else place

    def _contradicts(self, place: Place, value: Any) -> bool:
        """Whether two elements of a kind, one of them without an id, differ in a text that is no part of what grows."""
        shape = SHAPES.get(cast("type[Model]", place.kind))
        before = self._value(place)
        growing = self._build.growing.get(place.kind, ())
        names = (each.name for each in shape.fields.values() if each.type is STRING) if shape is not None else ()
        pairs = ((getattr(before, name, None), getattr(value, name, None)) for name in names if name not in growing)
        return any(one and other and one != other for one, other in pairs)

    def _holds(self, place: Place) -> bool:
        """Whether there is anything in what events build up of an element."""
        names = self._build.growing.get(place.kind, ())
        return place.grown or any(getattr(self._value(place), name, None) for name in names)

    def _last_open(self, kind: type) -> Place | None:
        """Give the open element that was touched last, of those that take pieces of a class."""
        opened = (next(reversed(places)) for each in (kind, *_UNKNOWN) if (places := self._open.get(each)))
        return max(opened, key=lambda place: place.stamp, default=None)

    def _matches(self, values: list[Any]) -> list[Place | None]:
        """Give the built element that each one of another list stands for: by its id, its position, or its kind."""
        matches: list[Place | None] = [None] * len(values)
        taken: set[Place] = set()

        def match(index: int, place: Place | None) -> None:
            if place is None or matches[index] is not None or place in taken:
                return
            if place.built and place.kind is type(values[index]):
                matches[index] = place
                taken.add(place)

        for index, own in enumerate(map(identity, values)):
            if own is not None:
                latest = self._latest.get(index)
                match(index, latest if latest is not None and latest.id == own else self._ids.get(own))
        rest = [place for place in self._places if place.built and place not in taken]
        for place in rest:
            if place.index < len(values):
                match(place.index, place)
        if taken.issuperset(rest):
            return matches
        spare: dict[type, deque[int]] = {}
        for index, kind in enumerate(map(type, values)):
            if matches[index] is None:
                spare.setdefault(kind, deque()).append(index)
        for place in rest:
            indexes = spare.get(place.kind)
            if place not in taken and indexes and None in (place.id, identity(values[indexes[0]])):
                match(indexes.popleft(), place)
        return matches

    def _lost(self, matches: list[Place | None], values: list[Any]) -> list[Place]:
        """Give the built elements that have no match, but for those that give way to another kind."""
        taken = set(matches)

        def gives_way(place: Place) -> bool:
            index = place.index
            free = index < len(values) and matches[index] is None
            return free and self._rival(place, identity(values[index])) is place

        return [place for place in self._places if place.built and place not in taken and not gives_way(place)]

    # --- Changing the list ---

    def _has_front(self, values: list[Any]) -> bool:
        """Whether all elements were built, and those of another list stand for the first ones of them in their order.

        Then the others need not be looked at, and a list that comes again and again with the first few takes no time.
        """
        if not self._only_built or self._positions is not None or len(values) > len(self._places):
            return False
        pairs = zip(self._places, values, strict=False)
        return all(place.kind is type(value) and self._same_id(place, identity(value)) for place, value in pairs)

    def _same_id(self, place: Place, own: str | None) -> bool:
        return own is None or place.id is None or own == place.id or own not in self._ids

    def _renew_front(self, values: list[Any], *, late: bool) -> bool:
        shorter = len(values) < len(self._places)
        if shorter:
            self._build.count("emptier")
        changed = late or shorter
        held = self.writable()
        for at, value in enumerate(values):
            held[at] = self._renewed(self._places[at], value, late=late)
            changed = changed or held[at] is not value
        return changed

    def _renew_all(self, values: list[Any], *, late: bool) -> bool:
        matches = self._matches(values)
        changed = late
        entries: list[tuple[Place, Any]] = []
        for index, (match, value) in enumerate(zip(matches, values, strict=True)):
            place = Place(index, value) if match is None else match
            renewed = value if match is None else self._renewed(match, value, late=late)
            changed = changed or renewed is not value
            if entries:
                # The order is that of the new list, whatever the positions were.
                place.index = max(place.index, entries[-1][0].index)
            entries.append((place, renewed))
        lost = [(place, self._value(place)) for place in self._lost(matches, values)]
        if lost:
            self._build.count("emptier")
            entries = sorted([*entries, *lost], key=lambda entry: entry[0].index)
        self._fill([place for place, _ in entries], [value for _, value in entries])
        return changed or bool(lost)

    def _fill(self, places: list[Place], values: list[Any]) -> None:
        self._places = places
        self._only_built = all(place.built for place in places)
        self._values = values
        self.made = NOT_OURS
        # The position on the wire of each value, None while they are 0, 1, 2 and so on.
        self._positions: list[int] | None = None
        if any(place.index != at for at, place in enumerate(places)):
            self._positions = [place.index for place in places]
        self._latest: dict[int | None, Place] = {}
        self._of_kind: dict[tuple[int, type], Place] = {}
        self._ids: dict[str, Place] = {}
        self._first: dict[type, Place] = {}
        self._last: Place | None = None
        held = set(places)
        self._open = {kind: {place: None for place in opened if place in held} for kind, opened in self._open.items()}
        for place in places:
            latest = self._latest.get(place.index)
            place.nth = 0 if latest is None else latest.nth + 1
            self._latest[place.index] = place
            self._register(place)

    def _free(self, index: int | None) -> int:
        """Give the position of a new element: behind the last one if the event does not say."""
        if index is not None and index >= 0:
            return index
        return self._places[-1].index + 1 if self._places else 0

    def _insert(self, place: Place, value: object) -> Place:
        index = place.index
        latest = self._latest.get(index)
        if latest is not None:
            self._build.count("twin")
            place.nth = latest.nth + 1
        at = len(self._places)
        if self._positions is None and index != at:
            self._positions = [each.index for each in self._places]
        if self._positions is not None:
            at = bisect_right(self._positions, index)
            self._positions.insert(at, index)
        self._places.insert(at, place)
        self._values.insert(at, value)
        self._latest[index] = place
        self._register(place)
        return place

    def _register(self, place: Place) -> None:
        self._of_kind[place.index, place.kind] = place
        if place.id is not None:
            self._ids[place.id] = place
        first = self._first.get(place.kind)
        if first is None or place.index < first.index:
            self._first[place.kind] = place

    def _replace(self, place: Place, value: object, *, late: bool) -> None:
        if place.kind is type(value):
            value = self._renewed(place, value, late=late)
        else:
            self._close(place)
            self._open.get(place.kind, {}).pop(place, None)
            self._of_kind.pop((place.index, place.kind), None)
            if self._first.get(place.kind) is place:
                del self._first[place.kind]
            place.kind = type(value)
        self._values[self._at(place)] = value
        place.id = identity(value) or place.id
        self._register(place)

    def _renewed(self, place: Place, value: Any, *, late: bool) -> Any:
        """Give an element of the same kind, with what was built in the one before where that is emptier."""
        if place.kind is str:
            text = self._text(place)
            return text.joined if text.renew(value, late=late) else value
        if not issubclass(place.kind, (Model, dict)):
            return value
        draft = self._draft(place, None)
        draft.renew(value, late=late)
        return draft.model

    def _draft(self, place: Place, model: type[Model] | None) -> Draft:
        if place.draft is None:
            echoes = not place.finished and (place.announced or self._owner.echoes)
            place.draft = self._owner.child(self._value(place), model, whole=place.announced, echoes=echoes)
        elif model is not None:
            place.draft.mean(model)
        return place.draft

    def _text(self, place: Place) -> Text:
        if place.text is None:
            echoes = place.announced and not place.finished
            place.text = Text(self._build, self, place, self._value(place), echoes=echoes)
        return place.text

    def _touch(self, place: Place) -> None:
        self._last = place
        self._stamp += 1
        place.stamp = self._stamp
        if not place.finished:
            opened = self._open.setdefault(place.kind, {})
            opened.pop(place, None)
            opened[place] = None

    def _value(self, place: Place) -> Any:
        return self._values[self._at(place)]

    def _at(self, place: Place) -> int:
        """Give where in the list an element is."""
        if self._positions is None:
            return place.index
        return bisect_left(self._positions, place.index) + place.nth

    @staticmethod
    def _close(place: Place) -> None:
        for child in (place.draft, place.text):
            if child is not None:
                child.discard()
        # Whatever the element was, no cycle of references keeps it.
        place.draft = place.text = None
