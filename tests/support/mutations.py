"""Sound streams with one thing changed, whatever it is: what a linter is measured by.

A mutant may be as sound as the stream that it was made of, because servers are free in what was changed.
`Mutant.freedom` says so, and is there for those that a linter does not find.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from responses_events import EVENT_TYPES

from .serving import Wire
from .sound_streams import numbered

Path = tuple["str | int", ...]

IDS = frozenset({"id", "item_id", "call_id"})
INDEXES = frozenset(
    {"output_index", "content_index", "summary_index", "annotation_index", "command_index", "partial_image_index"}
)
TEXTS = frozenset({"delta", "text", "refusal", "arguments", "code", "input", "diff", "command"})
LISTS = frozenset({"output", "content", "summary", "annotations", "commands"})
STATUSES = ("in_progress", "completed", "incomplete", "failed")
KINDS = (
    ("message", "function_call", "web_search_call", "mcp_call", "reasoning"),
    ("output_text", "refusal", "summary_text", "reasoning_text"),
)


class _Site(NamedTuple):
    """Where something can be done, and what makes of a stream's events the changed ones."""

    kind: str
    index: int
    path: Path
    change: Callable[[list[Wire]], list[Wire]]


@dataclass(frozen=True)
class Mutant:
    """A stream in which one thing is changed.

    Attributes:
        stream: The name of the stream that is changed.
        where: The tag of the event that is changed, and the path in it.
    """

    stream: str
    where: str
    _sound: list[Wire]
    _site: _Site

    @property
    def kind(self) -> str:
        """What is done."""
        return self._site.kind

    @property
    def index(self) -> int:
        """The event that it is done to."""
        return self._site.index

    @property
    def numbers_tell(self) -> bool:
        """Whether the numbers of the events give the change away."""
        return "number" in self.kind and not self.kind.endswith("renewed")

    @property
    def freedom(self) -> str:
        """Why a correct server may send such a stream, or the empty text."""
        return next((reason for reason, is_free in _FREEDOMS.items() if is_free(self._sound, self._site)), "")

    def events(self) -> list[Wire]:
        """Make the stream. It shares the events that are as they were with the sound one."""
        return self._site.change(self._sound)


def mutants(name: str, events: list[Wire], choose: random.Random, *, most: int = 1) -> Iterator[Mutant]:
    """Change a stream in every way, each at so many places of one sort: of one tag, and one path in the event."""
    sorts: dict[tuple[str, str], list[_Site]] = {}
    for site in (*_of_events(events), *_of_members(events, choose)):
        where = ".".join([_tag(events[site.index]), *(str(step) for step in site.path if isinstance(step, str))])
        sorts.setdefault((site.kind, where), []).append(site)
    for (_, where), sites in sorts.items():
        for site in choose.sample(sites, min(most, len(sites))):
            yield Mutant(name, where, events, site)


# --- whole events


def _of_events(events: list[Wire]) -> Iterator[_Site]:
    for at, event in enumerate(events):
        for kind, change in _EVENTS.items():
            if kind == "swapped" and (at + 1 == len(events) or _same(event, events[at + 1])):
                continue
            yield _Site(f"event {kind}, numbers renewed", at, (), _renewed(change, at))
            if "sequence_number" in event:
                yield _Site(f"event {kind}, numbers kept", at, (), _kept(change, at))
        if at:
            yield _Site("cut off before", at, (), _kept(_cut, at))
        for tag in sorted({_tag(each) for each in events} - {_tag(event)}):
            yield _Site("tag of event", at, (), _edited(at, ("type",), tag))


def _drop(events: list[Wire], at: int) -> list[Wire]:
    return events[:at] + events[at + 1 :]


def _repeat(events: list[Wire], at: int) -> list[Wire]:
    return events[: at + 1] + events[at:]


def _swap(events: list[Wire], at: int) -> list[Wire]:
    return [*events[:at], events[at + 1], events[at], *events[at + 2 :]]


def _cut(events: list[Wire], at: int) -> list[Wire]:
    return events[:at]


_EVENTS = {"dropped": _drop, "repeated": _repeat, "swapped": _swap}


def _kept(change: Callable[[list[Wire], int], list[Wire]], at: int) -> Callable[[list[Wire]], list[Wire]]:
    return lambda events: change(events, at)


def _renewed(change: Callable[[list[Wire], int], list[Wire]], at: int) -> Callable[[list[Wire]], list[Wire]]:
    """Count anew what is left, so that the numbers give nothing away."""

    def changed(events: list[Wire]) -> list[Wire]:
        first = next((event["sequence_number"] for event in events if "sequence_number" in event), 0)
        return numbered([dict(event) for event in change(events, at)], first)

    return changed


# --- members of events


def _of_members(events: list[Wire], choose: random.Random) -> Iterator[_Site]:
    for at, event in enumerate(events):
        for path, value in _members(event):
            for kind, other in _others(path, value, choose):
                yield _Site(kind, at, path, _edited(at, path, other))


def _members(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Walk over all that an event holds, save what a client has asked for: the settings of the response."""
    if path:
        yield path, value
    if isinstance(value, dict):
        for name, each in value.items():
            if name != "error" and (path != ("response",) or name in ("id", "status", "output")):
                yield from _members(each, (*path, name))
    elif isinstance(value, list):
        for position, each in enumerate(value):
            yield from _members(each, (*path, position))


_LEFT_OUT = object()


def _others(path: Path, value: Any, choose: random.Random) -> Iterator[tuple[str, Any]]:
    """Give what could stand there instead, with the kind of the change."""
    name = path[-1]
    if name in IDS and isinstance(value, str):
        yield "id", f"{value}x"
    elif name in INDEXES and isinstance(value, int):
        yield "index one higher", value + 1
        yield "index one lower", value - 1
        yield "index left out", _LEFT_OUT
    elif name == "sequence_number" and isinstance(value, int):
        yield "number one higher", value + 1
        yield "number left out", _LEFT_OUT
    elif name in TEXTS and isinstance(value, str):
        yield "text longer", f"{value}~"
        if value:
            yield "text shorter", value[:-1]
    elif name == "status" and isinstance(value, str):
        yield "status", choose.choice([other for other in STATUSES if other != value])
    elif name == "type" and len(path) > 1:
        for kinds in KINDS:
            if value in kinds:
                yield "kind of item or part", choose.choice([kind for kind in kinds if kind != value])
    elif name in LISTS and isinstance(value, list) and value:
        yield "element lost", value[:-1]
        yield "element repeated", [*value, copy.deepcopy(value[-1])]


def _edited(at: int, path: Path, value: Any) -> Callable[[list[Wire]], list[Wire]]:
    def changed(events: list[Wire]) -> list[Wire]:
        event = copy.deepcopy(events[at])
        holder: Any = event
        for step in path[:-1]:
            holder = holder[step]
        if value is _LEFT_OUT:
            del holder[path[-1]]
        else:
            holder[path[-1]] = value
        return [*events[:at], event, *events[at + 1 :]]

    return changed


def _tag(event: Wire) -> str:
    return str(event["type"])


def _same(one: Wire, other: Wire) -> bool:
    return {**one, "sequence_number": 0} == {**other, "sequence_number": 0}


# --- what servers are free in


def _touches(site: _Site, events: list[Wire], *tags: str) -> bool:
    """Tell whether what is done to whole events is done to one of these tags."""
    touched = events[site.index : site.index + (2 if "swapped" in site.kind else 1)]
    return site.kind.startswith("event") and any(_tag(event) in tags for event in touched)


def _unknown(events: list[Wire], site: _Site) -> bool:
    touched = events[site.index : site.index + (2 if "swapped" in site.kind else 1)]
    return any(_tag(event) not in EVENT_TYPES for event in touched)


def _at_any_time(events: list[Wire], site: _Site) -> bool:
    return _touches(site, events, "keepalive")


def _never_repeated(events: list[Wire], site: _Site) -> bool:
    touched = events[site.index : site.index + (2 if "swapped" in site.kind else 1)]
    return any(_tag(event).startswith("response.audio.") for event in touched)


def _reads_as_resumed(events: list[Wire], site: _Site) -> bool:
    return site.index == 0 and (site.kind == "event dropped, numbers kept" or site.kind == "tag of event")


def _is_resumed(events: list[Wire], site: _Site) -> bool:
    return bool(events[0].get("sequence_number"))


def _breaks_off(events: list[Wire], site: _Site) -> bool:
    return _tag(events[-1]) in ("error", "response.failed")


def _beginning_status(events: list[Wire], site: _Site) -> bool:
    return site.kind == "status" and _tag(events[site.index]) == "response.output_item.added"


def _beginning_program(events: list[Wire], site: _Site) -> bool:
    event = events[site.index]
    return _tag(event) == "response.output_item.added" and event["item"]["type"] == "program"


def _only_piece(events: list[Wire], site: _Site) -> bool:
    """All that is put together is compared with the whole, so one piece may be missing only where it is all of it."""
    event = events[site.index]
    if not ("dropped" in site.kind or site.kind.startswith("index")) or not _tag(event).endswith(".delta"):
        return False
    place = {name: event[name] for name in INDEXES & event.keys()}
    others = [each for each in events if _tag(each) == _tag(event) and place.items() <= each.items()]
    return len(others) == 1


def _pieces_and_notes(events: list[Wire], site: _Site) -> bool:
    return "swapped" in site.kind and _touches(site, events, "response.output_text.annotation.added")


def _searched_tools(events: list[Wire], site: _Site) -> bool:
    event = events[site.index]
    return site.kind == "id" and event.get("item", {}).get("type") == "tool_search_call"


def _any_number_of_them(events: list[Wire], site: _Site) -> bool:
    again = "response.mcp_call.in_progress"
    if "dropped" in site.kind:
        return _touches(site, events, again, "response.queued", "response.image_generation_call.partial_image")
    return _touches(site, events, again)


def _cut_short(events: list[Wire], site: _Site) -> bool:
    return "dropped" in site.kind and _tag(events[-1]) == "response.incomplete"


def _ends_with_its_item(events: list[Wire], site: _Site) -> bool:
    return "dropped" in site.kind and _touches(site, events, "response.custom_tool_call_input.done")


def _left_status(events: list[Wire], site: _Site) -> bool:
    event = events[site.index]
    items = [event.get("item", {}), *event.get("response", {}).get("output", [])]
    return site.kind == "status" and any(item.get("type") == "image_generation_call" for item in items)


def _whole_output(events: list[Wire], site: _Site) -> bool:
    return _tag(events[site.index]) == "response.shell_call_output_content.done"


_FREEDOMS: dict[str, Callable[[list[Wire], _Site], bool]] = {
    "an event of an unknown kind may be anywhere, and say anything": _unknown,
    "a keepalive may come at any time": _at_any_time,
    "audio is bound to nothing, and repeated nowhere": _never_repeated,
    "a stream without its first event is one that was resumed": _reads_as_resumed,
    "what a resumed stream had before cannot be known": _is_resumed,
    "what a failure breaks off is never repeated": _breaks_off,
    "an item may begin with the status that it ends with": _beginning_status,
    "a program comes whole when it is finished, whatever it begins with": _beginning_program,
    "a text may come without pieces": _only_piece,
    "pieces and annotations may take turns": _pieces_and_notes,
    "it may come, or come again": _any_number_of_them,
    "a search for tools has another call_id when it is finished": _searched_tools,
    "what is cut short may lack anything": _cut_short,
    "the input of a custom tool may end with its item": _ends_with_its_item,
    "the status of an image may be left as it was": _left_status,
    "the output of a shell comes whole, once for each command": _whole_output,
}
