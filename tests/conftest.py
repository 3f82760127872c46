"""What all tests share: the generated package, files that hold expected output, and the flag that updates them."""

from __future__ import annotations

import difflib
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from eventwright.diagnostics.values import Diagnostic
    from eventwright.pipeline import Result

ROOT = Path(__file__).resolve().parents[1]

# At the end, so that PYTHONPATH can name another copy of the package.
sys.path.append(str(ROOT / "generated"))

# The same examples in every run; HYPOTHESIS_PROFILE=search looks for new ones.
settings.register_profile("fixed", derandomize=True, deadline=None, database=None)
settings.register_profile("search", deadline=None, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))

CheckGolden = Callable[[Path, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write what the code gives into the expected files")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--update-golden") and os.environ.get("CI"):
        raise pytest.UsageError("--update-golden is for people, who read the diff; in CI a mismatch is a failure")


@pytest.fixture
def check_golden(request: pytest.FixtureRequest) -> CheckGolden:
    """Compare a text with a committed file; only the flag makes it write that file."""

    def compare(path: Path, actual: str) -> None:
        expected = path.read_text(encoding="utf-8") if path.exists() else None
        if actual == expected:
            return
        if request.config.getoption("--update-golden"):
            path.write_text(actual, encoding="utf-8", newline="")
            return
        before = [] if expected is None else expected.splitlines(keepends=True)
        shown = path.relative_to(ROOT).as_posix()
        diff = "".join(difflib.unified_diff(before, actual.splitlines(keepends=True), f"a/{shown}", f"b/{shown}"))
        test = request.node.nodeid
        pytest.fail(f"{diff}\nIf this is what you want: pytest '{test}' --update-golden", pytrace=False)

    return compare


@pytest.fixture
def find_stale() -> Callable[[Result, Path, Path], list[Diagnostic]]:
    """Write what a compilation gives into a folder, copy somebody's edits over it, and give what `check` would find."""
    # Here, because the tests of the generated package run where there is no compiler.
    from eventwright.output import staleness, writer

    def find(result: Result, edits: Path, out: Path) -> list[Diagnostic]:
        writer.apply(out, result.files, "")
        shutil.copytree(edits, out, dirs_exist_ok=True)
        return staleness.findings(out, writer.plan(out, result.files, ""))

    return find
