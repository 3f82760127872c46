"""Sound streams put together at random: any items in any order, in any number of pieces, with any end."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from .serving import Served, Wire
from .sound_streams import NOTE, REFUSAL, TEXT, numbered


def random_stream(seed: int) -> list[Wire]:
    """Make a sound stream, the same one for a seed."""
    choose = random.Random(seed)
    served = Served(f"resp_{seed}").begin(queued=choose.random() < 0.2)
    for _ in range(choose.randrange(6)):
        choose.choice(_ITEMS)(served, choose)
    end = choose.choice(("completed", "completed", "incomplete", "failed"))
    events = served.end(end)
    for at in choose.sample(range(1, len(events)), choose.randrange(3) if len(events) > 2 else 0):
        events.insert(at, {"type": choose.choice(("keepalive", "response.foghorn")), "sequence_number": 0})
    return numbered(events)


def _pieces(choose: random.Random) -> list[str]:
    return [choose.choice(("ferry ", "pier, ", "\n", "{", "é", "🛥", "a" * 40)) for _ in range(choose.randrange(5))]


def _status(choose: random.Random) -> str:
    """What an item begins with: a server that has all of it at once may say so."""
    return "completed" if choose.random() < 0.1 else "in_progress"


def _message(served: Served, choose: random.Random) -> None:
    item = served.item("message", role="assistant", status=_status(choose), content=[])
    for _ in range(choose.choice((0, 1, 1, 1, 2, 3))):
        notes = [{**NOTE, "start_index": number} for number in range(choose.choice((0, 0, 1, 3)))]
        if choose.random() < 0.2:
            item.part(REFUSAL, *_pieces(choose))
        else:
            item.part(TEXT, *_pieces(choose), notes=notes)
    item.close(status="completed")


def _reasoning(served: Served, choose: random.Random) -> None:
    item = served.item("reasoning", summary=[], content=[])
    for _ in range(choose.randrange(3)):
        item.summary(*_pieces(choose))
    for _ in range(choose.randrange(2)):
        item.part({"type": "reasoning_text", "text": ""}, *_pieces(choose))
    item.close()


def _call(served: Served, choose: random.Random) -> None:
    served.call("departures", *choose.choice((["{}"], ['{"pier":', '"north"}'])), call_id=_call_id(served))


def _custom(served: Served, choose: random.Random) -> None:
    item = served.item("custom_tool_call", name="flags", call_id=_call_id(served), input="")
    item.text("custom_tool_call_input", "input", *_pieces(choose))
    item.close()


def _search(served: Served, choose: random.Random) -> None:
    if choose.random() < 0.5:
        served.search("web_search_call", {}, {"action": {"type": "search", "query": "ferry"}})
    else:
        served.search("file_search_call", {"queries": []}, {"queries": ["ferry"], "results": None})


def _code(served: Served, choose: random.Random) -> None:
    item = served.item("code_interpreter_call", status="in_progress", code="", container_id="cntr_1", outputs=None)
    item.send("code_interpreter_call.in_progress")
    item.text("code_interpreter_call_code", "code", *_pieces(choose))
    item.send("code_interpreter_call.interpreting")
    item.send("code_interpreter_call.completed")
    item.close(status="completed")


def _image(served: Served, choose: random.Random) -> None:
    item = served.item("image_generation_call", status="in_progress", result=None)
    item.send("image_generation_call.in_progress")
    item.send("image_generation_call.generating")
    for number in range(choose.randrange(4)):
        item.send("image_generation_call.partial_image", partial_image_index=number, partial_image_b64="iVBO")
    item.send("image_generation_call.completed")
    item.close(status="completed", result="iVBO9")


def _mcp(served: Served, choose: random.Random) -> None:
    item = served.item("mcp_call", name="moor", server_label="harbour", arguments="", status="in_progress")
    item.send("mcp_call.in_progress")
    item.text("mcp_call_arguments", "arguments", '{"rope":', "2}")
    end = choose.choice(("completed", "failed"))
    item.send(f"mcp_call.{end}")
    item.close(status=end, output="moored" if end == "completed" else None)


def _shell(served: Served, choose: random.Random) -> None:
    action: Any = {"commands": [], "timeout_ms": None, "max_output_length": None}
    item = served.item("shell_call", call_id=_call_id(served), status="in_progress", action=action)
    for _ in range(choose.randrange(4)):
        item.command(*_pieces(choose))
    item.close(status="completed")


def _call_id(served: Served) -> str:
    return f"call_{len(served.output)}"


_ITEMS: tuple[Callable[[Served, random.Random], None], ...] = (
    *(_message, _reasoning, _call, _custom, _search, _code, _image, _mcp, _shell),
)
