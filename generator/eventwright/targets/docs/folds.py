"""What an event does to the state, in sentences."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from ...model import ir
from .markdown import code, joined, plain
from .site import Site


def sentences(site: Site, statements: Sequence[ir.Statement]) -> Iterator[str]:
    """Say what statements do, and what becomes of elements that are missing or of another type."""
    yield from _said(site, statements, (), ("the event",))
    changes = [fold for fold in ir.changes(statements) if fold.operator is not ir.Operator.REMOVE]
    made = dict.fromkeys(record for fold in changes for record in _made(fold))
    if made:
        links = [site.link(name, "events") for name in made]
        yield f"A missing {joined(links, 'or')} is made; where something of another type stands, nothing changes."


def statement_lines(statements: Iterable[ir.Statement]) -> tuple[str, ...]:
    """Give the statements as the spec has them, plain text for a block of code."""
    lines = ir.texts(statements)
    return tuple(f"{line[: len(line) - len(line.lstrip(' '))]}{plain(line)}" for line in lines)


def _made(fold: ir.Fold) -> Iterator[str]:
    """Give the records that a change makes where they are missing; behind `[*]`, a key makes none."""
    every = False
    for step in fold.steps:
        if isinstance(step, ir.Element):
            searched = every and isinstance(step.selector, ir.Keyed)
            every = isinstance(step.selector, ir.Every)
            if step.record and not every and not searched:
                yield step.record


def _said(
    site: Site, statements: Iterable[ir.Statement], before: tuple[str, ...], owners: tuple[str, ...]
) -> Iterator[str]:
    """Give a sentence for each change.

    Args:
        before: What has to be said before it: in which loops and under which conditions it stands.
        owners: What the sources of each scope belong to.
    """
    for statement in statements:
        match statement:
            case ir.Fold():
                sentence = _fold(site, statement, owners)
                if before:
                    sentence = f"{', '.join(before)}, {sentence[0].lower()}{sentence[1:]}"
                yield sentence[0].upper() + sentence[1:]
            case ir.Each(source, do):
                loop = f"for each element of {_source(source, owners)}"
                yield from _said(site, do, (*before, loop), (*owners, "that element"))
            case ir.When(scope, tests, do):
                told = joined([_test(test, owners[scope]) for test in tests], "and")
                yield from _said(site, do, (*before, f"if {told}"), owners)


def _test(test: ir.Test, owner: str) -> str:
    path = f"{code(ir.way_text(test.path))} of {owner}"
    return f"{path} is there" if test.value is None else f"{path} is {code(json.dumps(test.value))}"


def _source(source: ir.Source, owners: tuple[str, ...]) -> str:
    owner = owners[source.scope]
    if source.scope and source.scope < len(owners) - 1:
        owner = f"the element around {owners[-1]}"
    return f"{code('.'.join(source.path))} of {owner}"


def _fold(site: Site, fold: ir.Fold, owners: tuple[str, ...]) -> str:
    if fold.operator is ir.Operator.REMOVE:
        verb = "Clears" if isinstance(fold.steps[-1], ir.Member) else "Takes out"
        return f"{verb} {_target(site, fold.steps, '', owners)}."
    if fold.source is not None:
        source = _source(fold.source, owners)
    else:
        source = code(f'"{fold.value}"' if isinstance(fold.value, str) else json.dumps(fold.value))
    if not fold.steps:
        link = site.link(site.spec.state, "events")
        if fold.operator is ir.Operator.MERGE:
            return f"Merges {source} into the {link}: what it has replaces what is there."
        return f"Replaces the whole {link} with {source}."
    *rest, last = fold.steps
    if isinstance(last, ir.Element) and fold.operator is ir.Operator.SET:
        around = _target(site, rest, "", owners)
        if isinstance(last.selector, ir.Keyed):
            key = _key(last.selector, owners)
            return f"Puts {source} into {around}, in place of the element with {key} if there is one."
        return f"Puts {source} {_place(last.selector, owners)}of {around}, whatever was there."
    target = _target(site, fold.steps, "", owners)
    if fold.operator is ir.Operator.MERGE:
        return f"Merges {source} into {target}: what it has replaces what is there."
    if fold.operator is ir.Operator.ADD:
        if _is_json(fold):
            return f"Appends {source} to the JSON text from which {target} is read."
        return f"{'Adds' if isinstance(last.type, ir.ListOf) else 'Appends'} {source} to {target}."
    if fold.operator is ir.Operator.FILL:
        return f"Sets {target} to {source} if nothing is there yet."
    return f"Sets {target} to {source}."


def _is_json(fold: ir.Fold) -> bool:
    return fold.steps[-1].type in (ir.Primitive.OBJECT, ir.Primitive.ANY)


def _place(selector: ir.Selector, owners: tuple[str, ...]) -> str:
    """Say which position of a list is meant, with a space behind it; nothing where none is."""
    match selector:
        case ir.Position():
            return f"at position {_picked(selector, owners)} "
        case ir.Nth(position):
            return f"at position {position} "
        case ir.Keyed() | ir.Every():
            return ""


def _key(selector: ir.Keyed, owners: tuple[str, ...]) -> str:
    return f"the {code('.'.join(selector.key))} {_picked(selector, owners)}"


def _picked(selector: ir.Position | ir.Keyed, owners: tuple[str, ...]) -> str:
    """Name what an element is found by, and what counts where the event lacks that."""

    def named(source: ir.Source | int) -> str:
        if isinstance(source, int):
            return str(source)
        plain = isinstance(selector, ir.Position) and source.scope == len(owners) - 1
        return code(".".join(source.path)) if plain else _source(source, owners)

    others = [f", or else {named(each)}" for each in selector.otherwise]
    return f"{named(selector.source)}{''.join(others)}{',' if others else ''}"


def _target(site: Site, steps: Sequence[ir.Step], holder: str, owners: tuple[str, ...]) -> str:
    """Name a place in the state, from its end to its beginning; `holder` is the record that must be there."""
    *rest, step = steps
    match step:
        case ir.Element(selector, record):
            what = site.link(record or holder, "events") if record or holder else "element"
            around = _target(site, rest, "", owners)
            if isinstance(selector, ir.Every):
                return f"each {what} of {around}"
            if isinstance(selector, ir.Keyed):
                return f"the {what} of {around} with {_key(selector, owners)}"
            return f"the {what} {_place(selector, owners)}of {around}"
        case ir.Member(name, record):
            text = f"the {site.link(holder, 'events')} in {code(name)}" if holder else code(name)
            return f"{text} of {_target(site, rest, record, owners)}" if rest else text
