"""How a stream ends: one value for all the ways in which it can, and for all the places that can say so.

An event may say it by its tag, by a status, by an error or by the `event:` line that it came under, and servers let
these contradict each other. The worse counts, and what any of them tells is kept. Where tag, status and errors are
comes from the spec; what a spec does not know is told by the words that APIs have in common, which are listed here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from typing import Any, Final, Literal, NamedTuple, TypeAlias, cast

from .errors import printable
from .model import ABSENT, Model, UnknownEvent, UnknownVariant
from .shape import SHAPES
from .telling import elements

EndKind: TypeAlias = Literal["completed", "incomplete", "failed", "error", "truncated"]

_RANKS: dict[EndKind, int] = {"truncated": 0, "completed": 1, "incomplete": 2, "error": 3, "failed": 4}

Path: TypeAlias = tuple[str, ...]
"""Members to go through on the wire, one after the other; empty for the object itself."""

Way: TypeAlias = "tuple[str | int | None, ...]"
"""Members to go through on the wire, positions in lists, and None for all elements of one."""

_STOPPED: Final = frozenset(["aborted", "canceled", "cancelled", "expired", "interrupted"])
_KINDS: Final[dict[str, EndKind]] = {
    "error": "error",
    "errored": "error",
    "exception": "error",
    "failed": "failed",
    "failure": "failed",
    "incomplete": "incomplete",
    **dict.fromkeys(_STOPPED, "incomplete"),
}
"""What a status, or the last word of a tag, says. No word here means success: that is for the tags of a spec to say."""

_CODES: Final = ("code", "error_code", "type", "status", "status_code", "statusCode")
_MESSAGES: Final = ("message", "error_message", "error_description", "msg", "detail", "title")
_PARAMS: Final = ("param", "loc")
_NESTED: Final = ("error", "errors", "detail")
_DEPTH: Final = 3
_FIRST_BAD_STATUS: Final = 400


class StreamFailure(NamedTuple):
    """What went wrong, in whichever of its shapes it came. `str` gives it as one line that a terminal can show."""

    code: str | None
    """For programs to branch on, numbers as text: `429`. It is the type or status of the error where that has no code;
    None if the stream names none."""

    message: str | None
    """For people to read; None if the stream gives none."""

    param: str | None
    """The parameter of the request that is to blame; None if the stream names none."""

    def __str__(self) -> str:
        said = ": ".join(filter(None, (self.code, self.message))) or "no details"
        return printable(f"{said} (param {self.param})" if self.param else said)


class StreamEnd(NamedTuple):
    """How a stream ended. `str` gives it as one line that a terminal can show."""

    kind: EndKind
    """`completed`; `incomplete`, cut short by a limit, a filter or somebody who cancelled it; `failed`; `error`, the
    stream broke off with an error event; or `truncated`, the bytes stopped before any of these."""

    reason: str | None = None
    """Why it is incomplete; None where the stream does not say."""

    error: StreamFailure | None = None
    """What went wrong; None where the stream does not say."""

    event: Model | None = None
    """The event that ended the stream; None when there was none."""

    def __str__(self) -> str:
        said = [self.kind, printable(self.reason or ""), str(self.error or "")]
        if self.kind == "truncated" and not self.error:
            said.append("the bytes stopped before an event that ends the stream")
        return ": ".join(filter(None, said))


Case: TypeAlias = "tuple[EndKind, tuple[tuple[Way, str | int | None], ...]]"
"""How a stream ends, and the ways that have to lead to these values, or to any value where that is None."""


class Ending(NamedTuple):
    """What an event says about the end of its stream, and where in it."""

    kind: EndKind | None
    """How the stream ends by the tag alone; None where the tag says that it goes on, and only the status may not."""

    reasons: tuple[Way, ...] = ()
    errors: tuple[Way, ...] = ()
    statuses: tuple[Way, ...] = ()

    cases: tuple[Case, ...] = ()
    """Other ends, each with what must be true of the event; the first that is counts, before the tag alone."""

    def kind_of(self, event: Model) -> EndKind | None:
        """Give how the stream ends with `event` by its tag and the cases, None if it goes on."""
        found: dict[Way, list[Any]] = {}
        for kind, tests in self.cases:
            for way, wanted in tests:
                values = found.get(way)
                if values is None:
                    values = found[way] = reached(event, way)
                if not (values if wanted is None else any(_is(value, wanted) for value in values)):
                    break
            else:
                return kind
        return self.kind

    def read(self, event: Model) -> StreamEnd | None:
        """Give the end that `event` reports, None if the stream goes on."""
        kind = self.kind_of(event)
        return None if kind is None and self.cases else self.read_as(kind, event)

    def read_as(self, kind: EndKind | None, event: Model) -> StreamEnd | None:
        """Give the end that `event` reports if its tag alone says `kind`."""
        statuses = [status for status in map(_text, self._found(event, self.statuses)) if status]
        if kind is None:
            # Of what goes on it is no news that it is not complete.
            statuses = [status for status in statuses if status != "incomplete"]
        kinds: list[EndKind | None] = [kind, *(_KINDS.get(status) for status in statuses)]
        reason = next(filter(None, (_reason(event, way) for way in self.reasons)), None)
        failure = reduce(_joined, map(_failure, self._found(event, self._errors(kind))), None)
        if kind == "completed" and failure:
            kinds.append("failed")
        elif kind == "completed" and self.cases:
            # Where the reason tells how the stream ends, a good end has one, too.
            reason = None
        elif kind == "completed" and reason:
            # What names no status may still hold what only a bad end has.
            kinds.append("incomplete")
        found = _worst(kinds)
        if found is None:
            return None
        stopped = next((status for status in statuses if status in _STOPPED), None)
        return StreamEnd(found, reason or stopped, failure, event)

    @staticmethod
    def _found(event: Model, ways: Iterable[Way]) -> Iterator[Any]:
        return (value for way in ways for value in reached(event, way))

    def _errors(self, kind: EndKind | None) -> list[Way]:
        """Give the places of errors, without those that are looked at with the event itself anyhow."""
        if () not in self.errors:
            return list(self.errors)
        if self.cases and kind in ("completed", "incomplete"):
            # Only where the event is about a bad end, its own members say what went wrong.
            return [path for path in self.errors if path]
        return [path for path in self.errors if not (len(path) == 1 and path[0] in _NESTED)]


class UnknownEnding:
    """What an event that the spec does not know says about the end of its stream.

    It ends the stream if it has no tag and looks like the body of an error; if the last word of its tag, or of the
    `event:` line that it came under, is one for a bad end; or if its status says so. A tag with more words than those
    that end a stream of the spec is about a part of what the stream brings, and ends nothing.

    Args:
        endings: What the known events say.
        types: The class of each known tag.
    """

    def __init__(self, endings: Mapping[type[Any], Ending], types: Mapping[str, type[Model]]) -> None:
        final = {model for model, each in endings.items() if each.kind or each.cases}
        ending = [tag for tag, model in types.items() if model in final]
        self._dots = max((tag.count(".") for tag in ending), default=0)
        places = endings.values()
        self._places = Ending(
            None,
            _distinct(path for each in places for path in each.reasons),
            _distinct([*(path for each in places for path in each.errors), ()]),
            _distinct(path for each in places for path in each.statuses),
        )

    def read(self, event: UnknownEvent) -> StreamEnd | None:
        """Give the end that `event` reports, None if the stream goes on."""
        tag, line = event.type, event.event_line
        if tag is not None and tag.count(".") > self._dots and not self._named(line, event.data):
            return None
        words = [self._named(tag or "", event.data), self._named(line, event.data)]
        if tag is None and _is_error_body(event.data):
            words.append("error")
        if tag is None and type(status := event.data.get("status")) is str:
            words.append(status)
        end = self._places.read_as(_worst(map(_KINDS.get, words)), event)
        stopped = next((word for word in words if word in _STOPPED), None)
        return end and end._replace(reason=end.reason or stopped)

    def _named(self, tag: str, data: dict[str, Any]) -> str:
        """Give the word for the end that a tag has; empty if it has none."""
        word = tag.rpartition(".")[2].lower()
        if tag.count(".") > self._dots:
            return ""
        if word in _KINDS:
            return word
        # Names of errors, such as `invalid_request_error` and `BadRequestError`, stand in the place of the tag.
        return "error" if word == tag.lower() and word.endswith("error") and _says_something(data) else ""


EndingTable: TypeAlias = "Mapping[type[Any], Ending | UnknownEnding]"
"""What the events of each class say about the end of the stream."""


def with_unknown(endings: Mapping[type[Any], Ending], types: Mapping[str, type[Model]]) -> EndingTable:
    """Give what known events say about the end of a stream, and what unknown ones do."""
    return {**endings, UnknownEvent: UnknownEnding(endings, types)}


def worse(first: StreamEnd | None, second: StreamEnd) -> StreamEnd:
    """Join two ends of one stream: failure prevails over success, and the details that came first over later ones."""
    if first is None:
        return second
    end = second if _RANKS[second.kind] > _RANKS[first.kind] else first
    return end._replace(reason=first.reason or second.reason, error=_joined(first.error, second.error))


def failure_of(body: object) -> StreamFailure | None:
    """Give what went wrong by the body of an error, parsed from JSON; None if it does not look like one."""
    return _failure(body) if isinstance(body, dict) and _is_error_body(cast("dict[str, Any]", body)) else None


def _worst(kinds: Iterable[EndKind | None]) -> EndKind | None:
    return max((kind for kind in kinds if kind), key=_RANKS.__getitem__, default=None)


def _distinct(paths: Iterable[Way]) -> tuple[Way, ...]:
    return tuple(dict.fromkeys(paths))


def _joined(first: StreamFailure | None, second: StreamFailure | None) -> StreamFailure | None:
    if first is None or second is None:
        return first or second
    return StreamFailure(*(one or other for one, other in zip(first, second, strict=True)))


def _is_error_body(data: dict[str, Any]) -> bool:
    """Whether an object without a tag is what servers answer when something went wrong."""
    if any(data.get(key) for key in ("error", "errors", "detail", "error_code", "error_message")):
        return True
    status = data.get("status", data.get("status_code", data.get("statusCode")))
    if type(status) is int and status >= _FIRST_BAD_STATUS:
        return True
    return bool(data.get("object") == "error" or (data.get("code") and data.get("message")))


def _says_something(data: dict[str, Any]) -> bool:
    return any(data.get(key) for key in ("error", "message", "code"))


def reach(value: Any, path: Path) -> Any:
    """Give what is at a path, also where it does not fit its declaration; None where there is nothing.

    It goes through decoded objects, as `paths.look_up` goes through wire objects.
    """
    for name in path:
        value = _member(value, name)
    return value


def reached(value: Any, way: Way) -> list[Any]:
    """Give all that a way leads to, also null and what does not fit its declaration."""
    values = [value]
    for step in way:
        if isinstance(step, str):
            values = [_member(each, step) for each in values if _has(each, step)]
        else:
            values = [item for each in values for item in elements(each, step)]
    return values


def holds(event: Model, way: Way, wanted: str | int | None) -> bool:
    """Whether a way leads to a value anywhere; to any if that is None, null being one."""
    return any(wanted is None or _is(value, wanted) for value in reached(event, way))


def _is(value: object, wanted: str | int) -> bool:
    """Whether a value is another one: a number is neither a boolean nor the same number with a point."""
    return type(value) is type(wanted) and value == wanted


def _has(owner: Any, key: str) -> bool:
    """Whether an object has a member, be it null."""
    if isinstance(owner, (UnknownEvent, UnknownVariant)):
        owner = owner.data
    if type(owner) is dict:
        return key in owner
    if not isinstance(owner, Model):
        return False
    if owner.leftover is not None and key in owner.leftover:
        return owner.leftover[key] is not ABSENT
    field = SHAPES[type(owner)].fields.get(key)
    value = ABSENT if field is None else getattr(owner, field.name, ABSENT)
    # Of what is optional, a null would be in the leftover.
    return field is not None and value is not ABSENT and (value is not None or not field.optional)


def _reason(event: Model, way: Way) -> str | None:
    """Give the text at the end of a way, or the text that stands in the place of the object that should hold it."""
    texts = (holder for holder in reached(event, way[:-1]) if isinstance(holder, str))
    return next(filter(None, map(_text, [*reached(event, way), *texts])), None)


def _member(owner: Any, key: str) -> Any:
    """Give a member by its wire name, also one that does not fit its declaration; None where there is none."""
    if isinstance(owner, (UnknownEvent, UnknownVariant)):
        owner = owner.data
    if type(owner) is dict:
        return cast("dict[str, Any]", owner).get(key)
    if not isinstance(owner, Model):
        return None
    # What waits in the leftover to be decoded is read as it came: that costs nothing and cannot fail.
    came = None if owner.leftover is None else owner.leftover.get(key)
    if came is not None and came is not ABSENT:
        return came
    field = SHAPES[type(owner)].fields.get(key)
    return None if field is None else getattr(owner, field.name, None)


def _failure(source: Any, depth: int = _DEPTH) -> StreamFailure | None:
    """Give what an error says: a text, an object, or a list of these, of which the first that says anything counts."""
    if depth == 0 or not source:
        return None
    if isinstance(source, list):
        found = (_failure(item, depth - 1) for item in cast("list[object]", source))
        return next(filter(None, found), None)
    if not isinstance(source, (dict, Model)):
        text = _text(source)
        return None if text is None else StreamFailure(None, text, None)
    own = _own_failure(source)
    for key in _NESTED:
        nested = _member(source, key)
        inner = _failure(nested, depth - 1)
        if inner is not None and isinstance(nested, str) and own.message and own.message != nested:
            # `error` names it in a word where the message is beside it.
            inner = StreamFailure(inner.message, None, None)
        own = StreamFailure(*((inner and inner[at]) or own[at] for at in range(len(own))))
    return own if any(own) else None


def _own_failure(source: Any) -> StreamFailure:
    """Give what the members of an error object say, without the objects within it."""
    code = next(filter(None, (_text(_member(source, key)) for key in _CODES if _is_code(source, key))), None)
    message = next(filter(None, (_text(_member(source, key)) for key in _MESSAGES)), None)
    param = next(filter(None, (_place(_member(source, key)) for key in _PARAMS)), None)
    return StreamFailure(code, message or _json(_member(source, _MESSAGES[0])), param)


def _is_code(source: Any, key: str) -> bool:
    """Whether a member tells what went wrong, and is not the tag of an event or says only that something did."""
    shape = SHAPES.get(type(source)) if isinstance(source, Model) else None
    if key == "code" or (shape is not None and shape.tag == key):
        return key == "code"
    value = _member(source, key)
    return not isinstance(value, str) or not (
        value.lower() in _KINDS or ("." in value and isinstance(source, UnknownEvent))
    )


def _text(value: object) -> str | None:
    if isinstance(value, str):
        return value or None
    # Codes are often numbers.
    return str(value) if type(value) in (int, float) else None


def _place(value: object) -> str | None:
    """Give the name of a parameter, or the steps that lead to one within the request."""
    if isinstance(value, list):
        return ".".join(map(str, cast("list[object]", value))) or None
    return _text(value)


def _json(value: object) -> str | None:
    """Give an object or a list in the place of a text as JSON."""
    if not value or not isinstance(value, (list, dict)):
        return None
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return None
