"""What one writes for the position of an element, and where the hints lead to."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from eventwright.diagnostics.values import Diagnostic
from support.compiling import compiled

STATE = {
    "types": {
        "Note": {"doc": "It.", "fields": {"tags": {"type": "list[string]"}, "parts": {"type": "list[Part]"}}},
        "Part": {"doc": "It.", "fields": {"text": {"type": "string"}}},
    }
}


def errors(fold: str, folder: Path, **fields: str) -> list[Diagnostic]:
    """Compile a spec whose one event has a fold, a text `tag` and other fields, by their types."""
    told = {name: {"type": written} for name, written in {"tag": "string", **fields}.items()}
    spec: dict[str, Any] = {**STATE, "events": {"noted": {"doc": "It.", "fields": told, "fold": fold}}}
    found = compiled(spec, folder, "demo", state="Note").report.diagnostics
    return [each for each in found if each.rule.code[0] == "E"]


@pytest.mark.parametrize(
    "fold",
    [
        "remove tags[tag]",
        "remove tags[every]",
        "tags[tag] = tag",
        "tags[] += tag",
        "remove parts[tag as Part]",
        "parts[tag].text += tag",
        "parts[all as Part].text = tag",
    ],
)
def test_each_way_out_of_a_position_that_is_none_compiles(fold: str, tmp_path: Path) -> None:
    (found,) = errors(fold, tmp_path)
    assert found.rule.code == "E504"
    assert found.hint is not None
    ways = re.findall(r"\[[^\]]*\]", found.hint)
    assert ways
    for way in ways:
        assert not errors(re.sub(r"\[[^\]]*\]", way, fold), tmp_path), way
    if "add an integer" in found.hint:
        assert not errors(re.sub(r"\[[^\] ]*", "[at", fold), tmp_path, at="integer")
