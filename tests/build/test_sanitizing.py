"""Recordings with other ids and texts: nothing of them is left, and the linter finds the same."""

from __future__ import annotations

import contextlib
import importlib
import json
from typing import Any

import pytest

import ag_ui_events
import anthropic_events
import responses_events
from responses_events.lint.checks import CHECKS
from responses_events.runtime.sanitize_command import sanitize
from responses_events.runtime.sanitizing import sanitized

from ..support import CORPUS
from ..support.recordings import recorded_streams
from ..support.sound_streams import sound_streams

PACKAGES = (responses_events, anthropic_events, ag_ui_events)
KEY = b"k"


def lines(body: str, key: bytes = KEY) -> str:
    return "\n".join(sanitized(CHECKS, body.encode(), key=key)) + "\n"


def frames(*wires: Any) -> str:
    return "".join(f"event: {wire['type']}\ndata: {json.dumps(wire)}\n\n" for wire in wires)


def found(package: Any, body: str) -> list[Any]:
    checks = importlib.import_module(f"{package.__name__}.lint.checks").CHECKS
    report = importlib.import_module(f"{package.__name__}.runtime.vetting").vet(checks, "", body.encode())
    return [(each.rule, each.index) for finding in report.findings for each in finding.all()]


def same_findings(package: Any, wires: list[Any]) -> None:
    checks = importlib.import_module(f"{package.__name__}.lint.checks").CHECKS
    body = "".join(f"{json.dumps(wire)}\n" for wire in wires)
    made = importlib.import_module(f"{package.__name__}.runtime.sanitizing").sanitized(checks, body.encode(), key=KEY)
    assert found(package, "\n".join(made)) == found(package, body)


@pytest.mark.parametrize("name", sound_streams())
def test_sound_streams_stay_sound(name: str) -> None:
    same_findings(responses_events, sound_streams()[name])


@pytest.mark.skipif(not CORPUS.is_dir(), reason="no recorded streams")
@pytest.mark.parametrize("name", recorded_streams() if CORPUS.is_dir() else [])
def test_recorded_streams(name: str) -> None:
    same_findings(responses_events, recorded_streams()[name])


@pytest.mark.parametrize("package", PACKAGES)
def test_broken_streams(package: Any) -> None:
    """The smallest stream for each rule that can be broken alone."""
    stream = importlib.import_module(f"{package.__name__}.samples").stream
    seen = 0
    for rule in importlib.import_module(f"{package.__name__}.lint").RULES:
        with contextlib.suppress(ValueError):
            same_findings(package, [package.encode(event) for event in stream(broken=rule)])
            seen += 1
    assert seen > 10


def test_nothing_is_left() -> None:
    events = [
        {"type": "response.output_text.delta", "delta": "Top secret", "item_id": "msg_12ab", "sequence_number": 4},
        {"type": "response.new_thing", "note": "Top secret", "inner": [{"type": "thing", "deep": "my name"}]},
        {"type": "response.output_text.delta", "delta": " plan", "item_id": "msg_12ab", "new": {"token": "sk-1"}},
    ]
    out = lines(frames(*events))
    for word in ("secret", "plan", "12ab", "name", "sk-1", "Top"):
        assert word not in out
    made = [json.loads(line.removeprefix("data: ")) for line in out.splitlines() if line.startswith("data: ")]
    assert made[0]["item_id"] == made[2]["item_id"]
    assert made[0]["item_id"].startswith("msg_")
    assert made[1]["inner"][0]["type"] == "thing"
    assert [len(each["delta"]) for each in (made[0], made[2])] == [10, 5]
    assert made[0]["sequence_number"] == 4


def test_pieces_are_parts_of_the_whole() -> None:
    where = {"output_index": 0, "content_index": 0, "item_id": "msg_1"}
    tag = "response.output_text"
    pieces = [{"type": f"{tag}.delta", "delta": piece, **where} for piece in ("The fe", "rry at", " nïne.")]
    out = lines(
        "".join(
            f"{json.dumps(each)}\n"
            for each in (*pieces, {"type": f"{tag}.done", "text": "The ferry at nïne.", **where})
        )
    )
    *made, whole = [json.loads(line) for line in out.splitlines()]
    assert "".join(each["delta"] for each in made) == whole["text"]
    assert [len(each["delta"]) for each in made] == [6, 6, 6]


def test_json_stays_json() -> None:
    where = {"output_index": 0, "item_id": "fc_1"}
    tag = "response.function_call_arguments"
    arguments = '{"city": "Bergen \\u00e9", "days": 3, "now": true}'
    pieces = [{"type": f"{tag}.delta", "delta": piece, **where} for piece in (arguments[:13], arguments[13:])]
    out = lines(
        "".join(f"{json.dumps(each)}\n" for each in (*pieces, {"type": f"{tag}.done", "arguments": arguments, **where}))
    )
    *made, whole = [json.loads(line) for line in out.splitlines()]
    assert "".join(each["delta"] for each in made) == whole["arguments"]
    value = json.loads(whole["arguments"])
    assert (list(value), value["days"], value["now"]) == (["city", "days", "now"], 3, True)
    assert "Bergen" not in whole["arguments"]


def test_form_stays() -> None:
    event = {"type": "response.output_text.delta", "delta": "x"}
    sse = lines(f"{frames(event)}data: [DONE]\n\n")
    assert sse.startswith("event: response.output_text.delta\ndata: {")
    assert sse.endswith("data: [DONE]\n\n")
    assert lines(f"{json.dumps(event)}\n").startswith('{"type":')


def test_what_cannot_be_read_is_left_out() -> None:
    out = lines(f'{frames({"type": "response.output_text.delta", "delta": "x"})}data: {{"secret\n\n')
    assert "secret" not in out
    assert ("frame", 1) in found(responses_events, out)


def test_drawn_anew_each_time() -> None:
    body = frames({"type": "response.output_text.delta", "delta": "secret text"})
    assert len({"".join(sanitized(CHECKS, body.encode())) for _ in range(3)}) == 3


def test_command(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "recording.sse"
    file.write_text(frames({"type": "response.output_text.delta", "delta": "secret"}), encoding="utf-8")
    assert sanitize(CHECKS, [str(file)]) == 0
    assert "secret" not in capsys.readouterr().out
    assert sanitize(CHECKS, [str(tmp_path / "none")]) == 2
    assert sanitize(CHECKS, [str(tmp_path)]) == 2
    file.write_text("<html>", encoding="utf-8")
    assert sanitize(CHECKS, [str(file)]) == 2
