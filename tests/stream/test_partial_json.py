"""`partial_json`: every beginning of a JSON text has a value, and the values grow."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responses_events import encode
from responses_events.stream import Accumulator, partial_json
from support.growth import takes_linear_time
from support.streams import event

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def grows(before: Any, after: Any) -> bool:
    """Whether one value can be the beginning of another."""
    if isinstance(before, str) and isinstance(after, str):
        return after.startswith(before)
    if isinstance(before, list) and isinstance(after, list):
        return len(before) <= len(after) and all(map(grows, before, after))
    if isinstance(before, dict) and isinstance(after, dict):
        return all(key in after and grows(value, after[key]) for key, value in before.items())
    return before is None or isinstance(before, (int, float))


@given(JSON, st.booleans(), st.sampled_from([None, 1]))
def test_every_beginning_has_a_value(value: Any, ascii_only: bool, indent: int | None) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    values = [partial_json(text[:end]) for end in range(len(text) + 1)]
    assert values[-1] == value
    assert all(map(grows, values, values[1:]))


@given(st.text(alphabet='{}[]",:\\u0e1-+.tfn \n', max_size=30))
def test_nothing_is_ever_raised(text: str) -> None:
    found = partial_json(text)
    try:
        whole = json.loads(text)
    except ValueError:
        return
    assert found == whole


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("  ", None),
        ("tru", None),
        ("-", None),
        ("12", 12),
        ("1.", 1),
        ("1.5e", 1.5),
        ('"ab', "ab"),
        ('"a\\', "a"),
        ('"a\\u00e', "a"),
        ('"\\ud83d', ""),
        ('"\\ud83d\\ude00', "😀"),
        ('{"a', {}),
        ('{"a":', {}),
        ('{"a": {"b": [1, tr', {"a": {"b": [1]}}),
        ('{"a": 1, ', {"a": 1}),
        ("[1,]", [1]),
        ("[1}", [1]),
        ("{]", {}),
        ("1 2", 1),
        ('{"a" 1}', {}),
        ("9" * 5000, None),
    ],
)
def test_cases(text: str, value: Any) -> None:
    assert partial_json(text) == value


def test_deep_and_long_texts_take_linear_time() -> None:
    def prepare(count: int) -> Callable[[], object]:
        texts = ("[" * count, '{"a":' * count, "[" + '"x",' * count, '"' + "\\n" * count)
        return lambda: [partial_json(text) for text in texts]

    assert takes_linear_time(prepare, 100_000)


def test_arguments_can_be_read_while_they_grow() -> None:
    accumulator = Accumulator()
    item = {"type": "function_call", "id": "f", "call_id": "c", "name": "weather", "arguments": ""}
    accumulator.feed(event("output_item.added", output_index=0, item=item))
    seen = []
    for delta in ('{"ci', 'ty": "Par', 'is", "days', '": 3}'):
        accumulator.feed(event("function_call_arguments.delta", item_id="f", output_index=0, delta=delta))
        seen.append(partial_json(encode(accumulator.response)["output"][0]["arguments"]))
    assert seen == [{}, {"city": "Par"}, {"city": "Paris"}, {"city": "Paris", "days": 3}]
