"""What the Python target takes for taken is what its packages really have."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from pathlib import Path

import pytest

from eventwright.output import resources
from eventwright.pipeline import read_spec
from eventwright.targets.python import reserved
from eventwright.targets.python.identifiers import attribute, is_class_name
from eventwright.targets.python.plans import is_built
from support import GENERATED

PACKAGE = GENERATED / "responses_events"
MENTIONS_NO_CLASS = [path for path in (PACKAGE / "lint").glob("*.py") if path.stem != "lifecycle"]
MODULES = sorted(
    path
    for path in PACKAGE.rglob("*.py")
    if "runtime" not in path.relative_to(PACKAGE).parts and path not in MENTIONS_NO_CLASS
)


def names_of(module: Path) -> Iterator[str]:
    """Give every name of a module that looks like a class: defined, imported, or of Python itself."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        match node:
            case ast.ClassDef(name) | ast.alias(name):
                yield name
            case ast.Name(name) if name in vars(builtins) or isinstance(node.ctx, ast.Store):
                yield name


def test_every_name_of_a_package_is_taken_or_of_its_spec() -> None:
    spec, _ = read_spec(resources.specs() / "openai_responses")
    assert spec is not None
    own = {*spec.records, *spec.enums, *spec.unions, spec.union, *(event.variant for event in spec.events)}
    found = {name for module in MODULES for name in names_of(module) if is_class_name(name) and not name.isupper()}
    # What is called after a type or a place gives way to what the spec declares.
    tree = ast.parse((PACKAGE / "builders" / "stream.py").read_text(encoding="utf-8"))
    own |= {node.name for node in tree.body if isinstance(node, ast.ClassDef) and node.name != "Relay"}
    assert {name for name in found - own if not reserved.is_taken(name)} == set()


@pytest.mark.parametrize("name", ["List", "Strings", "EventTypes"])
def test_a_name_is_taken_where_what_is_called_after_it_would_collide(name: str) -> None:
    assert reserved.is_taken(name)


@pytest.mark.parametrize("name", ["Message", "Item", "Warning", "Tool", "Error", "Part", "Path"])
def test_a_usual_name_is_free(name: str) -> None:
    assert not reserved.is_taken(name)


def test_every_module_of_a_package_is_taken_or_of_its_spec() -> None:
    spec, _ = read_spec(resources.specs() / "openai_responses")
    assert spec is not None
    found = {path.stem for path in PACKAGE.glob("[!_]*") if path.suffix == ".py" or (path / "__init__.py").exists()}
    own = {module.path.parts[0] for module in spec.modules}
    assert found - own <= reserved.modules(lints=spec.has_lifecycle, builds=is_built(spec))


@pytest.mark.parametrize("name", ["extra", "leftover", "field_names", "declared"])
def test_no_field_hides_what_every_class_has(name: str) -> None:
    assert attribute(name) == f"{name}_"
