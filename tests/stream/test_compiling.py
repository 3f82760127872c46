"""The `stream` folder of other specs than the one that ships: with another tag, without a state, without any fold."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import black
import pytest
from mypy import api as mypy

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
  name:
    doc: More of the name of a drawing.
    fields:
      at: {type: integer, doc: Which drawing.}
      text: {type: string, doc: What to append.}
    fold:
      - shapes[at as Circle].name += text
      - shapes[at as Square].name += text
    example: {kind: name, at: 0, text: a}
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
def build(package: Callable[..., ModuleType], monkeypatch: pytest.MonkeyPatch) -> Callable[..., ModuleType]:
    """Compile a spec and import its package, which is formatted and passes mypy."""

    def make(content: str, **settings: str) -> ModuleType:
        demo = package(content, **settings)
        folder = Path(str(demo.__file__)).parent
        for file in (folder / "stream").glob("*.py"):
            text = file.read_text(encoding="utf-8")
            assert black.format_str(text, mode=black.Mode(line_length=120)) == text
        monkeypatch.chdir(folder.parent)
        output, errors, status = mypy.run(["--strict", "--no-incremental", "-p", demo.__name__])
        assert status == 0, output + errors
        return demo

    return make


def test_no_state(build: Callable[..., ModuleType]) -> None:
    build(EVENT.replace("TAG", "kind").replace("EXTRA", ""), tag="kind")
    stream = importlib.import_module("demo.stream")
    assert not hasattr(stream, "Accumulator")
    data = b'data: {"kind": "other"}\n\ndata: {"kind": "note", "text": "hi"}\n\n'
    (note,) = stream.iter_events([data], only={"note"})
    assert stream.encode_sse(note) == b'event: note\ndata: {"kind":"note","text":"hi"}\n\n'


def test_no_fold(build: Callable[..., ModuleType]) -> None:
    content = EVENT.replace("TAG", "type").replace("EXTRA", "fold: none")
    state = "types:\n  Board:\n    doc: Where notes go.\n    fields:\n      text: {type: string, doc: All of it.}\n"
    build(state + content, state="Board")
    accumulator = importlib.import_module("demo.stream").Accumulator()
    assert accumulator.close().kind == "truncated"
    assert not hasattr(accumulator.board, "text")


def test_folds_of_every_form(build: Callable[..., ModuleType]) -> None:
    demo = build(BOARD, tag="kind", state="End")
    stream = importlib.import_module("demo.stream")
    accumulator = stream.Accumulator()
    circle, square = {"kind": "circle", "name": "a"}, {"kind": "square", "name": "b"}
    for data in (
        {"kind": "piece", "text": "x", "at": 3},
        {"kind": "piece", "text": "y", "at": 1},
        {"kind": "piece", "text": "z", "at": 3},
        {"kind": "piece", "text": "w"},
        {"kind": "shape", "at": 0, "shape": square, "shapes": [square]},
    ):
        accumulator.feed(demo.decode(data))
    found = demo.encode(accumulator.end_)
    assert (found["title"], found["lines"], found["class"]) == ("xyzw", ["y", "xzw"], "w")
    assert [note["name"] for note in found["head"]["notes"]] == ["y", "xzw"]
    assert found["shapes"] == [square]
    accumulator.feed(demo.decode({"kind": "shape", "at": 0, "shape": circle, "shapes": [circle]}))
    # The list is shorter, but what events have built stays.
    assert [note["name"] for note in demo.encode(accumulator.end_)["head"]["notes"]] == ["a", "y", "xzw"]
    accumulator.feed(demo.decode({"kind": "over", "why": "no", "message": "because"}))
    end = accumulator.end
    assert (end.kind, end.reason, end.error) == ("failed", "no", stream.StreamFailure(None, "because", None))


def test_statements_for_elements_of_several_types(build: Callable[..., ModuleType]) -> None:
    demo = build(BOARD, tag="kind", state="End")
    accumulator = importlib.import_module("demo.stream").Accumulator()
    for at, kind in enumerate(["circle", "square", "line"]):
        accumulator.feed(demo.decode({"kind": "shape", "at": at, "shape": {"kind": kind, "name": ""}}))
        accumulator.feed(demo.decode({"kind": "name", "at": at, "text": kind}))
    accumulator.feed(demo.decode({"kind": "name", "at": 3, "text": "new"}))
    shapes = demo.encode(accumulator.end_)["shapes"]
    assert [shape["name"] for shape in shapes] == ["circle", "square", "line", "new"]
    # Only the line is odd; what the other statement takes does not count.
    assert accumulator.mended == {"unknown": 1}
