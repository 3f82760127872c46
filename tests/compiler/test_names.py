"""Names of the wire that mean something else in Python do no harm in the package."""

from __future__ import annotations

import importlib
import typing
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from eventwright.diagnostics.values import Diagnostic
from support.compiling import compiled
from support.names import HIDING, spec_with_hiding_fields

Package = Callable[..., ModuleType]


def fields(**members: Any) -> dict[str, Any]:
    """Write a spec with one event, from the types of its fields or what stands under their names."""
    written = {name: body if isinstance(body, dict) else {"type": body} for name, body in members.items()}
    noted = {"doc": "Something was noted.", "fields": {name: {**body, "doc": "It."} for name, body in written.items()}}
    return {"doc": "Notes.", "title": "Notes", "events": {"noted": noted}}


def errors(spec: dict[str, Any], folder: Path) -> list[Diagnostic]:
    return [each for each in compiled(spec, folder, "demo").report.diagnostics if each.rule.code[0] == "E"]


def test_fields_that_differ_in_case_are_two(package: Package) -> None:
    event = package(fields(p="string", P="integer", id="string", Id="string", ID="string")).decode(
        {"type": "noted", "p": "a", "P": 1, "id": "b", "Id": "c", "ID": "d"}, strict=True
    )
    assert (event.p, event.P, event.id, event.Id, event.ID) == ("a", 1, "b", "c", "d")


def test_a_field_has_the_attribute_that_the_spec_gives(package: Package) -> None:
    members = {"+1": {"type": "integer", "attribute": "likes"}, "-1": {"type": "integer"}}
    demo = package(fields(**members))
    wire = {"type": "noted", "+1": 3, "-1": 1}
    event = demo.decode(wire)
    assert (event.likes, event._1_) == (3, 1)
    assert demo.encode(event) == wire
    assert str(demo.problems({**wire, "+1": "3"})[0]) == '$["+1"]: expected an integer, got "3" [type]'
    assert demo.NotedEvent(likes=3, _1_=1) == event


@pytest.mark.parametrize(
    "names", [("+1", "-1"), ("a-b", "a_b", "a.b"), ("class", "class_"), ("Type", "type_", "type-")]
)
def test_what_the_hint_says_tells_equal_names_apart(names: tuple[str, ...], tmp_path: Path) -> None:
    members: dict[str, Any] = {name: {"type": "string"} for name in names}
    for _ in names:
        found = errors(fields(**members), tmp_path)
        if not found:
            return
        field = found[0].message.split("'")[1]
        members[field]["attribute"] = found[0].hint.split("'attribute: ")[1].split("'")[0]
    assert not errors(fields(**members), tmp_path)


def test_empty_texts_and_texts_with_spaces_are_values_like_others(package: Package) -> None:
    spec = fields(title="Title", other='"" | integer', **{"": "string"}, thing="Thing")
    spec["enums"] = {"Title": {"doc": "It.", "values": {"Dr": "One.", "": "None.", "Prof Dr": "Two.", " ": "Blank."}}}
    spec["types"] = {
        "Empty": {"doc": "It.", "tag": "", "fields": {}},
        "Spaced": {"doc": "It.", "tag": ["a thing", " "], "fields": {}},
    }
    spec["unions"] = {"Thing": {"doc": "It.", "variants": ["Empty", "Spaced"]}}
    demo = package(spec)
    for title in ("", "Dr", "Prof Dr", " "):
        for tag, name in (("", "Empty"), ("a thing", "Spaced"), (" ", "Spaced")):
            wire = {"type": "noted", "title": title, "other": "", "": "x", "thing": {"type": tag}}
            event = demo.decode(wire, strict=True)
            assert (event.title, event.other, type(event.thing).__name__) == (title, "", name)
            assert demo.encode(event) == wire
    wire["title"] = "Mr"
    assert [problem.path for problem in demo.problems(wire)] == ["$.title"]


def test_a_stream_of_events_whose_tags_have_spaces(package: Package) -> None:
    events = {
        tag: {"doc": "It.", "variant": name, "fields": {"a": {"type": "string"}}}
        for tag, name in (("it is", "ItIs"), ("", "Nothing"))
    }
    demo = package({"events": events})
    stream = importlib.import_module("demo.stream")
    sent = [{"type": "it is", "a": "x"}, {"type": "", "a": "y"}, {"type": "it is", "a": "z"}]
    frames = b"".join(stream.encode_sse(demo.decode(wire)) for wire in sent)
    assert [demo.encode(event) for event in stream.iter_events(frames)] == sent
    assert [event.a for event in stream.iter_events(frames, only={"it is"})] == ["x", "z"]
    assert [event.a for event in stream.iter_events(frames, only={""})] == ["y"]


def test_a_field_that_is_called_like_the_tag_in_python_is_found(tmp_path: Path) -> None:
    spec = fields(a_type="string")
    found = [each.message for each in compiled(spec, tmp_path, "demo", tag="a-type").report.diagnostics]
    assert "'a_type' becomes the attribute 'a_type', as 'a-type' does" in found


def test_annotations_mean_types_whatever_fields_are_called(package: Package) -> None:
    demo = package(spec_with_hiding_fields())
    for model in demo.EVENT_TYPES.values():
        hints = typing.get_type_hints(model)
        assert not [name for name in HIDING if "member_descriptor" in repr(hints[name])]
    hints = typing.get_type_hints(demo.EVENT_TYPES["noted.0"])
    assert (hints["str"], hints["int"], hints["float"]) == (str | None, int, float)


def test_functions_of_a_module_have_different_names(package: Package) -> None:
    either = "list[Thing | string]"
    thing = {"doc": "A thing.", "tag": "item", "fields": {}}
    spec = {
        "events": {"a": {"doc": "It.", "fields": {"b_c": {"type": either}}, "class": "A"}},
        "types": {
            "AB": {"doc": "It.", "tag": ["a b", "a-b"], "fields": {"c": {"type": either}, "c_item": {"type": either}}},
            "Rest": {"doc": "It.", "tag": ["a b", "a-b"], "fields": {}},
            "ChoiceItem": {"doc": "It.", "tag": "item", "fields": {"x": {"type": "integer"}}},
            "Thing": thing,
        },
        "unions": {
            "Choice": {
                "doc": "It.",
                "variants": [
                    {"type": "AB", "when": ["c"]},
                    "Rest",
                    {"type": "ChoiceItem", "when": ["x"]},
                    "Thing",
                ],
            }
        },
    }
    spec["events"]["b"] = {"doc": "It.", "fields": {"choice": {"type": "Choice"}}}
    demo = package(spec)
    for wire in ({"type": "a b", "c": ["x"], "c_item": []}, {"type": "a-b"}, {"type": "item", "x": 1}):
        event = demo.decode({"type": "b", "choice": wire})
        assert type(event.choice).__name__ == {"a b": "AB", "a-b": "Rest", "item": "ChoiceItem"}[wire["type"]]
        assert demo.encode(event) == {"type": "b", "choice": wire}


@pytest.mark.parametrize("name", ["types", "json", "enum", "docs", "json_schema", "con", "lpt1"])
def test_a_package_that_is_in_the_way_gets_another_name_as_the_hint_says(tmp_path: Path, name: str) -> None:
    spec = {**fields(a="string"), "doc": "Notes."}
    codes = {"E806", "W809"}
    (found,) = [each for each in compiled(spec, tmp_path, name).report.diagnostics if each.rule.code in codes]
    better = found.hint.split("'name: ")[1].split("'")[0]
    report = compiled(spec, tmp_path, better).report
    assert not [each for each in report.diagnostics if each.rule.code in codes]


def test_no_page_of_the_docs_has_the_name_of_a_device(tmp_path: Path) -> None:
    events = {tag: {"doc": "It.", "variant": f"Tag{at}"} for at, tag in enumerate(["con", "aux.read", "NUL", "com1"])}
    files = compiled({"events": events}, tmp_path, "demo").files
    stems = {path.name.partition(".")[0].lower() for path in files}
    assert "con_" in stems
    assert stems.isdisjoint({"con", "aux", "nul", "com1"})
