"""What the generated package has for an enum: an alias of its values, and a table of them."""

from __future__ import annotations

from dataclasses import dataclass

from ...model import ir
from ...model.names import snake
from .places import Imports, Places
from .text import docstring, literal, prose


@dataclass(frozen=True, slots=True)
class EnumView:
    """An enum.

    Attributes:
        table: Name of the table of its values.
        label: The name as a literal.
        decoder: Name of the function that decodes a value, empty where none is needed.
    """

    name: str
    doc: str
    values: tuple[str, ...]
    open: bool
    table: str
    label: str
    decoder: str

    @property
    def is_single(self) -> bool:
        """Whether one value is listed of a set that may grow: it fits on a line."""
        return self.open and len(self.values) == 1


def _meaning(value: ir.EnumValue) -> str:
    return f"Deprecated. {prose(value.doc)}" if value.deprecated else prose(value.doc)


def enum_view(places: Places, enum: ir.Enum, imports: Imports) -> EnumView:
    """Give the view of an enum."""
    for name in ("Literal", "TypeAlias"):
        imports.stdlib("typing", name)
    imports.runtime("shape")
    openness = "The set is open: other strings may come." if enum.open else ""
    empty = '""'
    paragraphs = [
        prose(enum.doc),
        openness,
        *(f"- `{prose(value.value) or empty}`: {_meaning(value)}" for value in enum.values),
    ]
    is_contained = enum.name in places.contained
    if is_contained:
        imports.runtime("decoding")
        imports.package("runtime.wire", "WireValue")
    return EnumView(
        name=enum.name,
        doc=docstring([paragraph for paragraph in paragraphs if paragraph], 0),
        values=tuple(literal(value.value) for value in enum.values),
        open=enum.open,
        table=f"{snake(enum.name).upper()}_VALUES",
        label=literal(enum.name),
        decoder=f"decode_{snake(enum.name)}" if is_contained else "",
    )
