"""`python -m responses_events`: what it prints, and how it ends."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from support import CORPUS, needs_corpus
from support.wire_samples import PACKAGE, examples

EVENTS = [examples()[tag] for tag in ("response.created", "response.output_text.delta", "response.completed")]
JSONL = "".join(f"{json.dumps(event)}\n" for event in EVENTS)
SSE = "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in EVENTS)


def inspect(*arguments: str, text: str | bytes = "") -> tuple[int, str, str]:
    """Exit status, output and error output of a run."""
    code = (
        f"import runpy, sys; sys.path.insert(0, {str(PACKAGE.parent)!r});"
        " runpy.run_module('responses_events', alter_sys=True)"
    )
    ended = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-W", "error", "-c", code, *arguments],
        input=text.encode() if isinstance(text, str) else text,
        capture_output=True,
    )
    return ended.returncode, ended.stdout.decode(), ended.stderr.decode()


@pytest.mark.parametrize(
    "text",
    [
        JSONL,
        f"\n\n{JSONL.strip()}",
        f"\ufeff{JSONL}",
        SSE,
        f"{SSE}data: [DONE]\n\n",
        f": hello\n\n{SSE.strip()}",
        "".join(f"data: {json.dumps(event)}\r\n\r\n" for event in EVENTS),
    ],
)
def test_forms(text: str) -> None:
    status, out, err = inspect("-", text=text)
    assert (status, err) == (0, "")
    lines = out.splitlines()
    numbers = [event["sequence_number"] for event in EVENTS]
    assert lines[0] == "  no. event"
    assert [line.split()[:2] for line in lines[1:4]] == [
        [str(n), e["type"]] for n, e in zip(numbers, EVENTS, strict=True)
    ]
    assert f'.delta delta="{EVENTS[1]["delta"]}" item_id=' in lines[2]
    assert lines[4:] == [
        "events: 3",
        "      1  response.created",
        "      1  response.output_text.delta",
        "      1  response.completed",
        "typed: 3 of 3 events, 100.0 %",
    ]


def test_names_of_members_cannot_reach_the_terminal() -> None:
    text = json.dumps({"type": "keepalive", "\x1b[31mX": 1, "\u202e": 2}) + "\n"
    _, out, _ = inspect("--quiet", "-", text=text)
    assert '      1  KeepaliveEvent["\\u001b[31mX"]' in out.splitlines()
    assert out.isascii()


def test_what_is_odd() -> None:
    events = [
        {"type": "response.output_text.detla", "x": 1},
        {"type": 5},
        {**EVENTS[1], "delta": 5, "brand_new": 1},
        {"type": "response.output_item.added", "output_index": 0, "item": {"type": "function_cal"}},
        {"type": "response.output_item.added", "output_index": 0, "item": {"type": "\x1b[31m\ud800"}},
    ]
    text = "".join(f"{json.dumps(event)}\n" for event in events) + "{broken\n[]\n"
    status, out, err = inspect("--quiet", "-", text=text)
    assert (status, err) == (1, "")
    assert out.splitlines() == [
        "events: 5",
        "      2  response.output_item.added",
        '      1  "response.output_text.detla"',
        "      1  (no tag)",
        "      1  response.output_text.delta",
        "unknown tags: 4",
        '      1  "response.output_text.detla", did you mean response.output_text.delta?',
        "      1  (no tag)",
        '      1  "function_cal" at $.item of response.output_item.added, did you mean function_call?',
        '      1  "\\u001b[31m\\ud800" at $.item of response.output_item.added',
        "undeclared fields: 1",
        "      1  ResponseTextDeltaEvent.brand_new",
        "fields whose value does not fit: 1",
        "      1  $.delta of response.output_text.delta",
        "problems in strict mode: 2",
        "      1  tag",
        "      1  type",
        "not readable: 2",
        f"         line 6 of the stream, which ends at byte {len(text) - 3}: the text is not JSON: Expecting property"
        " name enclosed in double quotes at line 1, column 2, near '{broken'",
        f"         line 7 of the stream, which ends at byte {len(text)}: expected a JSON object, got a list",
        "typed: 0 of 5 events, 0.0 %",
    ]


def test_problems() -> None:
    broken = {**EVENTS[1], "delta": 5}
    text = f"{json.dumps(EVENTS[0])}\n{json.dumps(broken)}\n"
    line = "      $.delta: expected a string, got 5 [type]"
    status, out, _ = inspect("--problems", "-", text=text)
    assert status == 0
    assert [found[:5] for found in out.splitlines()[1:3]] == [f"{e['sequence_number']:>5}" for e in (EVENTS[0], broken)]
    assert out.splitlines()[3] == line
    status, out, _ = inspect("--problems", "--quiet", "-", text=text)
    assert out.splitlines()[1].split()[1] == "response.output_text.delta"
    assert out.splitlines()[2:4] == [line, "events: 2"]


def test_what_an_event_says_comes_before_places_and_padding() -> None:
    event = {**EVENTS[1], "item_id": "msg_1", "delta": "Hel", "obfuscation": "x8Kq"}
    _, out, _ = inspect("-", text=json.dumps(event))
    names = [part.partition("=")[0] for part in out.splitlines()[1].split()[2:]]
    assert names == ["delta", "item_id", "content_index", "output_index", "obfuscation"]


EXPECTED = 'expected server-sent events ("data: {...}" with a blank line behind it) or one JSON object a line'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", f"no events; {EXPECTED}, and there is nothing"),
        (b": ping\n\ndata: [DONE]\n\n", f'no events; {EXPECTED}; this begins with ": ping\\n\\ndata: [DONE]\\n\\n"'),
        (b"\x89PNG\r\n\x1a\n\xff\xfe" * 50, f'no events; {EXPECTED}; this begins with "\ufffdPNG\\r\\n\\u001a\\n'),
        (b"<p>502\n</p>", "no event stream but an HTML or XML page: <p>502\\n</p>; look at the status"),
        (b"\x1f\x8b\x08", "no event stream but gzip data: b'\\x1f\\x8b\\x08'; decompress it"),
        (b'{\n "a": 1\n "b": 2\n}', "one JSON document over several lines, which is not well formed: the text is not"),
    ],
    ids=["nothing", "no events", "an image", "a page", "compressed", "a broken document"],
)
def test_what_is_no_stream(text: bytes, said: str) -> None:
    status, out, err = inspect("-", text=text)
    assert (status, out) == (1, "")
    assert err.startswith(f"python -m responses_events: -: {said}")
    assert err.count("\n") == 1


def test_what_is_no_stream_of_the_form_that_was_asked_for() -> None:
    status, out, err = inspect("--format", "jsonl", "-", text=b"\x89PNG\r\n\x1a\n\xff\xfe" * 50)
    assert status == 1
    assert "not readable" in out
    assert "no events; expected one JSON object a line; this begins with" in err
    status, out, err = inspect("--format", "sse", "-", text=JSONL)
    assert (status, out) == (1, "")
    assert 'with a blank line behind it); this begins with "{\\"type\\": ' in err


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(EVENTS, indent=2).encode(),
        json.dumps(EVENTS).encode(),
        JSONL.encode("utf-16"),
        SSE.replace("\n", "\r\n").encode("utf-16"),
        SSE.encode("utf-16-be"),
    ],
    ids=["a list over lines", "a list", "utf-16 lines", "utf-16 frames", "utf-16 without a mark"],
)
def test_what_other_tools_make_of_a_stream(text: bytes) -> None:
    status, out, err = inspect("--quiet", "-", text=text)
    assert (status, err) == (0, "")
    assert out.splitlines()[0] == "events: 3"
    assert inspect("--quiet", "-", text=json.dumps(EVENTS[2], indent=2))[1].startswith("events: 1\n")


@pytest.mark.parametrize("between", ["", "data: [DONE]\n\n"])
def test_several_streams(between: str) -> None:
    failed = 'event: error\ndata: {"type": "error", "code": 429, "message": "Too\\u001b many."}\n\n'
    status, out, _ = inspect("--quiet", "-", text=SSE + between + SSE.partition("\n\n")[0] + "\n\n" + failed)
    assert status == 0
    lines = out.splitlines()
    at = lines.index("streams: 2")
    assert lines[at + 1 : at + 3] == ["      3  events, completed", "      2  events, error: 429: Too\\u001b many."]


def test_the_mark_of_the_end_is_no_end_where_an_event_would_be_one() -> None:
    one = f"{SSE.rpartition('event: ')[0]}data: [DONE]\n\n"
    _, out, _ = inspect("--quiet", "-", text=one + one)
    lines = out.splitlines()
    at = lines.index("streams: 2")
    assert all(line.startswith("      2  events, truncated") for line in lines[at + 1 : at + 3])


def test_frames_that_are_not_as_the_standard_has_them() -> None:
    delta = json.dumps(EVENTS[1])
    status, out, _ = inspect("--quiet", "-", text=f"data: ping\n\ndata:\n\ndata: {delta}\ndata: {delta}\n\n")
    assert (status, out.splitlines()[0]) == (0, "events: 2")


def test_wrong_usage(tmp_path: Path) -> None:
    for arguments in ([], ["--nope", "-"], [str(tmp_path / "nothing")], [str(tmp_path)], ["--format", "xml", "-"]):
        status, out, err = inspect(*arguments)
        assert (status, out) == (2, "")
        assert err.startswith("usage: python -m responses_events")
        assert "Traceback" not in err
    status, out, _ = inspect("--help")
    assert status == 0
    assert "exit status:" in out


def test_reader_that_has_enough(tmp_path: Path) -> None:
    file = tmp_path / "long.jsonl"
    file.write_text(JSONL * 5000, encoding="utf-8")
    command = [sys.executable, "-B", "-W", "error", "-m", "responses_events", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=PACKAGE.parent) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"  no. event\n"
        assert b"response.created" in process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


def test_stream_that_is_alive() -> None:
    command = [sys.executable, "-B", "-W", "error", "-m", "responses_events", "-"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, cwd=PACKAGE.parent) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(SSE.partition("\n\n")[0].encode() + b"\n\n")
        process.stdin.flush()
        # Comes before the stream has ended, or the test would hang here.
        assert process.stdout.readline() == b"  no. event\n"
        assert b"response.created" in process.stdout.readline()
        process.stdin.close()
        assert process.stdout.read().endswith(b"typed: 1 of 1 events, 100.0 %\n")
        assert process.wait() == 0


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ")
@pytest.mark.skipif(signal.getsignal(signal.SIGINT) is signal.SIG_IGN, reason="a job in the background ignores Ctrl-C")
def test_ctrl_c_ends_a_stream_that_is_alive_with_the_summary() -> None:
    command = [sys.executable, "-B", "-W", "error", "-m", "responses_events", "-"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, cwd=PACKAGE.parent) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(JSONL.partition("\n")[0].encode() + b"\n")
        process.stdin.flush()
        process.stdout.readline()
        assert b"response.created" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.stdout.read().endswith(b"typed: 1 of 1 events, 100.0 %\n")
        assert process.stderr.read() == b""
        assert process.wait() == 130


@needs_corpus
def test_recordings() -> None:
    for file in sorted(CORPUS.glob("sse/*.sse")):
        status, out, err = inspect("--quiet", str(file))
        assert (status, err) == (0, "")
        assert "typed: " in out
