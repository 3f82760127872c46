"""Writes a new event into a spec: into the file of its siblings, complete but for words."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from ruamel.yaml import YAML

from ..diagnostics.values import Report
from ..model import ir
from ..model.names import camel, is_plain
from ..model.reaching import reach
from ..syntax.declarations import FileDecl, SpecDecl
from ..syntax.files import SPEC_SUFFIXES, spec_files
from ..syntax.loader import Mapping, Node, Sequence, load, to_python
from ..syntax.paths import path_text
from ..syntax.reading import read_declarations
from ..syntax.tagexpr import parse_key

_SAMPLES: dict[ir.Primitive, ir.JsonValue] = {
    ir.Primitive.STRING: "text",
    ir.Primitive.INTEGER: 0,
    ir.Primitive.NUMBER: 0,
    ir.Primitive.BOOLEAN: False,
    ir.Primitive.OBJECT: {},
    ir.Primitive.ANY: {},
}


class NoPlace(Exception):
    """The event cannot be written; the message says why, on one line."""


@dataclass(frozen=True, slots=True)
class Addition:
    """A file as it is and as it will be with the new event; `before` is None for a file that is made."""

    path: Path
    before: str | None
    after: str

    def write(self) -> None:
        """Write the event."""
        _replace(self.path, self.after)

    def undo(self) -> None:
        """Bring the file back to what it was."""
        if self.before is None:
            self.path.unlink()
        else:
            _replace(self.path, self.before)


@dataclass(frozen=True, slots=True)
class Sibling:
    """The file that a new event belongs to, and the groups that most events beside it use."""

    file: FileDecl
    use: tuple[str, ...]


def addition(folder: Path, spec: ir.Spec, tag: str, file: Path | None) -> Addition:
    """Find out what a new event changes; writes nothing.

    Args:
        folder: The spec.
        spec: What it means; it has no errors.
        tag: The wire tag of the event.
        file: Where it goes; beside its siblings where that is None.

    Raises:
        NoPlace: The file is none of the spec's or cannot take the event, or the tag is where only people can write it.
    """
    key = tag_value(spec, tag)
    members = tag_members(spec, tag, key)
    declared = read_declarations(folder, Report())
    near = sibling(declared, tag) if declared is not None else None
    path = file or (Path(near.file.file) if near else _new_file(folder, tag))
    shown = path.as_posix()
    if not path.resolve().is_relative_to(folder.resolve()):
        raise NoPlace(f"'{shown}' is not in the spec '{folder.as_posix()}'; name a file below it")
    if not path.parent.is_dir():
        raise NoPlace(f"there is no folder '{path.parent.as_posix()}'; make it first")
    if path.suffix not in SPEC_SUFFIXES or path.name.startswith("."):
        raise NoPlace(f"'{shown}' would be no file of the spec; give it a name such as 'more.yaml'")
    use = near.use if near and Path(near.file.file) == path else ()
    before = path.read_text(encoding="utf-8") if path.exists() else None
    text = _new_file_text(path, tag) if before is None else before
    body = declaration(spec, near.file if near else None, tag, use, members)
    after = inserted(text, load(text, shown, Report()), key, body)
    if after is None:
        raise NoPlace(
            f"'{shown}' cannot take the event: its events are not written one below the other; give another --file"
        )
    return Addition(path, before, after)


def sibling(declared: SpecDecl, tag: str) -> Sibling | None:
    """Find the file of the events that share the most leading parts of their tags with a new one.

    Where several files hold such events, the one with most of them counts. If all that they share is the first part, or
    nothing, that is what all tags of a spec have in common: then only events that differ in the last part alone count.

    Returns:
        None where the event begins a subject of its own.
    """
    parts = tag.split(".")
    others = [(file, event, event.tag.value.split(".")) for file in declared.files for event in file.events]
    most = max((_shared(parts, other) for _, _, other in others), default=0)
    close = [entry for entry in others if _shared(parts, entry[2]) == most]
    if most < 2 and len({file.file for file, _, _ in close}) > 1:
        close = [entry for entry in close if entry[2][:-1] == parts[:-1]]
    if not close:
        return None
    path = Counter(file.file for file, _, _ in close).most_common(1)[0][0]
    file = next(file for file, _, _ in close if file.file == path)
    uses = Counter(tuple(used.value for used in event.use) for other, event, _ in close if other is file)
    return Sibling(file, uses.most_common(1)[0][0])


def tag_value(spec: ir.Spec, tag: str) -> ir.TagValue:
    """Give a tag as it is on the wire: a number or a boolean where tags of the spec are such."""
    kinds = {type(part) for event in spec.events for key in event.keys for part in key.parts}
    if int in kinds and tag.removeprefix("-").isdecimal() and tag == str(int(tag)):
        return int(tag)
    return tag == "true" if bool in kinds and tag in ("true", "false") else tag


def tag_members(spec: ir.Spec, tag: str, key: ir.TagValue) -> dict[str, ir.TagValue]:
    """Give the members of a body that hold the parts of a tag.

    Args:
        spec: The spec.
        tag: The tag as people write it.
        key: The tag as it is on the wire.

    Returns:
        Nothing where the tag is beside the body, or the name of its only member.

    Raises:
        NoPlace: The tag is below a path, in types that people have to choose, or events have none.
    """
    if not spec.tag.parts:
        raise NoPlace(
            "events of this spec have no tag;"
            " write the event with 'tag: none', and list it under 'default' in spec.yaml"
        )
    values = (key,) if len(spec.tag.parts) == 1 else parse_key(tag) or ()
    members: dict[str, ir.TagValue] = {}
    for part, value in zip(spec.tag.parts, values, strict=False):
        match part[0]:
            case ir.MemberTag((name,)):
                members[name] = value
            case ir.MemberTag(path) | ir.NameTag(path) if path:
                raise NoPlace(
                    f"the tag of '{tag}' stands in '{path_text(path)}', so a type has to declare it;"
                    " copy an event with its type, and change the tag in both"
                )
    return members


def declaration(
    spec: ir.Spec, near: FileDecl | None, tag: str, use: tuple[str, ...], members: dict[str, ir.TagValue]
) -> dict[str, object]:
    """Give the keys of a new event; the example has a value for every field that it must have."""
    named = camel(tag)[:1].isalpha() and all(isinstance(value, str) for value in members.values())
    # A number alone is no name, and neither is a boolean.
    variant = camel(tag if named else f"{next(iter(members), 'event')}_{tag}")
    # An event that uses the same groups shows good values for their fields.
    model = next(
        (
            event
            for event in (near.events if near else ())
            if tuple(used.value for used in event.use) == use and event.example is not None
        ),
        None,
    )
    example: dict[str, object] = dict(members)
    if use and model is not None and model.example is not None:
        shown = to_python(model.example)
        record = spec.records[model.class_name.value]
        inherited = {field.name: field for field in record.fields if field.group}
        if isinstance(shown, dict):
            # The model's order, then what it lacks. Where the only member has the tag for its name, all is within that.
            within = next(iter(shown.values()), {}) if spec.tag.is_name else shown
            held = within if isinstance(within, dict) else {}
            example.update({name: value for name, value in held.items() if name in inherited})
            missing = [field for field in inherited.values() if not field.optional and field.name not in example]
            example.update({field.name: sample(spec, field.type) for field in missing})
    body: dict[str, object] = {
        "variant": variant,
        "class": f"{variant.removesuffix('Event')}Event",
        "doc": "TODO say what has happened when it arrives, and what a reader does with it.",
    }
    if use:
        body["use"] = list(use)
    if not spec.tag.member and members:
        body["fields"] = {
            name: {"type": ir.type_text(ir.constant(value)), "doc": "Says which event this is."}
            for name, value in members.items()
        }
    if spec.state:
        body["fold"] = "none"
    return {**body, "example": {tag: example} if spec.tag.is_name else example}


def sample(spec: ir.Spec, declared: ir.Type, depth: int = 0) -> ir.JsonValue:
    """Give a small value of a type; null where a type cannot end."""
    match declared:
        case ir.Primitive():
            return _SAMPLES[declared]
        case ir.Literal(value):
            return value
        case ir.Constants(values):
            return values[0]
        case ir.Nullable(inner):
            return sample(spec, inner, depth)
        case ir.EnumRef(name):
            return spec.enums[name].values[0].value
        case ir.ListOf():
            return []
        case ir.MapOf():
            return {}
        case ir.OneOf(alternatives):
            return sample(spec, alternatives[0], depth)
        case ir.UnionRef(name):
            return _sample_of_union(spec, spec.unions[name], depth)
        case ir.RecordRef(name):
            if depth > 8:
                return None
            record = spec.records[name]
            tagged: dict[str, ir.JsonValue] = {record.tag: record.tags[0]} if record.tag else {}
            required = [field for field in record.fields if not field.optional]
            return tagged | {field.name: sample(spec, field.type, depth + 1) for field in required}


def _sample_of_union(spec: ir.Spec, union: ir.Union, depth: int) -> ir.JsonValue:
    """Give a small object that is taken for the first variant of a union."""
    choice = union.variants[0]
    record = spec.records[choice.record]
    made = sample(spec, ir.RecordRef(record.name), depth)
    if not isinstance(made, dict):
        return made
    for path in () if record.tag or record.is_wrapped or not record.tags else union.tag.paths[:1]:
        made = _with(spec, ir.RecordRef(record.name), made, path, record.tags[0])
    for test in choice.when:
        made = _with(spec, ir.RecordRef(record.name), made, test.path, test.value)
    return {ir.tag_text(record.tags[0]): made} if record.is_wrapped else made


def _with(
    spec: ir.Spec, declared: ir.Type | None, made: ir.JsonValue, way: ir.Way, value: str | int | None
) -> ir.JsonValue:
    """Give a value with another one at the end of a way into it, any that fits if that is None.

    Args:
        declared: Type of the value, None where nobody knows it.
        made: The value, None where it has to be made first.
    """
    if made is None and declared is not None:
        made = sample(spec, declared)
    if not way:
        return made if value is None else value
    step, rest = way[0], way[1:]
    types = reach(spec, declared, (step,)).types if declared is not None else ()
    inner = types[0] if types else None
    if isinstance(step, str):
        members = made if isinstance(made, dict) else {}
        return {**members, step: _with(spec, inner, members.get(step), rest, value)}
    items = made.copy() if isinstance(made, list) else []
    place = step or 0
    items += [sample(spec, inner) if inner is not None else {} for _ in range(len(items), place + 1)]
    items[place] = _with(spec, inner, items[place], rest, value)
    return items


def inserted(text: str, root: Node | None, tag: ir.TagValue, body: dict[str, object]) -> str | None:
    """Give the text of a file with an event added behind the last one; everything else stays as it is.

    Args:
        text: The file.
        root: Its node, with the places of everything in it.
        tag: The wire tag, as it is there.
        body: What stands under it.

    Returns:
        None where the events are not written in block style.
    """
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    events = root.get("events") if isinstance(root, Mapping) else None
    if events is None:
        return "".join([*lines, "\n" if lines else "", "events:\n", _block(tag, body, 2)])
    if not isinstance(events, Mapping) or _is_flow(events, lines) or not events.entries:
        return None
    start = events.entries[0].key_span.start
    at = _last_line(events, lines)
    column = start.column - 1 if start else 2
    return "".join([*lines[:at], "\n", _block(tag, body, column), *lines[at:]])


def _shared(parts: list[str], others: list[str]) -> int:
    count = 0
    for mine, other in zip(parts, others, strict=False):
        if mine != other:
            break
        count += 1
    return count


def _block(tag: ir.TagValue, body: dict[str, object], column: int) -> str:
    writer = YAML()
    writer.width = 110
    writer.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    plain = dict(body)
    use = plain.pop("use", None)
    writer.dump({tag: plain}, out)
    lines = out.getvalue().splitlines(keepends=True)
    if isinstance(use, list):
        behind = ("  fields:", "  fold:", "  example:")
        behind_doc = next(at for at, line in enumerate(lines) if line.startswith(behind))
        lines.insert(behind_doc, f"  use: [{', '.join(use)}]\n")
    return "".join(f"{' ' * column}{line}" for line in lines)


def _is_flow(node: Mapping | Sequence, lines: list[str]) -> bool:
    start = node.span.start
    return start is not None and lines[start.line - 1][start.column - 1 : start.column] in ("{", "[")


def _last_line(node: Node, lines: list[str]) -> int:
    """Find the number of the last line that belongs to a node.

    The parser ends a collection in block style where the next token begins, behind comments that belong to that one.
    """
    while isinstance(node, (Mapping, Sequence)) and not _is_flow(node, lines):
        inner = node.entries[-1].value if isinstance(node, Mapping) else node.items[-1]
        node = inner
    end = node.span.end
    at = len(lines) if end is None else end.line if end.column > 1 else end.line - 1
    while at > 0 and not lines[at - 1].strip():
        at -= 1
    return at


def _new_file(folder: Path, tag: str) -> Path:
    parts = tag.split(".")
    stem = parts[1] if len(parts) > 2 else parts[0]
    stem = stem if is_plain(stem) else "more"
    place = folder / "events"
    return (place if place.is_dir() else folder) / f"{stem}.yaml"


def _new_file_text(target: Path, tag: str) -> str:
    # Editors find the schema of the language by a comment at the top; a new file gets that of its neighbours.
    neighbours = spec_files(target.parent)
    first = neighbours[0].read_text(encoding="utf-8").partition("\n")[0] if neighbours else ""
    modeline = f"{first}\n" if first.startswith("# yaml-language-server:") else ""
    parts = tag.split(".")
    title = camel(parts[1] if len(parts) > 2 else parts[0]) or "More"
    return f"{modeline}title: {title}\ndoc: TODO say what these events are about.\n"


def _replace(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="")
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
