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
from ..syntax.declarations import ChoiceDecl, SpecDecl, Text, TypeDecl, UnionDecl

UNTAGGED_VARIANT = Rule(
    "E402",
    Severity.ERROR,
    "variant without a tag",
    "The variants of a union are told apart by their tags.",
)
UNREACHABLE_VARIANT = Rule(
    "E403",
    Severity.ERROR,
    "variant that can never be meant",
    "Of two variants with one tag, the first must say with `when` which fields make it the one.",
)

_SHOWN = 3
"""Names that a finding lists before it only counts them."""


def check_variants(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """Report variants without a tag (E402) and with one that another variant has (E403), each once for all unions."""
    types: dict[str, TypeDecl] = {}
    for file in declared.files:
        for type_ in file.types:
            types.setdefault(type_.name.value, type_)
    bound = {union.span for union in spec.unions.values()}
    unions = [union for file in declared.files for union in file.unions if union.name.span in bound]
    for name in declared.contested:
        types.pop(name, None)
    _report_untagged(spec, unions, types, report)
    _report_shared(unions, types, report)


@dataclass(frozen=True, slots=True)
class _Clash:
    """A variant that takes all objects with its tag, and those behind it that have the tag too."""

    tag: str
    union: UnionDecl
    first: ChoiceDecl
    behind: tuple[ChoiceDecl, ...]

    @property
    def pairs(self) -> list[frozenset[str]]:
        return [frozenset([self.first.type.value, choice.type.value]) for choice in self.behind]


def _report_untagged(spec: ir.Spec, unions: list[UnionDecl], types: dict[str, TypeDecl], report: Report) -> None:
    listed: dict[str, list[tuple[UnionDecl, Text]]] = {}
    for union in unions:
        for choice in union.variants:
            type_ = types.get(choice.type.value)
            if type_ is not None and not type_.tags and not type_.tag_unread:
                listed.setdefault(choice.type.value, []).append((union, choice.type))
    fields = [field for record in spec.records.values() for field in record.fields]
    plain = {name for field in fields for name in ir.references(field.type)}
    for name, places in listed.items():
        owners = _listing(union.name.value for union, _ in places)
        if name in plain and len(places) == 1:
            # It does well without a tag elsewhere, so it is the union that is wrong.
            hint = f"leave it out, or add 'tag:' to type '{name}'"
            report.add(UNTAGGED_VARIANT, places[0][1].span, f"variant '{name}' has no tag", hint)
        else:
            message = f"type '{name}' has no tag, but is a variant of {owners}"
            report.add(UNTAGGED_VARIANT, types[name].name.span, message, f"add 'tag:', or leave it out of {owners}")


def _report_shared(unions: list[UnionDecl], types: dict[str, TypeDecl], report: Report) -> None:
    clashes: list[_Clash] = []
    told_apart: set[frozenset[str]] = set()
    for union in unions:
        for tag, sharing in _by_tag(union, types).items():
            first = next((choice for choice in sharing[:-1] if not choice.when), None)
            at = len(sharing) if first is None else sharing.index(first)
            names = [choice.type.value for choice in sharing[: at + 1]]
            told_apart |= {frozenset(pair) for pair in combinations(names, 2)}
            if first is None:
                continue
            for choice in sharing[at + 1 :]:
                if choice.type.value in names[:-1] and choice.type.value != first.type.value:
                    message = f"'{choice.type.value}' can never be meant here: '{first.type.value}' takes all others"
                    report.add(UNREACHABLE_VARIANT, choice.type.span, message, "remove it: it is listed above already")
            if behind := [choice for choice in sharing[at + 1 :] if choice.type.value not in names]:
                clashes.append(_Clash(tag, union, first, tuple(behind)))
    mistyped: list[_Clash] = []
    for clash in clashes:
        # Conditions here, or for the same types in another union, show that the tag is shared on purpose.
        if any(choice.when for choice in clash.behind) or told_apart.intersection(clash.pairs):
            name, others = clash.first.type, _listing(choice.type.value for choice in clash.behind)
            message = f"'{name.value}' takes all with the tag '{clash.tag}', so {others} can never be meant"
            report.add(
                UNREACHABLE_VARIANT,
                name.span,
                message,
                f"list it after {others}, or give it a 'when:' with its own fields",
            )
        else:
            mistyped.append(clash)
    _report_mistyped(mistyped, types, report)


def _by_tag(union: UnionDecl, types: dict[str, TypeDecl]) -> dict[str, list[ChoiceDecl]]:
    sharing: dict[str, list[ChoiceDecl]] = {}
    for choice in union.variants:
        type_ = types.get(choice.type.value)
        for tag in type_.tags if type_ else ():
            sharing.setdefault(tag.value, []).append(choice)
    return sharing


def _report_mistyped(clashes: list[_Clash], types: dict[str, TypeDecl], report: Report) -> None:
    """Report tags that no union tells apart, at the type that clashes most; of two, at the one less like its tag."""
    open_pairs = [(clash.tag, pair, clash.union.name.value) for clash in clashes for pair in clash.pairs]
    places = {name: place for place, name in enumerate(types)}
    while open_pairs:
        counts = Counter((tag, name) for tag, pair, _ in open_pairs for name in pair)
        tag, name = max(counts, key=lambda each: (counts[each], -_likeness(*each), places[each[1]]))
        found = [each for each in open_pairs if each[0] == tag and name in each[1]]
        open_pairs = [each for each in open_pairs if each not in found]
        others = list(dict.fromkeys(other for _, pair, _ in found for other in pair - {name}))
        owners = _listing(union for _, _, union in found)
        message = f"'{name}' has the tag '{tag}' of {_listing(others)}, so {owners} cannot tell them apart"
        hint = f"change one of the tags, or list '{{type: {others[0]}, when: [field]}}' before '{name}'"
        report.add(
            UNREACHABLE_VARIANT, next(text.span for text in types[name].tags if text.value == tag), message, hint
        )


def _likeness(tag: str, name: str) -> int:
    """Count the words of a tag that are in the name of a type."""
    return len(set(snake(name).split("_")) & set(snake(camel(tag)).split("_")))


def _listing(names: Iterable[str]) -> str:
    shown = [f"'{name}'" for name in dict.fromkeys(names)]
    if len(shown) > _SHOWN:
        return f"{', '.join(shown[:_SHOWN])} and {len(shown) - _SHOWN} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


CHECKS = (check_variants,)
