"""The module of folds: what each event does to the state, and what has to be known of the state for that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...model import ir
from .foldplaces import PlaceKey, place_of
from .foldwriting import FoldView, FoldWriter
from .identifiers import attribute_of, attribute_path
from .places import Imports, name_of
from .text import literal, literals


@dataclass(frozen=True, slots=True)
class FoldsView:
    """The module of folds.

    Attributes:
        growing: Classes of the state, each with the expression for the attributes that events build up.
        identities: Classes, each with the expression for the attribute that tells its objects apart.
        snapshots: Classes of the events that replace the whole state, each with the expression for where in them it is.
    """

    state: str
    imports: tuple[str, ...]
    folds: tuple[FoldView, ...]
    growing: tuple[tuple[str, str], ...]
    identities: tuple[tuple[str, str], ...]
    snapshots: tuple[tuple[str, str], ...]


def folds_view(spec: ir.Spec) -> FoldsView:
    """Give the view of the module of folds."""
    imports = Imports(depth=2, own="stream.folds")
    imports.stdlib("typing", "Final")
    imports.package("runtime.accumulating", "FoldTable")
    imports.package("runtime.accumulating", "SnapshotTable")
    imports.package("runtime.growing", "Growing")
    imports.package("runtime.growing", "Identities")
    finishing = _finishing(spec)
    folds = tuple(FoldWriter(spec, event, finishing, imports).view() for event in spec.events if event.folds)
    if folds:
        imports.package("runtime.drafts", "Draft")
    growing = tuple(
        (name_of(spec, name, imports), literals(fields)) for name, fields in _growing(spec).items() if fields
    )
    payloads = {event.record.name for event in spec.events}
    identities = tuple(
        (name_of(spec, name, imports), literal(attribute_of(record.unique)))
        for name, record in spec.records.items()
        if record.unique is not None and name not in payloads
    )
    snapshots = tuple(
        (name_of(spec, event.record.name, imports), literals(_attributes(spec, event, event.snapshot)))
        for event in spec.events
        if event.snapshot is not None
    )
    return FoldsView(spec.state, imports.lines, folds, growing, identities, snapshots)


def _attributes(spec: ir.Spec, event: ir.Event, path: Iterable[str]) -> tuple[str, ...]:
    """Give the attributes on a path of wire names in an event."""
    return attribute_path(spec, ir.RecordRef(event.record.name), path)


def _growing(spec: ir.Spec) -> dict[str, list[str]]:
    """Give the attributes of each record that events build up: by pieces, by elements, or by what is in them."""
    found: dict[str, list[str]] = {name: [] for name in spec.records}
    for fold in (fold for event in spec.events for fold in ir.changes(event.folds)):
        within: ir.Type = spec.state_type
        adds = fold.operator is ir.Operator.ADD
        for place, step in enumerate(fold.steps if fold.operator is not ir.Operator.REMOVE else ()):
            if isinstance(step, ir.Member) and (adds or place < len(fold.steps) - 1):
                for record in spec.records_of(within):
                    member = spec.records[record].field(step.name)
                    if member is not None and attribute_of(member) not in found[record]:
                        found[record].append(attribute_of(member))
            within = step.type
    return found


def _finishing(spec: ir.Spec) -> frozenset[tuple[PlaceKey, str]]:
    """Give the places of elements into which several events put one, each with the event that brings it finished."""
    putting: dict[PlaceKey, list[str]] = {}
    for event in spec.events:
        for fold in ir.changes(event.folds):
            if fold.operator is ir.Operator.SET and fold.steps and isinstance(fold.steps[-1], ir.Element):
                putting.setdefault(place_of(fold), []).append(event.tag)
    return frozenset((way, tags[-1]) for way, tags in putting.items() if len(set(tags)) > 1)
