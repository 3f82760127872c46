"""The generated package: which files it has, and the modules that know all events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import PurePosixPath

from ...model import ir
from ...output.render import Page
from .enums import EnumView, enum_view
from .places import Imports, Places
from .records import RecordView, record_view
from .text import docstring, literal, prose
from .unions import UnionView, union_view

_RUNTIME = f"{__package__}.runtime"
_USED_BY_DECODER = {
    "checking": ("check_object", "check_tag"),
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
    "registry": ("define_unknown", "unknown_event"),
    "wire": ("WireObject",),
}
"""Names of the runtime that the template of the decoder mentions, by module."""

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
    """An event in the tables of the package."""

    tag: str
    variant: str
    name: str
    decoder: str


@dataclass(frozen=True, slots=True)
class PackageView:
    """What the modules that know all events see."""

    name: str
    doc: str
    union: str
    tag: str
    state: str
    imports: tuple[str, ...]
    variants: tuple[VariantView, ...]
    exports: tuple[str, ...]
    version: str


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
    for file in sorted(resources.files(_RUNTIME).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".py"):
            files[root / "runtime" / file.name] = file.read_text(encoding="utf-8")
    return files


def _variants(places: Places, imports: Imports) -> tuple[VariantView, ...]:
    return tuple(
        VariantView(literal(event.tag), event.variant, places.model(event.record.name, imports), "")
        for event in places.spec.events
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
        VariantView(literal(event.tag), event.variant, event.record.name, places.decoder(event.record.name, imports))
        for event in places.spec.events
    )
    imports.stdlib("collections.abc", "Callable")
    imports.stdlib("typing", "Final")
    imports.package("event", "EVENT_TYPES")
    imports.package("event", places.spec.union)
    for module, names in _USED_BY_DECODER.items():
        for name in names:
            imports.package(f"runtime.{module}", name)
    return _view(places, imports, variants, ())


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
