"""What all tests share: the generated package, files that hold expected output, and the flag that updates them."""

from __future__ import annotations

import difflib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from support import ROOT

if TYPE_CHECKING:
    from eventwright.diagnostics.values import Diagnostic
    from eventwright.pipeline import Result

# The same examples in every run; HYPOTHESIS_PROFILE=search looks for new ones.
settings.register_profile("fixed", derandomize=True, deadline=None, database=None)
settings.register_profile("search", deadline=None, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))

CheckGolden = Callable[[Path, "str | Mapping[PurePosixPath, str]"], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write what the code gives into the expected files")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--update-golden") and os.environ.get("CI"):
        raise pytest.UsageError("--update-golden is for people, who read the diff; in CI a mismatch is a failure")


@pytest.fixture
def check_golden(request: pytest.FixtureRequest) -> CheckGolden:
    """Compare with what is committed, a text with a file or texts by path with a folder; only the flag writes there."""

    def compare(path: Path, actual: str | Mapping[PurePosixPath, str]) -> None:
        before = {file: file.read_text(encoding="utf-8") for file in (path, *path.rglob("*")) if file.is_file()}
        after = {path: actual} if isinstance(actual, str) else {path / name: text for name, text in actual.items()}
        if before == after:
            return
        if request.config.getoption("--update-golden"):
            for file in before.keys() - after.keys():
                file.unlink()
            for file, text in after.items():
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8", newline="")
            return
        diff = "".join(_diff(file, before.get(file), after.get(file)) for file in sorted({*before, *after}))
        test = request.node.nodeid
        pytest.fail(f"{diff}\nIf this is what you want: pytest '{test}' --update-golden", pytrace=False)

    return compare


def _diff(file: Path, before: str | None, after: str | None) -> str:
    shown = file.relative_to(ROOT).as_posix()
    if before is None or after is None:
        kind = "missing" if before is None else "surplus"
        return f"{kind}: {shown}\n" + "".join(f"{line}\n" for line in (after or "").splitlines())
    lines = (before.splitlines(keepends=True), after.splitlines(keepends=True))
    return "".join(difflib.unified_diff(*lines, f"a/{shown}", f"b/{shown}"))


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., ModuleType]]:
    """Compile a spec and import what it becomes: from a folder, or from the YAML of its one file.

    The name of the package is `demo` if no other is given, further arguments are keys of `spec.yaml`.
    """
    # Here, because the tests of the generated package run where there is no compiler.
    from support import compiling

    names = set()

    def build(spec: Path | str | Mapping[str, Any], name: str = "demo", **settings: Any) -> ModuleType:
        names.add(name)
        result = compiling.compiled(spec, tmp_path_factory.mktemp("spec"), name, **settings)
        assert result.files, result.report.diagnostics
        return compiling.import_package(tmp_path_factory.mktemp("out"), result.files, name)

    yield build
    for name in names:
        compiling.forget_package(name)


@pytest.fixture
def find_stale() -> Callable[[Result, Path, Path], list[Diagnostic]]:
    """Write what a compilation gives into a folder, copy somebody's edits over it, and give what `check` would find."""
    # Here, because the tests of the generated package run where there is no compiler.
    from eventwright.output import staleness, writer

    def find(result: Result, edits: Path, out: Path) -> list[Diagnostic]:
        writer.apply(out, result.products, "")
        shutil.copytree(edits, out, dirs_exist_ok=True)
        return staleness.diagnostics(out, writer.plan(out, result.products, ""))

    return find
