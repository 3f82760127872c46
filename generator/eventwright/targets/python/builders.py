"""The builders of the Python package: a class for each kind of element, with a method for all that may happen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from ...model import ir
from ...model.names import camel
from ...model.prose import first_sentence
from ...output.render import Page
from .builder_views import BuilderView, BuildView, ElementView, MemberView, MethodView, Parameter, SamplesView, mapping
from .effects import Effects
from .endings import Endings
from .identifiers import attribute_of
from .method_names import identifier
from .parameters import Parameters, beside
from .places import Imports, Places, free
from .plans import Planner, is_built
from .runtime.building import Node
from .runtime.planning import Kind
from .runtime.streaming import StreamNode
from .sayings import Said, Sayings
from .sending import Sender
from .tables import expression
from .text import docstring, literal, prose

NODE_NAMES = frozenset(name for name in dir(Node) if name[0] != "_") | {"close"}
"""What every builder has already."""
_STREAM_NAMES = frozenset(name for name in dir(StreamNode) if name[0] != "_") | {"overlap", "resumed"}


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


class _Writer:
    """Writes the classes of all kinds of elements."""

    def __init__(self, spec: ir.Spec) -> None:
        self._spec = spec
        self._effects = Effects(spec)
        self._sender = Sender(spec, self._effects)
        self._planner = Planner(spec, self._effects, self._sender)
        self._places = Places(spec)
        self._imports = Imports(depth=2, own="builders.stream")
        self._parameters = Parameters(self._effects, self._planner, self._places, self._imports)
        self._sayings = Sayings(spec, self._effects, self._sender, self._parameters, self._places, self._imports)
        self._endings = Endings(spec, self._effects, self._sender, self._parameters)
        self._said: dict[tuple[str, str], tuple[Said, ...]] = {}
        self._opened: list[tuple[str, str, str, str, str]] = []
        """The method, the class, the record, the class around, and the sentence of all elements that can be opened."""

    def view(self) -> BuildView:
        spec, effects, sender = self._spec, self._effects, self._sender
        for module in ("building", "planning", "relaying", "streaming"):
            self._imports.runtime(module)
        self._imports.package("decoder", "decode")
        self._imports.package("lint", "Linter")
        self._imports.package("stream.endings", "ENDINGS")
        self._imports.package("event", spec.union)
        self._imports.stdlib("collections.abc", "Callable")
        self._imports.stdlib("typing", "Any")
        kinds = [(place, record) for place in self._inside_out() for record in effects.kinds_at(place)]
        builders = tuple(self._builder(place, record) for place, record in kinds)
        stream = self._stream()
        opener = effects.opener
        assert opener is not None
        given = ("overlap", "sink", "ids")
        opening = self._parameters.opening(spec.records[spec.state], opener, "", omit=effects.told_later)
        state = beside(opening, *given)
        own = beside(self._parameters.of(sender.open_fields(effects.ways(opener)[0], "")), *given)
        sendings = self._sayings.sendings
        for event in spec.events:
            for way in effects.ways(event):
                sendings.setdefault(way.name, sender.sending(way, event.place))
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
            sendings=tuple((literal(name), expression(value)) for name, value in sendings.items()),
            ways=tuple(
                (literal(event.tag), expression(tuple(way.name for way in effects.ways(event))))
                for event in spec.events
            ),
            kinds=self._kinds(),
            opener=literal(opener.tag),
            counter=literal(spec.counter.name if spec.counter else ""),
            tag=literal(spec.tag.member),
            failing=self._endings.failing(),
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
            (literal(event.tag), expression(event.example)) for event in spec.events if event.example is not None
        )
        return SamplesView(
            union=spec.union,
            imports=imports.lines,
            stream=f"stream.{stream}",
            state=state,
            elements=tuple(elements.values()),
            ends=tuple(self._endings.views),
            examples=examples,
        )

    def _kinds(self) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        found = []
        for place in self._spec.places:
            names = tuple(self._class_name(place, each) for each in self._effects.kinds_at(place))
            if names:
                found.append((literal(place.name), names[0] if len(names) == 1 else "", names))
        return tuple(found)

    def _inside_out(self) -> list[ir.Place]:
        """Give the places, each after those within it."""
        places = [place for place in self._spec.places if self._effects.opener_of(place.name) is not None]
        return sorted(places, key=lambda place: -len(self._effects.chain(place.name)))

    def _class_name(self, place: ir.Place, record: str) -> str:
        name = f"{record or camel(place.name)}Builder"
        return free(name, self._spec.records) if name in self._spec.records else name

    # -- elements

    def _builder(self, place: ir.Place, record: str) -> BuilderView:
        kind = self._planner.kind(place.name, record)
        declared = self._spec.records.get(record)
        said = tuple(self._sayings.at(place.name, record))
        self._said[place.name, record] = said
        taken = set(NODE_NAMES)
        methods = [*(each.method for each in said), *self._inner_methods(kind, place.name, record)]
        unique = _unique(methods, taken)
        closer = self._effects.closer_of(place.name)
        members = self._members(declared, kind, {method.name for method in unique} | taken)
        if closer is not None:
            unique.append(self._close(declared, closer, kind))
        opener = self._effects.opener_of(place.name)
        assert opener is not None
        begins = f"from `{opener.tag}`" + (f" to `{closer.tag}`" if closer else "")
        doc = [
            prose(first_sentence(declared.doc)) if declared else prose(f"A {place.name}."),
            prose(f"It is open {begins}."),
        ]
        return BuilderView(self._class_name(place, record), docstring(doc, 4), expression(kind), members, tuple(unique))

    def _inner_methods(self, kind: Kind, place: str, record: str) -> Iterator[MethodView]:
        """Give the methods that open elements within one, and those that say something in them at once."""
        openings: list[MethodView] = []
        shortcuts: list[tuple[str, MethodView]] = []
        for inner in self._effects.inner_of(place):
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
            replace(method, name=identifier(listed)) if listed and names.count(method.name) > 1 else method
            for listed, method in shortcuts
        ]
        taken = {method.name for method in texts}
        for opening in openings:
            yield replace(opening, name=f"open_{opening.name}") if opening.name in taken else opening
        yield from texts

    def _shortcut(self, place: ir.Place, record: str, opening: MethodView, said: Said) -> MethodView:
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
        is_piece = bool(self._sayings.sendings[said.way.name].appends)
        if is_piece:
            # Else an element would be open about which nothing was said.
            lines = ('if piece != "":', *(f"    {line}" for line in lines))
        opener = self._effects.opener_of(place.name)
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
        opener = self._effects.opener_of(place.name)
        assert opener is not None
        declared = self._spec.records.get(record)
        tag = declared.tags[0] if declared and declared.tags and self._effects.element_of(opener) else None
        name = (
            identifier(tag)
            if isinstance(tag, str) and not (alone and declared and len(place.records) == 1)
            else place.name
        )
        members = tuple(self._parameters.opening(declared, opener, place.name, omit=frozenset())) if declared else ()
        way = self._effects.ways(opener)[0]
        own = self._parameters.of(
            field for field in self._sender.open_fields(way, place.name) if field.name not in {m.wire for m in members}
        )
        key: tuple[Parameter, ...] = ()
        if not place.is_position:
            field = next(
                (found for path in place.keys if (found := opener.record.field(path[0])) and len(path) == 1), None
            )
            if field is not None:
                key = (Parameter(attribute_of(field), field.name, "str | None", "None"),)
        called = self._class_name(place, record)
        arguments = [called, literal(place.name), mapping(members) or "{}"]
        if own or key:
            arguments.append(mapping(own) or "None")
        if key:
            arguments.append(key[0].name)
        doc = [
            prose(first_sentence(declared.doc)) if declared else prose(f"Open a {place.name}."),
            prose(f"Sends `{opener.tag}`."),
        ]
        lines = (f"return self.open_({', '.join(arguments)})",)
        return MethodView(name, (), (*members, *own, *key), called, docstring(doc, 8), lines)

    def _close(self, declared: ir.Record | None, closer: ir.Event, kind: Kind) -> MethodView:
        way = self._effects.ways(closer)[0]
        own = self._parameters.of(self._sender.open_fields(way, closer.place))
        late = tuple(self._parameters.late(declared, kind, closer))
        doc = [
            prose("Close it, and what is open in it."),
            prose(f"Sends `{closer.tag}`, and what has to come before it."),
        ]
        arguments = [mapping(late) or "None"] + ([f"event={mapping(own)}"] if own else [])
        call = f"self.close_({', '.join(arguments) if (late or own) else ''})"
        return MethodView("close", (), (*late, *own), "None", docstring(doc, 8), (call,))

    def _members(self, declared: ir.Record | None, kind: Kind, taken: set[str]) -> tuple[MemberView, ...]:
        """Give the members of an element that may be set while it is open."""
        found = []
        closer = self._effects.closer_of(kind.place) if kind.place else None
        if closer is not None and not self._effects.element_of(closer):
            return ()
        for field in declared.fields if declared else ():
            name = attribute_of(field)
            if declared is not None and self._parameters.is_late(field, declared, kind) and name not in taken:
                annotation = self._places.annotation(field.type, self._imports)
                found.append(MemberView(name, literal(field.name), annotation, ""))
        return tuple(found)

    # -- the stream

    def _stream(self) -> BuilderView:
        spec = self._spec
        kind = self._planner.kind("", spec.state)
        methods = [*self._inner_methods(kind, "", spec.state)]
        methods += [said.method for said in self._sayings.at("", spec.state) if not said.way.event.deprecated]
        methods += list(self._endings.methods())
        unique = _unique(methods, set(_STREAM_NAMES))
        # What no event repeats, nobody would see.
        told = any(event.snapshot for event in spec.events if event is not self._effects.opener)
        taken = {method.name for method in unique} | _STREAM_NAMES
        members = self._members(spec.records[spec.state], kind, taken) if told else ()
        opener = self._effects.opener
        assert opener is not None
        finishes = any(method.name == "complete" and not method.first for method in unique)
        at_the_end = "it ends as intended at" if finishes else "it has to be ended before"
        after_error = "an exception goes on, and sends nothing"
        if self._endings.failing():
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
        return BuilderView(name, docstring(doc, 4), expression(kind), members, tuple(unique))


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
