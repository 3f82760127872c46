"""Models that datamodel-code-generator makes of our JSON Schema, for libraries that bring none."""

from __future__ import annotations

import importlib.util
import itertools
import subprocess
import sys
import types
import typing
from pathlib import Path
from typing import Any

import pydantic

from .project import CLOSED_SCHEMA

_numbers = itertools.count()


def command(output: Path, kind: str, *options: str) -> list[str]:
    """Give the command that makes models of one kind."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return [
        *(sys.executable, "-W", "ignore", "-m", "datamodel_code_generator"),
        *("--input", str(CLOSED_SCHEMA), "--input-file-type", "jsonschema"),
        *("--output", str(output), "--output-model-type", kind, "--target-python-version", version),
        *("--formatters", "builtin", "--disable-timestamp", "--enum-field-as-literal", "all", *options),
    ]


def source(folder: Path, kind: str, *options: str) -> Path:
    """Make models, and give the file that they are in."""
    output = folder / f"{kind.replace('.', '_')}.py"
    subprocess.run(command(output, kind, *options), check=True, capture_output=True)
    return output


def load(path: Path) -> types.ModuleType:
    """Import a file as a module of its own, however often it is imported."""
    name = f"{path.stem}_{next(_numbers)}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path.name} is no module")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def resolved(module: types.ModuleType, alias: Any) -> Any:
    """Replace the forward references within a type."""
    holder = type("_Holder", (), {"__annotations__": {"it": alias}})
    return typing.get_type_hints(holder, globalns=vars(module), include_extras=True)["it"]


def tags(model: Any) -> list[str]:
    """List the values that the `type` of a class may have, as far as its annotations say."""
    if issubclass(model, pydantic.BaseModel):
        field = model.model_fields.get("type")
        return _literals(field.annotation) if field else []
    return _literals(typing.get_type_hints(model).get("type"))


def _literals(hint: Any) -> list[str]:
    if typing.get_origin(hint) is typing.Literal:
        return [value for value in typing.get_args(hint) if isinstance(value, str)]
    return [value for part in typing.get_args(hint) for value in _literals(part)]
