"""The generated package: which files it has, and the modules that know all events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import PurePosixPath

from ...model import ir
from ...output.render import Page
from .decoders import decoders
from .encoders import encoders
from .models import models
from .names import Imports, PyNames
from .shapes import shapes
from .text import docstring, literal, prose

_RUNTIME = f"{__package__}.runtime"


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


@dataclass(frozen=True, slots=True)
class TablesView:
    """The module that imports those which fill a table, one for each folder of the spec; `tag` is that of events."""

    units: tuple[str, ...]
    tag: str


def pages(spec: ir.Spec) -> Iterator[Page]:
    """Give every file of the package that depends on the spec."""
    root = PurePosixPath(spec.name)
    names = PyNames(spec)
    for module in spec.modules:
        if not module.is_empty:
            yield Page(root / module.path.with_suffix(".py"), "python/models.py.jinja", models(names, module))
    for folder in sorted({module.path.parts[0] for module in spec.modules if len(module.path.parts) > 1}):
        titles = [module.title for module in spec.modules if module.path.parts[0] == folder and not module.is_empty]
        yield Page(
            root / folder / "__init__.py", "python/folder.py.jinja", docstring([prose(f"{'; '.join(titles)}.")], 0)
        )
    for unit, modules in names.units.items():
        yield Page(root / "shapes" / f"{unit}.py", "python/shapes.py.jinja", shapes(names, unit, modules))
        yield Page(root / "decoders" / f"{unit}.py", "python/decoders.py.jinja", decoders(names, unit, modules))
        yield Page(root / "encoders" / f"{unit}.py", "python/encoders.py.jinja", encoders(names, unit, modules))
    for kind in ("shapes", "decoders", "encoders"):
        view = TablesView(tuple(names.units), literal(spec.tag))
        yield Page(root / kind / "__init__.py", f"python/{kind}_init.py.jinja", view)
    yield Page(root / "event.py", "python/event.py.jinja", _events(names))
    yield Page(root / "decoder.py", "python/decoder.py.jinja", _dispatch(names))
    yield Page(root / "__init__.py", "python/init.py.jinja", _package(names))
    yield Page(root / "__main__.py", "python/main.py.jinja", _package(names))


def runtime_files(spec: ir.Spec) -> dict[PurePosixPath, str]:
    """Give the files that are the same in every package, by path."""
    root = PurePosixPath(spec.name)
    files = {root / "py.typed": ""}
    for file in sorted(resources.files(_RUNTIME).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".py"):
            files[root / "runtime" / file.name] = file.read_text(encoding="utf-8")
    return files


def _variants(names: PyNames, imports: Imports) -> tuple[VariantView, ...]:
    return tuple(
        VariantView(literal(event.tag), event.variant, names.model(event.record.name, imports), "")
        for event in names.spec.events
    )


def _view(names: PyNames, imports: Imports, variants: tuple[VariantView, ...], exports: tuple[str, ...]) -> PackageView:
    spec = names.spec
    return PackageView(
        name=spec.name,
        doc=docstring([prose(f"{spec.title.rstrip('.')}."), *([prose(spec.doc)] if spec.doc else [])], 0),
        union=spec.union,
        tag=literal(spec.tag),
        state=spec.state,
        imports=imports.lines,
        variants=variants,
        exports=exports,
    )


def _events(names: PyNames) -> PackageView:
    imports = Imports(depth=1, own="event")
    variants = _variants(names, imports)
    imports.stdlib("enum", "Enum")
    for name in ("Final", "TypeAlias", "Union"):
        imports.stdlib("typing", name)
    imports.package("runtime.model", "UnknownEvent")
    return _view(names, imports, variants, ())


def _dispatch(names: PyNames) -> PackageView:
    imports = Imports(depth=1, own="decoder")
    variants = tuple(
        VariantView(literal(event.tag), event.variant, event.record.name, names.decoder(event.record.name, imports))
        for event in names.spec.events
    )
    return _view(names, imports, variants, ())


def _package(names: PyNames) -> PackageView:
    imports = Imports(depth=1, own="")
    variants = _variants(names, imports)
    everything = (*names.spec.records, *names.spec.enums, *names.spec.unions)
    for name in everything:
        names.model(name, imports)
    return _view(names, imports, variants, tuple(sorted(everything)))
