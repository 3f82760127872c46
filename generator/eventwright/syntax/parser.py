"""From nodes to declarations: knows which keys there are and what stands under them, looks nothing up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.values import Report, Span
from ..model.names import camel
from .body import LISTED_TWICE, MISSING_KEY, WRONG_KIND, Body, names_in_text, shown
from .declarations import (
    AllowDecl,
    ChoiceDecl,
    EachDecl,
    EndDecl,
    EnumDecl,
    EventDecl,
    FieldDecl,
    FileDecl,
    GroupDecl,
    PathDecl,
    PlaceDecl,
    Prose,
    ReadingDecl,
    SpecDecl,
    StatementDecl,
    Text,
    TypeDecl,
    UnionDecl,
    ValueDecl,
    WhenDecl,
    in_order,
)
from .foldexpr import NOT_A_FOLD, NOT_A_PATH, parse_fold, parse_source, parse_steps
from .foreign import type_hint
from .keys import (
    CHOICE_KEYS,
    DEFAULT_KEYS,
    END_KEYS,
    ENUM_KEYS,
    EVENT_KEYS,
    FIELD_KEYS,
    FILE_KEYS,
    GROUP_KEYS,
    READING_KEYS,
    SECTIONS,
    SPEC_KEYS,
    STATEMENT_KEYS,
    TYPE_KEYS,
    UNION_KEYS,
    VALUE_KEYS,
)
from .lifecycle import parse_holds, parse_lifecycle, parse_place, parse_ranks
from .loader import Mapping, Node, Scalar, Sequence
from .misplaced import UNKNOWN_KEY, put_right
from .paths import parse_path
from .scanning import part_of
from .tagexpr import NONE, plain_tag
from .torn import report_torn, torn_texts
from .typeexpr import parse_type

NO_EXAMPLE = Rule(
    "W601",
    Severity.WARNING,
    "event without an example",
    "Examples are shown in the docs and are the first test of every declaration.",
)

_NAME = re.compile(r"\b[A-Z]\w*")

_STRANGERS = 2
"""Unknown keys that a file may have by slips; beyond that, and without any declarations, it is something else."""


def parse_spec(
    root: Node | None,
    file: str,
    folder_name: str,
    files: Iterable[FileDecl],
    report: Report,
    *,
    readable: bool = True,
) -> SpecDecl:
    """Read `spec.yaml`; every key that it lacks, and the file itself, may be absent.

    Args:
        root: The file's node, None when there is no such file.
        file: Its path for the spans.
        folder_name: Name of the spec's folder, from which the defaults follow.
        files: The parsed content files.
        readable: Whether the file is YAML; if not, nothing is concluded from what it does not say.
    """
    body = Body(root if isinstance(root, Mapping) else Mapping((), Span(file)), report)
    if root is not None and not isinstance(root, Mapping):
        report.add(WRONG_KIND, root.span, "the spec file is not a mapping", f"write keys: {', '.join(SPEC_KEYS)}")
        readable = False
    body.check_keys("spec", SPEC_KEYS)
    order = body.texts("order")
    name = body.text("name") or Text(folder_name, Span(file))
    stem = camel(name.value)
    return SpecDecl(
        file=file,
        name=name,
        title=body.text("title") or Text(stem, name.span),
        doc=body.doc(name.span) if readable else None,
        union=body.text("union") or Text(f"{stem.removesuffix('Events').removesuffix('Event')}Event", name.span),
        tag=body.tag() or plain_tag("type", name.span),
        state=body.text("state"),
        order=order,
        files=tuple(in_order(files, order)),
        readable=readable,
        version=body.text("version"),
        allow=_allowances(body, None),
        default=tuple(filter(None, _choices(body, "default", "event"))),
        done=_done(body),
        places=_places(body),
        key=_paths(body, "key"),
        lane=_paths(body, "lane"),
        readings=body.declarations("readings", _reading),
        lifecycle=parse_lifecycle(body),
    )


def includes(root: Node | None, report: Report) -> tuple[Text, ...]:
    """Give the folders that `spec.yaml` includes."""
    return Body(root, report).texts("include", single=True) if isinstance(root, Mapping) else ()


def _reading(name: Text, body: Body) -> ReadingDecl:
    body.check_keys("reading", READING_KEYS)
    join, every = body.get("join"), body.get("all")
    if join is not None and every is not None:
        body.report.add(
            LISTED_TWICE, every.span, f"reading '{name.value}' has 'join' and 'all'", "remove one of the two"
        )
    elif join is None and every is None:
        hint = "add 'join:' with the path to texts, or 'all:' with the path to what is to be listed"
        body.report.add(MISSING_KEY, name.span, f"reading '{name.value}' has no 'join' and no 'all'", hint)
    path = body.text("all" if join is None else "join")
    steps = parse_steps(path.value, path.span, body.report, NOT_A_PATH) if path else None
    return ReadingDecl(name, body.doc(name.span), join is not None, steps, path.span if path else name.span)


def _done(body: Body) -> tuple[Text, ...]:
    """Read the texts that say that a stream is done."""
    node = body.get("done")
    body.not_empty("done", "spec", "what the last frame says")
    texts = body.texts("done", single=True)
    if isinstance(node, Sequence) and len(node.items) == len(texts) == 1 and "[" not in texts[0].value:
        # To YAML, `[DONE]` is a list.
        said = texts[0].value
        hint = f"write \"[{said}]\", in quotes, if the frame has the brackets, and '{said}' if not"
        body.report.add(WRONG_KIND, node.span, f"'done' is a list of '{said}' alone", hint)
    return texts


def _places(body: Body) -> tuple[PlaceDecl, ...]:
    node = body.get("places")
    if node is None:
        return ()
    if not isinstance(node, Mapping):
        body.wrong(node, "places", "a mapping of the name of each place to the path that leads there")
        return ()
    body.not_empty("places", "spec", "the name of each place with the path that leads there")
    found: list[PlaceDecl] = []
    for entry in node.entries:
        value = entry.value
        if isinstance(value, Scalar) and isinstance(value.value, str):
            steps = parse_steps(value.value, value.span, body.report, NOT_A_PATH)
        else:
            body.wrong(value, entry.key, 'a path in quotes, such as "items[index]"')
            steps = None
        found.append(PlaceDecl(Text(entry.key, entry.key_span), steps))
    return tuple(found)


def _paths(body: Body, key: str) -> tuple[PathDecl, ...]:
    """Read paths to what tells streams apart; none of them if one cannot be read, so that nothing follows from that."""
    written = body.text(key)
    if written is None:
        return ()
    found: list[PathDecl] = []
    at = 0
    readable = True
    for piece in written.value.split("|"):
        text = piece.strip()
        begin = at + len(piece) - len(piece.lstrip())
        span = part_of(written.span, written.value, begin, begin + len(text))
        at += len(piece) + 1
        names = parse_path(text)
        if names is None:
            readable = False
            hint = "write a path of members such as object.id, or several with | between them"
            body.report.add(WRONG_KIND, span, f"'{text}' under '{key}' is no path", hint)
        elif names in (path.names for path in found):
            body.report.add(LISTED_TWICE, span, f"'{text}' is listed twice under '{key}'", "remove one of the two")
        else:
            found.append(PathDecl(names, span))
    return tuple(found) if readable else ()


def unreadable_file(text: str, path: PurePosixPath, file: str) -> FileDecl:
    """Stand in for a file that is not YAML: the names in it are known to be there, whatever they mean."""
    title = Text(camel(path.name), Span(file))
    return FileDecl(path, file, title, None, (), (), (), (), (), frozenset(_NAME.findall(text)), readable=False)


def parse_file(root: Node | None, path: PurePosixPath, file: str, report: Report) -> FileDecl:
    """Read a content file; what cannot be read is reported (E2xx) and left out."""
    if root is None:
        root = Mapping((), Span(file))
    elif not isinstance(root, Mapping):
        report.add(WRONG_KIND, root.span, "the file is not a mapping", f"write keys: {', '.join(FILE_KEYS)}")
        return unreadable_file("", path, file)
    body = Body(put_right(root, report), report)
    strangers = [entry for entry in root.entries if entry.key not in FILE_KEYS]
    if len(strangers) > _STRANGERS and not any(root.get(key) for key in SECTIONS):
        hint = "move the file out of the spec, or begin its name with a full stop"
        if all(entry.key in SPEC_KEYS for entry in strangers):
            hint = "move the file to 'spec.yaml', at the top of the spec"
        message = f"the file has no declarations, but '{strangers[0].key}' and other unknown keys"
        report.add(UNKNOWN_KEY, strangers[0].key_span, message, hint)
        return unreadable_file("", path, file)
    body.check_keys("file", FILE_KEYS)
    return FileDecl(
        path=path,
        file=file,
        title=body.text("title") or Text(camel(path.name), Span(file)),
        doc=body.doc(Span(file)),
        groups=body.declarations("groups", _group),
        enums=body.declarations("enums", _enum),
        types=body.declarations("types", _type),
        unions=body.declarations("unions", _union),
        events=body.declarations("events", _event),
        unread=frozenset([*body.unreadable(*SECTIONS), *_repeated_names(root)]),
        allow=(*_allowances(body, Span(file)), *_allowed_in_declarations(root, report)),
        lifecycle=parse_lifecycle(body),
    )


def _allowed_in_declarations(root: Mapping, report: Report) -> Iterator[AllowDecl]:
    for section in (root.get(key) for key in SECTIONS):
        for entry in section.entries if isinstance(section, Mapping) else ():
            if isinstance(entry.value, Mapping):
                scope = Span(entry.key_span.file, entry.key_span.start, entry.value.span.end)
                yield from _allowances(Body(entry.value, report), scope)


def _allowances(body: Body, scope: Span | None) -> tuple[AllowDecl, ...]:
    """Read which warnings are allowed, and why."""
    node = body.node.get("allow")
    if node is None:
        return ()
    if not isinstance(node, Mapping):
        body.wrong(node, "allow", "a mapping of the code of each warning to the reason why it may be")
        return ()
    found: list[AllowDecl] = []
    for entry in node.entries:
        if isinstance(entry.value, Scalar) and isinstance(entry.value.value, str) and entry.value.value.strip():
            found.append(AllowDecl(Text(entry.key, entry.key_span), scope))
        else:
            body.wrong(entry.value, entry.key, "the reason why it may be")
    return tuple(found)


def _repeated_names(root: Mapping) -> Iterator[str]:
    """Give the names of declarations that have the name of another, or stand in a section that is there already."""
    for section in (entry.value for entry in root.entries):
        if isinstance(section, Mapping):
            yield from (entry.key for entry in section.repeated)
    for section in (entry.value for entry in root.repeated):
        if isinstance(section, Mapping):
            yield from (entry.key for entry in (*section.entries, *section.repeated))


def _group(name: Text, body: Body) -> GroupDecl:
    body.check_keys("group", GROUP_KEYS)
    return GroupDecl(
        name, body.prose(name), body.texts("use"), _fields(body), _is_complete(body), parse_place(body, "at")
    )


def _fields(body: Body) -> tuple[FieldDecl, ...]:
    read = body.declarations("fields", _field)
    node = body.get("fields")
    others = (
        [entry for entry in node.entries if not isinstance(entry.value, Mapping)] if isinstance(node, Mapping) else []
    )
    # Whatever they were meant to be, no value is wrong for them.
    unread = [FieldDecl(Text(each.key, each.key_span), Prose(None, ""), None, True, True, False) for each in others]
    return (*read, *unread)


def _is_complete(body: Body) -> bool:
    """Whether the names of all fields are known: a name that is there twice was meant to be another one."""
    node = body.get("fields")
    nothing = node is None or (isinstance(node, Scalar) and node.value is None)
    return not body.node.repeated and (nothing or (isinstance(node, Mapping) and not node.repeated))


def _field(name: Text, body: Body) -> FieldDecl:
    body.check_keys("field", FIELD_KEYS)
    prose = body.prose(name)
    optional, nullable, deprecated = (body.flag(key) for key in ("optional", "nullable", "deprecated"))
    body.required("type", "field", name)
    text = _type_text(body)
    expr = parse_type(text.value, text.span, body.report) if text and not body.node.repeated else None
    return FieldDecl(
        name,
        prose,
        expr,
        optional,
        nullable,
        deprecated,
        attribute=body.text("attribute"),
        counter=body.flag("counter"),
        unique=body.flag("unique"),
        same=body.text("same"),
        fixed=body.flag("fixed"),
        varies=body.flag("varies"),
    )


def _type_text(body: Body) -> Text | None:
    node = body.get("type")
    if isinstance(node, Scalar) and isinstance(node.value, int):
        return Text(shown(node.value), node.span)
    if isinstance(node, Mapping):
        body.wrong(node, "type", "the name of a type, and declare that below 'types:' with these as its 'fields'")
        return None
    if isinstance(node, Scalar) and node.value is None:
        # To YAML, `null` is nothing.
        body.wrong(node, "type", "'any', and 'nullable: true' beside it, for what has always been null")
        return None
    if not isinstance(node, Sequence) or not all(isinstance(item, Scalar) for item in node.items):
        return body.text("type")
    written = [shown(item.value) for item in node.items if isinstance(item, Scalar)]
    hint = type_hint(" | ".join(written) if len(written) > 1 else f"list[{''.join(written)}]")
    body.report.add(WRONG_KIND, node.span, "'type' is a list", hint or "write alternatives with |, or list[T]")
    return None


def _type(name: Text, body: Body) -> TypeDecl:
    body.check_keys("type", TYPE_KEYS)
    body.not_empty("tag", "type", "the value of its tag")
    # A tag under a misspelt key may be something else, so nothing is concluded from it.
    tags = body.tag_values() if body.node.get("tag") else ()
    return TypeDecl(
        name=name,
        prose=body.prose(name),
        tags=tags,
        tag_optional=body.flag("tag_optional"),
        use=body.texts("use"),
        fields=_fields(body),
        complete=_is_complete(body) and (bool(tags) or body.get("tag") is None),
        deprecated=body.flag("deprecated"),
    )


def _enum(name: Text, body: Body) -> EnumDecl:
    body.check_keys("enum", ENUM_KEYS)
    values: list[ValueDecl] = []
    node = body.required("values", "enum", name)
    if isinstance(node, Mapping):
        torn = {each.entry.key: each for each in torn_texts(node, (), among_names=True)}
        pieces = {piece for each in torn.values() for piece in each.pieces}
        for entry in node.entries:
            if entry.key in pieces:
                continue
            if entry.key in torn:
                report_torn(torn[entry.key], body.report)
                values.append(ValueDecl(Text(entry.key, entry.key_span), Text(torn[entry.key].text, entry.value.span)))
            elif isinstance(entry.value, Scalar) and isinstance(entry.value.value, str):
                values.append(ValueDecl(Text(entry.key, entry.key_span), Text(entry.value.value, entry.value.span)))
            elif isinstance(entry.value, Scalar) and entry.value.value is None:
                values.append(ValueDecl(Text(entry.key, entry.key_span), Text("", entry.key_span)))
            elif isinstance(entry.value, Mapping):
                inner = Body(entry.value, body.report)
                inner.check_keys("value", VALUE_KEYS)
                value = Text(entry.key, entry.key_span)
                doc = inner.doc(entry.key_span) or Text("", entry.key_span)
                values.append(ValueDecl(value, doc, inner.flag("deprecated")))
            else:
                body.wrong(entry.value, entry.key, "what the value means")
        body.not_empty("values", "enum", "each value with what it means")
    elif node is not None:
        body.wrong(node, "values", "a mapping of each value to what it means")
    return EnumDecl(name, body.prose(name), body.flag("open"), tuple(values), parse_ranks(body))


def _union(name: Text, body: Body) -> UnionDecl:
    body.check_keys("union", UNION_KEYS)
    body.required("variants", "union", name)
    body.not_empty("variants", "union", "names of types")
    variants = _choices(body, "variants")
    complete = bool(variants) and None not in variants and not body.node.repeated
    known, default = (tuple(filter(None, found)) for found in (variants, _choices(body, "default")))
    return UnionDecl(name, body.prose(name), known, default, complete, body.tag(), body.text("unknown"))


def _choices(body: Body, key: str, what: str = "type") -> list[ChoiceDecl | None]:
    """Give what a union lists, or the defaults of a spec, None for what cannot be read.

    Args:
        what: What is chosen, a `type` or an `event`.
    """
    node = body.get(key)
    if node is None:
        return []
    found: list[ChoiceDecl | None] = []
    if (
        what == "type"
        and isinstance(node, Mapping)
        and not any(node.get(each) for each in CHOICE_KEYS)
        and node.entries
    ):
        types = [each.value.value if isinstance(each.value, Scalar) else each.key for each in node.entries]
        body.wrong(node, key, f"a list of types, [{', '.join(map(str, types))}]; each type says its tag itself")
        return [None]
    for item in node.items if isinstance(node, Sequence) else (node,):
        if isinstance(item, Scalar) and isinstance(item.value, str):
            names = names_in_text(item.value)
            if names != [item.value]:
                body.wrong(item, key, f"each name on a line of its own, behind a hyphen and a space: '- {names[-1]}'")
            found += [ChoiceDecl(Text(name, item.span), ()) for name in names]
        elif isinstance(item, Mapping):
            named = item.entries[0] if len(item.entries) == 1 else None
            if what == "type" and named is not None and named.key not in CHOICE_KEYS:
                message = f"unknown key '{named.key}' in a variant"
                hint = f"write '{{type: {named.key}, when: ...}}', with what is true of such an object"
                body.report.add(UNKNOWN_KEY, named.key_span, message, hint)
                found.append(None)
                continue
            choice = Body(item, body.report)
            owner, keys = ("variant", CHOICE_KEYS) if what == "type" else ("default", DEFAULT_KEYS)
            choice.check_keys(owner, keys)
            choice.required(what, owner, Text("", item.span))
            written = choice.text(what)
            found.append(ChoiceDecl(written, choice.condition("when")) if written else None)
        else:
            wanted = "names of types, or {type: Name, when: [field]}"
            body.wrong(item, key, wanted if what == "type" else "keys of events, or {event: key, when: [member]}")
            found.append(None)
    return found


def _event(tag: Text, body: Body) -> EventDecl:
    body.check_keys("event", EVENT_KEYS)
    variant = body.text("variant") or Text(camel(tag.value), tag.span)
    example = body.get("example")
    if example is None:
        hint = "add 'example:' with the event as it is on the wire"
        body.report.add(NO_EXAMPLE, tag.span, f"event '{tag.value}' has no example", hint)
    if example is not None and not isinstance(example, Mapping):
        is_json = isinstance(example, Scalar) and str(example.value).lstrip().startswith("{")
        wanted = (
            "it without the quotes around it: JSON is YAML" if is_json else "the event as it is on the wire, a mapping"
        )
        body.wrong(example, "example", wanted)
        example = None
    return EventDecl(
        tag=tag,
        prose=body.prose(tag),
        variant=variant,
        class_name=body.text("class") or Text(f"{variant.value.removesuffix('Event')}Event", variant.span),
        use=body.texts("use"),
        fields=_fields(body),
        complete=_is_complete(body),
        folds=_folds(body),
        ends=_ends(body),
        example=example,
        reason=body.text("reason"),
        status=body.text("status"),
        errors=body.texts("error", single=True),
        constant=body.constant,
        untagged=_is_untagged(body),
        aliases=body.texts("aliases", single=True),
        deprecated=body.flag("deprecated"),
        at=parse_place(body, "at"),
        opens=parse_place(body, "opens"),
        closes=parse_place(body, "closes"),
        anytime=body.flag("anytime"),
        method=body.text("method"),
        holds=parse_holds(body),
    )


def _is_untagged(body: Body) -> bool:
    tag = body.text("tag")
    if tag is not None and tag.value != NONE:
        hint = "the key of an event is its tag, and 'aliases' lists others; write 'tag: none' if it has none"
        body.report.add(WRONG_KIND, tag.span, f"'tag' of an event is '{tag.value}'", hint)
    return tag is not None


def _ends(body: Body) -> tuple[EndDecl, ...]:
    node = body.get("ends")
    if node is None:
        return ()
    body.not_empty("ends", "event", "how the stream ends")
    found: list[EndDecl] = []
    for item in node.items if isinstance(node, Sequence) else (node,):
        if isinstance(item, Scalar) and isinstance(item.value, str):
            found.append(EndDecl(Text(item.value, item.span), ()))
        elif isinstance(item, Mapping):
            end = Body(item, body.report)
            end.check_keys("end", END_KEYS)
            end.required("ends", "end", Text("", item.span))
            said = end.get("ends")
            if isinstance(said, Scalar) and not isinstance(said.value, str):
                body.wrong(said, "ends", "'completed', 'incomplete', 'failed' or 'error'")
                continue
            kind = end.text("ends")
            when = end.condition("when")
            # One that cannot be read is not one that is always true.
            found += [EndDecl(kind, when)] if kind and (when or end.get("when") is None) else []
        else:
            body.wrong(item, "ends", "how the stream ends, or {ends: completed, when: {path: value}}")
    return tuple(found)


def _folds(body: Body) -> tuple[StatementDecl, ...] | None:
    node = body.get("fold")
    if node is None:
        return None
    if isinstance(node, Scalar) and isinstance(node.value, str):
        if node.value == "none":
            return ()
        if node.value.casefold() in ("none", "nothing", "nil", "no"):
            body.report.add(NOT_A_FOLD, node.span, f"fold '{node.value}' is not a statement", "write 'none'")
            return ()
    elif isinstance(node, Scalar) and not node.value:
        body.wrong(node, "fold", "'none' if it changes nothing")
        return ()
    body.not_empty("fold", "event", "a statement or 'none'")
    return _statements(body, "fold")


def _statements(body: Body, key: str) -> tuple[StatementDecl, ...]:
    """Give the statements under a key: one, or a list of them; each is a text or a mapping with `do`."""
    node = body.get(key)
    found: list[StatementDecl] = []
    written: set[str] = set()
    for item in node.items if isinstance(node, Sequence) else (node,):
        if isinstance(item, Scalar) and isinstance(item.value, str):
            if item.value in written:
                message = f"'{item.value}' is listed twice under '{key}'"
                body.report.add(LISTED_TWICE, item.span, message, "remove one of the two")
                continue
            written.add(item.value)
            fold = parse_fold(item.value, item.span, body.report)
            found += [fold] if fold else []
        elif isinstance(item, Mapping):
            found += _mapped_statement(Body(item, body.report))
        elif item is not None:
            body.wrong(item, key, "a statement such as 'text += delta'")
    return tuple(found)


def _mapped_statement(body: Body) -> Iterator[StatementDecl]:
    """Give `{each: path, when: conditions, do: statements}`, of which one of the first two may be missing."""
    first = body.node.entries[0] if len(body.node.entries) == 1 else None
    if first is not None and first.key not in STATEMENT_KEYS and isinstance(first.value, Scalar):
        body.report.add(
            NOT_A_FOLD,
            body.node.span,
            "a mapping in place of a statement",
            f"write '{first.key} = {first.value.value}'",
        )
        return
    body.check_keys("statement", STATEMENT_KEYS)
    if body.get("when") is None and body.get("each") is None:
        hint = "add 'each:' with a list of the event, or 'when:' with conditions"
        body.report.add(MISSING_KEY, body.node.span, "statement has neither 'each' nor 'when'", hint)
    body.required("do", "statement", Text("", body.node.span))
    body.not_empty("do", "statement", "what to do, a statement or a list of them")
    do = _statements(body, "do")
    if body.get("when") is not None:
        do = (WhenDecl(body.condition("when"), do),)
    if body.get("each") is None:
        yield from do
        return
    text = body.text("each")
    path = parse_source(text.value, text.span, body.report) if text else None
    if path is not None:
        yield EachDecl(path, do)
