"""The JSON Schema of the spec language: accepts the shipped specs, refuses typical mistakes, agrees with the known."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import support
from eventwright.diagnostics.values import Report
from eventwright.syntax import keys as known
from eventwright.syntax.loader import load, to_python

SCHEMA: dict[str, Any] = json.loads((support.SCHEMA / "spec.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
SPEC_FILES = sorted(support.SCHEMA.rglob("*.yaml"))


def problems(text: str) -> list[str]:
    """Validate YAML text; one line per finding, with its path."""
    report = Report()
    node = load(text, "test.yaml", report)
    assert node is not None and not report.diagnostics
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(to_python(node))]


def test_the_schema_is_valid() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_shipped_spec_is_found() -> None:
    assert support.SPEC / "spec.yaml" in SPEC_FILES


@pytest.mark.parametrize("path", SPEC_FILES, ids=lambda path: path.relative_to(support.SCHEMA).as_posix())
def test_shipped_spec_validates(path: Path) -> None:
    assert problems(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", SPEC_FILES, ids=lambda path: path.relative_to(support.SCHEMA).as_posix())
def test_modeline_leads_to_the_schema(path: Path) -> None:
    """Editors find the schema by the first line of each file."""
    found = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", path.read_text(encoding="utf-8").splitlines()[0])
    assert found is not None
    assert (path.parent / found[1]).resolve() == (support.SCHEMA / "spec.schema.json").resolve()


@pytest.mark.parametrize(
    ("definition", "keys"),
    [
        ("specFile", known.SPEC_KEYS),
        ("contentFile", known.FILE_KEYS),
        ("group", known.GROUP_KEYS),
        ("field", known.FIELD_KEYS),
        ("type", known.TYPE_KEYS),
        ("enum", known.ENUM_KEYS),
        ("union", known.UNION_KEYS),
        ("choice", known.CHOICE_KEYS),
        ("event", known.EVENT_KEYS),
        ("statement", known.STATEMENT_KEYS),
        ("hold", known.HOLD_KEYS),
    ],
)
def test_keys_are_those_of_the_parser(definition: str, keys: tuple[str, ...]) -> None:
    """An editor must not underline what the compiler reads, nor offer what it refuses."""
    assert set(SCHEMA["$defs"][definition]["properties"]) == set(keys)


def test_every_key_is_described() -> None:
    missing = [
        f"{name}.{key}"
        for name, definition in SCHEMA["$defs"].items()
        for key, value in definition.get("properties", {}).items()
        if not value.get("description", "").endswith(".")
    ]
    assert missing == []


@pytest.mark.parametrize(
    "text",
    [
        "title: Nothing else",
        "types: {Empty: {}}",
        "name: events",
        "order: [common, events]\ntag: kind",
        "types: {A: {tag: [a, b], fields: {x: {type: 'list[map[B | string]]'}}}}",
        "types: {A: {fields: {x: {type: '\"one\"'}}}}",
        "enums: {Yes: {values: {'no': , 'yes': Meaning.}}}",
        "unions: {U: {variants: [A, {type: B, when: [id]}], default: [A]}}",
        "unions: {U: {variants: A, default: {type: A, when: id}}}",
        "events: {a.b: {fold: none}}",
        "events: {response created: {}, '': {}}",
        "types: {A: {fields: {'+1': {type: 'list[B | null]', attribute: plus_one}, x: {type: 'map[list[string?]?]'}}}}",
        "types: {A: {fields: {x: {type: 5}, y: {type: true}, z: {type: '1 | \"auto\" | 2'}}}}",
        "events: {a.b: {fold: [state = response, 'output[i as A].b.c[j] += delta.x', 'a.b = \"text\"']}}",
        "events: {a: {fold: {each: b.c, when: [d], do: ['e[outer.f is g as T].i |= j', {when: {k: 1}, do: a = -1}]}}}",
        "events: {a: {fold: ['remove a[0]', \"b[* as T].'c d' = true\", x-count = $ref]}}",
        "places: {item: 'output[output_index]', note: 'notes[a.id | b is id as N]', step: \"steps['step name']\"}",
        'events: {a: {opens: stream}, b: {at: item, holds: x.status = "done"}, c: {closes: item, anytime: true}}',
        "events: {a: {holds: ['x.y = [] | null', 'x[*].y != -1', 'a[:-1].b = \"c | d\"', x is json, a.b >= c]}}",
        "events: {a: {holds: {rule: usage-sum, that: total = input + output}}}",
        "sequences: {Item: 'a.b (c | d)* e?', stream: '\"an odd, tag\" item+'}",
        "enums: {E: {ranks: [a, [b, c]], values: {a: A., b: B., c: C.}}}",
        "profiles: {copilot: {off: {item-id-differs: 'Rotates ids.', item-order of Call: 'Sends none.'}}}",
        "rules: {item-order: {severity: warning, why: Clients wait., seen: It came late., fix: Send it.}}",
    ],
)
def test_accepted(text: str) -> None:
    assert problems(text) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        # Keys that are misspelt or stand in the wrong place.
        ("type: {A: {}}", "$"),
        ("name: events\ntypes: {A: {}}", "$"),
        ("types: {A: {field: {}}}", "$.types.A"),
        ("types: {A: {fields: {x: {type: string, require: true}}}}", "$.types.A.fields.x"),
        ("types: {A: {fields: {x: {type: string, default: a}}}}", "$.types.A.fields.x"),
        ("enums: {E: {closed: true, values: {a: A.}}}", "$.enums.E"),
        ("events: {a: {ends: completed, state: x}}", "$.events.a"),
        ("unions: {U: {variants: [{type: A, if: [id]}]}}", "$.unions.U.variants[0]"),
        # Keys that are missing.
        ("types: {A: {fields: {x: {doc: No type.}}}}", "$.types.A.fields.x"),
        ("enums: {E: {doc: No values.}}", "$.enums.E"),
        ("unions: {U: {doc: No variants.}}", "$.unions.U"),
        # Values of the wrong kind.
        ("types: {A: {fields: {x: string}}}", "$.types.A.fields.x"),
        ("types: {A: {fields: [x]}}", "$.types.A.fields"),
        ("types: {A: {fields: {x: {type: string, optional: 'yes'}}}}", "$.types.A.fields.x.optional"),
        ("types: {A: {use: OnItem}}", "$.types.A.use"),
        ("enums: {E: {values: [a, b]}}", "$.enums.E.values"),
        ("enums: {E: {values: {}}}", "$.enums.E.values"),
        ("events: {a: {example: '{}'}}", "$.events.a.example"),
        ("order: common", "$.order"),
        # Names, types and statements that cannot be meant.
        ("types: {output_text: {}}", "$.types"),
        ("name: Responses Events", "$.name"),
        ('events: {"response\\ncreated": {}}', "$.events"),
        ("types: {A: {fields: {x: {type: 'string?'}}}}", "$.types.A.fields.x.type"),
        ("types: {A: {fields: {x: {type: 1.5}}}}", "$.types.A.fields.x.type"),
        ("types: {A: {fields: {x: {type: string, attribute: 2nd}}}}", "$.types.A.fields.x.attribute"),
        ("events: {a: {class: responseEvent}}", "$.events.a.class"),
        ("types: {A: {fields: {x: {type: str}}}}", "$.types.A.fields.x.type"),
        ("types: {A: {fields: {x: {type: array}}}}", "$.types.A.fields.x.type"),
        ("types: {A: {fields: {x: {type: 'list[Item'}}}}", "$.types.A.fields.x.type"),
        ("types: {A: {fields: {x: {type: 'List[Item]'}}}}", "$.types.A.fields.x.type"),
        ("types: {A: {fields: {x: {type: string or Item}}}}", "$.types.A.fields.x.type"),
        ("types: {A: {fields: {x: {type: 'string |'}}}}", "$.types.A.fields.x.type"),
        ("events: {a: {fold: output = }}", "$.events.a.fold"),
        ("events: {a: {fold: [text += delta, output.text]}}", "$.events.a.fold[1]"),
        ("events: {a: {fold: {each: choices}}}", "$.events.a.fold"),
        ("events: {a: {fold: [{do: text += delta}]}}", "$.events.a.fold[0]"),
        ("events: {a: {fold: 'text[id is key += delta'}}", "$.events.a.fold"),
        ("events: {a: {ends: done}}", "$.events.a.ends"),
        ("places: {item: 'output[output_index'}", "$.places.item"),
        ("events: {a: {at: [item]}}", "$.events.a.at"),
        ("events: {a: {holds: x.status = done | failed}}", "$.events.a.holds"),
        ("events: {a: {holds: {rule: usage-sum}}}", "$.events.a.holds"),
        ("sequences: {Item: 'a, b'}", "$.sequences.Item"),
        ("sequences: {Item: [a, b]}", "$.sequences.Item"),
        ("enums: {E: {ranks: a b, values: {a: A., b: B.}}}", "$.enums.E.ranks"),
        ("profiles: {copilot: Rotates ids.}", "$.profiles.copilot"),
        ("profiles: {copilot: {off: [item-id-differs]}}", "$.profiles.copilot.off"),
        ("rules: {item-order: {severity: bad}}", "$.rules['item-order'].severity"),
    ],
)
def test_mistake_is_refused(text: str, place: str) -> None:
    """One mistake gives exactly one finding, and it names the place."""
    found = problems(text)
    assert [line.partition(": ")[0] for line in found] == [place], found
