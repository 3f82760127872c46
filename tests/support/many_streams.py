"""A server on 127.0.0.1 that waits for a number of connections and then sends each of them a stream of its own.

`python -m support.many_streams NUMBER` prints its port. It is a process of its own so that its sockets do not count as
ours.
"""

from __future__ import annotations

import asyncio
import sys

from .streams import sse


def stream(number: int) -> bytes:
    delta = {"type": "response.output_text.delta", "item_id": "m", "output_index": 0, "content_index": 0}
    return sse({**delta, "delta": "stream "}, {**delta, "delta": str(number)}, {"type": "response.completed"})


async def serve(expected: int) -> None:
    arrived, everybody, gone = 0, asyncio.Event(), asyncio.Event()
    left = expected

    async def send(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal arrived, left
        number = int(await reader.readline())
        arrived += 1
        if arrived == expected:
            everybody.set()
        await everybody.wait()
        data = stream(number)
        for part in (data[:50], data[50:]):
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0)
        writer.close()
        left -= 1
        if not left:
            gone.set()

    server = await asyncio.start_server(send, "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await gone.wait()


if __name__ == "__main__":
    try:
        import resource
    except ImportError:
        pass
    else:
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(serve(int(sys.argv[1])))
