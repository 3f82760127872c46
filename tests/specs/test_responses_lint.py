"""The lifecycle of the Responses API: the examples of the spec make valid streams, and recordings are believed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import pytest

from responses_events.lint import PROFILES, RULES, lint
from support import CORPUS
from support.wire_samples import examples

STREAMS = CORPUS / "streams"

needs_recordings = pytest.mark.skipif(not STREAMS.is_dir(), reason="there is no corpus")

Wire = dict[str, Any]

MESSAGE: Wire = {"type": "message", "id": "msg_01", "role": "assistant", "status": "completed"}
REASONING: Wire = {"type": "reasoning", "id": "rs_01", "summary": []}
CALLER: Wire = {"call_id": "call_01"}

# How an item begins and ends, and the events between, whose examples belong to each other.
ITEMS: dict[str, tuple[Wire, list[str], Wire]] = {
    "a text": (
        {"content": []},
        ["content_part.added", "output_text.delta", "output_text.annotation.added", "output_text.done",
         "content_part.done"],
        MESSAGE | {"content": [examples()["response.content_part.done"]["part"]]},
    ),
    "a summary": (
        {"summary": []},
        ["reasoning_summary_part.added", "reasoning_summary_text.delta", "reasoning_summary_text.done",
         "reasoning_summary_part.done"],
        REASONING | {"summary": [examples()["response.reasoning_summary_part.done"]["part"]]},
    ),
    "sealed thoughts": ({"encrypted_content": "short"}, [], REASONING | {"encrypted_content": "longer"}),
    "a function": (
        {"arguments": "", "status": "in_progress"},
        ["function_call_arguments.delta", "function_call_arguments.done"],
        {"type": "function_call", "id": "fc_01", "name": "get_weather", "arguments": '{"city":"Paris"}',
         "status": "completed"} | CALLER,
    ),
    "a custom tool": (
        {"input": ""},
        ["custom_tool_call_input.delta", "custom_tool_call_input.done"],
        {"type": "custom_tool_call", "id": "ctc_01", "name": "sql", "input": "SELECT name FROM users"} | CALLER,
    ),
    "a web search": (
        {"status": "in_progress", "action": None},
        ["web_search_call.in_progress", "web_search_call.searching", "web_search_call.completed"],
        {"type": "web_search_call", "id": "ws_01", "status": "completed", "action": {"type": "search", "query": "x"}},
    ),
    "a file search": (
        {"status": "in_progress", "queries": []},
        ["file_search_call.in_progress", "file_search_call.searching", "file_search_call.completed"],
        {"type": "file_search_call", "id": "fs_01", "status": "completed", "queries": ["x"], "results": None},
    ),
    "code": (
        {"status": "in_progress", "code": ""},
        ["code_interpreter_call.in_progress", "code_interpreter_call_code.delta", "code_interpreter_call_code.done",
         "code_interpreter_call.interpreting", "code_interpreter_call.completed"],
        {"type": "code_interpreter_call", "id": "ci_01", "status": "completed", "container_id": "cntr_01",
         "code": "print(6 * 7)", "outputs": [{"type": "logs", "logs": "42"}]},
    ),
    "an image": (
        {"status": "in_progress", "result": None},
        ["image_generation_call.in_progress", "image_generation_call.generating",
         "image_generation_call.partial_image", "image_generation_call.completed"],
        {"type": "image_generation_call", "id": "ig_01", "status": "completed", "result": "iVBORw0KGgo="},
    ),
    "tools of an MCP server": (
        {"tools": []},
        ["mcp_list_tools.in_progress", "mcp_list_tools.completed"],
        {"type": "mcp_list_tools", "id": "mcpl_01", "server_label": "s", "tools": [{"name": "t", "input_schema": {}}]},
    ),
    "no tools of an MCP server": (
        {"tools": [], "error": None},
        ["mcp_list_tools.in_progress", "mcp_list_tools.failed"],
        {"type": "mcp_list_tools", "id": "mcpl_01", "server_label": "s", "tools": [], "error": "gone"},
    ),
    "a patch": (
        {"status": "in_progress", "operation": {"type": "create_file", "path": "list.md", "diff": ""}},
        ["apply_patch_call_operation_diff.delta", "apply_patch_call_operation_diff.done"],
        {"type": "apply_patch_call", "id": "apc_01", "status": "completed",
         "operation": {"type": "create_file", "path": "list.md", "diff": "+# Shopping list\n+- Milk\n"}} | CALLER,
    ),
    "a patch that deletes": (
        {"status": "in_progress"},
        [],
        {"type": "apply_patch_call", "id": "apc_01", "status": "completed",
         "operation": {"type": "delete_file", "path": "list.md"}} | CALLER,
    ),
    "a shell": (
        {"status": "in_progress", "action": {"commands": [], "timeout_ms": None, "max_output_length": None}},
        ["shell_call_command.added", "shell_call_command.delta", "shell_call_command.done"],
        {"type": "shell_call", "id": "sh_01", "status": "completed", "environment": None,
         "action": {"commands": ["ls -a"], "timeout_ms": None, "max_output_length": None}} | CALLER,
    ),
    "a compaction": (
        {"encrypted_content": "short"},
        ["compaction.compacting"],
        {"type": "compaction", "id": "cmp_01", "encrypted_content": "longer"},
    ),
    "a request for approval": (
        {},
        [],
        {"type": "mcp_approval_request", "id": "mcpr_01", "server_label": "s", "name": "t", "arguments": "{}"},
    ),
    "a program": (
        {"code": "", "fingerprint": "a"},
        [],
        {"type": "program", "id": "cm_01", "code": "call()", "fingerprint": "b"} | CALLER,
    ),
    "a search for tools": (
        {"call_id": None, "arguments": {}, "status": "in_progress"},
        [],
        {"type": "tool_search_call", "id": "tsc_01", "call_id": "call_01", "execution": "client",
         "arguments": {"goal": "x"}, "status": "completed"},
    ),
    "a computer": (
        {"status": "in_progress"},
        [],
        {"type": "computer_call", "id": "cu_01", "actions": [{"type": "screenshot"}], "pending_safety_checks": [],
         "status": "completed"} | CALLER,
    ),
    "a local shell": (
        {"status": "in_progress", "action": {"type": "exec", "command": [], "env": {}}},
        [],
        {"type": "local_shell_call", "id": "lsh_01", "action": {"type": "exec", "command": ["ls"], "env": {}},
         "status": "completed"} | CALLER,
    ),
}  # fmt: skip

REFUSAL = examples()["response.refusal.done"]["refusal"]
THOUGHT = examples()["response.reasoning_text.done"]["text"]
PART = {"type": "refusal", "refusal": ""}


def numbered(events: list[Wire]) -> list[Wire]:
    return [event | {"sequence_number": number} for number, event in enumerate(events)]


def stream(begun: Wire, tags: list[str], done: Wire, **changes: Wire) -> list[Wire]:
    """Make a stream of one item out of the examples of the spec."""
    told = {tag: examples()[f"response.{tag}"] | {"output_index": 0} | changes.get(tag, {}) for tag in tags}
    added, closing, completed = (
        examples()[f"response.{tag}"] for tag in ("output_item.added", "output_item.done", "completed")
    )
    return numbered([
        examples()["response.created"],
        examples()["response.in_progress"],
        added | {"item": done | begun},
        *(told[tag] for tag in tags),
        closing | {"item": done},
        completed | {"response": completed["response"] | {"output": [done]}},
    ])  # fmt: skip


def rules(events: list[Wire], profile: str | None = None) -> list[str]:
    return [finding.rule for finding in lint(events, profile=profile)]


@pytest.mark.parametrize("name", ITEMS)
def test_the_examples_of_an_item_are_a_valid_stream(name: str) -> None:
    assert lint(stream(*ITEMS[name])) == []


def test_the_examples_of_a_message_are_a_valid_stream_as_they_are() -> None:
    tags = (
        "created", "in_progress", "output_item.added", "content_part.added", "output_text.delta",
        "output_text.annotation.added", "output_text.done", "content_part.done", "output_item.done", "completed",
    )  # fmt: skip
    assert lint([examples()[f"response.{tag}"] for tag in tags]) == []


def test_a_refusal_and_thoughts_in_words_are_parts_as_well() -> None:
    added = {"content_part.added": {"part": PART}, "content_part.done": {"part": PART | {"refusal": REFUSAL}}}
    refusal = stream(
        {"content": []},
        ["content_part.added", "refusal.delta", "refusal.done", "content_part.done"],
        MESSAGE | {"content": [PART | {"refusal": REFUSAL}]},
        **added,
    )
    assert lint(refusal) == []
    thought = {"type": "reasoning_text", "text": THOUGHT}
    parts = {
        "content_part.added": {"part": thought | {"text": ""}, "item_id": "rs_01"},
        "content_part.done": {"part": thought, "item_id": "rs_01"},
    }
    tags = ["content_part.added", "reasoning_text.delta", "reasoning_text.done", "content_part.done"]
    assert lint(stream({"content": []}, tags, REASONING | {"content": [thought]}, **parts)) == []


def test_a_call_of_an_mcp_server_is_done_or_failed() -> None:
    call = {"type": "mcp_call", "id": "mcp_01", "server_label": "s", "name": "t", "approval_request_id": None}
    arguments = {"arguments": '{"query":"weather in Paris"}'}
    phases = ["mcp_call.in_progress", "mcp_call_arguments.delta", "mcp_call_arguments.done"]
    for last in ("completed", "failed"):
        done = call | arguments | {"status": last, "output": None}
        begun = {"arguments": "", "status": "in_progress"}
        assert lint(stream(begun, [*phases, f"mcp_call.{last}"], done)) == []
        assert rules(stream(begun, phases, done)) == ["item-order"]


def test_what_a_shell_prints_is_an_item_of_its_own() -> None:
    done = {
        "type": "shell_call_output", "id": "sho_01", "call_id": "call_01", "status": "completed",
        "max_output_length": None, "output": examples()["response.shell_call_output_content.done"]["output"],
    }  # fmt: skip
    tags = ["shell_call_output_content.delta", "shell_call_output_content.done"]
    assert lint(stream({"output": []}, tags, done)) == []


def test_an_answer_that_is_cut_short_may_leave_its_call_as_it_is() -> None:
    begun, tags, done = ITEMS["a function"]
    events = stream(begun, tags, done | {"arguments": '{"city":', "status": "incomplete"})
    events[3:5] = [events[3] | {"delta": '{"city":'}]
    snapshot = examples()["response.incomplete"]
    events[-1] = snapshot | {"response": snapshot["response"] | {"output": [events[-2]["item"]]}}
    assert lint(numbered(events)) == []


def test_failures_steering_and_signs_of_life_disturb_nothing() -> None:
    head = [examples()["response.created"], examples()["response.in_progress"]]
    assert lint(numbered([*head, examples()["error"], examples()["response.failed"]])) == []
    assert lint(numbered([*head, examples()["response.failed"]])) == []
    assert lint(numbered([examples()["error"]])) == []
    message = stream(*ITEMS["a text"])
    for tag in ("keepalive", "response.steer.accepted", "response.steer.failed", "response.audio.delta"):
        for place in range(1, len(message) - 1):
            assert lint(numbered([*message[:place], examples()[tag], *message[place:]])) == [], (tag, place)
    assert lint(numbered([*message, examples()["response.steer.pending"]])) == []


def test_lists_of_tools_that_are_never_finished_are_known_of_openai() -> None:
    def about(index: int, tag: str, **members: Any) -> Wire:
        return {"type": f"response.{tag}", "output_index": index, **members}

    lists = [{"type": "mcp_list_tools", "id": f"mcpl_{n}", "server_label": f"s{n}", "tools": []} for n in range(2)]
    done = MESSAGE | {"content": []}
    begun, last = stream({"content": []}, [], done)[:2], stream({"content": []}, [], done)[-1]
    events = numbered([
        *begun,
        *(about(n, "output_item.added", item=item) for n, item in enumerate(lists)),
        *(about(n, "mcp_list_tools.in_progress", item_id=f"mcpl_{n}") for n in range(2)),
        *(about(n, "mcp_list_tools.completed", item_id=f"mcpl_{n}") for n in range(2)),
        about(1, "output_item.done", item=lists[1]),
        about(2, "output_item.added", item=done),
        about(2, "output_item.done", item=done),
        last | {"response": last["response"] | {"output": [*lists, done]}},
    ])  # fmt: skip
    assert rules(events) == ["item-left-open"]
    assert rules(events, "openai") == []


def reasoned(**changes: Any) -> list[Wire]:
    """Make a stream of a reasoning item and a message, each with a part of its own."""
    thought = {"type": "reasoning_text", "text": THOUGHT}
    text = {"type": "output_text", "text": "Hello", "annotations": []}
    first, second = REASONING | {"content": [thought]}, MESSAGE | {"content": [text]}
    tags = ["content_part.added", "reasoning_text.delta", "reasoning_text.done", "content_part.done"]
    parts = {tag: {"part": thought, "item_id": "rs_01"} for tag in ("content_part.added", "content_part.done")}
    parts["content_part.added"]["part"] = thought | {"text": ""}
    told = stream({"content": []}, tags, first, **parts)
    tags = ["content_part.added", "output_text.delta", "output_text.done", "content_part.done"]
    parts = {tag: {"output_index": 1} for tag in tags} | {"content_part.done": {"part": text, "output_index": 1}}
    said = [event | {"output_index": 1} for event in stream({"content": []}, tags, second, **parts)[2:-1]]
    last = told[-1]
    return [*told[:-1], *said, last | {"response": last["response"] | {"output": [first, second]} | changes}]


def test_what_other_providers_do_is_known_of_them() -> None:
    whole = reasoned()
    assert rules(numbered(whole)) == []
    # The backend of Codex repeats nothing, or null.
    for nothing in ([], None):
        events = numbered(reasoned(output=nothing))
        assert (rules(events), rules(events, "codex")) == (["output-missing"], [])
    # OpenRouter begins the message before the reasoning is done, and gives it another id in the end.
    begins = next(n for n, event in enumerate(whole) if event.get("output_index") == 1)
    first, second = whole[-1]["response"]["output"]
    events = reasoned(output=[first | {"id": "rs_02"}, second])
    events[begins - 1 : begins + 1] = [events[begins], events[begins - 1]]
    events = numbered(events)
    assert (rules(events), rules(events, "openrouter")) == (["item-overlap", "item-id-changed"], [])
    # Bedrock announces the part of the reasoning by an event of its own, and counts the parts on.
    events = [
        event | {"type": event["type"].replace("content_part", "reasoning_part")} if number < begins
        else event | {"content_index": 1} if "content_index" in event
        else event
        for number, event in enumerate(whole)
    ]  # fmt: skip
    events = numbered(events)
    assert (rules(events), rules(events, "bedrock_mantle")) == (["part-not-opened", "part-index-gap"], [])


def test_rules_and_profiles_say_what_they_are_for() -> None:
    for profile in PROFILES.values():
        for off in profile.off:
            assert off.partition(" of ")[0] in RULES


def on_lanes(*lanes: tuple[str | None, list[Wire]]) -> list[Wire]:
    """Weave streams into one recording of a connection, an event of each in turn."""
    named = [[event | ({"stream_id": name} if name else {}) for event in events] for name, events in lanes]
    return [event for events in zip_longest(*named) for event in events if event is not None]


def test_lanes_of_a_connection_are_streams_of_their_own() -> None:
    call, text = stream(*ITEMS["a function"]), stream(*ITEMS["a text"])
    assert lint(on_lanes(("a", call), ("b", text))) == []
    assert lint(on_lanes(("a", call), (None, text))) == []
    # One after the other in each, pieces of one position in turn, and a request that was refused.
    assert lint(on_lanes(("a", text + text), ("b", text + call), ("c", text))) == []
    refusal = examples()["error"] | {"status": 400}
    del refusal["sequence_number"]
    assert lint([*on_lanes(("a", text[:5]), ("b", [refusal])), refusal, *on_lanes(("a", text[5:]))]) == []


def test_what_is_wrong_in_a_lane_is_found_there() -> None:
    call, text = stream(*ITEMS["a function"]), stream(*ITEMS["a text"])
    broken = on_lanes(("a", call), ("b", [*text[:4], *text[5:]]))
    found = [(each.rule, broken[each.index]["stream_id"]) for each in lint(broken)]
    assert found == [("sequence-number-step", "b")]
    cut_off = on_lanes(("a", call[:-1]), ("b", text))
    assert [each.rule for each in lint(cut_off)] == ["stream-truncated"]


# Recordings that break a rule: what was edited or trimmed by hand, and what providers do.
FINDINGS: dict[str, dict[str, int]] = {
    "azure-image-generation-tool.1": {"item-order": 1},
    "azure-web-search-preview-tool.1": {"item-order": 1},
    "openai--github-copilot-id-rotation.1": {"stream-changed": 1, "item-id-differs": 1, "item-changed": 2},
    "openai--parallel-tool-call-wrapper.1": {
        "sequence-number-missing": 1, "stream-not-opened": 1, "stream-truncated": 1,
    },
    "openai-custom-tool.1": {"sequence-number-missing": 1},
    "openai-phase.1": {"sequence-number-step": 1, "text-differs": 2, "item-index-gap": 1},
    "openai-shell-container.1": {"text-differs": 1},
    "xai-web-search-tool.1": {"item-order": 1},
    "xai-x-search-tool": {"item-overlap": 1},
}  # fmt: skip

PROFILE_OF = {"azure": "azure", "xai": "xai", "openai--github-copilot": "copilot"}


def recorded() -> Iterator[tuple[str, list[Wire]]]:
    for path in sorted(STREAMS.glob("*.jsonl")):
        yield path.name.removesuffix(".jsonl"), [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@needs_recordings
def test_recorded_streams_have_the_findings_that_are_known() -> None:
    found = {name: dict(Counter(rules(events))) for name, events in recorded()}
    assert {name: counts for name, counts in found.items() if counts} == FINDINGS


@needs_recordings
def test_a_profile_forgives_what_its_provider_does() -> None:
    for name, events in recorded():
        profile = next((profile for start, profile in PROFILE_OF.items() if name.startswith(start)), None)
        if profile is not None:
            assert rules(events, profile) == [], name
