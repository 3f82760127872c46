"""Tests of the catalogue: it lists exactly the codes that the compiler uses, and its examples do what they say."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from eventwright import resources, rules
from eventwright.diagnostics import Diagnostic
from eventwright.pipeline import Result, compile_spec, read_spec

COMPILER = Path(rules.__file__).parent
FindStale: TypeAlias = Callable[[Result, Path, Path], list[Diagnostic]]
Codes: TypeAlias = Callable[[rules.Example], list[str]]
CODE = re.compile(r'"([EW]\d{3})"')

OTHER_SETTING = {
    "spec.yaml": "name: other\ntitle: Other\ndoc: A stream without a state.\n",
    "other.yaml": "title: Other\ndoc: A part.\nevents:\n  started: {doc: It has begun., example: {type: started}}\n",
}


def written(example: rules.Example, folder: Path) -> Path:
    """Write a spec with an example in its setting; files that only lack a description of themselves get one."""
    texts = dict(example.files) if example.alone else {**rules.SETTING, **example.files}
    for path, text in texts.items():
        is_part = path in example.files and path.endswith(".yaml") and path != "spec.yaml"
        if is_part and not re.search("^doc:", text, re.MULTILINE):
            text += "doc: A part of an example.\n"
        target = folder / (path if path.startswith(("templates/", "generated/")) else f"spec/{path}")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode("utf-8", "surrogateescape"))
    return folder / "spec"


@pytest.fixture
def codes(tmp_path: Path, find_stale: FindStale) -> Codes:
    def find(example: rules.Example) -> list[str]:
        spec = written(example, tmp_path)
        templates, edits = tmp_path / "templates", tmp_path / "generated"
        found: list[Diagnostic] = []
        if templates.exists() or edits.exists():
            own = [templates] if templates.exists() else []
            result = compile_spec(spec, [*own, resources.templates()])
            report = result.report
            if edits.exists():
                found = find_stale(result, edits, tmp_path / "out")
        else:
            _, report = read_spec(spec)
        return [diagnostic.code for diagnostic in [*report.diagnostics, *found]]

    return find


def test_the_catalogue_lists_what_the_compiler_uses() -> None:
    used = {
        code
        for path in COMPILER.glob("*.py")
        if path.name != "rules.py"
        for code in CODE.findall(path.read_text(encoding="utf-8"))
    }
    assert used == set(rules.RULES)


def test_there_are_enough_rules() -> None:
    assert len(rules.RULES) >= 35


@pytest.mark.parametrize("code", rules.RULES)
def test_the_bad_example_breaks_the_rule_once_and_no_other(code: str, codes: Codes) -> None:
    assert codes(rules.RULES[code].bad) == [code]


@pytest.mark.parametrize("code", rules.RULES)
def test_the_good_example_breaks_none(code: str, codes: Codes) -> None:
    assert codes(rules.RULES[code].good) == []


@pytest.mark.parametrize("side", ["bad", "good"])
@pytest.mark.parametrize("code", rules.RULES)
def test_an_example_that_is_shown_without_a_setting_depends_on_none(code: str, side: str, codes: Codes) -> None:
    example: rules.Example = getattr(rules.RULES[code], side)
    if not example.alone and not rules.rest_of_spec(rules.RULES[code]):
        assert codes(rules.Example({**OTHER_SETTING, **example.files}, alone=True)) == [code] * (side == "bad")


@pytest.mark.parametrize("code", rules.RULES)
def test_titles_and_reasons_are_well_formed(code: str) -> None:
    rule = rules.RULES[code]
    assert rule.title and not rule.title.endswith(".")
    assert rule.why.endswith(".")
