"""What an element of a stream holds while it is built: its members, and the texts that grow."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, ClassVar

from .encoding import encode_any
from .model import ABSENT
from .partial_json import partial_json
from .paths import Steps, copied, look_up, put_down
from .planning import Kind
from .wire import WireObject, WireValue


class Holder:
    """The members of an element, or of the state, as far as they have come.

    What is not for authors ends with an underscore, so that it is in the way of no member of a spec.

    Attributes:
        given_: Members as they were given, by their names.
        data_: The same on the wire.
        texts_: Texts that pieces build, by where they are.
        finished_: Texts, and elements of lists in which texts grow, that were sent whole, by where they are.
    """

    kind_: ClassVar[Kind]

    def __init__(self, members: Mapping[str, Any], *, is_exact: bool) -> None:
        """Begin.

        Args:
            members: Members; None stands for absent.
            is_exact: Whether None stands for null.
        """
        self.given_ = {name: value for name, value in members.items() if value is not None or is_exact}
        self.data_: WireObject = {name: copied(encode_any(value)) for name, value in self.given_.items()}
        self.texts_: dict[Steps, io.StringIO] = {}
        self.finished_: set[Steps] = set()

    def set_text_(self, where: Steps, whole: str) -> io.StringIO:
        """Take a text as it is so far, and give what takes more of it."""
        text = self.texts_[where] = io.StringIO()
        text.write(whole)
        return text

    def grow_(self, where: Steps, piece: str) -> None:
        """Add a piece to a text."""
        text = self.texts_.get(where)
        if text is None:
            text = self.set_text_(where, self._begun(where))
        text.write(piece)

    def given_texts_(self) -> list[tuple[str, str]]:
        """Take out the texts that are built by pieces and that were given whole, each with the event for a piece."""
        found: list[tuple[str, str]] = []
        for tag, leaf in self.kind_.pieces:
            text = look_up(self.data_, leaf) if leaf else ABSENT
            if isinstance(text, str) and text:
                found.append((tag, text))
                put_down(self.data_, leaf, "")
        return found

    def is_last_(self, name: str) -> bool:
        """Whether a status has come to its end."""
        values = dict(self.kind_.ranks)[name]
        now = self.data_.get(name)
        return now in values and values.index(now) >= self.kind_.done_from[name]

    def goes_back_(self, name: str, value: object) -> bool:
        """Whether a status was passed already."""
        values = dict(self.kind_.ranks).get(name, ())
        now = self.data_.get(name)
        return now in values and value in values and values.index(value) < values.index(now)

    def text_(self, where: Steps) -> str:
        """Give a text as far as it has come."""
        return self.texts_[where].getvalue() if where in self.texts_ else self._begun(where)

    def built_(self, where: Steps) -> WireValue:
        """Give what pieces have built as it is repeated: a text, or the value of a JSON text as far as it goes."""
        if where not in self.kind_.jsons:
            return self.text_(where)
        begun = look_up(self.data_, where)
        value: WireValue = partial_json(self.text_(where))
        return value if value is not None else {} if begun is ABSENT else copied(begun)

    def take_whole_(self, where: Steps, whole: WireValue) -> None:
        """Take what pieces would have built, as it is repeated."""
        if where in self.kind_.jsons:
            self.texts_.pop(where, None)
            put_down(self.data_, where, whole)
        elif isinstance(whole, str):
            self.set_text_(where, whole)

    def _begun(self, where: Steps) -> str:
        """Give what a text began with."""
        text = look_up(self.data_, where) if where else ""
        return text if isinstance(text, str) else ""

    def own_(self) -> WireObject:
        """Give its members as they stand, without what is at places in it; shared with nobody."""
        value: WireObject = copied(self.data_)
        for where in self.texts_:
            put_down(value, where, self.built_(where))
        for grown in self.kind_.grown:
            items = look_up(value, grown.path)
            if isinstance(items, list):
                items[:] = [{**copied(grown.least), **item} if isinstance(item, dict) else item for item in items]
        return value
