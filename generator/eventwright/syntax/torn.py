"""Finds texts within braces that were meant to go on behind a comma."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.values import Report, Span
from .loader import Entry, Mapping, Scalar
from .scanning import in_quotes

TORN_TEXT = Rule(
    "E109",
    Severity.ERROR,
    "text that a comma cuts",
    "Within braces a comma ends a text that has no quotes, and YAML takes the rest of it for another key.",
)


@dataclass(frozen=True, slots=True)
class TornText:
    """A text that a comma has cut.

    Attributes:
        entry: What has the beginning of the text.
        text: The whole of it.
        pieces: The keys that YAML has made of the rest.
    """

    entry: Entry
    text: str
    pieces: tuple[str, ...]


def torn_texts(node: Mapping, known: Container[str], *, among_names: bool = False) -> Iterator[TornText]:
    """Find the texts in a mapping that a comma has cut.

    Args:
        node: The mapping.
        known: Keys that are no pieces of a text.
        among_names: Whether keys may be any names, so that only what cannot be one is a piece.
    """
    begun: Entry | None = None
    pieces: list[str] = []
    for entry in node.entries:
        is_piece = entry.key not in known and not (among_names and entry.key.isidentifier())
        if begun is not None and is_piece and _follows(begun, entry):
            pieces.append(entry.key)
            continue
        if begun is not None and pieces:
            yield _whole(begun, pieces)
        is_text = isinstance(entry.value, Scalar) and isinstance(entry.value.value, str)
        begun, pieces = (entry if is_text else None), []
    if begun is not None and pieces:
        yield _whole(begun, pieces)


def _follows(begun: Entry, entry: Entry) -> bool:
    """Whether a key stands alone in the line in which a text ends: only within braces can it do so."""
    end, start = begun.value.span.end, entry.key_span.start
    alone = isinstance(entry.value, Scalar) and entry.value.value is None
    return alone and end is not None and start is not None and end.line == start.line


def _whole(begun: Entry, pieces: list[str]) -> TornText:
    assert isinstance(begun.value, Scalar), "only a text begins"
    return TornText(begun, ", ".join([str(begun.value.value), *pieces]), tuple(pieces))


def report_torn(torn: TornText, report: Report) -> None:
    """Report a text that a comma has cut (E109)."""
    span = torn.entry.value.span
    quoted = f'"{torn.text}"'
    if '"' in torn.text or "\\" in torn.text:
        quoted = in_quotes(torn.text)
    place = Span(span.file, span.start, span.end)
    report.add(TORN_TEXT, place, f"the text of '{torn.entry.key}' ends at its comma", f"put it in quotes: {quoted}")
