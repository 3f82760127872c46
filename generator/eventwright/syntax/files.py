"""Which files a spec has. Cheap to import, for runs with nothing to do."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

SPEC_SUFFIXES = (".yaml", ".yml")
"""How the names of the files of a spec end."""


def spec_files(folder: Path, on_error: Callable[[OSError], None] | None = None) -> list[Path]:
    """Give every YAML file below a folder, sorted; hidden files are none of ours.

    Args:
        folder: Where to look, folders within included.
        on_error: Told of each folder that cannot be listed.
    """
    walked = [Path(top, name) for top, _, names in os.walk(folder, onerror=on_error) for name in names]
    return sorted(path for path in walked if path.name.endswith(SPEC_SUFFIXES) and not is_hidden(path, folder))


def is_hidden(path: Path, folder: Path) -> bool:
    """Whether a path below a folder is none of ours."""
    return any(part.startswith(".") or part == "__pycache__" for part in path.relative_to(folder).parts)
