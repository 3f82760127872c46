"""`only`: never another outcome than to decode all events and choose among them, only sooner."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from responses_events import (
    EventType,
    Model,
    ResponseCompletedEvent,
    ResponseTextDeltaEvent,
    UnknownEvent,
    decode,
)
from responses_events.stream import iter_events, iter_jsonl
from support import CORPUS, needs_corpus
from support.growth import takes_linear_time
from support.streams import cut, sse

WANTED = {"response.output_text.delta", "response.completed"}
OTHER = "response.in_progress"

ADVERSARIAL = [
    # The last of two equal members counts.
    '{"type":"response.in_progress","type":"response.output_text.delta"}',
    '{"type":"response.output_text.delta","type":"response.in_progress"}',
    '{"type":"response.in_progress", "x": {"type":"response.completed"}}',
    # Escapes, in the key and in the value.
    r'{"type":"response.in_progress","\u0074ype":"response.completed"}',
    r'{"type":"response.in_progress","\u0074ype":"respons\u0065.completed"}',
    r'{"\u0074ype":"\u0072\u0065\u0073\u0070onse.completed"}',
    r'{"type":"response\u002ecompleted"}',
    r'{"type":"response.in_progress","x":"\\","type":"response.completed"}',
    r'{"type":"response.in_progress","x":"\"type\":\"response.completed\""}',
    r'{"type":"response.in_progress","x":"\\\"","type":"response.completed"}',
    # White space and order.
    '{ "type" : "response.completed" }',
    '  {"type":\t"response.completed"}  ',
    '{"x":{"type":"response.in_progress"},"type":"response.completed"}',
    '{"x":[{"type":"response.completed"}],"type":"response.in_progress"}',
    # Near misses.
    '{"type":"response.completed.later"}',
    '{"type":"xresponse.completed"}',
    '{"type":"response.completed\\u0000"}',
    '{"Type":"response.completed"}',
    '{"type":["response.completed"]}',
    '{"type":null,"x":"response.completed"}',
    '{"x":"response.completed"}',
    "{}",
    '{"type":"brand.new"}',
    '{"type":"brand.new","type":"response.in_progress"}',
    '{"type":"response.in_progress","\\u0074ype":"brand.new"}',
]


def frame(text: str, event: str | None) -> bytes:
    line = "" if event is None else f"event: {event}\n"
    return f"{line}data: {text}\n\n".encode()


def chosen(data: bytes, keep: Callable[[Model], bool]) -> list[Model]:
    return [event for event in iter_events([data]) if keep(event)]


@pytest.mark.parametrize("text", ADVERSARIAL)
@pytest.mark.parametrize("line", [None, OTHER, "response.completed", "brand.new"])
def test_adversarial(text: str, line: str | None) -> None:
    # In the midst of frames that are passed over, and with the `event:` line right, wrong and missing.
    plain = sse({"type": OTHER}, {"type": OTHER})
    data = plain + frame(text, line) + plain
    for size in (1, 40, len(data)):
        found = list(iter_events(cut(data, size), only=WANTED))
        assert found == chosen(data, lambda event: getattr(event, "type", None) in WANTED)
        found = list(iter_events(cut(data, size), only={UnknownEvent}))
        assert found == chosen(data, lambda event: isinstance(event, UnknownEvent))
    lines = b"".join(each.encode() + b"\n" for each in [text, '{"type":"response.in_progress"}', text])
    expected = [event for event in iter_jsonl([lines]) if event.type in WANTED]
    assert list(iter_jsonl([lines], only=WANTED)) == expected


@pytest.mark.parametrize("text", ["garbage", '{"type":"response.in_prog', "[]"])
def test_garbage_is_not_passed_over(text: str) -> None:
    with pytest.raises(ValueError, match="frame 3 of the stream"):
        list(iter_events([sse({"type": OTHER}, {"type": OTHER}, text, {"type": OTHER})], only=WANTED))


TAGS = st.sampled_from([*sorted(WANTED), OTHER, "brand.new", "type"])
VALUES = st.recursive(
    st.one_of(TAGS, st.text(max_size=3), st.integers(-3, 3), st.none()),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["type", "x", "é"]), inner, max_size=2),
    max_leaves=5,
)


@st.composite
def objects(draw: st.DrawFn) -> str:
    """JSON text of an object, with repeated members, escapes and odd spaces."""
    members = []
    for key, value in draw(st.lists(st.tuples(st.sampled_from(["type", "x"]), VALUES), max_size=4)):
        written = [json.dumps(part, ensure_ascii=draw(st.booleans())) for part in (key, value)]
        if draw(st.booleans()):
            written = [part.replace("e", "\\u0065") if '"' in part and "\\" not in part else part for part in written]
        members.append(draw(st.sampled_from([":", ": ", " :"])).join(written))
    space = draw(st.sampled_from(["", " ", "\t"]))
    return f"{{{space}{','.join(members)}{space}}}"


@settings(max_examples=300)
@given(
    st.lists(st.tuples(objects(), st.sampled_from([None, OTHER, "response.completed"])), max_size=8),
    st.integers(1, 200),
    st.sets(
        st.sampled_from([*sorted(WANTED), OTHER, "brand.new", "é", 'quote"', UnknownEvent, ResponseCompletedEvent]),
        min_size=1,
    ),
)
def test_any_stream(frames: list[tuple[str, str | None]], size: int, only: Any) -> None:
    data = b"".join(frame(text, line) for text, line in frames)

    def wanted(event: Any) -> bool:
        return event.type in only or type(event) in only

    found = [encode_all(event) for event in iter_events(cut(data, size), only=only)]
    assert found == [encode_all(event) for event in chosen(data, wanted)]


def encode_all(event: Model) -> str:
    return repr(event)


@needs_corpus
@pytest.mark.parametrize("size", [61, 4096, 1 << 30])
def test_recordings(size: int) -> None:
    for path in sorted(CORPUS.glob("sse/*.sse")):
        data = path.read_bytes()
        found = list(iter_events(cut(data, size), only={ResponseTextDeltaEvent, "response.completed"}))
        assert found == chosen(data, lambda event: getattr(event, "type", None) in WANTED)
    for path in sorted(CORPUS.glob("streams/*.jsonl")):
        data = path.read_bytes()
        expected = [event for event in iter_jsonl([data]) if event.type in WANTED]
        assert list(iter_jsonl(cut(data, size), only=WANTED)) == expected


def test_what_can_be_asked_for() -> None:
    data = sse({"type": "response.completed"}, {"type": "brand.new"}, {"type": OTHER}, {"type": "later.still"})

    def tags(*only: Any) -> list[str | None]:
        return [event.type for event in iter_events([data], only=set(only))]

    assert tags("brand.new") == ["brand.new"]
    assert tags(UnknownEvent) == ["brand.new", "later.still"]
    assert tags(ResponseCompletedEvent, UnknownEvent) == ["response.completed", "brand.new", "later.still"]
    assert tags(EventType.ResponseCompleted) == ["response.completed"]
    with pytest.raises(ValueError, match="`only` is empty, so no event would be read; leave it out"):
        tags()
    with pytest.raises(TypeError, match="not one alone"):
        iter_events([data], only="response.completed")
    with pytest.raises(TypeError, match="classes of events"):
        iter_events([data], only={Model})  # type: ignore[arg-type]
    for odd in (5, b"keepalive", {b"keepalive"}):
        with pytest.raises(TypeError, match="`only` takes"):
            iter_events([data], only=odd)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "misspelt",
    [
        "response.output_text.detla",
        "response.ouput_text.delta",
        "response.output.text_delta",
        "response.Output_Text.Delta",
        "output_text.delta",
    ],
)
def test_a_tag_that_looks_misspelt_is_warned_of(misspelt: str) -> None:
    with pytest.warns(
        UserWarning, match=f"unknown tag '{misspelt}'; did you mean 'response.output_text.delta'"
    ) as caught:
        iter_events([], only={"error", misspelt})
    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    "new", ["response.output_text.paused", "response.output_video.delta", "response.paused", "x", ""]
)
def test_a_tag_that_may_be_a_new_one_is_not(new: str) -> None:
    assert list(iter_events([sse({"type": new}, {"type": "error"})], only={new})) == [decode({"type": new})]


def test_numbers_of_frames_count_those_passed_over() -> None:
    plain = [{"type": OTHER}] * 1500
    data = sse(*plain, {"type": "response.completed"}, *plain, "{", {"type": OTHER})
    for size in (1000, len(data)):
        stream = iter_events(cut(data, size), only=WANTED)
        assert next(stream) == decode({"type": "response.completed"})
        with pytest.raises(ValueError, match="frame 3002 of the stream"):
            next(stream)


def test_hostile_text_takes_linear_time() -> None:
    def prepare(count: int) -> Callable[[], object]:
        data = b'data: {"x":1,' + b'"type"' * count + b"\n\n" + b'data: {"' + b'a":1,"' * count + b"\n\n"

        def run() -> None:
            stream = iter_events(cut(data, 1 << 16), only=WANTED)
            for _ in range(2):
                with pytest.raises(ValueError, match="frame"):
                    next(stream)

        return run

    assert takes_linear_time(prepare, 200_000)
