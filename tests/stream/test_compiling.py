"""The `stream` folder of other specs than the one that ships: with another tag, without a state, without any fold."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import black
import pytest
from mypy import api as mypy

from eventwright.pipeline import compile_spec

TEMPLATES = Path(__file__).parents[2] / "templates"

EVENT = """
events:
  note:
    doc: A note has come.
    fields:
      text: {type: string, doc: What it says.}
    EXTRA
    example: {TAG: note, text: hi}
"""

BOARD = """
types:
  End:
    doc: What the stream builds up. The accumulator has its name already.
    fields:
      title: {type: string, doc: Heading.}
      lines: {type: "list[string]", doc: Texts without a place of their own.}
      shapes: {type: "list[Shape]", doc: Drawings.}
      head: {type: Head, doc: What comes first.}
      class: {type: string, doc: A name that Python has for itself.}
  Head:
    doc: What comes first.
    fields:
      notes: {type: "list[Circle]", doc: Remarks.}
  Circle:
    doc: A round drawing.
    tag: circle
    fields:
      name: {type: string, doc: How it is called.}
  Square:
    doc: An angular drawing.
    tag: square
    fields:
      name: {type: string, doc: How it is called.}
unions:
  Shape:
    doc: A drawing.
    variants: [Circle, Square]
  Drawn:
    doc: A drawing that may be round only.
    variants: [Circle]
events:
  piece:
    doc: More text.
    fields:
      text: {type: string, doc: What to append.}
      at: {type: integer, doc: Where to.}
    fold:
      - title += text
      - lines[at] += text
      - head.notes[at].name += text
      - class = text
    example: {kind: piece, text: hi, at: 0}
  shape:
    doc: A drawing.
    fields:
      at: {type: integer, doc: Where it goes.}
      shape: {type: Shape, doc: The drawing itself.}
      shapes: {type: "list[Shape]", doc: More of them.}
    fold:
      - shapes[at] = shape
      - head.notes[at] = shape
      - head.notes = shapes
    example: {kind: shape, at: 0, shape: {kind: circle, name: a}, shapes: []}
  over:
    doc: The stream has failed.
    fields:
      why: {type: string, doc: In words.}
      message: {type: string, doc: In more words.}
    fold: none
    ends: failed
    reason: why
    error: event
    example: {kind: over, why: x, message: y}
"""


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    def make(name: str, spec: str, content: str) -> ModuleType:
        folder = tmp_path / "spec"
        folder.mkdir()
        (folder / "spec.yaml").write_text(f"name: {name}\ntitle: Demo\ndoc: A stream.\n{spec}", encoding="utf-8")
        (folder / "content.yaml").write_text(f"title: Content\ndoc: All of it.\n{content}", encoding="utf-8")
        result = compile_spec(folder, [TEMPLATES])
        assert not result.report.has_errors, result.report.diagnostics
        for path, text in result.files.items():
            target = tmp_path / "out" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
            if "stream" in path.parts and path.suffix == ".py":
                assert black.format_str(text, mode=black.Mode(line_length=120)) == text
        monkeypatch.syspath_prepend(str(tmp_path / "out"))
        monkeypatch.chdir(tmp_path / "out")
        output, errors, status = mypy.run(["--strict", "--no-incremental", "-p", name])
        assert status == 0, output + errors
        importlib.import_module(name)
        return importlib.import_module(f"{name}.stream")

    yield make
    for name in [name for name in sys.modules if name.startswith("demo_")]:
        del sys.modules[name]


def test_no_state(build: Any) -> None:
    stream = build("demo_stateless", "tag: kind", EVENT.replace("TAG", "kind").replace("EXTRA", ""))
    assert not hasattr(stream, "Accumulator")
    data = b'data: {"kind": "other"}\n\ndata: {"kind": "note", "text": "hi"}\n\n'
    (note,) = stream.iter_events([data], only={"note"})
    assert stream.encode_sse(note) == b'event: note\ndata: {"kind":"note","text":"hi"}\n\n'


def test_no_fold(build: Any) -> None:
    content = EVENT.replace("TAG", "type").replace("EXTRA", "fold: none")
    state = "types:\n  Board:\n    doc: Where notes go.\n    fields:\n      text: {type: string, doc: All of it.}\n"
    accumulator = build("demo_still", "state: Board", state + content).Accumulator()
    assert accumulator.close().kind == "truncated"
    assert not hasattr(accumulator.board, "text")


def test_folds_of_every_form(build: Any) -> None:
    stream = build("demo_forms", "tag: kind\nstate: End", BOARD)
    package = importlib.import_module("demo_forms")
    accumulator = stream.Accumulator()
    circle, square = {"kind": "circle", "name": "a"}, {"kind": "square", "name": "b"}
    for data in (
        {"kind": "piece", "text": "x", "at": 3},
        {"kind": "piece", "text": "y", "at": 1},
        {"kind": "piece", "text": "z", "at": 3},
        {"kind": "piece", "text": "w"},
        {"kind": "shape", "at": 0, "shape": square, "shapes": [square]},
    ):
        accumulator.feed(package.decode(data))
    found = package.encode(accumulator.end_)
    assert (found["title"], found["lines"], found["class"]) == ("xyzw", ["y", "xz"], "w")
    assert [note["name"] for note in found["head"]["notes"]] == ["y", "xz"]
    assert found["shapes"] == [square]
    accumulator.feed(package.decode({"kind": "shape", "at": 0, "shape": circle, "shapes": [circle]}))
    assert package.encode(accumulator.end_)["head"]["notes"] == [circle]
    accumulator.feed(package.decode({"kind": "over", "why": "no", "message": "because"}))
    end = accumulator.end
    assert (end.kind, end.reason, end.error) == ("failed", "no", stream.StreamFailure(None, "because", None))
