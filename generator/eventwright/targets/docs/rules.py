"""The pages about the rules that streams are held to, about profiles, and about how to check a stream."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby

from ...model import ir
from ...model.laws import STREAM, LintRule, lint_rules
from .markdown import code, counted, escape, joined, paragraphs, plain, prose
from .site import Site

RULES = "rules.md"
PROFILES = "profiles.md"
CHECK = "check.md"
"""The pages, below the docs of a spec."""

_ANCHOR = re.compile(r"[a-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule that streams are held to; texts that nobody has given are empty."""

    id: str
    severity: str
    statement: str
    why: str
    seen: str
    fix: str
    profiles: str


@dataclass(frozen=True, slots=True)
class RuleSection:
    """The rules about a place or about the stream."""

    title: str
    rules: tuple[RuleView, ...]


@dataclass(frozen=True, slots=True)
class RulesView:
    """The page about the rules."""

    title: str
    counts: str
    package: str
    has_profiles: bool
    sections: tuple[RuleSection, ...]


@dataclass(frozen=True, slots=True)
class OffRow:
    """A rule that a profile turns off."""

    rule: str
    types: str
    reason: str


@dataclass(frozen=True, slots=True)
class ProfileView:
    """What streams of one provider are forgiven."""

    title: str
    doc: tuple[str, ...]
    count: str
    rows: tuple[OffRow, ...]


@dataclass(frozen=True, slots=True)
class ProfilesView:
    """The page about the profiles."""

    title: str
    profiles: tuple[ProfileView, ...]


@dataclass(frozen=True, slots=True)
class CheckView:
    """The page about how to check a stream.

    Attributes:
        rule: Id of a rule, for a command.
        profile: Name of a profile, for a command; empty where there is none, or none that a shell takes as it is.
        off: The rules that are off, as the subject of a sentence with its verb; empty if there are none.
        options: The arguments of functions that there is a use for.
    """

    title: str
    package: str
    counts: str
    rule: str
    profile: str
    off: str
    options: str


def rules_view(spec: ir.Spec) -> RulesView:
    """Give the page about the rules."""
    listed = lint_rules(spec)
    order = [STREAM, *(place.name for place in spec.places)]
    by_place = sorted(listed, key=lambda rule: order.index(rule.place))
    sections = []
    for name, rules in groupby(by_place, key=lambda rule: rule.place):
        title = "Stream" if name == STREAM else f"Place {code(name)}"
        sections.append(RuleSection(title, tuple(_rule(spec, rule) for rule in rules)))
    return RulesView(
        title=f"Rules of {escape(plain(spec.title))}",
        counts=counted(len(listed), "rule", "rules"),
        package=spec.name,
        has_profiles=bool(spec.profiles),
        sections=tuple(sections),
    )


def _rule(spec: ir.Spec, rule: LintRule) -> RuleView:
    off = [
        f"[{code(profile.name)}]({PROFILES}{anchored(profile.name)})"
        for profile in spec.profiles
        if any(each.rule == rule.id for each in profile.off)
    ]
    return RuleView(
        id=code(rule.id),
        severity=rule.severity.capitalize(),
        statement=prose(rule.statement),
        why=prose(rule.why),
        seen=prose(rule.seen),
        fix=prose(rule.fix),
        profiles=joined(off, "and") if off else "",
    )


def profiles_view(site: Site) -> ProfilesView:
    """Give the page about the profiles, in a spec that has some."""
    spec = site.spec
    all_rules = counted(len(lint_rules(spec)), "rule", "rules")
    return ProfilesView(
        title=f"Profiles of {escape(plain(spec.title))}",
        profiles=tuple(
            ProfileView(
                title=code(profile.name),
                doc=paragraphs(profile.doc),
                count=f"{len({off.rule for off in profile.off})} of {all_rules}",
                rows=tuple(
                    OffRow(
                        rule_link(off.rule, ""),
                        site.link(off.type, "") if off.type else "all types",
                        prose(off.reason),
                    )
                    for off in profile.off
                ),
            )
            for profile in spec.profiles
        ),
    )


def check_view(spec: ir.Spec) -> CheckView:
    """Give the page about how to check a stream."""
    listed = lint_rules(spec)
    names = [profile.name for profile in spec.profiles if _ANCHOR.fullmatch(profile.name)]
    off = [code(rule.id) for rule in listed if rule.severity == "off"]
    options = [f'`profile="{names[0]}"`'] if names else []
    options += ["`extra=`, a list of rules that are off"] if off else []
    return CheckView(
        title=f"Check a stream: {escape(plain(spec.title))}",
        package=spec.name,
        counts=counted(len(listed), "rule", "rules"),
        rule=listed[0].id,
        profile=names[0] if names else "",
        off=f"{joined(off, 'and')} {'is' if len(off) == 1 else 'are'}" if off else "",
        options=joined(options, "and") if options else "",
    )


def rule_link(rule: str, folder: str) -> str:
    """Give a link to a rule, as seen from a page in a folder."""
    return f"[{code(rule)}]({href(RULES, folder, anchored(rule))})"


def href(file: str, folder: str, anchor: str) -> str:
    """Give the address of a place in a page about the spec as a whole, as seen from a page in a folder."""
    return f"{'../' if folder else ''}{file}{anchor}"


def anchored(heading: str) -> str:
    """Give the address of a heading in its page; nothing where sites differ on what they make of it."""
    return f"#{heading}" if _ANCHOR.fullmatch(heading) else ""
