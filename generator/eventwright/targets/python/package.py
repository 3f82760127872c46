"""The generated package: which files it has, and the modules that know all events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import PurePosixPath

from ...model import ir
from ...output.render import Page
from .dispatch import DispatchView, dispatch_view, is_plain, takes_tag
from .enums import EnumView, enum_view
from .identifiers import attribute_of, variants_of
from .places import Imports, Places
from .plans import is_built
from .records import RecordView, record_view
from .text import docstring, literal, prose
from .unions import UnionView, union_view

_RUNTIME = f"{__package__}.runtime"
_DISPATCHING = "dispatching.py"
"""Module of the runtime that only packages have whose tag is not plain."""
_LINTING = frozenset(
    f"{name}.py"
    for name in (
        "asserting",
        "carrying",
        "check_command",
        "confirming",
        "explain_command",
        "faults",
        "findings",
        "judging",
        "kinds",
        "lifecycle",
        "linting",
        "moments",
        "ordering",
        "paths",
        "repeating",
        "reporting",
        "sanitize_command",
        "sanitizing",
        "spots",
        "statements",
        "vetting",
        "wording",
    )
)
"""Modules of the runtime that only packages have whose spec says when events may come."""
_BUILDING = frozenset(
    f"{name}.py"
    for name in (
        "breaking",
        "building",
        "changing",
        "composing",
        "holding",
        "planning",
        "refusing",
        "relaying",
        "resuming",
        "sample_command",
        "sampling",
        "showing",
        "streaming",
        "walking",
        "ways",
        "wire_members",
    )
)
"""Modules of the runtime that only packages have that build streams."""

_USED_BY_DECODER = {
    "checking": ("check_object",),
    "decoding": ("Odd",),
    "encoding": ("encode",),
    "errors": ("DecodeError", "Problem"),
    "model": ("Model", "UnknownEvent", "UnknownVariant"),
    "lazy": ("look_at_all",),
    "parsing": (
        "TEXT",
        "UNREADABLE",
        "Loads",
        "Source",
        "members",
        "parse",
        "refuse_constants",
        "scan",
        "scan_strictly",
        "text_of",
    ),
    "registry": ("unknown_event",),
    "wire": ("WireObject",),
}
"""Names of the runtime that the template of the decoder always mentions, by module."""

_USED_BY_PLAIN_DECODER = {"checking": ("check_tag",), "registry": ("define_unknown",)}
_USED_BY_OTHER_DECODER = {
    "dispatching": ("EventTag", "text_of_key"),
    "registry": ("define_unknown_events",),
}
"""Those that it mentions where the tag of events is one member, and where it is not as plain as that."""

_EXPORTED = {
    "decoder": ("EVENT_DECODERS", "Decoder", "decode", "problems"),
    "event": ("EVENT_TYPES", "SPEC_VERSION", "EventType"),
    "runtime.encoding": ("dumps", "encode"),
    "runtime.errors": ("DecodeError", "Problem"),
    "runtime.model": ("Model", "UnknownEvent", "UnknownVariant"),
}
"""Names that the package shows at its top beside the classes, by module."""


@dataclass(frozen=True, slots=True)
class VariantView:
    """A tag of an event in the tables of the package; `is_tag` is false for one that is only a name."""

    tag: str
    variant: str
    name: str
    decoder: str
    is_tag: bool


@dataclass(frozen=True, slots=True)
class PackageView:
    """What the modules that know all events see.

    Attributes:
        counter: Literal of the attribute that numbers the events, of an empty text where there is none.
        lints: Whether the package can tell what is wrong with a stream.
        is_built: Whether the package can build streams.
    """

    name: str
    doc: str
    union: str
    tag: str
    state: str
    imports: tuple[str, ...]
    variants: tuple[VariantView, ...]
    exports: tuple[str, ...]
    version: str
    counter: str
    dispatch: DispatchView | None = None
    lined: bool = False
    lints: bool = False
    is_built: bool = False

    @property
    def tags(self) -> tuple[VariantView, ...]:
        """The variants that a tag leads to."""
        return tuple(variant for variant in self.variants if variant.is_tag)


@dataclass(frozen=True, slots=True)
class ModuleView:
    """A module of what one file of the spec declares.

    Attributes:
        aliases: Other names of what it declares, for classes with attributes of that name.
    """

    source: str
    doc: str
    imports: tuple[str, ...]
    enums: tuple[EnumView, ...]
    records: tuple[RecordView, ...]
    unions: tuple[UnionView, ...]
    aliases: tuple[tuple[str, str], ...]

    @property
    def contained(self) -> tuple[EnumView, ...]:
        """The enums that have a function of their own."""
        return tuple(enum for enum in self.enums if enum.decoder)


def pages(spec: ir.Spec) -> Iterator[Page]:
    """Give every file of the package that depends on the spec."""
    root = PurePosixPath(spec.name)
    places = Places(spec)
    modules = [module for module in spec.modules if not module.is_empty]
    for module in modules:
        yield Page(root / module.path.with_suffix(".py"), "python/module.py.jinja", _module(places, module))
    for folder in sorted({module.path.parts[0] for module in spec.modules if len(module.path.parts) > 1}):
        titles = [module.title for module in modules if module.path.parts[0] == folder]
        doc = docstring([prose(f"{'; '.join(titles)}.")], 0)
        yield Page(root / folder / "__init__.py", "python/folder.py.jinja", doc, shared=True)
    yield Page(root / "event.py", "python/event.py.jinja", _events(places), shared=True)
    yield Page(root / "decoder.py", "python/decoder.py.jinja", _dispatch(places), shared=True)
    yield Page(root / "__init__.py", "python/init.py.jinja", _package(places), shared=True)
    yield Page(root / "__main__.py", "python/main.py.jinja", _package(places))


def _module(places: Places, module: ir.Module) -> ModuleView:
    imports = Imports(depth=len(module.path.parts), own=".".join(module.path.parts))
    records = [*module.records, *(event.record for event in module.events)]
    enums = tuple(enum_view(places, enum, imports) for enum in module.enums)
    views = tuple(record_view(places, record, imports) for record in records)
    bare = not records and not any(enum.decoder for enum in enums)
    unions = tuple(
        union_view(places, union, imports, is_first=bare and not place) for place, union in enumerate(module.unions)
    )
    return ModuleView(
        source=module.path.with_suffix(PurePosixPath(module.source).suffix).as_posix(),
        doc=docstring([prose(f"{module.title.rstrip('.')}. {module.doc}")], 0),
        imports=imports.lines,
        enums=enums,
        records=views,
        unions=unions,
        aliases=tuple(sorted(imports.aliases.items())),
    )


def runtime_files(spec: ir.Spec) -> dict[PurePosixPath, str]:
    """Give the files that are the same in every package, by path."""
    root = PurePosixPath(spec.name)
    files = {root / "py.typed": ""}
    left_out = frozenset() if spec.has_lifecycle else _LINTING
    left_out |= frozenset() if is_built(spec) else _BUILDING
    left_out |= {_DISPATCHING} if is_plain(spec) else frozenset()
    for file in sorted(resources.files(_RUNTIME).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".py") and file.name not in left_out:
            files[root / "runtime" / file.name] = file.read_text(encoding="utf-8")
    return files


def _variants(places: Places, imports: Imports) -> tuple[VariantView, ...]:
    return tuple(
        VariantView(literal(name), variant, places.model(event.record.name, imports), "", is_tag=bool(event.keys))
        for event in places.spec.events
        for name, variant in variants_of(event)
    )


def _view(places: Places, imports: Imports, variants: tuple[VariantView, ...], exports: tuple[str, ...]) -> PackageView:
    spec = places.spec
    return PackageView(
        name=spec.name,
        doc=docstring([prose(f"{spec.title.rstrip('.')}."), *([prose(spec.doc)] if spec.doc else [])], 0),
        union=spec.union,
        tag=literal(spec.tag.member),
        state=spec.state,
        imports=imports.lines,
        variants=variants,
        exports=exports,
        version=literal(spec.version),
        counter=literal(attribute_of(spec.counter) if spec.counter else ""),
        lined=takes_tag(spec),
        lints=spec.has_lifecycle,
        is_built=is_built(spec),
    )


def _events(places: Places) -> PackageView:
    imports = Imports(depth=1, own="event")
    variants = _variants(places, imports)
    imports.stdlib("enum", "Enum")
    for name in ("Final", "TypeAlias", "Union"):
        imports.stdlib("typing", name)
    imports.package("runtime.model", "UnknownEvent")
    return _view(places, imports, variants, ())


def _dispatch(places: Places) -> PackageView:
    imports = Imports(depth=1, own="decoder")
    variants = tuple(
        VariantView(
            literal(name),
            variant,
            event.record.name,
            places.decoder(event.record.name, imports),
            is_tag=bool(event.keys),
        )
        for event in places.spec.events
        for name, variant in variants_of(event)
    )
    imports.stdlib("collections.abc", "Callable")
    imports.stdlib("typing", "Final")
    imports.package("event", places.spec.union)
    dispatch = dispatch_view(places, imports)
    if dispatch.member:
        imports.stdlib("typing", "Any")
    if dispatch.is_plain:
        imports.package("event", "EVENT_TYPES")
    for used in (_USED_BY_DECODER, _USED_BY_PLAIN_DECODER if dispatch.is_plain else _USED_BY_OTHER_DECODER):
        for module, names in used.items():
            for name in names:
                imports.package(f"runtime.{module}", name)
    return replace(_view(places, imports, variants, ()), dispatch=dispatch)


def _package(places: Places) -> PackageView:
    imports = Imports(depth=1, own="")
    variants = _variants(places, imports)
    everything = (*places.spec.records, *places.spec.enums, *places.spec.unions)
    for name in everything:
        places.model(name, imports)
    for module, names in _EXPORTED.items():
        for name in names:
            imports.package(module, name)
    imports.package("event", places.spec.union)
    return _view(places, imports, variants, tuple(sorted(everything)))
