"""Prints a streamed response, read with the SDK of OpenAI: `python examples/read_openai.py http://127.0.0.1:8000`."""

from __future__ import annotations

import sys

from openai import OpenAI
from openai.types.responses import FunctionToolParam, Response

TEA: FunctionToolParam = {
    "type": "function",
    "name": "brew",
    "parameters": {"type": "object", "properties": {"kind": {"type": "string"}}},
    "strict": False,
}


def read(url: str, question: str) -> Response:
    """Read a stream, print its text and give the response at its end."""
    client = OpenAI(base_url=url, api_key="none", max_retries=0)
    with client.responses.stream(model="tea-1", input=question, tools=[TEA]) as stream:
        for event in stream:
            match event.type:
                case "response.output_text.delta":
                    print(event.delta, end="")
                case "response.completed" | "response.incomplete" | "response.failed":
                    return event.response
    raise RuntimeError("the stream has broken off")


if __name__ == "__main__":
    print(read(sys.argv[1], "What tea is there?").status)
