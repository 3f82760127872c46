"""Holds the variants of every union to the tags that tell them apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.values import Report
from ..model import ir
from ..model.names import camel, snake
from ..model.reaching import may_be, reach
from ..syntax.paths import path_text
from .conditions import check_test

UNTAGGED_VARIANT = Rule(
    "E402",
    Severity.ERROR,
    "variant without a tag",
    "The variants of a union are told apart by their tags, or by conditions under `when`.",
)
UNREACHABLE_VARIANT = Rule(
    "E403",
    Severity.ERROR,
    "variant that can never be meant",
    "Of two variants with one tag, the first must say with `when` which fields make it the one.",
)

TAGGED_UNKNOWN = Rule(
    "E422",
    Severity.ERROR,
    "type of unknown kinds with the tag of one kind",
    "Objects of an unknown kind have any tag, so the type that stands for them says none.",
)
WRAPPED_TYPE = Rule(
    "E421",
    Severity.ERROR,
    "type that is told by the name around it, without that name",
    'Where `tag: "{member}"` holds, an object of the type is always the value of the member that names it.',
)

_SHOWN = 3
"""Names that a diagnostic lists before it only counts them."""


def check_variants(spec: ir.Spec, report: Report) -> None:
    """Report variants without a tag (E402) and with one that another variant has (E403), each once for all unions."""
    _report_untagged(spec, report)
    _report_shared(spec, report)
    _report_behind(spec, report)
    _report_covered(spec, report)


def conditions(spec: ir.Spec, report: Report) -> None:
    """E405, E413: a condition on a field that the variant does not have, or that can never hold."""
    for union in spec.unions.values():
        for choice in (*union.variants, *union.default):
            record = spec.records[choice.record]
            for test, span in zip(choice.when, choice.when_spans, strict=True):
                check_test(spec, ir.RecordRef(record.name), f"'{record.name}'", test, span, report)


@dataclass(frozen=True, slots=True)
class _Clash:
    """A variant that takes all objects with its tag, and those behind it that have the tag too."""

    tag: ir.TagValue
    union: ir.Union
    first: ir.Choice
    behind: tuple[ir.Choice, ...]

    @property
    def pairs(self) -> list[frozenset[str]]:
        return [frozenset([self.first.record, choice.record]) for choice in self.behind]


def _report_untagged(spec: ir.Spec, report: Report) -> None:
    listed: dict[str, list[tuple[ir.Union, ir.Choice]]] = {}
    for union in spec.unions.values():
        for choice in union.variants if union.tag.parts else ():
            record = spec.records[choice.record]
            if not record.tags and not choice.when and record.complete:
                listed.setdefault(record.name, []).append((union, choice))
    fields = [field for record in spec.records.values() for field in record.fields]
    plain = {name for field in fields for name in ir.references(field.bound)}
    for name, places in listed.items():
        owners = _listing(union.name for union, _ in places)
        if name in plain and len(places) == 1:
            # It does well without a tag elsewhere, so it is the union that is wrong.
            hint = f"leave it out, add 'tag:' to type '{name}', or say by 'when:' what tells it from the others"
            report.add(UNTAGGED_VARIANT, places[0][1].span, f"variant '{name}' has no tag", hint)
        else:
            message = f"type '{name}' has no tag, but is a variant of {owners}"
            report.add(UNTAGGED_VARIANT, spec.records[name].span, message, f"add 'tag:', or leave it out of {owners}")


def _report_shared(spec: ir.Spec, report: Report) -> None:
    clashes: list[_Clash] = []
    told_apart: set[frozenset[str]] = set()
    for union in spec.unions.values():
        for tag, sharing in union.by_tag:
            first = next((choice for choice in sharing[:-1] if not choice.when), None)
            at = len(sharing) if first is None else sharing.index(first)
            names = [choice.record for choice in sharing[: at + 1]]
            told_apart |= {frozenset(pair) for pair in combinations(names, 2)}
            if first is None:
                continue
            for choice in sharing[at + 1 :]:
                if choice.record in names[:-1] and choice.record != first.record:
                    message = f"'{choice.record}' can never be meant here: '{first.record}' takes all others"
                    report.add(UNREACHABLE_VARIANT, choice.span, message, "remove it: it is listed above already")
            if behind := [choice for choice in sharing[at + 1 :] if choice.record not in names]:
                clashes.append(_Clash(tag, union, first, tuple(behind)))
    mistyped: list[_Clash] = []
    for clash in clashes:
        # Conditions here, or for the same types in another union, show that the tag is shared on purpose.
        if any(choice.when for choice in clash.behind) or told_apart.intersection(clash.pairs):
            others = _listing(choice.record for choice in clash.behind)
            tag = ir.tag_text(clash.tag)
            message = f"'{clash.first.record}' takes all with the tag '{tag}', so {others} can never be meant"
            hint = f"list it after {others}, or give it a 'when:' with its own fields"
            report.add(UNREACHABLE_VARIANT, clash.first.span, message, hint)
        else:
            mistyped.append(clash)
    _report_mistyped(mistyped, spec, report)


def _report_behind(spec: ir.Spec, report: Report) -> None:
    """Report candidates for objects without a tag behind one that takes all of these."""
    for union in spec.unions.values():
        first = next((choice for choice in union.default[:-1] if not choice.when), None)
        if first is not None:
            others = _listing(choice.record for choice in union.default[union.default.index(first) + 1 :])
            what = "without a tag" if union.tag.parts else "that comes to it"
            message = f"'{first.record}' takes every object {what}, so {others} can never be meant"
            hint = f"list it after {others}, or give it a 'when:' with its own fields"
            report.add(UNREACHABLE_VARIANT, first.span, message, hint)


def _report_covered(spec: ir.Spec, report: Report) -> None:
    """Report variants whose conditions hold only where those of one before them do."""
    for union in spec.unions.values():
        for sharing in (*(choices for _, choices in union.by_tag), union.default):
            for earlier, later in combinations((choice for choice in sharing if choice.when), 2):
                if covers(earlier, later):
                    fields = _listing(_shown(test) for test in earlier.when)
                    message = f"'{later.record}' can never be meant: '{earlier.record}' takes all with {fields}"
                    hint = f"list it before '{earlier.record}'"
                    if covers(later, earlier):
                        hint = "name a field in its 'when:' that the other one does not have"
                    report.add(UNREACHABLE_VARIANT, later.span, message, hint)


def covers(earlier: ir.Choice, later: ir.Choice) -> bool:
    """Whether all that is true of an object for one choice is true for another one as well."""
    there = {test.path for test in later.when}
    return all(test in later.when or (test.value is None and test.path in there) for test in earlier.when)


def _shown(test: ir.Test) -> str:
    path = path_text(test.path)
    return path if test.value is None else f"{path}: {ir.tag_text(test.value)}"


def _report_mistyped(clashes: list[_Clash], spec: ir.Spec, report: Report) -> None:
    """Report tags that no union tells apart, at the type that clashes most; of two, at the one less like its tag."""
    open_pairs = [(clash.tag, pair, clash.union.name) for clash in clashes for pair in clash.pairs]
    places = {name: place for place, name in enumerate(spec.records)}
    while open_pairs:
        counts = Counter((tag, name) for tag, pair, _ in open_pairs for name in pair)
        tag, name = max(counts, key=lambda each: (counts[each], -_likeness(*each), places[each[1]]))
        found = [each for each in open_pairs if each[0] == tag and name in each[1]]
        open_pairs = [each for each in open_pairs if each not in found]
        others = list(dict.fromkeys(other for _, pair, _ in found for other in pair - {name}))
        owners = _listing(union for _, _, union in found)
        message = f"'{name}' has the tag '{ir.tag_text(tag)}' of {_listing(others)}, so {owners} cannot tell them apart"
        hint = f"change one of the tags, or list '{{type: {others[0]}, when: [field]}}' before '{name}'"
        record = spec.records[name]
        report.add(UNREACHABLE_VARIANT, record.tag_spans[record.tags.index(tag)], message, hint)


def _likeness(tag: ir.TagValue, name: str) -> int:
    """Count the words of a tag that are in the name of a type."""
    return len(set(snake(name).split("_")) & set(snake(camel(ir.tag_text(tag))).split("_")))


def _listing(names: Iterable[str]) -> str:
    shown = [f"'{name}'" for name in dict.fromkeys(names)]
    if len(shown) > _SHOWN:
        return f"{', '.join(shown[:_SHOWN])} and {len(shown) - _SHOWN} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def literals(spec: ir.Spec, report: Report) -> None:
    """E405, E413: a variant without the member in which its union has the tag, or with another value there."""
    for union in spec.unions.values():
        for choice in union.variants if not union.tag.member else ():
            record = spec.records[choice.record]
            for tag, span in zip(record.tags, record.tag_spans, strict=True) if record.complete else ():
                reached = [reach(spec, ir.RecordRef(record.name), path) for path in union.tag.paths]
                if not any(may_be(spec, each, tag) for found in reached for each in found.types):
                    test = ir.Test(union.tag.paths[0], tag) if union.tag.paths else None
                    if test and all(found.complete for found in reached):
                        check_test(spec, ir.RecordRef(record.name), f"'{record.name}'", test, span, report)


def unknown_kinds(spec: ir.Spec, report: Report) -> None:
    """E422: a type of unknown kinds that has a tag of its own."""
    for union in spec.unions.values():
        record = spec.records.get(union.unknown)
        if record is not None and record.tags:
            message = f"'{record.name}' is for unknown kinds in '{union.name}', but has the tag of one kind"
            hint = "remove its 'tag:', and leave it out of 'variants'; where it is a kind, too, make a type for that"
            report.add(TAGGED_UNKNOWN, record.tag_spans[0], message, hint)


def wrapped_types(spec: ir.Spec, report: Report) -> None:
    """E421: a type whose tag is the name around it, where no such name is."""
    for record in spec.records.values():
        if not record.is_wrapped:
            continue
        union = next(each.name for each in spec.unions.values() if each.tag.is_name and record.name in each.records)
        name, apart = record.name, "make a type for each, with the fields that they share in a group"
        if len(record.tags) > 1:
            message = f"'{name}' has several tags, and in '{union}' the tag is the name around an object"
            report.add(WRAPPED_TYPE, record.tag_spans[1], message, apart)
        if not isinstance(record.tags[0], str):
            message = f"the tag of '{name}' is {ir.tag_text(record.tags[0])}, and in '{union}' the tag is a name"
            report.add(WRAPPED_TYPE, record.tag_spans[0], message, f'write "{ir.tag_text(record.tags[0])}", in quotes')
        if record.tag_optional:
            message = f"the tag of '{name}' is the name around it in '{union}', so it is always there"
            report.add(WRAPPED_TYPE, record.span, message, "remove 'tag_optional'")
        for other in spec.records.values():
            for field in other.fields:
                if name in ir.references(field.bound):
                    message = f"field '{field.name}' names '{name}', which is told by the name around it"
                    report.add(WRAPPED_TYPE, field.span, message, f"write '{union}' instead of '{name}'")
        if spec.state == name:
            hint = f"write another type under 'state': {apart}"
            report.add(WRAPPED_TYPE, record.span, f"the state '{name}' is told by the name around it", hint)
        for each in spec.unions.values():
            bare = each.variants if not each.tag.parts else each.default
            for span in [choice.span for choice in bare if choice.record == name]:
                message = f"'{name}' is told by the name around it, and here is none"
                report.add(WRAPPED_TYPE, span, message, apart)


MODEL_CHECKS = (check_variants, conditions, literals, unknown_kinds, wrapped_types)
