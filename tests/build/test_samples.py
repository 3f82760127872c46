"""Examples: of events and classes, of whole valid streams, and of streams in which one rule is broken."""

from __future__ import annotations

import importlib
import json
from types import ModuleType
from typing import Any

import pytest

import ag_ui_events
import anthropic_events
import responses_events

pytest_plugins = ["pytester"]

PACKAGES = (responses_events, anthropic_events, ag_ui_events)


def part(package: ModuleType, name: str) -> Any:
    return importlib.import_module(f"{package.__name__}.{name}")


def streams() -> list[Any]:
    return [
        pytest.param(package, name, id=f"{package.__name__}-{name}")
        for package in PACKAGES
        for name in part(package, "samples").STREAMS
    ]


@pytest.mark.parametrize(("package", "name"), streams())
def test_streams_are_valid(package: Any, name: str) -> None:
    for seed in range(3):
        events = part(package, "samples").stream(name, seed=seed)
        assert part(package, "lint").lint(events) == []
        assert [problem for event in events for problem in package.problems(event)] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_the_seed_decides(package: Any) -> None:
    stream = part(package, "samples").stream
    first = [package.encode(event) for event in stream("complete", seed=1)]
    assert first == [package.encode(event) for event in stream("complete", seed=1)]
    assert first != [package.encode(event) for event in stream("complete", seed=2)]


def test_what_the_examples_of_a_spec_have_is_used() -> None:
    (first, *_) = part(responses_events, "samples").stream("complete", seed=3)
    given = json.loads(json.dumps(responses_events.encode(first)))["response"]
    known = part(responses_events, "builders.samples").SAMPLES.examples["response.created"]["response"]
    assert {"created_at": given["created_at"], "model": given["model"]}.items() <= known.items()


@pytest.mark.parametrize("package", PACKAGES)
def test_an_event_of_each_tag(package: Any) -> None:
    for law in part(package, "lint.lifecycle").VALID_STREAM.events.values():
        for seed in range(3):
            event = part(package, "samples").event(law.tag, seed=seed)
            assert package.problems(event) == []
            wire = json.loads(json.dumps(package.encode(event)))
            assert type(package.decode(wire)) is type(event)


@pytest.mark.parametrize("package", PACKAGES)
def test_an_object_of_each_class(package: Any) -> None:
    shapes = part(package, "runtime.shape").SHAPES
    for cls in shapes:
        made = part(package, "samples").value(cls, seed=1)
        assert type(made) is cls
        assert made == part(package, "samples").value(cls, seed=1)
        json.dumps(package.encode(made))


def test_what_there_is_not() -> None:
    samples = part(responses_events, "samples")
    with pytest.raises(ValueError, match=r"no stream 'mesage'; did you mean 'message'\?"):
        samples.stream("mesage")
    with pytest.raises(ValueError, match=r"no event 'response.created_'; did you mean 'response.created'"):
        samples.event("response.created_")
    with pytest.raises(TypeError, match=r"no class of this package, .*: int"):
        samples.value(int)


def test_fixture(pytester: pytest.Pytester) -> None:
    pytester.makeconftest('pytest_plugins = ["responses_events.lint.pytest_plugin"]')
    pytester.makepyfile("""
        def test_client(valid_stream, assert_valid_stream):
            assert_valid_stream(valid_stream("message", seed=3))
    """)
    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    command = part(responses_events, "runtime.sample_command").sample
    assert command(part(responses_events, "builders.samples").SAMPLES, arguments) == 0
    return capsys.readouterr().out


def test_command(capsys: pytest.CaptureFixture[str], tmp_path: Any) -> None:
    checks = part(responses_events, "lint.checks").CHECKS
    vet = part(responses_events, "runtime.vetting").vet
    for form in ("sse", "jsonl"):
        out = said(capsys, "--stream", "everything", "--format", form, "--seed", "4")
        assert vet(checks, "", out.encode()).findings == []
    for arguments in (["--stream", "message"], []):
        for rule in ("part-left-open", "event-name-differs"):
            out = said(capsys, *arguments, "--break", rule)
            assert [finding.rule for finding in vet(checks, "", out.encode()).findings] == [rule]
    assert said(capsys, "response.output_text.delta").startswith("event: response.output_text.delta\ndata: {")
    out = said(capsys)
    assert all(f"  {name} " in out for name in part(responses_events, "samples").STREAMS)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--stream", "mesage"], "did you mean 'message'?"),
        (["response.creatd"], "did you mean 'response.created'"),
        (["--break", "text-difers"], "no rule 'text-difers'; did you mean 'text-differs'"),
        (["--break", "event-name-differs", "--format", "jsonl"], "only the command `sample` shows that"),
        (["response.created", "--stream", "message"], "either a TAG, for one event, or a stream"),
        (["response.created", "--break", "text-differs"], "either a TAG, for one event, or a stream"),
    ],
)
def test_wrong_usage(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        said(capsys, *arguments)
    assert message in capsys.readouterr().err
