"""Rules that are off are applied where somebody asks for them, in every way to hold a stream to the rules."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from anthropic_events import encode, samples
from anthropic_events.lint import RULES, Linter, assert_valid_stream, lint
from anthropic_events.lint.checks import CHECKS
from anthropic_events.runtime.check_command import check
from anthropic_events.runtime.vetting import vet

OFF = "text-empty"
STREAM = samples.stream("text", broken=OFF)


def test_it_is_off() -> None:
    assert RULES[OFF].severity == "off"
    assert lint(STREAM) == []


def test_it_is_applied_as_a_warning() -> None:
    (finding,) = lint(STREAM, extra=[OFF])
    assert (finding.rule, finding.severity) == (OFF, "warning")
    linter = Linter(extra=(OFF,))
    assert [each.rule for event in STREAM for each in linter.feed(event)] == [OFF]
    with pytest.raises(AssertionError, match=f"warning {OFF}: "):
        assert_valid_stream(STREAM, extra=[OFF])


def test_what_is_on_stays_as_it_is() -> None:
    broken = samples.stream("text", broken="block-left-open")
    assert lint(broken, extra=["block-left-open"]) == lint(broken)


@pytest.mark.parametrize("hold", [lint, assert_valid_stream])
def test_misspelt(hold: Any) -> None:
    with pytest.raises(ValueError, match=r"no rule 'text-emty'; did you mean 'text-empty'"):
        hold(STREAM, extra=["text-emty"])
    with pytest.raises(ValueError, match=r"the extra rules are several ids, such as \('text-empty',\), not one text"):
        hold(STREAM, extra=OFF)


def test_in_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "stream.jsonl"
    file.write_text("".join(f"{json.dumps(encode(event))}\n" for event in STREAM), encoding="utf-8")
    assert vet(CHECKS, "", file.read_bytes()).findings == []
    assert check(CHECKS, [str(file)]) == 0
    assert check(CHECKS, ["--extra", OFF, "--fail-on", "warning", str(file)]) == 1
    assert f"warning {OFF}: " in capsys.readouterr().out
    with pytest.raises(SystemExit, match="2"):
        check(CHECKS, ["--extra", "text-emty", str(file)])
    assert "no rule 'text-emty'; did you mean 'text-empty'" in capsys.readouterr().err


def test_help_names_them(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        check(CHECKS, ["--help"])
    assert OFF in capsys.readouterr().out
