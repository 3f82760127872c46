"""An object of the state while it grows: the steps that folds take, and what stays when another one replaces it."""

from __future__ import annotations

from collections import Counter
from typing import Any, TypeVar, cast

from .decoding import new
from .elements import Elements
from .encoding import encode
from .growing import NOT_OURS, Build, Text, is_list
from .model import Model, UnknownVariant
from .salvaging import copied, part_of, salvaged
from .shape import SHAPES, ListOf

ModelT = TypeVar("ModelT", bound=Model)


class Draft:
    """An object of the state, open to changes.

    A step that leads nowhere, because an object of another class is in the way, gives a draft that takes every further
    step and changes nothing.

    Attributes:
        model: The object as it stands, without the pieces of text that wait.
        made: When the object was copied.
        whole: Whether an event has brought it as an element, so that events have built all of it.
        echoes: Whether pieces may come that repeat what is in it.
    """

    __slots__ = ("_build", "_children", "echoes", "made", "model", "whole")

    def __init__(self, build: Build, model: Any, *, whole: bool = False, echoes: bool = False) -> None:
        self._build = build
        self._children: dict[str, Draft | Elements | Text] = {}
        self.model: Any = model
        self.made = NOT_OURS
        self.whole = whole
        self.echoes = echoes

    # --- What folds do ---

    def element(
        self,
        name: str,
        index: int | None,
        model: type[Model],
        item_id: str | None = None,
        *,
        among: tuple[type[Model], ...] = (),
    ) -> Draft:
        """Go to an element of a list, which is made if there is none.

        Args:
            name: Attribute that holds the list.
            index: Position on the wire. If it is None, the element is the one with the id `item_id`, or the open one.
            model: Class that the element must have.
            item_id: Id of the element, also for one that is made.
            among: Classes that it may have as well: other statements are about those, the first for what is unknown.
        """
        elements = self._children.get(name)
        if type(elements) is not Elements or elements.made != self._build.now:
            elements = self._elements(name)
        if elements is None:
            return self._nowhere()
        return elements.element(index, model, item_id or None, among) or NOWHERE

    def member(self, name: str, *models: type[Model]) -> Draft:
        """Go to the object in an attribute, which must be of one of `models`; made if there is none and one model."""
        draft = self._children.get(name)
        if not isinstance(draft, Draft):
            value = self._get(name)
            if value is None and len(models) == 1:
                value = self.blank(models[0], None)
            if not isinstance(value, (*models, UnknownVariant, dict)):
                return self._nowhere()
            draft = self._children[name] = self.child(value, models[0], whole=self.whole, echoes=self.echoes)
        elif not isinstance(draft.model, (*models, UnknownVariant, dict)):
            return self._nowhere()
        self._set(name, draft.writable())
        return draft

    def set(self, name: str, value: Any) -> None:
        """Put a value into an attribute; one that is emptier does not take away what events have built there."""
        value = salvaged(value, self._build)
        if name not in self._growing():
            self._set(name, value)
            return
        child = self._child(name)
        if child is not None and child.renew(value, late=False):
            self._settle(name, child)
            return
        self._drop(name)
        if isinstance(value, str):
            self._children[name] = Text(self._build, self, name, value, echoes=False)
        elif is_list(value):
            self._children[name] = Elements(self._build, self, value, announced=True)
        self._set(name, value)

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

    def put(self, name: str, index: int | None, value: object) -> None:
        """Put an element that begins into a list; without a position, in place of the open one, or else at the end."""
        self._put(name, index, value, last=False)

    def finish(self, name: str, index: int | None, value: object) -> None:
        """Put an element that is finished into a list; without a position, in place of the open one."""
        self._put(name, index, value, last=True)

    def extend(self, name: str, index: int | None, piece: str) -> None:
        """Append to a text in a list."""
        elements = self._elements(name)
        if elements is None or not elements.append(index, piece):
            self._nowhere()

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

    def fitting(self, event: Model, *path: str) -> Any:
        """Give the list that an event has at a path of attributes, without what does not fit; None if it has none."""
        return getattr(salvaged(given(event, *path[:-1]), self._build), path[-1], None)

    # --- What the state is made of ---

    def renew(self, value: object, *, late: bool) -> bool:
        """Take another object, but keep what events have built where that has nothing; tell whether anything is kept.

        Args:
            value: The object, of the same class; what is none counts as empty.
            late: It says how things were before some of the events came, so it may also have less.
        """
        if not isinstance(value, type(self.model)):
            keeps = value is None and any(map(self._get, (*self._growing(), *self._children)))
            if keeps:
                self._build.count("emptier")
            return keeps
        kept: list[tuple[str, Draft | Elements | Text]] = []
        for name in self._growing():
            child = self._child(name)
            if child is None:
                continue
            new = self._get(name, value)
            if child.renew(new, late=late):
                kept.append((name, child))
            elif not _stands_for(child, new):
                self._drop(name)
        self.model = value
        self.made = NOT_OURS
        self.echoes = late
        for name, child in kept:
            self._settle(name, child)
        return bool(kept)

    def writable(self) -> Any:
        """Give the object, copied if anybody else has it."""
        if self.made != self._build.now:
            self.model = self._copied()
            self.made = self._build.now
        return self.model

    def store(self, key: str, text: str | None) -> None:
        """Put a text in its place."""
        self._set(key, text)

    def child(self, value: Any, model: type[Model] | None, *, whole: bool, echoes: bool) -> Draft:
        """Open an object within this one to changes.

        Args:
            value: The object.
            model: Class that the fold means it to be of, None where no fold leads to it.
            whole: Whether events have built all of it.
            echoes: Whether pieces may come that repeat what is in it.
        """
        if isinstance(value, (UnknownVariant, dict)):
            return UnknownDraft(self._build, value, model, whole=whole, echoes=echoes)
        return Draft(self._build, value, whole=whole, echoes=echoes)

    def blank(self, model: type[Model], item_id: str | None) -> Any:
        """Make an element of which nothing is known but its class and id."""
        return blank(model, item_id)

    def mean(self, model: type[Model]) -> None:
        """Take down the class that a fold means the object to be of."""

    def discard(self) -> None:
        """Take back what waits, here and below: the object is no longer part of the state."""
        for child in self._children.values():
            child.discard()
        # No cycle of references keeps the object.
        self._children.clear()

    def _growing(self) -> tuple[str, ...]:
        """Give the attributes that events build up."""
        return self._build.growing.get(self._kind(), ())

    def _kind(self) -> type[Model]:
        return cast("type[Model]", type(self.model))

    def _get(self, name: str, model: object = None) -> Any:
        return getattr(self.model if model is None else model, name, None)

    def _set(self, name: str, value: object) -> None:
        setattr(self.writable(), name, value)

    def _copied(self) -> Any:
        return copied(self.model)

    def _elements(self, name: str) -> Elements | None:
        elements = self._children.get(name)
        if type(elements) is not Elements:
            values: Any = self._get(name)
            if values is None:
                values = []
            elif not is_list(values):
                return None
            elements = self._children[name] = Elements(self._build, self, values, announced=self.whole)
        self._set(name, elements.writable())
        return elements

    def _text(self, name: str) -> Text | None:
        value = self._get(name)
        if value is not None and not isinstance(value, str):
            return None
        text = self._children[name] = Text(self._build, self, name, value or "", echoes=self.echoes)
        return text

    def _put(self, name: str, index: int | None, value: object, *, last: bool) -> None:
        elements = self._elements(name)
        if elements is None:
            self._nowhere()
        else:
            elements.put(index, salvaged(value, self._build), last=last)

    def _child(self, name: str) -> Draft | Elements | Text | None:
        """Give what events have built in an attribute."""
        child = self._children.get(name)
        if child is None and self.whole:
            value: Any = self._get(name)
            if isinstance(value, str):
                return self._text(name)
            if is_list(value):
                child = Elements(self._build, self, value, announced=True)
            elif isinstance(value, (Model, dict)):
                child = self.child(value, None, whole=True, echoes=self.echoes)
            if child is not None:
                self._children[name] = child
        return child

    def _settle(self, name: str, child: Draft | Elements | Text) -> None:
        """Let what stays be part of the object."""
        self._set(name, child.value if isinstance(child, Text) else child.writable())

    def _drop(self, name: str) -> None:
        if (child := self._children.pop(name, None)) is not None:
            child.discard()

    def _nowhere(self) -> Draft:
        self._build.count("misfit")
        return NOWHERE


def _stands_for(child: Draft | Elements | Text, value: object) -> bool:
    """Whether what keeps nothing of its own still tells what events have built, in what has taken its place."""
    if isinstance(child, Draft):
        return child.model is value
    return isinstance(child, Text) or child.built


class UnknownDraft(Draft):
    """An object of a kind that the spec does not know: its members are those of its wire object.

    Attributes:
        model: An `UnknownVariant`, or the wire object of what is in the data of one.
    """

    __slots__ = ("_names",)

    def __init__(
        self, build: Build, model: Any, meant: type[Model] | None, *, whole: bool = False, echoes: bool = False
    ) -> None:
        super().__init__(build, model, whole=whole, echoes=echoes)
        self._names: dict[str, str] = {}
        if meant is not None:
            self.mean(meant)

    def blank(self, model: type[Model], item_id: str | None) -> Any:
        """Make an element of which nothing is known but its class and id."""
        return encode(blank(model, item_id))

    def mean(self, model: type[Model]) -> None:
        """Take down the class that a fold means the object to be of: it has the wire names."""
        self._names.update((field.name, key) for key, field in SHAPES[model].fields.items())

    def _growing(self) -> tuple[str, ...]:
        return tuple(self._children)

    def _get(self, name: str, model: object = None) -> Any:
        return self._data(self.model if model is None else model).get(self._names.get(name, name))

    def _set(self, name: str, value: object) -> None:
        self._data(self.writable())[self._names.get(name, name)] = value

    def _put(self, name: str, index: int | None, value: object, *, last: bool) -> None:
        super()._put(name, index, encode(value) if isinstance(value, Model) else value, last=last)

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
        item_id: str | None = None,
        *,
        among: tuple[type[Model], ...] = (),
    ) -> Draft:
        return self

    def member(self, name: str, *models: type[Model]) -> Draft:
        return self

    def set(self, name: str, value: object) -> None: ...

    def append(self, name: str, piece: str) -> None: ...

    def put(self, name: str, index: int | None, value: object) -> None: ...

    def finish(self, name: str, index: int | None, value: object) -> None: ...

    def extend(self, name: str, index: int | None, piece: str) -> None: ...


NOWHERE = _Nowhere(Build({}, Counter()), new(Model))


def given(event: Model, *path: str) -> Any:
    """Give what an event has at a path of attributes; None where one of them is not set."""
    value: Any = event
    for name in path:
        value = getattr(value, name, None)
    return value


def blank(model: type[ModelT], item_id: str | None = None) -> ModelT:
    """Make an object of which nothing is known but its class and, where the class has one, its id."""
    made = new(model)
    made.leftover = None
    for field in SHAPES[model].fields.values():
        if field.name in model.field_defaults or field.optional or field.nullable:
            setattr(made, field.name, model.field_defaults.get(field.name))
        elif isinstance(field.type, ListOf):
            setattr(made, field.name, [])
    if item_id is not None and "id" in model.field_names:
        setattr(made, "id", item_id)  # noqa: B010 - not every class has it
    return made
