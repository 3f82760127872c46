"""The state of a stream where that may be of several classes."""

from __future__ import annotations

from typing import Any

from .drafts import Draft
from .growing import Build
from .making import blank
from .model import Model, UnknownVariant


class UnionRoot(Draft):
    """The state where it may be of several classes: it changes as a whole.

    Attributes:
        now: The state as it stands.
    """

    __slots__ = ("_has_begun", "now")

    def __init__(self, build: Build, kind: type[Model]) -> None:
        super().__init__(build, None)
        begun = UnknownVariant(tag=None, data={}) if kind is UnknownVariant else blank(kind)
        self.now = self._opened(begun)
        self._has_begun = False

    def begin(self, value: Model) -> None:
        """Take an object that says how things are while the stream goes on; of another class, it takes all places."""
        self._turn(value)
        self.now.begin(value)

    def replace(self, value: Model) -> None:
        """Take an object that says how things are in the end."""
        self._turn(value)
        self.now.replace(value)

    def update(self, value: Any) -> None:
        """Put the members of an object into the state, as `merge` does."""
        if self._has_begun:
            self.now.update(value)
        else:
            self.begin(value)

    def store(self, key: str, value: Any) -> None:
        """Do nothing: the state stands in nothing else."""

    def _turn(self, value: Model) -> None:
        self._has_begun = True
        if type(value) is not type(self.now.model):
            self.now.discard()
            self.now = self._opened(value)

    def _opened(self, value: Model) -> Draft:
        return self.child(self, "", value, None, whole=False, echoes=False)
