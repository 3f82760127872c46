"""Tells whether a stream is valid while it comes: the base of the linter of a package."""

from __future__ import annotations

import contextlib
import difflib
from collections.abc import Callable, Collection, Mapping
from typing import Any

from .errors import DecodeError
from .faults import Faults
from .findings import Finding, RuleDoc
from .judging import Stream
from .keying import key_of
from .lifecycle import Lifecycle, Profile
from .model import Model, UnknownEvent
from .moments import Moment
from .repeating import Comparing


class _Repeat:
    """What is known of the next event if it is the next piece of the text that the last one was a piece of.

    Attributes:
        model: The class of both.
        still: Reads what has to be the same in both: where they are.
        place: What it was in the last one.
        moving: Reads the number and the piece.
        stream: The stream.
        append: Takes the piece.
    """

    __slots__ = ("append", "model", "moving", "place", "still", "stream")

    def __init__(
        self,
        model: type[Model],
        still: Callable[[Any], Any],
        place: Any,
        moving: Callable[[Any], Any],
        stream: Stream,
        append: Callable[[str], None],
    ) -> None:
        self.model = model
        self.still = still
        self.place = place
        self.moving = moving
        self.stream = stream
        self.append = append

    def take(self, event: Model) -> bool:
        """Take an event if it is the next piece; tell whether it is."""
        try:
            number, piece = self.moving(event)
            if self.still(event) != self.place:
                return False
        except AttributeError:
            return False
        counter = self.stream.number
        if (
            type(piece) is not str
            or not piece
            or type(number) is not int
            or counter.absent
            or number - 1 != counter.last
        ):
            return False
        counter.last = number
        self.append(piece)
        return True


class StreamLinter:
    """Holds a recording of one or more streams to what its spec says of valid ones; the base of the generated class.

    Each event takes the same short time, whatever came before, but for what repeats what came before.
    """

    def __init__(
        self,
        lifecycle: Lifecycle,
        rules: Mapping[str, RuleDoc],
        profile: Profile | None,
        decode: Callable[[Any], Model],
    ) -> None:
        """Prepare for the first event.

        Args:
            lifecycle: What a valid stream is.
            rules: What there is to say about each rule.
            profile: What the streams are forgiven.
            decode: Makes an event of its wire object.
        """
        self._lifecycle = lifecycle
        self._faults = Faults(rules, {} if profile is None else profile.off)
        self._comparing = Comparing(lifecycle.kinds)
        self._decode = decode
        self._streams: dict[tuple[str | None, str | None], Stream] = {}
        self._index = 0
        self._repeat: _Repeat | None = None

    @property
    def findings(self) -> list[Finding]:
        """All that is wrong so far, each with what follows from it."""
        return self._faults.all()

    def feed(self, event: Model | Mapping[str, Any], *, line: str = "") -> list[Finding]:
        """Take the next event, and tell what is wrong with it.

        What only follows from what was wrong before is not given: it stands in `findings`, under that. An event is not
        changed, and must not be afterwards. Nothing is raised, whatever the event holds.

        Args:
            event: An event, or its wire object.
            line: The `event:` line of its frame.
        """
        repeat = self._repeat
        if repeat is not None and isinstance(event, repeat.model) and not line and repeat.take(event):
            self._index += 1
            return []
        self._repeat = None
        self._faults.index, self._faults.is_calm = self._index, True
        # What is nested too deep to be read counts as unknown.
        with contextlib.suppress(DecodeError, RecursionError):
            self._see(event if isinstance(event, Model) else self._decode(event), line)
        self._index += 1
        return self._faults.news()

    def close(self) -> list[Finding]:
        """Say that no more events come, and tell what is wrong with that."""
        self._repeat = None
        self._faults.index = max(0, self._index - 1)
        for stream in self._streams.values():
            stream.close()
        self._streams.clear()
        return self._faults.news()

    def _see(self, event: Model, line: str) -> None:
        law = self._lifecycle.events.get(type(event))
        key = key_of(event, self._lifecycle.keys) if self._lifecycle.keys else None
        lane = key_of(event, self._lifecycle.lane) if self._lifecycle.lane else None
        stream = self._streams.get((lane, key))
        if stream is None or (law is not None and stream.is_left_by(event, law)):
            stream = self._streams[lane, key] = Stream(self._lifecycle, self._comparing, self._faults)
        if line:
            stream.see_line(event, line)
        if law is None:
            if isinstance(event, UnknownEvent):
                stream.see_unknown(event)
            return
        moment = stream.see(event, law, self._index)
        if moment is not None and self._faults.is_calm:
            self._expect_more(stream, moment)
        if key is None and moment is not None and moment.end is not None:
            for (where, _), each in self._streams.items():
                if where == lane:
                    each.end_with(moment.end, moment.tag)

    def _expect_more(self, stream: Stream, moment: Moment) -> None:
        """Be prepared for the next piece of the same text."""
        model = type(moment.event)
        readers = self._lifecycle.readers(model)
        append = stream.appends_to(moment) if readers is not None else None
        if readers is None or append is None:
            return
        still, moving = readers
        try:
            self._repeat = _Repeat(model, still, still(moment.event), moving, stream, append)
        except AttributeError:
            # It does not say where it is.
            return


def named(profile: str | None, profiles: Mapping[str, Profile]) -> Profile | None:
    """Give the profile of a name.

    Raises:
        ValueError: There is none.
    """
    if profile is None or profile in profiles:
        return profiles[profile] if profile is not None else None
    known = ", ".join(map(repr, profiles)) or "none"
    raise ValueError(f"no profile {profile!r}; there are: {known}")


def with_extra(rules: Mapping[str, RuleDoc], extra: Collection[str]) -> Mapping[str, RuleDoc]:
    """Give the rules with some that are off turned on, as warnings.

    Raises:
        ValueError: There is no such rule.
    """
    if isinstance(extra, str):
        raise ValueError(f"the extra rules are several ids, such as ({extra!r},), not one text")
    for name in extra:
        if name not in rules:
            near = difflib.get_close_matches(name, rules)
            hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
            raise ValueError(f"no rule {name!r}{hint}")
    on = {name: rules[name]._replace(severity="warning") for name in extra if rules[name].severity == "off"}
    return {**rules, **on} if on else rules
