"""Writes what a builder has to know as the expressions of the generated tables."""

from __future__ import annotations

from dataclasses import MISSING, fields

from .runtime.planning import Grown, Inner, Kind, Sending
from .text import literal


def expression(value: object) -> str:
    """Write a value of the tables: what is as it would be anyway is left out."""
    match value:
        case str():
            return literal(value)
        case tuple():
            inner = ", ".join(map(expression, value))
            return f"({inner}{',' if len(value) == 1 else ''})"
        case list():
            return f"[{', '.join(map(expression, value))}]"
        case dict():
            return "{" + ", ".join(f"{expression(key)}: {expression(inner)}" for key, inner in value.items()) + "}"
        case None | bool() | int() | float():
            return repr(value)
        case Sending() | Kind() | Inner() | Grown():
            shown = [
                f"{each.name}={expression(getattr(value, each.name))}"
                for each in fields(value)
                if getattr(value, each.name) != (each.default if each.default_factory is MISSING else {})
            ]
            return f"planning.{type(value).__name__}({', '.join(shown)})"
        case _:
            raise TypeError(f"no table has a {type(value).__name__}")
