"""Rules about the tags of events and types."""

from __future__ import annotations

from collections.abc import Iterator

from ..diagnostics.printers import visible
from ..diagnostics.rule import Rule, Severity
from ..diagnostics.values import Report
from ..model import ir
from ..syntax import walks
from ..syntax.declarations import (
    EventDecl,
    SpecDecl,
    TypeDecl,
    UnionDecl,
)
from .texts import NAME_CONTROL

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
    "tag with white space or invisible characters",
    "A tag is compared byte by byte; what cannot be seen cannot be checked by eye.",
)


OPTIONAL_WITHOUT_TAG = Rule(
    "E412",
    Severity.ERROR,
    "optional tag on a type without a tag",
    "It has no effect; probably `tag` was forgotten.",
)


def tag_as_field(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E406: a field that has the name of the tag, in an object that has a tag already."""
    tag = declared.tag.value
    groups = {group.name.value: group for file in declared.files for group in file.groups}
    for _, each in walks.declarations(declared):
        if isinstance(each, EventDecl) or (isinstance(each, TypeDecl) and each.tags):
            for field in walks.all_fields(each, groups):
                if field.name.value == tag:
                    hint = "remove it: the tag is written by 'tag:' of a type and by the key of an event"
                    report.add(TAG_AS_FIELD, field.name.span, f"field '{tag}' repeats the tag", hint)


def optional_tags(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E408: a type whose tag may be absent, in a union that says nothing about objects without a tag."""
    for union in _first_unions(spec, declared):
        if spec.unions[union.name.value].default:
            continue
        for choice in union.variants:
            record = spec.records.get(choice.type.value)
            if record is not None and record.tag_optional and record.name not in declared.contested:
                hint = f"add 'default: {record.name}' to the union"
                message = f"the tag of '{record.name}' may be absent, but '{union.name.value}' has no default"
                report.add(NO_DEFAULT, choice.type.span, message, hint)


def is_readable(tag: str) -> bool:
    """Whether a tag is what people see of it."""
    return bool(tag) and not NAME_CONTROL.search(tag) and tag == tag.strip() and " " not in tag


def tag_text(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E410: a tag that is empty or that holds white space or invisible characters."""
    for file in declared.files:
        tags = [tag for type_ in file.types for tag in type_.tags]
        for tag in [*tags, *(event.tag for event in file.events), declared.tag]:
            if not is_readable(tag.value):
                message = f"tag '{visible(tag.value)}' is empty or holds white space or invisible characters"
                report.add(UNREADABLE_TAG, tag.span, message, "write it as it is on the wire")


def optional_without_tag(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E412: `tag_optional` on a type that has no tag."""
    for file in declared.files:
        for type_ in file.types:
            if type_.tag_optional and not type_.tags and not type_.tag_unread:
                message = f"'tag_optional' on '{type_.name.value}', which has no tag"
                report.add(OPTIONAL_WITHOUT_TAG, type_.name.span, message, "add 'tag:', or remove 'tag_optional'")


def missing_events(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E409: a spec without a single event."""
    if not any(file.events for file in declared.files) and not report.has_errors:
        hint = "add 'events:' to a file; `eventwright new event TAG` writes a first one"
        report.add(NO_EVENTS, declared.name.span, f"the spec '{declared.name.value}' has no event", hint)


def _first_unions(spec: ir.Spec, declared: SpecDecl) -> Iterator[UnionDecl]:
    bound = {union.span for union in spec.unions.values()}
    return (union for file in declared.files for union in file.unions if union.name.span in bound)


CHECKS = (
    tag_as_field,
    optional_tags,
    tag_text,
    optional_without_tag,
    missing_events,
)
