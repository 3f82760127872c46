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
from .ending import Ending, EndingTable
from .framing import encode_frame
from .model import ABSENT, Model
from .paths import Steps, copied, look_up, put_down
from .planning import CUT, MAY_END, Inner, Kind, Path, Sending, StreamPlan
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


class Node:
    """Something that is open for a while: the stream, or an element at a place of it.

    What is not for authors ends with an underscore, so that it is in the way of no member of a spec.
    """

    kind_: ClassVar[Kind]

    _stream: StreamNode[Any]

    def __init__(self, outer: Node | None, key: str | int, members: Mapping[str, Any]) -> None:
        self._outer = outer
        self._key = key
        if outer is not None:
            self._stream = outer._stream
        is_exact = self._stream.is_exact_
        self.given_ = {name: value for name, value in members.items() if value is not None or is_exact}
        self.data_: WireObject = {name: copied(encode_any(value)) for name, value in self.given_.items()}
        self.position_: int | None = None
        self.is_closed_ = False
        self.is_partial_ = False
        self.texts_: dict[Steps, io.StringIO] = {}
        self._finished: set[Steps] = set()
        self.kids_: dict[str, list[Node]] = {}
        self._latest: Node | None = None
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
        ways = self._ways(place)
        if inner.is_position and not self._stream.overlap:
            for kid in kids:
                if not kid.is_closed_:
                    kid.close_()
            # To close the others may have sent events here.
            ways = self._ways(place)
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
            if any(type(kid) is kind and kid.data_.get(name) == node.data_.get(name) is not None for kid in kids):
                message = f"{node.data_[name]!r} is the {name} of another {place} already"
                raise LifecycleError(f"{name.translate(_WORDS)}-repeats", message)
        texts = node._given_texts()
        self._go(ways)
        kids.append(node)
        self._latest = node
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

    def _given_texts(self) -> list[tuple[str, str]]:
        """Take out the texts that are built by pieces and that were given whole, each with the event for a piece."""
        found: list[tuple[str, str]] = []
        for tag, leaf in self.kind_.pieces:
            text = look_up(self.data_, leaf) if leaf else ABSENT
            if isinstance(text, str) and text:
                found.append((tag, text))
                put_down(self.data_, leaf, "")
        return found

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
            if leaf in self._finished:
                raise LifecycleError(
                    "text-after-final", f"{self.where_(leaf)} is final already, and {tag} would add to it"
                )
            self._go(self._ways(sending.tag))
            self._templates[tag] = self._wire(sending)
            stream.last_ = (self, tag) if self._loops() else None
        self._grow(leaf, piece)
        wire = dict(self._templates[tag])
        if len(source) == 1:
            wire[source[0]] = piece
        else:
            wire = copied(wire)
            put_down(wire, source, piece)
        if more:
            wire.update((name, encode_any(value)) for name, value in more.items() if value is not None)
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
            self._grow(where, piece)
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
        if where in self._finished:
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
        ways = self._ways(sending.tag)
        if self._passed_by(ways):
            for kid in self._passed_by(ways):
                kid.close_()
            ways = self._ways(sending.tag)
        self._go(ways)

    def _pieces(self, sending: Sending, members: Mapping[str, Any]) -> Iterator[tuple[Steps, str]]:
        """Give the texts in elements of lists that an event adds to, each with the piece."""
        said = {name: encode_any(value) for name, value in members.items()}
        for source, leaf, index, rest in sending.grows:
            piece, position = look_up(said, source), look_up(said, index)
            if not isinstance(piece, str) or not piece or not isinstance(position, int):
                continue
            self._refuse_element(leaf, position, sending.tag)
            where: Steps = (*leaf, position, *rest)
            if where[: len(leaf) + 1] in self._finished:
                message = f"{self.where_(where)} is final already, and {sending.tag} would add to it"
                raise LifecycleError("text-after-final", message)
            yield where, piece

    def _refuse_element(self, leaf: Path, position: int, tag: str) -> None:
        """Refuse what is about an element of a list that cannot come yet: they come one by one."""
        items = look_up(self.data_, leaf)
        count = len(items) if isinstance(items, list) else 0
        open_ = [] if self._stream.is_exact_ else [at for at in range(count) if (*leaf, at) not in self._finished]
        expected = open_[0] if open_ else count
        if position not in (expected, *range(count)) or (open_ and position != expected):
            message = (
                f"{tag} is about {self.where_((*leaf, position))} before {self.where_((*leaf, expected))} is complete"
            )
            raise LifecycleError("text-missing", message)

    def _grow(self, where: Steps, piece: str) -> None:
        """Add a piece to a text."""
        text = self.texts_.get(where)
        if text is None:
            text = self.set_text_(where, self._begun(where))
        text.write(piece)

    def set_text_(self, where: Steps, whole: str) -> io.StringIO:
        """Take a text as it is so far, and give what takes more of it."""
        text = self.texts_[where] = io.StringIO()
        text.write(whole)
        return text

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
        cut = is_cut and any(CUT in values and not self._is_last(name) for name, values in ranks)
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
            if leaf in self.texts_ and leaf not in self._finished and self._may_finish(tag):
                self._emit(tag)
        for name, values in ranks:
            if cut and CUT in values:
                self.data_[name] = CUT
            elif not self._is_last(name):
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
        kinds = self._stream.kinds_[place]
        for kind in kinds:
            name, tag = kind.kind_.tag
            if name and isinstance(element, dict) and element.get(name) == tag:
                return kind
        if kinds[0].kind_.tag[0]:
            raise LifecycleError(f"{self.kind_.inner[place].rule}-wrong-type", f"the spec knows no such {place}")
        return kinds[0]

    def _take_up(self, element: WireObject) -> None:
        """Go on with an element as it was when the stream was broken off: what says that it is finished is closed."""
        for leaf in self.kind_.texts:
            if isinstance(text := look_up(element, leaf) if leaf else ABSENT, str):
                self.set_text_(leaf, text)
        for grown in self.kind_.grown:
            items = look_up(element, grown.path)
            for at, item in enumerate(items if isinstance(items, list) else []):
                if isinstance(item, dict) and all(name in item for name in grown.least):
                    self._finished.add((*grown.path, at))
        for place, inner in self.kind_.inner.items():
            items = look_up(element, inner.path) if inner.path else None
            kids = self.kids_.setdefault(place, [])
            listed: list[WireValue] = items if isinstance(items, list) else []
            for at, item in enumerate(listed):
                kind = self.kind_of_(place, item)
                data: WireObject = item if isinstance(item, dict) else {}
                key = len(kids) if inner.is_position else look_up(data, inner.keys[0][-1:])
                kid = kind(self, key if isinstance(key, (str, int)) else "", data)
                kid.data_ = copied(data)
                kid._take_up(data)
                is_done = [kid._is_last(name) for name, _ in kid.kind_.ranks]
                # What has no status is open where it is the last of an element that is open.
                kid.is_closed_ = all(is_done) if is_done else self.is_closed_ or at < len(listed) - 1
                for inside in kid.open_kids_() if kid.is_closed_ else ():
                    inside.is_closed_ = True
                kid.position_ = kid.kind_.last[0] if kid.kind_.last and kid.is_closed_ else None
                kids.append(kid)
                self._latest = kid
        if any(name in self.kind_.inner for name in self.kind_.names):
            self.position_ = max(at for at, name in enumerate(self.kind_.names) if name in self.kind_.inner)

    def _at_hand(self, kind: type[NodeT]) -> NodeT | None:
        """Give the element that was opened last in this one, if it is open and of a class."""
        node = self._latest
        return node if isinstance(node, kind) and not node.is_closed_ else None

    def _is_last(self, name: str) -> bool:
        """Whether a status has come to its end."""
        values = dict(self.kind_.ranks)[name]
        now = self.data_.get(name)
        return now in values and values.index(now) >= self.kind_.done_from[name]

    def is_finished_(self, where: Steps) -> bool:
        """Whether a text, or an element of a list in which texts grow, was sent whole."""
        return where in self._finished

    def goes_back_(self, name: str, value: object) -> bool:
        """Whether a status was passed already."""
        values = dict(self.kind_.ranks).get(name, ())
        now = self.data_.get(name)
        return now in values and value in values and values.index(value) < values.index(now)

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
        way = self._search(lambda position: position in kind.last or (position == -1 and kind.may_lack))
        if way is None:
            expected = self._expected()
            raise LifecycleError(self.rule_("order"), f"{self.where_()} cannot be closed yet", expected)
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
                raise LifecycleError(node.rule_("wrong-type"), message, node._expected())
            if node._outer is not None:
                symbol = node.kind_.place
            node = node._outer
        return ways[::-1]

    def way_(self, symbol: str) -> list[int]:
        """Give the positions that are passed until something happens here."""
        kind = self.kind_
        here = -1 if self.position_ is None else self.position_
        for position in kind.after(here):
            if kind.names[position] == symbol:
                return [position]
        way = self._search(lambda position: any(kind.names[next_] == symbol for next_ in kind.after(position)))
        if way is None:
            raise LifecycleError(self.rule_("order"), f"{symbol} may not come now in {self.where_()}", self._expected())
        last = way[-1] if way else here
        return [*way, next(position for position in kind.after(last) if kind.names[position] == symbol)]

    def _search(self, is_goal: Callable[[int], bool]) -> list[int] | None:
        """Find the shortest way to a position through events that need nobody to ask for them."""
        kind = self.kind_
        here = -1 if self.position_ is None else self.position_
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
                node.position_ = position
                node._emit(node.kind_.names[position])
            node.position_ = positions[-1]

    def _passed_by(self, ways: list[tuple[Node, list[int]]]) -> list[Node]:
        """Give the elements that are open here and about which nothing could come after that."""
        kind = self.kind_
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
        return [kid for kid in self.open_kids_() if kid.kind_.place in kind.names and kid.kind_.place not in names]

    def _loops(self) -> bool:
        """Whether the same may happen again without anything else."""
        node: Node | None = self
        while node is not None:
            here = node.position_
            if here is not None and here not in node.kind_.after(here):
                return False
            node = node._outer
        return True

    def _may_finish(self, tag: str) -> bool:
        """Whether a text may be finished now, which moves on if so."""
        kind = self.kind_
        if not kind.names:
            return True
        here = -1 if self.position_ is None else self.position_
        for position in kind.after(here):
            if kind.names[position] == tag:
                self.position_ = position
                return True
        return False

    def _expected(self) -> list[str]:
        here = -1 if self.position_ is None else self.position_
        return list(dict.fromkeys(self.kind_.names[position] for position in self.kind_.after(here)))

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
                put_down(wire, source, self._text(leaf))
            self._finished.add(leaf)
        for source, leaf, index in sending.gathers:
            if isinstance(position := look_up(wire, index) if index else ABSENT, int):
                self._finished.add((*leaf, position))
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
        for path in sending.counts:
            count = self._counts.get(sending.tag, 0)
            self._counts[sending.tag] = count + 1
            put_down(wire, path, count)
        return wire

    def _text(self, where: Steps) -> str:
        """Give a text as far as it has come."""
        return self.texts_[where].getvalue() if where in self.texts_ else self._begun(where)

    def _begun(self, where: Steps) -> str:
        """Give what a text began with."""
        text = look_up(self.data_, where) if where else ""
        return text if isinstance(text, str) else ""

    def _value(self) -> WireValue:
        """Give the element as it stands, shared with nobody."""
        if () in self.kind_.texts:
            return self._text(())
        value: WireObject = copied(self.data_)
        for where in self.texts_:
            put_down(value, where, self._text(where))
        for grown in self.kind_.grown:
            items = look_up(value, grown.path)
            if isinstance(items, list):
                items[:] = [{**copied(grown.least), **item} if isinstance(item, dict) else item for item in items]
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


class StreamNode(Node, Generic[EventT]):
    """The stream as a whole."""

    plan_: ClassVar[StreamPlan]
    endings_: ClassVar[EndingTable]
    kinds_: ClassVar[Mapping[str, tuple[type[Node], ...]]]

    is_exact_ = False
    """Whether elements are sent as they are given, and only what is required is filled in."""

    def __init__(
        self,
        data: Mapping[str, Any],
        *,
        overlap: bool,
        sink: Callable[[EventT], None] | None,
        ids: Callable[[str], str] | None,
    ) -> None:
        self._prepare(data, overlap, sink, ids)

    def _prepare(
        self,
        data: Mapping[str, Any],
        overlap: bool,
        sink: Callable[[EventT], None] | None,
        ids: Callable[[str], str] | None,
    ) -> None:
        self._stream = self
        Node.__init__(self, None, 0, data)
        self.overlap = overlap
        self._sink = sink
        self._ids = ids
        self.next_ = 0
        self.last_: tuple[Node, str] | None = None
        self.pending_: list[WireObject] = []
        self.name_: Any = ABSENT
        """What all events call the stream, where several run side by side."""
        self._end = ""

    @classmethod
    def bare_(
        cls,
        data: Mapping[str, Any],
        *,
        overlap: bool,
        sink: Callable[[EventT], None] | None,
        ids: Callable[[str], str] | None,
        is_exact: bool = False,
    ) -> Self:
        """Give a stream of which nothing has been sent; the arguments are those of the constructor.

        Args:
            is_exact: Whether elements are sent as they are given.
        """
        stream = cls.__new__(cls)
        stream.is_exact_ = is_exact
        stream._prepare(data, overlap, sink, ids)
        return stream

    @property
    def ended(self) -> str:
        """How the stream has ended: `completed`, `incomplete`, `failed` or `error`; empty while it goes on."""
        return self._end

    def take(self) -> bytes:
        """Give what is new since the last call, as server-sent events; nothing is sent twice."""
        frames = [encode_frame(json_text(wire), event=self.plan_.line(wire)) for wire in self.taken_()]
        return b"".join(frames)

    def take_events(self) -> list[EventT]:
        """Give what is new since the last call, as events; nothing is sent twice."""
        return [self.decoded_(wire) for wire in self.taken_()]

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End the stream: as intended, or as failed after an exception, which goes on. To cancel sends nothing.

        What is sent then is still to be taken, behind the block.
        """
        if self.is_closed_:
            return
        if kind is None:
            self.finish_()
        elif issubclass(kind, Exception):
            self.fail_()

    def finish_(self) -> None:
        """End the stream as intended.

        Raises:
            LifecycleError: That takes what only the author knows, so he has to say it himself.
        """
        raise LifecycleError("stream-truncated", "the stream has to be ended before the end of the block")

    def fail_(self) -> None:
        """End the stream as failed, or leave it as it is where no event says so without an author."""

    def decoded_(self, wire: WireObject) -> EventT:
        """Give the event of a wire object."""
        raise NotImplementedError

    # -- What the generated methods are made of.

    def start_(self, members: Mapping[str, Any]) -> None:
        """Send the event that begins the stream.

        Args:
            members: Members of it; None stands for absent.
        """
        self.begin_()
        self._go(self._ways(self.plan_.opener))
        wire = self._emit(self.plan_.opener, members)
        if key := self.plan_.sendings[self.plan_.opener].key:
            self.name_ = look_up(wire, key)

    def resume_(self, state: Model, number: int) -> None:
        """Go on with a stream that was broken off, without an event.

        Args:
            state: The whole as it was.
            number: Number of the next event.
        """
        element = encode(state)
        self.data_ = copied(element)
        self.next_ = number
        self._take_up(element)

    def end_with_(
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

        Raises:
            LifecycleError: The stream cannot end now.
            ValueError: What the event says is that the stream ends otherwise, or that it goes on.
        """
        if self.is_closed_ and not (self._end == "error" and kind == "failed"):
            raise LifecycleError("event-after-end", f"{tag} cannot come after the stream has ended ({self._end})")
        if kind in ("completed", CUT):
            for kid in self.open_kids_():
                kid.close_(is_cut=kind == CUT)
        for path, value in (state or {}).items():
            if value is not None:
                put_down(self.data_, path, copied(encode_any(value)))
        sending = self.plan_.sendings[tag]
        for path, allowed in sending.says.get(kind, ()):
            if look_up(self.data_, path) not in allowed:
                put_down(self.data_, path, allowed[0])
        ways = self._ways(tag) if kind in ("completed", CUT) else []
        # Whether the end may be sent at all has to be known before anything is.
        snapshot = self.snapshot_(sending) if sending.state else None
        given = {path: value for path, value in (places or {}).items() if value is not None}
        if sending.role == MAY_END:
            self._refuse_other_end(sending, kind, self._said(sending, members, given, snapshot))
        self._go(ways)
        self._emit(tag, members, given)
        self.is_closed_ = True
        self._end = kind

    def end_of_(self, wire: WireObject) -> str | None:
        """Tell how an event ends the stream by what is in it; None if the stream goes on."""
        event = self.decoded_(wire)
        ending = self.endings_.get(type(event))
        return ending.kind_of(event) if isinstance(ending, Ending) and isinstance(event, Model) else None

    def _refuse_other_end(self, sending: Sending, kind: str, wire: WireObject) -> None:
        """Refuse an end that is not the one that was asked for."""
        found = self.end_of_(wire)
        if found != kind:
            says = f"the stream is {found}" if found else "the stream goes on"
            raise ValueError(f"{sending.tag} is to say that the stream is {kind}; with what was given, {says}")

    def snapshot_(self, sending: Sending) -> WireValue:
        """Give the state as it stands, with what an event of this kind has to say in it."""
        value = self._value()
        assert isinstance(value, dict)
        for path, allowed in sending.held:
            if look_up(value, path) not in [*allowed, *([ABSENT] if None in allowed else [])]:
                put_down(value, path, allowed[0])
                if allowed[0] is not None:
                    put_down(self.data_, path, allowed[0])
        for path, rule, least in sending.needed:
            if look_up(value, path) not in (ABSENT, None):
                continue
            if not self.is_exact_ or least is None:
                message = f"{sending.tag} has to say {'.'.join(path)}: {self._mend(path[0])} before"
                raise LifecycleError(rule, message)
            put_down(value, path, copied(least))
        return value

    def _mend(self, name: str) -> str:
        """Say how a member of the state is set."""
        members = ((attribute, value) for attribute, value in vars(type(self)).items() if isinstance(value, Member))
        attribute = next((attribute for attribute, member in members if member.name == name), "")
        return f"set `{attribute}` of the {type(self).__name__}" if attribute else f"set {name!r}"

    def number_(self, wire: WireObject) -> None:
        """Number an event."""
        if self.plan_.counter:
            wire[self.plan_.counter] = self.next_
            self.next_ += 1

    def send_(self, wire: WireObject) -> None:
        """Let an event go out."""
        if self._sink is not None:
            self._sink(self.decoded_(wire))
        else:
            self.pending_.append(wire)

    def taken_(self) -> list[WireObject]:
        """Give what has not been taken, which is then."""
        taken, self.pending_ = self.pending_, []
        return taken

    def fresh_(self, prefix: str) -> str:
        """Make an id."""
        return self._ids(prefix) if self._ids is not None else f"{prefix}{uuid.uuid4().hex}"
