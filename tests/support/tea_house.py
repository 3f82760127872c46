"""A small spec of a stream with every word of the lifecycle, and a stream of it that is valid."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Final, TypeAlias

Wire: TypeAlias = "dict[str, Any]"

SETTINGS: Final[Wire] = {
    "name": "tea_house",
    "tag": "type",
    "state": "Order",
    "places": {"cup": "cups[cup_index]", "guest": "guests[name | guest.name is name]"},
}

SPEC: Final = """
enums:
  CupState:
    doc: How far a cup is.
    open: true
    ranks: [brewing, [ready, incomplete]]
    values: {brewing: It takes its time., ready: It can be drunk., incomplete: There was no more water.}

groups:
  Numbered:
    doc: Numbered.
    fields:
      no: {type: integer, counter: true, optional: true, doc: Number of the event.}
  OnCup:
    doc: About a cup.
    use: [Numbered]
    at: cup
    fields:
      cup_index: {type: integer, doc: Position of the cup.}
      cup_id: {type: string, optional: true, same: cup.id, doc: Id of the cup.}

unions:
  Cup:
    doc: What is on the table.
    variants: [Tea, Recipe]

types:
  Order:
    doc: What a table has ordered.
    fields:
      id: {type: string, fixed: true, doc: Which order.}
      cups: {type: "list[Cup]", doc: The cups.}
      guests: {type: "list[Guest]", optional: true, doc: Who sits there.}
      bill: {type: Bill, optional: true, nullable: true, doc: What it costs.}
  Bill:
    doc: What it costs.
    fields:
      tea: {type: integer, doc: For the tea.}
      tip: {type: integer, doc: For the house.}
      sum: {type: integer, doc: For both.}
  Guest:
    doc: A guest.
    fields:
      name: {type: string, unique: true, doc: What the guest is called.}
      wish: {type: string, optional: true, doc: What the guest has said.}
  Tea:
    doc: A cup of tea.
    tag: tea
    fields:
      id: {type: string, fixed: true, unique: true, doc: Which cup.}
      state: {type: CupState, optional: true, doc: How far it is.}
      text: {type: string, optional: true, doc: What the leaves say.}
      notes: {type: "list[string]", optional: true, doc: What was noted.}
      steam: {type: integer, optional: true, varies: true, doc: How hot it is.}
  Recipe:
    doc: How to make it.
    tag: recipe
    fields:
      id: {type: string, fixed: true, unique: true, doc: Which recipe.}
      steps: {type: object, optional: true, doc: What to do.}

sequences:
  Order: opened cup* guest* (done | cut | failed)
  Tea: water leaf* read? (note | stir)*
  cup: line*

events:
  opened:
    doc: A table has ordered.
    use: [Numbered]
    opens: stream
    holds: order.cups = []
    fields: {order: {type: Order, doc: The order.}}
    fold: state = order
    example: {type: opened, order: {id: o, cups: []}}
  cup.added:
    doc: A cup comes.
    use: [Numbered]
    opens: cup
    fields:
      cup_index: {type: integer, doc: Position of the cup.}
      cup: {type: Cup, doc: The cup.}
    fold: cups[cup_index] = cup
    example: {type: cup.added, cup_index: 0, cup: {type: tea, id: a}}
  water:
    doc: Water is poured.
    use: [OnCup]
    fold: cups[cup_index as Tea].state = "brewing"
    example: {type: water, cup_index: 0}
  leaf:
    doc: The leaves say more.
    use: [OnCup]
    fields:
      say: {type: string, doc: What they say.}
      leaf_no: {type: integer, optional: true, counter: true, doc: Which leaf.}
    fold: cups[cup_index as Tea].text += say
    example: {type: leaf, cup_index: 0, say: x, leaf_no: 0}
  read:
    doc: The leaves have said it.
    use: [OnCup]
    fields: {text: {type: string, doc: All of it.}}
    fold: cups[cup_index as Tea].text = text
    example: {type: read, cup_index: 0, text: x}
  note:
    doc: Something is noted.
    use: [OnCup]
    fields:
      note_index: {type: integer, doc: Position of the note.}
      note: {type: string, doc: What was noted.}
    fold: cups[cup_index as Tea].notes[note_index] = note
    example: {type: note, cup_index: 0, note_index: 0, note: hot}
  stir:
    doc: Somebody stirs.
    use: [OnCup]
    fold: none
    example: {type: stir, cup_index: 0}
  line:
    doc: Another line of the recipe.
    use: [OnCup]
    fields: {json: {type: string, doc: A piece of JSON.}}
    fold: cups[cup_index as Recipe].steps += json
    example: {type: line, cup_index: 0, json: "{}"}
  cup.done:
    doc: The cup is done.
    use: [Numbered]
    closes: cup
    fields:
      cup_index: {type: integer, doc: Position of the cup.}
      cup: {type: Cup, doc: The cup.}
    fold: cups[cup_index] = cup
    example: {type: cup.done, cup_index: 0, cup: {type: tea, id: a, state: ready}}
  guest.comes:
    doc: A guest sits down.
    use: [Numbered]
    opens: guest
    fields: {guest: {type: Guest, doc: Who.}}
    fold: guests[guest.name is name] = guest
    example: {type: guest.comes, guest: {name: Li}}
  guest.says:
    doc: A guest says something.
    use: [Numbered]
    at: guest
    fields:
      name: {type: string, doc: Who.}
      say: {type: string, doc: What.}
    fold: guests[name is name].wish += say
    example: {type: guest.says, name: Li, say: More}
  guest.goes:
    doc: A guest gets up.
    use: [Numbered]
    closes: guest
    fields: {name: {type: string, doc: Who.}}
    fold: none
    example: {type: guest.goes, name: Li}
  done:
    doc: All have what they want.
    use: [Numbered]
    ends: completed
    holds:
      - order.bill.sum = order.bill.tea + order.bill.tip
      - order.id != ""
    fields: {order: {type: Order, doc: The order.}}
    fold: state = order
    example: {type: done, order: {id: o, cups: []}}
  cut:
    doc: The house closes.
    use: [Numbered]
    ends: incomplete
    fields: {order: {type: Order, doc: The order.}}
    fold: state = order
    example: {type: cut, order: {id: o, cups: []}}
  broken:
    doc: Something is broken.
    use: [Numbered]
    ends: error
    anytime: true
    fold: none
    example: {type: broken}
  failed:
    doc: Nothing comes any more.
    use: [Numbered]
    ends: failed
    fold: none
    example: {type: failed}
  chimes:
    doc: The bell over the door.
    anytime: true
    fold: none
    example: {type: chimes}

profiles:
  hasty:
    doc: A house where nobody waits.
    off:
      cup-overlap: Seen every day.
      cup-changed of Recipe: They write it anew.

rules:
  text-empty: {severity: warning}
"""

TEA: Final[Wire] = {"type": "tea", "id": "a", "state": "brewing", "text": "", "notes": []}
TEA_DONE: Final[Wire] = {**TEA, "state": "ready", "text": "good luck", "notes": ["hot"], "steam": 9}
RECIPE: Final[Wire] = {"type": "recipe", "id": "b", "steps": {}}
RECIPE_DONE: Final[Wire] = {**RECIPE, "steps": {"boil": True}}
LI: Final[Wire] = {"name": "Li", "wish": ""}


def valid() -> list[Wire]:
    """Give a valid stream, without numbers."""
    cup = {"cup_index": 0, "cup_id": "a"}
    return deepcopy(
        [
            {"type": "opened", "order": {"id": "o", "cups": [], "guests": []}},
            {"type": "cup.added", "cup_index": 0, "cup": TEA},
            {"type": "water", **cup},
            {"type": "leaf", **cup, "say": "good ", "leaf_no": 0},
            {"type": "leaf", **cup, "say": "luck", "leaf_no": 1},
            {"type": "read", **cup, "text": "good luck"},
            {"type": "note", **cup, "note_index": 0, "note": "hot"},
            {"type": "cup.done", "cup_index": 0, "cup": TEA_DONE},
            {"type": "cup.added", "cup_index": 1, "cup": RECIPE},
            {"type": "line", "cup_index": 1, "json": '{"boil": '},
            {"type": "line", "cup_index": 1, "json": "true}"},
            {"type": "cup.done", "cup_index": 1, "cup": RECIPE_DONE},
            {"type": "guest.comes", "guest": LI},
            {"type": "guest.says", "name": "Li", "say": "More"},
            {"type": "guest.goes", "name": "Li"},
            {
                "type": "done",
                "order": {
                    "id": "o",
                    "cups": [{**TEA_DONE, "steam": 3}, RECIPE_DONE],
                    "guests": [{"name": "Li", "wish": "More"}],
                    "bill": {"tea": 5, "tip": 1, "sum": 6},
                },
            },
        ]
    )
