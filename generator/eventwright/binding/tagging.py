"""Where tags stand: that of the events, that of each union, and what follows for the types that are in unions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.suggest import did_you_mean
from ..diagnostics.values import Report
from ..model import ir
from ..syntax.declarations import EventDecl, SpecDecl, Text, TypeDecl
from ..syntax.tagexpr import (
    NO_TAG_PLACE,
    ONLY_MEMBER,
    BesideExpr,
    MemberExpr,
    NameExpr,
    PlaceExpr,
    TagExpr,
    parse_key,
    place_text,
)
from .symbols import REPEATED_TAG, Symbols

UNION_WITHOUT_TAG = Rule(
    "E415",
    Severity.ERROR,
    "union that does not say where its tag is",
    "Where the tag of events is more than one member, it says nothing about the objects inside of them.",
)
TAG_OF_TWO_MEMBERS = Rule(
    "E416",
    Severity.ERROR,
    "type with its tag in two members",
    "A type says the value of its tag and the union says where that stands, so all unions of a type have to agree.",
)
UNUSABLE_KEY = Rule(
    "E417",
    Severity.ERROR,
    "key that is no tag",
    "The key of an event is its whole tag: where that has several parts, these with full stops between them.",
)

UNKNOWN_DEFAULT = Rule(
    "E419",
    Severity.ERROR,
    "default that is no event",
    "`default` in spec.yaml names the events that a body without a tag may be, by their keys.",
)


@dataclass(frozen=True, slots=True)
class Tagging:
    """Where tags stand.

    Attributes:
        events: Of the events.
        unions: Of each union, by name; None where nobody knows, which is reported.
        members: The member of each type that holds its tag and is no field, by name; types without one are missing.
        wrapped: Types whose tag is the name of the only member of an object.
    """

    events: ir.Tag
    unions: Mapping[str, ir.Tag | None]
    members: Mapping[str, str]
    wrapped: frozenset[str] = frozenset()


def tagging(spec: SpecDecl, symbols: Symbols, report: Report) -> Tagging:
    """Find out where the tags of all unions and types stand."""
    events = _tag(spec.tag)
    unions: dict[str, ir.Tag | None] = {}
    holders: dict[str, dict[str, str]] = {name: {} for name, type_ in symbols.types.items() if type_.tags}
    for name, union in symbols.unions.items():
        if union.tag is None and not events.member:
            hint = "add 'tag:' with the member that tells its variants apart, or 'tag: none' where other members do"
            message = f"union '{name}' does not say where its tag is, and the tag of events is '{spec.tag.text}'"
            report.add(UNION_WITHOUT_TAG, union.name.span, message, hint)
            unions[name] = None
            continue
        place = events if union.tag is None else _tag(union.tag)
        if union.tag is not None and place.parts and not (place.is_name or len(place.paths) == len(place.parts[0])):
            message = f"the tag {union.tag.text} of union '{name}' is in none of its objects"
            hint = 'name a member, a path, several of them with | between, or "{member}" alone'
            report.add(NO_TAG_PLACE, union.tag.span, message, hint)
            unions[name] = None
            continue
        unions[name] = place
        for choice in (*union.variants, *union.default):
            if choice.type.value in holders and place.parts:
                holders[choice.type.value].setdefault(ONLY_MEMBER if place.is_name else place.member, name)
    members: dict[str, str] = {}
    for name, found in holders.items():
        if len(found) > 1:
            _report_two(symbols.types[name], found, report)
        member = next(iter(found)) if found else events.member
        if not found and not member and None not in unions.values():
            tag = symbols.types[name].tags[0]
            message = f"'{name}' has a tag, but no union says where it stands"
            report.add(UNION_WITHOUT_TAG, tag.span, message, "write a field with this text as its type instead")
        members[name] = "" if member == ONLY_MEMBER else member
    wrapped = frozenset(name for name, found in holders.items() if ONLY_MEMBER in found)
    return Tagging(events, unions, members, wrapped)


def _report_two(type_: TypeDecl, found: Mapping[str, str], report: Report) -> None:
    places = [f"{_where(member)} for union '{union}'" for member, union in found.items()]
    message = f"the tag of '{type_.name.value}' stands {places[0]}, and {places[1]}"
    hint = "give both unions the same 'tag:', or make a type for each, with the fields that they share in a group"
    report.add(TAG_OF_TWO_MEMBERS, type_.name.span, message, hint)


def _where(member: str) -> str:
    if member == ONLY_MEMBER:
        return "in the name of the only member"
    return f"in '{member}'" if member else "elsewhere"


def keys_of(spec: SpecDecl, event: EventDecl, report: Report) -> tuple[ir.Key, ...]:
    """Give the tags that an event goes by; those that cannot be are reported (E417)."""
    if event.untagged:
        return ()
    aliases = (_key(spec.tag, alias, None, report) for alias in event.aliases)
    return (_key(spec.tag, event.tag, event.constant, report), *aliases)


def check_aliases(events: tuple[ir.Event, ...], symbols: Symbols, report: Report) -> None:
    """Report tags under `aliases` that are there already (E401)."""
    taken = {key.parts: event for event in events for key in event.keys[:1]}
    for event in events:
        spans = [alias.span for alias in symbols.events[event.tag].aliases]
        for key, span in zip(event.keys[1:], spans, strict=False):
            first = taken.setdefault(key.parts, event)
            if first is not event:
                hint = f"it is one of '{first.tag}', in {first.span}; remove one of the two"
                report.add(REPEATED_TAG, span, f"tag '{key.text}' is declared twice", hint)
            elif key.parts == event.keys[0].parts:
                report.add(REPEATED_TAG, span, f"tag '{key.text}' is the key of the event itself", "remove the alias")


def defaults_of(spec: SpecDecl, symbols: Symbols, report: Report) -> tuple[ir.Choice, ...]:
    """Give the payloads that a body without a tag may be; keys that no event has are reported (E419)."""
    found: list[ir.Choice] = []
    for choice in spec.default:
        event = symbols.events.get(choice.type.value)
        if event is None:
            hint = did_you_mean(choice.type.value, symbols.events) or "name the key of an event"
            message = f"the default '{choice.type.value}' is no event"
            report.add(UNKNOWN_DEFAULT, choice.type.span, message, hint)
            continue
        tests = tuple(ir.Test(test.path, test.value) for test in choice.when)
        spans = tuple(test.span for test in choice.when)
        found.append(ir.Choice(event.class_name.value, tests, choice.type.span, spans))
    return tuple(found)


def _key(tag: TagExpr, written: Text, constant: int | None, report: Report) -> ir.Key:
    if constant is not None:
        return ir.Key(written.value, (constant,))
    if len(tag.parts) < 2:
        return ir.Key(written.value, (written.value,))
    parts = parse_key(written.value)
    if parts is None:
        hint = "write the parts with full stops between them, and a part with a full stop in single quotes"
        report.add(UNUSABLE_KEY, written.span, f"key '{written.value}' cannot be taken apart", hint)
        return ir.Key(written.value, (written.value,))
    if len(parts) > len(tag.parts):
        message = f"key '{written.value}' has {len(parts)} parts, and the tag {tag.text} has {len(tag.parts)}"
        last = ".".join(parts[len(tag.parts) - 1 :])
        better = f"'{last}'"
        hint = f'if the last one holds a full stop, write "{".".join([*parts[: len(tag.parts) - 1], better])}"'
        report.add(UNUSABLE_KEY, written.span, message, hint)
    return ir.Key(written.value, parts)


def _tag(expr: TagExpr) -> ir.Tag:
    return ir.Tag(tuple(tuple(map(_place, part)) for part in expr.parts))


def _place(expr: PlaceExpr) -> ir.TagPlace:
    text = place_text(expr)
    match expr:
        case MemberExpr(path):
            return ir.MemberTag(path, text)
        case NameExpr(path):
            return ir.NameTag(path, text)
        case BesideExpr(name):
            return ir.BesideTag(name, text)
