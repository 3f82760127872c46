"""From nodes to declarations of the lifecycle: sequences, statements about events, ranks, profiles, notes on rules."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .body import LISTED_TWICE, WRONG_KIND, Body
from .declarations import HoldDecl, LifecycleDecl, OffDecl, ProfileDecl, RuleNoteDecl, SequenceDecl, Text
from .holdexpr import parse_hold, value_text
from .keys import HOLD_KEYS, PROFILE_KEYS, RULE_KEYS
from .loader import Entry, Mapping, Node, Scalar, Sequence
from .scanning import part_of
from .sequenceexpr import NOT_A_SEQUENCE, parse_sequence
from .torn import torn_texts

SEVERITIES = ("error", "warning", "off")

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_OFF = re.compile(r"(?P<rule>\S+)(?:\s+of\s+(?P<type>\S+))?")


def parse_lifecycle(body: Body) -> LifecycleDecl:
    """Read what a file says about the order of events and the rules of the stream."""
    return LifecycleDecl(
        sequences=tuple(_sequences(body)),
        profiles=body.declarations("profiles", _profile),
        notes=body.declarations("rules", _note),
    )


def parse_place(body: Body, key: str) -> Text | None:
    """Read the one place that an event or a group names."""
    node = body.get(key)
    names = _names(node)
    if isinstance(node, Scalar) and not isinstance(node.value, str):
        body.wrong(node, key, "the name of a place" + (", or 'stream'" if key == "opens" else ""))
        return None
    if node is None or not names:
        return body.text(key)
    body.wrong(node, key, f"'{key}: {names[-1]}': an event is about one place, and so about those around it")
    return Text(names[0], node.span) if len(names) == 1 else None


def parse_holds(body: Body) -> tuple[HoldDecl, ...]:
    """Read what an event holds: one statement, or a list of them; each is a text or a mapping with `that`."""
    node = body.get("holds")
    body.not_empty("holds", "event", 'a statement such as status = "completed"')
    found: list[HoldDecl] = []
    written: set[str] = set()
    for item in node.items if isinstance(node, Sequence) else (node,):
        hold: HoldDecl | None = None
        if isinstance(item, Scalar) and isinstance(item.value, str):
            hold = _hold(None, Text(item.value, item.span), body)
        elif isinstance(item, Mapping) and (meant := _compared(item)):
            body.report.add(WRONG_KIND, item.span, "a statement under 'holds' is a mapping", f"write '{meant}'")
        elif isinstance(item, Mapping):
            inner = Body(item, body.report)
            inner.check_keys("hold", HOLD_KEYS)
            inner.required("that", "hold", Text("", item.span))
            that = inner.text("that")
            rule = inner.text("rule")
            if rule is not None and not _ID.fullmatch(rule.value):
                hint = "write small letters and digits with hyphens between them, such as usage-sum"
                body.report.add(WRONG_KIND, rule.span, f"'{rule.value}' is no name of a rule", hint)
            hold = _hold(rule, that, body) if that else None
        elif item is not None:
            body.wrong(item, "holds", 'a statement such as status = "completed"')
        if hold is None:
            continue
        if hold.statement.text in written:
            message = f"'{hold.statement.text}' is listed twice under 'holds'"
            body.report.add(LISTED_TWICE, hold.statement.span, message, "remove one of the two")
            continue
        written.add(hold.statement.text)
        found.append(hold)
    return tuple(found)


def _compared(node: Mapping) -> str:
    """Give the statement that `path: value` was meant as; nothing for a mapping of another kind."""
    first = node.entries[0] if len(node.entries) == 1 else None
    if first is None or first.key in HOLD_KEYS or not isinstance(first.value, Scalar):
        return ""
    return first.key if first.value.value is None else f"{first.key} = {value_text(first.value.value)}"


def _hold(rule: Text | None, that: Text, body: Body) -> HoldDecl | None:
    statement = parse_hold(that.value, that.span, body.report)
    return HoldDecl(rule, statement) if statement else None


def parse_ranks(body: Body) -> tuple[tuple[Text, ...], ...]:
    """Read the ranks of an enum: values, or lists of values that have one rank."""
    node = body.get("ranks")
    if node is None:
        return ()
    if not isinstance(node, Sequence):
        body.wrong(node, "ranks", "a list of values in their order, such as [queued, [completed, failed]]")
        return ()
    body.not_empty("ranks", "enum", "the values in the order in which they come")
    found: list[tuple[Text, ...]] = []
    for item in node.items:
        values = item.items if isinstance(item, Sequence) else (item,)
        rank: list[Text] = []
        for value in values:
            if isinstance(value, Scalar) and isinstance(value.value, str):
                rank.append(Text(value.value, value.span))
            else:
                body.wrong(value, "ranks", "values of the enum")
        found.append(tuple(rank))
    return tuple(found)


def _sequences(body: Body) -> Iterator[SequenceDecl]:
    node = body.get("sequences")
    if node is None:
        return
    if not isinstance(node, Mapping):
        body.wrong(node, "sequences", "a mapping of each type or place to what happens there")
        return
    body.not_empty("sequences", "file", "each type or place with what happens there")
    torn = {each.entry.key: each for each in torn_texts(node, ())}
    pieces = {piece for each in torn.values() for piece in each.pieces}
    for entry in node.entries:
        if entry.key in torn:
            # Within braces, a comma ends the text.
            meant = torn[entry.key].text.replace(",", "")
            message = f"',' in the sequence of '{entry.key}'"
            body.report.add(NOT_A_SEQUENCE, entry.value.span, message, f"write '{entry.key}: {meant}'")
            yield SequenceDecl(Text(entry.key, entry.key_span), None, "")
        elif entry.key not in pieces:
            yield _sequence(entry, body)


def _sequence(entry: Entry, body: Body) -> SequenceDecl:
    owner = Text(entry.key, entry.key_span)
    node = entry.value
    if isinstance(node, Scalar) and isinstance(node.value, str):
        expression = parse_sequence(node.value, node.span, body.report)
        return SequenceDecl(owner, expression, " ".join(node.value.split()))
    names = _names(node)
    body.wrong(node, entry.key, f"'{' '.join(names)}', in one text" if names else "a sequence such as 'delta* done'")
    return SequenceDecl(owner, None, "")


def _names(node: Node | None) -> list[str]:
    """Give the texts of a list that was meant as a sequence."""
    items = node.items if isinstance(node, Sequence) else ()
    return [item.value for item in items if isinstance(item, Scalar) and isinstance(item.value, str)]


def _profile(name: Text, body: Body) -> ProfileDecl:
    body.check_keys("profile", PROFILE_KEYS)
    node = body.required("off", "profile", name)
    off: list[OffDecl] = []
    if isinstance(node, Mapping):
        body.not_empty("off", "profile", "each rule that is off with the reason")
        off = [found for entry in node.entries if (found := _off(entry, body))]
    elif node is not None:
        body.wrong(node, "off", "a mapping of each rule that is off to the reason")
    return ProfileDecl(name, body.doc(name.span), tuple(off))


def _off(entry: Entry, body: Body) -> OffDecl | None:
    found = _OFF.fullmatch(entry.key.strip())
    if found is None:
        hint = "write the id of a rule, such as item-order, or 'item-order of Type'"
        body.report.add(WRONG_KIND, entry.key_span, f"'{entry.key}' is no rule", hint)
        return None
    node = entry.value
    if not (isinstance(node, Scalar) and isinstance(node.value, str) and node.value.strip()):
        body.wrong(node, entry.key, "the reason why it is off")
        return None

    def part(group: str) -> Text:
        return Text(found[group], part_of(entry.key_span, entry.key, *found.span(group)))

    return OffDecl(part("rule"), part("type") if found["type"] else None, Text(node.value, node.span))


def _note(rule: Text, body: Body) -> RuleNoteDecl:
    body.check_keys("rule", RULE_KEYS)
    severity = body.text("severity")
    if severity is not None and severity.value not in SEVERITIES:
        body.report.add(
            WRONG_KIND, severity.span, f"'severity' is '{severity.value}'", "write 'error', 'warning' or 'off'"
        )
    return RuleNoteDecl(rule, severity, body.text("why"), body.text("seen"), body.text("fix"))
