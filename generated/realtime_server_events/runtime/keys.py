"""Finds the elements of a list that go by a key, which is the value at a path in each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, cast

from .making import copied, with_value
from .model import Model, UnknownVariant
from .places import UNKNOWN, Place
from .shape import member_of, models_in


class Key:
    """Where in the elements of a list their key is.

    Attributes:
        path: The attributes that lead to it.
    """

    __slots__ = ("_steps", "path")

    def __init__(self, path: tuple[str, ...], models: Iterable[type[Model]]) -> None:
        """Prepare for a list.

        Args:
            path: The attributes that lead to the key.
            models: Classes of the elements. What is of an unknown kind has the wire names of these.
        """
        self.path = path
        steps: list[tuple[str, tuple[str, ...]]] = []
        for name in path:
            members = [member for model in models if (member := member_of(model, name)) is not None]
            steps.append((name, tuple(dict.fromkeys([*(wire_name for wire_name, _ in members), name]))))
            models = dict.fromkeys(model for _, field in members for model in models_in(field.type))
        self._steps = steps

    def of(self, element: object) -> object:
        """Give the key of an element, None where it has none."""
        value: Any = element
        for name, wire_names in self._steps:
            data = value.data if isinstance(value, UnknownVariant) else value
            if isinstance(data, dict):
                members = cast("dict[str, Any]", data)
                value = next((members[each] for each in wire_names if each in members), None)
            else:
                value = getattr(value, name, None)
        return value if names_something(value) else None

    def given_to(self, element: Any, value: object) -> Any:
        """Give an element with a key that it lacks."""
        if not isinstance(element, (UnknownVariant, dict)):
            return with_value(copied(element), self.path, value) if isinstance(element, Model) else element
        data = cast("dict[str, Any]", element.data if isinstance(element, UnknownVariant) else element)
        wire_names = [names[0] for _, names in self._steps]
        for name in reversed(wire_names[1:]):
            value = {name: value}
        data = {**data, wire_names[0]: value}
        if isinstance(element, UnknownVariant):
            twin = copied(element)
            twin.data = data
            return twin
        return data


class KeyIndex:
    """The elements of a list by one of their keys.

    Attributes:
        key: Where the key is.
    """

    __slots__ = ("_aliases", "_found", "_preferred", "_value", "key")

    def __init__(self, key: Key, places: Iterable[Place], value: Callable[[Place], object]) -> None:
        """Take down the elements there are.

        Args:
            key: Where the key is.
            places: Where the elements stand.
            value: Gives the element that stands in a place.
        """
        self.key = key
        self._value = value
        self._found: dict[object, list[Place]] = {}
        self._aliases: dict[object, Place] = {}
        self._preferred: dict[object, Place] = {}
        for place in places:
            self.add(place)

    def add(self, place: Place) -> None:
        """Take down an element that is new or may have got another key."""
        own = None if place.gone else self.key.of(self._value(place))
        if own is not None:
            found = self._found.setdefault(own, [])
            if not found or found[-1] is not place:
                found.append(place)

    def alias(self, name: object, place: Place) -> None:
        """Let an element go by a second key, which is not in it."""
        self._aliases[name] = place

    def prefer(self, name: object, place: Place) -> None:
        """Let a key mean one of the elements that have it."""
        self._preferred[name] = place

    def find(self, wanted: object, kind: type) -> Place | None:
        """Find the element with a key: one of a class or of an unknown kind, or else one of another class."""
        preferred = self._preferred.get(wanted)
        if preferred is not None and preferred.kind is kind and self._holds(preferred, wanted):
            return preferred
        found = self._found.get(wanted)
        if found is not None and not self._holds(found[0], wanted):
            found[:] = [place for place in found if self._holds(place, wanted)]
            if not found:
                del self._found[wanted]
        if not found:
            alias = self._aliases.get(wanted)
            return None if alias is None or alias.gone else alias
        if len(found) == 1 or found[0].kind is kind:
            return found[0]
        found[:] = [place for place in found if self._holds(place, wanted)]
        return next((place for each in (kind, *UNKNOWN) for place in found if place.kind is each), found[0])

    def _holds(self, place: Place, wanted: object) -> bool:
        return not place.gone and self.key.of(self._value(place)) == wanted


def names_something(value: object) -> bool:
    """Whether a value can be a key: a text that is not empty, a number or a boolean."""
    return isinstance(value, (str, int, float)) and value != ""
