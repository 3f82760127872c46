"""The page about the Python package of a spec: how it is used, and what its docstrings say."""

from __future__ import annotations

import ast
import pprint
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from ..model import ir

_FACES = {
    "": "Events",
    "stream": "Streams",
    "lint": "Checks",
}
"""Modules of a package that programs import from, and what each is about."""

_OF_ALL = ("decoder", "runtime.encoding", "runtime.errors", "runtime.model")
"""Modules with what the face of every package has beside the classes of its spec."""


@dataclass(frozen=True, slots=True)
class Documented:
    """A function or class: its name, its address in the package, and which of both it is."""

    name: str
    address: str
    kind: str


@dataclass(frozen=True, slots=True)
class Face:
    """What programs import from one module."""

    title: str
    module: str
    members: tuple[Documented, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """An event to show: Python that makes its object and decodes it, and the name of the class that comes out."""

    wire: str
    decoded: str
    event_class: str


@dataclass(frozen=True, slots=True)
class PackageView:
    """The page of a package; all texts are names, but for the code of the example."""

    package: str
    has_state: bool
    example: Example | None
    faces: tuple[Face, ...]


def package_view(spec: ir.Spec, files: Mapping[PurePosixPath, str]) -> PackageView:
    """Describe the package of a spec.

    Args:
        files: The text of its files by path.
    """
    return PackageView(spec.name, bool(spec.state), _example(spec), tuple(_faces(spec.name, files)))


def _faces(package: str, files: Mapping[PurePosixPath, str]) -> Iterator[Face]:
    for name, title in _FACES.items():
        module = f"{package}.{name}" if name else package
        text = files.get(PurePosixPath(*module.split("."), "__init__.py"))
        if text is not None:
            named = [Documented(each, f"{module}.{each}", _kind(each)) for each in sorted(_public(text, not name))]
            members = sorted((each for each in named if each.kind), key=lambda each: each.kind == "class")
            yield Face(title, module, tuple(members))


def _public(text: str, only_of_all: bool) -> set[str]:
    """Give the names that a module shows: those of the spec's own classes have pages already."""
    tree = ast.parse(text)
    shown: set[str] = set()
    imported: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id == "__all__" for to in node.targets):
            shown = set(ast.literal_eval(node.value))
        elif isinstance(node, ast.ImportFrom) and node.module in _OF_ALL:
            imported |= {alias.name for alias in node.names}
    return shown & imported if only_of_all else shown


def _kind(name: str) -> str:
    """Tell a function from a class by its name; constants are neither, and their modules say what they are."""
    if name.isupper():
        return ""
    return "class" if name[0].isupper() else "function"


def _example(spec: ir.Spec) -> Example | None:
    """Show a short event, if there is one that changes the state: it is about the calls, not about what events hold."""
    shown = [event for event in spec.events if event.example is not None and event.keys]
    if not shown:
        return None
    event = min(shown, key=lambda event: (not event.folds, len(repr(event.example))))
    beside = any(isinstance(place, ir.BesideTag) for part in spec.tag.parts for place in part)
    tag = f", tag={event.tag!r}" if beside else ""
    wire = pprint.pformat(event.example, sort_dicts=False, width=100)
    return Example(wire, f"decode(wire{tag})", event.record.name)
