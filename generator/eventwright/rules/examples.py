"""Holds every example of a spec to the types that the spec declares."""

from __future__ import annotations

import json

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.suggest import Guesses
from ..diagnostics.values import Report, Span
from ..model import ir
from ..model.names import camel
from ..model.reaching import reach
from ..model.telling import chosen, is_same, standing, tag_of
from ..syntax import walks
from ..syntax.declarations import SpecDecl
from ..syntax.loader import MAX_DIGITS, Entry, Mapping, Node, Scalar, Sequence, to_python
from ..syntax.paths import path_text
from .conditions import can_hold
from .tags import is_readable

EXAMPLE_MISFIT = Rule(
    "E602",
    Severity.ERROR,
    "example that does not fit",
    "People copy examples; and either the example is wrong or the declaration is.",
)
EXAMPLE_OF_ANOTHER_TAG = Rule(
    "E604",
    Severity.ERROR,
    "example with another tag",
    "An example is a complete wire object, with the tag of its event.",
)
UNDECLARED_IN_EXAMPLE = Rule(
    "W603",
    Severity.WARNING,
    "example with something undeclared",
    "The example shows a field, enum value or tag that the spec does not know; probably one of the two is behind.",
)

_EXCERPT = 40
_JSON_KINDS = {str: "the text", bool: "the boolean", int: "the number"}


def check_examples(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """Report examples that do not fit (E602, E604) or say what the spec does not declare (W603)."""
    checker = _Checker(spec, report)
    written = {event.tag.span: event.example for event in walks.events(declared)}
    for event in spec.events:
        example = written[event.span]
        if example is not None:
            checker.check(event, example)


class _Checker:
    def __init__(self, spec: ir.Spec, report: Report) -> None:
        self._spec = spec
        self._report = report
        self._guesses = Guesses()

    def check(self, event: ir.Event, example: Mapping) -> None:
        tag = event.tag
        value = event.keys[0].parts[0] if event.keys else tag
        member = event.record.tag
        written = example.get(member)
        if not member:
            self._elsewhere(event, example)
            return
        if written is None:
            message = f"the example of '{tag}' has no '{member}'"
            hint = f"add '{member}: {tag}'"
            holder = next((each.key for each in example.entries if _is_tag(each.value, value)), None)
            if holder is not None:
                hint = f"write 'tag: {holder}' in spec.yaml if that is where the tag stands; else {hint}"
            self._report.add(EXAMPLE_OF_ANOTHER_TAG, example.span, message, hint)
        elif is_readable(tag) and not _is_tag(written, value):
            message = f"the example's '{member}' is {_not(written, value)}"
            span, hint = written.span, f"write '{member}: {tag}'"
            if value == tag and isinstance(written, Scalar) and not isinstance(written.value, str):
                hint = f"write '{member}: \"{tag}\"': a tag is a text"
            if isinstance(written, Scalar) and camel(str(written.value)) == event.variant != camel(tag):
                # Variant and example agree, so it is the key that is wrong.
                span, hint = event.span, f"write '{written.value}:', or change 'variant:' and the example"
            self._report.add(EXAMPLE_OF_ANOTHER_TAG, span, message, hint)
        self._members_of(event.record, example)

    def _elsewhere(self, event: ir.Event, example: Mapping) -> None:
        """Check the example of an event whose tag is not one plain member, or that has none."""
        body: Node | None = example
        where = ""
        # That a key has too many parts is reported, and nothing follows from it.
        if event.keys and len(event.keys[0].parts) <= len(self._spec.tag.parts):
            for part, value in zip(self._spec.tag.parts, event.keys[0].parts, strict=False):
                self._part(event, part, value, example)
            if self._spec.tag.is_name:
                where = ir.tag_text(event.keys[0].parts[0])
                body = example.get(where)
        if isinstance(body, Mapping):
            self._members_of(event.record, body, where)

    def _part(self, event: ir.Event, part: tuple[ir.TagPlace, ...], value: ir.TagValue, example: Mapping) -> None:
        if any(isinstance(place, ir.BesideTag) for place in part):
            # The example is the body; the tag beside it follows from the key.
            return
        body = to_python(example)
        assert isinstance(body, dict), "a mapping of YAML is an object"
        found = standing(part, body, empty=False)
        wanted = ir.tag_text(value)
        places = " or ".join(f"'{place.text}'" for place in part)
        paths = [place.path for place in part if isinstance(place, ir.MemberTag)]
        if not found and len(paths) == len(part) and not any(self._reaches(event, path) for path in paths):
            # That the event does not declare it is the mistake.
            return
        if not found:
            message = f"the example of '{event.tag}' has no tag at {places}"
            hint = f"write the payload under the one member '{wanted}:'" if isinstance(part[0], ir.NameTag) else ""
            hint = hint or f"add '{part[0].text}: {wanted}'"
            self._report.add(EXAMPLE_OF_ANOTHER_TAG, example.span, message, hint)
            return
        place, told = found
        written = _node_of(example, place)
        if not is_same(told, value):
            wanted = _wanted(ir.constant(value))
            message = f"the example's '{place.text}' is {_not(written, value)}, which the key '{event.tag}' says"
            self._report.add(EXAMPLE_OF_ANOTHER_TAG, written.span, message, f"write {wanted}")

    def _reaches(self, event: ir.Event, path: tuple[str, ...]) -> bool:
        return bool(reach(self._spec, ir.RecordRef(event.record.name), path).types)

    def _misfit(self, node: Node, where: str, wanted: str, hint: str = "") -> None:
        message = f"example: '{where}' is {_got(node)}, expected {wanted}"
        self._report.add(EXAMPLE_MISFIT, node.span, message, hint or f"write {wanted}")

    def _undeclared(self, span: Span, message: str, hint: str) -> None:
        self._report.add(UNDECLARED_IN_EXAMPLE, span, message, hint)

    def _value(self, declared: ir.Bound, node: Node, where: str) -> None:
        match declared:
            case ir.Unknown():
                return
            case ir.Primitive():
                if not _is(declared, node):
                    self._misfit(node, where, _wanted(declared), _hint(declared, node))
            case ir.Literal(value):
                if not isinstance(node, Scalar) or node.value != value:
                    self._misfit(node, where, _wanted(declared))
            case ir.Constants(values):
                written = node.value if isinstance(node, Scalar) else None
                if not any(written == value and type(written) is type(value) for value in values):
                    self._misfit(node, where, _wanted(declared))
            case ir.Nullable(inner):
                if not (isinstance(node, Scalar) and node.value is None):
                    self._value(inner, node, where)
            case ir.EnumRef(name):
                self._enum(self._spec.enums[name], node, where)
            case ir.ListOf(item):
                if not isinstance(node, Sequence):
                    self._misfit(node, where, _wanted(declared))
                    return
                for index, element in enumerate(node.items):
                    self._value(item, element, f"{where}[{index}]")
            case ir.MapOf(value):
                if not isinstance(node, Mapping):
                    self._misfit(node, where, _wanted(declared))
                    return
                for entry in node.entries:
                    self._value(value, entry.value, f"{where}.{entry.key}")
            case ir.OneOf(alternatives):
                fitting = [each for each in alternatives if _kind(node) in ir.kinds(each)]
                if fitting:
                    self._value(fitting[0], node, where)
                else:
                    self._misfit(node, where, _wanted(declared))
            case ir.RecordRef(name):
                self._record(self._spec.records[name], node, where)
            case ir.UnionRef(name):
                self._union(self._spec.unions[name], node, where)

    def _enum(self, enum: ir.Enum, node: Node, where: str) -> None:
        values = [value.value for value in enum.values]
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            self._misfit(node, where, f"a value of '{enum.name}'", _hint(ir.Primitive.STRING, node))
        elif values and node.value not in values:
            hint = self._guesses.did_you_mean(node.value, values) or f"one of: {', '.join(values[:8])}"
            if enum.open:
                message = f"example: '{where}' is {_got(node)}, which '{enum.name}' does not list"
                self._undeclared(node.span, message, hint)
            else:
                self._misfit(node, where, f"a value of '{enum.name}'", hint)

    def _record(self, record: ir.Record, node: Node, where: str) -> None:
        if not isinstance(node, Mapping):
            self._misfit(node, where, f"an object of type '{record.name}'")
            return
        if record.tag:
            written = node.get(record.tag)
            wanted = " or ".join(_wanted(ir.constant(tag)) for tag in record.tags)
            if written is None and not record.tag_optional:
                self._missing(node, where, record.tag)
            elif isinstance(written, Scalar) and isinstance(written.value, str) and written.value not in record.tags:
                # It is the tag of something else, whose fields these may be.
                message = f"example: '{where}.{record.tag}' is {_got(written)}, which is not the tag of '{record.name}'"
                self._undeclared(written.span, message, f"write {wanted}")
                return
            elif written is not None and not self._is_tag(written, record):
                self._misfit(written, f"{where}.{record.tag}", wanted)
                return
        self._members_of(record, node, where)

    @staticmethod
    def _is_tag(node: Node, record: ir.Record) -> bool:
        if not isinstance(node, Scalar):
            return False
        return any(is_same(node.value, tag) for tag in record.tags) or (record.tag_optional and node.value is None)

    def _union(self, union: ir.Union, node: Node, where: str) -> None:
        if not isinstance(node, Mapping):
            self._misfit(node, where, f"an object of '{union.name}'")
            return
        data = to_python(node)
        assert isinstance(data, dict), "a mapping of YAML is an object"
        tag = tag_of(union.tag, data)
        body, inside = node, where
        if union.tag.is_name and isinstance(tag, str) and any(tag == value for value, _ in union.by_tag):
            inner = node.get(tag)
            if not isinstance(inner, Mapping):
                self._misfit(inner or node, f"{where}.{tag}", "an object")
                return
            body, inside, data = inner, f"{where}.{tag}", to_python(inner)
        choices: tuple[ir.Choice, ...] = union.default
        if tag is not None:
            choices = next((found for value, found in union.by_tag if is_same(tag, value)), ())
        found = chosen(choices, data) if isinstance(data, dict) else None
        meant = found.record if found else union.unknown
        if not found and tag is not None and not choices and union.complete:
            if isinstance(tag, (str, int)):
                if not union.unknown:
                    self._unknown_tag(union, tag, node, where)
            else:
                place = self._node_at(node, union.tag)
                path = path_text(union.tag.paths[0])
                self._misfit(place, f"{where}.{path}", "the tag of an object", "write one of its tags")
                return
        elif not meant and tag is None and union.complete:
            self._untold(union, node, where)
        if found and tag is None:
            self._tag_of_default(self._spec.records[found.record], node, where)
        if meant:
            self._members_of(self._spec.records[meant], body, inside)

    def _tag_of_default(self, record: ir.Record, node: Mapping, where: str) -> None:
        """Report an object without a tag that is taken for a type which has to have one."""
        if not record.tag or record.tag_optional:
            return
        written = node.get(record.tag)
        if written is None:
            self._missing(node, where, record.tag)
        else:
            self._misfit(written, f"{where}.{record.tag}", " or ".join(map(_wanted, map(ir.constant, record.tags))))

    def _unknown_tag(self, union: ir.Union, tag: str | int, node: Mapping, where: str) -> None:
        shown = ir.tag_text(tag)
        texts = [ir.tag_text(value) for value, _ in union.by_tag]
        hint = self._guesses.did_you_mean(shown, texts) or f"one of: {', '.join(texts[:8])}"
        message = f"example: '{where}' has the tag '{shown}', which '{union.name}' does not have"
        if shown in texts:
            hint = f"write {shown} without quotes" if isinstance(tag, str) else f'write "{shown}", in quotes'
        self._undeclared(self._node_at(node, union.tag).span, message, hint)

    def _untold(self, union: ir.Union, node: Mapping, where: str) -> None:
        """Report an object that is none of the variants, though it may have no tag."""
        if union.tag.parts and not union.default:
            if union.tag.is_name:
                self._misfit(node, where, "an object with one member, whose name is its tag")
            else:
                self._missing(node, where, path_text(union.tag.paths[0]))
            return
        if not all(
            can_hold(self._spec, ir.RecordRef(each.record), test) for each in union.default for test in each.when
        ):
            # The condition is wrong, and the example may be right.
            return
        kinds = [_conditions(choice) for choice in union.default]
        message = f"example: '{where}' is no variant of '{union.name}'"
        self._undeclared(node.span, message, f"write an object with {', or with '.join(kinds)}")

    @staticmethod
    def _node_at(node: Mapping, tag: ir.Tag) -> Node:
        """Give the node of the tag, or the object where that has no place of its own."""
        return next((found for path in tag.paths if (found := _at(node, path)) is not None), node)

    def _stranger(self, record: ir.Record, entry: Entry, meant: str | None) -> None:
        message = f"example: '{record.name}' has no field '{entry.key}'"
        if meant:
            self._report.add(EXAMPLE_MISFIT, entry.key_span, message, f"did you mean '{meant}'?")
            return
        known = [field.name for field in record.fields]
        hint = self._guesses.did_you_mean(entry.key, known) or (
            f"fields of '{record.name}': {', '.join(known[:8])}" if known else "remove it"
        )
        self._undeclared(entry.key_span, message, hint)

    def _missing(self, node: Mapping, where: str, name: str) -> None:
        inside = f"'{where}'" if where else "the event"
        self._report.add(
            EXAMPLE_MISFIT, node.span, f"example: {inside} has no '{name}'", f"add '{name}:', which is required"
        )

    def _members_of(self, record: ir.Record, node: Mapping, where: str = "") -> None:
        fields = {field.name: field for field in record.fields}
        present = {entry.key for entry in node.entries}
        # What was meant to be optional may be written so in a type that nobody can read.
        required = [field.name for field in record.fields if not field.optional and field.bound is not ir.UNKNOWN]
        missing = [name for name in required if name not in present]
        for entry in node.entries:
            field = fields.get(entry.key)
            inside = f"{where}.{entry.key}" if where else entry.key
            if field is not None:
                if not (field.nullable and isinstance(entry.value, Scalar) and entry.value.value is None):
                    self._value(field.bound, entry.value, inside)
            elif entry.key != record.tag:
                meant = self._guesses.closest(entry.key, missing)
                if meant:
                    # One slip, one diagnostic: the field that was meant is not missing as well.
                    missing.remove(meant)
                if record.complete:
                    self._stranger(record, entry, meant)
        for name in missing:
            self._missing(node, where, name)


def _at(node: Node | None, path: tuple[str, ...]) -> Node | None:
    for name in path:
        node = node.get(name) if isinstance(node, Mapping) else None
    return node


def _node_of(example: Mapping, place: ir.TagPlace) -> Node:
    """Give what is written at a place that holds a tag: a value, or the name of a member."""
    assert not isinstance(place, ir.BesideTag), "what is beside the body is not in it"
    node = _at(example, place.path)
    assert node is not None, "it holds a tag"
    if isinstance(place, ir.NameTag) and isinstance(node, Mapping):
        return Scalar(node.entries[0].key, node.entries[0].key_span)
    return node


def _conditions(choice: ir.Choice) -> str:
    """Say what a choice asks for, as the spec writes it."""
    shown = [(path_text(test.path), test.value) for test in choice.when]
    return " and ".join(path if value is None else f"{path}: {_wanted(ir.constant(value))}" for path, value in shown)


def _is(primitive: ir.Primitive, node: Node) -> bool:
    value = node.value if isinstance(node, Scalar) else None
    match primitive:
        case ir.Primitive.ANY:
            return True
        case ir.Primitive.STRING:
            return isinstance(value, str)
        case ir.Primitive.INTEGER:
            return isinstance(value, int) and not isinstance(value, bool)
        case ir.Primitive.NUMBER:
            return isinstance(value, (int, float)) and not isinstance(value, bool)
        case ir.Primitive.BOOLEAN:
            return isinstance(value, bool)
        case ir.Primitive.OBJECT:
            return isinstance(node, Mapping)


def _kind(node: Node) -> ir.Kind | None:
    match node:
        case Mapping():
            return ir.Kind.OBJECT
        case Sequence():
            return ir.Kind.LIST
        case Scalar(bool()):
            return ir.Kind.BOOLEAN
        case Scalar(int() | float()):
            return ir.Kind.NUMBER
        case Scalar(str()):
            return ir.Kind.STRING
        case _:
            return None


def _hint(primitive: ir.Primitive, node: Node) -> str:
    """Say how a scalar of the wrong kind becomes one of the right kind, where quotes are all that is wrong."""
    if not isinstance(node, Scalar) or node.value is None:
        return ""
    if primitive is ir.Primitive.STRING:
        return "put it in quotes"
    if not isinstance(node.value, str):
        return ""
    numeric = node.value.lstrip("-").isdigit()
    if numeric and len(node.value) > MAX_DIGITS:
        return f"write a number of at most {MAX_DIGITS} digits"
    boolean = node.value in ("true", "false")
    fits = {ir.Primitive.INTEGER: numeric, ir.Primitive.NUMBER: numeric, ir.Primitive.BOOLEAN: boolean}
    return "remove the quotes" if fits.get(primitive) else ""


def _is_tag(node: Node | None, value: ir.TagValue) -> bool:
    """Whether a node is a tag: `1` is neither `true` nor a text."""
    return isinstance(node, Scalar) and node.value == value and type(node.value) is type(value)


def _wanted(declared: ir.Type) -> str:
    match declared:
        case ir.Primitive.ANY:
            return "anything"
        case ir.Primitive():
            return f"an {declared.value}" if declared.value[0] in "aeiou" else f"a {declared.value}"
        case ir.Literal(value):
            return json.dumps(value, ensure_ascii=False)
        case ir.Constants(values):
            return " or ".join(map(json.dumps, values))
        case ir.Nullable(inner):
            return f"{_wanted(inner)} or null"
        case ir.ListOf():
            return "a list"
        case ir.MapOf():
            return "an object"
        case ir.OneOf(alternatives):
            return " or ".join(_wanted(each) for each in alternatives)
        case ir.RecordRef(name) | ir.EnumRef(name) | ir.UnionRef(name):
            return f"a value of '{name}'"


def _not(node: Node, wanted: ir.TagValue) -> str:
    """Say what stands where another tag is wanted, and of which kind both are where they read the same."""
    shown = f"'{wanted}'" if isinstance(wanted, str) else ir.tag_text(wanted)
    got = _got(node)
    if (
        isinstance(node, Scalar)
        and isinstance(node.value, (str, int))
        and ir.tag_text(node.value) == ir.tag_text(wanted)
    ):
        return f"{_JSON_KINDS[type(node.value)]} {got}, not {_JSON_KINDS[type(wanted)]} {shown}"
    return f"{got}, not {shown}"


def _got(node: Node) -> str:
    match node:
        case Mapping():
            return "an object"
        case Sequence():
            return "a list"
        case Scalar(None):
            return "null"
        case Scalar(str() as text):
            return f"'{text if len(text) <= _EXCERPT else text[: _EXCERPT - 3] + '...'}'"
        case Scalar(value):
            return json.dumps(value)


CHECKS = (check_examples,)
