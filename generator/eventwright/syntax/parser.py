"""From nodes to declarations: knows which keys there are and what stands under them, looks nothing up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePosixPath
from typing import TypeVar

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.suggest import closest
from ..diagnostics.values import Report, Span
from ..model.names import camel
from .declarations import (
    AllowDecl,
    ChoiceDecl,
    EachDecl,
    EndDecl,
    EnumDecl,
    EventDecl,
    FieldDecl,
    FileDecl,
    GroupDecl,
    PathDecl,
    PlaceDecl,
    Prose,
    ReadingDecl,
    SpecDecl,
    StatementDecl,
    TagDecl,
    TestDecl,
    Text,
    TypeDecl,
    UnionDecl,
    ValueDecl,
    WhenDecl,
    in_order,
)
from .foldexpr import NOT_A_FOLD, NOT_A_PATH, parse_fold, parse_source, parse_steps
from .foreign import written_right
from .loader import Entry, Mapping, Node, Scalar, Sequence
from .misplaced import UNKNOWN_KEY, put_right
from .paths import parse_path, parse_way
from .tagexpr import NO_TAG_PLACE, NONE, TagExpr, parse_part, plain_tag
from .torn import report_torn, torn_texts
from .typeexpr import parse_type, part_of

MISSING_KEY = Rule(
    "E202",
    Severity.ERROR,
    "missing key",
    "Without it the declaration has no meaning.",
)
WRONG_KIND = Rule(
    "E203",
    Severity.ERROR,
    "value of the wrong kind",
    "Each key holds text, a boolean, a list or a mapping, and nothing is guessed.",
)
LISTED_TWICE = Rule(
    "E204",
    Severity.ERROR,
    "name listed twice",
    "The second one has no effect, or one that nobody wants; probably another name was meant.",
)
EMPTY_COLLECTION = Rule(
    "E206",
    Severity.ERROR,
    "empty list or mapping",
    "An enum without values or a union without variants fits nothing.",
)
NO_EXAMPLE = Rule(
    "W601",
    Severity.WARNING,
    "event without an example",
    "Examples are shown in the docs and are the first test of every declaration.",
)

T = TypeVar("T")

_NAME = re.compile(r"\b[A-Z]\w*")

SECTIONS = ("groups", "enums", "types", "unions", "events")
SPEC_KEYS = (
    "name",
    "title",
    "doc",
    "version",
    "union",
    "tag",
    "default",
    "state",
    "key",
    "done",
    "places",
    "readings",
    "include",
    "order",
    "allow",
)
FILE_KEYS = ("title", "doc", "allow", *SECTIONS)
GROUP_KEYS = ("doc", "use", "fields", "allow")
FIELD_KEYS = (
    "type",
    "attribute",
    "optional",
    "nullable",
    "deprecated",
    "counter",
    "unique",
    "same",
    "deviates",
    "doc",
)
END_KEYS = ("ends", "when")
READING_KEYS = ("join", "all", "doc")
TYPE_KEYS = ("doc", "deviates", "deprecated", "tag", "tag_optional", "use", "fields", "allow")
ENUM_KEYS = ("doc", "deviates", "open", "values", "allow")
VALUE_KEYS = ("doc", "deprecated")
UNION_KEYS = ("doc", "deviates", "tag", "variants", "default", "unknown", "allow")
CHOICE_KEYS = ("type", "when")
DEFAULT_KEYS = ("event", "when")
EVENT_KEYS = (
    "variant",
    "class",
    "doc",
    "deviates",
    "deprecated",
    "tag",
    "aliases",
    "use",
    "fields",
    "fold",
    "ends",
    "reason",
    "status",
    "error",
    "example",
    "allow",
)

STATEMENT_KEYS = ("each", "when", "do")

KEYS = {
    "spec": SPEC_KEYS,
    "file": FILE_KEYS,
    "group": GROUP_KEYS,
    "field": FIELD_KEYS,
    "reading": READING_KEYS,
    "end": END_KEYS,
    "type": TYPE_KEYS,
    "enum": ENUM_KEYS,
    "union": UNION_KEYS,
    "variant": CHOICE_KEYS,
    "default": DEFAULT_KEYS,
    "event": EVENT_KEYS,
    "statement": STATEMENT_KEYS,
}

_HABITS = {
    "description": "doc",
    "desc": "doc",
    "summary": "doc",
    "comment": "doc",
    "properties": "fields",
    "members": "fields",
    "attributes": "fields",
    "discriminator": "tag",
    "oneOf": "variants",
    "anyOf": "variants",
    "extends": "use",
    "inherits": "use",
    "allOf": "use",
    "$ref": "type",
}
"""What people write who know other languages for schemas."""

_NO_KEYS_OF_FIELDS = {
    "format": "remove it: formats are not checked, and 'doc' can say how the text is written",
    "default": "remove it: what is absent reads as None, and 'doc' can say what that means",
    "enum": "declare the values under 'enums', and write the name of that as the type",
    "const": "write the value as the type: a text as '\"text\"', a number as it is",
    "items": "write 'type: list[T]' with what it holds",
    "additionalProperties": "write 'type: map[T]' with what it holds",
    "example": "remove it: the event has an 'example' as a whole",
    **dict.fromkeys(
        "minimum maximum min max minLength maxLength minItems maxItems pattern multipleOf uniqueItems".split(),
        "remove it: ranges are not checked, and 'doc' can say them",
    ),
}
"""What other languages for schemas have beside a type, and what a spec does about it."""

_FLAGS = {
    **dict.fromkeys(["true", "yes", "y", "on", "1"], "true"),
    **dict.fromkeys(["false", "no", "n", "off", "0", "none"], "false"),
}
"""Words that people write for a boolean, and what YAML calls it."""

_ANY = "any"
"""What the value in a condition may be if it only has to be there."""

_SLIP = 2
"""Letters that a key has more or less by a slip; beyond that, it is the key of another declaration."""

_STRANGERS = 2
"""Unknown keys that a file may have by slips; beyond that, and without any declarations, it is something else."""


def parse_spec(
    root: Node | None,
    file: str,
    folder_name: str,
    files: Iterable[FileDecl],
    report: Report,
    *,
    readable: bool = True,
) -> SpecDecl:
    """Read `spec.yaml`; every key that it lacks, and the file itself, may be absent.

    Args:
        root: The file's node, None when there is no such file.
        file: Its path for the spans.
        folder_name: Name of the spec's folder, from which the defaults follow.
        files: The parsed content files.
        readable: Whether the file is YAML; if not, nothing is concluded from what it does not say.
    """
    body = _Body(root if isinstance(root, Mapping) else Mapping((), Span(file)), report)
    if root is not None and not isinstance(root, Mapping):
        report.add(WRONG_KIND, root.span, "the spec file is not a mapping", f"write keys: {', '.join(SPEC_KEYS)}")
        readable = False
    body.check_keys("spec", SPEC_KEYS)
    order = body.texts("order")
    name = body.text("name") or Text(folder_name, Span(file))
    stem = camel(name.value)
    return SpecDecl(
        file=file,
        name=name,
        title=body.text("title") or Text(stem, name.span),
        doc=body.doc(name.span) if readable else None,
        union=body.text("union") or Text(f"{stem.removesuffix('Events').removesuffix('Event')}Event", name.span),
        tag=body.tag() or plain_tag("type", name.span),
        state=body.text("state"),
        order=order,
        files=tuple(in_order(files, order)),
        readable=readable,
        version=body.text("version"),
        allow=_allowances(body, None),
        default=tuple(filter(None, _choices(body, "default", "event"))),
        done=_done(body),
        places=_places(body),
        key=_key(body),
        readings=body.declarations("readings", _reading),
    )


def includes(root: Node | None, report: Report) -> tuple[Text, ...]:
    """Give the folders that `spec.yaml` includes."""
    return _Body(root, report).texts("include", single=True) if isinstance(root, Mapping) else ()


def _reading(name: Text, body: _Body) -> ReadingDecl:
    body.check_keys("reading", READING_KEYS)
    join, every = body.get("join"), body.get("all")
    if join is not None and every is not None:
        body.report.add(
            LISTED_TWICE, every.span, f"reading '{name.value}' has 'join' and 'all'", "remove one of the two"
        )
    elif join is None and every is None:
        hint = "add 'join:' with the path to texts, or 'all:' with the path to what is to be listed"
        body.report.add(MISSING_KEY, name.span, f"reading '{name.value}' has no 'join' and no 'all'", hint)
    path = body.text("all" if join is None else "join")
    steps = parse_steps(path.value, path.span, body.report, NOT_A_PATH) if path else None
    return ReadingDecl(name, body.doc(name.span), join is not None, steps, path.span if path else name.span)


def _done(body: _Body) -> tuple[Text, ...]:
    """Read the texts that say that a stream is done."""
    node = body.get("done")
    body.not_empty("done", "spec", "what the last frame says")
    texts = body.texts("done", single=True)
    if isinstance(node, Sequence) and len(node.items) == len(texts) == 1 and "[" not in texts[0].value:
        # To YAML, `[DONE]` is a list.
        said = texts[0].value
        hint = f"write \"[{said}]\", in quotes, if the frame has the brackets, and '{said}' if not"
        body.report.add(WRONG_KIND, node.span, f"'done' is a list of '{said}' alone", hint)
    return texts


def _places(body: _Body) -> tuple[PlaceDecl, ...]:
    node = body.get("places")
    if node is None:
        return ()
    if not isinstance(node, Mapping):
        body.wrong(node, "places", "a mapping of the name of each place to the path that leads there")
        return ()
    body.not_empty("places", "spec", "the name of each place with the path that leads there")
    found: list[PlaceDecl] = []
    for entry in node.entries:
        value = entry.value
        if isinstance(value, Scalar) and isinstance(value.value, str):
            steps = parse_steps(value.value, value.span, body.report, NOT_A_PATH)
        else:
            body.wrong(value, entry.key, 'a path in quotes, such as "items[index]"')
            steps = None
        found.append(PlaceDecl(Text(entry.key, entry.key_span), steps))
    return tuple(found)


def _key(body: _Body) -> tuple[PathDecl, ...]:
    """Read the paths to the key of an event; none of them if one cannot be read, so that nothing follows from that."""
    written = body.text("key")
    if written is None:
        return ()
    found: list[PathDecl] = []
    at = 0
    readable = True
    for piece in written.value.split("|"):
        text = piece.strip()
        begin = at + len(piece) - len(piece.lstrip())
        span = part_of(written.span, written.value, begin, begin + len(text))
        at += len(piece) + 1
        names = parse_path(text)
        if names is None:
            readable = False
            hint = "write a path of members such as object.id, or several with | between them"
            body.report.add(WRONG_KIND, span, f"'{text}' under 'key' is no path", hint)
        elif names in (path.names for path in found):
            body.report.add(LISTED_TWICE, span, f"'{text}' is listed twice under 'key'", "remove one of the two")
        else:
            found.append(PathDecl(names, span))
    return tuple(found) if readable else ()


def unreadable_file(text: str, path: PurePosixPath, file: str) -> FileDecl:
    """Stand in for a file that is not YAML: the names in it are known to be there, whatever they mean."""
    title = Text(camel(path.name), Span(file))
    return FileDecl(path, file, title, None, (), (), (), (), (), frozenset(_NAME.findall(text)), readable=False)


def parse_file(root: Node | None, path: PurePosixPath, file: str, report: Report) -> FileDecl:
    """Read a content file; what cannot be read is reported (E2xx) and left out."""
    if root is None:
        root = Mapping((), Span(file))
    elif not isinstance(root, Mapping):
        report.add(WRONG_KIND, root.span, "the file is not a mapping", f"write keys: {', '.join(FILE_KEYS)}")
        return unreadable_file("", path, file)
    body = _Body(put_right(root, report), report)
    strangers = [entry for entry in root.entries if entry.key not in FILE_KEYS]
    if len(strangers) > _STRANGERS and not any(root.get(key) for key in SECTIONS):
        hint = "move the file out of the spec, or begin its name with a full stop"
        if all(entry.key in SPEC_KEYS for entry in strangers):
            hint = "move the file to 'spec.yaml', at the top of the spec"
        message = f"the file has no declarations, but '{strangers[0].key}' and other unknown keys"
        report.add(UNKNOWN_KEY, strangers[0].key_span, message, hint)
        return unreadable_file("", path, file)
    body.check_keys("file", FILE_KEYS)
    return FileDecl(
        path=path,
        file=file,
        title=body.text("title") or Text(camel(path.name), Span(file)),
        doc=body.doc(Span(file)),
        groups=body.declarations("groups", _group),
        enums=body.declarations("enums", _enum),
        types=body.declarations("types", _type),
        unions=body.declarations("unions", _union),
        events=body.declarations("events", _event),
        unread=frozenset([*body.unreadable(*SECTIONS), *_repeated_names(root)]),
        allow=(*_allowances(body, Span(file)), *_allowed_in_declarations(root, report)),
    )


def _allowed_in_declarations(root: Mapping, report: Report) -> Iterator[AllowDecl]:
    for section in (root.get(key) for key in SECTIONS):
        for entry in section.entries if isinstance(section, Mapping) else ():
            if isinstance(entry.value, Mapping):
                scope = Span(entry.key_span.file, entry.key_span.start, entry.value.span.end)
                yield from _allowances(_Body(entry.value, report), scope)


def _allowances(body: _Body, scope: Span | None) -> tuple[AllowDecl, ...]:
    """Read which warnings are allowed, and why."""
    node = body.node.get("allow")
    if node is None:
        return ()
    if not isinstance(node, Mapping):
        body.wrong(node, "allow", "a mapping of the code of each warning to the reason why it may be")
        return ()
    found: list[AllowDecl] = []
    for entry in node.entries:
        if isinstance(entry.value, Scalar) and isinstance(entry.value.value, str) and entry.value.value.strip():
            found.append(AllowDecl(Text(entry.key, entry.key_span), scope))
        else:
            body.wrong(entry.value, entry.key, "the reason why it may be")
    return tuple(found)


def _repeated_names(root: Mapping) -> Iterator[str]:
    """Give the names of declarations that have the name of another, or stand in a section that is there already."""
    for section in (entry.value for entry in root.entries):
        if isinstance(section, Mapping):
            yield from (entry.key for entry in section.repeated)
    for section in (entry.value for entry in root.repeated):
        if isinstance(section, Mapping):
            yield from (entry.key for entry in (*section.entries, *section.repeated))


class _Body:
    """A mapping with known keys."""

    def __init__(self, node: Mapping, report: Report) -> None:
        self.node = node
        self.report = report
        self.constant: int | None = None
        """The number or boolean under which the mapping stands, None if that is a text."""
        self._meant: dict[str, Node] = {}
        self._strays: list[Node] = []
        self._stray_fields: list[Entry] = []

    def get(self, key: str) -> Node | None:
        """Give what stands under a key, or under what is probably a misspelling of it."""
        return self._meant.get(key) or self.node.get(key)

    def check_keys(self, owner: str, known: tuple[str, ...]) -> None:
        free = [key for key in known if self.node.get(key) is None]
        torn = self._mend_torn_texts(known)
        for entry in self.node.entries:
            if entry.key in known or entry.doubtful or entry.key in torn:
                continue
            homes = [home for home, keys in KEYS.items() if entry.key in keys]
            meant = _HABITS.get(entry.key) or closest(entry.key, known) or _one_letter_off(entry.key, known)
            if meant not in known or (homes and abs(len(meant) - len(entry.key)) > _SLIP):
                meant = None
            if meant in free:
                hint = f"did you mean '{meant}'?"
                self._meant.setdefault(meant, entry.value)
            elif meant:
                hint = f"'{meant}' is there already; remove one of the two"
            elif entry.key == "required" and "optional" in known:
                hint = "remove it: a field is required unless it says 'optional: true'"
                if isinstance(entry.value, Scalar) and entry.value.value is False and "optional" in free:
                    hint = "write 'optional: true'"
                    self._meant["optional"] = Scalar(True, entry.value.span)
            elif self._is_stray_field(entry, known):
                hint = "indent it, to stand below 'fields:'" if "fields" not in free else "put it below 'fields:'"
                self._stray_fields.append(entry)
            elif owner == "field" and entry.key in _NO_KEYS_OF_FIELDS:
                hint = _NO_KEYS_OF_FIELDS[entry.key]
            elif homes:
                hint = f"it belongs to {_either(homes)}; move it there, or remove it"
            else:
                hint = f"known keys: {', '.join(known)}"
                self._strays.append(entry.value)
            self.report.add(UNKNOWN_KEY, entry.key_span, f"unknown key '{entry.key}' in {_a(owner)}", hint)

        self._claim_from_fields(owner, known)

    def _mend_torn_texts(self, known: tuple[str, ...]) -> set[str]:
        """Take texts within braces that a comma has cut for what they were meant to be; gives the pieces."""
        pieces: set[str] = set()
        for torn in torn_texts(self.node, known):
            if torn.entry.key not in ("title", "doc", "deviates"):
                continue
            report_torn(torn, self.report)
            self._meant[torn.entry.key] = Scalar(torn.text, torn.entry.value.span)
            pieces.update(torn.pieces)
        return pieces

    def _is_stray_field(self, entry: Entry, known: tuple[str, ...]) -> bool:
        """Whether an unknown key is a field that stands beside `fields` rather than below it."""
        body = entry.value
        return "fields" in known and isinstance(body, Mapping) and any(body.get(key) for key in FIELD_KEYS)

    def _claim_from_fields(self, owner: str, known: tuple[str, ...]) -> None:
        """Take over what stands below `fields` and is no field but a key of the owner."""
        fields = self.get("fields")
        for entry in fields.entries if isinstance(fields, Mapping) else ():
            if entry.key in known and isinstance(entry.value, Scalar) and self.get(entry.key) is None:
                message = f"'{entry.key}' below 'fields' is no field"
                hint = f"it belongs to the {owner}: indent it like 'fields'"
                self.report.add(UNKNOWN_KEY, entry.key_span, message, hint)
                self._meant[entry.key] = entry.value

    def wrong(self, node: Node, key: str, wanted: str) -> None:
        found = {Mapping: "a mapping", Sequence: "a list"}.get(type(node))
        if isinstance(node, Scalar):
            found = "nothing" if node.value is None else f"'{_shown(node.value)}'"
        self.report.add(WRONG_KIND, node.span, f"'{key}' is {found}", f"write {wanted}")

    def text(self, key: str) -> Text | None:
        node = self.get(key)
        if node is None:
            return None
        if isinstance(node, Scalar) and isinstance(node.value, str):
            return Text(node.value, node.span)
        if isinstance(node, Scalar) and node.value is not None:
            self.wrong(node, key, f'it in quotes: "{_shown(node.value)}"')
        else:
            self.wrong(node, key, f"text, or remove '{key}'" if isinstance(node, Scalar) else "text")
        return None

    def flag(self, key: str) -> bool:
        node = self.get(key)
        if node is None:
            return False
        if isinstance(node, Scalar) and isinstance(node.value, bool):
            return node.value
        said = str(node.value).casefold() if isinstance(node, Scalar) else ""
        self.wrong(node, key, _FLAGS.get(said, "true or false"))
        # What is left open allows more, so that nothing else is wrong for it.
        return _FLAGS.get(said) != "false"

    def texts(self, key: str, *, single: bool = False) -> tuple[Text, ...]:
        node = self.get(key)
        if node is None:
            return ()
        if single and isinstance(node, Scalar):
            text = self.text(key)
            return (text,) if text else ()
        if isinstance(node, Scalar) and isinstance(node.value, str):
            names = _names_in_text(node.value)
            self.wrong(node, key, f"[{', '.join(names)}]")
            return tuple(Text(name, node.span) for name in dict.fromkeys(names))
        if isinstance(node, Mapping):
            self.wrong(node, key, f"[{', '.join(entry.key for entry in node.entries)}]")
            return tuple(Text(entry.key, entry.key_span) for entry in node.entries)
        if not isinstance(node, Sequence):
            self.wrong(node, key, "a list of names")
            return ()
        found: dict[str, Text] = {}
        for item in node.items:
            if not isinstance(item, Scalar) or not isinstance(item.value, str):
                self.wrong(item, key, "names")
            elif item.value in found:
                message = f"'{item.value}' is listed twice under '{key}'"
                self.report.add(LISTED_TWICE, item.span, message, "remove one of the two")
            else:
                found[item.value] = Text(item.value, item.span)
        return tuple(found.values())

    def tag(self) -> TagExpr | None:
        """Give where a tag stands; None where that is not said, or cannot be read, which is reported."""
        node = self.get("tag")
        if node is None:
            return None
        if isinstance(node, Scalar) and node.value == NONE:
            return TagExpr((), node.span)
        if isinstance(node, Mapping):
            # `{member}` is a mapping to YAML.
            hint = 'write "{member}", in quotes, where the name of the only member is the tag'
            self.report.add(NO_TAG_PLACE, node.span, "'tag' is a mapping", hint)
            return None
        if isinstance(node, Sequence) and not node.items:
            self.wrong(node, "tag", "where the tag stands, or remove it")
            return None
        written: list[Text] = []
        for item in node.items if isinstance(node, Sequence) else (node,):
            if not isinstance(item, Scalar) or not isinstance(item.value, str):
                self.wrong(item, "tag", "the name of a member, or a path" if item is not node else "text")
                return None
            written.append(Text(item.value, item.span))
        parts = [parse_part(text.value, text.span, self.report) for text in written]
        known = tuple(part for part in parts if part)
        return TagExpr(known, node.span) if len(known) == len(parts) else None

    def tag_values(self) -> tuple[TagDecl, ...]:
        """Give the values of the tag of a type."""
        node = self.get("tag")
        if isinstance(node, Mapping):
            self.wrong(node, "tag", f"[{', '.join(entry.key for entry in node.entries)}]")
            return ()
        found: list[TagDecl] = []
        for item in node.items if isinstance(node, Sequence) else (node,):
            if not isinstance(item, Scalar) or not isinstance(item.value, (str, int)):
                self.wrong(item or self.node, "tag", "a text, a whole number, true or false")
            elif any(each.value == item.value and type(each.value) is type(item.value) for each in found):
                message = f"'{_shown(item.value)}' is listed twice under 'tag'"
                self.report.add(LISTED_TWICE, item.span, message, "remove one of the two")
            else:
                found.append(TagDecl(item.value, item.span))
        return tuple(found)

    def condition(self, key: str) -> tuple[TestDecl, ...]:
        """Give the conditions under a key: names of what has to be there, or paths with what they have to lead to."""
        node = self.get(key)
        if not isinstance(node, Mapping):
            found = [self._test(key, name, None) for name in self.texts(key, single=True)]
        else:
            self.not_empty(key, "condition", "each path with the value that it leads to, or 'any'")
            found = [self._test(key, Text(each.key, each.key_span), each.value) for each in node.entries]
        return tuple(test for test in found if test)

    def _test(self, key: str, name: Text, value: Node | None) -> TestDecl | None:
        path = parse_way(name.value)
        if path is None:
            hint = "write the names of members with full stops between them, odd names in single quotes"
            if "[" in name.value:
                hint = "go into a list with [0] for the element at that position, or [*] for any of them"
            self.report.add(WRONG_KIND, name.span, f"'{name.value}' under '{key}' is no path", hint)
            return None
        if value is None:
            return TestDecl(path, name.span, None, name.span)
        if not isinstance(value, Scalar) or value.value is None or isinstance(value.value, float):
            self.wrong(value, name.value, "a text, a whole number, true, false, or any")
            return None
        wanted = value.value
        if isinstance(wanted, str):
            # As in types, a text may have quotes of its own: so `any` can be one.
            quoted = len(wanted) > 1 and wanted[0] == wanted[-1] == '"'
            return TestDecl(path, name.span, wanted[1:-1] if quoted else None if wanted == _ANY else wanted, value.span)
        return TestDecl(path, name.span, wanted, value.span)

    def required(self, key: str, owner: str, name: Text) -> Node | None:
        node = self.get(key)
        if node is None and not self._strays:
            named = f"{owner} '{name.value}'" if name.value else owner
            self.report.add(MISSING_KEY, name.span, f"{named} has no '{key}'", f"add '{key}:'")
        return node

    def not_empty(self, key: str, owner: str, wanted: str) -> None:
        """Report a list or mapping without anything in it."""
        node = self.get(key)
        if (isinstance(node, Sequence) and not node.items) or (isinstance(node, Mapping) and not node.entries):
            hint = f"write {wanted}, or remove '{key}'"
            self.report.add(EMPTY_COLLECTION, node.span, f"'{key}' of {_a(owner)} is empty", hint)

    def prose(self, name: Text) -> Prose:
        deviates = self.text("deviates")
        return Prose(self.doc(name.span), deviates.value.strip() if deviates else "")

    def doc(self, span: Span) -> Text | None:
        """Give the description; None where it is no text, or may stand under an unknown key."""
        strays = any(isinstance(node, Scalar) and isinstance(node.value, str) for node in self._strays)
        missing = None if self.get("doc") is not None or strays else Text("", span)
        return self.text("doc") or missing

    def declarations(self, key: str, parse: Callable[[Text, _Body], T | None]) -> tuple[T, ...]:
        node = self.get(key)
        strays = self._stray_fields if key == "fields" else []
        if node is not None and not isinstance(node, Mapping):
            is_empty = isinstance(node, Scalar) and node.value is None
            if not (strays and is_empty):
                self.wrong(node, key, _fields_wanted(node) if key == "fields" else "a mapping of names to declarations")
            node = None
        found: list[T] = []
        for entry in (*(node.entries if node else ()), *strays):
            if node and entry.value in self._meant.values():
                continue
            body = self.inner(entry, key)
            if body:
                body.constant = entry.constant
            declaration = parse(Text(entry.key, entry.key_span), body) if body else None
            if declaration is not None and (key == "fields" or not entry.doubtful):
                found.append(declaration)
        return tuple(found)

    def unreadable(self, *keys: str) -> Iterable[str]:
        """Give the names of declarations that are no mapping, or whose name is doubtful, which is reported."""
        for key in keys:
            node = self.get(key)
            for entry in node.entries if isinstance(node, Mapping) else ():
                if entry.doubtful or not isinstance(entry.value, Mapping):
                    yield entry.key

    def inner(self, entry: Entry, key: str) -> _Body | None:
        node = entry.value
        if isinstance(node, Mapping):
            return _Body(node, self.report)
        wanted = "a mapping"
        if key == "fields" and isinstance(node, Scalar) and isinstance(node.value, str):
            wanted = f"{{type: {node.value if node.value.isidentifier() else '...'}}}"
        self.wrong(node, entry.key, wanted)
        return None


def _names_in_text(text: str) -> list[str]:
    """Give the names in what is a text to YAML and was meant as a list, its hyphens without a space after them."""
    return [name for part in re.split("[ ,]", text) if (name := part.removeprefix("-"))] or [text]


def _fields_wanted(node: Node) -> str:
    """Say what to write for fields that are no mapping; the first of a list shows the way."""
    first = node.items[0] if isinstance(node, Sequence) and node.items else None
    name = first.get("name") if isinstance(first, Mapping) else None
    if isinstance(name, Scalar) and isinstance(name.value, str):
        return f"'{name.value}:' for '- name: {name.value}', and indent the rest below it"
    return "a mapping of names to declarations"


def _one_letter_off(key: str, known: tuple[str, ...]) -> str | None:
    """Give the short key that is meant, where the share of right letters says little."""
    return next((name for name in known if len(name) == len(key) and sum(map(str.__ne__, name, key)) == 1), None)


def _a(owner: str) -> str:
    return f"an {owner}" if owner[0] in "aeio" else f"a {owner}"


def _either(owners: list[str]) -> str:
    *others, last = map(_a, owners)
    return f"{', '.join(others)} or {last}" if others else last


def _shown(value: object) -> str:
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _group(name: Text, body: _Body) -> GroupDecl:
    body.check_keys("group", GROUP_KEYS)
    return GroupDecl(name, body.prose(name), body.texts("use"), _fields(body), _is_complete(body))


def _fields(body: _Body) -> tuple[FieldDecl, ...]:
    read = body.declarations("fields", _field)
    node = body.get("fields")
    others = (
        [entry for entry in node.entries if not isinstance(entry.value, Mapping)] if isinstance(node, Mapping) else []
    )
    # Whatever they were meant to be, no value is wrong for them.
    unread = [FieldDecl(Text(each.key, each.key_span), Prose(None, ""), None, True, True, False) for each in others]
    return (*read, *unread)


def _is_complete(body: _Body) -> bool:
    """Whether the names of all fields are known: a name that is there twice was meant to be another one."""
    node = body.get("fields")
    nothing = node is None or (isinstance(node, Scalar) and node.value is None)
    return not body.node.repeated and (nothing or (isinstance(node, Mapping) and not node.repeated))


def _field(name: Text, body: _Body) -> FieldDecl:
    body.check_keys("field", FIELD_KEYS)
    prose = body.prose(name)
    optional, nullable, deprecated = (body.flag(key) for key in ("optional", "nullable", "deprecated"))
    body.required("type", "field", name)
    text = _type_text(body)
    expr = parse_type(text.value, text.span, body.report) if text and not body.node.repeated else None
    return FieldDecl(
        name,
        prose,
        expr,
        optional,
        nullable,
        deprecated,
        attribute=body.text("attribute"),
        counter=body.flag("counter"),
        unique=body.flag("unique"),
        same=body.text("same"),
    )


def _type_text(body: _Body) -> Text | None:
    node = body.get("type")
    if isinstance(node, Scalar) and isinstance(node.value, int):
        return Text(_shown(node.value), node.span)
    if not isinstance(node, Sequence) or not all(isinstance(item, Scalar) for item in node.items):
        return body.text("type")
    written = [_shown(item.value) for item in node.items if isinstance(item, Scalar)]
    hint = written_right(" | ".join(written) if len(written) > 1 else f"list[{''.join(written)}]")
    body.report.add(WRONG_KIND, node.span, "'type' is a list", hint or "write alternatives with |, or list[T]")
    return None


def _type(name: Text, body: _Body) -> TypeDecl:
    body.check_keys("type", TYPE_KEYS)
    body.not_empty("tag", "type", "the value of its tag")
    # A tag under a misspelt key may be something else, so nothing is concluded from it.
    tags = body.tag_values() if body.node.get("tag") else ()
    return TypeDecl(
        name=name,
        prose=body.prose(name),
        tags=tags,
        tag_optional=body.flag("tag_optional"),
        use=body.texts("use"),
        fields=_fields(body),
        complete=_is_complete(body) and (bool(tags) or body.get("tag") is None),
        deprecated=body.flag("deprecated"),
    )


def _enum(name: Text, body: _Body) -> EnumDecl:
    body.check_keys("enum", ENUM_KEYS)
    values: list[ValueDecl] = []
    node = body.required("values", "enum", name)
    if isinstance(node, Mapping):
        torn = {each.entry.key: each for each in torn_texts(node, (), among_names=True)}
        pieces = {piece for each in torn.values() for piece in each.pieces}
        for entry in node.entries:
            if entry.key in pieces:
                continue
            if entry.key in torn:
                report_torn(torn[entry.key], body.report)
                values.append(ValueDecl(Text(entry.key, entry.key_span), Text(torn[entry.key].text, entry.value.span)))
            elif isinstance(entry.value, Scalar) and isinstance(entry.value.value, str):
                values.append(ValueDecl(Text(entry.key, entry.key_span), Text(entry.value.value, entry.value.span)))
            elif isinstance(entry.value, Scalar) and entry.value.value is None:
                values.append(ValueDecl(Text(entry.key, entry.key_span), Text("", entry.key_span)))
            elif isinstance(entry.value, Mapping):
                inner = _Body(entry.value, body.report)
                inner.check_keys("value", VALUE_KEYS)
                value = Text(entry.key, entry.key_span)
                doc = inner.doc(entry.key_span) or Text("", entry.key_span)
                values.append(ValueDecl(value, doc, inner.flag("deprecated")))
            else:
                body.wrong(entry.value, entry.key, "what the value means")
        body.not_empty("values", "enum", "each value with what it means")
    elif node is not None:
        body.wrong(node, "values", "a mapping of each value to what it means")
    return EnumDecl(name, body.prose(name), body.flag("open"), tuple(values))


def _union(name: Text, body: _Body) -> UnionDecl:
    body.check_keys("union", UNION_KEYS)
    body.required("variants", "union", name)
    body.not_empty("variants", "union", "names of types")
    variants = _choices(body, "variants")
    complete = bool(variants) and None not in variants and not body.node.repeated
    known, default = (tuple(filter(None, found)) for found in (variants, _choices(body, "default")))
    return UnionDecl(name, body.prose(name), known, default, complete, body.tag(), body.text("unknown"))


def _choices(body: _Body, key: str, what: str = "type") -> list[ChoiceDecl | None]:
    """Give what a union lists, or the defaults of a spec, None for what cannot be read.

    Args:
        what: What is chosen, a `type` or an `event`.
    """
    node = body.get(key)
    if node is None:
        return []
    found: list[ChoiceDecl | None] = []
    for item in node.items if isinstance(node, Sequence) else (node,):
        if isinstance(item, Scalar) and isinstance(item.value, str):
            names = _names_in_text(item.value)
            if names != [item.value]:
                body.wrong(item, key, f"each name on a line of its own, behind a hyphen and a space: '- {names[-1]}'")
            found += [ChoiceDecl(Text(name, item.span), ()) for name in names]
        elif isinstance(item, Mapping):
            choice = _Body(item, body.report)
            owner, keys = ("variant", CHOICE_KEYS) if what == "type" else ("default", DEFAULT_KEYS)
            choice.check_keys(owner, keys)
            choice.required(what, owner, Text("", item.span))
            written = choice.text(what)
            found.append(ChoiceDecl(written, choice.condition("when")) if written else None)
        else:
            wanted = "names of types, or {type: Name, when: [field]}"
            body.wrong(item, key, wanted if what == "type" else "keys of events, or {event: key, when: [member]}")
            found.append(None)
    return found


def _event(tag: Text, body: _Body) -> EventDecl:
    body.check_keys("event", EVENT_KEYS)
    variant = body.text("variant") or Text(camel(tag.value), tag.span)
    example = body.get("example")
    if example is None:
        hint = "add 'example:' with the event as it is on the wire"
        body.report.add(NO_EXAMPLE, tag.span, f"event '{tag.value}' has no example", hint)
    if example is not None and not isinstance(example, Mapping):
        body.wrong(example, "example", "the event as it is on the wire, a mapping")
        example = None
    return EventDecl(
        tag=tag,
        prose=body.prose(tag),
        variant=variant,
        class_name=body.text("class") or Text(f"{variant.value.removesuffix('Event')}Event", variant.span),
        use=body.texts("use"),
        fields=_fields(body),
        complete=_is_complete(body),
        folds=_folds(body),
        ends=_ends(body),
        example=example,
        reason=body.text("reason"),
        status=body.text("status"),
        errors=body.texts("error", single=True),
        constant=body.constant,
        untagged=_is_untagged(body),
        aliases=body.texts("aliases", single=True),
        deprecated=body.flag("deprecated"),
    )


def _is_untagged(body: _Body) -> bool:
    tag = body.text("tag")
    if tag is not None and tag.value != NONE:
        hint = "the key of an event is its tag, and 'aliases' lists others; write 'tag: none' if it has none"
        body.report.add(WRONG_KIND, tag.span, f"'tag' of an event is '{tag.value}'", hint)
    return tag is not None


def _ends(body: _Body) -> tuple[EndDecl, ...]:
    node = body.get("ends")
    if node is None:
        return ()
    body.not_empty("ends", "event", "how the stream ends")
    found: list[EndDecl] = []
    for item in node.items if isinstance(node, Sequence) else (node,):
        if isinstance(item, Scalar) and isinstance(item.value, str):
            found.append(EndDecl(Text(item.value, item.span), ()))
        elif isinstance(item, Mapping):
            end = _Body(item, body.report)
            end.check_keys("end", END_KEYS)
            end.required("ends", "end", Text("", item.span))
            kind = end.text("ends")
            when = end.condition("when")
            # One that cannot be read is not one that is always true.
            found += [EndDecl(kind, when)] if kind and (when or end.get("when") is None) else []
        else:
            body.wrong(item, "ends", "how the stream ends, or {ends: completed, when: {path: value}}")
    return tuple(found)


def _folds(body: _Body) -> tuple[StatementDecl, ...] | None:
    node = body.get("fold")
    if node is None:
        return None
    if isinstance(node, Scalar) and isinstance(node.value, str):
        if node.value == "none":
            return ()
        if node.value.casefold() in ("none", "nothing", "nil", "no"):
            body.report.add(NOT_A_FOLD, node.span, f"fold '{node.value}' is not a statement", "write 'none'")
            return ()
    body.not_empty("fold", "event", "a statement or 'none'")
    return _statements(body, "fold")


def _statements(body: _Body, key: str) -> tuple[StatementDecl, ...]:
    """Give the statements under a key: one, or a list of them; each is a text or a mapping with `do`."""
    node = body.get(key)
    found: list[StatementDecl] = []
    written: set[str] = set()
    for item in node.items if isinstance(node, Sequence) else (node,):
        if isinstance(item, Scalar) and isinstance(item.value, str):
            if item.value in written:
                message = f"'{item.value}' is listed twice under '{key}'"
                body.report.add(LISTED_TWICE, item.span, message, "remove one of the two")
                continue
            written.add(item.value)
            fold = parse_fold(item.value, item.span, body.report)
            found += [fold] if fold else []
        elif isinstance(item, Mapping):
            found += _mapped_statement(_Body(item, body.report))
        elif item is not None:
            body.wrong(item, key, "a statement such as 'text += delta'")
    return tuple(found)


def _mapped_statement(body: _Body) -> Iterator[StatementDecl]:
    """Give `{each: path, when: conditions, do: statements}`, of which one of the first two may be missing."""
    body.check_keys("statement", STATEMENT_KEYS)
    if body.get("when") is None and body.get("each") is None:
        hint = "add 'each:' with a list of the event, or 'when:' with conditions"
        body.report.add(MISSING_KEY, body.node.span, "statement has neither 'each' nor 'when'", hint)
    body.required("do", "statement", Text("", body.node.span))
    body.not_empty("do", "statement", "what to do, a statement or a list of them")
    do = _statements(body, "do")
    if body.get("when") is not None:
        do = (WhenDecl(body.condition("when"), do),)
    if body.get("each") is None:
        yield from do
        return
    text = body.text("each")
    path = parse_source(text.value, text.span, body.report) if text else None
    if path is not None:
        yield EachDecl(path, do)
