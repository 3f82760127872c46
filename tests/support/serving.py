"""Writes the stream of a response as a server without faults does: `Served` the whole, `Item` one element of `output`.

What events repeat comes from what was said before, and the numbers count. So a test only says what differs.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

Wire = dict[str, Any]

ERROR: Wire = {"code": "server_error", "message": "The harbour computer is down."}

USAGE: Wire = {
    "input_tokens": 12,
    "input_tokens_details": {"cached_tokens": 0},
    "output_tokens": 30,
    "output_tokens_details": {"reasoning_tokens": 8},
    "total_tokens": 42,
}


class Served:
    """The stream of one response.

    Attributes:
        events: What has been sent so far, in wire form.
    """

    def __init__(self, identity: str = "resp_1", **settings: Any) -> None:
        self.events: list[Wire] = []
        self.output: list[Wire] = []
        self._settings = {
            "id": identity,
            "object": "response",
            "created_at": 1800000000,
            "model": "ferry-1",
            "instructions": "You answer questions about ferries.",
            "tools": [],
            "metadata": {"desk": "north"},
            **settings,
        }

    def send(self, tag: str, **members: Any) -> None:
        """Send an event of that tag, with the next number; `response.` is left out."""
        tag = tag if tag in ("error", "keepalive") else f"response.{tag}"
        event = {"type": tag, "sequence_number": len(self.events), **members}
        self.events.append(copy.deepcopy(event))

    def snapshot(self, tag: str, **members: Any) -> None:
        """Send an event that carries the response, whose status is the tag if no other is given."""
        response = {"status": tag, "error": None, "incomplete_details": None, "usage": None, "output": self.output}
        self.send(tag, response={**self._settings, **response, **members})

    def begin(self, *, queued: bool = False) -> Served:
        self.snapshot("created", status="queued" if queued else "in_progress", service_tier="auto")
        if queued:
            self.snapshot("queued", service_tier="auto")
        self.snapshot("in_progress", service_tier="auto")
        return self

    def end(self, tag: str = "completed", **members: Any) -> list[Wire]:
        """Send the end, and give the stream."""
        known: dict[str, Wire] = {
            "completed": {"usage": USAGE, "completed_at": 1800000007},
            "incomplete": {"usage": USAGE, "incomplete_details": {"reason": "max_output_tokens"}},
            "failed": {"error": ERROR},
        }
        self.snapshot(tag, **{"service_tier": "default", **known[tag], **members})
        return self.events

    def item(self, type: str, **members: Any) -> Item:
        """Announce an item. Its id is made of its type and its position."""
        return Item(self, type, members)

    def message(self, *pieces: str, notes: Iterable[Wire] = (), status: str = "completed") -> None:
        """Send a whole message of one part; its annotations come behind its pieces."""
        item = self.item("message", role="assistant", status="in_progress", content=[])
        item.part({"type": "output_text", "text": "", "annotations": [], "logprobs": []}, *pieces, notes=notes)
        item.close(status=status)

    def reasoning(self, *summaries: tuple[str, ...], **members: Any) -> None:
        """Send a whole reasoning item; each summary is a row of pieces."""
        item = self.item("reasoning", summary=[], **members)
        for pieces in summaries:
            item.summary(*pieces)
        item.close()

    def call(self, name: str, *pieces: str, call_id: str, status: str = "completed") -> None:
        """Send a whole function call."""
        item = self.item("function_call", name=name, call_id=call_id, arguments="", status="in_progress")
        item.text("function_call_arguments", "arguments", *pieces)
        item.close(status=status)

    def search(self, type: str, begin: Wire, end: Wire) -> None:
        """Send a whole search, whose events say nothing but how far it is."""
        item = self.item(type, status="in_progress", **begin)
        for phase in ("in_progress", "searching", "completed"):
            item.send(f"{type}.{phase}")
        item.close(**{"status": "completed", **end})


class Item:
    """An item that has been announced.

    Attributes:
        value: The item as it is now.
    """

    def __init__(self, served: Served, type: str, members: Wire) -> None:
        self._served = served
        self.index = len(served.output)
        self.value = {"type": type, "id": f"{type}_{self.index}", **members}
        served.send("output_item.added", output_index=self.index, item=self.value)
        # The state has the item from now on, but a snapshot before its end is no business of a good server.
        served.output.append(self.value)

    def send(self, tag: str, **members: Any) -> None:
        self._served.send(tag, item_id=self.value["id"], output_index=self.index, **members)

    def text(self, tag: str, member: str, *pieces: str, final: bool = True, **members: Any) -> str:
        """Send the pieces of a text and its end, and put it into that member of the item if it has one."""
        for piece in pieces:
            self.send(f"{tag}.delta", delta=piece, **members)
        text = "".join(pieces)
        if final:
            self.send(f"{tag}.done", **{member: text}, **members)
        if member in self.value:
            self.value[member] = text
        return text

    def part(self, begin: Wire, *pieces: str, notes: Iterable[Wire] = (), final: bool = True) -> None:
        """Send a whole part of the content, or one that breaks off behind its pieces."""
        index = len(self.value["content"])
        member = "refusal" if begin["type"] == "refusal" else "text"
        self.send("content_part.added", content_index=index, part=begin)
        for piece in pieces:
            self.send(f"{begin['type']}.delta", content_index=index, delta=piece)
        end = {**begin, member: "".join(pieces)}
        for number, note in enumerate(notes):
            self.send("output_text.annotation.added", content_index=index, annotation_index=number, annotation=note)
            end["annotations"] = [*end["annotations"], note]
        if final:
            self.send(f"{begin['type']}.done", content_index=index, **{member: end[member]})
            self.send("content_part.done", content_index=index, part=end)
        self.value["content"] = [*self.value["content"], end]

    def summary(self, *pieces: str) -> None:
        """Send a whole part of the summary."""
        index = len(self.value["summary"])
        self.send("reasoning_summary_part.added", summary_index=index, part={"type": "summary_text", "text": ""})
        text = self.text("reasoning_summary_text", "text", *pieces, summary_index=index)
        end = {"type": "summary_text", "text": text}
        self.send("reasoning_summary_part.done", summary_index=index, part=end)
        self.value["summary"] = [*self.value["summary"], end]

    def command(self, *pieces: str) -> None:
        """Send a whole command of a shell call. Its events name no item."""
        action = self.value["action"]
        where = {"output_index": self.index, "command_index": len(action["commands"])}
        text = "".join(pieces)
        self._served.send("shell_call_command.added", **where, command="")
        for piece in pieces:
            self._served.send("shell_call_command.delta", **where, delta=piece)
        self._served.send("shell_call_command.done", **where, command=text)
        self.value["action"] = {**action, "commands": [*action["commands"], text]}

    def close(self, **members: Any) -> None:
        """Send the end of the item, with what it says anew."""
        self.value.update(members)
        self._served.send("output_item.done", output_index=self.index, item=self.value)
