"""The inspector without a browser: what it says of a stream, what its page is made of, and what it does without npm."""

from __future__ import annotations

import base64
import importlib.util
import io
import json
import re
import shutil
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from click.testing import CliRunner

from eventwright.cli.main import main
from eventwright.pipeline import compile_spec
from eventwright.website import building, interpreter
from eventwright.website.inspecting import Inspection, make
from eventwright.website.inspector import inspector_assets, inspector_page
from eventwright.website.sources import CONFIG, Compiled, sources
from support import ROOT, SCHEMA, TEMPLATES

ANSWER = (ROOT / "examples" / "answer.sse").read_bytes()
DOCS = PurePosixPath("docs")


def _read(inspection: Inspection, limit: int = 1000) -> list[list[Any]]:
    rows: list[list[Any]] = []
    while True:
        part = json.loads(inspection.read(limit))
        rows += part["rows"]
        if part["done"]:
            return rows


def test_rows_have_tag_place_line_and_oddities() -> None:
    rows = _read(make("responses_events", memoryview(ANSWER)), limit=3)
    assert len(rows) == 26
    assert rows[0][:4] == ["response.created", "", 2, []]
    assert rows[4] == [
        "response.output_text.delta",
        "item 0 / part 0",
        14,
        [],
        'delta="I" item_id="msg_01" content_index=0 output_index=0',
    ]
    assert rows[24][0] == "response.mood.changed"
    assert rows[24][3] == ["unknown"]


def test_the_state_is_that_of_the_moment_whichever_is_asked_first() -> None:
    inspection = Inspection("responses_events", ANSWER)
    _read(inspection)
    texts = {index: json.loads(inspection.state(index))["readings"]["output_text"] for index in (25, 4, 6, 5)}
    assert texts == {25: "I will look up the weather in Oslo.", 4: "I", 5: "I will", 6: "I will look"}
    assert json.loads(inspection.state(25))["ended"] == "completed"


def test_streams_behind_each_other_have_a_state_each() -> None:
    inspection = Inspection("responses_events", ANSWER + ANSWER)
    rows = _read(inspection)
    assert json.loads(inspection.summary())["streams"] == 2
    assert json.loads(inspection.state(len(rows) // 2))["readings"]["output_text"] == ""


def test_what_is_odd_is_told_once_with_what_to_do() -> None:
    body = b'{"type":"response.output_text.delta","delta":1,"mood":2}\nno JSON\n' * 2
    inspection = Inspection("responses_events", body)
    rows = _read(inspection)
    assert [row[3] for row in rows] == [["extra", "missing", "type"], ["unreadable"]] * 2
    summary = json.loads(inspection.summary())
    found = {(each["code"], each["path"]): each for each in summary["oddities"]}
    assert found["type", "$.delta"]["count"] == 2
    assert found["type", "$.delta"]["text"] == "expected a string, got 1"
    assert found["extra", "$.mood"]["index"] == 0
    assert all(each["mend"] for each in found.values())
    assert summary["rules"].keys() >= {each["rule"] for each in summary["findings"]}
    event = json.loads(inspection.event(0))
    assert ["delta", "1", "", "type", [], 0] in event["tree"][4]
    assert "not JSON" in json.loads(inspection.event(1))["error"]


def test_a_profile_forgives_what_is_known_of_a_provider() -> None:
    body = ANSWER.replace(b'"item_id":"msg_01"', b'"item_id":"msg_of_its_own"')

    def leading(profile: str) -> set[str]:
        inspection = make("responses_events", memoryview(body), profile)
        _read(inspection)
        return {each["rule"] for each in json.loads(inspection.summary())["findings"]}

    assert "item-id-differs" in leading("")
    assert "item-id-differs" not in leading("copilot")


@pytest.mark.parametrize(
    ("delta", "place", "brief"),
    [
        ({"role": "assistant", "content": ""}, "choices 1 role", 'role="assistant"'),
        ({"content": "Hi"}, "choices 1 content", 'content="Hi"'),
        (
            {"tool_calls": [{"index": 2, "function": {"arguments": "{"}}]},
            "choices 1 / tool_calls 2 arguments",
            'arguments="{"',
        ),
    ],
)
def test_without_a_lifecycle_the_innermost_thing_that_comes_tells_where(
    delta: dict[str, Any], place: str, brief: str
) -> None:
    wire = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    wire |= {"choices": [{"index": 1, "delta": delta, "finish_reason": None}]}
    usage = wire | {"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}}
    inspection = Inspection("chat_events", f"{json.dumps(wire)}\n{json.dumps(usage)}\n".encode())
    rows = _read(inspection)
    assert [row[1] for row in rows] == [place, "usage"]
    assert rows[0][4].startswith(f"{brief} ")


def test_what_is_no_stream_is_said() -> None:
    part = json.loads(Inspection("gemini_events", b"<html></html>").read(10))
    assert part["done"]
    assert part["error"]


def test_a_spec_without_lifecycle_and_state_is_read_too() -> None:
    inspection = Inspection("realtime_client_events", b'{"type":"response.create"}')
    assert [row[:2] for row in _read(inspection)] == [["response.create", "response.create"]]
    assert inspection.state(0) == "null"
    assert json.loads(inspection.summary())["checked"] is False


@pytest.fixture(scope="module")
def compiled() -> list[Compiled]:
    result = compile_spec(SCHEMA / "gemini")
    assert result.spec is not None
    return [Compiled(result.spec, result.outputs["docs"], result.outputs["python"])]


def test_the_site_leads_to_it(compiled: list[Compiled]) -> None:
    files = sources(compiled, "Streams", [TEMPLATES], inspector=inspector_page(compiled))
    assert '<option value="gemini_events" data-profiles="">Gemini stream</option>' in files[DOCS / "inspector.md"]
    assert "](inspector.md)" in files[DOCS / "index.md"]
    assert '{"Inspector": "inspector.md"}' in files[CONFIG]


def test_its_files_depend_on_the_specs_alone(compiled: list[Compiled], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreter, "files", lambda: {"pyodide.mjs": b""})
    found = inspector_assets(compiled)
    assert found == inspector_assets(compiled)
    folder = PurePosixPath("assets", "inspector")
    assert found.keys() >= {
        folder / name for name in ("inspector.js", "worker.js", "inspecting.py", "pyodide/pyodide.mjs")
    }
    with zipfile.ZipFile(io.BytesIO(found[folder / "packages" / "gemini_events.zip"])) as archive:
        assert archive.namelist() == sorted(path.as_posix() for path in compiled[0].package)


def test_every_file_is_also_in_a_script_for_the_disk(compiled: list[Compiled], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreter, "files", lambda: {"pyodide.asm.wasm": bytes(range(256))})
    found = inspector_assets(compiled)
    folder = PurePosixPath("assets", "inspector")
    scripts = {path: body for path, body in found.items() if path.is_relative_to(folder / "from-disk")}
    files = {path: body for path, body in found.items() if path not in scripts}
    assert scripts.keys() == {folder / "from-disk" / f"{path.relative_to(folder)}.js" for path in files}
    for path, body in files.items():
        packed = re.fullmatch(rb'bring\("(.+)"\);\n', scripts[folder / "from-disk" / f"{path.relative_to(folder)}.js"])
        assert packed
        assert zlib.decompress(base64.b64decode(packed[1])) == body


def test_without_npm_the_site_is_built_without_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[object] = []
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    monkeypatch.setattr(
        building, "build", lambda files, assets, out: built.extend([assets, DOCS / "inspector.md" in files])
    )
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    arguments = ["docs", str(SCHEMA / "gemini"), "--inspector", "--out", str(tmp_path / "site")]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0
    assert "the site has no inspector: npm, which has the Python for browsers, is not installed" in result.stderr
    assert built == [{}, False]


def test_another_interpreter_than_the_pinned_one_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    npm = tmp_path / "npm"
    # It is called as: npm pack NAME --silent --pack-destination FOLDER
    npm.write_text(f'#!/bin/sh\necho another > "$5/pyodide-{interpreter.VERSION}.tgz"\n')
    npm.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda name: str(npm))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with pytest.raises(interpreter.InterpreterError, match="whose SHA-512 is another; look at the registry of npm"):
        interpreter.files()
    assert not (tmp_path / "cache").exists()
