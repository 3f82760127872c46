"""The examples do what they say, with the real libraries and a real server on 127.0.0.1."""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import Iterator
from types import ModuleType

import pytest

from responses_events import encode
from responses_events.stream import Accumulator
from support import ROOT
from support.asgi_server import serving
from support.streams import sse

EXAMPLES = ROOT / "examples"


def example(name: str) -> ModuleType:
    pytest.importorskip(name.partition("_")[2])
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(example("serve_starlette").app) as address:
        yield address


def check(accumulator: Accumulator, printed: str) -> None:
    assert accumulator.end is not None
    assert accumulator.end.kind == "completed"
    content = encode(accumulator.response)["output"][0]["content"]
    assert content[0]["text"] == printed == "Good morning!"


def test_httpx(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    module = example("read_httpx")
    check(module.read(f"{address}/responses"), capsys.readouterr().out)
    check(asyncio.run(module.read_async(f"{address}/responses")), capsys.readouterr().out)


def test_requests(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    check(example("read_requests").read(f"{address}/responses"), capsys.readouterr().out)


def test_aiohttp(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    check(asyncio.run(example("read_aiohttp").read(f"{address}/responses")), capsys.readouterr().out)


def test_starlette_reads_and_writes(address: str) -> None:
    requests = pytest.importorskip("requests")
    delta = {"type": "response.output_text.delta", "item_id": "m", "output_index": 0, "content_index": 0, "delta": "a"}
    for events, end in (([delta, delta], "truncated"), ([delta, delta, {"type": "response.completed"}], "completed")):
        answer = requests.post(f"{address}/collect", data=sse(*events), timeout=20).json()
        assert answer["end"] == end
        assert answer["response"]["output"][0]["content"][0]["text"] == "aa"
