"""`python -m responses_events check`: what it says of a file, in which form, and how it ends."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from responses_events.lint.checks import CHECKS
from responses_events.runtime.check_command import check
from responses_events.runtime.reporting import FORMATS
from support.sound_streams import numbered, sound_streams
from support.wire_samples import PACKAGE

Wire: TypeAlias = "dict[str, Any]"
Run: TypeAlias = "Callable[..., tuple[int, str, str]]"

SOUND = sound_streams()["text"]
PIECE = next(at for at, event in enumerate(SOUND) if event["type"] == "response.output_text.delta")


def rotating() -> list[Wire]:
    """A stream in which every event makes up an id of its own."""
    events = sound_streams()["text"]
    for at, event in enumerate(events):
        if "item_id" in event:
            event["item_id"] = f"other_{at}"
    return events


def piece_lost() -> list[Wire]:
    events = sound_streams()["text"]
    del events[PIECE]
    return numbered(events)


def jsonl(events: Iterable[Mapping[str, Any]]) -> bytes:
    return "".join(f"{json.dumps(event)}\n" for event in events).encode()


def sse(events: Iterable[Mapping[str, Any]], end: str = "\n") -> bytes:
    frames = (f"event: {event['type']}{end}data: {json.dumps(event)}{end}{end}" for event in events)
    return "".join(frames).encode()


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command over files that hold bytes; give its status, output and error output."""
    monkeypatch.chdir(tmp_path)

    def run(*contents: bytes, options: Iterable[str] = (), names: Iterable[str] = ()) -> tuple[int, str, str]:
        files = [*names]
        for number, content in enumerate(contents):
            files.append(f"{number}.sse")
            Path(files[-1]).write_bytes(content)
        status = check(CHECKS, [*options, *files])
        return status, *capsys.readouterr()

    return run


def placed(out: str) -> list[tuple[int, int, str]]:
    """Line, index and rule of each finding in a report of the form `json`."""
    found = [json.loads(line) for line in out.splitlines()]
    return [(each["line"], each["index"], each["rule"]) for each in found]


def test_nothing_wrong(run: Run) -> None:
    assert run(jsonl(SOUND)) == (0, f"0.sse: nothing wrong in {len(SOUND)} events\n", "")


def test_text(run: Run) -> None:
    status, out, err = run(sse(rotating()), jsonl(SOUND))
    assert (status, err) == (1, "")
    first, *also, summary, second = out.splitlines()
    line = 3 * 3 + 2
    assert first.startswith(f"0.sse:{line}: event 3: error item-id-differs: response.content_part.added has item_id")
    assert also[0].startswith(f"    line {line + 3}, event 4: item-id-differs: ")
    assert summary.startswith(f"0.sse: 1 error in {len(SOUND)} events; all of this is known of copilot: --profile ")
    assert second == f"1.sse: nothing wrong in {len(SOUND)} events"


def test_a_profile_forgives_what_is_known(run: Run) -> None:
    status, out, _ = run(jsonl(rotating()), options=["--profile", "copilot"])
    assert (status, out) == (0, f"0.sse: nothing wrong in {len(SOUND)} events\n")
    _, out, _ = run(jsonl(piece_lost()))
    assert "--profile" not in out


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (jsonl(piece_lost()), lambda index: index + 1),
        (b"\n\n" + jsonl(piece_lost()), lambda index: index + 3),
        (b"\xef\xbb\xbf" + jsonl(piece_lost()).replace(b"\n", b"\r\n"), lambda index: index + 1),
        (jsonl(piece_lost()).decode().encode("utf-16"), lambda index: index + 1),
        (sse(piece_lost()), lambda index: 3 * index + 2),
        (b": a comment\n\n" + sse(piece_lost(), "\r\n"), lambda index: 3 * index + 4),
        (sse(piece_lost(), "\r"), lambda index: 3 * index + 2),
        (sse(piece_lost())[:-1], lambda index: 3 * index + 2),
        (sse(piece_lost()) + b"data: [DONE]\n\n", lambda index: 3 * index + 2),
        (b"[\n" + b",\n".join(jsonl(piece_lost()).splitlines()) + b"\n]", lambda index: index + 2),
        (json.dumps(piece_lost()).encode(), lambda index: 1),
    ],
)
def test_lines(content: bytes, line: Callable[[int], int], run: Run) -> None:
    status, out, err = run(content, options=["--format", "json"])
    ((found, index, rule),) = placed(out)
    assert (status, err, rule) == (1, "", "text-differs")
    assert found == line(index)


def test_json_has_all_there_is_to_know(run: Run) -> None:
    _, out, _ = run(jsonl(rotating()), options=["--format", "json"])
    (finding,) = map(json.loads, out.splitlines())
    also = finding.pop("also")
    assert finding == {
        "file": "0.sse",
        "line": 4,
        "rule": "item-id-differs",
        "severity": "error",
        "index": 3,
        "path": "item_id",
        "message": finding["message"],
        "expected": json.dumps(SOUND[2]["item"]["id"]),
        "got": '"other_3"',
    }
    assert [each["line"] for each in also] == [each["index"] + 1 for each in also]
    assert all(each["rule"] == "item-id-differs" and each["also"] == [] for each in also)


def test_github(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a, b: c%.jsonl").write_bytes(jsonl(piece_lost()))
    _, out, _ = run(options=["--format", "github"], names=["a, b: c%.jsonl"])
    (line,) = out.splitlines()
    assert line.startswith("::error file=a%2C b%3A c%25.jsonl,line=")
    assert ",title=text-differs::event " in line


def test_sarif(run: Run) -> None:
    """The members that SARIF 2.1.0 requires, and what code scanning asks for beside these."""
    _, out, _ = run(jsonl(rotating()), jsonl(piece_lost()), b"data: {\n\n" + sse(SOUND), options=["--format", "sarif"])
    log = json.loads(out)
    assert log["version"] == "2.1.0" and log["$schema"].endswith("sarif-2.1.0.json")
    (part,) = log["runs"]
    rules = part["tool"]["driver"]["rules"]
    assert part["tool"]["driver"]["name"]
    assert {"item-id-differs", "text-differs", "frame"} <= {rule["id"] for rule in rules}
    for rule in rules:
        for text in ("shortDescription", "fullDescription", "help"):
            assert rule[text]["text"]
    for result in part["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note", "none")
        assert result["message"]["text"]
        for location in (*result["locations"], *result.get("relatedLocations", ())):
            physical = location["physicalLocation"]
            assert physical["artifactLocation"]["uri"] in ("0.sse", "1.sse", "2.sse")
            assert physical["region"]["startLine"] >= 1
    assert all(each["message"]["text"] for each in part["results"][0]["relatedLocations"])


def test_warnings_fail_on_demand(run: Run) -> None:
    cut_off = jsonl(SOUND[:-1])
    status, out, _ = run(cut_off)
    assert status == 0 and "warning stream-truncated" in out
    assert run(cut_off, options=["--fail-on", "warning"])[0] == 1


def test_schema(run: Run) -> None:
    events = sound_streams()["text"]
    events[PIECE]["logprobs"] = 5
    assert run(jsonl(events))[0] == 0
    status, out, _ = run(jsonl(events), options=["--schema", "--format", "json"])
    (finding,) = map(json.loads, out.splitlines())
    assert (status, finding["rule"], finding["index"], finding["path"]) == (1, "schema", PIECE, "logprobs")
    assert finding["got"] == "5"


def test_frames_that_hold_no_object(run: Run) -> None:
    frames = sse(SOUND).split(b"\n\n")
    frames[PIECE] = b'data: {"type": "resp'
    frames.insert(2, b"data: oops")
    status, out, err = run(b"\n\n".join(frames), options=["--format", "json"])
    found = placed(out)
    assert (status, err) == (1, "")
    assert (7, 2, "frame") in found
    assert (3 * PIECE + 3, PIECE + 1, "frame") in found


def test_names_of_frames(run: Run) -> None:
    body = sse(SOUND).replace(b"event: response.output_text.delta", b"event: response.output_text.done", 1)
    _, out, _ = run(body, options=["--format", "json"])
    assert placed(out) == [(3 * PIECE + 2, PIECE, "event-name-differs")]


def test_several_streams(run: Run) -> None:
    status, out, _ = run(jsonl([*SOUND, *piece_lost(), *SOUND]))
    assert status == 1
    assert out.splitlines()[-1] == f"0.sse: 1 error in {3 * len(SOUND) - 1} events of 3 streams"


def test_done_ends_a_stream_that_says_no_end(run: Run) -> None:
    done = b"data: [DONE]\n\n"
    _, out, _ = run(sse(SOUND[:-1]) + done + sse(SOUND) + done, options=["--format", "json"])
    assert [rule for _, _, rule in placed(out)] == ["stream-truncated"]


def test_many_findings_of_a_rule_are_counted(run: Run) -> None:
    events = sound_streams()["text"]
    content = jsonl([event for _ in range(15) for event in (*events[:PIECE], *events[PIECE + 1 :])])
    _, out, _ = run(content, options=["--profile", "copilot"])
    shown = [line for line in out.splitlines() if ": error text-differs: " in line]
    assert len(shown) == 10
    assert "0.sse: 5 more of text-differs" in out.splitlines()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no events; expected server-sent events"),
        (b"\n \n", "and there is nothing"),
        (b"<html><body>502 Bad Gateway</body></html>", "no event stream but an HTML or XML page"),
        (gzip.compress(jsonl(SOUND)), "no event stream but gzip data"),
        (b'{"error": {"message": "slow down"}}', "no event stream but the body of an error, slow down"),
        (b'{"error": {"message": "slow', "no events; expected"),
        (b"data: oops\n\n", "no events; expected"),
        (b'data: {"id": 1}\n\ndata: {"id": 2}\n\n', "2 events, none of them one that `responses_events` knows"),
        (b"[]", "not a JSON list"),
        (b"hello\n", "this begins with"),
        (b"data: [DONE]\n\n", "no events"),
    ],
)
def test_what_is_no_stream(content: bytes, said: str, run: Run) -> None:
    status, out, err = run(content, jsonl(SOUND))
    assert status == 2
    assert err.startswith("python -m responses_events check: 0.sse: ") and said in err
    assert out == f"1.sse: nothing wrong in {len(SOUND)} events\n"


def test_files_that_cannot_be_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    status, out, err = run(names=["missing", "folder"])
    assert (status, out) == (2, "")
    assert err.splitlines() == [
        "python -m responses_events check: missing: No such file or directory",
        "python -m responses_events check: folder: a directory; name the files in it",
    ]


@pytest.mark.parametrize("options", [["--profile", "nobody", "x"], ["--format", "xml", "x"], []])
def test_wrong_usage(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as error:
        check(CHECKS, options)
    assert error.value.code == 2
    assert "usage: " in capsys.readouterr().err


def test_help_says_how_it_ends(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        check(CHECKS, ["--help"])
    out = capsys.readouterr().out
    assert "exit status:" in out and "copilot" in out


def test_what_is_found_cannot_reach_the_terminal(run: Run) -> None:
    events = sound_streams()["text"]
    events[PIECE]["item_id"] = "\x1b[31m\u202e"
    _, out, _ = run(jsonl(events))
    assert "item-id-differs" in out and out.isascii()


def test_colours_are_for_terminals(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[" not in run(jsonl(rotating()))[1]
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert "\x1b[1;31merror\x1b[0m item-id-differs" in run(jsonl(rotating()))[1]
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in run(jsonl(rotating()))[1]


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_for_nothing_wrong(form: str, run: Run) -> None:
    status, out, _ = run(jsonl(SOUND), options=["--format", form])
    assert status == 0
    assert bool(out) == (form in ("text", "sarif"))


def test_the_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(jsonl(piece_lost()))))
    status, out, _ = run(names=["-"])
    assert status == 1 and out.startswith("-:")


def module(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    code = f"import runpy, sys; sys.path.insert(0, {str(PACKAGE.parent)!r});"
    code += " runpy.run_module('responses_events', alter_sys=True)"
    command = [sys.executable, "-I", "-S", "-B", "-W", "error", "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, **options)


def test_commands_of_the_module(tmp_path: Path) -> None:
    (tmp_path / "check").write_bytes(jsonl(SOUND))
    checked = module("check", "./check", cwd=tmp_path)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout == f"./check: nothing wrong in {len(SOUND)} events\n"
    shown = module("./check", cwd=tmp_path)
    assert shown.returncode == 0 and shown.stdout.startswith("  no. event\n")
    explained = module("explain", "item-closed")
    assert explained.returncode == 0 and explained.stdout.startswith("item-closed (error)\n")
    assert "`check FILE...` tells what is wrong" in module("--help").stdout
