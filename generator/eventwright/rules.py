"""The catalogue of rules: what each code means, why the rule exists, a spec that breaks it and one that does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import dedent, indent

EXAMPLE_FILE = "example.yaml"

SETTING: Mapping[str, str] = {
    "spec.yaml": dedent("""\
        name: demo
        title: Demo
        doc: A stream that builds up an answer.
        state: Answer
        """),
    "answer.yaml": dedent("""\
        title: Answer
        doc: The answer and the event that starts it.
        types:
          Answer:
            doc: What the stream builds up.
            fields:
              text: {type: string, doc: All pieces so far.}
        events:
          answer.started:
            doc: The model has begun to answer.
            fold: none
            example: {type: answer.started}
        """),
}
"""The rest of the spec that the examples are part of; an example may replace a file of it."""


@dataclass(frozen=True, slots=True)
class Example:
    """Files of a spec.

    Attributes:
        files: Their texts by path. Bytes that are not UTF-8 stand as lone surrogates. What is below `templates/` goes
            before the templates that ship, and what is below `generated/` was put there after the compiler had run.
        alone: Whether they are the whole spec, without the setting.
    """

    files: Mapping[str, str]
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """What `eventwright explain` says about a code."""

    title: str
    why: str
    bad: Example
    good: Example


def rest_of_spec(rule: Rule) -> Mapping[str, str]:
    """Give the files of the setting that the examples cannot do without: folds, and what these are about."""
    examples = [example for example in (rule.bad, rule.good) if not example.alone]
    texts = [text for example in examples for text in example.files.values()]
    if not any("fold:" in text or "Answer" in text for text in texts):
        return {}
    return {path: text for path, text in SETTING.items() if any(path not in example.files for example in examples)}


def _text(source: str) -> str:
    return dedent(source).lstrip("\n")


def _one(source: str) -> Example:
    return Example({EXAMPLE_FILE: _text(source)})


def _event(body: str = "", members: str = "", *, fold: str = "none", tag: str = "answer.noted") -> str:
    """Write an event that is complete but for what the example is about."""
    inner = indent(_text(body), "    ")
    return (
        f"events:\n  {tag}:\n    doc: The model has made a note.\n{inner}    fold: {fold}\n"
        f"    example: {{type: {tag}{members}}}\n"
    )


def _field(written: str, value: str = "hi", name: str = "note", more: str = "") -> Example:
    """Give an event with one field, and declarations that it needs."""
    event = _event(f"fields:\n  {name}: {written}\n", f", {name}: {value}" if value else "")
    return Example({EXAMPLE_FILE: _text(more) + event})


def _events(body: str = "", members: str = "", *, fold: str = "none", tag: str = "answer.noted") -> Example:
    return Example({EXAMPLE_FILE: _event(body, members, fold=fold, tag=tag)})


def _named(name: str) -> Example:
    return Example({"spec.yaml": SETTING["spec.yaml"].replace("name: demo", f"name: {name}")})


def _changed(example: Example, old: str, new: str) -> Example:
    """Give an example with one thing changed in its file."""
    return Example({EXAMPLE_FILE: example.files[EXAMPLE_FILE].replace(old, new)})


_PIECE = "fields:\n  piece: {type: string, doc: What was added.}\n"
_TEXT_EVENT = "{type: string, doc: What the note says.}"

_FINE = _field(_TEXT_EVENT)

_UNION = """
types:
  Square:
    doc: A shape with four equal sides.
    tag: square
  Circle:
    doc: A shape that is round.
    tag: {tag}
unions:
  Shape:
    doc: What can be drawn.
    variants: [{variants}]
"""


def _shapes(tag: str = "circle", variants: str = "Square, Circle", value: str = "{type: square}") -> Example:
    declared = _text(_UNION).replace("{tag}", tag).replace("{variants}", variants)
    return _field("{type: Shape, doc: What was drawn.}", value, "shape", declared)


_LIST_STATE = """
title: Answer
doc: The answer and the event that starts it.
types:
  Answer:
    doc: What the stream builds up.
    fields:
      parts: {type: "list[Part]", doc: The pieces of the answer.}
  TextPart:
    doc: A piece made of words.
    tag: text
    fields:
      text: {type: string, doc: What it says so far.}
  ImagePart:
    doc: A piece made of pixels.
    tag: image
    fields:
      text: {type: integer, doc: How many letters are in the picture.}
unions:
  Part:
    doc: One piece of the answer.
    variants: [TextPart, ImagePart]
events:
  answer.started:
    doc: The model has begun to answer.
    fold: none
    example: {type: answer.started}
"""


def _folded(fold: str) -> Example:
    """Give an event that is folded into a state with a list of a union."""
    fields = """
    fields:
      index: {type: integer, doc: Position of the part.}
      piece: {type: string, doc: What was added.}
    """
    event = _event(fields, ", index: 0, piece: hi", fold=fold)
    return Example({"answer.yaml": _text(_LIST_STATE), EXAMPLE_FILE: event})


def _rivals(tag: str) -> Example:
    """Give an event that is folded into one of two types, of which the other has the given tag."""
    state = _text(_LIST_STATE).replace("tag: image", f"tag: {tag}")
    state = state.replace("[TextPart,", "[{type: TextPart, when: [text]},")
    return Example({**_folded("parts[index as TextPart].text += piece").files, "answer.yaml": state})


def _nested(parts: str, fold: str) -> Example:
    """Give an event that is folded into a state with a list of the given type."""
    fields = """
    fields:
      index: {type: integer, doc: Position of the part.}
      piece: {type: string, doc: What was added.}
    """
    state = SETTING["answer.yaml"].replace("text: {type: string,", f'parts: {{type: "{parts}",')
    return Example({"answer.yaml": state, EXAMPLE_FILE: _event(fields, ", index: 0, piece: hi", fold=fold)})


def _folders(first: str, second: str, folders: str) -> Example:
    """Give two folders of which the second declares what the first uses."""
    spec = f"{SETTING['spec.yaml']}order: [{folders}]\n"
    user = _field("{type: Size, doc: How big it is.}", "small", "size").files[EXAMPLE_FILE]
    enum = _text("""
    enums:
      Size:
        doc: How far it reaches.
        values: {small: Fits into a pocket., big: Does not.}
    """)
    return Example({"spec.yaml": spec, f"{first}/notes.yaml": user, f"{second}/sizes.yaml": enum})


def _circle(second: str) -> Example:
    first = """
    types:
      Pair:
        doc: Two things that belong together.
        fields:
          left: {type: Leaf, doc: The one that comes first.}
    """
    event = _event("fields:\n  pair: {type: Pair, doc: What was joined.}\n", ", pair: {left: {}}")
    other = f"""
    types:
      Leaf:
        doc: Something without parts.
        fields:
          above: {{type: {second}, optional: true, doc: What it hangs from.}}
    """
    return Example({"leaves.yaml": _text(other), "pairs.yaml": _text(first) + event})


def _with_doc(doc: str) -> Example:
    return _field(f"{{type: string, doc: {doc}}}")


def _enum(values: str, value: str = "small") -> Example:
    declared = f"enums:\n  Size:\n    doc: How big something is.\n    values: {values}\n"
    return _field("{type: Size, doc: The size that was chosen.}", value, "size", declared)


_SIZES = "{small: Fits into a pocket., big: Does not.}"

_GROUPS = """
groups:
  Placed:
    doc: Stands at a position.
    {use}fields:
      index: {type: integer, doc: Position of the note.}
"""


def _grouped(use: str, inner: str = "", fields: str = "", members: str = ", index: 0") -> Example:
    groups = _text(_GROUPS).replace("{use}", f"use: [{inner}]\n    " if inner else "")
    return Example({EXAMPLE_FILE: groups + _event(f"use: [{use}]\n{fields}", members)})


_GREETING = "# Read this first\n"


def _template(text: str, name: str = "docs/index.md.jinja") -> Example:
    return Example({f"templates/{name}": text})


RULES: Mapping[str, Rule] = {
    # --- YAML ---
    "E101": Rule(
        "not YAML",
        "A file that is not YAML cannot be read at all, so nothing in it is checked until it is.",
        _one("title: 'Notes\n"),
        _one("title: 'Notes'\n"),
    ),
    "E102": Rule(
        "duplicate key",
        "YAML readers keep the last of two equal keys and drop the first without a word.",
        _one("title: Notes\ntitle: More notes\n"),
        _one("title: Notes\n"),
    ),
    "E103": Rule(
        "alias, anchor, tag or second document",
        "A spec is read by people and editors: fields are shared by groups, which have names and descriptions. Aliases"
        " can also make a small file huge.",
        _one("title: &shared Notes\n"),
        _one("title: Notes\n"),
    ),
    "E104": Rule(
        "key that is not text",
        "YAML reads some words as numbers or booleans, so that the key is not what it looks like.",
        _enum("{1: Fits into a pocket., big: Does not.}", "big"),
        _enum('{"1": Fits into a pocket., big: Does not.}', "big"),
    ),
    "E105": Rule(
        "nested too deep",
        "No spec needs it, and no reader follows it.",
        _one(f"title: {'[' * 70}{']' * 70}\n"),
        _one("title: Notes\n"),
    ),
    "E106": Rule(
        "no spec file",
        "The folder is probably not the one that was meant.",
        Example({"notes.txt": "Nothing here.\n"}, alone=True),
        _FINE,
    ),
    "E107": Rule(
        "file that cannot be read",
        "Spec files are UTF-8, so that they mean the same on every machine.",
        _one("title: Caf\udce9\n"),
        _one("title: Café\n"),
    ),
    "E108": Rule(
        "conflict of a merge",
        "Both sides of a change stand in the file; only a person can say which of them holds.",
        _one("<<<<<<< ours\ntitle: Notes\n=======\ntitle: Remarks\n>>>>>>> theirs\n"),
        _one("title: Notes\n"),
    ),
    # --- Structure ---
    "E201": Rule(
        "unknown key",
        "A key that is not known is a slip of the pen or an idea that has no effect; both should be seen.",
        _field("{type: string, docs: What the note says.}"),
        _FINE,
    ),
    "E202": Rule(
        "missing key",
        "Without it the declaration has no meaning.",
        _field("{doc: What the note says.}"),
        _FINE,
    ),
    "E203": Rule(
        "value of the wrong kind",
        "Each key holds text, a boolean, a list or a mapping, and nothing is guessed.",
        _field('{type: string, optional: "yes", doc: What the note says.}'),
        _field("{type: string, optional: true, doc: What the note says.}"),
    ),
    "E204": Rule(
        "name listed twice",
        "The second one has no effect, or one that nobody wants; probably another name was meant.",
        _grouped("Placed, Placed"),
        _grouped("Placed"),
    ),
    "E205": Rule(
        "type that cannot be read",
        "A type is a name, `list[T]`, `map[T]`, a literal in double quotes, or alternatives with `|`.",
        _field('{type: "list[string", doc: What the note says.}', "[hi]"),
        _field('{type: "list[string]", doc: What the note says.}', "[hi]"),
    ),
    "E206": Rule(
        "empty list or mapping",
        "An enum without values or a union without variants fits nothing.",
        _enum("{}"),
        _enum(_SIZES),
    ),
    # --- Names and references ---
    "E301": Rule(
        "unknown name",
        "Every type, enum, union and group that is mentioned must be declared in some file of the spec.",
        _changed(_enum(_SIZES), "type: Size", "type: Sizes"),
        _enum(_SIZES),
    ),
    "E302": Rule(
        "name declared twice",
        "Types, enums, unions and event classes share one package, so each name can stand for one thing only.",
        _changed(_FINE, "    fields:", "    class: AnswerStartedEvent\n    fields:"),
        _FINE,
    ),
    "E303": Rule(
        "folder missing from the list, or listed and missing",
        "`order` in spec.yaml says in which order folders may use one another; a folder outside it has no place.",
        _folders("notes", "basics", "basics"),
        _folders("notes", "basics", "basics, notes"),
    ),
    "E304": Rule(
        "field there twice",
        "Groups are flattened into what uses them, and a field can have one meaning only.",
        _grouped("Placed", fields="fields:\n  index: {type: integer, doc: Position in the list.}\n"),
        _grouped(
            "Placed",
            fields="fields:\n  row: {type: integer, doc: Position in the list.}\n",
            members=", index: 0, row: 1",
        ),
    ),
    "E305": Rule(
        "use against the order of folders",
        "The order keeps basic things free of what is built on them, and the generated modules free of circles.",
        _folders("basics", "notes", "basics, notes"),
        _folders("notes", "basics", "basics, notes"),
    ),
    "E306": Rule(
        "alternatives of one JSON kind",
        "A decoder tells alternatives apart by kind (text, number, boolean, list, object), never by trial and error.",
        _field("{type: integer | number, doc: How many notes there are.}", "1"),
        _field("{type: integer | string, doc: How many notes there are.}", "1"),
    ),
    "E307": Rule(
        "group that uses itself",
        "Its fields would never be complete.",
        _grouped("Placed", "Placed"),
        _grouped("Placed"),
    ),
    "E308": Rule(
        "files that depend on one another in a circle",
        "Each file becomes a part of the package, and what is read first must not need what comes later.",
        _circle("Pair"),
        _circle("string"),
    ),
    "W309": Rule(
        "unused type, enum or union",
        "What no event reaches is dead weight in every copy of the generated package.",
        Example(
            {EXAMPLE_FILE: "enums:\n  Size:\n    doc: How big something is.\n    values: " + _SIZES + "\n" + _event()}
        ),
        _enum(_SIZES),
    ),
    "W310": Rule(
        "unused group",
        "Nobody sees a group that nothing uses, so it goes out of date.",
        Example({EXAMPLE_FILE: _text(_GROUPS).replace("{use}", "") + _event()}),
        _grouped("Placed"),
    ),
    # --- Tags and unions ---
    "E401": Rule(
        "tag declared twice",
        "The tag decides which class an event becomes, so one tag has one declaration.",
        _events(tag="answer.started"),
        _events(),
    ),
    "E402": Rule(
        "variant without a tag",
        "The variants of a union are told apart by their tags.",
        _changed(_shapes(), "    tag: circle\n", ""),
        _shapes(),
    ),
    "E403": Rule(
        "variant that can never be meant",
        "Of two variants with one tag, the first must say with `when` which fields make it the one.",
        _shapes(tag="square"),
        _shapes(tag="circle"),
    ),
    "E404": Rule(
        "default that is not a variant",
        "`default` says which of the variants an object without a tag is.",
        _changed(_shapes(variants="Square"), "[Square]", "[Square]\n    default: Circle"),
        _changed(_shapes(), "[Square, Circle]", "[Square, Circle]\n    default: Circle"),
    ),
    "E405": Rule(
        "condition on a field that is not there",
        "`when` lists fields of the variant whose presence tells it from others with the same tag.",
        _shapes(variants="{type: Square, when: [side]}, Circle"),
        _shapes(),
    ),
    "E406": Rule(
        "field that repeats the tag",
        "The tag of an object is declared by `tag` of its type or by the key of its event, and the encoder writes it.",
        _field("{type: string, doc: Which kind of note it is.}", "", "type"),
        _field("{type: string, doc: Which kind of note it is.}", "hi", "kind"),
    ),
    "E407": Rule(
        "variant listed twice",
        "The second one can never be chosen.",
        _shapes(variants="Square, Circle, Square"),
        _shapes(),
    ),
    "E408": Rule(
        "tag that may be absent, in a union without a default",
        "An object without a tag would match none of the variants, although one of them allows it.",
        _shapes(tag="circle\n    tag_optional: true"),
        _changed(
            _shapes(tag="circle\n    tag_optional: true"), "[Square, Circle]", "[Square, Circle]\n    default: Circle"
        ),
    ),
    "E409": Rule(
        "spec without events",
        "A stream without events has no package.",
        Example({"spec.yaml": "name: demo\ntitle: Demo\ndoc: A stream of nothing.\n"}, alone=True),
        _FINE,
    ),
    "E410": Rule(
        "tag with white space or invisible characters",
        "A tag is compared byte by byte; what cannot be seen cannot be checked by eye.",
        _shapes(tag='"circle "'),
        _shapes(tag="circle"),
    ),
    "E412": Rule(
        "optional tag on a type without a tag",
        "It has no effect; probably `tag` was forgotten.",
        _field(
            "{type: Point, doc: Where the note is.}",
            "{}",
            "at",
            "types:\n  Point:\n    doc: A place on the page.\n    tag_optional: true\n",
        ),
        _field(
            "{type: Point, doc: Where the note is.}",
            "{}",
            "at",
            "types:\n  Point:\n    doc: A place on the page.\n    tag: point\n    tag_optional: true\n",
        ),
    ),
    # --- Folds and ends ---
    "E501": Rule(
        "fold that is not a statement",
        'A fold is `path = field`, `path += field`, `path = "text"`, or `none`.',
        _events(_PIECE, ", piece: hi", fold="text piece"),
        _events(_PIECE, ", piece: hi", fold="text += piece"),
    ),
    "E502": Rule(
        "fold without a state",
        "A fold changes the object that the stream builds up, which `state` in spec.yaml names.",
        Example(
            {
                "spec.yaml": "name: demo\ntitle: Demo\ndoc: A stream of notes.\n",
                EXAMPLE_FILE: _event(_PIECE, ", piece: hi", fold="text += piece"),
            },
            alone=True,
        ),
        _events(_PIECE, ", piece: hi", fold="text += piece"),
    ),
    "E503": Rule(
        "path that leads nowhere",
        "Every step of a fold is checked, so that the accumulator cannot fail on a well-formed stream.",
        _events(_PIECE, ", piece: hi", fold="txt += piece"),
        _events(_PIECE, ", piece: hi", fold="text += piece"),
    ),
    "E504": Rule(
        "index that is not an integer of the event",
        "`[name]` goes to the element whose position the field `name` of the event gives.",
        _folded("parts[piece as TextPart].text += piece"),
        _folded("parts[index as TextPart].text += piece"),
    ),
    "E505": Rule(
        "element of unknown type",
        "The elements of a list may be of several types; `as` says which one the event is about.",
        _folded("parts[index].text += piece"),
        _folded("parts[index as TextPart].text += piece"),
    ),
    "E506": Rule(
        "element that cannot be of that type",
        "`as` names one of the types that the list may hold.",
        _folded("parts[index as Answer].parts = piece"),
        _folded("parts[index as TextPart].text = piece"),
    ),
    "E507": Rule(
        "source that the event does not have",
        "What a fold puts into the state comes from a field of the event.",
        _events(_PIECE, ", piece: hi", fold="text += pieces"),
        _events(_PIECE, ", piece: hi", fold="text += piece"),
    ),
    "E508": Rule(
        "value that does not fit its place",
        "The state keeps its types: text goes to text, a number to a number.",
        _folded("parts[index as TextPart].text = index"),
        _folded("parts[index as TextPart].text = piece"),
    ),
    "E509": Rule(
        "delta without a fold",
        "A delta exists to be added to something; if it really adds nothing to the state, `fold: none` says so.",
        _changed(_events(_PIECE, ", piece: hi", tag="answer.delta"), "    fold: none\n", ""),
        _events(_PIECE, ", piece: hi", fold="text += piece", tag="answer.delta"),
    ),
    "W510": Rule(
        "event without a fold",
        "In a spec with a state every event says what it does to it, if only `fold: none`.",
        _changed(_events(), "    fold: none\n", ""),
        _events(),
    ),
    "E511": Rule(
        "unknown end",
        "A stream ends as `completed`, `incomplete`, `failed` or `error`; programs rely on these four words.",
        _events("ends: complete\n"),
        _events("ends: completed\n"),
    ),
    "E512": Rule(
        "detail of an end that leads nowhere",
        "`reason` leads to a text of the event and `error` to an object that says what went wrong; programs show both.",
        _events("fields:\n  why: {type: string, doc: What stopped it.}\nends: failed\nreason: whi\n", ", why: hi"),
        _events("fields:\n  why: {type: string, doc: What stopped it.}\nends: failed\nreason: why\n", ", why: hi"),
    ),
    "E513": Rule(
        "detail of an end without an end",
        "`reason` and `error` say more about how a stream ends, so they belong to an event with `ends`.",
        _events("fields:\n  why: {type: string, doc: What stopped it.}\nreason: why\n", ", why: hi"),
        _events("fields:\n  why: {type: string, doc: What stopped it.}\nends: failed\nreason: why\n", ", why: hi"),
    ),
    "E514": Rule(
        "index into a list of lists",
        "Every list that a fold goes into is a field with a name, so that it can be made when missing.",
        _nested("list[list[string]]", "parts[index][index] += piece"),
        _nested("list[string]", "parts[index] += piece"),
    ),
    "W515": Rule(
        "element that may be of another type",
        "Which of two types with one tag an object is depends on its fields; a fold that names one of them changes"
        " nothing in an element that came as the other. Where each type has a statement, one of them fits.",
        _rivals("text"),
        _rivals("image"),
    ),
    # --- Examples ---
    "W601": Rule(
        "event without an example",
        "Examples are shown in the docs and are the first test of every declaration.",
        _changed(_events(), "    example: {type: answer.noted}\n", ""),
        _events(),
    ),
    "E602": Rule(
        "example that does not fit",
        "People copy examples; and either the example is wrong or the declaration is.",
        _field(_TEXT_EVENT, "7"),
        _field(_TEXT_EVENT, '"7"'),
    ),
    "W603": Rule(
        "example with something undeclared",
        "The example shows a field, enum value or tag that the spec does not know; probably one of the two is behind.",
        _events("", ", colour: red"),
        _events("", ""),
    ),
    "E604": Rule(
        "example with another tag",
        "An example is a complete wire object, with the tag of its event.",
        _changed(_events(), "{type: answer.noted}", "{type: answer.started}"),
        _events(),
    ),
    # --- Prose ---
    "W701": Rule(
        "missing description",
        "Descriptions become docstrings, docs and schema; a name alone leaves the reader to guess.",
        _field("{type: string}"),
        _FINE,
    ),
    "W702": Rule(
        "description that repeats the name",
        "It costs a line and says nothing: tell what the field is for, who sets it, when it is missing.",
        _with_doc("The note."),
        _with_doc("What the reader should know."),
    ),
    "W703": Rule(
        "description without a full stop",
        "Descriptions are put together into paragraphs, so each one is a sentence.",
        _with_doc("What the reader should know"),
        _with_doc("What the reader should know."),
    ),
    "W704": Rule(
        "long description",
        "Nobody reads a paragraph in a tooltip; split the declaration, or describe the parts where they are declared.",
        _with_doc(f"{'What the reader should know and then some more. ' * 9}Really."),
        _with_doc("What the reader should know."),
    ),
    "W705": Rule(
        "stray white space in a description",
        "It shows up in diffs and in code blocks.",
        _with_doc('"What the  reader should know."'),
        _with_doc('"What the reader should know."'),
    ),
    "E706": Rule(
        "text with invisible characters",
        "Control and direction characters can make a text look like another one, in the docs and in a review.",
        _with_doc('"What \\u202Ethe reader should know."'),
        _with_doc('"What the reader should know."'),
    ),
    "W707": Rule(
        "unfinished description",
        "A placeholder must not reach the docs.",
        _with_doc("TODO say what this is."),
        _with_doc("What the reader should know."),
    ),
    # --- Names in Python ---
    "E801": Rule(
        "name that cannot be a class",
        "Types, enums and unions keep their names in Python.",
        _changed(_enum(_SIZES), "Size", "note_size"),
        _changed(_enum(_SIZES), "Size", "NoteSize"),
    ),
    "E802": Rule(
        "name that the package has already",
        "Every generated package has some names of its own, and its modules import some from the standard library.",
        _changed(_enum(_SIZES), "Size", "Literal"),
        _enum(_SIZES),
    ),
    "E803": Rule(
        "names that are equal in Python",
        "Different wire names can become one identifier, and then one would hide the other.",
        _events(
            "fields:\n  note-id: {type: string, doc: Names the note for good.}\n"
            "  note_id: {type: string, doc: Names the note for now.}\n",
            ", note-id: a, note_id: b",
        ),
        _events(
            "fields:\n  note-id: {type: string, doc: Names the note for good.}\n"
            "  temporary_id: {type: string, doc: Names the note for now.}\n",
            ", note-id: a, temporary_id: b",
        ),
    ),
    "E804": Rule(
        "file or folder that cannot be a module",
        "Files and folders of the spec become modules of the package.",
        Example({"my-notes.yaml": _event()}),
        Example({"my_notes.yaml": _event()}),
    ),
    "E805": Rule(
        "variant that cannot be a name in Python",
        "Variants are the members of the enum `EventType`.",
        _events("variant: note.made\n"),
        _events("variant: NoteMade\n"),
    ),
    "E806": Rule(
        "spec name that cannot be a package",
        "The generated package has the name of the spec.",
        _named("my-demo"),
        _named("my_demo"),
    ),
    "E807": Rule(
        "empty or invisible text on the wire",
        "Enum values, field names and literals are compared byte by byte; nobody can check what is invisible.",
        _enum('{"": Fits into a pocket., big: Does not.}', "big"),
        _enum(_SIZES),
    ),
    # --- Templates ---
    "E901": Rule(
        "template that cannot be used",
        "A template of one's own must be valid Jinja and may use only what its view object has.",
        _template("{{ page.tilte }}\n"),
        _template("{{ page.title }}\n"),
    ),
    "W903": Rule(
        "template that overrides nothing",
        "A template takes the place of the one that ships under the same name, or is included by one that does. Any"
        " other name is asked for by nobody, so the output would be as if the file were not there.",
        _template(_GREETING, "docs/indx.md.jinja"),
        _template(_GREETING),
    ),
    # --- Output ---
    "E902": Rule(
        "output that is not current",
        "Whoever reads or imports the output relies on it being what the spec says. `eventwright check` finds each file"
        " that is missing, out of date, no longer generated, or edited by hand. `eventwright generate` mends all but"
        " the edits: those belong into the spec, or into a template of one's own, where the next run keeps them.",
        Example({"generated/docs/index.md": _GREETING}),
        _template(_GREETING),
    ),
}
