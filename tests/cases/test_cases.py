"""Every folder beside this file is a spec, the reason why it is here, and what must come of it.

A new case is a new folder with `spec/` and `why.md`, then `pytest tests/cases --update-golden` and a look at what that
wrote. Most cases are specs with mistakes: `diagnostics.txt` has the diagnostics of the spec, of `templates/` that take
the place of those that ship, of `edits/` to the output, or of `eventwright.toml`. A case whose name begins with `ok-`
is without mistakes: `expected/` has those files of the output whose paths end in what the line `shows:` of `why.md`
lists. Files that many specs share lie in `_settings/`; the line `setting:` of `why.md` names them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from types import ModuleType

import pytest

from eventwright.binding.resolve import resolve
from eventwright.diagnostics import printers
from eventwright.diagnostics.values import Diagnostic, Report
from eventwright.output import resources
from eventwright.pipeline import Result, all_rules, compile_spec, read_spec
from eventwright.project import ProjectError, read_project
from eventwright.syntax.reading import read_declarations
from eventwright.targets import target_names
from support.cases import Case, all_cases
from support.compiling import beside_of

CASES = all_cases()
FAULTY = [case for case in CASES if not case.name.startswith("ok-")]
FINE = [case for case in CASES if case.name.startswith("ok-")]


@pytest.mark.parametrize("case", FAULTY, ids=lambda case: case.name)
def test_findings(
    case: Case,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    check_golden: Callable[[Path, str], None],
    find_stale: Callable[[Result, Path, Path], list[Diagnostic]],
) -> None:
    case.copy_to(tmp_path)
    monkeypatch.chdir(tmp_path)
    if Path("eventwright.toml").exists():
        with pytest.raises(ProjectError) as caught:
            read_project(Path("eventwright.toml"), target_names())
        found = caught.value.diagnostics
    elif Path("templates").exists():
        found = compile_spec(Path("spec"), [Path("templates"), resources.templates()]).report.diagnostics
    elif Path("edits").exists():
        result = compile_spec(Path("spec"), [resources.templates()])
        found = [*result.report.diagnostics, *find_stale(result, Path("edits"), Path("generated"))]
    else:
        found = read_spec(Path("spec"))[1].diagnostics
    check_golden(case.folder / "diagnostics.txt", printers.text(found, printers.FileLines()))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_nothing_is_unknown_without_an_error(case: Case, tmp_path: Path) -> None:
    case.copy_to(tmp_path)
    report = Report()
    declared = read_declarations(tmp_path / "spec", report)
    if declared is not None:
        assert resolve(declared, report).complete or report.has_errors


@pytest.mark.parametrize("case", FINE, ids=lambda case: case.name)
def test_output(case: Case, tmp_path: Path, check_golden: Callable[[Path, Mapping[PurePosixPath, str]], None]) -> None:
    case.copy_to(tmp_path)
    result = compile_spec(tmp_path / "spec", [resources.templates()])
    assert not result.report.diagnostics
    shown: dict[PurePosixPath, str] = {}
    for pattern in case.facts["shows"].split():
        found = {path: text for path, text in result.files.items() if path.match(pattern)}
        assert found, f"no file is like {pattern}"
        shown.update(found)
    check_golden(case.folder / "expected", shown)


@pytest.mark.parametrize("case", FINE, ids=lambda case: case.name)
def test_output_decodes_the_examples(case: Case, tmp_path: Path, package: Callable[[Path], ModuleType]) -> None:
    case.copy_to(tmp_path)
    module = package(tmp_path / "spec")
    spec, _ = read_spec(tmp_path / "spec")
    assert spec is not None
    assert spec.events
    for declared in spec.events:
        wire, beside = declared.example, beside_of(spec, declared)
        for source in (wire, json.dumps(wire), json.dumps(wire).encode()):
            event = module.decode(source, **beside, strict=True)
            assert type(event).__name__ == declared.record.name
            assert module.encode(event) == wire
        assert module.problems(wire, **beside) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_why_is_one_sentence(case: Case) -> None:
    assert case.why.endswith(".\n") and case.why.count("\n") == 1


def test_every_rule_has_a_case() -> None:
    covered = {case.name.split("-")[0].upper() for case in CASES}
    assert set(all_rules()) <= covered


def test_every_folder_is_a_case() -> None:
    """A folder without `why.md` would be left out without a word."""
    folders = {path.name for path in Path(__file__).parent.iterdir() if path.is_dir()}
    assert folders - {"__pycache__", "_settings"} == {case.name for case in CASES}
