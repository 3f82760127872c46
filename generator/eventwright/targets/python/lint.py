"""The `lint` folder of the Python package: what a valid stream is, as data, and the linter that holds streams to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from ...model import ir
from ...model.lifecycle import Hold, Profile
from ...model.names import dashed, snake
from ...model.sequences import Sequence
from ...output.render import Page
from .foldwords import done_by
from .places import Imports, free, name_of
from .text import literal, literals, long_literal, row, value_text

_INDENT = 4


@dataclass(frozen=True, slots=True)
class LifecycleView:
    """The module that says what a valid stream is. All members are expressions.

    Attributes:
        sequences: Each with the variable that holds it.
        kinds: What is known of classes of objects, each with its class.
        events: What is known of events, each with its class.
        arguments: What the lifecycle is made of beside all these.
    """

    imports: tuple[str, ...]
    sequences: tuple[tuple[str, str], ...]
    places: tuple[str, ...]
    kinds: tuple[tuple[str, str], ...]
    events: tuple[tuple[str, str], ...]
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProfilesView:
    """The module of the profiles, each with the literal of its name."""

    profiles: tuple[tuple[str, ProfileView], ...]


@dataclass(frozen=True, slots=True)
class ProfileView:
    """What the streams of one provider are forgiven, as expressions.

    Attributes:
        off: Rules, each with the reason.
    """

    doc: str
    off: tuple[tuple[str, str], ...]


def pages(spec: ir.Spec) -> Iterator[Page]:
    """Give every file of the `lint` folder but the table of rules; none for a spec without a lifecycle."""
    if not spec.has_lifecycle:
        return
    folder = PurePosixPath(spec.name) / "lint"
    yield Page(folder / "lifecycle.py", "python/lint/lifecycle.py.jinja", _Lifecycle(spec).view(), shared=True)
    profiles = ProfilesView(tuple((literal(profile.name), _profile(profile)) for profile in spec.profiles))
    yield Page(folder / "profiles.py", "python/lint/profiles.py.jinja", profiles, shared=True)
    yield Page(folder / "__init__.py", "python/lint/init.py.jinja", None)


class _Lifecycle:
    """Writes down what a valid stream of a spec is."""

    def __init__(self, spec: ir.Spec) -> None:
        self._spec = spec
        self._imports = Imports(depth=2, own="lint.lifecycle")
        self._variables: dict[int, str] = {}
        self._names: set[str] = set()

    def view(self) -> LifecycleView:
        """Give the view of the module."""
        spec, imports = self._spec, self._imports
        imports.stdlib("collections.abc", "Mapping")
        imports.stdlib("typing", "Final")
        imports.runtime("lifecycle")
        imports.package("runtime.model", "Model")
        imports.package("stream.endings", "ENDINGS")
        sequences = tuple((self._variable(sequence), self._sequence(sequence)) for sequence in spec.sequences)
        places = tuple(self._place(place) for place in _outer_first(spec.places))
        kinds = tuple(self._kinds())
        events = tuple((name_of(spec, event.record.name, imports), self._event(event)) for event in spec.events)
        return LifecycleView(
            sequences=sequences,
            places=places,
            kinds=kinds,
            events=events,
            arguments=tuple(self._arguments()),
            imports=imports.lines,
        )

    def _made(self, name: str, arguments: Iterable[str]) -> str:
        """Write a call of a class of the runtime, by its module, so that its name is free for classes of the spec."""
        return f"{name}({', '.join(arguments)})"

    def _arguments(self) -> Iterator[str]:
        spec = self._spec
        if spec.places:
            yield "_PLACES"
        if any(self._kinds()):
            yield "kinds=_KINDS"
        yield "endings=ENDINGS"
        if spec.key:
            yield f"keys={self._imports.package('stream.endings', 'KEYS')}"
        if spec.lane:
            yield f"lane={row(map(literals, spec.lane))}"
        stream = next((sequence for sequence in spec.sequences if not sequence.place), None)
        if stream is not None:
            yield f"sequence={self._variable(stream)}"
        if spec.state:
            yield f"state={self._state()}"
        names = [place.name for place in spec.places]
        names += [field.name for record in spec.records.values() for field in record.fields]
        words = {name: dashed(name) for name in sorted(set(names)) if dashed(name) != name}
        if words:
            yield f"words={{{', '.join(f'{literal(name)}: {literal(word)}' for name, word in words.items())}}}"
        if spec.tag.member:
            yield f"tag={literal(spec.tag.member)}"

    def _state(self) -> str:
        """Mention the class of the state, or the table of the classes that it may be of."""
        spec = self._spec
        if spec.state not in spec.unions:
            return name_of(spec, spec.state, self._imports)
        union = spec.unions[spec.state]
        return self._imports.package(".".join(union.module.parts), f"{snake(union.name).upper()}_VARIANTS")

    # --- Sequences ---

    def _variable(self, sequence: Sequence) -> str:
        found = self._variables.get(id(sequence))
        if found is None:
            found = f"_{snake(sequence.owner).upper()}"
            if found in self._names:
                found = free(found, self._names)
            self._names.add(found)
            self._variables[id(sequence)] = found
        return found

    def _sequence(self, sequence: Sequence) -> str:
        self._imports.runtime("ordering")
        found = sequence.automaton
        arguments = [
            long_literal(sequence.text, _INDENT, ""),
            f"names={literals(found.names)}",
            f"first={row(map(str, found.first))}",
            f"follow={row(row(map(str, each)) for each in found.follow)}",
            f"last={row(map(str, found.last))}",
            f"may_lack={found.may_lack}",
        ]
        return "".join(f"{' ' * _INDENT}{argument},\n" for argument in arguments)

    # --- Places and kinds ---

    def _place(self, place: ir.Place) -> str:
        spec, imports = self._spec, self._imports
        arguments = [literal(place.name), literals(place.path), row(map(literals, place.keys))]
        if place.outer:
            arguments.append(f"outer={literal(place.outer)}")
        if place.key:
            arguments.append(f"key={literals(place.key)}")
        if place.is_position:
            arguments.append("is_position=True")
        if not place.in_state:
            arguments.append("in_state=False")
        owned = [sequence for sequence in spec.sequences if sequence.place == place.name]
        if owned:
            entries = (
                f"{name_of(spec, each.owner, imports) if each.owner != place.name else None}: {self._variable(each)}"
                for each in owned
            )
            arguments.append(f"sequences={{{', '.join(entries)}}}")
        return self._made("lifecycle.Place", arguments)

    def _kinds(self) -> Iterator[tuple[str, str]]:
        spec = self._spec
        payloads = {event.record.name for event in spec.events}
        for name, record in spec.records.items():
            if name in payloads:
                continue
            told = {
                what: [field.name for field in record.fields if getattr(field, what)]
                for what in ("fixed", "varies", "unique")
            }
            arguments = [f"{what}={literals(names)}" for what, names in told.items() if names]
            ranks = {
                field.name: enum.ranks
                for field in record.fields
                if isinstance(field.type, ir.EnumRef) and (enum := spec.enums[field.type.name]).ranks
            }
            if ranks:
                entries = (f"{literal(each)}: {_ranks(values)}" for each, values in ranks.items())
                arguments.append(f"ranks={{{', '.join(entries)}}}")
            if arguments:
                yield name_of(spec, name, self._imports), self._made("lifecycle.Kind", arguments)

    # --- Events ---

    def _event(self, event: ir.Event) -> str:
        fields = event.record.fields
        arguments = [literal(event.tag)]
        for name in ("place", "opens", "closes"):
            if getattr(event, name):
                arguments.append(f"{name}={literal(getattr(event, name))}")
        if event.anytime:
            arguments.append("anytime=True")
        if event.ends:
            arguments.append("ends=True")
        told = {
            "counters": [self._counter(field) for field in fields if field.counter or field.counts],
            "same": [self._same(field.name, field.same) for field in fields if field.same is not None],
            "holds": [self._hold(hold) for hold in event.holds],
            "changes": list(self._changes(event, event.folds or (), ())),
        }
        arguments += [f"{name}={row(entries)}" for name, entries in told.items() if entries]
        return self._made("lifecycle.Event", arguments)

    def _counter(self, field: ir.Field) -> str:
        return self._made("lifecycle.Counter", [literal(field.name), *(["here=True"] if field.counts else [])])

    def _same(self, name: str, same: ir.Same) -> str:
        return self._made("lifecycle.Same", [literal(name), literal(same.place), literals(same.path)])

    def _hold(self, hold: Hold) -> str:
        arguments = [literal(hold.rule), literals(hold.path), literal(hold.relation)]
        if hold.values:
            values = (literal(value) if isinstance(value, str) else repr(value) for value in hold.values)
            arguments.append(f"values={row(values)}")
        if hold.paths:
            arguments.append(f"paths={row(map(literals, hold.paths))}")
        return self._made("lifecycle.Hold", arguments)

    def _changes(
        self, event: ir.Event, statements: Iterable[ir.Statement], tests: tuple[ir.Test, ...]
    ) -> Iterator[str]:
        """Give what an event does to the state; what it does for each element of a list of its own is left out."""
        for statement in statements:
            match statement:
                case ir.Fold() as fold if not any(_is_every(step) for step in fold.steps):
                    yield self._change(event, fold, tests)
                case ir.When(scope=0, tests=more, do=inner):
                    yield from self._changes(event, inner, (*tests, *more))
                case _:
                    continue

    def _change(self, event: ir.Event, fold: ir.Fold, tests: tuple[ir.Test, ...]) -> str:
        place, only, rest = self._begin(event, fold)
        steps = [text for step in rest for text in self._step(step)]
        arguments = [literal(place), row(steps), literal(done_by(fold))]
        if fold.source is not None:
            arguments.append(literals(fold.source.path))
        elif fold.value is not None:
            value = fold.value
            assert not isinstance(value, ir.Source), "a source is the source"
            arguments.append(f"value={literal(value) if isinstance(value, str) else repr(value)}")
        if only:
            entries = (f"({literal(name)}, {name_of(self._spec, record, self._imports)})" for name, record in only)
            arguments.append(f"only={row(entries)}")
        if tests:
            entries = (f"({row(map(value_text, test.path))}, {value_text(test.value)})" for test in tests)
            arguments.append(f"when={row(entries)}")
        return self._made("lifecycle.Change", arguments)

    def _begin(self, event: ir.Event, fold: ir.Fold) -> tuple[str, list[tuple[str, str]], tuple[ir.Step, ...]]:
        """Give the innermost place that a change goes through, what has to stand at places, and the way from there."""
        name, rest = "", fold.steps
        only: list[tuple[str, str]] = []
        for place in self._chain(event.place):
            members, element = rest[: len(place.path)], rest[len(place.path) : len(place.path) + 1]
            named = tuple(step.name for step in members if isinstance(step, ir.Member))
            if not (place.in_state and named == place.path and element and place.is_meant(element[0])):
                break
            name, rest = place.name, rest[len(place.path) + 1 :]
            if isinstance(element[0], ir.Element) and element[0].record:
                only.append((name, element[0].record))
        return name, only, rest

    def _chain(self, name: str) -> Iterator[ir.Place]:
        place = self._spec.place(name)
        if place is not None:
            yield from self._chain(place.outer)
            yield place

    def _step(self, step: ir.Step) -> Iterator[str]:
        """Write a step; the name of the only member that tells the class of an object is a step of its own."""
        match step:
            case ir.Member(name, record):
                declared = self._spec.records.get(record)
                if declared is not None and declared.is_wrapped:
                    yield literal(ir.tag_text(declared.tags[0]))
                yield literal(name)
            case ir.Element(ir.Nth(position)):
                yield str(position)
            case ir.Element(ir.Position(source, otherwise), record):
                yield self._made("lifecycle.By", [_sources(source, otherwise), *self._model(record)])
            case ir.Element(ir.Keyed(source, key, otherwise), record):
                yield self._made("lifecycle.By", [_sources(source, otherwise), literals(key), *self._model(record)])

    def _model(self, record: str) -> Iterator[str]:
        """Write which class an element has to be of, if that is said."""
        if record:
            yield f"model={name_of(self._spec, record, self._imports)}"


def _sources(source: ir.Source, otherwise: tuple[ir.Source | int, ...]) -> str:
    return row(str(each) if isinstance(each, int) else literals(each.path) for each in (source, *otherwise))


def _is_every(step: ir.Step) -> bool:
    return isinstance(step, ir.Element) and isinstance(step.selector, ir.Every)


def _ranks(values: tuple[tuple[str, ...], ...]) -> str:
    entries = (f"{literal(value)}: {rank}" for rank, each in enumerate(values) for value in each)
    return f"{{{', '.join(entries)}}}"


def _outer_first(places: tuple[ir.Place, ...]) -> list[ir.Place]:
    """Give the places, each behind the one around it."""
    found = [place for place in places if not place.outer]
    for place in found:
        found += [each for each in places if each.outer == place.name]
    return found


def _profile(profile: Profile) -> ProfileView:
    return ProfileView(
        doc=long_literal(profile.doc, 2 * _INDENT, ""),
        off=tuple(
            (
                literal(f"{each.rule} of {each.type}" if each.type else each.rule),
                long_literal(each.reason, 3 * _INDENT, literal(each.rule)),
            )
            for each in profile.off
        ),
    )
