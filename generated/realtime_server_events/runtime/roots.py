"""The state of a stream where that may be of several classes."""

from __future__ import annotations

from typing import Any

from .drafts import Draft, UnknownDraft
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
        if kind is UnknownVariant:
            self.now: Draft = UnknownDraft(build, UnknownVariant(tag=None, data={}))
        else:
            self.now = Draft(build, blank(kind))
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

    def _turn(self, value: Model) -> None:
        self._has_begun = True
        if type(value) is not type(self.now.model):
            self.now.discard()
            self.now = self.child(self, "", value, None, whole=False, echoes=False)

    def store(self, key: str, value: Any) -> None:
        """Do nothing: the state stands in nothing else."""
