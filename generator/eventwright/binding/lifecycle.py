"""Binds what a spec says about the order of events and the rules of the stream: names become what they stand for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.suggest import did_you_mean
from ..diagnostics.values import Report
from ..model import ir
from ..model.lifecycle import Hold, Off, Profile, RuleNote
from ..model.names import dashed
from ..model.sequences import Alternatives, Chain, Expression, Repeat, Sequence, Symbol
from ..syntax.declarations import EventDecl, HoldDecl, LifecycleDecl, ProfileDecl, SequenceDecl, SpecDecl, Text
from ..syntax.holdexpr import ALL, ALL_BUT_LAST
from ..syntax.sequenceexpr import (
    AlternativesExpr,
    ChainExpr,
    RepeatExpr,
    SequenceExpr,
    SymbolExpr,
    symbols,
)
from ..syntax.walks import declarations, events, lifecycles

UNKNOWN_PLACE = Rule(
    "E530",
    Severity.ERROR,
    "unknown place",
    "`at`, `opens` and `closes` name a place of `places` in spec.yaml; what begins the stream says `opens: stream`.",
)
SEQUENCE_OF_NOTHING = Rule(
    "E533",
    Severity.ERROR,
    "sequence of what is not there",
    "A sequence belongs to a type that stands at a place, to a place, to the type of the state, or to `stream`.",
)
STRANGER_IN_SEQUENCE = Rule(
    "E534",
    Severity.ERROR,
    "sequence that names what does not happen there",
    "A sequence names events at its place, and places directly in it, each of which stands for whatever happens there.",
)


def bind_lifecycle(spec: ir.Spec, declared: SpecDecl, report: Report) -> ir.Spec:
    """Give the spec with its sequences, with what its events hold, and with what it says about rules."""
    _check_places(spec, declared, report)
    holds = {event.tag.value: tuple(_hold(event, hold) for hold in event.holds) for event in _first(declared)}
    modules = tuple(
        replace(module, events=tuple(replace(event, holds=holds[event.tag]) for event in module.events))
        for module in spec.modules
    )
    found = [each for _, each in lifecycles(declared)]
    return replace(
        spec,
        modules=modules,
        sequences=_sequences(spec, found, report),
        profiles=tuple(_profile(profile) for each in found for profile in each.profiles),
        notes=tuple(
            RuleNote(
                rule=note.rule.value,
                severity=note.severity.value if note.severity else "",
                why=_said(note.why),
                seen=_said(note.seen),
                fix=_said(note.fix),
                span=note.rule.span,
            )
            for each in found
            for note in each.notes
        ),
    )


def _first(declared: SpecDecl) -> Iterable[EventDecl]:
    """Give the events, of two with one tag the first."""
    found: dict[str, EventDecl] = {}
    for event in events(declared):
        found.setdefault(event.tag.value, event)
    return found.values()


def _said(text: Text | None) -> str:
    return text.value.strip() if text else ""


def _check_places(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E530: places that events or groups name and that are none."""
    known = [place.name.value for place in declared.places]
    for what, each in declarations(declared):
        name = each.tag.value if isinstance(each, EventDecl) else each.name.value
        for key in ("at", "opens", "closes"):
            place: Text | None = getattr(each, key, None)
            if place is None or place.value in known or (key == "opens" and place.value == ir.STREAM):
                continue
            message = f"'{key}' of {what} '{name}' names '{place.value}', which is no place"
            hint = did_you_mean(place.value, known) or f"name it under 'places' in '{declared.file}'"
            if place.value == ir.STREAM:
                hint = f"remove it: what is {key} no other place is {key} the stream" if key == "at" else ""
                hint = hint or "write 'ends: completed', or another way in which the stream ends"
            report.add(UNKNOWN_PLACE, place.span, message, hint)


def _hold(event: EventDecl, declared: HoldDecl) -> Hold:
    statement = declared.statement
    path = statement.path.names
    return Hold(
        path=path,
        relation=statement.relation,
        values=tuple(each.value for each in statement.values),
        paths=tuple(each.names for each in statement.paths),
        rule=declared.rule.value if declared.rule else _rule_of(event.tag.value, path),
        text=statement.text,
        span=statement.span,
    )


def _rule_of(tag: str, path: tuple[str, ...]) -> str:
    """Give the id of the rule that a statement states: what kind of event it is about, and which member."""
    kind = dashed(tag.rpartition(".")[2])
    names = [name for name in path if name not in (ALL, ALL_BUT_LAST)]
    member = "-".join(dashed(name) for name in (names[1:] or names))
    return member if member.startswith(kind) else f"{kind}-{member}"


def _profile(declared: ProfileDecl) -> Profile:
    off = tuple(
        Off(each.rule.value, each.type.value if each.type else "", each.reason.value.strip(), each.rule.span)
        for each in declared.off
    )
    return Profile(declared.name.value, _said(declared.doc), off, declared.name.span)


def _sequences(spec: ir.Spec, declared: Iterable[LifecycleDecl], report: Report) -> tuple[Sequence, ...]:
    """Bind all sequences; those that cannot be bound are reported and left out."""
    return tuple(bound for each in declared for sequence in each.sequences for bound in _bound(spec, sequence, report))


def _bound(spec: ir.Spec, declared: SequenceDecl, report: Report) -> Iterator[Sequence]:
    """Bind a sequence, once for each place that its owner may be at and of which it names something."""
    owner, expression = declared.owner, declared.expression
    if expression is None:
        return
    places = _places_of(spec, owner.value)
    if not places:
        report.add(SEQUENCE_OF_NOTHING, owner.span, *_no_owner(spec, owner.value))
        return
    named = [symbol.name for symbol in symbols(expression)]
    fitting = [place for place in places if any(name in _happening(spec, place) for name in named)]
    for place in fitting or places[:1]:
        known = _happening(spec, place)
        strangers = [symbol for symbol in symbols(expression) if symbol.name not in known]
        for symbol in strangers:
            report.add(STRANGER_IN_SEQUENCE, symbol.span, *_stranger(spec, place, symbol, known))
        if not strangers:
            yield Sequence(owner.value, place, _expression(expression), declared.text, owner.span)


def _places_of(spec: ir.Spec, owner: str) -> list[str]:
    """Give the places that a sequence of an owner may be about; the empty name is the stream."""
    if owner in (ir.STREAM, spec.state):
        return [""]
    places = [place.name for place in spec.places if owner in place.records]
    return places or [place.name for place in spec.places if place.name == owner]


def _happening(spec: ir.Spec, place: str) -> tuple[str, ...]:
    """Give the events at a place, but for those that open or close it, and the places directly in it."""
    inside = [each.name for each in spec.places if each.outer == place]
    at = [
        event.tag
        for event in spec.events
        if event.place == place and not event.anytime and (not place or place not in (event.opens, event.closes))
    ]
    return (*inside, *at)


def _no_owner(spec: ir.Spec, owner: str) -> tuple[str, str]:
    known = [ir.STREAM, *(place.name for place in spec.places)]
    known += [record for place in spec.places for record in place.records]
    if spec.state:
        known.append(spec.state)
    guess = did_you_mean(owner, known)
    if owner in spec.records or owner in spec.unions:
        return f"nothing of type '{owner}' stands at a place", guess or f"one of: {', '.join(dict.fromkeys(known))}"
    return f"'{owner}' is neither a type nor a place", guess or f"one of: {', '.join(dict.fromkeys(known))}"


def _stranger(spec: ir.Spec, place: str, symbol: SymbolExpr, known: tuple[str, ...]) -> tuple[str, str]:
    where = f"'{place}'" if place else "the stream"
    event = next((event for event in spec.events if event.tag == symbol.name), None)
    if event is None:
        message = f"'{symbol.name}' is no event at {where}, and no place in it"
        return message, did_you_mean(symbol.name, known) or f"what happens there: {', '.join(known) or 'nothing'}"
    return f"event '{symbol.name}' is not at {where}", f"add 'at: {place}' to it, or remove it here"


def _expression(written: SequenceExpr) -> Expression:
    match written:
        case SymbolExpr(name, span):
            return Symbol(name, span)
        case ChainExpr(parts):
            return Chain(tuple(map(_expression, parts)))
        case AlternativesExpr(options):
            return Alternatives(tuple(map(_expression, options)))
        case RepeatExpr(inner, sign):
            return Repeat(_expression(inner), sign)
