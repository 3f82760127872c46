"""What folds go through and change, as it is where a step leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from .model import Model


class Foldable:
    """What a step of a fold leads to: an object of the state, which is a `Draft`, or else nothing, as here.

    Where there is nothing, every further step leads nowhere as well, and no statement changes anything.
    """

    __slots__ = ()

    # --- The steps of a path ---

    def element(
        self,
        name: str,
        index: int | None,
        model: type[Model],
        own_id: str | None = None,
        *,
        among: tuple[type[Model], ...] = (),
        make: bool = True,
    ) -> Foldable:
        """Go to an element of a list by its position."""
        return self

    def keyed(
        self,
        name: str,
        key: tuple[str, ...],
        value: object,
        model: type[Model],
        *,
        among: tuple[type[Model], ...] = (),
        make: bool = True,
        optional: bool = False,
        own_id: str | None = None,
        begins: bool = True,
        own_text: tuple[tuple[str, ...], str] | None = None,
    ) -> Foldable:
        """Go to an element of a list by its key."""
        return self

    def member(self, name: str, *models: type[Model], make: bool = True) -> Foldable:
        """Go to the object in an attribute."""
        return self

    def every(self, name: str, *models: type[Model]) -> Iterator[Foldable]:
        """Give the elements of a list that are of some classes."""
        return iter(())

    def seek(self, name: str, value: object, *models: type[Model]) -> Iterator[Foldable]:
        """Give the elements of a list in which `existing` may find something."""
        return iter(())

    def existing(
        self, name: str, key: tuple[str, ...], value: object, model: type[Model], *, optional: bool = False
    ) -> Foldable | None:
        """Find an element of a list by its key, and make none."""
        return None

    # --- What a statement does at the end of its path ---

    def set(self, name: str, value: Any) -> None:
        """Put a value into an attribute."""

    def fill(self, name: str, value: Any) -> None:
        """Put a value into an attribute that has none so far."""

    def append(self, name: str, piece: str) -> None:
        """Append to the text in an attribute."""

    def grow(self, name: str, piece: str) -> None:
        """Append to the JSON text that an attribute is read from."""

    def add(self, name: str, value: Any) -> None:
        """Add to the list in an attribute."""

    def merge(self, name: str, value: Any) -> None:
        """Merge an object into the one in an attribute."""

    def merge_at(self, name: str, index: int | None, value: Any) -> None:
        """Merge an object into the element at a position of a list."""

    def merge_keyed(self, name: str, key: tuple[str, ...], key_value: object, value: Any) -> None:
        """Merge an object into the element of a list with a key."""

    def update(self, value: Any) -> None:
        """Merge an object into this one."""

    def remove(self, name: str) -> None:
        """Clear an attribute."""

    def put(self, name: str, index: int | None, value: object) -> None:
        """Put an element that begins at a position of a list."""

    def finish(self, name: str, index: int | None, value: object) -> None:
        """Put an element that is finished at a position of a list."""

    def put_keyed(self, name: str, key: tuple[str, ...], value: object, element: object) -> None:
        """Put an element that begins into a list by its key."""

    def finish_keyed(self, name: str, key: tuple[str, ...], value: object, element: object) -> None:
        """Put an element that is finished into a list by its key."""

    def extend(self, name: str, index: int | None, piece: str) -> None:
        """Append to a text in a list."""

    def remove_at(self, name: str, index: int | None) -> None:
        """Take the element at a position out of a list."""

    def remove_keyed(self, name: str, key: tuple[str, ...], value: object) -> None:
        """Take the element with a key out of a list."""


NOWHERE: Final = Foldable()
