"""Tests of the rules: each has examples that do what they say, and says what it is for."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from eventwright.diagnostics.values import Diagnostic
from eventwright.output import resources
from eventwright.pipeline import Result, all_rules, compile_spec, read_spec
from eventwright.project import PROJECT_FILE, ProjectError, read_project
from eventwright.rules.explained import examples
from eventwright.targets import target_names

RULES = all_rules()
FindStale: TypeAlias = Callable[[Result, Path, Path], list[Diagnostic]]
Codes: TypeAlias = Callable[[Path], list[str]]


@pytest.fixture
def codes(tmp_path: Path, find_stale: FindStale) -> Codes:
    def find(example: Path) -> list[str]:
        spec = tmp_path / "spec"
        shutil.copytree(example, spec)
        templates, edits = spec / "templates", spec / "generated"
        found: list[Diagnostic] = []
        if (spec / PROJECT_FILE).exists():
            try:
                (build,) = read_project(spec / PROJECT_FILE, target_names()).builds
            except ProjectError as error:
                return [diagnostic.rule.code for diagnostic in error.diagnostics]
            spec = build.spec
        if templates.exists() or edits.exists():
            own = [templates] if templates.exists() else []
            result = compile_spec(spec, [*own, resources.templates()])
            report = result.report
            if edits.exists():
                found = find_stale(result, edits, tmp_path / "out")
        else:
            _, report = read_spec(spec)
        return [diagnostic.rule.code for diagnostic in [*report.diagnostics, *found]]

    return find


def test_every_folder_of_the_catalogue_is_about_a_rule() -> None:
    assert {folder.name for folder in examples("E101").bad.parents[1].iterdir()} == set(RULES)


def test_no_two_rules_have_one_code() -> None:
    assert all(rule.code == code and rule.code[0] == rule.severity.name[0] for code, rule in RULES.items())


@pytest.mark.parametrize("code", RULES)
def test_the_bad_example_breaks_the_rule_once_and_no_other(code: str, codes: Codes) -> None:
    assert codes(examples(code).bad) == [code]


@pytest.mark.parametrize("code", RULES)
def test_the_good_example_breaks_none(code: str, codes: Codes) -> None:
    assert codes(examples(code).good) == []


@pytest.mark.parametrize("code", RULES)
def test_titles_and_reasons_are_well_formed(code: str) -> None:
    rule = RULES[code]
    assert rule.title and not rule.title.endswith(".")
    assert rule.why.endswith(".")
