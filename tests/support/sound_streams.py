"""Streams in which nothing is wrong, one for each thing that a correct server may do."""

from __future__ import annotations

import copy
from collections.abc import Callable

from .serving import ERROR, Served, Wire

NOTE: Wire = {
    "type": "url_citation",
    "url": "https://ferry.example",
    "title": "Ferries",
    "start_index": 0,
    "end_index": 3,
}
TEXT: Wire = {"type": "output_text", "text": "", "annotations": [], "logprobs": []}
REFUSAL: Wire = {"type": "refusal", "refusal": ""}

_MAKERS: dict[str, Callable[[], list[Wire]]] = {}


def sound(make: Callable[[], list[Wire]]) -> Callable[[], list[Wire]]:
    _MAKERS[make.__name__] = make
    return make


def sound_streams() -> dict[str, list[Wire]]:
    """Make all of them, by name; nobody else has them, so they may be changed."""
    return {name: copy.deepcopy(make()) for name, make in _MAKERS.items()}


def numbered(events: list[Wire], first: int = 0) -> list[Wire]:
    """Count the events anew, those that have a number."""
    for number, event in enumerate(events, first):
        if "sequence_number" in event:
            event["sequence_number"] = number
    return events


@sound
def text() -> list[Wire]:
    served = Served().begin()
    served.message("The next ferry ", "leaves ", "at nine.")
    return served.end()


@sound
def one_piece() -> list[Wire]:
    served = Served().begin()
    served.message("Nine.")
    return served.end()


@sound
def no_pieces() -> list[Wire]:
    served = Served().begin()
    served.message()
    return served.end()


@sound
def empty() -> list[Wire]:
    return Served().begin().end()


@sound
def background() -> list[Wire]:
    served = Served(background=True).begin(queued=True)
    served.message("It is ", "under way.")
    return served.end()


@sound
def refusal() -> list[Wire]:
    served = Served().begin()
    item = served.item("message", role="assistant", status="in_progress", content=[])
    item.part(REFUSAL, "I cannot ", "sink a ferry.")
    item.close(status="completed")
    return served.end()


@sound
def two_parts() -> list[Wire]:
    served = Served().begin()
    item = served.item("message", role="assistant", status="in_progress", content=[])
    item.part(TEXT, "The harbour ", "is open, ")
    item.part(REFUSAL, "but not ", "to pirates.")
    item.close(status="completed")
    return served.end()


@sound
def announced_as_completed() -> list[Wire]:
    served = Served().begin()
    item = served.item("message", role="assistant", status="completed", content=[])
    item.part(TEXT, "All of it ", "at once.")
    item.close()
    return served.end()


@sound
def annotations() -> list[Wire]:
    served = Served().begin()
    served.message("One, ", "two.", notes=[NOTE, {**NOTE, "title": "More ferries"}])
    served.message("Three, ", "four.", notes=[NOTE])
    return served.end()


@sound
def padded() -> list[Wire]:
    """Some pieces are padded and others are not; `logprobs` come with the pieces and not with the part."""
    events = text()
    pieces = [event for event in events if event["type"].endswith(".delta")]
    pieces[0].update(obfuscation="x7Q", logprobs=[{"token": "The", "logprob": -0.1, "bytes": [84], "top_logprobs": []}])
    pieces[2].update(obfuscation="4kk1a")
    return events


@sound
def reasoning_without_summary() -> list[Wire]:
    served = Served().begin()
    served.reasoning()
    served.message("At nine, ", "I think.")
    return served.end()


@sound
def reasoning_with_summaries() -> list[Wire]:
    served = Served().begin()
    served.reasoning(("Which ", "pier?"), ("The ", "north one."))
    served.message("From the ", "north pier.")
    return served.end()


@sound
def reasoning_in_the_open() -> list[Wire]:
    served = Served().begin()
    item = served.item("reasoning", summary=[], content=[])
    item.part({"type": "reasoning_text", "text": ""}, "Tides ", "first.")
    item.close()
    served.message("With the ", "tide.")
    return served.end()


@sound
def reasoning_encrypted_anew() -> list[Wire]:
    served = Served().begin()
    served.reasoning(encrypted_content="gAAA-first")
    served.output[0]["encrypted_content"] = "gAAA-second"
    served.message("It is ", "a secret.")
    return served.end()


@sound
def parallel_calls() -> list[Wire]:
    served = Served(parallel_tool_calls=True).begin()
    for number, pier in enumerate(("north", "south", "west")):
        served.call("departures", '{"pier":', f'"{pier}"', "}", call_id=f"call_{number}")
    return served.end()


@sound
def call_without_pieces() -> list[Wire]:
    served = Served().begin()
    item = served.item("function_call", name="piers", call_id="call_1", arguments="", status="in_progress")
    item.send("function_call_arguments.done", arguments="{}", name="piers")
    item.close(arguments="{}", status="completed")
    return served.end()


@sound
def custom_tool() -> list[Wire]:
    served = Served().begin()
    item = served.item("custom_tool_call", name="flags", call_id="call_1", input="")
    item.text("custom_tool_call_input", "input", "alpha ", "bravo")
    item.close()
    return served.end()


@sound
def custom_tool_without_its_end() -> list[Wire]:
    """The end of the item is enough."""
    served = Served().begin()
    item = served.item("custom_tool_call", name="flags", call_id="call_1", input="", status="in_progress")
    item.text("custom_tool_call_input", "input", "alpha ", "bravo", final=False)
    item.close(status="completed")
    return served.end()


@sound
def hosted_tools_that_failed() -> list[Wire]:
    """Their last phase says that they are over, and the item how."""
    served = Served().begin()
    served.search("web_search_call", {}, {"status": "failed"})
    served.search("file_search_call", {"queries": []}, {"status": "failed"})
    item = served.item("code_interpreter_call", status="in_progress", code="", container_id="cntr_1", outputs=None)
    item.send("code_interpreter_call.in_progress")
    item.text("code_interpreter_call_code", "code", "knots = ", "12")
    item.send("code_interpreter_call.interpreting")
    item.send("code_interpreter_call.completed")
    item.close(status="failed")
    return served.end()


@sound
def searches() -> list[Wire]:
    served = Served().begin()
    served.search("web_search_call", {}, {"action": {"type": "search", "query": "ferry times"}})
    served.search("file_search_call", {"queries": []}, {"queries": ["ferry"], "results": None})
    served.message("Found ", "it.", notes=[NOTE])
    return served.end()


@sound
def code_interpreter() -> list[Wire]:
    served = Served().begin()
    item = served.item("code_interpreter_call", status="in_progress", code="", container_id="cntr_1", outputs=None)
    item.send("code_interpreter_call.in_progress")
    item.text("code_interpreter_call_code", "code", "knots = ", "12\n", "print(knots)")
    item.send("code_interpreter_call.interpreting")
    item.send("code_interpreter_call.completed")
    item.close(status="completed", outputs=[{"type": "logs", "logs": "12"}])
    served.message("Twelve ", "knots.")
    return served.end()


@sound
def image() -> list[Wire]:
    served = Served().begin()
    for _ in range(2):
        item = served.item("image_generation_call", status="in_progress", result=None)
        item.send("image_generation_call.in_progress")
        item.send("image_generation_call.generating")
        for number in range(3):
            item.send(
                "image_generation_call.partial_image", partial_image_index=number, partial_image_b64=f"iVBO{number}"
            )
        item.send("image_generation_call.completed")
        item.close(status="completed", result="iVBO9")
    return served.end()


@sound
def image_that_is_still_generating() -> list[Wire]:
    """The status is left as it was, though the image is there."""
    served = Served().begin()
    item = served.item("image_generation_call", status="in_progress", result=None)
    for phase in ("in_progress", "generating", "completed"):
        item.send(f"image_generation_call.{phase}")
    item.close(status="generating", result="iVBO9")
    return served.end()


@sound
def mcp() -> list[Wire]:
    served = Served().begin()
    tools = served.item("mcp_list_tools", server_label="harbour", tools=[])
    tools.send("mcp_list_tools.in_progress")
    tools.send("mcp_list_tools.completed")
    tools.close(tools=[{"name": "moor", "description": None, "input_schema": {}, "annotations": None}])
    for end in ("completed", "failed"):
        item = served.item("mcp_call", name="moor", server_label="harbour", arguments="", status="in_progress")
        item.send("mcp_call.in_progress")
        item.text("mcp_call_arguments", "arguments", '{"rope":', "2}")
        item.send(f"mcp_call.{end}")
        item.close(status=end, output="moored" if end == "completed" else None)
    served.message("Moored, ", "once.")
    return served.end()


@sound
def mcp_approval() -> list[Wire]:
    served = Served().begin()
    request = served.item("mcp_approval_request", name="moor", server_label="harbour", arguments='{"rope":2}')
    request.close()
    return served.end()


@sound
def shell() -> list[Wire]:
    served = Served().begin()
    action = {"commands": [], "timeout_ms": None, "max_output_length": None}
    item = served.item("shell_call", call_id="call_1", status="in_progress", action=action)
    item.command("ls ", "pier")
    item.command("wc ", "-l ", "boats")
    item.close(status="completed")
    output = served.item("shell_call_output", call_id="call_1", status="completed", max_output_length=None, output=[])
    printed = [{"stdout": "12 boats", "stderr": "", "outcome": {"type": "exit", "exit_code": 0}}]
    output.send("shell_call_output_content.delta", command_index=0, delta={"stdout": "12 boats"})
    output.send("shell_call_output_content.done", command_index=0, output=printed)
    output.close(output=printed)
    return served.end()


@sound
def patches() -> list[Wire]:
    served = Served().begin()
    operation = {"type": "create_file", "path": "piers.md", "diff": ""}
    item = served.item("apply_patch_call", call_id="call_1", status="in_progress", operation=operation)
    diff = item.text("apply_patch_call_operation_diff", "diff", "+north\n", "+south\n")
    item.close(status="completed", operation={**operation, "diff": diff})
    gone = {"type": "delete_file", "path": "old.md"}
    item = served.item("apply_patch_call", call_id="call_2", status="in_progress", operation=gone)
    item.close(status="completed")
    return served.end()


@sound
def local_shell() -> list[Wire]:
    served = Served().begin()
    action = {"type": "exec", "command": [], "env": {}}
    item = served.item("local_shell_call", call_id="call_1", status="in_progress", action=action)
    item.close(status="completed", action={**action, "command": ["ls", "pier"]})
    return served.end()


@sound
def plain_items() -> list[Wire]:
    """Items that no event but their beginning and their end is about."""
    served = Served().begin()
    served.item("tool_search_call", call_id="call_1", execution="server", status="in_progress", arguments={}).close()
    found = {"call_id": "call_1", "execution": "server", "tools": []}
    served.item("tool_search_output", **found, status="in_progress").close(status="completed")
    program = served.item("program", call_id="call_2", code="", fingerprint="f1")
    program.close(code="sail()")
    program.value["fingerprint"] = "f2"
    served.item("program_output", call_id="call_2", result="sailed", status="completed").close()
    return served.end()


@sound
def spoken() -> list[Wire]:
    served = Served().begin()
    item = served.item("message", role="assistant", status="in_progress", content=[])
    for piece in ("UklG", "RiQA"):
        served.send("audio.delta", delta=piece)
        served.send("audio.transcript.delta", delta="Nine ")
    served.send("audio.done")
    served.send("audio.transcript.done")
    item.close(status="completed")
    return served.end()


@sound
def mcp_tools_that_cannot_be_listed() -> list[Wire]:
    served = Served().begin()
    tools = served.item("mcp_list_tools", server_label="harbour", tools=[])
    tools.send("mcp_list_tools.in_progress")
    tools.send("mcp_list_tools.failed")
    tools.close(error="no route to harbour")
    return served.end()


@sound
def compaction() -> list[Wire]:
    served = Served().begin()
    served.message("Full ", "speed.")
    item = served.item("compaction", encrypted_content="gAAA-1")
    item.close(encrypted_content="gAAA-2")
    item.value["encrypted_content"] = "gAAA-3"
    return served.end()


@sound
def resumed() -> list[Wire]:
    return text()[5:]


@sound
def resumed_between_items() -> list[Wire]:
    events = reasoning_with_summaries()
    return events[1 + _last(events[:-3], "response.reasoning_summary_part.done") :]


@sound
def resumed_at_a_keepalive() -> list[Wire]:
    return keepalives()[5:]


@sound
def two_recordings() -> list[Wire]:
    return [*parallel_calls(), *_named("resp_2", text())]


@sound
def recording_behind_a_failure() -> list[Wire]:
    return [*failed_midway(), *_named("resp_2", text())]


@sound
def refused_on_a_socket() -> list[Wire]:
    """Requests for which there is no response are answered by an error, which counts nothing."""
    refusal = {"type": "error", "status": 400, "error": {"type": "invalid_request_error", **ERROR}}
    return [refusal, *text(), refusal, refusal, *_named("resp_2", parallel_calls()), refusal]


@sound
def failed_at_once() -> list[Wire]:
    return Served().begin().end("failed")


@sound
def failed_midway() -> list[Wire]:
    served = Served().begin()
    item = served.item("message", role="assistant", status="in_progress", content=[])
    item.part(TEXT, "The ferry ", "is", final=False)
    return served.end("failed", output=[])


@sound
def error_alone() -> list[Wire]:
    served = Served().begin()
    served.item("message", role="assistant", status="in_progress", content=[])
    served.send("error", error={"type": "server_error", "param": None, **ERROR})
    return served.events


@sound
def error_before_anything() -> list[Wire]:
    served = Served()
    served.send("error", error={"type": "invalid_request_error", "param": "model", **ERROR})
    return served.events


@sound
def error_then_failed() -> list[Wire]:
    served = Served().begin()
    served.send("error", **ERROR, param=None)
    return served.end("failed")


@sound
def failed_between_items() -> list[Wire]:
    served = Served().begin()
    served.message("The ferry ", "is")
    return served.end("failed")


@sound
def cut_off_before_anything() -> list[Wire]:
    return Served().begin().end("incomplete")


@sound
def cut_off_in_text() -> list[Wire]:
    served = Served().begin()
    served.message("The ferry ", "lea", status="incomplete")
    return served.end("incomplete")


@sound
def cut_off_by_a_filter() -> list[Wire]:
    served = Served().begin()
    served.message("The ferry ", "is a ", status="incomplete")
    return served.end("incomplete", incomplete_details={"reason": "content_filter"})


@sound
def cut_off_in_a_call() -> list[Wire]:
    """What is cut off says so, and sends no end of its arguments."""
    served = Served().begin()
    item = served.item("function_call", name="departures", call_id="call_1", arguments="", status="in_progress")
    item.text("function_call_arguments", "arguments", '{"pier":', '"nor', final=False)
    item.close(status="incomplete")
    return served.end("incomplete")


@sound
def cut_off_in_a_search() -> list[Wire]:
    served = Served().begin()
    item = served.item("web_search_call", status="in_progress")
    item.send("web_search_call.in_progress")
    item.send("web_search_call.searching")
    item.close(status="incomplete", action={"type": "search", "query": "ferry"})
    return served.end("incomplete")


@sound
def cut_off_in_code() -> list[Wire]:
    served = Served().begin()
    item = served.item("code_interpreter_call", status="in_progress", code="", container_id="cntr_1", outputs=None)
    item.send("code_interpreter_call.in_progress")
    item.text("code_interpreter_call_code", "code", "knots = ", "1", final=False)
    item.close(status="incomplete")
    return served.end("incomplete")


@sound
def cut_off_behind_reasoning() -> list[Wire]:
    served = Served().begin()
    served.reasoning(("Which ", "pier?"), status="incomplete")
    return served.end("incomplete")


@sound
def keepalives() -> list[Wire]:
    events = text()
    for at in (9, 5, 2):
        events.insert(at, {"type": "keepalive", "sequence_number": 0})
    return numbered(events)


@sound
def unknown_events() -> list[Wire]:
    """Events, items and parts of a kind that came after this version of the spec; they are counted like others."""
    served = Served().begin()
    served.send("foghorn.sounded", times=3)
    item = served.item("tide_call", status="in_progress", depth="")
    item.send("tide_call.rising", metres=2)
    item.close(status="completed", depth="2 m")
    served.message("High ", "water.")
    served.send("foghorn.silent")
    message = served.item("message", role="assistant", status="in_progress", content=[])
    message.part({"type": "chart", "text": "", "scale": 4})
    message.close(status="completed")
    return served.end()


def _last(events: list[Wire], tag: str) -> int:
    return max(at for at, event in enumerate(events) if event["type"] == tag)


def _named(identity: str, events: list[Wire]) -> list[Wire]:
    for event in events:
        if "response" in event:
            event["response"]["id"] = identity
    return events
