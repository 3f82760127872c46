"""Finds what the declared classes do not account for in an event: the opposite of being typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, cast

from .checking import step
from .model import Model, UnknownEvent, UnknownVariant
from .shape import SHAPES, holds_objects


class Gap(NamedTuple):
    """One place in an event that no declared class or attribute describes."""

    path: str
    """JSON path of the place, such as `$.response.output[0].status`."""

    kind: str
    """`tag` for an object of unknown kind, `extra` for an undeclared member, `misfit` for a member that is required and
    missing, or whose value is not of its type."""

    name: str
    """The tag of an object of unknown kind, empty where it has none; else class and member, as `Response.status`."""


def gaps(event: Model) -> Iterator[Gap]:
    """Give every gap in an event or in any nested object, from the top down.

    A value that merely is not in its enum is no gap: it can be read.
    """
    # A stack instead of recursion: filters may be nested as deep as Python can call.
    pending: list[tuple[str, Any]] = [("$", event)]
    while pending:
        path, value = pending.pop()
        inner: list[tuple[str, Any]] = []
        if isinstance(value, UnknownEvent):
            yield Gap(path, "tag", value.type or "")
        elif isinstance(value, UnknownVariant):
            yield Gap(path, "tag", value.tag or "")
        elif isinstance(value, Model):
            wrapper = SHAPES[type(value)].wrapper
            path = path if wrapper is None else f"{path}{step(wrapper)}"
            yield from _own_gaps(value, path)
            for key, field in SHAPES[type(value)].fields.items():
                if holds_objects(field.type):
                    inner.append((f"{path}{step(key)}", getattr(value, field.name, None)))
        elif type(value) is list:
            inner = [(f"{path}[{index}]", item) for index, item in enumerate(cast("Sequence[Any]", value))]
        elif type(value) is dict:
            inner = [(f"{path}{step(key)}", item) for key, item in cast("dict[str, Any]", value).items()]
        pending.extend(reversed(inner))


def _own_gaps(obj: Model, path: str) -> Iterator[Gap]:
    model = type(obj)
    leftover = obj.leftover or {}
    for key, field in SHAPES[model].fields.items():
        if getattr(obj, field.name, None) is not None:
            continue
        may_lack = field.nullable or (field.optional and key not in leftover)
        if leftover.get(key) is not None or not may_lack:
            yield Gap(f"{path}{step(key)}", "misfit", f"{model.__name__}{step(key)}")
    for key in obj.extra:
        yield Gap(f"{path}{step(key)}", "extra", f"{model.__name__}{step(key)}")
