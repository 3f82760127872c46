"""The example specs compile, their packages are typed, and they read what such services send."""

from __future__ import annotations

import importlib
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from mypy import api as mypy

from eventwright.model import ir
from eventwright.pipeline import Result, compile_spec, read_spec
from support import CORPUS, ROOT, TEMPLATES
from support.compiling import beside_of, forget_package, import_package

Wire = dict[str, Any]

SPECS = ROOT / "examples" / "specs"
RECORDINGS = CORPUS.parent / "others" / "data"
NAMES = ["discord_gateway", "github_webhooks", "kubernetes_watch", "slack_events"]

USAGE = """
from typing_extensions import assert_never, assert_type

import discord_gateway as discord
import github_webhooks as github
import kubernetes_watch as kubernetes
import slack_events as slack
from discord_gateway.stream import Accumulator
from kubernetes_watch.stream import Accumulators
from slack_events.stream import Accumulators as Channels


def thumbs(body: bytes, header: str) -> int:
    match github.decode(body, tag=header):
        case github.IssuesOpenedEvent(issue=issue):
            return issue.reactions.thumbs_up if issue.reactions else 0
        case github.IssuesEvent(action=action, sender=github.User(login=login)):
            print(action, login)
    return 0


def uid(resource: kubernetes.Resource) -> str | None:
    match resource:
        case kubernetes.Pod() | kubernetes.Service() | kubernetes.Namespace() | kubernetes.Node():
            return resource.metadata.uid
        case kubernetes.ResourceBase(kind=kind):
            print(kind)
            return resource.metadata.uid
        case _:
            assert_never(resource)


def watch(lines: list[bytes]) -> None:
    live = Accumulators()
    for line in lines:
        assert_type(live.feed(kubernetes.decode(line)), "kubernetes.Resource | None")
    for resource in live.values():
        print(uid(resource))


def talk(lines: list[bytes], channels: Channels, session: Accumulator) -> None:
    for line in lines:
        channels.feed(slack.decode(line))
        session.feed(discord.decode(line))
    assert_type(channels["C1"].messages[0].text, "str | None")
    assert_type(session.texts, "list[str]")
"""


@dataclass
class Example:
    """A spec, and the package that it became."""

    result: Result
    spec: ir.Spec
    module: ModuleType
    stream: ModuleType | None


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all packages are."""
    return tmp_path_factory.mktemp("packages")


@pytest.fixture(scope="module")
def examples(folder: Path) -> Iterator[Mapping[str, Example]]:
    found = {}
    for name in NAMES:
        result = compile_spec(SPECS / name, [TEMPLATES])
        spec, _ = read_spec(SPECS / name)
        assert spec is not None
        module = import_package(folder, result.outputs["python"], name)
        stream = importlib.import_module(f"{name}.stream") if spec.state else None
        found[name] = Example(result, spec, module, stream)
    yield found
    for name in NAMES:
        forget_package(name)


def bodies(example: Example) -> list[Wire]:
    """Give the examples of a spec."""
    found = [event.example for event in example.spec.events]
    return [body for body in found if isinstance(body, dict)]


def recording(name: str) -> list[tuple[Wire, dict[str, str]]]:
    """Give the bodies of a recording, each with the argument for what came beside it."""
    file = RECORDINGS / f"{name}.jsonl"
    if not file.is_file():
        pytest.skip(f"no recording '{name}' beside the folder that EVENTWRIGHT_CORPUS names")
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [(line["event"], {"tag": line["headers"]["X-GitHub-Event"]} if "headers" in line else {}) for line in lines]


def test_these_are_all_examples() -> None:
    assert sorted(path.name for path in SPECS.iterdir()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_an_example_compiles_without_diagnostics(name: str, examples: Mapping[str, Example]) -> None:
    assert examples[name].result.report.diagnostics == []


@pytest.mark.parametrize("name", NAMES)
def test_a_package_decodes_the_examples_of_its_spec(name: str, examples: Mapping[str, Example]) -> None:
    example = examples[name]
    for declared in example.spec.events:
        beside = beside_of(example.spec, declared)
        event = example.module.decode(json.dumps(declared.example), **beside, strict=True)
        assert type(event).__name__ == declared.record.name
        assert example.module.encode(event) == declared.example


def test_packages_and_code_that_uses_them_are_typed(folder: Path, examples: Mapping[str, Example]) -> None:
    (folder / "usage.py").write_text(USAGE, encoding="utf-8")
    packages = [str(folder / name) for name in (*examples, "usage.py")]
    settings = ["--strict", "--python-version=3.10", f"--config-file={os.devnull}", f"--cache-dir={os.devnull}"]
    report, errors, code = mypy.run([*settings, *packages])
    assert code == 0, report + errors


def tag_of(name: str, body: Wire, beside: Mapping[str, str]) -> list[str]:
    """Give the tags that a body may go by, the first known one first, as the services describe them."""
    if name == "discord_gateway":
        return [str(body.get("t") or body["op"])]
    if name == "kubernetes_watch":
        return [body["type"]]
    if name == "slack_events":
        event = body.get("event", {})
        first, second = event.get("type") or body["type"], event.get("subtype")
    else:
        first, second = beside["tag"], body.get("action")
    return [f"{first}.{second}", first] if second else [first]


@pytest.mark.parametrize(
    ("name", "file", "typed"),
    [
        ("discord_gateway", "discord", 22),
        ("github_webhooks", "github-sample", 14),
        ("kubernetes_watch", "kubernetes", 89),
        ("slack_events", "slack", 25),
    ],
)
def test_a_recording_is_typed_and_encodes_back(
    name: str, file: str, typed: int, examples: Mapping[str, Example]
) -> None:
    module = examples[name].module
    seen: Counter[bool] = Counter()
    for body, beside in recording(file):
        event = module.decode(json.dumps(body), **beside)
        known = [tag for tag in tag_of(name, body, beside) if tag in module.EVENT_TYPES]
        assert type(event) is (module.EVENT_TYPES[known[0]] if known else module.UnknownEvent)
        assert module.encode(event) == body
        seen[bool(known)] += 1
    assert seen[True] == typed


def test_an_unknown_action_is_one_of_its_family(examples: Mapping[str, Example]) -> None:
    github = examples["github_webhooks"].module
    opened = next(event.example for event in examples["github_webhooks"].spec.events if event.tag == "issues.opened")
    assert isinstance(opened, dict)
    event = github.decode(opened, tag="issues")
    assert (event.issue.reactions.thumbs_up, event.issue.reactions.thumbs_down) == (1, 0)
    assert type(event.sender) is github.User
    body = {**opened, "action": "frozen", "sender": {"type": "Mannequin", "login": "old", "id": 1}}
    event = github.decode(body, tag="issues")
    assert (type(event), event.action, event.issue.number) == (github.IssuesEvent, "frozen", 3)
    assert type(event.sender) is github.UnknownVariant
    assert github.problems(body, tag="issues") == []
    assert github.encode(event) == body


def test_a_watch_gives_the_objects_that_are_there(examples: Mapping[str, Example]) -> None:
    kubernetes, stream = examples["kubernetes_watch"].module, examples["kubernetes_watch"].stream
    assert stream is not None
    watch = stream.Accumulators()
    live: dict[str, Wire] = {}
    over, gone, most = False, 0, 0
    for body, _ in recording("kubernetes"):
        last = watch.feed(kubernetes.decode(body))
        thing = body["object"]
        key = thing["metadata"].get("uid") or thing["metadata"].get("name")
        if key and over:
            live, over = {}, False
        if body["type"] == "ERROR":
            over = True
            assert (watch.end.kind, watch.end.error.code) == ("error", str(thing["code"]))
        elif key and body["type"] in ("ADDED", "MODIFIED"):
            live[key] = thing
        elif body["type"] == "DELETED":
            live.pop(key, None)
            gone += 1
            assert kubernetes.encode(last) == thing
        assert {key: kubernetes.encode(state) for key, state in watch.items()} == live
        most = max(most, len(live))
    assert (gone, most) == (6, 22)
    assert set(watch.mended) <= {"key"}


def test_a_watch_of_the_examples(examples: Mapping[str, Example]) -> None:
    kubernetes, stream = examples["kubernetes_watch"].module, examples["kubernetes_watch"].stream
    assert stream is not None
    watch = stream.Accumulators()
    last = [watch.feed(kubernetes.decode(body)) for body in bodies(examples["kubernetes_watch"])]
    assert [type(each).__name__ for each in last if each is not None] == ["Namespace"]
    assert {key: type(each).__name__ for key, each in watch.items()} == {"6d1f": "Pod", "70aa": "ResourceBase"}
    assert (watch["70aa"].kind, watch["70aa"].metadata.uid) == ("Certificate", "70aa")
    assert watch["70aa"].extra == {"spec": {"days": 90}}
    assert (watch.end.kind, watch.end.error.code) == ("error", "410")
    assert not watch.mended


def test_an_object_of_an_unknown_kind_keeps_its_uid(examples: Mapping[str, Example]) -> None:
    kubernetes = examples["kubernetes_watch"].module
    kinds: Counter[str] = Counter()
    for body, _ in recording("kubernetes"):
        if body["type"] == "ERROR":
            continue
        thing = kubernetes.decode(body).object
        kinds[type(thing).__name__] += 1
        assert thing.metadata.uid == body["object"]["metadata"].get("uid")
        if type(thing) is kubernetes.ResourceBase:
            assert thing.kind == body["object"]["kind"]
    assert kinds["ResourceBase"] == 52


def test_a_channel_has_what_was_written_and_not_deleted(examples: Mapping[str, Example]) -> None:
    slack, stream = examples["slack_events"].module, examples["slack_events"].stream
    assert stream is not None
    channels = stream.Accumulators()

    def happen(kind: str, channel: Any = "C1", **members: Any) -> Any:
        where = {"team_id": "T1", "api_app_id": "A1", "event_id": "E1", "event_time": 1}
        event = {"type": kind, "channel": channel, **members}
        return channels.feed(slack.decode({"type": "event_callback", **where, "event": event}, strict=True))

    happen("message", ts="1.0", user="U1", text="Hello")
    happen("message", ts="2.0", user="U2", text="Hi", subtype="me_message")
    happen("message", channel="C2", ts="1.0", user="U1", text="Elsewhere")
    changed = {"type": "message", "ts": "1.0", "user": "U1", "text": "Hello all"}
    happen("message", subtype="message_changed", message=changed)
    happen("message", subtype="channel_topic", user="U1", topic="Greetings")
    happen("member_joined_channel", user="U3")
    happen("member_joined_channel", user="U4", inviter="U1")
    happen("member_left_channel", user="U3")
    happen("channel_rename", channel={"id": "C1", "name": "hello"})
    channel = channels["C1"]
    assert [(each.ts, each.text) for each in channel.messages] == [("1.0", "Hello all"), ("2.0", "Hi")]
    assert [each.user for each in channel.members] == ["U4"]
    assert (channel.name, channel.topic) == ("hello", "Greetings")
    happen("message", subtype="message_deleted", deleted_ts="1.0")
    assert [each.ts for each in channels["C1"].messages] == ["2.0"]
    last = happen("channel_deleted")
    assert [each.ts for each in last.messages] == ["2.0"]
    assert set(channels) == {"C2"}
    assert not channels.mended


def test_a_session_is_what_its_frames_tell(examples: Mapping[str, Example]) -> None:
    discord, stream = examples["discord_gateway"].module, examples["discord_gateway"].stream
    assert stream is not None
    # The frames of a session of their own, in which somebody calls.
    frames = [body for body, _ in recording("discord")][5:14]
    places = {
        "MESSAGE": ("messages", "id"),
        "CALL": ("calls", "channel_id"),
        "VOICE_STATE": ("voice_states", "user_id"),
    }
    expected: dict[str, dict[str, Wire]] = {name: {} for name, _ in places.values()}
    accumulator = stream.Accumulator()
    for frame in frames:
        accumulator.feed(discord.decode(frame))
        subject, _, verb = frame["t"].rpartition("_")
        name, key = places[subject]
        data = frame["d"]
        if verb == "DELETE":
            del expected[name][data[key]]
        elif subject != "VOICE_STATE" and verb == "UPDATE":
            expected[name][data[key]].update({member: value for member, value in data.items() if value is not None})
        else:
            expected[name][data[key]] = dict(data)
        for name, things in expected.items():
            assert [discord.encode(each) for each in getattr(accumulator.session, name)] == list(things.values())
    assert [len(things) for things in expected.values()] == [2, 0, 1]
    assert accumulator.texts == [thing["content"] for thing in expected["messages"].values()]
    assert accumulator.sequence.last == frames[-1]["s"]
    assert not accumulator.mended


def test_a_session_of_the_examples(examples: Mapping[str, Example]) -> None:
    discord, stream = examples["discord_gateway"].module, examples["discord_gateway"].stream
    assert stream is not None
    frames = sorted((body for body in bodies(examples["discord_gateway"]) if "s" in body), key=lambda body: body["s"])
    accumulator = stream.Accumulator()
    texts, calls = [], []
    for frame in frames:
        accumulator.feed(discord.decode(frame))
        texts.append(accumulator.texts)
        calls.append([call.ringing for call in accumulator.session.calls])
    assert texts == [[], [], ["Good morning"], ["Good morning, all"], *[[]] * 7]
    assert calls == [*[[]] * 5, [["2"]], [[]], *[[]] * 4]
    session = accumulator.session
    assert (session.user.username, session.channels, len(session.voice_states)) == ("ada", [], 1)
    assert not accumulator.mended


@pytest.mark.parametrize(
    ("frame", "kind"),
    [({"op": 7, "d": None}, "incomplete"), ({"op": 9, "d": True}, "incomplete"), ({"op": 9, "d": False}, "failed")],
)
def test_a_session_ends_and_may_be_resumed_or_not(frame: Wire, kind: str, examples: Mapping[str, Example]) -> None:
    discord, stream = examples["discord_gateway"].module, examples["discord_gateway"].stream
    assert stream is not None
    accumulator = stream.Accumulator()
    accumulator.feed(discord.decode({"op": 10, "t": None, "d": {"heartbeat_interval": 41250}}, strict=True))
    assert accumulator.end is None
    accumulator.feed(discord.decode(frame, strict=True))
    assert accumulator.end.kind == kind


def test_a_watch_is_held_to_what_becomes_of_each_object(examples: Mapping[str, Example]) -> None:
    lint = importlib.import_module("kubernetes_watch.lint").lint

    def told(tag: str, uid: str) -> Wire:
        return {"type": tag, "object": {"kind": "Secret", "metadata": {"name": uid, "uid": uid}}}

    def rules(*events: Wire) -> list[str]:
        return [finding.rule for finding in lint(events)]

    assert rules(told("ADDED", "a"), told("ADDED", "b"), told("MODIFIED", "a"), told("DELETED", "a")) == []
    assert rules(told("MODIFIED", "a"), told("DELETED", "a"), told("MODIFIED", "b")) == []
    assert rules(told("ADDED", "a"), told("ADDED", "a")) == ["stream-order"]
    assert rules(told("ADDED", "a"), told("DELETED", "a"), told("MODIFIED", "a")) == ["event-after-end"]
