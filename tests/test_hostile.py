"""Texts of a spec that try to break out of the generated code stay texts."""

from __future__ import annotations

import ast
import importlib
import json
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventwright.pipeline import Result, compile_spec
from eventwright.targets.python.text import docstring, literal, prose

TEMPLATES = Path(__file__).parents[1] / "templates"

NASTY = [
    '"""',
    '""""""',
    "'''",
    '"',
    "\\",
    '\\"',
    "\\\\",
    'ends with a quote"',
    "ends with a backslash\\",
    "{{ page.name }}",
    "{% raw %}",
    "{# comment #}",
    "{%- set x = 1 -%}",
    "</script><script>alert(1)</script>",
    "<!-- -->",
    "`code` and ``more``",
    "| a | b |",
    "first\nsecond\n    third",
    "\N{RIGHT-TO-LEFT OVERRIDE}reversed",
    "zero\N{ZERO WIDTH SPACE}width",
    "\N{LINE SEPARATOR}next",
    "\\N{BULLET} \\u0041 \\x41",
    "%s %(x)s {0} {x!r} $x",
    "# comment",
    '"); raise SystemExit(1); ("',
    "\N{PILE OF POO}",
    "lambda",
    "__class__",
    "None",
]

WORDS = """
    class from extra leftover async self data built value placed suspects obj type_ match new settle __class__ __init__
    __slots__ _private x-id $ref 2fa with-dash ünïcode field_names declared default_of mro
""".split()


def compiled(tmp_path: Path, spec: dict[str, Any]) -> Result:
    folder = tmp_path / "nasty"
    folder.mkdir(exist_ok=True)
    # JSON is YAML, and quotes whatever it must; only YAML does not join escaped surrogates.
    (folder / "events.yaml").write_text(json.dumps(spec, indent=1, ensure_ascii=False), encoding="utf-8")
    return compile_spec(folder, [TEMPLATES])


def imported(tmp_path: Path, result: Result) -> ModuleType:
    # A folder of its own: a module of the same size within the same second would be read from its old bytecode.
    out = Path(tempfile.mkdtemp(dir=tmp_path))
    for path, text in result.files.items():
        if path.suffix in (".py", ".typed"):
            ast.parse(text)
            file = out / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    for name in [name for name in sys.modules if name.partition(".")[0] == "nasty"]:
        del sys.modules[name]
    importlib.invalidate_caches()
    sys.path.insert(0, str(out))
    try:
        return importlib.import_module("nasty")
    finally:
        sys.path.remove(str(out))


def spec_with(text: str) -> dict[str, Any]:
    """Put a text wherever a spec takes free text."""
    return {
        "title": text,
        "doc": text,
        "groups": {"Shared": {"doc": text, "fields": {"shared": {"type": "string", "doc": text}}}},
        "enums": {"Mood": {"doc": text, "deviates": text, "values": {"good": text}}},
        "types": {
            "Thing": {
                "doc": text,
                "deviates": text,
                "tag": "thing",
                "fields": {"mood": {"type": "Mood", "doc": text, "deviates": text, "deprecated": True}},
            }
        },
        "unions": {"Any1": {"doc": text, "deviates": text, "variants": ["Thing"]}},
        "events": {
            "thing.seen": {
                "doc": text,
                "deviates": text,
                "use": ["Shared"],
                "fields": {"thing": {"type": "Any1", "doc": text}, "note": {"type": "any", "doc": text}},
                "example": {
                    "type": "thing.seen",
                    "shared": text,
                    "thing": {"type": "thing", "mood": "good"},
                    "note": [text],
                },
            }
        },
    }


@pytest.mark.parametrize("text", NASTY)
def test_free_text_stays_text(tmp_path: Path, text: str) -> None:
    result = compiled(tmp_path, spec_with(text))
    assert result.files or result.report.has_errors
    if result.files:
        package = imported(tmp_path, result)
        wire = {"type": "thing.seen", "shared": text, "thing": {"type": "thing", "mood": "good"}, "note": [text]}
        event = package.decode(wire, strict=True)
        assert type(event).__name__ == "ThingSeenEvent"
        assert package.encode(event) == wire


@pytest.mark.parametrize("value", [value for value in NASTY if value.isprintable()])
def test_a_value_on_the_wire_keeps_its_spelling(tmp_path: Path, value: str) -> None:
    spec = spec_with("Plain.")
    spec["enums"]["Mood"]["values"] = {value: "Plain."}
    spec["events"]["thing.seen"]["example"]["thing"]["mood"] = value
    package = imported(tmp_path, compiled(tmp_path, spec))
    wire = spec["events"]["thing.seen"]["example"]
    assert package.problems(wire) == []
    assert [
        problem.code for problem in package.problems({**wire, "thing": {"type": "thing", "mood": f"{value}!"}})
    ] == ["value"]


@pytest.mark.parametrize("name", WORDS)
def test_a_field_may_have_any_name(tmp_path: Path, name: str) -> None:
    spec = spec_with("Plain.")
    spec["events"]["thing.seen"]["fields"][name] = {"type": "string", "doc": "Plain."}
    wire = spec["events"]["thing.seen"]["example"]
    wire[name] = "kept"
    result = compiled(tmp_path, spec)
    assert result.files, result.report.diagnostics
    package = imported(tmp_path, result)
    event = package.decode(wire, strict=True)
    assert package.encode(event) == wire
    assert event.leftover is None
    assert "kept" in [getattr(event, attribute) for attribute in type(event).field_names]


def test_a_tag_may_be_any_visible_text(tmp_path: Path) -> None:
    for tag in ("class", "None", "__class__", "a.b", 'a"b', "a'b", "a\\b", "{{x}}"):
        spec = spec_with("Plain.")
        event = spec["events"].pop("thing.seen")
        spec["events"][tag] = {**event, "variant": "Seen", "example": {**event["example"], "type": tag}}
        result = compiled(tmp_path, spec)
        assert result.files, result.report.diagnostics
        package = imported(tmp_path, result)
        assert type(package.decode(spec["events"][tag]["example"], strict=True)).__name__ == "SeenEvent"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200))
def test_any_text_makes_valid_python(text: str) -> None:
    for indent in (0, 4):
        source = docstring([prose(text), prose(text)], indent)
        body = source.replace("\n", "\n" + " " * indent)
        assert isinstance(ast.parse(f"class A:\n    {body}\n" if indent else body).body, list)
    single = docstring([prose(text)], 0)
    assert isinstance(ast.literal_eval(single), str)
    assert ast.literal_eval(literal(text)) == text
