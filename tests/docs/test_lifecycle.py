"""When events come, in the docs: what stands before and after an event, and pictures that show it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventwright.diagnostics.values import Report, Span
from eventwright.model import ir, neighbours, walks
from eventwright.model.sequences import Alternatives, Chain, Expression, Repeat, Symbol, symbols
from eventwright.pipeline import read_spec, render
from eventwright.targets import all_targets
from eventwright.targets.docs.pictures import words
from eventwright.targets.docs.railroad import Box, label_lines, label_width, lay_out
from support import CASES, ROOT, TEMPLATES

NOWHERE = Span("nowhere.yaml")
DESK = CASES / "ok-docs-of-a-lifecycle" / "spec"
SPECS = [DESK, *(file.parent for file in sorted((ROOT / "schema").rglob("spec.yaml")))]


@cache
def _spec(folder: Path) -> ir.Spec:
    spec, report = read_spec(folder)
    assert spec is not None, [str(each) for each in report.diagnostics]
    return spec


@cache
def _pages(folder: Path) -> dict[PurePosixPath, str]:
    products = render(_spec(folder), [all_targets()["docs"]], [TEMPLATES], Report())
    return dict(products[0].files)


def _event(tag: str) -> ir.Event:
    return next(event for event in _spec(DESK).events if event.tag == tag)


# Before and after.


@pytest.mark.parametrize(
    ("tag", "before", "after"),
    [
        ("job.begun", {"": ["nothing"]}, {"": ["part.begun", "job.done", "job.lost"]}),
        (
            "part.begun",
            {"": ["job.begun", "part.done"]},
            {
                "Speech": ["text.piece", "text.paused", "text.done"],
                "Lookup": ["lookup.asked"],
                "Break": ["part.done"],
            },
        ),
        (
            "text.piece",
            {"": ["part.begun", "text.piece", "text.paused"]},
            {"": ["text.piece", "text.paused", "text.done"]},
        ),
        ("text.done", {"": ["part.begun", "text.piece", "text.paused"]}, {"": ["part.done"]}),
        (
            "lookup.asked",
            {"": ["part.begun", "lookup.asked", "hit.done"]},
            {"": ["lookup.asked", "hit.begun", "lookup.answered", "part.done"]},
        ),
        ("hit.begun", {"": ["lookup.asked", "hit.done"]}, {"": ["hit.done"]}),
        ("hit.done", {"": ["hit.begun"]}, {"": ["lookup.asked", "hit.begun", "lookup.answered", "part.done"]}),
        (
            "part.done",
            {
                "Speech": ["text.done"],
                "Lookup": ["lookup.asked", "hit.done", "lookup.answered"],
                "Break": ["part.begun"],
            },
            {"": ["part.begun", "job.done", "job.lost"]},
        ),
        ("job.done", {"": ["job.begun", "part.done"]}, {"": ["nothing"]}),
        ("desk.closed", {}, {"": ["nothing", "job.lost"]}),
    ],
)
def test_what_comes_before_and_after(tag: str, before: dict[str, list[str]], after: dict[str, list[str]]) -> None:
    def told(found: tuple[neighbours.Neighbours, ...]) -> dict[str, list[str]]:
        return {" ".join(each.records): [*(["nothing"] if each.is_edge else []), *each.tags] for each in found}

    assert told(neighbours.before(_spec(DESK), _event(tag))) == before
    assert told(neighbours.after(_spec(DESK), _event(tag))) == after


@pytest.mark.parametrize("folder", SPECS, ids=lambda folder: folder.name)
def test_what_comes_after_an_event_has_it_before_itself(folder: Path) -> None:
    spec = _spec(folder)
    events = {event.tag: event for event in spec.events}
    for event in spec.events:
        if any(end.kind == "error" for end in event.ends):
            # What may come after an error comes there only, whatever the sequence says.
            continue
        for other in (tag for side in neighbours.after(spec, event) for tag in side.tags):
            found = {tag for side in neighbours.before(spec, events[other]) for tag in side.tags}
            assert event.tag in found, other


# A stream to show.


@pytest.mark.parametrize("folder", SPECS, ids=lambda folder: folder.name)
def test_a_walk_keeps_to_the_sequences_and_opens_every_place_that_they_lead_to(folder: Path) -> None:
    spec = _spec(folder)
    if not spec.has_lifecycle:
        return
    walk = walks.walk(spec)
    events = {event.tag: event for event in spec.events}
    for tag, following in zip(walk.tags, walk.tags[1:], strict=False):
        sides = neighbours.after(spec, events[tag])
        assert not sides or any(following in side.tags for side in sides), (tag, following)
    for stay in walk.stays[1:]:
        assert events[walk.tags[stay.begin]].opens == stay.place
    led_to = {symbol.name for sequence in spec.sequences for symbol in symbols(sequence.expression)}
    assert {place.name for place in spec.places} & led_to <= {stay.place for stay in walk.stays}


# Diagrams.

_NAMES = st.sampled_from(["a", "piece.added", "a_name.that_is.much_longer_than.the_others", "\u6f22\u5b57", "<&>"])
_EXPRESSIONS: st.SearchStrategy[Expression] = st.recursive(
    _NAMES.map(lambda name: Symbol(name, NOWHERE)),
    lambda inner: (
        st.lists(inner, max_size=4).map(lambda parts: Chain(tuple(parts)))
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: Alternatives(tuple(parts)))
        | st.tuples(inner, st.sampled_from("?*+")).map(lambda parts: Repeat(*parts))
    ),
    max_leaves=8,
)


def _overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


@given(expression=_EXPRESSIONS, width=st.sampled_from([340, 840]))
def test_boxes_stand_apart_and_within_their_diagram(expression: Expression, width: int) -> None:
    drawing = lay_out(expression, width)
    assert [box.name for box in drawing.boxes] == [symbol.name for symbol in symbols(expression)]
    for number, box in enumerate(drawing.boxes):
        assert box.x >= 0 and box.x + box.width <= drawing.width
        assert box.y >= 0 and box.y + box.height <= drawing.height
        assert not any(_overlap(box, other) for other in drawing.boxes[number + 1 :])
        assert all(line.width <= box.width for line in box.lines)
    for track in drawing.tracks:
        for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", track):
            assert 0 <= float(x) <= drawing.width
            assert 0 <= float(y) <= drawing.height


@given(names=st.lists(_NAMES, min_size=1, max_size=8))
def test_a_chain_breaks_into_rows_that_fit(names: list[str]) -> None:
    chain = Chain(tuple(Repeat(Symbol(name, NOWHERE), "*") for name in names))
    assert lay_out(chain, 340).width <= 340


def test_a_long_name_breaks_behind_a_dot_rather_than_within_a_word() -> None:
    width = 30 * label_width("x")
    assert label_lines("search.web_search_call.in_progress", width) == ("search.web_search_call.", "in_progress")
    assert label_lines("a_name_without_any_dot_in_it_at_all", width) == ("a_name_without_any_dot_in_it_", "at_all")
    assert label_lines("x" * 40, width) == ("x" * 30, "x" * 10)


def test_a_sequence_is_told_in_words() -> None:
    sequence = next(each for each in _spec(DESK).sequences if each.owner == "Lookup")
    said = "lookup.asked, then any number of times (either lookup.asked or hit), then at most once lookup.answered"
    assert words(sequence.expression) == said


def _pictures(folder: Path) -> Iterator[tuple[PurePosixPath, ElementTree.Element]]:
    for path, text in _pages(folder).items():
        for found in re.findall(r"^<svg.*?^</svg>$", text, re.DOTALL | re.MULTILINE):
            yield path, ElementTree.fromstring(found)


@pytest.mark.parametrize("folder", SPECS, ids=lambda folder: folder.name)
def test_pictures_can_be_read_aloud_and_lead_to_events(folder: Path) -> None:
    ids: dict[PurePosixPath, list[str]] = {}
    for path, picture in _pictures(folder):
        title, described = picture.find("title"), picture.find("desc")
        assert title is not None and described is not None
        assert title.text and described.text
        assert picture.get("aria-labelledby") == title.get("id")
        assert picture.get("aria-describedby") == described.get("id")
        ids.setdefault(path, []).extend(each.get("id", "") for each in (title, described))
        links = picture.findall(".//a")
        assert links
        for link in links:
            assert "".join(link.itertext()), path
            target = path.parent / link.attrib["href"].partition("#")[0]
            assert re.fullmatch(r"[^/].*\.md", str(target))
    assert all(len(each) == len(set(each)) for each in ids.values())
    assert bool(ids) == _spec(folder).has_lifecycle


# Pages.


def test_every_sequence_has_its_picture() -> None:
    pages = _pages(DESK)
    drawn = {path.name for path, _ in _pictures(DESK)}
    assert drawn == {"lifecycle.md", "Job.md", "Speech.md", "Lookup.md"}
    assert (
        "any number of times [`lookup.asked`](events/lookup.asked.md)" not in pages[PurePosixPath("docs/demo/rules.md")]
    )


def test_every_rule_and_every_place_has_an_anchor_that_pages_lead_to() -> None:
    pages = _pages(DESK)
    rules, lifecycle = (pages[PurePosixPath("docs/demo", name)] for name in ("rules.md", "lifecycle.md"))
    mentioned = {each for text in pages.values() for each in re.findall(r"rules\.md#([\w-]+)", text)}
    assert {"created-status", "done-status", "part-overlap"} & mentioned
    assert mentioned <= set(re.findall(r"^### `([\w-]+)`$", rules, re.MULTILINE))
    places = {each for text in pages.values() for each in re.findall(r"lifecycle\.md#place-([\w-]+)", text)}
    assert places == {"part", "hit"} == set(re.findall(r"^## Place `(\w+)`$", lifecycle, re.MULTILINE))


def test_a_spec_without_a_lifecycle_has_no_word_of_it() -> None:
    for folder in SPECS:
        if not _spec(folder).has_lifecycle:
            names = {path.name for path in _pages(folder)}
            assert not names & {"lifecycle.md", "rules.md", "profiles.md", "check.md"}


# The page about how to check a stream.

_CHECK = PurePosixPath("docs/responses_events/check.md")


def _snippets(language: str) -> list[str]:
    page = _pages(ROOT / "schema" / "openai_responses")[_CHECK]
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("language", ["sh", "python"])
def test_what_the_page_shows_runs(language: str, tmp_path: Path) -> None:
    snippets = _snippets(language)
    assert len(snippets) == 3
    shutil.copy(ROOT / "examples" / "answer.sse", tmp_path / "recording.sse")
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "generated")}
    for number, snippet in enumerate(snippets):
        if language == "sh":
            command = [sys.executable, *snippet.split()[1:]]
        elif "def test_" in snippet:
            (tmp_path / "test_stream.py").write_text(snippet, encoding="utf-8")
            command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_stream.py"]
        else:
            (tmp_path / f"snippet_{number}.py").write_text(snippet, encoding="utf-8")
            command = [sys.executable, f"snippet_{number}.py"]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert not done.stderr
