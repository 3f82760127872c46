"""The accumulator of openai-python, which refuses streams that go against what it expects."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def check_sdk(events: Iterable[dict[str, Any]]) -> None:
    """See that it takes every event of a stream, and builds up what the last one holds; skip where it is not there."""
    openai = pytest.importorskip("openai", reason="openai is not installed, which not every Python can have")
    models = pytest.importorskip("openai._models")
    streaming = pytest.importorskip("openai.lib.streaming.responses._responses")
    types = pytest.importorskip("openai.types.responses")
    state = streaming.ResponseStreamState(input_tools=openai.omit, text_format=openai.omit)
    output: list[dict[str, Any]] = []
    for wire in events:
        event = models.construct_type_unchecked(type_=types.ResponseStreamEvent, value=wire)
        assert [each.type for each in state.handle_event(event)] == [wire["type"]]
        output = wire.get("response", {}).get("output", [])
    assert len(output) == len(state._output_items)
    for index, item in state._output_items.items():
        done = state._completed_output.get(index)
        if done is not None:
            assert done.to_dict() == output[index]
        elif item.type == "function_call":
            assert item.arguments == output[index]["arguments"]
        elif item.type == "message":
            # It joins the pieces of texts alone.
            built = [part.text for part in item.content if part.type == "output_text"]
            assert built == [part["text"] for part in output[index]["content"] if part["type"] == "output_text"]
