"""The packages and code that uses it pass mypy --strict and pyright strict, and wrong code does not."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import chat_events
import responses_events
from responses_events import EVENT_TYPES
from support.compiling import compiled
from support.names import spec_with_hiding_fields

HERE = Path(__file__).parent
PACKAGE = Path(responses_events.__file__).parent
LONG = Path(chat_events.__file__).parent
"""A package with the longest functions."""

Places = set[tuple[str, int]]
"""File names and line numbers."""


def match_over(classes: list[str]) -> str:
    """Write a function that handles the events of some classes and takes them for all."""
    cases = "".join(f"        case events.{name}():\n            return event.type\n" for name in classes)
    return (
        "import responses_events as events\n"
        "from typing_extensions import assert_never\n\n\n"
        "def handle(event: events.ResponseStreamEvent) -> str | None:\n"
        f"    match event:\n{cases}        case _:\n            assert_never(event)\n"
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Packages, one whose fields are called like types, examples, and a `match` with and without its first case."""
    folder = tmp_path_factory.mktemp("project")
    for package in (PACKAGE, LONG):
        shutil.copytree(package, folder / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    for example in HERE.glob("examples_*.py"):
        shutil.copy(example, folder)
    hiding = compiled(spec_with_hiding_fields(), tmp_path_factory.mktemp("hiding"), "hiding").outputs["python"]
    for path, text in hiding.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    classes = [*(model.__name__ for model in EVENT_TYPES.values()), "UnknownEvent"]
    (folder / "match_all.py").write_text(match_over(classes), encoding="utf-8")
    (folder / "match_without_first.py").write_text(match_over(classes[1:]), encoding="utf-8")
    config = {"typeCheckingMode": "strict", "pythonVersion": "3.10", "include": ["."]}
    (folder / "pyrightconfig.json").write_text(json.dumps(config), encoding="utf-8")
    return folder


def expected(project: Path) -> Places:
    """Where a type checker must find an error."""
    found = set()
    for file in project.glob("*.py"):
        lines = file.read_text(encoding="utf-8").splitlines()
        found.update((file.name, number) for number, line in enumerate(lines, start=1) if "  # refused: " in line)
        if file.name.startswith("match_without"):
            found.add((file.name, len(lines)))
    assert len(found) == 13
    return found


@pytest.fixture(scope="module")
def outputs(project: Path) -> dict[str, str]:
    """What the type checkers print; they run at the same time, because they take long."""
    mypy = [
        "mypy",
        "--strict",
        "--python-version=3.10",
        f"--config-file={os.devnull}",
        f"--cache-dir={os.devnull}",
        ".",
    ]
    pyright = ["pyright", "--pythonpath", sys.executable, "--outputjson"]
    running = {
        command[0]: subprocess.Popen([sys.executable, "-m", *command], stdout=subprocess.PIPE, text=True, cwd=project)
        for command in (pyright, mypy)
    }
    return {name: process.communicate()[0] for name, process in running.items()}


def test_mypy(project: Path, outputs: dict[str, str]) -> None:
    out = outputs["mypy"]
    assert f"checked {len(list(project.rglob('*.py')))} source files" in out
    errors = re.findall(r"^(.+?):(\d+): error: ", out, re.MULTILINE)
    assert {(file, int(line)) for file, line in errors} == expected(project), out


def test_pyright(project: Path, outputs: dict[str, str]) -> None:
    report = json.loads(outputs["pyright"])
    assert report["summary"]["filesAnalyzed"] == len(list(project.rglob("*.py")))
    found = {
        (Path(entry["file"]).relative_to(project).as_posix(), entry["range"]["start"]["line"] + 1): entry["message"]
        for entry in report["generalDiagnostics"]
    }
    assert found.keys() == expected(project), found


def test_package_has_no_ignore_comments() -> None:
    for file in PACKAGE.rglob("*.py"):
        assert not re.search(r"#\s*(type:\s*ignore|pyright:|mypy:)", file.read_text(encoding="utf-8")), file
    assert (PACKAGE / "py.typed").is_file()
