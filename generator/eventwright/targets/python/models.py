"""The classes of the generated package: a module for each file of the spec."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from ...model import ir
from .identifiers import attribute
from .names import Imports, PyNames
from .text import WIDTH, docstring, literal, prose


@dataclass(frozen=True, slots=True)
class EnumView:
    """An alias of the strings that an enum knows."""

    name: str
    values: tuple[str, ...]
    doc: str


@dataclass(frozen=True, slots=True)
class AttributeView:
    """An attribute of a class, ready to be written."""

    name: str
    annotation: str
    default: str
    doc: str


@dataclass(frozen=True, slots=True)
class ClassView:
    """A generated class."""

    name: str
    base: str
    doc: str
    attributes: tuple[AttributeView, ...]


@dataclass(frozen=True, slots=True)
class AliasView:
    """An alias of the classes of a union."""

    name: str
    members: tuple[str, ...]
    doc: str


@dataclass(frozen=True, slots=True)
class ModelsView:
    """A module of classes, made from one file of the spec."""

    source: str
    doc: str
    imports: tuple[str, ...]
    enums: tuple[EnumView, ...]
    classes: tuple[ClassView, ...]
    unions: tuple[AliasView, ...]


def models(names: PyNames, module: ir.Module) -> ModelsView:
    """Give the view of the classes that one file of the spec declares."""
    imports = Imports(depth=len(module.path.parts), own=".".join(module.path.parts))
    records = [*module.records, *(event.record for event in module.events)]
    enums = tuple(_enum(enum, imports) for enum in module.enums)
    classes = tuple(_class(names, record, imports) for record in records)
    unions = tuple(_alias(names, union, imports) for union in module.unions)
    return ModelsView(
        source=module.path.with_suffix(PurePosixPath(module.source).suffix).as_posix(),
        doc=docstring([prose(f"{module.title.rstrip('.')}. {module.doc}")], 0),
        imports=imports.lines,
        enums=enums,
        classes=classes,
        unions=unions,
    )


def _enum(enum: ir.Enum, imports: Imports) -> EnumView:
    for name in ("Literal", "TypeAlias"):
        imports.stdlib("typing", name)
    openness = "The set is open: other strings may come." if enum.open else ""
    paragraphs = [
        prose(enum.doc),
        openness,
        *(f"- `{prose(value.value)}`: {prose(value.doc)}" for value in enum.values),
    ]
    return EnumView(
        name=enum.name,
        values=tuple(literal(value.value) for value in enum.values),
        doc=docstring([paragraph for paragraph in paragraphs if paragraph], 0),
    )


def _alias(names: PyNames, union: ir.Union, imports: Imports) -> AliasView:
    for name in ("TypeAlias", "Union"):
        imports.stdlib("typing", name)
    members = tuple(names.model(name, imports) for name in union.records)
    unknown = imports.package("runtime.model", "UnknownVariant")
    return AliasView(union.name, (*members, unknown), docstring([prose(union.doc)], 0))


def _class(names: PyNames, record: ir.Record, imports: Imports) -> ClassView:
    lazy = bool(names.lazy(record))
    base = imports.package("runtime.lazy", "LazyModel") if lazy else imports.package("runtime.model", "Model")
    attributes = []
    if record.tags:
        attributes.append(_tag_attribute(names, record, imports))
    for member in record.fields:
        needed = not member.optional
        attributes.append(
            AttributeView(
                name=attribute(member.name),
                annotation=names.optional(member.type, imports),
                default="" if needed else " = None",
                doc=_member_doc(member),
            )
        )
    deviates = prose(record.deviates)
    return ClassView(
        name=record.name,
        base=base,
        doc=docstring([prose(record.doc), *([f"In recordings: {deviates}"] if deviates else [])], 4),
        attributes=tuple(attributes),
    )


def _member_doc(member: ir.Field) -> str:
    text = prose(member.doc)
    if member.deprecated:
        text = f"Deprecated. {text}"
    name = attribute(member.name)
    return docstring([text if name == member.name else f"{text} On the wire: `{prose(member.name)}`."], 4)


def _tag_attribute(names: PyNames, record: ir.Record, imports: Imports) -> AttributeView:
    choices = ", ".join(literal(tag) for tag in record.tags)
    if len(choices) > WIDTH // 2 and len(record.tags) > 1:
        choices = "".join(f"\n        {literal(tag)}," for tag in record.tags) + "\n    "
    annotation = f"{imports.stdlib('typing', 'Literal')}[{choices}]"
    if names.tag_may_lack(record):
        annotation += " | None"
    default = f" = {literal(record.tags[0])}" if len(record.tags) == 1 else ""
    return AttributeView(attribute(names.spec.tag), annotation, default, "")
