"""From the text of a spec to a package that can be called, without leaving anything behind."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import Any

from eventwright.model import ir
from eventwright.pipeline import Result, compile_spec

from . import TEMPLATES


def compiled(spec: Path | str | Mapping[str, Any], folder: Path, name: str, **settings: Any) -> Result:
    """Compile a spec.

    Args:
        spec: A folder, or what stands in the one file of the spec: YAML, or what YAML would give.
        folder: Where that file is written.
        name: The package.
        settings: Further keys of `spec.yaml`, such as `tag` and `state`.
    """
    if isinstance(spec, Path):
        return compile_spec(spec, [TEMPLATES])
    (folder / "spec.yaml").write_text(_yaml({"name": name, **settings}), encoding="utf-8")
    (folder / "content.yaml").write_text(spec if isinstance(spec, str) else _yaml(spec), encoding="utf-8")
    return compile_spec(folder, [TEMPLATES])


def beside_of(spec: ir.Spec, event: ir.Event) -> dict[str, str]:
    """Give the argument for what comes beside the body of an event, nothing where its tag is in the body."""
    for place, part in enumerate(spec.tag.parts):
        if isinstance(part[0], ir.BesideTag) and event.keys:
            return {"tag": ir.tag_text(event.keys[0].parts[place])}
    return {}


def _yaml(value: Mapping[str, Any]) -> str:
    """Write JSON, which is YAML and quotes whatever it must; only YAML does not join escaped surrogates."""
    return json.dumps(value, indent=1, ensure_ascii=False)


def import_package(folder: Path, files: Mapping[PurePosixPath, str], name: str) -> ModuleType:
    """Import a package that was compiled, in place of one with that name.

    Args:
        folder: Where it is written. It is new: a module of the same size within the same second would be read from its
            old bytecode.
        files: What was compiled, by path.
        name: The package.
    """
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="")
    forget_package(name)
    importlib.invalidate_caches()
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(folder))


def forget_package(name: str) -> None:
    """Make Python import a package anew."""
    for module in [module for module in sys.modules if module.partition(".")[0] == name]:
        del sys.modules[module]
