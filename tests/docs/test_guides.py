"""The guides for those who send streams: every block runs, and prints what the page says."""

from __future__ import annotations

import contextlib
import io
import json
import re
from typing import Any

import pytest

from responses_events.lint import lint
from responses_events.stream import iter_events
from support import GENERATED
from support.asgi_server import serving


def run(name: str) -> dict[str, Any]:
    """Run the blocks of a page, one after the other, and compare what they print."""
    page = (GENERATED / "docs" / f"{name}.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {"__name__": name}
    printed = ""
    for language, text in re.findall(r"^```(\w+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        if language == "text":
            assert printed == text
            printed = ""
        else:
            assert not printed
            with contextlib.redirect_stdout(io.StringIO()) as out:
                exec(compile(text, f"{name}.md", "exec"), names)
            printed = out.getvalue()
    assert not printed
    return names


def test_a_gateway_is_put_right() -> None:
    run("mend-a-stream")


def test_a_valid_stream_is_served() -> None:
    pytest.importorskip("starlette")
    requests = pytest.importorskip("requests")
    with serving(run("serve-a-stream")["app"]) as address:
        for question, end in (("tea?", "completed"), ("fail", "failed")):
            answer = requests.post(f"{address}/responses", data=json.dumps({"input": question}), timeout=20)
            events = list(iter_events([answer.content]))
            assert lint(events) == []
            assert events[-1].type == f"response.{end}"
