"""Binds what folds take out of an event: paths into it, and into the elements of its lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.suggest import did_you_mean
from ..diagnostics.values import Report
from ..model import ir
from ..model.reaching import names_of, reach
from ..syntax.declarations import EachDecl
from ..syntax.foldexpr import PathExpr, name_text

UNKNOWN_SOURCE = Rule(
    "E507",
    Severity.ERROR,
    "source that the event does not have",
    "What a fold puts into the state comes from a field of the event.",
)
NO_LIST = Rule(
    "E516",
    Severity.ERROR,
    "`each` over what is no list of objects",
    "`each` goes through a list; the sources of its statements are fields of the elements, so these are objects.",
)
NOTHING_OUTSIDE = Rule(
    "E517",
    Severity.ERROR,
    "`outer` outside of `each`",
    "`outer.` is what is around the element that an `each` goes through; each `outer.` leaves one `each`.",
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where sources begin.

    Attributes:
        type: Type of the event, or of the element that an `each` goes through.
        label: What that is, for messages.
    """

    type: ir.RecordRef | ir.UnionRef
    label: str


Scopes: TypeAlias = tuple[Scope, ...]
"""The event, and within it the elements of the lists that one `each` after the other goes through."""


class Sources:
    """Binds paths into events."""

    def __init__(self, spec: ir.Spec, report: Report) -> None:
        self._spec = spec
        self._report = report

    def bind(self, scopes: Scopes, path: PathExpr, *, may_be_text: bool = False) -> ir.Source | ir.Unknown:
        """Bind a path; what cannot be bound is reported (E507, E517).

        Args:
            may_be_text: Whether a text in quotes may stand in its place.
        """
        if path.outer >= len(scopes):
            message = f"'{path}' leaves the event" if len(scopes) > 1 else f"'{path}' stands outside of 'each'"
            inner = PathExpr(path.names, len(scopes) - 1, path.quoted, path.span)
            hint = f"write {inner}" if path.names else "name a field of the event; one called 'outer' takes quotes"
            self._report.add(NOTHING_OUTSIDE, path.span, message, hint)
            return ir.UNKNOWN
        at = len(scopes) - 1 - path.outer
        within: ir.Bound = scopes[at].type
        if not path.names:
            hint = f"name a field of it: {', '.join(f'outer.{name}' for name in self.fields(within)[:6])}"
            self._report.add(UNKNOWN_SOURCE, path.span, f"'{path}' alone is no field", hint)
            return ir.UNKNOWN
        for place, name in enumerate(path.names):
            found = self.member(within, name)
            if found is None:
                self._report_missing(scopes, at, path, place, within, may_be_text=may_be_text)
            if found is None or found is ir.UNKNOWN:
                return ir.UNKNOWN
            within = found
        assert within is not ir.UNKNOWN, "the loop has returned then"
        return ir.Source(at, path.names, within)

    def each(self, scopes: Scopes, each: EachDecl) -> tuple[ir.Source, Scope] | None:
        """Bind the list that an `each` goes through; None where it is none, which is reported (E516)."""
        source = self.bind(scopes, each.source)
        if source is ir.UNKNOWN:
            return None
        for alternative in source.type.alternatives if isinstance(source.type, ir.OneOf) else (source.type,):
            items = alternative.item if isinstance(alternative, ir.ListOf) else None
            if isinstance(items, ir.Nullable):
                items = items.type
            if isinstance(items, (ir.RecordRef, ir.UnionRef)):
                return replace(source, type=alternative), Scope(items, f"an element of '{each.source}'")
        message = f"'each: {each.source}' goes through '{ir.type_text(source.type)}'"
        scope = scopes[source.scope].type
        lists = [name for name in self.fields(scope) if self._holds_objects(self.member(scope, name))]
        hint = f"name a list of objects: {', '.join(lists)}" if lists else "name a list of objects"
        if isinstance(source.type, (ir.RecordRef, ir.UnionRef)):
            hint = f"write the statements without 'each', with sources such as {each.source}.field"
        self._report.add(NO_LIST, each.source.span, message, hint)
        return None

    def find(self, within: ir.Bound, names: Iterable[str]) -> ir.Bound | None:
        """Give the type of what a path leads to; None where it leads nowhere. Reports nothing."""
        found: ir.Bound | None = within
        for name in names:
            if found is None or found is ir.UNKNOWN:
                break
            found = self.member(found, name)
        return found

    def member(self, within: ir.Bound, name: str) -> ir.Bound | None:
        """Give the type of a member of an object, which of a union only some variants need have; None without any.

        Where it has different texts, or different numbers, in the variants, that is any text or number.
        """
        found = reach(self._spec, within, [name])
        types = found.types
        if not types:
            return None if found.missing and found.complete and not self._spec.may_be_more(within) else ir.UNKNOWN
        if len(types) == 1:
            return types[0]
        kinds = {ir.kinds(each) for each in types}
        if kinds == {frozenset([ir.Kind.STRING])}:
            return ir.Primitive.STRING
        if kinds == {frozenset([ir.Kind.NUMBER])}:
            whole = all(each is ir.Primitive.INTEGER or isinstance(each, ir.Constants) for each in types)
            return ir.Primitive.INTEGER if whole else ir.Primitive.NUMBER
        return ir.Primitive.ANY

    def fields(self, within: ir.Bound) -> list[str]:
        """Give the names of the members that an object of a type may have."""
        records = (self._spec.records[record] for record in self._spec.records_of(within))
        return list(dict.fromkeys(name for record in records for name in names_of(record)))

    def _holds_objects(self, declared: ir.Bound | None) -> bool:
        return isinstance(declared, ir.ListOf) and bool(self._spec.records_of(declared.item))

    def _report_missing(
        self, scopes: Scopes, at: int, path: PathExpr, place: int, within: ir.Bound, *, may_be_text: bool
    ) -> None:
        name, known = path.names[place], self.fields(within)
        if place == 0:
            message = f"{scopes[at].label} has no field '{name}'"
        elif isinstance(within, ir.UnionRef):
            message = f"no variant of '{within.name}' has a field '{name}'"
        else:
            message = f"'{'.'.join(path.names[:place])}' has no field '{name}'"
        outside = [outer for outer in range(at) if self.find(scopes[outer].type, path.names) is not None]
        hint = did_you_mean(name, known) or (f"fields: {', '.join(map(name_text, known))}" if known else "")
        rest = path.names[place + 1 :]
        if place == 0 and rest and self.find(within, rest) is not None:
            hint = f"leave '{name}.' out: a source begins at the {'element' if at else 'event'} itself"
        elif may_be_text and place == 0 and not rest and not path.quoted and not did_you_mean(name, known):
            hint = f'{hint}; a text takes quotes: "{name}"'
        if outside:
            hint = f"write {PathExpr(path.names, len(scopes) - 1 - outside[-1], path.quoted, path.span)}"
        elif path.quoted and len(path.names) == 1 and not did_you_mean(name, known):
            hint = f'write "{name}" for a text'
        elif isinstance(within, ir.ListOf):
            hint = f"go through the list: {{each: {'.'.join(path.names[:place])}, do: ...}}"
        self._report.add(UNKNOWN_SOURCE, path.span, message, hint or "only objects have fields: end the path before it")
