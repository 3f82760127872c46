"""Pictures of streams, as templates write them as SVG: every text is quoted, and every box leads somewhere."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ...model.sequences import Alternatives, Chain, Expression, Repeat, Symbol
from ...model.walks import Stay, Walk
from .markdown import plain, visible
from .railroad import CHARACTER, LINE, Box, Drawing, Line, label_width, lay_out, tidy

WIDE = 840
"""How wide a diagram may become where there is room."""
NARROW = 340
"""How wide it may become on a phone."""

_ROW = 24
_BAR = 10
_COLUMN = 16


@dataclass(frozen=True, slots=True)
class LinkedBox:
    """A box that leads to a page.

    Attributes:
        kind: Its class in the stylesheet, `event` or `place`.
        title: What it stands for.
        rx: How round its corners are.
    """

    href: str
    kind: str
    title: str
    x: float
    y: float
    width: float
    height: float
    rx: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Track:
    """A railroad diagram of a sequence.

    Attributes:
        id: What the ids in it begin with.
        kind: Its class in the stylesheet: `wide`, `narrow` or, where it suits every screen, empty.
        title: What is shown.
        words: The same in words.
        display: Whether it is shown where no stylesheet says which suits the screen, as SVG has it.
        arrows: Arrow heads, as SVG writes paths.
    """

    id: str
    kind: str
    title: str
    words: str
    display: str
    width: float
    height: float
    begin: tuple[float, float]
    end: tuple[float, float]
    boxes: tuple[LinkedBox, ...]
    tracks: tuple[str, ...]
    arrows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """How long something is open, as a bar beside the events."""

    title: str
    depth: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Row:
    """An event of a stream.

    Attributes:
        opened: What it opens, empty if nothing.
        opened_y: Where that is written, below the event.
    """

    href: str
    x: float
    y: float
    width: float
    text: str
    opened: str
    opened_y: float


@dataclass(frozen=True, slots=True)
class Bars:
    """A stream, with what is open while it goes on."""

    id: str
    title: str
    words: str
    width: float
    height: float
    bars: tuple[Bar, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """What a name in a sequence stands for: the page about it, and whether it is a place."""

    href: str
    is_place: bool


def tracks(id_: str, title: str, expression: Expression, target: Callable[[str], Target]) -> Iterator[Track]:
    """Draw a sequence: once, or once for a screen and once for a phone."""
    narrow, wide = lay_out(expression, NARROW), lay_out(expression, WIDE)
    said = _quoted(f"{words(expression)}.")
    if narrow == wide:
        yield _track(f"{id_}", "", title, said, wide, target)
        return
    yield _track(f"{id_}-wide", "wide", title, said, wide, target)
    yield _track(f"{id_}-narrow", "narrow", title, said, narrow, target)


def _track(id_: str, kind: str, title: str, said: str, drawing: Drawing, target: Callable[[str], Target]) -> Track:
    return Track(
        id=id_,
        kind=kind,
        title=_quoted(title),
        words=said,
        display="none" if kind == "narrow" else "inline",
        width=drawing.width,
        height=drawing.height,
        begin=drawing.begin,
        end=drawing.end,
        boxes=tuple(_linked(box, target(box.name)) for box in drawing.boxes),
        tracks=drawing.tracks,
        arrows=tuple(f"M{x + 5:g} {y - 4:g} L{x - 3:g} {y:g} L{x + 5:g} {y + 4:g}" for x, y in drawing.arrows),
    )


def _linked(box: Box, target: Target) -> LinkedBox:
    name = visible(box.name)
    return LinkedBox(
        href=target.href,
        kind="place" if target.is_place else "event",
        title=_quoted(f"All that happens at {name}" if target.is_place else name),
        x=tidy(box.x),
        y=tidy(box.y),
        width=tidy(box.width),
        height=tidy(box.height),
        rx=1 if target.is_place else 10,
        lines=tuple(Line(tidy(line.x), tidy(line.y), tidy(line.width), _quoted(line.text)) for line in box.lines),
    )


def words(expression: Expression, named: Callable[[str], str] = visible) -> str:
    """Say a sequence in words; `named` says how its names are shown."""

    def group(part: Expression) -> str:
        """Say a part, in brackets where one could not tell where it ends."""
        said = words(part, named)
        return said if isinstance(part, Symbol) else f"({said})"

    match expression:
        case Symbol(name):
            return named(name)
        case Chain(parts):
            return ", then ".join(words(part, named) for part in parts) or "nothing"
        case Alternatives(options):
            return f"either {' or '.join(map(group, options))}"
        case Repeat(inner, sign):
            often = {"?": "at most once", "*": "any number of times", "+": "once or more"}[sign]
            return f"{often} {group(inner)}"


def bars(id_: str, title: str, walk: Walk, href: Callable[[str], str], opened: Callable[[Stay], str]) -> Bars:
    """Draw a stream with what is open while it goes on.

    Args:
        href: Gives the page of an event, by its tag.
        opened: Says what is opened, empty for what needs no words.
    """
    left = (max(stay.depth for stay in walk.stays) + 1) * _COLUMN + 4
    opening = {stay.begin: opened(stay) for stay in walk.stays}
    tops = [0]
    for number in range(len(walk.tags)):
        tops.append(tops[-1] + _ROW + (LINE if opening.get(number) else 0))
    rows = tuple(
        Row(
            href=href(tag),
            x=left,
            y=top + 16,
            width=tidy(label_width(visible(tag) or '""')),
            text=_quoted(visible(tag) or '""'),
            opened=_quoted(opening.get(number, "")),
            opened_y=top + 16 + LINE,
        )
        for number, (tag, top) in enumerate(zip(walk.tags, tops, strict=False))
    )
    widths = (max(row.width, label_width(opening.get(number, ""))) for number, row in enumerate(rows))
    return Bars(
        id=id_,
        title=_quoted(title),
        words=_quoted(_told(walk, opened)),
        width=tidy(left + max(widths, default=0) + CHARACTER),
        height=tops[-1],
        bars=tuple(
            Bar(
                title=_quoted(opened(stay) or "stream"),
                depth=min(stay.depth, 3),
                x=stay.depth * _COLUMN,
                y=tops[stay.begin] + 3,
                width=_BAR,
                height=tops[stay.end + 1] - tops[stay.begin] - 6,
            )
            for stay in walk.stays
        ),
        rows=rows,
    )


def _told(walk: Walk, opened: Callable[[Stay], str]) -> str:
    """Tell a stream in words: its events, and what begins and ends with them."""
    begins = {stay.begin: opened(stay) for stay in walk.stays}
    ends: dict[int, list[str]] = {}
    for stay in walk.stays:
        ends.setdefault(stay.end, []).append(opened(stay))
    said = []
    for number, tag in enumerate(walk.tags):
        notes = [f"{begins[number]} begins"] if begins.get(number) else []
        notes += [f"{name} ends" for name in ends.get(number, ()) if name]
        said.append(f"{visible(tag)} ({', '.join(notes)})" if notes else visible(tag))
    return f"{', '.join(said)}."


def _quoted(text: str) -> str:
    """Quote a text for XML, everything in it to be seen."""
    return html.escape(plain(text))
