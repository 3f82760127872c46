"""Texts that are compared instead of parsed give the events that parsing gives, and learning ends."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from responses_events import DecodeError, ResponseTextDeltaEvent, decode, encode
from responses_events.decoder import EVENT_DECODERS
from responses_events.runtime import layouts as module
from responses_events.runtime.layouts import Layouts
from support import CORPUS, needs_corpus
from support.wire_samples import examples, refusal

TAG = "response.output_text.delta"
EXAMPLE = examples()[TAG]


def delta(number: int, text: str = "", **changes: Any) -> bytes:
    """The wire text of a delta."""
    wire = {**EXAMPLE, "sequence_number": number, "delta": text or f"word {number}", **changes}
    return json.dumps(wire, ensure_ascii=False, separators=(",", ":")).encode()


def parsed(source: bytes) -> Any:
    """The event of a wire text without layouts, which are for `bytes` and `str` alone; or the error's message."""
    return outcome(lambda: decode(bytearray(source)))


def outcome(action: Callable[[], Any]) -> Any:
    try:
        return action()
    except DecodeError as error:
        return str(error)


class Reader:
    """Decodes as `decode` does, and counts the texts that were not parsed."""

    def __init__(self) -> None:
        self.layouts: Layouts[Any] = Layouts()
        self.fits = 0

    def read(self, source: bytes) -> Any:
        text = source.decode()
        event = self.layouts.read(text)
        if event is not None:
            self.fits += 1
            return event
        data = json.loads(text)
        event = EVENT_DECODERS[data["type"]](data, None)
        self.layouts.note(text, event)
        return event

    def read_all(self, sources: Iterable[bytes]) -> int:
        """Decode some wire texts, hold them against parsing, and give how many were not parsed."""
        before = self.fits
        for source in sources:
            event = self.read(source)
            assert event == parsed(source)
            assert encode(event) == json.loads(source)
        return self.fits - before


@pytest.fixture
def reader() -> Reader:
    """A reader that has learned how deltas look."""
    found = Reader()
    assert found.read_all(delta(number) for number in range(250)) > 40
    return found


def test_learns_what_comes_often(reader: Reader) -> None:
    assert reader.read_all(delta(number, "x" * number) for number in range(100)) == 100


def test_not_before(reader: Reader) -> None:
    assert Reader().read_all(delta(number) for number in range(200)) == 0


@pytest.mark.parametrize(
    "text",
    ['"', "\\", '\\"', '","logprobs":[]', "\n\t\x00", "\u2028", "ü", "字", "\N{PILE OF POO}", '{"a":1}', " ", "word 7"],
)
def test_any_text_in_a_gap(reader: Reader, text: str) -> None:
    assert reader.read_all([delta(5, text), delta(6, f"{text}{text}")]) == 2


@pytest.mark.parametrize("number", [0, -1, 10**30, -(10**30)])
def test_any_number_in_a_gap(reader: Reader, number: int) -> None:
    assert reader.read_all([delta(number)]) == 1


@pytest.mark.parametrize("number", [True, None, 1.0, 1e300, "1", [], {}])
def test_what_is_no_integer_is_parsed(reader: Reader, number: Any) -> None:
    assert reader.read_all([delta(number)]) == 0


def test_lists_are_not_shared(reader: Reader) -> None:
    first, second = reader.read(delta(1, logprobs=[])), reader.read(delta(2, logprobs=[]))
    assert first.logprobs == second.logprobs == []
    assert first.logprobs is not second.logprobs


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text + b" ",
        lambda text: b" " + text,
        lambda text: text[:-1],
        lambda text: text + b"}",
        lambda text: text.replace(b'"item_id"', b'"item_ID"'),
        lambda text: text.replace(b'"delta":', b'"delta": '),
        lambda text: text.replace(b'"delta":', b'"delta":"other","delta":'),
        lambda text: text.replace(b"{", b'{"news":1,'),
        lambda text: text.replace(b'"sequence_number":1', b'"sequence_number":01'),
        lambda text: text.replace(b'"sequence_number":1', b'"sequence_number":1e3'),
        lambda text: text.replace(b'"sequence_number":1', b'"sequence_number":NaN'),
        lambda text: text.replace(b'"sequence_number":1', b'"sequence_number":'),
        lambda text: text.replace(b"word", b"wo\x01rd"),
        lambda text: text.replace(b"word", b"wo\\ud800rd"),
        lambda text: text.replace(b"word", b"wo\\xrd"),
    ],
)
def test_a_text_that_is_changed(change: Callable[[bytes], bytes]) -> None:
    for number in range(300):
        decode(delta(number))
    source = change(delta(1, "word 1"))
    assert source != delta(1, "word 1")
    assert outcome(lambda: decode(source)) == outcome(lambda: decode(source.decode())) == parsed(source)


@settings(max_examples=400)
@given(
    st.integers(min_value=0, max_value=400),
    st.integers(min_value=0, max_value=3),
    st.binary(max_size=3) | st.sampled_from([b'"', b"\\", b",", b"}", b"null", b"0", b'","delta":"']),
)
def test_texts_with_mistakes(at: int, length: int, bytes_there: bytes) -> None:
    for number in range(300):
        decode(delta(number))
    good = delta(12, 'a "quoted" word')
    source = good[:at] + bytes_there + good[at + length :]
    try:
        source.decode()
    except UnicodeDecodeError:
        with pytest.raises(DecodeError, match="not UTF-8"):
            decode(source)
        return
    assert outcome(lambda: decode(source)) == parsed(source)


def test_strict_refuses_what_it_refused_before() -> None:
    for number in range(300):
        decode(delta(number), strict=True)
    for bad in (delta(1, output_index="1"), delta(1, item_id=None), delta(1, delta=5)):
        with pytest.raises(DecodeError) as caught:
            decode(bad, strict=True)
        assert str(caught.value) == str(refusal(json.loads(bad)))


def test_another_stream(reader: Reader) -> None:
    for stream in range(5):
        sources = [delta(number, item_id=f"msg_{stream}", output_index=stream) for number in range(100)]
        assert reader.read_all(sources) > 90


def test_streams_at_the_same_time() -> None:
    reader = Reader()
    sources = [delta(number, item_id=f"msg_{number % 7}") for number in range(2000)]
    assert reader.read_all(sources) > 1500


def test_another_order_of_members() -> None:
    reader = Reader()
    turned = [json.dumps(dict(reversed(list(json.loads(delta(number)).items())))).encode() for number in range(400)]
    assert reader.read_all(turned) > 150


def test_learning_stays_cheap_where_it_does_not_pay(monkeypatch: pytest.MonkeyPatch) -> None:
    lessons = 0
    learn = module._Learner.learn

    def counted(*arguments: Any) -> None:
        nonlocal lessons
        lessons += 1
        learn(*arguments)

    monkeypatch.setattr(module._Learner, "learn", counted)
    reader = Reader()
    # Two orders of members in turn: what is learned of one text is of no use for the next.
    for number in range(3000):
        wire = json.loads(delta(number))
        reader.read(json.dumps(wire, sort_keys=bool(number % 2)).encode())
    assert lessons > 0
    credit = 3 + (3000 - reader.fits) * module._COMFORT / module._PRICE
    assert lessons <= credit + reader.fits / module._PRICE


@needs_corpus
def test_recordings() -> None:
    reader = Reader()
    sources = [
        line
        for file in sorted(CORPUS.glob("streams/*.jsonl"))
        for line in file.read_bytes().splitlines()
        if json.loads(line)["type"] == TAG
    ]
    assert reader.read_all(sources) > 0.8 * len(sources)
    assert isinstance(reader.read(sources[-1]), ResponseTextDeltaEvent)
