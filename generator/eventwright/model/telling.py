"""Which variant of a union a JSON object is, as the generated decoders tell it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from . import ir


def is_same(value: object, wanted: str | int) -> bool:
    """Whether a JSON value is a text, a whole number or a boolean; 1 is neither true nor 1.0."""
    return type(value) is type(wanted) and value == wanted


def tag_of(tag: ir.Tag, data: Mapping[str, object]) -> object:
    """Give the tag of an object, whatever is there; None where nothing is."""
    if not tag.is_name and not tag.paths:
        return None
    found = standing(tag.parts[0], data, empty=len(tag.parts[0]) == 1)
    return found[1] if found else None


def standing(
    part: Iterable[ir.TagPlace], data: Mapping[str, object], *, empty: bool
) -> tuple[ir.TagPlace, object] | None:
    """Find where in an object a part of a tag stands.

    Args:
        part: The places to look at; one beside the body holds nothing.
        data: The object.
        empty: Whether an empty text counts.

    Returns:
        The first place that holds anything but null, and what it holds; None where there is none.
    """
    for place in part:
        match place:
            case ir.NameTag(path):
                found = [next(iter(each)) for each in _at(data, path) if isinstance(each, Mapping) and len(each) == 1]
            case ir.MemberTag(path):
                found = [each for each in _at(data, path) if each is not None and (empty or each != "")]
            case ir.BesideTag():
                continue
        if found:
            return place, found[0]
    return None


def chosen(choices: Iterable[ir.Choice], data: Mapping[str, object]) -> ir.Choice | None:
    """Pick the first candidate whose conditions are all true of an object."""
    return next((choice for choice in choices if all(_holds(test, data) for test in choice.when)), None)


def _holds(test: ir.Test, data: Mapping[str, object]) -> bool:
    return any(test.value is None or is_same(found, test.value) for found in _at(data, test.path))


def _at(data: Mapping[str, object], path: ir.Way) -> list[object]:
    """Give the values that a path leads to, of which there are several only behind all elements of a list."""
    values: list[object] = [data]
    for step in path:
        if isinstance(step, str):
            values = [value[step] for value in values if isinstance(value, Mapping) and step in value]
        else:
            lists = [value for value in values if isinstance(value, list)]
            values = [each for value in lists for each in (value if step is None else value[step : step + 1])]
    return values
