"""Rules about names that Python cannot have."""

from __future__ import annotations
import __future__

import builtins
import sys
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from ...diagnostics.printers import visible
from ...diagnostics.rule import Rule, Severity
from ...diagnostics.values import Report, Span
from ...model import ir
from ...model.names import camel, is_device, snake
from . import reserved, stream
from .builders import NODE_NAMES
from .identifiers import attribute, attribute_of, is_class_name, is_module_name, variants_of
from .plans import is_built

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
_FOLDERS_OF_THE_OUTPUT = ("docs", "json_schema")

SHADOWING = Rule(
    "W809",
    Severity.WARNING,
    "package with the name of a module of Python",
    "With its folder on the path, `import` finds one of the two, and what needs the other breaks, maybe Python itself.",
)
NO_ATTRIBUTE_NAME = Rule(
    "E808",
    Severity.ERROR,
    "attribute that cannot be a name in Python",
    "`attribute` is the name of the field in Python, as it is.",
)
NO_PACKAGE_NAME = Rule(
    "E806",
    Severity.ERROR,
    "spec name that cannot be a package",
    "The generated package has the name of the spec.",
)

NO_READING_NAME = Rule(
    "E810",
    Severity.ERROR,
    "reading that cannot be a name of the accumulator",
    "A reading is a function of its name, and a property of the accumulator, which has some names of its own.",
)


NO_METHOD_NAME = Rule(
    "E811",
    Severity.ERROR,
    "method that a builder cannot have",
    "`method` is what the builder of a stream calls what happens with an event, as it is.",
)


def method_names(spec: ir.Spec, report: Report) -> None:
    """E811: a method that cannot be a name in Python, or that every builder has."""
    for event in spec.events:
        name = event.method
        if not name:
            continue
        if name in NODE_NAMES:
            message = f"method '{name}' of '{event.tag}' has a name that every builder has"
        elif not is_module_name(name):
            message = f"method '{visible(name)}' of '{event.tag}' cannot be a name in Python"
        else:
            continue
        better = snake(camel(name)) or "it"
        better = better if is_module_name(better) and better not in NODE_NAMES else f"say_{better}"
        report.add(NO_METHOD_NAME, event.method_span, message, f"call it '{better}', for example")


def class_names(spec: ir.Spec, report: Report) -> None:
    """E801: a name that cannot be the name of a class."""
    # A name that follows from another one is judged there.
    derived = {spec.span, *(event.variant_span for event in spec.events)}
    for what, name, span in _classes(spec):
        if not is_class_name(name) and span not in derived:
            report.add(NO_CLASS_NAME, span, f"{what} '{visible(name)}' cannot be a class", _class_hint("it", name))


def _class_hint(what: str, name: str) -> str:
    better = camel(name)
    if better != name and is_class_name(better):
        return f"write {what} in CamelCase: '{better}'"
    return f"write {what} in CamelCase, with letters and digits only"


def reserved_names(spec: ir.Spec, report: Report) -> None:
    """E802: a name that every generated package has already."""
    for what, name, span in _classes(spec):
        if not is_class_name(name):
            continue
        if reserved.is_taken(name):
            message = f"{what} '{name}' collides with a name that every package has"
            report.add(RESERVED_NAME, span, message, f"choose a longer name, such as '{name}Data'")
        elif name == spec.union and span is not spec.union_span:
            message = f"{what} '{name}' collides with the union of all events"
            report.add(RESERVED_NAME, span, message, f"rename it, or set another 'union:' in {spec.union_span.file}")


def equal_names(spec: ir.Spec, report: Report) -> None:
    """E803: names that differ on the wire and are equal in Python."""
    _report_equal([(snake(name), name, span) for _, name, span in _classes(spec)], "becomes", report)
    variants = [(variant, variant, event.variant_span) for event in spec.events for _, variant in variants_of(event)]
    _report_equal(variants, "is the variant", report)
    for record in spec.records.values():
        _report_equal_attributes(spec, record, report)


def _report_equal(found: Iterable[tuple[str, str, Span]], becomes: str, report: Report) -> None:
    taken: dict[str, tuple[str, Span]] = {}
    for python, name, span in found:
        first, place = taken.setdefault(python, (name, span))
        if place == span:
            continue
        if first != name:
            message = f"'{visible(name)}' {becomes} '{python}', as '{visible(first)}' does"
            report.add(EQUAL_NAMES, span, message, f"that one is in {place}; rename one")
        elif becomes == "is the variant":
            # Equal names of classes are a mistake in any language, and are reported as that.
            hint = f"first in {place}; give one of the two events another 'variant:'"
            report.add(EQUAL_NAMES, span, f"variant '{name}' is there twice", hint)


def _report_equal_attributes(spec: ir.Spec, record: ir.Record, report: Report) -> None:
    taken = {attribute(record.tag): (record.tag, "is the tag")} if record.tag else {}
    for field in record.fields:
        python = attribute_of(field)
        first, where = taken.setdefault(python, (field.name, f"is in {field.span}"))
        # A field that is there twice, or repeats the tag, is a mistake in any language.
        if first != field.name:
            message = f"'{visible(field.name)}' becomes the attribute '{python}', as '{visible(first)}' does"
            better = f"other_{python.strip('_')}"
            while better in taken:
                better = f"other_{better}"
            hint = f"that one {where}; write 'attribute: {better}', or a better name, beside the type of this one"
            report.add(EQUAL_NAMES, field.attribute_span, message, hint)


def attribute_names(spec: ir.Spec, report: Report) -> None:
    """E808: an `attribute` that cannot be the name of one."""
    for record in spec.records.values():
        for field in record.fields:
            name = field.attribute
            if name == attribute(name) or field.attribute_span == field.span:
                continue
            better = attribute(name)
            usable = better == attribute(better)
            hint = f"write '{better}'" if usable else "write letters, digits and '_', with a letter first"
            report.add(NO_ATTRIBUTE_NAME, field.attribute_span, f"attribute '{visible(name)}' is no name", hint)


def reading_names(spec: ir.Spec, report: Report) -> None:
    """E810: a reading that cannot be a function and a property of the accumulator."""
    taken = {"state", stream.readable_name(spec), *stream.ACCUMULATOR_NAMES} if spec.state else set()
    for reading in spec.readings:
        name = reading.name
        if name in taken:
            message = f"reading '{name}' has a name that every accumulator has"
        elif not is_module_name(name):
            message = f"reading '{visible(name)}' cannot be a name in Python"
        elif hasattr(builtins, name) or hasattr(__future__, name):
            message = f"reading '{name}' has a name that Python has for something else"
        else:
            continue
        better = snake(camel(name)) or "reading"
        better = better if is_module_name(better) and better != name else f"all_{better}"
        report.add(NO_READING_NAME, reading.span, message, f"write '{better}', or another name")


def module_names(spec: ir.Spec, report: Report) -> None:
    """E804: a file or folder that cannot be a module of the package."""
    taken = reserved.modules(lints=spec.has_lifecycle, builds=is_built(spec))
    folders: dict[PurePosixPath, str] = {}
    files: dict[PurePosixPath, str] = {}
    for module in spec.modules:
        shown = PurePosixPath(module.source)
        for above, inside in zip(shown.parents, module.path.parents, strict=False):
            if inside.name:
                folders.setdefault(inside, above.as_posix())
        if module.path in files:
            message = f"file '{module.path}' stands beside {files[module.path]}"
            report.add(NO_MODULE_NAME, Span(module.source), message, "rename one")
        files.setdefault(module.path, module.source)
    for what, places in (("folder", folders), ("file", files)):
        for path, place in places.items():
            if is_device(path.name):
                message, hint = f"Windows keeps the name '{path.name}' for a device", _module_hint(path.name)
            elif not is_module_name(path.name):
                message, hint = f"{what} '{visible(path.name)}' cannot be a module", _module_hint(path.name)
            elif len(path.parts) == 1 and path.name in taken:
                message, hint = f"{what} '{path.name}' collides with a module of the package", "rename it"
            elif what == "file" and path in folders:
                message, hint = f"file '{path.name}' has the name of a folder beside it", "rename one"
            else:
                continue
            report.add(NO_MODULE_NAME, Span(place), message, hint)


def variant_names(spec: ir.Spec, report: Report) -> None:
    """E805: a variant that cannot be a member of an enum in Python."""
    for event in spec.events:
        (_, variant), *aliases = variants_of(event)
        if not is_class_name(variant):
            message = f"variant '{visible(variant)}' cannot be a name in Python"
            report.add(NO_VARIANT_NAME, event.variant_span, message, _class_hint("'variant:'", variant))
        for tag, name in aliases:
            if not is_class_name(name):
                message = f"alias '{visible(tag)}' would be the variant '{visible(name)}', which is no name in Python"
                report.add(NO_VARIANT_NAME, event.span, message, "declare an event of its own, with a 'variant:'")


def package_name(spec: ir.Spec, report: Report) -> None:
    """E806: a spec whose name cannot be that of a package; W809: one that has the name of a module of Python."""
    hint = f"write 'name: {spec.name}_events', or another name, in {spec.span.file}"
    if not is_module_name(spec.name):
        message = f"name '{visible(spec.name)}' cannot be a Python package"
        report.add(NO_PACKAGE_NAME, spec.span, message, _module_hint(spec.name))
    elif spec.name in _FOLDERS_OF_THE_OUTPUT:
        message = f"a package '{spec.name}' would lie in the folder of that name that every output has"
        report.add(NO_PACKAGE_NAME, spec.span, message, hint)
    elif is_device(spec.name):
        report.add(NO_PACKAGE_NAME, spec.span, f"Windows keeps the name '{spec.name}' for a device", hint)
    elif spec.name in sys.stdlib_module_names:
        report.add(SHADOWING, spec.span, f"package '{spec.name}' has the name of a module of Python", hint)


def _module_hint(name: str) -> str:
    if is_device(name):
        return f"rename it, for instance to '{name}_events'"
    better = snake(camel(name))
    return f"write '{better}'" if is_module_name(better) else "use lower case letters, digits and '_', no keyword"


def _classes(spec: ir.Spec) -> Iterator[tuple[str, str, Span]]:
    """Give every name that becomes a class or an alias, with the word for its kind."""
    yield "union", spec.union, spec.union_span
    for module in spec.modules:
        yield from (("enum", enum.name, enum.span) for enum in module.enums)
        yield from (("type", record.name, record.span) for record in module.records)
        yield from (("union", union.name, union.span) for union in module.unions)
        yield from (("class", event.record.name, event.record.span) for event in module.events)


RULES = (
    class_names,
    reserved_names,
    equal_names,
    attribute_names,
    reading_names,
    method_names,
    module_names,
    variant_names,
    package_name,
)
