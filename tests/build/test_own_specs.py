"""Builders and examples of specs that are unlike those that ship: what they send is valid, and says what was meant."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any

import pytest

from tests.support.compiling import compiled, import_package
from tests.support.tea_house import SETTINGS
from tests.support.tea_house import SPEC as TEA_HOUSE

WRAPPED = """
title: Answers
doc: Events that wrap what they bring into objects of their own, and say how they end in one of those.
groups:
  OnPart:
    doc: About one part.
    at: piece
    fields:
      index: {type: integer, doc: "Position, counted from 0."}
events:
  begin:
    doc: It begins.
    opens: stream
    fields:
      name: {type: string, doc: What it is called.}
    fold: title = name
  part-start:
    doc: A part begins.
    opens: piece
    use: [OnPart]
    fields:
      delta: {type: Started, doc: Holds the part.}
    fold: parts[index] = delta.part
  part-delta:
    doc: A part goes on.
    use: [OnPart]
    fields:
      delta: {type: Words, doc: What is new.}
    fold:
      - parts[index as Speech].text += delta.text
      - parts[index as Thought].thinking += delta.thinking
  part-end:
    doc: A part is over.
    closes: piece
    use: [OnPart]
    fold: none
  end:
    doc: It is over.
    fields:
      delta: {type: Over, doc: How it ends.}
    fold: none
    ends:
      - {ends: failed, when: {delta.why: broken}}
      - {ends: incomplete, when: {delta.why: full}}
      - ends: completed
sequences:
  Answer: begin piece* end
types:
  Answer:
    doc: All of it.
    fields:
      title: {type: string, doc: What it is called.}
      parts: {type: "list[Part]", doc: What it is made of.}
  Speech:
    doc: What is said.
    tag: speech
    fields:
      text: {type: string, doc: The words.}
  Thought:
    doc: What is not said.
    tag: thought
    fields:
      thinking: {type: string, doc: The words.}
  Started:
    doc: Holds a part.
    fields:
      part: {type: Part, doc: The part.}
  Words:
    doc: One of the two.
    fields:
      text: {type: string, optional: true, doc: For speech.}
      thinking: {type: string, optional: true, doc: For thoughts.}
  Over:
    doc: How it ends.
    fields:
      why: {type: Why, doc: The reason.}
unions:
  Part:
    doc: A part.
    tag: kind
    variants: [Speech, Thought]
enums:
  Why:
    doc: Why it ends.
    open: true
    values: {whole: Nothing is missing., full: There is no room., broken: It cannot go on.}
"""

ENVELOPES = """
title: Builds
doc: Envelopes around data, about several builds at once, whose steps have names.
groups:
  Envelope:
    doc: What is around the data.
    fields:
      id: {type: string, doc: Names the event.}
      subject: {type: string, doc: Names the build.}
events:
  queued:
    doc: A build waits.
    opens: stream
    use: [Envelope]
    fields:
      data: {type: Build, doc: The build.}
      sink: {type: string, optional: true, doc: Where it goes.}
    fold: state = data
  started:
    doc: A step begins.
    opens: step
    use: [Envelope]
    fields:
      data: {type: Step, doc: The step.}
    fold: steps[data.name is name] = data
  log:
    doc: A step says something.
    at: step
    use: [Envelope]
    fields:
      data: {type: Output, doc: What it says.}
      piece: {type: integer, doc: Which piece it is.}
    fold: steps[data.name is name].log += data.text
  done:
    doc: A step is over.
    closes: step
    use: [Envelope]
    fields:
      data: {type: Step, doc: The step.}
    fold: steps[data.name is name] = data
  finished:
    doc: A build is over.
    use: [Envelope]
    fields:
      data: {type: Build, doc: The build.}
    fold: state = data
    ends:
      - {ends: failed, when: {data.state: failed}}
      - {ends: incomplete, when: {data.state: canceled}}
      - ends: completed
sequences:
  Build: queued step* finished
  Step: log*
types:
  Build:
    doc: A build.
    fields:
      state: {type: Progress, doc: How far it is.}
      steps: {type: "list[Step]", doc: What it does.}
  Step:
    doc: A part of a build.
    fields:
      name: {type: string, unique: true, doc: What it is called.}
      state: {type: Progress, doc: How far it is.}
      log: {type: string, doc: What it said.}
  Output:
    doc: A piece.
    fields:
      name: {type: string, doc: The step.}
      text: {type: string, doc: Text to append.}
enums:
  Progress:
    doc: How far it is.
    ranks: [queued, running, [passed, failed, canceled]]
    values:
      queued: It waits.
      running: It is being done.
      passed: It went well.
      failed: It went wrong.
      canceled: Somebody has stopped it.
"""

SPECS = {
    "wrapped_events": (WRAPPED, {"state": "Answer", "places": {"piece": "parts[index]"}}),
    "envelope_events": (
        ENVELOPES,
        {"state": "Build", "key": "subject", "places": {"step": "steps[data.name is name]"}},
    ),
    "tea_house": (TEA_HOUSE, {name: value for name, value in SETTINGS.items() if name != "name"}),
}


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ModuleType]:
    found = {}
    for name, (text, settings) in SPECS.items():
        result = compiled(text, tmp_path_factory.mktemp(name), name, **settings)
        assert not result.report.has_errors, result.report.diagnostics
        found[name] = import_package(tmp_path_factory.mktemp("out"), result.outputs["python"], name)
        for module in ("build", "builders.samples", "lint", "stream", "runtime.composing"):
            importlib.import_module(f"{name}.{module}")
    return found


def wires(package: ModuleType, events: list[Any]) -> list[Any]:
    """Give the wire objects of events, once they are known to be valid."""
    assert [str(finding) for finding in package.lint.lint(events)] == []
    assert [str(problem) for event in events for problem in package.problems(package.encode(event))] == []
    return [package.encode(event) for event in events]


def relayed(package: ModuleType, sent: list[Any]) -> list[Any]:
    """Give what a relay makes of wire objects, once it is known to be valid."""
    relay = package.build.Relay()
    for wire in sent:
        relay.feed(wire)
    relay.close()
    return wires(package, relay.take_events())


@pytest.mark.parametrize("name", SPECS)
def test_examples_are_valid_and_end_as_they_say(packages: dict[str, ModuleType], name: str) -> None:
    package = packages[name]
    samples = package.builders.samples.SAMPLES
    for stream in package.runtime.composing.described(samples):
        for seed in range(5):
            events = package.runtime.composing.compose(samples, stream, seed)
            sent = wires(package, events)
            accumulator = package.stream.Accumulator()
            for event in events:
                accumulator.feed(event)
            wanted = {"fail": "failed", "incomplete": "incomplete", "error": "error"}.get(stream, "completed")
            assert accumulator.close().kind == wanted, stream
            assert relayed(package, sent) == sent, stream


def test_an_event_adds_to_the_text_of_the_element_that_it_is_about(packages: dict[str, ModuleType]) -> None:
    package = packages["wrapped_events"]
    stream = package.build.AnswerStream(name="a")
    stream.thought().thinking("hm")
    stream.speech().text("hello")
    stream.complete(package.Over(why="whole"))
    sent = wires(package, stream.take_events())
    assert [wire["delta"] for wire in sent if wire["type"] == "part-delta"] == [{"thinking": "hm"}, {"text": "hello"}]
    assert relayed(package, sent) == sent


def test_an_end_is_the_one_that_the_event_says(packages: dict[str, ModuleType]) -> None:
    package = packages["wrapped_events"]
    stream = package.build.AnswerStream(name="a")
    stream.speech().text("hello")
    with pytest.raises(ValueError, match=r"end is to say that the stream is completed; with what .* is incomplete"):
        stream.complete(package.Over(why="full"))
    stream.incomplete(package.Over(why="full"))
    assert stream.ended == "incomplete"


def test_what_only_the_author_knows_is_asked_for(packages: dict[str, ModuleType]) -> None:
    package = packages["wrapped_events"]
    refused = pytest.raises(package.build.LifecycleError, match="has to be ended before the end of the block")
    with refused, package.build.AnswerStream(name="a"):
        pass
    with pytest.raises(KeyError), package.build.AnswerStream(name="a") as stream:
        raise KeyError
    assert [event.type for event in stream.take_events()] == ["begin"]


def test_what_is_around_the_data(packages: dict[str, ModuleType]) -> None:
    package = packages["envelope_events"]
    stream = package.build.BuildStream(id="e1", subject="b1", sink_="here")
    step = stream.step(id="e2", name="lint")
    step.log("ok", id="e3", piece_=7)
    with pytest.raises(package.build.LifecycleError, match=r"step-left-open: steps\[lint\] .*: done takes id"):
        stream.complete(id="e4")
    step.close(id="e5")
    stream.complete(id="e6")
    sent = wires(package, stream.take_events())
    assert {wire["subject"] for wire in sent} == {"b1"}
    assert [wire["data"].get("name") for wire in sent] == [None, "lint", "lint", "lint", None]
    assert sent[-1]["data"]["state"] == "passed"
    assert sent[0]["sink"] == "here" and sent[2]["piece"] == 7


def test_pieces_are_counted_at_their_place(packages: dict[str, ModuleType]) -> None:
    package = packages["tea_house"]
    stream = package.build.OrderStream(id="o")
    for _ in range(2):
        cup = stream.tea()
        cup.text("good ")
        cup.text("luck")
    stream.complete()
    sent = wires(package, stream.take_events())
    assert [wire["leaf_no"] for wire in sent if wire["type"] == "leaf"] == [0, 1, 0, 1]


def test_a_json_text_is_repeated_as_its_value(packages: dict[str, ModuleType]) -> None:
    package = packages["tea_house"]
    stream = package.build.OrderStream(id="o")
    recipe = stream.recipe()
    for piece in ('{"boil": ', "true}"):
        recipe.steps(piece)
    stream.complete()
    sent = wires(package, stream.take_events())
    assert sent[-1]["order"]["cups"][0]["steps"] == {"boil": True}
    whole = [wire for wire in sent if wire["type"] != "line"]
    found = relayed(package, [{name: value for name, value in wire.items() if name != "no"} for wire in whole])
    assert found[-1]["order"] == sent[-1]["order"]


def test_elements_with_names_from_several_members(packages: dict[str, ModuleType]) -> None:
    package = packages["tea_house"]
    stream = package.build.OrderStream(id="o")
    guest = stream.guest(name="Li")
    guest.wish("More")
    stream.complete()
    sent = wires(package, stream.take_events())
    assert [wire.get("name") for wire in sent if wire["type"].startswith("guest.")] == [None, "Li", "Li"]
    assert sent[-1]["order"]["guests"] == [{"name": "Li", "wish": "More"}]


def test_a_stream_goes_on_where_it_was_among_several_places(packages: dict[str, ModuleType]) -> None:
    package = packages["tea_house"]
    stream = package.build.OrderStream(id="o")
    with stream.tea() as cup:
        cup.text("good luck")
    begun = stream.take_events()
    accumulator = package.stream.Accumulator()
    for event in begun:
        accumulator.feed(event)
    resumed = package.build.OrderStream.resumed(accumulator.state, number=len(begun))
    resumed.recipe().steps("{}")
    resumed.guest(name="Li")
    with pytest.raises(package.build.LifecycleError, match="stream-order"):
        resumed.recipe()
    resumed.complete()
    whole = wires(package, [*begun, *resumed.take_events()])
    assert [cup["type"] for cup in whole[-1]["order"]["cups"]] == ["tea", "recipe"]
    assert relayed(package, whole) == whole
    assert relayed(package, whole[1:]) == whole[1:]
