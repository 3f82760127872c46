"""Tests of the printers: what people read, what machines read, and that no diagnostic can fake either."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from eventwright.binding.binder import UNKNOWN_NAME
from eventwright.diagnostics import printers
from eventwright.diagnostics.values import Diagnostic, Position, Report, Span

LINES = {"a.yaml": ["title: Noted", "doc: 値 wrong", "x: " + "y" * 300]}


def read_line(file: str, number: int) -> str | None:
    lines = LINES.get(file, [])
    return lines[number - 1] if number <= len(lines) else None


def span(line: int, begin: int, end: int, file: str = "a.yaml") -> Span:
    return Span(file, Position(line, begin), Position(line, end))


def error(where: Span, message: str = "unknown 'x'", hint: str = "did you mean 'y'?") -> Diagnostic:
    return Diagnostic(UNKNOWN_NAME, where, message, hint)


def test_text_marks_the_thing_under_its_line() -> None:
    assert printers.text([error(span(1, 8, 13))], read_line) == (
        "a.yaml:1:8: error E301: unknown 'x'\n"
        "  1 | title: Noted\n"
        "    |        ^^^^^\n"
        "    = did you mean 'y'?\n"
        "\n"
        "1 error\n"
    )


def test_text_without_a_place_names_the_file_only() -> None:
    assert printers.text([error(Span("a.yaml"))], read_line).startswith("a.yaml: error E301: unknown 'x'\n  = did")


def test_wide_characters_take_two_cells() -> None:
    lines = printers.text([error(span(2, 8, 13))], read_line).splitlines()
    assert lines[2].index("^") == lines[1].index("wrong") + 1


def test_long_lines_are_cut_around_the_place() -> None:
    lines = printers.text([error(span(3, 200, 201))], read_line).splitlines()
    assert all(len(line) < 140 for line in lines)
    assert lines[1][lines[2].index("^")] == "y"


@pytest.mark.parametrize("hostile", ["\x1b[31mred", "a\u202eb", "a\nb: error E999: no", "\u200b"])
def test_text_shows_what_would_be_hidden(hostile: str) -> None:
    shown = printers.text([error(span(1, 1, 2, hostile), hostile, hostile)], read_line)
    assert not any(character in shown for character in "\x1b\u202e\u200b")
    assert shown.count("error E999") == 0 or "\\u000ab: error E999" in shown


def test_a_place_behind_the_end_of_the_file_is_no_crash() -> None:
    assert "a.yaml:99:1" in printers.text([error(span(99, 1, 2))], read_line)


def test_json_gives_numbers_or_null() -> None:
    data = json.loads(printers.as_json([error(span(1, 8, 13)), error(Span("b.yaml"))]))
    assert (data["errors"], data["warnings"]) == (2, 0)
    first, second = data["findings"]
    assert (first["line"], first["column"], first["end_line"], first["end_column"]) == (1, 8, 1, 13)
    assert (second["file"], second["line"]) == ("b.yaml", None)


def test_github_escapes_what_would_end_a_command() -> None:
    shown = printers.github([error(span(1, 8, 13, "a,b:c.yaml"), "50%\n::error ::fake")])
    head = "::error file=a%2Cb%3Ac.yaml,line=1,col=8,endLine=1,endColumn=13,title=E301%3A unknown name::"
    assert shown.startswith(head)
    assert shown.count("\n") == 1
    assert "50%25%0A::error ::fake" in shown


def test_sarif_has_the_shape_that_readers_need() -> None:
    log = json.loads(printers.sarif([error(span(1, 8, 13, "a b.yaml")), error(Span("b.yaml"))]))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"]
    assert len({rule["id"] for rule in driver["rules"]}) == len(driver["rules"])
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning")
        assert result["message"]["text"]
    first, second = (result["locations"][0]["physicalLocation"] for result in run["results"])
    assert first["artifactLocation"] == {"uri": "a%20b.yaml"}
    assert first["region"] == {"startLine": 1, "startColumn": 8, "endLine": 1, "endColumn": 13}
    assert "region" not in second


@pytest.mark.parametrize("form", [printers.as_json, printers.sarif])
def test_no_findings_are_a_valid_document(form: object) -> None:
    assert callable(form)
    json.loads(form([]))


def test_reports_are_sorted_and_hold_nothing_twice() -> None:
    report = Report()
    for where in (span(2, 1, 2), span(1, 5, 6), Span("a.yaml"), span(10, 1, 2), span(2, 1, 2)):
        report.add(UNKNOWN_NAME, where, "unknown 'x'")
    places = [str(diagnostic.span) for diagnostic in report.diagnostics]
    assert places == ["a.yaml", "a.yaml:1:5", "a.yaml:2:1", "a.yaml:10:1"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo terminal")
@pytest.mark.parametrize(("variable", "colored"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_color_only_on_a_terminal_that_wants_it(tmp_path: Path, variable: dict[str, str], colored: bool) -> None:
    import pty

    (tmp_path / "spec.yaml").write_text("nam: x\n")
    environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    environment.update({"TERM": "xterm", "PYTHONPATH": str(Path(printers.__file__).parents[2]), **variable})
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "eventwright", "lint", str(tmp_path)]
    subprocess.run(command, stdout=theirs, stderr=subprocess.DEVNULL, env=environment, check=False)
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(ours, 65536):
            shown += chunk
    except OSError:
        # A terminal whose other end is closed has no end of file.
        pass
    finally:
        os.close(ours)
    assert b"E201" in shown
    assert (b"\x1b[" in shown) is colored
