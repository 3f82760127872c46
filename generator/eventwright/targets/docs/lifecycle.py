"""When events come: what the pages say of the order of a stream, and of its places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ...model import ir, neighbours, walks
from ...model.laws import STREAM, held, words
from ...model.neighbours import Neighbours
from ...model.sequences import Sequence as EventSequence
from .guides import Guide
from .markdown import code, escape, fence, joined, plain, prose
from .pictures import Bars, Target, Track, bars, tracks
from .pictures import words as said_in_words
from .rules import CHECK, PROFILES, RULES, anchored, href, rule_link
from .site import Site

LIFECYCLE = "lifecycle.md"
"""Page about the order of events, below the docs of a spec."""

_SHOWN = 4


# Views: every attribute is finished Markdown, unless it says otherwise; pictures are quoted for SVG.


@dataclass(frozen=True, slots=True)
class SideRow:
    """What may come before or after an event, for some types of the element."""

    types: str
    events: str


@dataclass(frozen=True, slots=True)
class Side:
    """What may come before an event, or after it.

    Attributes:
        lead: The words before what may come. They name an event that something follows, for those who search for that.
        text: What may come; empty where that depends on the type of the element.
        column: What has that type.
        rows: What may come, by type.
    """

    lead: str
    text: str
    column: str
    rows: tuple[SideRow, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """When an event comes.

    Attributes:
        sentences: What it opens, closes or is about.
        sides: What may come before and after it; nothing where no sequence says so.
        holds: What is true of each such event.
    """

    sentences: tuple[str, ...]
    sides: tuple[Side, ...]
    holds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SequenceView:
    """A sequence, as a picture and as the spec has it.

    Attributes:
        text: As written, plain text for a block of code.
        fence: Marks around that block, long enough for what is in it.
    """

    intro: str
    pictures: tuple[Track, ...]
    text: str
    fence: str


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A place.

    Attributes:
        sequences: What happens there; nothing where that depends on the type of the element, or is not said.
        column: Heading above the types.
        rows: The types that may stand there, with what happens while one is open.
    """

    title: str
    facts: tuple[str, ...]
    sequences: tuple[SequenceView, ...]
    column: str
    rows: tuple[SideRow, ...]


@dataclass(frozen=True, slots=True)
class LifecycleView:
    """The page about the order of events; `sequences` has that of the stream, if there is one."""

    title: str
    facts: tuple[str, ...]
    sequences: tuple[SequenceView, ...]
    places: tuple[PlaceView, ...]
    example: Bars


class Lifecycle:
    """What the pages of a spec say of its lifecycle; of a spec without one, nothing."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._spec = site.spec
        self._events = {event.tag: event for event in site.spec.events}

    @property
    def guides(self) -> tuple[Guide, ...]:
        """The pages about the lifecycle as a whole, in the order in which to read them."""
        if not self._spec.has_lifecycle:
            return ()
        found = [
            Guide("Lifecycle", LIFECYCLE, "Which events come when, what opens and what closes."),
            Guide("Rules", RULES, "What a valid stream keeps to, and what goes wrong where it does not."),
        ]
        if self._spec.profiles:
            found.append(Guide("Profiles", PROFILES, "Which rules some providers are known to break."))
        found.append(Guide("Check a stream", CHECK, "How to find out whether a stream is valid."))
        return tuple(found)

    # The page of an event.

    def turn(self, event: ir.Event) -> Turn | None:
        """Say when an event comes; None where the spec does not."""
        sentences = tuple(self._sentences(event))
        sides = tuple(
            side
            for lead, place, found in (
                ("**Before it** comes", event.closes, neighbours.before(self._spec, event)),
                (f"**After {code(event.tag)}** follows", event.opens, neighbours.after(self._spec, event)),
            )
            if (side := self._side(lead, event, place, found)) is not None
        )
        holds = tuple(f"{prose(_capital(held(hold)))} ({rule_link(hold.rule, 'events')})." for hold in event.holds)
        return Turn(sentences, sides, holds) if sentences or sides or holds else None

    def _sentences(self, event: ir.Event) -> Iterator[str]:
        if event.opens == STREAM:
            yield "It begins the stream."
        elif event.opens:
            yield f"It opens {self._place(event.opens, 'events')}."
        if event.closes:
            yield f"It closes {self._place(event.closes, 'events')}."
        if event.place and not (event.opens or event.closes):
            types = [self._site.link(record, "events") for record in neighbours.kinds_with(self._spec, event)]
            which = f" of type {joined(types, 'or')}" if types else ""
            yield f"It comes while {self._place(event.place, 'events')}{which} is open, and is about that."
        if event.anytime:
            yield "It may come at any time."

    def _side(self, lead: str, event: ir.Event, place: str, found: Sequence[Neighbours]) -> Side | None:
        if not found:
            return None
        if len(found) == 1:
            return Side(lead, self._told(found[0]), "", ())
        if place not in {each.name for each in self._spec.places}:
            inner = self._spec.place(event.opens or event.closes)
            place = inner.outer if inner else event.place
        # Many types that have nothing in common but that are what is left.
        others = max(found, key=lambda each: len(each.records))
        many = len(others.records) > _SHOWN
        rows = [
            SideRow(self._types(each.records, "events"), self._told(each))
            for each in found
            if not (many and each is others)
        ]
        rows += [SideRow("any other", self._told(others))] if many else []
        return Side(lead, "", escape(plain(words(place).capitalize())) or "Stream", tuple(rows))

    def _types(self, records: Iterable[str], folder: str) -> str:
        return joined((self._site.link(record, folder) for record in records), "or")

    def _told(self, found: Neighbours) -> str:
        events = [self.link(tag, "events") for tag in found.tags]
        return joined(["nothing", *events] if found.is_edge else events, "or") if events or found.is_edge else ""

    # Sequences.

    def sequences_of(self, record: ir.Record) -> tuple[SequenceView, ...]:
        """Give what happens while an object of a type is open."""
        return tuple(
            self._sequence(sequence, "types", f"sequence-{number}", self._while_open(sequence))
            for number, sequence in enumerate(self._spec.sequences, 1)
            if sequence.owner == record.name
        )

    def _while_open(self, sequence: EventSequence) -> str:
        if not sequence.place:
            return "The stream that builds it up:"
        return f"This comes while {self._place(sequence.place, 'types')} is open, if it is of this type:"

    def _sequence(self, sequence: EventSequence, folder: str, id_: str, intro: str) -> SequenceView:
        def target(name: str) -> Target:
            if name in self._events:
                return Target(self._site.places[self._events[name].record.name].href(folder), False)
            return Target(href(LIFECYCLE, folder, _place_anchor(name)), True)

        title = f"Sequence of {plain(sequence.owner)}"
        text = plain(sequence.text)
        return SequenceView(intro, tuple(tracks(id_, title, sequence.expression, target)), text, fence([text]))

    # The page about the order of events.

    def page(self) -> LifecycleView:
        """Give the page about the order of events."""
        return LifecycleView(
            title=f"Lifecycle of {escape(plain(self._spec.title))}",
            facts=tuple(self._stream_facts()),
            sequences=tuple(
                self._sequence(sequence, "", "sequence-stream", "")
                for sequence in neighbours.sequences_at(self._spec, "")
            ),
            places=tuple(self._place_view(number, place) for number, place in enumerate(self._spec.places, 1)),
            example=bars(
                "example", "What is open while a stream goes on", walks.walk(self._spec), self._href_of, self._opened
            ),
        )

    def _stream_facts(self) -> Iterator[str]:
        events = self._spec.events
        yield from self._fact("Begins with", (event for event in events if event.opens == STREAM))
        yield from self._fact("Ends with", (event for event in events if event.ends))
        yield from self._fact("At any time", (event for event in events if event.anytime))

    def _fact(self, what: str, events: Iterable[ir.Event]) -> Iterator[str]:
        links = [self.link(event.tag, "") for event in events]
        if links:
            yield f"{what}: {joined(links, 'or')}"

    def _place_view(self, number: int, place: ir.Place) -> PlaceView:
        by_owner = {sequence.owner: sequence for sequence in neighbours.sequences_at(self._spec, place.name)}
        own = by_owner.get(place.name)
        return PlaceView(
            title=f"Place {code(place.name)}",
            facts=tuple(self._place_facts(place)),
            sequences=(self._sequence(own, "", f"sequence-{number}", "While it is open:"),) if own else (),
            column=escape(plain(words(place.name).capitalize())),
            rows=(
                tuple(self._kind_row(kind) for kind in neighbours.kinds_at(self._spec, place.name))
                if own is None and by_owner
                else ()
            ),
        )

    def _kind_row(self, kind: neighbours.Kind) -> SideRow:
        types = self._types(kind.records, "") if len(kind.records) <= _SHOWN else "any other"
        if kind.sequence is None:
            return SideRow(types, "nothing")
        return SideRow(types, said_in_words(kind.sequence.expression, self._name))

    def _name(self, name: str) -> str:
        return self.link(name, "") if name in self._events else self._place(name, "")

    def _place_facts(self, place: ir.Place) -> Iterator[str]:
        # A place that is not in the state has a path all the same: the key by which its events tell it.
        yield f"Where: {code(place.text)}"
        if place.outer:
            yield f"Within: {self._place(place.outer, '')}"
        yield from self._fact("Opened by", (event for event in self._spec.events if event.opens == place.name))
        yield from self._fact("Closed by", (event for event in self._spec.events if event.closes == place.name))
        inner = [self._place(each.name, "") for each in self._spec.places if each.outer == place.name]
        if inner:
            yield f"Around: {joined(inner, 'and')}"

    def _href_of(self, tag: str) -> str:
        return self._site.places[self._events[tag].record.name].href("")

    def _opened(self, stay: walks.Stay) -> str:
        place = self._spec.place(stay.place)
        if place is None:
            return ""
        name = f"{place.name} {stay.number}" if place.is_position else place.name
        return f"{name}: {stay.record}" if stay.record else name

    # Links.

    def link(self, tag: str, folder: str) -> str:
        """Give a link to the page of an event, by its tag."""
        return self._site.link(self._events[tag].record.name, folder)

    def _place(self, name: str, folder: str) -> str:
        return f"[{code(name)}]({href(LIFECYCLE, folder, _place_anchor(name))})"


def _place_anchor(name: str) -> str:
    return anchored(f"place-{name.lower()}")


def _capital(text: str) -> str:
    """Begin a sentence; one that begins with code stays as it is."""
    return text[:1].upper() + text[1:]
