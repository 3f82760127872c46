"""The way from a recording to a spec: a reader who does all that the page says has what the page shows."""

from __future__ import annotations

import html
import json
import os
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from eventwright.diagnostics.values import Report
from eventwright.syntax.loader import load, to_python
from support import GENERATED
from support.compiling import compiled, forget_package, import_package
from support.following import blocks, commands, put, run

PAGE = (GENERATED / "docs" / "other-streams.md").read_text(encoding="utf-8")
BLOCKS = blocks(PAGE)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return commands(tmp_path_factory.mktemp("commands"))


def test_the_steps_lead_where_the_page_says(tmp_path: Path, environment: dict[str, str]) -> None:
    project = tmp_path / "desk"
    recordings = iter(re.findall(r"`(\w+\.sse)`:\n\n```text\ndata:", PAGE))
    kept: dict[str, str] = {}
    printed = ""
    shown = 0
    for language, text in BLOCKS:
        if language == "sh":
            printed = run(text, project if project.exists() else tmp_path, environment)
        elif text.startswith("data:"):
            kept[next(recordings)] = text
        elif language == "text":
            assert text
            assert printed.endswith(text), printed
            shown += 1
        else:
            put(text, project)
        if project.exists():
            for name, recording in kept.items():
                (project / name).write_text(recording, encoding="utf-8")
    assert shown == 4
    assert next(recordings, None) is None
    # What is left to do is what `new event` leaves to people.
    found = json.loads(run("eventwright lint --format json", project, environment))["findings"]
    assert [each["code"] for each in found] == ["W707"]
    options = f"--strict --python-version=3.10 --config-file={os.devnull} --cache-dir={os.devnull}"
    run(f"MYPYPATH=generated python3 -m mypy {options} watch.py watch_all.py", project, environment)


def rows(title: str) -> list[list[list[str]]]:
    """Give the rows of the table with that title in its first column: of each cell, what is written as code."""
    table = PAGE.partition(f"| {title} |")[2].partition("\n\n")[0].splitlines()[2:]
    found = [
        [
            [html.unescape(plain or marked) for plain, marked in re.findall(r"`([^`]+)`|<code>(.+?)</code>", cell)]
            for cell in row.strip("|").split(" | ")
        ]
        for row in table
    ]
    assert len(found) > 5
    return found


def package(folder: Path, name: str, content: dict[str, Any], **settings: Any) -> ModuleType:
    result = compiled(content, folder, name, **settings)
    assert not result.report.has_errors, [str(each) for each in result.report.diagnostics]
    return import_package(folder, result.outputs["python"], name)


def read(text: str) -> Any:
    report = Report()
    node = load(text, "cell.yaml", report)
    assert node is not None
    assert not report.has_errors
    return to_python(node)


def fields_of(body: dict[str, Any], tags: list[str], types: dict[str, Any]) -> dict[str, Any]:
    """Declare what a body has; a value that is a part of its tag is the only one there may be."""
    fields: dict[str, Any] = {}
    for name, value in body.items():
        declared = f'"{value}"' if value in tags else "string"
        if isinstance(value, dict):
            declared = f"Of{name.capitalize()}"
            types[declared] = {"fields": fields_of(value, tags, types)}
        fields[name] = {"type": declared}
    return fields


@pytest.mark.parametrize("row", rows("On the wire"), ids=lambda row: row[1][0])
def test_the_tags_are_those_of_the_bodies(tmp_path: Path, row: list[list[str]]) -> None:
    bodies, lines, events = row
    settings = read("\n".join(lines))
    line = bodies.pop(0).partition("event: ")[2] if bodies[0].startswith("event:") else None
    types: dict[str, Any] = {}
    declared: dict[str, Any] = {}
    for key, text in zip(events, bodies, strict=True):
        body = json.loads(text)
        inner = body[key] if settings["tag"] == "{member}" else body
        event: dict[str, Any] = {"fields": fields_of(inner, key.split("."), types), "example": body}
        if settings["tag"] in [*body]:
            del event["fields"][settings["tag"]]
        elif "default" in settings:
            event["tag"] = "none"
        declared[key] = event
    made = package(tmp_path, "told", {"types": types, "events": declared}, **settings)
    try:
        for key, text in zip(events, bodies, strict=True):
            event = made.decode(text, **({"tag": line} if line else {}))
            assert type(event).__name__ == "".join(part.capitalize() for part in key.split(".")) + "Event"
            assert made.problems(event) == []
    finally:
        forget_package("told")


@pytest.mark.parametrize("row", rows("The field `x` in recordings"), ids=lambda row: " ".join(row[0]))
def test_the_fields_fit_what_was_recorded(tmp_path: Path, row: list[list[str]]) -> None:
    bodies, lines = row
    closing = {"open": True, "values": {"done": "The answer is whole.", "lost": "The desk has failed."}}
    enums = {"Closing": closing} if "Closing" in lines[0] else {}
    field = read("\n".join(line for line in lines if not line.startswith("open:")))
    made = package(tmp_path, "shown", {"enums": enums, "events": {"seen": {"fields": {"x": field}}}})
    try:
        for text in bodies:
            assert made.problems(made.decode({"type": "seen", **json.loads(text)})) == [], text
        # No flag is there for nothing.
        for flag in field.keys() - {"type"}:
            lacking = {} if flag == "optional" else {"x": None}
            assert lacking in [json.loads(text) for text in bodies]
    finally:
        forget_package("shown")
