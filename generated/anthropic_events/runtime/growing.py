"""Text that comes in pieces, and what all parts of one growing state share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, cast

from .model import Model, UnknownVariant
from .shape import member_of

if TYPE_CHECKING:
    from .drafts import Draft

Mend: TypeAlias = Literal[
    "absent", "again", "character", "emptier", "key", "misfit", "null", "position", "repeat", "repetition", "snapshot",
    "twin", "unknown", "unreadable",
]  # fmt: skip
"""What an accumulator does about events that are not as they should be.

- `absent`: An event took out an element that is not there.
- `again`: An element was added that is there already, as its id says; it took the place of the first.
- `character`: Two pieces had half a character each, and it was made whole.
- `emptier`: An event had nothing, or a late one had less, where something was built up; that stayed.
- `key`: An event gave an element another key than the element has itself, and it goes by both; or an event had no key
  where several streams run side by side, and changed none of their states.
- `misfit`: The element that an event is about is of another known kind; the event changed nothing there.
- `null`: An element of a list was null, or did not fit; the others were taken.
- `position`: An event did not say which element it is about, by position or by key; it went to the one with its id, or
  that is open, or that was used last, and took none out.
- `repeat`: An event came a second time, as its number says; it changed nothing.
- `repetition`: A text that was there when its element began came again in pieces; it counts once.
- `snapshot`: An event had the members of the state in itself, not in the object that should hold them.
- `twin`: A second element came for a position, or a key, that is taken; both are in the list.
- `unknown`: The element that an event is about is of an unknown kind; its data was changed.
- `unreadable`: An object was nested too deep to be read; it changed nothing.
"""

Growing: TypeAlias = Mapping[type[Any], tuple[str, ...]]
"""The attributes of each class that events build up by pieces or by elements."""

Identities: TypeAlias = Mapping[type[Any], str]
"""The attribute of each class that has the id of an object. Objects of other classes have none."""

NOT_OURS = -1
"""When something was made that a reader or an event may have as well."""

_HALVES = re.compile("[\ud800-\udbff][\udc00-\udfff]")


class Waiting(Protocol):
    """What has changes that are to be carried out when the state is read."""

    def join(self) -> None:
        """Carry them out."""
        ...


class JsonValue(Protocol):
    """A value whose JSON text comes in pieces."""

    @property
    def text(self) -> str:
        """The pieces."""
        ...

    def stands_in(self, obj: object, key: str) -> bool:
        """Whether the value is that of an attribute of an object."""
        ...


class Opener(Protocol):
    """What opens objects of the state to changes, each as its kind asks for."""

    def __call__(
        self,
        build: Build,
        model: Any,
        holder: Holder,
        key: object,
        *,
        meant: type[Model] | None,
        whole: bool,
        echoes: bool,
    ) -> Draft:
        """Open an object."""
        ...


class Build:
    """What the parts of one state share.

    Attributes:
        open: Opens an object to changes.
        growing: What events build up.
        mended: How often something was done about an event that is not as it should be.
        now: How often the state was read. What was made at an earlier time belongs to a reader as well.
        waiting: What has changes that are to be carried out.
        json: The values whose JSON text comes in pieces.
        taken: By its `id`, each object of the present event that was looked through for what fits, with what does.
    """

    __slots__ = ("_counted", "_identities", "_wire_ids", "growing", "json", "mended", "now", "open", "taken", "waiting")

    def __init__(self, growing: Growing, identities: Identities, mended: Counter[Mend], opener: Opener) -> None:
        self.open = opener
        self.growing = growing
        self.mended = mended
        self.now = 0
        self.waiting: dict[Waiting, None] = {}
        self.json: dict[JsonValue, None] = {}
        self.taken: dict[int, tuple[object, Any]] = {}
        self._counted: set[tuple[Mend, object]] = set()
        self._identities = identities
        members = (member_of(model, name) for model, name in identities.items())
        self._wire_ids = tuple(dict.fromkeys(member[0] for member in members if member is not None))

    def turn_to_next(self) -> None:
        """Take down that another event comes."""
        if self._counted:
            self._counted.clear()
        if self.taken:
            self.taken.clear()

    def count(self, mend: Mend, about: object = None) -> None:
        """Take down that something was done about an event: once for each thing, however many statements it needed it.

        Args:
            mend: What was done.
            about: The part of the state that it was done to, where several statements may do it.
        """
        if about is not None:
            if (mend, about) in self._counted:
                return
            self._counted.add((mend, about))
        self.mended[mend] += 1

    def join(self) -> None:
        """Carry out what waits, and take down that somebody reads the state."""
        for each in self.waiting:
            each.join()
        self.waiting.clear()
        self.now += 1

    def json_text(self, obj: object, name: str) -> str:
        """Give the text of the pieces that an attribute of an object was read from; empty where none have come."""
        return next((each.text for each in reversed(self.json) if each.stands_in(obj, name)), "")

    def identity(self, value: object) -> str | None:
        """Give the id of an object, None where it has none; an empty text names nothing.

        An object of an unknown kind may have it in any member that has the id in some class.
        """
        found: object = None
        if isinstance(value, (UnknownVariant, dict)):
            data = value.data if isinstance(value, UnknownVariant) else cast("dict[str, Any]", value)
            found = next((data[each] for each in self._wire_ids if data.get(each)), None)
        elif (name := self._identities.get(type(value))) is not None:
            found = getattr(value, name, None)
        return found if isinstance(found, str) and found else None

    def id_of(self, model: type[Model]) -> tuple[str, ...]:
        """Give the way to the id in the objects of a class; empty where they have none."""
        name = self._identities.get(model)
        return () if name is None else (name,)


class Holder(Protocol):
    """What a part of the state stands in: an object, a list, or what makes something of a text."""

    def store(self, key: Any, value: Any) -> None:
        """Put a value in its place, in a copy of its own if anybody else has what it stands in."""
        ...


class Text:
    """A text of the state that grows. Its pieces wait until the state is read.

    Attributes:
        value: The text without what waits.
        pieces: What is to be appended.
        echo: How far the pieces have repeated what was there when the element began; -1 once they no longer do.
    """

    __slots__ = ("_build", "_holder", "_key", "_since", "echo", "pieces", "value")

    def __init__(self, build: Build, holder: Holder, key: object, value: str, *, echoes: bool) -> None:
        self._build = build
        self._holder = holder
        self._key = key
        self.value = value
        self._since = 0
        self.pieces: list[str] = []
        self.echo = 0 if echoes and value else -1

    def append(self, piece: str) -> None:
        """Append a piece, but for what it merely repeats."""
        if self.echo >= 0:
            piece = self._without_repetition(piece)
        if not self.pieces:
            self._build.waiting[self] = None
        self.pieces.append(piece)

    def own(self) -> str:
        """Give the text without what waits."""
        return self.value

    def renew(self, value: object, *, late: bool) -> bool:
        """Take another text, unless it is emptier; tell whether this one stays in use.

        Args:
            value: The text; what is none counts as empty.
            late: It says how things were before the pieces came, so they stay unless it goes on where they end.
        """
        new = value if isinstance(value, str) else ""
        if not new and (self.value or any(self.pieces)):
            self._build.count("emptier")
            return True
        if late and self.joined:
            size = len(self.value)
            if not new.startswith(self.value):
                self._build.count("emptier")
            elif len(new) > size:
                self.value, self._since, self.echo = new, size, size
            return True
        self.value = new
        self.echo = 0 if late and new else -1
        self.discard()
        return False

    @property
    def joined(self) -> str:
        """The whole text."""
        self.settle()
        return self.value

    def settle(self) -> None:
        """Add the pieces before the state is read."""
        if self.pieces:
            self.join()
            self._build.waiting.pop(self, None)

    def join(self) -> None:
        """Add the pieces that wait."""
        text, self.value = self.value, ""
        # With this the only reference to a text that nobody has read, it grows in place.
        self._holder.store(self._key, None)
        added = "".join(self.pieces)
        self.pieces.clear()
        if not added.isascii():
            if "\ud800" <= text[-1:] <= "\udbff":
                text, added = text[:-1], text[-1] + added
            added, halves = with_characters(added)
            if halves:
                self._build.mended["character"] += halves
        text += added
        self.value = text
        self._holder.store(self._key, text)

    def discard(self) -> None:
        """Take back what waits: the text is no longer part of the state."""
        self.pieces.clear()
        self._build.waiting.pop(self, None)

    def _without_repetition(self, piece: str) -> str:
        left = len(self.value) - self.echo
        if len(piece) < left:
            if self.value.startswith(piece, self.echo):
                self.echo += len(piece)
                return ""
        elif self.value.endswith(piece[:left]):
            self.echo = -1
            self._build.count("repetition")
            return piece[left:]
        # It does not repeat what was there, so neither did the pieces before it.
        begin, self.echo = self.value[self._since : self.echo], -1
        return begin + piece


def is_list(value: Any) -> bool:
    """Tell whether a value is a list, and leave it to be of any type: nobody knows what is in it."""
    return isinstance(value, list)


def with_characters(text: str) -> tuple[str, int]:
    """Put halves of characters that stand side by side together; give the text, and how many characters that were."""
    return (text, 0) if text.isascii() else _HALVES.subn(_character, text)


def _character(halves: re.Match[str]) -> str:
    return halves[0].encode("utf-16", "surrogatepass").decode("utf-16")
