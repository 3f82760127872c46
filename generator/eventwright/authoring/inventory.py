"""What a spec declares, and what uses what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..diagnostics.suggest import did_you_mean
from ..model import ir


class UnknownName(Exception):
    """The spec has no type and no event of that name; `hint` says which one was meant, if that can be guessed."""

    def __init__(self, hint: str) -> None:
        super().__init__(hint)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Uses:
    """What a type is used by, and what it uses.

    Attributes:
        name: Of the type; that of its class for an event.
        users: The places that mention it.
        used: The types that it mentions, each with the place.
    """

    name: str
    users: tuple[str, ...]
    used: tuple[tuple[str, str], ...]


def events(spec: ir.Spec) -> list[tuple[str, str, str]]:
    """Give the tag, the class and the file of each event."""
    return [(event.tag, event.record.name, event.record.module.as_posix()) for event in spec.events]


def types(spec: ir.Spec) -> list[tuple[str, str, str]]:
    """Give the name, the kind and the file of each type."""
    return [
        (each.name, kind, module.path.as_posix())
        for module in spec.modules
        for kind, declared in (("enum", module.enums), ("type", module.records), ("union", module.unions))
        for each in declared
    ]


def uses(specs: Mapping[str, ir.Spec], name: str) -> dict[str, Uses]:
    """Find who uses a type, and what it uses, in each spec that has it.

    Args:
        specs: Where to look, each by what it is called.
        name: Of a type, or the tag of an event.

    Raises:
        UnknownName: No spec has one of that name.
    """
    found, unknown = {}, []
    for called, spec in specs.items():
        try:
            found[called] = _uses(spec, name)
        except UnknownName as error:
            unknown.append(error)
    if not found:
        raise next((error for error in unknown if error.hint), UnknownName(""))
    return found


def _uses(spec: ir.Spec, name: str) -> Uses:
    mentions: dict[str, Mapping[str, tuple[str, ...]]] = {}
    for record in spec.records.values():
        mentions[record.name] = {f"{record.name}.{field.name}": ir.references(field.type) for field in record.fields}
    for union in spec.unions.values():
        mentions[union.name] = {union.name: union.records}
    known = {*mentions, *spec.enums}
    if name not in known:
        by_tag = {event.tag: event.record.name for event in spec.events}
        if name not in by_tag:
            raise UnknownName(did_you_mean(name, {*known, *by_tag}))
        name = by_tag[name]
    users = [place for each in mentions.values() for place, names in each.items() if name in names]
    if spec.state == name:
        users.append("the state of the stream")
    used = tuple((inner, place) for place, names in mentions.get(name, {}).items() for inner in names)
    return Uses(name, tuple(users), used)
