"""What the generated package has for a union: an alias of its classes, a decoder, and tables of its tags."""

from __future__ import annotations

from dataclasses import dataclass

from ...model import ir
from ...model.names import snake
from .conditions import condition
from .identifiers import attribute
from .places import Imports, Places
from .text import docstring, literal, literals, prose, row, value_text


@dataclass(frozen=True, slots=True)
class ChooserView:
    """A function that picks among the candidates of one tag by the members that are there.

    Attributes:
        name: The function, empty where it is the decoder of the union itself, whose objects have no tag.
        data: What it calls the object.
        choices: For each candidate the condition, empty for the last resort, and what decodes it.
        otherwise: What decodes the object where none of them is meant, empty where one always is.
    """

    name: str
    data: str
    choices: tuple[tuple[str, str], ...]
    otherwise: str


@dataclass(frozen=True, slots=True)
class UnionView:
    """A union.

    Attributes:
        members: Its classes, `UnknownVariant` at the end unless a class stands for objects of an unknown kind.
        tag: What gives the tag of the object `value`, empty where objects have none.
        is_name: Whether the tag is the name of the only member, whose value is what the class describes.
        has_constants: Whether some tags are numbers or booleans.
        place: Where the tag is, as an expression.
        unknown: What decodes an object of an unknown kind.
        unknown_class: The class that stands for it, empty where that is `UnknownVariant`.
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
    is_name: bool
    has_constants: bool
    place: str
    unknown: str
    unknown_class: str
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
    stem = snake(union.name)
    tag = _tag(union, imports)
    unknown = _unknown(places, union, "value", "tag" if tag else "None", imports)
    tell = _Chooser(places, union, imports)
    choosers, decoders = [], []
    for value, choices in union.by_tag:
        if len(choices) == 1 and not choices[0].when:
            decoder = places.decoder(choices[0].record, imports)
        else:
            decoder = places.function(f"decode_{stem}_{attribute(ir.tag_text(value)).strip('_')}")
            choosers.append(tell.view(decoder, choices, value))
        decoders.append((_key(value), decoder))
    default = f"default_{stem}" if union.default and tag else ""
    if choosers or default:
        imports.package("runtime.wire", "WireObject")
    if union.default:
        choosers.append(tell.view(default, union.default, None))
    known = () if union.unknown else (imports.package("runtime.model", "UnknownVariant"),)
    return UnionView(
        name=union.name,
        doc=docstring([prose(union.doc)], 0),
        label=literal(union.name),
        stem=stem,
        table=stem.upper(),
        members=(*(places.model(name, imports) for name in union.records), *known),
        tag=tag,
        is_name=union.tag.is_name,
        has_constants=_has_constants(union),
        place=_place(union),
        unknown=unknown,
        unknown_class=places.model(union.unknown, imports) if union.unknown else "",
        choosers=tuple(choosers),
        default=default,
        decoders=tuple(decoders),
        variants=tuple((_key(value), _choices(places, choices, imports)) for value, choices in union.by_tag),
        default_variants=_choices(places, union.default, imports) if union.default else "",
        is_first=is_first,
    )


def _key(tag: ir.TagValue) -> str:
    """Give the key of a tag in a table: 1 is not true there, though they are equal to Python."""
    return literal(tag) if isinstance(tag, str) else f"({type(tag).__name__}, {tag!r})"


def _has_constants(union: ir.Union) -> bool:
    return not union.tag.is_name and not all(isinstance(tag, str) for tag, _ in union.by_tag)


def _tag(union: ir.Union, imports: Imports) -> str:
    """Give what reads the tag of the object `value`, and its body where that is another."""
    if union.tag.is_name:
        return f"{imports.runtime('telling')}.only_member(value)"
    if union.tag.member:
        return f"value.get({literal(union.tag.member)})"
    paths = ", ".join(["value", *map(literals, union.tag.paths)])
    return f"{imports.runtime('telling')}.first_of({paths})" if union.tag.parts else ""


def _place(union: ir.Union) -> str:
    if union.tag.is_name:
        return "shape.Only.NAME"
    return literal(union.tag.member) if union.tag.member else row(map(literals, union.tag.paths))


def _unknown(places: Places, union: ir.Union, data: str, tag: str, imports: Imports) -> str:
    """Give what decodes an object of an unknown kind."""
    if union.unknown:
        return f"{places.decoder(union.unknown, imports)}({data}, odd)"
    if not union.tag.parts:
        # Objects have no tag here, so that none can be asked for.
        return f"decoding.unknown_variant(None, {data}, None)"
    shown = f"{imports.runtime('telling')}.text_of({tag})" if _has_constants(union) else tag
    return f"decoding.unknown_variant({shown}, {data}, odd)"


class _Chooser:
    """Makes the functions that pick among the candidates of one tag."""

    def __init__(self, places: Places, union: ir.Union, imports: Imports) -> None:
        self._places = places
        self._union = union
        self._imports = imports

    def view(self, name: str, choices: tuple[ir.Choice, ...], tag: ir.TagValue | None) -> ChooserView:
        """Give the function for the candidates of a tag, or, if that is None, of objects without one."""
        data = "data" if name else "value"
        found: list[tuple[str, str]] = []
        for choice in choices:
            test = condition(choice.when, "data" if self._union.tag.parts else "value", self._imports)
            found.append((test, self._places.decoder(choice.record, self._imports)))
            if not test:
                return ChooserView(name, data, tuple(found), "")
        return ChooserView(name, data, tuple(found), self._otherwise(data, tag))

    def _otherwise(self, data: str, tag: ir.TagValue | None) -> str:
        """Give what decodes an object for which no candidate is meant."""
        union = self._union
        shown = "None" if tag is None else value_text(tag)
        if union.tag.is_name and tag is not None:
            # The candidates are about what is in the only member.
            data = f"{{{literal(ir.tag_text(tag))}: {data}}}"
        elif union.tag.member:
            shown = f"{data}.get({literal(union.tag.member)})"
        return _unknown(self._places, union, data, shown, self._imports)


def _choices(places: Places, choices: tuple[ir.Choice, ...], imports: Imports) -> str:
    shown = []
    for choice in choices:
        arguments = [
            places.model(choice.record, imports),
            *([row(map(_test, choice.when))] if choice.when else []),
        ]
        shown.append(f"shape.Choice({', '.join(arguments)})")
    return row(shown)


def _test(test: ir.Test) -> str:
    if len(test.path) == 1 and test.value is None:
        return value_text(test.path[0])
    value = [] if test.value is None else [value_text(test.value)]
    return f"shape.Test({', '.join([row(map(value_text, test.path)), *value])})"
