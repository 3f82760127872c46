"""Finds what ships with the compiler, templates, specs and their schema, and where it keeps what takes long to get."""

from __future__ import annotations

import os
from pathlib import Path

from ..syntax.files import spec_folders

_PACKAGE = Path(__file__).resolve().parents[1]
_DATA = _PACKAGE / "_data"


def templates() -> Path:
    """Give the folder of the templates that ship."""
    return _shipped("templates")


def specs() -> Path:
    """Give the folder of the specs that ship, each a folder in it."""
    return _shipped("schema")


def shipped_specs() -> dict[str, Path]:
    """Give the specs that ship, by name: their place below the folder of all."""
    return {path.relative_to(specs()).as_posix(): path for path in spec_folders(specs())}


def editor_schema() -> Path:
    """Give the JSON Schema of the spec language."""
    return specs() / "spec.schema.json"


def compiler_sources() -> list[Path]:
    """Give all files that make up the compiler, sorted, without the data that ships with it."""
    return sorted(path for path in _PACKAGE.rglob("*.py") if _DATA not in path.parents)


def relative_to_compiler(path: Path) -> str:
    """Name a file of the compiler so that the name is the same wherever it is installed."""
    return path.relative_to(_PACKAGE).as_posix()


def user_cache() -> Path:
    """Give the folder for what can be got again at any time; it need not be there.

    Raises:
        RuntimeError: The user has no home.
    """
    named = os.environ.get("XDG_CACHE_HOME")
    return (Path(named) if named else Path.home() / ".cache") / "eventwright"


def _shipped(name: str) -> Path:
    """A wheel carries the data inside the package; in a checkout it stands at the top, beside `generator/`."""
    return _DATA / name if _DATA.is_dir() else _PACKAGE.parents[1] / name
