"""The steps that folds take through the state, and what their statements do there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .attributes import Attribute, given, kind_of
from .elements import Elements
from .foldable import NOWHERE, Foldable
from .growing import Text, is_list
from .json_pieces import JsonPieces
from .keys import names_something
from .making import copied, part_of, with_value
from .merging import merged, merged_data
from .model import Model, UnknownVariant
from .renewing import Renewable
from .salvaging import salvaged
from .shape import SHAPES, member_of


class Draft(Renewable, Foldable):
    """An object of the state, open to changes.

    A step that leads nowhere, because an object of another class is in the way, gives what takes every further step
    and changes nothing. A step copies nothing: that is done by the first change, here and in all that is around.
    """

    __slots__ = ()

    # --- The steps of a path ---

    def element(
        self,
        name: str,
        index: int | None,
        model: type[Model],
        own_id: str | None = None,
        *,
        among: tuple[type[Model], ...] = (),
        make: bool = True,
    ) -> Foldable:
        """Go to an element of a list by its position.

        Args:
            name: Attribute that holds the list.
            index: Position on the wire. If it is None, the element is the one with the id `own_id`, or the open one.
            model: Class that the element must have.
            own_id: Id of the element, also for one that is made.
            among: Classes that it may have as well: other statements are about those, the first for what is unknown.
            make: Whether it is made where there is none.
        """
        elements = self._children.get(name)
        if type(elements) is not Elements:
            elements = self._elements(name, make=make)
        if elements is None:
            return self._nowhere() if make else NOWHERE
        return elements.element(index, model, own_id or None, among, make=make) or NOWHERE

    def keyed(
        self,
        name: str,
        key: tuple[str, ...],
        value: object,
        model: type[Model],
        *,
        among: tuple[type[Model], ...] = (),
        make: bool = True,
        optional: bool = False,
        own_id: str | None = None,
        begins: bool = True,
        own_text: tuple[tuple[str, ...], str] | None = None,
    ) -> Foldable:
        """Go to an element of a list by its key.

        Args:
            name: Attribute that holds the list.
            key: Attributes that lead to the key in the element.
            value: The key: a text, a number or a boolean. If it is None or an empty text, the element is the one of the
                class that was used last, or else the first one, or else a new one without a key.
            model: Class that the element must have.
            among: As for `element`.
            make: Whether it is made where there is none, with its key.
            optional: Whether events need not have the key.
            own_id: Id of the element, where several may have the key.
            begins: Whether an element with another id begins, rather than one that has changed its id.
            own_text: What tells elements without an id apart: attributes that lead to a text, and that of the event.
        """
        elements = self._elements(name, make=make)
        if elements is None:
            return self._nowhere() if make else NOWHERE
        found = elements.keyed(
            key,
            value,
            model,
            among,
            make=make,
            optional=optional,
            own_id=own_id or None,
            begins=begins,
            own_text=own_text,
        )
        return found or NOWHERE

    def member(self, name: str, *models: type[Model], make: bool = True) -> Foldable:
        """Go to the object in an attribute.

        Args:
            name: The attribute.
            models: Classes that the object may have.
            make: Whether it is made where there is none, if there is one class.
        """
        draft = self._children.get(name)
        if not isinstance(draft, Draft):
            value = self._get(name)
            if value is None:
                if not make or len(models) != 1:
                    return self._nowhere() if make else NOWHERE
                value = self.blank(models[0])
                self._set(name, value)
            if not isinstance(value, (*models, UnknownVariant, dict)):
                return self._nowhere()
            draft = self.child(self, name, value, models[0], whole=self.whole, echoes=self.echoes)
            self._children[name] = draft
        elif not isinstance(draft.model, (*models, UnknownVariant, dict)):
            return self._nowhere()
        return draft

    def every(self, name: str, *models: type[Model]) -> Iterator[Foldable]:
        """Give the elements of a list that are of some classes; without classes, all that are objects.

        None of them is copied unless it is changed. The list may be changed meanwhile.
        """
        elements = self._elements(name, make=False)
        return iter(()) if elements is None else elements.every(models)

    def seek(self, name: str, value: object, *models: type[Model]) -> Iterator[Foldable]:
        """Give the elements of a list in which `existing` may find something, the likeliest first.

        Stop where it does. One may come twice, and those of unknown kind come as well.

        Args:
            name: Attribute that holds the list.
            value: The key that is looked for; for None and an empty text the elements come that were used last.
            models: Classes that the elements may have.
        """
        elements = self._elements(name, make=False)
        return iter(()) if elements is None else elements.seek(value, models)

    def existing(
        self, name: str, key: tuple[str, ...], value: object, model: type[Model], *, optional: bool = False
    ) -> Foldable | None:
        """Find an element of a list by its key, as `keyed` does, but make none.

        Returns:
            The element, None where there is none, or one of another known kind.
        """
        elements = self._elements(name, make=False)
        found = None if elements is None else elements.keyed(key, value, model, (), make=False)
        if found is not None:
            self.note(value)
            if not names_something(value) and not (optional and value is None):
                self._build.count("position", found)
        return found

    # --- What a statement does at the end of its path ---

    def set(self, name: str, value: Any) -> None:
        """Put a value into an attribute; one that is emptier does not take away what events have built there."""
        value = salvaged(value, self._build)
        child = self._child(name)
        if child is not None and name in self._growing() and child.renew(value, late=False):
            self._settle(name, child)
            return
        self._drop(name)
        if name in self._growing():
            if isinstance(value, str):
                self._children[name] = Text(self._build, self, name, value, echoes=False)
            elif is_list(value):
                self._children[name] = Elements(self._build, self, name, value, announced=True)
        self._set(name, value)

    def fill(self, name: str, value: Any) -> None:
        """Put a value into an attribute that has none so far; an empty text, or an empty list, is none."""
        if value not in ("", []) and self._get(name) in (None, "", []):
            self.set(name, value)

    def append(self, name: str, piece: str) -> None:
        """Append to the text in an attribute; None counts as empty."""
        text = self._children.get(name)
        if type(text) is not Text:
            text = self._text(name)
            if text is None:
                self._nowhere()
                return
        if text.echo >= 0 or not text.pieces:
            self.writable()
            text.append(piece)
        else:
            text.pieces.append(piece)

    def grow(self, name: str, piece: str) -> None:
        """Append a piece of JSON text to what an attribute is read from, which so far may be absent, null or empty.

        The attribute holds what the text amounts to as far as it goes. Pieces without a value change nothing.
        """
        pieces = self._children.get(name)
        if type(pieces) is not JsonPieces:
            pieces = self._children[name] = self._json(name)
        self.writable()
        pieces.append(piece)

    def add(self, name: str, value: Any) -> None:
        """Add an element, or each element of a list, at the end of the list in an attribute; None counts as empty."""
        elements = self._elements(name)
        if elements is None:
            self._nowhere()
        else:
            values = salvaged(value if is_list(value) else [value], self._build)
            elements.add([self._element_of(each) for each in values])

    def merge(self, name: str, value: Any) -> None:
        """Put the members of an object into the one in an attribute, or the object itself where there is none.

        Args:
            name: The attribute.
            value: The object, of any class, or a map. What it has not, or null, replaces nothing; neither does its tag,
                nor its id another one. Members that the spec does not declare come along.
        """
        draft = self._children.get(name)
        if isinstance(draft, JsonPieces) and isinstance(held := draft.own(), dict):
            self.set(name, {**held, **merged_data(value, self._build)})
            return
        if not isinstance(draft, Draft):
            held = self._get(name)
            if held is None:
                model = self._class_for(name, value)
                if model is None or isinstance(value, model):
                    self.set(name, value)
                    return
                held = self.blank(model)
                self._set(name, held)
            if not isinstance(held, (Model, dict)):
                self._nowhere()
                return
            draft = self.child(self, name, held, None, whole=self.whole, echoes=self.echoes)
            self._children[name] = draft
        draft.update(value)

    def merge_at(self, name: str, index: int | None, value: Any) -> None:
        """Merge an object into the element at a position of a list, which is made if there is none.

        An object of an unknown kind takes the place of what is there.
        """
        if isinstance(value, UnknownVariant):
            self.put(name, index, value)
        else:
            self.element(name, index, kind_of(value), self._build.identity(value)).update(value)

    def merge_keyed(self, name: str, key: tuple[str, ...], key_value: object, value: Any) -> None:
        """Merge an object into the element of a list with a key, as `merge_at` does."""
        if isinstance(value, UnknownVariant):
            self.put_keyed(name, key, key_value, value)
        else:
            self.keyed(name, key, key_value, kind_of(value)).update(value)

    def update(self, value: Any) -> None:
        """Put the members of an object into this one, as `merge` does. An element of a list keeps its key."""
        found = merged(value, self.model, self._build)
        for path, key in self._own_keys():
            if len(path) == 1:
                found.attributes.pop(path[0], None)
            elif isinstance(inner := found.attributes.get(path[0]), Model) and given(inner, *path[1:]) != key:
                found.attributes[path[0]] = with_value(copied(inner), path[1:], key)
        for name, each in found.attributes.items():
            self.set(name, each)
        if found.others:
            model = self.writable()
            model.leftover = {**(model.leftover or {}), **found.others}

    def remove(self, name: str) -> None:
        """Clear an attribute: it is None where the spec lets it be absent or null, and else not set."""
        self._drop(name)
        member = member_of(self._kind(), name)
        if member is None:
            return
        wire_name, field = member
        model = self.writable()
        if field.optional or field.nullable:
            setattr(model, name, None)
        elif hasattr(model, name):
            delattr(model, name)
        if model.leftover is not None:
            model.leftover = {key: each for key, each in model.leftover.items() if key != wire_name} or None

    def put(self, name: str, index: int | None, value: object) -> None:
        """Put an element that begins into a list; without a position, in place of the open one, or else at the end."""
        self._put(name, index, value, last=False)

    def finish(self, name: str, index: int | None, value: object) -> None:
        """Put an element that is finished into a list; without a position, in place of the open one."""
        self._put(name, index, value, last=True)

    def put_keyed(self, name: str, key: tuple[str, ...], value: object, element: object) -> None:
        """Put an element that begins into a list, in place of the one with its key, or else at the end.

        Args:
            name: Attribute that holds the list.
            key: Attributes that lead to the key in the element.
            value: The key, which an element gets that has none. If it is None or an empty text, the key of the element
                counts; if that has none, the element is put as `put` does it without a position.
            element: The element.
        """
        self._put_keyed(name, key, value, element, last=False)

    def finish_keyed(self, name: str, key: tuple[str, ...], value: object, element: object) -> None:
        """Put an element that is finished into a list, as `put_keyed` does."""
        self._put_keyed(name, key, value, element, last=True)

    def extend(self, name: str, index: int | None, piece: str) -> None:
        """Append to a text in a list."""
        elements = self._elements(name)
        if elements is None or not elements.append(index, piece):
            self._nowhere()

    def remove_at(self, name: str, index: int | None) -> None:
        """Take the element at a position out of a list; those behind it move up. Without a position nothing goes."""
        if index is None or index < 0:
            self._build.count("position")
        elif (elements := self._elements(name, make=False)) is None or not elements.remove(index):
            self._build.count("absent")

    def remove_keyed(self, name: str, key: tuple[str, ...], value: object) -> None:
        """Take the element with a key out of a list. Without a key nothing goes."""
        if not names_something(value):
            self._build.count("position")
        elif (elements := self._elements(name, make=False)) is None or not elements.remove_keyed(key, value):
            self._build.count("absent")

    def begin(self, value: Model) -> None:
        """Take an object that says how things are while the stream goes on. It may come late."""
        self.renew(salvaged(value, self._build), late=True)

    def replace(self, value: Model) -> None:
        """Take an object that says how things are in the end."""
        self.renew(salvaged(value, self._build), late=False)

    def gather(self, members: dict[str, Any], *, late: bool) -> None:
        """Take those of some wire members that the object has, as if another object had come with them.

        Args:
            members: Members of any object.
            late: As for `renew`.
        """
        model = self._kind()
        fields = SHAPES[model].fields
        found = {key: value for key, value in members.items() if key in fields}
        if found:
            self._build.count("snapshot")
            self._build.join()
            part = salvaged(part_of(model, found), self._build)
            value = copied(self.model)
            for name in (fields[key].name for key in found):
                setattr(value, name, getattr(part, name, None))
            self.renew(value, late=late)

    def fitting(self, event: Model, *path: Attribute) -> Any:
        """Give the list that an event has at a path of attributes, without what does not fit; None if it has none."""
        owner = given(event, *path[:-1])
        found = given(owner, path[-1])
        if owner is not None and (found is not None or owner.leftover is not None):
            _, fitting = self._build.taken.get(id(owner), (None, None))
            if fitting is None:
                fitting = salvaged(owner, self._build)
                # With the object itself, so that no other one gets its `id`.
                self._build.taken[id(owner)] = owner, fitting
            found = given(fitting, path[-1])
        return found if is_list(found) else None

    # --- How they do it ---

    def _element_of(self, value: Any) -> Any:
        """Give what stands in a list for an element that an event brings."""
        return value

    def _class_for(self, name: str, value: object) -> type[Model] | None:
        """Give the class of the object that is made to take the members of a value; None where that fits itself."""
        models = self.models_within(name)
        return models[0] if len(models) == 1 and not isinstance(value, dict) else None

    def _put(self, name: str, index: int | None, value: object, *, last: bool) -> None:
        elements = self._elements(name)
        if elements is None:
            self._nowhere()
        else:
            elements.put(index, self._element_of(salvaged(value, self._build)), last=last)

    def _put_keyed(self, name: str, key: tuple[str, ...], value: object, element: object, *, last: bool) -> None:
        elements = self._elements(name)
        if elements is None:
            self._nowhere()
        else:
            elements.put_keyed(key, value, self._element_of(salvaged(element, self._build)), last=last)

    def _nowhere(self) -> Foldable:
        self._build.count("misfit")
        return NOWHERE
