"""What counts where an event does not say which element it is about."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import ModuleType
from typing import Any

SPEC = """
types:
  Talk:
    fields:
      messages: {type: "list[Message]"}
      choices: {type: "list[Choice]"}
  Question: {tag: question, fields: {id: {type: string, unique: true}, text: {type: string}}}
  Answer: {tag: answer, fields: {id: {type: string, unique: true}, text: {type: string}}}
  Choice: {fields: {text: {type: string}}}
unions:
  Message: {variants: [Question, Answer]}
events:
  asked:
    fields: {id: {type: string}}
    fold: messages[id is id as Question].text = ""
  noted:
    fields:
      parent: {type: string, optional: true, nullable: true}
      id: {type: string}
      text: {type: string}
    fold: messages[parent | id is id as Answer].text += text
  more:
    fields: {id: {type: string, optional: true}, text: {type: string}}
    fold:
      - messages[id is id as Answer].text += text
      - messages[id is id as Question].text += text
  chosen:
    fields: {index: {type: integer, optional: true}, text: {type: string}}
    fold: choices[index | 0].text += text
"""


def talk(package: Callable[..., ModuleType], *wires: dict[str, Any]) -> Any:
    demo = package(SPEC, state="Talk")
    accumulator = importlib.import_module(f"{demo.__name__}.stream").Accumulator()
    for wire in wires:
        accumulator.feed(demo.decode(wire))
    return accumulator


def test_the_first_key_that_is_there_counts(package: Callable[..., ModuleType]) -> None:
    accumulator = talk(
        package,
        {"type": "noted", "parent": "a", "id": "1", "text": "He"},
        {"type": "noted", "parent": "", "id": "b", "text": "x"},
        {"type": "noted", "parent": None, "id": "c", "text": "y"},
        {"type": "noted", "id": "a", "text": "y"},
    )
    assert [(each.id, each.text) for each in accumulator.state.messages] == [("a", "Hey"), ("b", "x"), ("c", "y")]
    assert not accumulator.mended


def test_a_number_counts_where_no_position_is_told(package: Callable[..., ModuleType]) -> None:
    accumulator = talk(
        package,
        {"type": "chosen", "index": 1, "text": "b"},
        {"type": "chosen", "text": "a"},
        {"type": "chosen", "index": 1, "text": "b"},
        {"type": "chosen", "text": "a"},
    )
    assert [each.text for each in accumulator.state.choices] == ["aa", "bb"]
    assert not accumulator.mended


def test_without_a_key_one_element_of_all_that_are_meant_goes_on(package: Callable[..., ModuleType]) -> None:
    accumulator = talk(
        package,
        {"type": "more", "id": "a", "text": "A"},
        {"type": "asked", "id": "q"},
        {"type": "more", "text": "Q"},
        {"type": "more", "id": "a", "text": "!"},
        {"type": "more", "text": "!"},
    )
    assert [(each.id, each.text) for each in accumulator.state.messages] == [("a", "A!!"), ("q", "Q")]
    # The key may be left out, so nothing is wrong with that.
    assert not accumulator.mended
