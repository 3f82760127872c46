"""Which specs a project has. Cheap to import, for runs with nothing to do."""

from __future__ import annotations

from pathlib import Path

from .syntax.files import spec_files


def specs_below(top: Path) -> list[Path]:
    """Give the folders in a folder that hold YAML files, sorted."""
    return [path for path in sorted(top.iterdir()) if path.is_dir() and spec_files(path)] if top.is_dir() else []
