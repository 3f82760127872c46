"""The words in which a package says what a valid stream is; `linting` holds streams to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from operator import attrgetter
from typing import Any, Literal, NamedTuple, TypeAlias, Union

from .ending import Ending, EndingTable, Path, Way
from .model import Model
from .ordering import Sequence
from .shape import SHAPES, Type

STREAM = "stream"
"""What the stream is called where others are called by the name of a place."""


_NOTHING: Mapping[Any, Any] = {}


class By(NamedTuple):
    """A step to the element that an event names."""

    paths: tuple[Path | int, ...]
    """Where in the event the position or the key is: the first that is there counts. A number stands for itself."""

    key: Path = ()
    """Members of the element that hold its key; none where it is found by its position."""

    model: type[Model] | None = None
    """Class that the element has to be of; None where any will do."""


Step: TypeAlias = Union[str, int, By]
"""A step into the state: a member, an element by its position, or one that the event names."""

Does: TypeAlias = Literal["set", "fill", "text", "json", "list", "merge", "remove"]
"""What becomes of a value: it is put in its place, or only where nothing is; it is a piece of a text, or of the text of
a JSON value; it is an element of a list, or a list of such; it is merged; what is there is taken out."""


class Change(NamedTuple):
    """What an event does to the state."""

    place: str
    """Name of the place where the path begins; empty for the state."""

    path: tuple[Step, ...]
    does: Does

    source: Path | None = None
    """Where in the event the value is."""

    value: str | int | float | None = None
    """The value itself, where it is not in the event."""

    only: tuple[tuple[str, type[Model]], ...] = ()
    """Places at which an element of this class has to be."""

    when: tuple[tuple[Way, str | int | None], ...] = ()
    """Ways in the event that have to lead to these values somewhere, or to any value where that is None."""


class Hold(NamedTuple):
    """A statement that is true of an event."""

    rule: str
    path: Path
    """Names of members; `*` stands for all elements of a list, `:-1` for all but the last."""

    relation: str
    """`=` one of the values, `!=` none of them, `=`, `>=` or `<=` the sum of others; `is json`."""

    values: tuple[str | int | float | bool | tuple[()] | None, ...] = ()
    """What it is compared with; the empty tuple is an empty list."""

    paths: tuple[Path, ...] = ()
    """Members of the event whose sum it is compared with."""


class Counter(NamedTuple):
    """A field that numbers events."""

    name: str
    here: bool = False
    """Whether it counts the events of its kind at their place, rather than those of the stream."""


class Same(NamedTuple):
    """A field that repeats what stands at a place."""

    name: str
    place: str
    path: Path


class Event(NamedTuple):
    """What is known of the events of a class."""

    tag: str
    """As the spec writes it."""

    place: str = ""
    """Name of the place that they are about; empty for the stream."""

    opens: str = ""
    """Name of the place that they open, or `stream`."""

    closes: str = ""
    anytime: bool = False
    """Whether they are bound to nothing."""

    ends: bool = False
    """Whether they may end the stream."""

    counters: tuple[Counter, ...] = ()
    same: tuple[Same, ...] = ()
    holds: tuple[Hold, ...] = ()
    changes: tuple[Change, ...] = ()


class Place(NamedTuple):
    """A kind of place in the stream that opens and closes."""

    name: str
    path: Path
    """Members on the way from the place around it, or from the state, to the elements."""

    keys: tuple[Path, ...]
    """Where in an event it says which element is meant: the first that is there counts."""

    outer: str = ""
    """Name of the place around it; empty where that is the stream."""

    key: Path = ()
    """Members of an element that hold its key; none where it goes by its position."""

    is_position: bool = False
    """Whether the elements are numbered from 0."""

    in_state: bool = True
    """Whether the elements are in the state; of others one only knows whether they are open."""

    sequences: Mapping[type[Model] | None, Sequence] = {}
    """What may happen there: to elements of a class, and to all others."""


class Kind(NamedTuple):
    """What is known of the objects of a class that come more than once."""

    fixed: tuple[str, ...] = ()
    """Members that are the same each time."""

    varies: tuple[str, ...] = ()
    """Members that may differ even where nothing else does."""

    unique: tuple[str, ...] = ()
    """Members that no two elements of a list share."""

    ranks: Mapping[str, Mapping[str, int]] = {}
    """Members whose value only moves on, with the rank of each value."""


_NO_KIND = Kind()


class Profile(NamedTuple):
    """What the streams of one provider are forgiven."""

    doc: str
    off: Mapping[str, str]
    """Rules that do not hold there, as `rule` or as `rule of Class`, each with the reason."""


Readers: TypeAlias = "tuple[Callable[[Any], Any], Callable[[Any], Any]]"
"""What reads what is the same in all pieces of a text, and what reads the number and the text of a piece."""

Shape: TypeAlias = "tuple[str, ...]"
"""Where something is below a place: members, and `[]` for any element."""


class Lifecycle:
    """All that is known of the streams of a package.

    Args:
        events: What is known of each class of events.
        places: The places, each behind the one around it.
        sequence: What may happen in the stream, None if that is not said.
        state: Type of the state, None if there is none.
        kinds: What is known of classes of objects.
        endings: What the events say about the end of a stream.
        keys: Where in an event the key is, if streams run side by side.
        lane: Where in an event the name of its lane is, if a connection has several.
        words: Names that are written another way in the ids of rules.
        tag: Member that holds the tag of an event; empty where that is not as plain as that.
    """

    def __init__(
        self,
        events: Mapping[type[Model], Event],
        places: Iterable[Place] = (),
        *,
        sequence: Sequence | None = None,
        state: Type | None = None,
        kinds: Mapping[type[Model], Kind] = _NOTHING,
        endings: EndingTable,
        keys: tuple[Path, ...] = (),
        lane: tuple[Path, ...] = (),
        words: Mapping[str, str] = _NOTHING,
        tag: str = "",
    ) -> None:
        self.events = events
        self.places = {place.name: place for place in places}
        self.sequence = sequence
        self.state = state
        self.kinds = kinds
        self.endings = endings
        self.keys = keys
        self.lane = lane
        self.words = words
        self.tag = tag
        self._readers: dict[type[Model], Readers | None] = {}
        self.chains = {"": (), **{place.name: self._chain(place) for place in self.places.values()}}
        """The places on the way to each, from the outermost to itself."""
        names = ("", *self.places)
        self.inner = {name: tuple(each for each in self.places.values() if each.outer == name) for name in names}
        """The places directly in each."""

    def _chain(self, place: Place) -> tuple[Place, ...]:
        chain: tuple[Place, ...] = (place,)
        while chain[0].outer:
            chain = (self.places[chain[0].outer], *chain)
        return chain

    @cached_property
    def ends(self) -> tuple[str, ...]:
        """The tags of the events that may end a stream well; none where streams go on for ever."""
        found: list[str] = []
        for model, event in self.events.items():
            ending = self.endings.get(model) if event.ends else None
            if isinstance(ending, Ending) and "completed" in (ending.kind, *(kind for kind, _ in ending.cases)):
                found.append(event.tag)
        return tuple(found)

    @cached_property
    def counter(self) -> str:
        """The member that numbers the events of the stream; empty where there is none."""
        counters = (counter for event in self.events.values() for counter in event.counters)
        return next((counter.name for counter in counters if not counter.here), "")

    @cached_property
    def openers(self) -> Mapping[str, tuple[str, ...]]:
        """The tags of the events that open each place, and the stream."""
        names = (STREAM, *self.places)
        return {name: tuple(event.tag for event in self.events.values() if event.opens == name) for name in names}

    @cached_property
    def closers(self) -> Mapping[str, tuple[str, ...]]:
        """The tags of the events that close each place."""
        return {
            name: tuple(event.tag for event in self.events.values() if event.closes == name) for name in self.places
        }

    @cached_property
    def texts(self) -> Mapping[str, Mapping[Shape, tuple[Change, ...]]]:
        """The texts that pieces build up, below each place, with the changes that append to them."""
        return self._targets(lambda change: (shape_of(change.path),) if change.does in ("text", "json") else ())

    @cached_property
    def lists(self) -> Mapping[str, Mapping[Shape, tuple[Change, ...]]]:
        """The lists that elements are put into, below each place, but for those whose elements are places."""

        def lists_of(change: Change) -> tuple[Shape, ...]:
            if change.does == "list":
                return (shape_of(change.path),)
            is_put = change.does == "set" and change.path and not isinstance(change.path[-1], str)
            return (shape_of(change.path[:-1]),) if is_put else ()

        return self._targets(lists_of)

    @cached_property
    def whole(self) -> Mapping[str, frozenset[Shape]]:
        """The elements of lists, below each place, that events put there and that no event changes after that."""
        found: dict[str, frozenset[Shape]] = {}
        for name, lists in self.lists.items():
            changes = (change for event in self.events.values() for change in event.changes if change.place == name)
            changed = {shape_of(change.path) for change in changes}
            elements = ((*shape, "[]") for shape in lists)
            found[name] = frozenset(
                element for element in elements if not any(_is_below(each, element) for each in changed)
            )
        return found

    @cached_property
    def finished(self) -> Mapping[Change, Change]:
        """The changes that bring the whole of a text that comes in pieces, each with one that brings pieces of it."""
        found: dict[Change, Change] = {}
        for event in self.events.values():
            for change in event.changes:
                pieces = self.texts[change.place].get(shape_of(change.path), ()) if change.does == "set" else ()
                for piece in pieces:
                    if _may_meet(change.path, piece.path):
                        found.setdefault(change, piece)
        return found

    def _targets(
        self, targets: Callable[[Change], tuple[Shape, ...]]
    ) -> Mapping[str, Mapping[Shape, tuple[Change, ...]]]:
        found: dict[str, dict[Shape, tuple[Change, ...]]] = {name: {} for name in self.chains}
        for event in self.events.values():
            for change in event.changes:
                for shape in targets(change):
                    below = found[change.place]
                    below[shape] = (*below.get(shape, ()), change)
        return found

    def readers(self, model: type[Model]) -> Readers | None:
        """Give what reads where the events of a class are that only append to a text, and their numbers and pieces.

        None where that takes more than to read attributes.
        """
        if model not in self._readers:
            self._readers[model] = self._readers_of(model, self.events[model])
        return self._readers[model]

    def _readers_of(self, model: type[Model], event: Event) -> Readers | None:
        if len(event.changes) != 1 or len(event.counters) != 1 or event.counters[0].here or event.holds or event.ends:
            return None
        change = event.changes[0]
        if change.does != "text" or change.source is None or change.when or "[]" in shape_of(change.path):
            return None
        places = [path for place in self.chains[event.place] for path in place.keys]
        still = [*places, *((same.name,) for same in event.same), *self.lane]
        moving = [(event.counters[0].name,), change.source]
        fields = SHAPES[model].fields
        if not places or any(len(path) != 1 or path[0] not in fields for path in (*still, *moving)):
            return None
        names = [fields[path[0]].name for path in (*still, *moving)]
        return attrgetter(*names[:-2]), attrgetter(*names[-2:])

    def kind_of(self, model: type[Model] | None) -> Kind:
        """Give what is known of the objects of a class; nothing where the class is not known."""
        return _NO_KIND if model is None else self.kinds.get(model, _NO_KIND)

    def stem(self, name: str) -> str:
        """Write the name of a place or of a member as it stands in the ids of rules."""
        return self.words.get(name, name)


def _may_meet(one: Iterable[Step], other: Iterable[Step]) -> bool:
    """Whether two ways of one shape may lead to the same thing, by the classes of the elements on them."""
    for pair in zip(one, other, strict=True):
        models = {step.model for step in pair if isinstance(step, By) and step.model is not None}
        if len(models) > 1:
            return False
    return True


def _is_below(shape: Shape, whole: Shape) -> bool:
    return len(shape) > len(whole) and shape[: len(whole)] == whole


def shape_of(path: Iterable[object]) -> Shape:
    """Tell where a path leads, whichever the elements are."""
    return tuple(step if isinstance(step, str) else "[]" for step in path)
