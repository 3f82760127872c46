"""Writes a new event into a spec: into the file of its siblings, complete but for words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from io import StringIO

from ruamel.yaml import YAML

from ..model import ir
from ..model.names import camel
from ..syntax.declarations import EventDecl, FileDecl, SpecDecl
from ..syntax.loader import Mapping, Node, Sequence, to_python

_SAMPLES: dict[ir.Primitive, ir.JsonValue] = {
    ir.Primitive.STRING: "text",
    ir.Primitive.INTEGER: 0,
    ir.Primitive.NUMBER: 0,
    ir.Primitive.BOOLEAN: False,
    ir.Primitive.OBJECT: {},
    ir.Primitive.ANY: {},
}


class NoPlace(Exception):
    """The event cannot be written into the file; the message says why."""


@dataclass(frozen=True, slots=True)
class Sibling:
    """The file that a new event belongs to, and the groups that most events beside it use."""

    file: FileDecl
    use: tuple[str, ...]


def sibling(declared: SpecDecl, tag: str) -> Sibling | None:
    """Find the events whose tags share most leading parts with a new one; None when only the first part is shared."""
    parts = tag.split(".")
    best, shared_most = None, 1
    for file in declared.files:
        close: list[EventDecl] = []
        for event in file.events:
            shared = _shared(parts, event.tag.value.split("."))
            if shared > shared_most:
                best, shared_most, close = None, shared, []
            if shared == shared_most and shared > 1:
                close.append(event)
        if close and best is None:
            uses = Counter(tuple(used.value for used in event.use) for event in close)
            best = Sibling(file, uses.most_common(1)[0][0])
    return best


def declaration(spec: ir.Spec, near: FileDecl | None, tag: str, use: tuple[str, ...]) -> dict[str, object]:
    """Give the keys of a new event; the example has a value for every field that it must have."""
    variant = camel(tag)
    # An event that uses the same groups shows good values for their fields.
    model = next(
        (
            event
            for event in (near.events if near else ())
            if tuple(used.value for used in event.use) == use and event.example is not None
        ),
        None,
    )
    example: dict[str, object] = {spec.tag: tag}
    if use and model is not None and model.example is not None:
        shown = to_python(model.example)
        record = spec.records[model.class_name.value]
        inherited = {field.name: field for field in record.fields if field.group}
        if isinstance(shown, dict):
            # The model's order, then what it lacks.
            example.update({name: value for name, value in shown.items() if name in inherited})
            missing = [field for field in inherited.values() if not field.optional and field.name not in example]
            example.update({field.name: sample(spec, field.type) for field in missing})
    body: dict[str, object] = {
        "variant": variant,
        "class": f"{variant.removesuffix('Event')}Event",
        "doc": "TODO say what has happened when it arrives, and what a reader does with it.",
    }
    if use:
        body["use"] = list(use)
    if spec.state:
        body["fold"] = "none"
    return {**body, "example": example}


def sample(spec: ir.Spec, declared: ir.Type, depth: int = 0) -> ir.JsonValue:
    """Give a small value of a type; null where a type cannot end."""
    match declared:
        case ir.Primitive():
            return _SAMPLES[declared]
        case ir.Literal(value):
            return value
        case ir.EnumRef(name):
            return spec.enums[name].values[0].value
        case ir.ListOf():
            return []
        case ir.MapOf():
            return {}
        case ir.OneOf(alternatives):
            return sample(spec, alternatives[0], depth)
        case ir.UnionRef(name):
            return sample(spec, ir.RecordRef(spec.unions[name].variants[0].record), depth)
        case ir.RecordRef(name):
            if depth > 8:
                return None
            record = spec.records[name]
            tagged: dict[str, ir.JsonValue] = {spec.tag: record.tags[0]} if record.tags else {}
            required = [field for field in record.fields if not field.optional]
            return tagged | {field.name: sample(spec, field.type, depth + 1) for field in required}


def inserted(text: str, root: Node | None, tag: str, body: dict[str, object]) -> str:
    """Give the text of a file with an event added behind the last one; everything else stays as it is.

    Args:
        text: The file.
        root: Its node, with the places of everything in it.
        tag: The wire tag.
        body: What stands under it.

    Raises:
        NoPlace: The events are not written in block style.
    """
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    events = root.get("events") if isinstance(root, Mapping) else None
    if events is None:
        return "".join([*lines, "\n" if lines else "", "events:\n", _block(tag, body, 2)])
    if not isinstance(events, Mapping) or _is_flow(events, lines) or not events.entries:
        raise NoPlace("its events are not written one below the other")
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


def _block(tag: str, body: dict[str, object], column: int) -> str:
    writer = YAML()
    writer.width = 110
    writer.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    plain = dict(body)
    use = plain.pop("use", None)
    writer.dump({tag: plain}, out)
    lines = out.getvalue().splitlines(keepends=True)
    if isinstance(use, list):
        behind_doc = next(at for at, line in enumerate(lines) if line.startswith(("  fold:", "  example:")))
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
