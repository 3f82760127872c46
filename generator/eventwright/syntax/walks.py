"""Walks over declarations that several rules take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from .declarations import (
    EachDecl,
    EnumDecl,
    EventDecl,
    FileDecl,
    GroupDecl,
    LifecycleDecl,
    Prose,
    SpecDecl,
    StatementDecl,
    Text,
    TypeDecl,
    UnionDecl,
    WhenDecl,
)
from .foldexpr import FoldExpr
from .typeexpr import ConstantExpr, EitherExpr, ListExpr, LiteralExpr, MapExpr, NameExpr, TypeExpr

Declared: TypeAlias = GroupDecl | EnumDecl | TypeDecl | UnionDecl | EventDecl


def declarations(declared: SpecDecl) -> Iterator[tuple[str, Declared]]:
    """Give every declaration with the word for its kind."""
    for file in declared.files:
        yield from (("group", group) for group in file.groups)
        yield from (("enum", enum) for enum in file.enums)
        yield from (("type", type_) for type_ in file.types)
        yield from (("union", union) for union in file.unions)
        yield from (("event", event) for event in file.events)


def events(declared: SpecDecl) -> Iterator[EventDecl]:
    """Give every event."""
    return (event for file in declared.files for event in file.events)


def changes(statements: Iterable[StatementDecl] | None) -> Iterator[FoldExpr]:
    """Give the changes that the statements of a fold make, in order, also those within `each` and `when`."""
    for statement in statements or ():
        match statement:
            case FoldExpr():
                yield statement
            case EachDecl(do=inner) | WhenDecl(do=inner):
                yield from changes(inner)


def lifecycles(declared: SpecDecl) -> Iterator[tuple[str, LifecycleDecl]]:
    """Give what each file says about the order of events and the rules of the stream, with the path of the file."""
    yield declared.file, declared.lifecycle
    yield from ((file.file, file.lifecycle) for file in declared.files)


def mentioned_places(declared: SpecDecl) -> Iterator[tuple[str, str, str, Text]]:
    """Give each place that a group or an event names: the words for what does, its name, the key, and the place."""
    for what, each in declarations(declared):
        if isinstance(each, GroupDecl):
            named = [("at", each.at)]
        elif isinstance(each, EventDecl):
            named = [("at", each.at), ("opens", each.opens), ("closes", each.closes)]
        else:
            continue
        name = each.tag.value if isinstance(each, EventDecl) else each.name.value
        yield from ((what, name, key, place) for key, place in named if place is not None)


def with_prose(declared: SpecDecl) -> Iterator[tuple[str, Text, Prose]]:
    """Give every declaration and field that has a description: the word for its kind, its name, what the spec says."""
    for what, each in declarations(declared):
        yield what, each.tag if isinstance(each, EventDecl) else each.name, each.prose
        if isinstance(each, (GroupDecl, TypeDecl, EventDecl)):
            yield from (("field", field.name, field.prose) for field in each.fields)


def prose(declared: SpecDecl) -> Iterator[tuple[str, str, Text]]:
    """Give every description that could be read, with what it describes."""
    found = [("spec", declared.name.value, declared.doc)]
    found += [("reading", reading.name.value, reading.doc) for reading in declared.readings]
    for file in declared.files:
        found.append(("file", file.path.as_posix(), file.doc))
        found += [("value", value.value.value, value.doc) for enum in file.enums for value in enum.values]
    found += [(what, name.value, prose.doc) for what, name, prose in with_prose(declared)]
    yield from ((what, name, doc) for what, name, doc in found if doc is not None)


def with_fields(file: FileDecl) -> Iterator[GroupDecl | TypeDecl | EventDecl]:
    """Give the declarations of a file that have fields."""
    yield from file.groups
    yield from file.types
    yield from file.events


def file_mentions(file: FileDecl) -> Iterator[Text]:
    """Give the names that the fields and unions of a file mention."""
    for each in with_fields(file):
        for field in each.fields:
            yield from names_in(field.type)
    for union in file.unions:
        yield from (choice.type for choice in (*union.variants, *union.default))
        yield from filter(None, [union.unknown])


def names_in(expr: TypeExpr | None) -> Iterator[Text]:
    """Give the names in a type as it is written."""
    match expr:
        case NameExpr(name, span):
            yield Text(name, span)
        case ListExpr(inner) | MapExpr(inner):
            yield from names_in(inner)
        case EitherExpr(options):
            for option in options:
                yield from names_in(option)
        case LiteralExpr() | ConstantExpr() | None:
            return


def literals(expr: TypeExpr) -> Iterator[LiteralExpr]:
    """Give the literals in a type as it is written."""
    match expr:
        case LiteralExpr():
            yield expr
        case ListExpr(inner) | MapExpr(inner):
            yield from literals(inner)
        case EitherExpr(options):
            for option in options:
                yield from literals(option)
        case NameExpr() | ConstantExpr():
            return
