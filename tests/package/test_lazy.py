"""Objects within an event are built when they are first looked at, and nobody can tell but by the clock."""

from __future__ import annotations

import copy
import json
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest
from wire_samples import examples

from responses_events import DecodeError, Decoder, FileSearchTool, Model, Response, decode, encode, problems
from responses_events.runtime.lazy import DEFERRED, defer
from responses_events.runtime.shape import SHAPES

LAZY = {tag: json.dumps(example).encode() for tag, example in examples().items()}
LAZY = {tag: text for tag, text in LAZY.items() if type(decode(text)) in DEFERRED}
COMPLETED = LAZY["response.completed"]


def unread(event: Model) -> bool:
    """Whether something of an event is yet to be built."""
    shape = SHAPES[type(event)]
    waiting = {key for key, field in shape.fields.items() if field.name in DEFERRED.get(type(event), ())}
    return any(key in waiting and type(value) is dict for key, value in (event.leftover or {}).items())


def whole(text: bytes) -> Model:
    """The event of a text, with everything built."""
    return decode(json.loads(text))


def test_every_lazy_class_is_met() -> None:
    assert {type(decode(text)) for text in LAZY.values()} == set(DEFERRED)
    assert len(DEFERRED) > 10


@pytest.mark.parametrize("tag", LAZY)
def test_waits_until_it_is_looked_at(tag: str) -> None:
    event = decode(LAZY[tag])
    assert unread(event)
    assert event.sequence_number == whole(LAZY[tag]).sequence_number
    assert event.extra == {}
    assert unread(event)
    for name in type(event).field_names:
        getattr(event, name)
    assert not unread(event)
    assert event == whole(LAZY[tag])


@pytest.mark.parametrize(
    "look",
    [
        repr,
        encode,
        problems,
        lambda event: event == whole(COMPLETED),
        lambda event: whole(COMPLETED) == event,
        copy.copy,
        copy.deepcopy,
        lambda event: pickle.loads(pickle.dumps(event)),
        lambda event: pickle.loads(pickle.dumps(event, 0)),
    ],
)
def test_whatever_reads_it_finds_it_whole(look: Callable[[Any], Any]) -> None:
    assert look(decode(COMPLETED)) == look(whole(COMPLETED))


def test_an_object_of_the_caller_is_read_at_once() -> None:
    data = json.loads(COMPLETED)
    for event in (decode(data), Decoder(loads=json.loads).decode(data)):
        assert not unread(event)
    assert data == json.loads(COMPLETED)
    data["response"]["id"] = "changed"
    assert event.response.id != "changed"


@pytest.mark.parametrize("decoder", [Decoder(strict=True), Decoder(strict=True, loads=json.loads)])
def test_strict_reads_at_once(decoder: Decoder) -> None:
    assert not unread(decoder.decode(COMPLETED))


@pytest.mark.parametrize("source", [COMPLETED, COMPLETED.decode(), bytearray(COMPLETED)])
def test_every_kind_of_text_may_wait(source: Any) -> None:
    assert unread(decode(source))
    assert unread(Decoder(loads=json.loads).decode(source))


def test_the_same_object_each_time() -> None:
    event = decode(COMPLETED)
    event.response.id = "mine"
    assert event.response.id == "mine"
    assert encode(event)["response"]["id"] == "mine"


def test_what_is_set_before_stays() -> None:
    event = decode(COMPLETED)
    mine = decode(LAZY["response.created"]).response
    event.response = mine
    assert event.response is mine
    assert event.copilot_usage == whole(COMPLETED).copilot_usage
    assert event.response is mine


def test_what_does_not_fit_does_not_wait() -> None:
    event = decode(b'{"type":"response.created","sequence_number":1,"response":[]}')
    assert not unread(event)
    assert not hasattr(event, "response")
    assert event.leftover == {"response": []}


def test_beside_members_that_are_not_declared() -> None:
    data = {**json.loads(COMPLETED), "news": {"a": None}}
    event = decode(json.dumps(data))
    assert event.extra == {"news": {"a": None}}
    assert isinstance(event.response, Response)
    assert encode(event) == data


def test_no_such_attribute() -> None:
    event = decode(COMPLETED)
    assert not hasattr(event, "responses")
    with pytest.raises(AttributeError, match="'ResponseCompletedEvent' object has no attribute 'responses'"):
        event.responses  # noqa: B018
    assert isinstance(event.response, Response)


def test_a_question_builds_nothing() -> None:
    event = decode(COMPLETED)
    assert not hasattr(event, "to_json")
    assert unread(event)


def test_an_attribute_can_be_deleted_before_and_after_it_was_looked_at() -> None:
    for look in (False, True):
        event = decode(COMPLETED)
        if look:
            assert event.response
        del event.response
        assert not hasattr(event, "response")
        assert "response" not in encode(event)


def test_an_optional_attribute_that_is_absent_is_none() -> None:
    data = {key: value for key, value in json.loads(COMPLETED).items() if key != "copilot_usage"}
    event = decode(json.dumps(data))
    assert event.copilot_usage is None
    event.copilot_usage = None
    assert encode(event) == data


class Holder(Model):
    """An event whose object takes a while to be decoded."""

    inner: Any


def holder(decode: Callable[[Any, Any], Any]) -> Holder:
    """An event that waits for `decode`."""
    # A class of its own, since a class is told once how its attributes are decoded.
    kind = type(Holder)("Holder", (Model,), {"__annotations__": {"inner": Any}})
    defer(kind, "inner", "inner", decode, required=True)
    event: Any = object.__new__(kind)
    event.leftover = {"inner": {"a": 1}}
    return event


def test_the_thread_that_builds_may_look_again() -> None:
    calls: list[str] = []

    def interrupted(data: Any, odd: Any) -> Any:
        # As a signal handler does, or a debugger that is asked for the event.
        calls.append("begun")
        if len(calls) == 1:
            assert event.inner == data
        return data

    event = holder(interrupted)
    thread = threading.Thread(target=lambda: event.inner, daemon=True)
    thread.start()
    thread.join(5)
    assert not thread.is_alive()
    assert event.inner == {"a": 1}
    assert event.leftover is None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no forks on this system")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_fork_while_another_thread_builds() -> None:
    inside, done = threading.Event(), threading.Event()

    def slow(data: Any, odd: Any) -> Any:
        if not inside.is_set():
            inside.set()
            done.wait(30)
        return data

    event = holder(slow)
    thread = threading.Thread(target=lambda: event.inner, daemon=True)
    thread.start()
    assert inside.wait(5)
    child = os.fork()
    if child == 0:
        signal.alarm(5)
        os._exit(0 if event.inner == {"a": 1} else 1)
    status = os.waitpid(child, 0)[1]
    done.set()
    thread.join(5)
    assert status == 0


def test_threads_get_the_same_object() -> None:
    for _ in range(50):
        event = decode(COMPLETED)
        start = threading.Barrier(4)
        found: list[object] = []

        def look(event: Any = event, start: threading.Barrier = start, found: list[object] = found) -> None:
            start.wait()
            found.append(event.response)

        threads = [threading.Thread(target=look) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {id(response) for response in found} == {id(event.response)}


def test_too_deep_to_be_built() -> None:
    filters: dict[str, Any] = {"type": "eq", "key": "k", "value": 1}
    for _ in range(200):
        filters = {"type": "and", "filters": [filters]}
    data = json.loads(COMPLETED)
    data["response"]["tools"] = [{"type": "file_search", "vector_store_ids": [], "filters": filters}]
    event = decode(json.dumps(data).encode())
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(depth() + 150)
    try:
        with pytest.raises(DecodeError, match="nested too deep for the Python interpreter"):
            event.response  # noqa: B018
    finally:
        sys.setrecursionlimit(limit)
    # Nothing is lost: with more room it can be read.
    assert isinstance(event.response.tools[0], FileSearchTool)
    assert encode(event) == data


def depth() -> int:
    """How many frames are on the stack."""
    frame, count = sys._getframe(), 0
    while frame := frame.f_back:
        count += 1
    return count
