"""What the generated package has for a union: an alias of its classes, a decoder, and tables of its tags."""

from __future__ import annotations

from dataclasses import dataclass

from ...model import ir
from ...model.names import snake
from .conditions import condition
from .identifiers import attribute
from .places import Imports, Places
from .text import docstring, literal, prose, row, value_text


@dataclass(frozen=True, slots=True)
class ChooserView:
    """A function that picks among the candidates of one tag by the members that are there.

    Attributes:
        choices: For each candidate the condition, empty for the last resort, and what decodes it.
        is_total: Whether one of them is always meant.
    """

    name: str
    choices: tuple[tuple[str, str], ...]
    is_total: bool


@dataclass(frozen=True, slots=True)
class UnionView:
    """A union.

    Attributes:
        members: Its classes, `UnknownVariant` at the end.
        tag: The member that names the class, as a literal.
        choosers: Functions for the tags of several classes, and for objects without a tag.
        default: The function for objects without a tag, empty where the union says nothing of them.
        decoders: For each tag what decodes it.
        variants: For each tag the classes, as an expression.
        default_variants: The classes of objects without a tag, empty where there are none.
        is_first: Whether no function and no class stands before it in its module.
    """

    name: str
    doc: str
    label: str
    stem: str
    table: str
    members: tuple[str, ...]
    tag: str
    choosers: tuple[ChooserView, ...]
    default: str
    decoders: tuple[tuple[str, str], ...]
    variants: tuple[tuple[str, str], ...]
    default_variants: str
    is_first: bool


def union_view(places: Places, union: ir.Union, imports: Imports, *, is_first: bool) -> UnionView:
    """Give the view of a union."""
    for name in ("TypeAlias", "Union"):
        imports.stdlib("typing", name)
    for module in ("decoding", "shape"):
        imports.runtime(module)
    imports.package("runtime.wire", "WireValue")
    unknown = imports.package("runtime.model", "UnknownVariant")
    stem = snake(union.name)
    choosers, decoders = [], []
    for tag, choices in union.by_tag:
        if len(choices) == 1 and not choices[0].when:
            decoder = places.decoder(choices[0].record, imports)
        else:
            decoder = places.function(f"decode_{stem}_{attribute(ir.tag_text(tag)).strip('_')}")
            choosers.append(_chooser(places, decoder, choices, imports))
        decoders.append((value_text(tag), decoder))
    default = f"default_{stem}" if union.default else ""
    if choosers or default:
        imports.package("runtime.wire", "WireObject")
    if default:
        choosers.append(_chooser(places, default, union.default, imports))
    return UnionView(
        name=union.name,
        doc=docstring([prose(union.doc)], 0),
        label=literal(union.name),
        stem=stem,
        table=stem.upper(),
        members=(*(places.model(name, imports) for name in union.records), unknown),
        tag=literal(union.tag.member),
        choosers=tuple(choosers),
        default=default,
        decoders=tuple(decoders),
        variants=tuple((value_text(tag), _choices(places, choices, imports)) for tag, choices in union.by_tag),
        default_variants=_choices(places, union.default, imports) if union.default else "",
        is_first=is_first,
    )


def _chooser(places: Places, name: str, choices: tuple[ir.Choice, ...], imports: Imports) -> ChooserView:
    found: list[tuple[str, str]] = []
    for choice in choices:
        test = condition(choice.when, "data", imports)
        found.append((test, places.decoder(choice.record, imports)))
        if not test:
            break
    return ChooserView(name, tuple(found), is_total=not found[-1][0])


def _choices(places: Places, choices: tuple[ir.Choice, ...], imports: Imports) -> str:
    shown = []
    for choice in choices:
        arguments = [
            places.model(choice.record, imports),
            *([row(literal(test.path[0]) for test in choice.when)] if choice.when else []),
        ]
        shown.append(f"shape.Choice({', '.join(arguments)})")
    return row(shown)
