"""What a builder has to know of a spec: tables that the generated package fills."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from .wire import WireObject

Path: TypeAlias = "tuple[str, ...]"
"""Names of members on the way to a value."""

CUT: Final = "incomplete"
"""The end, and the status, of what was cut off before its time."""


ENDS: Final = frozenset(["completed", CUT, "failed", "error"])
"""How a stream may end."""

MAY_END: Final = "may end"
"""The role of an event that tells by what is in it whether the stream ends, and how."""


@dataclass(frozen=True)
class Sending:
    """How an event is sent.

    Attributes:
        tag: Its tag, as the spec writes it.
        name: What it is called among all that is sent.
        places: Names of the places that it is about, the outermost first; empty where it is about the stream.
        role: `opens` or `closes` for an event that does that to the last of the places, or to the stream if there is
            none; the kind of the end for one that ends the stream, `MAY_END` where that depends; `anytime` for one that
            is bound to nothing.
        start: Its members that are always the same, and null for the number.
        keys: Members that tell which element it is about, each with the place.
        same: Members that repeat a member of an element: the member, the place, and what is repeated.
        counts: Members that count the events of this kind at their place.
        appends: Members that are added to a text of the element, with the text.
        finishes: Members that repeat a whole text of the element, with the text.
        grows: Members that are added to a text in an element of a list: the member, the list, the member with the
            position, and the way from there.
        gathers: Members that repeat a whole list in whose elements texts grow: the member, the list, and the member
            with the position of the element that is complete then, empty where none has it.
        puts: Members that are put into a list of the element: the member, the list, and the member with the position.
        stores: Members that become one of the element, with that.
        literals: Members of the element that the event changes, each with its new value.
        element: Member that holds the element as it stands, empty if none does.
        state: Member that holds the whole state, empty if none does.
        held: Members of the state that have to have one of some values here.
        needed: Members of the state that may not be null here, each with the rule that says so and the least that it
            can be.
        key: Member that tells which of several streams it is in; empty if none does.
        says: Members of the state that say how the stream ends, by how it does; the first of their values counts where
            the author has said none of them.
        nulls: Members that are null where nothing is given for them; others are absent.
    """

    tag: str
    name: str
    start: WireObject
    places: tuple[str, ...] = ()
    role: str = ""
    keys: tuple[tuple[Path, str], ...] = ()
    same: tuple[tuple[Path, str, Path], ...] = ()
    counts: tuple[Path, ...] = ()
    appends: tuple[tuple[Path, Path], ...] = ()
    finishes: tuple[tuple[Path, Path], ...] = ()
    grows: tuple[tuple[Path, Path, Path, Path], ...] = ()
    gathers: tuple[tuple[Path, Path, Path], ...] = ()
    puts: tuple[tuple[Path, Path, Path], ...] = ()
    stores: tuple[tuple[Path, Path], ...] = ()
    literals: tuple[tuple[Path, Any], ...] = ()
    element: Path = ()
    state: Path = ()
    held: tuple[tuple[Path, tuple[Any, ...]], ...] = ()
    needed: tuple[tuple[Path, str, Any], ...] = ()
    key: Path = ()
    says: Mapping[str, tuple[tuple[Path, tuple[Any, ...]], ...]] = field(default_factory=dict[str, Any])
    nulls: tuple[str, ...] = ()


@dataclass(frozen=True)
class Inner:
    """A place within an element, or within the stream.

    Attributes:
        path: Members on the way from the element to the list; empty where the state has no such list.
        keys: Members of events that tell which of its elements is meant.
        opener: Event that opens one.
        is_position: Whether the elements are numbered.
        named: Member of an element that tells which it is, where they are not numbered; empty if none does.
        rule: What the ids of its rules begin with.
        tags: What the elements have as their tags, where not all kinds of them may be there; else empty.
    """

    path: Path
    keys: tuple[Path, ...]
    opener: str
    is_position: bool
    rule: str
    named: Path = ()
    tags: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Grown:
    """A list in whose elements texts grow.

    Attributes:
        path: Members on the way to it.
        texts: Members on the way from an element to each of the texts.
        least: The least that an element can be.
        gatherer: What is sent that repeats it, by its name; empty where nothing does.
    """

    path: Path
    texts: tuple[Path, ...]
    least: WireObject
    gatherer: str = ""


@dataclass(frozen=True)
class Kind:
    """What may happen with an element of some type at a place, or with the stream.

    Attributes:
        place: Name of the place, empty for the stream.
        closer: Event that closes such an element; empty where none does.
        inner: The places within, by name.
        identity: Member with the id; empty where it has none.
        prefix: What an id begins with.
        unique: Members that no two elements of the type have the same value in.
        ranks: Members with a status, each with its values in the order in which they may come.
        done_from: Where in those values the last ones begin.
        required_ranks: Those of `ranks` that have to be there.
        has_phases: Whether events of the sequence change a status.
        beginnings: Members that are there from the beginning, with their first values.
        least: Members that have to be there, each with the least that it can be.
        tag: Member that tells the type of such an element, and what it is there; empty names where nothing does.
        fixed: Members that stay as they are.
        varies: Members that may differ wherever the element is repeated.
        lists: Members that events put something into.
        texts: Members that are built by pieces.
        jsons: Those of them whose pieces are the JSON text of a value.
        pieces: Events that add to a text, each with the text.
        finishers: Events that repeat a whole text, each with the text.
        grown: Lists in whose elements texts grow.
        names: What stands at each position of its sequence: tags, and names of places; empty where it has none.
        first: Positions that may come first.
        follow: For each position those that may come next.
        last: Positions after which nothing more has to come.
        may_lack: Whether nothing at all will do.
        automatic: Events of the sequence that need nobody to ask for them.
        asks: Members of the event that closes it which nobody but its author knows.
    """

    place: str
    closer: str = ""
    inner: Mapping[str, Inner] = field(default_factory=dict[str, Inner])
    identity: str = ""
    prefix: str = ""
    unique: tuple[str, ...] = ()
    ranks: tuple[tuple[str, tuple[str, ...]], ...] = ()
    required_ranks: tuple[tuple[str, tuple[str, ...]], ...] = ()
    has_phases: bool = False
    done_from: Mapping[str, int] = field(default_factory=dict[str, int])
    beginnings: tuple[tuple[Path, Any], ...] = ()
    least: tuple[tuple[Path, Any], ...] = ()
    tag: tuple[str, Any] = ("", "")
    fixed: tuple[str, ...] = ()
    varies: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    texts: tuple[Path, ...] = ()
    jsons: tuple[Path, ...] = ()
    pieces: tuple[tuple[str, Path], ...] = ()
    finishers: tuple[tuple[str, Path], ...] = ()
    grown: tuple[Grown, ...] = ()
    names: tuple[str, ...] = ()
    first: tuple[int, ...] = ()
    follow: tuple[tuple[int, ...], ...] = ()
    last: tuple[int, ...] = ()
    may_lack: bool = True
    automatic: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()

    def after(self, position: int) -> tuple[int, ...]:
        """Give the positions that may come after one; -1 is the beginning."""
        return self.first if position < 0 else self.follow[position]

    def among_elements(self, places: Collection[str] = ()) -> int:
        """Give the position where the sequence goes on after a break among the elements; -1 if it has none.

        Args:
            places: Those of the elements that there are already.
        """
        inside = [at for at, name in enumerate(self.names) if name in self.inner]
        come = [at for at in inside if self.names[at] in places]
        return next(iter(come[-1:] or inside), -1)


@dataclass(frozen=True)
class StreamPlan:
    """What is true of all streams of a spec.

    Attributes:
        sendings: The events that the builder sends, each by its tag; one that is sent in several ways has a name for
            each, `tag#way`.
        ways: For each tag that the spec knows, the names of what is sent with it.
        opener: Event that begins a stream; empty where none does.
        counter: Member that numbers the events; empty where none does.
        tag: Member that holds the tag of an event.
    """

    sendings: Mapping[str, Sending]
    ways: Mapping[str, tuple[str, ...]]
    opener: str
    counter: str
    tag: str

    def line(self, wire: WireObject) -> str:
        """Give the `event:` line of an event."""
        tag = wire.get(self.tag)
        return tag if isinstance(tag, str) and tag.isprintable() else ""

    def unknown(self, tag: str) -> WireObject:
        """Give the wire object of an event that the spec does not know, as far as that follows from its tag."""
        return {self.tag: tag, **({self.counter: None} if self.counter else {})}
