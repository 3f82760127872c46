"""What type expressions become: elements that may be null, and literals that are no text."""

from __future__ import annotations

import json
import typing
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import jsonschema
import pytest

from eventwright.diagnostics.values import Diagnostic
from support.compiling import compiled

Package = Callable[..., ModuleType]

THINGS: dict[str, Any] = {
    "types": {
        "Thing": {"doc": "It.", "tag": "thing", "fields": {"a": {"type": "string"}}},
        "Other": {"doc": "It.", "tag": "other"},
    },
    "enums": {"Kind": {"doc": "It.", "values": {"a": "One.", "b": "Two."}}},
    "unions": {"Either": {"doc": "It.", "variants": ["Thing", "Other"]}},
}


def spec(**types: str) -> dict[str, Any]:
    """Write a spec with one event, from the types of its fields."""
    fields = {name: {"type": written, "doc": "It."} for name, written in types.items()}
    return {**THINGS, "events": {"noted": {"doc": "It.", "fields": fields}}}


def errors(written: str, folder: Path) -> list[Diagnostic]:
    found = compiled(spec(x=written), folder, "demo").report.diagnostics
    return [each for each in found if each.rule.code[0] == "E"]


THING = {"type": "thing", "a": "x"}

FITTING = [
    ("list[string | null]", ["a", None]),
    ("list[string?]", [None]),
    ("list[null | string]", []),
    ("map[integer | null]", {"a": None, "b": 1}),
    ("list[Thing?]", [THING, None]),
    ("list[Thing | null]", [None, None]),
    ("map[Either?]", {"a": THING, "b": None, "c": {"type": "other"}}),
    ("list[Kind | null]", ["b", None]),
    ("list[list[number?]?]", [[1, None], None]),
    ("list[string | integer | null]", ["a", 1, None]),
    ("list[string | list[Thing?] | null]", ["a", [THING, None], None]),
    ("list[any | null]", [None, 1, {}]),
    ("list[object?]", [None, {}]),
    ('list["a"?]', ["a", None]),
    ("5", 5),
    ("-1", -1),
    ("true", True),
    ("false", False),
    ("0 | 1 | 2", 0),
    ("0 | 1 | 2", 2),
    ('0 | "auto" | 1', "auto"),
    ('0 | "auto" | 1', 1),
    ('"inf" | integer', "inf"),
    ("string | false", False),
    ("list[1 | 2]", [1, 2, 1]),
    ("list[0 | 1 | null]", [0, None]),
    ("map[true | null]", {"a": True, "b": None}),
]

MISFITS = [
    ("list[string | null]", ["a", 1], "$.x[1]", "a string"),
    ("list[string]", ["a", None], "$.x[1]", "a string"),
    ("list[Thing?]", [None, 5], "$.x[1]", "an object (Thing)"),
    ("map[integer?]", {"a": "1"}, "$.x.a", "an integer"),
    ("list[list[number?]?]", [[None, "a"]], "$.x[0][1]", "a number"),
    ("5", 6, "$.x", "5"),
    ("5", "5", "$.x", "5"),
    ("5", 5.0, "$.x", "5"),
    ("1", True, "$.x", "1"),
    ("true", 1, "$.x", "true"),
    ("true", False, "$.x", "true"),
    ("0 | 1 | 2", 3, "$.x", "0, 1 or 2"),
    ("0 | 1", False, "$.x", "0 or 1"),
    ('0 | "auto"', "0", "$.x", '"auto"'),
    ("list[1 | 2]", [1, 3], "$.x[1]", "1 or 2"),
]


@pytest.mark.parametrize(("written", "value"), FITTING)
def test_what_fits(package: Package, written: str, value: Any) -> None:
    demo = package(spec(x=written))
    wire = {"type": "noted", "x": value}
    event = demo.decode(wire, strict=True)
    assert demo.encode(event.x) == value if isinstance(event.x, demo.Model) else demo.encode(event) == wire
    assert (event.leftover, demo.problems(wire)) == (None, [])
    typing.get_type_hints(demo.NotedEvent)
    assert demo.decode(demo.dumps(event)) == event


@pytest.mark.parametrize(("written", "value", "path", "expected"), MISFITS)
def test_what_does_not_fit(package: Package, written: str, value: Any, path: str, expected: str) -> None:
    demo = package(spec(x=written))
    wire = {"type": "noted", "x": value}
    event = demo.decode(wire)
    assert not hasattr(event, "x")
    assert demo.encode(event) == wire
    (problem,) = demo.problems(wire)
    assert (problem.path, problem.expected) == (path, expected)


@pytest.mark.parametrize(("written", "value"), FITTING)
def test_json_schema_accepts_what_fits(tmp_path: Path, written: str, value: Any) -> None:
    jsonschema.validate({"type": "noted", "x": value}, schema(written, tmp_path))


@pytest.mark.parametrize(("written", "value"), [entry[:2] for entry in MISFITS if not isinstance(entry[1], float)])
def test_json_schema_refuses_what_does_not(tmp_path: Path, written: str, value: Any) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"type": "noted", "x": value}, schema(written, tmp_path))


def schema(written: str, folder: Path) -> Any:
    files = compiled(spec(x=written), folder, "demo").outputs["json_schema"]
    return json.loads(next(text for path, text in files.items() if path.name == "demo.schema.json"))


def test_annotations(package: Package) -> None:
    demo = package(spec(a="list[string?]", b="map[Thing | null]", c="0 | 1", d='true | "auto"'))
    hints = typing.get_type_hints(demo.NotedEvent)
    assert hints["a"] == list[str | None]
    assert hints["b"] == dict[str, demo.Thing | None]
    assert hints["c"] == Literal[0, 1]
    assert hints["d"] == typing.Union[Literal[True], Literal["auto"]]


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("List[Optional[int]]", "list[integer | null]"),
        ("(string | null)[]", "list[string | null]"),
        ("Array<string | null>", "list[string | null]"),
        ("Record<string, number | undefined>", "map[number | null]"),
        ("dict[str, Optional[Thing]]", "map[Thing | null]"),
    ],
)
def test_nulls_of_other_languages_are_mended(written: str, mended: str, tmp_path: Path) -> None:
    (found,) = errors(written, tmp_path)
    assert found.hint == f"write '{mended}'"
    assert not errors(mended, tmp_path)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("string?", "E205"),
        ("string | null", "E301"),
        ("list[null]", "E301"),
        ("1.5", "E205"),
        ("true | false", "E306"),
        ("5 | integer", "E306"),
    ],
)
def test_what_is_no_type(written: str, code: str, tmp_path: Path) -> None:
    (found,) = errors(written, tmp_path)
    assert found.rule.code == code
    assert found.hint
