"""The builder of responses: what is sent by itself, what is refused, and what never changes behind one's back."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

import pytest

from responses_events import (
    ApplyPatchCreateFileOperation,
    FunctionShellCallOutputExitOutcome,
    FunctionShellCallOutputTimeoutOutcome,
    ResponseStreamEvent,
    ShellCallOutputDelta,
    UnknownEvent,
    UrlCitationBody,
    encode,
    problems,
)
from responses_events.build import (
    FunctionShellCallOutputBuilder,
    FunctionToolCallBuilder,
    LifecycleError,
    OutputMessageBuilder,
    ResponseStream,
)
from responses_events.lint import lint
from responses_events.runtime.building import Node
from responses_events.stream import Accumulator, iter_events
from support.authors import USAGE, begun


def tags(events: list[ResponseStreamEvent]) -> list[str]:
    return [str(event.type).removeprefix("response.") for event in events]


def test_an_answer_is_said_in_three_lines() -> None:
    with begun() as stream:
        with stream.message() as message:
            message.text("Hel")
            message.text("lo")
        stream.usage = USAGE
    events = stream.take_events()
    assert tags(events) == [
        "created",
        "in_progress",
        "output_item.added",
        "content_part.added",
        "output_text.delta",
        "output_text.delta",
        "output_text.done",
        "content_part.done",
        "output_item.done",
        "completed",
    ]
    assert lint(events) == []
    assert [problem for event in events for problem in problems(event)] == []
    assert encode(events[-1])["response"]["output"][0]["content"][0]["text"] == "Hello"
    assert [encode(event)["sequence_number"] for event in events] == list(range(10))


def test_what_is_taken_is_taken_once() -> None:
    stream = begun()
    first = stream.take()
    assert [event.type for event in iter_events([first])] == ["response.created"]
    stream.message()
    second = stream.take()
    assert [event.type for event in iter_events([second])] == ["response.in_progress", "response.output_item.added"]
    assert stream.take() == b""


def test_a_function_sees_each_event_as_it_is_sent() -> None:
    seen: list[ResponseStreamEvent] = []
    stream = begun(sink=seen.append)
    assert tags(seen) == ["created"]
    stream.message().text("Hi")
    assert tags(seen)[-1] == "output_text.delta"
    assert stream.take_events() == []


def test_the_next_item_closes_the_one_before() -> None:
    stream = begun()
    message = stream.message()
    message.text("Hi")
    stream.function_call(name="brew", call_id="call_1")
    assert message.is_closed
    with pytest.raises(LifecycleError, match="item-closed"):
        message.text("late")


def test_items_overlap_where_that_is_wanted() -> None:
    stream = begun(overlap=True)
    one = stream.function_call(name="brew", call_id="call_1")
    two = stream.function_call(name="pour", call_id="call_2")
    one.arguments("{}")
    two.arguments("{}")
    stream.usage = USAGE
    stream.complete()
    assert {finding.rule for finding in lint(stream.take_events())} == {"item-overlap"}


def test_a_citation_counts_itself() -> None:
    stream = begun()
    message = stream.message()
    message.text("Tea.")
    for title in ("a", "b"):
        message.annotate(UrlCitationBody(url="u", title=title, start_index=0, end_index=1))
    message.close()
    events = stream.take_events()
    positions = [encode(event)["annotation_index"] for event in events if "annotation" in str(event.type)]
    assert positions == [0, 1]
    assert len(encode(events[-1])["item"]["content"][0]["annotations"]) == 2


def test_phases_that_nobody_mentions_are_sent() -> None:
    stream = begun()
    stream.web_search_call().close()
    assert tags(stream.take_events())[3:] == [
        "web_search_call.in_progress",
        "web_search_call.searching",
        "web_search_call.completed",
        "output_item.done",
    ]


def test_a_choice_is_made_by_who_knows() -> None:
    stream = begun()
    with stream.mcp_call(server_label="s", name="n") as call:
        call.arguments("{}")
        call.failed()
    events = stream.take_events()
    assert "mcp_call.failed" in tags(events)
    assert encode(events[-1])["item"]["status"] == "failed"


def test_an_exception_ends_the_stream_as_failed_and_goes_on() -> None:
    stream = begun()
    stream.message().text("Hal")
    with pytest.raises(ZeroDivisionError), stream:
        raise ZeroDivisionError
    events = stream.take_events()
    assert tags(events)[-1] == "failed"
    assert stream.ended == "failed"
    assert lint(events) == []
    assert encode(events[-1])["response"]["output"][0]["content"][0]["text"] == "Hal"


@pytest.mark.parametrize("cause", [asyncio.CancelledError, GeneratorExit, KeyboardInterrupt])
def test_to_be_cancelled_sends_nothing(cause: type[BaseException]) -> None:
    stream = begun()
    stream.take()
    with pytest.raises(cause), stream:
        raise cause
    assert stream.take() == b""
    assert stream.ended == ""


def test_a_limit_closes_what_is_open_and_invents_no_phase() -> None:
    stream = begun()
    stream.message().text("Hal")
    stream.usage = USAGE
    stream.incomplete("max_output_tokens")
    events = stream.take_events()
    assert lint(events) == []
    assert tags(events)[-4:] == ["output_text.done", "content_part.done", "output_item.done", "incomplete"]
    end = encode(events[-1])["response"]
    assert end["incomplete_details"] == {"reason": "max_output_tokens"}
    assert end["output"][0]["status"] == "incomplete"

    stream = begun()
    stream.web_search_call()
    stream.usage = USAGE
    stream.incomplete("max_output_tokens")
    events = stream.take_events()
    assert not [tag for tag in tags(events) if "web_search" in tag]
    assert lint(events) == []


def test_the_end_needs_what_the_spec_demands() -> None:
    stream = begun()
    with pytest.raises(LifecycleError, match=r"completed-usage: .* usage: set `usage` of the ResponseStream before"):
        stream.complete()
    with pytest.raises(LifecycleError, match=r"incomplete-usage: .* usage: set `usage` of the ResponseStream before"):
        stream.incomplete("max_output_tokens")
    stream.usage = USAGE
    stream.complete()
    assert lint(stream.take_events()) == []


def test_a_stream_does_not_begin_with_what_only_its_end_knows() -> None:
    parameters = inspect.signature(ResponseStream).parameters
    assert {"id", "status", "model", "metadata"} <= set(parameters)
    assert not {"usage", "completed_at", "output", "error", "incomplete_details"} & set(parameters)


def test_a_status_that_is_set_does_not_go_back() -> None:
    stream = begun()
    message = stream.message(status="completed")
    with pytest.raises(LifecycleError, match="status-goes-back"):
        message.status = "in_progress"
    with pytest.raises(LifecycleError, match="status-goes-back"):
        message.close(status="in_progress")


@pytest.mark.parametrize("end", ["complete", "fail"])
def test_nothing_comes_after_the_end(end: str) -> None:
    stream = begun()
    message = stream.message()
    stream.usage = USAGE
    stream.complete() if end == "complete" else stream.fail("server_error", "broken")
    for late in (stream.message, stream.keepalive, stream.complete, lambda: message.text("x")):
        with pytest.raises(LifecycleError, match=r"event-after-end|item-closed"):
            late()


def test_a_failure_may_follow_an_error() -> None:
    stream = begun()
    stream.error("broken", code="server_error")
    with pytest.raises(LifecycleError, match="event-after-end"):
        stream.message()
    stream.fail("server_error", "broken")
    events = stream.take_events()
    assert tags(events)[-2:] == ["error", "failed"]
    assert lint(events) == []


def test_a_refused_call_sends_nothing() -> None:
    stream = begun()
    message = stream.message()
    message.text("a")
    message.close()
    stream.take()
    for refused in (lambda: message.text("b"), message.close, lambda: message.refusal("no")):
        with pytest.raises(LifecycleError):
            refused()
    assert stream.take() == b""


def test_a_snapshot_does_not_change_later() -> None:
    stream = begun(metadata={"a": "b"})
    created, *_ = stream.take_events()
    before = encode(created)
    stream.message().text("Hi")
    stream.usage = USAGE
    stream.complete()
    assert encode(created) == before
    assert before["response"]["output"] == []


def test_an_unknown_event_is_numbered_and_says_where_it_is() -> None:
    stream = begun()
    message = stream.message()
    message.event("response.brand_new.delta", {"delta": "x"})
    event = stream.take_events()[-1]
    assert isinstance(event, UnknownEvent)
    assert event.data == {"type": "response.brand_new.delta", "sequence_number": 3, "output_index": 0, "delta": "x"}
    with pytest.raises(ValueError, match="call the method"):
        message.event("response.output_text.delta", {})


def test_a_heartbeat_may_come_at_any_time() -> None:
    stream = begun()
    stream.keepalive()
    stream.message().text("a")
    stream.keepalive()
    stream.usage = USAGE
    stream.complete()
    assert lint(stream.take_events()) == []


def test_what_is_open_is_found_again() -> None:
    stream = begun()
    assert stream.current(OutputMessageBuilder) is None
    message = stream.message()
    assert stream.current(OutputMessageBuilder) is message
    assert stream.current(FunctionToolCallBuilder) is None


def test_a_stream_goes_on_after_a_restart() -> None:
    stream = begun()
    with stream.function_call(name="brew", call_id="call_1") as call:
        call.arguments("{}")
    stream.message().text("Hel")
    before = stream.take_events()
    accumulator = Accumulator()
    for event in before:
        accumulator.feed(event)

    resumed = ResponseStream.resumed(accumulator.response, number=len(before))
    message = resumed.current(OutputMessageBuilder)
    assert message is not None
    message.text("lo")
    resumed.usage = USAGE
    resumed.complete()
    events = [*before, *resumed.take_events()]
    assert lint(events) == []
    assert encode(events[-1])["response"]["output"][1]["content"][0]["text"] == "Hello"


def test_a_queue_comes_first() -> None:
    stream = ResponseStream(model="tea-1", created_at=1, background=True, status="queued")
    stream.queued()
    stream.message().text("a")
    stream.usage = USAGE
    stream.complete()
    events = stream.take_events()
    assert tags(events)[:3] == ["created", "queued", "in_progress"]
    assert lint(events) == []
    with pytest.raises(LifecycleError, match=r"status-goes-back|stream-order"):
        begun().queued()


def test_two_calls_cannot_have_one_id() -> None:
    stream = begun()
    stream.function_call(name="brew", call_id="call_1")
    with pytest.raises(LifecycleError, match="call-id-repeats"):
        stream.function_call(name="brew", call_id="call_1")


def test_a_piece_is_a_text() -> None:
    stream = ResponseStream(model="tea-1", created_at=1)
    message: Any = stream.message()
    with pytest.raises(TypeError, match=r"response.output_text.delta takes a piece of text, not NoneType"):
        message.text(None)


def test_a_text_that_is_given_whole_is_sent_as_a_piece() -> None:
    stream = begun()
    patch = ApplyPatchCreateFileOperation(path="a.txt", diff="+tea")
    stream.apply_patch_call(call_id="call_1", operation=patch).close()
    events = stream.take_events()
    assert encode(events[2])["item"]["operation"]["diff"] == ""
    assert tags(events)[3:5] == ["apply_patch_call_operation_diff.delta", "apply_patch_call_operation_diff.done"]
    assert encode(events[-1])["item"]["operation"]["diff"] == "+tea"


def printed(stream: ResponseStream, *pieces: str) -> FunctionShellCallOutputBuilder:
    """Open what a command prints, and print it."""
    output = stream.shell_call_output(call_id="call_1")
    for piece in pieces:
        output.delta(command_index=0, delta=ShellCallOutputDelta(stdout=piece))
    return output


def test_what_came_in_pieces_is_not_said_again() -> None:
    stream = begun()
    output = printed(stream, "12 ", "cups")
    output.done(command_index=0, outcome=FunctionShellCallOutputExitOutcome(exit_code=0))
    output.done(command_index=1, outcome=FunctionShellCallOutputTimeoutOutcome())
    output.close()
    stream.usage = USAGE
    stream.complete()
    events = stream.take_events()
    first = {"stdout": "12 cups", "stderr": "", "outcome": {"type": "exit", "exit_code": 0}}
    second = {"stdout": "", "stderr": "", "outcome": {"type": "timeout"}}
    told = [encode(event)["output"] for event in events if str(event.type).endswith("output_content.done")]
    assert told == [[first], [first, second]]
    assert encode(events[-1])["response"]["output"][0]["output"] == [first, second]
    assert lint(events) == []
    assert [problem for event in events for problem in problems(event)] == []


def test_elements_of_a_list_come_one_by_one_and_are_finished_once() -> None:
    stream = begun()
    output = printed(stream, "12 ")
    refused: list[tuple[str, Callable[[], None]]] = [
        ("text-missing", lambda: output.delta(command_index=1, delta=ShellCallOutputDelta(stdout="x"))),
        ("text-missing", lambda: output.done(command_index=1, outcome=FunctionShellCallOutputTimeoutOutcome())),
        ("item-order", output.close),
    ]
    for rule, call in refused:
        with pytest.raises(LifecycleError, match=rule):
            call()
    output.done(command_index=0, outcome=FunctionShellCallOutputTimeoutOutcome())
    for rule, call in [
        ("text-after-final", lambda: output.delta(command_index=0, delta=ShellCallOutputDelta(stderr="x"))),
        ("text-final-twice", lambda: output.done(command_index=0, outcome=FunctionShellCallOutputTimeoutOutcome())),
        ("text-missing", lambda: output.delta(command_index=2, delta=ShellCallOutputDelta(stdout="x"))),
    ]:
        with pytest.raises(LifecycleError, match=rule):
            call()


@pytest.mark.parametrize("end", ["incomplete", "fail"])
def test_what_is_cut_off_in_an_element_of_a_list_is_valid(end: str) -> None:
    stream = begun()
    printed(stream, "12 ")
    stream.usage = USAGE
    stream.incomplete("max_output_tokens") if end == "incomplete" else stream.fail("server_error", "No tea.")
    events = stream.take_events()
    assert lint(events) == []
    assert [problem for event in events for problem in problems(event)] == []
    assert encode(events[-1])["response"]["output"][0]["output"][0]["stdout"] == "12 "


def test_every_state_refuses_what_its_sequence_forbids() -> None:
    # From each position of each sequence, each of its events that may not come raises, and nothing is sent.
    stream = begun()
    refused = 0
    kinds = [builder for kinds in stream.kinds_.values() for builder in kinds]
    for kind in kinds:
        sequence = kind.kind_
        for position in [-1, *range(len(sequence.names))]:
            for name in set(sequence.names) - set(sequence.inner):
                outer: Node = stream
                if sequence.place not in stream.kind_.inner:
                    outer = next(each for each in kinds if sequence.place in each.kind_.inner)(stream, 0, {})
                node = kind(outer, 0, {})
                node.begin_()
                node.position_ = position
                reachable = {sequence.names[each] for each in sequence.after(position)}
                try:
                    way = node.way_(name)
                except LifecycleError:
                    refused += 1
                    assert name not in reachable
                    continue
                assert len(way) == 1 or name not in reachable
                assert all(sequence.names[each] in sequence.automatic for each in way[:-1])
    assert refused > 20


def test_the_end_says_why() -> None:
    stream = begun()
    stream.usage = USAGE
    stream.incomplete("content_filter")
    end = encode(stream.take_events()[-1])["response"]
    assert end["incomplete_details"] == {"reason": "content_filter"}
