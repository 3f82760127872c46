"""Second pass over the declarations: every mention of a name becomes a reference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.suggest import Guesses, closest
from ..diagnostics.values import Report, Span
from ..model import ir
from ..model.graph import ordered
from ..model.laws import STREAM
from ..model.names import snake
from ..syntax import walks
from ..syntax.declarations import (
    ChoiceDecl,
    EnumDecl,
    EventDecl,
    FieldDecl,
    FileDecl,
    GroupDecl,
    SpecDecl,
    TestDecl,
    Text,
    TypeDecl,
    UnionDecl,
    folder_of,
)
from ..syntax.foldexpr import FoldExpr, IndexStep, MemberStep, PathExpr
from ..syntax.foreign import name_hint, text_or_any
from ..syntax.loader import Mapping, Node, Scalar
from ..syntax.loader import Sequence as SequenceNode
from ..syntax.typeexpr import NULL, ConstantExpr, EitherExpr, ListExpr, LiteralExpr, MapExpr, NameExpr, TypeExpr
from .folders import Use
from .symbols import PRIMITIVES, Symbols
from .tagging import Tagging, keys_of

UNKNOWN_NAME = Rule(
    "E301",
    Severity.ERROR,
    "unknown name",
    "Every type, enum, union and group that is mentioned must be declared in some file of the spec.",
)
REPEATED_FIELD = Rule(
    "E304",
    Severity.ERROR,
    "field there twice",
    "Groups are flattened into what uses them, and a field can have one meaning only.",
)
SAME_KIND = Rule(
    "E306",
    Severity.ERROR,
    "alternatives of one JSON kind",
    "A decoder tells alternatives apart by kind (text, number, boolean, list, object), never by trial and error.",
)
CIRCULAR_GROUP = Rule(
    "E307",
    Severity.ERROR,
    "group that uses itself",
    "Its fields would never be complete.",
)
FOREIGN_DEFAULT = Rule(
    "E404",
    Severity.ERROR,
    "default that is not a variant",
    "`default` says which of the variants an object without a tag is.",
)
REPEATED_VARIANT = Rule(
    "E407",
    Severity.ERROR,
    "variant listed twice",
    "The second one can never be chosen.",
)

_JOINED = {
    ir.Kind.STRING: "declare an enum with all values, or write 'string'",
    ir.Kind.NUMBER: "write 'number'",
    ir.Kind.BOOLEAN: "write 'boolean'",
    ir.Kind.LIST: "write one list of what both may hold",
    ir.Kind.OBJECT: "make a tagged union of object types",
}
"""What to do about two alternatives of one kind."""


@dataclass(frozen=True, slots=True)
class _Fields:
    """Bound fields, and whether they are all."""

    fields: tuple[ir.Field, ...]
    complete: bool


_NO_FIELDS_KNOWN = _Fields((), complete=False)


class Binder:
    """Second pass: every mention of a name becomes a reference."""

    def __init__(self, spec: SpecDecl, symbols: Symbols, tags: Tagging, report: Report) -> None:
        self._spec = spec
        self._tags = tags
        self._symbols = symbols
        self._report = report
        self._groups: dict[str, _Fields] = {}
        self._places = {place.name.value for place in spec.places}
        self._group_places: dict[str, str] = {}
        self._guesses = Guesses()
        self.uses: list[Use] = []

    def groups(self) -> None:
        """Bind the fields of all groups, each once, those first that others use."""
        groups = self._symbols.groups
        uses = {name: [used.value for used in group.use if used.value in groups] for name, group in groups.items()}
        order, circles = ordered(groups, uses)
        circles += [[name] for name, used in uses.items() if name in used]
        for circle in circles:
            last, first = groups[circle[-1]], circle[0]
            span = next(used.span for used in last.use if used.value == first)
            path = " -> ".join([*circle, first])
            self._report.add(CIRCULAR_GROUP, span, f"group '{first}' uses itself", f"break the circle {path}")
        for name in order:
            group = groups[name]
            self._group_places[name] = self._place(group)
            self._groups[name] = self._fields(self._symbols.group_files[name], group, name)

    def state(self, modules: Sequence[ir.Module]) -> ir.RecordRef | ir.UnionRef | ir.Unknown | None:
        """Bind the name of the state, given the bound modules; None where the spec has none."""
        state = self._spec.state
        if state is None:
            return None if self._spec.readable else ir.UNKNOWN
        if state.value in self._symbols.unknown:
            return ir.UNKNOWN
        if state.value in self._symbols.unions:
            return ir.UnionRef(state.value)
        if state.value not in self._symbols.types:
            meant = self._meant_state(state.value, modules)
            hint = f"did you mean '{meant}'?" if meant else "declare it under 'types' of some file"
            self._report.add(UNKNOWN_NAME, state.span, f"unknown type '{state.value}'", hint)
            # The folds are checked against the type that is probably meant.
            return ir.RecordRef(meant) if meant else ir.UNKNOWN
        return ir.RecordRef(state.value)

    def is_complete(self, modules: Iterable[ir.Module]) -> bool:
        """Whether all that is written could be read and bound, given the bound modules."""
        spec, symbols = self._spec, self._symbols
        if not spec.readable or symbols.unknown or not all(file.readable for file in spec.files):
            return False
        if spec.state is not None and spec.state.value not in {*symbols.types, *symbols.unions}:
            return False
        if any(place.value not in {*self._places, STREAM} for _, _, _, place in walks.mentioned_places(spec)):
            return False
        records = [record for module in modules for record in module.records]
        records += [event.record for module in modules for event in module.events]
        owners: list[ir.Record | _Fields] = [*records, *self._groups.values()]
        if not all(owner.complete for owner in owners):
            return False
        unions = (union for module in modules for union in module.unions)
        fields = (field for owner in owners for field in owner.fields)
        return all(union.complete for union in unions) and all(field.bound is not ir.UNKNOWN for field in fields)

    def _meant_state(self, name: str, modules: Sequence[ir.Module]) -> str:
        """Give the type that the folds are written for; where there are none, the one with a similar name."""
        similar = closest(name, self._symbols.types) or ""
        votes: Counter[str] = Counter()
        folds = [
            (event.record, fold)
            for module in modules
            for event in module.events
            for fold in walks.changes(self._symbols.events[event.tag].folds)
        ]
        for record, fold in folds:
            votes.update(self._targets(record, fold, modules))
        if not folds:
            return similar
        best = max(votes, key=lambda each: (votes[each], each == similar), default="")
        rivals = [each for each in votes if votes[each] == votes[best]]
        return best if votes[best] * 2 > len(folds) and (len(rivals) == 1 or best == similar) else ""

    @staticmethod
    def _targets(event: ir.Record, fold: FoldExpr, modules: Sequence[ir.Module]) -> Iterator[str]:
        """Give the types that a fold may be written for."""
        match fold.steps:
            case (MemberStep("state"),):
                names = fold.value.names if isinstance(fold.value, PathExpr) else ()
                source = event.field(names[0]) if len(names) == 1 else None
                if source is not None and isinstance(source.bound, ir.RecordRef):
                    yield source.bound.name
            case (MemberStep(root), *rest):
                indexed = bool(rest) and isinstance(rest[0], IndexStep)
                for record in (record for module in modules for record in module.records):
                    field = record.field(root)
                    if field is not None and isinstance(field.bound, ir.ListOf) == indexed:
                        yield record.name

    def module(self, file: FileDecl) -> ir.Module:
        """Bind what one file declares; a second declaration of a name is bound for its diagnostics and left out."""
        symbols = self._symbols
        enums = [(enum, self._enum(file, enum)) for enum in file.enums]
        types = [(type_, self._type(file, type_)) for type_ in file.types]
        unions = [(union, self._union(file, union)) for union in file.unions]
        events = [(event, self._event(file, event)) for event in file.events]
        return ir.Module(
            path=file.path,
            source=file.file,
            title=file.title.value,
            doc=said(file.doc),
            enums=tuple(bound for enum, bound in enums if symbols.enums.get(enum.name.value) is enum),
            records=tuple(bound for type_, bound in types if symbols.types.get(type_.name.value) is type_),
            unions=tuple(bound for union, bound in unions if symbols.unions.get(union.name.value) is union),
            events=tuple(bound for event, bound in events if symbols.events.get(event.tag.value) is event),
        )

    def _enum(self, file: FileDecl, enum: EnumDecl) -> ir.Enum:
        values = tuple(
            ir.EnumValue(value.value.value, said(value.doc), value.value.span, value.deprecated)
            for value in enum.values
        )
        prose = enum.prose
        return ir.Enum(
            name=enum.name.value,
            module=file.path,
            doc=said(prose.doc),
            deviates=prose.deviates,
            open=enum.open,
            values=values,
            span=enum.name.span,
            ranks=tuple(tuple(value.value for value in rank) for rank in enum.ranks),
        )

    def _type(self, file: FileDecl, type_: TypeDecl) -> ir.Record:
        record = self._record(file, type_, type_.name)
        return replace(
            record,
            tags=tuple(tag.value for tag in type_.tags),
            tag_optional=type_.tag_optional,
            tag_spans=tuple(tag.span for tag in type_.tags),
            tag=self._tags.members.get(type_.name.value, ""),
            is_wrapped=type_.name.value in self._tags.wrapped,
            fields=(*self._tags_of_unknown(type_, record), *record.fields),
        )

    def _tags_of_unknown(self, type_: TypeDecl, record: ir.Record) -> Iterator[ir.Field]:
        """Give the members that hold the tag of an object of an unknown kind, where the type does not declare them."""
        given: set[str] = {field.name for field in record.fields}
        for name, union in self._symbols.unions.items():
            place = self._tags.unions[name] or ir.NO_TAG
            if union.unknown is None or union.unknown.value != type_.name.value or type_.tags:
                continue
            if place.member and place.member not in given:
                given.add(place.member)
                yield ir.Field(
                    name=place.member,
                    bound=self._unknown_tag(union),
                    optional=False,
                    nullable=False,
                    deprecated=False,
                    doc="What kind of object it is, which the spec does not know.",
                    deviates="",
                    group="",
                    span=type_.name.span,
                    attribute_span=type_.name.span,
                )

    def _unknown_tag(self, union: UnionDecl) -> ir.Type:
        """Give the type of tags that a union does not know: as those that it knows are."""
        types = [self._symbols.types.get(choice.type.value) for choice in union.variants]
        values = [tag.value for type_ in types if type_ for tag in type_.tags]
        kinds: dict[ir.Primitive, None] = {}
        for value in values:
            is_text, is_flag = isinstance(value, str), isinstance(value, bool)
            kind = ir.Primitive.BOOLEAN if is_flag else ir.Primitive.STRING if is_text else ir.Primitive.INTEGER
            kinds[kind] = None
        return ir.OneOf(tuple(kinds)) if len(kinds) > 1 else next(iter(kinds), ir.Primitive.STRING)

    def _record(self, file: FileDecl, declared: TypeDecl | EventDecl, name: Text) -> ir.Record:
        bound = self._fields(file, declared)
        return ir.Record(
            name=name.value,
            module=file.path,
            doc=said(declared.prose.doc),
            deviates=declared.prose.deviates,
            tags=(),
            tag_optional=False,
            fields=bound.fields,
            span=name.span,
            complete=bound.complete,
            deprecated=declared.deprecated,
        )

    def _event(self, file: FileDecl, event: EventDecl) -> ir.Event:
        record = self._record(file, event, event.class_name)
        keys = keys_of(self._spec, event, self._report)
        if keys and self._tags.events.member:
            spans = (event.tag.span, *(alias.span for alias in event.aliases))
            tags = tuple(key.parts[0] for key in keys)
            record = replace(record, tags=tags, tag_spans=spans, tag=self._tags.events.member)
        return ir.Event(
            tag=event.tag.value,
            variant=event.variant.value,
            record=record,
            folds=None if event.folds is None else (),
            ends=tuple(
                ir.End(end.kind.value, _tests(end.when), end.kind.span, tuple(test.span for test in end.when))
                for end in event.ends
            ),
            example=_json(event.example) if event.example else None,
            span=event.tag.span,
            variant_span=event.variant.span,
            keys=keys,
            deprecated=event.deprecated,
            place=self._place(event),
            opens=self._named_place(event.opens),
            closes=self._named_place(event.closes),
            anytime=event.anytime,
            method=event.method.value if event.method else "",
            method_span=event.method.span if event.method else ir.NOWHERE,
        )

    def _place(self, declared: GroupDecl | TypeDecl | EventDecl) -> str:
        """Give the place that an event is about, or that events with a group are about; empty where it is the stream.

        What the declaration says itself, also that it may come at any time, wins over the groups that it uses, the
        first of which counts.
        """
        if isinstance(declared, EventDecl) and (said_by := declared.opens or declared.closes):
            return said_by.value if said_by.value in self._places else ""
        if isinstance(declared, (GroupDecl, EventDecl)) and declared.at is not None:
            return declared.at.value if declared.at.value in self._places else ""
        if isinstance(declared, EventDecl) and declared.anytime:
            return ""
        return next(filter(None, (self._group_places.get(name.value) for name in declared.use)), "")

    def _named_place(self, name: Text | None) -> str:
        return name.value if name is not None and name.value in {*self._places, STREAM} else ""

    def _fields(self, file: FileDecl, declared: GroupDecl | TypeDecl | EventDecl, group: str = "") -> _Fields:
        found: dict[str, ir.Field] = {}
        complete = declared.complete
        for name in declared.use:
            used = self._used(file, name)
            complete = complete and used.complete
            for bound in used.fields:
                self._add_field(found, bound, name.span)
        counts = not isinstance(declared, TypeDecl) and bool(self._place(declared))
        for own in declared.fields:
            self._add_field(found, self._field(file, own, group, counts=counts), own.name.span)
        return _Fields(tuple(found.values()), complete)

    def _used(self, file: FileDecl, name: Text) -> _Fields:
        if name.value in self._symbols.unknown:
            return _NO_FIELDS_KNOWN
        if name.value not in self._symbols.groups:
            meant = self._guesses.closest(name.value, self._symbols.groups)
            hint = f"did you mean '{meant}'?" if meant else "declare it under 'groups' of some file"
            if not meant and name.value in self._symbols.types:
                hint = "a type has no heirs: move the fields that both have to a group, and let both 'use' that"
            self._report.add(UNKNOWN_NAME, name.span, f"unknown group '{name.value}'", hint)
            # The fields of the one that is probably meant are held to their types, and nobody misses them.
            lent = self._groups.get(meant or "", _NO_FIELDS_KNOWN).fields
            return _Fields(tuple(replace(field, optional=True) for field in lent), complete=False)
        self._record_use(file, self._symbols.group_files[name.value], name.value, name.span)
        # A group of a circle may not be bound yet; the circle is reported.
        return self._groups.get(name.value, _NO_FIELDS_KNOWN)

    def _add_field(self, found: dict[str, ir.Field], bound: ir.Field, span: Span) -> None:
        first = found.get(bound.name)
        if first is None:
            found[bound.name] = bound
        elif first.span != bound.span:
            source = f"group '{first.group}'" if first.group else "the fields above"
            self._report.add(
                REPEATED_FIELD, span, f"field '{bound.name}' is there twice", f"it comes from {source} already"
            )

    def _field(self, file: FileDecl, declared: FieldDecl, group: str, *, counts: bool) -> ir.Field:
        """Bind a field.

        Args:
            counts: Whether its owner is about a place, so that a counter numbers the events there.
        """
        attribute = declared.attribute
        return ir.Field(
            name=declared.name.value,
            bound=self._bind(file, declared.type) if declared.type else ir.UNKNOWN,
            optional=declared.optional,
            nullable=declared.nullable,
            deprecated=declared.deprecated,
            doc=said(declared.prose.doc),
            deviates=declared.prose.deviates,
            group=group,
            span=declared.name.span,
            attribute=attribute.value if attribute else "",
            attribute_span=attribute.span if attribute else declared.name.span,
            counter=declared.counter and not counts,
            counts=declared.counter and counts,
            unique=declared.unique,
            same=_same(declared.same),
            fixed=declared.fixed,
            varies=declared.varies,
        )

    def _bind(self, file: FileDecl, expr: TypeExpr) -> ir.Bound:
        match expr:
            case NameExpr(name, span):
                return self._name(file, name, span)
            case ListExpr(item):
                bound = self._element(file, item)
                return ir.UNKNOWN if bound is ir.UNKNOWN else ir.ListOf(bound)
            case MapExpr(value):
                bound = self._element(file, value)
                return ir.UNKNOWN if bound is ir.UNKNOWN else ir.MapOf(bound)
            case LiteralExpr(value):
                return ir.Literal(value)
            case ConstantExpr(value):
                return ir.Constants((value,))
            case EitherExpr(options, span):
                bounds = [self._bind(file, option) for option in options]
                known = [bound for bound in bounds if bound is not ir.UNKNOWN]
                return self._one_of(known, span) if len(known) == len(bounds) else ir.UNKNOWN

    def _element(self, file: FileDecl, expr: TypeExpr) -> ir.Bound:
        """Bind what a list or a map holds: there null is one of the alternatives."""
        options = expr.options if isinstance(expr, EitherExpr) else (expr,)
        others = tuple(option for option in options if not (isinstance(option, NameExpr) and option.name == NULL))
        if len(others) == len(options):
            return self._bind(file, expr)
        if not others:
            hint = "say what else it holds: 'T | null'"
            self._report.add(UNKNOWN_NAME, expr.span, "'null' alone is no type of elements", hint)
            return ir.UNKNOWN
        bound = self._bind(file, others[0] if len(others) == 1 else EitherExpr(others, expr.span))
        return bound if bound in (ir.UNKNOWN, ir.Primitive.ANY) else ir.Nullable(bound)

    def _name(self, file: FileDecl, name: str, span: Span) -> ir.Bound:
        if name in PRIMITIVES:
            return PRIMITIVES[name]
        if name in self._symbols.unknown:
            return ir.UNKNOWN
        if name in self._symbols.payloads:
            self._report.add(UNKNOWN_NAME, span, f"event class '{name}' used as a type", "a field cannot hold an event")
            return ir.UNKNOWN
        if self._symbols.named(name) is None:
            self._report.add(UNKNOWN_NAME, span, f"unknown type '{name}'", name_hint(name) or self._meant(name))
            return ir.UNKNOWN
        self._record_use(file, self._symbols.files[name], name, span)
        if name in self._symbols.types:
            return ir.RecordRef(name)
        return ir.EnumRef(name) if name in self._symbols.enums else ir.UnionRef(name)

    def _meant(self, name: str) -> str:
        """Say what an unknown type probably is: what has a similar name, or a text."""
        guess = self._guesses.closest
        meant = guess(name, self._symbols.mentionable) or guess(name, self._symbols.unknown)
        is_text = name[0].islower() and meant not in PRIMITIVES
        if is_text and (meant is None or snake(meant).replace("_", "") != name.replace("_", "").lower()):
            return text_or_any(name)
        return f"did you mean '{meant}'?" if meant else "declare it under types, enums or unions of some file"

    def _record_use(self, file: FileDecl, home: FileDecl, name: str, span: Span) -> None:
        here, there = folder_of(file.path), folder_of(home.path)
        if here != there:
            self.uses.append(Use(here, there, Text(name, span)))

    def _one_of(self, options: list[ir.Type], span: Span) -> ir.Bound:
        numbers = [value for option in options for value in _whole_numbers(option)]
        if numbers:
            place = next(place for place, option in enumerate(options) if _whole_numbers(option))
            others = [option for option in options if not _whole_numbers(option)]
            options = [*others[:place], ir.Constants(tuple(dict.fromkeys(numbers))), *others[place:]]
        taken: dict[ir.Kind, ir.Type] = {}
        for option in options:
            # Sorted, so that the same kind is named whatever the order of a set.
            for kind in sorted(ir.kinds(option), key=lambda kind: kind.value):
                if kind in taken:
                    hint = f"alternatives must differ in their JSON kind; {_JOINED[kind]}"
                    names = f"'{ir.type_text(taken[kind])}' and '{ir.type_text(option)}'"
                    self._report.add(SAME_KIND, span, f"alternatives {names} are both of kind {kind.value}", hint)
                    return ir.UNKNOWN
                taken[kind] = option
        return ir.OneOf(tuple(options)) if len(options) > 1 else options[0]

    def _union(self, file: FileDecl, union: UnionDecl) -> ir.Union:
        variants = self._choices(file, union, union.variants)
        default = self._choices(file, union, union.default)
        tag = self._tags.unions.get(union.name.value)
        place = tag or ir.NO_TAG
        # A `1` is not `true`, though they are equal to Python.
        by_tag: dict[tuple[type, ir.TagValue], list[ir.Choice]] = {}
        for _, choice in variants:
            for written in self._symbols.types[choice.record].tags if place.parts else ():
                by_tag.setdefault((type(written.value), written.value), []).append(choice)
        for declared, choice in default:
            if choice.record not in {listed.record for _, listed in variants}:
                hint = "list it under 'variants' too"
                self._report.add(
                    FOREIGN_DEFAULT, declared.type.span, f"default '{choice.record}' is not a variant", hint
                )
        prose, types = union.prose, self._symbols.types
        # Variants without a tag are told by their conditions, where an object has none.
        is_untold = tag is not None and not tag.parts
        untagged = [choice for _, choice in variants if choice.when and not types[choice.record].tags]
        told = [choice for _, choice in variants] if is_untold else untagged
        defaults = [choice for _, choice in default if choice not in told]
        names = [choice.type.value for choice in union.variants]
        known = all(name in types and types[name].complete and name not in self._symbols.unknown for name in names)
        return ir.Union(
            name=union.name.value,
            module=file.path,
            doc=said(prose.doc),
            deviates=prose.deviates,
            variants=tuple(choice for _, choice in variants),
            by_tag=tuple((value, tuple(choices)) for (_, value), choices in by_tag.items()),
            default=(*told, *defaults),
            span=union.name.span,
            complete=union.complete and known and tag is not None,
            tag=place,
            unknown=self._unknown(file, union),
        )

    def _unknown(self, file: FileDecl, union: UnionDecl) -> str:
        """Give the type that stands for objects of an unknown kind; empty where there is none."""
        name = union.unknown
        if name is None or name.value in self._symbols.unknown:
            return ""
        if name.value not in self._symbols.types:
            hint = self._guesses.did_you_mean(name.value, self._symbols.types) or "name an object type"
            self._report.add(UNKNOWN_NAME, name.span, f"unknown type '{name.value}'", hint)
            return ""
        self._record_use(file, self._symbols.files[name.value], name.value, name.span)
        return name.value

    def _choices(
        self, file: FileDecl, union: UnionDecl, declared: tuple[ChoiceDecl, ...]
    ) -> list[tuple[ChoiceDecl, ir.Choice]]:
        found: list[tuple[ChoiceDecl, ir.Choice]] = []
        for choice in declared:
            name = choice.type.value
            if name in self._symbols.unknown:
                continue
            if name not in self._symbols.types:
                hint = self._guesses.did_you_mean(name, self._symbols.types) or "a variant is an object type"
                self._report.add(UNKNOWN_NAME, choice.type.span, f"unknown type '{name}'", hint)
                continue
            self._record_use(file, self._symbols.files[name], name, choice.type.span)
            if choice.type.value in {earlier.record for _, earlier in found if not earlier.when}:
                hint = "remove one of the two"
                self._report.add(REPEATED_VARIANT, choice.type.span, f"'{name}' is listed twice", hint)
                continue
            spans = tuple(test.span for test in choice.when)
            found.append((choice, ir.Choice(name, _tests(choice.when), choice.type.span, spans)))
        return found


def _tests(declared: Iterable[TestDecl]) -> tuple[ir.Test, ...]:
    return tuple(ir.Test(test.path, test.value) for test in declared)


def _whole_numbers(declared: ir.Type) -> tuple[int, ...]:
    """Give the whole numbers that a type allows and nothing else; several of them are one alternative."""
    return declared.values if isinstance(declared, ir.Constants) and not isinstance(declared.values[0], bool) else ()


def _same(declared: Text | None) -> ir.Same | None:
    """Take apart what a field repeats; whether there is such a thing is looked at once all places are known."""
    if declared is None:
        return None
    place, *path = declared.value.split(".")
    return ir.Same(place, tuple(path), declared.span)


def said(doc: Text | None) -> str:
    """Give a description for the model."""
    return doc.value.strip() if doc else ""


def _json(node: Node) -> ir.JsonValue:
    match node:
        case Scalar(value):
            return value
        case SequenceNode(items):
            return [_json(item) for item in items]
        case Mapping(entries):
            return {entry.key: _json(entry.value) for entry in entries}
