"""Builds the state of a stream out of its events. The generated folds say what each event does; this does it.

The state that a reader gets is never changed afterwards, and neither is any event: an object is copied before it is
changed for the first time since it was read, and so are the objects around it, but nothing else. Text that is appended
waits as a list of pieces and is joined when the state is read, so that a stream takes time in proportion to its length.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeAlias, TypeVar, cast

from .decoding import new
from .ending import EndingTable, StreamEnd, worse
from .model import ABSENT, Model, UnknownEvent
from .sequencing import SequenceTracker
from .shape import SHAPES, ListOf

ModelT = TypeVar("ModelT", bound=Model)
StateT = TypeVar("StateT", bound=Model)
EventT = TypeVar("EventT", bound=Model)

_NOT_OURS = -1


class _Clock:
    """What the drafts of one state share.

    Attributes:
        now: How often the state was read. What was made at an earlier time belongs to a reader as well.
        waiting: Drafts with pieces of text that are to be joined, in the order in which they got them.
    """

    __slots__ = ("now", "waiting")

    def __init__(self) -> None:
        self.now = 0
        self.waiting: dict[Draft | _Elements, None] = {}


class Draft:
    """An object of the state, open to changes.

    A step that leads nowhere, because an object of another class is in the way or no position is known, gives a draft
    that takes every further step and changes nothing.
    """

    __slots__ = ("_clock", "_lists", "_made", "_members", "_model", "_texts")

    def __init__(self, clock: _Clock, model: Model) -> None:
        self._clock = clock
        self._model = model
        self._made = _NOT_OURS
        self._lists: dict[str, _Elements] = {}
        self._members: dict[str, Draft] = {}
        self._texts: dict[str, list[str]] = {}

    def element(self, name: str, index: int | None, model: type[Model], item_id: str | None = None) -> Draft:
        """Go to an element of a list, which is made if there is none.

        Args:
            name: Attribute that holds the list.
            index: Position on the wire. If it is None, the element is the one with the id `item_id`.
            model: Class that the element must have.
            item_id: Id of the element, also for one that is made.
        """
        if item_id is None if index is None else index < 0:
            return NOWHERE
        elements = self._elements(name)
        return NOWHERE if elements is None else elements.element(index, model, item_id)

    def member(self, name: str, *models: type[Model]) -> Draft:
        """Go to the object in an attribute, which must be of one of `models`; made if there is none and one model."""
        owner = self.writable()
        draft = self._members.get(name)
        if draft is None:
            value: object = getattr(owner, name, None)
            if value is None and len(models) == 1:
                value = blank(models[0])
            if not isinstance(value, models):
                return NOWHERE
            draft = self._members[name] = Draft(self._clock, value)
        elif not isinstance(draft.model, models):
            return NOWHERE
        setattr(owner, name, draft.writable())
        return draft

    def set(self, name: str, value: object) -> None:
        """Put a value into an attribute."""
        self._forget(name)
        setattr(self.writable(), name, value)

    def append(self, name: str, text: str) -> None:
        """Append to the text in an attribute; None counts as empty."""
        pieces = self._texts.get(name)
        if pieces is None:
            self.writable()
            pieces = self._texts[name] = []
            self._clock.waiting[self] = None
        pieces.append(text)

    def put(self, name: str, index: int | None, value: object) -> None:
        """Put a value into a list; without a position, in place of the one with its id, or else at the end."""
        elements = None
        if index is None:
            if type(getattr(value, "id", None)) is str:
                elements = self._elements(name)
        elif index >= 0:
            elements = self._elements(name)
        if elements is not None:
            elements.put(index, value)

    def extend(self, name: str, index: int, text: str) -> None:
        """Append to a text in a list."""
        elements = self._elements(name) if index >= 0 else None
        if elements is not None:
            elements.append(index, text)

    def replace(self, value: Model, keep: tuple[str, ...] = ()) -> None:
        """Begin again from another object.

        Args:
            value: The object.
            keep: Lists that stay as they are when the object has nothing in their place.
        """
        kept: dict[str, Any] = {name: given(self._model, name) or [] for name in keep if not given(value, name)}
        for name in {*self._lists, *self._members, *self._texts}.difference(kept):
            self._forget(name)
        self._model = value
        self._made = _NOT_OURS
        if kept:
            owner = self.writable()
            for name, values in kept.items():
                setattr(owner, name, values)

    @property
    def model(self) -> Model:
        """The object as it stands, without the pieces of text that wait."""
        return self._model

    def writable(self) -> Model:
        """Give the object, copied if anybody else has it."""
        if self._made != self._clock.now:
            self._model = _copy(self._model)
            self._made = self._clock.now
        return self._model

    def join(self) -> None:
        """Add the pieces of text that wait."""
        for name, pieces in self._texts.items():
            text: str | None = getattr(self._model, name, None)
            # With this the only reference to a text that nobody has read, it grows in place.
            setattr(self._model, name, None)
            text = text or ""
            text += "".join(pieces)
            setattr(self._model, name, text)
        self._texts.clear()

    def discard(self) -> None:
        """Take back what waits, here and below: the object is no longer part of the state."""
        for name in {*self._lists, *self._members, *self._texts}:
            self._forget(name)

    def _elements(self, name: str) -> _Elements | None:
        owner = self.writable()
        elements = self._lists.get(name)
        if elements is None:
            values: Any = getattr(owner, name, None)
            if values is not None and not _is_list(values):
                return None
            elements = self._lists[name] = _Elements(self._clock, [] if values is None else values)
        setattr(owner, name, elements.writable())
        return elements

    def _forget(self, name: str) -> None:
        if (elements := self._lists.pop(name, None)) is not None:
            elements.discard()
        if (member := self._members.pop(name, None)) is not None:
            member.discard()
        if self._texts.pop(name, None) is not None and not self._texts:
            self._clock.waiting.pop(self, None)


class _Nowhere(Draft):
    """Where a step leads that cannot be taken."""

    __slots__ = ()

    def element(self, name: str, index: int | None, model: type[Model], item_id: str | None = None) -> Draft:
        return self

    def member(self, name: str, *models: type[Model]) -> Draft:
        return self

    def set(self, name: str, value: object) -> None: ...

    def append(self, name: str, text: str) -> None: ...

    def put(self, name: str, index: int | None, value: object) -> None: ...

    def extend(self, name: str, index: int, text: str) -> None: ...


NOWHERE = _Nowhere(_Clock(), new(Model))


class _Elements:
    """A list of the state, open to changes.

    It holds the elements that have come, in the order of their positions on the wire. While some are missing the
    others are closer together than on the wire, so nothing is hidden, swapped, or made up to fill a gap.
    """

    __slots__ = ("_clock", "_drafts", "_made", "_positions", "_texts", "_values")

    def __init__(self, clock: _Clock, values: list[Any]) -> None:
        self._clock = clock
        self._values = values
        self._made = _NOT_OURS
        # The position on the wire of each value, None while they are 0, 1, 2 and so on.
        self._positions: list[int] | None = None
        self._drafts: dict[int, Draft] = {}
        self._texts: dict[int, list[str]] = {}

    def element(self, index: int | None, model: type[Model], item_id: str | None) -> Draft:
        if index is None:
            index = self._index_of(item_id)
        draft = self._drafts.get(index)
        at, found = self._find(index)
        if draft is None:
            value = self._values[at] if found else blank(model, item_id)
            if type(value) is not model:
                return NOWHERE
            draft = self._drafts[index] = Draft(self._clock, value)
        elif type(draft.model) is not model:
            return NOWHERE
        if found:
            self._values[at] = draft.writable()
        else:
            self._insert(at, index, draft.writable())
        return draft

    def put(self, index: int | None, value: object) -> None:
        if index is None:
            index = self._index_of(getattr(value, "id", None))
        self._forget(index)
        at, found = self._find(index)
        if found:
            self._values[at] = value
        else:
            self._insert(at, index, value)

    def append(self, index: int, text: str) -> None:
        pieces = self._texts.get(index)
        if pieces is None:
            at, found = self._find(index)
            if not found:
                self._insert(at, index, "")
            pieces = self._texts[index] = []
            self._clock.waiting[self] = None
        pieces.append(text)

    def writable(self) -> list[Any]:
        """Give the list, copied if anybody else has it."""
        if self._made != self._clock.now:
            self._values = self._values.copy()
            self._made = self._clock.now
        return self._values

    def join(self) -> None:
        """Add the pieces of text that wait."""
        for index, pieces in self._texts.items():
            at, _ = self._find(index)
            text: str | None = self._values[at]
            self._values[at] = None
            text = text or ""
            text += "".join(pieces)
            self._values[at] = text
        self._texts.clear()

    def discard(self) -> None:
        """Take back what waits, here and below: the list is no longer part of the state."""
        for index in {*self._drafts, *self._texts}:
            self._forget(index)

    def _index_of(self, item_id: str | None) -> int:
        """Find the element with an id; if there is none, give the position behind the last one."""
        end = len(self._values)
        at = next((at for at, value in enumerate(self._values) if getattr(value, "id", None) == item_id), end)
        if self._positions is None:
            return at
        return self._positions[at] if at < end else self._positions[-1] + 1

    def _find(self, index: int) -> tuple[int, bool]:
        """Give where in the list the position of the wire is or would be, and whether it is there."""
        if self._positions is None:
            size = len(self._values)
            return (index, True) if index < size else (size, False)
        at = bisect_left(self._positions, index)
        return at, at < len(self._positions) and self._positions[at] == index

    def _insert(self, at: int, index: int, value: object) -> None:
        if self._positions is None and index != at:
            self._positions = list(range(len(self._values)))
        if self._positions is not None:
            self._positions.insert(at, index)
        self._values.insert(at, value)

    def _forget(self, index: int) -> None:
        if (draft := self._drafts.pop(index, None)) is not None:
            draft.discard()
        if self._texts.pop(index, None) is not None and not self._texts:
            self._clock.waiting.pop(self, None)


def given(event: Model, *path: str) -> Any:
    """Give what an event has at a path of attributes; None where one of them is not set."""
    value: Any = event
    for name in path:
        value = getattr(value, name, None)
    return value


FoldTable: TypeAlias = Mapping[type[Any], Callable[[Draft, Any], None]]
"""What the events of each class do to the state."""


class StateAccumulator(Generic[StateT, EventT]):
    """Builds up the state of one stream; the base of the generated class.

    Attributes:
        end: How the stream ended, None while it goes on.
        sequence: The numbers of the events: gaps, repeats, and the cursor from which to resume.
    """

    def __init__(
        self,
        state: type[StateT],
        types: Mapping[str, type[Model]],
        folds: FoldTable,
        endings: EndingTable,
        sequence_field: tuple[str, str] | None = None,
    ) -> None:
        """Prepare for the first event.

        Args:
            state: Class of the state.
            types: The class of each known tag.
            folds: What the events do to the state.
            endings: What the events say about the end of the stream.
            sequence_field: Wire name and attribute of the number of an event, None where events have none.
        """
        self.end: StreamEnd | None = None
        self.sequence = SequenceTracker()
        self._events = frozenset([*types.values(), UnknownEvent])
        self._folds = folds
        self._endings = endings
        self._sequence_field = sequence_field
        self._clock = _Clock()
        self._root = Draft(self._clock, blank(state))

    def feed(self, event: EventT) -> None:
        """Take the next event. An event that says nothing about the state, or nothing that fits, changes nothing.

        Raises:
            TypeError: `event` is no event of this package, but what one is decoded from, for example.
        """
        kind = type(event)
        # The end first: it is told even where what there is to fold cannot be read.
        ending = self._endings.get(kind)
        if ending is not None and (end := ending.read(cast("Any", event))) is not None:
            self.end = worse(self.end, end)
        fold = self._folds.get(kind)
        if fold is not None:
            fold(self._root, event)
        elif kind not in self._events:
            raise _no_event(kind)
        if self._sequence_field is not None:
            wire_name, name = self._sequence_field
            if isinstance(event, UnknownEvent):
                self.sequence.see(event.data.get(wire_name))
            else:
                self.sequence.see(getattr(event, name, None))

    def close(self) -> StreamEnd:
        """Say that no more bytes come, and get how the stream ended: `truncated` if nothing has said so by now."""
        if self.end is None:
            self.end = StreamEnd("truncated")
        return self.end

    @property
    def state(self) -> StateT:
        """What has been built up so far. It stays as it is: events that are fed later show in what is read later."""
        for draft in self._clock.waiting:
            draft.join()
        self._clock.waiting.clear()
        self._clock.now += 1
        return cast("StateT", self._root.model)


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


def _no_event(kind: type) -> TypeError:
    # The classes of other libraries may well have the same names.
    name = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
    way = "pass `decode(...)` of it, or each event that `iter_events(...)` gives"
    return TypeError(f"feed() takes an event of this package, not {name}; {way}")


def _is_list(value: Any) -> bool:
    return type(value) is list


def _copy(model: ModelT) -> ModelT:
    kind = type(model)
    twin = new(kind)
    twin.leftover = model.leftover
    for name in kind.field_names:
        value = getattr(model, name, ABSENT)
        if value is not ABSENT:
            setattr(twin, name, value)
    return twin
