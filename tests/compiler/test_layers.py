"""The compiler goes in one direction: a module imports only modules of lower levels."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

COMPILER = Path(__file__).parents[2] / "generator" / "eventwright"

LEVELS = (
    ("diagnostics", "foreign", "names", "render", "resources", "rules"),
    ("inputs", "ir", "markdown", "pytext", "typeexpr", "unreadable", "writer", "printers"),
    ("docsite", "foldexpr", "graph", "loader", "pynames", "staleness"),
    ("decoderview", "encoderview", "misplaced", "modelview", "shapeview", "syntax"),
    ("docview", "examples", "folders", "parser", "pyview", "schemaview", "streamview", "symbols", "variants"),
    ("binding", "check", "folding", "stub"),
    ("resolve",),
    ("pipeline",),
    ("cli",),
    ("__main__",),
)

LEVEL = {module: level for level, modules in enumerate(LEVELS) for module in modules}

MODULES = sorted(path.stem for path in COMPILER.glob("*.py") if path.stem != "__init__")


def imported(module: str) -> set[str]:
    """Give the modules of the compiler that a module imports, functions included."""
    names: set[str] = set()
    for node in ast.walk(ast.parse((COMPILER / f"{module}.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            names.update([node.module.split(".")[0]] if node.module else [alias.name for alias in node.names])
    return names & set(MODULES)


@pytest.mark.parametrize("module", MODULES)
def test_imports_only_lower_levels(module: str) -> None:
    assert module in LEVEL, f"give '{module}' a place in LEVELS"
    wrong = {name for name in imported(module) if LEVEL[name] >= LEVEL[module]}
    assert not wrong, f"'{module}' is on level {LEVEL[module]} and imports {sorted(wrong)}"


def test_only_the_command_line_prints() -> None:
    printing = {
        path.stem
        for path in COMPILER.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    }
    assert printing <= {"cli"}


def test_only_one_module_knows_the_template_engine() -> None:
    assert {module for module in MODULES if "jinja2" in (COMPILER / f"{module}.py").read_text(encoding="utf-8")} == {
        "render"
    }


def test_the_runtime_imports_nothing_of_the_compiler() -> None:
    for path in (COMPILER / "runtime").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.ImportFrom) and node.level > 1), f"{path.name} leaves the runtime"
            if isinstance(node, ast.Import):
                assert not any(alias.name.startswith("eventwright") for alias in node.names)
