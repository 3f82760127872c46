"""What the generated package has for an object type or event: its class, decoder, encoder, and shape."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import dataclass, replace

from ...model import ir
from ...model.names import snake
from .fitting import Fitter, ReaderView
from .identifiers import attribute, attribute_of
from .places import Imports, Places, free, is_exact
from .shapes import field_shape, tag_shape
from .text import docstring, literal, prose, row, value_text
from .wrapping import WIDTH

_KEEPERS = {
    (False, False): "keep",
    (True, False): "keep_optional",
    (False, True): "keep_nullable",
    (True, True): "keep_optional_nullable",
}
"""What keeps a value that does not fit, by whether the member is optional and whether it is nullable."""

_RARE = 8
"""Members that an event seldom has from which on it is worth finding out whether it has any of them."""

_TAKEN = frozenset(
    "ABSENT bool built data decoding dict encoding float int known len list new odd shape str type value wire".split()
)
"""Names that a decoder uses for other things than members."""


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member of an object, or its tag.

    Attributes:
        key: Its wire name as a literal.
        name: Its attribute.
        doc: Its docstring, empty where there is none.
        default: What stands behind the annotation.
        test: Condition for a value that is what it should be, empty where it has to be decoded.
        fit: Expression of the decoded value, None where it does not fit.
        local: Variable for what came, where the member is required.
        decoded: Variable for what was decoded.
        decoded_type: Its type, empty where no such variable is needed.
        keeper: Function of the runtime that keeps a value that does not fit.
        exact: Whether the attribute is left as not set then; else it is None.
        deferred: Whether it is decoded when it is first looked at.
        is_put_by_first: Whether it is deferred and nothing can be left over before it is.
        listed: Whether it is a list.
        encoded: Expression of its wire value.
        shape: Expression that describes it.
        constant: Its only value, where it has one and is known to be there.
        assumed: Its value where it is not there; empty where it is not set then.
    """

    key: str
    name: str
    annotation: str
    default: str
    doc: str
    test: str
    fit: str
    local: str
    decoded: str
    decoded_type: str
    keeper: str
    exact: bool
    deferred: bool
    decoder: str
    optional: bool
    encoded: str
    shape: str
    constant: str = ""
    assumed: str = ""
    listed: bool = False
    is_put_by_first: bool = False

    @property
    def put_by(self) -> str:
        """The statement that leaves it over where it is deferred."""
        value = f"data[{self.key}]" if self.optional else self.local
        if self.is_put_by_first:
            return f"built.leftover = {{{self.key}: {value}}}"
        return f"decoding.leave(built, {self.key}, {value})"


@dataclass(frozen=True, slots=True)
class RecordView:
    """An object type, or the payload of an event.

    Attributes:
        stem: What its functions are named after.
        members: Its tag, if it has one, and its fields.
        needed: Its members that must be there, but for the tag: whoever calls has looked for that.
        rare: Its members that are seldom there, where they are so many that the others are looked at before them.
        readers: Functions that decode types of its members that have no name.
        refusal: Condition for what is no such object, empty where whoever calls has looked.
        may_lack: Whether a required member may not be there to be encoded.
        tag: The member that names the class as a literal, empty if it has no tag.
        base: Its base class.
        assumed: Whether an object without a tag is of the class as well.
        wrapper: The name of the only member of an outer object as a literal, where that names the class.
    """

    name: str
    doc: str
    stem: str
    members: tuple[MemberView, ...]
    needed: tuple[MemberView, ...]
    rare: tuple[MemberView, ...]
    readers: tuple[ReaderView, ...]
    refusal: str
    may_lack: bool
    tag: str
    base: str
    assumed: bool
    wrapper: str

    @property
    def usual(self) -> tuple[MemberView, ...]:
        """The members that are looked at first, and before the others those that are only put by."""
        usual = (member for member in self.members if member not in self.rare)
        return tuple(sorted(usual, key=lambda member: not member.deferred))

    @property
    def only_needed(self) -> MemberView | None:
        """The member that must be there, if it is but one."""
        return self.needed[0] if len(self.needed) == 1 else None

    @property
    def needed_locals(self) -> str:
        """The variables for those that must be there."""
        return ", ".join(member.local for member in self.needed)

    @property
    def needed_keys(self) -> str:
        """Their wire names as literals."""
        return ", ".join(member.key for member in self.needed)

    @property
    def absent(self) -> tuple[MemberView, ...]:
        """The members that are None where none of the rare ones is there."""
        return tuple(member for member in self.rare if not member.deferred)

    @property
    def deferred(self) -> tuple[MemberView, ...]:
        """The members that are decoded when they are first looked at."""
        return tuple(member for member in self.members if member.deferred)

    @property
    def required(self) -> tuple[MemberView, ...]:
        """The members that are always written."""
        return tuple(member for member in self.members if not member.optional)

    @property
    def optional(self) -> tuple[MemberView, ...]:
        """The members that are written if they are there."""
        return tuple(member for member in self.members if member.optional)


def record_view(places: Places, record: ir.Record, imports: Imports) -> RecordView:
    """Give the view of an object type or of the payload of an event."""
    fitter = Fitter(places, imports)
    for module in ("decoding", "encoding", "registry"):
        imports.runtime(module)
    imports.package("runtime.decoding", "new")
    is_event = record.name in places.payloads
    base = imports.package("runtime.model", "FramedModel" if is_event and places.keeps_tag else "Model")
    imports.package("runtime.wire", "WireObject")
    attributes = [*([attribute(record.tag)] if record.tag else []), *map(attribute_of, record.fields)]
    variables = _variables(attributes)
    members = [_tag(places, record, imports, variables)] if record.tag else []
    members += [_member(places, record, member, fitter, imports, variables) for member in record.fields]
    rare = _rare(places, record, members)
    if rare:
        # In a function that long, type checkers do not find out what its variables are.
        imports.stdlib("typing", "Any")
    first = next((member for member in members if member.deferred and member not in rare), None)
    if first is not None:
        members[members.index(first)] = replace(first, is_put_by_first=True)
    needed = tuple(member for member in members if member.local and not member.optional)
    if len(needed) == 1 or any(member.deferred for member in needed) or any("ABSENT" in each.test for each in members):
        imports.package("runtime.model", "ABSENT")
    if record.name in places.direct:
        imports.package("runtime.wire", "WireValue")
    if any(member.deferred for member in members):
        imports.runtime("lazy")
    deviates = prose(record.deviates)
    wrapper = ir.tag_text(record.tags[0]) if record.is_wrapped else places.wrappers.get(record.name, "")
    is_assumed = bool(record.tag) and record.name in places.assumed
    return RecordView(
        name=record.name,
        doc=docstring([_class_doc(record), *([f"In recordings: {deviates}"] if deviates else [])], 4),
        stem=snake(record.name),
        members=tuple(members),
        needed=needed,
        rare=rare,
        readers=tuple(fitter.readers),
        refusal="type(data) is not dict" if record.name in places.direct else "",
        may_lack=any(map(is_exact, record.fields))
        or (places.tag_may_lack(record) and not record.tag_optional and not is_assumed),
        tag=literal(record.tag) if record.tag else "",
        base=base,
        assumed=is_assumed,
        wrapper=literal(wrapper) if wrapper else "",
    )


def _rare(places: Places, record: ir.Record, members: Iterable[MemberView]) -> tuple[MemberView, ...]:
    if record.name not in places.payloads:
        return ()
    usual = {literal(name) for name in places.usual[record.name]}
    rare = tuple(member for member in members if member.optional and member.key not in usual)
    if sum(not member.deferred for member in rare) < _RARE:
        return ()
    return rare


def _class_doc(record: ir.Record) -> str:
    return f"Deprecated. {prose(record.doc)}" if record.deprecated else prose(record.doc)


def _member(
    places: Places,
    record: ir.Record,
    member: ir.Field,
    fitter: Fitter,
    imports: Imports,
    variables: Mapping[str, str],
) -> MemberView:
    name, key = attribute_of(member), literal(member.name)
    exact = is_exact(member)
    deferred = places.is_deferred(record, member)
    annotate = places.annotation if exact else places.optional
    owner = f"{snake(record.name)}_{name}"
    value = "value" if member.optional else variables[name]
    test = _test(member, fitter, value)
    return MemberView(
        key=key,
        name=name,
        annotation=annotate(member.type, imports, variables),
        default=" = None" if member.optional else "",
        doc=_doc(member, name),
        test=test,
        fit="" if test else _fit(places, record, member, fitter, value, owner),
        local=variables[name],
        decoded="" if test else _free_if_taken(f"decoded_{name}", variables.values()),
        decoded_type=places.optional(member.type, imports) if exact and not test else "",
        keeper=_KEEPERS[member.optional, member.nullable],
        exact=exact,
        deferred=deferred,
        listed=isinstance(member.type, ir.ListOf),
        decoder=_deferred_decoder(places, member.type, imports) if deferred else "",
        optional=member.optional,
        encoded=_encoded(places, member, f"obj.{name}"),
        shape=field_shape(places, member, name, imports),
    )


def _fit(places: Places, record: ir.Record, member: ir.Field, fitter: Fitter, value: str, owner: str) -> str:
    fitted = fitter.fit(member.type, value, owner)
    # An empty list is so frequent in events that it is worth sparing it the call.
    spared = record.name in places.payloads and isinstance(member.type, ir.ListOf)
    return f"{value} if {value} == [] else {fitted}" if spared else fitted


def _test(member: ir.Field, fitter: Fitter, value: str) -> str:
    """Give the condition for a value that is as it should be; empty where that takes more than a condition."""
    match member.type:
        case ir.Primitive.ANY if member.optional:
            return f"{value} is not None"
        case ir.Primitive.ANY:
            # Null stands for itself where the member is required.
            there = f"{value} is not ABSENT"
            return there if is_exact(member) else f"{there} and {value} is not None"
        case ir.Constants(values) if not isinstance(values[0], bool):
            # To type checkers it is any int then, so that only a function, which gives the literal, can use it.
            return ""
        case _:
            return fitter.test(member.type, value)


def _variables(attributes: list[str]) -> dict[str, str]:
    """Give for each attribute of a class the variable of its decoder: its name, unless that is taken there."""
    found: dict[str, str] = {}
    for name in attributes:
        # Classes, aliases and tables of a module begin with a capital.
        is_taken = name in _TAKEN or name[0].isupper() or name.startswith(("decode_", "read_", "default_"))
        found[name] = free(name, {*attributes, *found.values()}) if is_taken else name
    return found


def _free_if_taken(name: str, taken: Collection[str]) -> str:
    return free(name, taken) if name in taken else name


def _deferred_decoder(places: Places, declared: ir.Type, imports: Imports) -> str:
    """Give what decodes a member, or an element of it, when it is first looked at."""
    declared = declared.item if isinstance(declared, ir.ListOf) else declared
    assert isinstance(declared, (ir.RecordRef, ir.UnionRef)), "only objects and lists of them are deferred"
    return places.decoder(declared.name, imports)


def _tag(places: Places, record: ir.Record, imports: Imports, hidden: Container[str]) -> MemberView:
    name, key = attribute(record.tag), literal(record.tag)
    choices = ", ".join(value_text(tag) for tag in record.tags)
    if len(choices) > WIDTH // 2 and len(record.tags) > 1:
        choices = "".join(f"\n        {value_text(tag)}," for tag in record.tags) + "\n    "
    annotation = f"{imports.past('typing', 'Literal', hidden)}[{choices}]"
    if record.tag_optional:
        annotation += " | None"
    # Whoever calls through a union has made sure that a tag that is there is one of this class.
    lacking = places.tag_may_lack(record)
    return MemberView(
        key=key,
        name=name,
        annotation=annotation,
        default=_tag_default(record, f"    {name}: {annotation}", has_one=record.name in places.payloads),
        doc="",
        test=_tag_test(record, key) if lacking else "",
        fit="",
        local="",
        decoded="",
        decoded_type="",
        keeper="keep_optional_tag" if record.tag_optional else "keep_tag",
        exact=not record.tag_optional,
        deferred=False,
        decoder="",
        optional=record.tag_optional,
        encoded=f"obj.{name}",
        shape=tag_shape(record.tags, name, imports, optional=record.tag_optional),
        constant=value_text(record.tags[0]) if len(record.tags) == 1 else "",
        assumed=value_text(record.tags[0]) if record.name in places.assumed else "",
    )


def _tag_test(record: ir.Record, key: str) -> str:
    """Give the condition for a tag that is one of the class."""
    value, known = f"value := data.get({key}, ABSENT)", row(map(value_text, record.tags))
    if all(isinstance(tag, str) for tag in record.tags):
        return f"({value}) in {known}"
    return f"decoding.is_one({value}, {known})"


def _tag_default(record: ir.Record, declared: str, *, has_one: bool) -> str:
    """Give what stands behind the annotation of a tag: its value, or its main one where it `has_one`."""
    if len(record.tags) > 1 and not has_one:
        return ""
    value = value_text(record.tags[0])
    fits = "\n" in declared or len(f"{declared} = {value}") <= WIDTH
    return f" = {value}" if fits else f" = (\n        {value}\n    )"


def _doc(member: ir.Field, name: str) -> str:
    text = prose(member.doc)
    if member.deprecated:
        text = f"Deprecated. {text}"
    return docstring([text if name == member.name else f"{text} On the wire: `{prose(member.name)}`."], 4)


def _encoded(places: Places, member: ir.Field, value: str) -> str:
    spec = places.spec

    def write(declared: ir.Type, value: str) -> str:
        if not any(name in spec.records or name in spec.unions for name in ir.references(declared)):
            return value
        match declared:
            case ir.Nullable(inner):
                return f"None if {value} is None else {write(inner, value)}"
            case ir.ListOf(item):
                return f"[{write(item, 'item')} for item in {value}]"
            case ir.MapOf(item):
                return f"{{key: {write(item, 'item')} for key, item in {value}.items()}}"
            case ir.OneOf():
                return f"encoding.encode_any({value})"
            case _:
                return f"encoding.encode({value})"

    written = write(member.type, value)
    may_be_none = member.nullable and not member.optional and written != value
    return f"None if {value} is None else {written}" if may_be_none else written
