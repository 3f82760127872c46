"""Rules about descriptions."""

from __future__ import annotations

import re

from ..diagnostics.printers import visible
from ..diagnostics.rule import Rule, Severity
from ..diagnostics.values import Report, Span
from ..model import ir
from ..syntax import walks
from ..syntax.declarations import (
    SpecDecl,
    Text,
)
from ..syntax.scanning import part_of
from .texts import CONTROL

NO_DESCRIPTION = Rule(
    "W701",
    Severity.WARNING,
    "missing description",
    "Descriptions become docstrings, docs and schema; a name alone leaves the reader to guess.",
)


REPEATED_NAME = Rule(
    "W702",
    Severity.WARNING,
    "description that repeats the name",
    "It costs a line and says nothing: tell what the field is for, who sets it, when it is missing.",
)


NO_FULL_STOP = Rule(
    "W703",
    Severity.WARNING,
    "description without a full stop",
    "Descriptions are put together into paragraphs, so each one is a sentence.",
)


LONG_DESCRIPTION = Rule(
    "W704",
    Severity.WARNING,
    "long description",
    "Nobody reads a paragraph in a tooltip; split the declaration, or describe the parts where they are declared.",
)


STRAY_SPACE = Rule(
    "W705",
    Severity.WARNING,
    "stray white space in a description",
    "It shows up in diffs and in code blocks.",
)


HIDDEN_TEXT = Rule(
    "E706",
    Severity.ERROR,
    "text with invisible characters",
    "Control and direction characters can make a text look like another one, in the docs and in a review.",
)


UNFINISHED_DESCRIPTION = Rule(
    "W707",
    Severity.WARNING,
    "unfinished description",
    "A placeholder must not reach the docs.",
)


MAX_DOC = 400
"""Characters that a description may have before it is called long."""


_STRAY_SPACE = re.compile(r"^\s+|[ \t]{2,}|\t|\s+$")


_PLACEHOLDER = re.compile(r"\b(TODO|FIXME|TBD|XXX)\b")


_FULL_STOP = re.compile(r"[.!?…。][)\"'»”’`*]*$")


_NOT_WORD = re.compile(r"[\W_]+")


_FILLER = frozenset("a an the this that is of event field type value object enum union group".split())


def missing_prose(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """W701: a declaration without a description."""
    for what, name, doc in walks.prose(declared):
        # A spec without `spec.yaml` has no place for a description of its own.
        if not doc.value.strip() and (what != "spec" or doc.span.start):
            report.add(NO_DESCRIPTION, doc.span, f"{what} '{name}' has no description", "say what its name does not")


def repeated_names(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """W702: a description that says no more than the name."""
    for what, name, doc in walks.prose(declared):
        words = _words(doc.value)
        if words and set(words) <= set(_words(name)) | _FILLER:
            message = f"the description of {what} '{name}' only repeats the name"
            report.add(REPEATED_NAME, doc.span, message, "say what it is for, who sets it, when it is missing")


def unfinished_sentences(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """W703: a description that does not end like a sentence."""
    for what, name, doc in walks.prose(declared):
        if doc.value.strip() and not _FULL_STOP.search(doc.value.strip()):
            report.add(
                NO_FULL_STOP, doc.span, f"the description of {what} '{name}' does not end a sentence", "add a full stop"
            )


def long_prose(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """W704: a description that nobody will read."""
    for what, name, doc in walks.prose(declared):
        size = len(doc.value.strip())
        if size > MAX_DOC:
            message = f"the description of {what} '{name}' has {size} characters"
            report.add(
                LONG_DESCRIPTION, doc.span, message, f"say it in {MAX_DOC}, or move a part to another declaration"
            )


def white_space(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """W705: white space around a description or doubled inside it."""
    for what, name, doc in walks.prose(declared):
        stray = _STRAY_SPACE.search(doc.value.removesuffix("\n"))
        if stray and doc.value.strip():
            message = f"the description of {what} '{name}' has white space around it or doubled"
            report.add(STRAY_SPACE, _part(doc, stray), message, "use one space between words and none around the text")


def hidden_text(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E706: control and direction characters, which make a text look like another one."""
    prose = [(what, name, doc) for what, name, doc in walks.prose(declared)]
    prose += [("file", file.path.as_posix(), file.title) for file in declared.files]
    prose.append(("spec", declared.name.value, declared.title))
    for what, name, doc in prose:
        found = CONTROL.search(doc.value)
        if found:
            message = f"the text of {what} '{visible(name)}' holds the invisible character U+{ord(found[0]):04X}"
            report.add(HIDDEN_TEXT, _part(doc, found), message, "remove it")
    for what, owner, said in walks.with_prose(declared):
        found = CONTROL.search(said.deviates)
        if found:
            message = (
                f"'deviates' of {what} '{visible(owner.value)}' holds the invisible character U+{ord(found[0]):04X}"
            )
            report.add(HIDDEN_TEXT, owner.span, message, "remove it")


def placeholders(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """W707: a description that is still to be written."""
    for what, name, doc in walks.prose(declared):
        found = _PLACEHOLDER.search(doc.value)
        if found:
            message = f"the description of {what} '{name}' still says '{found[0]}'"
            report.add(UNFINISHED_DESCRIPTION, _part(doc, found), message, "write it")


def _part(text: Text, found: re.Match[str]) -> Span:
    return part_of(text.span, text.value, found.start(), found.end())


def _words(text: str) -> list[str]:
    """Give the words of a name or a text, without case, plural and punctuation."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    return [word.removesuffix("s") for word in _NOT_WORD.sub(" ", spaced).casefold().split()]


CHECKS = (
    missing_prose,
    repeated_names,
    unfinished_sentences,
    long_prose,
    white_space,
    hidden_text,
    placeholders,
)
