"""The keys that there are, by what they stand in."""

from __future__ import annotations

LIFECYCLE_SECTIONS = ("sequences", "profiles", "rules")
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
    "lane",
    "done",
    "places",
    "readings",
    *LIFECYCLE_SECTIONS,
    "include",
    "order",
    "allow",
)
FILE_KEYS = ("title", "doc", "allow", *SECTIONS, *LIFECYCLE_SECTIONS)
GROUP_KEYS = ("doc", "at", "use", "fields", "allow")
FIELD_KEYS = (
    "type",
    "attribute",
    "optional",
    "nullable",
    "deprecated",
    "counter",
    "unique",
    "same",
    "fixed",
    "varies",
    "deviates",
    "doc",
)
END_KEYS = ("ends", "when")
READING_KEYS = ("join", "all", "doc")
TYPE_KEYS = ("doc", "deviates", "deprecated", "tag", "tag_optional", "use", "fields", "allow")
ENUM_KEYS = ("doc", "deviates", "open", "values", "ranks", "allow")
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
    "at",
    "opens",
    "closes",
    "anytime",
    "method",
    "use",
    "fields",
    "holds",
    "fold",
    "ends",
    "reason",
    "status",
    "error",
    "example",
    "allow",
)

HOLD_KEYS = ("rule", "that")
PROFILE_KEYS = ("doc", "off")
RULE_KEYS = ("severity", "why", "seen", "fix")
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
    "hold": HOLD_KEYS,
    "profile": PROFILE_KEYS,
    "rule": RULE_KEYS,
}
