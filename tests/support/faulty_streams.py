"""Streams with one fault each, of a kind that servers have had, and the finding that a linter has to lead with."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import sound_streams
from .serving import Served, Wire
from .sound_streams import NOTE, TEXT, numbered

Change = Callable[["Stream"], None]


@dataclass(frozen=True)
class Faulty:
    """A stream with a fault.

    Attributes:
        rule: What is broken.
        index: The event that breaks it.
        beside: Rules that the same fault breaks where nothing connects the two.
    """

    name: str
    events: list[Wire]
    rule: str
    index: int
    beside: frozenset[str]


class Stream:
    """A sound stream that somebody breaks. Events are told by their tag without `response.`, the n-th of them."""

    def __init__(self, events: list[Wire]) -> None:
        self.events = events

    def at(self, tag: str, turn: int = 0) -> int:
        """Find the position of an event."""
        found = [at for at, event in enumerate(self.events) if event["type"] in (tag, f"response.{tag}")]
        return found[turn]

    def event(self, tag: str, turn: int = 0) -> Wire:
        return self.events[self.at(tag, turn)]

    def drop(self, tag: str, turn: int = 0) -> Wire:
        return self.events.pop(self.at(tag, turn))

    def drop_all(self, keep: Callable[[Wire], bool]) -> None:
        self.events[:] = filter(keep, self.events)

    def put(self, event: Wire, at: int) -> None:
        self.events.insert(at, copy.deepcopy(event))

    def repeat(self, tag: str, turn: int = 0, *, to: int | None = None, **members: Any) -> None:
        """Send an event once more, at once if no position is given."""
        at = self.at(tag, turn)
        self.put({**self.events[at], **members}, at + 1 if to is None else to)

    def move(self, tag: str, turn: int, to: int) -> None:
        """Take an event out and put it at a position of what is left."""
        self.put(self.drop(tag, turn), to)

    def change(self, tag: str, turn: int = 0, **members: Any) -> None:
        self.event(tag, turn).update(members)

    def respond(self, tag: str, **members: Any) -> None:
        """Change the response that an event carries."""
        self.event(tag)["response"].update(members)


_FAULTS: dict[str, Callable[[], Faulty]] = {}


def fault(
    rule: str,
    tag: str,
    turn: int = 0,
    *,
    of: Callable[[], list[Wire]],
    beside: str = "",
    renumber: bool = True,
) -> Callable[[Change], Change]:
    """Declare a fault: what breaks, at which event of the broken stream, and the stream that is broken."""

    def declare(change: Change) -> Change:
        name = change.__name__

        def make() -> Faulty:
            stream = Stream(copy.deepcopy(of()))
            change(stream)
            events = numbered(stream.events) if renumber else stream.events
            return Faulty(name, events, rule, stream.at(tag, turn), frozenset(beside.split()))

        _FAULTS[name] = make
        return change

    return declare


def faulty_streams() -> list[Faulty]:
    """Make all of them; nobody else has them, so they may be changed."""
    return [make() for make in _FAULTS.values()]


def two_messages() -> list[Wire]:
    served = Served().begin()
    served.message("From the ", "north pier.")
    served.message("Or from ", "the south.")
    return served.end()


def _call() -> list[Wire]:
    served = Served().begin()
    served.call("departures", '{"pier":', '"north"', "}", call_id="call_1")
    return served.end()


def _search() -> list[Wire]:
    served = Served().begin()
    served.search("web_search_call", {}, {"action": {"type": "search", "query": "ferry times"}})
    return served.end()


def _tools() -> list[Wire]:
    served = Served().begin()
    item = served.item("mcp_list_tools", server_label="harbour", tools=[])
    item.send("mcp_list_tools.in_progress")
    item.send("mcp_list_tools.completed")
    item.close()
    served.message("No tools, ", "no ferry.")
    return served.end()


def _shell() -> list[Wire]:
    served = Served().begin()
    action = {"commands": [], "timeout_ms": None, "max_output_length": None}
    item = served.item("shell_call", call_id="call_1", status="in_progress", action=action)
    item.command("ls ", "pier")
    item.close(status="completed")
    return served.end()


def _thought() -> list[Wire]:
    served = Served().begin()
    served.reasoning(("Which ", "pier?"))
    return served.end()


def _two_thoughts() -> list[Wire]:
    served = Served().begin()
    served.reasoning(("Which ", "pier?"), ("The ", "north one."))
    return served.end()


text, annotations = sound_streams.text, sound_streams.annotations

# --- the stream


@fault("stream-not-opened", "response.in_progress", of=text)
def no_created(stream: Stream) -> None:
    stream.drop("created")


@fault("stream-not-opened", "response.in_progress", of=text)
def in_progress_as_keepalive(stream: Stream) -> None:
    """A proxy keeps its client waiting with `in_progress` until the model answers."""
    stream.repeat("in_progress", to=0)
    stream.repeat("in_progress", to=0)


@fault("stream-not-opened", "response.output_item.added", of=text)
def bare_items(stream: Stream) -> None:
    stream.drop("created")
    stream.drop("in_progress")


@fault("stream-opened-twice", "response.created", 1, of=text)
def two_lifecycles(stream: Stream) -> None:
    """A proxy sends a beginning of its own, and then that of the server behind it."""
    stream.events[:0] = copy.deepcopy(stream.events[:2])
    stream.events[0]["response"]["id"] = stream.events[1]["response"]["id"] = "resp_proxy"


@fault("stream-opened-twice", "response.created", 1, of=text)
def created_twice(stream: Stream) -> None:
    stream.repeat("created")


@fault("stream-opened-twice", "response.created", 1, of=text)
def begun_anew_midway(stream: Stream) -> None:
    """A retry that the client is not told of."""
    stream.events[:0] = copy.deepcopy(stream.events[:6])


@fault("stream-order", "output_item.added", of=text)
def no_in_progress(stream: Stream) -> None:
    stream.drop("in_progress")


@fault("stream-order", "in_progress", 1, of=text)
def in_progress_twice(stream: Stream) -> None:
    stream.repeat("in_progress")


@fault("stream-order", "output_item.added", of=text, beside="stream-order")
def in_progress_too_late(stream: Stream) -> None:
    stream.move("in_progress", 0, 2)


@fault("stream-order", "in_progress", 1, of=text)
def in_progress_again_between_pieces(stream: Stream) -> None:
    stream.repeat("in_progress", to=5)


@fault("stream-order", "queued", of=text)
def queued_after_in_progress(stream: Stream) -> None:
    stream.repeat("in_progress", type="response.queued")
    stream.event("queued")["response"] = {**stream.event("queued")["response"], "status": "queued"}


@fault("stream-truncated", "output_item.done", of=text)
def no_end(stream: Stream) -> None:
    stream.drop("completed")


@fault("stream-truncated", "output_text.delta", -1, of=text)
def broken_off(stream: Stream) -> None:
    del stream.events[stream.at("output_text.delta", -1) + 1 :]


@fault("event-after-end", "output_text.delta", -1, of=text)
def piece_after_the_end(stream: Stream) -> None:
    stream.repeat("output_text.delta", -1, to=len(stream.events))


@fault("event-after-end", "completed", 1, of=text)
def completed_twice(stream: Stream) -> None:
    stream.repeat("completed")


@fault("event-after-end", "failed", of=text)
def failed_after_completed(stream: Stream) -> None:
    stream.put(sound_streams.failed_at_once()[-1], len(stream.events))


@fault("event-after-end", "response.output_item.added", of=text)
def goes_on_after_error(stream: Stream) -> None:
    stream.put(sound_streams.error_alone()[-1], 2)


@fault("stream-changed", "completed", of=text)
def response_id_changes(stream: Stream) -> None:
    stream.respond("completed", id="resp_2")


@fault("stream-changed", "in_progress", of=text)
def response_id_changes_at_once(stream: Stream) -> None:
    stream.respond("in_progress", id="resp_2")
    stream.respond("completed", id="resp_2")


@fault("stream-changed", "in_progress", of=text)
def response_id_rotates(stream: Stream) -> None:
    stream.respond("in_progress", id="resp_2")
    stream.respond("completed", id="resp_3")


@fault("stream-changed", "completed", of=text)
def model_changes(stream: Stream) -> None:
    stream.respond("completed", model="ferry-1-mini")


@fault("stream-changed", "completed", of=text)
def metadata_lost(stream: Stream) -> None:
    stream.respond("completed", metadata={})


# --- numbers


@fault("sequence-number-missing", "output_text.delta", 1, of=text, renumber=False)
def number_forgotten(stream: Stream) -> None:
    del stream.event("output_text.delta", 1)["sequence_number"]


@fault("sequence-number-missing", "created", of=text, renumber=False)
def no_numbers(stream: Stream) -> None:
    for event in stream.events:
        del event["sequence_number"]


@fault("sequence-number-start", "created", of=text, renumber=False)
def number_from_1(stream: Stream) -> None:
    for event in stream.events:
        event["sequence_number"] += 1


@fault("sequence-number-step", "output_item.done", of=text, renumber=False)
def number_restarts(stream: Stream) -> None:
    numbered(stream.events[stream.at("output_item.done") :])


@fault("sequence-number-step", "output_text.delta", 1, of=text, renumber=False)
def number_twice(stream: Stream) -> None:
    at = stream.at("output_text.delta", 1)
    for event in stream.events[at:]:
        event["sequence_number"] -= 1


@fault("sequence-number-step", "output_text.delta", 2, of=text, renumber=False)
def number_skipped(stream: Stream) -> None:
    at = stream.at("output_text.delta", 2)
    for event in stream.events[at:]:
        event["sequence_number"] += 1


# --- what snapshots hold


@fault("created-status", "created", of=text, beside="status-goes-back")
def created_as_completed(stream: Stream) -> None:
    stream.respond("created", status="completed")


@fault("queued-status", "queued", of=sound_streams.background)
def queued_in_progress(stream: Stream) -> None:
    stream.respond("queued", status="in_progress")


@fault("in-progress-status", "in_progress", of=sound_streams.background)
def in_progress_queued(stream: Stream) -> None:
    stream.respond("in_progress", status="queued")


@fault("created-output", "created", of=text)
def created_has_output(stream: Stream) -> None:
    stream.respond("created", output=stream.event("completed")["response"]["output"])


@fault("in-progress-output", "in_progress", of=text)
def in_progress_has_output(stream: Stream) -> None:
    stream.respond("in_progress", output=stream.event("completed")["response"]["output"])


@fault("created-usage", "created", of=text)
def usage_too_early(stream: Stream) -> None:
    stream.respond("created", usage=stream.event("completed")["response"]["usage"])


@fault("in-progress-usage", "in_progress", of=text)
def usage_too_early_in_progress(stream: Stream) -> None:
    stream.respond("in_progress", usage=stream.event("completed")["response"]["usage"])


@fault("completed-status", "completed", of=text)
def completed_in_progress(stream: Stream) -> None:
    stream.respond("completed", status="in_progress")


@fault("completed-usage", "completed", of=text)
def completed_no_usage(stream: Stream) -> None:
    stream.respond("completed", usage=None)


@fault("completed-usage", "completed", of=text)
def completed_usage_left_out(stream: Stream) -> None:
    del stream.event("completed")["response"]["usage"]


@fault("completed-error", "completed", of=text)
def completed_with_error(stream: Stream) -> None:
    stream.respond("completed", error={"code": "server_error", "message": "Late."})


@fault("completed-incomplete-details", "completed", of=text)
def completed_with_a_reason(stream: Stream) -> None:
    stream.respond("completed", incomplete_details={"reason": "max_output_tokens"})


@fault("completed-output-status", "completed", of=text)
def cut_off_unsaid(stream: Stream) -> None:
    stream.event("output_item.done")["item"]["status"] = "incomplete"
    stream.event("completed")["response"]["output"][0]["status"] = "incomplete"


@fault("completed-output-status", "completed", of=text)
def cut_off_at_end(stream: Stream) -> None:
    """The end says what no event before it has said, which is the same fault."""
    stream.event("completed")["response"]["output"][0]["status"] = "incomplete"


@fault("incomplete-status", "incomplete", of=sound_streams.cut_off_in_text)
def incomplete_as_completed(stream: Stream) -> None:
    stream.respond("incomplete", status="completed")


@fault("incomplete-details-reason", "incomplete", of=sound_streams.cut_off_in_text)
def incomplete_no_reason(stream: Stream) -> None:
    stream.respond("incomplete", incomplete_details=None)


@fault("incomplete-usage", "incomplete", of=sound_streams.cut_off_in_text)
def incomplete_no_usage(stream: Stream) -> None:
    stream.respond("incomplete", usage=None)


@fault("incomplete-error", "incomplete", of=sound_streams.cut_off_in_text)
def incomplete_with_error(stream: Stream) -> None:
    stream.respond("incomplete", error={"code": "server_error", "message": "Late."})


@fault("failed-status", "failed", of=sound_streams.failed_midway)
def failed_as_completed(stream: Stream) -> None:
    stream.respond("failed", status="completed")


@fault("failed-error-code", "failed", of=sound_streams.failed_midway)
def failed_no_code(stream: Stream) -> None:
    stream.respond("failed", error={"code": None, "message": "No."})


@fault("failed-error-message", "failed", of=sound_streams.failed_midway)
def failed_no_message(stream: Stream) -> None:
    stream.respond("failed", error={"code": "server_error"})


@fault("usage-sum", "completed", of=text)
def usage_wrongly_added(stream: Stream) -> None:
    stream.respond("completed", usage={**stream.event("completed")["response"]["usage"], "total_tokens": 12})


@fault("completed-at-early", "completed", of=text)
def completed_before_created(stream: Stream) -> None:
    stream.respond("completed", completed_at=1799999999)


@fault("arguments-not-json", "completed", of=_call)
def arguments_half(stream: Stream) -> None:
    """The last piece is lost, and nobody looks at the whole."""
    stream.drop("function_call_arguments.delta", -1)
    half = '{"pier":"north"'
    stream.change("function_call_arguments.done", arguments=half)
    stream.event("output_item.done")["item"]["arguments"] = half
    stream.event("completed")["response"]["output"][0]["arguments"] = half


@fault("incomplete-item-last", "incomplete", of=two_messages)
def incomplete_item_first(stream: Stream) -> None:
    end = stream.drop("completed")
    stream.event("output_item.done")["item"]["status"] = "incomplete"
    end["response"]["output"][0]["status"] = "incomplete"
    end["type"] = "response.incomplete"
    end["response"].update(status="incomplete", incomplete_details={"reason": "max_output_tokens"}, completed_at=None)
    stream.put(end, len(stream.events))


# --- the end repeats what was streamed


@fault("output-missing", "completed", of=text)
def output_empty_at_end(stream: Stream) -> None:
    stream.respond("completed", output=[])


@fault("output-missing", "completed", of=text)
def output_null_at_end(stream: Stream) -> None:
    stream.respond("completed", output=None)


@fault("output-count", "completed", of=two_messages)
def last_item_not_in_the_end(stream: Stream) -> None:
    del stream.event("completed")["response"]["output"][1]


@fault("output-count", "completed", of=text)
def item_of_the_end_not_streamed(stream: Stream) -> None:
    output = stream.event("completed")["response"]["output"]
    output.append({**output[0], "id": "message_1"})


@fault("item-final-changed", "completed", of=_call)
def call_id_new_at_end(stream: Stream) -> None:
    stream.event("completed")["response"]["output"][0]["call_id"] = "call_2"


@fault("item-final-changed", "completed", of=text)
def text_changes_at_end(stream: Stream) -> None:
    stream.event("completed")["response"]["output"][0]["content"][0]["text"] = "The next ferry leaves at ten."


@fault("item-id-changed", "completed", of=text)
def item_id_new_at_end(stream: Stream) -> None:
    stream.event("completed")["response"]["output"][0]["id"] = "message_9"


# --- items


@fault("item-not-opened", "content_part.added", of=text)
def item_not_announced(stream: Stream) -> None:
    stream.drop("output_item.added")


@fault("item-not-opened", "output_item.done", of=_call)
def done_without_added(stream: Stream) -> None:
    """The client is only told of calls that are whole."""
    stream.drop_all(lambda event: "arguments" not in event["type"] and not event["type"].endswith("added"))


@fault("item-not-opened", "output_text.delta", of=text)
def delta_without_item(stream: Stream) -> None:
    """Chat completions, put into other words: nothing but pieces."""
    stream.drop_all(lambda event: event["type"].endswith((".delta", "created", "in_progress", "completed")))


@fault("item-not-opened", "content_part.added", of=text)
def text_before_its_item(stream: Stream) -> None:
    stream.move("output_item.added", 0, 4)


@fault("item-not-opened", "mcp_list_tools.in_progress", of=_tools)
def list_tools_not_announced(stream: Stream) -> None:
    stream.drop("output_item.added")


@fault("item-opened-twice", "output_item.added", 1, of=two_messages)
def index_collides(stream: Stream) -> None:
    """Each kind of item is counted by itself."""
    for event in stream.events[stream.at("output_item.done") + 1 :]:
        if "output_index" in event:
            event["output_index"] = 0


@fault("item-opened-twice", "output_item.added", 1, of=text)
def item_announced_twice(stream: Stream) -> None:
    stream.repeat("output_item.added")


@fault("item-index-gap", "output_item.added", of=text)
def index_from_1(stream: Stream) -> None:
    for event in stream.events:
        if "output_index" in event:
            event["output_index"] += 1


@fault("item-index-gap", "output_item.added", 1, of=two_messages)
def index_leaps(stream: Stream) -> None:
    for event in stream.events:
        if event.get("output_index") == 1:
            event["output_index"] = 2


@fault("item-closed", "output_text.delta", -1, of=text)
def delta_after_item_done(stream: Stream) -> None:
    stream.repeat("output_text.delta", -1, to=stream.at("output_item.done") + 1)


@fault("item-closed", "content_part.added", 1, of=text)
def part_after_item_done(stream: Stream) -> None:
    stream.repeat("content_part.added", to=stream.at("output_item.done") + 1, content_index=1)


@fault("item-closed", "content_part.done", of=text, beside="part-left-open")
def part_closed_after_item_done(stream: Stream) -> None:
    stream.move("content_part.done", 0, stream.at("output_item.done"))


@fault("item-closed", "output_item.done", 1, of=text)
def item_closed_twice(stream: Stream) -> None:
    stream.repeat("output_item.done")


@fault("item-order", "output_item.done", of=_search, beside="item-closed")
def search_completed_after_item_done(stream: Stream) -> None:
    stream.move("web_search_call.completed", 0, stream.at("output_item.done"))


@fault("item-left-open", "completed", of=_call)
def item_not_closed(stream: Stream) -> None:
    stream.drop("output_item.done")


@fault("item-left-open", "completed", of=_tools, beside="item-overlap")
def list_tools_not_closed(stream: Stream) -> None:
    stream.drop("output_item.done")


@fault("item-left-open", "incomplete", of=sound_streams.cut_off_in_text)
def item_not_closed_when_cut_off(stream: Stream) -> None:
    stream.drop("output_item.done")


@fault("item-left-open", "completed", of=annotations)
def item_not_closed_and_empty(stream: Stream) -> None:
    """What was announced last is dropped on the way to the end."""
    stream.drop("output_item.done", 1)
    stream.event("completed")["response"]["output"][1]["content"] = []


@fault("item-left-open", "completed", of=annotations)
def item_not_closed_and_bare(stream: Stream) -> None:
    stream.drop("content_part.done", 1)
    stream.drop("output_item.done", 1)
    stream.event("completed")["response"]["output"][1]["content"][0]["annotations"] = []


@fault("item-left-open", "completed", of=_thought)
def thought_not_closed_and_empty(stream: Stream) -> None:
    stream.drop("output_item.done")
    stream.event("completed")["response"]["output"][0]["summary"] = []


@fault("item-left-open", "completed", of=_shell)
def shell_call_not_closed_and_empty(stream: Stream) -> None:
    stream.drop("output_item.done")
    stream.event("completed")["response"]["output"][0]["action"]["commands"] = []


@fault("item-overlap", "output_item.added", 1, of=two_messages)
def items_overlap(stream: Stream) -> None:
    stream.move("output_item.done", 0, stream.at("output_item.added", 1))


@fault("item-overlap", "output_item.added", 1, of=sound_streams.parallel_calls)
def calls_begin_together(stream: Stream) -> None:
    begins = [stream.drop("output_item.added") for _ in range(3)]
    stream.events[2:2] = begins


@fault("item-id-differs", "output_text.delta", 1, of=text)
def item_id_of_another(stream: Stream) -> None:
    stream.change("output_text.delta", 1, item_id="message_9")


@fault("item-id-differs", "content_part.added", of=text)
def item_id_rotates(stream: Stream) -> None:
    for number, event in enumerate(stream.events):
        if "item_id" in event:
            event["item_id"] = f"id_{number}"


@fault("item-changed", "output_item.done", of=text)
def item_id_new_at_done(stream: Stream) -> None:
    for value in (stream.event("output_item.done")["item"], stream.event("completed")["response"]["output"][0]):
        value["id"] = "message_9"


@fault("item-id-differs", "content_part.added", of=text)
def item_announced_under_another_id(stream: Stream) -> None:
    stream.event("output_item.added")["item"]["id"] = "message_9"


@fault("item-changed", "output_item.done", of=text)
def item_id_of_another_at_done(stream: Stream) -> None:
    stream.event("output_item.done")["item"]["id"] = "message_9"


@fault("item-changed", "output_item.done", of=_call)
def name_lost(stream: Stream) -> None:
    for value in (stream.event("output_item.done")["item"], stream.event("completed")["response"]["output"][0]):
        value["name"] = ""


@fault("item-missing", "output_item.added", of=_call)
def item_announced_without_any(stream: Stream) -> None:
    stream.change("output_item.added", item=None)


@fault("item-missing", "output_item.done", of=text)
def item_without_type(stream: Stream) -> None:
    del stream.event("output_item.done")["item"]["type"]


@fault("item-id-missing", "function_call_arguments.done", of=_call)
def item_id_left_out(stream: Stream) -> None:
    del stream.event("function_call_arguments.done")["item_id"]


@fault("part-missing", "content_part.added", of=text)
def part_left_out(stream: Stream) -> None:
    del stream.event("content_part.added")["part"]


@fault("command-missing", "shell_call_command.added", of=sound_streams.shell)
def command_left_out(stream: Stream) -> None:
    del stream.event("shell_call_command.added")["command"]


@fault("response-missing", "completed", of=text)
def response_left_out(stream: Stream) -> None:
    stream.change("completed", response=None)


@fault("error-early", "created", of=text)
def error_of_the_attempt_before(stream: Stream) -> None:
    stream.respond("created", error={"code": "server_error", "message": "Try again."})


@fault("incomplete-details-early", "in_progress", of=text)
def details_of_nothing(stream: Stream) -> None:
    stream.respond("in_progress", incomplete_details={"reason": None})


@fault("id-repeats", "output_item.added", 1, of=sound_streams.searches)
def one_id_for_two_kinds(stream: Stream) -> None:
    first = stream.event("output_item.added")["item"]["id"]
    item = stream.event("output_item.added", 1)["item"]
    was, item["id"] = item["id"], first
    for event in stream.events:
        if event.get("item_id") == was:
            event["item_id"] = first
    for value in (
        *(event["item"] for event in stream.events if "item" in event),
        *stream.event("completed")["response"]["output"],
    ):
        if value["id"] == was:
            value["id"] = first


@fault("item-type-changed", "output_item.done", of=_call)
def call_ends_as_search(stream: Stream) -> None:
    for value in (stream.event("output_item.done")["item"], stream.event("completed")["response"]["output"][0]):
        value["type"] = "mcp_call"


@fault("id-repeats", "output_item.added", 1, of=two_messages)
def id_repeats(stream: Stream) -> None:
    for event in stream.events:
        if event.get("output_index") == 1:
            for holder, key in ((event, "item_id"), (event.get("item", {}), "id")):
                if key in holder:
                    holder[key] = "message_0"
    stream.event("completed")["response"]["output"][1]["id"] = "message_0"


@fault("call-id-repeats", "output_item.added", 1, of=sound_streams.parallel_calls)
def call_id_repeats(stream: Stream) -> None:
    items = [event["item"] for event in stream.events if "item" in event]
    for item in (*items, *stream.event("completed")["response"]["output"]):
        if item["call_id"] == "call_1":
            item["call_id"] = "call_0"


@fault("text-differs", "function_call_arguments.done", of=_call, beside="item-order text-after-final")
def arguments_done_too_early(stream: Stream) -> None:
    stream.move("function_call_arguments.done", 0, stream.at("function_call_arguments.delta", -1))


@fault("item-order", "output_item.done", of=_call)
def arguments_done_missing(stream: Stream) -> None:
    stream.drop("function_call_arguments.done")


@fault("item-order", "web_search_call.searching", of=_search, beside="item-order")
def search_phases_swapped(stream: Stream) -> None:
    stream.move("web_search_call.searching", 0, stream.at("web_search_call.in_progress"))


@fault("item-order", "output_item.done", of=_search)
def search_without_completed(stream: Stream) -> None:
    stream.drop("web_search_call.completed")


@fault("item-order", "output_item.done", of=sound_streams.cut_off_in_a_search, beside="completed-output-status")
def search_cut_off_unsaid(stream: Stream) -> None:
    """Where the response is complete, nothing excuses a search that stops halfway."""
    end = stream.event("incomplete")
    end["type"] = "response.completed"
    end["response"].update(status="completed", incomplete_details=None)


@fault("item-wrong-type", "output_text.delta", of=_call)
def text_in_call(stream: Stream) -> None:
    """What the model says beside its call goes into the call."""
    piece = {**text()[4], "item_id": "function_call_0"}
    stream.put(piece, stream.at("function_call_arguments.delta"))


@fault("item-wrong-type", "web_search_call.searching", of=text)
def search_in_message(stream: Stream) -> None:
    stream.put({**_search()[4], "item_id": "message_0"}, 3)


@fault("status-goes-back", "output_item.done", of=sound_streams.announced_as_completed)
def item_status_back(stream: Stream) -> None:
    for value in (stream.event("output_item.done")["item"], stream.event("completed")["response"]["output"][0]):
        value["status"] = "in_progress"


@fault("status-goes-back", "output_item.done", of=text)
def item_completed_after_all(stream: Stream) -> None:
    """It has said itself that it is cut off; no event has only said so of it."""
    stream.event("output_item.added")["item"]["status"] = "incomplete"


@fault("output-index-missing", "output_text.delta", 1, of=text)
def no_output_index(stream: Stream) -> None:
    del stream.event("output_text.delta", 1)["output_index"]


@fault("output-index-missing", "output_item.added", of=text)
def no_output_index_anywhere(stream: Stream) -> None:
    for event in stream.events:
        event.pop("output_index", None)


# --- parts of the content


@fault("part-not-opened", "output_text.delta", of=text)
def part_not_announced(stream: Stream) -> None:
    stream.drop("content_part.added")


@fault("part-opened-twice", "content_part.added", 1, of=text)
def part_announced_twice(stream: Stream) -> None:
    stream.repeat("content_part.added")


@fault("part-opened-twice", "content_part.added", 1, of=text)
def part_announced_for_each_piece(stream: Stream) -> None:
    stream.repeat("content_part.added", to=stream.at("output_text.delta", -1))


@fault("part-index-gap", "content_part.added", 1, of=two_messages)
def content_index_not_reset(stream: Stream) -> None:
    for event in stream.events[stream.at("output_item.done") :]:
        if "content_index" in event:
            event["content_index"] = 1


@fault("part-index-gap", "content_part.added", of=text)
def content_index_from_1(stream: Stream) -> None:
    for event in stream.events:
        if "content_index" in event:
            event["content_index"] = 1


@fault("part-closed", "output_text.delta", -1, of=text)
def delta_after_part_done(stream: Stream) -> None:
    stream.repeat("output_text.delta", -1, to=stream.at("content_part.done") + 1)


@fault("part-closed", "content_part.done", 1, of=text)
def part_closed_twice(stream: Stream) -> None:
    stream.repeat("content_part.done")


@fault("part-left-open", "output_item.done", of=text)
def part_not_closed(stream: Stream) -> None:
    stream.drop("content_part.done")


@fault("part-order", "content_part.done", of=text)
def text_done_missing(stream: Stream) -> None:
    stream.drop("output_text.done")


@fault("part-order", "output_text.annotation.added", of=sound_streams.searches)
def annotation_after_text_done(stream: Stream) -> None:
    stream.move("output_text.annotation.added", 0, stream.at("output_text.done"))


@fault("part-type-changed", "content_part.done", of=text)
def part_ends_as_refusal(stream: Stream) -> None:
    refusal = {"type": "refusal", "refusal": "The next ferry leaves at nine."}
    stream.change("content_part.done", part=refusal)
    for value in (stream.event("output_item.done")["item"], stream.event("completed")["response"]["output"][0]):
        value["content"] = [refusal]


@fault("part-wrong-type", "refusal.delta", of=text)
def refusal_in_text(stream: Stream) -> None:
    stream.put({**stream.event("output_text.delta"), "type": "response.refusal.delta"}, 5)


@fault("part-final-changed", "output_item.done", of=text)
def part_other_in_item(stream: Stream) -> None:
    for value in (stream.event("output_item.done")["item"], stream.event("completed")["response"]["output"][0]):
        value["content"][0]["text"] = "The next ferry leaves at ten."


@fault("content-count", "output_item.done", of=text)
def part_never_streamed(stream: Stream) -> None:
    for value in (stream.event("output_item.done")["item"], stream.event("completed")["response"]["output"][0]):
        value["content"].append({**TEXT, "text": "Never said."})


@fault("content-count", "output_item.done", of=text)
def nothing_streamed(stream: Stream) -> None:
    """The answer comes whole, in the item that ends it."""
    stream.drop_all(lambda event: "content_index" not in event)


@fault("content-count", "output_item.done", of=sound_streams.two_parts)
def part_lost_in_item(stream: Stream) -> None:
    for value in (stream.event("output_item.done")["item"], stream.event("completed")["response"]["output"][0]):
        del value["content"][1]


@fault("content-count", "output_item.done", of=text)
def content_empty_in_item(stream: Stream) -> None:
    for value in (stream.event("output_item.done")["item"], stream.event("completed")["response"]["output"][0]):
        value["content"] = []


@fault("item-final-changed", "completed", of=text)
def content_empty_at_end(stream: Stream) -> None:
    stream.event("completed")["response"]["output"][0]["content"] = []


@fault("part-overlap", "content_part.added", 1, of=sound_streams.two_parts)
def parts_overlap(stream: Stream) -> None:
    stream.move("content_part.done", 0, stream.at("content_part.added", 1))


@fault("part-not-empty", "output_item.added", of=text)
def item_begins_filled(stream: Stream) -> None:
    """The item is announced when all of it is there, and then streamed once more."""
    stream.event("output_item.added")["item"]["content"] = [{**TEXT, "text": "The next ferry leaves at nine."}]


@fault("content-index-missing", "output_text.delta", 1, of=text)
def no_content_index(stream: Stream) -> None:
    del stream.event("output_text.delta", 1)["content_index"]


# --- texts


@fault("text-not-empty", "output_item.added", of=_call)
def arguments_begin_filled(stream: Stream) -> None:
    """The first chunk of the model is both the announcement and the first piece."""
    stream.event("output_item.added")["item"]["arguments"] = '{"pier":'


@fault("text-not-empty", "output_item.added", of=_call)
def arguments_begin_whole(stream: Stream) -> None:
    stream.event("output_item.added")["item"]["arguments"] = '{"pier":"north"}'


@fault("text-not-empty", "content_part.added", of=text)
def part_begins_filled(stream: Stream) -> None:
    stream.event("content_part.added")["part"]["text"] = "The next ferry "


@fault("text-differs", "function_call_arguments.done", of=_call)
def arguments_done_empty(stream: Stream) -> None:
    stream.change("function_call_arguments.done", arguments="")


@fault("text-differs", "output_text.done", of=text)
def delta_lost(stream: Stream) -> None:
    stream.drop("output_text.delta", 1)


@fault("text-differs", "output_text.done", of=text)
def delta_repeated(stream: Stream) -> None:
    stream.repeat("output_text.delta", 1)


@fault("text-differs", "output_text.done", of=text)
def deltas_swapped(stream: Stream) -> None:
    stream.move("output_text.delta", 0, stream.at("output_text.delta", 1))


@fault("text-differs", "content_part.done", of=text)
def part_text_differs(stream: Stream) -> None:
    stream.event("content_part.done")["part"]["text"] = "The next ferry leaves at ten."
    for value in (stream.event("output_item.done")["item"], stream.event("completed")["response"]["output"][0]):
        value["content"][0]["text"] = "The next ferry leaves at ten."


@fault("text-differs", "reasoning_summary_text.done", of=_thought)
def summary_text_differs(stream: Stream) -> None:
    stream.change("reasoning_summary_text.done", text="Which ship?")


@fault("text-differs", "code_interpreter_call_code.done", of=sound_streams.code_interpreter)
def code_trimmed(stream: Stream) -> None:
    stream.change("code_interpreter_call_code.done", code="knots = 12 print(knots)")


@fault("text-differs", "shell_call_command.done", of=sound_streams.shell)
def command_differs(stream: Stream) -> None:
    stream.change("shell_call_command.done", command="ls piers")


@fault("text-differs", "shell_call_output_content.done", of=sound_streams.shell)
def printed_otherwise(stream: Stream) -> None:
    for printed in (
        stream.event("shell_call_output_content.done")["output"],
        stream.event("output_item.done", -1)["item"]["output"],
        stream.event("completed")["response"]["output"][1]["output"],
    ):
        printed[0]["stdout"] = "13 boats"


@fault("text-differs", "output_item.done", -1, of=sound_streams.shell)
def printed_whole_and_then_otherwise(stream: Stream) -> None:
    stream.drop("shell_call_output_content.delta")
    for printed in (
        stream.event("output_item.done", -1)["item"]["output"],
        stream.event("completed")["response"]["output"][1]["output"],
    ):
        printed[0]["stdout"] = "13 boats"


@fault("text-missing", "output_item.done", -1, of=sound_streams.shell)
def printed_and_forgotten(stream: Stream) -> None:
    stream.drop("shell_call_output_content.delta")
    stream.event("output_item.done", -1)["item"]["output"] = []
    stream.event("completed")["response"]["output"][1]["output"] = []


@fault("text-after-final", "output_text.delta", -1, of=text, beside="part-order")
def delta_after_text_done(stream: Stream) -> None:
    stream.repeat("output_text.delta", -1, to=stream.at("output_text.done") + 1)


@fault("text-final-twice", "output_text.done", 1, of=text, beside="part-order")
def text_done_twice(stream: Stream) -> None:
    stream.repeat("output_text.done")


@fault("text-missing", "output_item.done", of=_call)
def arguments_left_out(stream: Stream) -> None:
    del stream.event("output_item.done")["item"]["arguments"]
    del stream.event("completed")["response"]["output"][0]["arguments"]


@fault("name-differs", "function_call_arguments.done", of=_call)
def name_of_another_function(stream: Stream) -> None:
    stream.change("function_call_arguments.done", name="arrivals")


@fault("text-empty", "output_text.delta", -1, of=text)
def delta_empty(stream: Stream) -> None:
    stream.repeat("output_text.delta", -1, delta="")


@fault("text-empty", "output_text.delta", of=text)
def delta_empty_first(stream: Stream) -> None:
    """The chunk that only says who speaks becomes a piece."""
    stream.repeat("output_text.delta", to=stream.at("output_text.delta"), delta="")


@fault("annotations-index-gap", "output_text.annotation.added", 1, of=annotations)
def annotation_index_repeats(stream: Stream) -> None:
    stream.change("output_text.annotation.added", 1, annotation_index=0)


@fault("annotations-index-gap", "output_text.annotation.added", 2, of=annotations)
def annotation_index_not_reset(stream: Stream) -> None:
    stream.change("output_text.annotation.added", 2, annotation_index=2)


@fault("annotations-changed", "content_part.done", of=annotations)
def annotation_looked_up_again(stream: Stream) -> None:
    message = stream.event("output_item.done")["item"]
    for value in (message, stream.event("completed")["response"]["output"][0]):
        value["content"][0]["annotations"][0] = {**value["content"][0]["annotations"][0], "title": "Another"}
    part = stream.event("content_part.done")["part"]
    part["annotations"][0] = {**part["annotations"][0], "title": "Another"}


@fault("annotations-count", "content_part.done", of=sound_streams.searches)
def annotations_lost(stream: Stream) -> None:
    message = stream.event("output_item.done", -1)["item"]
    for value in (message, stream.event("completed")["response"]["output"][-1]):
        value["content"][0]["annotations"] = []
    stream.event("content_part.done")["part"]["annotations"] = []


@fault("annotations-count", "content_part.done", of=text)
def annotation_never_streamed(stream: Stream) -> None:
    for part in (
        stream.event("content_part.done")["part"],
        stream.event("output_item.done")["item"]["content"][0],
        stream.event("completed")["response"]["output"][0]["content"][0],
    ):
        part["annotations"] = [NOTE]


@fault("item-final-changed", "completed", of=sound_streams.searches)
def annotations_lost_at_end(stream: Stream) -> None:
    stream.event("completed")["response"]["output"][-1]["content"][0]["annotations"] = []


# --- summaries, commands, previews


@fault("summary-part-not-opened", "reasoning_summary_text.delta", of=_thought)
def summary_part_not_announced(stream: Stream) -> None:
    stream.drop("reasoning_summary_part.added")


@fault("summary-part-index-gap", "reasoning_summary_part.added", 1, of=_two_thoughts)
def summary_index_gap(stream: Stream) -> None:
    for event in stream.events:
        if event.get("summary_index") == 1:
            event["summary_index"] = 2


@fault("summary-part-index-gap", "reasoning_summary_part.added", of=_thought)
def summary_index_from_1(stream: Stream) -> None:
    for event in stream.events:
        if "summary_index" in event:
            event["summary_index"] = 1


@fault("summary-part-opened-twice", "reasoning_summary_part.added", 1, of=_two_thoughts)
def summary_index_stays(stream: Stream) -> None:
    for event in stream.events:
        if "summary_index" in event:
            event["summary_index"] = 0


@fault("summary-part-closed", "reasoning_summary_text.delta", -1, of=_thought)
def summary_after_its_end(stream: Stream) -> None:
    stream.repeat("reasoning_summary_text.delta", -1, to=stream.at("reasoning_summary_part.done") + 1)


@fault("summary-part-left-open", "output_item.done", of=_thought)
def summary_part_not_closed(stream: Stream) -> None:
    stream.drop("reasoning_summary_part.done")


@fault("summary-count", "output_item.done", of=sound_streams.reasoning_without_summary)
def summary_never_streamed(stream: Stream) -> None:
    for value in (stream.event("output_item.done")["item"], stream.event("completed")["response"]["output"][0]):
        value["summary"] = [{"type": "summary_text", "text": "Never said."}]


@fault("item-final-changed", "completed", of=_thought)
def summary_lost_at_end(stream: Stream) -> None:
    stream.event("completed")["response"]["output"][0]["summary"] = []


@fault("summary-part-not-empty", "output_item.added", of=_thought)
def thought_begins_filled(stream: Stream) -> None:
    stream.event("output_item.added")["item"]["summary"] = [{"type": "summary_text", "text": "Which pier?"}]


@fault("summary-part-overlap", "reasoning_summary_part.added", 1, of=_two_thoughts)
def summaries_overlap(stream: Stream) -> None:
    stream.move("reasoning_summary_part.done", 0, stream.at("reasoning_summary_part.added", 1))


@fault("summary-part-order", "reasoning_summary_part.done", of=_thought)
def summary_text_done_missing(stream: Stream) -> None:
    stream.drop("reasoning_summary_text.done")


@fault("summary-part-final-changed", "output_item.done", of=_thought)
def summary_other_in_item(stream: Stream) -> None:
    for value in (stream.event("output_item.done")["item"], stream.event("completed")["response"]["output"][0]):
        value["summary"][0]["text"] = "Which ship?"


@fault("summary-part-type-changed", "reasoning_summary_part.done", of=_thought)
def summary_ends_as_text(stream: Stream) -> None:
    stream.event("reasoning_summary_part.done")["part"]["type"] = "output_text"


@fault("summary-index-missing", "reasoning_summary_text.delta", 1, of=_thought)
def no_summary_index(stream: Stream) -> None:
    del stream.event("reasoning_summary_text.delta", 1)["summary_index"]


@fault("command-not-opened", "shell_call_command.delta", of=sound_streams.shell)
def command_not_announced(stream: Stream) -> None:
    stream.drop("shell_call_command.added")


@fault("command-index-gap", "shell_call_command.added", 1, of=sound_streams.shell)
def command_index_gap(stream: Stream) -> None:
    for event in stream.events:
        if event.get("command_index") == 1 and "command" in event["type"].removeprefix("response.shell_call_"):
            event["command_index"] = 2


@fault("command-left-open", "output_item.done", of=sound_streams.shell, beside="command-overlap")
def command_not_closed(stream: Stream) -> None:
    stream.drop("shell_call_command.done")


@fault("command-opened-twice", "shell_call_command.added", 1, of=sound_streams.shell)
def command_announced_twice(stream: Stream) -> None:
    stream.repeat("shell_call_command.added")


@fault("command-closed", "shell_call_command.delta", 2, of=sound_streams.shell)
def command_goes_on_after_its_end(stream: Stream) -> None:
    stream.repeat("shell_call_command.delta", 1, to=stream.at("shell_call_command.done") + 1)


@fault("command-overlap", "shell_call_command.added", 1, of=sound_streams.shell)
def commands_overlap(stream: Stream) -> None:
    stream.move("shell_call_command.done", 0, stream.at("shell_call_command.added", 1))


@fault("command-index-missing", "shell_call_command.delta", of=sound_streams.shell)
def no_command_index(stream: Stream) -> None:
    del stream.event("shell_call_command.delta")["command_index"]


@fault("command-not-empty", "output_item.added", of=sound_streams.shell)
def shell_call_begins_filled(stream: Stream) -> None:
    stream.event("output_item.added")["item"]["action"]["commands"] = ["ls pier", "wc -l boats"]


@fault("command-final-changed", "output_item.done", of=sound_streams.shell)
def command_other_in_item(stream: Stream) -> None:
    for value in (stream.event("output_item.done")["item"], stream.event("completed")["response"]["output"][0]):
        value["action"]["commands"][1] = "wc boats"


@fault("commands-count", "output_item.done", of=sound_streams.shell)
def command_lost_in_item(stream: Stream) -> None:
    for value in (stream.event("output_item.done")["item"], stream.event("completed")["response"]["output"][0]):
        del value["action"]["commands"][1]


@fault("item-final-changed", "completed", of=sound_streams.shell)
def commands_lost_at_end(stream: Stream) -> None:
    stream.event("completed")["response"]["output"][0]["action"]["commands"] = []


@fault("partial-image-index-missing", "image_generation_call.partial_image", 1, of=sound_streams.image)
def no_preview_index(stream: Stream) -> None:
    del stream.event("image_generation_call.partial_image", 1)["partial_image_index"]


@fault("partial-image-index-step", "image_generation_call.partial_image", 1, of=sound_streams.image)
def preview_repeats(stream: Stream) -> None:
    stream.change("image_generation_call.partial_image", 1, partial_image_index=0)


@fault("partial-image-index-start", "image_generation_call.partial_image", of=sound_streams.image)
def preview_from_1(stream: Stream) -> None:
    for event in stream.events:
        if "partial_image_index" in event:
            event["partial_image_index"] += 1
