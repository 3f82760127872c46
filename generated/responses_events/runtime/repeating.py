"""Compares what a stream repeats with what it said before."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from .growing import is_list
from .kinds import changes_kind, class_of, member_type
from .lifecycle import Kind
from .model import ABSENT, Model
from .paths import Where
from .shape import SHAPES, ListOf, MapOf, Nullable, Type
from .telling import is_object

_NOTHING = (None, ABSENT)


class Text:
    """A text that comes in pieces, or the JSON text of a value.

    Attributes:
        begin: What was there before any piece.
        pieces: What has come since.
        is_json: Whether it is the text of a JSON value.
        partial: Whether pieces came before the recording began.
        final: Tag of the event that has brought the whole text; empty before.
        fault: What was found wrong with it first.
        said: The last value that was found to be none of its pieces.
    """

    __slots__ = ("begin", "fault", "final", "is_json", "partial", "pieces", "said")

    def __init__(self, begin: str, *, is_json: bool, partial: bool) -> None:
        self.begin = begin
        self.pieces: list[str] = []
        self.is_json = is_json
        self.partial = partial
        self.final = ""
        self.fault: Any = None
        self.said: Any = ABSENT

    def append(self, piece: str) -> None:
        """Take a piece."""
        self.pieces.append(piece)

    @property
    def whole(self) -> str:
        """What there is of it."""
        if len(self.pieces) > 1:
            # Joined once, however often it is asked for.
            self.pieces[:] = ["".join(self.pieces)]
        return self.begin + self.pieces[0] if self.pieces else self.begin

    def agrees(self, value: Any) -> bool:
        """Whether a value may be the whole text, or the value that it is the text of."""
        if self.partial or not (self.pieces or self.begin):
            return True
        if value in _NOTHING:
            return not self.whole
        if not self.is_json:
            # What was there at first may come again in pieces.
            return value == self.whole or bool(self.begin and self.pieces and value == "".join(self.pieces))
        try:
            return bool(json.loads("".join(self.pieces)) == value) if any(self.pieces) else True
        except (ValueError, RecursionError):
            return False


class Comparing:
    """Finds where one value differs from another that repeats it.

    Args:
        kinds: What is known of classes of objects: members that vary are passed over.
    """

    def __init__(self, kinds: Mapping[type[Model], Kind]) -> None:
        self._kinds = kinds

    def varies(self, model: type[Model] | None, name: object) -> bool:
        """Whether a member may differ where its object is repeated."""
        kind = self._kinds.get(model) if model is not None else None
        return kind is not None and name in kind.varies

    def difference(self, before: Any, after: Any, declared: Type | None) -> Where | None:
        """Give the way to the first difference between two wire values, None where there is none.

        A member that is null is none, and equals one that is absent.
        """
        if before == after:
            return None
        if is_object(before) and is_object(after):
            return self._in_objects(before, after, declared)
        if is_list(before) and is_list(after):
            return self._in_lists(before, after, declared)
        return ()

    def _in_objects(self, before: dict[str, Any], after: dict[str, Any], declared: Type | None) -> Where | None:
        model = class_of(declared, before)
        shape = SHAPES.get(model) if model is not None else None
        if model is not None and shape is not None and shape.wrapper in before and shape.wrapper in after:
            found = self._members(before[shape.wrapper], after[shape.wrapper], model, declared)
            return None if found is None else (shape.wrapper, *found)
        return self._members(before, after, model, declared)

    def _members(self, before: Any, after: Any, model: type[Model] | None, declared: Type | None) -> Where | None:
        if not is_object(before) or not is_object(after):
            return self.difference(before, after, None)
        # A class may go by several tags.
        tag = SHAPES[model].tag if model is not None and not changes_kind(model, before, after) else None
        for name in dict.fromkeys([*cast("dict[str, Any]", before), *cast("dict[str, Any]", after)]):
            one, other = before.get(name, ABSENT), after.get(name, ABSENT)
            if (one in _NOTHING and other in _NOTHING) or self.varies(model, name) or name == tag:
                continue
            inner = declared.value if isinstance(declared, MapOf) else member_type(model, name)
            found = self.difference(one, other, inner)
            if found is not None:
                return (name, *found)
        return None

    def _in_lists(self, before: list[Any], after: list[Any], declared: Type | None) -> Where | None:
        while isinstance(declared, Nullable):
            declared = declared.type
        inner = declared.item if isinstance(declared, ListOf) else None
        for at, (one, other) in enumerate(zip(before, after, strict=False)):
            found = self.difference(one, other, inner)
            if found is not None:
                return (at, *found)
        return () if len(before) != len(after) else None
