"""Puts declarations that stand in the wrong section of a file, or beside it, where they belong, and says so."""

from __future__ import annotations

from dataclasses import replace

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.values import Report
from .loader import Entry, Mapping

UNKNOWN_KEY = Rule(
    "E201",
    Severity.ERROR,
    "unknown key",
    "A key that is not known is a slip of the pen or an idea that has no effect; both should be seen.",
)

_SIGNS = {
    "enums": ("values", "open"),
    "types": ("fields", "tag", "use"),
    "unions": ("variants", "default"),
}
"""Keys that only declarations of a section have, as far as these three are concerned."""

_EVENT_SIGNS = ("variant", "class", "fold", "ends", "example")


def put_right(root: Mapping, report: Report) -> Mapping:
    """Give the file as it was probably meant; what is moved for that is reported (E201)."""
    sections: dict[str, list[Entry]] = {}
    moved: dict[str, list[Entry]] = {}
    for section in _SIGNS:
        node = root.get(section)
        if isinstance(node, Mapping):
            homes = [(entry, _home(entry, section)) for entry in node.entries]
            sections[section] = [entry for entry, home in homes if home == section]
            strays = [(entry, home) for entry, home in homes if home != section]
            for entry, home in strays:
                moved.setdefault(home, []).append(entry)
            _report_strays(root, section, strays, report, whole=not sections[section])
    outside = _outside(root, report)
    for entry, home in outside:
        moved.setdefault(home, []).append(entry)
    if not moved:
        return root
    gone = [entry for entry, _ in outside]
    entries = [_without_strays(entry, sections) for entry in root.entries if entry not in gone]
    for home, strays_of_home in moved.items():
        entries = _added(entries, home, strays_of_home)
    return replace(root, entries=tuple(entries))


def _without_strays(section: Entry, own: dict[str, list[Entry]]) -> Entry:
    if not isinstance(section.value, Mapping) or section.key not in own:
        return section
    return replace(section, value=replace(section.value, entries=tuple(own[section.key])))


def _home(entry: Entry, section: str) -> str:
    """Give the section that a declaration belongs to; its own where nothing tells."""
    body = entry.value
    if not isinstance(body, Mapping) or any(body.get(key) for key in _SIGNS[section]):
        return section
    return next((home for home, keys in _SIGNS.items() if any(body.get(key) for key in keys)), section)


def _report_strays(
    root: Mapping, section: str, strays: list[tuple[Entry, str]], report: Report, *, whole: bool
) -> None:
    homes = {home for _, home in strays}
    if whole and len(homes) == 1:
        home = homes.pop()
        span = next(entry.key_span for entry in root.entries if entry.key == section)
        hint = f"move what is in it below '{home}:'" if root.get(home) else f"write '{home}:'"
        report.add(UNKNOWN_KEY, span, f"what is below '{section}' are {home}", hint)
        return
    for entry, home in strays:
        message = f"'{entry.key}' is below '{section}', but has the keys of '{home}'"
        report.add(UNKNOWN_KEY, entry.key_span, message, f"move it below '{home}:'")


def _outside(root: Mapping, report: Report) -> list[tuple[Entry, str]]:
    """Find declarations that stand beside the section that they follow."""
    found: list[tuple[Entry, str]] = []
    section = ""
    for entry in root.entries:
        body = entry.value
        if entry.key in _SIGNS or entry.key == "events":
            section = entry.key
        elif section and isinstance(body, Mapping):
            signs = _EVENT_SIGNS if section == "events" else _SIGNS[section]
            if any(body.get(key) for key in signs):
                message = f"'{entry.key}' stands beside '{section}', not below it"
                report.add(UNKNOWN_KEY, entry.key_span, message, f"indent it, to stand below '{section}:'")
                found.append((entry, section))
    return found


def _added(entries: list[Entry], home: str, strays: list[Entry]) -> list[Entry]:
    """Add declarations to a section, behind its own ones; make the section where there is none."""
    for at, entry in enumerate(entries):
        if entry.key == home and isinstance(entry.value, Mapping):
            known = {each.key for each in entry.value.entries}
            fresh = [each for each in strays if each.key not in known]
            value = replace(entry.value, entries=(*entry.value.entries, *fresh))
            return [*entries[:at], replace(entry, value=value), *entries[at + 1 :]]
    first = strays[0]
    return [*entries, Entry(home, first.key_span, Mapping(tuple(strays), first.value.span))]
