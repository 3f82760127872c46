"""The reference of the language: what it shows of a spec compiles, together with what it leaves out."""

from __future__ import annotations

import html
import re
import textwrap
from pathlib import Path
from typing import Any

import pytest

from eventwright.diagnostics.values import Report
from eventwright.syntax.loader import load, to_python
from support import GENERATED
from support.compiling import compiled

PAGE = (GENERATED / "docs" / "spec-language.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^##+ ([^\n]+)\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL))
BLOCKS: list[tuple[str, str]] = [
    (title, textwrap.dedent(block))
    for title, text in SECTIONS.items()
    for block in re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
]

TICKETS = """
settings: {state: Ticket}
enums:
  TicketState: {open: true, values: {waiting: Nobody has come., lost: Nobody will.}}
types:
  Person: {fields: {name: {type: string}}}
  Usage: {fields: {words: {type: integer, optional: true}, read: {type: integer}, written: {type: integer}}}
  Link: {fields: {id: {type: string}}}
  Line: {fields: {text: {type: string}}}
  Comment:
    tag: comment
    fields:
      id: {type: string, unique: true}
      text: {type: string}
      status: {type: string}
      author: {type: Person, optional: true, nullable: true}
      links: {type: "list[Link]"}
      lines: {type: "list[Line]"}
  Handover: {tag: handover, fields: {id: {type: string}, from: {type: string}, to: {type: string}}}
  Assignment: {tag: assignment, fields: {id: {type: string}}}
  Call: {tag: call, fields: {id: {type: string}, input: {type: object}}}
  Terminal: {tag: terminal, fields: {id: {type: string}, output: {type: string}}}
  Ticket:
    fields:
      state: {type: TicketState}
      closed: {type: boolean}
      answer: {type: string, optional: true}
      assignee: {type: string, nullable: true}
      usage: {type: Usage}
      entries: {type: "list[Entry]"}
unions:
  Entry: {tag: kind, variants: [Comment, Handover, Assignment, Call, Terminal]}
groups:
  OnComment: {fields: {sequence_number: {type: integer}, comment_index: {type: integer}}}
events:
  ticket.opened: {fields: {ticket: {type: Ticket}}, fold: state = ticket}
"""

CHOICES = """
settings: {state: Answer}
types:
  Answer:
    fields:
      usage: {type: integer}
      choices: {type: "list[Choice]"}
      artifacts: {type: "list[Artifact]"}
  Artifact: {fields: {id: {type: string}, parts: {type: "list[string]"}}}
  Choice: {fields: {index: {type: integer}, message: {type: Message}}}
  Message: {fields: {content: {type: string}, tool_calls: {type: "list[Call]"}}}
  Call: {fields: {arguments: {type: string}}}
  Progress: {fields: {index: {type: integer}, delta: {type: Delta}}}
  Delta: {fields: {content: {type: string}, tool_calls: {type: "list[Piece]"}}}
  Piece: {fields: {index: {type: integer}, arguments: {type: string}}}
  Result: {fields: {id: {type: string}, append: {type: boolean}, parts: {type: "list[string]"}}}
events:
  chunk: {fields: {usage: {type: integer}, choices: {type: "list[Progress]"}, result: {type: Result}}}
"""

PLACES = "{state: Ticket, places: {comment: 'entries[comment_index as Comment]'}}"

TYPING = """
  typing.begun: {opens: typing, fields: {person_id: {type: string}, comment_index: {type: integer}}}
"""

LIFECYCLE = TICKETS.replace("{state: Ticket}", PLACES) + """
  ticket.comment.added:
    {opens: comment, use: [OnComment], fields: {entry: {type: Entry}}, fold: "entries[comment_index] = entry"}
  ticket.comment.delta: {at: comment, use: [OnComment], fold: none}
  ticket.comment.checked: {at: comment, use: [OnComment]}
  ticket.comment.done: {closes: comment, use: [OnComment]}
  ticket.solved: {ends: completed}
  ticket.lost: {ends: failed}
"""

# What surrounds the blocks of a section: where each stands in the spec, and all that the page leaves out.
AROUND: dict[str, list[tuple[str, str]]] = {
    "`spec.yaml`": [("settings", TICKETS)],
    "Events without a tag": [
        (
            "settings",
            "events:\n"
            "  answer: {tag: none, fields: {result: {type: any}}}\n"
            "  failure: {tag: none, fields: {error: {type: any}}}",
        ),
        ("", "settings: {default: answer}"),
    ],
    "Types": [("", TICKETS)],
    "Groups": [("", "events: {a: {use: [OnComment]}}")],
    "Enums": [("", TICKETS)],
    "Unions": [("", TICKETS)],
    "Tags of unions": [("", "types: {ToolBlock: {tag: tool}}\nevents: {a: {fields: {b: {type: Block}}}}")],
    "What tells variants apart": [
        (
            "",
            "types:\n"
            "  ThoughtPart: {fields: {text: {type: string}, thought: {type: boolean}}}\n"
            "  TextPart: {fields: {text: {type: string}}}\n"
            "  WebPart: {fields: {origin: {type: Origin}}}\n"
            "  Origin: {fields: {kind: {type: string}}}\n"
            "events: {a: {fields: {part: {type: Part}}}}",
        )
    ],
    "Objects without a tag": [("unions.Entry", TICKETS)],
    "Objects of an unknown kind": [
        ("", "types: {Pod: {tag: Pod}, Service: {tag: Service}}\nevents: {a: {fields: {of: {type: Resource}}}}")
    ],
    "Events": [("", TICKETS)],
    "Ends under a condition": [("events", TICKETS + "  ticket.updated: {fields: {ticket: {type: Ticket}}}")],
    "Lists of the event, and conditions": [("events.chunk", CHOICES)],
    "Places": [
        ("settings", TICKETS + "  a: {use: [OnComment], fields: {line_index: {type: integer}}}"),
        ("", TICKETS.replace("{state: Ticket}", PLACES) + "  a: {use: [OnComment]}"),
    ],
    "What opens and closes": [("settings", TICKETS + TYPING), ("", TICKETS.replace("{state: Ticket}", PLACES))],
    "Sequences": [("", LIFECYCLE)],
    "What events hold": [("events", TICKETS)],
    "What comes again": [("", TICKETS)],
    "Rules and profiles": [("", LIFECYCLE)],
    "Readings": [("settings", TICKETS)],
    "State by key": [
        (
            "settings",
            "settings: {state: Thing}\n"
            "types:\n"
            "  Thing: {fields: {metadata: {type: Metadata}}}\n"
            "  Metadata: {fields: {uid: {type: string, optional: true}, name: {type: string}}}\n"
            "events: {added: {fields: {object: {type: Thing}}, fold: state = object}}",
        )
    ],
    "Allowing a warning": [("", TICKETS)],
    "Saying how reality differs": [("types.Comment.fields", TICKETS)],
    "What names become in Python": [("types.Usage", TICKETS)],
}
# Sections whose blocks show several lines of which a spec has one, or a spec of several folders.
APART = {"Where the tag is", "Conditions", "Several specs"}


def read(text: str) -> Any:
    report = Report()
    node = load(text, "page.yaml", report)
    assert node is not None
    assert not report.has_errors, [str(each) for each in report.diagnostics]
    return to_python(node)


def merged(below: dict[Any, Any], above: dict[Any, Any]) -> dict[Any, Any]:
    return below | {
        key: merged(below[key], value) if isinstance(value, dict) and isinstance(below.get(key), dict) else value
        for key, value in above.items()
    }


def errors(content: dict[str, Any], folder: Path) -> list[str]:
    settings = content.pop("settings", {})
    settings.pop("order", None)
    content.setdefault("events", {"a": {}})
    result = compiled(content, folder, settings.pop("name", "shown"), **settings)
    return [f"{each.rule.code} {each.message}" for each in result.report.diagnostics if each.rule.code.startswith("E")]


def test_every_block_is_checked() -> None:
    for title in {title for title, _ in BLOCKS} - APART:
        assert len([each for each, _ in BLOCKS if each == title]) == len(AROUND[title]), title
    assert AROUND.keys() | APART == {title for title, _ in BLOCKS}


@pytest.mark.parametrize(
    ("title", "number"), [(title, number) for title, places in AROUND.items() for number in range(len(places))]
)
def test_what_is_shown_compiles(tmp_path: Path, title: str, number: int) -> None:
    place, around = AROUND[title][number]
    shown = read([block for each, block in BLOCKS if each == title][number])
    for name in reversed(place.split(".") if place else []):
        shown = {name: shown}
    assert errors(merged(read(around), shown), tmp_path) == []


EVENTS_OF_TAGS = {
    "type": "a: {}",
    "result.kind": """a: {fields: {result: {type: Result}}}""",
    "t | op": """a: {fields: {t: {type: '"a"'}}}""",
    "[<X-GitHub-Event>, action]": """a.b: {fields: {action: {type: '"b"'}}}""",
    "<event>": "a: {}",
    '"{member}"': "a: {}",
    "none": "a: {tag: none}",
}


def test_each_place_of_the_tag_compiles(tmp_path: Path) -> None:
    [block] = [block for title, block in BLOCKS if title == "Where the tag is"]
    lines = [line.partition("  ")[0] for line in block.splitlines()]
    assert lines == [f"tag: {tag}" for tag in EVENTS_OF_TAGS]
    for line, events in zip(lines, EVENTS_OF_TAGS.values(), strict=True):
        settings = read(line) | ({"default": "a"} if line == "tag: none" else {})
        types = {"Result": {"fields": {"kind": {"type": '"a"'}}}}
        assert errors({"settings": settings, "types": types, "events": read(events)}, tmp_path) == [], line


def test_each_condition_compiles(tmp_path: Path) -> None:
    [block] = [block for title, block in BLOCKS if title == "Conditions"]
    types = read(
        "Part:\n"
        "  fields:\n"
        "    {text: {type: string}, role: {type: string}, thought: {type: boolean}, result: {type: Result},\n"
        "     choices: {type: 'list[Choice]'}}\n"
        "Choice: {fields: {finish_reason: {type: string}}}\n"
        "Rest: {}\n"
        "Result: {fields: {append: {type: boolean}}}\n"
    )
    for line in [*block.splitlines(), "when: [result.append]", "when: {role: '\"any\"'}"]:
        union = {"tag": "none", "variants": [{"type": "Part", **read(line)}, "Rest"]}
        events = {"a": {"fields": {"part": {"type": "Either"}}}}
        assert errors({"types": types, "unions": {"Either": union}, "events": events}, tmp_path) == [], line


def test_a_folder_is_included(tmp_path: Path) -> None:
    [block] = [block for title, block in BLOCKS if title == "Several specs"]
    (tmp_path / "common").mkdir()
    (tmp_path / "server").mkdir()
    (tmp_path / "common" / "people.yaml").write_text("types: {Person: {}}", encoding="utf-8")
    content = {"settings": read(block), "events": {"a": {"fields": {"by": {"type": "Person"}}}}}
    assert errors(content, tmp_path / "server") == []


def first_column(title: str, head: str) -> list[str]:
    """Give what stands as code in the first column of a table."""
    table = SECTIONS[title].partition(f"| {head} |")[2].partition("\n\n")[0].splitlines()[2:]
    found = [
        html.unescape(plain or marked)
        for row in table
        for plain, marked in re.findall(r"`([^`]+)`|<code>(.+?)</code>", row.partition(" | ")[0])
    ]
    assert len(found) > 10
    return found


def test_each_type_expression_compiles(tmp_path: Path) -> None:
    content = read(TICKETS)
    expressions = [*first_column("Type expressions", "Expression"), "list[Comment?]"]
    types = {f"x{at}": {"type": read(text) if text in "5 true false" else text} for at, text in enumerate(expressions)}
    content["events"]["typed"] = {"fields": types}
    assert errors(content, tmp_path) == []


def test_each_statement_compiles(tmp_path: Path) -> None:
    content = read(TICKETS)
    fields = read(
        "{ticket: Ticket, entry: Entry, entry_index: integer, entry_id: string, delta: string, link: Link,"
        " usage: Usage, change: Ticket, author: Person}"
    )
    content["types"]["Output"] = {"fields": {"stdout": {"type": "string"}}}
    for at, statement in enumerate(first_column("What statements do", "Statement")):
        own = fields | ({"delta": "Output"} if "delta.stdout" in statement else {})
        content["events"][f"e{at}"] = {"fields": {name: {"type": of} for name, of in own.items()}, "fold": statement}
    assert errors(content, tmp_path) == []
