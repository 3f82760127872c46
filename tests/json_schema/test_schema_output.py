"""The generated JSON Schema says what strict mode says: what is accepted, what is refused, and where."""

from __future__ import annotations

import copy
import difflib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import responses_events
from eventwright.diagnostics.values import Report
from eventwright.model import ir
from eventwright.pipeline import read_spec, render
from eventwright.targets.json_schema import TARGET
from support import CORPUS, SPEC, TEMPLATES, needs_corpus

# Every way in which a variant is found: by tag, by one of several tags, by a tag that is shared, and without a tag.
SMALL = """
enums:
  Closed: {doc: A closed set., values: {a: A., b: B.}}
  Open: {doc: An open set., open: true, values: {a: A., b: B.}}
types:
  Plain: {doc: No tag., fields: {id: {type: string, doc: Id.}}}
  Alone: {doc: Only a tag., tag: alone}
  Several: {doc: Several tags., tag: [one, two], fields: {n: {type: integer, doc: A number.}}}
  Full: {doc: With an id., tag: shared, fields: {id: {type: string, doc: Id.}, n: {type: integer, doc: A number.}}}
  Easy: {doc: Easy., tag: shared, tag_optional: true, fields: {text: {type: string, doc: Text.}}}
  Pointer: {doc: By id., tag: reference, fields: {id: {type: string, doc: Id of another.}}}
  Reference: {doc: By id., tag: reference, tag_optional: true, fields: {id: {type: string, doc: Id.}}}
unions:
  Item:
    doc: Told apart by the tag.
    variants: [Alone, Several, Pointer]
  Input:
    doc: Told apart by the tag and more.
    variants: [{type: Full, when: [id]}, Easy, Reference]
    default: [{type: Easy, when: [text]}, {type: Reference, when: [id]}]
events:
  test.event:
    class: TestEvent
    doc: All kinds of fields.
    fields:
      text: {type: string, doc: Text.}
      count: {type: integer, optional: true, doc: Count.}
      ratio: {type: number, optional: true, nullable: true, doc: Ratio.}
      flag: {type: boolean, optional: true, deprecated: true, doc: Flag.}
      free: {type: object, optional: true, doc: Free.}
      whatever: {type: any, optional: true, doc: Any value.}
      fixed: {type: '"x"', optional: true, nullable: true, doc: Fixed.}
      closed: {type: Closed, optional: true, deviates: Seen otherwise., doc: Closed.}
      open: {type: Open, optional: true, nullable: true, doc: Open.}
      plain: {type: Plain, optional: true, doc: Plain.}
      several: {type: Several, optional: true, doc: A type with several tags.}
      item: {type: Item, optional: true, nullable: true, doc: An item.}
      items: {type: 'list[Item]', optional: true, doc: Items.}
      input: {type: 'string | list[Input]', optional: true, doc: Input.}
      numbers: {type: 'map[number]', optional: true, nullable: true, doc: Numbers.}
    example: {type: test.event, text: Hello}
"""

ACCEPTED: list[dict[str, Any]] = [
    {},
    {"undeclared": [1]},
    {"count": 10**30},
    {"several": {"type": "unknown", "n": 1}},
    {"input": [{"type": None, "text": "x"}]},
    {"ratio": 1},
    {"ratio": None},
    {"free": {"a": None}},
    {"whatever": None},
    {"fixed": None},
    {"open": "unknown"},
    {"open": None},
    {"several": {"type": "two", "n": 1}},
    {"item": None},
    {"item": {"type": "alone"}},
    {"item": {"type": "alone", "undeclared": 1}},
    {"item": {"type": "reference", "id": "x"}},
    {"item": {"type": "unknown", "n": "x"}},
    {"items": [{"type": "one", "n": 1}, {"type": "unknown"}]},
    {"input": "text"},
    {"input": [{"type": "shared", "id": "x", "n": 1}, {"type": "shared", "text": "x"}, {"text": "x"}, {"id": "x"}]},
    {"numbers": {"a": 1, "b": 1.5}},
]

REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"text": None}, "$.text"),
    ({"text": 5}, "$.text"),
    ({"count": None}, "$.count"),
    ({"count": 1.5}, "$.count"),
    ({"count": True}, "$.count"),
    ({"ratio": "1"}, "$.ratio"),
    ({"ratio": True}, "$.ratio"),
    ({"flag": 0}, "$.flag"),
    ({"free": []}, "$.free"),
    ({"fixed": "y"}, "$.fixed"),
    ({"closed": "unknown"}, "$.closed"),
    ({"closed": None}, "$.closed"),
    ({"open": 5}, "$.open"),
    ({"plain": {}}, "$.plain"),
    ({"plain": "x"}, "$.plain"),
    ({"several": {"type": 5, "n": 1}}, "$.several.type"),
    ({"several": {"n": 1}}, "$.several"),
    ({"item": "x"}, "$.item"),
    ({"item": {}}, "$.item"),
    ({"item": {"id": "x"}}, "$.item"),
    ({"item": {"type": None}}, "$.item"),
    ({"item": {"type": 5}}, "$.item"),
    ({"item": {"type": "one"}}, "$.item"),
    ({"items": None}, "$.items"),
    ({"items": [{"type": "alone"}, 7]}, "$.items[1]"),
    ({"items": [{"type": "alone"}, {"type": "two", "n": "x"}]}, "$.items[1].n"),
    ({"input": 5}, "$.input"),
    # `id` makes it a Full, so that it is refused although it would do as an Easy.
    ({"input": [{"type": "shared", "id": "x", "text": "x"}]}, "$.input"),
    ({"input": [{"type": "shared"}]}, "$.input"),
    ({"input": [{"other": 1}]}, "$.input"),
    ({"numbers": {"a": "1"}}, "$.numbers"),
]


def schemas(spec: ir.Spec) -> dict[str, str]:
    """Render the schemas of a spec with the templates that ship."""
    (product,) = render(spec, [TARGET], [TEMPLATES], Report())
    return {path.as_posix(): text for path, text in product.files.items()}


def read(folder: Path) -> ir.Spec:
    spec, report = read_spec(folder)
    assert spec is not None, [f"{found.span}: {found.rule.code} {found.message}" for found in report.diagnostics]
    return spec


def write_small(folder: Path, text: str) -> ir.Spec:
    folder.mkdir()
    (folder / "spec.yaml").write_text("name: small_events\nunion: SmallEvent\n", encoding="utf-8")
    (folder / "all.yaml").write_text(text, encoding="utf-8")
    return read(folder)


@pytest.fixture(scope="module")
def spec() -> ir.Spec:
    return read(SPEC)


@pytest.fixture(scope="module")
def texts(spec: ir.Spec) -> dict[str, str]:
    return schemas(spec)


@pytest.fixture(scope="module")
def validator(texts: dict[str, str]) -> Draft202012Validator:
    return Draft202012Validator(json.loads(texts["json_schema/responses_events/responses_events.schema.json"]))


@pytest.fixture(scope="module")
def closed(texts: dict[str, str]) -> Draft202012Validator:
    return Draft202012Validator(json.loads(texts["json_schema/responses_events/responses_events.closed.schema.json"]))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Draft202012Validator]:
    made = schemas(write_small(tmp_path_factory.mktemp("small") / "spec", SMALL))
    return {name: Draft202012Validator(json.loads(text)) for name, text in made.items()}


@pytest.fixture(scope="module")
def small_exact(small: dict[str, Draft202012Validator]) -> Draft202012Validator:
    return small["json_schema/small_events/small_events.schema.json"]


def found(validator: Draft202012Validator, instance: object) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(instance)]


# --- The text ---


def test_schemas_are_valid(texts: dict[str, str]) -> None:
    assert len(texts) == 2
    for text in texts.values():
        Draft202012Validator.check_schema(json.loads(text))
        assert text.endswith("}\n")


def test_every_declaration_is_defined(spec: ir.Spec, texts: dict[str, str]) -> None:
    for text in texts.values():
        schema = json.loads(text)
        assert set(schema["$defs"]) == {*spec.records, *spec.enums, *spec.unions}
        assert schema["title"] == spec.union
        for name, definition in schema["$defs"].items():
            assert definition["title"] == name
            assert definition["description"]


def test_every_reference_resolves(texts: dict[str, str]) -> None:
    def references(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                yield value["$ref"]
            for name, inner in value.items():
                if name == "discriminator" and "mapping" in inner:
                    yield from inner["mapping"].values()
                elif name != "examples":
                    yield from references(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from references(inner)

    for text in texts.values():
        schema = json.loads(text)
        targets = set(references(schema))
        assert targets == {f"#/$defs/{name}" for name in schema["$defs"]}


def test_output_is_the_same_each_time(spec: ir.Spec, texts: dict[str, str]) -> None:
    assert schemas(spec) == texts


def test_prose_of_the_spec_arrives(small_exact: Draft202012Validator) -> None:
    schema: Any = small_exact.schema
    definitions = schema["$defs"]
    event = definitions["TestEvent"]
    assert event["description"] == "All kinds of fields."
    assert event["examples"] == [{"type": "test.event", "text": "Hello"}]
    assert event["properties"]["flag"]["deprecated"] is True
    assert "Seen otherwise." in event["properties"]["closed"]["$comment"]
    assert definitions["Open"]["examples"] == ["a", "b"]
    assert definitions["Closed"]["x-enumDescriptions"] == {"a": "A.", "b": "B."}


def test_new_variants_only_add_lines(tmp_path: Path) -> None:
    before = schemas(write_small(tmp_path / "before", SMALL))
    more = SMALL + "  test.later:\n    class: LaterEvent\n    doc: Later.\n    example: {type: test.later}\n"
    more = more.replace("unions:\n", "  Late: {doc: Late., tag: late}\nunions:\n")
    more = more.replace("[Alone, Several, Pointer]", "[Alone, Several, Pointer, Late]")
    after = schemas(write_small(tmp_path / "after", more))
    for name, text in before.items():
        # A comma after what was the last entry is no change of that entry.
        old, new = ([line.rstrip(",") for line in version.splitlines()] for version in (text, after[name]))
        changes = [line for line in difflib.ndiff(old, new) if line[0] in "+-"]
        assert changes
        assert [line for line in changes if line.startswith("-")] == []


# --- What is accepted and what is refused ---


@pytest.mark.parametrize("members", ACCEPTED, ids=json.dumps)
def test_accepted(small_exact: Draft202012Validator, members: dict[str, Any]) -> None:
    assert found(small_exact, {"type": "test.event", "text": "Hello", **members}) == []


@pytest.mark.parametrize(("members", "place"), REFUSED, ids=json.dumps)
def test_refused(small_exact: Draft202012Validator, members: dict[str, Any], place: str) -> None:
    problems = found(small_exact, {"type": "test.event", "text": "Hello", **members})
    assert [problem for problem in problems if problem.startswith(place)]


@pytest.mark.parametrize("instance", [{}, {"type": None}, {"type": 5}, [], "x", None, {"type": "test.event"}])
def test_refused_as_event(small_exact: Draft202012Validator, instance: object) -> None:
    assert found(small_exact, instance)


def test_unknown_event_is_accepted(small_exact: Draft202012Validator) -> None:
    assert found(small_exact, {"type": "test.unknown", "text": 5}) == []


@pytest.mark.parametrize("number", [1.0, -0.0, 1e30])
def test_known_difference_to_strict_mode(small_exact: Draft202012Validator, number: float) -> None:
    """JSON Schema counts a number without a fraction among the integers; the note at the top says so."""
    assert found(small_exact, {"type": "test.event", "text": "Hello", "count": number}) == []
    schema: Any = small_exact.schema
    assert "1.0" in schema["$comment"]


def test_closed_schema_knows_no_unknown_tags(small: dict[str, Draft202012Validator]) -> None:
    validator = small["json_schema/small_events/small_events.closed.schema.json"]
    event = {"type": "test.event", "text": "Hello"}
    assert found(validator, event) == []
    assert found(validator, {**event, "item": {"type": "alone"}, "input": [{"text": "x"}, {"id": "x"}]}) == []
    assert found(validator, {"type": "test.unknown"})
    assert found(validator, {**event, "item": {"type": "unknown"}})


# --- The shipped spec ---


def test_examples_validate(spec: ir.Spec, validator: Draft202012Validator, closed: Draft202012Validator) -> None:
    assert spec.events
    for event in spec.events:
        assert event.example is not None, event.tag
        assert found(validator, event.example) == [], event.tag
        assert found(closed, event.example) == [], event.tag


def test_broken_examples_are_refused(spec: ir.Spec, validator: Draft202012Validator) -> None:
    """Each field of each example in turn: left out, null, and of another kind."""
    accepted = []
    for event in spec.events:
        assert isinstance(event.example, dict)
        for field in event.record.fields:
            if field.name not in event.example or field.type is ir.Primitive.ANY:
                continue
            absent = {key: value for key, value in event.example.items() if key != field.name}
            null = {**event.example, field.name: None}
            # No field of the shipped spec takes an object as well as a list.
            value = event.example[field.name]
            other: Any = {**event.example, field.name: {} if isinstance(value, list) else []}
            for what, instance, fine in [
                ("absent", absent, field.optional),
                ("null", null, field.nullable),
                ("other kind", other, False),
            ]:
                if validator.is_valid(instance) is not fine:
                    accepted.append(f"{event.tag}: {field.name}: {what}")
    assert accepted == []


def test_unknown_value_of_a_closed_enum_is_refused(spec: ir.Spec, validator: Draft202012Validator) -> None:
    completed = next(event.example for event in spec.events if event.tag == "response.completed")
    broken: Any = copy.deepcopy(completed)
    broken["response"]["output"][0]["role"] = "unknown"
    assert found(validator, broken)
    unknown: Any = copy.deepcopy(completed)
    unknown["response"]["output"][0] = {"type": "unknown"}
    assert found(validator, unknown) == []


def test_unknown_tags_are_accepted(spec: ir.Spec, validator: Draft202012Validator) -> None:
    for event in spec.events:
        assert isinstance(event.example, dict)
        assert found(validator, {**event.example, "type": f"{event.tag}.unknown"}) == []


@needs_corpus
def test_recorded_events_fare_as_in_strict_mode(validator: Draft202012Validator) -> None:
    """The schema and the strict mode of the generated package agree on every recorded event."""
    events = [
        json.loads(line)
        for path in sorted(CORPUS.glob("streams/*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    assert events
    disagreements = []
    for event in events:
        strict = [str(problem) for problem in responses_events.problems(event)]
        if validator.is_valid(event) is bool(strict):
            disagreements.append((event["type"], strict, found(validator, event)))
    assert disagreements == []
