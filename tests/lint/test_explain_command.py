"""`python -m responses_events explain`: what it says about a rule."""

from __future__ import annotations

import runpy
import sys

import pytest

from responses_events.builders.samples import SAMPLES
from responses_events.lint import PROFILES, RULES
from responses_events.lint.checks import CHECKS
from responses_events.runtime.explain_command import explain
from responses_events.runtime.showing import show
from responses_events.runtime.vetting import FILE_RULES


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert explain(CHECKS, arguments) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("rule", [*RULES, *FILE_RULES])
def test_every_rule(rule: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = said(capsys, rule)
    doc = {**RULES, **FILE_RULES}[rule]
    assert out.startswith(f"{rule} (")
    words = " ".join(out.split())
    for text in (doc.statement, doc.why, doc.seen, doc.fix):
        assert " ".join(text.split()) in words
    assert max(map(len, out.splitlines())) <= 120


def test_who_is_known_for_it(capsys: pytest.CaptureFixture[str]) -> None:
    words = " ".join(said(capsys, "item-id-differs").split())
    assert f"Known of: copilot: {PROFILES['copilot'].off['item-id-differs']}" in words
    assert "openai, for MCPListTools: " in said(capsys, "item-left-open")


def test_rules_that_are_off(capsys: pytest.CaptureFixture[str]) -> None:
    for rule, doc in RULES.items():
        assert ("(off, unless the spec or `check --extra` turns it on)" in said(capsys, rule)) == (
            doc.severity == "off"
        )


def test_a_bad_and_a_good_stream(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(CHECKS, ["item-left-open"], lambda rule: show(SAMPLES, rule)) == 0
    out = capsys.readouterr().out
    assert out.startswith(said(capsys, "item-left-open"))
    bad, good = out.partition("\nBad:\n")[2].split("\n\nGood:\n")
    closer = '{"type": "response.output_item.done", "output_index": 0}'
    assert closer not in bad and closer in good
    assert '  > {"type": "response.completed"}\n      output[0] is still open at response.completed' in bad


def test_the_program_has_streams(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for package, is_built in (("responses_events", True), ("realtime_server_events", False)):
        monkeypatch.setattr(sys, "argv", [package, "explain", "item-left-open"])
        with pytest.raises(SystemExit, match="0"):
            runpy.run_module(package, run_name="__main__")
        assert ("\nBad:\n" in capsys.readouterr().out) == is_built


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys).splitlines()
    assert [line.split()[1] for line in lines] == [*RULES, *FILE_RULES]
    assert lines[0].split(maxsplit=2) == ["error", "stream-not-opened", RULES["stream-not-opened"].statement]


@pytest.mark.parametrize(
    ("name", "hint"),
    [("item-opend", "did you mean item-not-opened"), ("xyz", "without a rule, all are listed")],
)
def test_misspelt(name: str, hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as error:
        explain(CHECKS, [name])
    assert error.value.code == 2
    assert f"no rule '{name}'; {hint}" in capsys.readouterr().err
