"""Makes a recording unrecognizable, and leaves in it whatever a linter looks at.

A letter becomes another letter that depends on all that is before it in its text. So equal texts become equal ones,
different texts different ones, what a text begins with is what it began with, and a text that comes in pieces is still
the sum of them.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import string
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from io import BytesIO
from typing import Any, cast

from .encoding import json_text
from .errors import DecodeError, NotAStreamError
from .framing import encode_frame
from .lifecycle import STREAM, By, Change, Event, Lifecycle
from .model import ABSENT, Model, UnknownEvent
from .parsing import is_json
from .paths import look_up, put_down
from .recorded import RecordedText, chunks_of, texts_of
from .shape import SHAPES, Const, Constants, ListOf, MapOf, Nullable, OneOf, Shape, Tagged, Type, Values, chosen
from .telling import Path
from .vetting import Checks
from .wire import WireObject, WireValue

_ID = re.compile(r"([A-Za-z]{1,12}[_-])[\w-]*\d[\w-]*", re.ASCII)
"""What begins with a word that says what it is the id of."""

_JSON_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"(\s*:)?', re.DOTALL)
"""A text in a JSON text; it is the name of a member if a colon follows."""

_UNIT = re.compile(r"\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL)
_ESCAPED_LETTER = 6
_BLOCK = 256
_UNREADABLE = "?"
"""Stands for what is no JSON object, and nothing of which is kept."""


def sanitized(checks: Checks, body: bytes, *, key: bytes = b"") -> Iterator[str]:
    """Give the lines of a recording whose ids and texts are others.

    Args:
        checks: What there is to know of the package.
        body: The recording: server-sent events, or JSON, which becomes lines of it.
        key: What the texts become depends on it; drawn at random if it is empty.

    Raises:
        NotAStreamError: It is something else.
        FramingError: A frame is over the limit.
    """
    chunks = chunks_of(BytesIO(body))
    begin = next(chunks, b"")
    are_lines = begin[:1] in (b"{", b"[")
    texts = list(texts_of(begin, chunks, "auto", checks.done))
    if not any(text.text is not None for text in texts):
        raise NotAStreamError("no events")
    done = min(checks.done, default="")
    known = 0
    tags = {law.tag for law in checks.lifecycle.events.values()}
    for text, wire in zip(texts, _Recording(checks, texts, key or secrets.token_bytes(16)).wires(), strict=True):
        for _ in range(known, text.dones):
            yield done if are_lines else f"data: {done}\n"
        known = text.dones
        if text.text is None:
            continue
        shown = _UNREADABLE if wire is None else json_text(wire)
        if are_lines:
            yield shown
        else:
            tag = wire.get(checks.lifecycle.tag) if wire is not None else None
            is_tag = text.name in tags or text.name == tag
            line = text.name if is_tag else _UNREADABLE * bool(text.name)
            yield encode_frame(shown, event=line).decode().removesuffix("\n")


@cache
def _alphabet(char: str) -> str:
    """Give the characters that one may become: those of its kind."""
    for kind in (string.ascii_lowercase, string.ascii_uppercase, string.digits):
        if char in kind:
            return kind
    if char.isascii() or not char.isalnum():
        return char
    first = ord(char) // _BLOCK * _BLOCK
    return "".join(each for each in map(chr, range(first, first + _BLOCK)) if each.isalnum())


class Disguise:
    """Makes texts others.

    Args:
        key: What they become depends on it.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def text(self, text: str) -> str:
        """Give what becomes of a text: it is as long, and JSON if it was."""
        if text[:1] in ("{", "[") and is_json(text):
            return _JSON_TEXT.sub(self._json_text, text)
        prefix = found[1] if (found := _ID.fullmatch(text)) else ""
        return prefix + self._letters(text, len(prefix))

    def _json_text(self, found: re.Match[str]) -> str:
        # Names of members are structure.
        return found[0] if found[2] else f'"{self._letters(found[1], 0, is_escaped=True)}"'

    def _letters(self, text: str, first: int, *, is_escaped: bool = False) -> str:
        before = hashlib.blake2b(key=self._key, digest_size=8)
        shown: list[str] = []
        units: Iterator[str] | str = (found[0] for found in _UNIT.finditer(text)) if is_escaped else text
        for at, unit in enumerate(units):
            is_letter = len(unit) in (1, _ESCAPED_LETTER)
            char = chr(int(unit[2:], 16)) if len(unit) == _ESCAPED_LETTER else unit
            if at >= first:
                alphabet = _alphabet(char) if is_letter else unit
                shift = int.from_bytes(before.copy().digest(), "big") if len(alphabet) > 1 and is_letter else 0
                other = alphabet[(alphabet.index(char) + shift) % len(alphabet)] if is_letter else unit
                shown.append(f"\\u{ord(other):04x}" if len(unit) == _ESCAPED_LETTER else other)
            before.update(char.encode("utf-8", "surrogatepass"))
        return "".join(shown)


class _Run:
    """A text that comes in pieces, with what it began with.

    Attributes:
        final: What is said in the end that it is; None where nothing is.
    """

    def __init__(self, begin: str) -> None:
        self.final: str | None = None
        self._begin = begin
        self._parts = [begin]
        self._length = len(begin)
        self._disguised: str | None = None

    def take(self, piece: str) -> int:
        """Take the next piece, and tell where it begins."""
        self._parts.append(piece)
        self._length += len(piece)
        return self._length - len(piece)

    def piece(self, disguise: Disguise, first: int, length: int) -> str:
        """Give what becomes of a piece, once all of them were taken."""
        if self._disguised is None:
            whole = "".join(self._parts)
            own = whole[len(self._begin) :]
            # Where a text does not begin empty, the whole of it may be what came since.
            self._disguised = self._begin + disguise.text(own) if own == self.final else disguise.text(whole)
        return self._disguised[first : first + length]


class _Recording:
    """The events of a recording, and which text each piece is a part of."""

    def __init__(self, checks: Checks, texts: list[RecordedText], key: bytes) -> None:
        self._lifecycle = checks.lifecycle
        self._disguise = Disguise(key)
        self._kept = _literals(checks.lifecycle)
        self._tag_names = _tag_names(checks.lifecycle)
        self._runs: dict[tuple[Any, ...], _Run] = {}
        self._pieces: dict[int, dict[Path, tuple[_Run, int]]] = {}
        self._events: list[tuple[WireObject, Model] | None] = []
        for text in texts:
            self._events.append(_read(checks, text))
            if (read := self._events[-1]) is not None:
                self._see(len(self._events) - 1, *read)

    def wires(self) -> Iterator[WireObject | None]:
        """Give what became of each event; None for what could not be read."""
        for at, read in enumerate(self._events):
            if read is None:
                yield None
                continue
            wire, event = read
            found: WireObject = self._walked(wire, None if isinstance(event, UnknownEvent) else type(event))
            for source, (run, offset) in self._pieces.get(at, {}).items():
                put_down(found, source, run.piece(self._disguise, offset, len(str(look_up(wire, source)))))
            yield found

    # -- texts in pieces

    def _see(self, at: int, wire: WireObject, event: Model) -> None:
        law = self._lifecycle.events.get(type(event))
        if law is None:
            return
        if law.opens:
            self._forget(wire, law)
        for change in law.changes:
            value = look_up(wire, change.source) if change.source is not None else ABSENT
            if value is ABSENT:
                continue
            if change.does in ("text", "json") and isinstance(value, str):
                assert change.source is not None
                run = self._runs.setdefault(self._place(wire, change.place, change), _Run(""))
                self._pieces.setdefault(at, {}).setdefault(change.source, (run, run.take(value)))
            elif change.does == "set":
                self._begin(wire, change, value)

    def _begin(self, wire: WireObject, change: Change, value: WireValue) -> None:
        """Begin the texts anew that something has, which is put in its place."""
        for texts in self._lifecycle.texts[change.place].values():
            for text in texts:
                below = text.path[len(change.path) :]
                names = tuple(step for step in below if isinstance(step, str))
                inner = look_up(value, names) if len(names) == len(below) else ABSENT
                if text.path[: len(change.path)] == change.path and isinstance(inner, str):
                    where = self._place(wire, change.place, text)
                    if where in self._runs:
                        self._runs[where].final = inner
                    self._runs[where] = _Run(inner)

    def _forget(self, wire: WireObject, law: Event) -> None:
        opened = self._place(wire, "" if law.opens == STREAM else law.opens)
        for place in [place for place in self._runs if place[: len(opened)] == opened]:
            del self._runs[place]

    def _place(self, wire: WireObject, name: str, change: Change | None = None) -> tuple[Any, ...]:
        """Say where an event is, and where something is that it changes."""
        keys = [_first(wire, place.keys) for place in self._lifecycle.chains[name]]
        steps = change.path if change is not None else ()
        path = [_first(wire, step.paths) if isinstance(step, By) else step for step in steps]
        names = [place.name for place in self._lifecycle.chains[name]]
        whole = (_first(wire, self._lifecycle.keys), *zip(names, map(str, keys), strict=True))
        return (*whole, tuple(map(str, path))) if change is not None else whole

    # -- what stays

    def _walked(self, value: WireValue, declared: Type | None) -> Any:
        """Give what becomes of a value of a type; None stands for a type that nobody knows."""
        match value:
            case str():
                return value if value in self._kept or _is_listed(value, declared) else self._disguise.text(value)
            case list():
                return [self._walked(each, _item_of(declared)) for each in value]
            case dict():
                return self._walked_object(value, declared)
            case _:
                return value

    def _walked_object(self, value: Mapping[str, Any], declared: Type | None) -> WireObject:
        match declared:
            case Nullable(inner):
                return self._walked_object(value, inner)
            case MapOf(inner):
                return {name: self._walked(each, inner) for name, each in value.items()}
            case OneOf(alternatives):
                fitting = [each for each in alternatives if isinstance(each, (Tagged, type, MapOf))]
                return self._walked_object(value, fitting[0] if fitting else None)
            case Tagged():
                model = chosen(declared.choices(declared.tag_of(value)), value)
                return self._walked_object(value, model)
            case type():
                return self._members(value, SHAPES[declared])
            case _:
                return {
                    name: each if name in self._tag_names and isinstance(each, str) else self._walked(each, None)
                    for name, each in value.items()
                }

    def _members(self, value: Mapping[str, Any], shape: Shape) -> WireObject:
        if shape.wrapper is not None and isinstance(inner := value.get(shape.wrapper), dict):
            fields = Shape(shape.fields, shape.tag)
            members = self._members(cast("WireObject", inner), fields)
            return {**self._walked_object(value, None), shape.wrapper: members}
        return {
            name: each if name == shape.tag else self._walked(each, field.type if field is not None else None)
            for name, each in value.items()
            for field in [shape.fields.get(name)]
        }


def _read(checks: Checks, text: RecordedText) -> tuple[WireObject, Model] | None:
    if not isinstance(text.text, str):
        return None
    try:
        event: Model = checks.decode(text.text, **({"tag": text.name} if text.name and checks.lined else {}))
        return json.loads(text.text), event
    except (DecodeError, ValueError, RecursionError):
        return None


def _literals(lifecycle: Lifecycle) -> frozenset[str]:
    """Give the texts that the rules mention."""
    laws = lifecycle.events.values()
    held = [value for law in laws for hold in law.holds for value in hold.values]
    told = [value for law in laws for change in law.changes for _, value in change.when]
    return frozenset(value for value in (*held, *told) if isinstance(value, str))


def _tag_names(lifecycle: Lifecycle) -> frozenset[str]:
    """Give the names of members that say what an object is."""
    return frozenset(filter(None, (lifecycle.tag, *(shape.tag for shape in SHAPES.values()))))


def _is_listed(value: str, declared: Type | None) -> bool:
    """Whether a text is one of those that the spec lists."""
    match declared:
        case Const(values) | Constants(values):
            return value in values
        case Values():
            return value in declared.values
        case Nullable(inner):
            return _is_listed(value, inner)
        case OneOf(alternatives):
            return any(_is_listed(value, each) for each in alternatives)
        case _:
            return False


def _item_of(declared: Type | None) -> Type | None:
    match declared:
        case ListOf(inner):
            return inner
        case Nullable(inner):
            return _item_of(inner)
        case OneOf(alternatives):
            return next((_item_of(each) for each in alternatives if isinstance(each, ListOf)), None)
        case _:
            return None


def _first(wire: WireObject, paths: Iterable[Path | int]) -> Any:
    """Give what an event says in the first of several places that is there."""
    for path in paths:
        found = path if isinstance(path, int) else look_up(wire, path)
        if found is not ABSENT:
            return found
    return None
