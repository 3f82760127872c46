"""Prints a streamed response, read with httpx: `python examples/read_httpx.py URL`."""

from __future__ import annotations

import asyncio
import sys

import httpx

from responses_events import ResponseTextDeltaEvent
from responses_events.stream import Accumulator, aiter_events, iter_events


def read(url: str) -> Accumulator:
    """Read a stream, print its text and give what it amounts to."""
    accumulator = Accumulator()
    with httpx.stream("POST", url, json={"stream": True}) as response:
        response.raise_for_status()
        for event in iter_events(response.iter_bytes()):
            accumulator.feed(event)
            if isinstance(event, ResponseTextDeltaEvent):
                print(event.delta, end="")
    accumulator.close()
    return accumulator


async def read_async(url: str) -> Accumulator:
    """Do the same asynchronously."""
    accumulator = Accumulator()
    async with httpx.AsyncClient() as client, client.stream("POST", url, json={"stream": True}) as response:
        response.raise_for_status()
        async for event in aiter_events(response.aiter_bytes()):
            accumulator.feed(event)
            if isinstance(event, ResponseTextDeltaEvent):
                print(event.delta, end="")
    accumulator.close()
    return accumulator


if __name__ == "__main__":
    print(read(sys.argv[1]).end)
    print(asyncio.run(read_async(sys.argv[1])).end)
