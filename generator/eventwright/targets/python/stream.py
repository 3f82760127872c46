"""The `stream` folder of the Python package: reading and writing streams, and what each event does to the state.

Of several events that put an element in the same place, the last one in the spec brings it finished.
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
from .identifiers import attribute, attribute_of, attribute_path
from .places import Imports, Places, name_of
from .runtime.accumulating import StateAccumulator
from .text import docstring, literal, literals, prose, row, value_text

_BAD_ENDS = frozenset(["error", "failed"])
ACCUMULATOR_NAMES = frozenset(
    ["end", "mended", "sequence", *(name for name in dir(StateAccumulator) if name[0] != "_")]
)
"""What every accumulator has already."""


@dataclass(frozen=True, slots=True)
class AccumulatorView:
    """The module of the accumulator.

    Attributes:
        state_class: Expression for the class of the state; of a union, for that of what has no kind.
        several: Whether the state is a union.
        readable: Name under which the state can be read beside `state`, empty where that is taken.
        sequence: Expression for the wire name and the attribute of the number of an event, empty where there is none.
        keyed_doc: What there is to know about the streams that run side by side, empty where there is one only.
    """

    union: str
    state: str
    state_class: str
    several: bool
    doc: str
    readable: str
    imports: tuple[str, ...]
    sequence: str
    keyed_doc: str
    readings: tuple[ReadingView, ...]


@dataclass(frozen=True, slots=True)
class ReadingView:
    """A reading, as a function of the state or as a property of the accumulator.

    Attributes:
        type: Annotation of what it gives.
        value: Expression for that.
    """

    name: str
    type: str
    doc: str
    value: str


@dataclass(frozen=True, slots=True)
class ReadingsView:
    """The module of readings."""

    state: str
    imports: tuple[str, ...]
    readings: tuple[ReadingView, ...]


@dataclass(frozen=True, slots=True)
class EndingsView:
    """The module of what events say about the end of the stream.

    Attributes:
        endings: Classes of events, each with the expression for what it says.
        openers: Expression for the set of the classes that a stream begins with.
        keys: Expression for the paths to the key of an event.
        done: Expression for the texts that say that a stream is done.
    """

    imports: tuple[str, ...]
    endings: tuple[tuple[str, str], ...]
    openers: tuple[str, ...]
    keys: str
    done: str


@dataclass(frozen=True, slots=True)
class StreamView:
    """The modules that know all events and no single one.

    Attributes:
        tag: The member that holds the tag, as a literal; that of an empty text where the tag is not as plain as that.
        lined: Whether decoding takes the `event:` line.
        lines: The classes of events that come with an `event:` line, each with that, as literals.
        written_line: What a docstring says of the `event:` line that is written; empty where there is none.
        done: The texts that say that a stream is done, for a docstring; empty where there are none.
        keyed: Whether streams run side by side, each with a key.
    """

    union: str
    tag: str
    state: str
    lined: bool
    lines: tuple[tuple[str, str], ...]
    written_line: str
    imports: tuple[str, ...]
    done: str
    keyed: bool


def pages(spec: ir.Spec) -> Iterator[Page]:
    """Give every file of the `stream` folder that depends on the spec."""
    folder = PurePosixPath(spec.name) / "stream"
    if spec.state:
        yield Page(folder / "folds.py", "python/stream/folds.py.jinja", folds_view(spec), shared=True)
        yield Page(folder / "accumulator.py", "python/stream/accumulator.py.jinja", _accumulator(spec))
    if spec.readings:
        yield Page(folder / "readings.py", "python/stream/readings.py.jinja", _readings(spec))
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
        written_line="" if takes_tag(spec) and not found else " with its tag on the `event:` line",
        imports=imports.lines,
        done=" or ".join(prose(f"`{text}`") for text in spec.done),
        keyed=bool(spec.key),
    )


def readable_name(spec: ir.Spec) -> str:
    """Give the name under which the accumulator shows the state."""
    name = attribute(snake(spec.state))
    return f"{name}_" if name in ACCUMULATOR_NAMES - {"state"} else name


def _accumulator(spec: ir.Spec) -> AccumulatorView:
    imports = Imports(depth=2, own="stream.accumulator")
    imports.package("runtime.accumulating", "StateAccumulator")
    imports.package("event", "EVENT_TYPES")
    imports.package("event", spec.union)
    state = name_of(spec, spec.state, imports)
    union = spec.unions.get(spec.state)
    state_class = state
    if union is not None:
        unknown = union.unknown
        state_class = name_of(spec, unknown, imports) if unknown else imports.package("runtime.model", "UnknownVariant")
    if spec.key:
        imports.package("runtime.keying", "StateAccumulators")
    readable = readable_name(spec)
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
    places = Places(spec)
    readings = tuple(
        ReadingView(
            name=reading.name,
            type=places.annotation(reading.result, imports),
            doc=docstring(_reading_doc(reading), 8),
            value=f"readings.{reading.name}(self.state)",
        )
        for reading in spec.readings
    )
    return AccumulatorView(
        readings=readings,
        union=spec.union,
        state=state,
        state_class=state_class,
        several=union is not None,
        doc=docstring(paragraphs, 4),
        readable="" if readable == "state" else readable,
        imports=imports.lines,
        keyed_doc=docstring(_keyed_doc(spec), 4) if spec.key else "",
        sequence=f"({literal(counter.name)}, {literal(attribute_of(counter))})" if (counter := spec.counter) else "",
    )


def _readings(spec: ir.Spec) -> ReadingsView:
    imports = Imports(depth=2, own="stream.readings")
    # A reading may have the name of a function of the runtime, but none that begins so.
    for name in {reading.join: "joined" if reading.join else "found" for reading in spec.readings}.values():
        imports.package("runtime.looking", f"{name} as _{name}")
    state, places = name_of(spec, spec.state, imports), Places(spec)
    views = tuple(
        ReadingView(
            name=reading.name,
            type=places.annotation(reading.result, imports),
            doc=docstring(_reading_doc(reading), 4),
            value=f"_{'joined' if reading.join else 'found'}({', '.join(['state', *_looks(spec, reading, imports)])})",
        )
        for reading in spec.readings
    )
    return ReadingsView(state, imports.lines, views)


def _looks(spec: ir.Spec, reading: ir.Reading, imports: Imports) -> Iterator[str]:
    """Give the expressions for the steps of a reading."""
    owner: ir.Type = ir.RecordRef(spec.state)
    for step in reading.steps:
        if isinstance(step, ir.Member):
            yield from map(literal, attribute_path(spec, owner, [step.name]))
        else:
            if step.position is not None:
                yield str(step.position)
            if step.record:
                yield name_of(spec, step.record, imports)
            elif step.position is None:
                yield "object"
        owner = step.type


def _reading_doc(reading: ir.Reading) -> list[str]:
    where = prose(f"`{reading.path}`")
    what = f"All texts at {where}, put together." if reading.join else f"What is at {where}, in order."
    return [*([prose(reading.doc)] if reading.doc else []), what]


def _keyed_doc(spec: ir.Spec) -> list[str]:
    paths = " or ".join(prose(f"`{'.'.join(path)}`") for path in spec.key)
    return [
        f"Builds up the `{spec.state}` of each key, from events of all of them.",
        f"The key of an event is its {paths}. `feed` takes the events. It gives the last `{spec.state}` of a key whose"
        " stream ends with the event, and forgets it; else None.",
        f"It is a mapping of the keys that are live to what there is of their `{spec.state}`; `accumulator` gives the"
        " `Accumulator` of one. An event without a key changes nothing. If it ends a stream, it ends all of them: `end`"
        " says how, and what there is can be read until an event with a key comes, which begins anew. `mended` is that"
        " of all together.",
    ]


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
    keys = row(map(_way, spec.key))
    return EndingsView(imports.lines, tuple(views), tuple(openers), keys, literals(spec.done))


class _EndPlaces:
    """Knows where in an event stands how the stream ends.

    What the spec says of one event holds for the others, too, where they bring the same state or declare nothing of
    that name: servers put an error where another event has it. What is called like a status is one beside an error and
    in the state, too.
    """

    def __init__(self, spec: ir.Spec) -> None:
        states = dict.fromkeys(state for event in spec.events if (state := event.snapshot))
        self._reasons = tuple(dict.fromkeys(event.reason for event in spec.events if event.reason))
        self._errors = tuple(dict.fromkeys(path for event in spec.events for path in event.errors if path))
        beside = dict.fromkeys([*states, *(path[:-1] for path in self._errors)])
        said = dict.fromkeys(event.status for event in spec.events if event.status)
        names = dict.fromkeys(path[-1] for path in said if isinstance(path[-1], str))
        self._statuses = tuple(dict.fromkeys([*said, *((*place, name) for place in beside for name in names)]))

    def expression(self, event: ir.Event) -> str:
        """Give the expression for what an event says about the end."""
        errors = [*event.errors, *self._shared(event, self._errors)]
        if any(end.kind in _BAD_ENDS for end in event.ends):
            errors.append(())
        named = {
            "reasons": [*([event.reason] if event.reason else []), *self._shared(event, self._reasons)],
            "errors": errors,
            "statuses": [*([event.status] if event.status else []), *self._shared(event, self._statuses)],
        }
        given = {name: dict.fromkeys(paths) for name, paths in named.items()}
        always = next((end.kind for end in event.ends if not end.when), None)
        arguments = [literal(always) if always else "None"]
        arguments += [f"{name}={row(map(_way, paths))}" for name, paths in given.items() if paths]
        cases = [f"({literal(end.kind)}, {row(map(_test, end.when))})" for end in event.ends if end.when]
        arguments += [f"cases={row(cases)}"] if cases else []
        return f"Ending({', '.join(arguments)})"

    def _shared(self, event: ir.Event, paths: Iterable[ir.Way]) -> list[ir.Way]:
        state = event.snapshot
        if not event.ends:
            # An event that goes on is asked for nothing but the state that it brings.
            return [path for path in paths if state is not None and path[: len(state)] == state]
        return [
            path
            for path in paths
            if (state is not None and path[: len(state)] == state) or event.record.field(str(path[0])) is None
        ]


def _test(test: ir.Test) -> str:
    return f"({_way(test.path)}, {value_text(test.value)})"


def _way(steps: ir.Way) -> str:
    return row(map(value_text, steps))
