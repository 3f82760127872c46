"""Rules about which declarations use which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.values import Report, Span
from ..model import ir
from ..model.graph import ordered
from ..syntax import walks
from ..syntax.declarations import SpecDecl, folder_of

CIRCULAR_FILES = Rule(
    "E308",
    Severity.ERROR,
    "files that depend on one another in a circle",
    "Each file becomes a part of the package, and what is read first must not need what comes later.",
)


UNUSED_DECLARATION = Rule(
    "W309",
    Severity.WARNING,
    "unused type, enum or union",
    "What no event reaches is dead weight in every copy of the generated package.",
)


UNUSED_GROUP = Rule(
    "W310",
    Severity.WARNING,
    "unused group",
    "Nobody sees a group that nothing uses, so it goes out of date.",
)


def circular_files(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E308: files depend on one another in a circle."""
    home = {name: module.path for module in spec.modules for name in ir.declared_names(module)}
    uses = {module.path: [home[name] for name in ir.used_names(module) if name in home] for module in spec.modules}
    _, circles = ordered(uses, uses)
    files = {file.path: file for file in declared.files}
    listed = {entry.value.partition("/")[0] for entry in declared.order}
    for circle in circles:
        folders = {folder_of(path) for path in circle}
        if len(folders) > 1 and folders <= listed:
            # One of the uses along it goes against the order of folders, which is reported.
            continue
        first, second = circle[0], circle[1]
        mentions = [name for name in walks.file_mentions(files[first]) if home.get(name.value) == second]
        path = " -> ".join(step.as_posix() for step in [*circle, first])
        span = mentions[0].span if mentions else Span(files[first].file)
        hint = "move what they share into a file of its own"
        report.add(CIRCULAR_FILES, span, f"files depend on one another in a circle: {path}", hint)


def unused_declarations(spec: ir.Spec, report: Report) -> None:
    """W309: a type, enum or union that no event reaches."""
    if not spec.complete:
        # What is unknown may use anything.
        return
    found: dict[str, tuple[str, Span]] = {}
    for module in spec.modules:
        found.update({enum.name: ("enum", enum.span) for enum in module.enums})
        found.update({record.name: ("type", record.span) for record in module.records})
        found.update({union.name: ("union", union.span) for union in module.unions})
    uses = {
        name: {use for field in each.fields for use in ir.references(field.bound)}
        for name, each in spec.records.items()
    }
    uses.update({union.name: set(union.records) for union in spec.unions.values()})
    for name in _tops(found, [spec.state, *(event.record.name for event in spec.events)], uses):
        what, span = found[name]
        report.add(UNUSED_DECLARATION, span, f"{what} '{name}' is not used by any event", "use it, or remove it")


def unused_groups(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """W310: a group that no type and no event uses."""
    if not spec.complete:
        return
    groups = {group.name.value: group for file in declared.files for group in file.groups}
    used = [text.value for file in declared.files for type_ in file.types for text in type_.use]
    used += [text.value for event in walks.events(declared) for text in event.use]
    uses = {name: {text.value for text in group.use} for name, group in groups.items()}
    for name in _tops(groups, used, uses):
        report.add(UNUSED_GROUP, groups[name].name.span, f"group '{name}' is not used", "use it, or remove it")


def _tops(found: Iterable[str], roots: Iterable[str], uses: dict[str, set[str]]) -> Iterator[str]:
    """Give what cannot be reached, without what goes away with that; of a circle, the first."""
    found, reached = list(found), _reachable(roots, uses)
    beneath = {use for name in found if name not in reached for use in uses.get(name, ()) if use != name}
    for name in [*(name for name in found if name not in beneath), *found]:
        if name not in reached:
            reached |= _reachable([name], uses)
            yield name


def _reachable(roots: Iterable[str], uses: dict[str, set[str]]) -> set[str]:
    waiting, reached = list(roots), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += uses.get(name, ())
    return reached


MODEL_CHECKS = (unused_declarations,)
CHECKS = (circular_files, unused_groups)
