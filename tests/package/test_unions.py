"""Whatever stands where a union is declared decodes, comes back as it was, and is told by what the spec says."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support import CASES

PLACES = {
    "ok-union-tag-at-a-path": [("update", "updates", True), ("update", "tick", False)],
    "ok-union-tag-is-a-name": [("part", "block", False), ("part", "blocks", True)],
    "ok-union-told-by-members": [("parts", "parts", True), ("parts", "more", False)],
    "ok-union-unknown-kinds": [("added", "object", False), ("added", "holder", False)],
    "ok-union-tags-that-are-numbers": [("operated", "operations", True), ("operated", "beat", False)],
    "ok-union-default-and-when": [("entries", "entries", True)],
}
"""For each case the tag of its event, a member that holds a union, and whether that is a list of it."""

_WORDS = (
    "meta kind message join text name t op trade quote price value toolUse input reason code thought step origin url"
    " web note Pod Service port node new type change remark from to count interval"
).split()
_LEAVES = st.one_of(
    st.sampled_from(["", *_WORDS]), st.sampled_from([None, True, False, 0, 1, 1.0, 10, 11, 1.5]), st.just("1")
)
_VALUES = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(_WORDS), inner, max_size=4),
    max_leaves=8,
)


@pytest.fixture(scope="module", params=PLACES)
def case(request: pytest.FixtureRequest, package: Callable[..., ModuleType]) -> tuple[str, ModuleType, Any]:
    from eventwright.pipeline import compile_spec

    folder = CASES / request.param / "spec"
    files = compile_spec(folder).outputs["json_schema"]
    schema = next(json.loads(text) for path, text in files.items() if path.name == "demo.schema.json")
    return request.param, package(folder), jsonschema.Draft202012Validator(schema)


def _example(name: str) -> dict[str, Any]:
    from eventwright.pipeline import read_spec

    spec, _ = read_spec(Path(CASES / name / "spec"))
    assert spec is not None
    (event,) = spec.events
    assert isinstance(event.example, dict)
    return event.example


def _whole(value: Any) -> bool:
    """Whether nothing in a value is a number such as 1.0, which is an integer to JSON Schema alone."""
    match value:
        case float():
            return not value.is_integer()
        case list():
            return all(map(_whole, value))
        case dict():
            return all(map(_whole, value.values()))
        case _:
            return True


def _refused(module: ModuleType, wire: dict[str, Any]) -> list[Any]:
    """Give what strict decoding says is wrong."""
    try:
        module.decode(wire, strict=True)
    except module.DecodeError as error:
        return list(error.problems)
    return []


def test_any_value(case: tuple[str, ModuleType, Any]) -> None:
    name, module, validator = case
    example = _example(name)

    @settings(max_examples=400, deadline=None)
    @given(st.sampled_from(PLACES[name]), _VALUES)
    def check(place: tuple[str, str, bool], value: Any) -> None:
        _, key, is_list = place
        wire = {**example, key: [value] if is_list else value}
        event = module.decode(json.dumps(wire))
        assert json.dumps(module.encode(event), sort_keys=True) == json.dumps(wire, sort_keys=True)
        assert event == module.decode(wire)
        found = module.problems(wire)
        assert _refused(module, wire) == found
        if _whole(value):
            assert validator.is_valid(wire) == (found == []), found

    check()


@pytest.mark.parametrize(
    ("name", "key", "value", "wanted"),
    [
        ("ok-union-tag-at-a-path", "tick", {"op": "trade", "price": 1}, "Trade"),
        ("ok-union-tag-at-a-path", "tick", {"t": "quote", "op": "trade"}, "Quote"),
        ("ok-union-tag-at-a-path", "tick", {"t": "", "op": "trade", "price": 1}, "Trade"),
        ("ok-union-tag-at-a-path", "tick", {"t": None}, "Quote"),
        ("ok-union-tag-at-a-path", "tick", {"t": "new"}, "UnknownVariant"),
        ("ok-union-tag-is-a-name", "block", {"text": {"value": "hi"}}, "TextBlock"),
        ("ok-union-tag-is-a-name", "block", {"text": "hi"}, "UnknownVariant"),
        ("ok-union-tag-is-a-name", "block", {"image": {}}, "UnknownVariant"),
        ("ok-union-tag-is-a-name", "block", {"reason": "x", "code": 1}, "Empty"),
        ("ok-union-told-by-members", "more", {"text": None}, "TextPart"),
        ("ok-union-told-by-members", "more", {"any": 1}, "OtherPart"),
        ("ok-union-unknown-kinds", "object", {"kind": "Node", "name": "n", "cpu": 3}, "Thing"),
        ("ok-union-unknown-kinds", "holder", {"name": "n", "port": 3}, "Service"),
    ],
)
def test_variants(package: Callable[..., ModuleType], name: str, key: str, value: Any, wanted: str) -> None:
    module = package(CASES / name / "spec")
    event = module.decode({**_example(name), key: value})
    assert type(getattr(event, key)).__name__ == wanted


@pytest.mark.parametrize(
    ("part", "wanted"),
    [
        ({"text": "hm", "thought": True}, "ThoughtPart"),
        ({"text": "hm", "thought": 1}, "TextPart"),
        ({"text": "hm", "thought": None}, "TextPart"),
        ({"step": 1}, "StepPart"),
        ({"step": True}, "UnknownVariant"),
        ({"step": 1.0}, "UnknownVariant"),
        ({"origin": {"kind": "web"}}, "WebPart"),
        ({"origin": {"kind": None}}, "FilePart"),
        ({"origin": "web"}, "UnknownVariant"),
    ],
)
def test_conditions_on_values(package: Callable[..., ModuleType], part: dict[str, Any], wanted: str) -> None:
    module = package(CASES / "ok-union-told-by-members" / "spec")
    event = module.decode({"type": "parts", "parts": [part]})
    assert type(event.parts[0]).__name__ == wanted


@pytest.mark.parametrize(
    ("tag", "wanted"),
    [(10, "Hello"), (1, "Beat"), (True, "Yes"), ("1", "Word"), (1.0, "UnknownVariant"), (False, "UnknownVariant")],
)
def test_tags_that_are_no_texts(package: Callable[..., ModuleType], tag: object, wanted: str) -> None:
    module = package(CASES / "ok-union-tags-that-are-numbers" / "spec")
    event = module.decode({"type": "operated", "operations": [{"op": tag}]})
    assert type(event.operations[0]).__name__ == wanted


def test_unknown_kind_has_its_tag_and_data(package: Callable[..., ModuleType]) -> None:
    module = package(CASES / "ok-union-unknown-kinds" / "spec")
    event = module.decode({"type": "added", "object": {"kind": "Node", "name": "n", "cpu": 3}}, strict=True)
    assert (event.object.kind, event.object.name, event.object.extra) == ("Node", "n", {"cpu": 3})


def test_object_that_is_made_in_python_is_written_under_its_name(package: Callable[..., ModuleType]) -> None:
    module = package(CASES / "ok-union-tag-is-a-name" / "spec")
    block = module.TextBlock(value="hi")
    assert module.encode(block) == {"text": {"value": "hi"}}
    assert module.encode(module.PartEvent(block=block))["block"] == {"text": {"value": "hi"}}


def test_new_tag_where_a_field_names_the_type(package: Callable[..., ModuleType]) -> None:
    spec = {
        "types": {
            "Failure": {
                "doc": "What went wrong.",
                "tag": "failure",
                "fields": {"message": {"type": "string", "doc": "In words."}},
            }
        },
        "events": {
            "error": {"doc": "It failed.", "fields": {"error": {"type": "Failure", "doc": "What went wrong."}}},
        },
    }
    module = package(spec, "failures")
    wire = {"type": "error", "error": {"type": "brand_new_error", "message": "no"}}
    event = module.decode(wire, strict=True)
    assert event.error.message == "no"
    assert not hasattr(event.error, "type")
    assert event.error.leftover == {"type": "brand_new_error"}
    assert module.problems(wire) == []
    assert module.encode(event) == wire
    for tag in (5, None, ["failure"]):
        wire = {"type": "error", "error": {"type": tag, "message": "no"}}
        assert [problem.path for problem in module.problems(wire)] == ["$.error.type"]
        assert module.encode(module.decode(wire)) == wire
