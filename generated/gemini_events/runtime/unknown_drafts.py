"""The draft of an object whose kind the spec does not know, and the choice between such a draft and the other one."""

from __future__ import annotations

from typing import Any

from .drafts import Draft
from .encoding import encode
from .growing import Build, Holder
from .json_pieces import JsonPieces
from .making import blank, copied
from .merging import merged_data
from .model import Model, UnknownVariant
from .shape import SHAPES, member_of, models_in


def draft_of(
    build: Build,
    model: Any,
    holder: Holder,
    key: object,
    *,
    meant: type[Model] | None,
    whole: bool,
    echoes: bool,
) -> Draft:
    """Open an object of the state to changes; the arguments are those of `UnknownDraft`."""
    if isinstance(model, (UnknownVariant, dict)):
        return UnknownDraft(build, model, holder, key, meant=meant, whole=whole, echoes=echoes)
    return Draft(build, model, holder, key, whole=whole, echoes=echoes)


class UnknownDraft(Draft):
    """An object of a kind that the spec does not know: its members are those of its wire object.

    Attributes:
        model: An `UnknownVariant`, or the wire object of what is in the data of one, or a map.
    """

    __slots__ = ("_meant",)

    def __init__(
        self,
        build: Build,
        model: Any,
        holder: Holder,
        key: object,
        *,
        meant: type[Model] | None,
        whole: bool,
        echoes: bool,
    ) -> None:
        """Open an object to changes.

        Args:
            build: As for `Draft`, and so are `model`, `holder`, `key`, `whole` and `echoes`.
            meant: Class that the fold means the object to be of: it has the wire names.
        """
        super().__init__(build, model, holder, key, whole=whole, echoes=echoes)
        self._meant: dict[type[Model], dict[str, str]] = {}
        if meant is not None:
            self.mean(meant)

    def grow(self, name: str, piece: str) -> None:
        """Append a piece of JSON text to what is read from it, or to the text itself where that is what is there."""
        if isinstance(self._get(name), str):
            self.append(name, piece)
        else:
            super().grow(name, piece)

    def update(self, value: Any) -> None:
        """Put the members of an object into this one, but for its tag, its id, and what is null."""
        kept = {self._wire_name(path[0]) for path, _ in self._own_keys() if len(path) == 1}
        for name, each in merged_data(value, self._build).items():
            if name not in kept:
                self.set(name, each)

    def remove(self, name: str) -> None:
        """Take a member out."""
        self._drop(name)
        self._data(self.writable()).pop(self._wire_name(name), None)

    def blank(self, model: type[Model], path: tuple[str, ...] = (), value: object = None) -> Any:
        """Make an element of which nothing is known but its class and the value at a path of attributes."""
        return encode(blank(model, path, value))

    def mean(self, model: type[Model]) -> None:
        """Take down the class that a fold means the object to be of: it has the wire names."""
        if model not in self._meant:
            self._meant[model] = {field.name: key for key, field in SHAPES[model].fields.items()}

    def models_within(self, name: str) -> tuple[type[Model], ...]:
        """Give the classes that an object in an attribute, or in a list there, may have."""
        members = (member_of(model, name) for model in self._meant)
        return tuple(dict.fromkeys(model for member in members if member for model in models_in(member[1].type)))

    def _wire_name(self, name: str) -> str:
        return next((names[name] for names in self._meant.values() if name in names), name)

    def _growing(self) -> tuple[str, ...]:
        return tuple(self._children)

    def _get(self, name: str, model: object = None) -> Any:
        return self._data(self.model if model is None else model).get(self._wire_name(name))

    def _assign(self, model: Any, name: str, value: object) -> None:
        self._data(model)[self._wire_name(name)] = value

    def _element_of(self, value: Any) -> Any:
        return encode(value) if isinstance(value, Model) else value

    def _class_for(self, name: str, value: object) -> None:
        return None

    def _json(self, name: str) -> JsonPieces:
        return JsonPieces(self._build, self, name, self._get(name), objects=False)

    def _copied(self) -> Any:
        if isinstance(self.model, UnknownVariant):
            twin = copied(self.model)
            twin.data = twin.data.copy()
            return twin
        return self.model.copy()

    @staticmethod
    def _data(model: Any) -> dict[str, Any]:
        return model.data if isinstance(model, UnknownVariant) else model
