"""The page of an event: its fields, when it comes, what it does to the state, how to read it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ...model import ir
from ...model.names import snake
from ..target import Snippet
from .fields import Entry, FieldRow, described, differences, field_rows, source_file, way
from .folds import sentences, statement_lines
from .inner import InnerView, inner_views
from .lifecycle import Lifecycle, Turn
from .markdown import code, fence, joined, prose, visible
from .site import Site


@dataclass(frozen=True, slots=True)
class Effect:
    """What an event does to the state.

    Attributes:
        statements: The statements as written, plain text for a block of code.
        fence: Marks around that block, long enough for what is in it.
        ends: How the stream ends with the event, nothing where it goes on.
    """

    heading: str
    sentences: tuple[str, ...]
    statements: tuple[str, ...]
    fence: str
    ends: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventView:
    """The page of an event; `example` is plain text, empty where the spec has none."""

    title: str
    doc: tuple[str, ...]
    deviates: str
    facts: tuple[Entry, ...]
    rows: tuple[FieldRow, ...]
    inner: tuple[InnerView, ...]
    turn: Turn | None
    effect: Effect | None
    differences: tuple[Entry, ...]
    example: str
    snippets: tuple[Snippet, ...]
    neighbours: tuple[str, ...]


def event_view(
    site: Site,
    lifecycle: Lifecycle,
    module: ir.Module,
    event: ir.Event,
    before: ir.Event | None,
    after: ir.Event | None,
    snippets: tuple[Snippet, ...],
) -> EventView:
    """Give the page of an event, between those of the events before and after it."""
    record = event.record
    neighbours = []
    if before is not None:
        neighbours.append(f"Previous: {site.link(before.record.name, 'events')}")
    if after is not None:
        neighbours.append(f"Next: {site.link(after.record.name, 'events')}")
    neighbours.append("[All events](../index.md)")
    return EventView(
        title=code(event.tag),
        doc=described(record),
        deviates=prose(record.deviates),
        facts=(
            *_tags(event),
            Entry("Class", code(record.name)),
            Entry("Variant", code(event.variant)),
            Entry("Spec file", code(source_file(module))),
        ),
        rows=field_rows(site, record, "events", "Tells this event from all others."),
        inner=inner_views(site, record, "events"),
        turn=lifecycle.turn(event),
        effect=_effect(site, event),
        differences=differences(site, record),
        example="" if event.example is None else _pretty(event.example),
        snippets=snippets,
        neighbours=tuple(neighbours),
    )


def _tags(event: ir.Event) -> Iterator[Entry]:
    """Say by which tags an event goes."""
    if not event.keys:
        yield Entry("Wire tag", "none: what the body holds tells")
        return
    tag, *aliases = (code(key.text) for key in event.keys)
    yield Entry("Wire tag", tag)
    if aliases:
        yield Entry("Other tags", joined(aliases, "and"))


def _pretty(value: ir.JsonValue) -> str:
    # No line of it can end a block of code: each starts with a bracket, a quote or a figure.
    return "\n".join(visible(line) for line in json.dumps(value, indent=2, ensure_ascii=False).split("\n"))


_ENDS: Mapping[str, str] = {
    "completed": "all of it has come",
    "incomplete": "it was cut short, and is usable as far as it goes",
    "failed": "what it was about has failed",
    "error": "an error has stopped it",
}


def _end(end: ir.End) -> str:
    tests = [f"{way(test.path)} is {_wanted(test.value)}" for test in end.when]
    condition = f" if {joined(tests, 'and')}" if tests else ""
    return f"The stream ends with this event{condition}: {_ENDS[end.kind]}."


def _wanted(value: str | int | None) -> str:
    return "there" if value is None else code(json.dumps(value, ensure_ascii=False))


def _effect(site: Site, event: ir.Event) -> Effect | None:
    state = site.spec.state
    told: list[str] = []
    statements: tuple[str, ...] = ()
    if state:
        link = site.link(state, "events")
        if event.folds is None:
            told.append(f"The spec does not say what the event does to the accumulated {link}.")
        elif not event.folds:
            told.append(f"The event adds nothing to the accumulated {link}.")
        else:
            told += sentences(site, event.folds)
            statements = statement_lines(event.folds)
    ends = tuple(map(_end, event.ends))
    if not told and not ends:
        return None
    what = snake(state).replace("_", " ") if state else "state"
    return Effect(f"In the accumulated {what}", tuple(told), statements, fence(statements), ends)
