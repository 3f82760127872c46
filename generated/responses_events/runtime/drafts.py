"""An object of the state while it grows: the steps that folds take, and what stays when another one replaces it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from .attributes import Attribute, given, kind_of
from .decoding import new
from .elements import Elements
from .encoding import encode
from .growing import NOT_OURS, Build, Holder, Text, is_list
from .json_pieces import JsonPieces
from .keys import names_something
from .making import blank, copied, part_of, with_value
from .merging import merged, merged_data
from .model import Model, UnknownVariant
from .salvaging import salvaged
from .shape import ANY, SHAPES, member_of, models_in

if TYPE_CHECKING:
    from .places import Place


class Draft:
    """An object of the state, open to changes.

    A step that leads nowhere, because an object of another class is in the way, gives a draft that takes every further
    step and changes nothing. A step copies nothing: that is done by the first change, here and in all that is around.

    Attributes:
        model: The object as it stands, without the pieces of text that wait.
        made: When the object was copied.
        whole: Whether an event has brought it as an element, so that events have built all of it.
        echoes: Whether pieces may come that repeat what is in it.
    """

    __slots__ = ("_build", "_children", "_holder", "_key", "echoes", "made", "model", "whole")

    def __init__(
        self,
        build: Build,
        model: Any,
        holder: Holder | None = None,
        key: object = None,
        *,
        whole: bool = False,
        echoes: bool = False,
    ) -> None:
        """Open an object to changes.

        Args:
            build: What the parts of the state share.
            model: The object.
            holder: What it stands in, None for the whole state.
            key: Where it stands there.
            whole: Whether an event has brought it as an element.
            echoes: Whether pieces may come that repeat what is in it.
        """
        self._build = build
        self._children: dict[str, Draft | Elements | JsonPieces | Text] = {}
        self._holder = holder
        self._key = key
        self.model: Any = model
        self.made = NOT_OURS
        self.whole = whole
        self.echoes = echoes

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
    ) -> Draft:
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
    ) -> Draft:
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

    def member(self, name: str, *models: type[Model], make: bool = True) -> Draft:
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

    def every(self, name: str, *models: type[Model]) -> Iterator[Draft]:
        """Give the elements of a list that are of some classes; without classes, all that are objects.

        None of them is copied unless it is changed. The list may be changed meanwhile.
        """
        elements = self._elements(name, make=False)
        return iter(()) if elements is None else elements.every(models)

    def seek(self, name: str, value: object, *models: type[Model]) -> Iterator[Draft]:
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
    ) -> Draft | None:
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

    # --- What the state is made of ---

    def renew(self, value: object, *, late: bool) -> bool:
        """Take another object, but keep what events have built where that has nothing; tell whether anything is kept.

        Whoever asks puts the object in its place.

        Args:
            value: The object, of the same class; what is none counts as empty.
            late: It says how things were before some of the events came, so it may also have less.
        """
        growing = self._growing()
        if not isinstance(value, type(self.model)):
            keeps = value is None and any(map(self._get, (*growing, *self._children)))
            if keeps:
                self._build.count("emptier")
            return keeps
        kept: list[tuple[str, Draft | Elements | JsonPieces | Text]] = []
        for name in growing:
            child = self._child(name)
            if child is None:
                continue
            new = self._get(name, value)
            if child.renew(new, late=late):
                kept.append((name, child))
            elif not _stands_for(child, new):
                self._drop(name)
        for name in [name for name in self._children if name not in growing]:
            self._drop(name)
        self.model = value
        self.made = NOT_OURS
        self.echoes = late
        for name, child in kept:
            self._assign(self.own(), name, child.own())
        return bool(kept)

    def own(self) -> Any:
        """Give the object, copied if anybody else has it; whoever asks puts it in its place."""
        if self.made != self._build.now:
            self.model = self._copied()
            self.made = self._build.now
        return self.model

    def writable(self) -> Any:
        """Give the object, copied and put in its place if anybody else has it."""
        if self.made != self._build.now:
            self.own()
            if self._holder is not None:
                self._holder.store(self._key, self.model)
        return self.model

    def store(self, key: str, value: Any) -> None:
        """Put a value into an attribute, which has changed."""
        self._set(key, value)

    def shows(self, obj: object, name: str, value: object) -> bool:
        """Whether an object is this one, or was when a value was in an attribute that is now there."""
        if obj is self.model:
            return True
        return isinstance(value, (dict, list)) and isinstance(obj, type(self.model)) and self._get(name, obj) is value

    def note(self, key: object) -> None:
        """Take down that something with a key was found in the object."""
        if isinstance(self._holder, Elements):
            self._holder.note(cast("Place", self._key), key)
        elif isinstance(self._holder, Draft):
            self._holder.note(key)

    def child(
        self, holder: Holder, key: object, value: Any, model: type[Model] | None, *, whole: bool, echoes: bool
    ) -> Draft:
        """Open an object within this one to changes.

        Args:
            holder: What it stands in: this one, or a list in it.
            key: Where it stands there.
            value: The object.
            model: Class that the fold means it to be of, None where no fold leads to it.
            whole: Whether events have built all of it.
            echoes: Whether pieces may come that repeat what is in it.
        """
        if isinstance(value, (UnknownVariant, dict)):
            return UnknownDraft(self._build, value, holder, key, meant=model, whole=whole, echoes=echoes)
        return Draft(self._build, value, holder, key, whole=whole, echoes=echoes)

    def blank(self, model: type[Model], path: tuple[str, ...] = (), value: object = None) -> Any:
        """Make an element of which nothing is known but its class and the value at a path of attributes."""
        return blank(model, path, value)

    def mean(self, model: type[Model]) -> None:
        """Take down the class that a fold means the object to be of."""

    def models_within(self, name: str) -> tuple[type[Model], ...]:
        """Give the classes that an object in an attribute, or in a list there, may have."""
        member = member_of(self._kind(), name)
        return () if member is None else models_in(member[1].type)

    def discard(self) -> None:
        """Take back what waits, here and below: the object is no longer part of the state."""
        for child in self._children.values():
            child.discard()
        # No cycle of references keeps the object.
        self._children.clear()

    def _own_keys(self) -> list[tuple[tuple[str, ...], object]]:
        """Give what the object goes by in the list that it stands in, each with the way to it."""
        return self._holder.keys_of(self.model) if isinstance(self._holder, Elements) else []

    def _growing(self) -> tuple[str, ...]:
        """Give the attributes that events build up."""
        return self._build.growing.get(self._kind(), ())

    def _kind(self) -> type[Model]:
        return cast("type[Model]", type(self.model))

    def _get(self, name: str, model: object = None) -> Any:
        return getattr(self.model if model is None else model, name, None)

    def _set(self, name: str, value: object) -> None:
        self._assign(self.writable(), name, value)

    def _assign(self, model: Any, name: str, value: object) -> None:
        setattr(model, name, value)

    def _copied(self) -> Any:
        return copied(self.model)

    def _element_of(self, value: Any) -> Any:
        """Give what stands in a list for an element that an event brings."""
        return value

    def _class_for(self, name: str, value: object) -> type[Model] | None:
        """Give the class of the object that is made to take the members of a value; None where that fits itself."""
        models = self.models_within(name)
        return models[0] if len(models) == 1 and not isinstance(value, dict) else None

    def _elements(self, name: str, *, make: bool = True) -> Elements | None:
        elements = self._children.get(name)
        if type(elements) is not Elements:
            values: Any = self._get(name)
            if values is None:
                values = [] if make else None
            if not is_list(values):
                return None
            elements = self._children[name] = Elements(self._build, self, name, values, announced=self.whole)
        return elements

    def _text(self, name: str) -> Text | None:
        value = self._get(name)
        if value is not None and not isinstance(value, str):
            return None
        text = self._children[name] = Text(self._build, self, name, value or "", echoes=self.echoes)
        return text

    def _json(self, name: str) -> JsonPieces:
        member = member_of(self._kind(), name)
        objects = member is not None and member[1].type is not ANY
        return JsonPieces(self._build, self, name, self._get(name), objects=objects)

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

    def _child(self, name: str) -> Draft | Elements | JsonPieces | Text | None:
        """Give what events have built in an attribute."""
        child = self._children.get(name)
        if child is None and self.whole and name in self._growing():
            value: Any = self._get(name)
            if isinstance(value, str):
                return self._text(name)
            if is_list(value):
                child = Elements(self._build, self, name, value, announced=True)
            elif isinstance(value, Model):
                child = self.child(self, name, value, None, whole=True, echoes=self.echoes)
            elif isinstance(value, dict):
                child = self._json(name)
            if child is not None:
                self._children[name] = child
        return child

    def _settle(self, name: str, child: Draft | Elements | JsonPieces | Text) -> None:
        """Let what stays be part of the object."""
        self._set(name, child.own())

    def _drop(self, name: str) -> None:
        if (child := self._children.pop(name, None)) is not None:
            child.discard()

    def _nowhere(self) -> Draft:
        self._build.count("misfit")
        return NOWHERE


def _stands_for(child: Draft | Elements | JsonPieces | Text, value: object) -> bool:
    """Whether what keeps nothing of its own still tells what events have built, in what has taken its place."""
    if isinstance(child, Draft):
        return child.model is value
    return isinstance(child, (JsonPieces, Text)) or child.built


class UnknownDraft(Draft):
    """An object of a kind that the spec does not know: its members are those of its wire object.

    Attributes:
        model: An `UnknownVariant`, or the wire object of what is in the data of one, or a map.
    """

    __slots__ = ("_meant",)

    def __init__(
        self,
        build: Build,
        model: Any,
        holder: Holder | None = None,
        key: object = None,
        *,
        meant: type[Model] | None = None,
        whole: bool = False,
        echoes: bool = False,
    ) -> None:
        """Open an object to changes.

        Args:
            build: As for `Draft`, and so are `model`, `holder`, `key`, `whole` and `echoes`.
            meant: Class that the fold means the object to be of: it has the wire names.
        """
        super().__init__(build, model, holder, key, whole=whole, echoes=echoes)
        self._meant: dict[type[Model], dict[str, str]] = {}
        if meant is not None:
            self.mean(meant)

    def grow(self, name: str, piece: str) -> None:
        """Append a piece of JSON text to what is read from it, or to the text itself where that is what is there."""
        if isinstance(self._get(name), str):
            self.append(name, piece)
        else:
            super().grow(name, piece)

    def update(self, value: Any) -> None:
        """Put the members of an object into this one, but for its tag, its id, and what is null."""
        kept = {self._wire_name(path[0]) for path, _ in self._own_keys() if len(path) == 1}
        for name, each in merged_data(value, self._build).items():
            if name not in kept:
                self.set(name, each)

    def remove(self, name: str) -> None:
        """Take a member out."""
        self._drop(name)
        self._data(self.writable()).pop(self._wire_name(name), None)

    def blank(self, model: type[Model], path: tuple[str, ...] = (), value: object = None) -> Any:
        """Make an element of which nothing is known but its class and the value at a path of attributes."""
        return encode(blank(model, path, value))

    def mean(self, model: type[Model]) -> None:
        """Take down the class that a fold means the object to be of: it has the wire names."""
        if model not in self._meant:
            self._meant[model] = {field.name: key for key, field in SHAPES[model].fields.items()}

    def models_within(self, name: str) -> tuple[type[Model], ...]:
        """Give the classes that an object in an attribute, or in a list there, may have."""
        members = (member_of(model, name) for model in self._meant)
        return tuple(dict.fromkeys(model for member in members if member for model in models_in(member[1].type)))

    def _wire_name(self, name: str) -> str:
        return next((names[name] for names in self._meant.values() if name in names), name)

    def _growing(self) -> tuple[str, ...]:
        return tuple(self._children)

    def _get(self, name: str, model: object = None) -> Any:
        return self._data(self.model if model is None else model).get(self._wire_name(name))

    def _assign(self, model: Any, name: str, value: object) -> None:
        self._data(model)[self._wire_name(name)] = value

    def _element_of(self, value: Any) -> Any:
        return encode(value) if isinstance(value, Model) else value

    def _class_for(self, name: str, value: object) -> None:
        return None

    def _json(self, name: str) -> JsonPieces:
        return JsonPieces(self._build, self, name, self._get(name), objects=False)

    def _copied(self) -> Any:
        if isinstance(self.model, UnknownVariant):
            twin = copied(self.model)
            twin.data = twin.data.copy()
            return twin
        return self.model.copy()

    @staticmethod
    def _data(model: Any) -> dict[str, Any]:
        return model.data if isinstance(model, UnknownVariant) else model


class _Nowhere(Draft):
    """Where a step leads that cannot be taken."""

    __slots__ = ()

    def element(
        self,
        name: str,
        index: int | None,
        model: type[Model],
        own_id: str | None = None,
        *,
        among: tuple[type[Model], ...] = (),
        make: bool = True,
    ) -> Draft:
        return self

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
    ) -> Draft:
        return self

    def member(self, name: str, *models: type[Model], make: bool = True) -> Draft:
        return self

    def every(self, name: str, *models: type[Model]) -> Iterator[Draft]:
        return iter(())

    def seek(self, name: str, value: object, *models: type[Model]) -> Iterator[Draft]:
        return iter(())

    def existing(
        self, name: str, key: tuple[str, ...], value: object, model: type[Model], *, optional: bool = False
    ) -> None: ...

    def set(self, name: str, value: object) -> None: ...

    def append(self, name: str, piece: str) -> None: ...

    def grow(self, name: str, piece: str) -> None: ...

    def add(self, name: str, value: Any) -> None: ...

    def merge(self, name: str, value: Any) -> None: ...

    def merge_at(self, name: str, index: int | None, value: Any) -> None: ...

    def merge_keyed(self, name: str, key: tuple[str, ...], key_value: object, value: Any) -> None: ...

    def update(self, value: Any) -> None: ...

    def remove(self, name: str) -> None: ...

    def put(self, name: str, index: int | None, value: object) -> None: ...

    def finish(self, name: str, index: int | None, value: object) -> None: ...

    def put_keyed(self, name: str, key: tuple[str, ...], value: object, element: object) -> None: ...

    def finish_keyed(self, name: str, key: tuple[str, ...], value: object, element: object) -> None: ...

    def extend(self, name: str, index: int | None, piece: str) -> None: ...

    def remove_at(self, name: str, index: int | None) -> None: ...

    def remove_keyed(self, name: str, key: tuple[str, ...], value: object) -> None: ...


NOWHERE = _Nowhere(Build({}, {}, Counter()), new(Model))
