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
from .identifiers import attribute, attribute_of, attribute_path
from .places import Imports
from .text import docstring, literal, prose, row
from .wrapping import WIDTH

_SEQUENCE = "sequence_number"
_ITEM_ID = "item_id"
_ID = "id"
_STATUS = "status"
_BAD_ENDS = frozenset(["error", "failed"])
_TAKEN = frozenset(["all", "event", "getattr", "given", "isinstance", "item", "state"])
_ACCUMULATOR_NAMES = frozenset(["close", "end", "feed", "mended", "sequence"])


@dataclass(frozen=True, slots=True)
class FoldView:
    """The function that does to the state what an event says.

    Attributes:
        values: Variables, each with the expression of what it holds.
        lines: The statements, indented.
    """

    name: str
    signature: str
    model: str
    doc: str
    values: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoldsView:
    """The module of folds.

    Attributes:
        growing: Classes of the state, each with the expression for the attributes that events build up.
        snapshots: Classes of the events that replace the whole state, each with the expression for where in them it is.
    """

    state: str
    imports: tuple[str, ...]
    folds: tuple[FoldView, ...]
    growing: tuple[tuple[str, str], ...]
    snapshots: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AccumulatorView:
    """The module of the accumulator.

    Attributes:
        readable: Name under which the state can be read beside `state`, empty where that is taken.
        sequence: Expression for the wire name and the attribute of the number of an event, empty where there is none.
    """

    union: str
    state: str
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
        yield Page(folder / "folds.py", "python/stream/folds.py.jinja", _folds(spec), shared=True)
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
        _model(spec, event.record.name, imports): literal(ir.tag_text(event.keys[0].parts[beside[0]]))
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


def _folds(spec: ir.Spec) -> FoldsView:
    imports = Imports(depth=2, own="stream.folds")
    imports.stdlib("typing", "Final")
    imports.package("runtime.accumulating", "FoldTable")
    imports.package("runtime.accumulating", "SnapshotTable")
    imports.package("runtime.growing", "Growing")
    writer = _FoldWriter(spec, imports)
    folds = tuple(writer.function(event, event.folds) for event in spec.events if event.folds)
    if folds:
        imports.package("runtime.drafts", "Draft")
    growing = tuple(
        (_model(spec, name, imports), row(map(literal, fields))) for name, fields in _growing(spec).items() if fields
    )
    whole = ((event, fold) for event in spec.events for fold in event.folds or () if not fold.steps)
    snapshots = tuple(
        (
            _model(spec, event.record.name, imports),
            _path(attribute_path(spec, ir.RecordRef(event.record.name), fold.source)),
        )
        for event, fold in whole
    )
    return FoldsView(spec.state, imports.lines, folds, growing, snapshots)


def _growing(spec: ir.Spec) -> dict[str, list[str]]:
    """Give the attributes of each record that events build up: by pieces, by elements, or by what is in them."""
    found: dict[str, list[str]] = {name: [] for name in spec.records}
    for fold in (fold for event in spec.events for fold in event.folds or ()):
        within: ir.Type = ir.RecordRef(spec.state)
        for place, step in enumerate(fold.steps):
            if isinstance(step, ir.Member) and (fold.append or place < len(fold.steps) - 1):
                for record in _records(spec, within):
                    field = spec.records[record].field(step.name)
                    if field is not None and attribute_of(field) not in found[record]:
                        found[record].append(attribute_of(field))
            within = step.type
    return found


def _records(spec: ir.Spec, declared: ir.Type) -> tuple[str, ...]:
    """Give the records that a value of a type may be."""
    match declared:
        case ir.RecordRef(name):
            return (name,)
        case ir.UnionRef(name):
            return spec.unions[name].records
        case _:
            return ()


def _accumulator(spec: ir.Spec) -> AccumulatorView:
    imports = Imports(depth=2, own="stream.accumulator")
    imports.package("runtime.accumulating", "StateAccumulator")
    imports.package("event", "EVENT_TYPES")
    imports.package("event", spec.union)
    state = _model(spec, spec.state, imports)
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
        if not event.ends and places.state_of(event) is None:
            continue
        model = _model(spec, event.record.name, imports)
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
        states = dict.fromkeys(state for event in spec.events if (state := self.state_of(event)))
        self._reasons = tuple(dict.fromkeys(event.reason for event in spec.events if event.reason))
        self._errors = tuple(dict.fromkeys(path for event in spec.events for path in event.errors if path))
        beside = dict.fromkeys([*states, *(path[:-1] for path in self._errors)])
        self._statuses = tuple((*place, _STATUS) for place in beside)

    @staticmethod
    def state_of(event: ir.Event) -> tuple[str, ...] | None:
        """Give the path in an event to the whole state; None where it brings none."""
        whole = (fold.source for fold in event.folds or () if not fold.steps and fold.literal is None)
        return next(whole, None)

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
        state = self.state_of(event)
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


def _model(spec: ir.Spec, name: str, imports: Imports) -> str:
    return imports.package(".".join(spec.records[name].module.parts), name)


def _has(record: ir.Record, name: str, declared: ir.Type) -> bool:
    field = record.field(name)
    return field is not None and field.type == declared


class _FoldWriter:
    """Writes the functions that fold events into the state."""

    def __init__(self, spec: ir.Spec, imports: Imports) -> None:
        self._spec = spec
        self._imports = imports
        self._event: ir.Type = ir.Primitive.ANY
        self._values: dict[tuple[str, ...], str] = {}
        self._types: dict[tuple[str, ...], ir.Type] = {}
        putting: dict[tuple[tuple[str, str], ...], list[str]] = {}
        for event in spec.events:
            for fold in event.folds or ():
                if not fold.append and fold.steps and isinstance(fold.steps[-1], ir.Element):
                    putting.setdefault(_way(fold), []).append(event.tag)
        self._finishing = {(way, tags[-1]) for way, tags in putting.items() if len(set(tags)) > 1}
        """The places of elements, each with the event that brings them finished."""

    def function(self, event: ir.Event, folds: tuple[ir.Fold, ...]) -> FoldView:
        texts = [prose(f"`{fold.text}`") for fold in folds]
        paragraphs = texts if len(texts) == 1 else ["In this order:", *(f"- {text}" for text in texts)]
        name = f"fold_{snake(event.record.name)}"
        model = _model(self._spec, event.record.name, self._imports)
        self._event, self._values = ir.RecordRef(event.record.name), {}
        self._types = {}
        lines = [line for fold in folds for line in self._statement(event, fold)]
        return FoldView(
            name=name,
            signature=f"def {name}(state: Draft, event: {model}) -> None:",
            model=model,
            doc=docstring(paragraphs, 4),
            values=tuple((local, self._read(path)) for path, local in self._values.items()),
            lines=tuple(lines),
        )

    def _read(self, path: tuple[str, ...]) -> str:
        """Give the expression for what an event has at a path of attributes, None where one of them is not set."""
        if isinstance(self._types.get(path), ir.ListOf):
            return f"state.fitting(event, {', '.join(map(literal, path))})"
        if len(path) == 1:
            return f"getattr(event, {literal(path[0])}, None)"
        return f"{self._imports.package('runtime.drafts', 'given')}(event, {', '.join(map(literal, path))})"

    def _value(self, *names: str) -> str:
        """Give the variable for what an event has at a path, None where it has nothing there."""
        path = attribute_path(self._spec, self._event, names)
        local = "_".join(path)
        return self._values.setdefault(path, f"{local}_" if local in _TAKEN else local)

    def _statement(self, event: ir.Event, fold: ir.Fold) -> list[str]:
        if fold.literal is None:
            value = self._value(*fold.source)
            self._types[attribute_path(self._spec, self._event, fold.source)] = fold.source_type
            conditions = self._given(fold, value)
        else:
            value, conditions = literal(fold.literal), []
        indent = 4
        steps, attributes = self._with_lists(fold.steps), self._attributes(fold.steps)
        lines = _condition(conditions)
        if lines:
            indent = 8
        owner = "state"
        for place, (member, element) in enumerate(steps):
            name = literal(attributes[place])
            last = place == len(steps) - 1
            if last:
                break
            if element is None:
                arguments = [name, *self._models(member, steps[place + 1][0])]
                call_, target = "member", attribute(snake(member.name))
            else:
                record = _record_of(element)
                arguments = [name, self._value(element.index), _model(self._spec, record, self._imports)]
                if self._by_id(event, fold, place):
                    arguments.append(self._value(_ITEM_ID))
                # Where the value tells which of the statements it is for, only one is carried out.
                told = conditions and conditions[0].startswith("isinstance")
                among = () if told else _alternatives(event, fold, element)
                if len(among) > 1:
                    arguments.append(f"among={row(_model(self._spec, each, self._imports) for each in among)}")
                call_, target = "element", attribute(snake(record))
            target = f"{target}_" if target in _TAKEN or target in self._values.values() else target
            lines.append(f"{' ' * indent}{target} = {owner}.{call_}({', '.join(arguments)})")
            owner = target
        function, arguments = self._change(event, fold, owner, value)
        lines.append(f"{' ' * indent}{function}({', '.join(arguments)})")
        return lines

    def _change(self, event: ir.Event, fold: ir.Fold, owner: str, value: str) -> tuple[str, list[str]]:
        if not fold.steps:
            return f"{owner}.{'replace' if event.ends else 'begin'}", [value]
        _, element = self._with_lists(fold.steps)[-1]
        name = literal(self._attributes(fold.steps)[-1])
        if element is None:
            return f"{owner}.{'append' if fold.append else 'set'}", [name, value]
        put = "finish" if (_way(fold), event.tag) in self._finishing else "put"
        return f"{owner}.{'extend' if fold.append else put}", [name, self._value(element.index), value]

    def _attributes(self, steps: tuple[ir.Step, ...]) -> list[str]:
        """Give the attribute of each step into a field."""
        found: list[str] = []
        owner: ir.Type = ir.RecordRef(self._spec.state)
        for step in steps:
            if isinstance(step, ir.Member):
                found += attribute_path(self._spec, owner, [step.name])
            owner = step.type
        return found

    @staticmethod
    def _with_lists(steps: tuple[ir.Step, ...]) -> list[tuple[ir.Member, ir.Element | None]]:
        """Join each step into an element with the one into its list."""
        joined: list[tuple[ir.Member, ir.Element | None]] = []
        for step in steps:
            if isinstance(step, ir.Member):
                joined.append((step, None))
            else:
                joined[-1] = (joined[-1][0], step)
        return joined

    def _by_id(self, event: ir.Event, fold: ir.Fold, place: int) -> bool:
        """Whether the event tells the id of the element at a place of the way."""
        step = fold.steps[1]
        if place > 0 or isinstance(step, ir.Member):
            return False
        records = _records(self._spec, step.type)
        identified = any(_has(self._spec.records[record], _ID, ir.Primitive.STRING) for record in records)
        return identified and _has(event.record, _ITEM_ID, ir.Primitive.STRING)

    def _models(self, member: ir.Member, following: ir.Member) -> list[str]:
        """Give the classes that the object in a field may have for the way to go on."""
        names: tuple[str, ...] = ()
        match member.type:
            case ir.RecordRef(name):
                names = (name,)
            case ir.UnionRef(name):
                records = self._spec.unions[name].records
                names = tuple(record for record in records if self._spec.records[record].field(following.name))
            case _:
                raise AssertionError("the binder lets no path go through anything but an object")
        return [_model(self._spec, name, self._imports) for name in names]

    def _given(self, fold: ir.Fold, value: str) -> list[str]:
        """Give the conditions under which an event has a value to fold, and one that fits the place it goes to."""
        target: ir.Type = fold.steps[-1].type if fold.steps else ir.RecordRef(self._spec.state)
        fits = self._fits(value, target, fold.source_type)
        # Of a class it is also not None.
        return [fits] if fits.startswith("isinstance") else [f"{value} is not None", *([fits] if fits else [])]

    def _fits(self, value: str, target: ir.Type, source: ir.Type) -> str:
        """Give the test that a value needs whose declared type allows more than its place does; empty if none."""
        match target, source:
            case ir.UnionRef(name), ir.UnionRef(other):
                allowed, given = self._spec.unions[name].records, self._spec.unions[other].records
                if set(given) <= set(allowed):
                    return ""
                models = [_model(self._spec, record, self._imports) for record in allowed if record in given]
                models.append(self._imports.package("runtime.model", "UnknownVariant"))
                return f"isinstance({value}, ({', '.join(models)}))"
            case ir.RecordRef(name), ir.UnionRef():
                return f"isinstance({value}, {_model(self._spec, name, self._imports)})"
            case ir.Nullable(inner), _:
                test = self._fits(value, inner, source.type if isinstance(source, ir.Nullable) else source)
                return f"({value} is None or {test})" if test else ""
            case ir.ListOf(item), ir.ListOf(other_item):
                test = self._fits("item", item, other_item)
                return f"all({test} for item in {value})" if test else ""
            case _:
                return ""


def _way(fold: ir.Fold) -> tuple[tuple[str, str], ...]:
    """Tell the place that a fold leads to from others, whatever the positions in it are called."""
    return tuple((step.name, "") if isinstance(step, ir.Member) else ("", step.record) for step in fold.steps)


def _alternatives(event: ir.Event, fold: ir.Fold, element: ir.Element) -> tuple[str, ...]:
    """Give the records that statements of an event go to with the same value at a place, in their order."""
    at = fold.steps.index(element)
    found = [
        step.record
        for other in event.folds or ()
        if (other.source, other.literal, other.steps[:at]) == (fold.source, fold.literal, fold.steps[:at])
        for step in other.steps[at : at + 1]
        if isinstance(step, ir.Element) and step.index == element.index and step.record
    ]
    return tuple(dict.fromkeys(found))


def _record_of(element: ir.Element) -> str:
    assert isinstance(element.type, ir.RecordRef), "the binder asks for an object type where a path goes on"
    return element.type.name


def _condition(conditions: list[str]) -> list[str]:
    if not conditions:
        return []
    line = f"    if {' and '.join(conditions)}:"
    if len(line) <= WIDTH:
        return [line]
    return ["    if (", f"        {conditions[0]}", *(f"        and {each}" for each in conditions[1:]), "    ):"]
