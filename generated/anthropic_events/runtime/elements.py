"""A list of the state while it grows: which of its elements an event is about, and which of them have to stay."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from .attributes import given
from .growing import NOT_OURS, Build, Text, is_list
from .keys import Key, KeyIndex, names_something
from .matching import Matching
from .model import Model
from .places import UNKNOWN, Place, Places
from .shape import SHAPES, STRING

if TYPE_CHECKING:
    from .drafts import Draft
    from .renewing import Renewable


class Elements:
    """A list of the state, open to changes.

    It holds the elements that have come, in the order of their positions on the wire. While some are missing the
    others are closer together than on the wire, so nothing is hidden, swapped, or made up to fill a gap. Elements with
    the same position are told apart by their ids. Elements that events name by a key stand in the order in which they
    came, and go by that key.

    Attributes:
        made: When the list was copied.
        built: Whether events have built any element.
    """

    __slots__ = (
        "_build",
        "_hints",
        "_indexes",
        "_key",
        "_moved",
        "_name",
        "_owner",
        "_places",
        "_values",
        "built",
        "made",
    )

    def __init__(
        self, build: Build, owner: Renewable, name: str, values: list[Any], *, announced: bool = False
    ) -> None:
        self._build = build
        self._owner = owner
        self._name = name
        self._values = values
        self.made = NOT_OURS
        self.built = announced and bool(values)
        self._indexes: dict[tuple[str, ...], KeyIndex] = {}
        # What the elements go by, None while that is their id.
        self._key: Key | None = None
        # The elements in which something was found that goes by a key.
        self._hints: dict[object, Place] = {}
        # The elements that were handed out since their keys were looked at.
        self._moved: dict[Place, None] = {}
        self._places = Places([self._place(index, value, announced) for index, value in enumerate(values)])

    # --- What folds do ---

    def element(
        self,
        index: int | None,
        model: type[Model],
        own_id: str | None,
        among: tuple[type[Model], ...],
        *,
        make: bool = True,
    ) -> Draft | None:
        """Go to an element by its position; None if it is of another known kind, or there is none and none is made."""
        self._close_gaps()
        place = self._places.latest(index)
        if (
            place is None
            or place.kind is not model
            or (own_id is not None and own_id != place.id and self._places.named(own_id) is not None)
        ):
            place = self._find(index, model, own_id)
            if place is None:
                if not make:
                    return None
                path = self._build.id_of(model) if own_id is not None else ()
                place = self._insert(index, self._owner.blank(model, path, own_id))
        if index is None or index < 0:
            self._build.count("position", place)
        return self._entered(place, model, among)

    def keyed(
        self,
        path: tuple[str, ...],
        key: object,
        model: type[Model],
        among: tuple[type[Model], ...],
        *,
        make: bool,
        optional: bool = False,
        own_id: str | None = None,
        begins: bool = True,
        own_text: tuple[tuple[str, ...], str] | None = None,
    ) -> Draft | None:
        """Go to an element by its key; None if it is of another known kind, or there is none and none is made."""
        index = self._index(path)
        named = names_something(key)
        if named:
            place = self._by_key(index, key, model)
        else:
            kinds = among or (model,)
            place = self._places.last_used(*kinds, *UNKNOWN) or self._first(*kinds)
        other = (
            place is not None and own_id is not None and self._build.identity(self._value(place)) not in (None, own_id)
        )
        if other:
            place = self._with_id(index, key, own_id, model) or (None if begins else place)
        elif place is not None and own_text is not None and self._is_another(place, *own_text):
            other, place = True, None
        if place is None:
            if not make:
                return None
            place = self._insert(None, self._owner.blank(model, path if named else (), key))
            if other:
                self._build.count("twin")
        if other and named:
            index.prefer(key, place)
        if make and not named and not (optional and key is None):
            self._build.count("position", place)
        return self._entered(place, model, among)

    def every(self, models: tuple[type[Model], ...]) -> Iterator[Draft]:
        """Give the elements of some classes, or all that can be changed; none of them counts as built or used."""
        for place in self._places.all.copy():
            if not place.gone and (place.kind in models if models else issubclass(place.kind, (Model, dict))):
                self._moved[place] = None
                yield self._draft(place, None)

    def seek(self, key: object, models: tuple[type[Model], ...]) -> Iterator[Draft]:
        """Give the elements in which something with a key may be, the likeliest first: where it was found before.

        For a key that names nothing those that were used last come first.
        """
        if names_something(key):
            hint = self._hints.get(key)
            if hint is not None and not hint.gone:
                yield self._draft(hint, models[0])
            order: list[Place] = self._places.all.copy()
        else:
            order = sorted(self._places.all, key=lambda place: place.stamp, reverse=True)
        for place in order:
            if not place.gone and (place.kind in models or place.kind in UNKNOWN):
                yield self._draft(place, models[0])

    def note(self, place: Place, key: object) -> None:
        """Take down that something with a key was found in an element, which so is used."""
        if names_something(key):
            self._hints[key] = place
        self._places.touch(place)
        self._owner.note(key)

    def append(self, index: int | None, piece: str) -> bool:
        """Append to an element that is a text, which is made if there is none; tell whether it is a text."""
        self._close_gaps()
        place = self._find(index, str, None)
        if place is None:
            place = self._insert(index, "")
        if index is None or index < 0:
            self._build.count("position", place)
        if place.kind is not str:
            return False
        place.grown = self.built = True
        self._text(place).append(piece)
        self._places.touch(place)
        return True

    def put(self, index: int | None, value: Any, *, last: bool) -> None:
        """Put an element in its place.

        Args:
            index: Its position, None if the event does not say.
            value: The element.
            last: Whether it is finished, rather than about to grow.
        """
        self._close_gaps()
        self._put(self._place_for(index, value, last=last), index, value, last=last)

    def put_keyed(self, path: tuple[str, ...], key: object, value: Any, *, last: bool) -> None:
        """Put an element in the place of the one with its key; without a key of its own it gets that.

        Args:
            path: Where the key is.
            key: The key; one that names nothing is that of the element itself.
            value: The element.
            last: As for `put`.
        """
        index = self._index(path)
        own = index.key.of(value)
        if not names_something(key):
            self._build.count("position")
            key = own
        if key is None:
            self.put(None, value, last=last)
            return
        if own is None:
            value = index.key.given_to(value, key)
        kind: type[Any] = type(cast("object", value))
        place = self._by_key(index, key, kind)
        if own not in (None, key):
            self._build.count("key")
            known = self._by_key(index, own, kind)
            # A key that is not that of the element, nor known, is that of the next one when this one has come already.
            there = place is not None and (place.finished if last else place.announced)
            place = None if known is None and there else known or place
        place = self._put(place, None, value, last=last)
        if own not in (None, key):
            index.alias(key, place)

    def add(self, values: list[Any]) -> None:
        """Add elements at the end."""
        for value in values:
            own = self._identity(value)
            place = None if own is None else self._places.named(own)
            if place is not None:
                self._build.count("again")
            self._put(place, None, value, last=False)

    def remove(self, index: int) -> bool:
        """Take the element out that came last for a position; tell whether there is one."""
        self._close_gaps()
        return self._remove(self._places.latest(index))

    def remove_keyed(self, path: tuple[str, ...], key: object) -> bool:
        """Take the element out that has a key; tell whether there is one."""
        return self._remove(self._by_key(self._index(path), key, Model))

    # --- What the state is made of ---

    def renew(self, values: Any, *, late: bool) -> bool:
        """Take another list, but keep what events have built where that has nothing; tell whether anything is kept.

        Args:
            values: The list; what is none counts as empty.
            late: It says how things were before some of the events came, so it may also have less.
        """
        self._close_gaps()
        # What was built may have been taken out since.
        self.built = self.built and bool(self._values)
        if not self.built:
            return False
        if not is_list(values) or not values:
            self._build.count("emptier")
            return True
        names = [self._identity(value) for value in values]
        if self._has_front(values, names):
            return self._renew_front(values, late=late)
        return self._renew_all(values, names, late=late)

    def keys_of(self, value: object) -> list[tuple[tuple[str, ...], object]]:
        """Give the keys of an element by which events name it, each with the way to it."""
        keys = ((path, index.key.of(value)) for path, index in self._indexes.items())
        return [(path, key) for path, key in keys if key is not None]

    def own(self) -> list[Any]:
        """Give the list, copied if anybody else has it; whoever asks puts it in its place."""
        self._close_gaps()
        if self.made != self._build.now:
            self._values = self._values.copy()
            self.made = self._build.now
        return self._values

    def store(self, key: Place, value: Any) -> None:
        """Put an element in its place, which has changed."""
        if not key.gone:
            key.grown = self.built = True
            self._writable()[self._places.at(key)] = value

    def join(self) -> None:
        """Close the gaps of what was taken out."""
        self._close_gaps()

    def discard(self) -> None:
        """Take back what waits, here and below: the list is no longer part of the state."""
        self._build.waiting.pop(self, None)
        for place in self._places.all:
            place.close()

    # --- Finding an element ---

    def _find(self, index: int | None, kind: type, own_id: str | None) -> Place | None:
        """Find the element that an event with a piece is about, also if it does not take it; None if there is none."""
        places = self._places
        known = None if own_id is None else places.named(own_id)
        if known is not None and not known.takes(kind):
            known = None
        if index is None or index < 0:
            if known is not None:
                return known
            opened = places.last_open(kind, *UNKNOWN)
            if own_id is not None:
                return opened if opened is not None and opened.id is None else None
            return opened or places.first(kind, *UNKNOWN)
        latest = places.latest(index)
        if known is not None and latest is not None:
            return known
        return places.of_kind(index, kind, *UNKNOWN) or latest

    def _place_for(self, index: int | None, value: object, *, last: bool) -> Place | None:
        """Find the element that another one replaces; None if it is a new one."""
        places = self._places
        kind, own = type(value), self._identity(value)
        known = None if own is None else places.named(own)
        if index is None or index < 0:
            self._build.count("position")
            if known is not None:
                return known
            opened = places.last_open(kind, *UNKNOWN)
            if opened is not None and (last or not opened.announced) and (own is None or opened.id is None):
                return opened
            # It came twice, or it is a new one.
            before = places.last
            same = before is not None and before.announced and not before.grown and self._value(before) == value
            return before if same else None
        latest = places.latest(index)
        if latest is None:
            return None
        match = places.of_kind(index, kind)
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

    def _rival(self, place: Place, own: object) -> Place | None:
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

    def _identity(self, value: object) -> object:
        """Give what an element goes by, None where it has nothing of that."""
        return self._build.identity(value) if self._key is None else self._key.of(value)

    def _index(self, path: tuple[str, ...]) -> KeyIndex:
        """Give the elements by their keys. The first key that events name is what the elements go by from then on."""
        index = self._indexes.get(path)
        if index is None:
            key = Key(path, self._owner.models_within(self._name))
            here = [place for place in self._places.all if not place.gone]
            index = self._indexes[path] = KeyIndex(key, here, self._value)
            if self._key is None:
                self._key = key
                self._places.rename([None if place.gone else key.of(self._value(place)) for place in self._places.all])
        return index

    def _by_key(self, index: KeyIndex, key: object, kind: type) -> Place | None:
        place = index.find(key, kind)
        if place is None and self._moved:
            for each in self._indexes.values():
                for moved in self._moved:
                    each.add(moved)
            self._moved.clear()
            place = index.find(key, kind)
        return place

    def _with_id(self, index: KeyIndex, key: object, own_id: object, model: type[Model]) -> Place | None:
        """Find the element with an id among those with a key, or with any where that names nothing."""
        place = self._by_key(self._index(self._build.id_of(model)), own_id, model)
        same = place is not None and (not names_something(key) or index.key.of(self._value(place)) == key)
        return place if same else None

    def _is_another(self, place: Place, path: tuple[str, ...], text: str) -> bool:
        """Whether an element without an id has another text already than the one that an event brings."""
        element = self._value(place)
        return text != "" and self._build.identity(element) is None and given(element, *path) not in (None, "", text)

    def _first(self, *kinds: type) -> Place | None:
        place = self._places.first(*kinds, *UNKNOWN)
        if place is not None and place.gone:
            self._close_gaps()
            place = self._places.first(*kinds, *UNKNOWN)
        return place

    # --- Changing the list ---

    def _entered(self, place: Place, model: type[Model], among: tuple[type[Model], ...]) -> Draft | None:
        """Give an element that an event is about; None if it is of another known kind."""
        if place.kind is not model:
            if not place.takes(model):
                if place.kind not in among:
                    self._build.count("misfit", place)
                return None
            if among and model is not among[0]:
                # Another statement for the same piece has been carried out.
                return None
            self._build.count("unknown", place)
        draft = place.draft
        if draft is None or not place.grown or place.kind in UNKNOWN:
            draft = self._draft(place, model)
            place.grown = self.built = True
        if place is not self._places.last:
            self._places.touch(place)
        if self._indexes:
            self._moved[place] = None
        return draft

    def _put(self, place: Place | None, index: int | None, value: Any, *, last: bool) -> Place:
        if place is not None and place.kind is not type(value) and self._holds(place):
            # What events have built of it is no part of the new element.
            index, place = place.index, None
        if place is None:
            place = self._insert(index, value)
        else:
            self._replace(place, value, late=not last)
        if place.draft is not None:
            place.draft.whole = True
        place.announced = self.built = True
        self._places.touch(place)
        if last:
            self._places.finish(place)
        if self._indexes:
            self._moved[place] = None
        return place

    def _insert(self, index: int | None, value: object) -> Place:
        values = self._writable()
        index = self._places.free(index)
        if self._places.latest(index) is not None:
            self._build.count("twin")
        place = self._place(index, value, announced=False)
        values.insert(self._places.insert(place), value)
        return place

    def _place(self, index: int, value: object, announced: bool) -> Place:
        return Place(index, type(value), self._identity(value), announced=announced)

    def _replace(self, place: Place, value: object, *, late: bool) -> None:
        if place.kind is type(value):
            value = self._renewed(place, value, late=late)
        else:
            place.close()
            self._places.change_kind(place, type(value))
        self._writable()[self._places.at(place)] = value
        place.id = self._identity(value) or place.id
        self._places.register(place)

    def _remove(self, place: Place | None) -> bool:
        if place is None:
            return False
        values = self._writable()
        place.close()
        self._places.remove(place)
        self._moved.pop(place, None)
        # What is new goes behind the last one that is there.
        while self._places.pop():
            values.pop()
        self._build.waiting[self] = None
        return True

    def _close_gaps(self) -> None:
        if self._places.gone:
            values = self._values
            values[:] = [value for place, value in zip(self._places.all, values, strict=True) if not place.gone]
            self._places.compact()

    def _has_front(self, values: list[Any], names: list[object]) -> bool:
        """Whether all elements were built, and those of another list stand for the first ones of them in their order.

        Then the others need not be looked at, and a list that comes again and again with the first few takes no time.
        """
        places = self._places
        if not places.only_built or not places.in_order or len(values) > len(places.all):
            return False
        triples = zip(places.all, values, names, strict=False)
        return all(place.kind is type(value) and self._same_name(place, own) for place, value, own in triples)

    def _same_name(self, place: Place, own: object) -> bool:
        if own is None or place.id is None or own == place.id:
            return True
        return self._key is None and self._places.named(own) is None

    def _renew_front(self, values: list[Any], *, late: bool) -> bool:
        shorter = len(values) < len(self._values)
        if shorter:
            self._build.count("emptier")
        renewed = [
            self._renewed(place, value, late=late) for place, value in zip(self._places.all, values, strict=False)
        ]
        if late or shorter or any(one is not other for one, other in zip(renewed, values, strict=True)):
            self.own()[: len(renewed)] = renewed
            return True
        self._values, self.made = values, NOT_OURS
        return False

    def _renew_all(self, values: list[Any], names: list[object], *, late: bool) -> bool:
        matching = Matching(self._places, values, names, keyed=self._key is not None, rival=self._rival)
        lost = [(place, self._value(place)) for place in matching.lost]
        changed = late or bool(lost)
        entries: list[tuple[Place, Any]] = []
        for index, (match, value) in enumerate(zip(matching.places, values, strict=True)):
            place = self._place(index, value, announced=False) if match is None else match
            renewed = value if match is None else self._renewed(match, value, late=late)
            changed = changed or renewed is not value
            if entries:
                # The order is that of the new list, whatever the positions were.
                place.index = max(place.index, entries[-1][0].index)
            entries.append((place, renewed))
        if lost:
            self._build.count("emptier")
            entries = sorted([*entries, *lost], key=lambda entry: entry[0].index)
        self._values, self.made = [value for _, value in entries], NOT_OURS
        self._places.fill([place for place, _ in entries])
        self._indexes.clear()
        self._moved.clear()
        return changed

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
            whole = place.announced
            place.draft = self._owner.child(self, place, self._value(place), model, whole=whole, echoes=echoes)
        elif model is not None:
            place.draft.mean(model)
        return place.draft

    def _text(self, place: Place) -> Text:
        if place.text is None:
            echoes = place.announced and not place.finished
            place.text = Text(self._build, self, place, self._value(place), echoes=echoes)
        return place.text

    def _value(self, place: Place) -> Any:
        return self._values[self._places.at(place)]

    def _writable(self) -> list[Any]:
        """Give the list, copied and put in its place if anybody else has it."""
        if self.made != self._build.now:
            self._values = self._values.copy()
            self.made = self._build.now
            self._owner.store(self._name, self._values)
        return self._values
