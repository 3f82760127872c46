"""The edges of JSON, of Python and of memory: an event, or a DecodeError that says what is wrong and where."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections import UserDict
from collections.abc import Callable
from typing import Any

import pytest

from responses_events import (
    CompoundFilter,
    DecodeError,
    Decoder,
    FileSearchTool,
    ResponseCompletedEvent,
    ResponseTextDeltaEvent,
    UnknownEvent,
    decode,
    dumps,
    encode,
    problems,
)
from responses_events.stream import encode_sse, iter_events
from support import CORPUS, needs_corpus
from support.wire_samples import PACKAGE, examples, refusal

EXAMPLE = examples()["response.output_text.delta"]
TEXT = json.dumps(EXAMPLE)
LEVELS = 100_000
DEEP_LIST = "[" * LEVELS + "]" * LEVELS
DEEP_OBJECT = '{"x":' * LEVELS + "1" + "}" * LEVELS


def message_of(source: Any, loads: Callable[[Any], Any] | None = None) -> str:
    """The message of the error that both modes raise."""
    messages = []
    for strict in (False, True):
        with pytest.raises(DecodeError) as caught:
            Decoder(loads=loads, strict=strict).decode(source)
        messages.append(str(caught.value))
        assert caught.value.problems == ()
    assert messages[0] == messages[1]
    assert len(messages[0]) < 300
    messages[0].encode()
    return messages[0]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (b'{"type": "a\xff"}', "the text is not UTF-8: byte 0xff at offset 11 (invalid start byte)"),
        (b'{"type": "\xed\xa0\x80"}', "the text is not UTF-8: byte 0xed at offset 10 (invalid continuation byte)"),
        (b"\xff\xfe{\x00}\x00", "the text is not UTF-8: byte 0xff at offset 0 (invalid start byte)"),
        ("", "the text is not JSON: Expecting value at line 1, column 1, near ''"),
        (" \n", "the text is not JSON: Expecting value at line 2, column 1, near ' \\n'"),
        ("data: {}", "the text is not JSON: Expecting value at line 1, column 1, near 'data: {}'"),
        ("[DONE]", "the text is not JSON: Expecting value at line 1, column 2, near '[DONE]'"),
        ('{"type": "a"} {}', 'the text is not JSON: Extra data at line 1, column 15, near \'{"type": "a"} {}\''),
        ('{"a": "b', 'the text is not JSON: Unterminated string starting at line 1, column 7, near \'{"a": "b\''),
        ("null", "expected a JSON object, got null"),
        ("true", "expected a JSON object, got a boolean"),
        ("17", "expected a JSON object, got a number"),
        ('"x"', "expected a JSON object, got a string"),
        ("[{}]", "expected a JSON object, got a list"),
        (None, "expected JSON text or an object, got NoneType"),
        ([("type", "error")], "expected JSON text or an object, got list"),
    ],
)
def test_no_json_object(source: Any, message: str) -> None:
    assert message_of(source) == message


@pytest.mark.parametrize("text", ['"\ud83d', '"é', '"'], ids=["surrogate", "other script", "plain"])
def test_a_number_beyond_floats_survives(text: str) -> None:
    wire = '{"type":"new","x":[1e400,-1e400,' + text + ' \\"Infinity\\" \\\\",-1.5],"Infinity":{"NaN":1E+999}}'
    for strict in (False, True):
        event = decode(wire, strict=strict)
        assert encode(event)["x"][0] == float("inf")
        assert '"x":[1e999,-1e999,"' in dumps(event)
        assert decode(dumps(event)) == event
        (again,) = iter_events([encode_sse(event)])
        assert again == event
    circle: dict[str, Any] = {"x": float("inf")}
    circle["y"] = circle
    with pytest.raises(ValueError, match="Circular"):
        dumps(UnknownEvent(type=None, data=circle))


@pytest.mark.parametrize("name", ["NaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize("before", ["", " "])
def test_constants_that_are_not_json(name: str, before: str) -> None:
    text = f'{before}{{"type": "error",\n"message": "NaN and \\"Infinity", "code": [-1.5e3, {name}]}}'
    column = len('"message": "NaN and \\"Infinity", "code": [-1.5e3, ') + 1
    for source in (text, text.encode(), bytearray(text.encode()), memoryview(text.encode())):
        event: Any = decode(source)
        assert repr(encode(event)["code"][1]) == repr(float(name))
        assert event == decode(source) == decode(dumps(event))
        for refuse in (lambda source: decode(source, strict=True), problems):
            with pytest.raises(DecodeError, match=f"the text is not JSON: {name} at line 2, column {column}, near "):
                refuse(source)


def test_a_number_that_is_none_is_kept_and_a_problem() -> None:
    logprob = '{"token": "Hi", "logprob": NaN, "top_logprobs": []}'
    event = decode(f'{TEXT[:-1]}, "logprobs": [{logprob}]}}')
    assert isinstance(event, ResponseTextDeltaEvent)
    assert event.logprobs is not None
    assert repr(event.logprobs[0].logprob) == "nan"
    assert '"logprob":NaN' in dumps(event)
    assert list(iter_events([encode_sse(event)])) == [event]
    assert [str(each) for each in problems(event)] == ["$.logprobs[0].logprob: expected a number, got NaN [value]"]


def test_truncated_at_every_byte() -> None:
    text = json.dumps({**EXAMPLE, "delta": "h\u00e9llo \U0001f600"}, ensure_ascii=False).encode()
    for size in range(len(text)):
        message = message_of(text[:size])
        assert "line 1, column" in message or "at offset" in message


def test_lone_surrogates() -> None:
    event = decode('{"type": "response.output_text.delta", "delta": "\\ud83d", "\\udc00": "\\udc00"}')
    assert isinstance(event, ResponseTextDeltaEvent)
    assert event.delta == "\ud83d"
    assert event.extra == {"\udc00": "\udc00"}
    assert decode(dumps(event)) == event
    assert decode('{"type": "\ud83d"}') == UnknownEvent(type="\ud83d", data={"type": "\ud83d"})


def test_huge_integers() -> None:
    text = f'{{"type": "error", "message": "{"9" * 5000}", "code": 1{"0" * 9999}}}'
    limit: Callable[[], int] = getattr(sys, "get_int_max_str_digits", lambda: 0)
    if limit():
        column = len(text) - 10_000
        assert message_of(text).startswith(
            f"the text holds an integer of 10000 digits, too long for Python, at line 1, column {column}, near "
        )
    else:
        assert encode(decode(text))["code"] == 10**9999
    wire = {**EXAMPLE, "output_index": 10**10_000, "delta": 10**10_000}
    event = decode(wire)
    assert isinstance(event, ResponseTextDeltaEvent)
    assert event.output_index == 10**10_000
    assert not hasattr(event, "delta")
    assert encode(event) == wire
    assert [problem.got for problem in problems(wire)] == ["an integer of 33220 bits"]


def test_floats_beyond_the_range_are_kept_as_python_reads_them() -> None:
    wire = json.loads('{"type": "brand_new", "x": 1e999, "y": -1e999, "z": 1e-999}')
    assert encode(decode('{"type": "brand_new", "x": 1e999, "y": -1e999, "z": 1e-999}')) == wire
    assert dumps(decode(wire)) == '{"type":"brand_new","x":1e999,"y":-1e999,"z":0.0}'


def test_duplicate_keys() -> None:
    event = decode('{"type": "error", "type": "response.output_text.delta", "delta": 5, "delta": "x"}')
    assert isinstance(event, ResponseTextDeltaEvent)
    assert event.delta == "x"


@pytest.mark.parametrize("deep", [DEEP_LIST, DEEP_OBJECT])
@pytest.mark.parametrize("around", ["%s", '{"type": "x", "y": %s}', '{"type": "error", "code": %s}', ' {"type": %s}'])
def test_deep_text(deep: str, around: str) -> None:
    assert message_of(around % deep) == "the object is nested too deep for the Python interpreter"
    assert message_of((around % deep[:LEVELS]).encode()) == "the object is nested too deep for the Python interpreter"


def deep_list() -> list[Any]:
    value: list[Any] = []
    for _ in range(LEVELS):
        value = [value]
    return value


def deep_object() -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(LEVELS):
        value = {"type": "and", "filters": [value], "x": value}
    return value


@pytest.mark.parametrize("make", [deep_list, deep_object])
def test_deep_mapping_where_anything_goes(make: Callable[[], Any]) -> None:
    deep = make()
    for wire in (
        {"type": "brand_new", "x": deep},
        {"type": deep},
        {**EXAMPLE, "brand_new": deep},
        {**EXAMPLE, "delta": deep},
        {"type": "response.output_item.added", "output_index": 0, "item": {"type": "brand_new", "x": deep}},
        {
            "type": "response.completed",
            "response": {"metadata": deep, "tools": [{"type": "function", "parameters": deep}]},
        },
    ):
        # What is not declared any deeper is not looked into.
        event = decode(wire)
        assert encode(event).keys() == wire.keys()
        assert len(problems(event)) == len(problems(wire))
        assert str(refusal(wire)).count("\n") < 10


def filters(levels: int) -> dict[str, Any]:
    """An event with filters within filters, the one declared type that holds itself."""
    value: dict[str, Any] = {"type": "eq", "key": "k", "value": 1}
    for _ in range(levels):
        value = {"type": "and", "filters": [value]}
    return {"type": "response.completed", "response": {"tools": [{"type": "file_search", "filters": value}]}}


def test_deep_mapping_of_a_class_that_holds_itself() -> None:
    wire = filters(LEVELS)
    for call in (decode, problems, Decoder(strict=True).decode):
        with pytest.raises(DecodeError, match="nested too deep for the Python interpreter"):
            call(wire)
    outcomes = set()
    for levels in range(1, sys.getrecursionlimit(), 7):
        wire = filters(levels)
        try:
            event = decode(wire)
        except DecodeError:
            outcomes.add("too deep")
            continue
        # What could be decoded can be encoded.
        assert encode(event).keys() == wire.keys()
        assert isinstance(event, ResponseCompletedEvent)
        assert event.response is not None
        assert event.response.tools is not None
        assert isinstance(event.response.tools[0], FileSearchTool)
        try:
            outcomes.add(len(problems(event)) > 0)
        except DecodeError:
            outcomes.add("too deep to check")
    assert outcomes == {True, "too deep to check", "too deep"}


def test_writing_an_object_that_holds_itself() -> None:
    filter_ = CompoundFilter(type="and", filters=[])
    filter_.filters = [filter_]
    for write in (encode, dumps, problems):
        with pytest.raises(DecodeError, match="nested too deep for the Python interpreter"):
            write(filter_)


@pytest.mark.parametrize(
    "tag",
    ["__class__", "__init__", "type", "", " ", "response.created ", "Response.Created", "\x00", "get", "x" * 10**6],
)
def test_odd_tags(tag: str) -> None:
    for wire in ({"type": tag}, {"type": tag, "__class__": "x", "__dict__": {}, "leftover": 1}):
        assert decode(wire, strict=True) == UnknownEvent(type=tag, data=wire)
        assert encode(decode(json.dumps(wire))) == wire


LARGE: dict[str, Callable[[], dict[str, Any]]] = {
    "one text of 50 MB": lambda: {"delta": "x" * 50_000_000},
    "many objects": lambda: {"logprobs": [{"token": "H", "logprob": -0.5}] * 300_000},
    "many values of the wrong type": lambda: {"logprobs": [7] * 3_000_000},
    "many unknown members": lambda: {f"member {number}": number for number in range(300_000)},
    "many layers": lambda: {"x": {"y": [{"z": [[]]}] * 150_000}},
}


@pytest.mark.parametrize("name", LARGE)
def test_large_event(name: str) -> None:
    wire = {**EXAMPLE, **LARGE[name]()}
    text = json.dumps(wire).encode()
    begin = time.process_time()
    json.loads(text)
    parsed = time.process_time()
    event = decode(text)
    decoded = time.process_time()
    assert encode(event) == wire
    # The parser of the same text sets the pace; the rest is for machines that are busy.
    assert decoded - parsed < 4 * (parsed - begin) + 1


def test_large_text_that_is_broken_at_its_end() -> None:
    text = TEXT[:-1] + ', "x": "' + "NaN \\" * 1_000_000
    begin = time.process_time()
    assert "at line 1, column" in message_of(text)
    for numbers in ("1.5, " * 1_000_000, f"{'1' * 4_000_000}.5, "):
        with pytest.raises(DecodeError, match="NaN at line 1, column"):
            decode(f'{TEXT[:-1]}, "x": [{numbers}NaN]}}', strict=True)
    assert time.process_time() - begin < 10


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview, lambda data: memoryview(bytearray(data))])
def test_kinds_of_bytes(kind: Callable[[bytes], Any]) -> None:
    assert encode(decode(kind(TEXT.encode()))) == EXAMPLE
    assert message_of(kind(b'{"a": "\xff"}')) == "the text is not UTF-8: byte 0xff at offset 7 (invalid start byte)"
    assert "column 2" in message_of(kind(b"{"))


def test_views_that_cannot_be_read() -> None:
    assert "the bytes cannot be read" in message_of(memoryview(TEXT.encode())[::2])
    view = memoryview(TEXT.encode())
    view.release()
    assert "the bytes cannot be read" in message_of(view)


@pytest.mark.parametrize("text", [f" {TEXT}", f"{TEXT}\n", f"\r\n\t{TEXT} \r\n", f"\ufeff{TEXT}", f"\ufeff {TEXT} "])
def test_white_space_and_byte_order_mark(text: str) -> None:
    assert encode(decode(text)) == EXAMPLE
    assert encode(decode(text.encode())) == EXAMPLE


@pytest.mark.parametrize("space", ["\xa0", "\x0b", "\x00", "\u2028"])
def test_white_space_that_json_has_not(space: str) -> None:
    assert "is not JSON: Extra data" in message_of(f"{TEXT}{space}")


def test_mappings_that_are_no_dict() -> None:
    wire = UserDict(EXAMPLE)
    event = decode(wire)
    assert encode(event) == EXAMPLE
    assert problems(wire) == []
    nested = UserDict({"type": "response.output_item.added", "output_index": 0, "item": UserDict({"type": "message"})})
    assert [problem.path for problem in problems(nested)] == ["$.item"]
    assert encode(decode(nested)) == dict(nested)


@pytest.mark.parametrize("value", [None, 5, [], [{}], "[]", b"7"])
def test_problems_of_what_is_no_object(value: Any) -> None:
    with pytest.raises(DecodeError, match=r"^expected .* object, got "):
        problems(value)
    assert problems(TEXT) == problems(EXAMPLE) == []


def test_decoding_does_not_change_what_it_was_given() -> None:
    wire = json.loads(json.dumps(examples()["response.completed"]))
    event = decode(wire)
    assert isinstance(event, ResponseCompletedEvent)
    assert event.response is not None
    event.response.output = []
    event.response.id = "other"
    assert wire == examples()["response.completed"]


@pytest.mark.parametrize("name", ["orjson.loads", "msgspec.json.decode"])
def test_other_parsers(name: str) -> None:
    module, _, function = name.rpartition(".")
    # They are not there where the package is tested on other versions of Python.
    loads = getattr(pytest.importorskip(module), function)
    for wire in examples().values():
        text = json.dumps(wire).encode()
        assert Decoder(loads=loads, strict=True).decode(text) == decode(wire)
    for source in (b"", b"{", b"\xff", b'{"x": NaN}', DEEP_LIST.encode()):
        assert "not JSON" in message_of(source, loads) or "too deep" in message_of(source, loads)
    assert message_of(b"[]", loads) == "expected a JSON object, got a list"


def test_parser_that_fails_in_its_own_way() -> None:
    def loads(source: Any) -> Any:
        raise KeyError("odd")

    assert message_of("{}", loads) == "the text is not JSON: 'odd'"
    assert message_of("{}", lambda source: {1, 2}) == "expected a JSON object, got set"
    assert encode(Decoder(loads=json.loads).decode(TEXT)) == EXAMPLE


@needs_corpus
def test_threads() -> None:
    lines = [line for file in sorted(CORPUS.glob("streams/*.jsonl"))[:8] for line in file.read_bytes().splitlines()]
    expected = [encode(decode(line)) for line in lines]
    wrong: list[int] = []

    def run() -> None:
        found = [encode(decode(line, strict=False)) for line in lines]
        wrong.append(sum(one != other for one, other in zip(found, expected, strict=True)))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == [0, 0, 0, 0]


# --- Interpreters whose scanner of JSON is not made in C ---

OUTCOMES = """
import sys
if "without C" in sys.argv:
    sys.modules["_json"] = None
import json
sys.path.insert(0, sys.argv[1])
loaded = []
loads = json.loads
json.loads = lambda text: loaded.append(text) or loads(text)
from responses_events import DecodeError, decode, encode, problems
from responses_events.runtime.parsing import scan
outcomes = [repr(scan('[{"a": 1}]', 1))]
for text in loads(sys.stdin.read()):
    for action in (lambda: encode(decode(text)), lambda: encode(decode(text, strict=True)), lambda: problems(text)):
        try:
            outcomes.append(repr(action()))
        except DecodeError as error:
            outcomes.append(str(error))
sys.stdout.write(json.dumps([len(loaded), outcomes]))
"""


def outcomes(texts: list[str], *options: str) -> tuple[int, list[str]]:
    """How often a fresh interpreter called `json.loads`, and what it made of the texts."""
    command = [sys.executable, "-I", "-S", "-c", OUTCOMES, str(PACKAGE.parent), *options]
    ended = subprocess.run(command, input=json.dumps(texts), capture_output=True, text=True, check=True)
    calls, found = json.loads(ended.stdout)
    return calls, found


def test_without_a_scanner_in_c_loads_is_as_good() -> None:
    odd = [f"  {TEXT}\n", f"\ufeff{TEXT}", f"{TEXT}}}", TEXT[:-1], TEXT[:20], "", "{}", "[1]", "nonsense", DEEP_OBJECT]
    numbers = ["NaN", "-Infinity", "Infinity", '"NaN"', '"Infinity"', "1" * 5000, "1e400", "0.10", "-0", "01"]
    texts = [*map(json.dumps, examples().values()), *odd, *(f'{{"type": "x", "n": {number}}}' for number in numbers)]
    in_c, expected = outcomes(texts)
    without, found = outcomes(texts, "without C")
    assert in_c == 0
    assert without > len(examples())
    assert found == expected
