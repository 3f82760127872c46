"""Rules about the tags of events and types."""

from __future__ import annotations

import re

from ..diagnostics.printers import visible
from ..diagnostics.rule import Rule, Severity
from ..diagnostics.values import Report
from ..model import ir
from ..model.reaching import may_be, reach
from ..syntax.declarations import SpecDecl, TagDecl, Text
from ..syntax.paths import path_text
from .conditions import check_test
from .texts import NAME_CONTROL
from .variants import UNREACHABLE_VARIANT, covers

_NUMBER = re.compile(r"-?\d+(\.\d+)?")

TAG_AS_FIELD = Rule(
    "E406",
    Severity.ERROR,
    "field that repeats the tag",
    "The tag of an object is declared by `tag` of its type or by the key of its event, and the encoder writes it.",
)


NO_DEFAULT = Rule(
    "E408",
    Severity.ERROR,
    "tag that may be absent, in a union without a default",
    "An object without a tag would match none of the variants, although one of them allows it.",
)


NO_EVENTS = Rule(
    "E409",
    Severity.ERROR,
    "spec without events",
    "A stream without events has no package.",
)


UNREADABLE_TAG = Rule(
    "E410",
    Severity.ERROR,
    "tag with invisible characters",
    "A tag is compared byte by byte; what cannot be seen cannot be checked by eye.",
)


OPTIONAL_WITHOUT_TAG = Rule(
    "E412",
    Severity.ERROR,
    "optional tag on a type without a tag",
    "It has no effect; probably `tag` was forgotten.",
)


UNREACHABLE_EVENT = Rule(
    "E418",
    Severity.ERROR,
    "event that nothing leads to",
    "An event is found by its tag, or by `default` in spec.yaml where it has none.",
)


UNDECLARED_TAG = Rule(
    "E420",
    Severity.ERROR,
    "tag that the event does not declare",
    "Where the tag is more than one member its places are fields, and what the key says has to be a value of them.",
)


ODD_TAG = Rule(
    "W411",
    Severity.WARNING,
    "tag that may match nothing",
    "A tag is compared as it is: no number equals a text, and a star stands for itself.",
)


def tag_as_field(spec: ir.Spec, report: Report) -> None:
    """E406: a field that has the name of the tag, in an object that has a tag already."""
    for record in spec.records.values():
        field = record.field(record.tag)
        if record.tag and field is not None:
            hint = "remove it: the tag is written by 'tag:' of a type and by the key of an event"
            report.add(TAG_AS_FIELD, field.span, f"field '{record.tag}' repeats the tag", hint)


def optional_tags(spec: ir.Spec, report: Report) -> None:
    """E408: a type whose tag may be absent, in a union that says nothing about objects without a tag."""
    for union in spec.unions.values():
        for choice in () if union.default or union.unknown or not union.tag.parts else union.variants:
            if spec.records[choice.record].tag_optional:
                hint = f"add 'default: {choice.record}' to the union"
                message = f"the tag of '{choice.record}' may be absent, but '{union.name}' has no default"
                report.add(NO_DEFAULT, choice.span, message, hint)


def _texts(tags: tuple[TagDecl, ...]) -> list[Text]:
    return [Text(tag.value, tag.span) for tag in tags if isinstance(tag.value, str)]


def is_readable(tag: str) -> bool:
    """Whether a tag is what people see of it."""
    return not NAME_CONTROL.search(tag)


def tag_text(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E410: a tag that holds invisible characters."""
    for file in declared.files:
        tags = [text for type_ in file.types for text in _texts(type_.tags)]
        events = [tag for event in file.events for tag in (event.tag, *event.aliases)]
        for tag in [*tags, *events, Text(declared.tag.text, declared.tag.span)]:
            if not is_readable(tag.value):
                message = f"tag '{visible(tag.value)}' holds control or invisible characters"
                report.add(UNREADABLE_TAG, tag.span, message, "write it as it is on the wire, without them")


def odd_tags(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """W411: a tag that looks as if it was meant to be a number or a pattern."""
    for file in declared.files:
        tags = [text for type_ in file.types for text in _texts(type_.tags)]
        events = [tag for event in file.events if event.constant is None for tag in (event.tag, *event.aliases)]
        for tag in [*tags, *events]:
            if _NUMBER.fullmatch(tag.value):
                message = f"tag '{tag.value}' is the text of a number, and no number on the wire equals it"
                hint = f"write {tag.value} without quotes if it is a number on the wire, or allow it with a reason"
                report.add(ODD_TAG, tag.span, message, hint)
            elif "*" in tag.value:
                message = f"tag '{visible(tag.value)}' matches a star, not any text"
                report.add(
                    ODD_TAG, tag.span, message, "write one event or type for each tag, or allow it with a reason"
                )


def optional_without_tag(spec: ir.Spec, report: Report) -> None:
    """E412: `tag_optional` on a type that has no tag."""
    for record in spec.records.values():
        if record.tag_optional and not record.tags and record.complete:
            message = f"'tag_optional' on '{record.name}', which has no tag"
            report.add(OPTIONAL_WITHOUT_TAG, record.span, message, "add 'tag:', or remove 'tag_optional'")


def events_without_a_way(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E418: an event that no tag leads to, and no default."""
    if len(spec.default) < len(declared.default):
        # One of them is misspelt, and that is reported.
        return
    defaults = {choice.record for choice in spec.default}
    for event in spec.events:
        if event.record.name in defaults or (event.keys and spec.tag.parts):
            continue
        if event.keys:
            message = f"events have no tag, so nothing leads to '{event.tag}'"
            hint = f"list it under 'default' in spec.yaml: '- {{event: {event.tag}, when: [member]}}'"
        else:
            message = f"'{event.tag}' has no tag, and 'default' in spec.yaml does not name it"
            hint = f"add '{{event: {event.tag}, when: [member]}}' to 'default', or remove 'tag: none'"
        report.add(UNREACHABLE_EVENT, event.span, message, hint)


def declared_tags(spec: ir.Spec, report: Report) -> None:
    """E420: an event that does not declare what its key says of its body."""
    for event in spec.events if not spec.tag.member else ():
        # That a key has too many parts is reported, and nothing follows from it.
        for key in (key for key in event.keys if len(key.parts) <= len(spec.tag.parts)):
            for part, value in zip(spec.tag.parts, key.parts, strict=False):
                _check_part(spec, event, part, value, report)


def _check_part(
    spec: ir.Spec, event: ir.Event, part: tuple[ir.TagPlace, ...], value: ir.TagValue, report: Report
) -> None:
    """Check that an event declares the value that a part of its key has, in one of the places of that part."""
    paths = [place.path for place in part if isinstance(place, ir.MemberTag)]
    if len(paths) < len(part):
        # A name, or what comes beside the body, is no field.
        return
    found = [reach(spec, ir.RecordRef(event.record.name), path) for path in paths]
    wanted = ir.type_text(ir.constant(value))
    if any(may_be(spec, each, value) for reached in found for each in reached.types) or not all(
        reached.complete for reached in found
    ):
        return
    shown = next((ir.type_text(each) for reached in found for each in reached.types), "")
    where = path_text(paths[0])
    if shown:
        message = f"'{where}' of '{event.tag}' is {shown}, and its key says {wanted}"
        report.add(UNDECLARED_TAG, event.span, message, "change the type of the field, or the key")
    else:
        message = f"'{event.tag}' has its tag in '{where}', which it does not declare"
        quoted = f"'{wanted}'" if isinstance(value, str) else wanted
        hint = f"add the field '{where}' with 'type: {quoted}'"
        if len(paths[0]) > 1:
            hint = f"declare '{paths[0][0]}', and in its type '{'.'.join(paths[0][1:])}' with 'type: {quoted}'"
        report.add(UNDECLARED_TAG, event.span, message, hint)


def conditions_of_defaults(spec: ir.Spec, report: Report) -> None:
    """E405, E413: a condition on what an event does not have. E403: a default that can never be meant."""
    for choice in spec.default:
        for test, span in zip(choice.when, choice.when_spans, strict=True):
            check_test(spec, ir.RecordRef(choice.record), f"'{choice.record}'", test, span, report)
    for place, choice in enumerate(spec.default):
        before = next((each for each in spec.default[:place] if covers(each, choice)), None)
        if before is not None:
            message = f"'{choice.record}' can never be meant: '{before.record}' takes all of that"
            report.add(UNREACHABLE_VARIANT, choice.span, message, f"list it before '{before.record}'")


def missing_events(spec: ir.Spec, report: Report) -> None:
    """E409: a spec without a single event."""
    if not spec.events and not report.has_errors:
        hint = "add 'events:' to a file; `eventwright new event TAG` writes a first one"
        report.add(NO_EVENTS, spec.span, f"the spec '{spec.name}' has no event", hint)


MODEL_CHECKS = (
    tag_as_field,
    optional_tags,
    optional_without_tag,
    declared_tags,
    conditions_of_defaults,
    missing_events,
)
CHECKS = (tag_text, odd_tags, events_without_a_way)
