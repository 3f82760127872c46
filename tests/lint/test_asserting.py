"""`assert_valid_stream`: what it takes, and what it says to who writes a server."""

from __future__ import annotations

import json
from typing import Any

import pytest

from responses_events import decode
from responses_events.lint import assert_valid_stream
from support.sound_streams import sound_streams
from support.streams import cut, sse
from support.wire_samples import PACKAGE

pytest_plugins = ["pytester"]

SOUND = sound_streams()
BODY = sse(*SOUND["text"])


def with_another_id() -> list[dict[str, Any]]:
    events = sound_streams()["text"]
    events[4]["item_id"] = "other"
    return events


@pytest.mark.parametrize("name", SOUND)
def test_sound_streams_are_valid(name: str) -> None:
    assert_valid_stream(SOUND[name])


@pytest.mark.parametrize(
    "stream",
    [
        BODY,
        bytearray(BODY),
        memoryview(BODY),
        BODY.decode(),
        [BODY],
        cut(BODY, 7),
        list(cut(BODY, 1000)),
        BODY.decode().splitlines(keepends=True),
        [f"{json.dumps(event)}\n" for event in SOUND["text"]],
        map(decode, map(json.dumps, SOUND["text"])),
        iter(SOUND["text"]),
        [BODY, b"data: [DONE]\n\n"],
    ],
)
def test_forms_of_a_stream(stream: Any) -> None:
    assert_valid_stream(stream)


def test_what_is_wrong_and_what_to_do() -> None:
    with pytest.raises(AssertionError) as error:
        assert_valid_stream(sse(*with_another_id()))
    first, finding, advice = str(error.value).splitlines()
    assert first == f"the stream is not valid: 1 error in {len(SOUND['text'])} events"
    assert finding.startswith("  line 14, event 4: error item-id-differs: response.output_text.delta has item_id")
    assert advice.startswith("    What to do: ")
    with pytest.raises(AssertionError, match=r"\n  event 4: error item-id-differs: "):
        assert_valid_stream(with_another_id())


def test_warnings_count() -> None:
    with pytest.raises(AssertionError, match=r"1 warning in .*\n.* warning stream-truncated: "):
        assert_valid_stream(SOUND["text"][:-1])


def test_profile() -> None:
    assert_valid_stream(with_another_id(), profile="copilot")
    with pytest.raises(ValueError, match="no profile 'nobody'"):
        assert_valid_stream(with_another_id(), profile="nobody")


def test_long_lists_are_cut() -> None:
    events = sound_streams()["text"]
    for at, event in enumerate(events):
        if "item_id" in event:
            event["item_id"] = f"other_{at}"
    with pytest.raises(AssertionError, match="    and 2 more that follow from it\n"):
        assert_valid_stream(events)
    with pytest.raises(AssertionError, match=r"\n  and 5 more$"):
        assert_valid_stream(with_another_id() * 15)


@pytest.mark.parametrize(
    ("stream", "said"),
    [
        ([], "0 events, none of them one that `responses_events` knows"),
        (b"", "the stream cannot be read: no events; expected server-sent events"),
        ([b"<html>", b"</html>"], "an HTML or XML page"),
        ([{"type": "brand.new"}], "1 event, none of them"),
        ([{}], "1 event, none of them"),
        (b"data: {\n\n" + BODY, "event 0: error frame: "),
    ],
)
def test_what_is_no_stream(stream: Any, said: str) -> None:
    with pytest.raises(AssertionError) as error:
        assert_valid_stream(stream)
    assert said in str(error.value)


async def _chunks() -> Any:
    yield BODY


@pytest.mark.parametrize(
    ("stream", "said"),
    [
        (5, "not int$"),
        ({"type": "x"}, "not dict$"),
        (None, "not NoneType$"),
        ([5], "no. 0 of the stream is int, neither an event nor a chunk"),
        ([SOUND["text"][0], b"data: {}"], "no. 1 is bytes"),
        (_chunks(), "not async_generator; collect it in a list first"),
    ],
)
def test_wrong_types(stream: Any, said: str) -> None:
    with pytest.raises(TypeError, match=said):
        assert_valid_stream(stream)


def test_fixture(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(PACKAGE.parent))
    pytester.makeconftest('pytest_plugins = ["responses_events.lint.pytest_plugin"]')
    pytester.makepyfile(f"""
        GOOD = {SOUND["text"]!r}
        BAD = {with_another_id()!r}

        def test_good(assert_valid_stream):
            assert_valid_stream(GOOD)

        def test_bad(assert_valid_stream):
            assert_valid_stream(BAD)

        def test_forgiven(assert_valid_stream):
            assert_valid_stream(BAD, profile="copilot")
        """)
    ran = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    ran.assert_outcomes(passed=2, failed=1)
    ran.stdout.fnmatch_lines(
        ["E * the stream is not valid: 1 error in * events", "E *event 4: error item-id-differs: *"]
    )
    # Of the package, nothing stands between the test and what is wrong.
    ran.stdout.no_fnmatch_line("*responses_events*asserting.py*")
