"""A value whose JSON text comes in pieces, such as the arguments of a call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from .growing import Build, Text, is_list
from .parsing import is_json
from .partial_json import partial_json

if TYPE_CHECKING:
    from .renewing import Renewable


class JsonPieces:
    """A value of the state whose JSON text grows. What there is of it is read when the state is.

    Attributes:
        value: The value, as far as it goes.
    """

    __slots__ = ("_build", "_holder", "_key", "_objects", "_text", "value")

    def __init__(self, build: Build, holder: Renewable, key: str, value: Any, *, objects: bool) -> None:
        """Begin with what is there.

        Args:
            build: What the parts of the state share.
            holder: The object that the value stands in.
            key: The attribute.
            value: The value before any piece; None where there is none.
            objects: Whether nothing but an object fits.
        """
        self._build = build
        self._holder = holder
        self._key = key
        self._objects = objects
        self._text = Text(build, self, None, "", echoes=False)
        self.value: Any = value
        build.json[self] = None

    def stands_in(self, obj: object, key: str) -> bool:
        """Whether the value is that of an attribute of an object that was read."""
        return key == self._key and self._holder.shows(obj, key, self.value)

    @property
    def text(self) -> str:
        """The pieces, as they were when the state was read."""
        return self._text.value

    def append(self, piece: str) -> None:
        """Append a piece of text."""
        self._text.append(piece)

    def store(self, key: None, value: str | None) -> None:
        """Read the text, which has grown."""
        if value is None or not value.strip():
            return
        read = partial_json(value)
        fits = isinstance(read, dict) or not self._objects
        if fits and (not goes_on(self.value, read) or is_json(value)):
            self.value = read
            self._holder.store(self._key, read)

    def renew(self, value: object, *, late: bool) -> bool:
        """Take another value, unless it is emptier; tell whether this one stays in use.

        Args:
            value: The value; what is none counts as empty.
            late: It says how things were before the pieces came, so they stay unless it goes on where they end.
        """
        self._text.settle()
        text = self._text.value
        goes_on_here = goes_on(value, self.value)
        if (value in (None, "", [], {}) and (self.value or text)) or (late and text and not goes_on_here):
            self._build.count("emptier")
            return True
        if not late and not (goes_on_here and goes_on(self.value, value)):
            self._text.discard()
            self._text = Text(self._build, self, None, "", echoes=False)
        self.value = value
        return False

    def own(self) -> Any:
        """Give the value, with the pieces that wait."""
        self._text.settle()
        return self.value

    def discard(self) -> None:
        """Take back what waits: the value is no longer part of the state."""
        self._text.discard()
        self._build.json.pop(self, None)


def goes_on(whole: Any, part: Any) -> bool:
    """Whether a value begins with all there is of another, one that was cut short while it was written."""
    if part is None:
        return True
    pairs = [(whole, part)]
    # Not a recursive function, because JSON may be nested deeper than the interpreter allows.
    while pairs:
        one, other = pairs.pop()
        if type(one) is not type(other):
            return False
        if isinstance(other, dict):
            if not one.keys() >= other.keys():
                return False
            pairs.extend((one[key], each) for key, each in cast("dict[str, Any]", other).items())
        elif is_list(other):
            if len(other) > len(one):
                return False
            pairs.extend(zip(cast("list[Any]", one), cast("list[Any]", other), strict=False))
        elif not one.startswith(other) if isinstance(other, str) else one != other:
            return False
    return True
