"""Values of wire objects by their paths: names of members on the way."""

from __future__ import annotations

from typing import Any, cast

from .model import ABSENT
from .wire import WireObject, WireValue


def copied(value: WireValue) -> Any:
    """Copy wire data, so that nobody else can change it."""
    if type(value) is dict:
        return {key: copied(inner) if type(inner) in (dict, list) else inner for key, inner in value.items()}
    if type(value) is list:
        return [copied(inner) if type(inner) in (dict, list) else inner for inner in value]
    return value


def look_up(value: WireValue, path: tuple[str, ...]) -> WireValue:
    """Give what is at a path, ABSENT where nothing is."""
    for name in path:
        value = cast("WireValue", value.get(name, ABSENT) if isinstance(value, dict) else ABSENT)
    return value


def put_down(value: WireObject, path: tuple[str, ...], what: Any) -> None:
    """Put something at a path of at least one name; objects on the way are made where there are none."""
    for name in path[:-1]:
        inner: WireValue = value.get(name)
        if not isinstance(inner, dict):
            inner = value[name] = {}
        value = inner
    value[path[-1]] = what
