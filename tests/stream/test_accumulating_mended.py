"""`Accumulator` on streams that are not as they should be: nothing that was built is lost, and all of it is counted."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from responses_events import DecodeError, ResponseStreamEvent, decode, encode
from responses_events.stream import Accumulator
from support.growth import takes_linear_time
from support.streams import event, text_delta


def fed(*events: ResponseStreamEvent) -> Accumulator:
    accumulator = Accumulator()
    for each in events:
        accumulator.feed(each)
    return accumulator


def output(accumulator: Accumulator) -> Any:
    return encode(accumulator.response).get("output", [])


def texts(accumulator: Accumulator) -> list[str]:
    """The texts of all parts, a list for all items."""
    return [part.get("text") for item in output(accumulator) for part in item.get("content") or item.get("summary")]


def snapshot(tag: str, **members: Any) -> ResponseStreamEvent:
    return event(tag, response={"id": "r", **members})


def message(*parts: str, **members: Any) -> dict[str, Any]:
    content = [{"type": "output_text", "text": text, "annotations": []} for text in parts]
    return {"type": "message", "id": "m", "content": content, **members}


def item(tag: str, value: Any, **members: Any) -> ResponseStreamEvent:
    return event(f"output_item.{tag}", **{"output_index": 0, "item": value, **members})


def call(call_id: str, **members: Any) -> dict[str, Any]:
    return {"type": "function_call", "call_id": call_id, "name": "look_up", "arguments": "", **members}


def part(tag: str, value: Any, **members: Any) -> ResponseStreamEvent:
    place = {"item_id": "m", "output_index": 0, "content_index": 0}
    return event(f"content_part.{tag}", part=value, **{**place, **members})


def text_part(text: str) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": []}


def bare(tag: str, delta: str, **members: Any) -> ResponseStreamEvent:
    """A piece that does not say where it belongs."""
    return event(f"{tag}.delta", delta=delta, **members)


# --- An emptier repetition takes nothing away ---

HELLO = [item("added", message()), part("added", text_part("")), text_delta("Hel"), text_delta("lo")]


@pytest.mark.parametrize(
    "emptier",
    [
        event("output_text.done", item_id="m", output_index=0, content_index=0, text=""),
        part("done", text_part("")),
        part("done", {"type": "output_text", "annotations": []}),
        part("added", text_part("")),
        part("added", text_part("Hel")),
        item("done", message()),
        item("done", message("")),
        item("done", message(content=None)),
        item("done", {"type": "message", "id": "m"}),
        item("added", message()),
        item("added", message("He")),
        *(
            snapshot(tag, **members)
            for tag in ("created", "in_progress", "queued", "completed", "incomplete", "failed")
            for members in ({}, {"output": None}, {"output": []}, {"output": [message()]}, {"output": [message("")]})
        ),
    ],
    ids=repr,
)
def test_an_emptier_event_takes_nothing_away(emptier: ResponseStreamEvent) -> None:
    accumulator = fed(*HELLO, emptier)
    assert texts(accumulator) == ["Hello"]
    assert accumulator.mended == {"emptier": 1}
    accumulator.feed(text_delta("!"))
    assert texts(accumulator) == ["Hello!"]


def test_what_an_event_has_replaces_all_else() -> None:
    usage = {"input_tokens": 1, "output_tokens": 2, "total_tokens": 3}
    first = {**message(), "status": "in_progress", "role": "assistant"}
    done = item("done", {"type": "message", "id": "m", "status": "completed", "content": []})
    accumulator = fed(item("added", first), *HELLO[1:], done, snapshot("completed", status="completed", usage=usage))
    assert encode(accumulator.response) == {
        "id": "r",
        "status": "completed",
        "usage": usage,
        "output": [{**message("Hello"), "status": "completed"}],
    }


@pytest.mark.parametrize("whole", [part("done", text_part("He")), item("done", message("He"))])
def test_a_finished_text_is_what_it_says(whole: ResponseStreamEvent) -> None:
    accumulator = fed(*HELLO, whole)
    assert texts(accumulator) == ["He"]
    assert accumulator.mended == {}


def test_a_late_text_that_goes_further_is_taken_and_its_pieces_count_once() -> None:
    accumulator = fed(text_delta("Hel"), part("added", text_part("Hello")), text_delta("lo"), text_delta("!"))
    assert texts(accumulator) == ["Hello!"]
    assert accumulator.mended == {"repetition": 1}


def test_what_is_missing_in_a_list_stays_beside_what_is_there() -> None:
    second = text_delta("b", content_index=1)
    assert texts(fed(text_delta("a"), second, item("done", message("A")))) == ["A", "b"]
    other = text_delta("c", output_index=1, item_id="n")
    assert texts(fed(text_delta("a"), other, snapshot("completed", output=[message("C", id="n")]))) == ["a", "C"]
    numbered_from_one = text_delta("a", output_index=1)
    assert texts(fed(numbered_from_one, snapshot("completed", output=[message("A")]))) == ["A"]


def test_every_kind_of_text_is_protected() -> None:
    place = {"item_id": "i", "output_index": 0}
    thought = {"type": "reasoning", "id": "i", "summary": [], "content": None}
    summary = fed(event("reasoning_summary_text.delta", **place, summary_index=0, delta="s"), item("done", thought))
    assert texts(summary) == ["s"]
    content = fed(event("reasoning_text.delta", **place, content_index=0, delta="t"), item("done", thought))
    assert [each["text"] for each in output(content)[0]["content"]] == ["t"]
    arguments = event("function_call_arguments.delta", **place, delta="{}")
    emptied = event("function_call_arguments.done", **place, arguments="")
    accumulator = fed(arguments, emptied, item("done", call("c", id="i")))
    assert output(accumulator) == [{**call("c", id="i"), "arguments": "{}"}]
    assert accumulator.mended == {"emptier": 2}
    commands = event("shell_call_command.delta", output_index=0, command_index=0, delta="ls")
    shell = {"type": "shell_call", "id": "i"}
    for action in (None, {}, {"commands": None}, {"commands": []}, {"commands": [""]}):
        assert output(fed(commands, item("done", {**shell, "action": action})))[0]["action"]["commands"] == ["ls"]
    assert output(fed(commands, item("done", {**shell, "action": {"commands": ["l"]}})))[0]["action"]["commands"] == [
        "l"
    ]


def test_what_came_as_an_element_is_protected_too() -> None:
    accumulator = fed(item("done", message("Hello")), snapshot("completed", output=[message()]))
    assert texts(accumulator) == ["Hello"]
    repeated = fed(part("added", text_part("Hello")), part("done", text_part("")))
    assert texts(repeated) == ["Hello"]


# --- An event without a position ---


def test_a_piece_alone_goes_to_what_is_open() -> None:
    accumulator = fed(
        item("added", message(id="a")),
        bare("output_text", "Hi"),
        bare("output_text", " you"),
        item("done", message("Hi you", id="a")),
        item("added", message(id="b"), output_index=1),
        bare("output_text", "Bye"),
    )
    assert texts(accumulator) == ["Hi you", "Bye"]
    assert accumulator.mended == {"position": 6}


@pytest.mark.parametrize(
    ("tag", "members", "path"),
    [
        ("output_text", {"output_index": 0}, ("content", "text")),
        ("output_text", {"content_index": 0}, ("content", "text")),
        ("refusal", {"output_index": 0}, ("content", "refusal")),
        ("reasoning_text", {"output_index": 0}, ("content", "text")),
        ("reasoning_summary_text", {"item_id": "i"}, ("summary", "text")),
    ],
)
def test_every_position_may_be_missing(tag: str, members: dict[str, Any], path: tuple[str, str]) -> None:
    (found,) = output(fed(*(bare(tag, piece, **members) for piece in "ab")))
    assert [each[path[1]] for each in found[path[0]]] == ["ab"]


def test_pieces_go_to_an_open_element_of_their_kind() -> None:
    accumulator = fed(
        item("added", {"type": "reasoning", "id": "t", "summary": []}),
        item("added", message(), output_index=1),
        bare("reasoning_text", "hm"),
        bare("output_text", "Hi"),
        bare("function_call_arguments", "{}"),
    )
    found = output(accumulator)
    assert [each["type"] for each in found] == ["reasoning", "message", "function_call"]
    assert (found[0]["content"][0]["text"], found[1]["content"][0]["text"]) == ("hm", "Hi")
    assert found[2]["arguments"] == "{}"


def test_elements_without_a_position() -> None:
    calls = [event("output_item.done", item=call(name)) for name in "ab"]
    assert [each["call_id"] for each in output(fed(*calls))] == ["a", "b"]
    pairs = [event(f"output_item.{tag}", item=call(name)) for name in "ab" for tag in ("added", "done")]
    assert [each["call_id"] for each in output(fed(*pairs))] == ["a", "b"]
    parts = [part("added", text_part(""), content_index=None), bare("output_text", "a")]
    finish = part("done", text_part("A"), content_index=None)
    assert texts(fed(item("added", message()), *parts, finish, *parts)) == ["A", "a"]
    notes = [
        event("output_text.annotation.added", annotation={"type": "file_path", "file_id": name, "index": 0})
        for name in "ab"
    ]
    (found,) = output(fed(text_delta("x"), *notes))
    assert [each["file_id"] for each in found["content"][0]["annotations"]] == ["a", "b"]


@pytest.mark.parametrize("item_id", ["", None, 5])
def test_an_empty_id_names_nothing(item_id: Any) -> None:
    added = item("added", message(id=""), output_index=None)
    accumulator = fed(added, text_delta("a", output_index=None, item_id=item_id), text_delta("b"))
    assert texts(accumulator) == ["ab"]
    assert output(accumulator)[0]["id"] == ""


# --- Two elements for one position ---


def test_two_items_with_one_position() -> None:
    thought = {"type": "reasoning", "id": "t", "summary": []}
    accumulator = fed(
        item("added", thought),
        event("reasoning_text.delta", item_id="t", output_index=0, content_index=0, delta="hm"),
        item("added", message()),
        text_delta("Hi"),
        event("reasoning_text.delta", item_id="t", output_index=0, content_index=0, delta="..."),
        item("done", message("Hi")),
    )
    assert [each["type"] for each in output(accumulator)] == ["reasoning", "message"]
    assert texts(accumulator) == ["hm...", "Hi"]
    assert accumulator.mended == {"twin": 1}


def test_two_calls_with_one_position() -> None:
    events = [
        item("added", call("a", id="fa")),
        event("function_call_arguments.delta", item_id="fa", output_index=0, delta="1"),
        item("added", call("b", id="fb")),
        event("function_call_arguments.delta", item_id="fb", output_index=0, delta="2"),
        event("function_call_arguments.delta", item_id="fa", output_index=0, delta="3"),
        item("done", call("b", id="fb", arguments="2")),
    ]
    for several in (events, [*events, snapshot("completed", output=[])]):
        assert [(each["call_id"], each["arguments"]) for each in output(fed(*several))] == [("a", "13"), ("b", "2")]
    finished = [item("done", call(name, id=name, arguments=name)) for name in "ab"]
    assert [each["arguments"] for each in output(fed(*finished))] == ["a", "b"]


def test_items_with_one_position_and_no_ids() -> None:
    calls = [
        each
        for name in "ab"
        for each in (
            item("added", call(name, id="")),
            event("function_call_arguments.delta", output_index=0, delta=name),
            item("done", call(name, arguments=name)),
        )
    ]
    assert [(each["call_id"], each["arguments"]) for each in output(fed(*calls))] == [("a", "a"), ("b", "b")]
    search = item("done", {"type": "web_search_call", "status": "completed"})
    both = fed(search, item("added", {"type": "message", "content": []}), text_delta("Hi", item_id=None))
    assert [each["type"] for each in output(both)] == ["web_search_call", "message"]
    assert both.mended == {"twin": 1}


def test_an_item_may_get_a_new_id_with_every_event() -> None:
    done = item("done", message("Hi", id="c"))
    accumulator = fed(item("added", message(id="a")), text_delta("Hi", item_id="b"), done)
    assert output(accumulator) == [message("Hi", id="c")]
    assert output(fed(text_delta("Hi", item_id="b"), item("added", message(id="a")), done)) == [message("Hi", id="c")]


# --- What comes twice ---


def test_a_text_that_its_pieces_repeat_counts_once() -> None:
    begun = [item("added", message("Hello")), part("added", text_part("Hello"))]
    for pieces in (["Hello"], ["Hel", "lo"], ["H", "", "ello"]):
        accumulator = fed(*begun, *map(text_delta, pieces))
        assert texts(accumulator) == ["Hello"]
        assert accumulator.mended == {"repetition": 1}
        accumulator.feed(text_delta("!"))
        assert texts(accumulator) == ["Hello!"]
    assert texts(fed(*begun, text_delta("Hello!"))) == ["Hello!"]
    assert texts(fed(*begun, text_delta("He"), text_delta("y"))) == ["HelloHey"]
    assert texts(fed(*begun, text_delta(" you"))) == ["Hello you"]


def test_replayed_events_do_not_count_twice() -> None:
    pieces = [text_delta(piece, sequence_number=number) for number, piece in enumerate("Hello", 4)]
    accumulator = fed(*pieces, *pieces[2:], text_delta("!", sequence_number=9))
    assert texts(accumulator) == ["Hello!"]
    assert accumulator.mended == {"repeat": 3}
    end = event("completed", sequence_number=9, response={"id": "r"})
    assert fed(*pieces, text_delta("!", sequence_number=9), end).end is not None


@pytest.mark.parametrize(
    "numbers", [[0] * 6, [0, 0, 1, 1, 2, 2], [0, 1, 2, 0, 1, 2], [7, 8, 8, 8, 8, 8], [5, 4, 3, 2, 1, 0]]
)
def test_numbers_that_say_nothing_lose_nothing(numbers: list[int]) -> None:
    pieces = [text_delta(piece, sequence_number=number) for number, piece in zip(numbers, "abcdef", strict=True)]
    assert texts(fed(*pieces)) == ["abcdef"]


def test_equal_pieces_with_one_number_are_all_taken() -> None:
    assert texts(fed(*[text_delta("ha", sequence_number=0)] * 3)) == ["hahaha"]


# --- Other things that are not as they should be ---


def test_halves_of_a_character_become_one() -> None:
    for read in (False, True):
        accumulator = fed(text_delta("ok \ud83d"))
        if read:
            assert texts(accumulator) == ["ok \ud83d"]
        accumulator.feed(text_delta("\ude00!"))
        assert texts(accumulator) == ["ok 😀!"]
        assert accumulator.mended == {"character": 1}


@pytest.mark.parametrize("tag", [{"type": "text"}, {}])
def test_pieces_of_what_is_unknown_grow_its_data(tag: dict[str, str]) -> None:
    accumulator = fed(item("added", message()), part("added", {**tag, "text": ""}), text_delta("Hel"), text_delta("lo"))
    assert output(accumulator)[0]["content"] == [{**tag, "text": "Hello"}]
    assert accumulator.mended == {"unknown": 2}
    accumulator.feed(part("done", {**tag, "text": ""}))
    assert output(accumulator)[0]["content"] == [{**tag, "text": "Hello"}]
    unknown = fed(
        item("added", {**tag, "id": "m"}), text_delta("x"), bare("function_call_arguments", "{", output_index=0)
    )
    (found,) = output(unknown)
    assert (found["content"][0]["text"], found["arguments"]) == ("x", "{")


def test_pieces_for_an_element_of_another_known_kind_change_nothing() -> None:
    accumulator = fed(item("added", call("a")), text_delta("x"))
    assert output(accumulator) == [call("a")]
    assert accumulator.mended == {"misfit": 1}


def test_events_and_what_was_read_stay_as_they_are() -> None:
    given = part("added", {"type": "text", "text": ""})
    accumulator = fed(item("added", message()), given, text_delta("a"))
    read = accumulator.response
    accumulator.feed(text_delta("b"))
    assert encode(given)["part"] == {"type": "text", "text": ""}
    assert encode(read)["output"][0]["content"][0]["text"] == "a"


def test_nulls_among_elements_are_passed_over() -> None:
    accumulator = fed(snapshot("completed", output=[None, message("Hi"), 5, None]))
    assert texts(accumulator) == ["Hi"]
    assert accumulator.mended == {"null": 3}
    nested = {**message("Hi"), "content": [None, text_part("Hi")]}
    for each in (item("done", nested), snapshot("completed", output=[nested])):
        assert texts(fed(each)) == ["Hi"]
    outcome = event("shell_call_output_content.done", output_index=0, command_index=0, output=[None, {"stdout": "o"}])
    assert output(fed(outcome))[0]["output"] == [{"stdout": "o"}]
    assert output(fed(snapshot("completed", output=[None]))) == []


def test_a_last_event_without_the_response() -> None:
    usage = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
    alone = fed(event("completed", output=[message("pong")], usage=usage))
    assert encode(alone.response) == {"output": [message("pong")], "usage": usage}
    assert alone.mended == {"snapshot": 1}
    after = fed(snapshot("created", model="m-1"), *HELLO, event("completed", status="completed", usage=usage))
    assert texts(after) == ["Hello"]
    assert (after.response.model, after.response.status, encode(after.response)["usage"]) == ("m-1", "completed", usage)
    assert texts(fed(*HELLO, event("completed"))) == ["Hello"]


def test_an_empty_output_reads_as_one() -> None:
    assert fed(snapshot("completed", output=[])).response.output == []


def as_deep_as_can_be() -> ResponseStreamEvent:
    """A last event that the parser just about takes; the decoder, which comes later to the response, does not."""
    opening, closing = '{"type":"and","filters":[', "]}"
    for depth in range(480, 300, -10):
        tools = f'{{"type":"file_search","filters":{opening * depth}{closing * depth}}}'
        try:
            return decode(f'{{"type":"response.completed","response":{{"id":"r","tools":[{tools}]}}}}')
        except DecodeError:
            continue
    raise AssertionError("no depth is fine for the parser")


@pytest.fixture
def usual_depth() -> Iterator[None]:
    """The depth that the interpreter begins with; a type checker in the same process sets another one."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(1000)
    yield
    sys.setrecursionlimit(before)


@pytest.mark.usefixtures("usual_depth")
def test_an_object_that_is_too_deep_ends_the_stream_all_the_same() -> None:
    accumulator = fed(*HELLO, as_deep_as_can_be())
    assert accumulator.end is not None
    assert accumulator.end.kind == "completed"
    assert texts(accumulator) == ["Hello"]
    assert accumulator.mended == {"unreadable": 1}


# --- Several streams, one after the other ---


def test_a_snapshot_after_the_end_begins_a_new_state() -> None:
    accumulator = fed(
        event("created", sequence_number=0, response={"id": "one"}),
        text_delta("a", sequence_number=1),
        event("failed", sequence_number=2, response={"id": "one", "error": {"code": "server_error", "message": "No."}}),
        event("created", sequence_number=0, response={"id": "two"}),
    )
    assert accumulator.end is None
    assert (accumulator.response.id, accumulator.sequence.last, output(accumulator)) == ("two", 0, [])
    accumulator.feed(text_delta("b", sequence_number=1))
    accumulator.feed(event("completed", sequence_number=2, response={"id": "two"}))
    assert accumulator.end is not None
    assert (accumulator.end.kind, accumulator.end.error, texts(accumulator)) == ("completed", None, ["b"])


def test_no_snapshot_before_the_end_begins_one() -> None:
    accumulator = fed(*HELLO, event("created", response={"id": "other"}))
    assert (accumulator.response.id, texts(accumulator)) == ("other", ["Hello"])


def test_the_next_stream_may_have_the_same_id() -> None:
    ended = [*HELLO, snapshot("completed")]
    late = fed(*ended, snapshot("in_progress"))
    assert late.end is not None
    assert texts(late) == ["Hello"]
    late.feed(text_delta("Bye"))
    assert late.end is None
    assert texts(late) == ["Bye"]


# --- Time ---


def numbered(count: int) -> list[ResponseStreamEvent]:
    """Items that only their ids tell apart, and their pieces."""
    added = [event("output_item.added", item=message(id=f"m{number}")) for number in range(count)]
    return [*added, *(bare("output_text", "x", item_id=f"m{number}") for number in range(count))]


def twins(count: int) -> list[ResponseStreamEvent]:
    """Items for one position, and their pieces."""
    added = [item("added", message(id=f"m{number}")) for number in range(count)]
    return [*added, *(text_delta("x", item_id=f"m{number}") for number in range(count))]


def emptied(count: int) -> list[ResponseStreamEvent]:
    """Many parts, and as many events that have but one of them."""
    return [*(text_delta("x", content_index=at) for at in range(count)), *[item("done", message("y"))] * count]


def nulls(count: int) -> list[ResponseStreamEvent]:
    return [snapshot("completed", output=[*[None] * count, 5, *[message("x")] * count])]


def late(count: int) -> list[ResponseStreamEvent]:
    return [each for _ in range(count) for each in (text_delta("hello"), part("added", text_part("hel")))]


@pytest.mark.parametrize("made", [numbered, twins, emptied, nulls, late])
def test_broken_streams_take_linear_time(made: Callable[[int], list[ResponseStreamEvent]]) -> None:
    def prepare(count: int) -> Callable[[], object]:
        events = made(count)
        return lambda: encode(fed(*events).response)

    assert takes_linear_time(prepare, 16_000)
