"""The smallest pieces of a schema, which all that makes one needs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from ...model import ir

Schema: TypeAlias = dict[str, object]


def ref(name: str) -> Schema:
    """Refer to a definition."""
    return {"$ref": f"#/$defs/{name}"}


def at(path: tuple[str, ...], inner: Schema) -> Schema:
    """Say that there is a value at a path, and what it is; the empty path is the value itself."""
    if not path:
        return inner
    name, *rest = path
    return {"type": "object", "required": [name], "properties": {name: at(tuple(rest), inner)}}


def tested(when: Iterable[ir.Test]) -> Schema:
    """Say what `when` says of an object."""
    tests = tuple(when)
    if all(len(test.path) == 1 and test.value is None for test in tests):
        return {"required": [test.path[0] for test in tests]}
    conditions = [at(test.path, {} if test.value is None else constant(test.value)) for test in tests]
    return conditions[0] if len(conditions) == 1 else {"allOf": conditions}


def constant(value: ir.TagValue) -> Schema:
    """Say that a value is exactly one, of its own JSON kind."""
    kind = "string" if isinstance(value, str) else "boolean" if isinstance(value, bool) else "integer"
    return {"type": kind, "const": value}
