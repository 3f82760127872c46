"""Prints a streamed response, read with requests: `python examples/read_requests.py URL`."""

from __future__ import annotations

import sys

import requests

from responses_events import ResponseTextDeltaEvent
from responses_events.stream import Accumulator, iter_events


def read(url: str) -> Accumulator:
    """Read a stream, print its text and give what it amounts to."""
    accumulator = Accumulator()
    with requests.post(url, json={"stream": True}, stream=True, timeout=60) as response:
        response.raise_for_status()
        # A size of None gives the bytes as they come; any other waits until there are as many.
        for event in iter_events(response.iter_content(None)):
            accumulator.feed(event)
            if isinstance(event, ResponseTextDeltaEvent):
                print(event.delta, end="")
    accumulator.close()
    return accumulator


if __name__ == "__main__":
    print(read(sys.argv[1]).end)
