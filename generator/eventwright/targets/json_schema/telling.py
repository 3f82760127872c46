"""How the exact schema tells the variants of a union apart, wherever their tag stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from ...model import ir

Schema: TypeAlias = dict[str, object]

NEVER: Schema = {"not": {}}


def ref(name: str) -> Schema:
    """Refer to a declaration."""
    return {"$ref": f"#/$defs/{name}"}


def first(choices: Sequence[ir.Choice], otherwise: Schema | None) -> Schema:
    """Say that the first candidate whose conditions are all true is meant."""
    if not choices:
        return otherwise or {}
    choice, rest = choices[0], choices[1:]
    if not choice.when:
        return ref(choice.record)
    schema: Schema = {"if": condition(choice), "then": ref(choice.record)}
    following = first(rest, otherwise)
    return {**schema, "else": following} if following else schema


def told(union: ir.Union) -> Schema:
    """Say which variant an object is held to."""
    unknown = ref(union.unknown) if union.unknown else None
    if not union.tag.parts:
        return first(union.default, unknown)
    known: list[Schema] = []
    conditions: list[Schema] = []
    for value, choices in union.by_tag:
        then = first(choices, None if union.tag.is_name else unknown)
        if union.tag.is_name:
            then = {"properties": {ir.tag_text(value): {"type": "object", **then}}}
        known.append(_is_tag(union.tag, value))
        conditions.append({"if": known[-1], "then": then})
    no_tag = _no_tag(union.tag)
    if union.default:
        conditions.append({"if": no_tag, "then": first(union.default, unknown or NEVER)})
    if unknown:
        others = [*known, no_tag] if union.default else known
        conditions.append({"if": {"not": {"anyOf": others}}, "then": unknown})
    elif union.tag.is_name:
        conditions += [] if union.default else [{"not": no_tag}]
    else:
        texts_alone = all(isinstance(value, str) for value, _ in union.by_tag)
        valid = _tag_fits(union.tag, {"type": "string" if texts_alone else ["string", "integer", "boolean"]})
        conditions.append({"anyOf": [*([no_tag] if union.default else []), *valid]})
    return {"allOf": conditions}


def condition(choice: ir.Choice) -> Schema:
    """Say what is true of an object for a choice to be meant."""
    if choice.names is not None:
        return {"required": list(choice.names)}
    tests = [at(test.path, {} if test.value is None else {"const": test.value}) for test in choice.when]
    return tests[0] if len(tests) == 1 else {"allOf": tests}


def at(way: ir.Way, schema: Schema) -> Schema:
    """Say that a way leads to a value which a schema describes; the empty one leads to the whole."""
    if not way:
        return schema
    step, rest = way[0], way[1:]
    if rest:
        schema = {"type": "object" if isinstance(rest[0], str) else "array", **at(rest, schema)}
    if step is None:
        return {"contains": schema}
    if isinstance(step, int):
        inner: Schema = {"minItems": step + 1}
        return {"prefixItems": [*([{}] * step), schema], **inner} if schema else inner
    inner = {"required": [step]}
    return {"properties": {step: schema}, **inner} if schema else inner


def first_there(places: Iterable[tuple[Schema, Schema]]) -> list[Schema]:
    """Say of each of several places that it is the first where something is, and fits.

    Args:
        places: What says that something is there, and what says that it fits.
    """
    ways: list[Schema] = []
    before: list[Schema] = []
    for there, fits in places:
        ways.append({"allOf": [*before, fits]} if before else fits)
        before.append({"not": there})
    return ways


def _tag_fits(tag: ir.Tag, schema: Schema) -> list[Schema]:
    """Give the ways in which the tag, which is the first of several values that is there, may fit a schema."""
    return first_there((_has(tag, path), at(path, schema)) for path in tag.paths)


def _has(tag: ir.Tag, path: tuple[str, ...]) -> Schema:
    nothing = [None, ""] if len(tag.paths) > 1 else [None]
    return at(path, {"not": {"enum": nothing}})


def _is_tag(tag: ir.Tag, value: ir.TagValue) -> Schema:
    if tag.is_name:
        return {"required": [ir.tag_text(value)], "maxProperties": 1}
    ways = _tag_fits(tag, {"const": value})
    return ways[0] if len(ways) == 1 else {"anyOf": ways}


def _no_tag(tag: ir.Tag) -> Schema:
    if tag.is_name:
        return {"not": {"minProperties": 1, "maxProperties": 1}}
    there = [_has(tag, path) for path in tag.paths]
    return {"not": there[0] if len(there) == 1 else {"anyOf": there}}
