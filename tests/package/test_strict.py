"""Strict mode and `problems`: every violation, at its path, and nothing that is none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from responses_events import EVENT_TYPES, DecodeError, Problem, ResponseCompletedEvent, decode, encode, problems
from responses_events.runtime.checking import excerpt
from responses_events.runtime.shape import SHAPES, Const, ListOf, MapOf, OneOf, Primitive, Tagged, Type, Values
from support import CORPUS, needs_corpus
from support.wire_samples import Place, Wire, changed, examples, json_kind, json_kinds, places, refusal, samples

OTHERS: tuple[Any, ...] = ("brand_new", 7, 1.5, True, [], {})
RESPONSE: Wire = examples()["response.completed"]["response"]


def mutations(place: Place) -> Iterator[tuple[Any, list[str]]]:
    """Give values for a member, `...` for none, with the codes of the problems that they are."""
    field = place.field
    # Whether a member that decides about the class is there is a matter of its own.
    if not place.fixed:
        yield ..., [] if field.optional else ["missing"]
        yield None, [] if field.nullable else ["null"]
    for value in OTHERS:
        if isinstance(field.type, Const):
            if not place.fixed:
                # A tag that is a new text is one of a later kind.
                yield value, [] if place.key == "type" and type(value) is str else ["value"]
        elif json_kind(value) not in json_kinds(field.type):
            yield value, ["type"]


def check_every_member(event: Wire, among: Iterator[Place]) -> int:
    tried = 0
    for place in among:
        for value, codes in mutations(place):
            with changed(place.owner, place.key, value):
                assert [(p.path, p.code) for p in problems(event)] == [(place.path, code) for code in codes]
                built = decode(event)
                assert encode(built) == event
                assert problems(built) == problems(event)
                error = refusal(event)
                assert list(error.problems if error else ()) == problems(event)
                tried += 1
    return tried


@pytest.mark.parametrize("tag", EVENT_TYPES)
def test_one_change_to_an_example_is_one_problem(tag: str) -> None:
    event = json.loads(json.dumps(examples()[tag]))
    assert problems(event) == []
    assert check_every_member(event, places(event)) > 0


def test_one_change_to_any_class_is_one_problem() -> None:
    assert {sample.model for sample in samples()} == set(SHAPES)
    for sample in samples():
        assert problems(sample.event) == []
        check_every_member(sample.event, (p for p in places(sample.event) if p.owner is sample.target))


def test_what_may_grow_is_no_problem() -> None:
    for tag, example in examples().items():
        event = json.loads(json.dumps(example))
        for place in list(places(event)):
            place.owner["brand_new"] = {"x": [None]}
        assert problems(event) == []
        event["type"] = f"{tag}.brand_new"
        assert decode(event, strict=True).type == f"{tag}.brand_new"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def fitting(declared: Type, depth: int) -> st.SearchStrategy[Any]:
    """Values that fit a type, drawn from its shape."""
    match declared:
        case Primitive.STRING:
            return st.text(max_size=5)
        case Primitive.INTEGER:
            return st.integers()
        case Primitive.NUMBER:
            return st.integers() | st.floats(allow_nan=False, allow_infinity=False)
        case Primitive.BOOLEAN:
            return st.booleans()
        case Primitive.OBJECT:
            return st.dictionaries(st.text(max_size=3), JSON, max_size=2)
        case Primitive.ANY:
            return JSON
        case Const(values):
            return st.sampled_from(values)
        case Values(values=values, open=is_open):
            return st.sampled_from(sorted(values)) | st.text(max_size=3) if is_open else st.sampled_from(sorted(values))
        case ListOf(item):
            return st.lists(fitting(item, depth + 1), max_size=2 if depth < 6 else 0)
        case MapOf(inner):
            return st.dictionaries(st.text(max_size=3), fitting(inner, depth + 1), max_size=2)
        case OneOf(alternatives):
            return st.sampled_from(alternatives).flatmap(lambda option: fitting(option, depth))
        case Tagged(tag=member, variants=variants):
            # A tag with several candidates has rules of its own, which `samples` covers.
            plain = [(tag, choices[0].model) for tag, choices in variants.items() if len(choices) == 1]
            unknown = st.fixed_dictionaries({member: st.just("brand_new"), "x": JSON})
            known = st.sampled_from(plain).flatmap(lambda pair: whole(pair[1], pair[0], depth + 1))
            return known | unknown
        case model:
            return whole(model, None, depth + 1)


@st.composite
def whole(draw: st.DrawFn, model: Any, tag: str | None, depth: int) -> Wire:
    """A valid wire object of a class: optional members at will, nulls where they are allowed, and news."""
    made: Wire = {}
    for key, field in SHAPES[model].fields.items():
        if key == SHAPES[model].tag:
            made[key] = tag if tag is not None else draw(fitting(field.type, depth))
        elif not (field.optional and (depth > 4 or draw(st.booleans()))):
            made[key] = None if field.nullable and draw(st.booleans()) else draw(fitting(field.type, depth))
    if draw(st.integers(0, 9)) == 0:
        made["brand new"] = draw(JSON)
    return made


@settings(max_examples=400)
@given(st.sampled_from(sorted(EVENT_TYPES)).flatmap(lambda tag: whole(EVENT_TYPES[tag], tag, 0)))
def test_valid_events_have_no_problems(event: Wire) -> None:
    assert problems(event) == []
    assert encode(decode(event, strict=True)) == event


@given(JSON)
def test_problems_never_raise(value: Any) -> None:
    for tag in ("response.completed", "response.output_item.added", "error"):
        members = value if isinstance(value, dict) else {"response": value, "item": value, "code": value}
        event = {**members, "type": tag}
        found = problems(event)
        assert all(isinstance(problem, Problem) for problem in found)
        assert problems(decode(event)) == found


def refused(event: Wire) -> str:
    with pytest.raises(DecodeError) as caught:
        decode(event, strict=True)
    message = str(caught.value)
    assert message.count("\n") < 10
    # Whatever is in the data, the message can be printed.
    message.encode()
    assert all(line.isprintable() for line in message.splitlines())
    return message


def test_message_says_what_where_and_how_much() -> None:
    message = refused({"type": "response.output_text.delta", "delta": 5, "item_id": "msg_01", "output_index": None})
    assert message.splitlines() == [
        "response.output_text.delta: 3 problems",
        "  $.output_index: expected an integer, got null [null]",
        "  $.content_index: expected an integer, got nothing [missing]",
        "  $.delta: expected a string, got 5 [type]",
    ]


def test_message_is_short_whatever_is_wrong() -> None:
    message = refused({"type": "response.completed", "response": {"output": [{"type": "message"}] * 100, "tools": 5}})
    assert "more, all in the attribute `problems`" in message
    for value in (5, "x", [], {"type": 5}):
        assert len(refused({"type": "response.output_item.added", "output_index": 0, "item": value})) < 300


ODD: dict[str, Any] = {
    "huge integer": 10**5000,
    "list in a list": [[]],
    "surrogate as a key": {"\ud800": 1},
    "terminal commands": "\x1b[31m\u202e\x9b" * 100,
    "surrogate": "\ud800\n",
    "infinity": float("inf"),
    "not a number": float("nan"),
}


@pytest.mark.parametrize("name", ODD)
def test_message_can_be_printed(name: str) -> None:
    value = ODD[name]
    refused({"type": [value]})
    refused({"type": "response.completed", "response": value})
    refused({"type": "response.created", "response": {"metadata": {"\x1b\ud800\n": value}, "id": [value]}})
    refused({"type": "response.created", "response": {"id": "resp_01", "status": value}})
    assert excerpt(value).isprintable()


def test_value_that_was_probably_meant() -> None:
    event, place = next(
        (sample.event, place)
        for sample in samples()
        for place in places(sample.event)
        if place.key in place.owner and isinstance(place.field.type, Values) and not place.field.type.open
    )
    known = place.owner[place.key]
    with changed(place.owner, place.key, f"{known}s"):
        assert f'did you mean "{known}"?' in refused(event)
    # The search for what is close must not take minutes.
    with changed(place.owner, place.key, "x" * 10_000_000):
        assert "did you mean" not in refused(event)


def test_member_that_was_probably_meant() -> None:
    wire = {"type": "response.output_text.delta", "item_id": "m", "outputIndex": 0, "content_index": 0, "delta": "a"}
    assert refused(wire).splitlines() == [
        "response.output_text.delta: 1 problem",
        '  $.output_index: expected an integer, got nothing (is "outputIndex" meant to be it?) [missing]',
    ]
    assert 'got nothing (is "typ" meant to be it?)' in refused({"typ": "response.completed"})


def test_guesses_do_not_take_long() -> None:
    messages = [{"type": "message", "status": "complete"}, {"type": "message", "stats": "completed"}, {"typ": "m"}]
    found = problems({"type": "response.completed", "response": {"output": messages * 500}})
    guessed = [problem for problem in found if problem.got.endswith("?)")]
    assert 0 < len(guessed) < 100 < len(found)


def test_message_is_short_however_long_a_key_is() -> None:
    message = refused({"type": "response.created", "response": {"metadata": {"k" * 100_000: 5}}})
    assert "$.response.metadata.kkk" in message
    assert len(message) < 1000


def test_error_is_a_value_error_with_its_problems() -> None:
    with pytest.raises(ValueError, match="error: 1 problem") as caught:
        decode('{"type": "error", "code": null, "param": null, "message": 5}', strict=True)
    assert isinstance(caught.value, DecodeError)
    assert caught.value.problems == (Problem("$.message", "type", "a string", "5"),)
    assert caught.value.data == {"type": "error", "code": None, "param": None, "message": 5}


def test_nested_object_is_checked_as_what_it_is() -> None:
    event = decode({**examples()["response.completed"], "response": {**RESPONSE, "id": 5}})
    assert isinstance(event, ResponseCompletedEvent)
    assert event.response is not None
    assert problems(event.response) == [Problem("$.id", "type", "a string", "5")]


@needs_corpus
def test_strict_mode_and_problems_agree_on_recordings() -> None:
    lines = [line for file in sorted(CORPUS.glob("streams/*.jsonl")) for line in file.read_bytes().splitlines()]
    refusals = 0
    for line in lines:
        found = problems(json.loads(line))
        error = refusal(line)
        assert list(error.problems if error else ()) == found
        refusals += error is not None
    assert refusals < len(lines) / 100
