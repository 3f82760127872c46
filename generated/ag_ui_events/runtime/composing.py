"""Composes examples: an event of each tag, and whole valid streams with one kind of element or one way to end."""

from __future__ import annotations

import contextlib
import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from .building import Node
from .encoding import encode_any
from .model import ABSENT, Model
from .paths import copied, look_up, put_down
from .planning import CUT, Kind, Path, Sending
from .refusing import LifecycleError
from .sampling import Sampler
from .shape import SHAPES, Field, models_in
from .streaming import StreamNode
from .vetting import Checks
from .wire import WireObject

EVERYTHING = "everything"
"""The stream with an element of each kind."""


_TRIES = 50
"""Values that are made up at most to find one with a member that not all have."""


class Element(NamedTuple):
    """A kind of element that a stream can be an example of."""

    builder: type[Node]
    model: type[Model] | None
    """Class of its objects; None if it has none."""

    within: type[Node] | None
    """What builds the element around it; None where that is the stream."""

    doc: str


class End(NamedTuple):
    """A way in which a stream can end."""

    sending: str
    """What is sent, by its name in the plan."""

    kind: str
    doc: str


class Samples(NamedTuple):
    """What the examples of a package are made from."""

    checks: Checks
    stream: type[StreamNode[Any]]
    state: type[Model]
    elements: Mapping[str, Element]
    """By the name of the method that opens such an element."""

    ends: Mapping[str, End]
    """By the name of the method that ends a stream so."""

    examples: Mapping[str, WireObject]
    """Events of the spec, by tag."""


def described(samples: Samples) -> dict[str, str]:
    """Give the names of the streams, each with a sentence about it."""
    ends = {name if name not in samples.elements else f"{name}_stream": end.doc for name, end in samples.ends.items()}
    elements = {name: element.doc for name, element in samples.elements.items()}
    moments = {name: f"A stream with the event `{tag}`." for name, tag in _moments(samples).items()}
    everything = {EVERYTHING: "An element of each kind, one behind the other."}
    return {**elements, **ends, **{name: doc for name, doc in moments.items() if name not in elements}, **everything}


def example(samples: Samples, tag: str, seed: int) -> Any:
    """Give an event: with the seed 0 the example of the spec if that has one, else one with made-up values.

    Raises:
        ValueError: There is no such tag.
    """
    models = {law.tag: model for model, law in samples.checks.lifecycle.events.items()}
    if tag not in models:
        raise ValueError(f"no event {tag!r}{guessed(tag, models)}")
    if seed == 0 and tag in samples.examples:
        return samples.checks.decode(copied(samples.examples[tag]))
    return sampler_of(samples, seed).object(models[tag])


def compose(samples: Samples, name: str, seed: int, *, count: int = 1) -> list[Any]:
    """Give the events of a whole valid stream.

    Args:
        samples: What it is made from.
        name: One of those that `described` gives.
        seed: What its texts and ids depend on.
        count: How many elements are in it of the kind that it is an example of, or that is in it when it ends.

    Raises:
        ValueError: There is no such stream.
    """
    names = described(samples)
    if name not in names:
        raise ValueError(f"no stream {name!r}{guessed(name, names)}")
    end = samples.ends.get(name.removesuffix("_stream")) if name not in samples.elements else None
    is_moment = name not in samples.elements and end is None and name != EVERYTHING
    moment = _moments(samples)[name] if is_moment else None
    composer = _Composer(samples, sampler_of(samples, seed), moment)
    if name == EVERYTHING:
        for element in samples.elements.values():
            if element.within is None:
                composer.element(element, is_full=True)
    elif name in samples.elements:
        composer.element(samples.elements[name], count=count)
    elif samples.elements and end is not None and end.kind == "completed":
        # Two of them, so that there is something to be in order.
        for _ in range(2):
            composer.element(_first(samples), is_full=True)
    elif samples.elements:
        composer.element(_first(samples), count=count, is_open=end is not None)
    composer.end(end or next(iter(samples.ends.values())))
    return composer.events()


def sampler_of(samples: Samples, seed: int) -> Sampler:
    """Give what makes up values of which the statements about events are true."""
    holds = [hold for law in samples.checks.lifecycle.events.values() for hold in law.holds]
    changes = [change for law in samples.checks.lifecycle.events.values() for change in law.changes]
    jsons = {hold.path[-1] for hold in holds if hold.relation == "is json"}
    jsons |= {change.path[-1] for change in changes if change.does == "json" and isinstance(change.path[-1], str)}
    unwanted = {hold.path[-1]: hold.values for hold in holds if hold.relation == "!=" and not hold.paths}
    sums = {
        hold.path[-1]: tuple(path[-1] for path in hold.paths) for hold in holds if hold.relation == "=" and hold.paths
    }
    return Sampler(seed, jsons=jsons, unwanted=unwanted, sums=sums, usual=_usual(samples))


def _usual(samples: Samples) -> dict[str, list[str | float]]:
    """Give the texts and numbers that the state has in the examples of the spec, by the name of their member."""
    shape = SHAPES.get(samples.state)
    names = shape.fields if shape is not None else {}
    found: dict[str, list[str | float]] = {}
    for event in samples.examples.values():
        for within in (event, *event.values()):
            for name, value in within.items() if isinstance(within, dict) else ():
                if name in names and type(value) in (str, int, float) and value:
                    found.setdefault(name, []).append(value)
    return found


def guessed(name: str, names: Mapping[str, object]) -> str:
    """Say which names look like one that there is not."""
    found = difflib.get_close_matches(name, names)
    return f"; did you mean {' or '.join(map(repr, found))}?" if found else f"; there are {', '.join(names)}"


def _first(samples: Samples) -> Element:
    """Give the first kind of element that something can be said in: of all others there is no more than a beginning."""
    outer = [element for element in samples.elements.values() if element.within is None]
    return next((each for each in outer if each.builder.kind_.pieces or each.builder.kind_.inner), outer[0])


def _moments(samples: Samples) -> dict[str, str]:
    """Give the events about the stream as a whole that a valid one need not have, but has a place for."""
    plan, kind = samples.stream.plan_, samples.stream.kind_
    closing = _closing(kind)
    found: dict[str, str] = {}
    for position, tag in enumerate(kind.names):
        sending = plan.sendings.get(tag)
        if sending is None or sending.role or position in kind.last or tag in closing:
            continue
        if _can_lack(kind, position):
            found[tag.rpartition(".")[2].lower()] = tag
    return found


def _can_lack(kind: Kind, position: int) -> bool:
    """Whether a sequence comes to its end without one of its positions."""
    seen = {-1}
    todo = [-1]
    while todo:
        here = todo.pop()
        if here in kind.last:
            return True
        new = {each for each in kind.after(here) if each != position} - seen
        seen |= new
        todo += new
    return False


def _closing(kind: Kind) -> list[str]:
    """Give the events after which no element can come any more, and which do not end the stream themselves."""
    places = {at for at, name in enumerate(kind.names) if name in kind.inner}
    before: set[int] = set()
    while new := {at for at in range(len(kind.names)) if (places | before).intersection(kind.after(at))} - before:
        before |= new
    behind = {at for place in places for at in kind.after(place)} - before
    return [name for at, name in enumerate(kind.names) if at in behind and kind.after(at) and at not in kind.last]


class _Composer:
    """Says in a stream what is to happen in it."""

    def __init__(self, samples: Samples, sampler: Sampler, moment: str | None) -> None:
        """Begin the stream, with an event about it as a whole if there is to be one."""
        self._samples = samples
        self._sampler = sampler
        self._plan = samples.stream.plan_
        state = self._beginning(samples.stream.kind_, samples.state)
        for path, allowed in self._plan.sendings[moment].held if moment is not None else ():
            put_down(state, path, allowed[0])
        self._stream = samples.stream.bare_(state, overlap=False, sink=None, ids=sampler.fresh)
        self._stream.start_(self._rest(self._plan.sendings[self._plan.opener]))
        if moment is not None:
            self.say(moment)

    def events(self) -> list[Any]:
        """Give what was said."""
        return self._stream.take_events()

    def say(self, tag: str) -> None:
        """Let an event happen in the stream."""
        sending = self._plan.sendings[tag]
        pieces = [source for source, *_ in (*sending.appends, *sending.puts)]
        model = self._model_of(sending)
        self._stream.happen_(tag, self._rest(sending), {path: self._at(model, path) for path in pieces})

    def element(self, element: Element, *, count: int = 1, is_full: bool = False, is_open: bool = False) -> None:
        """Put elements in, one behind the other, and what it takes around them.

        Args:
            element: Their kind.
            count: How many.
            is_full: Whether an element of each kind is put into each, rather than one.
            is_open: Whether the last is left open, and what is around it.
        """
        chain = [element]
        while (within := chain[0].within) is not None:
            chain.insert(0, next(each for each in self._samples.elements.values() if each.builder is within))
        node: Node = self._stream
        around: list[Node] = []
        for each in chain[:-1]:
            node = self._open(node, each)
            around.append(node)
        kids: list[Node] = []
        for _ in range(count):
            # The one before is closed, whether or not it would be by the next.
            self._close_all(kids)
            kids = [self._open(node, element)]
            self._fill(kids[0], is_full=is_full)
        if not is_open:
            self._close_all([*kids, *reversed(around)])

    def end(self, end: End) -> None:
        """End the stream."""
        stream, sending = self._stream, self._plan.sendings[end.sending]
        if end.kind in ("completed", CUT):
            for kid in stream.open_kids_():
                self._close(kid, is_cut=end.kind == CUT)
            for tag in _closing(stream.kind_):
                self.say(tag)
        for path, _, _ in sending.needed:
            if look_up(stream.data_, path) in (ABSENT, None):
                put_down(stream.data_, path, self._at(self._samples.state, path))
        for attempt in range(_TRIES):
            # Most values would say that the stream ends otherwise.
            with contextlib.suppress(*([ValueError] if attempt < _TRIES - 1 else [])):
                stream.end_with_(end.sending, end.kind, self._rest(sending))
                return

    def _open(self, outer: Node, element: Element) -> Node:
        kind = element.builder.kind_
        data = self._beginning(kind, element.model) if element.model is not None else {}
        sending = self._plan.sendings[outer.kind_.inner[kind.place].opener]
        return outer.open_(element.builder, kind.place, data, self._rest(sending))

    def _fill(self, node: Node, *, is_full: bool) -> None:
        """Say in an element what can be said in it."""
        kind = node.kind_
        pieces = dict(kind.pieces)
        named = [way for name in kind.names for way in self._plan.ways.get(name, (name,))]
        said = list(dict.fromkeys(named)) or [*pieces, *self._putting(kind), *kind.inner]
        for name in said:
            if name in kind.inner:
                inside = [each for each in self._samples.elements.values() if each.within is type(node)]
                fitting = [each for each in inside if each.builder.kind_.place == name]
                for each in fitting if is_full else fitting[:1]:
                    kid = self._open(node, each)
                    self._fill(kid, is_full=is_full)
                    self._close(kid)
            sending = self._plan.sendings.get(name)
            # What may not come here is left out: nothing of it is sent.
            with contextlib.suppress(LifecycleError):
                if name in pieces:
                    self._write(node, name, pieces[name])
                elif sending is not None and sending.grows:
                    self._print(node, sending)
                elif sending is not None and sending.gathers:
                    self._gather(node, sending)
                elif sending is not None and name in self._putting(kind):
                    node.put_in_(name, self._at(self._model_of(sending), sending.puts[0][0]))
                elif sending is not None and sending.counts:
                    # Two of them, so that there is something to count.
                    for _ in range(2):
                        node.happen_(name, self._rest(sending))

    def _write(self, node: Node, tag: str, leaf: Path) -> None:
        more = self._rest(self._plan.sendings[tag])
        for piece in self._sampler.pieces(leaf[-1] if leaf else ""):
            node.append_(tag, piece, more)

    def _close_all(self, nodes: Iterable[Node]) -> None:
        for node in nodes:
            if not node.is_closed:
                self._close(node)

    def _print(self, node: Node, sending: Sending) -> None:
        """Add to the texts of the first element of a list."""
        for source, _, index, rest in sending.grows:
            for piece in self._sampler.pieces(rest[-1]):
                members = {name: value for name, value in self._rest(sending).items() if name != source[0]}
                put_down(members, index, 0)
                put_down(members, source, piece)
                node.happen_(sending.name, members)

    def _gather(self, node: Node, sending: Sending) -> None:
        """Finish the first element of a list in which texts have grown."""
        source, leaf, index = sending.gathers[0]
        texts = {rest[0] for grown in node.kind_.grown if grown.path == leaf for rest in grown.texts}
        (model,) = models_in(self._field(self._model_of(sending), source).type)
        element = {
            name: self._sampler.value(field.type, name, 1)
            for name, field in self._required(model)
            if name not in texts and not field.nullable
        }
        members = self._rest(sending)
        if index:
            put_down(members, index, 0)
        node.gather_(sending.name, members, element)

    def _close(self, node: Node, *, is_cut: bool = False) -> None:
        closer = self._plan.sendings.get(node.kind_.closer)
        node.close_(None, event=self._rest(closer) if closer is not None else None, is_cut=is_cut)

    def _putting(self, kind: Kind) -> list[str]:
        """Give the events that put something into a list of such an element."""
        return [
            name
            for name, sending in self._plan.sendings.items()
            if sending.puts and sending.places[-1:] == (kind.place,) and sending.puts[0][1][:1] in _firsts(kind)
        ]

    def _beginning(self, kind: Kind, model: type[Model]) -> WireObject:
        """Make up the members that an element has to have from the beginning."""
        lists = [inner.path for inner in kind.inner.values() if inner.path]
        paths = [*kind.texts, *lists]
        built = {kind.identity, kind.tag[0], *(name for name, _ in kind.ranks)}
        built |= {
            path[0] for path in (*paths, *_firsts(kind), *(path for path, _ in kind.beginnings)) if len(path) == 1
        }
        found: WireObject = {}
        for name, field in self._required(model):
            if name not in built:
                found[name] = self._made(field, name, [path[1:] for path in paths if path[:1] == (name,)])
        for path, value in kind.beginnings:
            if len(path) > 1:
                put_down(found, path, copied(value))
        empty: list[tuple[Path, Any]] = [
            *((path, {} if path in kind.jsons else "") for path in kind.texts),
            *((path, []) for path in lists),
        ]
        for path, begin in empty:
            if len(path) > 1:
                put_down(found, path, copied(begin))
        return found

    def _made(self, field: Field, name: str, paths: Iterable[Path]) -> Any:
        """Make up a member in which something leads somewhere, if there is such a value."""
        value: Any = None
        for _ in range(_TRIES):
            value = encode_any(self._sampler.value(field.type, name, 1))
            if all(look_up(value, path) is not ABSENT for path in paths):
                break
        return value

    def _rest(self, sending: Sending) -> WireObject:
        """Make up the members that an event has to have and that do not follow from what it is about."""
        known = set(sending.start) | {path[0] for path, *_ in (*sending.keys, *sending.same, *sending.finishes)}
        known |= {path[0] for path, *_ in (*sending.appends, *sending.puts, *sending.gathers)}
        known |= {path[0] for path in (sending.element, sending.state, *sending.counts) if path}
        known |= {index[0] for *_, index in sending.puts if index}
        if sending.tag != self._plan.opener and sending.key:
            known.add(sending.key[0])
        return {
            name: encode_any(self._sampler.value(field.type, name, 1)) if not field.nullable else None
            for name, field in self._required(self._model_of(sending))
            if name not in known
        }

    def _model_of(self, sending: Sending) -> type[Model]:
        return next(model for model, law in self._samples.checks.lifecycle.events.items() if law.tag == sending.tag)

    def _required(self, model: type[Model]) -> Iterator[tuple[str, Field]]:
        for name, field in SHAPES[model].fields.items():
            if field.name in model.field_names and field.name not in model.field_defaults:
                yield name, field

    def _field(self, model: type[Model], path: Path) -> Field:
        models: Sequence[type[Model]] = [model]
        for name in path[:-1]:
            models = [
                each for model in models if (field := SHAPES[model].fields.get(name)) for each in models_in(field.type)
            ]
        return next(field for model in models if (field := SHAPES[model].fields.get(path[-1])))

    def _at(self, model: type[Model], path: Path) -> Any:
        return encode_any(self._sampler.value(self._field(model, path).type, path[-1], 1))


def _firsts(kind: Kind) -> list[Path]:
    return [(name,) for name in kind.lists]
