"""Relaying: a stream that may be broken goes in, and a valid one comes out, built anew from what the events say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Generic, cast

from .building import Node
from .encoding import encode
from .findings import Finding
from .linting import StreamLinter
from .model import ABSENT, Model
from .paths import Steps, copied, look_up, put_down
from .planning import CUT, ENDS, MAY_END, Path, Sending
from .refusing import LifecycleError
from .streaming import EventT, StreamNode
from .wire import WireObject, WireValue

_MANY = 10_000
"""Elements that a resumed stream may have had before, whatever the position says that it begins with."""


class StreamRelay(Generic[EventT]):
    """Takes the events of one stream and sends those of a valid one.

    Events are numbered anew, ids are those that something was announced with, texts that are repeated are those of the
    pieces that went through, what was never announced is announced, and what was left open is closed. Elements that
    overlap go on doing so.

    A stream of which not one event has come is none: nothing is sent, and `ended` stays empty.
    """

    _stream_class: ClassVar[type[StreamNode[Any]]]

    def __init__(
        self, *, sink: Callable[[EventT], None] | None = None, ids: Callable[[str], str] | None = None
    ) -> None:
        """Begin.

        Args:
            sink: Is called with each event, which then does not wait to be taken.
            ids: Makes an id of what it begins with; None keeps those of the stream.
        """
        self._linter = self.new_linter()
        self._sink = sink
        self._ids = ids
        self._anew([])

    def _anew(self, pending: list[WireObject]) -> None:
        """Be ready for a stream; what is pending of the one before goes first."""
        self._stream = self._stream_class.bare_({}, overlap=True, sink=self._sink, ids=self._ids, is_exact=True)
        self._stream.pending_ = pending
        self._is_open = False
        self._has_sent = False
        self._is_resumed = False
        self._nodes: dict[tuple[Node, str, object], Node] = {}
        self._called: dict[tuple[Node, str, object], Node] = {}
        self._met: set[Node] = set()

    def new_linter(self) -> StreamLinter:
        """Give what tells what is wrong with the events that come."""
        raise NotImplementedError

    @property
    def ended(self) -> str:
        """How the stream has ended; empty while it goes on."""
        return self._stream.ended

    @property
    def mended(self) -> list[Finding]:
        """What was wrong with the events that were taken, and is right in those that were sent."""
        return self._linter.findings

    def take(self) -> bytes:
        """Give what is new since the last call, as server-sent events."""
        return self._stream.take()

    def take_events(self) -> list[EventT]:
        """Give what is new since the last call, as events."""
        return self._stream.take_events()

    def feed(self, event: Model | Mapping[str, Any]) -> None:
        """Take an event, decoded or as a wire object; one that can have no place in a valid stream is left out."""
        self._linter.feed(event)
        wire: WireObject = copied(encode(event) if isinstance(event, Model) else dict(event))
        plan = self._stream.plan_
        tag = wire.get(plan.tag)
        ways = plan.ways.get(tag) if isinstance(tag, str) else None
        try:
            if ways is None:
                self._pass_on(wire)
            else:
                self._replay(self._chosen(ways, wire), wire)
        except LifecycleError:
            # It came too late or belongs nowhere, and the stream is valid without it.
            return
        self._has_sent = True

    def close(self) -> None:
        """Say that no more events come: a stream without an end ends as failed.

        That is so for one that never began, too, if anything was sent of it. If nothing was, `ended` stays empty, and
        it is for the caller to answer in another way, or with a stream of its own.
        """
        self._linter.close()
        if self._has_sent and not self._is_open:
            self._begin(self._stream.plan_.sendings[self._stream.plan_.opener], {})
        if self._is_open and not self._stream.is_closed:
            self._stream.fail_()

    def _chosen(self, ways: tuple[str, ...], wire: WireObject) -> Sending:
        """Give what an event says, of all that such an event can say."""
        sendings = [self._stream.plan_.sendings[way] for way in ways]
        fitting = [each for each in sendings if _agrees(each.start, wire)] or sendings
        said = (each for each in fitting if all(look_up(wire, source) is not ABSENT for source, _ in each.appends))
        return next(said, fitting[0])

    def _replay(self, sending: Sending, wire: WireObject) -> None:
        if sending.role == "opens" and not sending.places:
            if self._stream.is_closed:
                self._anew(self._stream.taken_())
            if not self._is_open:
                self._begin(sending, wire)
            return
        stream = self._stream
        if not self._is_open and sending.role != "anytime":
            self._begin_late(sending, wire)
        end = stream.end_of_(wire) if sending.role == MAY_END else sending.role
        if end in ENDS:
            self._end(sending, end, wire)
        elif not sending.places:
            self._update_state(sending, wire)
            stream.happen_(sending.name, self._rest(sending, wire))
        elif sending.role == "opens":
            self._open(sending, wire)
        else:
            node = self._node(sending, wire)
            if sending.role == "closes":
                self._close(node, sending, wire)
            else:
                self._happen(node, sending, wire)

    # -- the stream

    def _begin(self, sending: Sending, wire: WireObject) -> None:
        state = look_up(wire, sending.state) if sending.state else {}
        stream = self._stream
        if isinstance(state, dict):
            stream.data_ = {name: value for name, value in state.items() if not self._is_built(stream, name)}
        self._rename(stream)
        self._is_open = True
        stream.start_(self._rest(sending, wire))

    def _begin_late(self, sending: Sending, wire: WireObject) -> None:
        """Begin with another event than the one that begins a stream: silently, if the stream was resumed there."""
        plan = self._stream.plan_
        number = wire.get(plan.counter) if plan.counter else None
        if type(number) is int and number > 0:
            self._is_open = self._is_resumed = True
            self._stream.next_ = number
            self._stream.begin_()
            self._stream.is_partial_ = True
            # All that comes before the elements has come.
            self._stream.position_ = self._stream.kind_.among_elements()
            return
        opener = plan.sendings[plan.opener]
        state = look_up(wire, sending.state) if sending.state else ABSENT
        begun: WireObject = {}
        if isinstance(state, dict) and opener.state:
            put_down(begun, opener.state, state)
        self._begin(opener, begun)

    def _update_state(self, sending: Sending, wire: WireObject) -> None:
        state = look_up(wire, sending.state) if sending.state else None
        if isinstance(state, dict):
            self._update(self._stream, state)

    def _end(self, sending: Sending, kind: str, wire: WireObject) -> None:
        stream = self._stream
        state = look_up(wire, sending.state) if sending.state else None
        if isinstance(state, dict):
            # What a server has held back until the end is announced now.
            if kind in ("completed", CUT):
                self._catch_up(stream, state)
            self._update(stream, state)
            self._update_inner(stream, state)
            if kind not in ("completed", CUT):
                # A failure may leave out what there was until then.
                for place, inner in stream.kind_.inner.items():
                    if inner.path and look_up(state, inner.path) == []:
                        stream.kids_[place] = []
        if kind == "completed" and self._is_cut():
            sendings = stream.plan_.sendings.values()
            sending = next((each for each in sendings if each.role == CUT), sending)
            kind = CUT if sending.role == CUT else kind
        stream.end_with_(sending.name, kind, self._rest(sending, wire))

    def _is_cut(self) -> bool:
        """Whether an element says that it was cut off, which the stream as a whole has to say then."""
        kids = [kid for kids in self._stream.kids_.values() for kid in kids]
        return any(kid.data_.get(name) == CUT for kid in kids for name, _ in kid.kind_.ranks)

    # -- elements

    def _node(self, sending: Sending, wire: WireObject) -> Node:
        """Give the element that an event is about, opened now if it never was."""
        node: Node = self._stream
        for place, path in zip(sending.places, self._key_paths(sending), strict=True):
            key = look_up(wire, path) if path else ABSENT
            node = self._reached(node, place, key, sending, wire)
        self._met.add(node)
        return node

    def _reached(self, outer: Node, place: str, key: Any, sending: Sending, wire: WireObject) -> Node:
        """Give the element at a place that an event is about, opened now if it never was."""
        found = self._find(outer, place, key)
        if (found is None or found.is_closed) and place in outer.kind_.inner and outer.kind_.inner[place].is_position:
            found = self._called_so(outer, place, sending, wire) or found or self._meant(outer, place, key, sending)
        return found if found is not None else self._announce(outer, place, key, sending, wire)

    def _called_so(self, outer: Node, place: str, sending: Sending, wire: WireObject) -> Node | None:
        """Give the element with the id that an event has, wherever it was announced."""
        ids = [look_up(wire, path) for path, repeated, _ in sending.same if repeated == place]
        if sending.element and sending.places[-1] == place:
            ids += [look_up(wire, (*sending.element, name)) for name in _identities(outer, place)]
        named = (self._called.get((outer, place, each)) for each in ids if isinstance(each, str))
        return next((node for node in named if node is not None), None)

    def _meant(self, outer: Node, place: str, key: Any, sending: Sending) -> Node | None:
        """Give the element without an id that an event means though it was announced at another position.

        It is the only one that is open, if it would be closed or if nothing has come about it so far.
        """
        open_ = [kid for kid in outer.kids_.get(place, []) if not kid.is_closed]
        if _identities(outer, place) or len(open_) != 1 or sending.places[-1] != place:
            return None
        if sending.role == "closes":
            return open_[0]
        if open_[0] in self._met or sending.tag not in open_[0].kind_.names:
            return None
        self._nodes = {at: node for at, node in self._nodes.items() if node is not open_[0]}
        if isinstance(key, int):
            self._nodes[outer, place, key] = open_[0]
        return open_[0]

    def _key_paths(self, sending: Sending) -> list[Path]:
        paths = {place: path for path, place in sending.keys}
        return [paths.get(place, ()) for place in sending.places]

    def _find(self, outer: Node, place: str, key: Any) -> Node | None:
        is_position = place in outer.kind_.inner and outer.kind_.inner[place].is_position
        if key is ABSENT or key is None or (is_position and not (type(key) is int and key >= 0)):
            return next((kid for kid in reversed(outer.kids_.get(place, [])) if not kid.is_closed), None)
        try:
            return self._nodes.get((outer, place, key))
        except TypeError:
            return None

    def _announce(self, outer: Node, place: str, key: Any, sending: Sending, wire: WireObject) -> Node:
        """Open an element that was never announced, of the first type that the event can be about."""
        kinds = outer.kinds_at_(place)
        fitting = [
            kind
            for kind in kinds
            if sending.tag in kind.kind_.names or sending.name in {tag for tag, _ in kind.kind_.pieces}
            # An event of an inner place tells the outer one by what can be in it.
            or any(inner in sending.places for inner in kind.kind_.inner)
        ]
        kind = fitting[0] if fitting else kinds[0]
        if self._is_resumed:
            return self._resumed(outer, kind, place, key, sending, wire)
        return self._opened(outer, kind, place, {}, None, key)

    def _resumed(self, outer: Node, kind: type[Node], place: str, key: Any, sending: Sending, wire: WireObject) -> Node:
        """Give an element that was announced before the stream was resumed, whose beginning is unknown."""
        kids = outer.kids_.setdefault(place, [])
        while outer.kind_.inner[place].is_position and isinstance(key, int) and len(kids) < min(key, _MANY):
            # What was before it is finished, and only the end says what it was.
            kids.append(kind(outer, len(kids), {}))
            kids[-1].is_partial_ = kids[-1].is_closed_ = True
        node = kind(outer, key if isinstance(key, (str, int)) else 0, {})
        node.is_partial_ = True
        for path, repeated, member in sending.same:
            if repeated == place:
                put_down(node.data_, member, look_up(wire, path))
        kids.append(node)
        if isinstance(key, (str, int)):
            self._nodes[outer, place, key] = node
        return node

    def _opened(
        self, outer: Node, kind: type[Node], place: str, data: WireObject, event: WireObject | None, key: Any
    ) -> Node:
        inner = outer.kind_.inner[place]
        # What an element says itself is not said twice: it may be renamed.
        given = None if inner.is_position or inner.named or not isinstance(key, str) else key
        for name in kind.kind_.unique:
            # Two that are called the same cannot be told apart, so the second one gets a name of its own.
            kids = [kid for kid in outer.kids_.get(place, ()) if name in kid.kind_.unique]
            while data.get(name) is not None and any(kid.data_.get(name) == data[name] for kid in kids):
                data[name] = f"{data[name]}_{len(kids)}"
        node = outer.open_(kind, place, data, event, given)
        if isinstance(key, (str, int)):
            self._nodes[outer, place, key] = node
        return node

    def _open(self, sending: Sending, wire: WireObject) -> None:
        *places, place = sending.places
        *paths, path = self._key_paths(sending)
        outer: Node = self._stream
        for each, key_path in zip(places, paths, strict=True):
            key = look_up(wire, key_path) if key_path else ABSENT
            outer = self._reached(outer, each, key, sending, wire)
        key = look_up(wire, path) if path else ABSENT
        element = look_up(wire, sending.element) if sending.element else {}
        kind = outer.kind_of_(place, element)
        name = look_up(element, (kind.kind_.identity,))
        found = self._find(outer, place, key) if key is not ABSENT else None
        is_another = isinstance(name, str) and (outer, place, name) not in self._called
        if found is not None and not (found.is_closed and is_another):
            return
        node = self._opened(outer, kind, place, self._as_begun(outer, kind, element), self._rest(sending, wire), key)
        if isinstance(name, str) and name:
            self._called.setdefault((outer, place, name), node)

    def _as_begun(self, outer: Node, kind: type[Node], element: WireValue) -> WireObject:
        """Give the members of an element as it is announced: what is built by events is still empty."""
        if not isinstance(element, dict):
            return {}
        data = dict(element)
        for name, values in kind.kind_.ranks:
            # The phases that such an element has to go through are still to come.
            passes = kind.kind_.automatic and not kind.kind_.may_lack and kind.kind_.has_phases
            if passes and data.get(name) in values[kind.kind_.done_from[name] :]:
                data[name] = values[0]
        for inner in kind.kind_.inner.values():
            if inner.path and look_up(data, inner.path) not in (ABSENT, None):
                put_down(data, inner.path, [])
        if self._ids is not None and kind.kind_.identity:
            data.pop(kind.kind_.identity, None)
        return data

    def _happen(self, node: Node, sending: Sending, wire: WireObject) -> None:
        node.refuse_if_closed_(sending.tag)
        rest = self._rest(sending, wire)
        for source, _ in sending.appends:
            piece = look_up(wire, source)
            if isinstance(piece, str):
                node.append_(sending.name, piece, rest)
            return
        for source, leaf in sending.finishes:
            whole = look_up(wire, source)
            if (leaf not in node.texts_ or node.is_partial_) and whole not in (ABSENT, None):
                node.take_whole_(leaf, whole)
        for source, leaf, _ in sending.gathers:
            self._gather(node, leaf, look_up(wire, source))
        places = {source: look_up(wire, source) for source, _, _ in sending.puts}
        if any(value is ABSENT or value is None for value in places.values()):
            # It brings nothing.
            return
        for _, leaf, index in sending.puts:
            items = look_up(node.data_, leaf)
            if index:
                places[index] = len(items) if isinstance(items, list) else 0
        node.happen_(sending.name, rest, places)

    def _close(self, node: Node, sending: Sending, wire: WireObject) -> None:
        element = look_up(wire, sending.element) if sending.element else None
        if isinstance(element, dict) and not node.is_closed and _is_of(node, element):
            self._fill(node, element)
        elif isinstance(element, str) and () in node.kind_.texts and () not in node.texts_:
            node.set_text_((), element)
        is_told = isinstance(element, dict) and all(name in element for name, _ in node.kind_.required_ranks)
        node.close_(event=self._rest(sending, wire), is_told=is_told)

    def _fill(self, node: Node, element: WireObject) -> None:
        """Take over what an element says at its end, and what was held back until then."""
        for leaf in node.kind_.texts:
            whole = look_up(element, leaf) if leaf else ABSENT
            if (leaf not in node.texts_ or node.is_partial_) and whole not in (ABSENT, None):
                node.take_whole_(leaf, whole)
        self._complete(node, element)
        self._catch_up(node, element)
        self._update(node, element)
        self._update_inner(node, element)

    def _catch_up(self, node: Node, element: WireObject) -> None:
        """Announce and close what is in a list of an element and never was announced."""
        for place, inner in node.kind_.inner.items():
            items = look_up(element, inner.path) if inner.path and inner.is_position else None
            known = len(node.kids_.get(place, ()))
            unknown: list[WireValue] = items[known:] if isinstance(items, list) else []
            for at, item in enumerate(unknown, start=known):
                try:
                    kind = node.kind_of_(place, item)
                except LifecycleError:
                    continue
                kid = self._opened(node, kind, place, self._as_begun(node, kind, item), None, at)
                if isinstance(item, dict):
                    self._fill(kid, item)
                elif isinstance(item, str) and () in kid.kind_.texts:
                    kid.set_text_((), item)
                kid.close_()

    def _update(self, node: Node, element: WireObject) -> None:
        """Take over the members of an element that nothing builds up and that may change."""
        kind = node.kind_
        for name, value in element.items():
            is_kept = name in (kind.identity, kind.tag[0], *kind.fixed)
            is_kept = is_kept or node.goes_back_(name, value)
            if not self._is_built(node, name) and (node.is_partial_ or not is_kept):
                node.data_[name] = value

    def _update_inner(self, node: Node, element: WireObject) -> None:
        """Take over what may differ wherever something is repeated."""
        for place, kids in node.kids_.items():
            inner = node.kind_.inner[place]
            items = look_up(element, inner.path) if inner.path else None
            listed: list[WireValue] = items if isinstance(items, list) else []
            for kid, item in zip(kids, listed, strict=False):
                if isinstance(item, dict) and kid.is_partial_:
                    kid.data_ = copied(item)
                elif isinstance(item, dict):
                    for name in kid.kind_.varies:
                        if name in item:
                            kid.data_[name] = item[name]
                    self._update_inner(kid, item)

    def _is_built(self, node: Node, name: str) -> bool:
        kind = node.kind_
        if any(inner.path[:1] == (name,) and len(inner.path) == 1 for inner in kind.inner.values()):
            return True
        return (name,) in kind.texts or (name in kind.lists and bool(node.data_.get(name)))

    def _gather(self, node: Node, leaf: Path, items: WireValue) -> None:
        """Take over what a list says in whose elements texts grow: texts that came in pieces stay as these are."""
        texts = next(grown.texts for grown in node.kind_.grown if grown.path == leaf)
        for at, item in enumerate(items if isinstance(items, list) else []):
            for rest in texts:
                where: Steps = (*leaf, at, *rest)
                text = look_up(item, rest)
                if (where not in node.texts_ or node.is_partial_) and isinstance(text, str):
                    node.set_text_(where, text)
            if isinstance(item, dict):
                put_down(node.data_, (*leaf, at), item)

    def _complete(self, node: Node, element: WireObject) -> None:
        """Finish elements of lists in which texts have grown and that no event has finished."""
        for grown in node.kind_.grown:
            items, known = look_up(element, grown.path), look_up(node.data_, grown.path)
            listed: list[WireValue] = items if isinstance(items, list) else []
            for at in range(len(known) if isinstance(known, list) and grown.gatherer else 0):
                if (*grown.path, at) not in node.finished_:
                    self._gather(node, grown.path, listed)
                    _, _, index = self._stream.plan_.sendings[grown.gatherer].gathers[0]
                    node.gather_(grown.gatherer, {index[0]: at} if index else {}, {})

    # -- what goes with an event

    def _rest(self, sending: Sending, wire: WireObject) -> WireObject:
        """Give the members of an event that do not follow from what it is about."""
        known = {path[0] for path, *_ in (*sending.keys, *sending.same, *sending.finishes)}
        known |= {path[0] for path in (sending.element, sending.state, *sending.counts) if path} | set(sending.start)
        known |= {source[0] for source, *_ in (*sending.appends, *sending.puts, *sending.gathers) if len(source) == 1}
        known |= {index[0] for _, _, index in sending.puts if index}
        return {name: value for name, value in wire.items() if name not in known}

    def _rename(self, node: Node) -> None:
        if self._ids is not None and node.kind_.identity:
            node.data_.pop(node.kind_.identity, None)

    def _pass_on(self, wire: WireObject) -> None:
        """Send an event that the spec does not know as it came, with the number that it has here."""
        self._stream.refuse_if_closed_("an event")
        if self._stream.plan_.counter in wire:
            self._stream.number_(wire)
        self._stream.send_(wire)


def _identities(outer: Node, place: str) -> set[str]:
    """Give the members that hold the ids of what is at a place."""
    return {kind.kind_.identity for kind in outer.kinds_at_(place)} - {""}


def _is_of(node: Node, element: WireObject) -> bool:
    """Whether an element may be of the kind of a node: one that does not say its kind may."""
    name, tag = node.kind_.tag
    return not name or element.get(name, tag) == tag


def _agrees(start: Mapping[str, Any], wire: Mapping[str, Any]) -> bool:
    """Whether what is always the same in an event is so in this one."""
    for name, value in start.items():
        if isinstance(value, dict):
            inner = wire.get(name)
            if not isinstance(inner, dict) or not _agrees(cast("WireObject", value), cast("WireObject", inner)):
                return False
        elif value is not None and wire.get(name) != value:
            return False
    return True
