"""An object of the state while it grows: when it is copied, and what of it stays when another one replaces it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from .elements import Elements
from .growing import NOT_OURS, Build, Holder, Text, is_list
from .json_pieces import JsonPieces
from .making import blank, copied
from .model import Model
from .shape import ANY, member_of, models_in

if TYPE_CHECKING:
    from .drafts import Draft
    from .places import Place


class Renewable:
    """An object of the state, which is copied before it is changed if anybody else has it.

    What events build up in it is held beside it, so that an emptier object in its place does not take that away.

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
        self._children: dict[str, Renewable | Elements | JsonPieces | Text] = {}
        self._holder = holder
        self._key = key
        self.model: Any = model
        self.made = NOT_OURS
        self.whole = whole
        self.echoes = echoes

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
        kept: list[tuple[str, Renewable | Elements | JsonPieces | Text]] = []
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
        elif isinstance(self._holder, Renewable):
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
        return self._build.open(self._build, value, holder, key, meant=model, whole=whole, echoes=echoes)

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

    def _child(self, name: str) -> Renewable | Elements | JsonPieces | Text | None:
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

    def _settle(self, name: str, child: Renewable | Elements | JsonPieces | Text) -> None:
        """Let what stays be part of the object."""
        self._set(name, child.own())

    def _drop(self, name: str) -> None:
        if (child := self._children.pop(name, None)) is not None:
            child.discard()


def _stands_for(child: Renewable | Elements | JsonPieces | Text, value: object) -> bool:
    """Whether what keeps nothing of its own still tells what events have built, in what has taken its place."""
    if isinstance(child, Renewable):
        return child.model is value
    return isinstance(child, (JsonPieces, Text)) or child.built
