"""Rules about a whole spec, one function each. What cannot be bound at all is the business of `resolve`."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain
from pathlib import PurePosixPath
from typing import TypeAlias

from . import ir
from .diagnostics import Report, Span, closest, did_you_mean
from .examples import check_examples
from .foldexpr import IndexStep
from .foreign import mend_name
from .graph import ordered
from .names import (
    RESERVED_CLASSES,
    RESERVED_MODULES,
    attribute,
    camel,
    is_class_name,
    is_module_name,
    snake,
)
from .syntax import (
    EnumDecl,
    EventDecl,
    FieldDecl,
    FileDecl,
    GroupDecl,
    Prose,
    SpecDecl,
    Text,
    TypeDecl,
    UnionDecl,
    folder_of,
)
from .typeexpr import EitherExpr, ListExpr, LiteralExpr, MapExpr, NameExpr, TypeExpr, part_of
from .variants import check_variants

MAX_DOC = 400
"""Characters that a description may have before it is called long."""

ENDS = ("completed", "incomplete", "failed", "error")
"""How a stream can end with an event."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_NAME_CONTROL = re.compile(rf"{_CONTROL.pattern}|[\t\n\u200b-\u200d]")
_STRAY_SPACE = re.compile(r"^\s+|[ \t]{2,}|\t|\s+$")
_PLACEHOLDER = re.compile(r"\b(TODO|FIXME|TBD|XXX)\b")
_FULL_STOP = re.compile(r"[.!?…。][)\"'»”’`*]*$")
_NOT_WORD = re.compile(r"[\W_]+")
_FILLER = frozenset("a an the this that is of event field type value object enum union group".split())

_PRIMITIVES = frozenset(primitive.value for primitive in ir.Primitive)

Declared: TypeAlias = GroupDecl | EnumDecl | TypeDecl | UnionDecl | EventDecl


def check(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """Apply every rule."""
    for rule in RULES:
        rule(spec, declared, report)


# --- Names and references ---


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
        mentions = [name for name in _file_mentions(files[first]) if home.get(name.value) == second]
        path = " -> ".join(step.as_posix() for step in [*circle, first])
        span = mentions[0].span if mentions else Span(files[first].file)
        hint = "move what they share into a file of its own"
        report.error("E308", span, f"files depend on one another in a circle: {path}", hint)


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
    uses = {name: {text.value for text in _mentions(each, groups)} for name, (_, each) in found.items()}
    roots = [text.value for event in _events(declared) for text in _mentions(event, groups)]
    if declared.state is not None:
        roots.append(declared.state.value)
    # Which of two declarations of one name is meant, and so what it uses, is open.
    contested = declared.contested
    roots += declared.unread | contested
    for _, each in _declarations(declared):
        if isinstance(each, (TypeDecl, UnionDecl)) and each.name.value in contested:
            roots += [text.value for text in _mentions(each, groups)]
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
            report.warning("W309", each.name.span, f"{what} '{name}' is not used by any event", "use it, or remove it")


def unused_groups(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """W310: a group that no type and no event uses."""
    groups = {group.name.value: group for file in declared.files for group in file.groups}
    used = {
        text.value for _, each in _declarations(declared) for text in _uses(each) if not isinstance(each, GroupDecl)
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
            report.warning("W310", group.name.span, f"group '{name}' is not used", "use it, or remove it")


# --- Tags and unions ---


def tag_as_field(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E406: a field that has the name of the tag, in an object that has a tag already."""
    tag = declared.tag.value
    groups = {group.name.value: group for file in declared.files for group in file.groups}
    for _, each in _declarations(declared):
        if isinstance(each, EventDecl) or (isinstance(each, TypeDecl) and each.tags):
            for field in _all_fields(each, groups):
                if field.name.value == tag:
                    hint = "remove it: the tag is written by 'tag:' of a type and by the key of an event"
                    report.error("E406", field.name.span, f"field '{tag}' repeats the tag", hint)


def optional_tags(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E408: a type whose tag may be absent, in a union that says nothing about objects without a tag."""
    for union in _first_unions(spec, declared):
        if spec.unions[union.name.value].default:
            continue
        for choice in union.variants:
            record = spec.records.get(choice.type.value)
            if record is not None and record.tag_optional and record.name not in declared.contested:
                hint = f"add 'default: {record.name}' to the union"
                message = f"the tag of '{record.name}' may be absent, but '{union.name.value}' has no default"
                report.error("E408", choice.type.span, message, hint)


def missing_events(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E409: a spec without a single event."""
    if not any(file.events for file in declared.files) and not report.has_errors:
        hint = "add 'events:' to a file; `eventwright new event TAG` writes a first one"
        report.error("E409", declared.name.span, f"the spec '{declared.name.value}' has no event", hint)


def tag_text(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E410: a tag that is empty or that holds white space or invisible characters."""
    for file in declared.files:
        tags = [tag for type_ in file.types for tag in type_.tags]
        for tag in [*tags, *(event.tag for event in file.events), declared.tag]:
            if not tag.value or _NAME_CONTROL.search(tag.value) or tag.value != tag.value.strip() or " " in tag.value:
                message = f"tag '{_visible(tag.value)}' is empty or holds white space or invisible characters"
                report.error("E410", tag.span, message, "write it as it is on the wire")


def optional_without_tag(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E412: `tag_optional` on a type that has no tag."""
    for file in declared.files:
        for type_ in file.types:
            if type_.tag_optional and not type_.tags and not type_.tag_unread:
                message = f"'tag_optional' on '{type_.name.value}', which has no tag"
                report.error("E412", type_.name.span, message, "add 'tag:', or remove 'tag_optional'")


# --- Folds and ends ---


def missing_folds(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E509, W510: an event that does not say what it does to the state."""
    if declared.state is None:
        return
    for event in _events(declared):
        tag = event.tag.value
        if event.folds is not None:
            continue
        if tag.endswith(".delta"):
            hint = "write what it adds to the state, or 'fold: none'"
            report.error("E509", event.tag.span, f"delta '{tag}' has no 'fold'", hint)
        else:
            report.warning(
                "W510", event.tag.span, f"event '{tag}' has no 'fold'", "write 'fold: none' if it adds nothing"
            )


def unknown_ends(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E511: a way to end that does not exist."""
    for event in _events(declared):
        if event.ends is not None and event.ends.value not in ENDS:
            hint = did_you_mean(event.ends.value, ENDS) or f"one of: {', '.join(ENDS)}"
            report.error("E511", event.ends.span, f"unknown end '{event.ends.value}'", hint)


# --- Prose ---


def missing_prose(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """W701: a declaration without a description."""
    for what, name, doc in _prose(declared):
        # A spec without `spec.yaml` has no place for a description of its own.
        if not doc.value.strip() and (what != "spec" or doc.span.start):
            report.warning("W701", doc.span, f"{what} '{name}' has no description", "say what its name does not")


def repeated_names(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """W702: a description that says no more than the name."""
    for what, name, doc in _prose(declared):
        words = _words(doc.value)
        if words and set(words) <= set(_words(name)) | _FILLER:
            message = f"the description of {what} '{name}' only repeats the name"
            report.warning("W702", doc.span, message, "say what it is for, who sets it, when it is missing")


def unfinished_sentences(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """W703: a description that does not end like a sentence."""
    for what, name, doc in _prose(declared):
        if doc.value.strip() and not _FULL_STOP.search(doc.value.strip()):
            report.warning(
                "W703", doc.span, f"the description of {what} '{name}' does not end a sentence", "add a full stop"
            )


def long_prose(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """W704: a description that nobody will read."""
    for what, name, doc in _prose(declared):
        size = len(doc.value.strip())
        if size > MAX_DOC:
            message = f"the description of {what} '{name}' has {size} characters"
            report.warning("W704", doc.span, message, f"say it in {MAX_DOC}, or move a part to another declaration")


def white_space(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """W705: white space around a description or doubled inside it."""
    for what, name, doc in _prose(declared):
        stray = _STRAY_SPACE.search(doc.value.removesuffix("\n"))
        if stray and doc.value.strip():
            message = f"the description of {what} '{name}' has white space around it or doubled"
            report.warning("W705", _part(doc, stray), message, "use one space between words and none around the text")


def hidden_text(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E706: control and direction characters, which make a text look like another one."""
    prose = [(what, name, doc) for what, name, doc in _prose(declared)]
    prose += [("file", file.path.as_posix(), file.title) for file in declared.files]
    prose.append(("spec", declared.name.value, declared.title))
    for what, name, doc in prose:
        found = _CONTROL.search(doc.value)
        if found:
            message = f"the text of {what} '{_visible(name)}' holds the invisible character U+{ord(found[0]):04X}"
            report.error("E706", _part(doc, found), message, "remove it")
    for what, owner, said in _with_prose(declared):
        found = _CONTROL.search(said.deviates)
        if found:
            message = (
                f"'deviates' of {what} '{_visible(owner.value)}' holds the invisible character U+{ord(found[0]):04X}"
            )
            report.error("E706", owner.span, message, "remove it")


def placeholders(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """W707: a description that is still to be written."""
    for what, name, doc in _prose(declared):
        found = _PLACEHOLDER.search(doc.value)
        if found:
            message = f"the description of {what} '{name}' still says '{found[0]}'"
            report.warning("W707", _part(doc, found), message, "write it")


# --- Names in Python ---


def class_names(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E801: a name that cannot be the name of a class."""
    # A name that follows from another one is judged there.
    derived = {event.variant.span for event in _events(declared)} | {declared.name.span}
    for what, name in _classes(declared):
        known = name.span in derived or report.has("E104", name.span)
        if not is_class_name(name.value) and not known:
            hint = _class_hint("it", name.value)
            report.error("E801", name.span, f"{what} '{_visible(name.value)}' cannot be a class", hint)


def _class_hint(what: str, name: str) -> str:
    better = camel(name)
    if better != name and is_class_name(better):
        return f"write {what} in CamelCase: '{better}'"
    return f"write {what} in CamelCase, with letters and digits only"


def reserved_names(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E802: a name that every generated package has already."""
    for what, name in _classes(declared):
        if report.has("E104", name.span) or report.has("E801", name.span):
            continue
        if name.value in RESERVED_CLASSES:
            message = f"{what} '{name.value}' collides with a name that every package has"
            report.error("E802", name.span, message, f"choose a longer name, such as '{name.value}Data'")
        elif name.value == declared.union.value and name is not declared.union:
            message = f"{what} '{name.value}' collides with the union of all events"
            report.error("E802", name.span, message, f"rename it, or set another 'union:' in {declared.file}")


def equal_names(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E803: names that differ on the wire and are equal in Python."""
    classes = [(snake(name.value), name) for _, name in _classes(declared)]
    _report_equal(classes, "becomes", report)
    variants = [(event.variant.value, event.variant) for event in _first_events(spec, declared)]
    _report_equal(variants, "is the variant", report)
    groups = {group.name.value: group for file in declared.files for group in file.groups}
    for file in declared.files:
        for each in _with_fields(file):
            names = [field.name for field in _all_fields(each, groups)]
            _report_equal([(attribute(name.value), name) for name in names], "becomes the attribute", report)


def module_names(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E804: a file or folder that cannot be a module of the package."""
    folders: dict[PurePosixPath, str] = {}
    files: dict[PurePosixPath, str] = {}
    for file in declared.files:
        shown = PurePosixPath(file.file)
        for above, inside in zip(shown.parents, file.path.parents, strict=False):
            if inside.name:
                folders.setdefault(inside, above.as_posix())
        if file.path in files:
            report.error("E804", Span(file.file), f"file '{file.path}' stands beside {files[file.path]}", "rename one")
        files.setdefault(file.path, file.file)
    for path, place in [*folders.items(), *files.items()]:
        what = "folder" if path in folders and place == folders[path] else "file"
        if not is_module_name(path.name):
            message = f"{what} '{_visible(path.name)}' cannot be a module"
            report.error("E804", Span(place), message, _module_hint(path.name))
        elif len(path.parts) == 1 and path.name in RESERVED_MODULES:
            report.error(
                "E804", Span(place), f"{what} '{path.name}' collides with a module of the package", "rename it"
            )
        elif what == "file" and path in folders:
            report.error("E804", Span(place), f"file '{path.name}' has the name of a folder beside it", "rename one")


def variant_names(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E805: a variant that cannot be a member of an enum in Python."""
    for event in _events(declared):
        name = event.variant
        if not is_class_name(name.value) and not report.has("E104", name.span):
            hint = _class_hint("'variant:'", name.value)
            report.error("E805", name.span, f"variant '{_visible(name.value)}' cannot be a name in Python", hint)


def package_name(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E806: a spec whose name cannot be that of a package."""
    if not is_module_name(declared.name.value):
        message = f"name '{_visible(declared.name.value)}' cannot be a Python package"
        report.error("E806", declared.name.span, message, _module_hint(declared.name.value))


def _module_hint(name: str) -> str:
    better = snake(camel(name))
    return f"write '{better}'" if is_module_name(better) else "use lower case letters, digits and '_', no keyword"


def wire_texts(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E807: an enum value, field name or literal that is empty or holds invisible characters."""
    found: list[tuple[str, str, Span]] = []
    for file in declared.files:
        found += [("enum value", value.value.value, value.value.span) for enum in file.enums for value in enum.values]
        for each in _with_fields(file):
            found += [("field", field.name.value, field.name.span) for field in each.fields]
            literals = [literal for field in each.fields if field.type for literal in _literals(field.type)]
            found += [("literal", literal.value, literal.span) for literal in literals]
    for what, value, span in found:
        if not value:
            report.error("E807", span, f"an empty {what}", "write it as it is on the wire, or remove it")
        elif _NAME_CONTROL.search(value):
            message = f"{what} '{_visible(value)}' holds control or invisible characters"
            report.error("E807", span, message, "write it as it is on the wire, without them")


RULES: tuple[Callable[[ir.Spec, SpecDecl, Report], None], ...] = (
    circular_files,
    unused_declarations,
    unused_groups,
    tag_as_field,
    check_variants,
    optional_tags,
    tag_text,
    optional_without_tag,
    missing_folds,
    unknown_ends,
    check_examples,
    missing_prose,
    repeated_names,
    unfinished_sentences,
    long_prose,
    white_space,
    hidden_text,
    placeholders,
    class_names,
    reserved_names,
    equal_names,
    module_names,
    variant_names,
    package_name,
    wire_texts,
    missing_events,
)


# --- Walks over the declarations ---


def _declarations(declared: SpecDecl) -> Iterator[tuple[str, Declared]]:
    """Give every declaration with the word for its kind."""
    for file in declared.files:
        yield from (("group", group) for group in file.groups)
        yield from (("enum", enum) for enum in file.enums)
        yield from (("type", type_) for type_ in file.types)
        yield from (("union", union) for union in file.unions)
        yield from (("event", event) for event in file.events)


def _events(declared: SpecDecl) -> Iterator[EventDecl]:
    return (event for file in declared.files for event in file.events)


def _classes(declared: SpecDecl) -> Iterator[tuple[str, Text]]:
    """Give every name that becomes a class or an alias."""
    yield "union", declared.union
    for what, each in _declarations(declared):
        if isinstance(each, EventDecl):
            yield "class", each.class_name
        elif not isinstance(each, GroupDecl):
            yield what, each.name


def _first_events(spec: ir.Spec, declared: SpecDecl) -> Iterator[EventDecl]:
    """Give the events that were bound; of two with one tag or class, the first."""
    bound = {event.record.span for event in spec.events}
    return (event for event in _events(declared) if event.tag.span in bound)


def _first_unions(spec: ir.Spec, declared: SpecDecl) -> Iterator[UnionDecl]:
    bound = {union.span for union in spec.unions.values()}
    return (union for file in declared.files for union in file.unions if union.name.span in bound)


def _with_prose(declared: SpecDecl) -> Iterator[tuple[str, Text, Prose]]:
    for what, each in _declarations(declared):
        yield what, each.tag if isinstance(each, EventDecl) else each.name, each.prose
        if isinstance(each, (GroupDecl, TypeDecl, EventDecl)):
            yield from (("field", field.name, field.prose) for field in each.fields)


def _prose(declared: SpecDecl) -> Iterator[tuple[str, str, Text]]:
    """Give every description with what it describes."""
    if declared.readable:
        yield "spec", declared.name.value, declared.doc
    for file in declared.files:
        yield "file", file.path.as_posix(), file.doc
        for enum in file.enums:
            yield from (("value", value.value.value, value.doc) for value in enum.values)
    for what, name, prose in _with_prose(declared):
        yield what, name.value, prose.doc


def _with_fields(file: FileDecl) -> Iterator[GroupDecl | TypeDecl | EventDecl]:
    yield from file.groups
    yield from file.types
    yield from file.events


def _part(text: Text, found: re.Match[str]) -> Span:
    return part_of(text.span, text.value, found.start(), found.end())


def _uses(declared: Declared) -> tuple[Text, ...]:
    return declared.use if isinstance(declared, (GroupDecl, TypeDecl, EventDecl)) else ()


def _all_fields(declared: GroupDecl | TypeDecl | EventDecl, groups: dict[str, GroupDecl]) -> list[FieldDecl]:
    """Give the fields of a declaration and of the groups that it uses."""
    found = list(declared.fields)
    waiting, seen = [used.value for used in declared.use], set[str]()
    while waiting:
        name = waiting.pop()
        if name in groups and name not in seen:
            seen.add(name)
            found += groups[name].fields
            waiting += [used.value for used in groups[name].use]
    return found


def _mentions(declared: EnumDecl | TypeDecl | UnionDecl | EventDecl, groups: dict[str, GroupDecl]) -> Iterator[Text]:
    """Give the names that a declaration mentions, by itself or through its groups."""
    match declared:
        case UnionDecl():
            yield from (choice.type for choice in (*declared.variants, *declared.default))
        case TypeDecl() | EventDecl():
            for field in _all_fields(declared, groups):
                yield from field.mentions
                yield from _names_in(field.type)
            if isinstance(declared, EventDecl):
                for fold in declared.folds or ():
                    steps = [step for step in fold.steps if isinstance(step, IndexStep) and step.type]
                    yield from (Text(step.type, step.span) for step in steps)
        case EnumDecl():
            return


def _file_mentions(file: FileDecl) -> Iterator[Text]:
    for each in _with_fields(file):
        for field in each.fields:
            yield from _names_in(field.type)
    for union in file.unions:
        yield from (choice.type for choice in (*union.variants, *union.default))


def _names_in(expr: TypeExpr | None) -> Iterator[Text]:
    match expr:
        case NameExpr(name, span):
            yield Text(name, span)
        case ListExpr(inner) | MapExpr(inner):
            yield from _names_in(inner)
        case EitherExpr(options):
            for option in options:
                yield from _names_in(option)
        case LiteralExpr() | None:
            return


def _literals(expr: TypeExpr) -> Iterator[LiteralExpr]:
    match expr:
        case LiteralExpr():
            yield expr
        case ListExpr(inner) | MapExpr(inner):
            yield from _literals(inner)
        case EitherExpr(options):
            for option in options:
                yield from _literals(option)
        case NameExpr():
            return


def _slips(mentioned: Iterable[str], known: Collection[str], others: Collection[str]) -> dict[str, str | None]:
    """Give what is meant by each misspelt name, which is reported as unknown; None where that may be anything."""
    unknown = set(mentioned).difference(known, others, _PRIMITIVES)
    meant = {name: closest(name, known) for name in unknown}
    return {name: other for name, other in meant.items() if other or is_class_name(name) or mend_name(name)}


def _reachable(roots: Iterable[str], uses: dict[str, set[str]]) -> set[str]:
    waiting, reached = list(roots), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += uses.get(name, ())
    return reached


def _report_equal(found: list[tuple[str, Text]], becomes: str, report: Report) -> None:
    taken: dict[str, Text] = {}
    for python, name in found:
        first = taken.setdefault(python.casefold(), name)
        same_declaration = first.span == name.span
        # Two declarations of one name are reported as such, unless two variants share it.
        if same_declaration or (first.value == name.value and becomes != "is the variant"):
            continue
        if first.value == name.value:
            message, hint = f"variant '{name.value}' is there twice", f"first in {first.span}; rename one"
        else:
            message = f"'{_visible(name.value)}' {becomes} '{python}', as '{_visible(first.value)}' does"
            hint = f"that one is in {first.span}; rename one"
        report.error("E803", name.span, message, hint)


def _words(text: str) -> list[str]:
    """Give the words of a name or a text, without case, plural and punctuation."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    return [word.removesuffix("s") for word in _NOT_WORD.sub(" ", spaced).casefold().split()]


def _visible(text: str) -> str:
    """Show invisible characters as escapes."""
    return _NAME_CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
