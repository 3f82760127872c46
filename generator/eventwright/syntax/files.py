"""Which files a spec has. Cheap to import, for runs with nothing to do."""

from __future__ import annotations

import os
import re
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
    return [path for path in files_below(folder, on_error) if path.name.endswith(SPEC_SUFFIXES)]


def files_below(folder: Path, on_error: Callable[[OSError], None] | None = None) -> list[Path]:
    """Give every file below a folder, sorted, through links to folders as well; hidden files are none of ours.

    Args:
        folder: Where to look, folders within included.
        on_error: Told of each folder that cannot be listed.
    """
    found: list[Path] = []
    seen: set[str] = set()
    for top, folders, names in os.walk(folder, onerror=on_error, followlinks=True):
        seen.add(os.path.realpath(top))
        # A link to a folder around it would lead in a circle.
        folders[:] = [name for name in folders if os.path.realpath(os.path.join(top, name)) not in seen]
        found += [Path(top, name) for name in names]
    return sorted(path for path in found if not is_hidden(path, folder))


SPEC_FILE = "spec.yaml"
"""What says how a spec as a whole is; the other files declare its parts."""

_INCLUDE = re.compile(r"^include[ \t]*:(.*(?:\n(?:[ \t\-\]].*)?)*)", re.MULTILINE)
_ENTRY = re.compile(r"\"([^\"]*)\"|'([^']*)'|([^\s,\[\]\"'#]+)|#.*")


def included_folders(folder: Path) -> list[Path]:
    """Give the folders that a spec includes, as far as they can be seen without reading YAML.

    What looks like one and is none does no harm: whoever asks only wants to know what may change the output.
    """
    try:
        text = (folder / SPEC_FILE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return []
    found = _INCLUDE.search(text)
    entries = _ENTRY.finditer(found[1]) if found else ()
    names = [next(filter(None, entry.groups()), "") for entry in entries]
    return [folder / name for name in names if name not in ("", "-") and (folder / name).is_dir()]


def spec_folders(top: Path) -> list[Path]:
    """Give the folders of specs in a folder, sorted: those with a `spec.yaml`, or with files and none below them."""
    found: list[Path] = []
    for path in sorted(top.iterdir()) if top.is_dir() else ():
        if not path.is_dir() or not (files := spec_files(path)):
            continue
        inner = [file.parent for file in files if file.name == SPEC_FILE]
        found += inner if inner and path not in inner else [path]
    return found


def is_hidden(path: Path, folder: Path) -> bool:
    """Whether a path below a folder is none of ours."""
    return any(part.startswith(".") or part == "__pycache__" for part in path.relative_to(folder).parts)
