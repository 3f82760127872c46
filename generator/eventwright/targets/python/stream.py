"""The `stream` folder of the Python package: reading and writing streams, and what each event does to the state.

Three conventions tie events to the stream around them: an integer field `sequence_number` is the number of the event; a
text field `item_id` is the `id` of the element that a fold goes to first, which is then found also by its id; and of
several events that put an element in the same place, the last one in the spec brings it finished.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from ...model import ir
from ...model.names import snake
from ...output.render import Page
from .dispatch import is_plain, takes_tag
from .folds import folds_view
from .identifiers import attribute, attribute_of
from .places import Imports, name_of
from .text import docstring, literal, row

_SEQUENCE = "sequence_number"
_STATUS = "status"
_BAD_ENDS = frozenset(["error", "failed"])
_ACCUMULATOR_NAMES = frozenset(["close", "end", "feed", "mended", "sequence"])


@dataclass(frozen=True, slots=True)
class AccumulatorView:
    """The module of the accumulator.

    Attributes:
        state_class: Expression for the class of the state; of a union, for that of what has no kind.
        readable: Name under which the state can be read beside `state`, empty where that is taken.
        sequence: Expression for the wire name and the attribute of the number of an event, empty where there is none.
    """

    union: str
    state: str
    state_class: str
    doc: str
    readable: str
    imports: tuple[str, ...]
    sequence: str


@dataclass(frozen=True, slots=True)
class EndingsView:
    """The module of what events say about the end of the stream.

    Attributes:
        endings: Classes of events, each with the expression for what it says.
        openers: Expression for the set of the classes that a stream begins with.
    """

    imports: tuple[str, ...]
    endings: tuple[tuple[str, str], ...]
    openers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StreamView:
    """The modules that know all events and no single one.

    Attributes:
        tag: The member that holds the tag, as a literal; that of an empty text where the tag is not as plain as that.
        lined: Whether decoding takes the `event:` line.
        lines: The classes of events that come with an `event:` line, each with that, as literals.
    """

    union: str
    tag: str
    state: str
    lined: bool
    lines: tuple[tuple[str, str], ...]
    imports: tuple[str, ...]


def pages(spec: ir.Spec) -> Iterator[Page]:
    """Give every file of the `stream` folder that depends on the spec."""
    folder = PurePosixPath(spec.name) / "stream"
    if spec.state:
        yield Page(folder / "folds.py", "python/stream/folds.py.jinja", folds_view(spec), shared=True)
        yield Page(folder / "accumulator.py", "python/stream/accumulator.py.jinja", _accumulator(spec))
    yield Page(folder / "endings.py", "python/stream/endings.py.jinja", _endings(spec))
    view = _stream(spec)
    yield Page(folder / "reading.py", "python/stream/reading.py.jinja", view)
    yield Page(folder / "__init__.py", "python/stream/init.py.jinja", view)


def _stream(spec: ir.Spec) -> StreamView:
    plain = is_plain(spec)
    imports = Imports(depth=2, own="stream.reading")
    beside = [at for at, part in enumerate(spec.tag.parts) if any(isinstance(each, ir.BesideTag) for each in part)]
    found = {
        name_of(spec, event.record.name, imports): literal(ir.tag_text(event.keys[0].parts[beside[0]]))
        for event in (spec.events if beside else ())
        if event.keys and len(event.keys[0].parts) > beside[0]
    }
    return StreamView(
        union=spec.union,
        tag=literal(spec.tag.member if plain else ""),
        state=spec.state,
        lined=takes_tag(spec),
        lines=tuple(found.items()),
        imports=imports.lines,
    )


def _accumulator(spec: ir.Spec) -> AccumulatorView:
    imports = Imports(depth=2, own="stream.accumulator")
    imports.package("runtime.accumulating", "StateAccumulator")
    imports.package("event", "EVENT_TYPES")
    imports.package("event", spec.union)
    state = name_of(spec, spec.state, imports)
    several = spec.state in spec.unions
    numbers = [event.record.field(_SEQUENCE) for event in spec.events]
    numbered = next((field for field in numbers if field and field.type is ir.Primitive.INTEGER), None)
    readable = attribute(snake(spec.state))
    readable = f"{readable}_" if readable in _ACCUMULATOR_NAMES else readable
    paragraphs = [
        f"Builds up the `{spec.state}` of one stream from its events.",
        f"`feed` takes the events and `{readable}` gives what they amount to, at any moment and for any part of a"
        " stream: what has no beginning, because the stream was resumed, is made when it is first mentioned. Events are"
        f" not changed, and neither is a `{spec.state}` that was read.",
        "What events have built up by pieces or by elements stays where a later event has nothing in its place,"
        " and where one comes late that has less. All else is replaced. Elements of lists are told apart by their"
        " position, and by their id where several come for one position. An event that gives no position is about the"
        " element with its id, or that is open, or else the first one. While elements are missing, the list holds the"
        " others in their order. Events that are replayed after resuming, as their numbers show, do not count twice."
        " After the end, an event with the whole state that does not end a stream begins the next one, with `end`,"
        f" `{readable}` and `sequence` anew. `mended` says how often which of this was needed: nothing is in it after a"
        " stream that is well formed.",
        f"A `{spec.state}` that was read shares objects with the events, so leave both alone.",
        "`end` is None until the stream ends, and then a `StreamEnd`; call `close` when no more bytes come. `sequence`"
        " has the cursor from which to resume.",
    ]
    return AccumulatorView(
        union=spec.union,
        state=state,
        state_class=imports.package("runtime.model", "UnknownVariant") if several else state,
        doc=docstring(paragraphs, 4),
        readable="" if readable == "state" else readable,
        imports=imports.lines,
        sequence=f"({literal(_SEQUENCE)}, {literal(attribute_of(numbered))})" if numbered else "",
    )


def _endings(spec: ir.Spec) -> EndingsView:
    imports = Imports(depth=2, own="stream.endings")
    imports.stdlib("typing", "Any")
    imports.stdlib("typing", "Final")
    imports.package("event", "EVENT_TYPES")
    for name in ("EndingTable", "with_unknown"):
        imports.package("runtime.ending", name)
    places = _EndPlaces(spec)
    views: list[tuple[str, str]] = []
    openers: list[str] = []
    for event in spec.events:
        if not event.ends and event.snapshot is None:
            continue
        model = name_of(spec, event.record.name, imports)
        views.append((model, places.expression(event)))
        if not event.ends:
            openers.append(model)
    if views:
        imports.package("runtime.ending", "Ending")
    return EndingsView(imports.lines, tuple(views), tuple(openers))


class _EndPlaces:
    """Knows where in an event stands how the stream ends.

    What the spec says of one event holds for the others, too, where they bring the same state or declare nothing of
    that name: servers put an error where another event has it. A status stands beside an error, and in the state.
    """

    def __init__(self, spec: ir.Spec) -> None:
        states = dict.fromkeys(state for event in spec.events if (state := event.snapshot))
        self._reasons = tuple(dict.fromkeys(event.reason for event in spec.events if event.reason))
        self._errors = tuple(dict.fromkeys(path for event in spec.events for path in event.errors if path))
        beside = dict.fromkeys([*states, *(path[:-1] for path in self._errors)])
        self._statuses = tuple((*place, _STATUS) for place in beside)

    def expression(self, event: ir.Event) -> str:
        """Give the expression for what an event says about the end."""
        errors = [*event.errors, *self._shared(event, self._errors)]
        if event.ends in _BAD_ENDS:
            errors.append(())
        named = {
            "reasons": [*([event.reason] if event.reason else []), *self._shared(event, self._reasons)],
            "errors": errors,
            "statuses": self._shared(event, self._statuses),
        }
        given = {name: dict.fromkeys(paths) for name, paths in named.items()}
        arguments = [literal(event.ends) if event.ends else "None"]
        arguments += [f"{name}={row(map(_path, paths))}" for name, paths in given.items() if paths]
        return f"Ending({', '.join(arguments)})"

    def _shared(self, event: ir.Event, paths: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
        state = event.snapshot
        if not event.ends:
            # An event that goes on is asked for nothing but the state that it brings.
            return [path for path in paths if state is not None and path[: len(state)] == state]
        return [
            path
            for path in paths
            if (state is not None and path[: len(state)] == state) or event.record.field(path[0]) is None
        ]


def _path(names: Iterable[str]) -> str:
    return row(map(literal, names))
