"""From declarations to the resolved model, in two passes: declare every name, then bind every mention of one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from . import ir
from .diagnostics import Report, Span, closest, did_you_mean
from .foldexpr import FoldExpr, IndexStep, MemberStep
from .graph import ordered
from .loader import Mapping, Node, Scalar, Sequence
from .syntax import (
    ChoiceDecl,
    EnumDecl,
    EventDecl,
    FieldDecl,
    FileDecl,
    GroupDecl,
    Members,
    SpecDecl,
    Text,
    TypeDecl,
    UnionDecl,
    members,
)
from .typeexpr import EitherExpr, ListExpr, LiteralExpr, MapExpr, NameExpr, TypeExpr

_PRIMITIVES = {primitive.value: primitive for primitive in ir.Primitive}
_KNOWN_TYPES = (*_PRIMITIVES, "list", "map")
_HABITS = {
    "list": "say what it holds: list[T]",
    "map": "say what it holds: map[T]",
    "array": "write list[T]",
    "List": "write list[T]",
    "dict": "write map[T], or 'object' for any members",
    "str": "write 'string'",
    "text": "write 'string'",
    "int": "write 'integer'",
    "float": "write 'number'",
    "double": "write 'number'",
    "bool": "write 'boolean'",
    "null": "write 'nullable: true' beside the type",
    "None": "write 'nullable: true' beside the type",
}
"""What people write who come from other languages."""


@dataclass(slots=True)
class Symbols:
    """Every name that the spec declares, and the file of each."""

    groups: dict[str, GroupDecl] = field(default_factory=dict)
    enums: dict[str, EnumDecl] = field(default_factory=dict)
    types: dict[str, TypeDecl] = field(default_factory=dict)
    unions: dict[str, UnionDecl] = field(default_factory=dict)
    events: dict[str, EventDecl] = field(default_factory=dict)
    payloads: dict[str, EventDecl] = field(default_factory=dict)
    files: dict[str, FileDecl] = field(default_factory=dict)
    group_files: dict[str, FileDecl] = field(default_factory=dict)

    def named(self, name: str) -> TypeDecl | EnumDecl | UnionDecl | None:
        """Find what a type expression may mention."""
        return self.types.get(name) or self.enums.get(name) or self.unions.get(name)

    @property
    def mentionable(self) -> list[str]:
        """Names that a type expression may mention."""
        return [*_KNOWN_TYPES, *self.types, *self.enums, *self.unions]


def resolve(spec: SpecDecl, report: Report) -> ir.Spec:
    """Bind a spec. What cannot be bound is reported (E3xx to E5xx) and left out of the result."""
    symbols = declare(spec, report)
    binder = _Binder(spec, symbols, report)
    binder.groups()
    modules = [binder.module(file) for file in _in_order(spec, report)]
    bound = ir.Spec(
        name=spec.name.value,
        title=spec.title.value,
        doc=spec.doc.value.strip(),
        union=spec.union.value,
        tag=spec.tag.value,
        state=binder.state(),
        modules=tuple(_by_dependency(modules)),
    )
    return _FoldBinder(bound, symbols, report, state_is_named=spec.state is not None or not spec.readable).spec()


def declare(spec: SpecDecl, report: Report) -> Symbols:
    """Collect all names; a name that is taken already is reported (E302) and the first one counts."""
    symbols = Symbols()
    places: dict[str, Span] = {}

    def take(name: Text, what: str) -> bool:
        first = places.setdefault(name.value, name.span)
        if first is not name.span:
            report.error("E302", name.span, f"{what} '{name.value}' is declared twice", f"first in {first}; rename one")
        return first is name.span

    for file in spec.files:
        for group in file.groups:
            if group.name.value in symbols.groups:
                first = symbols.groups[group.name.value].name.span
                report.error(
                    "E302", group.name.span, f"group '{group.name.value}' is declared twice", f"first in {first}"
                )
            else:
                symbols.groups[group.name.value] = group
                symbols.group_files[group.name.value] = file
        for enum in file.enums:
            if take(enum.name, "enum"):
                symbols.enums[enum.name.value] = enum
        for type_ in file.types:
            if take(type_.name, "type"):
                symbols.types[type_.name.value] = type_
        for union in file.unions:
            if take(union.name, "union"):
                symbols.unions[union.name.value] = union
        for event in file.events:
            if event.tag.value in symbols.events:
                first = symbols.events[event.tag.value].tag.span
                hint = f"first in {first}; an event has one declaration"
                report.error("E401", event.tag.span, f"tag '{event.tag.value}' is declared twice", hint)
            elif take(event.class_name, "class"):
                symbols.payloads[event.class_name.value] = event
                symbols.events[event.tag.value] = event
        declared: list[EnumDecl | TypeDecl | UnionDecl] = [*file.enums, *file.types, *file.unions]
        for each in declared:
            symbols.files.setdefault(each.name.value, file)
        for event in file.events:
            symbols.files.setdefault(event.class_name.value, file)
    return symbols


def folder_of(path: PurePosixPath) -> str:
    """Give the top folder of a spec file, empty for a file beside `spec.yaml`."""
    return path.parts[0] if len(path.parts) > 1 else ""


def _by_dependency(modules: list[ir.Module]) -> list[ir.Module]:
    """Move each module behind those that it uses; circles are for `check` to report."""
    home = {name: module.path for module in modules for name in ir.declared_names(module)}
    uses = {module.path: [home[name] for name in ir.used_names(module) if name in home] for module in modules}
    by_path = {module.path: module for module in modules}
    order, _ = ordered(by_path, uses)
    return [by_path[path] for path in order]


def _in_order(spec: SpecDecl, report: Report) -> list[FileDecl]:
    """Sort files the way the spec lists them and their folders, else by path."""
    listed = [entry.value for entry in spec.order]
    paths = {file.path.as_posix() for file in spec.files}
    folders = {folder_of(file.path) for file in spec.files} - {""}
    unlisted = sorted(folders - {entry.partition("/")[0] for entry in listed}) if listed else []
    for entry in spec.order:
        if entry.value not in folders and entry.value not in paths:
            hint = did_you_mean(entry.value, unlisted) or did_you_mean(entry.value, paths)
            # A misspelt name is one mistake: the folder that was meant is not missing from the list as well.
            unlisted = [folder for folder in unlisted if f"'{folder}'" not in hint]
            hint = hint or "remove it, or add such a file"
            report.error("E303", entry.span, f"there is no spec file or folder '{entry.value}'", hint)
    for folder in unlisted:
        file = next(file.file for file in spec.files if folder_of(file.path) == folder)
        hint = f"add '{folder}' to 'order' in {spec.file}, after every folder that it uses"
        report.error("E303", Span(file), f"folder '{folder}' is not listed", hint)

    def rank(file: FileDecl) -> tuple[int, str]:
        path = file.path.as_posix()
        entry = path if path in listed else folder_of(file.path)
        return (listed.index(entry) if entry in listed else len(listed), path)

    return sorted(spec.files, key=rank)


class _Binder:
    """Second pass: every mention of a name becomes a reference."""

    def __init__(self, spec: SpecDecl, symbols: Symbols, report: Report) -> None:
        self._spec = spec
        self._symbols = symbols
        self._report = report
        self._group_fields: dict[str, tuple[ir.Field, ...]] = {}
        self._unread = spec.unread

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
            self._report.error("E307", span, f"group '{first}' uses itself", f"break the circle {path}")
        for name in order:
            group = groups[name]
            self._group_fields[name] = self._fields(self._symbols.group_files[name], group.use, group.fields, name)

    def state(self) -> str:
        state = self._spec.state
        if state is None:
            return ""
        if state.value not in self._symbols.types:
            if state.value in self._unread:
                return ""
            hint = did_you_mean(state.value, self._symbols.types) or "declare it under 'types' of some file"
            self._report.error("E301", state.span, f"unknown type '{state.value}'", hint)
            # The folds are checked against the type that is probably meant.
            return closest(state.value, self._symbols.types) or ""
        return state.value

    def module(self, file: FileDecl) -> ir.Module:
        symbols = self._symbols
        return ir.Module(
            path=file.path,
            source=file.file,
            title=file.title.value,
            doc=file.doc.value.strip(),
            enums=tuple(self._enum(file, enum) for enum in file.enums if symbols.enums.get(enum.name.value) is enum),
            records=tuple(
                self._type(file, type_) for type_ in file.types if symbols.types.get(type_.name.value) is type_
            ),
            unions=tuple(
                self._union(file, union) for union in file.unions if symbols.unions.get(union.name.value) is union
            ),
            events=tuple(
                self._event(file, event) for event in file.events if symbols.events.get(event.tag.value) is event
            ),
        )

    def _enum(self, file: FileDecl, enum: EnumDecl) -> ir.Enum:
        values = tuple(
            ir.EnumValue(value.value.value, value.doc.value.strip(), value.value.span) for value in enum.values
        )
        prose = enum.prose
        return ir.Enum(
            enum.name.value, file.path, prose.doc.value.strip(), prose.deviates, enum.open, values, enum.name.span
        )

    def _type(self, file: FileDecl, type_: TypeDecl) -> ir.Record:
        return ir.Record(
            name=type_.name.value,
            module=file.path,
            doc=type_.prose.doc.value.strip(),
            deviates=type_.prose.deviates,
            tags=tuple(dict.fromkeys(tag.value for tag in type_.tags)),
            tag_optional=type_.tag_optional,
            fields=self._fields(file, type_.use, type_.fields),
            span=type_.name.span,
        )

    def _event(self, file: FileDecl, event: EventDecl) -> ir.Event:
        record = ir.Record(
            name=event.class_name.value,
            module=file.path,
            doc=event.prose.doc.value.strip(),
            deviates=event.prose.deviates,
            tags=(event.tag.value,),
            tag_optional=False,
            fields=self._fields(file, event.use, event.fields),
            span=event.tag.span,
        )
        return ir.Event(
            tag=event.tag.value,
            variant=event.variant.value,
            record=record,
            folds=None if event.folds is None else (),
            ends=event.ends.value if event.ends else "",
            example=_json(event.example) if event.example else None,
        )

    def _fields(
        self, file: FileDecl, use: tuple[Text, ...], own: tuple[FieldDecl, ...], group: str = ""
    ) -> tuple[ir.Field, ...]:
        found: dict[str, ir.Field] = {}
        for name in use:
            if name.value in self._unread and name.value not in self._symbols.groups:
                continue
            if name.value not in self._symbols.groups:
                hint = did_you_mean(name.value, self._symbols.groups) or "declare it under 'groups' of some file"
                self._report.error("E301", name.span, f"unknown group '{name.value}'", hint)
                continue
            self._check_folder(file, self._symbols.group_files[name.value], name.value, name.span)
            # A group of a circle may not be bound yet; the circle is reported.
            for bound in self._group_fields.get(name.value, ()):
                self._add_field(found, bound, name.span)
        for declared in own:
            bound_own = self._field(file, declared, group)
            if bound_own is not None:
                self._add_field(found, bound_own, declared.name.span)
        return tuple(found.values())

    def _add_field(self, found: dict[str, ir.Field], bound: ir.Field, span: Span) -> None:
        first = found.get(bound.name)
        if first is None:
            found[bound.name] = bound
        elif first.span != bound.span:
            source = f"group '{first.group}'" if first.group else "the fields above"
            self._report.error("E304", span, f"field '{bound.name}' is there twice", f"it comes from {source} already")

    def _field(self, file: FileDecl, declared: FieldDecl, group: str) -> ir.Field | None:
        bound = self._bind(file, declared.type) if declared.type else None
        if bound is None:
            return None
        return ir.Field(
            name=declared.name.value,
            type=bound,
            optional=declared.optional,
            nullable=declared.nullable,
            deprecated=declared.deprecated,
            doc=declared.prose.doc.value.strip(),
            deviates=declared.prose.deviates,
            group=group,
            span=declared.name.span,
        )

    def _bind(self, file: FileDecl, expr: TypeExpr) -> ir.Type | None:
        match expr:
            case NameExpr(name, span):
                return self._name(file, name, span)
            case ListExpr(item):
                bound = self._bind(file, item)
                return bound and ir.ListOf(bound)
            case MapExpr(value):
                bound = self._bind(file, value)
                return bound and ir.MapOf(bound)
            case LiteralExpr(value):
                return ir.Literal(value)
            case EitherExpr(options, span):
                bounds = [bound for option in options if (bound := self._bind(file, option))]
                return self._one_of(bounds, span) if len(bounds) == len(options) else None

    def _name(self, file: FileDecl, name: str, span: Span) -> ir.Type | None:
        if name in _PRIMITIVES:
            return _PRIMITIVES[name]
        if name in self._symbols.payloads:
            self._report.error("E301", span, f"event class '{name}' used as a type", "a field cannot hold an event")
            return None
        if self._symbols.named(name) is None:
            if name in self._unread:
                return None
            hint = (
                _HABITS.get(name)
                or did_you_mean(name, self._symbols.mentionable)
                or "declare it under types, enums or unions of some file"
            )
            self._report.error("E301", span, f"unknown type '{name}'", hint)
            return None
        self._check_folder(file, self._symbols.files[name], name, span)
        if name in self._symbols.types:
            return ir.RecordRef(name)
        return ir.EnumRef(name) if name in self._symbols.enums else ir.UnionRef(name)

    def _check_folder(self, file: FileDecl, home: FileDecl, name: str, span: Span) -> None:
        listed = [entry.value.partition("/")[0] for entry in self._spec.order]
        here, there = folder_of(file.path), folder_of(home.path)
        if here in listed and there in listed and listed.index(there) > listed.index(here):
            hint = f"'order' lists '{there}' after '{here}'; move '{name}' or what uses it"
            self._report.error("E305", span, f"'{here}' uses '{name}' of '{there}'", hint)

    def _one_of(self, options: list[ir.Type], span: Span) -> ir.Type | None:
        taken: dict[ir.Kind, ir.Type] = {}
        for option in options:
            # Sorted, so that the same kind is named whatever the order of a set.
            for kind in sorted(ir.kinds(option), key=lambda kind: kind.value):
                if kind in taken:
                    hint = "alternatives must differ in their JSON kind; make a tagged union of object types"
                    names = f"'{type_text(taken[kind])}' and '{type_text(option)}'"
                    self._report.error("E306", span, f"alternatives {names} are both of kind {kind.value}", hint)
                    return None
                taken[kind] = option
        return ir.OneOf(tuple(options))

    def _union(self, file: FileDecl, union: UnionDecl) -> ir.Union:
        variants = self._choices(file, union, union.variants)
        default = self._choices(file, union, union.default)
        by_tag: dict[str, list[ir.Choice]] = {}
        for declared, choice in variants:
            tags = self._symbols.types[choice.record].tags
            if not tags:
                hint = f"add 'tag:' to type '{choice.record}', or leave it out"
                self._report.error("E402", declared.type.span, f"variant '{choice.record}' has no tag", hint)
            for tag in dict.fromkeys(text.value for text in tags):
                rivals = by_tag.setdefault(tag, [])
                if any(not rival.when for rival in rivals):
                    hint = f"give '{rivals[-1].record}' a 'when:' with fields that tell them apart, and list it first"
                    self._report.error(
                        "E403", declared.type.span, f"'{choice.record}' can never be meant: tag '{tag}' is taken", hint
                    )
                rivals.append(choice)
        for declared, choice in default:
            if choice.record not in {listed.record for _, listed in variants}:
                hint = "list it under 'variants' too"
                self._report.error("E404", declared.type.span, f"default '{choice.record}' is not a variant", hint)
        prose = union.prose
        return ir.Union(
            name=union.name.value,
            module=file.path,
            doc=prose.doc.value.strip(),
            deviates=prose.deviates,
            variants=tuple(choice for _, choice in variants),
            by_tag=tuple((tag, tuple(choices)) for tag, choices in by_tag.items()),
            default=tuple(choice for _, choice in default),
            span=union.name.span,
        )

    def _choices(
        self, file: FileDecl, union: UnionDecl, declared: tuple[ChoiceDecl, ...]
    ) -> list[tuple[ChoiceDecl, ir.Choice]]:
        found: list[tuple[ChoiceDecl, ir.Choice]] = []
        for choice in declared:
            name = choice.type.value
            if name not in self._symbols.types and name in self._unread:
                continue
            if name not in self._symbols.types:
                hint = did_you_mean(name, self._symbols.types) or "a variant is an object type"
                self._report.error("E301", choice.type.span, f"unknown type '{name}'", hint)
                continue
            self._check_folder(file, self._symbols.files[name], name, choice.type.span)
            if choice.type.value in {earlier.record for _, earlier in found if not earlier.when}:
                hint = "remove one of the two"
                self._report.error("E407", choice.type.span, f"'{name}' is listed twice", hint)
                continue
            known = members(self._symbols.types[name], self._symbols.groups)
            for member in choice.when:
                if not known.may_have(member.value):
                    hint = did_you_mean(member.value, known.names) or f"name a field of '{name}'"
                    self._report.error("E405", member.span, f"'{name}' has no field '{member.value}'", hint)
            found.append((choice, ir.Choice(name, tuple(member.value for member in choice.when))))
        return found


def _json(node: Node) -> ir.JsonValue:
    match node:
        case Scalar(value):
            return value
        case Sequence(items):
            return [_json(item) for item in items]
        case Mapping(entries):
            return {entry.key: _json(entry.value) for entry in entries}


class _FoldBinder:
    """Checks every step of every fold against the types that it goes through."""

    def __init__(self, spec: ir.Spec, symbols: Symbols, report: Report, *, state_is_named: bool) -> None:
        self._spec = spec
        self._symbols = symbols
        self._report = report
        self._state_is_named = state_is_named

    def spec(self) -> ir.Spec:
        return replace(self._spec, modules=tuple(self._module(module) for module in self._spec.modules))

    def _module(self, module: ir.Module) -> ir.Module:
        return replace(module, events=tuple(self._event(event) for event in module.events))

    def _event(self, event: ir.Event) -> ir.Event:
        event = self._end(event)
        declared = self._symbols.events[event.tag].folds
        if not declared:
            return event
        if not self._spec.state:
            if self._state_is_named:
                return event
            hint = "name the type that the stream builds up: 'state:' in spec.yaml"
            self._report.error("E502", declared[0].span, f"fold of '{event.tag}', but the spec has no state", hint)
            return event
        bound = [self._fold(event, fold) for fold in declared]
        return replace(event, folds=tuple(fold for fold in bound if fold))

    def _end(self, event: ir.Event) -> ir.Event:
        """Bind what an event says about the end of the stream."""
        declared = self._symbols.events[event.tag]
        named = [("reason", declared.reason)] if declared.reason else []
        named += [("error", path) for path in declared.errors]
        if named and declared.ends is None:
            key, path = named[0]
            hint = "add 'ends:' with how the stream ends, or remove it"
            self._report.error("E513", path.span, f"'{key}' of an event that does not end the stream", hint)
            return event
        found = [(key, self._detail(event, key, path)) for key, path in named]
        return replace(
            event,
            reason=next((path for key, path in found if key == "reason"), None),
            errors=tuple(path for key, path in found if key == "error" and path is not None),
        )

    def _detail(self, event: ir.Event, key: str, path: Text) -> tuple[str, ...] | None:
        """Check a path into an event: to text for a reason, to an object that tells what went wrong for an error."""
        names = () if path.value == "event" else tuple(path.value.split("."))
        within: ir.Type = ir.RecordRef(event.record.name)
        for name in names:
            record = self._spec.records.get(within.name) if isinstance(within, ir.RecordRef) else None
            field = record.field(name) if record else None
            if field is None:
                if record is None or not self._excused([record.name], name):
                    known = [known.name for known in record.fields] if record else []
                    fields = f"fields: {', '.join(known)}" if known else "end the path before it"
                    hint = did_you_mean(name, known) or fields
                    self._report.error("E512", path.span, f"'{key}' goes into '{name}', which is not there", hint)
                return None
            within = field.type
        if key == "reason":
            fits = within is ir.Primitive.STRING or isinstance(within, ir.EnumRef)
        else:
            record = self._spec.records.get(within.name) if isinstance(within, ir.RecordRef) else None
            fits = record is not None and (record.field("message") or record.field("code")) is not None
        if not fits:
            hint = "name a text" if key == "reason" else "name an object with a 'message' or a 'code'"
            self._report.error("E512", path.span, f"'{key}' leads to a value of another type", hint)
        return names if fits else None

    def _excused(self, owners: Iterable[str], name: str) -> bool:
        """Whether a field is missing because of a mistake in its declaration, which is reported there."""
        return any(self._members(owner).may_have(name) for owner in owners)

    def _incomplete(self, union: str) -> bool:
        """Whether a union lacks a variant that could not be bound, which is reported."""
        declared = self._symbols.unions[union]
        return any(choice.type.value not in self._symbols.types for choice in declared.variants)

    def _members(self, owner: str) -> Members:
        declared = self._symbols.types.get(owner) or self._symbols.payloads[owner]
        return members(declared, self._symbols.groups)

    def _fold(self, event: ir.Event, fold: FoldExpr) -> ir.Fold | None:
        target: ir.Type | None = ir.RecordRef(self._spec.state)
        steps: list[ir.Step] = []
        for position, step in enumerate(fold.steps):
            following = fold.steps[position + 1] if position + 1 < len(fold.steps) else None
            previous = fold.steps[position - 1] if position else None
            bound = self._step(event, target, step, previous, following) if target else None
            if bound is None:
                return None
            steps.append(bound)
            target = bound.type
        source = self._source(event, fold)
        if target is None or source is None or not self._fits(fold, target, source):
            return None
        text = f"{_path_text(fold)} {'+=' if fold.append else '='} "
        text += f'"{fold.literal}"' if fold.literal is not None else ".".join(fold.source)
        return ir.Fold(tuple(steps), fold.append, fold.source, fold.literal, text)

    def _step(
        self, event: ir.Event, within: ir.Type, step: MemberStep | IndexStep, previous: object, following: object
    ) -> ir.Step | None:
        match step:
            case IndexStep(index, type_name, span, index_span, type_span):
                if isinstance(previous, IndexStep):
                    hint = "make the inner list a field of an object type"
                    self._report.error("E514", span, f"'[{index}]' goes into a list that is in a list itself", hint)
                    return None
                if not isinstance(within, ir.ListOf):
                    self._report.error("E503", span, f"'[{index}]' goes into what is not a list", "index a list field")
                    return None
                position = event.record.field(index)
                if position is None and self._excused([event.record.name], index):
                    return None
                if position is None or position.type is not ir.Primitive.INTEGER:
                    integers = [known.name for known in event.record.fields if known.type is ir.Primitive.INTEGER]
                    hint = did_you_mean(index, integers) or f"use one of: {', '.join(integers) or 'none there'}"
                    self._report.error("E504", index_span, f"event '{event.tag}' has no integer field '{index}'", hint)
                    return None
                record = self._narrow(within.item, type_name, type_span) if type_name else ""
                if record is None:
                    return None
                if (
                    isinstance(within.item, ir.UnionRef)
                    and not record
                    and isinstance(following, (MemberStep, IndexStep))
                ):
                    hint = f"write [{index} as Type] with one of its types"
                    self._report.error("E505", span, f"the element is any of '{within.item.name}'", hint)
                    return None
                return ir.Element(index, record, ir.RecordRef(record) if record else within.item)
            case MemberStep(name, span):
                return self._member(within, name, span)

    def _narrow(self, item: ir.Type, name: str, span: Span) -> str | None:
        allowed: tuple[str, ...] = ()
        if isinstance(item, ir.UnionRef):
            allowed = self._spec.unions[item.name].records
        elif isinstance(item, ir.RecordRef):
            allowed = (item.name,)
        if name in allowed:
            return name
        if name in self._symbols.types and isinstance(item, ir.UnionRef) and self._incomplete(item.name):
            return None
        hint = did_you_mean(name, allowed) or f"one of: {', '.join(allowed[:6])}"
        self._report.error("E506", span, f"the element cannot be '{name}'", hint)
        return None

    def _member(self, within: ir.Type, name: str, span: Span) -> ir.Step | None:
        owners: tuple[str, ...] = ()
        if isinstance(within, ir.RecordRef):
            owners = (within.name,)
        elif isinstance(within, ir.UnionRef):
            owners = self._spec.unions[within.name].records
        fields = [self._spec.records[owner].field(name) for owner in owners]
        types = dict.fromkeys(found.type for found in fields if found)
        if len(types) == 1:
            record = owners[0] if isinstance(within, ir.RecordRef) else ""
            return ir.Member(name, record, next(iter(types)))
        if types:
            hint = "go through an element with 'as', so that the type is known"
            self._report.error("E505", span, f"'{name}' has different types in the variants of a union", hint)
            return None
        if self._excused(owners, name) or (isinstance(within, ir.UnionRef) and self._incomplete(within.name)):
            return None
        known = [known.name for owner in owners for known in self._spec.records[owner].fields]
        owner_text = " or ".join(f"'{owner}'" for owner in owners[:3]) or "what is there"
        hint = did_you_mean(name, known) or (f"fields: {', '.join(known[:8])}" if known else "only objects have fields")
        self._report.error("E503", span, f"{owner_text} has no field '{name}'", hint)
        return None

    def _source(self, event: ir.Event, fold: FoldExpr) -> ir.Type | None:
        if fold.literal is not None:
            return ir.Literal(fold.literal)
        within: ir.Type = ir.RecordRef(event.record.name)
        for name in fold.source:
            record = self._spec.records.get(within.name) if isinstance(within, ir.RecordRef) else None
            found = record.field(name) if record else None
            if found is None:
                if record and self._excused([record.name], name):
                    return None
                known = [known.name for known in record.fields] if record else []
                hint = did_you_mean(name, known) or (f"fields: {', '.join(known)}" if known else "it has no fields")
                self._report.error("E507", fold.source_span, f"event '{event.tag}' has no field '{name}'", hint)
                return None
            within = found.type
        return within

    def _fits(self, fold: FoldExpr, target: ir.Type, source: ir.Type) -> bool:
        if fold.append:
            if target is ir.Primitive.STRING and source is ir.Primitive.STRING:
                return True
            message = f"'+=' with '{type_text(source)}' at '{_path_text(fold)}', which is '{type_text(target)}'"
            self._report.error("E508", fold.span, message, "append a string to a string, or use '='")
            return False
        if self._assignable(target, source):
            return True
        shown = f'"{fold.literal}"' if fold.literal is not None else f"'{'.'.join(fold.source)}'"
        message = f"{shown} is of type '{type_text(source)}', its place '{_path_text(fold)}' of '{type_text(target)}'"
        self._report.error(
            "E508", fold.source_span, message, "put a value of the same type there, or change one of the two"
        )
        return False

    def _assignable(self, target: ir.Type, source: ir.Type) -> bool:
        if target == source or target is ir.Primitive.ANY:
            return True
        if any(isinstance(side, ir.UnionRef) and self._incomplete(side.name) for side in (target, source)):
            return True
        match target, source:
            case ir.Primitive.NUMBER, ir.Primitive.INTEGER:
                return True
            case ir.Primitive.STRING, ir.Literal() | ir.EnumRef():
                return True
            case ir.EnumRef(name), ir.Literal(value):
                enum = self._spec.enums[name]
                return enum.open or value in {known.value for known in enum.values}
            case ir.UnionRef(name), ir.RecordRef(record):
                return record in self._spec.unions[name].records
            case ir.UnionRef(name), ir.UnionRef(other):
                return bool(set(self._spec.unions[name].records) & set(self._spec.unions[other].records))
            case ir.RecordRef(record), ir.UnionRef(name):
                return record in self._spec.unions[name].records
            case ir.ListOf(item), ir.ListOf(other_item):
                return self._assignable(item, other_item)
            case ir.OneOf(alternatives), _:
                return any(self._assignable(alternative, source) for alternative in alternatives)
            case _:
                return False


def type_text(bound: ir.Type) -> str:
    """Write a type as the spec does."""
    match bound:
        case ir.Primitive():
            return bound.value
        case ir.Literal(value):
            return f'"{value}"'
        case ir.ListOf(item):
            return f"list[{type_text(item)}]"
        case ir.MapOf(value):
            return f"map[{type_text(value)}]"
        case ir.OneOf(alternatives):
            return " | ".join(type_text(each) for each in alternatives)
        case ir.RecordRef(name) | ir.EnumRef(name) | ir.UnionRef(name):
            return name


def _path_text(fold: FoldExpr) -> str:
    text = ""
    for step in fold.steps:
        match step:
            case MemberStep(name):
                text += f".{name}" if text else name
            case IndexStep(index, type_name):
                text += f"[{index} as {type_name}]" if type_name else f"[{index}]"
    return text or "state"
