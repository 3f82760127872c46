"""Who may import whom in the compiler: one row for each place, with the reason."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from fnmatch import fnmatchcase

import pytest

from support import ROOT

COMPILER = ROOT / "generator" / "eventwright"

ROWS: tuple[tuple[str, str, str], ...] = (
    ("__init__", "pipeline diagnostics", "what programs may call is shown at the front"),
    ("__main__", "cli", "it only starts the command line"),
    (
        "cli",
        "__init__ pipeline project authoring rules targets output website syntax.files diagnostics",
        "a command says what is done and shows what came of it",
    ),
    (
        "pipeline",
        "project targets rules binding syntax output model diagnostics",
        "it is the table of contents: it names every stage, and no stage names it",
    ),
    ("project", "syntax.files diagnostics", "which specs there are is known before any of them is read"),
    ("website", "targets.docs output model", "it brings the pages of several specs together, whatever is in them"),
    ("targets.python.runtime", "", "it is copied into packages that have nothing but the standard library"),
    ("targets.target", "model output.render diagnostics", "what a target is does not depend on any of them"),
    (
        "targets.*",
        "targets.target model output.render output.resources diagnostics",
        "a target sees the model and its templates: no other target, and nothing of how the spec was written",
    ),
    ("targets", "targets.target", "it finds the targets and knows none of them"),
    ("rules", "syntax model diagnostics", "a rule looks at what is written and at what it means, and only reports"),
    ("binding", "syntax model diagnostics", "it makes the model out of declarations"),
    ("authoring", "syntax model diagnostics", "it edits declarations"),
    ("output", "syntax.files diagnostics", "it brings texts to the disk and understands none of them"),
    ("syntax", "model.names diagnostics", "what is written is read before anybody knows what it means"),
    ("model", "diagnostics", "everything else speaks in terms of it"),
    ("diagnostics", "", "anything may report"),
)
"""A place, what it may import beside itself, and why. The first place that a module lies in counts."""


def _modules() -> Iterator[str]:
    for path in sorted(COMPILER.rglob("*.py")):
        name = path.relative_to(COMPILER).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
        if not name.startswith("_data"):
            yield name


MODULES = tuple(_modules())


def source(module: str) -> ast.Module:
    path = COMPILER.joinpath(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return ast.parse(file.read_text(encoding="utf-8"))


def row_of(module: str) -> tuple[str, list[str]]:
    """Give the place that a module lies in, and the places that it may import."""
    parts = module.split(".")
    for pattern, allowed, _ in ROWS:
        place = ".".join(parts[: pattern.count(".") + 1])
        if fnmatchcase(place, pattern):
            return place, allowed.split()
    raise AssertionError(f"give '{module}' a row")


def imported(module: str) -> set[str]:
    """Give the modules of the compiler that a module imports, functions included."""
    here = module.split(".")
    package = here if COMPILER.joinpath(*here).is_dir() else here[:-1]
    found = set()
    for node in ast.walk(source(module)):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = [*package[: len(package) - node.level + 1], *(node.module or "").split(".")]
            for alias in node.names:
                names = [".".join(part for part in [*base, *tail] if part) for tail in ([alias.name], [])]
                found.add(next((name for name in names if name in MODULES), names[-1] or "__init__"))
    return found


def lies_in(module: str, place: str) -> bool:
    return module == place or module.startswith(f"{place}.")


@pytest.mark.parametrize("module", MODULES)
def test_imports_only_what_its_row_allows(module: str) -> None:
    place, allowed = row_of(module)
    wrong = {name for name in imported(module) if not any(lies_in(name, each) for each in (place, *allowed))}
    assert not wrong, f"'{module}' imports {sorted(wrong)}; a module in '{place}' may import {allowed}"


def test_every_row_is_about_something() -> None:
    places = {row_of(module)[0] for module in MODULES}
    assert [row[0] for row in ROWS if not any(fnmatchcase(place, row[0]) for place in places)] == []


def test_only_the_command_line_prints() -> None:
    calls = ((module, node) for module in MODULES for node in ast.walk(source(module)) if isinstance(node, ast.Call))
    printing = {module for module, node in calls if isinstance(node.func, ast.Name) and node.func.id == "print"}
    assert {module for module in printing if not lies_in(module, "targets.python.runtime")} == set()


def test_only_one_module_knows_the_template_engine() -> None:
    knowing = {
        module
        for module in MODULES
        for node in ast.walk(source(module))
        if isinstance(node, ast.Import) and any(alias.name == "jinja2" for alias in node.names)
    }
    assert knowing == {"output.render"}
