"""Rules about names that Python cannot have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from ..diagnostics.rule import Rule, Severity
from ..diagnostics.values import Report, Span
from ..model import ir
from ..model.names import RESERVED_CLASSES, RESERVED_MODULES, attribute, camel, is_class_name, is_module_name, snake
from ..syntax import walks
from ..syntax.declarations import (
    EventDecl,
    SpecDecl,
    Text,
)
from ..syntax.loader import KEY_NOT_TEXT
from .texts import visible

NO_CLASS_NAME = Rule(
    "E801",
    Severity.ERROR,
    "name that cannot be a class",
    "Types, enums and unions keep their names in Python.",
)


RESERVED_NAME = Rule(
    "E802",
    Severity.ERROR,
    "name that the package has already",
    "Every generated package has some names of its own, and its modules import some from the standard library.",
)


EQUAL_NAMES = Rule(
    "E803",
    Severity.ERROR,
    "names that are equal in Python",
    "Different wire names can become one identifier, and then one would hide the other.",
)


NO_MODULE_NAME = Rule(
    "E804",
    Severity.ERROR,
    "file or folder that cannot be a module",
    "Files and folders of the spec become modules of the package.",
)


NO_VARIANT_NAME = Rule(
    "E805",
    Severity.ERROR,
    "variant that cannot be a name in Python",
    "Variants are the members of the enum `EventType`.",
)


NO_PACKAGE_NAME = Rule(
    "E806",
    Severity.ERROR,
    "spec name that cannot be a package",
    "The generated package has the name of the spec.",
)


def class_names(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E801: a name that cannot be the name of a class."""
    # A name that follows from another one is judged there.
    derived = {event.variant.span for event in walks.events(declared)} | {declared.name.span}
    for what, name in walks.classes(declared):
        known = name.span in derived or report.has(KEY_NOT_TEXT, name.span)
        if not is_class_name(name.value) and not known:
            hint = _class_hint("it", name.value)
            report.add(NO_CLASS_NAME, name.span, f"{what} '{visible(name.value)}' cannot be a class", hint)


def _class_hint(what: str, name: str) -> str:
    better = camel(name)
    if better != name and is_class_name(better):
        return f"write {what} in CamelCase: '{better}'"
    return f"write {what} in CamelCase, with letters and digits only"


def reserved_names(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E802: a name that every generated package has already."""
    for what, name in walks.classes(declared):
        if report.has(KEY_NOT_TEXT, name.span) or report.has(NO_CLASS_NAME, name.span):
            continue
        if name.value in RESERVED_CLASSES:
            message = f"{what} '{name.value}' collides with a name that every package has"
            report.add(RESERVED_NAME, name.span, message, f"choose a longer name, such as '{name.value}Data'")
        elif name.value == declared.union.value and name is not declared.union:
            message = f"{what} '{name.value}' collides with the union of all events"
            report.add(RESERVED_NAME, name.span, message, f"rename it, or set another 'union:' in {declared.file}")


def equal_names(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E803: names that differ on the wire and are equal in Python."""
    classes = [(snake(name.value), name) for _, name in walks.classes(declared)]
    _report_equal(classes, "becomes", report)
    variants = [(event.variant.value, event.variant) for event in _first_events(spec, declared)]
    _report_equal(variants, "is the variant", report)
    groups = {group.name.value: group for file in declared.files for group in file.groups}
    for file in declared.files:
        for each in walks.with_fields(file):
            names = [field.name for field in walks.all_fields(each, groups)]
            _report_equal([(attribute(name.value), name) for name in names], "becomes the attribute", report)


def module_names(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E804: a file or folder that cannot be a module of the package."""
    folders: dict[PurePosixPath, str] = {}
    files: dict[PurePosixPath, str] = {}
    for file in declared.files:
        shown = PurePosixPath(file.file)
        for above, inside in zip(shown.parents, file.path.parents, strict=False):
            if inside.name:
                folders.setdefault(inside, above.as_posix())
        if file.path in files:
            report.add(
                NO_MODULE_NAME, Span(file.file), f"file '{file.path}' stands beside {files[file.path]}", "rename one"
            )
        files.setdefault(file.path, file.file)
    for path, place in [*folders.items(), *files.items()]:
        what = "folder" if path in folders and place == folders[path] else "file"
        if not is_module_name(path.name):
            message = f"{what} '{visible(path.name)}' cannot be a module"
            report.add(NO_MODULE_NAME, Span(place), message, _module_hint(path.name))
        elif len(path.parts) == 1 and path.name in RESERVED_MODULES:
            report.add(
                NO_MODULE_NAME, Span(place), f"{what} '{path.name}' collides with a module of the package", "rename it"
            )
        elif what == "file" and path in folders:
            report.add(
                NO_MODULE_NAME, Span(place), f"file '{path.name}' has the name of a folder beside it", "rename one"
            )


def variant_names(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E805: a variant that cannot be a member of an enum in Python."""
    for event in walks.events(declared):
        name = event.variant
        if not is_class_name(name.value) and not report.has(KEY_NOT_TEXT, name.span):
            hint = _class_hint("'variant:'", name.value)
            report.add(NO_VARIANT_NAME, name.span, f"variant '{visible(name.value)}' cannot be a name in Python", hint)


def package_name(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """E806: a spec whose name cannot be that of a package."""
    if not is_module_name(declared.name.value):
        message = f"name '{visible(declared.name.value)}' cannot be a Python package"
        report.add(NO_PACKAGE_NAME, declared.name.span, message, _module_hint(declared.name.value))


def _module_hint(name: str) -> str:
    better = snake(camel(name))
    return f"write '{better}'" if is_module_name(better) else "use lower case letters, digits and '_', no keyword"


def _report_equal(found: list[tuple[str, Text]], becomes: str, report: Report) -> None:
    taken: dict[str, Text] = {}
    for python, name in found:
        first = taken.setdefault(python.casefold(), name)
        same_declaration = first.span == name.span
        # Two declarations of one name are reported as such, unless two variants share it.
        if same_declaration or (first.value == name.value and becomes != "is the variant"):
            continue
        if first.value == name.value:
            message, hint = f"variant '{name.value}' is there twice", f"first in {first.span}; rename one"
        else:
            message = f"'{visible(name.value)}' {becomes} '{python}', as '{visible(first.value)}' does"
            hint = f"that one is in {first.span}; rename one"
        report.add(EQUAL_NAMES, name.span, message, hint)


def _first_events(spec: ir.Spec, declared: SpecDecl) -> Iterator[EventDecl]:
    """Give the events that were bound; of two with one tag or class, the first."""
    bound = {event.record.span for event in spec.events}
    return (event for event in walks.events(declared) if event.tag.span in bound)


CHECKS = (
    class_names,
    reserved_names,
    equal_names,
    module_names,
    variant_names,
    package_name,
)
