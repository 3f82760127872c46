"""The rules that follow from a spec: which there are, and what is said about each."""

from __future__ import annotations

from pathlib import Path

import pytest

from eventwright.model import ir
from eventwright.model.laws import LintRule, lint_rules, rule_id
from eventwright.model.lawtexts import LAWS
from eventwright.pipeline import read_spec
from support import ROOT

SPEC = """
name: demo
title: Demo
doc: A stream that builds up a list of chapters.
state: Book
places:
  chapter: chapters[chapterIndex]
  side_note: chapter.notes[note]
"""

BOOK = """
title: Book
doc: A book and what it is made from.
enums:
  Stage:
    doc: How far a chapter is.
    values: {begun: Words come., done: All is there.}
    ranks: [begun, done]
types:
  Book:
    doc: What the stream builds up.
    fields:
      isbn: {type: string, fixed: true, doc: Number of the book.}
      chapters: {type: "list[Chapter]", doc: All chapters.}
  Chapter:
    doc: A part of a book.
    fields:
      id: {type: string, fixed: true, unique: true, doc: Mark of the chapter.}
      stage: {type: Stage, doc: How far it is.}
      text: {type: string, doc: What it says.}
      notes: {type: "list[string]", doc: Remarks.}
      tags: {type: "list[string]", doc: What it is about.}
sequences:
  Book: book.begun chapter* (book.done | book.lost)
  chapter: (chapter.grown | chapter.tagged | side_note)* chapter.told
groups:
  InStream:
    doc: In order.
    fields: {number: {type: integer, counter: true, doc: Number of the event.}}
  InChapter:
    doc: About a chapter.
    use: [InStream]
    at: chapter
    fields:
      chapterIndex: {type: integer, doc: Which chapter.}
      chapter_id: {type: string, same: chapter.id, doc: Mark of the chapter.}
  WithBook:
    doc: Has the book.
    use: [InStream]
    fields: {book: {type: Book, doc: The book so far.}}
  OnNote:
    doc: About a note.
    use: [InChapter]
    at: side_note
    fields: {note: {type: integer, doc: Which note.}, text: {type: string, doc: What it says.}}
events:
  book.begun:
    doc: It begins.
    use: [WithBook]
    opens: stream
    holds: ["book.chapters = []"]
    fold: state = book
  book.done:
    doc: It is done.
    use: [WithBook]
    ends: completed
    holds:
      - book.chapters[*].stage != "begun"
      - {rule: book-count, that: book.isbn != null}
    fold: state = book
  book.lost:
    doc: It is lost.
    use: [WithBook]
    ends: failed
    fold: state = book
  error:
    doc: Something went wrong.
    anytime: true
    ends: error
    fields: {message: {type: string, doc: What.}}
    fold: none
  chapter.begun:
    doc: A chapter begins.
    use: [InChapter]
    opens: chapter
    fields: {chapter: {type: Chapter, doc: The chapter.}}
    fold: chapters[chapterIndex] = chapter
  chapter.grown:
    doc: A chapter grows.
    use: [InChapter]
    fields: {delta: {type: string, doc: What to append.}}
    fold: chapters[chapterIndex].text += delta
  chapter.tagged:
    doc: A chapter gets a tag.
    use: [InChapter]
    fields:
      tag_index: {type: integer, counter: true, doc: Number of the tag.}
      tag: {type: string, doc: The tag.}
    fold: chapters[chapterIndex].tags[tag_index] = tag
  chapter.told:
    doc: The text is there.
    use: [InChapter]
    fields: {text: {type: string, doc: The text.}}
    fold: chapters[chapterIndex].text = text
  chapter.done:
    doc: A chapter is done.
    use: [InChapter]
    closes: chapter
    fields: {chapter: {type: Chapter, doc: The chapter.}}
    fold: chapters[chapterIndex] = chapter
  note.begun:
    doc: A note begins.
    use: [OnNote]
    opens: side_note
    fold: chapters[chapterIndex].notes[note] = text
  note.done:
    doc: A note is done.
    use: [OnNote]
    closes: side_note
    fold: chapters[chapterIndex].notes[note] = text
rules:
  stream-truncated: {severity: error, why: The end is what everybody reads.}
  text-empty: {severity: warning}
"""

IDS = """
stream-not-opened stream-opened-twice stream-order stream-wrong-type stream-truncated event-after-end stream-changed
book-missing chapter-missing text-missing chapter-id-missing tags-changed
event-name-differs number-missing number-start number-step tag-index-missing tag-index-start tag-index-step
chapter-not-opened chapter-opened-twice chapter-index-gap chapter-closed chapter-left-open chapter-overlap chapter-order
chapter-wrong-type chapter-changed chapter-final-changed chapter-id-changed chapter-index-missing
side-note-not-opened side-note-opened-twice side-note-index-gap side-note-closed side-note-left-open side-note-overlap
side-note-final-changed side-note-not-empty note-missing
chapter-id-differs id-repeats stage-goes-back
chapters-missing chapters-count notes-missing notes-count tags-missing tags-count tags-index-gap
text-not-empty text-differs text-missing text-after-final text-final-twice text-empty
begun-chapters done-chapters-stage book-count
"""


def read(folder: Path, spec: str = SPEC, book: str = BOOK) -> ir.Spec:
    (folder / "spec.yaml").write_text(spec, encoding="utf-8")
    (folder / "book.yaml").write_text(book, encoding="utf-8")
    found, report = read_spec(folder)
    assert found is not None, [diagnostic.message for diagnostic in report.diagnostics]
    return found


@pytest.fixture
def rules(tmp_path: Path) -> dict[str, LintRule]:
    return {rule.id: rule for rule in lint_rules(read(tmp_path))}


def test_a_rule_for_all_that_the_spec_says(rules: dict[str, LintRule]) -> None:
    assert set(rules) == set(IDS.split())
    assert list(rules)[:4] == IDS.split()[:4]


def test_statements_are_in_the_words_of_the_spec(rules: dict[str, LintRule]) -> None:
    said = {id: rule.statement for id, rule in rules.items()}
    assert said["stream-not-opened"] == "A stream begins with `book.begun`."
    assert said["stream-truncated"] == "A stream ends with `book.done`, `book.lost` or `error`."
    exceptions = ", save `book.lost` after `error` and `error` if it does not go on counting."
    assert said["event-after-end"].endswith(exceptions)
    assert said["chapter-not-opened"] == "An event about a chapter comes after the `chapter.begun` that announces it."
    assert (
        said["side-note-index-gap"]
        == "Each new side note takes the next position: `note` counts from 0 in each chapter."
    )
    assert said["tag-index-start"] == "`tag_index` begins with 0, and anew in each chapter."
    assert said["chapter-id-differs"] == "`chapter_id` repeats `id` of the chapter."
    assert said["stage-goes-back"] == "`stage` only moves forward: `begun`, then `done`."
    assert said["begun-chapters"] == "In `book.begun`, `book.chapters` is `[]`."
    assert said["done-chapters-stage"] == 'In `book.done`, no `book.chapters[*].stage` is `"begun"`.'


def test_places_and_kinds(rules: dict[str, LintRule]) -> None:
    assert rules["side-note-not-opened"].place == "side_note"
    assert rules["tags-count"].place == rules["chapter-id-differs"].place == "chapter"
    assert rules["begun-chapters"].place == rules["text-differs"].place == "stream"
    assert {rule.kind for rule in rules.values()} <= set(LAWS)


def test_what_the_spec_says_about_a_rule_wins(rules: dict[str, LintRule]) -> None:
    truncated = rules["stream-truncated"]
    assert (truncated.severity, truncated.why) == ("error", "The end is what everybody reads.")
    assert truncated.seen == LAWS["stream-truncated"].seen
    assert rules["text-empty"].severity == "warning"
    assert LAWS["text-empty"].severity == "off"


def test_a_spec_without_a_lifecycle_has_no_rules() -> None:
    spec, _ = read_spec(ROOT / "schema" / "openai_chat")
    assert spec is not None
    assert spec.has_lifecycle or lint_rules(spec) == ()


def test_every_text_is_whole() -> None:
    for law in LAWS.values():
        for text in (law.why, law.seen, law.fix):
            assert text.endswith(".") and text[0].isupper()


@pytest.mark.parametrize(
    ("names", "id"),
    [
        (("summary_part", "not-opened"), "summary-part-not-opened"),
        (("toolCallId", "missing"), "tool-call-id-missing"),
        (("usage.total",), "usage-total"),
        (("ID",), "id"),
    ],
)
def test_ids(names: tuple[str, ...], id: str) -> None:
    assert rule_id(*names) == id


@pytest.mark.parametrize("spec", ["openai_responses", "anthropic_messages", "ag_ui", "openai_realtime/server"])
def test_every_rule_of_a_shipped_spec_is_whole(spec: str) -> None:
    found, _ = read_spec(ROOT / "schema" / spec)
    assert found is not None
    rules = lint_rules(found)
    assert rules
    for rule in rules:
        assert rule.id == rule_id(rule.id)
        assert rule.severity in ("error", "warning", "off")
        assert rule.place == "stream" or found.place(rule.place)
        for text in (rule.statement, rule.why, rule.seen, rule.fix):
            assert text.endswith("."), rule
