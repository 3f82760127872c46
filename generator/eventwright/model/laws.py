"""The rules that the streams of a spec are held to: all that follows from its lifecycle, each with an id."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass, replace
from typing import TypeAlias

from . import ir
from .lawtexts import LAWS
from .lifecycle import HeldValue, Hold, RuleNote
from .names import dashed

STREAM = "stream"
"""What the stream as a whole is called where others are called by the name of a place."""

_END_EVENTS = ("completed", "incomplete")
_SHOWN = 5
_WORD_EDGE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[\W_]+")
_VOWEL = re.compile(r"[aeio]|u(?!ni|s[aeiu])", re.IGNORECASE)

_Shape: TypeAlias = "tuple[str, ...]"
"""Where something is in the state: names of members, and `[]` for the elements of a list."""


@dataclass(frozen=True, slots=True)
class LintRule:
    """A rule that streams are held to.

    Attributes:
        id: What it is called: `item-not-opened`.
        severity: `error`, `warning`, or `off` for what is only checked on demand.
        kind: Which kind of rule it is, a key of `LAWS`.
        place: Name of the place that it is about; `stream` for the stream as a whole.
        statement: What is true of a valid stream, in one sentence in the words of the spec.
        why: What goes wrong in clients where it is broken.
        seen: How servers come to break it.
        fix: What a server should do.
    """

    id: str
    severity: str
    kind: str
    place: str
    statement: str
    why: str
    seen: str
    fix: str


def words(name: str) -> str:
    """Write a name of the spec as words: `summary_part` and `toolCallId` become `summary part` and `tool call id`."""
    return " ".join(word.lower() for word in _WORD_EDGE.split(name) if word)


def rule_id(*names: str) -> str:
    """Make the id of a rule from names and words: `summary_part` and `not-opened` are `summary-part-not-opened`."""
    return "-".join(map(dashed, names))


def lint_rules(spec: ir.Spec) -> tuple[LintRule, ...]:
    """Give the rules that streams of a spec are held to, those of the stream first, then place by place.

    What the spec itself says about a rule takes the place of what can be said about its kind. A spec that says nothing
    about when events come has no rules.
    """
    if not spec.has_lifecycle:
        return ()
    found: dict[str, LintRule] = {}
    for rule in _Laws(spec).rules():
        found.setdefault(rule.id, rule)
    notes = {note.rule: note for note in spec.notes}
    return tuple(_noted(rule, notes[rule.id]) if rule.id in notes else rule for rule in found.values())


def _noted(rule: LintRule, note: RuleNote) -> LintRule:
    said = {name: getattr(note, name) for name in ("severity", "why", "seen", "fix")}
    return replace(rule, **{name: text for name, text in said.items() if text})


class _Laws:
    """Finds the rules of a spec in what its events do."""

    def __init__(self, spec: ir.Spec) -> None:
        self._spec = spec
        folds = [(event, fold) for event in spec.events for fold in ir.changes(event.folds) if fold.source]
        self._appended = {
            _shape(fold.steps)
            for _, fold in folds
            if fold.operator is ir.Operator.ADD and fold.steps and not _is_list(fold.steps[-1].type)
        }
        sets = [(event, fold) for event, fold in folds if fold.operator is ir.Operator.SET]
        self._sets = sets
        self._changed = {_shape(fold.steps) for event in spec.events for fold in ir.changes(event.folds)}
        self._announced = {(event.opens, _shape(fold.steps)) for event, fold in sets if event.opens}
        self._repeated = {(event.tag, _shape(fold.steps)) for event, fold in sets if not event.opens}
        self._ended = {_shape(fold.steps) for event, fold in sets if any(end.kind in _END_EVENTS for end in event.ends)}
        self._finished = {_shape(fold.steps) for event, fold in sets if not (event.opens or event.closes)}
        # The lists that events put elements into, each with whether an element is there without being a place.
        self._lists: dict[_Shape, bool] = {}
        opened = {_shape_of_way(place.way) for place in spec.places if place.in_state}
        for _, fold in sets:
            match fold.steps:
                case (*_, ir.Member(), ir.Element(selector=ir.Position() | ir.Keyed() as selector)):
                    shape = _shape(fold.steps)
                    is_loose = shape not in opened
                    if isinstance(selector, ir.Position) or not is_loose:
                        self._lists[shape[:-1]] = is_loose

    def rules(self) -> Iterator[LintRule]:
        """Give the rules in order; some ids come more than once, and the first one counts."""
        yield from self._of_stream()
        for place in self._spec.places:
            yield from self._of_place(place)
        yield from self._of_fields()
        yield from self._of_lists()
        yield from self._of_texts()
        for event in self._spec.events:
            for hold in event.holds:
                yield _rule(
                    hold.rule, "holds", event.place, statement=f"In `{event.tag}`, {held(hold)}.", event=event.tag
                )

    def _of_stream(self) -> Iterator[LintRule]:
        spec = self._spec
        opener = _one_of(event.tag for event in spec.events if event.opens == STREAM)
        if opener:
            yield _rule("stream-not-opened", "stream-not-opened", opener=opener)
            yield _rule("stream-opened-twice", "stream-opened-twice", opener=opener)
        sequence = next((sequence for sequence in spec.sequences if not sequence.place), None)
        if sequence is not None:
            yield _rule("stream-order", "stream-order", sequence=sequence.text)
            yield _rule("stream-wrong-type", "stream-wrong-type")
        ends = {
            kind: [event.tag for event in spec.events if any(end.kind == kind for end in event.ends)]
            for kind in ("completed", "incomplete", "failed", "error")
        }
        ender = _one_of(dict.fromkeys(tag for tags in ends.values() for tag in tags))
        if ends["completed"]:
            yield _rule("stream-truncated", "stream-truncated", ender=ender)
        if ender:
            yield _rule("event-after-end", "event-after-end", ender=ender, exception=self._after_end(ends))
        fixed = self._fixed(spec.records_of(spec.state_type)) if spec.state else []
        if fixed:
            yield _rule("stream-changed", "stream-changed", state=words(spec.state), **_listed(fixed))
        yield from self._of_brought((), STREAM, words(spec.state))
        if len(spec.tag.parts) == 1 and all(isinstance(place, ir.MemberTag) for place in spec.tag.parts[0]):
            yield _rule("event-name-differs", "event-name-differs")
        for event in spec.events:
            for field in event.record.fields:
                if field.counter or field.counts:
                    yield from self._of_counter(event, field)

    def _after_end(self, ends: dict[str, list[str]]) -> str:
        """Say what may follow an end that begins no stream."""
        allowed: list[str] = []
        if ends["error"] and ends["failed"]:
            allowed.append(f"{_one_of(ends['failed'])} after {_one_of(ends['error'])}")
        loose = [event.tag for event in self._spec.events if event.anytime and event.tag in ends["error"]]
        if loose and self._spec.counter:
            allowed.append(f"{_one_of(loose)} if it does not go on counting")
        elif loose and ends["completed"]:
            allowed.append(f"{_one_of(loose)} after {_one_of(ends['completed'])}")
        return f", save {' and '.join(allowed)}" if allowed else ""

    def _of_counter(self, event: ir.Event, field: ir.Field) -> Iterator[LintRule]:
        place = event.place if field.counts else ""
        scope = f", and anew in each {words(place)}" if place else ""
        for what in ("missing", "start", "step"):
            yield _rule(rule_id(field.name, what), f"counter-{what}", place, field=field.name, scope=scope)

    def _of_place(self, place: ir.Place) -> Iterator[LintRule]:
        spec, name = self._spec, place.name
        here = [event for event in spec.events if event.place == name]
        opener = _one_of(event.tag for event in here if event.opens == name)
        closer = _one_of(event.tag for event in here if event.closes == name)
        keys = _one_of(path[-1] for path in place.keys)
        said = {"opener": opener, "closer": closer, "key": keys, **_place_words(place)}

        def rule(kind: str, **more: str) -> LintRule:
            return _rule(rule_id(name, kind), kind, name, **said, **more)

        if opener:
            yield rule("not-opened")
            yield rule("opened-twice")
            if place.is_position:
                within = f" in each {words(place.outer)}" if place.outer else ""
                yield rule("index-gap", field=place.keys[0][-1], within=within)
        if closer:
            yield rule("closed")
            yield rule("left-open")
            if place.is_position:
                yield rule("overlap")
        if any(sequence.place == name for sequence in spec.sequences):
            yield rule("order")
            yield rule("wrong-type")
        elif self._is_of_a_kind(place):
            yield rule("wrong-type")
        yield from self._of_elements(place, rule)
        if here:
            for path in place.keys[:1]:
                yield _rule(rule_id(path[-1], "missing"), "key-missing", name, field=".".join(path), **said)

    def _of_brought(self, shape: _Shape, place: str, what: str, keys: Set[str] = frozenset()) -> Iterator[LintRule]:
        """Give the rules about the members of events that bring what stands somewhere, as a whole.

        One that has the key as well is missed as that.
        """
        tags: dict[str, list[str]] = {}
        for event, fold in self._sets:
            path = fold.source.path if fold.source is not None and _shape(fold.steps) == shape else ()
            field = next((field for field in event.record.fields if (field.name,) == path), None)
            if field is not None and field.name not in keys and not (field.optional or field.nullable):
                tags.setdefault(field.name, []).append(event.tag)
        for name, events in tags.items():
            said = {"field": name, "events": _one_of(dict.fromkeys(events)), "what": what}
            yield _rule(rule_id(name, "missing"), "value-missing", place, **said)

    def _of_elements(self, place: ir.Place, rule: Callable[..., LintRule]) -> Iterator[LintRule]:
        """Give the rules about the objects that stand at a place, nothing for a place that is not in the state."""
        if not place.in_state:
            return
        spec, shape = self._spec, _shape_of_way(place.way)
        yield from self._of_brought(shape, place.name, words(place.name), {path[0] for path in place.keys})
        fixed = self._fixed(place.records)
        unique = self._fields(place.records, lambda field: field.unique)
        is_repeated = any(shape == whole for _, whole in self._repeated)
        if fixed and is_repeated:
            yield rule("changed", **_listed(fixed))
        if is_repeated and any(spec.records[name].tags for name in place.records):
            yield rule("type-changed")
        closes = any(event.closes == place.name for event in spec.events)
        if closes and self._is_repeated_around(shape):
            yield rule("final-changed")
            if unique:
                yield rule("id-changed", **_listed(unique))
        outer = spec.place(place.outer) if place.outer else None
        if outer is not None and outer.in_state and (outer.name, _shape_of_way(outer.way)) in self._announced:
            yield rule("not-empty", outer_first=_with_article(outer.name, first=True))

    def _of_fields(self) -> Iterator[LintRule]:
        spec = self._spec
        for event in spec.events:
            for field in event.record.fields:
                if field.same is not None:
                    repeated = f"`{'.'.join(field.same.path)}` of the {words(field.same.place)}"
                    said = {"field": field.name, "repeated": repeated}
                    yield _rule(rule_id(field.name, "differs"), "differs", field.same.place, **said)
                    if not (field.optional or field.nullable):
                        yield _rule(rule_id(field.name, "missing"), "same-missing", field.same.place, **said)
        placed = [(place.name, place.records) for place in spec.places]
        state = spec.records_of(spec.state_type) if spec.state else ()
        for name, records in placed:
            for field_name in self._fields(records, lambda field: field.unique):
                yield _rule(rule_id(field_name, "repeats"), "repeats", name, field=field_name)
        for name, records in ((STREAM, state), *placed):
            for record in records:
                for field in (field for field in spec.records[record].fields if not field.varies):
                    for enum in (spec.enums[each] for each in ir.references(field.bound) if each in spec.enums):
                        if enum.ranks:
                            ranks = ", then ".join(_one_of(values) for values in enum.ranks)
                            yield _rule(
                                rule_id(field.name, "goes-back"), "goes-back", name, field=field.name, ranks=ranks
                            )

    def _of_lists(self) -> Iterator[LintRule]:
        for shape, is_loose in self._lists.items():
            place = self._place_around(shape)
            # A list of one name may be there in several kinds of things.
            said = {"list": shape[-1]}
            if any(_is_around(whole, shape) for whole in self._ended):
                yield _rule(rule_id(shape[-1], "missing"), "list-missing", place, **said)
            if any(_is_around(whole, shape) for _, whole in self._repeated):
                yield _rule(rule_id(shape[-1], "count"), "list-count", place, **said)
            if is_loose:
                yield _rule(rule_id(shape[-1], "index-gap"), "list-index-gap", place, **said)
            element = (*shape, "[]")
            is_kept = not any(each != element and _is_around(element, each) for each in self._changed)
            if is_loose and is_kept and any(_is_around(whole, shape) for _, whole in self._repeated):
                yield _rule(rule_id(shape[-1], "changed"), "list-changed", place, **said)

    def _of_texts(self) -> Iterator[LintRule]:
        texts, found = self._appended, set()
        if any(opens != STREAM and _is_around(whole, text) for opens, whole in self._announced for text in texts):
            found.add("text-not-empty")
        if any(_is_around(whole, text) for _, whole in self._repeated for text in texts):
            found.add("text-differs")
        if any(self._is_repeated_around(text) for text in texts):
            found.add("text-missing")
        if texts & self._finished:
            found |= {"text-after-final", "text-final-twice"}
        if texts:
            found.add("text-empty")
        for kind in LAWS:
            if kind in found:
                yield _rule(kind, kind)

    def _is_repeated_around(self, shape: _Shape) -> bool:
        """Whether an event repeats something that this is only a part of."""
        return any(whole != shape and _is_around(whole, shape) for _, whole in self._repeated)

    def _is_of_a_kind(self, place: ir.Place) -> bool:
        """Whether some event is only for some of the kinds of elements at a place."""
        for event in self._spec.events:
            for fold in ir.changes(event.folds):
                for at, step in enumerate(fold.steps):
                    if isinstance(step, ir.Element) and step.record and ir.way(fold.steps[: at + 1]) == place.way:
                        return True
        return False

    def _place_around(self, shape: _Shape) -> str:
        """Give the innermost place that something in the state is in; that of the stream if there is none."""
        around = [
            place for place in self._spec.places if place.in_state and _is_around(_shape_of_way(place.way), shape)
        ]
        return max(around, key=lambda place: len(place.way)).name if around else STREAM

    def _fixed(self, records: Iterable[str]) -> list[str]:
        return self._fields(records, lambda field: field.fixed)

    def _fields(self, records: Iterable[str], wanted: Callable[[ir.Field], bool]) -> list[str]:
        """Give the names of the fields that something is true of, each once."""
        fields = (field for name in records for field in self._spec.records[name].fields)
        return list(dict.fromkeys(field.name for field in fields if wanted(field)))


def _rule(id_: str, kind: str, at: str = STREAM, /, **said: str) -> LintRule:
    law = LAWS[kind]
    texts = (text.format_map(said) for text in (law.statement, law.why, law.seen, law.fix))
    return LintRule(id_, law.severity, kind, at or STREAM, *texts)


def _place_words(place: ir.Place) -> dict[str, str]:
    return {
        "place": words(place.name),
        "a_place": _with_article(place.name),
        "a_place_first": _with_article(place.name, first=True),
    }


def _with_article(name: str, *, first: bool = False) -> str:
    said = words(name)
    article = "an" if _VOWEL.match(said) else "a"
    return f"{article.capitalize() if first else article} {said}"


def _one_of(names: Iterable[str]) -> str:
    """Write names as alternatives; nothing if there are none."""
    return _joined([f"`{name}`" for name in names], "or")


def _listed(names: list[str]) -> dict[str, str]:
    """Write names as the subject of a sentence, many of them in short."""
    shown = [f"`{name}`" for name in names[:_SHOWN]]
    if len(names) > _SHOWN + 1:
        shown.append(f"{len(names) - _SHOWN} other fields")
    elif len(names) > _SHOWN:
        shown.append(f"`{names[-1]}`")
    return {"fixed": _joined(shown, "and"), "is_are": "are" if len(shown) > 1 else "is"}


def held(hold: Hold) -> str:
    """Write a statement about an event as a sentence without a full stop."""
    several = any(step in ("*", ":-1") for step in hold.path)
    each = "" if not several else "no " if hold.relation == "!=" else "every "
    values = _joined([_value(value) for value in hold.values], "or")
    total = _joined([f"`{path_text(path)}`" for path in hold.paths], "and")
    total = f"the sum of {total}" if len(hold.paths) > 1 else total
    match hold.relation:
        case "=":
            said = f"is {total or values}"
        case "!=":
            said = f"{'is' if several else 'is not'} {total or values}"
        case ">=":
            said = f"is at least {total or values}"
        case "<=":
            said = f"is at most {total or values}"
        case _:
            said = "is JSON"
    return f"{each}`{path_text(hold.path)}` {said}"


def path_text(path: Iterable[str]) -> str:
    """Write a path of a statement as the spec does."""
    return "".join(f"[{step}]" if step in ("*", ":-1") else f".{step}" for step in path).removeprefix(".")


def _value(value: HeldValue) -> str:
    return f"`{'[]' if value == () else json.dumps(value, ensure_ascii=False)}`"


def _joined(shown: list[str], word: str) -> str:
    return f" {word} ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)


def _is_list(declared: ir.Type) -> bool:
    return isinstance(declared.type if isinstance(declared, ir.Nullable) else declared, ir.ListOf)


def _is_around(whole: _Shape, part: _Shape) -> bool:
    """Whether something in the state is, or is within, something else."""
    return part[: len(whole)] == whole


def _shape(steps: Iterable[ir.Step]) -> _Shape:
    return tuple(step.name if isinstance(step, ir.Member) else "[]" for step in steps)


def _shape_of_way(way: Iterable[str]) -> _Shape:
    return tuple("[]" if step.startswith("[") else step for step in way)
