"""Views for the JSON Schema: one schema that says what strict mode checks, and one made for code generators."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from ...model import ir
from ...output.render import Page
from ..target import Job
from . import telling
from .dispatch import event_conditions, event_schema
from .telling import Schema, first, ref

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TEMPLATE = "json_schema/schema.json.jinja"


@dataclass(frozen=True, slots=True)
class SchemaView:
    """A schema as JSON text, without the newline at its end."""

    text: str


def pages(job: Job) -> Iterator[Page]:
    """Give the two schemas of a spec, each with the union of all events as its root."""
    spec = job.spec
    exact, closed = f"{spec.name}.schema.json", f"{spec.name}.closed.schema.json"
    exact_note = (
        "Generated from the spec; do not edit. Valid is what the strict mode of the generated package accepts: members"
        " that are not declared, unknown values of open enums and objects with an unknown tag are fine, because the"
        " API may grow. One difference: JSON Schema counts 1.0 among the integers, strict mode does not. Code"
        f" generators cannot read the conditions that tell variants apart; give them {closed}."
    )
    closed_note = (
        "Generated from the spec; do not edit. Made for code generators: a union is a plain list of its known variants,"
        " with a discriminator where the tag alone tells them apart. So an object with an unknown tag is refused, and"
        f" variants that share a tag are tried in any order. To validate, use {exact}."
    )
    for name, document in (
        (exact, _document(spec, exact_note, _Exact(spec))),
        (closed, _document(spec, closed_note, _Closed(spec))),
    ):
        view = SchemaView(json.dumps(document, indent=2, ensure_ascii=False))
        yield Page(PurePosixPath("json_schema", spec.name, name), _TEMPLATE, view, shared=True)


class _Exact:
    """Unions as conditions on the tag. A validator then reports what is wrong in the variant that was meant."""

    def __init__(self, spec: ir.Spec) -> None:
        self._spec = spec
        self._direct = frozenset(
            name
            for record in spec.records.values()
            for field in record.fields
            for name in ir.references(field.type)
            if name in spec.records
        )

    def union(self, union: ir.Union) -> Schema:
        texts_alone = all(isinstance(value, str) for value, _ in union.by_tag)
        if union.tag.member and texts_alone and not union.unknown:
            return self._conditions(union.tag.member, union.by_tag, union.default)
        return {"type": "object", **telling.told(union)}

    def tag(self, record: ir.Record) -> Schema:
        """Describe the tag of a type; where a field names the type itself, a new text is fine."""
        known = _values(record.tags)
        if record.name not in self._direct:
            return {"anyOf": [known, {"type": "null"}]} if record.tag_optional else known
        text: Schema = {"type": ["string", "null"] if record.tag_optional else "string"}
        if all(isinstance(tag, str) for tag in record.tags):
            return {**text, "examples": list(record.tags)}
        return {"anyOf": [text, known]}

    def root(self, events: Sequence[ir.Event]) -> Schema:
        tag = self._spec.tag.member
        if not tag or self._spec.default:
            return event_conditions(self._spec)
        by_tag = [(key.parts[0], (ir.Choice(event.record.name, ()),)) for event in events for key in event.keys]
        return self._conditions(tag, by_tag, ())

    @staticmethod
    def _conditions(
        tag: str, by_tag: Iterable[tuple[ir.TagValue, tuple[ir.Choice, ...]]], default: tuple[ir.Choice, ...]
    ) -> Schema:
        tagged: Schema = {"properties": {tag: {"type": "string"}}}
        untagged: Schema = {**tagged, "required": [tag]}
        conditions: list[Schema] = []
        for value, choices in by_tag:
            # Where no candidate fits, strict mode knows nothing to check: so no last `else` here.
            condition: Schema = {"if": {"properties": {tag: {"const": value}}, "required": [tag]}}
            conditions.append({**condition, "then": first(choices, otherwise=None)})
        if default:
            # True of an absent tag as well as of null: `properties` says nothing about an absent member.
            no_tag: Schema = {"properties": {tag: {"type": "null"}}}
            conditions.append({"if": no_tag, "then": first(default, otherwise=untagged), "else": tagged})
            return {"type": "object", "allOf": conditions}
        return {"type": "object", **untagged, "allOf": conditions}


class _Closed:
    """Unions as lists of variants, with a discriminator in the manner of OpenAPI where it is one."""

    def __init__(self, spec: ir.Spec) -> None:
        self._spec = spec
        self._records = spec.records

    def tag(self, record: ir.Record) -> Schema:
        return _values(record.tags)

    def union(self, union: ir.Union) -> Schema:
        told_by_tag = not union.default and all(len(choices) == 1 for _, choices in union.by_tag)
        if union.tag.is_name:
            return {"anyOf": list(self._wrapped(union))}
        told_by_tag = told_by_tag and bool(union.tag.member) and not union.unknown
        if told_by_tag and not any(self._records[name].tag_optional for name in union.records):
            pairs = [(ir.tag_text(value), choices[0].record) for value, choices in union.by_tag]
            return self._discriminated(union.tag.member, pairs)
        return {"anyOf": [ref(name) for name in union.records]}

    def _wrapped(self, union: ir.Union) -> Iterator[Schema]:
        for name in union.records:
            record = self._records[name]
            if record.is_wrapped:
                tag = ir.tag_text(record.tags[0])
                outer: Schema = {"type": "object", "properties": {tag: ref(name)}, "required": [tag]}
                yield {**outer, "additionalProperties": False}
            else:
                yield ref(name)

    def root(self, events: Sequence[ir.Event]) -> Schema:
        tag = self._spec.tag.member
        if not tag or self._spec.default:
            return {"anyOf": [event_schema(self._spec, event) for event in events]}
        pairs = [(key.text, event.record.name) for event in events for key in event.keys]
        return self._discriminated(tag, pairs)

    @staticmethod
    def _discriminated(tag: str, pairs: Sequence[tuple[str, str]]) -> Schema:
        mapping = {value: f"#/$defs/{record}" for value, record in pairs}
        variants = [ref(record) for record in dict.fromkeys(record for _, record in pairs)]
        return {"oneOf": variants, "discriminator": {"propertyName": tag, "mapping": mapping}}


def _document(spec: ir.Spec, note: str, style: _Exact | _Closed) -> Schema:
    definitions: Schema = {}
    for module in spec.modules:
        definitions.update((enum.name, _enum(enum)) for enum in module.enums)
        definitions.update((record.name, _record(record, style)) for record in module.records)
        definitions.update((union.name, {**_head(union), **style.union(union)}) for union in module.unions)
        assumed = {choice.record for choice in spec.default}
        for event in module.events:
            example: Schema = {} if event.example is None else {"examples": [event.example]}
            definitions[event.record.name] = {
                **_record(event.record, style, assumed=event.record.name in assumed),
                **example,
            }
    return {
        "$schema": _DIALECT,
        "$comment": note,
        "title": spec.union,
        "description": spec.doc or spec.title,
        **style.root(spec.events),
        "$defs": definitions,
    }


def _enum(enum: ir.Enum) -> Schema:
    values = [value.value for value in enum.values]
    return {
        **_head(enum),
        "type": "string",
        **({"examples": values} if enum.open else {"enum": values}),
        # A mapping, so that a new value changes no line of the others; documentation tools know the keyword.
        "x-enumDescriptions": {value.value: _meaning(value) for value in enum.values},
    }


def _meaning(value: ir.EnumValue) -> str:
    return f"Deprecated. {value.doc}" if value.deprecated else value.doc


def _record(record: ir.Record, style: _Exact | _Closed, *, assumed: bool = False) -> Schema:
    """Describe an object; `assumed` says that one without a tag, or with nothing in it, is of the type as well."""
    members: Schema = {}
    required: list[str] = []
    if record.tag:
        members[record.tag] = {"enum": [*record.tags, "", None]} if assumed else style.tag(record)
        if not (record.tag_optional or assumed):
            required.append(record.tag)
    for field in record.fields:
        members[field.name] = _member(field)
        if not field.optional:
            required.append(field.name)
    return {
        **_head(record),
        **({"deprecated": True} if record.deprecated else {}),
        "type": "object",
        **({"properties": members} if members else {}),
        **({"required": required} if required else {}),
    }


def _member(field: ir.Field) -> Schema:
    return {
        **_prose(field.doc, field.deviates),
        **({"deprecated": True} if field.deprecated else {}),
        **(_or_null(field.type) if field.nullable else _type(field.type)),
    }


def _head(declaration: ir.Record | ir.Enum | ir.Union) -> Schema:
    return {"title": declaration.name, **_prose(declaration.doc, declaration.deviates)}


def _prose(doc: str, deviates: str) -> Schema:
    return {
        **({"description": doc} if doc else {}),
        **({"$comment": f"Differs from the upstream schema. {deviates}"} if deviates else {}),
    }


def _type(declared: ir.Type) -> Schema:
    match declared:
        case ir.Primitive.ANY:
            return {}
        case ir.Primitive():
            return {"type": declared.value}
        case ir.Literal(value):
            return _text((value,))
        case ir.Constants(values):
            kind = "boolean" if isinstance(values[0], bool) else "integer"
            return {"type": kind, **({"const": values[0]} if len(values) == 1 else {"enum": list(values)})}
        case ir.Nullable(inner):
            return _or_null(inner)
        case ir.ListOf(item):
            return {"type": "array", "items": _type(item)}
        case ir.MapOf(value):
            return {"type": "object", "additionalProperties": _type(value)}
        case ir.OneOf(alternatives):
            return {"anyOf": [_type(alternative) for alternative in alternatives]}
        case ir.RecordRef(name) | ir.EnumRef(name) | ir.UnionRef(name):
            return ref(name)


def _or_null(declared: ir.Type) -> Schema:
    match declared:
        case ir.Primitive.ANY:
            return {}
        case ir.Primitive():
            return {"type": [declared.value, "null"]}
        case ir.OneOf(alternatives):
            return {"anyOf": [*(_type(alternative) for alternative in alternatives), {"type": "null"}]}
        case _:
            return {"anyOf": [_type(declared), {"type": "null"}]}


def _text(values: Sequence[str]) -> Schema:
    """Say that a string is one of a few; the kind is named too, because code generators ask for it."""
    return {"type": "string", "const": values[0]} if len(values) == 1 else {"type": "string", "enum": list(values)}


def _values(values: Sequence[ir.TagValue]) -> Schema:
    """Say that a value is one of a few."""
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) == len(values):
        return _text(texts)
    return {"const": values[0]} if len(values) == 1 else {"enum": list(values)}
