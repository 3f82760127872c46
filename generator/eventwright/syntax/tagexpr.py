"""Parses where a tag stands, such as `type`, `result.kind`, `t | op`, `<event>`, `{member}` or `none`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.values import Report, Span
from .paths import parse_path, path_text
from .scanning import QUOTED, part_of, unquoted

NO_TAG_PLACE = Rule(
    "E414",
    Severity.ERROR,
    "tag that stands nowhere",
    (
        "A tag is a member (`type`), a path (`result.kind`), the first of several (`t | op`), several parts"
        " (`[<header>, action]`), beside the body (`<event>`), the name of the only member (`{member}`), or `none`."
    ),
)

NONE = "none"
ONLY_MEMBER = "{member}"
_PART = re.compile(rf"{QUOTED}|[^.']+")
_BESIDE = re.compile(r"<\s*([^<>\s][^<>]*?)\s*>")


@dataclass(frozen=True, slots=True)
class MemberExpr:
    """`result.kind`: the value at a path."""

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NameExpr:
    """`{member}`, maybe behind a path: the name of the only member of an object."""

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BesideExpr:
    """`<event>`: what comes beside the body."""

    name: str


PlaceExpr: TypeAlias = MemberExpr | NameExpr | BesideExpr


@dataclass(frozen=True, slots=True)
class TagExpr:
    """Where a tag stands.

    Attributes:
        parts: For each part the places to look at, in this order; nothing for `none`.
    """

    parts: tuple[tuple[PlaceExpr, ...], ...]
    span: Span

    @property
    def text(self) -> str:
        """The tag as the spec writes it."""
        texts = [" | ".join(map(place_text, part)) for part in self.parts]
        return (texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]") if texts else NONE


def plain_tag(member: str, span: Span) -> TagExpr:
    """Give the expression of a tag that is one member."""
    return TagExpr(((MemberExpr((member,)),),), span)


def parse_part(text: str, span: Span, report: Report) -> tuple[PlaceExpr, ...] | None:
    """Parse one part of a tag; None when it cannot be read, which the report then explains (E414)."""
    places: list[PlaceExpr] = []
    at = 0
    for piece in text.split("|"):
        place = _place(piece.strip())
        if place is None:
            where = part_of(span, text, at, at + len(piece))
            message = f"'{piece.strip()}' is no place of a tag" if piece.strip() else f"tag '{text}' breaks off"
            report.add(NO_TAG_PLACE, where, message, _hint(piece.strip()))
            return None
        if place in places:
            where = part_of(span, text, at, at + len(piece))
            report.add(NO_TAG_PLACE, where, f"'{piece.strip()}' is there twice", "remove one of the two")
            return None
        places.append(place)
        at += len(piece) + 1
    return tuple(places)


def parse_key(text: str) -> tuple[str, ...] | None:
    """Take a key apart at the full stops that are not in quotes; None where that leaves an empty part."""
    found: list[str] = []
    at = 0
    while part := _PART.match(text, at):
        found.append(unquoted(part[0]))
        at = part.end()
        if at == len(text):
            return tuple(found)
        if text[at] != ".":
            return None
        at += 1
    return None


def _place(text: str) -> PlaceExpr | None:
    if beside := _BESIDE.fullmatch(text):
        return BesideExpr(beside[1])
    if text == ONLY_MEMBER:
        return NameExpr(())
    if text.endswith(f".{ONLY_MEMBER}"):
        path = parse_path(text.removesuffix(f".{ONLY_MEMBER}"))
        return None if path is None else NameExpr(path)
    path = parse_path(text)
    # `$.type` is how other languages write a path.
    return None if path is None or (path[0] == "$" and len(path) > 1) else MemberExpr(path)


def place_text(place: PlaceExpr) -> str:
    """Write a place as the spec does."""
    match place:
        case MemberExpr(path):
            return path_text(path)
        case NameExpr(path):
            return ".".join([*([path_text(path)] if path else []), ONLY_MEMBER])
        case BesideExpr(name):
            return f"<{name}>"


def _hint(text: str) -> str:
    """Say what to write for what is no place."""
    if text.startswith("{") or text.endswith("}"):
        return 'write "{member}", in quotes, where the name of the only member is the tag'
    if text.startswith("<") or text.endswith(">"):
        return "write <name> for a tag that comes beside the body"
    if text.startswith("$"):
        return f"write the path without '$.': {text.lstrip('$.') or 'type'}"
    if "[" in text:
        return "a tag is in no list: name a member, or tell the events apart by 'default' with 'when'"
    return "name a member, such as type, or a path of members, such as result.kind"
