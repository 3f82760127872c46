"""Rules about places that open and close: which events do that, and how they say which element is meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.suggest import closest
from ..diagnostics.values import Report
from ..model import ir
from ..model.laws import STREAM
from ..model.reaching import reach
from ..syntax import walks
from ..syntax.declarations import EventDecl, GroupDecl, SpecDecl, Text
from ..syntax.paths import path_text

TWO_PLACES = Rule(
    "E536",
    Severity.ERROR,
    "event about two places",
    (
        "An event is about one place, which it may open or close, and with it about those around that; what may come at"
        " any time is bound to none."
    ),
)
NEVER_OPENED = Rule(
    "E537",
    Severity.ERROR,
    "place that no event opens",
    "Events happen in an open place or not at all, so some event has to open it.",
)
NEVER_CLOSED = Rule(
    "W538",
    Severity.WARNING,
    "place that no event closes",
    "Nobody can tell whether what is there is complete; where no event says so, allow it with that as the reason.",
)
UNTOLD_ELEMENT = Rule(
    "E539",
    Severity.ERROR,
    "place whose elements no event tells apart",
    "A place that opens and closes is a list, and events say which of its elements they are about.",
)
OPENS_NOTHING = Rule(
    "E540",
    Severity.ERROR,
    "event that opens nothing",
    "What opens a place says by its key which element that is, and puts it into the state, if it is a part of that.",
)


def places_of_events(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E536: an event that is about more than one place, or about one and about none."""
    groups = {group.name.value: group for file in declared.files for group in file.groups}
    for event in walks.events(declared):
        tag = event.tag.value
        if event.opens and event.closes:
            hint = "remove one of the two; what is complete at once needs no place"
            if event.opens.value == STREAM:
                hint = "remove 'closes': the stream ends with 'ends'"
            message = f"event '{tag}' opens '{event.opens.value}' and closes '{event.closes.value}'"
            if event.opens.value == event.closes.value:
                message = f"event '{tag}' opens and closes '{event.opens.value}'"
            report.add(TWO_PLACES, event.closes.span, message, hint)
            continue
        key = "opens" if event.opens else "closes"
        own = event.opens or event.closes
        if own and event.at and event.at.value != own.value:
            message = f"event '{tag}' is at '{event.at.value}', and {key} '{own.value}'"
            report.add(TWO_PLACES, event.at.span, message, f"remove 'at': what {key} a place is about that")
            continue
        used = list(_inherited(event, groups))
        if not (own or event.at):
            _check_groups(tag, used, report)
        _check_bound(event, own, used, report)


def _check_groups(tag: str, used: list[tuple[GroupDecl, Text]], report: Report) -> None:
    """Report groups of an event that are about different places."""
    for group, place in used[1:]:
        first, first_place = used[0]
        if place.value != first_place.value:
            message = f"event '{tag}' is at '{first_place.value}' by '{first.name.value}'"
            message += f", and at '{place.value}' by '{group.name.value}'"
            report.add(TWO_PLACES, place.span, message, f"add 'at:' to '{tag}', with the one that is meant")
            return


def _check_bound(event: EventDecl, own: Text | None, used: list[tuple[GroupDecl, Text]], report: Report) -> None:
    """Report an event that is about a place and bound to none, or to the whole stream."""
    tag, place = event.tag.value, own or event.at
    if event.anytime and place is not None:
        message = f"event '{tag}' is about '{place.value}', and may come at any time"
        report.add(TWO_PLACES, place.span, message, "remove 'anytime', or the place")
    elif own is not None and event.opens and own.value == STREAM and used:
        group, place = used[0]
        message = f"event '{tag}' opens the stream, and is at '{place.value}' by '{group.name.value}'"
        report.add(TWO_PLACES, own.span, message, "use groups without a place, or remove 'opens'")


def _inherited(event: EventDecl, groups: dict[str, GroupDecl]) -> Iterator[tuple[GroupDecl, Text]]:
    """Give the groups that tell an event its place, each once, with the place; what a group says itself wins."""
    seen: set[str] = set()
    todo = [name.value for name in reversed(event.use)]
    while todo:
        name = todo.pop()
        group = groups.get(name)
        if group is None or name in seen:
            continue
        seen.add(name)
        if group.at is not None:
            yield group, group.at
        else:
            todo += [each.value for each in reversed(group.use)]


def opened_and_closed(spec: ir.Spec, report: Report) -> None:
    """E537, W538, E539: places that nothing opens or closes, or that cannot open."""
    if not spec.complete:
        return
    for place in spec.places:
        here = [event for event in spec.events if event.place == place.name]
        opens = any(event.opens == place.name for event in here)
        closes = any(event.closes == place.name for event in here)
        used = bool(here) or any(sequence.place == place.name for sequence in spec.sequences)
        used = used or any(each.outer == place.name and _is_used(spec, each) for each in spec.places)
        if (used or not place.in_state) and not opens:
            hint = f"add 'opens: {place.name}' to the event with which it begins"
            report.add(NEVER_OPENED, place.span, f"no event opens '{place.name}'", hint)
        elif opens and not place.keys:
            report.add(UNTOLD_ELEMENT, place.span, f"no event tells which '{place.name}' it is about", _key_hint(place))
        elif opens and not closes:
            hint = f"add 'closes: {place.name}' to the event with which it is complete"
            report.add(NEVER_CLOSED, place.span, f"no event closes '{place.name}'", hint)


def _is_used(spec: ir.Spec, place: ir.Place) -> bool:
    return any(place.name in spec.around(event.place) for event in spec.events)


def _key_hint(place: ir.Place) -> str:
    inner = [at for at, step in enumerate(place.way) if step.startswith("[")]
    if len(inner) > 1:
        return "give the list around it a place of its own, and begin the path with its name"
    if place.records and not inner:
        return "only elements of a list open and close: remove what opens and closes it"
    if inner:
        return "write a field of the events in the brackets, as in [index] or [id is id]"
    return f"end the path with a field of the events: {place.text}[index], or {place.text}[id is id]"


def openers(spec: ir.Spec, report: Report) -> None:
    """E540: an event that opens a place and does not say which, or puts nothing there."""
    if not spec.complete:
        return
    for event in spec.events:
        place = spec.place(event.opens)
        if place is None or not place.keys or event.closes:
            continue
        reaches = [reach(spec, ir.RecordRef(event.record.name), path) for path in place.keys]
        if not any(found.types for found in reaches):
            key = " | ".join(map(path_text, place.keys))
            known = [field.name for field in event.record.fields]
            meant = closest(place.keys[0][0], known)
            hint = f"add the field, or write [{key} | ...] at '{place.name}' with the one that tells it"
            hint = hint.replace("...", meant) if meant else hint
            report.add(OPENS_NOTHING, event.span, f"event '{event.tag}' opens '{place.name}', but has no '{key}'", hint)
        elif event.folds is not None and place.in_state and not _puts(event.folds, place):
            hint = f"write 'fold: {place.text} = ...', with the field that holds it"
            message = f"event '{event.tag}' opens '{place.name}', but puts nothing there"
            report.add(OPENS_NOTHING, event.span, message, hint)


def _puts(folds: Iterable[ir.Statement], place: ir.Place) -> bool:
    """Whether statements put something at the element of a place that the event tells."""
    for fold in ir.changes(folds):
        if fold.operator is not ir.Operator.REMOVE and place.is_on(fold.steps):
            element = fold.steps[len(place.way) - 1]
            sources = ir.sources_of(element.selector) if isinstance(element, ir.Element) else ()
            if any(source.path in place.keys for source in sources):
                return True
    return False


MODEL_CHECKS = (opened_and_closed, openers)
CHECKS = (places_of_events,)
