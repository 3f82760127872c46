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
    if test.names is not None and len(test.names) == 1:
        name = literal(test.names[0])
        if test.value is None:
            return f"{name} in {data}"
        if isinstance(test.value, str):
            return f"{data}.get({name}) == {literal(test.value)}"
        if isinstance(test.value, bool):
            return f"{data}.get({name}) is {test.value}"
    arguments = [data, row(map(value_text, test.path))]
    arguments += [] if test.value is None else [value_text(test.value)]
    if test.names is None:
        function = "holds"
    else:
        function = "is_there" if test.value is None else "equals"
    return f"{imports.runtime('telling')}.{function}({', '.join(arguments)})"
