"""Tests of the lifecycle in the model: what a spec says about places, sequences and events, as it is bound."""

from __future__ import annotations

from pathlib import Path

import pytest

from eventwright.diagnostics.values import Report, Span
from eventwright.model import ir
from eventwright.pipeline import read_spec
from eventwright.syntax.holdexpr import parse_hold
from eventwright.syntax.sequenceexpr import AlternativesExpr, ChainExpr, RepeatExpr, SequenceExpr, parse_sequence

SETTINGS = """
name: demo
state: Answer
places:
  item: output[response_id | response.id is id]
  part: item.content[content_index]
  phase: steps[stepName]
"""

CONTENT = """
enums:
  Status: {ranks: [queued, [done, failed]], values: {queued: Waits., done: Is there., failed: Is not.}}
types:
  Answer: {fields: {output: {type: "list[Message]"}}}
  Message:
    fields:
      id: {type: string, unique: true, fixed: true}
      status: {type: Status}
      content: {type: "list[Words]"}
  Words: {fields: {text: {type: string, varies: true}}}
groups:
  InStream: {fields: {number: {type: integer, counter: true}}}
  OnItem: {at: item, use: [InStream], fields: {response_id: {type: string}}}
  OnPart: {at: part, use: [OnItem], fields: {content_index: {type: integer}, nth: {type: integer, counter: true}}}
sequences:
  Answer: >-
    begun item*
    (ended | phase)
  Message: part+
  Words: '(words.grown | "words, noted")*'
profiles:
  cloud: {doc: One of them., off: {item-left-open: 3 of 4., part-order of Words: 1 of 4.}}
rules:
  part-order: {severity: "off", why: Because.}
events:
  begun: {opens: stream, use: [InStream], fold: none}
  item.begun:
    opens: item
    use: [InStream]
    fields: {response: {type: Message}}
    holds:
      - response.status = "queued" | "done"
      - response.content = []
      - {rule: named, that: "response.content[:-1].text  !=  null"}
    fold: output[response.id is id] = response
  item.ended: {closes: item, use: [OnItem], fold: none}
  part.begun:
    opens: part
    use: [OnPart]
    fields: {part: {type: Words}}
    fold: output[response_id is id].content[content_index] = part
  part.ended: {closes: part, use: [OnPart], fold: none}
  words.grown: {use: [OnPart], fold: none}
  words, noted: {use: [OnPart], fold: none}
  step: {opens: phase, fields: {stepName: {type: string}}, fold: none}
  step.ended: {closes: phase, fields: {stepName: {type: string}}, fold: none}
  ping: {anytime: true, use: [OnPart], fold: none}
  ended: {ends: completed, use: [InStream], fold: none}
"""


@pytest.fixture
def spec(tmp_path: Path) -> ir.Spec:
    (tmp_path / "spec.yaml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "content.yaml").write_text(CONTENT, encoding="utf-8")
    bound, report = read_spec(tmp_path)
    assert bound is not None, [each.message for each in report.diagnostics]
    return bound


def test_places(spec: ir.Spec) -> None:
    item, part, phase = spec.places
    assert (item.outer, item.path, item.keys, item.key) == (
        "",
        ("output",),
        (("response_id",), ("response", "id")),
        ("id",),
    )
    assert (part.outer, part.path, part.keys, part.key) == ("item", ("content",), (("content_index",),), ())
    assert [place.is_position for place in spec.places] == [False, True, False]
    assert [place.in_state for place in spec.places] == [True, True, False]
    assert (phase.path, phase.keys, phase.records) == (("steps",), (("stepName",),), ())
    assert spec.around("part") == ("part", "item")


def test_events(spec: ir.Spec) -> None:
    events = {event.tag: event for event in spec.events}
    assert [event.tag for event in spec.events if not event.place] == ["begun", "ping", "ended"]
    assert (events["part.begun"].opens, events["part.ended"].closes) == ("part", "part")
    assert events["begun"].opens == "stream"
    assert events["words.grown"].place == "part"
    assert spec.happening("part") == ("words.grown", "words, noted")
    assert spec.happening("") == ("item", "phase", "begun", "ended")


def test_counters_of_the_stream_and_of_a_place(spec: ir.Spec) -> None:
    fields = {field.name: field for event in spec.events for field in event.record.fields}
    assert (fields["number"].counter, fields["number"].counts) == (True, False)
    assert (fields["nth"].counter, fields["nth"].counts) == (False, True)


def test_sequences(spec: ir.Spec) -> None:
    found = [(sequence.owner, sequence.place, sequence.text) for sequence in spec.sequences]
    assert found == [
        ("Answer", "", "begun item* (ended | phase)"),
        ("Message", "item", "part+"),
        ("Words", "part", '(words.grown | "words, noted")*'),
    ]
    assert spec.sequences[2].automaton.names == ("words.grown", "words, noted")


def test_statements(spec: ir.Spec) -> None:
    holds = next(event.holds for event in spec.events if event.holds)
    assert [(hold.rule, hold.path, hold.relation, hold.values) for hold in holds] == [
        ("begun-status", ("response", "status"), "=", ("queued", "done")),
        ("begun-content", ("response", "content"), "=", ((),)),
        ("named", ("response", "content", ":-1", "text"), "!=", (None,)),
    ]


def test_what_is_said_of_values_and_rules(spec: ir.Spec) -> None:
    assert spec.enums["Status"].ranks == (("queued",), ("done", "failed"))
    message = spec.records["Message"].field("id")
    assert message is not None and message.fixed and not message.varies
    [profile] = spec.profiles
    assert [(off.rule, off.type, off.reason) for off in profile.off] == [
        ("item-left-open", "", "3 of 4."),
        ("part-order", "Words", "1 of 4."),
    ]
    assert [(note.rule, note.severity, note.why) for note in spec.notes] == [("part-order", "off", "Because.")]


@pytest.mark.parametrize(
    ("tag", "path", "rule"),
    [
        ("response.created", "response.status", "created-status"),
        ("response.incomplete", "response.incomplete_details.reason", "incomplete-details-reason"),
        ("message_delta", "usage", "message-delta-usage"),
        ("response.completed", "response.output[*].status", "completed-output-status"),
        ("RUN_FINISHED", "result.exitCode", "run-finished-exit-code"),
    ],
)
def test_ids_of_statements(tmp_path: Path, tag: str, path: str, rule: str) -> None:
    (tmp_path / "spec.yaml").write_text("name: demo", encoding="utf-8")
    fields = "{response: {type: any}, usage: {type: any}, result: {type: any}}"
    (tmp_path / "content.yaml").write_text(
        f"events: {{{tag}: {{fields: {fields}, holds: '{path} = 1'}}}}", encoding="utf-8"
    )
    bound, report = read_spec(tmp_path)
    assert bound is not None, [each.message for each in report.diagnostics]
    assert [hold.rule for event in bound.events for hold in event.holds] == [rule]


def sequence(text: str) -> SequenceExpr:
    report = Report()
    found = parse_sequence(text, Span("spec.yaml"), report)
    assert found is not None and not report.diagnostics
    return found


def shown(expression: SequenceExpr) -> str:
    """Write an expression with all of its brackets."""
    match expression:
        case ChainExpr(parts):
            return f"({' '.join(map(shown, parts))})"
        case AlternativesExpr(options):
            return f"({' | '.join(map(shown, options))})"
        case RepeatExpr(inner, sign):
            return f"{shown(inner)}{sign}"
        case _:
            return expression.name


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("a", "a"),
        ("a b|c d", "((a b) | (c d))"),
        ("a|b*", "(a | b*)"),
        ("(a|b)+c?", "((a | b)+ c?)"),
        ('"a b" "|"', "(a b |)"),
        ("x/y a:b $ref", "(x/y a:b $ref)"),
        ("((a))*", "a*"),
    ],
)
def test_sequences_are_read(text: str, meaning: str) -> None:
    assert shown(sequence(text)) == meaning


@pytest.mark.parametrize(
    ("text", "relation", "sides"),
    [
        ('a.b = "x | y" | "z"', "=", ["x | y", "z"]),
        ("a != -1.5e3|true|[]", "!=", [-1500.0, True, ()]),
        ("a >= b.c", ">=", [("b", "c")]),
        ("a = b + c.d + e", "=", [("b",), ("c", "d"), ("e",)]),
        ("a[*].b is json", "is json", []),
        ("is.is = null", "=", [None]),
    ],
)
def test_statements_are_read(text: str, relation: str, sides: list[object]) -> None:
    report = Report()
    found = parse_hold(text, Span("spec.yaml"), report)
    assert found is not None and not report.diagnostics, [each.message for each in report.diagnostics]
    assert found.relation == relation
    assert [each.value for each in found.values] + [each.names for each in found.paths] == sides


def test_a_sequence_of_many_events_is_quick() -> None:
    names = " | ".join(f"event.{number}" for number in range(400))
    report = Report()
    found = parse_sequence(f"({names})*", Span("spec.yaml"), report)
    assert found is not None


def test_deep_brackets_are_refused_not_followed() -> None:
    report = Report()
    assert parse_sequence("(" * 5000 + "a" + ")" * 5000, Span("spec.yaml"), report) is None
    assert [each.rule.code for each in report.diagnostics] == ["E531"]
