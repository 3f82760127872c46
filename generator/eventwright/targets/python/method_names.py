"""What the methods of builders are called."""

from __future__ import annotations

import keyword

from ...model import ir
from ...model.names import snake
from .identifiers import attribute


def identifier(name: str) -> str:
    """Make the name of a method from that of a member, a type or a part of a tag."""
    shown = attribute(snake(name) if not name.isupper() else name.lower())
    return f"{shown}_" if keyword.iskeyword(shown) else shown


def singular(name: str) -> str:
    """Give what one element of a list is called."""
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    return name[:-1] if name.endswith("s") and not name.endswith("ss") else name


def shared_prefix(tags: list[str]) -> str:
    """Give what most tags begin with, to the last dot in it."""
    heads = [tag.partition(".")[0] + "." for tag in tags if "." in tag]
    return max(set(heads), key=heads.count) if heads else ""


def event_name(event: ir.Event, place: str, prefix: str) -> str:
    """Give what it is called that an event happens.

    Args:
        event: The event.
        place: Name of the place that it is about; empty for the stream.
        prefix: What most tags begin with.
    """
    tag = event.tag.rpartition(".")[2] if place else event.tag.removeprefix(prefix)
    return identifier(snake(tag) if not tag.isupper() else tag.lower())
