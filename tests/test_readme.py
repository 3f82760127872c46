"""The pages do what they say: their code runs and passes a type checker, their figures are those of the saved run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS: list[tuple[str, str]] = BLOCK.findall(README)
PAGES = ("README.md", "CONTRIBUTING.md", "SECURITY.md")


def scripts(blocks: list[tuple[str, str]] = BLOCKS) -> list[tuple[str, str]]:
    """Give each Python block with what it prints, which the text block behind it shows."""
    followed = zip(blocks, [*blocks[1:], ("", "")], strict=True)
    return [
        (text, after if kind == "text" else "") for (language, text), (kind, after) in followed if language == "python"
    ]


def run(arguments: list[str], folder: Path, *paths: Path, variable: str = "PYTHONPATH") -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, variable: os.pathsep.join(str(path) for path in paths)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def pass_mypy(files: list[str], folder: Path, *paths: Path) -> None:
    options = ["--strict", "--python-version=3.10", f"--config-file={os.devnull}", f"--cache-dir={os.devnull}"]
    assert run(["-m", "mypy", *options, *files], folder, *paths, variable="MYPYPATH").startswith("Success: ")


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the README needs of a fresh clone, where everything that it has a shell do is done."""
    folder = tmp_path_factory.mktemp("clone")
    for copied in ("examples", "generated/responses_events"):
        shutil.copytree(ROOT / copied, folder / copied, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "your_app").mkdir()
    commands = folder / "commands"
    commands.mkdir()
    for name, arguments in (("python3", ""), ("eventwright", " -m eventwright")):
        (commands / name).write_text(f'#!/bin/sh\nexec "{sys.executable}"{arguments} "$@"\n', encoding="utf-8")
        (commands / name).chmod(0o755)
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(commands), os.environ["PATH"]]),
        "PYTHONPATH": str(ROOT / "generator"),
    }
    for language, text in BLOCKS:
        if language == "sh" and not text.startswith(("make ", "pip ")):
            subprocess.run(["sh", "-ec", text], cwd=folder, env=environment, stdout=subprocess.DEVNULL, check=True)
    return folder


def test_the_first_program_runs_as_it_stands(clone: Path) -> None:
    command = "PYTHONPATH=generated python3 examples/print_answer.py"
    assert f"`{command}`" in README
    program, printed = scripts()[0]
    assert program == (ROOT / "examples" / "print_answer.py").read_text(encoding="utf-8")
    assert run(["examples/print_answer.py"], clone, clone / "generated") == printed


def test_the_code_runs(clone: Path) -> None:
    """All blocks but the last, which needs the package of its own spec, are parts of one session."""
    *session, own = scripts()
    assert len(session) > 3
    printed = run(["-c", "\n".join(text for text, _ in session)], clone, clone / "generated")
    assert printed == "".join(expected for _, expected in session)
    assert run(["-c", own[0]], clone, clone / "shop" / "generated") == own[1]
    assert run(["-c", "import your_app.responses_events"], clone) == ""


def test_the_code_passes_mypy(clone: Path) -> None:
    *session, own = scripts()
    (clone / "session.py").write_text("\n".join(text for text, _ in session), encoding="utf-8")
    (clone / "own.py").write_text(own[0], encoding="utf-8")
    pass_mypy(["session.py", "own.py"], clone, clone / "generated", clone / "shop" / "generated")


def test_the_spec_is_the_one_that_init_writes(clone: Path) -> None:
    [shown] = [text for language, text in BLOCKS if language == "yaml"]
    assert shown == (clone / "shop" / "schema" / "orders" / "orders.yaml").read_text(encoding="utf-8")


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def test_the_figures_are_those_of_the_saved_run() -> None:
    section = README.partition("## How fast it is")[2].partition("\n## ")[0]
    claims = [cells(line) for line in section.splitlines() if line.startswith("|") and re.search(r"\d", line)]
    assert len(claims) > 10
    results = (ROOT / "bench" / "results.md").read_text(encoding="utf-8").splitlines()
    rows = [cells(line) for line in results if line.startswith("|")]
    for name, *figures in claims:
        # A median is followed by its range.
        measured = {cell.partition(" (")[0] for row in rows if row[0] == name for cell in row}
        assert set(figures) <= measured, f"bench/results.md has other figures for '{name}'; copy them into the README"


def test_the_compiler_can_be_called(tmp_path: Path) -> None:
    [(program, printed)] = scripts(BLOCK.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")))
    assert run(["-c", program], ROOT, ROOT / "generator") == printed
    (tmp_path / "program.py").write_text(program, encoding="utf-8")
    pass_mypy(["program.py"], tmp_path, ROOT / "generator")


def test_the_links_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / page).read_text(encoding="utf-8")):
            assert (ROOT / target).exists(), f"{page} links to {target}"
