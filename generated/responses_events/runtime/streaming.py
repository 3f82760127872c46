"""The stream that is built, as a whole: its numbers and ids, what is taken of it, and how it ends.

Nothing here does input or output: what is sent waits until it is taken, or goes to a function.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from .building import Member, Node
from .encoding import encode, encode_any, json_text
from .ending import Ending, EndingTable
from .framing import encode_frame
from .model import ABSENT, Model
from .paths import copied, look_up, put_down
from .planning import CUT, MAY_END, Path, Sending, StreamPlan
from .refusing import LifecycleError
from .resuming import take_up
from .wire import WireObject, WireValue

if TYPE_CHECKING:
    from typing_extensions import Self

EventT = TypeVar("EventT")


class StreamNode(Node, Generic[EventT]):
    """The stream as a whole, for events of a union."""

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
        take_up(self, element)

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
        for attribute, value in vars(type(self)).items():
            if isinstance(value, Member) and value.name == name:
                return f"set `{attribute}` of the {type(self).__name__}"
        return f"set {name!r}"

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
