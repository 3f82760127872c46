"""The linter of a small spec: each rule is broken by a stream and kept by the valid one, and no stream is too odd."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventwright.pipeline import compile_spec
from support import GENERATED, TEMPLATES
from support.compiling import forget_package, import_package
from support.growth import takes_linear_time
from support.tea_house import LI, RECIPE, RECIPE_DONE, SETTINGS, SPEC, TEA, TEA_DONE, Wire, valid

Change: TypeAlias = "Callable[[list[Wire]], object]"

(
    OPENED,
    ADDED,
    WATER,
    LEAF,
    LEAF_2,
    READ,
    NOTE,
    DONE,
    ADDED_2,
    LINE,
    LINE_2,
    DONE_2,
    COMES,
    SAYS,
    GOES,
    END,
) = range(16)

CUP: Wire = {"cup_index": 0, "cup_id": "a"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("spec")
    (folder / "spec.yaml").write_text(json.dumps(SETTINGS), encoding="utf-8")
    (folder / "content.yaml").write_text(SPEC, encoding="utf-8")
    result = compile_spec(folder, [TEMPLATES])
    assert not result.report.has_errors, [str(each.message) for each in result.report.diagnostics]
    import_package(tmp_path_factory.mktemp("package"), result.outputs["python"], "tea_house")
    from importlib import import_module

    yield import_module("tea_house.lint")
    forget_package("tea_house")


def numbered(events: list[Wire]) -> list[Wire]:
    return [{**event, "no": number} for number, event in enumerate(events)]


def lasting(**members: Any) -> Change:
    """The last event has another order."""
    return lambda events: events[END]["order"].update(members)


def cups(*given: Wire) -> Change:
    return lasting(cups=list(given))


def changed(at: int, **members: Any) -> Change:
    return lambda events: events[at].update(members)


def cup(at: int, **members: Any) -> Change:
    return lambda events: events[at].update(cup={**events[at]["cup"], **members})


def without(at: int, *names: str) -> Change:
    return lambda events: [events[at].pop(name) for name in names]


def dropped(*at: int) -> Change:
    def drop(events: list[Wire]) -> None:
        for each in sorted(at, reverse=True):
            del events[each]

    return drop


def put(at: int, *more: Wire) -> Change:
    def insert(events: list[Wire]) -> None:
        events[at:at] = [deepcopy(each) for each in more]

    return insert


BROKEN: dict[str, tuple[int, Change]] = {
    "stream-not-opened": (0, dropped(OPENED)),
    "stream-opened-twice": (ADDED, put(ADDED, {"type": "opened", "order": {"id": "o", "cups": [], "guests": []}})),
    "stream-order": (COMES + 3, put(COMES + 3, {"type": "cup.added", "cup_index": 2, "cup": {**TEA, "id": "c"}})),
    "stream-truncated": (GOES, dropped(END)),
    "event-after-end": (END + 1, put(END + 1, {"type": "water", **CUP})),
    "stream-changed": (END, lasting(id="p")),
    "leaf-no-missing": (LEAF_2, without(LEAF_2, "leaf_no")),
    "leaf-no-start": (LEAF, changed(LEAF, leaf_no=1)),
    "leaf-no-step": (LEAF_2, changed(LEAF_2, leaf_no=0)),
    "cup-not-opened": (ADDED, dropped(ADDED)),
    "cup-opened-twice": (WATER, put(WATER, {"type": "cup.added", "cup_index": 0, "cup": TEA})),
    "cup-index-gap": (ADDED, lambda events: [event.update(cup_index=1) for event in events[ADDED : DONE + 1]]),
    "cup-closed": (ADDED_2, put(ADDED_2, {"type": "stir", **CUP})),
    "cup-left-open": (END - 1, dropped(DONE_2)),
    "cup-overlap": (WATER, put(WATER, {"type": "cup.added", "cup_index": 1, "cup": {**TEA, "id": "c"}})),
    "cup-order": (WATER, dropped(WATER)),
    "cup-wrong-type": (LINE, put(LINE, {"type": "leaf", "cup_index": 1, "say": "x", "leaf_no": 0})),
    "cup-changed": (DONE, cup(DONE, id="z")),
    "cup-type-changed": (DONE, changed(DONE, cup=RECIPE_DONE)),
    "cup-final-changed": (END, cups({**TEA_DONE, "state": "brewing"}, RECIPE_DONE)),
    "cup-id-changed": (END, cups({**TEA_DONE, "id": "z"}, RECIPE_DONE)),
    "cup-index-missing": (LEAF, without(LEAF, "cup_index")),
    "order-missing": (OPENED, changed(OPENED, order=None)),
    "cup-missing": (ADDED, changed(ADDED, cup=7)),
    "guest-not-opened": (SAYS, changed(SAYS, name="Wu")),
    "guest-opened-twice": (SAYS, put(SAYS, {"type": "guest.comes", "guest": LI})),
    "guest-closed": (END, put(END, {"type": "guest.goes", "name": "Li"})),
    "guest-left-open": (GOES, dropped(GOES)),
    "guest-final-changed": (
        END,
        lambda events: (
            events[COMES]["guest"].update(seat=1),
            events[END]["order"].update(guests=[{"name": "Li", "wish": "More", "seat": 2}]),
        ),
    ),
    "guest-id-changed": (END, lasting(guests=[{"name": "Wu", "wish": "More"}])),
    "name-missing": (SAYS, without(SAYS, "name")),
    "cup-id-differs": (LEAF, changed(LEAF, cup_id="x")),
    "id-repeats": (DONE + 1, put(ADDED_2, {"type": "cup.added", "cup_index": 1, "cup": TEA})),
    "state-goes-back": (WATER, cup(ADDED, state="ready")),
    "cups-missing": (END, cups()),
    "cups-count": (END, cups(TEA_DONE)),
    "notes-count": (DONE, cup(DONE, notes=["hot", "sweet"])),
    "notes-index-gap": (NOTE, changed(NOTE, note_index=1)),
    "notes-changed": (DONE, cup(DONE, notes=["cold"])),
    "guests-missing": (END, lasting(guests=None)),
    "guests-count": (END, lasting(guests=[{"name": "Li", "wish": "More"}, {"name": "Wu"}])),
    "text-not-empty": (ADDED, cup(ADDED, text="good ")),
    "text-differs": (READ, changed(READ, text="bad luck")),
    "text-missing": (DONE, cup(DONE, text=None)),
    "text-after-final": (NOTE, put(NOTE, {"type": "leaf", **CUP, "say": "!", "leaf_no": 2})),
    "text-final-twice": (NOTE, put(NOTE, {"type": "read", **CUP, "text": "good luck"})),
    "text-empty": (LEAF, put(LEAF, {"type": "leaf", **CUP, "say": "", "leaf_no": 0})),
    "opened-cups": (OPENED, lambda events: events[OPENED]["order"].update(cups=[TEA])),
    "done-bill-sum": (END, lambda events: events[END]["order"]["bill"].update(sum=7)),
    "done-id": (END, lambda events: events[END]["order"].update(id="")),
}
"""A way to break each rule that is about what events say, and the event that breaks it."""

NUMBERS: dict[str, tuple[int, Change]] = {
    "no-missing": (3, without(3, "no")),
    "no-start": (0, lambda events: [event.update(no=event["no"] + 1) for event in events]),
    "no-step": (3, lambda events: [event.update(no=event["no"] + 1) for event in events[3:]]),
}
"""The same for the numbers of events."""

ELSEWHERE = {
    "event-name-differs": "test_the_line_of_a_frame_says_the_tag",
    "stream-wrong-type": "test_what_is_in_no_sequence_does_not_belong_there",
    "name-repeats": "test_what_goes_by_a_key_has_it_alone",
    "notes-missing": "test_a_list_within_an_element_may_be_left_out_at_the_end",
}
"""Rules with a test of their own."""


def test_every_rule_has_a_stream_that_breaks_it(house: ModuleType) -> None:
    assert {*BROKEN, *NUMBERS, *ELSEWHERE} == {*house.RULES}
    assert all(name in globals() for name in ELSEWHERE.values())


def test_a_valid_stream(house: ModuleType) -> None:
    assert house.lint(valid()) != [], "without numbers"
    assert house.lint(numbered(valid())) == []


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule(house: ModuleType, rule: str) -> None:
    at, change = BROKEN[rule]
    events = valid()
    change(events)
    found = house.lint(numbered(events))
    assert (rule, at) in [(each.rule, each.index) for finding in found for each in finding.all()]
    leading = [finding for finding in found if finding.rule == rule]
    assert leading, [str(each) for each in found]
    assert all(each.message and each.severity == house.RULES[rule].severity for each in leading)


@pytest.mark.parametrize("rule", NUMBERS)
def test_broken_numbers(house: ModuleType, rule: str) -> None:
    at, change = NUMBERS[rule]
    events = numbered(valid())
    change(events)
    assert [(each.rule, each.index) for each in house.lint(events)] == [(rule, at)]


def test_the_line_of_a_frame_says_the_tag(house: ModuleType) -> None:
    linter = house.Linter()
    events = numbered(valid())
    assert linter.feed(events[0], line="opened") == []
    assert [each.rule for each in linter.feed(events[1], line="opened")] == ["event-name-differs"]


def test_what_is_in_no_sequence_does_not_belong_there(house: ModuleType) -> None:
    """The compiler refuses a spec with such an event, so the rule is only in reserve."""
    sequence = sys.modules["tea_house.lint.lifecycle"].VALID_STREAM.sequence
    events = numbered(valid())
    linter = house.Linter()
    linter._lifecycle.sequence = sequence._replace(
        names=tuple("x" if each == "cup" else each for each in sequence.names)
    )
    try:
        found = [each.rule for event in events for each in linter.feed(event)]
    finally:
        linter._lifecycle.sequence = sequence
    assert found[:1] == ["stream-wrong-type"]


def test_what_goes_by_a_key_has_it_alone(house: ModuleType) -> None:
    """The key is the unique field, so that a second one is announced again, and nothing else is said."""
    events = valid()
    put(GOES, {"type": "guest.comes", "guest": LI})(events)
    assert [each.rule for each in house.lint(numbered(events))] == ["guest-opened-twice"]


def test_a_list_within_an_element_may_be_left_out_at_the_end(house: ModuleType) -> None:
    events = valid()
    cups({**TEA_DONE, "notes": []}, RECIPE_DONE)(events)
    assert [each.rule for each in house.lint(numbered(events))] == ["cup-final-changed"]


@pytest.mark.parametrize("cup", [None, 7, "tea", [], {}, {"id": "a"}, {"type": None}])
@pytest.mark.parametrize("at", [ADDED, DONE])
def test_an_element_that_is_not_brought(house: ModuleType, at: int, cup: object) -> None:
    events = valid()
    changed(at, cup=cup)(events)
    (found,) = house.lint(numbered(events))
    assert (found.rule, found.index, found.expected) == ("cup-missing", at, "an object with type")


def test_two_kinds_share_no_id(house: ModuleType) -> None:
    events = valid()
    for event in events[ADDED_2 : DONE_2 + 1]:
        event["cup_id"] = "a"
    cup(ADDED_2, id="a")(events)
    cup(DONE_2, id="a")(events)
    cups(TEA_DONE, {**RECIPE_DONE, "id": "a"})(events)
    assert [(each.rule, each.index) for each in house.lint(numbered(events))] == [("id-repeats", ADDED_2)]


def test_what_is_open_at_a_failure_is_what_was_announced(house: ModuleType) -> None:
    events = valid()[: LEAF + 1]
    order = {"id": "o", "cups": [{**TEA, "id": "z"}], "guests": []}
    found = house.lint(numbered([*events, {"type": "cut", "order": order}]))
    assert "cup-changed" in [each.rule for finding in found for each in finding.all()]


def test_halves_of_a_character_make_one(house: ModuleType) -> None:
    events = valid()
    changed(LEAF, say="\ud83d")(events)
    changed(LEAF_2, say="\ude00")(events)
    changed(READ, text="\U0001f600")(events)
    cup(DONE, text="\U0001f600")(events)
    cups({**TEA_DONE, "text": "\U0001f600"}, RECIPE_DONE)(events)
    assert house.lint(numbered(events)) == []


def test_an_unknown_first_event_does_not_make_a_resumed_stream(house: ModuleType) -> None:
    """Its number tells that nothing came before it."""
    events = numbered(valid())
    events[OPENED]["type"] = "opened_anew"
    (found,) = house.lint(events)
    assert (found.rule, found.index) == ("stream-not-opened", ADDED)
    assert house.lint(numbered([{"type": "sneeze"}, *valid()])) == []
    assert house.lint([{"type": "sneeze"}, *numbered(valid())]) == []
    assert house.lint([{"type": "sneeze", "no": 5}, *numbered(valid())[LEAF_2:]]) == []


def test_one_fault_is_told_once(house: ModuleType) -> None:
    """The text differs where it is read, in the cup and in the order."""
    events = valid()
    changed(LEAF, say="bad ")(events)
    (found,) = house.lint(numbered(events))
    assert (found.rule, found.index, found.path) == ("text-differs", READ, "cups[0].text")
    assert (found.expected, found.got) == ('"bad luck"', '"good luck"')
    assert found.message == 'read says "good luck", the pieces of cups[0].text give "bad luck"'


def test_feed_tells_what_is_new(house: ModuleType) -> None:
    linter = house.Linter()
    told = [[each.rule for each in linter.feed(event)] for event in numbered(valid())[1:]]
    assert [*filter(None, told)] == []
    assert linter.close() == []
    assert house.Linter().close() == [], "nothing has come"


def test_a_resumed_stream(house: ModuleType) -> None:
    events = numbered(valid())
    assert house.lint(events[LEAF_2:]) == []


def test_two_streams_of_a_recording(house: ModuleType) -> None:
    events = numbered(valid())
    assert house.lint([*events, *events]) == []


def test_what_may_follow_an_error(house: ModuleType) -> None:
    events = [*numbered(valid())[:LEAF], {"type": "broken", "no": LEAF}]
    assert house.lint([*events, {"type": "failed", "no": LEAF + 1}]) == []
    assert [each.rule for each in house.lint([*events, {"type": "water", **CUP, "no": LEAF + 1}])] == [
        "event-after-end"
    ]
    assert house.lint([*events, {"type": "chimes"}]) == []


def test_an_error_without_a_number_may_be_all_that_there_is_of_a_stream(house: ModuleType) -> None:
    """On a connection for one stream after the other it answers a request that was refused."""
    events, refusal = numbered(valid()), {"type": "broken"}
    assert house.lint([refusal]) == []
    assert house.lint([refusal, *events]) == []
    assert house.lint([*events, refusal, refusal, *events]) == []
    assert house.lint([*events, {"type": "broken", "no": 0}, *events]) == []


def test_an_error_that_is_of_the_stream_before_comes_too_late(house: ModuleType) -> None:
    events = numbered(valid())
    found = house.lint([*events, {"type": "broken", "no": len(events)}])
    assert [(each.rule, each.index) for each in found] == [("event-after-end", len(events))]
    found = house.lint([*events, {"type": "broken"}, {"type": "water", **CUP, "no": len(events)}])
    assert [(each.rule, each.index) for each in found][-1] == ("event-after-end", len(events) + 1)


def test_an_error_amid_a_stream_is_counted(house: ModuleType) -> None:
    found = house.lint([*numbered(valid())[:LEAF], {"type": "broken"}])
    assert [(each.rule, each.index) for each in found] == [("no-missing", LEAF)]


def test_what_was_cut_short_owes_nothing(house: ModuleType) -> None:
    """A cup that is incomplete need not have had its water, if the whole stream is incomplete."""
    events = valid()[: ADDED + 1]
    incomplete = {**TEA, "state": "incomplete"}
    events.append({"type": "cup.done", "cup_index": 0, "cup": incomplete})
    order = {"id": "o", "cups": [incomplete], "guests": []}
    assert house.lint(numbered([*events, {"type": "cut", "order": order}])) == []
    found = house.lint(numbered([*events, {"type": "done", "order": order}]))
    assert [(each.rule, each.index) for each in found] == [("cup-order", 2)]


def test_events_that_nobody_knows_only_count(house: ModuleType) -> None:
    events = valid()
    put(LEAF, {"type": "sneeze"})(events)
    assert house.lint(numbered(events)) == []


def test_a_profile(house: ModuleType) -> None:
    events = valid()
    cup(DONE_2, id="z")(events)
    lasting(cups=[{**TEA_DONE}, {**RECIPE_DONE, "id": "z"}])(events)
    assert [each.rule for each in house.lint(numbered(events))] == ["cup-changed"]
    assert house.lint(numbered(events), profile="hasty") == []
    with pytest.raises(ValueError, match="no profile 'lazy'; there are: 'hasty'"):
        house.Linter(profile="lazy")


def test_events_and_wire_objects_are_judged_alike(house: ModuleType) -> None:
    decode = sys.modules["tea_house"].decode  # type: ignore[attr-defined]
    for _, change in (*BROKEN.values(), (0, changed(LEAF, say=7)), (0, changed(ADDED, cup_index="0"))):
        events = valid()
        change(events)
        events = numbered(events)
        assert house.lint(events) == house.lint([decode(event) for event in events])


@pytest.mark.parametrize("key", [True, 1.5, "0", None, -1, [], {}])
def test_a_position_of_another_type(house: ModuleType, key: object) -> None:
    events = valid()
    changed(LEAF, cup_index=key)(events)
    (found,) = house.lint(numbered(events))
    assert (found.rule, found.index) == ("cup-index-missing", LEAF)


def test_a_far_position_takes_no_room(house: ModuleType) -> None:
    events = valid()
    changed(ADDED_2, cup_index=10**6)(events)
    assert "cup-index-gap" in [each.rule for each in house.lint(numbered(events))]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | st.floats() | st.sampled_from(["", "a", "tea", "ready", "good "]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["id", "type", "cups"]), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_nothing_is_raised(house: ModuleType, data: st.DataObject) -> None:
    """Events in any order, with any member replaced by anything."""
    events = data.draw(st.lists(st.sampled_from(numbered(valid())), max_size=20))
    linter = house.Linter()
    for event in events:
        changes = data.draw(st.dictionaries(st.sampled_from(sorted(event)), JSON, max_size=2))
        changes.pop("type", None)
        for finding in linter.feed({**event, **changes}):
            assert {each.rule for each in finding.all()} <= {*house.RULES}
    linter.close()


def test_what_is_nested_too_deep_is_passed_over(house: ModuleType) -> None:
    deep: Any = {}
    for _ in range(100_000):
        deep = {"a": deep}
    house.lint(
        [{"type": "opened", "order": deep}, {"type": "cup.added", "cup_index": 0, "cup": {"type": "tea", "x": deep}}]
    )


def pieces(count: int) -> list[Wire]:
    leaves = [{"type": "leaf", **CUP, "say": "x", "leaf_no": number} for number in range(count)]
    return numbered([*valid()[:LEAF], *leaves])


def many_cups(count: int) -> list[Wire]:
    events = [valid()[OPENED]]
    for number in range(count):
        recipe = {**RECIPE, "id": f"r{number}"}
        for tag in ("cup.added", "cup.done"):
            events.append({"type": tag, "cup_index": number, "cup": recipe})
    return numbered([*events, {"type": "cut", "order": {"id": "o", "cups": [e["cup"] for e in events[1::2]]}}])


@pytest.mark.parametrize("stream", [pieces, many_cups])
def test_many_events_take_linear_time(house: ModuleType, stream: Callable[[int], list[Wire]]) -> None:
    decode = sys.modules["tea_house"].decode  # type: ignore[attr-defined]

    def prepare(count: int) -> Callable[[], object]:
        events = [decode(event) for event in stream(count)]
        return lambda: house.lint(events)

    assert takes_linear_time(prepare, 8_000)


def test_a_package_does_not_import_its_linter() -> None:
    """Who only reads streams does not pay for it."""
    code = "import sys, responses_events, responses_events.stream; print(*(n for n in sys.modules if 'lint' in n))"
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=GENERATED, env={"PATH": ""}
    )
    assert not [name for name in ran.stdout.split() if name.startswith("responses_events")]


def test_nothing_in_the_runtime_speaks_of_an_api() -> None:
    runtime = Path(sys.modules["eventwright"].__path__[0]) / "targets" / "python" / "runtime"
    for name in (
        "carrying",
        "confirming",
        "judging",
        "linting",
        "lifecycle",
        "spots",
        "faults",
        "kinds",
        "repeating",
        "statements",
    ):
        text = (runtime / f"{name}.py").read_text(encoding="utf-8")
        assert "response" not in text
        assert "output" not in text.replace("output[0]", "")
