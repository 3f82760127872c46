"""Building the elements of a valid stream: nodes are told what happens and send what has to come.

A node is the stream itself or an element at a place. `holding` has what it consists of, `walking` what may come now,
and `streaming` the stream as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from .encoding import encode_any
from .holding import Holder
from .model import ABSENT
from .paths import Steps, copied, look_up, put_down
from .planning import CUT, Inner, Path, Sending
from .refusing import LifecycleError
from .walking import expected, still_to_come, way_to, way_to_end
from .wire import WireObject, WireValue

if TYPE_CHECKING:
    from typing_extensions import Self

    from .streaming import StreamNode

T = TypeVar("T")
NodeT = TypeVar("NodeT", bound="Node")

_WORDS = "_".maketrans("_.", "--")


class Member(Generic[T]):
    """An attribute of a node that is a member of its object: what is set is sent from the next repetition on."""

    def __init__(self, name: str) -> None:
        self.name = name
        """On the wire."""

    @overload
    def __get__(self, node: None, owner: type) -> Self: ...

    @overload
    def __get__(self, node: Node, owner: type) -> T | None: ...

    def __get__(self, node: Node | None, owner: type) -> Self | T | None:
        if node is None:
            return self
        value: T | None = node.given_.get(self.name)
        return value

    def __set__(self, node: Node, value: T | None) -> None:
        node.set_({self.name: value})


class Node(Holder):
    """Something that is open for a while: the stream, or an element at a place of it."""

    _stream: StreamNode[Any]

    def __init__(self, outer: Node | None, key: str | int, members: Mapping[str, Any]) -> None:
        self._outer = outer
        self._key = key
        if outer is not None:
            self._stream = outer._stream
        super().__init__(members, is_exact=self._stream.is_exact_)
        self.position_ = -1
        """Where in its sequence it is; -1 is the beginning."""
        self.is_closed_ = False
        self.is_partial_ = False
        self.kids_: dict[str, list[Node]] = {}
        self.latest_: Node | None = None
        self._counts: dict[str, int] = {}
        self._templates: dict[str, WireObject] = {}

    # -- What an author may ask and do.

    @property
    def is_closed(self) -> bool:
        """Whether nothing more can happen here."""
        return self.is_closed_

    def current(self, kind: type[NodeT]) -> NodeT | None:
        """Give the element of a class that is open here, the last one of several; None if there is none."""
        found = [node for nodes in self.kids_.values() for node in nodes if isinstance(node, kind)]
        return next((node for node in reversed(found) if not node.is_closed_), None)

    def event(self, tag: str, members: Mapping[str, Any]) -> None:
        """Send an event that the spec does not know: it is numbered, says which element it is about, and goes out.

        Args:
            tag: Its tag.
            members: The other members of its wire object.

        Raises:
            LifecycleError: The element is closed or the stream has ended.
            ValueError: The spec knows the tag, so that there is a method for it.
        """
        if tag in self._stream.plan_.ways:
            raise ValueError(f"the spec knows {tag!r}: call the method for it")
        self.refuse_if_closed_(tag)
        wire = self._stream.plan_.unknown(tag)
        for node in self._chain():
            if node._outer is not None:
                for path in node._inner().keys[:1]:
                    put_down(wire, path, node._key)
        for name, value in members.items():
            wire[name] = encode_any(value)
        self._stream.number_(wire)
        self._stream.send_(wire)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if kind is None and not self.is_closed_:
            self.close_()

    # -- What the generated methods are made of.

    def set_(self, members: Mapping[str, Any]) -> None:
        """Set members of the element; None stands for null."""
        for name, value in members.items():
            if self.is_closed_:
                raise LifecycleError(self.rule_("closed"), f"{name!r} of {self.where_()} was set after it was closed")
            self._refuse_rank(name, value, "what is set")
            self.given_[name] = value
            self.data_[name] = copied(encode_any(value))

    def open_(
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
        inner = self.kind_.inner[place]
        self.refuse_if_closed_(inner.opener)
        kids = self.kids_.setdefault(place, [])
        # What may not come here is refused before anything is closed.
        self._ways(place)
        if inner.is_position and not self._stream.overlap:
            for kid in kids:
                if not kid.is_closed_:
                    kid.close_()
        ways = self._make_way(place)
        if inner.is_position:
            key = len(kids)
        elif key is None and not inner.named:
            key = self._stream.fresh_(kind.kind_.prefix)
        node = kind(self, key or 0, data)
        node.begin_()
        if key is None:
            node.call_(inner.named)
        if any(kid._key == node._key for kid in kids):
            raise LifecycleError(f"{inner.rule}-opened-twice", f"there is a {place} called {node._key!r} already")
        for name in kind.kind_.unique:
            value = node.data_.get(name)
            if value is not None and any(name in kid.kind_.unique and kid.data_.get(name) == value for kid in kids):
                message = f"{value!r} is the {name} of another {place} already"
                raise LifecycleError(f"{name.translate(_WORDS)}-repeats", message)
        texts = node.given_texts_()
        self._go(ways)
        kids.append(node)
        self.latest_ = node
        node._emit(inner.opener, event)
        for tag, text in texts:
            node.append_(tag, text)
        return node

    def begin_(self) -> None:
        """Fill in what nobody but the builder knows: the id, the first status, texts and lists that are still empty."""
        kind = self.kind_
        if kind.identity and kind.identity not in self.data_:
            self.data_[kind.identity] = self._stream.fresh_(kind.prefix)
        if self._outer is not None and not self._stream.is_exact_:
            for name, values in kind.ranks:
                self.data_.setdefault(name, values[0])
        if self._outer is None:
            opener = self._stream.plan_.sendings[self._stream.plan_.opener]
            told = {path for path, _ in opener.held}
            for name, values in kind.required_ranks if opener.state else ():
                if (name,) not in told:
                    self.data_.setdefault(name, values[0])
        for path, value in (*kind.beginnings, *(kind.least if self._stream.is_exact_ else ())):
            if look_up(self.data_, path) is ABSENT:
                put_down(self.data_, path, copied(value))
        for inner in kind.inner.values():
            if inner.path and look_up(self.data_, inner.path) not in (ABSENT, None, []):
                message = f"{'.'.join(inner.path)} is built by {inner.opener}: begin with an empty list"
                raise LifecycleError(f"{inner.rule}-not-empty", message)

    def call_(self, way: Path) -> None:
        """Let events call the element by a member of it, which is made up if it has none."""
        name = look_up(self.data_, way)
        if not isinstance(name, (str, int)):
            name = self._stream.fresh_(self.kind_.prefix)
            put_down(self.data_, way, name)
        self._key = name

    def append_(self, tag: str, piece: object, more: Mapping[str, Any] | None = None) -> None:
        """Send a piece of a text.

        Raises:
            TypeError: The piece is no text, which a type checker would have seen.
        """
        if not isinstance(piece, str):
            raise TypeError(f"{tag} takes a piece of text, not {type(piece).__name__}")
        if not piece:
            return
        sending = self._stream.plan_.sendings[tag]
        source, leaf = sending.appends[0]
        stream = self._stream
        if stream.last_ != (self, tag):
            self.refuse_if_closed_(tag)
            if leaf in self.finished_:
                raise LifecycleError(
                    "text-after-final", f"{self.where_(leaf)} is final already, and {tag} would add to it"
                )
            self._go(self._ways(sending.tag))
            self._templates[tag] = self._wire(sending)
            stream.last_ = (self, tag) if self._loops() else None
        self.grow_(leaf, piece)
        wire = dict(self._templates[tag])
        if len(source) == 1:
            wire[source[0]] = piece
        else:
            wire = copied(wire)
            put_down(wire, source, piece)
        if more:
            wire.update((name, encode_any(value)) for name, value in more.items() if value is not None)
        self._count(sending, wire)
        stream.number_(wire)
        stream.send_(wire)

    def put_in_(self, tag: str, value: object, more: Mapping[str, Any] | None = None) -> None:
        """Send an element of a list that is put there and done with."""
        sending = self._stream.plan_.sendings[tag]
        source, leaf, index = sending.puts[0]
        items = look_up(self.data_, leaf)
        members: dict[Path, Any] = {source: value}
        if index:
            members[index] = len(items) if isinstance(items, list) else 0
        self.happen_(tag, more, members)

    def happen_(
        self, tag: str, members: Mapping[str, Any] | None = None, places: Mapping[Path, Any] | None = None
    ) -> None:
        """Send an event of this node.

        Args:
            tag: Its tag.
            members: Members of it by name; None stands for absent.
            places: Members of it by their path.
        """
        sending = self._stream.plan_.sendings[tag]
        pieces = list(self._pieces(sending, members or {})) if sending.grows else []
        self._come_to(sending)
        for where, piece in pieces:
            if look_up(self.data_, where) is ABSENT:
                put_down(self.data_, where, "")
            self.grow_(where, piece)
        self._emit(tag, members, places)

    def gather_(self, tag: str, members: Mapping[str, Any], element: Mapping[str, Any]) -> None:
        """Send an event that repeats a list in whose elements texts grow, when one of these is complete.

        Args:
            tag: Its tag.
            members: Members of it, the position of the element among them; None stands for absent.
            element: Members of the element beside the texts; None stands for absent.
        """
        sending = self._stream.plan_.sendings[tag]
        _, leaf, index = sending.gathers[0]
        position = look_up(members, index)
        assert isinstance(position, int)
        self._refuse_element(leaf, position, sending.tag)
        where: Steps = (*leaf, position)
        if where in self.finished_:
            raise LifecycleError("text-final-twice", f"{tag} would finish {self.where_(where)} again")
        self._come_to(sending)
        for name, value in element.items():
            if value is not None:
                put_down(self.data_, (*where, name), copied(encode_any(value)))
        self._emit(tag, members)

    def _come_to(self, sending: Sending) -> None:
        """Send what has to come before an event, or refuse it."""
        self.refuse_if_closed_(sending.tag)
        for leaf, literal in sending.literals:
            self._refuse_rank(leaf[-1], literal, sending.tag)
        for path, allowed in sending.held:
            if look_up(self._stream.data_, path) not in allowed:
                self._stream._refuse_rank(path[-1], allowed[0], sending.tag)
        self._go(self._make_way(sending.tag))

    def _pieces(self, sending: Sending, members: Mapping[str, Any]) -> Iterator[tuple[Steps, str]]:
        """Give the texts in elements of lists that an event adds to, each with the piece."""
        said = {name: encode_any(value) for name, value in members.items()}
        for source, leaf, index, rest in sending.grows:
            piece, position = look_up(said, source), look_up(said, index)
            if not isinstance(piece, str) or not piece or not isinstance(position, int):
                continue
            self._refuse_element(leaf, position, sending.tag)
            where: Steps = (*leaf, position, *rest)
            if where[: len(leaf) + 1] in self.finished_:
                message = f"{self.where_(where)} is final already, and {sending.tag} would add to it"
                raise LifecycleError("text-after-final", message)
            yield where, piece

    def _refuse_element(self, leaf: Path, position: int, tag: str) -> None:
        """Refuse what is about an element of a list that cannot come yet: they come one by one."""
        items = look_up(self.data_, leaf)
        count = len(items) if isinstance(items, list) else 0
        open_ = [] if self._stream.is_exact_ else [at for at in range(count) if (*leaf, at) not in self.finished_]
        expected = open_[0] if open_ else count
        if position not in (expected, *range(count)) or (open_ and position != expected):
            message = (
                f"{tag} is about {self.where_((*leaf, position))} before {self.where_((*leaf, expected))} is complete"
            )
            raise LifecycleError("text-missing", message)

    def close_(
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
        if self.is_closed_:
            raise LifecycleError(self.rule_("closed"), f"{self.where_()} is closed already")
        assert self._outer is not None
        self._stream.refuse_if_closed_(self.kind_.closer)
        if event is None and self.kind_.asks and not self._stream.is_exact_:
            message = f"{self.where_()} has to be closed before: {self.kind_.closer} takes {', '.join(self.kind_.asks)}"
            raise LifecycleError(self.rule_("left-open"), message)
        for name, value in (rest or {}).items():
            self._refuse_rank(name, value, "what is set at the end")
        ranks = () if is_told else self.kind_.ranks
        cut = is_cut and any(CUT in values and not self.is_last_(name) for name, values in ranks)
        cut = cut or (is_told and any(self.data_.get(name) == CUT for name, _ in self.kind_.ranks))
        ending = self._ending(is_cut=cut)
        for kid in self.open_kids_():
            kid.close_(is_cut=is_cut)
        self.set_({name: value for name, value in (rest or {}).items() if value is not None})
        if not cut:
            ending = self._ending(is_cut=False)
        for position in ending:
            self.position_ = position
            self._emit(self.kind_.names[position])
        for tag, leaf in self.kind_.finishers:
            if leaf in self.texts_ and leaf not in self.finished_ and self._may_finish(tag):
                self._emit(tag)
        for name, values in ranks:
            if cut and CUT in values:
                self.data_[name] = CUT
            elif not self.is_last_(name):
                self.data_[name] = values[self.kind_.done_from[name]]
        if self.kind_.closer:
            self._emit(self.kind_.closer, event)
        self.is_closed_ = True
        self._stream.last_ = None

    def kind_of_(self, place: str, element: WireValue) -> type[Node]:
        """Give the class for an element at a place within this one.

        Raises:
            LifecycleError: The spec knows no such element.
        """
        kinds = self.kinds_at_(place)
        for kind in kinds:
            name, tag = kind.kind_.tag
            if name and isinstance(element, dict) and element.get(name) == tag:
                return kind
        if kinds[0].kind_.tag[0]:
            raise LifecycleError(f"{self.kind_.inner[place].rule}-wrong-type", f"no such {place} is in {self.where_()}")
        return kinds[0]

    def kinds_at_(self, place: str) -> list[type[Node]]:
        """Give the classes for the elements that may be at a place within this one."""
        inner = self.kind_.inner.get(place)
        if inner is None:
            raise LifecycleError(self.rule_("wrong-type"), f"there is no {place} in {self.where_()}")
        return [kind for kind in self._stream.kinds_[place] if not inner.tags or kind.kind_.tag[1] in inner.tags]

    def _at_hand(self, kind: type[NodeT]) -> NodeT | None:
        """Give the element that was opened last in this one, if it is open and of a class."""
        node = self.latest_
        return node if isinstance(node, kind) and not node.is_closed_ else None

    def _refuse_rank(self, name: str, value: object, tag: str) -> None:
        """Refuse a status that was passed already."""
        if self.goes_back_(name, value):
            now = self.data_[name]
            message = f"{tag} says that {name} of {self.where_()} is {value!r}, and it was {now!r} already"
            raise LifecycleError(f"{name.translate(_WORDS)}-goes-back", message)

    # -- What may come now.

    def _ending(self, *, is_cut: bool) -> list[int]:
        """Give the positions on the shortest way to the end of the sequence; nothing if it was cut off."""
        kind = self.kind_
        if not kind.names or is_cut:
            return []
        way = way_to_end(kind, self.position_)
        if way is None:
            message = f"{self.where_()} cannot be closed yet"
            raise LifecycleError(self.rule_("order"), message, expected(kind, self.position_))
        return way

    def _ways(self, symbol: str) -> list[tuple[Node, list[int]]]:
        """Give the positions that this node and those around it pass if something happens here."""
        ways: list[tuple[Node, list[int]]] = []
        node: Node | None = self
        while node is not None:
            if node.kind_.names and symbol in node.kind_.names:
                ways.append((node, node.way_(symbol)))
            elif node.kind_.names and node is self and node._outer is not None:
                message = f"{symbol} does not belong to {node.where_()}"
                raise LifecycleError(node.rule_("wrong-type"), message, expected(node.kind_, node.position_))
            if node._outer is not None:
                symbol = node.kind_.place
            node = node._outer
        return ways[::-1]

    def way_(self, symbol: str) -> list[int]:
        """Give the positions that are passed until something happens here."""
        way = way_to(self.kind_, self.position_, symbol)
        if way is None:
            message = f"{symbol} may not come now in {self.where_()}"
            raise LifecycleError(self.rule_("order"), message, expected(self.kind_, self.position_))
        return way

    def _go(self, ways: list[tuple[Node, list[int]]]) -> None:
        """Pass positions; what lies on the way is sent, but for the last one, which is what happens."""
        for node, positions in ways:
            for position in positions[:-1]:
                node.position_ = position
                node._emit(node.kind_.names[position])
            node.position_ = positions[-1]

    def _make_way(self, symbol: str) -> list[tuple[Node, list[int]]]:
        """Close what has to be closed before something happens here, and give the positions that are passed then."""
        ways = self._ways(symbol)
        passed = self._passed_by(ways)
        for kid in passed:
            kid.close_()
        # To close others may have sent events here.
        return self._ways(symbol) if passed else ways

    def _passed_by(self, ways: list[tuple[Node, list[int]]]) -> list[Node]:
        """Give the elements that are open here and about which nothing could come after that."""
        kind = self.kind_
        here = next((positions[-1] for node, positions in ways if node is self), None)
        if here is None:
            return []
        names = still_to_come(kind, here)
        return [kid for kid in self.open_kids_() if kid.kind_.place in kind.names and kid.kind_.place not in names]

    def _loops(self) -> bool:
        """Whether the same may happen again without anything else."""
        node: Node | None = self
        while node is not None:
            here = node.position_
            if here >= 0 and here not in node.kind_.after(here):
                return False
            node = node._outer
        return True

    def _may_finish(self, tag: str) -> bool:
        """Whether a text may be finished now, which moves on if so."""
        kind = self.kind_
        if not kind.names:
            return True
        for position in kind.after(self.position_):
            if kind.names[position] == tag:
                self.position_ = position
                return True
        return False

    def refuse_if_closed_(self, what: str) -> None:
        """Refuse what would happen in an element that is closed, or after the end."""
        for node in self._chain():
            if node.is_closed_:
                if node._outer is None:
                    raise LifecycleError("event-after-end", f"{what} cannot come after the stream has ended")
                raise LifecycleError(node.rule_("closed"), f"{what} is about {node.where_()}, which is closed")

    # -- What is sent.

    def _emit(
        self, tag: str, members: Mapping[str, Any] | None = None, places: Mapping[Path, Any] | None = None
    ) -> WireObject:
        """Send an event, carry out what it does, and give its wire object."""
        stream = self._stream
        stream.last_ = None
        sending = stream.plan_.sendings[tag]
        wire = self._said(sending, members, places or {})
        for source, leaf in sending.finishes:
            if leaf in self.texts_ or look_up(wire, source) is ABSENT:
                put_down(wire, source, self.built_(leaf))
            self.finished_.add(leaf)
        for source, leaf, index in sending.gathers:
            if isinstance(position := look_up(wire, index) if index else ABSENT, int):
                self.finished_.add((*leaf, position))
            put_down(wire, source, look_up(self._value(), leaf))
        for leaf, literal in sending.literals:
            put_down(self.data_, leaf, literal)
        for source, leaf in sending.stores:
            value = look_up(wire, source)
            if value is not ABSENT:
                put_down(self.data_, leaf, copied(value))
        for source, leaf, _ in sending.puts:
            items = look_up(self.data_, leaf)
            if not isinstance(items, list):
                items = []
                put_down(self.data_, leaf, items)
            items.append(copied(look_up(wire, source)))
        if sending.element:
            put_down(wire, sending.element, self._value())
        if sending.state:
            put_down(wire, sending.state, stream.snapshot_(sending))
        self._count(sending, wire)
        stream.number_(wire)
        stream.send_(wire)
        return wire

    def _said(
        self,
        sending: Sending,
        members: Mapping[str, Any] | None,
        places: Mapping[Path, Any],
        state: WireValue = None,
    ) -> WireObject:
        """Give the wire object of an event with what its author says, and with the whole state if that is given."""
        wire = self._wire(sending)
        for name, value in (members or {}).items():
            if value is not None or name in sending.nulls:
                wire[name] = copied(encode_any(value))
        for path, value in places.items():
            put_down(wire, path, copied(encode_any(value)))
        if state is not None:
            put_down(wire, sending.state, state)
        return wire

    def _wire(self, sending: Sending) -> WireObject:
        """Give the wire object of an event as far as it follows from what it is about."""
        wire: WireObject = copied(sending.start)
        if sending.key and self._stream.name_ is not ABSENT:
            put_down(wire, sending.key, self._stream.name_)
        nodes = {node.kind_.place: node for node in self._chain()}
        for path, place in sending.keys:
            if place in nodes:
                put_down(wire, path, nodes[place]._key)
        for path, place, repeated in sending.same:
            value = look_up(nodes[place].data_, repeated) if place in nodes else ABSENT
            if value is not ABSENT and value is not None:
                put_down(wire, path, value)
        return wire

    def _count(self, sending: Sending, wire: WireObject) -> None:
        """Count an event among those of its kind here."""
        for path in sending.counts:
            count = self._counts.get(sending.tag, 0)
            self._counts[sending.tag] = count + 1
            put_down(wire, path, count)

    def _value(self) -> WireValue:
        """Give the element as it stands, with what is at places in it, shared with nobody."""
        if () in self.kind_.texts:
            return self.text_(())
        value = self.own_()
        for place, kids in self.kids_.items():
            path = self.kind_.inner[place].path
            if path:
                put_down(value, path, [kid._value() for kid in kids])
        return value

    # -- Where it is.

    def _chain(self) -> Iterator[Node]:
        node: Node | None = self
        while node is not None:
            yield node
            node = node._outer

    def open_kids_(self) -> list[Node]:
        """Give the elements that are open in this one."""
        return [kid for kids in self.kids_.values() for kid in kids if not kid.is_closed_]

    def _inner(self) -> Inner:
        assert self._outer is not None
        return self._outer.kind_.inner[self.kind_.place]

    def where_(self, inside: Steps = ()) -> str:
        """Say which element it is, and which member of it."""
        steps = ""
        if self._outer is not None:
            inner = self._inner()
            outer = self._outer.where_() if self._outer._outer is not None else ""
            steps = ".".join(filter(None, [outer, *(inner.path or (self.kind_.place,))])) + f"[{self._key}]"
        for step in inside:
            steps += f"[{step}]" if isinstance(step, int) else f".{step}"
        return steps.removeprefix(".") or "the stream"

    def rule_(self, what: str) -> str:
        """Give the id of a rule about such elements."""
        place = self.kind_.place.translate(_WORDS) or "stream"
        return f"{place}-{what}"
