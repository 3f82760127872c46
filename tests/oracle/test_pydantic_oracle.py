"""Strict mode says the same as models that somebody else's tool makes of the JSON Schema.

datamodel-code-generator turns the closed schema into pydantic models, and both judge thousands of broken events: every
member of every example, and every field of every type of the spec, left out, null, and of every other kind. Where they
are meant to differ is listed in `DIFFERENCES`, each with its reason; a difference that no longer occurs fails, too.
"""

from __future__ import annotations

import copy
import importlib.util
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from eventwright.model import ir
from eventwright.pipeline import read_spec
from responses_events import problems
from support import GENERATED, SPEC

SCHEMA = GENERATED / "json_schema" / "responses_events" / "responses_events.closed.schema.json"

Json = dict[str, Any]
Path_ = tuple[str | int, ...]
Accepts = Callable[[Json], bool]

LEFT_OUT = "left out"

RETYPED: tuple[Any, ...] = (
    *("text", "", 7, 0, 1.0, 1.5, True, [], {}),
    *(["text"], [7], [None], [{}], {"key": None}, {"key": "text"}),
    *({"type": "brand_new"}, {"type": None}, {"type": 5}, [{"type": "brand_new"}]),
)


@dataclass(frozen=True)
class Case:
    """A broken event: what was done to it, and where."""

    place: str
    path: Path_
    done: str
    event: Json

    def __str__(self) -> str:
        return f"{self.place}: {self.path} {self.done}"

    @property
    def value(self) -> Any:
        """What the member was changed to, None where it was left out."""
        return None if self.done == LEFT_OUT else member(self.event, self.path)


# --- Breaking events ---


def broken(place: str, event: Json, path: Path_) -> Iterator[Case]:
    """Leave the member at `path` out, make it null, and make it of every other kind."""
    present = member(event, path)
    copied, holder = copied_along(event, path)
    del holder[path[-1]]
    yield Case(place, path, LEFT_OUT, copied)
    for value in (None, *RETYPED):
        if value != present or type(value) is not type(present):
            copied, holder = copied_along(event, path)
            holder[path[-1]] = value
            yield Case(place, path, f"is {value!r}", copied)


def member(event: Json, path: Path_) -> Any:
    value: Any = event
    for key in path:
        value = value[key]
    return value


def copied_along(event: Json, path: Path_) -> tuple[Json, Any]:
    """Copy an event as far as it is to be changed at `path`; give the copy, and in it what holds that member."""
    copied = copy.copy(event)
    holder: Any = copied
    for key in path[:-1]:
        holder[key] = copy.copy(holder[key])
        holder = holder[key]
    return copied, holder


def paths(value: Any, at: Path_ = ()) -> Iterator[Path_]:
    """Give the path of every member and element within a value."""
    inner: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield (*at, key)
        yield from paths(each, (*at, key))


# --- Samples of every type ---


class Samples:
    """Makes events around an object of any type that the spec declares, in any field that may hold it."""

    def __init__(self, spec: ir.Spec) -> None:
        self._spec = spec
        self._events = [event.record.name for event in spec.events]
        self._way = self._find_way()

    def all(self) -> Iterator[tuple[str, Json, Path_]]:
        """Give each place, an event that holds there an object with all its fields, and the path to that object."""
        for name in self._events:
            yield name, self._full(name), ()
        for holder in (*self._events, *self._way):
            for field in self._spec.records[holder].fields:
                for name in self._records(field.type):
                    event, path = self._placed(holder, field, self._full(name))
                    yield f"{holder}.{field.name}: {name}", event, path

    def _placed(self, holder: str, field: ir.Field, value: Json) -> tuple[Json, Path_]:
        wrapped, steps = self._wrapped(field.type, value)
        held = {**self._lean(holder), field.name: wrapped}
        path = (field.name, *steps)
        if holder not in self._way:
            return held, path
        event, outer = self._placed(*self._way[holder], held)
        return event, (*outer, *path)

    def _find_way(self) -> dict[str, tuple[str, ir.Field]]:
        """Find for each type that is no event who holds it, on the shortest way from an event."""
        way: dict[str, tuple[str, ir.Field]] = {}
        waiting = deque(self._events)
        while waiting:
            holder = waiting.popleft()
            for field in self._spec.records[holder].fields:
                for name in self._records(field.type):
                    if name not in way and name not in self._events:
                        way[name] = (holder, field)
                        waiting.append(name)
        return way

    def _records(self, declared: ir.Type) -> Iterator[str]:
        for name in ir.references(declared):
            if name in self._spec.unions:
                yield from self._spec.unions[name].records
            elif name in self._spec.records:
                yield name

    def _wrapped(self, declared: ir.Type, value: Any) -> tuple[Any, Path_]:
        """Put an object where a type has a place for it."""
        match declared:
            case ir.ListOf(item):
                inner, path = self._wrapped(item, value)
                return [inner], (0, *path)
            case ir.MapOf(item):
                inner, path = self._wrapped(item, value)
                return {"key": inner}, ("key", *path)
            case ir.OneOf(alternatives):
                return self._wrapped(next(each for each in alternatives if any(self._records(each))), value)
            case _:
                return value, ()

    def _full(self, name: str) -> Json:
        record = self._spec.records[name]
        return self._object(record, record.fields)

    def _lean(self, name: str) -> Json:
        record = self._spec.records[name]
        return self._object(record, [field for field in record.fields if not field.optional])

    def _object(self, record: ir.Record, fields: Iterable[ir.Field]) -> Json:
        tag = {record.tag: record.tags[0]} if record.tag else {}
        return {**tag, **{field.name: self._value(field.type) for field in fields}}

    def _value(self, declared: ir.Type) -> Any:
        match declared:
            case ir.Primitive():
                return {"string": "text", "integer": 3, "number": 0.5, "boolean": True}.get(declared.value, {"key": 1})
            case ir.Literal(value):
                return value
            case ir.ListOf(item):
                return [self._value(item)]
            case ir.MapOf(item):
                return {"key": self._value(item)}
            case ir.OneOf(alternatives):
                return self._value(alternatives[0])
            case ir.EnumRef(name):
                return self._spec.enums[name].values[0].value
            case ir.UnionRef(name):
                return self._lean(self._spec.unions[name].variants[0].record)
            case ir.RecordRef(name):
                return self._lean(name)


# --- Where they are meant to differ ---


@dataclass(frozen=True)
class Difference:
    """A kind of events that one accepts and the other does not.

    Attributes:
        strict_accepts: Who accepts it: strict mode, or the models.
        occurs: Whether an event is of the kind.
    """

    reason: str
    strict_accepts: bool
    occurs: Callable[[Case], bool]


def unknown_tag(case: Case) -> bool:
    value = case.value[0] if isinstance(case.value, list) and case.value else case.value
    return isinstance(value, str) if case.path[-1] == "type" else value == {"type": "brand_new"}


def member_of_input(case: Case, *members: tuple[str, str]) -> bool:
    """Tell whether a member of one of the types that input items may be was changed, given as type and member."""
    return any(
        case.place in (f"Response.instructions: {name}", f"FailedSteer.input: {name}")
        and case.path[-1] == member
        and len(case.path) == 4
        for name, member in members
    )


DIFFERENCES = [
    Difference(
        "Strict mode lets the API grow: an unknown tag is no violation. A union of models knows only what it lists.",
        strict_accepts=True,
        occurs=unknown_tag,
    ),
    Difference(
        "A null tag is an absent one to strict mode, where it may be absent. The models know the two apart.",
        strict_accepts=True,
        occurs=lambda case: (
            case.value == {"type": None} if case.path[-1] != "type" else case.value is None and case.done != LEFT_OUT
        ),
    ),
    Difference(
        "Three types of `InputItem` have the tag `message`, and strict mode decides by the members which one is meant:"
        " with `status` it is none that does not declare it. The models take any that fits, and the one that does not"
        " declare `status` takes any `status`, and a text as `content`.",
        strict_accepts=False,
        occurs=lambda case: (
            member_of_input(case, ("InputMessage", "status"))
            or (
                isinstance(case.value, str)
                and member_of_input(case, ("InputMessage", "content"), ("OutputMessage", "content"))
            )
        ),
    ),
    Difference(
        "Without `status`, a message is an `EasyInputMessage`. The parts of an answer have tags that are unknown there,"
        " which strict mode accepts and the models do not.",
        strict_accepts=True,
        occurs=lambda case: case.done == LEFT_OUT and member_of_input(case, ("OutputMessage", "status")),
    ),
    Difference(
        "Without a tag, `role` says to strict mode that an `EasyInputMessage` is meant, and this one has no `content`."
        " The models take it for an `ItemReferenceParam`, because it has an `id`.",
        strict_accepts=False,
        occurs=lambda case: case.done == LEFT_OUT and member_of_input(case, ("AdditionalToolsItemParam", "type")),
    ),
]


# --- The two judges ---


@pytest.fixture(scope="session")
def spec() -> ir.Spec:
    found, _ = read_spec(SPEC)
    assert found is not None
    return found


@pytest.fixture(scope="session")
def pydantic_accepts(tmp_path_factory: pytest.TempPathFactory) -> Accepts:
    """Build the models, and give what asks them."""
    output = tmp_path_factory.mktemp("oracle") / "oracle_models.py"
    subprocess.run(
        [
            *(sys.executable, "-m", "datamodel_code_generator"),
            *("--input", str(SCHEMA), "--input-file-type", "jsonschema", "--output", str(output)),
            *("--output-model-type", "pydantic_v2.BaseModel", "--target-python-version", "3.10"),
            *("--formatters", "builtin", "--disable-timestamp", "--enum-field-as-literal", "all"),
            *("--strict-types", "str", "int", "float", "bool", "--use-missing-sentinel"),
            *("--target-pydantic-version", "2.14"),
        ],
        check=True,
        capture_output=True,
    )
    found = importlib.util.spec_from_file_location(output.stem, output)
    assert found is not None and found.loader is not None
    module = sys.modules[output.stem] = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    model: type[BaseModel] = module.ResponseStreamEvent

    def accepts(event: Json) -> bool:
        try:
            model.model_validate(event)
        except ValidationError:
            return False
        return True

    return accepts


def strict_accepts(event: Json) -> bool:
    return problems(event) == []


# --- Tests ---


def test_what_is_whole_is_accepted_by_both(spec: ir.Spec, pydantic_accepts: Accepts) -> None:
    whole: list[tuple[str, Any]] = [(event.tag, event.example) for event in spec.events]
    whole += [(place, event) for place, event, _ in Samples(spec).all()]
    refused = [
        (place, accepts.__name__)
        for place, event in whole
        for accepts in (strict_accepts, pydantic_accepts)
        if not accepts(event)
    ]
    assert refused == []


def test_broken_events_fare_alike(spec: ir.Spec, pydantic_accepts: Accepts) -> None:
    count = 0
    unexplained = []
    explained = dict.fromkeys((difference.reason for difference in DIFFERENCES), 0)
    for case in all_cases(spec):
        count += 1
        by_strict, by_pydantic = strict_accepts(case.event), pydantic_accepts(case.event)
        if by_strict is by_pydantic:
            continue
        reason = next(
            (each.reason for each in DIFFERENCES if each.strict_accepts is by_strict and each.occurs(case)), None
        )
        if reason is None:
            unexplained.append(
                f"{case}: strict mode {'accepts' if by_strict else 'refuses'} it, pydantic does not agree"
            )
        else:
            explained[reason] += 1
    assert unexplained == []
    assert [reason for reason, times in explained.items() if not times] == [], "no longer occurs; remove it"
    assert count > 50_000


def all_cases(spec: ir.Spec) -> Iterator[Case]:
    """Break every member of every example, and every member of each type in every place that may hold it."""
    for event in spec.events:
        assert isinstance(event.example, dict)
        for path in paths(event.example):
            yield from broken(event.tag, event.example, path)
    for place, sample, path in Samples(spec).all():
        for name in member(sample, path):
            yield from broken(place, sample, (*path, name))
