"""Texts of a spec that try to break out of the generated code stay texts."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventwright.targets.python.text import docstring, literal, prose
from support.compiling import compiled

Package = Callable[..., ModuleType]

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
    "zero\N{ZERO WIDTH SPACE}width",
    "\\N{BULLET} \\u0041 \\x41",
    "%s %(x)s {0} {x!r} $x",
    "# comment",
    '"); raise SystemExit(1); ("',
    "\N{PILE OF POO}",
    "lambda",
    "__class__",
    "None",
]

DECEITFUL = ["\N{RIGHT-TO-LEFT OVERRIDE}reversed", "\N{LINE SEPARATOR}next"]
"""What would look like something else wherever it is printed."""

WORDS = """
    class from extra leftover async self data built value placed suspects obj type_ match new settle __class__ __init__
    __slots__ _private x-id $ref 2fa with-dash ünïcode field_names declared default_of mro
""".split()


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
def test_free_text_stays_text(package: Package, text: str) -> None:
    module = package(spec_with(text), "nasty", title=text, doc=text)
    wire = {"type": "thing.seen", "shared": text, "thing": {"type": "thing", "mood": "good"}, "note": [text]}
    event = module.decode(wire, strict=True)
    assert type(event).__name__ == "ThingSeenEvent"
    assert module.encode(event) == wire


@pytest.mark.parametrize("text", DECEITFUL)
def test_text_that_deceives_is_refused(tmp_path: Path, text: str) -> None:
    result = compiled(spec_with(text), tmp_path, "nasty")
    assert not result.files
    assert "E706" in [found.rule.code for found in result.report.diagnostics]


@pytest.mark.parametrize("value", [value for value in NASTY if value.isprintable()])
def test_a_value_on_the_wire_keeps_its_spelling(package: Package, value: str) -> None:
    spec = spec_with("Plain.")
    spec["enums"]["Mood"]["values"] = {value: "Plain."}
    spec["events"]["thing.seen"]["example"]["thing"]["mood"] = value
    module = package(spec, "nasty")
    wire = spec["events"]["thing.seen"]["example"]
    assert module.problems(wire) == []
    other = {**wire, "thing": {"type": "thing", "mood": f"{value}!"}}
    assert [problem.code for problem in module.problems(other)] == ["value"]


@pytest.mark.parametrize("name", WORDS)
def test_a_field_may_have_any_name(package: Package, name: str) -> None:
    spec = spec_with("Plain.")
    spec["events"]["thing.seen"]["fields"][name] = {"type": "string", "doc": "Plain."}
    wire = spec["events"]["thing.seen"]["example"]
    wire[name] = "kept"
    module = package(spec, "nasty")
    event = module.decode(wire, strict=True)
    assert module.encode(event) == wire
    assert event.leftover is None
    assert "kept" in [getattr(event, attribute) for attribute in type(event).field_names]


def test_a_tag_may_be_any_visible_text(package: Package) -> None:
    for tag in ("class", "None", "__class__", "a.b", 'a"b', "a'b", "a\\b", "{{x}}", "", " ", "a b", " a "):
        spec = spec_with("Plain.")
        event = spec["events"].pop("thing.seen")
        spec["events"][tag] = {**event, "variant": "Seen", "example": {**event["example"], "type": tag}}
        module = package(spec, "nasty")
        assert type(module.decode(spec["events"][tag]["example"], strict=True)).__name__ == "SeenEvent"


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
