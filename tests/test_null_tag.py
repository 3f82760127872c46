"""An object whose tag is null is one without a tag, wherever it stands and whenever it is built."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

SPEC = {
    "title": "Visits",
    "doc": "What is seen in a garden.",
    "types": {
        "Cat": {"doc": "An animal.", "tag": "cat", "fields": {"name": {"type": "string", "doc": "Called so."}}},
        "Hen": {"doc": "A bird.", "tag": ["hen", "cock"], "fields": {"eggs": {"type": "integer", "doc": "Found."}}},
    },
    "unions": {"Guest": {"doc": "Any of them.", "variants": ["Cat", "Hen"], "default": "Cat"}},
    "events": {
        "visit": {
            "doc": "Somebody is in the garden.",
            "fields": {
                "guest": {"type": "Guest", "doc": "Whoever it is."},
                # Both types are used without the union too, so their decoders look at the tag themselves.
                "cat": {"type": "Cat", "optional": True, "doc": "No other animal."},
                "hen": {"type": "Hen", "optional": True, "doc": "No other bird."},
            },
        }
    },
}


@pytest.fixture(scope="module")
def visits(package: Callable[..., ModuleType]) -> ModuleType:
    return package(SPEC, "visits")


@pytest.mark.parametrize(
    ("key", "value", "name"),
    [
        ("guest", {"type": None, "name": "Tom"}, "Cat"),
        ("cat", {"type": None, "name": "Tom"}, "Cat"),
        ("hen", {"type": None, "eggs": 3}, "Hen"),
    ],
)
def test_tag_that_is_null(visits: ModuleType, key: str, value: dict[str, Any], name: str) -> None:
    wire = {"type": "visit", "guest": {"type": "cat", "name": "Tim"}, key: value}
    for source in (wire, json.dumps(wire)):
        event = visits.decode(source)
        assert type(getattr(event, key)).__name__ == name
        assert visits.encode(event) == wire
        with pytest.raises(visits.DecodeError, match=rf"\$\.{key}\.type: .*, got null \[null\]") as caught:
            visits.decode(source, strict=True)
        assert len(caught.value.problems) == 1


def test_other_members_are_checked_where_the_tag_is_null(visits: ModuleType) -> None:
    wire = {"type": "visit", "guest": {"type": "cat", "name": "Tim"}, "hen": {"type": None, "eggs": "three"}}
    assert [problem.path for problem in visits.problems(wire)] == ["$.hen.type", "$.hen.eggs"]
