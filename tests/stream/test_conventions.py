"""What a spec says about the stream as a whole: the mark of its end, and the numbers of its events."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import ModuleType

import pytest

Package = Callable[..., ModuleType]

NOTES = """
events:
  note:
    doc: A note has come.
    fields:
      "#": {type: integer, attribute: number, optional: true, COUNTER doc: Which one it is.}
      text: {type: string, doc: What it says.}
    example: {type: note, text: hi}
"""
FRAMES = b'data: {"type": "note", "text": "hi"}\n\n'


def stream_of(package: Package, content: str, **settings: str) -> ModuleType:
    package(content, **settings)
    return importlib.import_module("demo.stream")


def test_a_mark_of_the_end_is_what_the_spec_says(package: Package) -> None:
    stream = stream_of(package, NOTES.replace("COUNTER", ""), done="OVER")
    assert len(list(stream.iter_events([FRAMES + b"data: OVER\n\n" + FRAMES]))) == 1
    assert len(list(stream.iter_streams([FRAMES + b"data: OVER\n\n" + FRAMES]))) == 2
    with pytest.raises(ValueError, match="not JSON"):
        list(stream.iter_events([FRAMES + b"data: [DONE]\n\n"]))


def test_without_a_mark_no_text_is_special(package: Package) -> None:
    stream = stream_of(package, NOTES.replace("COUNTER", ""))
    for mark in (b"OVER", b"[DONE]"):
        _, last = stream.iter_raw([FRAMES + b"data: " + mark + b"\n\n"])
        assert last.error is not None


def test_numbers_are_those_of_the_counter(package: Package) -> None:
    state = "types:\n  Board:\n    doc: Where notes go.\n    fields:\n      text: {type: string, doc: All of it.}\n"
    content = state + NOTES.replace("example:", "fold: text += text\n    example:")
    wire = [{"type": "note", "#": 0, "text": "a"}, {"type": "note", "#": 2, "text": "b"}]
    for word, last, text in (("counter: true,", 2, "ab"), ("", None, "abb")):
        demo = package(content.replace("COUNTER", word), state="Board")
        accumulator = importlib.import_module("demo.stream").Accumulator()
        for data in (*wire, wire[1]):
            accumulator.feed(demo.decode(data))
        assert (accumulator.sequence.last, accumulator.board.text) == (last, text)


PLACES = """
types:
  Board:
    doc: Where notes go.
    fields:
      notes: {type: "list[Note]", doc: All of them.}
  Note:
    doc: A note.
    fields:
      id: {type: string, unique: true, doc: Mark of the note.}
      text: {type: string, doc: What it says.}
events:
  note:
    doc: A note goes on.
    fields:
      index: {type: integer, doc: Which one it is.}
      mark: {type: string, SAME doc: Mark of the note.}
      text: {type: string, doc: What to append.}
    fold: notes[index].text += text
    example: {type: note, index: 0, mark: a, text: hi}
"""


def test_an_element_has_what_the_event_repeats(package: Package) -> None:
    for same, found in (("same: note_.id,", "a"), ("", None)):
        demo = package(PLACES.replace("SAME", same), state="Board", places={"note_": "notes[index]"})
        accumulator = importlib.import_module("demo.stream").Accumulator()
        accumulator.feed(demo.decode({"type": "note", "index": 3, "mark": "a", "text": "hi"}))
        (note,) = accumulator.board.notes
        assert (getattr(note, "id", None), note.text) == (found, "hi")


ENDS = """
types:
  Board:
    doc: Where notes go.
    fields:
      phase: {type: string, optional: true, doc: How far it has come.}
      status: {type: string, optional: true, doc: What the writer wants it to be.}
events:
  over:
    doc: Nothing more will come.
    fields:
      board: {type: Board, doc: The board as it is.}
    fold: state = board
    ends: completed
    STATUS
    example: {type: over, board: {}}
"""


@pytest.mark.parametrize(
    ("status", "kinds"), [("", ["completed"] * 2), ("status: board.phase", ["failed", "completed"])]
)
def test_a_status_is_where_the_spec_says(package: Package, status: str, kinds: list[str]) -> None:
    demo = package(ENDS.replace("STATUS", status), state="Board")
    for name, kind in zip(("phase", "status"), kinds, strict=True):
        accumulator = importlib.import_module("demo.stream").Accumulator()
        accumulator.feed(demo.decode({"type": "over", "board": {name: "failed"}}))
        assert accumulator.close().kind == kind
