"""A spec whose fields are called like what their annotations mention."""

from __future__ import annotations

from typing import Any

HIDING = "str int float bool list dict object property Any Literal Thing Kind Either Other str_ Any_ Thing_".split()
"""Names of Python, of `typing` and of the types that the spec declares, and what one may call these instead."""

_TYPES = [
    "string", "integer", "number", "boolean", "object", "any", '"x"', "Thing", "Kind", "Either",
    "list[string]", "map[integer]", "list[Thing]", "map[Either]", "string | list[Kind]", "Open",
    "list[string | integer | null]", "map[Either | null]", "0 | 1", "list[1 | 2 | null]", 'true | "auto"',
]  # fmt: skip


def spec_with_hiding_fields() -> dict[str, Any]:
    """Give a spec in which each name is that of a field of each type, in one event or another."""
    events = {f"noted.{shift}": {"doc": "It.", "fields": _fields(shift)} for shift in range(len(_TYPES))}
    things: dict[str, Any] = {
        "Thing": {"doc": "It.", "tag": "thing", "fields": {"Thing": {"type": "Thing", "optional": True}}},
        "Other": {"doc": "It.", "tag": "other", "fields": {"Either": {"type": "list[Either]"}}},
    }
    values = {"a": "One.", "b": "Another."}
    enums = {"Kind": {"doc": "It.", "values": values}, "Open": {"doc": "It.", "open": True, "values": values}}
    unions = {"Either": {"doc": "It.", "variants": ["Thing", "Other"]}}
    return {"title": "Notes", "doc": "Notes.", "events": events, "types": things, "enums": enums, "unions": unions}


def _fields(shift: int) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for place, name in enumerate(HIDING):
        members[name] = {"type": _TYPES[(place + shift) % len(_TYPES)], "doc": "It."}
        if (place + shift) % 3 == 0:
            members[name]["optional"] = True
        if (place + shift) % 4 == 0:
            members[name]["nullable"] = True
    return members
