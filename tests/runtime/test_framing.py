"""Tests of `framing`: the rules of the WHATWG standard, cuts at every byte, a naive reference, limits, linear time."""

import itertools
import pickle
import re
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from eventwright.targets.python.runtime.framing import Frame, FramingError, LineDecoder, SSEDecoder, encode_frame
from support import CORPUS, needs_corpus
from support.growth import TIMES, takes_linear_time

BOM = b"\xef\xbb\xbf"


# --- Helpers: everything a decoder says about a stream, and a reference that is slow and plain ---


@dataclass(frozen=True)
class Outcome:
    frames: list[Frame]
    last_event_id: str
    retry: int | None
    dropped: bool
    error_offset: int | None = None


def outcome(chunks: Iterable[bytes], *, limit: int = 1 << 20) -> Outcome:
    decoder = SSEDecoder(max_frame_bytes=limit)
    frames: list[Frame] = []
    offset = None
    try:
        for chunk in chunks:
            frames += decoder.feed(chunk)
        decoder.close()
    except FramingError as error:
        offset = error.offset
    return Outcome(frames, decoder.last_event_id, decoder.retry, decoder.dropped, offset)


def reference(stream: bytes, *, limit: int = 1 << 20) -> Outcome:
    """The standard's text, step by step, over the characters of the whole stream."""
    frames: list[Frame] = []
    last_event_id = event = id_buffer = ""
    data = ""
    retry = None
    offset = frame_offset = frame_bytes = 0
    open_line = False
    if stream.startswith(BOM):
        offset = len(BOM)
    pieces = re.split(b"(\r\n|\r|\n)", stream[offset:])
    for raw, line_end in zip(pieces[::2], [*pieces[1::2], b""], strict=True):
        if frame_bytes == 0:
            frame_offset = offset
        if frame_bytes + len(raw) > limit:
            return Outcome(frames, last_event_id, retry, True, frame_offset)
        if not line_end:
            open_line = raw != b"" and not raw.startswith(b":")
            break
        offset += len(raw) + len(line_end)
        line = raw.decode("utf-8", "replace")
        if line == "":
            last_event_id = id_buffer
            if data != "":
                frames.append(Frame(event, data.removesuffix("\n"), id_buffer))
            data = event = ""
            frame_bytes = 0
            continue
        if line[0] == ":":
            continue
        frame_bytes += len(raw)
        field, value = line.split(":", 1) if ":" in line else (line, "")
        if value[:1] == " ":
            value = value[1:]
        if field == "event":
            event = value
        elif field == "data":
            data += value + "\n"
        elif field == "id" and "\0" not in value:
            id_buffer = value
        elif field == "retry" and re.fullmatch("[0-9]{1,18}", value):
            retry = int(value)
    return Outcome(frames, last_event_id, retry, frame_bytes > 0 or open_line)


def decode(stream: bytes) -> list[Frame]:
    """Decode in one chunk, after a check that single bytes give the same."""
    whole = outcome([stream])
    assert whole == outcome(one_by_one(stream))
    return whole.frames


def data_of(stream: bytes) -> list[str]:
    return [frame.data for frame in decode(stream)]


def one_by_one(stream: bytes) -> Iterator[bytes]:
    return (stream[i : i + 1] for i in range(len(stream)))


def cut(stream: bytes, positions: Iterable[int]) -> list[bytes]:
    bounds = [0, *sorted(min(position, len(stream)) for position in positions), len(stream)]
    return [stream[a:b] for a, b in itertools.pairwise(bounds)]


def by_blank_line(stream: bytes, count: int = 1) -> list[bytes]:
    """Cut behind every `count`-th blank line, as servers do that send an event as soon as it is there."""
    return cut(stream, [match.end() for match in re.finditer(b"\n\n", stream)][::count])


# --- Fields and lines ---


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (b"data: x\n\n", [Frame("", "x", "")]),
        (b"event: ping\ndata: x\n\n", [Frame("ping", "x", "")]),
        (b"data: x\nevent: ping\n\n", [Frame("ping", "x", "")]),
        (b"event: a\nevent: b\ndata: x\n\n", [Frame("b", "x", "")]),
        (b"event: a\nevent\ndata: x\n\n", [Frame("", "x", "")]),
        (b"event: a\ndata: x\n\ndata: y\n\n", [Frame("a", "x", ""), Frame("", "y", "")]),
        (b"id: 7\nevent: a\ndata: x\n\n", [Frame("a", "x", "7")]),
    ],
    ids=["data", "event", "event-last", "event-twice", "event-emptied", "event-does-not-stay", "id"],
)
def test_frame(stream: bytes, expected: list[Frame]) -> None:
    assert decode(stream) == expected


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (b"data:x\n\n", ["x"]),
        (b"data: x\n\n", ["x"]),
        (b"data:  x\n\n", [" x"]),
        (b"data:\tx\n\n", ["\tx"]),
        (b"data: x \n\n", ["x "]),
        (b"data: \n\n", [""]),
        (b"data:\n\n", [""]),
        (b"data\n\n", [""]),
        (b"data\ndata\n\n", ["\n"]),
        (b"data::x\n\n", [":x"]),
        (b"data: a: b\n\n", ["a: b"]),
        (b"data: a\ndata:b\ndata\ndata: \ndata: c\n\n", ["a\nb\n\n\nc"]),
        (b"data: a\ndata: data: b\n\n", ["a\ndata: b"]),
        (b"event: e\ndata: a\ndata: b\n\n", ["a\nb"]),
        (b"event: e\nid: 1\ndata: a\n\n", ["a"]),
        (b"data: \0\n\n", ["\0"]),
    ],
)
def test_colon_space_and_several_data_lines(stream: bytes, expected: list[str]) -> None:
    assert data_of(stream) == expected


@pytest.mark.parametrize(
    "line",
    [
        *(b"Data: x", b"DATA: x", b" data: x", b"data : x", b"data\0: x", b"\0data: x", b"da-ta: x", b"data_1"),
        *(b"datax", b"dat: x", b"foo: x", b"foo", b": data: x", b":", b"\xff: x", "ｄata: x".encode()),
    ],
)
def test_other_names_are_ignored(line: bytes) -> None:
    assert data_of(b"data: a\n" + line + b"\ndata: b\n\n") == ["a\nb"]
    assert data_of(line + b"\n\ndata: b\n\n") == ["b"]


def test_one_byte_order_mark_is_removed() -> None:
    assert data_of(BOM + b"data: a\n\ndata: b\n\n") == ["a", "b"]
    assert data_of(BOM + BOM + b"data: a\n\ndata: b\n\n") == ["b"]
    assert data_of(b"\n" + BOM + b"data: a\n\ndata: b\n\n") == ["b"]
    assert data_of(b"data: a\n" + BOM + b"data: b\n\n") == ["a"]
    assert data_of(b"data: " + BOM + b"\n\n") == ["\ufeff"]
    assert data_of(b"\xef\xbb: x\ndata: a\n\n") == ["a"]
    assert data_of(BOM) == []


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
def test_line_ends(line_end: bytes) -> None:
    stream = b"\n\nevent: a\ndata: 1\n\n: c\n\ndata: 2\ndata: 3\n\n\n\nid: i\ndata: 4\n\n".replace(b"\n", line_end)
    assert decode(stream) == [Frame("a", "1", ""), Frame("", "2\n3", ""), Frame("", "4", "i")]


def test_mixed_line_ends() -> None:
    assert data_of(b"data: 1\rdata: 2\r\ndata: 3\n\r\ndata: 4\r\r\ndata: 5\r\n\r\rdata: 6\n\n") == [
        "1\n2\n3",
        "4",
        "5",
        "6",
    ]
    assert data_of(b"data: 1\n\rdata: 2\r\n\n") == ["1", "2"]


@pytest.mark.parametrize("stream", [b"data: x\r\r", b"data: x\r\n\r", b"data: x\n\r"])
def test_frame_ended_by_cr_is_delivered_at_once(stream: bytes) -> None:
    decoder = SSEDecoder()
    assert decoder.feed(stream) == [Frame("", "x", "")]
    assert decoder.feed(b"") == []
    assert decoder.feed(b"\n") == []
    assert decoder.feed(b"data: y\n") == []
    assert decoder.feed(b"\n") == [Frame("", "y", "")]


def test_lf_after_cr_at_a_cut_ends_no_second_line() -> None:
    decoder = SSEDecoder()
    assert decoder.feed(b"data: x\r") == []
    assert decoder.feed(b"\ndata: y\r") == []
    assert decoder.feed(b"\n\r") == [Frame("", "x\ny", "")]


@pytest.mark.parametrize("char", ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"])
def test_other_line_separators_stay_in_the_data(char: str) -> None:
    assert data_of(f"event: e{char}e\ndata: a{char}b\n\n".encode()) == [f"a{char}b"]
    assert data_of(f"data:a{char}b\r\r".encode()) == [f"a{char}b"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("é€😀".encode(), "é€😀"),
        (b"a\xffb", "a\ufffdb"),
        (b"\xe2\x82", "\ufffd"),
        (b"\xf0\x9f\x98", "\ufffd"),
        (b"\xed\xa0\x80", "\ufffd\ufffd\ufffd"),
        (b"\xc0\xaf", "\ufffd\ufffd"),
    ],
)
def test_utf8(value: bytes, expected: str) -> None:
    assert decode(b"event: " + value + b"\ndata: " + value + b"\n\n") == [Frame(expected, expected, "")]
    assert decode(b"id:" + value + b"\ndata\n\n") == [Frame("", "", expected)]


def test_comments() -> None:
    assert data_of(b":\n: x\n:data: no\n\ndata: a\n:\ndata: b\n: " + b"x" * 2000 + b"\n\n:\n") == ["a\nb"]


def test_frame_without_data_is_not_delivered_but_resets_the_event() -> None:
    assert decode(b"event: a\n\ndata: x\n\n") == [Frame("", "x", "")]
    assert decode(b"\n\n\n\ndata: x\n\n\n\n") == [Frame("", "x", "")]


# --- id and retry ---


def test_id_stays_until_it_is_changed() -> None:
    assert decode(b"id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n") == [
        Frame("", "a", "1"),
        Frame("", "b", "1"),
        Frame("", "c", ""),
    ]
    assert decode(b"id: 1\n\ndata: a\n\n") == [Frame("", "a", "1")]
    assert decode(b"id: 1\nid: 2\ndata: a\n\n") == [Frame("", "a", "2")]


def test_id_with_nul_is_ignored() -> None:
    assert decode(b"id: 1\nid: 2\0\ndata: a\n\n") == [Frame("", "a", "1")]
    assert decode(b"id: \0\ndata: a\n\n") == [Frame("", "a", "")]


def test_last_event_id_changes_with_the_blank_line() -> None:
    decoder = SSEDecoder()
    decoder.feed(b"id: 1\n\nid: 2\n")
    assert decoder.last_event_id == "1"
    decoder.feed(b"\n")
    assert decoder.last_event_id == "2"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"retry: 3000", 3000),
        (b"retry:3000", 3000),
        (b"retry: 0", 0),
        (b"retry: 007", 7),
        (b"retry: " + b"9" * 18, 10**18 - 1),
        (b"retry", None),
        (b"retry:", None),
        (b"retry: -1", None),
        (b"retry: +1", None),
        (b"retry: 1.5", None),
        (b"retry: 1e3", None),
        (b"retry: 1_000", None),
        (b"retry: 1 ", None),
        (b"retry:  1", None),
        (b"retry: 0x1", None),
        ("retry: ٣".encode(), None),
        (b"Retry: 1", None),
        (b"retry: " + b"9" * 5000, None),
    ],
)
def test_retry(line: bytes, expected: int | None) -> None:
    decoder = SSEDecoder()
    assert decoder.retry is None
    assert decoder.feed(line + b"\n") == []
    assert decoder.retry == expected


def test_bad_retry_keeps_the_earlier_one() -> None:
    assert outcome([b"retry: 5\nretry: x\nretry\n\n"]).retry == 5


# --- The end of the stream ---


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (b"", False),
        (b"data: x\n\n", False),
        (b"data: x\r\r", False),
        (b"data: x\n\n\n: bye", False),
        (b": bye\n", False),
        (b":", False),
        (BOM, False),
        (b"data: x", True),
        (b"data: x\n", True),
        (b"data: x\n: c\n", True),
        (b"event: x\n", True),
        (b"id: x\n", True),
        (b"data: x\n\nd", True),
        (BOM[:2], True),
    ],
)
def test_dropped(stream: bytes, expected: bool) -> None:
    decoder = SSEDecoder()
    decoder.feed(stream)
    assert decoder.dropped is False
    decoder.close()
    assert decoder.dropped is expected
    decoder.close()
    assert decoder.dropped is expected


@pytest.mark.parametrize("decoder", [SSEDecoder(), LineDecoder()], ids=["sse", "lines"])
def test_feed_after_close(decoder: SSEDecoder | LineDecoder) -> None:
    decoder.close()
    with pytest.raises(ValueError, match=r"Decoder\.feed\(\) was called after close\(\)"):
        decoder.feed(b"")


def test_chunk_types() -> None:
    stream = b"event: a\ndata: x\n\nevent: b\n"
    backing = bytearray(stream)
    sse, lines = SSEDecoder(), LineDecoder()
    assert sse.feed(memoryview(stream)) == [Frame("a", "x", "")]
    assert sse.feed(bytearray(b"data: y\n\n")) == [Frame("b", "y", "")]
    assert lines.feed(memoryview(backing)) == lines.feed(backing) == ["event: a", "data: x", "event: b"]
    backing.clear()  # BufferError if a decoder held on to it


# --- Cuts, and the reference ---

SAMPLE = (
    BOM
    + b': hello\r\n\r\nevent: response.output_text.delta\ndata: {"delta": "h\xc3\xa9 \xf0\x9f\x98\x80\xff"}\n\n'
    + b"data: a\r\ndata: b\r\n\r\nid: 1\rretry: 20\revent:e\rdata\r\r\n\n\n:\n\nevent: lost\n\nid:2\0\ndata:  x\n: c\n"
    + b"data\n\nfoo: bar\ndata: [DONE]\n\r\nid: 3\ndata: unfinished\n"
)


def test_every_cut_of_a_sample() -> None:
    expected = reference(SAMPLE)
    assert len(expected.frames) == 5
    assert outcome([SAMPLE]) == outcome(one_by_one(SAMPLE)) == expected
    for first in range(len(SAMPLE) + 1):
        assert outcome(cut(SAMPLE, [first])) == expected, first
        for length in (1, 2, 3):
            assert outcome(cut(SAMPLE, [first, first + length])) == expected, (first, length)


def with_crlf(stream: bytes) -> bytes:
    return re.sub(b"\r\n|\r|\n", b"\r\n", stream)


SEPARATORS = [b":", b" ", b": ", b"\n", b"\r", b"\r\n", b"\n\n", b"\r\n\r\n"]
WORDS_AND_BYTES = [b"data", b"event", b"id", b"retry", b"12", b"x", b"\0", b"\xff", b"\xe2\x82", b"\x85", b"\x0b", BOM]
LINES = [b"data: y\n", b"event: e\n", b"id: 1\n", b": c\n\n", "data: é😀\u2028\n\n".encode()]
FRAMES = [b"event: e\ndata: {}\n\n", b"data: {}\n\n", b"event: e\r\ndata: {}\r\n\r\n"]
TOKENS = SEPARATORS + WORDS_AND_BYTES + LINES + FRAMES
STREAMS = st.one_of(
    st.lists(st.sampled_from(TOKENS), max_size=40).map(b"".join),
    st.lists(st.sampled_from([token for token in TOKENS if b"\r" not in token]), max_size=40).map(b"".join),
    st.lists(st.sampled_from(TOKENS), max_size=40).map(b"".join).map(with_crlf),
    st.binary(max_size=60),
)
CUTS = st.lists(st.integers(0, 200), max_size=8)


@settings(deadline=None)
@given(STREAMS, CUTS)
@example(b"data: a\n\n\n", [])
@example(b"data: a\n\n\n\ndata: b\n\n\n", [9])
@example(b"data: a\r\n\r\n\r\ndata: b\r\n\r\n", [])
@example(b"event: e\n\ndata: b\n\n", [])
@example(b"data: a\rb\r\n\r\n", [])
@example(b"event: e\rid: 1\r\ndata: a\r\n\r\n", [])
@example(b"event: e\nid: 1\r\ndata: a\r\n\r\n", [])
@example(b"event: e\nid: 1\ndata: b\n\n", [])
@example(b"data: a\n\ndata: b\n\n", [7])
@example(b"data: a\n\n\ndata: b\n\n", [8])
def test_any_stream_is_decoded_as_the_reference_does(stream: bytes, cuts: list[int]) -> None:
    expected = reference(stream)
    assert outcome([stream]) == expected
    assert outcome(cut(stream, cuts)) == expected
    assert outcome(one_by_one(stream)) == expected
    assert outcome(by_blank_line(stream)) == outcome(by_blank_line(stream, 2)) == expected


@settings(deadline=None)
@given(STREAMS, CUTS, st.integers(1, 30))
def test_any_limit_is_applied_as_the_reference_does(stream: bytes, cuts: list[int], limit: int) -> None:
    expected = reference(stream, limit=limit)
    for chunks in ([stream], cut(stream, cuts), one_by_one(stream), by_blank_line(stream), by_blank_line(stream, 2)):
        actual = outcome(chunks, limit=limit)
        assert actual == expected


# --- Chunks of whole frames ---

WHOLE = [
    *(b"data: x\n\n", b"event: e\ndata: {}\n\n", b"data: \n\n", b"event: \ndata: y\n\n", b"data: x\n\n\n", b"\n\n"),
    *("event: é\ndata: é\u2028\x85\n\n".encode(), b"data: a\ndata: b\n\n", b"data:x\n\n", b"event: e\n\n"),
    *(b": c\n\n", b": c\ndata: x\n\n", b"id: 1\ndata: x\n\n", b"data: x\nid: 2\n\n", b"id\n\n", b"id: 3\n\n"),
    *(b"retry: 5\n\n", b"foo: 1\ndata: x\n\n", b"data: \xff\n\n", b"data: a\rdata: b\n\n", b"data: x\r\n\r\n"),
    *(BOM + b"data: x\n\n", b"data: " + b"x" * 30 + b"\n\n", b"event: e\ndata: data: event: \n\n", b"\ndata: x\n\n"),
]


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from(WHOLE), max_size=4).map(b"".join), max_size=8), st.sampled_from([20, 40, 400]))
def test_chunks_of_whole_frames(chunks: list[bytes], limit: int) -> None:
    for begin in ([], [b": open", b"\n"], [b"event: e", b"\n\r"]):
        fed = [*begin, *chunks]
        assert outcome(fed, limit=limit) == reference(b"".join(fed), limit=limit)


def test_usual_frames_are_taken_without_care() -> None:
    decoder = SSEDecoder(max_frame_bytes=40)
    decoder.feed(b"id: 7\n\n")
    assert decoder.feed_usual(b"data: x\n\n") == [("", "x", "")]
    assert decoder.feed_usual(b"event: e\ndata: x\n\ndata: y\n\n") == [("e", "x", ""), ("", "y", "")]
    assert decoder.feed(b"data: z\n\n") == [Frame("", "z", "7")]
    with pytest.raises(FramingError) as caught:
        decoder.feed(b"data: " + b"x" * 40)
    assert caught.value.offset == 52


@pytest.mark.parametrize(
    "before",
    [b"", b"\xef\xbb", b"d", b"data: x\n", b"data: x\r", b"event: e\n", b": c", b"id: 1\n", b"\r"],
)
def test_nothing_is_taken_without_care_unless_a_frame_may_begin(before: bytes) -> None:
    decoder = SSEDecoder()
    decoder.feed(before)
    assert decoder.feed_usual(b"data: x\n\n") is None
    decoder.close()
    assert decoder.feed_usual(b"data: x\n\n") is None


@pytest.mark.parametrize(
    "chunk",
    [
        *(b"data: x", b"data: x\n", b": c\n\n", b"data: \xff\n\n", b"data: x\r\n\r\n", b"id: 1\ndata: x\n\n"),
        *(b"data: x\n\nevent: e\n\n", b"data: " + b"x" * 40 + b"\n\n", b"data: a\ndata: b\n\n", b"\n\n", b""),
    ],
)
def test_unusual_chunks_are_left_to_feed(chunk: bytes) -> None:
    decoder = SSEDecoder(max_frame_bytes=40)
    decoder.feed(b"\n")
    assert decoder.feed_usual(chunk) is None


def test_nothing_is_taken_without_care_after_an_error() -> None:
    decoder = SSEDecoder(max_frame_bytes=20)
    decoder.feed(b"\n")
    decoder.feed(b"data: x\n\ndata: " + b"x" * 30)
    assert decoder.feed_usual(b"data: x\n\n") is None
    with pytest.raises(FramingError):
        decoder.feed(b"data: x\n\n")


# --- Limits ---


@pytest.mark.parametrize(
    "frame",
    [b"data: 67890", b"x" * 11, b":" * 11, b"data\ndata\nid\nx", b"event:\n: c\ndata:", b"data:\r\ndata: \n"],
    ids=["data", "no-colon", "comment", "many-lines", "comment-inside", "crlf"],
)
def test_frame_over_the_limit(frame: bytes) -> None:
    with pytest.raises(FramingError) as caught:
        SSEDecoder(max_frame_bytes=10).feed(frame)
    assert caught.value.offset == 0
    before = BOM + b":comment\r\n\r\ndata: 1\r\n\r\n"
    for chunks in ([before + frame + b"\n\n"], [before, frame], one_by_one(before + frame)):
        assert outcome(chunks, limit=10).error_offset == len(before)
    assert outcome([frame + b"\n\n"], limit=20).error_offset is None


def test_frame_of_just_the_limit() -> None:
    stream = b"event: a\ndata: 1\n\n" * 3
    assert len(outcome([stream], limit=15).frames) == len(outcome(one_by_one(stream), limit=15).frames) == 3
    assert outcome([stream], limit=14).error_offset == outcome(one_by_one(stream), limit=14).error_offset == 0


def test_error_says_what_to_do() -> None:
    decoder = SSEDecoder(max_frame_bytes=20)
    decoder.feed(b": hello\r\n\r\ndata: x\n\n")
    with pytest.raises(FramingError) as caught:
        decoder.feed(b"data: " + b"x" * 30)
    assert caught.value.offset == 20
    assert str(caught.value) == (
        "frame at byte 20 of the stream has at least 36 bytes, more than the limit of 20;"
        " raise `max_frame_bytes` to accept it"
    )
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (str(copy), copy.offset) == (str(caught.value), 20)


def test_frames_before_the_one_over_the_limit_are_delivered() -> None:
    stream = b"data: a\n\ndata: b\n\ndata: " + b"x" * 30
    by_feed, by_close = SSEDecoder(max_frame_bytes=20), SSEDecoder(max_frame_bytes=20)
    assert by_feed.feed(stream) == by_close.feed(stream) == [Frame("", "a", ""), Frame("", "b", "")]
    with pytest.raises(FramingError):
        by_feed.feed(b"")
    with pytest.raises(FramingError):
        by_close.close()
    for decoder in (by_feed, by_close):
        assert decoder.dropped
        decoder.close()
        with pytest.raises(ValueError, match="after an error"):
            decoder.feed(b"")


@pytest.mark.parametrize("limit", [0, -1])
def test_limit_below_one(limit: int) -> None:
    with pytest.raises(ValueError, match="max_frame_bytes must be at least 1"):
        SSEDecoder(max_frame_bytes=limit)
    with pytest.raises(ValueError, match="max_line_bytes must be at least 1"):
        LineDecoder(max_line_bytes=limit)


@pytest.mark.parametrize("keepalive", [b": keepalive\n\n", b": keepalive\n", b"\n", b"retry: 1\n\n", b"event: a\n\n"])
def test_keepalive_never_reaches_the_limit(keepalive: bytes) -> None:
    decoder = SSEDecoder(max_frame_bytes=20)
    for _ in range(1000):
        assert decoder.feed(keepalive * 10) == []
    assert decoder.feed(b"\ndata: x\n\n") == [Frame("", "x", "")]


@pytest.mark.parametrize(
    "repeated", [b"x" * 1000, b":" * 1000, b"data: \n" * 100, b"data\r\n" * 100, b"event: abc\n" * 100]
)
def test_memory_of_an_endless_frame_is_bounded(repeated: bytes) -> None:
    decoder = SSEDecoder(max_frame_bytes=1 << 20)
    tracemalloc.start()
    try:
        with pytest.raises(FramingError):
            any(decoder.feed(repeated) for _ in range(10_000))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 << 20


# --- Time ---


FRAME = b"event: response.output_text.delta\ndata: {" + b"x" * 198 + b"}\n\n"


@pytest.mark.parametrize("decoder", [SSEDecoder, LineDecoder], ids=["sse", "lines"])
@pytest.mark.parametrize(
    ("chunk", "count"),
    [
        (b"x", 50_000),
        (b":", 50_000),
        (b"x" * 65536, 50),
        (b"data: x\n", 10_000),
        (b"data: x\n" * 20_000, 1),
        (FRAME * 5_000, 1),
        (FRAME.replace(b"\n", b"\r\n") * 5_000, 1),
        (b"\n" * 100_000, 1),
        (b"\r" * 100_000, 1),
    ],
    ids=["bytes", "comment", "long-line", "data-by-line", "data-in-one", "frames", "crlf", "lf", "cr"],
)
def test_time_is_linear(decoder: type[SSEDecoder | LineDecoder], chunk: bytes, count: int) -> None:
    def prepare(size: int) -> Callable[[], object]:
        # More chunks where there are many, a longer chunk where there is one.
        times = count * size if count > 1 else 1
        fed = chunk if count > 1 else chunk * size
        fresh = decoder()
        return lambda: [fresh.feed(fed) for _ in range(times)]

    assert takes_linear_time(prepare, TIMES)


# --- encode_frame ---

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0"))


def test_encode_frame() -> None:
    assert encode_frame("x") == b"data: x\n\n"
    assert encode_frame("") == b"data: \n\n"
    assert encode_frame(" é\r\nb\rc\n", event="e", id="", retry=5) == (
        b"event: e\nid: \nretry: 5\ndata:  \xc3\xa9\ndata: b\ndata: c\ndata: \n\n"
    )
    assert encode_frame("a\u2028b\x85c\x0b") == "data: a\u2028b\x85c\x0b\n\n".encode()


@settings(deadline=None)
@given(TEXTS, WORDS, st.none() | WORDS, st.none() | st.integers(0, 10**18 - 1))
def test_decoding_inverts_encoding(data: str, event: str, id: str | None, retry: int | None) -> None:
    stream = encode_frame("before", id="0") + encode_frame(data, event=event, id=id, retry=retry)
    received = outcome([stream])
    expected = Frame(event, re.sub("\r\n|\r", "\n", data), "0" if id is None else id)
    assert received == Outcome([Frame("", "before", "0"), expected], expected.id, retry, dropped=False)


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "\r\n"])
def test_encode_rejects_line_ends(text: str) -> None:
    with pytest.raises(ValueError, match="event must not hold a line end"):
        encode_frame("", event=text)
    with pytest.raises(ValueError, match="id must not hold a line end"):
        encode_frame("", id=text)


def test_encode_rejects_what_cannot_be_decoded() -> None:
    with pytest.raises(ValueError, match="id must not hold NUL"):
        encode_frame("", id="a\0")
    for retry in (-1, 10**18, 10**5000):
        with pytest.raises(ValueError, match="retry must be 0 or more, with at most 18 digits"):
            encode_frame("", retry=retry)
    for data, event in (("a\ud800", ""), ("", "\ud800")):
        with pytest.raises(ValueError, match=r"lone surrogate '\\ud800' cannot be encoded"):
            encode_frame(data, event=event)


# --- LineDecoder ---


def lines_of(chunks: Iterable[bytes]) -> list[str]:
    decoder = LineDecoder()
    texts: list[str] = []
    for chunk in chunks:
        texts += decoder.feed(chunk)
    return texts + decoder.close()


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (b"", []),
        (b"{}\n", ["{}"]),
        (b"{}", ["{}"]),
        (b"{}\r\n[]\r\n", ["{}", "[]"]),
        (b"{}\r", ["{}"]),
        (b"{\r}\n", ["{\r}"]),
        (b"{}\r\r\n", ["{}"]),
        (b"\n\r\n{}\n \t\r\n\n[]\n \t", ["{}", "[]"]),
        (b" {} \n", [" {} "]),
        (BOM + b"{}\n", ["{}"]),
        (BOM + BOM + b"{}\n", ["\ufeff{}"]),
        (b"{}\n" + BOM + b"{}\n", ["{}", "\ufeff{}"]),
        (BOM, []),
        (BOM[:2], ["\ufffd"]),
        (b"\xff\xe2\x82\n\xe2\x82", ["\ufffd\ufffd", "\ufffd"]),
        ('"é\u2028\x85\x0b\x0c😀"\n'.encode(), ['"é\u2028\x85\x0b\x0c😀"']),
        (b"\x0c\n", ["\x0c"]),
    ],
)
def test_lines(stream: bytes, expected: list[str]) -> None:
    assert lines_of([stream]) == lines_of(one_by_one(stream)) == expected
    for position in range(len(stream) + 1):
        assert lines_of(cut(stream, [position])) == expected


@settings(deadline=None)
@given(STREAMS, CUTS)
def test_any_stream_of_lines(stream: bytes, cuts: list[int]) -> None:
    lines = stream.decode("utf-8", "replace").removeprefix("\ufeff").split("\n")
    expected = [line.rstrip("\r") for line in lines if line.strip(" \t\r")]
    assert lines_of([stream]) == lines_of(cut(stream, cuts)) == lines_of(one_by_one(stream)) == expected


def test_line_decoder_is_done_after_close() -> None:
    decoder = LineDecoder()
    assert decoder.feed(b"1\n2") == ["1"]
    assert decoder.close() == ["2"]
    assert decoder.close() == []


def test_line_over_the_limit() -> None:
    decoder = LineDecoder(max_line_bytes=3)
    assert decoder.feed(b"123\n12") == ["123"]
    assert decoder.feed(b"3\n\n12") == ["123"]
    with pytest.raises(FramingError) as caught:
        decoder.feed(b"34")
    assert caught.value.offset == 9
    assert str(caught.value) == (
        "line at byte 9 of the stream has at least 4 bytes, more than the limit of 3;"
        " raise `max_line_bytes` to accept it"
    )
    assert decoder.close() == []


@pytest.mark.parametrize("rest", [b"1234", b"1234\n5"])
def test_lines_before_the_one_over_the_limit_are_delivered(rest: bytes) -> None:
    by_feed, by_close = LineDecoder(max_line_bytes=3), LineDecoder(max_line_bytes=3)
    assert by_feed.feed(BOM + b"1\n2\n" + rest) == by_close.feed(BOM + b"1\n2\n" + rest) == ["1", "2"]
    with pytest.raises(FramingError) as by_next:
        by_feed.feed(b"")
    with pytest.raises(FramingError) as at_end:
        by_close.close()
    assert by_next.value.offset == at_end.value.offset == 7


# --- Recorded streams ---


@needs_corpus
def test_recorded_streams_cut_at_each_byte() -> None:
    paths = sorted(CORPUS.glob("sse/*.sse"))
    assert paths
    for path in paths:
        stream = path.read_bytes()
        expected = reference(stream)
        assert expected.frames, path
        assert outcome([stream]) == outcome(one_by_one(stream)) == expected, path
        # Two parts of a whole stream at each byte would be quadratic: cut frame by frame.
        for frame in re.findall(rb"(?s).+?(?:\n\n|\r\n\r\n|\Z)", stream):
            frame_expected = outcome([frame])
            for position in range(len(frame)):
                assert outcome(cut(frame, [position])) == frame_expected, (path, position)
