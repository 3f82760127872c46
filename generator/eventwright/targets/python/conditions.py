"""How generated code tests what `when` says of a wire object."""

from __future__ import annotations

from collections.abc import Iterable

from ...model import ir
from .places import Imports
from .text import literal, value_text


def condition(when: Iterable[ir.Test], data: str, imports: Imports) -> str:
    """Give the condition under which a wire object, the value of the expression `data`, is meant; empty for always."""
    return " and ".join(_test(test, data, imports) for test in when)


def _test(test: ir.Test, data: str, imports: Imports) -> str:
    names = ", ".join(map(literal, test.path))
    is_member = len(test.path) == 1
    if test.value is None and is_member:
        return f"{names} in {data}"
    value = f"{data}.get({names})" if is_member else f"{imports.runtime('decoding')}.at({data}, {names})"
    match test.value:
        case None:
            return f"{value} is not {imports.package('runtime.model', 'ABSENT')}"
        case bool():
            return f"{value} is {test.value}"
        case str():
            return f"{value} == {literal(test.value)}"
        case _:
            return f"{imports.runtime('decoding')}.equals({value}, {value_text(test.value)})"
