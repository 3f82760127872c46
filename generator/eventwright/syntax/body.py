"""A mapping of the spec with known keys: gives what stands under each, in the kind that it has to be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.suggest import closest
from ..diagnostics.values import Report, Span
from .declarations import Prose, TagDecl, TestDecl, Text
from .keys import FIELD_KEYS, KEYS
from .loader import Entry, Mapping, Node, Scalar, Sequence
from .misplaced import UNKNOWN_KEY
from .paths import parse_way
from .tagexpr import NO_TAG_PLACE, NONE, TagExpr, parse_part
from .torn import report_torn, torn_texts

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
T = TypeVar("T")

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
    "place": "at",
    "begins": "opens",
    "starts": "opens",
    "finishes": "closes",
    "ensures": "holds",
    "where": "holds",
    "order": "ranks",
    "sequence": "sequences",
}
"""What people write who know other languages for schemas."""

_NO_KEYS_OF_FIELDS = {
    "format": "remove it: formats are not checked, and 'doc' can say how the text is written",
    "default": "remove it: what is absent reads as None, and 'doc' can say what that means",
    "enum": "declare the values under 'enums', and write the name of that as the type",
    "const": "write the value as the type: a text as '\"text\"', a number as it is",
    "items": "write 'type: list[T]' with what it holds",
    "properties": "declare an object with these members below 'types:', and write its name as the type",
    "fields": "declare an object with these members below 'types:', and write its name as the type",
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

_COMPARED = re.compile(r"(?P<path>[\w.]+)\s*={1,2}\s*(?P<value>[\w.\"]+)")
"""A condition that is written as a statement."""

_ANY = "any"
"""What the value in a condition may be if it only has to be there."""

_SLIP = 2
"""Letters that a key has more or less by a slip; beyond that, it is the key of another declaration."""


class Body:
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
        """Report keys that are not known (E201), and take what stands under them for what it probably is."""
        free = [key for key in known if self.node.get(key) is None]
        torn = self._mend_torn_texts(known)
        for entry in self.node.entries:
            if entry.key in known or entry.doubtful or entry.key in torn:
                continue
            homes = [home for home, keys in KEYS.items() if entry.key in keys]
            meant = _HABITS.get(entry.key) or closest(entry.key, known) or _one_letter_off(entry.key, known)
            if owner == "field" and entry.key in _NO_KEYS_OF_FIELDS:
                meant = None
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
        """Report a value of the wrong kind (E203)."""
        found = {Mapping: "a mapping", Sequence: "a list"}.get(type(node))
        if isinstance(node, Scalar):
            found = "nothing" if node.value is None else f"'{shown(node.value)}'"
        self.report.add(WRONG_KIND, node.span, f"'{key}' is {found}", f"write {wanted}")

    def text(self, key: str) -> Text | None:
        """Give a text; None where there is none, or something else, which is reported (E203)."""
        node = self.get(key)
        if node is None:
            return None
        if isinstance(node, Scalar) and isinstance(node.value, str):
            return Text(node.value, node.span)
        if isinstance(node, Scalar) and node.value is not None:
            self.wrong(node, key, f'it in quotes: "{shown(node.value)}"')
        elif isinstance(node, Scalar):
            # YAML takes what begins with it for a comment.
            self.wrong(node, key, f"text, or remove '{key}'; a text that begins with # takes quotes")
        else:
            self.wrong(node, key, "text")
        return None

    def flag(self, key: str) -> bool:
        """Give a boolean, which is false where there is none."""
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
        """Give a list of texts, each once; with `single` one of them may stand there alone."""
        node = self.get(key)
        if node is None:
            return ()
        if single and isinstance(node, Scalar):
            text = self.text(key)
            return (text,) if text else ()
        if isinstance(node, Scalar) and isinstance(node.value, str):
            names = names_in_text(node.value)
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
                message = f"'{shown(item.value)}' is listed twice under 'tag'"
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
            compared = _COMPARED.fullmatch(name.value)
            if compared is not None:
                hint = f"write {{{compared['path']}: {compared['value']}}}"
            elif "[" in name.value:
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
        """Give what stands under a key that has to be there; None where it is not, which is reported (E202)."""
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
        """Give what is said about the declaration."""
        deviates = self.text("deviates")
        return Prose(self.doc(name.span), deviates.value.strip() if deviates else "")

    def doc(self, span: Span) -> Text | None:
        """Give the description; None where it is no text, or may stand under an unknown key."""
        strays = any(isinstance(node, Scalar) and isinstance(node.value, str) for node in self._strays)
        missing = None if self.get("doc") is not None or strays else Text("", span)
        return self.text("doc") or missing

    def declarations(self, key: str, parse: Callable[[Text, Body], T | None]) -> tuple[T, ...]:
        """Give the declarations below a key, as they are parsed from their names and mappings."""
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

    def inner(self, entry: Entry, key: str) -> Body | None:
        """Give the mapping of a declaration; None where it is none, which is reported (E203)."""
        node = entry.value
        if isinstance(node, Mapping):
            return Body(node, self.report)
        wanted = "a mapping"
        if key == "fields" and isinstance(node, Scalar) and isinstance(node.value, str):
            wanted = f"{{type: {node.value if node.value.isidentifier() else '...'}}}"
        elif key == "readings" and isinstance(node, Scalar):
            wanted = f"below it 'join: {node.value}' for texts or 'all: {node.value}' for a list, and 'doc:'"
        elif key == "rules" and isinstance(node, Scalar) and node.value in ("error", "warning", "off"):
            wanted = f"below it 'severity: {shown(node.value)}'"
        self.wrong(node, entry.key, wanted)
        return None


def names_in_text(text: str) -> list[str]:
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


def shown(value: object) -> str:
    """Write a scalar as YAML does."""
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)
