"""Rules about the tags of events and types."""

from __future__ import annotations

import re

from ..diagnostics.printers import visible
from ..diagnostics.rule import Rule, Severity
from ..diagnostics.values import Report
from ..model import ir
from ..syntax.declarations import SpecDecl, Text
from .texts import NAME_CONTROL

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
        for choice in () if union.default else union.variants:
            if spec.records[choice.record].tag_optional:
                hint = f"add 'default: {choice.record}' to the union"
                message = f"the tag of '{choice.record}' may be absent, but '{union.name}' has no default"
                report.add(NO_DEFAULT, choice.span, message, hint)


def is_readable(tag: str) -> bool:
    """Whether a tag is what people see of it."""
    return not NAME_CONTROL.search(tag)


def tag_text(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E410: a tag that holds invisible characters."""
    for file in declared.files:
        tags = [tag for type_ in file.types for tag in type_.tags]
        events = [tag for event in file.events for tag in (event.tag, *event.aliases)]
        for tag in [*tags, *events, Text(declared.tag.text, declared.tag.span)]:
            if not is_readable(tag.value):
                message = f"tag '{visible(tag.value)}' holds control or invisible characters"
                report.add(UNREADABLE_TAG, tag.span, message, "write it as it is on the wire, without them")


def odd_tags(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """W411: a tag that looks as if it was meant to be a number or a pattern."""
    for file in declared.files:
        tags = [tag for type_ in file.types for tag in type_.tags]
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


def missing_events(spec: ir.Spec, report: Report) -> None:
    """E409: a spec without a single event."""
    if not spec.events and not report.has_errors:
        hint = "add 'events:' to a file; `eventwright new event TAG` writes a first one"
        report.add(NO_EVENTS, spec.span, f"the spec '{spec.name}' has no event", hint)


MODEL_CHECKS = (tag_as_field, optional_tags, optional_without_tag, missing_events)
CHECKS = (tag_text, odd_tags)
