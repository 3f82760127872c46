"""`generated/` is the golden file of the specs that ship."""

from __future__ import annotations

import difflib
import shutil
from pathlib import Path, PurePosixPath

import black
import pytest

from eventwright.pipeline import compile_spec
from eventwright.project import read_project
from eventwright.targets import target_names
from support import GENERATED, ROOT, SPEC, TEMPLATES

SHIPPED = [build.spec for build in read_project(ROOT / "eventwright.toml", target_names())]


@pytest.fixture(scope="module")
def shipped() -> dict[Path, dict[PurePosixPath, str]]:
    results = {spec: compile_spec(spec, [TEMPLATES]) for spec in SHIPPED}
    assert not [each for result in results.values() for each in result.report.diagnostics]
    return {spec: result.files for spec, result in results.items()}


@pytest.fixture(scope="module")
def compiled(shipped: dict[Path, dict[PurePosixPath, str]]) -> dict[PurePosixPath, str]:
    return shipped[SPEC]


def test_generated_is_current(shipped: dict[Path, dict[PurePosixPath, str]]) -> None:
    compiled = {path: text for files in shipped.values() for path, text in files.items()}
    on_disk = {
        PurePosixPath(path.relative_to(GENERATED).as_posix()): path.read_text(encoding="utf-8")
        for path in GENERATED.rglob("*")
        if path.is_file() and not {"__pycache__", ".eventwright"} & {*path.parts}
    }
    stale = sorted(str(path) for path in {*on_disk, *compiled} if on_disk.get(path) != compiled.get(path))
    assert not stale, f"run `make generate` and commit the result; stale: {', '.join(stale[:10])}"


@pytest.mark.parametrize("spec", SHIPPED, ids=lambda spec: spec.name)
def test_python_output_is_formatted(spec: Path, shipped: dict[Path, dict[PurePosixPath, str]]) -> None:
    # The compiler writes lines the way the formatter would leave them; formatting the long tables takes too long.
    mode = black.Mode(line_length=120)
    for path, text in shipped[spec].items():
        if path.suffix == ".py" and len(text) < 30_000:
            assert black.format_str(text, mode=mode) == text, f"{path} is not formatted"


NEW_EVENT = """
  response.output_text.paused:
    variant: ResponseOutputTextPaused
    class: ResponseTextPausedEvent
    doc: The model has stopped writing for a while.
    use: [OnContentPart]
    anytime: true
    fields:
      reason:
        type: PauseReason
        doc: What it waits for.
      marks:
        type: list[PauseMark]
        optional: true
        doc: Where in the text it stopped before.
    fold: none
    example:
      type: response.output_text.paused
      item_id: msg_01
      output_index: 0
      content_index: 0
      reason: tool
"""

NEW_TYPES = """
enums:
  PauseReason:
    doc: What a paused model waits for.
    open: true
    values:
      tool: The result of a tool call.

types:
  PauseMark:
    doc: A place where the model has paused.
    fields:
      offset:
        type: integer
        doc: Number of characters before it.
"""


def test_an_addition_to_the_spec_only_adds_lines(tmp_path: Path, compiled: dict[PurePosixPath, str]) -> None:
    """One more event, type and enum, and a field in an old event: nothing that is there changes."""
    spec = tmp_path / "openai_responses"
    shutil.copytree(SPEC, spec)
    file = spec / "events" / "output_text.yaml"
    field = "      mood:\n        type: string\n        optional: true\n        doc: How the model feels about it.\n"
    text = file.read_text(encoding="utf-8").replace("      logprobs:\n", f"{field}      logprobs:\n", 1)
    file.write_text(f"{text.rstrip()}\n{NEW_EVENT}{NEW_TYPES}", encoding="utf-8")

    result = compile_spec(spec, [TEMPLATES])
    assert not result.report.has_errors, result.report.diagnostics

    assert compiled.keys() < result.files.keys()
    for path, before in compiled.items():
        if path.suffix != ".py":
            continue
        after = result.files[path]
        lines = difflib.ndiff(before.splitlines(), after.splitlines()) if before != after else ()
        removed = [line for line in lines if line.startswith("- ") and not names_all_members(line, path)]
        assert not removed, f"{path} loses lines: {removed}"


def names_all_members(line: str, path: PurePosixPath) -> bool:
    """Whether a line is about all members: a decoder counts those it places, a builder has a parameter for each."""
    return line.strip("- ").startswith("placed = ") or ("builders" in path.parts and "logprobs" in line)
