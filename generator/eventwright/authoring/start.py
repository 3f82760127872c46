"""Starts a project: writes the files of `starter/`, which are a project as it stands, into a folder."""

from __future__ import annotations

from pathlib import Path

_STARTER = Path(__file__).parent / "starter"


class Taken(Exception):
    """A file that would be written is there already; the message names it."""


def start(folder: Path) -> list[Path]:
    """Write a project file and a small spec, and give the paths of what was written.

    Raises:
        Taken: One of the files is there already; nothing was written then.
        OSError: The system refuses.
    """
    shipped = sorted(path for path in _STARTER.rglob("*") if path.is_file())
    written = {folder / path.relative_to(_STARTER): path.read_bytes() for path in shipped}
    for path in written:
        if path.exists() or path.is_symlink():
            raise Taken(f"'{path.as_posix()}' is there already")
    for path, content in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return list(written)
