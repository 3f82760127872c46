"""Every folder beside this file is a spec with mistakes, the reason why it is here, and the findings it must give.

A new case is a new folder: `spec/` (and `templates/` where one is the point, or `edits/` to the output), `why.md`, then
`pytest tests/cases --update-golden` and a look at the `diagnostics.txt` that it wrote.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from eventwright.binding.resolve import resolve
from eventwright.diagnostics import printers
from eventwright.diagnostics.values import Diagnostic, Report
from eventwright.output import resources
from eventwright.pipeline import Result, all_rules, compile_spec, read_spec
from eventwright.syntax.reading import read_declarations

HERE = Path(__file__).parent
CASES = sorted(path.name for path in HERE.iterdir() if (path / "why.md").exists())


@pytest.mark.parametrize("case", CASES)
def test_findings(
    case: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    check_golden: Callable[[Path, str], None],
    find_stale: Callable[[Result, Path, Path], list[Diagnostic]],
) -> None:
    monkeypatch.chdir(HERE / case)
    if Path("templates").exists():
        found = compile_spec(Path("spec"), [Path("templates"), resources.templates()]).report.diagnostics
    elif Path("edits").exists():
        result, edits = compile_spec(Path("spec"), [resources.templates()]), Path("edits").absolute()
        monkeypatch.chdir(tmp_path)
        found = [*result.report.diagnostics, *find_stale(result, edits, Path("generated"))]
    else:
        found = read_spec(Path("spec"))[1].diagnostics
    check_golden(HERE / case / "diagnostics.txt", printers.text(found, printers.FileLines()))


@pytest.mark.parametrize("case", CASES)
def test_nothing_is_unknown_without_an_error(case: str) -> None:
    report = Report()
    declared = read_declarations(HERE / case / "spec", report)
    if declared is not None:
        assert resolve(declared, report).complete or report.has_errors


@pytest.mark.parametrize("case", CASES)
def test_why_is_one_sentence(case: str) -> None:
    why = (HERE / case / "why.md").read_text(encoding="utf-8")
    assert why.endswith(".\n") and why.count("\n") == 1


def test_every_rule_has_a_case() -> None:
    covered = {case.split("-")[0].upper() for case in CASES}
    assert set(all_rules()) <= covered


def test_every_folder_is_a_case() -> None:
    """A folder without `why.md` would be left out without a word."""
    folders = {path.name for path in HERE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders == set(CASES)
