"""Building valid streams: nodes that are told what happens, know what may come now, and send what has to come.

A node is the stream itself or an element at a place. Nothing here does input or output: what is sent waits until it is
taken, or goes to a function.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, overload

from .encoding import encode, encode_any, json_text
from .framing import encode_frame
from .model import ABSENT, Model
from .paths import copied, look_up, put_down
from .planning import CUT, Inner, Kind, Path, Sending, StreamPlan
from .wire import WireObject, WireValue

if TYPE_CHECKING:
    from typing_extensions import Self

T = TypeVar("T")
NodeT = TypeVar("NodeT", bound="Node")
EventT = TypeVar("EventT")

_WORDS = "_".maketrans("_.", "--")


class LifecycleError(RuntimeError):
    """What was asked for would make the stream invalid. Nothing was sent.

    Attributes:
        rule (str): Id of the rule that would be broken, as the linter names it.
        expected (tuple[str, ...]): What may come instead; empty where nothing may.
    """

    def __init__(self, rule: str, message: str, expected: Sequence[str] = ()) -> None:
        hint = f"; expected {' or '.join(expected)}" if expected else ""
        super().__init__(f"{rule}: {message}{hint}")
        self.rule = rule
        self.expected = tuple(expected)


class Member(Generic[T]):
    """An attribute of a node that is a member of its object: what is set is sent from the next repetition on."""

    def __init__(self, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, node: None, owner: type) -> Self: ...

    @overload
    def __get__(self, node: Node, owner: type) -> T | None: ...

    def __get__(self, node: Node | None, owner: type) -> Self | T | None:
        if node is None:
            return self
        value: T | None = node._given.get(self._name)
        return value

    def __set__(self, node: Node, value: T | None) -> None:
        node._set({self._name: value})


class Node:
    """Something that is open for a while: the stream, or an element at a place of it."""

    _kind: ClassVar[Kind]

    _stream: StreamNode[Any]

    def __init__(self, outer: Node | None, key: str | int, members: Mapping[str, Any]) -> None:
        self._outer = outer
        self._key = key
        if outer is not None:
            self._stream = outer._stream
        is_exact = self._stream._is_exact
        self._given = {name: value for name, value in members.items() if value is not None or is_exact}
        self._data: WireObject = {name: copied(encode_any(value)) for name, value in self._given.items()}
        self._position: int | None = None
        self._is_closed = False
        self._is_partial = False
        self._texts: dict[Path, io.StringIO] = {}
        self._finished: set[Path] = set()
        self._kids: dict[str, list[Node]] = {}
        self._latest: Node | None = None
        self._counts: dict[str, int] = {}
        self._templates: dict[str, WireObject] = {}

    # -- What an author may ask and do.

    @property
    def is_closed(self) -> bool:
        """Whether nothing more can happen here."""
        return self._is_closed

    def current(self, kind: type[NodeT]) -> NodeT | None:
        """Give the element of a class that is open here, the last one of several; None if there is none."""
        found = [node for nodes in self._kids.values() for node in nodes if isinstance(node, kind)]
        return next((node for node in reversed(found) if not node._is_closed), None)

    def event(self, tag: str, members: Mapping[str, Any]) -> None:
        """Send an event that the spec does not know: it is numbered, says which element it is about, and goes out.

        Args:
            tag: Its tag.
            members: The other members of its wire object.

        Raises:
            LifecycleError: The element is closed or the stream has ended.
            ValueError: The spec knows the tag, so that there is a method for it.
        """
        if tag in self._stream._plan.ways:
            raise ValueError(f"the spec knows {tag!r}: call the method for it")
        self._refuse_if_closed(tag)
        wire = self._stream._plan.unknown(tag)
        for node in self._chain():
            if node._outer is not None:
                for path in node._inner().keys[:1]:
                    put_down(wire, path, node._key)
        for name, value in members.items():
            wire[name] = encode_any(value)
        self._stream._number(wire)
        self._stream._send(wire)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if kind is None and not self._is_closed:
            self._close()

    # -- What the generated methods are made of.

    def _set(self, members: Mapping[str, Any]) -> None:
        """Set members of the element; None stands for null."""
        for name, value in members.items():
            if self._is_closed:
                raise LifecycleError(self._rule("closed"), f"{name!r} of {self._where()} was set after it was closed")
            self._given[name] = value
            self._data[name] = copied(encode_any(value))

    def _open(
        self,
        kind: type[NodeT],
        place: str,
        data: Mapping[str, Any],
        event: Mapping[str, Any] | None = None,
        key: str | int | None = None,
    ) -> NodeT:
        """Open an element at a place within this one.

        Args:
            kind: Class of the node.
            place: Name of the place.
            data: Members of the element.
            event: Members of the event that opens it, beside the element.
            key: What the element is called, where elements are not numbered; made up if it is None.
        """
        inner = self._kind.inner[place]
        self._refuse_if_closed(inner.opener)
        kids = self._kids.setdefault(place, [])
        ways = self._ways(place)
        if inner.is_position and not self._stream.overlap:
            for kid in kids:
                if not kid._is_closed:
                    kid._close()
            # To close the others may have sent events here.
            ways = self._ways(place)
        if inner.is_position:
            key = len(kids)
        elif key is None:
            key = self._stream._fresh(kind._kind.prefix)
        elif any(kid._key == key for kid in kids):
            raise LifecycleError(f"{inner.rule}-opened-twice", f"there is a {place} called {key!r} already")
        node = kind(self, key, data)
        node._begin()
        for name in kind._kind.unique:
            if any(type(kid) is kind and kid._data.get(name) == node._data.get(name) is not None for kid in kids):
                message = f"{node._data[name]!r} is the {name} of another {place} already"
                raise LifecycleError(f"{name.translate(_WORDS)}-repeats", message)
        texts = node._given_texts()
        self._go(ways)
        kids.append(node)
        self._latest = node
        node._emit(inner.opener, event)
        for tag, text in texts:
            node._append(tag, text)
        return node

    def _begin(self) -> None:
        """Fill in what nobody but the builder knows: the id, the first status, texts and lists that are still empty."""
        kind = self._kind
        if kind.identity and kind.identity not in self._data:
            self._data[kind.identity] = self._stream._fresh(kind.prefix)
        if self._outer is not None and not self._stream._is_exact:
            for name, values in kind.ranks:
                self._data.setdefault(name, values[0])
        for path, value in (*kind.beginnings, *(kind.least if self._stream._is_exact else ())):
            if look_up(self._data, path) is ABSENT:
                put_down(self._data, path, copied(value))
        for inner in kind.inner.values():
            if inner.path and look_up(self._data, inner.path) not in (ABSENT, None, []):
                message = f"{'.'.join(inner.path)} is built by {inner.opener}: begin with an empty list"
                raise LifecycleError(f"{inner.rule}-not-empty", message)

    def _given_texts(self) -> list[tuple[str, str]]:
        """Take out the texts that are built by pieces and that were given whole, each with the event for a piece."""
        found = []
        for tag, leaf in self._kind.pieces:
            text = look_up(self._data, leaf) if leaf else ABSENT
            if isinstance(text, str) and text:
                found.append((tag, text))
                put_down(self._data, leaf, "")
        return found

    def _append(self, tag: str, piece: str, more: Mapping[str, Any] | None = None) -> None:
        """Send a piece of a text."""
        if not piece:
            return
        sending = self._stream._plan.sendings[tag]
        source, leaf = sending.appends[0]
        stream = self._stream
        if stream._last != (self, tag):
            self._refuse_if_closed(tag)
            if leaf in self._finished:
                raise LifecycleError(
                    "text-after-final", f"{self._where(leaf)} is final already, and {tag} would add to it"
                )
            self._go(self._ways(sending.tag))
            self._templates[tag] = self._wire(sending)
            stream._last = (self, tag) if self._loops() else None
        text = self._texts.get(leaf)
        if text is None:
            text = self._texts[leaf] = io.StringIO()
            text.write(self._begun(leaf))
        text.write(piece)
        wire = dict(self._templates[tag])
        if len(source) == 1:
            wire[source[0]] = piece
        else:
            wire = copied(wire)
            put_down(wire, source, piece)
        if more:
            wire.update((name, encode_any(value)) for name, value in more.items() if value is not None)
        stream._number(wire)
        stream._send(wire)

    def _put_in(self, tag: str, value: object, more: Mapping[str, Any] | None = None) -> None:
        """Send an element of a list that is put there and done with."""
        sending = self._stream._plan.sendings[tag]
        source, leaf, index = sending.puts[0]
        items = look_up(self._data, leaf)
        members: dict[Path, Any] = {source: value}
        if index:
            members[index] = len(items) if isinstance(items, list) else 0
        self._happen(tag, more, members)

    def _happen(
        self, tag: str, members: Mapping[str, Any] | None = None, places: Mapping[Path, Any] | None = None
    ) -> None:
        """Send an event of this node.

        Args:
            tag: Its tag.
            members: Members of it by name; None stands for absent.
            places: Members of it by their path.
        """
        self._refuse_if_closed(tag)
        sending = self._stream._plan.sendings[tag]
        for leaf, literal in sending.literals:
            self._refuse_rank(leaf[-1], literal, sending.tag)
        for path, allowed in sending.held:
            if look_up(self._stream._data, path) not in allowed:
                self._stream._refuse_rank(path[-1], allowed[0], sending.tag)
        ways = self._ways(sending.tag)
        if self._passed_by(ways):
            for kid in self._passed_by(ways):
                kid._close()
            ways = self._ways(sending.tag)
        self._go(ways)
        self._emit(tag, members, places)

    def _close(
        self,
        rest: Mapping[str, Any] | None = None,
        *,
        event: Mapping[str, Any] | None = None,
        is_cut: bool = False,
        is_told: bool = False,
    ) -> None:
        """Close this element and all that is open in it.

        Args:
            rest: Members of the element that are only known now; None stands for unchanged.
            event: Members of the event that closes it, beside the element; None stands for absent.
            is_cut: Whether it is closed because the stream ends before its time.
            is_told: Whether it says itself what its status is.
        """
        if self._is_closed:
            raise LifecycleError(self._rule("closed"), f"{self._where()} is closed already")
        assert self._outer is not None
        self._stream._refuse_if_closed(self._kind.closer)
        ranks = () if is_told else self._kind.ranks
        cut = is_cut and any(CUT in values and not self._is_last(name) for name, values in ranks)
        cut = cut or (is_told and any(self._data.get(name) == CUT for name, _ in self._kind.ranks))
        ending = self._ending(is_cut=cut)
        for kid in self._open_kids():
            kid._close(is_cut=is_cut)
        self._set({name: value for name, value in (rest or {}).items() if value is not None})
        if not cut:
            ending = self._ending(is_cut=False)
        for position in ending:
            self._position = position
            self._emit(self._kind.names[position])
        for tag, leaf in self._kind.finishers:
            if leaf in self._texts and leaf not in self._finished and self._may_finish(tag):
                self._emit(tag)
        for name, values in ranks:
            if cut and CUT in values:
                self._data[name] = CUT
            elif not self._is_last(name):
                self._data[name] = values[self._kind.done_from[name]]
        if self._kind.closer:
            self._emit(self._kind.closer, event)
        self._is_closed = True
        self._stream._last = None

    def _kind_of(self, place: str, element: WireValue) -> type[Node]:
        """Give the class for an element at a place within this one.

        Raises:
            LifecycleError: The spec knows no such element.
        """
        kinds = self._stream._kinds[place]
        for kind in kinds:
            name, tag = kind._kind.tag
            if name and isinstance(element, dict) and element.get(name) == tag:
                return kind
        if kinds[0]._kind.tag[0]:
            raise LifecycleError(f"{self._kind.inner[place].rule}-wrong-type", f"the spec knows no such {place}")
        return kinds[0]

    def _take_up(self, element: WireObject) -> None:
        """Go on with an element as it was when the stream was broken off: what says that it is finished is closed."""
        for leaf in self._kind.texts:
            if isinstance(text := look_up(element, leaf) if leaf else ABSENT, str):
                self._texts[leaf] = io.StringIO()
                self._texts[leaf].write(text)
        for place, inner in self._kind.inner.items():
            items = look_up(element, inner.path) if inner.path else None
            kids = self._kids.setdefault(place, [])
            listed = items if isinstance(items, list) else []
            for at, item in enumerate(listed):
                kind = self._kind_of(place, item)
                data = item if isinstance(item, dict) else {}
                key = len(kids) if inner.is_position else look_up(data, inner.keys[0][-1:])
                kid = kind(self, key, data)
                kid._data = copied(data)
                kid._take_up(data)
                is_done = [kid._is_last(name) for name, _ in kid._kind.ranks]
                # What has no status is open where it is the last of an element that is open.
                kid._is_closed = all(is_done) if is_done else self._is_closed or at < len(listed) - 1
                for inside in kid._open_kids() if kid._is_closed else ():
                    inside._is_closed = True
                kid._position = kid._kind.last[0] if kid._kind.last and kid._is_closed else None
                kids.append(kid)
                self._latest = kid
        if any(name in self._kind.inner for name in self._kind.names):
            self._position = max(at for at, name in enumerate(self._kind.names) if name in self._kind.inner)

    def _at_hand(self, kind: type[NodeT]) -> NodeT | None:
        """Give the element that was opened last in this one, if it is open and of a class."""
        node = self._latest
        return node if isinstance(node, kind) and not node._is_closed else None

    def _is_last(self, name: str) -> bool:
        """Whether a status has come to its end."""
        values = dict(self._kind.ranks)[name]
        now = self._data.get(name)
        return now in values and values.index(now) >= self._kind.done_from[name]

    def _goes_back(self, name: str, value: object) -> bool:
        """Whether a status was passed already."""
        values = dict(self._kind.ranks).get(name, ())
        now = self._data.get(name)
        return now in values and value in values and values.index(value) < values.index(now)

    def _refuse_rank(self, name: str, value: object, tag: str) -> None:
        """Refuse a status that was passed already."""
        if self._goes_back(name, value):
            now = self._data[name]
            message = f"{tag} says that {name} of {self._where()} is {value!r}, and it was {now!r} already"
            raise LifecycleError(f"{name.translate(_WORDS)}-goes-back", message)

    # -- What may come now.

    def _ending(self, *, is_cut: bool) -> list[int]:
        """Give the positions that are passed to the end of the sequence, the shortest way; nothing if it was cut off."""
        kind = self._kind
        if not kind.names or is_cut:
            return []
        way = self._search(lambda position: position in kind.last or (position == -1 and kind.may_lack))
        if way is None:
            expected = self._expected()
            raise LifecycleError(self._rule("order"), f"{self._where()} cannot be closed yet", expected)
        return way

    def _ways(self, symbol: str) -> list[tuple[Node, list[int]]]:
        """Give the positions that this node and those around it pass if something happens here."""
        ways = []
        node: Node | None = self
        while node is not None:
            if node._kind.names and symbol in node._kind.names:
                ways.append((node, node._way(symbol)))
            elif node._kind.names and node is self and node._outer is not None:
                message = f"{symbol} does not belong to {node._where()}"
                raise LifecycleError(node._rule("wrong-type"), message, node._expected())
            if node._outer is not None:
                symbol = node._kind.place
            node = node._outer
        return ways[::-1]

    def _way(self, symbol: str) -> list[int]:
        kind = self._kind
        here = -1 if self._position is None else self._position
        for position in kind.after(here):
            if kind.names[position] == symbol:
                return [position]
        way = self._search(lambda position: any(kind.names[next_] == symbol for next_ in kind.after(position)))
        if way is None:
            raise LifecycleError(self._rule("order"), f"{symbol} may not come now in {self._where()}", self._expected())
        last = way[-1] if way else here
        return [*way, next(position for position in kind.after(last) if kind.names[position] == symbol)]

    def _search(self, is_goal: Callable[[int], bool]) -> list[int] | None:
        """Find the shortest way to a position through events that need nobody to ask for them."""
        kind = self._kind
        here = -1 if self._position is None else self._position
        ways: list[list[int]] = [[]]
        seen = {here}
        for way in ways:
            last = way[-1] if way else here
            if is_goal(last):
                return way
            for position in kind.after(last):
                if position not in seen and kind.names[position] in kind.automatic:
                    seen.add(position)
                    ways.append([*way, position])
        return None

    def _go(self, ways: list[tuple[Node, list[int]]]) -> None:
        """Pass positions; what lies on the way is sent, but for the last one, which is what happens."""
        for node, positions in ways:
            for position in positions[:-1]:
                node._position = position
                node._emit(node._kind.names[position])
            node._position = positions[-1]

    def _passed_by(self, ways: list[tuple[Node, list[int]]]) -> list[Node]:
        """Give the elements that are open here and about which nothing could come after that."""
        kind = self._kind
        here = next((positions[-1] for node, positions in ways if node is self), None)
        if here is None:
            return []
        left = {here}
        todo = [here]
        while todo:
            new = set(kind.follow[todo.pop()]) - left
            left |= new
            todo += new
        names = {kind.names[position] for position in left}
        return [kid for kid in self._open_kids() if kid._kind.place in kind.names and kid._kind.place not in names]

    def _loops(self) -> bool:
        """Whether the same may happen again without anything else."""
        node: Node | None = self
        while node is not None:
            here = node._position
            if here is not None and here not in node._kind.after(here):
                return False
            node = node._outer
        return True

    def _may_finish(self, tag: str) -> bool:
        """Whether a text may be finished now, which moves on if so."""
        kind = self._kind
        if not kind.names:
            return True
        here = -1 if self._position is None else self._position
        for position in kind.after(here):
            if kind.names[position] == tag:
                self._position = position
                return True
        return False

    def _expected(self) -> list[str]:
        here = -1 if self._position is None else self._position
        return list(dict.fromkeys(self._kind.names[position] for position in self._kind.after(here)))

    def _refuse_if_closed(self, what: str) -> None:
        for node in self._chain():
            if node._is_closed:
                if node._outer is None:
                    raise LifecycleError("event-after-end", f"{what} cannot come after the stream has ended")
                raise LifecycleError(node._rule("closed"), f"{what} is about {node._where()}, which is closed")

    # -- What is sent.

    def _emit(
        self, tag: str, members: Mapping[str, Any] | None = None, places: Mapping[Path, Any] | None = None
    ) -> None:
        """Send an event, and carry out what it does."""
        stream = self._stream
        stream._last = None
        sending = stream._plan.sendings[tag]
        wire = self._wire(sending)
        for name, value in (members or {}).items():
            if value is not None or name in sending.nulls:
                wire[name] = copied(encode_any(value))
        for path, value in (places or {}).items():
            put_down(wire, path, copied(encode_any(value)))
        for source, leaf in sending.finishes:
            if leaf in self._texts or look_up(wire, source) is ABSENT:
                put_down(wire, source, self._text(leaf))
            self._finished.add(leaf)
        for leaf, literal in sending.literals:
            put_down(self._data, leaf, literal)
        for source, leaf in sending.stores:
            value = look_up(wire, source)
            if value is not ABSENT:
                put_down(self._data, leaf, copied(value))
        for source, leaf, _ in sending.puts:
            items = look_up(self._data, leaf)
            if not isinstance(items, list):
                items = []
                put_down(self._data, leaf, items)
            items.append(copied(look_up(wire, source)))
        if sending.element:
            put_down(wire, sending.element, self._value())
        if sending.state:
            put_down(wire, sending.state, stream._snapshot(sending))
        stream._number(wire)
        stream._send(wire)

    def _wire(self, sending: Sending) -> WireObject:
        """Give the wire object of an event as far as it follows from what it is about."""
        wire: WireObject = copied(sending.start)
        nodes = {node._kind.place: node for node in self._chain()}
        for path, place in sending.keys:
            if place in nodes:
                put_down(wire, path, nodes[place]._key)
        for path, place, repeated in sending.same:
            value = look_up(nodes[place]._data, repeated) if place in nodes else ABSENT
            if value is not ABSENT and value is not None:
                put_down(wire, path, value)
        for path in sending.counts:
            count = self._counts.get(sending.tag, 0)
            self._counts[sending.tag] = count + 1
            put_down(wire, path, count)
        return wire

    def _text(self, leaf: Path) -> str:
        """Give a text as far as it has come."""
        return self._texts[leaf].getvalue() if leaf in self._texts else self._begun(leaf)

    def _begun(self, leaf: Path) -> str:
        """Give what a text began with."""
        text = look_up(self._data, leaf) if leaf else ""
        return text if isinstance(text, str) else ""

    def _value(self) -> WireValue:
        """Give the element as it stands, shared with nobody."""
        if () in self._kind.texts:
            return self._text(())
        value: WireObject = copied(self._data)
        for leaf in self._texts:
            put_down(value, leaf, self._text(leaf))
        for place, kids in self._kids.items():
            path = self._kind.inner[place].path
            if path:
                put_down(value, path, [kid._value() for kid in kids])
        return value

    # -- Where it is.

    def _chain(self) -> Iterator[Node]:
        node: Node | None = self
        while node is not None:
            yield node
            node = node._outer

    def _open_kids(self) -> list[Node]:
        return [kid for kids in self._kids.values() for kid in kids if not kid._is_closed]

    def _inner(self) -> Inner:
        assert self._outer is not None
        return self._outer._kind.inner[self._kind.place]

    def _where(self, leaf: Path = ()) -> str:
        """Say which element it is, and which member of it."""
        steps = ""
        if self._outer is not None:
            inner = self._inner()
            outer = self._outer._where() if self._outer._outer is not None else ""
            steps = ".".join(filter(None, [outer, *(inner.path or (self._kind.place,))])) + f"[{self._key}]"
        return ".".join(filter(None, [steps, *leaf])) or "the stream"

    def _rule(self, what: str) -> str:
        place = self._kind.place.translate(_WORDS) or "stream"
        return f"{place}-{what}"


class StreamNode(Node, Generic[EventT]):
    """The stream as a whole."""

    _plan: ClassVar[StreamPlan]
    _kinds: ClassVar[Mapping[str, tuple[type[Node], ...]]]

    _is_exact = False
    """Whether elements are sent as they are given, and only what is required is filled in."""

    def __init__(
        self,
        data: Mapping[str, Any],
        *,
        overlap: bool,
        sink: Callable[[EventT], None] | None,
        ids: Callable[[str], str] | None,
    ) -> None:
        self._stream = self
        super().__init__(None, 0, data)
        self.overlap = overlap
        self._sink = sink
        self._ids = ids
        self._next = 0
        self._last: tuple[Node, str] | None = None
        self._pending: list[WireObject] = []
        self._end = ""

    @property
    def ended(self) -> str:
        """How the stream has ended: `completed`, `incomplete`, `failed` or `error`; empty while it goes on."""
        return self._end

    def take(self) -> bytes:
        """Give what is new since the last call, as server-sent events; nothing is sent twice."""
        frames = [encode_frame(json_text(wire), event=self._plan.line(wire)) for wire in self._taken()]
        return b"".join(frames)

    def take_events(self) -> list[EventT]:
        """Give what is new since the last call, as events; nothing is sent twice."""
        return [self._decoded(wire) for wire in self._taken()]

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End the stream: as intended, or as failed if there was an exception, which goes on. To cancel sends nothing."""
        if self._is_closed:
            return
        if kind is None:
            self._finish()
        elif issubclass(kind, Exception):
            self._fail()

    def _finish(self) -> None:
        raise NotImplementedError

    def _fail(self) -> None:
        raise NotImplementedError

    def _decoded(self, wire: WireObject) -> EventT:
        raise NotImplementedError

    # -- What the generated methods are made of.

    def _start(self, members: Mapping[str, Any]) -> None:
        """Send the event that begins the stream.

        Args:
            members: Members of it; None stands for absent.
        """
        self._begin()
        self._go(self._ways(self._plan.opener))
        self._emit(self._plan.opener, members)

    def _resume(self, state: Model, number: int) -> None:
        """Go on with a stream that was broken off, without an event.

        Args:
            state: The whole as it was.
            number: Number of the next event.
        """
        element = encode(state)
        self._data = copied(element)
        self._next = number
        self._take_up(element)

    def _end_with(
        self,
        tag: str,
        kind: str,
        members: Mapping[str, Any] | None = None,
        state: Mapping[Path, Any] | None = None,
        places: Mapping[Path, Any] | None = None,
    ) -> None:
        """End the stream with an event.

        Args:
            tag: Its tag.
            kind: How it ends.
            members: Members of the event; None stands for absent.
            state: Members of the state that are only known now, by their paths.
            places: Members of the event by their paths.
        """
        if self._is_closed and not (self._end == "error" and kind == "failed"):
            raise LifecycleError("event-after-end", f"{tag} cannot come after the stream has ended ({self._end})")
        if kind in ("completed", CUT):
            for kid in self._open_kids():
                kid._close(is_cut=kind == CUT)
        for path, value in (state or {}).items():
            if value is not None:
                put_down(self._data, path, copied(encode_any(value)))
        ways = self._ways(tag) if kind in ("completed", CUT) else []
        # Whether the end may be sent at all has to be known before anything is.
        if (sending := self._plan.sendings[tag]).state:
            self._snapshot(sending)
        self._go(ways)
        self._emit(tag, members, {path: value for path, value in (places or {}).items() if value is not None})
        self._is_closed = True
        self._end = kind

    def _snapshot(self, sending: Sending) -> WireValue:
        """Give the state as it stands, with what an event of this kind has to say in it."""
        value = self._value()
        assert isinstance(value, dict)
        for path, allowed in sending.held:
            if look_up(value, path) not in [*allowed, *([ABSENT] if None in allowed else [])]:
                put_down(value, path, allowed[0])
                if allowed[0] is not None:
                    put_down(self._data, path, allowed[0])
        for path, rule, least in sending.needed:
            if look_up(value, path) not in (ABSENT, None):
                continue
            if not self._is_exact or least is None:
                raise LifecycleError(rule, f"{sending.tag} has to say {'.'.join(path)}: set it before")
            put_down(value, path, copied(least))
        return value

    def _number(self, wire: WireObject) -> None:
        if self._plan.counter:
            wire[self._plan.counter] = self._next
            self._next += 1

    def _send(self, wire: WireObject) -> None:
        if self._sink is not None:
            self._sink(self._decoded(wire))
        else:
            self._pending.append(wire)

    def _taken(self) -> list[WireObject]:
        taken, self._pending = self._pending, []
        return taken

    def _fresh(self, prefix: str) -> str:
        return self._ids(prefix) if self._ids is not None else f"{prefix}{uuid.uuid4().hex}"
