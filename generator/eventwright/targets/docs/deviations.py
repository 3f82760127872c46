"""All that recordings do otherwise, on one page: which field, what is different, and where."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...model import ir
from .guides import Guide
from .markdown import code, escape, joined, plain, prose
from .site import Site

DEVIATIONS = Guide(
    "How recordings differ", "deviations.md", "All that recorded streams do otherwise than upstream says."
)

_SHOWN = 3
"""How many places of a field are named before the others are counted."""


@dataclass(frozen=True, slots=True)
class DeviationRow:
    """A way in which recordings differ; finished Markdown."""

    field: str
    text: str
    places: str


@dataclass(frozen=True, slots=True)
class DeviationsView:
    """The page of what recordings do otherwise.

    Attributes:
        providers: Those of the profiles that a row names, as most rows write them; empty where there are none.
    """

    title: str
    providers: str
    rows: tuple[DeviationRow, ...]


def deviations(site: Site) -> DeviationsView:
    """Collect what differs: what is said alike of a field of several objects makes one row."""
    found: dict[tuple[str, str], list[str]] = {}
    for name, field, text in _all(site.spec):
        if text:
            found.setdefault((field, text), []).append(name)
    providers = tuple(_providers(site.spec, [text for _, text in found]))
    return DeviationsView(
        title=escape(plain(site.spec.title)),
        providers=joined(providers, "or") if providers else "",
        rows=tuple(
            DeviationRow(code(field) if field else "as a whole", prose(text), _places(site, names, field))
            for (field, text), names in found.items()
        ),
    )


def _providers(spec: ir.Spec, texts: Sequence[str]) -> Iterator[str]:
    together = "\n".join(texts)
    for profile in spec.profiles:
        # Where it is a part of the name of something else, such as a library, it names no provider.
        name = rf"(?<![\w-]){re.escape(profile.name)}(?![\w-])"
        spellings = Counter(re.findall(name, together, re.IGNORECASE))
        yield from (escape(plain(spelling)) for spelling, _ in spellings.most_common(1))


def _all(spec: ir.Spec) -> Iterator[tuple[str, str, str]]:
    """Give each text with the declaration and the field that it is about; without a field, it is about the whole."""
    for module in spec.modules:
        for record in (*(event.record for event in module.events), *module.records):
            yield record.name, "", record.deviates
            for field in record.fields:
                yield record.name, field.name, field.deviates
        for union in module.unions:
            yield union.name, "", union.deviates
        for enum in module.enums:
            yield enum.name, "", enum.deviates


def _places(site: Site, names: list[str], field: str) -> str:
    links = [site.field_link(name, field, "") if field else site.link(name, "") for name in names]
    more = len(links) - _SHOWN
    # To count one instead of naming it saves nothing.
    if more > 1:
        links[_SHOWN:] = [f"{more} more"]
    return ", ".join(links)
