"""The package works wherever it is copied to, with nothing but the standard library."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from every_python import interpreters
from wire_samples import PACKAGE

PROBE = """
import sys
sys.path.insert(0, {path!r})
before = set(sys.modules)
from {dotted} import decode, encode, problems, EVENT_TYPES
import {dotted} as package
event = decode('{{"type": "response.output_text.delta", "delta": "Hel", "x": 1}}')
assert event.delta == "Hel" and event.extra == {{"x": 1}}, event
assert encode(event) == {{"type": "response.output_text.delta", "delta": "Hel", "x": 1}}
assert len(problems(event)) == 3
loaded = {{name.partition(".")[0] for name in set(sys.modules) - before}}
foreign = loaded - set(sys.stdlib_module_names) - {{{dotted!r}.partition(".")[0]}}
assert not foreign, foreign
import dataclasses, pickle
assert pickle.loads(pickle.dumps(event)) == event
whole = decode('{{"type": "keepalive", "x": 1}}')
assert pickle.loads(pickle.dumps(whole)) == whole == dataclasses.replace(whole)
assert package.__name__ == {dotted!r}
"""


PYTHONS = interpreters()


@pytest.mark.parametrize("version", PYTHONS)
def test_copy_at_any_depth(version: str, tmp_path: Path) -> None:
    for dotted in ("responses_events", "vendored", "a.b.c.vendored"):
        root = tmp_path / dotted
        folder = root.joinpath(*dotted.split("."))
        shutil.copytree(PACKAGE, folder, ignore=shutil.ignore_patterns("__pycache__"))
        probe = PROBE.format(path=str(root), dotted=dotted)
        run([PYTHONS[version], "-I", "-S", "-B", "-W", "error", "-c", probe])


def test_copy_to_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "vendored", ignore=shutil.ignore_patterns("__pycache__"))
    for folder in (tmp_path / "vendored").rglob("*"):
        folder.chmod(0o555 if folder.is_dir() else 0o444)
    run([sys.executable, "-I", "-S", "-W", "error", "-c", PROBE.format(path=str(tmp_path), dotted="vendored")])
    for folder in (tmp_path / "vendored").rglob("*"):
        folder.chmod(0o755)


def test_optimised_python_keeps_working(tmp_path: Path) -> None:
    # -OO drops docstrings and assertions.
    probe = PROBE.format(path=str(PACKAGE.parent), dotted=PACKAGE.name)
    run([sys.executable, "-I", "-S", "-B", "-OO", "-W", "error", "-c", probe])


def run(command: list[str]) -> None:
    ended = subprocess.run(command, capture_output=True, text=True, env={"PATH": os.environ["PATH"]})
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == ""


def test_imports() -> None:
    """Statically: relative imports, or the standard library."""
    for file in PACKAGE.rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        typing_only = [
            inner
            for node in ast.walk(tree)
            if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
            for inner in node.body
        ]
        for node in ast.walk(tree):
            if node in typing_only:
                continue
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                modules = [node.module or ""]
            else:
                continue
            for module in modules:
                assert module.partition(".")[0] in sys.stdlib_module_names, f"{file}: {module}"
