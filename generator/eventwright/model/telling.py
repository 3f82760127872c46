"""Which variant of a union a JSON object is, as the generated decoders tell it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from . import ir


def is_same(value: object, wanted: str | int) -> bool:
    """Whether a JSON value is a text, a whole number or a boolean; 1 is neither true nor 1.0."""
    return type(value) is type(wanted) and value == wanted


def tag_of(tag: ir.Tag, data: Mapping[str, object]) -> object:
    """Give the tag of an object, whatever is there; None where nothing is."""
    if tag.is_name:
        return next(iter(data)) if len(data) == 1 else None
    for path in tag.paths:
        found = _at(data, path)
        if found and found[0] is not None and (found[0] != "" or len(tag.paths) == 1):
            return found[0]
    return None


def chosen(choices: Iterable[ir.Choice], data: Mapping[str, object]) -> ir.Choice | None:
    """Pick the first candidate whose conditions are all true of an object."""
    return next((choice for choice in choices if all(_holds(test, data) for test in choice.when)), None)


def _holds(test: ir.Test, data: Mapping[str, object]) -> bool:
    found = _at(data, test.path)
    return bool(found) and (test.value is None or is_same(found[0], test.value))


def _at(data: Mapping[str, object], path: Iterable[str]) -> tuple[object, ...]:
    """Give the value that a path leads to; nothing where it leads nowhere."""
    value: object = data
    for name in path:
        if not isinstance(value, Mapping) or name not in value:
            return ()
        value = value[name]
    return (value,)
