"""Binds what a spec says about the order of events and the rules of the stream: names become what they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.suggest import did_you_mean
from ..diagnostics.values import Report
from ..model import ir
from ..model.laws import STREAM, rule_id
from ..model.lifecycle import Hold, Off, Profile, RuleNote
from ..model.reaching import reach
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
from ..syntax.walks import events, lifecycles, mentioned_places
from .symbols import DECLARED_TWICE

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
    _check_names(declared, report)
    holds = {event.tag.value: tuple(_hold(event, hold) for hold in event.holds) for event in _first(declared)}
    modules = tuple(
        replace(module, events=tuple(replace(event, holds=holds[event.tag]) for event in module.events))
        for module in spec.modules
    )
    found = [each for _, each in lifecycles(declared)]
    # What stands at a place that is unknown nobody knows.
    is_known = spec.complete and len(spec.places) == len(declared.places)
    sequences, complete = _sequences(spec, found, report) if is_known else ((), False)
    return replace(
        spec,
        modules=modules,
        complete=complete,
        sequences=sequences,
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
    if not declared.readable:
        # Nobody knows which places it names.
        return
    for what, name, key, place in mentioned_places(declared):
        if place.value not in known and (key, place.value) != ("opens", STREAM):
            message = f"'{key}' of {what} '{name}' names '{place.value}', which is no place"
            hint = _place_hint(spec, key, place.value, known) or f"name it under 'places' in '{declared.file}'"
            report.add(UNKNOWN_PLACE, place.span, message, hint)


def _place_hint(spec: ir.Spec, key: str, name: str, known: list[str]) -> str:
    """Say what was probably meant by a place that is none."""
    if name == STREAM:
        if key == "at":
            return "remove it: what is at no place is about the stream"
        return "write 'ends: completed', or another way in which the stream ends"
    several = [each for each in re.split(r"[\s,]+", name) if each in known]
    if len(several) > 1:
        return f"write '{key}: {several[-1]}': an event is about one place, and so about those around it"
    written = next((place.name for place in spec.places if place.text == name.replace(" ", "")), None)
    if written is not None:
        return f"write '{key}: {written}', which is the name of that place"
    if any(event.tag == name for event in spec.events):
        places = ", ".join(known) or "none there"
        return f"that is an event; name the place that is meant, one of: {places}"
    return did_you_mean(name, known)


def _check_names(declared: SpecDecl, report: Report) -> None:
    """E302: a sequence, a profile or a note on a rule that another file has already."""
    seen: dict[tuple[str, str], Text] = {}
    for _, each in lifecycles(declared):
        named = [("sequence of", sequence.owner) for sequence in each.sequences]
        named += [("profile", profile.name) for profile in each.profiles]
        named += [("note on rule", note.rule) for note in each.notes]
        for what, name in named:
            first = seen.setdefault((what, STREAM if name.value == _state(declared) else name.value), name)
            if first is not name:
                hint = f"it is in {first.span} already; make one of the two"
                report.add(DECLARED_TWICE, name.span, f"{what} '{name.value}' is there twice", hint)


def _state(declared: SpecDecl) -> str:
    return declared.state.value if declared.state else ""


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
    kind = rule_id(tag.rpartition(".")[2])
    names = [name for name in path if name not in (ALL, ALL_BUT_LAST)]
    member = rule_id(*(names[1:] or names))
    return member if member.startswith(kind) else f"{kind}-{member}"


def _profile(declared: ProfileDecl) -> Profile:
    off = tuple(
        Off(each.rule.value, each.type.value if each.type else "", each.reason.value.strip(), each.rule.span)
        for each in declared.off
    )
    return Profile(declared.name.value, _said(declared.doc), off, declared.name.span)


def _sequences(spec: ir.Spec, declared: Iterable[LifecycleDecl], report: Report) -> tuple[tuple[Sequence, ...], bool]:
    """Bind all sequences, and tell whether they all could be; those that could not are reported and left out."""
    found: list[Sequence] = []
    complete = True
    for sequence in (sequence for each in declared for sequence in each.sequences):
        bound = tuple(_bound(spec, sequence, report))
        found += bound
        complete = complete and bool(bound)
    return tuple(found), complete


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
    fitting = [place for place in places if any(name in spec.happening(place) for name in named)]
    for place in fitting or places[:1]:
        known = spec.happening(place)
        strangers = [symbol for symbol in symbols(expression) if symbol.name not in known]
        for symbol in strangers:
            report.add(STRANGER_IN_SEQUENCE, symbol.span, *_stranger(spec, place, symbol, known))
        if not strangers:
            yield Sequence(owner.value, place, _expression(expression), declared.text, owner.span)


def _places_of(spec: ir.Spec, owner: str) -> list[str]:
    """Give the places that a sequence of an owner may be about; the empty name is the stream."""
    if owner in (STREAM, spec.state):
        return [""]
    places = [place.name for place in spec.places if owner in place.records]
    return places or [place.name for place in spec.places if place.name == owner]


def _no_owner(spec: ir.Spec, owner: str) -> tuple[str, str]:
    known = [record for place in spec.places for record in place.records]
    known += [place.name for place in spec.places]
    known.append(spec.state or STREAM)
    shown = f"one of: {', '.join(dict.fromkeys(known))}"
    if owner in spec.unions:
        names = [name for name in spec.unions[owner].records if name in known]
        hint = f"write one for each of its types that has one: {', '.join(names)}" if names else shown
        return f"'{owner}' is a union", hint
    without = next((place for place in spec.places if _lists(spec, place, owner)), None)
    if without is not None:
        message = f"place '{without.name}' is the whole list, not an element of it"
        return message, f"write in spec.yaml '{without.name}: {without.text}[index]', with a field of the events"
    if owner in spec.records:
        return f"nothing of type '{owner}' stands at a place", shown
    return f"'{owner}' is neither a type nor a place", did_you_mean(owner, known) or shown


def _lists(spec: ir.Spec, place: ir.Place, owner: str) -> bool:
    """Whether a path of a place ends at a list of objects of a type."""
    within = ir.RecordRef(spec.state) if spec.state in spec.records and not place.outer else None
    found = reach(spec, within, place.path).types if within and place.in_state and not place.keys else ()
    return any(isinstance(each, ir.ListOf) and owner in spec.records_of(each.item) for each in found)


def _stranger(spec: ir.Spec, place: str, symbol: SymbolExpr, known: tuple[str, ...]) -> tuple[str, str]:
    """Say why a sequence does not name what it names, and what to do about it."""
    name, where = symbol.name, f"'{place}'" if place else "the stream"
    event = next((event for event in spec.events if any(key.text == name for key in event.keys)), None)
    inner = spec.place(name)
    if event is None and inner is None and not any(map(str.isalnum, name)):
        return f"'{name}' is neither an event nor a place", "remove it: what comes later stands behind a space"
    if event is None and inner is None:
        what = ", ".join(known) or f"nothing: add 'at: {place}' to the events that do"
        return f"'{name}' is neither an event nor a place", did_you_mean(name, known) or f"what happens there: {what}"
    if event is None:
        outer = inner.outer if inner else ""
        hint = f"write '{outer}', in which it is" if outer in known else "remove it"
        return f"place '{name}' is not directly in {where}", hint
    if event.tag != name:
        return f"'{name}' is another tag of '{event.tag}'", f"write '{event.tag}'"
    if event.anytime:
        return f"'{name}' may come at any time", "remove it here, or 'anytime' at the event"
    if place and place in (event.opens, event.closes):
        word = "opens" if event.opens == place else "closes"
        return f"'{name}' {word} {where}", "remove it here: a sequence is what comes in between"
    around = next((each for each in spec.around(event.place) if each in known), None)
    if around is not None:
        return (
            f"'{name}' is at '{event.place}', not at {where}",
            f"write '{around}', which stands for all that is there",
        )
    return f"'{name}' is not at {where}", f"add 'at: {place}' to it, or remove it here"


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
