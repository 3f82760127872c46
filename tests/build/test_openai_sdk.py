"""What builders send is taken by the SDK of OpenAI, whatever an author says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import responses_events
from responses_events import encode
from responses_events.build import LifecycleError, ResponseStream
from support.authors import USAGE, Author
from support.openai_sdk import check_sdk

ENDS: list[Callable[[ResponseStream], None]] = [
    lambda stream: stream.complete(),
    lambda stream: stream.incomplete("max_output_tokens"),
    lambda stream: stream.fail("server_error", "No tea."),
]


@pytest.mark.parametrize("seed", range(100))
def test_random_streams(seed: int) -> None:
    author = Author(responses_events, seed)
    stream = author.stream()
    author.write(stream, 40)
    stream.usage = USAGE
    try:
        ENDS[seed % len(ENDS)](stream)
    except LifecycleError:
        # What an element needs to be complete is left for its author to say.
        stream.fail("server_error", "No tea.")
    check_sdk(encode(event) for event in stream.take_events())
