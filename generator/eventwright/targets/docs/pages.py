"""The pages of documentation: Markdown that reads well as it is and in a site made by MkDocs or Zensical.

Text of the spec is made harmless here: the views hold finished Markdown, and the templates only put it in place.
Every attribute of a view is finished Markdown, unless it says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ...output.render import Page
from ..target import Job
from .deviations import DEVIATIONS, deviations
from .events import event_view
from .guides import GUIDES
from .lifecycle import LIFECYCLE, Lifecycle
from .overviews import index, lists, llms, navigation
from .rules import CHECK, PROFILES, RULES, check_view, profiles_view, rules_view
from .site import ROOT, Site
from .types import enum_view, type_view, union_view

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class EmptyView:
    """For a page that does not depend on the spec."""


def pages(job: Job) -> Iterator[Page]:
    """Give the pages of documentation of a spec: the overview, a page for each declaration, lists and navigation."""
    spec = job.spec
    site = Site(spec)
    lifecycle = Lifecycle(site)
    yield Page(site.root / "index.md", "docs/index.md.jinja", index(site, lifecycle), shared=True)
    events = [(module, event) for module in spec.modules for event in module.events]
    for before, (module, event), after in _with_neighbours(events):
        view = event_view(site, lifecycle, module, event, before and before[1], after and after[1], job.snippets(event))
        yield Page(site.path(event.record.name), "docs/event.md.jinja", view)
    for module in spec.modules:
        for record in module.records:
            yield Page(site.path(record.name), "docs/type.md.jinja", type_view(site, lifecycle, module, record))
        for union in module.unions:
            yield Page(site.path(union.name), "docs/union.md.jinja", union_view(site, module, union))
        for enum in module.enums:
            yield Page(site.path(enum.name), "docs/enum.md.jinja", enum_view(site, module, enum))
    for folder, list_view in lists(site):
        yield Page(site.root / folder / "index.md", "docs/list.md.jinja", list_view, shared=True)
    yield Page(site.root / DEVIATIONS.file, "docs/deviations.md.jinja", deviations(site), shared=True)
    if spec.has_lifecycle:
        yield Page(site.root / LIFECYCLE, "docs/lifecycle.md.jinja", lifecycle.page(), shared=True)
        yield Page(site.root / RULES, "docs/rules.md.jinja", rules_view(spec), shared=True)
        if spec.profiles:
            yield Page(site.root / PROFILES, "docs/profiles.md.jinja", profiles_view(site), shared=True)
        yield Page(site.root / CHECK, "docs/check.md.jinja", check_view(spec), shared=True)
    yield Page(site.root / "llms.txt", "docs/llms.txt.jinja", llms(site, lifecycle), shared=True)
    for guide in GUIDES:
        yield Page(ROOT / guide.file, f"docs/{guide.file}.jinja", EmptyView())
    yield Page(site.root / "nav.yml", "docs/nav.yml.jinja", navigation(site, lifecycle), shared=True)
    yield Page(ROOT / "assets/site.css", "docs/assets/site.css.jinja", EmptyView())


def _with_neighbours(items: Sequence[_Item]) -> Iterator[tuple[_Item | None, _Item, _Item | None]]:
    for number, item in enumerate(items):
        yield (
            items[number - 1] if number else None,
            item,
            items[number + 1] if number + 1 < len(items) else None,
        )
