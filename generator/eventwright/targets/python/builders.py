"""The builders of the Python package: a class for each kind of element, with a method for all that may happen."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator
from dataclasses import MISSING, dataclass, fields, replace
from pathlib import PurePosixPath

from ...model import ir
from ...model.names import camel, snake
from ...model.prose import first_sentence
from ...output.render import Page
from .identifiers import attribute, attribute_of
from .places import Imports, Places, free
from .plans import Planner, Way, is_built
from .runtime.building import Node, StreamNode
from .runtime.planning import CUT, Grown, Inner, Kind, Sending
from .text import docstring, literal, prose

_ENDS = {"completed": "complete", CUT: CUT, "failed": "fail", "error": "error"}
"""What the methods are called that end a stream, by how it ends."""

NODE_NAMES = frozenset(name for name in dir(Node) if name[0] != "_") | {"close"}
"""What every builder has already."""
_STREAM_NAMES = frozenset(name for name in dir(StreamNode) if name[0] != "_") | {"overlap", "resumed"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a method.

    Attributes:
        wire: Name of the member that it becomes.
        annotation: Its type.
        default: What it is where it is not given; empty where it has to be.
    """

    name: str
    wire: str
    annotation: str
    default: str

    @property
    def key(self) -> str:
        """The name of the member, as a literal."""
        return literal(self.wire)

    @property
    def text(self) -> str:
        """How the signature has it."""
        return f"{self.name}: {self.annotation}{f' = {self.default}' if self.default else ''}"


@dataclass(frozen=True, slots=True)
class MethodView:
    """A method of a builder.

    Attributes:
        first: Parameters that are given by their place.
        named: Parameters that are given by their name.
        lines: Its body.
    """

    name: str
    first: tuple[Parameter, ...]
    named: tuple[Parameter, ...]
    returns: str
    doc: str
    lines: tuple[str, ...]

    @property
    def signature(self) -> str:
        """Its first line."""
        shown = ["self", *(each.text for each in self.first), *(["*"] if self.named else [])]
        shown += [each.text for each in sorted(self.named, key=lambda each: bool(each.default))]
        return f"def {self.name}({', '.join(shown)}) -> {self.returns}:"


@dataclass(frozen=True, slots=True)
class MemberView:
    """An attribute of a builder that is a member of its element."""

    name: str
    wire: str
    annotation: str
    read: str


@dataclass(frozen=True, slots=True)
class BuilderView:
    """The class that builds one kind of element.

    Attributes:
        kind: Expression for what may happen with it.
    """

    name: str
    doc: str
    kind: str
    members: tuple[MemberView, ...]
    methods: tuple[MethodView, ...]


@dataclass(frozen=True, slots=True)
class ElementView:
    """An element that an example of a stream can be about.

    Attributes:
        name: What the method is called that opens it.
        builder: Class of its builder.
        model: Class of its objects; `None` if it has none.
        within: Class of the builder of the element around it; `None` where that is the stream.
        doc: A sentence, as a literal.
    """

    name: str
    builder: str
    model: str
    within: str
    doc: str


@dataclass(frozen=True, slots=True)
class EndView:
    """A way in which an example of a stream can end.

    Attributes:
        name: What the method is called that ends it.
        sending: The event, as a literal.
        kind: How it ends, as a literal.
        doc: A sentence, as a literal.
    """

    name: str
    sending: str
    kind: str
    doc: str


@dataclass(frozen=True, slots=True)
class SamplesView:
    """The module of what examples are made from.

    Attributes:
        examples: Tags as literals, each with the expression for the wire object that the spec has as its example.
    """

    union: str
    imports: tuple[str, ...]
    stream: str
    state: str
    elements: tuple[ElementView, ...]
    ends: tuple[EndView, ...]
    examples: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class BuildView:
    """The modules of builders.

    Attributes:
        ways: Tags as literals, each with the expression for the names of what is sent with it.
        kinds: Names of places as literals, each with the class for its elements if there is but one, and with all.
        carries: Whether events carry the whole state, so that a stream can be resumed from that.
        state_class: Annotation of the state.
        sendings: Names of what is sent, as literals, each with the expression for how.
        stream: The class of the whole stream.
        state: Parameters of its constructor that become members of the state.
        own: Those that become members of the event that begins the stream.
        failing: The call that ends it after an exception; None where nobody but the author can say it.
        finishes: Whether it can be ended as intended without its author.
    """

    union: str
    imports: tuple[str, ...]
    plan_imports: tuple[str, ...]
    builders: tuple[BuilderView, ...]
    stream: BuilderView
    state: tuple[Parameter, ...]
    own: tuple[Parameter, ...]
    carries: bool
    state_class: str
    sendings: tuple[tuple[str, str], ...]
    ways: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str, tuple[str, ...]], ...]
    opener: str
    counter: str
    tag: str
    failing: str | None
    finishes: bool


def pages(spec: ir.Spec) -> Iterator[Page]:
    """Give the files of the `build` folder."""
    if is_built(spec):
        writer = _Writer(spec)
        view = writer.view()
        root = PurePosixPath(spec.name)
        # A folder called `build` is ignored in many repositories.
        yield Page(root / "build.py", "python/build.py.jinja", view)
        yield Page(root / "builders" / "stream.py", "python/builders/stream.py.jinja", view)
        yield Page(root / "builders" / "plans.py", "python/builders/plans.py.jinja", view)
        samples = writer.samples(view.stream.name)
        yield Page(root / "samples.py", "python/samples.py.jinja", samples)
        yield Page(root / "builders" / "samples.py", "python/builders/samples.py.jinja", samples)
        yield Page(root / "builders" / "__init__.py", "python/builders/init.py.jinja", view)


@dataclass(frozen=True, slots=True)
class _Said:
    """A method that says what happens at a place, and how another builder can say it for it."""

    way: Way
    method: MethodView


class _Writer:
    """Writes the classes of all kinds of elements."""

    def __init__(self, spec: ir.Spec) -> None:
        self._spec = spec
        self._planner = Planner(spec)
        self._places = Places(spec)
        self._imports = Imports(depth=2, own="builders.stream")
        self._sendings: dict[str, Sending] = {}
        self._said: dict[tuple[str, str], tuple[_Said, ...]] = {}
        self._opened: list[tuple[str, str, str, str, str]] = []
        """The method, the class, the record, the class around, and the sentence of all elements that can be opened."""
        self._ended: list[EndView] = []
        self._prefix = _shared_prefix([event.tag for event in spec.events])

    def view(self) -> BuildView:
        spec, planner = self._spec, self._planner
        for module in ("building", "planning", "relaying"):
            self._imports.runtime(module)
        self._imports.package("decoder", "decode")
        self._imports.package("lint", "Linter")
        self._imports.package("stream.endings", "ENDINGS")
        self._imports.package("event", spec.union)
        self._imports.stdlib("collections.abc", "Callable")
        self._imports.stdlib("typing", "Any")
        kinds = [(place, record) for place in self._inside_out() for record in planner.kinds_at(place)]
        builders = tuple(self._builder(place, record) for place, record in kinds)
        stream = self._stream()
        opener = planner.opener
        assert opener is not None
        given = ("overlap", "sink", "ids")
        state = _beside(self._opening(spec.records[spec.state], opener, "", omit=planner.told_later), *given)
        own = _beside(self._parameters(planner.open_fields(planner.ways(opener)[0], "")), *given)
        for event in spec.events:
            for way in planner.ways(event):
                self._sendings.setdefault(way.name, planner.sending(way, event.place))
        plan_imports = Imports(depth=2, own="builders.plans")
        plan_imports.runtime("planning")
        view = BuildView(
            union=spec.union,
            imports=(),
            plan_imports=plan_imports.lines,
            builders=builders,
            stream=stream,
            state=state,
            own=tuple(each for each in own if each.wire not in {parameter.wire for parameter in state}),
            carries=bool(opener.snapshot),
            state_class=self._places.annotation(spec.state_type, self._imports) if opener.snapshot else "",
            sendings=tuple((literal(name), _expression(value)) for name, value in self._sendings.items()),
            ways=tuple(
                (literal(event.tag), _expression(tuple(way.name for way in planner.ways(event))))
                for event in spec.events
            ),
            kinds=self._kinds(),
            opener=literal(opener.tag),
            counter=literal(spec.counter.name if spec.counter else ""),
            tag=literal(spec.tag.member),
            failing=self._failing(),
            finishes=any(method.name == "complete" and not method.first for method in stream.methods),
        )
        return replace(view, imports=self._imports.lines)

    def samples(self, stream: str) -> SamplesView:
        """Give the module of what examples are made from, once all classes are written."""
        spec = self._spec
        imports = Imports(depth=2, own="builders.samples")
        imports.runtime("composing")
        imports.package("lint.checks", "CHECKS")
        imports.package("builders", "stream")
        elements: dict[str, ElementView] = {}
        # What is directly in the stream keeps its name.
        for name, builder, record, within, doc in sorted(self._opened, key=lambda opened: bool(opened[3])):
            if any(each.builder == f"stream.{builder}" for each in elements.values()):
                continue
            model = self._places.model(record, imports) if record in spec.records else "None"
            around = f"stream.{within}" if within else "None"
            while name in elements:
                name += "_"
            elements[name] = ElementView(name, f"stream.{builder}", model, around, literal(doc))
        state = self._places.model(spec.state, imports)
        examples = tuple(
            (literal(event.tag), _expression(event.example)) for event in spec.events if event.example is not None
        )
        return SamplesView(
            union=spec.union,
            imports=imports.lines,
            stream=f"stream.{stream}",
            state=state,
            elements=tuple(elements.values()),
            ends=tuple(self._ended),
            examples=examples,
        )

    def _kinds(self) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        found = []
        for place in self._spec.places:
            names = tuple(self._class_name(place, each) for each in self._planner.kinds_at(place))
            if names:
                found.append((literal(place.name), names[0] if len(names) == 1 else "", names))
        return tuple(found)

    def _inside_out(self) -> list[ir.Place]:
        """Give the places, each after those within it."""
        places = [place for place in self._spec.places if self._planner.opener_of(place.name) is not None]
        return sorted(places, key=lambda place: -len(self._planner.chain(place.name)))

    def _class_name(self, place: ir.Place, record: str) -> str:
        name = f"{record or camel(place.name)}Builder"
        return free(name, self._spec.records) if name in self._spec.records else name

    # -- elements

    def _builder(self, place: ir.Place, record: str) -> BuilderView:
        planner = self._planner
        kind = planner.kind(place.name, record)
        declared = self._spec.records.get(record)
        said = tuple(self._said_at(place.name, record))
        self._said[place.name, record] = said
        taken = set(NODE_NAMES)
        methods = [*(each.method for each in said), *self._inner_methods(kind, place.name, record)]
        unique = _unique(methods, taken)
        closer = planner.closer_of(place.name)
        members = self._members(declared, kind, {method.name for method in unique} | taken)
        if closer is not None:
            unique.append(self._close(declared, closer, kind))
        opener = planner.opener_of(place.name)
        assert opener is not None
        begins = f"from `{opener.tag}`" + (f" to `{closer.tag}`" if closer else "")
        doc = [
            prose(first_sentence(declared.doc)) if declared else prose(f"A {place.name}."),
            prose(f"It is open {begins}."),
        ]
        return BuilderView(
            self._class_name(place, record), docstring(doc, 4), _expression(kind), members, tuple(unique)
        )

    def _said_at(self, place: str, record: str) -> Iterator[_Said]:
        """Give what may be said about an element while it is open."""
        for event in self._spec.events:
            if event.place != place or event.opens or event.closes or event.ends:
                continue
            if place and not self._planner.fits(event, place, record):
                continue
            for way in self._planner.ways(event):
                named = [change.record for change in way.changes if change.place == place and change.record]
                if named and record not in named:
                    continue
                method = self._saying(way, place)
                if method is not None:
                    yield _Said(way, replace(method, name=event.method) if event.method else method)

    def _saying(self, way: Way, place: str) -> MethodView | None:
        event, planner = way.event, self._planner
        sending = planner.sending(way, place)
        self._sendings[way.name] = sending
        fields = self._parameters(planner.open_fields(way, place) if not way.chosen else ())
        sends = prose(f"Sends `{event.tag}`.")
        if sending.appends or sending.puts:
            fields = _beside(fields, "piece" if sending.appends else "value")
        more = _mapping(fields)
        if sending.appends:
            leaf = sending.appends[0][1]
            name = leaf[-1] if leaf else "piece"
            first = (Parameter("piece", "", "str", ""),)
            doc = [prose(f"Add a piece to `{'.'.join(leaf) or place}`; an empty one changes nothing."), sends]
            call = f"self.append_({literal(way.name)}, piece{f', {more}' if more else ''})"
            return MethodView(_identifier(name), first, fields, "None", docstring(doc, 8), (call,))
        if sending.puts:
            source, leaf, _ = sending.puts[0]
            change = next(each for each in way.changes if each.source == source)
            assert change.fold.source is not None
            declared = change.fold.source.type
            first = (Parameter("value", "", self._places.annotation(declared, self._imports), ""),)
            doc = [prose(f"Put one more into `{'.'.join(leaf)}`."), sends]
            call = f"self.put_in_({literal(way.name)}, value{f', {more}' if more else ''})"
            return MethodView(_singular(_identifier(leaf[-1])), first, fields, "None", docstring(doc, 8), (call,))
        if sending.gathers:
            return self._gathering(way, sending, fields)
        if sending.finishes and not fields:
            return None
        name = self._event_name(event, place)
        if way.chosen:
            source = next(change.source for change in way.changes)
            change = next(each for each in way.changes if each.source == source)
            assert change.fold.source is not None
            annotation = self._places.annotation(change.fold.source.type, self._imports)
            first = (Parameter("value", "", annotation, ""),)
            name = _identifier(change.leaf[-1] if change.leaf else source[-1])
            path = _expression(source)
            call = f"self.happen_({literal(way.name)}, None, {{{path}: value}})"
            doc = [prose(f"Say what `{'.'.join(change.leaf) or place}` is."), sends]
            return MethodView(name, first, (), "None", docstring(doc, 8), (call,))
        doc = [prose(first_sentence(event.record.doc)), sends]
        call = f"self.happen_({literal(way.name)}{f', {more}' if more else ''})"
        return MethodView(name, (), fields, "None", docstring(doc, 8), (call,))

    def _gathering(self, way: Way, sending: Sending, fields: tuple[Parameter, ...]) -> MethodView:
        """Give the method that says what is left to say of an element in which texts have grown."""
        source, _, index = sending.gathers[0]
        change = next(each for each in way.changes if each.source == source)
        own = {each.name for each in fields}
        element = tuple(
            replace(each, name=free(each.name, own)) if each.name in own else each
            for each in (self._parameters(self._planner.ungrown(change)) if index else ())
        )
        doc = [
            prose(first_sentence(way.event.record.doc)),
            prose(f"Sends `{way.event.tag}`, with what came in pieces as the pieces have it."),
        ]
        call = f"self.gather_({literal(way.name)}, {_mapping(fields) or '{}'}, {_mapping(element) or '{}'})"
        name = self._event_name(way.event, sending.places[-1] if sending.places else "")
        return MethodView(name, (), (*fields, *element), "None", docstring(doc, 8), (call,))

    def _event_name(self, event: ir.Event, place: str) -> str:
        tag = event.tag.rpartition(".")[2] if place else event.tag.removeprefix(self._prefix)
        return _identifier(snake(tag) if not tag.isupper() else tag.lower())

    def _inner_methods(self, kind: Kind, place: str, record: str) -> Iterator[MethodView]:
        """Give the methods that open elements within one, and those that say something in them at once."""
        openings: list[MethodView] = []
        shortcuts: list[tuple[str, MethodView]] = []
        for inner in self._planner.inner_of(place):
            if inner.name not in kind.inner:
                continue
            records = self._planner.records_in(inner, record)
            for each in records:
                opening = self._open(inner, each, alone=len(records) == 1)
                openings.append(opening)
                declared = self._spec.records.get(each)
                doc = prose(first_sentence(declared.doc)) if declared and declared.doc else f"A {inner.name}."
                around = self._spec.place(place)
                within = self._class_name(around, record) if around else ""
                self._opened.append((opening.name, self._class_name(inner, each), each, within, doc))
                if not place or any(not parameter.default for parameter in (*opening.first, *opening.named)):
                    continue
                listed = inner.path[-1] if len(records) == 1 and inner.path else ""
                for said in self._said.get((inner.name, each), ()):
                    if said.method.first:
                        shortcuts.append((listed, self._shortcut(inner, each, opening, said)))
        # What several texts would be called is called like the list in which the element is.
        names = [method.name for _, method in shortcuts]
        texts = [
            replace(method, name=_identifier(listed)) if listed and names.count(method.name) > 1 else method
            for listed, method in shortcuts
        ]
        taken = {method.name for method in texts}
        for opening in openings:
            yield replace(opening, name=f"open_{opening.name}") if opening.name in taken else opening
        yield from texts

    def _shortcut(self, place: ir.Place, record: str, opening: MethodView, said: _Said) -> MethodView:
        name = self._class_name(place, record)
        is_hidden = opening.name == said.method.name
        called = f"open_{opening.name}" if is_hidden else opening.name
        given = ", ".join(
            [*(each.name for each in said.method.first), *(f"{each.name}={each.name}" for each in said.method.named)]
        )
        lines: tuple[str, ...] = (
            f"node = self._at_hand({name}) or self.{called}()",
            f"node.{said.method.name}({given})",
        )
        is_piece = bool(self._sendings[said.way.name].appends)
        if is_piece:
            # Else an element would be open about which nothing was said.
            lines = ('if piece != "":', *(f"    {line}" for line in lines))
        opener = self._planner.opener_of(place.name)
        assert opener is not None
        doc = [
            prose(
                f"The same as `{called}().{said.method.name}()`, in the one that is open, if there is one"
                f"{'; an empty piece changes nothing' if is_piece else ''}."
            ),
            prose(f"Sends `{said.way.event.tag}`, and `{opener.tag}` before it where none is open."),
        ]
        return replace(said.method, doc=docstring(doc, 8), lines=lines)

    def _open(self, place: ir.Place, record: str, *, alone: bool) -> MethodView:
        planner = self._planner
        opener = planner.opener_of(place.name)
        assert opener is not None
        declared = self._spec.records.get(record)
        tag = declared.tags[0] if declared and declared.tags and planner.element_of(opener) else None
        name = (
            _identifier(tag)
            if isinstance(tag, str) and not (alone and declared and len(place.records) == 1)
            else place.name
        )
        members = tuple(self._opening(declared, opener, place.name, omit=frozenset())) if declared else ()
        way = planner.ways(opener)[0]
        own = self._parameters(
            field for field in planner.open_fields(way, place.name) if field.name not in {m.wire for m in members}
        )
        key: tuple[Parameter, ...] = ()
        if not place.is_position:
            field = next(
                (found for path in place.keys if (found := opener.record.field(path[0])) and len(path) == 1), None
            )
            if field is not None:
                key = (Parameter(attribute_of(field), field.name, "str | None", "None"),)
        called = self._class_name(place, record)
        arguments = [called, literal(place.name), _mapping(members) or "{}"]
        if own or key:
            arguments.append(_mapping(own) or "None")
        if key:
            arguments.append(key[0].name)
        doc = [
            prose(first_sentence(declared.doc)) if declared else prose(f"Open a {place.name}."),
            prose(f"Sends `{opener.tag}`."),
        ]
        lines = (f"return self.open_({', '.join(arguments)})",)
        return MethodView(name, (), (*members, *own, *key), called, docstring(doc, 8), lines)

    def _close(self, declared: ir.Record | None, closer: ir.Event, kind: Kind) -> MethodView:
        way = self._planner.ways(closer)[0]
        own = self._parameters(self._planner.open_fields(way, closer.place))
        late = tuple(self._late(declared, kind, closer))
        doc = [
            prose("Close it, and what is open in it."),
            prose(f"Sends `{closer.tag}`, and what has to come before it."),
        ]
        arguments = [_mapping(late) or "None"] + ([f"event={_mapping(own)}"] if own else [])
        call = f"self.close_({', '.join(arguments) if (late or own) else ''})"
        return MethodView("close", (), (*late, *own), "None", docstring(doc, 8), (call,))

    def _opening(self, declared: ir.Record, opener: ir.Event, place: str, omit: frozenset[str]) -> Iterator[Parameter]:
        """Give the parameters for an element, or for the state, as it begins.

        Args:
            omit: Members that are no parameters, because they are only known later.
        """
        planner = self._planner
        built = {
            path[0]
            for path in (*planner.texts_of(place, declared.name), *planner.lists_of(place, declared.name))
            if len(path) == 1
        }
        identity = planner.identity(declared)
        kind = planner.kind(place, declared.name)
        ranked = {name for name, _ in kind.ranks}
        begun = {path[0] for path, _ in kind.beginnings}
        carried = planner.element_of(opener) if place else opener.snapshot
        if not carried:
            return
        for field in declared.fields:
            if field.name in built or field.name in omit or field.deprecated:
                continue
            if isinstance(field.type, ir.Literal) and not field.optional:
                continue
            needed = not (field.optional or field.nullable or field.name == identity or field.name in ranked)
            needed = needed and field.name not in begun and not self._is_held(opener, field)
            yield self._parameter(field, needed=needed)

    def _is_held(self, opener: ir.Event, field: ir.Field) -> bool:
        """Whether what an event has to say gives a member of the state its value."""
        snapshot = opener.snapshot or ()
        return any(hold.path == (*snapshot, field.name) and hold.relation == "=" for hold in opener.holds)

    def _late(self, declared: ir.Record | None, kind: Kind, closer: ir.Event) -> Iterator[Parameter]:
        """Give the parameters for what is only known at the end of an element."""
        if declared is None or not self._planner.element_of(closer):
            return
        for field in declared.fields:
            if self._is_late(field, declared, kind):
                yield self._parameter(field, needed=False)

    def _is_late(self, field: ir.Field, declared: ir.Record, kind: Kind) -> bool:
        planner = self._planner
        built = {path[0] for path in (*kind.texts, *planner.lists_of(kind.place, declared.name)) if path}
        return not (
            field.fixed
            or field.name in built
            or field.name == kind.identity
            or field.deprecated
            or isinstance(field.type, ir.Literal)
        )

    def _members(self, declared: ir.Record | None, kind: Kind, taken: set[str]) -> tuple[MemberView, ...]:
        """Give the members of an element that may be set while it is open."""
        found = []
        closer = self._planner.closer_of(kind.place) if kind.place else None
        if closer is not None and not self._planner.element_of(closer):
            return ()
        for field in declared.fields if declared else ():
            name = attribute_of(field)
            if declared is not None and self._is_late(field, declared, kind) and name not in taken:
                annotation = self._places.annotation(field.type, self._imports)
                found.append(MemberView(name, literal(field.name), annotation, ""))
        return tuple(found)

    # -- the stream

    def _stream(self) -> BuilderView:
        spec, planner = self._spec, self._planner
        kind = planner.kind("", spec.state)
        methods = [*self._inner_methods(kind, "", spec.state)]
        methods += [said.method for said in self._said_at("", spec.state) if not said.way.event.deprecated]
        methods += list(self._ends())
        unique = _unique(methods, set(_STREAM_NAMES))
        # What no event repeats, nobody would see.
        told = any(event.snapshot for event in spec.events if event is not planner.opener)
        taken = {method.name for method in unique} | _STREAM_NAMES
        members = self._members(spec.records[spec.state], kind, taken) if told else ()
        opener = planner.opener
        assert opener is not None
        finishes = any(method.name == "complete" and not method.first for method in unique)
        at_the_end = "it ends as intended at" if finishes else "it has to be ended before"
        after_error = "an exception goes on, and sends nothing"
        if self._failing():
            after_error = (
                "it ends as failed after an exception, which goes on. What says so is still to be taken then: catch the"
                " exception around the block, and take once more behind it"
            )
        doc = [
            prose(f"Builds a stream that is valid, from `{opener.tag}` to its end."),
            prose(
                "Say what happens; it sees to numbers, positions, ids, repeated texts, and to the events that have to"
                " come before and after. `take` gives what is new as server-sent events, `take_events` as objects."
            ),
            prose(
                f"Used with `with`, {at_the_end} the end of the block; {after_error}. To be cancelled sends nothing."
            ),
        ]
        names = {*spec.records, *spec.unions, *spec.enums, spec.union}
        name = f"{spec.state}Stream"
        name = free(name, names) if name in names else name
        return BuilderView(name, docstring(doc, 4), _expression(kind), members, tuple(unique))

    def _ends(self) -> Iterator[MethodView]:
        for kind, named in _ENDS.items():
            called = "fail" if kind == "error" and self._is_failure(kind) else named
            events = [event for event in self._spec.events if any(end.kind == kind for end in event.ends)]
            for event in events:
                if not event.deprecated:
                    method = self._end(event, kind, called if event is events[0] else self._event_name(event, ""))
                    way = self._planner.ways(event)[0]
                    doc = prose(first_sentence(event.record.doc))
                    self._ended.append(EndView(method.name, literal(way.name), literal(kind), literal(doc)))
                    yield method

    def _is_failure(self, kind: str) -> bool:
        """Whether streams fail with this end: with an error, where no event says that they have failed."""
        return kind == "failed" or not any(end.kind == "failed" for event in self._spec.events for end in event.ends)

    def _end(self, event: ir.Event, kind: str, name: str) -> MethodView:
        state: list[tuple[Parameter, tuple[str, ...]]] = []
        snapshot = event.snapshot or ()
        begin = ir.RecordRef(event.record.name)
        reason = _names(event.reason) if event.reason else ()
        if reason and snapshot and reason[: len(snapshot)] == snapshot:
            field = self._field(begin, reason)
            if field is not None:
                state.append((self._parameter(field, needed=True), reason[len(snapshot) :]))
        placed: list[tuple[Parameter, tuple[str, ...]]] = []
        for path in map(_names, event.errors[:1]):
            owner = self._field(begin, path) if path else None
            records = self._spec.records_of(owner.type) if owner else ()
            inside = bool(snapshot) and path[: len(snapshot)] == snapshot
            for field in self._spec.records[records[0]].fields if len(records) == 1 else ():
                parameter = self._parameter(field, needed=not field.optional)
                (state if inside else placed).append(
                    (parameter, (*path[len(snapshot if inside else ()) :], field.name))
                )
        way = self._planner.ways(event)[0]
        flat = {path[0] for _, path in placed}
        flat |= {parameter.wire for parameter, _ in placed}
        own = self._parameters(field for field in self._planner.open_fields(way, "") if field.name not in flat)
        given = ", ".join(f"{_expression(path)}: {parameter.name}" for parameter, path in state)
        arguments = [literal(way.name), literal(kind), _mapping(own) or "None"]
        arguments += [f"{{{given}}}"] if state else (["None"] if placed else [])
        if placed:
            arguments.append(
                "{" + ", ".join(f"{_expression(path)}: {parameter.name}" for parameter, path in placed) + "}"
            )
        parameters = (*(parameter for parameter, _ in (*state, *placed)), *own)
        first = tuple(each for each in parameters if not each.default)
        named = tuple(each for each in parameters if each.default)
        doc = [
            prose(first_sentence(event.record.doc)),
            prose(f"Sends `{event.tag}`, and what has to come before it."),
        ]
        return MethodView(name, first, named, "None", docstring(doc, 8), (f"self.end_with_({', '.join(arguments)})",))

    def _field(self, begin: ir.Type, path: Iterable[str]) -> ir.Field | None:
        found: ir.Field | None = None
        for name in path:
            fields = (self._spec.records[record].field(name) for record in self._spec.records_of(begin))
            found = next((each for each in fields if each is not None), None)
            if found is None:
                return None
            begin = found.type
        return found

    def _failing(self) -> str | None:
        """Give the call that ends the stream after an exception."""
        ends = {
            name: [event for event in self._spec.events if any(end.kind == name for end in event.ends)]
            for name in _ENDS
        }
        for kind in ("failed", "error"):
            if not ends[kind]:
                continue
            method = self._end(ends[kind][0], kind, "fail")
            given = []
            for parameter in method.first:
                value = self._filler(parameter)
                if value is None:
                    return None
                given.append(value)
            return f"self.{method.name}({', '.join(given)})"
        return None

    def _filler(self, parameter: Parameter) -> str | None:
        enum = self._spec.enums.get(parameter.annotation)
        if enum is not None and enum.values:
            return literal(enum.values[0].value)
        if parameter.annotation == "str" and parameter.wire == "message":
            return literal("The stream was cut off by an error of the server.")
        return None

    # -- parameters

    def _parameters(self, fields: Iterable[ir.Field]) -> tuple[Parameter, ...]:
        return tuple(self._parameter(field, needed=not (field.optional or field.nullable)) for field in fields)

    def _parameter(self, field: ir.Field, *, needed: bool) -> Parameter:
        if needed:
            return Parameter(attribute_of(field), field.name, self._places.annotation(field.type, self._imports), "")
        return Parameter(attribute_of(field), field.name, self._places.optional(field.type, self._imports), "None")


def _names(way: ir.Way) -> tuple[str, ...]:
    """Give a way as names of members; none where it goes through a list."""
    names = tuple(step for step in way if isinstance(step, str))
    return names if len(names) == len(way) else ()


def _beside(parameters: Iterable[Parameter], *others: str) -> tuple[Parameter, ...]:
    """Give parameters that stand beside others of a method, with names that those do not have."""
    return tuple(replace(each, name=f"{each.name}_") if each.name in others else each for each in parameters)


def _mapping(parameters: Iterable[Parameter]) -> str:
    """Give the expression for the members that parameters become, empty if there are none."""
    shown = ", ".join(f"{each.key}: {each.name}" for each in parameters)
    return f"{{{shown}}}" if shown else ""


def _unique(methods: Iterable[MethodView], taken: set[str]) -> list[MethodView]:
    """Give methods names of their own: the first keeps the one that it would have."""
    found = []
    for method in methods:
        name = method.name
        while name in taken:
            name += "_"
        taken.add(name)
        found.append(replace(method, name=name) if name != method.name else method)
    return found


def _identifier(name: str) -> str:
    shown = attribute(snake(name) if not name.isupper() else name.lower())
    return f"{shown}_" if keyword.iskeyword(shown) else shown


def _singular(name: str) -> str:
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    return name[:-1] if name.endswith("s") and not name.endswith("ss") else name


def _shared_prefix(tags: list[str]) -> str:
    """Give what most tags begin with, to the last dot in it."""
    heads = [tag.partition(".")[0] + "." for tag in tags if "." in tag]
    return max(set(heads), key=heads.count) if heads else ""


def _expression(value: object) -> str:
    """Write a value of the tables: what is as it would be anyway is left out."""
    match value:
        case str():
            return literal(value)
        case tuple():
            inner = ", ".join(map(_expression, value))
            return f"({inner}{',' if len(value) == 1 else ''})"
        case list():
            return f"[{', '.join(map(_expression, value))}]"
        case dict():
            return "{" + ", ".join(f"{_expression(key)}: {_expression(inner)}" for key, inner in value.items()) + "}"
        case None | bool() | int() | float():
            return repr(value)
        case Sending() | Kind() | Inner() | Grown():
            shown = [
                f"{each.name}={_expression(getattr(value, each.name))}"
                for each in fields(value)
                if getattr(value, each.name) != (each.default if each.default_factory is MISSING else {})
            ]
            return f"planning.{type(value).__name__}({', '.join(shown)})"
        case _:
            raise TypeError(f"no table has a {type(value).__name__}")
