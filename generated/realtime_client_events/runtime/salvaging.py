"""Takes what fits out of a list that decoding has left aside as a whole, because something in it does not fit."""

from __future__ import annotations

from typing import Any

from .growing import Build, is_list
from .making import copied, part_of
from .model import Model
from .shape import SHAPES


def salvaged(value: Any, build: Build) -> Any:
    """Give a value with the lists that it lacks, in itself and wherever events build up what is in it.

    Raises:
        DecodeError: Something is nested too deep for the interpreter.
    """
    if is_list(value):
        found = [salvaged(item, build) for item in value]
        return found if any(map(_differ, found, value)) else value
    return _with_lists(value, build) if isinstance(value, Model) else value


def _with_lists(value: Model, build: Build) -> Model:
    mended = value
    for key, wire in (value.leftover or {}).items():
        field = SHAPES[type(value)].fields.get(key)
        if field is not None and is_list(wire) and getattr(value, field.name, None) is None:
            found = _fitting(type(value), key, field.name, wire)
            if found is not None:
                build.mended["null"] += len(wire) - len(found)
                mended = copied(mended)
                setattr(mended, field.name, found)
                mended.leftover = {other: each for other, each in (mended.leftover or {}).items() if other != key}
    for name in build.growing.get(type(value), ()):
        held = getattr(mended, name, None)
        found = salvaged(held, build)
        if found is not held:
            mended = copied(mended)
            setattr(mended, name, found)
    return mended


def _fitting(model: type[Model], key: str, name: str, wire: list[Any]) -> list[Any] | None:
    """Decode the elements of a list that fit; None where no list is declared."""

    def decoded(elements: list[Any]) -> list[Any] | None:
        found: Any = getattr(part_of(model, {key: elements}), name, None)
        return found if is_list(found) else None

    rest = [element for element in wire if element is not None]
    found = decoded(rest)
    if found is None and decoded([]) is not None:
        found = [item for element in rest for item in decoded([element]) or ()]
    return found


def _differ(one: object, other: object) -> bool:
    return one is not other
