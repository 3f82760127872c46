"""Conditions that go into lists: they tell variants, events, folds and ends apart."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from support import compiling

Package = Callable[..., ModuleType]

ANSWERS = """
types:
  Answer:
    doc: What comes of it.
    fields:
      said: {type: "list[string]", doc: What was said.}
      last: {type: boolean, optional: true, doc: Whether it was the last.}
  Choice:
    doc: One of several answers.
    fields:
      text: {type: string, optional: true, doc: What it says.}
      why: {type: string, optional: true, nullable: true, doc: Why it is over.}
  Talk:
    doc: A part that was said.
    fields:
      words: {type: "list[Choice]", doc: What was said.}
  Sign:
    doc: A part that was shown.
    fields:
      words: {type: "list[Choice]", doc: What was shown.}
unions:
  Part:
    doc: A part of an answer.
    tag: none
    variants:
      - {type: Talk, when: {"words[0].text": any}}
      - {type: Sign, when: {"words[*].why": shown}}
events:
  chunk:
    tag: none
    doc: More has come.
    fields:
      choices: {type: "list[Choice]", doc: The answers.}
      part: {type: Part, optional: true, doc: A part of them.}
    fold:
      - {each: choices, do: "said += text"}
      - {when: {"choices[*].why": stop}, do: "last = true"}
    ends:
      - {ends: incomplete, when: {"choices[*].why": length}}
      - {ends: completed, when: {"choices[*].why": stop}}
    reason: choices[*].why
    example: {choices: [{text: Hi}]}
  farewell:
    tag: none
    doc: Nothing more comes.
    fields:
      choices: {type: "list[Choice]", doc: Nothing of interest.}
    fold: none
    example: {choices: [{why: gone}, {}]}
"""
DEFAULT = [{"event": "farewell", "when": {"choices[0].why": "gone"}}, "chunk"]


@pytest.fixture
def demo(package: Package) -> ModuleType:
    return package(ANSWERS, tag="none", default=DEFAULT, state="Answer")


@pytest.mark.parametrize(
    ("choices", "model"),
    [
        ([{"why": "gone"}], "FarewellEvent"),
        ([{"why": "gone"}, {"why": "stop"}], "FarewellEvent"),
        ([{"text": "a"}, {"why": "gone"}], "ChunkEvent"),
        ([], "ChunkEvent"),
        ({"why": "gone"}, "ChunkEvent"),
        ([None], "ChunkEvent"),
    ],
)
def test_events(demo: ModuleType, choices: Any, model: str) -> None:
    body = {"choices": choices}
    event = demo.decode(body)
    assert type(event).__name__ == model
    assert demo.encode(event) == body


@pytest.mark.parametrize(
    ("words", "model"),
    [
        ([{"text": None}, {}], "Talk"),
        ([{}, {"why": "shown"}], "Sign"),
        ([{}, {"why": "hidden"}], "UnknownVariant"),
        ([{"why": True}], "UnknownVariant"),
        ("shown", "UnknownVariant"),
    ],
)
def test_variants(demo: ModuleType, words: Any, model: str) -> None:
    body = {"choices": [], "part": {"words": words}}
    event = demo.decode(body)
    assert type(event.part).__name__ == model
    assert demo.encode(event) == body


def test_the_schema_says_the_same(demo: ModuleType, tmp_path: Path) -> None:
    result = compiling.compiled(ANSWERS, tmp_path, "demo", tag="none", default=DEFAULT, state="Answer")
    (text,) = (text for path, text in result.files.items() if path.name == "demo.schema.json")
    validator = Draft202012Validator(json.loads(text))
    plain: list[Any] = [{"choices": choices} for choices in ([], [{}], [{"why": "gone"}], [{"text": 5}], [None])]
    words: list[Any] = [[], [{"text": "a"}], [{"text": 5}], [{}, {"why": "shown"}], [{"why": "shown"}, 5]]
    for body in [*plain, *({"choices": [], "part": {"words": each}} for each in words)]:
        assert validator.is_valid(body) == (not demo.problems(demo.decode(body))), body


@pytest.mark.parametrize(
    ("choices", "last", "end"),
    [
        ([{"text": "a", "why": None}, {}], None, "truncated"),
        ([{}, {"why": "stop"}], True, "completed"),
        ([{"why": "length"}, {"why": "stop"}], True, "incomplete: length"),
        ([{"why": "bored"}], None, "truncated"),
    ],
)
def test_folds_and_ends(demo: ModuleType, choices: list[Any], last: bool | None, end: str) -> None:
    accumulator = importlib.import_module("demo.stream").Accumulator()
    accumulator.feed(demo.decode({"choices": choices}))
    assert str(accumulator.close()).startswith(end)
    assert getattr(accumulator.answer, "last", None) is last


def test_a_stream_whose_chunks_may_end_it_is_not_cut_behind_an_end(demo: ModuleType) -> None:
    frames = b"".join(
        b"data: " + json.dumps({"choices": choices}).encode() + b"\n\n"
        for choices in ([{"text": "a"}], [{"why": "stop"}], [{"text": "b"}])
    )
    streams = importlib.import_module("demo.stream").iter_streams([frames])
    assert [len(list(stream)) for stream in streams] == [3]
