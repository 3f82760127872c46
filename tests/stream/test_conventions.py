"""What a spec says about the stream as a whole: its end, the numbers and keys of its events, readings of its state."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from mypy import api as mypy

from support import CASES

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


def wire(tag: str, **members: object) -> dict[str, object]:
    return {"type": tag, **members}


@pytest.fixture
def tickets(package: Package) -> tuple[ModuleType, ModuleType]:
    """The package of a spec with a key, and its folder of streams."""
    demo = package(CASES / "ok-key" / "spec")
    return demo, importlib.import_module("demo.stream")


def test_each_key_has_a_state_of_its_own(tickets: tuple[ModuleType, ModuleType]) -> None:
    demo, stream = tickets
    accumulators = stream.Accumulators()
    for data in (
        wire("ticket.opened", ticket={"id": "a", "notes": ""}),
        wire("ticket.noted", ticket_id="b", delta="x"),
        wire("ticket.noted", ticket_id="a", delta="y"),
        wire("ticket.noted", ticket_id="b", delta="z"),
        wire("ticket.noted", ticket_id="", delta="nobody"),
        wire("unheard.of", ticket_id="c"),
    ):
        assert accumulators.feed(demo.decode(data)) is None
    assert {key: state.notes for key, state in accumulators.items()} == {"a": "y", "b": "xz"}
    assert "a" in accumulators and "c" not in accumulators and len(accumulators) == 2
    assert accumulators.mended == {"key": 1}
    last = accumulators.feed(demo.decode(wire("ticket.closed", ticket={"id": "a", "notes": ""})))
    assert (last.id, last.notes, list(accumulators)) == ("a", "y", ["b"])
    assert accumulators.mended == {"key": 1, "emptier": 1}
    assert accumulators.accumulator("b").ticket.notes == "xz"
    with pytest.raises(KeyError):
        accumulators.accumulator("a")
    # An event that ends what has not begun is all there is of it.
    assert accumulators.feed(demo.decode(wire("ticket.closed", ticket={"id": 7, "notes": "n"}))).notes == "n"


def test_an_event_without_a_key_ends_all(tickets: tuple[ModuleType, ModuleType]) -> None:
    demo, stream = tickets
    accumulators = stream.Accumulators()
    for key in ("a", "b"):
        accumulators.feed(demo.decode(wire("ticket.noted", ticket_id=key, delta=key)))
    assert accumulators.feed(demo.decode(wire("failed", message="Bye"))) is None
    assert (accumulators.end.kind, accumulators.end.error.message) == ("error", "Bye")
    assert {key: state.notes for key, state in accumulators.items()} == {"a": "a", "b": "b"}
    assert accumulators.accumulator("a").end == accumulators.end == accumulators.close()
    accumulators.feed(demo.decode(wire("ticket.noted", ticket_id="b", delta="new")))
    assert {key: state.notes for key, state in accumulators.items()} == {"b": "new"}
    assert accumulators.end is None
    assert accumulators.close().kind == accumulators.accumulator("b").end.kind == "truncated"
    with pytest.raises(TypeError, match="takes an event of this package"):
        accumulators.feed({"type": "failed"})


def test_the_end_of_one_key_is_not_that_of_the_stream(tickets: tuple[ModuleType, ModuleType]) -> None:
    _, stream = tickets
    opened, closed = (wire(f"ticket.{word}", ticket={"id": "a", "notes": ""}) for word in ("opened", "closed"))
    data = b"".join(b"data: " + json.dumps(each).encode() + b"\n\n" for each in (opened, closed, opened))
    failed = b'data: {"type": "failed", "message": "Bye"}\n\n'
    assert [len(list(part)) for part in stream.iter_streams([data + failed + data])] == [4, 3]


def test_readings_pass_over_what_is_not_there(package: Package) -> None:
    demo = package(CASES / "ok-readings" / "spec")
    stream = importlib.import_module("demo.stream")
    readings = importlib.import_module("demo.stream.readings")
    parts = [
        {"type": "words", "text": "a", "note": "n", "from": "me"},
        {"type": "picture", "size": 3, "note": 1},
        {"type": "song", "text": "la"},
        {"type": "words", "note": "n"},
        {"type": "words", "text": "b", "note": "n"},
    ]
    answer = {"parts": parts, "title": {"words": None}, "marks": ["x", None, "y"], "sizes": [1, 2]}
    accumulator = stream.Accumulator()
    assert (accumulator.text, accumulator.first, accumulator.titles, accumulator.words) == ("", [], [], "")
    accumulator.feed(demo.decode({"type": "answer.grown", "answer": answer}))
    assert (accumulator.text, accumulator.lead, accumulator.words, accumulator.heading) == ("ab", "a", "xy", "")
    assert (accumulator.authors, accumulator.found_by, accumulator.sizes) == (["me"], ["x", "y"], [1, 2])
    state = accumulator.answer
    assert accumulator.everything == state.parts
    assert (accumulator.first, accumulator.pictures) == ([state.parts[0]], [state.parts[1]])
    assert accumulator.titles == [state.title]
    assert readings.text(state) == accumulator.text


def test_what_the_spec_says_of_the_stream_has_types(package: Package, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ok-done-and-counter", "ok-ends-with-conditions", "ok-key", "ok-places", "ok-readings"):
        demo = package(CASES / name / "spec")
        monkeypatch.chdir(Path(str(demo.__file__)).parents[1])
        output, errors, status = mypy.run(["--strict", "--no-incremental", "-p", "demo"])
        assert status == 0, output + errors


@pytest.mark.parametrize(
    ("answer", "message", "end"),
    [
        ({"state": "busy"}, None, None),
        ({"state": "busy", "final": False}, "odd", None),
        ({"state": "busy", "final": 1}, None, None),
        ({"state": "busy", "final": True}, "fine", ("completed", None)),
        ({"state": "busy", "final": True, "size": 0}, None, ("incomplete", None)),
        ({"state": "busy", "size": False}, None, None),
        ({"state": "lost"}, "why", ("failed", "why")),
        # A null is there.
        ({"state": "lost", "final": True}, None, ("failed", None)),
        ({"state": "lost", "final": True}, ..., ("completed", None)),
    ],
)
def test_an_event_ends_the_stream_where_its_condition_holds(
    package: Package, answer: dict[str, object], message: object, end: tuple[str, object] | None
) -> None:
    demo = package(CASES / "ok-ends-with-conditions" / "spec")
    accumulator = importlib.import_module("demo.stream").Accumulator()
    members = {} if message is ... else {"message": message}
    accumulator.feed(demo.decode(wire("answer.updated", answer={"text": "Hi", **answer}, **members)))
    found = accumulator.end and (accumulator.end.kind, accumulator.end.error and accumulator.end.error.message)
    assert found == end
