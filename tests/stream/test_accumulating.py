"""`Accumulator`: what streams amount to, however they begin, break off, or break their declaration."""

from __future__ import annotations

import copy
import re
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from responses_events import Response, ResponseStreamEvent, UnknownVariant, decode, encode
from responses_events.stream import Accumulator, StreamEnd, StreamFailure
from support.growth import takes_linear_time
from support.streams import event, text_delta


def fed(*events: ResponseStreamEvent) -> Accumulator:
    accumulator = Accumulator()
    for each in events:
        accumulator.feed(each)
    return accumulator


def output(*events: ResponseStreamEvent) -> Any:
    return encode(fed(*events).response).get("output")


def snapshot(tag: str, **members: Any) -> ResponseStreamEvent:
    return event(tag, response={"id": "r", **members})


def added(index: int | None, kind: str = "message", **members: Any) -> ResponseStreamEvent:
    return event("output_item.added", output_index=index, item={"type": kind, "id": "m", **members})


def done(index: int | None, kind: str = "message", **members: Any) -> ResponseStreamEvent:
    return event("output_item.done", output_index=index, item={"type": kind, "id": "m", **members})


def part(index: int, **members: Any) -> ResponseStreamEvent:
    part = {"type": "output_text", "text": "", "annotations": [], **members}
    return event("content_part.added", item_id="m", output_index=0, content_index=index, part=part)


def arguments(delta: str, **members: Any) -> ResponseStreamEvent:
    return event("function_call_arguments.delta", **{"item_id": "f", "output_index": 0, "delta": delta, **members})


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"type": "response.created"}, "dict"),
        (b'data: {"type": "response.created"}\n\n', "bytes"),
        (None, "NoneType"),
        (UnknownVariant(tag=None, data={}), "responses_events.runtime.model.UnknownVariant"),
        (Response, "responses_events.runtime.model.ModelMeta"),
    ],
)
def test_what_is_no_event_is_refused(given: Any, named: str) -> None:
    accumulator = fed(text_delta("Hel"))
    with pytest.raises(TypeError, match=rf"not {re.escape(named)}; pass `decode\(\.\.\.\)` of it"):
        accumulator.feed(given)
    accumulator.feed(decode({"type": "brand.new"}))
    accumulator.feed(event("audio.delta", delta="AAAA"))
    accumulator.feed(text_delta("lo"))
    assert accumulator.response.output[0].content[0].text == "Hello"


# --- A stream as it should be ---


def test_a_whole_stream() -> None:
    accumulator = Accumulator()
    expected = [
        (snapshot("created", output=[]), ""),
        (added(0, content=[]), ""),
        (part(0), ""),
        (text_delta("Hel"), "Hel"),
        (text_delta("lo"), "Hello"),
        (event("output_text.done", item_id="m", output_index=0, content_index=0, text="Hello!"), "Hello!"),
    ]
    for each, text in expected:
        accumulator.feed(each)
        items = accumulator.response.output or []
        found = encode(items[0])["content"] if items else []
        assert "".join(part["text"] for part in found) == text
        assert accumulator.end is None
    content = [{"type": "output_text", "text": "Hello!", "annotations": []}]
    final = snapshot("completed", status="completed", output=[{"type": "message", "id": "m", "content": content}])
    accumulator.feed(final)
    assert encode(accumulator.response) == encode(final)["response"]
    assert accumulator.end == StreamEnd("completed", event=final)
    assert accumulator.mended == {}


def test_every_kind_of_text() -> None:
    summary = {"item_id": "i", "output_index": 0, "summary_index": 0}
    content = {"item_id": "i", "output_index": 1, "content_index": 0}
    command = {"output_index": 5, "command_index": 0}
    found = output(
        event("reasoning_summary_text.delta", delta="s", **summary),
        event("refusal.delta", delta="r", **content),
        arguments("{", output_index=2),
        event("code_interpreter_call_code.delta", item_id="i", output_index=3, delta="c"),
        event("custom_tool_call_input.delta", item_id="i", output_index=4, delta="i"),
        event("shell_call_command.added", command="l", **command),
        event("shell_call_command.delta", delta="s", **command),
        event("shell_call_output_content.delta", item_id="i", output_index=6, command_index=0, delta={"stdout": "o"}),
        event("reasoning_text.delta", item_id="i", output_index=7, content_index=0, delta="t"),
    )
    assert found[0]["summary"] == [{"type": "summary_text", "text": "s"}]
    assert found[1]["content"] == [{"type": "refusal", "refusal": "r"}]
    assert (found[2]["arguments"], found[3]["code"], found[4]["input"]) == ("{", "c", "i")
    assert found[5]["action"]["commands"] == ["ls"]
    assert found[6]["output"][0]["stdout"] == "o"
    assert found[7]["content"][0]["text"] == "t"


def test_a_member_of_a_union_is_changed_only_where_it_is_known() -> None:
    item = {"operation": {"type": "update_file", "path": "a", "diff": "+"}}
    delta = event("apply_patch_call_operation_diff.delta", item_id="m", output_index=0, delta="x")
    assert output(added(0, "apply_patch_call", **item), delta)[0]["operation"]["diff"] == "+x"
    deletion = {"operation": {"type": "delete_file", "path": "a"}}
    assert output(added(0, "apply_patch_call", **deletion), delta)[0]["operation"] == deletion["operation"]
    assert "diff" not in str(output(delta))


# --- Missing beginnings ---


def test_a_resumed_stream() -> None:
    found = output(text_delta("lo", item_id="m7"))
    assert found == [{"type": "message", "id": "m7", "content": [{"type": "output_text", "text": "lo"}]}] or (
        found[0]["id"] == "m7" and found[0]["content"][0]["text"] == "lo"
    )
    assert fed().response.output == []


@pytest.mark.parametrize("value", [None, "text", 5, {}, [1]])
def test_output_that_is_null_or_no_list(value: Any) -> None:
    assert output(snapshot("created", output=value), text_delta("x"))[0]["content"][0]["text"] == "x"


def test_parts_without_added() -> None:
    content = output(added(0, content=[]), text_delta("a"), text_delta("b", content_index=1))[0]["content"]
    assert [each["text"] for each in content] == ["a", "b"]


# --- Positions and ids ---


def test_the_position_counts_and_ids_may_change_with_every_event() -> None:
    found = output(added(0, content=[]), *(text_delta(char, item_id=f"id_{char}") for char in "abc"))
    assert len(found) == 1
    assert (found[0]["id"], found[0]["content"][0]["text"]) == ("m", "abc")


def test_without_a_position_the_id_counts() -> None:
    def delta(char: str, item_id: str | None) -> ResponseStreamEvent:
        return decode({"type": "response.output_text.delta", "item_id": item_id, "content_index": 0, "delta": char})

    found = output(delta("a", "one"), delta("b", "two"), delta("c", "one"), added(None, content=[]))
    assert [item["id"] for item in found] == ["one", "two", "m"]
    assert [item["content"][0]["text"] for item in found[:2]] == ["ac", "b"]
    replaced = output(delta("a", "m"), done(None, content=[{"type": "output_text", "text": "A"}]))
    assert [item["content"][0]["text"] for item in replaced] == ["A"]


def test_gaps_hide_nothing_and_swap_nothing() -> None:
    deltas = [text_delta(char, output_index=index, item_id=char) for index, char in [(5, "f"), (2, "c"), (9, "j")]]
    accumulator = fed(*deltas)
    assert [item["id"] for item in encode(accumulator.response)["output"]] == ["c", "f", "j"]
    for index, char in [(2, "C"), (5, "F"), (0, "a"), (9, "J")]:
        accumulator.feed(text_delta(char, output_index=index, item_id=char))
    texts = [item["content"][0]["text"] for item in encode(accumulator.response)["output"]]
    assert texts == ["a", "cC", "fF", "jJ"]


def test_absurd_positions_take_no_memory() -> None:
    tracemalloc.start()
    accumulator = fed(text_delta("a"), text_delta("b", output_index=10**9), text_delta("c", output_index=10**40))
    accumulator.feed(text_delta("d", output_index=10**9, content_index=10**15))
    accumulator.feed(event("shell_call_command.delta", output_index=10**10, command_index=10**10, delta="ls"))
    found = encode(accumulator.response)["output"]
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()
    assert [len(item.get("content") or []) for item in found] == [1, 2, 0, 1]
    assert [part["text"] for part in found[1]["content"]] == ["b", "d"]


@pytest.mark.parametrize("members", [{"output_index": -1}, {"content_index": -1}, {"content_index": None}])
def test_positions_that_are_none(members: Any) -> None:
    accumulator = fed(added(0, content=[]), text_delta("x", **members))
    assert encode(accumulator.response)["output"][0]["content"][0]["text"] == "x"
    assert accumulator.mended == {"position": 1}


# --- What does not fit ---


def test_another_class_in_the_way() -> None:
    item = {"type": "function_call", "id": "m", "arguments": "{"}
    assert output(added(0, "function_call", arguments="{"), text_delta("x")) == [item]
    refusal = {"type": "refusal", "refusal": "no"}
    assert output(added(0, content=[refusal]), text_delta("x"))[0]["content"] == [refusal]


def test_a_part_goes_to_the_item_that_can_have_it() -> None:
    thought = {"type": "reasoning_text", "text": "t"}
    place = {"item_id": "m", "output_index": 0, "content_index": 0}
    assert output(event("content_part.added", part=thought, **place))[0]["type"] == "reasoning"
    assert output(event("content_part.added", part={"type": "refusal"}, **place))[0]["type"] == "message"
    assert output(added(0, content=[]), event("content_part.added", part=thought, **place))[0]["content"] == []


@pytest.mark.parametrize(
    "odd",
    [
        text_delta(5),  # type: ignore[arg-type]
        event("output_item.added", output_index=0, item="text"),
        event("output_item.added", output_index=0, item=None),
        event("completed", response=None),
        event("brand_new", output_index=0, item_id="m", delta="x"),
        decode({}),
        event("output_text.done", item_id="m", output_index=0, content_index=0),
        event("shell_call_output_content.delta", item_id="m", output_index=1, command_index=0, delta={}),
    ],
    ids=repr,
)
def test_events_that_say_nothing_change_nothing(odd: ResponseStreamEvent) -> None:
    accumulator = fed(snapshot("created", output=[]), added(0, content=[]), text_delta("a"))
    before = encode(accumulator.response)
    accumulator.feed(odd)
    assert encode(accumulator.response) == before


def test_deltas_after_done() -> None:
    whole = event("output_text.done", item_id="m", output_index=0, content_index=0, text="ab")
    assert output(text_delta("a"), whole, text_delta("c"))[0]["content"][0]["text"] == "abc"


# --- Snapshots ---


def test_a_snapshot_replaces_what_there_is() -> None:
    item = {"type": "message", "id": "n", "content": [{"type": "output_text", "text": "A", "annotations": []}]}
    assert output(text_delta("a"), snapshot("completed", output=[item])) == [item]
    # This stream has built nothing of the item.
    assert output(snapshot("created", output=[item]), snapshot("in_progress", output=[])) == []


@pytest.mark.parametrize("members", [{}, {"output": None}, {"output": []}])
def test_a_last_snapshot_without_output_loses_none(members: Any) -> None:
    events = [added(0, content=[]), text_delta("a"), text_delta("b", output_index=7), snapshot("completed", **members)]
    assert [item["content"][0]["text"] for item in output(*events)] == ["a", "b"]
    assert [item["content"][0]["text"] for item in output(*events, text_delta("c", output_index=7))] == ["a", "bc"]


# --- Nobody else's objects change ---


def test_neither_events_nor_what_was_read_change() -> None:
    content = [{"type": "output_text", "text": "a", "annotations": []}]
    events = [
        snapshot("created", output=[{"type": "message", "id": "m", "content": content}]),
        text_delta("b"),
        event("output_text.annotation.added", item_id="m", output_index=0, content_index=0, annotation_index=0,
              annotation={"type": "file_path", "file_id": "f", "index": 0}),
        added(1, "function_call", arguments="{"),
        arguments("}", output_index=1),
        part(1),
        text_delta("c", content_index=1),
        added(2, "shell_call", action={"commands": ["l"]}),
        event("shell_call_command.delta", output_index=2, command_index=0, delta="s"),
        added(3, "shell_call_output"),
        event("shell_call_output_content.done", item_id="m", output_index=3, command_index=0, output=[{"stdout": "o"}]),
        event("shell_call_output_content.delta", item_id="m", output_index=3, command_index=0, delta={"stdout": "p"}),
        snapshot("completed", output=[{"type": "message", "id": "m", "content": content}]),
        text_delta("z"),
    ]  # fmt: skip
    originals = copy.deepcopy(events)
    accumulator = Accumulator()
    seen = []
    for each in [*events, *events]:
        accumulator.feed(each)
        seen.append((accumulator.response, encode(copy.deepcopy(accumulator.response))))
    assert events == originals
    assert all(encode(response) == then for response, then in seen)
    assert encode(accumulator.response)["output"][0]["content"][0]["text"] == "az"
    # The same without reading in between.
    assert encode(fed(*events, *events).response) == seen[-1][1]


# --- The end ---

ERROR = {"code": "rate_limit", "message": "Too fast.", "param": None}
FAILURE = StreamFailure("rate_limit", "Too fast.", None)


def test_incomplete_has_a_reason() -> None:
    accumulator = fed(snapshot("incomplete", incomplete_details={"reason": "max_output_tokens"}))
    assert accumulator.end is not None
    assert (accumulator.end.kind, accumulator.end.reason) == ("incomplete", "max_output_tokens")
    bare = fed(snapshot("incomplete", incomplete_details=None)).end
    assert bare is not None
    assert (bare.kind, bare.reason, bare.error) == ("incomplete", None, None)


@pytest.mark.parametrize("members", [ERROR, {"error": ERROR}, {"error": ERROR, "message": "x"}, {**ERROR, "error": {}}])
def test_flat_and_nested_errors_are_one(members: Any) -> None:
    end = fed(decode({"type": "error", **members})).end
    assert end is not None
    assert (end.kind, end.error) == ("error", FAILURE)


@pytest.mark.parametrize("members", [{}, {"error": True}, {"error": None, "message": None}, {"code": []}])
def test_an_error_without_details_is_still_one(members: Any) -> None:
    end = fed(decode({"type": "error", **members})).end
    assert end is not None
    assert (end.kind, end.error) == ("error", None)


def test_an_error_and_then_a_failure() -> None:
    error = decode({"type": "error", "error": ERROR})
    failed = snapshot("failed", status="failed", error={"code": "server_error", "message": "Later."})
    end = fed(error, failed).end
    assert end is not None
    assert (end.kind, end.error, end.event) == ("failed", FAILURE, failed)
    assert fed(failed, error).end == end._replace(error=StreamFailure("server_error", "Later.", None))


def test_failure_never_looks_like_success() -> None:
    completed = snapshot("completed", status="completed", output=[])
    incomplete = snapshot("incomplete", incomplete_details={"reason": "content_filter"})
    error = decode({"type": "error", **ERROR})
    for worse in (incomplete, error, snapshot("failed", error=ERROR)):
        for events in ([worse, completed], [completed, worse], [worse, worse, completed]):
            end = fed(*events).end
            assert end is not None
            assert end.kind != "completed"
            assert end.event == worse


def test_bytes_that_stop_are_truncated() -> None:
    accumulator = fed(snapshot("created"), text_delta("a"))
    ends = [accumulator.end]
    accumulator.close()
    ends.append(accumulator.end)
    # The stream was resumed.
    completed = snapshot("completed", output=[])
    accumulator.feed(completed)
    accumulator.close()
    ends.append(accumulator.end)
    assert ends == [None, StreamEnd("truncated"), StreamEnd("completed", event=completed)]


# --- Time and memory ---


@pytest.mark.parametrize("read", [None, lambda accumulator: accumulator.response], ids=["feed", "feed and read"])
def test_pieces_take_linear_time(read: Callable[[Accumulator], object] | None) -> None:
    def prepare(count: int) -> Callable[[], object]:
        events = [text_delta("hello", sequence_number=number) for number in range(count)]

        def run() -> None:
            accumulator = Accumulator()
            for each in events:
                accumulator.feed(each)
                if read:
                    read(accumulator)
            assert len(encode(accumulator.response)["output"][0]["content"][0]["text"]) == 5 * count

        return run

    assert takes_linear_time(prepare, 80_000)


def test_many_items_take_linear_time() -> None:
    def prepare(count: int) -> Callable[[], object]:
        events = [added(index, content=[]) for index in range(count)]
        events += [text_delta("x", output_index=index) for index in range(count)]
        return lambda: fed(*events)

    assert takes_linear_time(prepare, 40_000)


def test_memory_does_not_grow_with_what_is_replaced() -> None:
    def peak(count: int) -> int:
        accumulator = Accumulator()
        tracemalloc.start()
        for _ in range(count):
            accumulator.feed(done(0, content=[{"type": "output_text", "text": "y"}]))
            accumulator.feed(text_delta("x" * 100))
            accumulator.feed(done(1, "shell_call", action={"commands": ["y"]}))
            accumulator.feed(event("shell_call_command.delta", output_index=1, command_index=0, delta="x" * 100))
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    peak(10)
    assert peak(2000) < peak(200) + 10_000
