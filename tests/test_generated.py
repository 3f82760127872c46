"""`generated/` is the golden file of the specs that ship."""

from __future__ import annotations

import difflib
import shutil
from pathlib import Path, PurePosixPath

import black
import pytest

from eventwright.pipeline import compile_spec
from support import GENERATED, SCHEMA, SPEC, TEMPLATES

Files = dict[PurePosixPath, str]


@pytest.fixture(scope="module")
def by_spec() -> dict[str, Files]:
    found: dict[str, Files] = {}
    for spec in sorted(path.parent for path in SCHEMA.rglob("spec.yaml")):
        result = compile_spec(spec, [TEMPLATES])
        assert not result.report.diagnostics
        found[spec.name] = result.files
    return found


@pytest.fixture(scope="module")
def compiled(by_spec: dict[str, Files]) -> Files:
    """The output of all specs: what they share is the same in each."""
    return {path: text for files in by_spec.values() for path, text in files.items()}


def test_generated_is_current(compiled: Files) -> None:
    on_disk = {
        PurePosixPath(path.relative_to(GENERATED).as_posix()): path.read_text(encoding="utf-8")
        for path in GENERATED.rglob("*")
        if path.is_file() and path.suffix != ".pyc" and ".eventwright" not in path.parts
    }
    stale = sorted(str(path) for path in {*on_disk, *compiled} if on_disk.get(path) != compiled.get(path))
    assert not stale, f"run `make generate` and commit the result; stale: {', '.join(stale[:10])}"


def test_python_output_is_formatted(compiled: Files) -> None:
    # The compiler writes lines the way the formatter would leave them; formatting the long tables takes too long.
    mode = black.Mode(line_length=120)
    for path, text in compiled.items():
        if path.suffix == ".py" and len(text) < 30_000:
            assert black.format_str(text, mode=mode) == text, f"{path} is not formatted"


NEW_EVENT = """
  response.output_text.paused:
    variant: ResponseOutputTextPaused
    class: ResponseTextPausedEvent
    doc: The model has stopped writing for a while.
    use: [OnContentPart]
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


def test_an_addition_to_the_spec_only_adds_lines(tmp_path: Path, by_spec: dict[str, Files]) -> None:
    """One more event, type and enum, and a field in an old event: nothing that is there changes."""
    compiled = by_spec[SPEC.name]
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
        removed = [line for line in lines if line.startswith("- ") and not counts_members(line)]
        assert not removed, f"{path} loses lines: {removed}"


def counts_members(line: str) -> bool:
    """A decoder counts the members that it places, and one more is one more."""
    return line.strip("- ").startswith("placed = ")
