"""From the names of a spec to identifiers of Python."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Iterable

from ...model import ir
from ...model.names import camel
from .runtime.model import Model, ModelMeta

_CLASS = re.compile(r"[A-Z][A-Za-z0-9]*")
_MODULE = re.compile(r"[a-z][a-z0-9_]*")
_NOT_IDENTIFIER = re.compile(r"\W")
_TAKEN = frozenset([*dir(Model), *vars(ModelMeta), *ModelMeta.__annotations__])
"""What every generated class has already, so that no field can have these names."""


def attribute(wire: str) -> str:
    """Give the attribute for a field: the wire name, with a trailing underscore where Python or the base class has it.

    `from` becomes `from_`, `__class__` becomes `__class___`, `x-id` becomes `x_id`, `2fa` becomes `_2fa_`.
    """
    name = _NOT_IDENTIFIER.sub("_", wire)
    if not name.isascii():
        # Python compares identifiers in this normal form, and allows fewer characters in them than a word has.
        name = "".join(char if f"a{char}".isidentifier() else "_" for char in unicodedata.normalize("NFKC", name))
    if name.startswith("__") and not name.endswith("__"):
        # Python would mangle it inside a class body.
        rest = name.lstrip("_") or "field"
        return f"{rest}_" if rest.isidentifier() else f"_{rest}_"
    if not name.isidentifier():
        name = f"_{name}"
    if keyword.iskeyword(name) or name in _TAKEN or name.startswith("_"):
        return f"{name}_"
    return name


def attribute_of(field: ir.Field) -> str:
    """Give the attribute of a field: what the spec says, or what follows from the wire name."""
    return field.attribute or attribute(field.name)


def attribute_path(spec: ir.Spec, owner: ir.Type, path: Iterable[str]) -> tuple[str, ...]:
    """Give the attributes on a path of wire names that begins at an object, and goes into the elements of lists."""
    found: list[str] = []
    for name in path:
        fields = (record.field(name) for record in _records(spec, owner))
        field = next((each for each in fields if each is not None), None)
        found.append(attribute_of(field) if field is not None else attribute(name))
        owner = field.type if field is not None else ir.Primitive.ANY
    return tuple(found)


def _records(spec: ir.Spec, declared: ir.Type) -> tuple[ir.Record, ...]:
    match declared:
        case ir.RecordRef(name):
            return (spec.records[name],)
        case ir.UnionRef(name):
            return tuple(spec.records[record] for record in spec.unions[name].records)
        case ir.ListOf(inner) | ir.Nullable(inner):
            return _records(spec, inner)
        case _:
            return ()


def variants_of(event: ir.Event) -> tuple[tuple[str, str], ...]:
    """Give each tag of an event, or its name where it has none, with the variant that it is in the enum of all."""
    aliases = tuple((key.text, camel(key.text)) for key in event.keys[1:])
    return ((event.tag, event.variant), *aliases)


def is_class_name(name: str) -> bool:
    """Whether a name of the spec can be the name of a class as it is."""
    return _CLASS.fullmatch(name) is not None and not keyword.iskeyword(name)


def is_module_name(name: str) -> bool:
    """Whether the stem of a spec file can be the name of a module as it is."""
    return _MODULE.fullmatch(name) is not None and not keyword.iskeyword(name)
