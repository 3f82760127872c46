"""Prints a streamed response, read with aiohttp: `python examples/read_aiohttp.py URL`."""

from __future__ import annotations

import asyncio
import sys

import aiohttp

from responses_events import ResponseTextDeltaEvent
from responses_events.stream import Accumulator, aiter_events


async def read(url: str) -> Accumulator:
    """Read a stream, print its text and give what it amounts to."""
    accumulator = Accumulator()
    async with aiohttp.ClientSession() as session, session.post(url, json={"stream": True}) as response:
        response.raise_for_status()
        async for event in aiter_events(response.content.iter_any()):
            accumulator.feed(event)
            if isinstance(event, ResponseTextDeltaEvent):
                print(event.delta, end="")
    accumulator.close()
    return accumulator


if __name__ == "__main__":
    print(asyncio.run(read(sys.argv[1])).end)
