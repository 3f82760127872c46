"""What the statements of folds do to the state: elements by key, merging, JSON in pieces, removals."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from responses_events.runtime.drafts import Draft
from responses_events.runtime.foldable import Foldable
from support.rooms import Rooms
from support.rooms import rooms as compiled_rooms

ID = ("id",)
USER = ("user", "from_")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Rooms:
    return Rooms(compiled_rooms(tmp_path_factory.mktemp("rooms")))


def state(accumulator: Any, demo: Rooms) -> Any:
    """Give what the state is on the wire, without what is empty."""
    return {key: value for key, value in demo.encode(accumulator.state).items() if value not in ([], None)}


def say(demo: Rooms, id: Any, piece: str) -> Callable[[Any], None]:
    return lambda room: room.keyed("messages", ID, id, demo.Said).append("text", piece)


def test_elements_by_key(demo: Rooms) -> None:
    found = demo.fed(say(demo, "a", "Hel"), say(demo, "b", "Good"), say(demo, "a", "lo"), say(demo, "b", "bye"))
    assert state(found, demo)["messages"] == [
        {"type": "said", "id": "a", "text": "Hello", "parts": []},
        {"type": "said", "id": "b", "text": "Goodbye", "parts": []},
    ]
    assert not found.mended


def test_keys_that_are_numbers_and_keys_within(demo: Rooms) -> None:
    found = demo.fed(
        lambda room: room.keyed("choices", ("index",), 7, demo.Choice).append("text", "s"),
        lambda room: room.keyed("choices", ("index",), 0, demo.Choice).append("text", "z"),
        lambda room: room.keyed("choices", ("index",), 7, demo.Choice).append("text", "even"),
        lambda room: room.keyed("members", USER, "ann", demo.Member).set("since", "now"),
        lambda room: room.keyed("members", USER, "ann", demo.Member).member("user", demo.User).set("age", 8),
    )
    assert state(found, demo) == {
        "choices": [{"index": 7, "text": "seven"}, {"index": 0, "text": "z"}],
        "members": [{"user": {"from": "ann", "age": 8}, "since": "now"}],
    }


@pytest.mark.parametrize("nothing", [None, "", [], {}])
def test_without_a_key_it_is_the_one_used_last_else_the_first_else_a_new_one(demo: Rooms, nothing: Any) -> None:
    found = demo.fed(say(demo, nothing, "0"), say(demo, "a", "1"), say(demo, "b", "2"), say(demo, nothing, "3"))
    assert [each["text"] for each in state(found, demo)["messages"]] == ["0", "1", "23"]
    assert "id" not in state(found, demo)["messages"][0]
    assert found.mended == {"position": 2}
    given = [{"type": "said", "id": "a", "text": "A"}, {"type": "said", "id": "b", "text": "B"}]
    found = demo.fed(
        lambda room: room.set("messages", demo.of("Room", messages=given).messages), say(demo, nothing, "!")
    )
    assert [each["text"] for each in state(found, demo)["messages"]] == ["A!", "B"]


def test_an_element_of_another_class_is_left_alone_and_one_of_unknown_kind_grows(demo: Rooms) -> None:
    found = demo.fed(
        lambda room: room.put_keyed("messages", ID, "a", demo.message("answered", id="a")),
        lambda room: room.put_keyed("messages", ID, "b", demo.message("sung", id="b", text="La")),
        say(demo, "a", "x"),
        say(demo, "b", "la"),
        lambda room: room.keyed("messages", ID, "b", demo.Said).add("parts", demo.of("Part", text="!")),
        lambda room: room.keyed("messages", ID, "b", demo.Said).grow("text", "?"),
    )
    assert state(found, demo)["messages"] == [
        {"type": "answered", "id": "a"},
        {"type": "sung", "id": "b", "text": "Lala?", "parts": [{"text": "!"}]},
    ]
    assert found.mended == {"misfit": 1, "unknown": 3}


def test_elements_are_put_by_key(demo: Rooms) -> None:
    first = demo.message("said", id="a", text="")
    last = demo.message("said", id="a", text="Hello.")
    found = demo.fed(
        lambda room: room.put_keyed("messages", ID, "a", first),
        say(demo, "a", "Hello"),
        lambda room: room.put_keyed("messages", ID, "a", first),
        lambda room: room.put_keyed("messages", ID, "z", demo.message("said", text="Z")),
    )
    assert [each["text"] for each in state(found, demo)["messages"]] == ["Hello", "Z"]
    assert state(found, demo)["messages"][1]["id"] == "z"
    demo.feed(found, lambda room: room.finish_keyed("messages", ID, "a", last))
    assert found.state.messages[0] is last
    assert found.mended == {"emptier": 1}


def test_an_element_put_with_another_key_than_its_own_goes_by_both(demo: Rooms) -> None:
    found = demo.fed(
        lambda room: room.put_keyed("messages", ID, "x", demo.message("said", id="a", text="")),
        say(demo, "x", "1"),
        say(demo, "a", "2"),
        lambda room: room.put_keyed("messages", ID, None, demo.message("said", id="a", text="")),
        lambda room: room.put_keyed("messages", ID, "y", demo.message("said", id="a", text="")),
        say(demo, "y", "3"),
    )
    assert [(each["id"], each["text"]) for each in state(found, demo)["messages"]] == [("a", "123")]
    assert found.mended == {"key": 2, "position": 1, "emptier": 2}


def test_keys_that_events_change(demo: Rooms) -> None:
    found = demo.fed(
        say(demo, "a", "1"),
        lambda room: room.keyed("messages", ID, "a", demo.Said).set("id", "b"),
        say(demo, "b", "2"),
        say(demo, "a", "3"),
        lambda room: next(room.every("messages", demo.Said)).set("id", "c"),
        say(demo, "c", "4"),
        say(demo, "b", "5"),
    )
    messages = state(found, demo)["messages"]
    assert [(each["id"], each["text"]) for each in messages] == [("c", "124"), ("a", "3"), ("b", "5")]


def test_two_keys_of_one_list(demo: Rooms) -> None:
    found = demo.fed(
        lambda room: room.keyed("messages", ID, "a", demo.Said).set("text", "1"),
        lambda room: room.keyed("messages", ("text",), "1", demo.Said).set("id", "b"),
        say(demo, "b", "2"),
        lambda room: room.element("messages", 0, demo.Said).append("text", "3"),
    )
    assert [(each["id"], each["text"]) for each in state(found, demo)["messages"]] == [("b", "123")]


def test_a_snapshot_keeps_what_was_built_by_key(demo: Rooms) -> None:
    given = [{"type": "said", "id": each, "text": ""} for each in "xba"]
    room = demo.of("Room", messages=given)
    for unique in (True, False):
        found = demo.fed(say(demo, "a", "A"), say(demo, "b", "B"), lambda state: state.replace(room), unique=unique)
        texts = {each["id"]: each["text"] for each in state(found, demo)["messages"]}
        assert texts == {"x": "", "b": "B", "a": "A"}
        demo.feed(found, say(demo, "a", "!"))
        demo.feed(found, lambda state: state.begin(room))
        texts = {each["id"]: each["text"] for each in state(found, demo)["messages"]}
        assert texts == {"x": "", "b": "B", "a": "A!"}
        demo.feed(found, lambda state: state.replace(demo.of("Room", messages=[])))
        assert len(state(found, demo)["messages"]) == 3
    assert room.messages[2].text == ""


# --- All elements ---


def test_every_element_and_no_copy_of_one_that_does_not_change(demo: Rooms) -> None:
    found = demo.fed(
        say(demo, "a", "1"),
        lambda room: room.put_keyed("messages", ID, "b", demo.message("answered", id="b")),
        say(demo, "c", "3"),
    )
    before = found.state
    seen = []
    demo.feed(found, lambda room: seen.extend(room.every("messages", demo.Said)))
    assert len(seen) == 2
    assert found.state is before
    demo.feed(found, lambda room: [each.append("text", "!") for each in room.every("messages", demo.Said)])
    assert [each.get("text") for each in state(found, demo)["messages"]] == ["1!", None, "3!"]
    assert found.state.messages[1] is before.messages[1]
    assert [getattr(each, "text", None) for each in before.messages] == ["1", None, "3"]
    demo.feed(found, lambda room: [each.set("text", "") for each in room.every("messages")])
    assert [each["text"] for each in state(found, demo)["messages"]] == ["1!", "", "3!"]
    assert list(found._root.every("labels")) == list(found._root.every("nothing")) == []


def grow(demo: Rooms, id: Any, piece: str) -> Callable[[Any], None]:
    def fold(room: Any) -> None:
        for message in room.seek("messages", id, demo.Said):
            call = message.existing("calls", ID, id, demo.Call)
            if call is not None:
                call.grow("input", piece)
                break

    return fold


def test_a_key_behind_all_elements_is_that_of_the_first_that_has_it(demo: Rooms) -> None:
    found = demo.fed(
        say(demo, "m", ""),
        lambda room: room.keyed("messages", ID, "m", demo.Said).keyed("calls", ID, "a", demo.Call).set("name", "f"),
        lambda room: room.keyed("messages", ID, "n", demo.Said).keyed("calls", ID, "b", demo.Call).set("name", "g"),
        lambda room: room.put_keyed("messages", ID, "o", demo.message("answered", id="o", calls=[{"id": "c"}])),
        lambda room: room.put_keyed("messages", ID, "p", demo.message("sung", id="p", calls=[{"id": "d"}])),
        grow(demo, "a", '{"x"'),
        grow(demo, "b", '{"y"'),
        grow(demo, "a", ": 1}"),
        grow(demo, "", ": 2}"),
        grow(demo, "nobody", "{}"),
        grow(demo, "c", "{}"),
        grow(demo, "d", '{"z": 3}'),
        grow(demo, "b", ""),
    )
    messages = state(found, demo)["messages"]
    assert messages[0]["calls"] == [
        {
            "id": "a",
            "name": "f",
            "input": {
                "x": 1,
            },
        }
    ]
    assert messages[0]["calls"][0]["input"] == {"x": 1}
    assert messages[2]["calls"] == [{"id": "c"}]
    assert messages[3]["calls"] == [{"id": "d", "input": {"z": 3}}]


# --- Adding, merging, taking out ---


def test_elements_are_added(demo: Rooms) -> None:
    said = demo.message("said", id="a", text="1")
    found = demo.fed(
        lambda room: room.add("notes", "one"),
        lambda room: room.add("notes", ["two", "three"]),
        lambda room: room.set("title", "t"),
        lambda room: room.add("messages", said),
        lambda room: room.add("messages", [demo.message("said", id="b", text="2"), demo.message("answered", id="c")]),
        say(demo, "a", "!"),
    )
    assert state(found, demo)["notes"] == ["one", "two", "three"]
    assert [each.get("text") for each in state(found, demo)["messages"]] == ["1!", "2", None]
    assert said.text == "1"
    assert not found.mended
    read = found.state
    demo.feed(found, lambda room: room.set("notes", None))
    demo.feed(found, lambda room: room.set("messages", []))
    demo.feed(found, lambda room: room.add("messages", demo.message("said", id="b", text="")))
    demo.feed(found, lambda room: room.add("title", "x"))
    assert demo.encode(found.state) == demo.encode(read)
    assert found.mended == {"emptier": 3, "again": 1, "misfit": 1}


def test_objects_are_merged(demo: Rooms) -> None:
    usage = demo.of("Usage", id="u", input=1, output=2, cached=3)
    found = demo.fed(
        lambda room: room.merge("usage", usage),
        lambda room: room.merge("usage", demo.of("Usage", id="v", input=5, output=None, more={"x": 1}, none=None)),
        lambda room: room.merge("usage", demo.of("Usage", input="six")),
        lambda room: room.merge("usage", demo.of("Usage", words=[])),
    )
    expected = {"id": "u", "input": 5, "output": 2, "words": [], "cached": 3, "more": {"x": 1}}
    assert state(found, demo)["usage"] == {**expected, "id": "v"}
    assert usage.extra == {"cached": 3}
    assert found.state.usage.leftover["input"] == "six"


def test_an_object_of_another_class_is_merged_into_the_whole_state(demo: Rooms) -> None:
    delta = demo.of("Delta", title="Hi", notes=None, kind="k", choices=[{"index": 1, "text": "x"}], other=1)
    found = demo.fed(
        lambda room: room.append("title", "Old"),
        lambda room: room.add("notes", "n"),
        lambda room: room.update(delta),
        lambda room: room.update(demo.of("Delta", title="", notes=[], kind="")),
        lambda room: room.update({"labels": {"a": "b"}, "title": None, "id": 5}),
    )
    assert demo.encode(found.state) == {
        "title": "Hi",
        "kind": "",
        "messages": [],
        "members": [],
        "choices": [{"index": 1, "text": "x"}],
        "notes": ["n"],
        "labels": {"a": "b"},
        "other": 1,
        "id": 5,
    }
    assert found.mended == {"emptier": 2}


def test_maps_and_unknown_objects_are_merged(demo: Rooms) -> None:
    labels = {"a": "1", "b": "2"}
    song = demo.message("sung", id="s", text="La")
    found = demo.fed(
        lambda room: room.merge("labels", labels),
        lambda room: room.merge("labels", {"b": "3", "a": None, "c": "4"}),
        lambda room: room.put("messages", 0, song),
        lambda room: room.element("messages", 0, demo.Said).update(demo.message("said", id="t", text="Lo", x=1)),
        lambda room: room.merge("any", {"k": 1}),
        lambda room: room.merge("any", {"l": 2}),
    )
    assert state(found, demo)["labels"] == {"a": "1", "b": "3", "c": "4"}
    assert state(found, demo)["messages"] == [{"type": "sung", "id": "s", "text": "Lo", "x": 1}]
    assert state(found, demo)["any"] == {"k": 1, "l": 2}
    assert labels == {"a": "1", "b": "2"}
    assert song.data == {"type": "sung", "id": "s", "text": "La"}


def test_an_element_that_is_merged_into_keeps_its_key(demo: Rooms) -> None:
    path = ("index",)
    found = demo.fed(
        lambda room: room.keyed("choices", path, 1, demo.Choice).update(demo.of("Choice", index=2, text="a", x=1)),
        lambda room: room.keyed("choices", path, None, demo.Choice).update(demo.of("Choice", index=3, text="b")),
        lambda room: room.keyed("members", USER, "ann", demo.Member).update(
            demo.of("Member", user={"from": "bob", "age": 5})
        ),
        lambda room: room.put_keyed("messages", ID, "s", demo.message("sung", id="s")),
        lambda room: room.keyed("messages", ID, "s", demo.Said).update(demo.message("sung", id="t", x=1)),
    )
    assert state(found, demo) == {
        "choices": [{"index": 1, "text": "b", "x": 1}],
        "members": [{"user": {"from": "ann", "age": 5}}],
        "messages": [{"type": "sung", "id": "s", "x": 1}],
    }


def test_elements_are_taken_out(demo: Rooms) -> None:
    found = demo.fed(*(say(demo, each, each) for each in "abcde"))
    before = found.state
    for fold in (
        lambda room: room.remove_keyed("messages", ID, "b"),
        lambda room: room.remove_at("messages", 0),
        lambda room: room.remove_keyed("messages", ID, "e"),
        lambda room: room.element("messages", 0, demo.Said).append("text", "!"),
        say(demo, "d", "?"),
        say(demo, None, "?"),
        say(demo, "b", "new"),
    ):
        demo.feed(found, fold)
    assert [each["text"] for each in state(found, demo)["messages"]] == ["c!", "d??", "new"]
    assert [each.text for each in before.messages] == list("abcde")
    assert found.mended == {"position": 1}
    for fold in (
        lambda room: room.remove_keyed("messages", ID, "b"),
        lambda room: room.remove_keyed("messages", ID, "b"),
        lambda room: room.remove_at("messages", 2),
        lambda room: room.remove_at("messages", None),
        lambda room: room.remove_at("nowhere", 2),
        lambda room: room.remove_keyed("messages", ID, ""),
    ):
        demo.feed(found, fold)
    assert [each["text"] for each in state(found, demo)["messages"]] == ["c!", "d??"]
    assert found.mended == {"position": 3, "absent": 3}


def test_positions_move_up_when_an_element_is_taken_out(demo: Rooms) -> None:
    def note(index: int | None, piece: str) -> Callable[[Any], None]:
        return lambda room: room.extend("notes", index, piece)

    found = demo.fed(note(0, "a"), note(2, "c"), note(3, "d"), lambda room: room.remove_at("notes", 2), note(2, "!"))
    assert state(found, demo)["notes"] == ["a", "d!"]
    demo.feed(found, note(1, "b"))
    assert state(found, demo)["notes"] == ["a", "b", "d!"]


def test_members_are_cleared(demo: Rooms) -> None:
    found = demo.fed(
        lambda room: room.append("title", "Hi"),
        lambda room: room.set("kind", "k"),
        lambda room: room.add("notes", "n"),
        lambda room: room.remove("title"),
        lambda room: room.remove("kind"),
        lambda room: room.remove("notes"),
        lambda room: room.remove("id"),
        lambda room: room.remove("no such"),
    )
    assert not hasattr(found.state, "title")
    assert (found.state.kind, found.state.notes) == (None, None)
    demo.feed(found, lambda room: room.append("title", "Ho"))
    assert demo.encode(found.state)["title"] == "Ho"


# --- JSON in pieces ---


def call(demo: Rooms, id: str, piece: str) -> Callable[[Any], None]:
    return lambda room: room.element("messages", 0, demo.Said).keyed("calls", ID, id, demo.Call).grow("input", piece)


def test_json_in_pieces(demo: Rooms) -> None:
    found = demo.fed(call(demo, "a", ""))
    read = []
    for piece in ("", '{"path": "/e', 'tc", "n": [1', "2, tr", "ue]}"):
        demo.feed(found, call(demo, "a", piece))
        made = found.state.messages[0].calls[0]
        read.append((getattr(made, "input", None), found.json_text(made, "input"), made))
    assert [(value, text) for value, text, _ in read] == [
        (None, ""),
        ({"path": "/e"}, '{"path": "/e'),
        ({"path": "/etc", "n": [1]}, '{"path": "/etc", "n": [1'),
        ({"path": "/etc", "n": [12]}, '{"path": "/etc", "n": [12, tr'),
        ({"path": "/etc", "n": [12, True]}, '{"path": "/etc", "n": [12, true]}'),
    ]
    assert [getattr(made, "input", None) for _, _, made in read] == [value for value, _, _ in read]
    last = read[-1][2]
    demo.feed(found, call(demo, "a", " "))
    demo.feed(
        found, lambda room: room.element("messages", 0, demo.Said).keyed("calls", ID, "a", demo.Call).set("name", "n")
    )
    # Of the state that was read, whatever has come since.
    assert found.json_text(last, "input") == '{"path": "/etc", "n": [12, true]}'
    assert found.json_text(found.state.messages[0].calls[0], "input").endswith("true]} ")
    assert (
        found.json_text(last, "name") == found.json_text(found.state, "input") == found.json_text(None, "input") == ""
    )


def test_json_that_is_none_leaves_what_was_there(demo: Rooms) -> None:
    given = demo.message("said", id="m", calls=[{"id": "a", "input": {}}, {"id": "b", "input": {"x": 1}}])
    found = demo.fed(
        lambda room: room.put("messages", 0, given),
        call(demo, "a", "oops"),
        call(demo, "a", "{"),
        call(demo, "b", "[1]"),
    )
    calls = found.state.messages[0].calls
    assert [each.input for each in calls] == [{}, {"x": 1}]
    assert [found.json_text(each, "input") for each in calls] == ["oops{", "[1]"]


def test_a_repetition_does_not_take_away_json(demo: Rooms) -> None:
    def put(input: Any, *, last: bool) -> Callable[[Any], None]:
        made = demo.message("said", id="m", calls=[{"id": "a", "name": "f", "input": input}])
        return lambda room: (room.finish if last else room.put)("messages", 0, made)

    pieces = [call(demo, "a", '{"x": {"y": "ab'), call(demo, "a", 'c"}}')]
    found = demo.fed(put({}, last=False), *pieces, put({}, last=False), put({}, last=True))
    made = found.state.messages[0].calls[0]
    assert (made.input, found.json_text(made, "input")) == ({"x": {"y": "abc"}}, '{"x": {"y": "abc"}}')
    for late, before, after in [
        ({"x": {"y": "a"}}, {"x": {"y": "ab"}}, {"x": {"y": "abc"}}),
        ({"x": {"y": "abc"}, "z": 1}, {"x": {"y": "abc"}, "z": 1}, {"x": {"y": "abc"}}),
    ]:
        found = demo.fed(put({}, last=False), pieces[0], put(late, last=False))
        assert found.state.messages[0].calls[0].input == before
        demo.feed(found, pieces[1])
        assert found.state.messages[0].calls[0].input == after
    found = demo.fed(put({}, last=False), *pieces, put({"x": {"y": "abc"}}, last=True))
    made = found.state.messages[0].calls[0]
    assert found.json_text(made, "input") == '{"x": {"y": "abc"}}'
    demo.feed(found, put({"other": 1}, last=True))
    made = found.state.messages[0].calls[0]
    assert (made.input, found.json_text(made, "input")) == ({"other": 1}, "")


def test_json_of_any_depth_and_length(demo: Rooms) -> None:
    deep = "[" * 100_000
    found = demo.fed(lambda room: room.grow("any", deep), lambda room: room.grow("any", "1" * 5000))
    assert found.json_text(found.state, "any") == deep + "1" * 5000
    demo.feed(found, lambda room: room.set("any", [1]))
    assert found.state.any == [1]


def test_anything_may_come_in_pieces(demo: Rooms) -> None:
    found = demo.accumulator()
    for piece, expected in [("", None), ('"a', "a"), ('b"', "ab")]:
        demo.feed(found, lambda room, piece=piece: room.grow("any", piece))
        assert found.state.any == expected
    assert found.json_text(found.state, "any") == '"ab"'


def test_steps_that_make_nothing(demo: Rooms) -> None:
    found = demo.fed(
        lambda room: room.element("messages", 0, demo.Said, make=False).set("text", "x"),
        lambda room: room.keyed("messages", ID, "a", demo.Said, make=False).set("text", "x"),
        lambda room: room.member("usage", demo.Usage, make=False).set("input", 1),
        lambda room: room.keyed("notes", ID, "a", demo.Said, make=False).remove("text"),
        lambda room: room.element("usage", 0, demo.Said, make=False).set("text", "x"),
    )
    assert state(found, demo) == {}
    assert not found.mended


def test_a_state_that_was_read_stays(demo: Rooms) -> None:
    event = demo.message("said", id="m", text="t", calls=[{"id": "a", "name": "f", "input": {"x": 1}}])
    before = copy.deepcopy(event)
    folds: list[Callable[[Any], None]] = [
        lambda room: room.put_keyed("messages", ID, "m", event),
        say(demo, "m", "!"),
        call(demo, "a", '{"y": 2}'),
        lambda room: room.keyed("messages", ID, "m", demo.Said).merge("calls", None),
        lambda room: room.keyed("messages", ID, "m", demo.Said).add("parts", demo.of("Part", text="p")),
        lambda room: room.keyed("messages", ID, "m", demo.Said).update(demo.message("said", text="new", x=1)),
        lambda room: [each.append("text", "+") for each in room.every("messages", demo.Said)],
        lambda room: room.keyed("messages", ID, "m", demo.Said).remove("text"),
        lambda room: room.remove_keyed("messages", ID, "m"),
    ]
    accumulator = demo.accumulator()
    states = []
    for fold in folds:
        demo.feed(accumulator, fold)
        states.append((accumulator.state, json.dumps(demo.encode(accumulator.state))))
    assert all(json.dumps(demo.encode(read)) == text for read, text in states)
    assert event == before


def test_a_draft_has_its_own_of_all_that_changes_nothing_where_there_is_nothing() -> None:
    nothing = {name for name in vars(Foldable) if not name.startswith("_")}
    assert len(nothing) > 20
    assert nothing <= vars(Draft).keys()
