"""Rules about which declarations use which."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import chain

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.suggest import closest
from ..diagnostics.values import Report, Span
from ..model import ir
from ..model.graph import ordered
from ..syntax import walks
from ..syntax.declarations import (
    EnumDecl,
    GroupDecl,
    SpecDecl,
    TypeDecl,
    UnionDecl,
    folder_of,
)
from ..syntax.foreign import mend_name

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


_PRIMITIVES = frozenset(primitive.value for primitive in ir.Primitive)


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


def unused_declarations(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """W309: a type, enum or union that no event reaches."""
    if not declared.readable:
        return
    found: dict[str, tuple[str, EnumDecl | TypeDecl | UnionDecl]] = {}
    for file in declared.files:
        found.update({enum.name.value: ("enum", enum) for enum in file.enums})
        found.update({type_.name.value: ("type", type_) for type_ in file.types})
        found.update({union.name.value: ("union", union) for union in file.unions})
    groups = {group.name.value: group for file in declared.files for group in file.groups}
    uses = {name: {text.value for text in walks.mentions(each, groups)} for name, (_, each) in found.items()}
    roots = [text.value for event in walks.events(declared) for text in walks.mentions(event, groups)]
    if declared.state is not None:
        roots.append(declared.state.value)
    # Which of two declarations of one name is meant, and so what it uses, is open.
    contested = declared.contested
    roots += declared.unread | contested
    for _, each in walks.declarations(declared):
        if isinstance(each, (TypeDecl, UnionDecl)) and each.name.value in contested:
            roots += [text.value for text in walks.mentions(each, groups)]
    slips = _slips({*roots, *chain.from_iterable(uses.values())}, found, groups)
    if None in slips.values():
        # A type that has been renamed looks as if nothing used it.
        return
    roots += [meant for meant in slips.values() if meant]
    unused = found.keys() - _reachable(roots, uses)
    # What only unused things use goes away with them, so only the tops are named; of a circle, its first.
    beneath = {name for top in unused for name in uses[top] if name != top}
    covered: set[str] = set()
    for name in [*(name for name in found if name not in beneath), *found]:
        if name in unused and name not in covered:
            covered |= _reachable([name], uses)
            what, each = found[name]
            report.add(
                UNUSED_DECLARATION, each.name.span, f"{what} '{name}' is not used by any event", "use it, or remove it"
            )


def unused_groups(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """W310: a group that no type and no event uses."""
    groups = {group.name.value: group for file in declared.files for group in file.groups}
    used = {
        text.value
        for _, each in walks.declarations(declared)
        for text in walks.uses(each)
        if not isinstance(each, GroupDecl)
    }
    uses = {name: {text.value for text in group.use} for name, group in groups.items()}
    slips = _slips({*used, *chain.from_iterable(uses.values())}, groups, ())
    if None in slips.values():
        return
    used |= declared.unread | declared.contested | {meant for meant in slips.values() if meant}
    reached = _reachable(used, uses)
    beneath = {inner for name in groups.keys() - reached for inner in uses[name] if inner != name}
    for name, group in groups.items():
        if name not in reached and name not in beneath:
            report.add(UNUSED_GROUP, group.name.span, f"group '{name}' is not used", "use it, or remove it")


def _slips(mentioned: Iterable[str], known: Collection[str], others: Collection[str]) -> dict[str, str | None]:
    """Give what is meant by each misspelt name, which is reported as unknown; None where that may be anything."""
    unknown = set(mentioned).difference(known, others, _PRIMITIVES)
    meant = {name: closest(name, known) for name in unknown}
    return {name: other for name, other in meant.items() if other or name[0].isupper() or mend_name(name)}


def _reachable(roots: Iterable[str], uses: dict[str, set[str]]) -> set[str]:
    waiting, reached = list(roots), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += uses.get(name, ())
    return reached


CHECKS = (
    circular_files,
    unused_declarations,
    unused_groups,
)
