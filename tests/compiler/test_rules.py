"""Tests of the catalogue: it lists exactly the codes that the compiler uses, and its examples do what they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from eventwright import resources, rules
from eventwright.pipeline import compile_spec, read_spec

COMPILER = Path(rules.__file__).parent
CODE = re.compile(r'"([EW]\d{3})"')


def written(example: rules.Example, folder: Path) -> Path:
    """Write a spec with an example in its setting; files that only lack a description of themselves get one."""
    texts = dict(example.files) if example.alone else {**rules.SETTING, **example.files}
    for path, text in texts.items():
        is_part = path in example.files and path.endswith(".yaml") and path != "spec.yaml"
        if is_part and not re.search("^doc:", text, re.MULTILINE):
            text += "doc: A part of an example.\n"
        target = folder / (path if path.startswith("templates/") else f"spec/{path}")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode("utf-8", "surrogateescape"))
    return folder / "spec"


def codes(example: rules.Example, folder: Path) -> list[str]:
    spec = written(example, folder)
    if (folder / "templates").exists():
        report = compile_spec(spec, [folder / "templates", resources.templates()]).report
    else:
        _, report = read_spec(spec)
    return [diagnostic.code for diagnostic in report.diagnostics]


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
def test_the_bad_example_breaks_the_rule_once_and_no_other(code: str, tmp_path: Path) -> None:
    assert codes(rules.RULES[code].bad, tmp_path) == [code]


@pytest.mark.parametrize("code", rules.RULES)
def test_the_good_example_breaks_none(code: str, tmp_path: Path) -> None:
    assert codes(rules.RULES[code].good, tmp_path) == []


@pytest.mark.parametrize("code", rules.RULES)
def test_titles_and_reasons_are_well_formed(code: str) -> None:
    rule = rules.RULES[code]
    assert rule.title and not rule.title.endswith(".")
    assert rule.why.endswith(".")
