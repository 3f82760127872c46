"""Random statements on random events: no exception, nothing that was read or fed changes, reading changes nothing.

And what pieces have built is never gone, whatever is missing, repeated, or out of order.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from support.growth import takes_linear_time
from support.rooms import Rooms
from support.rooms import rooms as compiled_rooms

Fold = Callable[[Any], None]

SEEDS = 2000
STATEMENTS = 14
ID = ("id",)
KEYS = ("a", "b", "c", "", None, [])
INDEXES = (None, 0, 1, 2, 5, -1)
PIECES = ("", "<p>", '{"x": [1', "1", '"\ud83d', "\ude00", "]}", "oops")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Rooms:
    return Rooms(compiled_rooms(tmp_path_factory.mktemp("rooms")))


class Statements:
    """Makes random statements that the types allow.

    Attributes:
        events: The values that events brought.
    """

    def __init__(self, demo: Rooms, seed: int) -> None:
        self._demo = demo
        self._choose = random.Random(seed)
        self.events: list[Any] = []

    def one(self) -> Fold:
        """Make one that begins at the whole state."""
        return self._choose.choice([self._room, self._message, self._message, self._call, self._choice, self._member])()

    def _of(self, *given: Any) -> Any:
        return self._choose.choice(given)

    def _value(self, value: Any) -> Any:
        self.events.append(value)
        return value

    def _text(self) -> str:
        return self._of("", "x", "<y>")

    def _wire_call(self) -> dict[str, Any]:
        members = {
            "id": self._of("a", "b", "", None),
            "name": self._text(),
            "input": self._of({}, {"x": 1}, None, "odd"),
        }
        return {key: value for key, value in members.items() if self._choose.random() < 0.8}

    def _wire_message(self) -> dict[str, Any]:
        calls = self._of(None, [], "odd", [self._wire_call()], [self._wire_call(), self._wire_call()], [None, {}])
        members = {
            "type": self._of("said", "said", "answered", "sung", None),
            "id": self._of("a", "b", "c", "", None, 5),
            "text": self._text(),
            "parts": self._of(None, [], [{"text": self._text()}], [None]),
            "calls": calls,
            "x": self._of(1, None),
        }
        return {key: value for key, value in members.items() if self._choose.random() < 0.8}

    def _messages(self) -> list[Any]:
        wire = [self._wire_message() for _ in range(self._of(0, 1, 2, 3))]
        return self._value(self._demo.of("Room", messages=wire).messages)

    def _one_message(self) -> Any:
        return self._value(self._demo.of("Room", messages=[self._wire_message()]).messages[0])

    def _part(self) -> Any:
        return self._value(self._demo.of("Part", text=self._text()))

    def _a_call(self) -> Any:
        return self._value(self._demo.of("Call", **self._wire_call()))

    def _usage(self) -> Any:
        members = {
            "id": self._of("a", ""),
            "input": self._of(1, "one", None),
            "words": self._of([], ["w"], None),
            "y": 2,
        }
        return self._value(self._demo.of("Usage", **members))

    def _whole(self) -> Any:
        members = {
            "id": self._of("r", "s"),
            "title": self._text(),
            "messages": [self._wire_message() for _ in range(self._of(0, 1, 3))],
            "notes": self._of(None, [], ["n", "m"]),
            "choices": self._of([], [{"index": 1, "text": self._text()}], None),
            "any": self._of(None, {}, [], "t", {"x": [1]}),
        }
        return self._value(self._demo.of("Room", **members))

    def _room(self) -> Fold:
        demo, text, piece, index, key = self._demo, self._text(), self._of(*PIECES), self._of(*INDEXES), self._of(*KEYS)
        message, messages, usage, whole = self._one_message(), self._messages(), self._usage(), self._whole()
        notes = self._value(self._of([], [text], [text, "z"]))
        labels = self._value(self._of({}, {"k": text}, {"l": "m", "k": None}))
        delta = self._value(demo.of("Delta", title=text, notes=notes, kind=self._of(None, text), labels=labels, z=text))
        anything = self._value(self._of(text, {}, {"x": [1, 2]}, [], 5))
        name = self._of("title", "kind", "notes", "messages", "members", "usage", "labels", "any", "id")
        changes: list[Fold] = [
            lambda room: room.begin(whole),
            lambda room: room.replace(whole),
            lambda room: room.append("title", piece),
            lambda room: room.set("title", text),
            lambda room: room.set("messages", messages),
            lambda room: room.set("notes", notes),
            lambda room: room.set("any", anything),
            lambda room: room.grow("any", piece),
            lambda room: room.add("notes", text),
            lambda room: room.add("notes", notes),
            lambda room: room.extend("notes", index, piece),
            lambda room: room.remove_at("notes", index),
            lambda room: room.add("messages", message),
            lambda room: room.add("messages", messages),
            lambda room: room.put("messages", index, message),
            lambda room: room.finish("messages", index, message),
            lambda room: room.put_keyed("messages", ID, key, message),
            lambda room: room.finish_keyed("messages", ID, key, message),
            lambda room: room.remove_at("messages", index),
            lambda room: room.remove_keyed("messages", ID, key),
            lambda room: room.merge("usage", usage),
            lambda room: room.merge("labels", labels),
            lambda room: room.set("labels", labels),
            lambda room: room.update(delta),
            lambda room: room.remove(name),
        ]
        return self._of(*changes)

    def _step_to_message(self) -> Callable[[Any], list[Any]]:
        demo, key, index = self._demo, self._of(*KEYS), self._of(*INDEXES)
        model = self._of(demo.Said, demo.Said, demo.Answered)
        make, id = self._of(True, False), self._of("a", "b", None, "")
        among = self._of((), (), (demo.Said, demo.Answered))
        return self._of(
            lambda room: [room.keyed("messages", ID, key, model, among=among, make=make)],
            lambda room: [room.element("messages", index, model, id, among=among, make=make)],
            lambda room: [room.element("messages", 0, model)],
            lambda room: list(room.every("messages", model)),
            lambda room: [each for each in [room.existing("messages", ID, key, model)] if each is not None],
        )

    def _message(self) -> Fold:
        step, text, piece, key = self._step_to_message(), self._text(), self._of(*PIECES), self._of(*KEYS)
        message, part, call, index = self._one_message(), self._part(), self._a_call(), self._of(*INDEXES)
        name = self._of("text", "calls", "id")
        changes: list[Fold] = [
            lambda draft: draft.append("text", piece),
            lambda draft: draft.append("text", piece),
            lambda draft: draft.set("text", text),
            lambda draft: draft.set("id", text),
            lambda draft: draft.update(message),
            lambda draft: draft.add("calls", call),
            lambda draft: draft.put_keyed("calls", ID, key, call),
            lambda draft: draft.finish_keyed("calls", ID, key, call),
            lambda draft: draft.put("calls", index, call),
            lambda draft: draft.remove_keyed("calls", ID, key),
            lambda draft: draft.remove(name),
        ]
        if self._choose.random() < 0.2:
            changes = [lambda draft: self._is_said(draft) and draft.add("parts", part)]
        change = self._of(*changes)
        return lambda room: [change(draft) for draft in step(room)] and None

    def _is_said(self, draft: Any) -> bool:
        return not isinstance(getattr(draft, "model", None), self._demo.Answered)

    def _call(self) -> Fold:
        demo, step, key = self._demo, self._step_to_message(), self._of(*KEYS)
        text, piece, call = self._text(), self._of(*PIECES), self._a_call()
        input = self._value(self._of({}, {"x": {"y": text}}))
        change: Fold = self._of(
            lambda draft: draft.grow("input", piece),
            lambda draft: draft.grow("input", piece),
            lambda draft: draft.set("input", input),
            lambda draft: draft.merge("input", input),
            lambda draft: draft.set("name", text),
            lambda draft: draft.update(call),
            lambda draft: draft.remove("input"),
        )
        if self._of(True, False):
            return lambda room: [change(draft.keyed("calls", ID, key, demo.Call)) for draft in step(room)] and None

        def first(room: Any) -> None:
            for message in room.seek("messages", key, demo.Said, demo.Answered):
                found = message.existing("calls", ID, key, demo.Call)
                if found is not None:
                    change(found)
                    break

        return first

    def _choice(self) -> Fold:
        demo, key, piece, usage = self._demo, self._of(0, 1, 7, None), self._of(*PIECES), self._usage()
        choice = self._value(demo.of("Choice", index=self._of(0, 1, 7, "no"), text=self._text()))
        index = ("index",)
        return self._of(
            lambda room: room.keyed("choices", index, key, demo.Choice).append("text", piece),
            lambda room: room.keyed("choices", index, key, demo.Choice).merge("usage", usage),
            lambda room: room.put_keyed("choices", index, key, choice),
            lambda room: room.finish_keyed("choices", index, key, choice),
            lambda room: room.add("choices", choice),
            lambda room: room.remove_keyed("choices", index, key),
        )

    def _member(self) -> Fold:
        demo, key, text = self._demo, self._of(*KEYS), self._text()
        path = ("user", "from_")
        member = self._value(demo.of("Member", user=self._of({"from": "a"}, {}, "odd", None), since=text))
        return self._of(
            lambda room: room.keyed("members", path, key, demo.Member).set("since", text),
            lambda room: room.keyed("members", path, key, demo.Member).member("user", demo.User).set("age", 3),
            lambda room: room.keyed("members", path, key, demo.Member).member("user", demo.User).set("from_", text),
            lambda room: room.put_keyed("members", path, key, member),
            lambda room: room.remove_keyed("members", path, key),
            lambda room: room.keyed("members", path, key, demo.Member).update(member),
        )


def shown(demo: Rooms, value: Any) -> str:
    return repr(demo.encode(value))


def test_nothing_fails_and_nothing_that_was_read_or_fed_changes(demo: Rooms) -> None:
    for seed in range(SEEDS):
        statements, twins = Statements(demo, seed), Statements(demo, seed)
        accumulator, unread = (demo.accumulator(unique=seed % 3 > 0) for _ in range(2))
        states = []
        for number in range(STATEMENTS):
            fold = statements.one()
            events = [repr(event) for event in statements.events]
            demo.feed(accumulator, fold)
            demo.feed(unread, twins.one())
            states.append((accumulator.state, shown(demo, accumulator.state)))
            assert [repr(event) for event in statements.events] == events, (seed, number)
        for number, (state, text) in enumerate(states):
            assert shown(demo, state) == text, (seed, number)
        assert demo.encode(unread.state) == demo.encode(accumulator.state), seed
        # Half characters that were replaced before anybody read them were not made whole.
        accumulator.mended["character"] = unread.mended["character"]
        assert unread.mended == accumulator.mended, seed
        assert not accumulator.mended["unreadable"], seed


# --- What pieces have built is never gone ---

Statement = dict[str, Any]


def chat(demo: Rooms) -> list[Statement]:
    """Give two messages by turns, one of them with a call, whose pieces are all different; no event repeats them."""
    whole = {"a": "", "b": ""}
    begun = [{"do": "begin", "id": each, "key": each} for each in "ab"]
    pieces = [{"do": "piece", "key": each, "piece": f"<{each.upper()}{number}>"} for number in (1, 2) for each in "ab"]
    call = [{"do": "json", "key": "a", "call": "f", "piece": piece} for piece in ('{"x": "<J1>', '<J2>"', "}")]
    notes = [{"do": "note", "piece": piece} for piece in ("<N1>", "<N2>")]
    done = [{"do": "done", "id": each, "key": each, "text": whole[each]} for each in "ab"]
    return [*begun, *pieces[:2], *call[:2], *notes, *pieces[2:], call[2], {"do": "late"}, *done, {"do": "all", **whole}]


def carried_out(demo: Rooms, step: Statement) -> Fold:
    """Give the statement that a step of the stream stands for."""
    key, piece = step.get("key"), step.get("piece")

    def message(id: Any, **members: Any) -> Any:
        given = {"id": id, "parts": [], **members}
        return demo.message("said", **{name: each for name, each in given.items() if each is not None})

    match step["do"]:
        case "begin":
            return lambda room: room.put_keyed("messages", ID, key, message(step.get("id"), text="", calls=[]))
        case "done":
            return lambda room: room.finish_keyed("messages", ID, key, message(step.get("id"), text=step.get("text")))
        case "piece":
            return lambda room: room.keyed("messages", ID, key, demo.Said).append("text", piece)
        case "json":
            call = step.get("call")
            return (
                lambda room: room.keyed("messages", ID, key, demo.Said)
                .keyed("calls", ID, call, demo.Call)
                .grow("input", piece)
            )
        case "note":
            return lambda room: room.add("notes", piece)
        case "late":
            return lambda room: room.begin(demo.of("Room", messages=[], notes=None))
        case _:
            texts = {name: step[name] for name in "ab" if name in step}
            wire = [{"type": "said", "id": name, "text": text, "parts": []} for name, text in texts.items()]
            return lambda room: room.replace(demo.of("Room", messages=wire, notes=[]))


def mutate(steps: list[Statement], choose: random.Random) -> None:
    """Do one of the things to a stream that servers and connections do."""
    at, other = choose.randrange(len(steps)), choose.randrange(len(steps))
    name = choose.choice([each for each in steps[at] if each not in ("do", "piece")] or ["none"])
    match choose.choice(["drop", "repeat", "swap", "none", "empty", "no keys", "other id"]):
        case "drop":
            del steps[at]
        case "repeat":
            steps.insert(choose.choice([at, other]), dict(steps[at]))
        case "swap":
            steps[at], steps[other] = steps[other], steps[at]
        case "none":
            steps[at].pop(name, None)
        case "empty":
            steps[at] |= {name: ""} if name in steps[at] else {}
        case "no keys":
            for step in steps:
                step.pop("key", None)
        case _:
            steps[at] |= {"id": choose.choice("abz")} if "id" in steps[at] else {}


@pytest.mark.parametrize("faults", [0, 1, 2, 3])
def test_what_pieces_have_built_is_never_gone(demo: Rooms, faults: int) -> None:
    choose = random.Random(faults)
    for _ in range(1000 if faults else 1):
        steps = chat(demo)
        for _ in range(faults):
            mutate(steps, choose)
        accumulator = demo.accumulator(unique=choose.random() < 0.5)
        built: set[str] = set()
        for number, step in enumerate(steps):
            demo.feed(accumulator, carried_out(demo, step))
            text = shown(demo, accumulator.state)
            piece = "".join(character for character in step.get("piece", "") if character not in '{}": x')
            if piece and piece in text:
                built.add(piece)
            assert all(piece in text for piece in built), (number, steps)
        assert faults or (accumulator.mended.keys() == {"emptier"} and len(built) == 8)


# --- Time ---


def keyed_pieces(demo: Rooms, number: int) -> Fold:
    return lambda room: room.keyed("messages", ID, f"m{number % 50}", demo.Said).append("text", "piece ")


def new_elements(demo: Rooms, number: int) -> Fold:
    return lambda room: room.keyed("messages", ID, f"m{number}", demo.Said).append("text", "piece ")


def added(demo: Rooms, number: int) -> Fold:
    return lambda room: room.add("notes", "note")


def json_pieces(demo: Rooms, number: int) -> Fold:
    piece = '{"x": [0' if number == 0 else ", 1"
    return lambda room: room.element("messages", 0, demo.Said).keyed("calls", ID, "c", demo.Call).grow("input", piece)


def sought(demo: Rooms, number: int) -> Fold:
    if number < 500:
        return (
            lambda room: room.keyed("messages", ID, f"m{number}", demo.Said)
            .keyed("calls", ID, f"c{number}", demo.Call)
            .set("name", "n")
        )

    def fold(room: Any) -> None:
        for message in room.seek("messages", f"c{number % 500}", demo.Said):
            call = message.existing("calls", ID, f"c{number % 500}", demo.Call)
            if call is not None:
                call.append("name", "n")
                break

    return fold


def come_and_gone(demo: Rooms, number: int) -> Fold:
    """Members come, and go in the order in which they came: 1, 2, 4, ... of them."""
    path, begin = ("user", "from_"), 1 << max(number, 1).bit_length() - 1
    many, since = begin // 2, number - begin
    if since < many:
        return lambda room: room.keyed("members", path, f"u{since}", demo.Member).set("since", "now")
    return lambda room: room.remove_keyed("members", path, f"u{since - many}")


def other_keys(demo: Rooms, number: int) -> Fold:
    return lambda room: room.keyed("messages", ID, f"m{number}", demo.Said).set("id", f"m{number + 1}")


def same_keys(demo: Rooms, number: int) -> Fold:
    if number % 2:
        return lambda room: room.keyed("messages", ID, "new", demo.Said).set("id", "same")
    return lambda room: room.keyed("messages", ID, "same", demo.Answered).set("text", "x")


def merged(demo: Rooms, number: int) -> Fold:
    return lambda room: room.merge("labels", {f"l{number}": "x"})


@pytest.mark.parametrize(
    "kind",
    [keyed_pieces, new_elements, added, json_pieces, sought, come_and_gone, other_keys, same_keys, merged],
)
def test_time_grows_with_the_stream_and_no_faster(demo: Rooms, kind: Callable[[Rooms, int], Fold]) -> None:
    def prepare(count: int) -> Callable[[], object]:
        events = [demo.StepEvent(type="step", part=kind(demo, number)) for number in range(count)]

        def run() -> None:
            accumulator = demo.accumulator()
            for event in events:
                accumulator.feed(event)
            assert accumulator.state

        return run

    assert takes_linear_time(prepare, 32_768)
