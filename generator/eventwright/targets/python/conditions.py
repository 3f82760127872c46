"""How generated code tests what `when` says of a wire object."""

from __future__ import annotations

from collections.abc import Iterable

from ...model import ir
from .places import Imports
from .text import literal, row, value_text


def condition(when: Iterable[ir.Test], data: str, imports: Imports) -> str:
    """Give the condition under which a wire object, the value of the expression `data`, is meant; empty for always."""
    return " and ".join(_test(test, data, imports) for test in when)


def _test(test: ir.Test, data: str, imports: Imports) -> str:
    if len(test.path) == 1:
        name = literal(test.path[0])
        if test.value is None:
            return f"{name} in {data}"
        if isinstance(test.value, str):
            return f"{data}.get({name}) == {literal(test.value)}"
        if isinstance(test.value, bool):
            return f"{data}.get({name}) is {test.value}"
    telling, path = imports.runtime("telling"), row(map(literal, test.path))
    if test.value is None:
        return f"{telling}.is_there({data}, {path})"
    return f"{telling}.equals({data}, {path}, {value_text(test.value)})"
