"""Lays out a sequence as a railroad diagram: boxes, and the tracks that lead from one to the next."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from ...model.sequences import Alternatives, Chain, Expression, Repeat, Symbol
from .markdown import visible

CHARACTER = 7.2
"""Width of a character of a label: the template sets them in a font of this width."""
LINE = 16
"""Height of a line of a label."""

_PAD = 10
_RADIUS = 8
_GAP = 2 * _RADIUS
_LANE = 12
_ROW = 12
_CAP = 10

_Point: TypeAlias = "tuple[float, float]"
_BREAKS = (re.compile(r"[^.]*\.*"), re.compile(r"[^_\-/:]*[_\-/:]*"), re.compile(r"."))
"""Parts of a name between which a line may end, those that are better first."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a label: the middle of its foot, and how wide it is."""

    x: float
    y: float
    width: float
    text: str


@dataclass(frozen=True, slots=True)
class Box:
    """A box for something that comes once; `name` is what the sequence calls it."""

    name: str
    x: float
    y: float
    width: float
    height: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A railroad diagram, whose top left corner is at 0, 0.

    Attributes:
        begin: Where the track comes in.
        end: Where it goes out.
        tracks: The tracks, as SVG writes paths.
        arrows: Points of arrow heads, all to the left, on the tracks that lead back.
    """

    width: float
    height: float
    begin: _Point
    end: _Point
    boxes: tuple[Box, ...]
    tracks: tuple[str, ...]
    arrows: tuple[_Point, ...]


def lay_out(expression: Expression, width: float) -> Drawing:
    """Lay out a sequence.

    Args:
        expression: The sequence.
        width: How wide it may become: chains break into rows, and names into lines. Only what is nested deep becomes
            wider.
    """
    piece = _piece(expression, width - 2 * _CAP - 2 * _RADIUS)
    top = max(piece.up, _CAP / 2) + 1
    begin = (tidy(_CAP / 2), tidy(top))
    end = (tidy(piece.width + 2 * _RADIUS + 1.5 * _CAP), tidy(top + piece.leaves))
    moved = piece.moved(_CAP + _RADIUS, top)
    tracks = (
        (begin, (_CAP + _RADIUS, top)),
        *moved.tracks,
        ((_CAP + _RADIUS + piece.width, end[1]), end),
    )
    return Drawing(
        width=tidy(end[0] + _CAP / 2),
        height=tidy(top + max(piece.down, piece.leaves + _CAP / 2) + 1),
        begin=begin,
        end=end,
        boxes=moved.boxes,
        tracks=tuple(map(_path, tracks)),
        arrows=tuple((tidy(x), tidy(y)) for x, y in moved.arrows),
    )


# Labels.


def label_width(text: str) -> float:
    """Give the width of a label on one line."""
    return (
        sum(
            0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
            for character in text
        )
        * CHARACTER
    )


def label_lines(name: str, width: float) -> tuple[str, ...]:
    """Break a name into lines that are not wider, behind a dot, a dash or the like where that will do."""
    lines = [""]
    for part in _parts(visible(name) or '""', width, 0):
        if lines[-1] and label_width(lines[-1] + part) > width:
            lines.append("")
        lines[-1] += part
    return tuple(lines)


def _parts(text: str, width: float, level: int) -> Iterator[str]:
    for part in filter(None, _BREAKS[level].findall(text)):
        if label_width(part) <= width or level + 1 == len(_BREAKS):
            yield part
        else:
            yield from _parts(part, width, level + 1)


# Pieces of a diagram, and how they become one.


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a diagram. Its track comes in at 0, 0 and goes out at its right edge.

    Attributes:
        up: How far it reaches above the point where its track comes in.
        down: How far it reaches below that point.
        leaves: How far below that point its track goes out.
        tracks: Points of lines that go straight up, down, left or right.
    """

    width: float
    up: float = 0
    down: float = 0
    leaves: float = 0
    boxes: tuple[Box, ...] = ()
    tracks: tuple[tuple[_Point, ...], ...] = ()
    arrows: tuple[_Point, ...] = ()

    def moved(self, x: float, y: float) -> _Piece:
        """Give it with boxes and tracks at another place; what it says of its size stays."""
        return replace(
            self,
            boxes=tuple(
                replace(
                    box,
                    x=box.x + x,
                    y=box.y + y,
                    lines=tuple(replace(line, x=line.x + x, y=line.y + y) for line in box.lines),
                )
                for box in self.boxes
            ),
            tracks=tuple(tuple((at_x + x, at_y + y) for at_x, at_y in track) for track in self.tracks),
            arrows=tuple((at_x + x, at_y + y) for at_x, at_y in self.arrows),
        )


def _piece(expression: Expression, width: float) -> _Piece:
    match expression:
        case Symbol(name):
            return _box(name, width)
        case Chain(parts):
            return _chain(parts, width)
        case Alternatives(options):
            return _alternatives([_piece(option, width - 2 * _GAP) for option in options])
        case Repeat(inner) as repeat:
            return _repeat(repeat, _piece(inner, width - 2 * _GAP))


def _box(name: str, width: float) -> _Piece:
    texts = label_lines(name, max(width - 2 * _PAD, 8 * CHARACTER))
    full = max(map(label_width, texts)) + 2 * _PAD
    height = len(texts) * LINE + _PAD
    lines = tuple(
        Line(full / 2, (number + 0.75) * LINE + (_PAD - height) / 2, label_width(text), text)
        for number, text in enumerate(texts)
    )
    return _Piece(full, height / 2, height / 2, 0, (Box(name, 0, -height / 2, full, height, lines),))


def _joined(pieces: Iterable[_Piece], piece: _Piece) -> _Piece:
    """Give a piece that has the boxes and tracks of others as well, which stand where they belong."""
    parts = tuple(pieces)
    return replace(
        piece,
        boxes=tuple(box for part in parts for box in part.boxes),
        tracks=(*(track for part in parts for track in part.tracks), *piece.tracks),
        arrows=(*(arrow for part in parts for arrow in part.arrows), *piece.arrows),
    )


def _chain(parts: Sequence[Expression], width: float) -> _Piece:
    """Put parts beside each other, and into rows where they would be too wide."""
    pieces = [_piece(part, width) for part in parts]
    row = _row(pieces)
    if row.width <= width or len(pieces) == 1:
        return row
    # Between two rows the track leads back to the left, and needs room on both sides.
    pieces = [_piece(part, width - 2 * _GAP) for part in parts]
    rows: list[list[_Piece]] = [[]]
    for piece in pieces:
        if rows[-1] and _row([*rows[-1], piece]).width > width - 2 * _GAP:
            rows.append([])
        rows[-1].append(piece)
    return _stack([_row(each) for each in rows])


def _row(pieces: Sequence[_Piece]) -> _Piece:
    placed: list[_Piece] = []
    tracks: list[tuple[_Point, ...]] = []
    x = y = up = down = 0.0
    for piece in pieces:
        if placed:
            tracks.append(((x, y), (x + _GAP, y)))
            x += _GAP
        placed.append(piece.moved(x, y))
        up, down = max(up, piece.up - y), max(down, y + piece.down)
        x, y = x + piece.width, y + piece.leaves
    return _joined(placed, _Piece(x, up, down, y, tracks=tuple(tracks)))


def _stack(rows: Sequence[_Piece]) -> _Piece:
    """Put rows below each other; the track leads from the end of each to the beginning of the next."""
    right = _GAP + max(row.width for row in rows)
    placed: list[_Piece] = []
    tracks: list[tuple[_Point, ...]] = [((0, 0), (_GAP, 0))]
    arrows: list[_Point] = []
    y = bottom = 0.0
    end: _Point = (0, 0)
    for row in rows:
        if placed:
            lane = bottom + _LANE
            y = lane + _LANE + row.up
            tracks.append((end, (right + _RADIUS, end[1]), (right + _RADIUS, lane), (0, lane), (0, y), (_GAP, y)))
            arrows.append((right / 2, lane))
        placed.append(row.moved(_GAP, y))
        end, bottom = (_GAP + row.width, y + row.leaves), y + row.down
    width = right + _GAP
    tracks.append((end, (width, end[1])))
    return _joined(placed, _Piece(width, rows[0].up, bottom, end[1], tracks=tuple(tracks), arrows=tuple(arrows)))


def _alternatives(options: Sequence[_Piece]) -> _Piece:
    """Put options below each other; the first one stands on the track."""
    right = _GAP + max(option.width for option in options)
    placed: list[_Piece] = []
    tracks: list[tuple[_Point, ...]] = []
    y = bottom = 0.0
    for option in options:
        if placed:
            y = bottom + _ROW + option.up
        placed.append(option.moved(_GAP, y))
        out = y + option.leaves
        tracks.append(_branch((_GAP, y), _RADIUS, 0))
        tracks.append(_branch((_GAP + option.width, out), right + _RADIUS, right + _GAP))
        bottom = y + option.down
    # The rails that the branches leave and join, drawn once: lines that lie on each other look thicker.
    for side, edge, end in ((_RADIUS, 0.0, y), (right + _RADIUS, right + _GAP, y + options[-1].leaves)):
        if end:
            tracks.append(((edge, 0), (side, 0), (side, end - _RADIUS)))
    return _joined(placed, _Piece(right + _GAP, options[0].up, bottom, tracks=tuple(tracks)))


def _branch(point: _Point, rail: float, edge: float) -> tuple[_Point, ...]:
    """Lead from a point to the rail beside it, or straight on to the edge where the point is on the track itself."""
    y = point[1]
    return (point, (rail, y), (rail, y - _RADIUS)) if y else (point, (edge, 0))


def _repeat(repeat: Repeat, inner: _Piece) -> _Piece:
    """Put a track around a piece: above it one that passes it by, below it one that leads back to its beginning."""
    right = _GAP + inner.width
    out = inner.leaves
    up, down = inner.up, inner.down
    tracks: list[tuple[_Point, ...]] = [((0, 0), (_GAP, 0)), ((right, out), (right + _GAP, out))]
    arrows: list[_Point] = []
    if repeat.may_lack:
        up += _LANE
        tracks.append(
            ((0, 0), (_RADIUS, 0), (_RADIUS, -up), (right + _RADIUS, -up), (right + _RADIUS, out), (right + _GAP, out))
        )
    if repeat.may_recur:
        down += _LANE
        tracks.append(
            ((right, out), (right + _RADIUS, out), (right + _RADIUS, down), (_RADIUS, down), (_RADIUS, 0), (_GAP, 0))
        )
        arrows.append((_GAP + inner.width / 2, down))
    moved = inner.moved(_GAP, 0)
    return _joined([moved], _Piece(right + _GAP, up, down, out, tracks=tuple(tracks), arrows=tuple(arrows)))


# Tracks, as SVG writes them.


def _path(points: Iterable[_Point]) -> str:
    """Write a line, its corners rounded."""
    corners = _corners(points)
    said = [f"M{_pair(corners[0])}"]
    for before, corner, behind in zip(corners, corners[1:], corners[2:], strict=False):
        said.append(f"L{_pair(_near(corner, before))} Q{_pair(corner)} {_pair(_near(corner, behind))}")
    return " ".join([*said, f"L{_pair(corners[-1])}"])


def _corners(points: Iterable[_Point]) -> list[_Point]:
    """Leave out the points at which a line does not turn."""
    kept: list[_Point] = []
    for point in points:
        if kept and kept[-1] == point:
            continue
        if len(kept) > 1 and any(kept[-2][axis] == kept[-1][axis] == point[axis] for axis in (0, 1)):
            kept.pop()
        kept.append(point)
    return kept


def _near(corner: _Point, other: _Point) -> _Point:
    """Give where the curve around a corner begins, on the way to another one."""
    (x, y), (to_x, to_y) = corner, other
    length = abs(to_x - x) + abs(to_y - y)
    share = min(_RADIUS, length / 2) / length
    return x + (to_x - x) * share, y + (to_y - y) * share


def _pair(point: _Point) -> str:
    return f"{tidy(point[0])} {tidy(point[1])}"


def tidy(value: float) -> float:
    """Round a number to what one can see, without a fraction where it is whole."""
    rounded = round(value, 1)
    return int(rounded) if rounded == int(rounded) else rounded
