"""Shows changes of files as a unified diff."""

from __future__ import annotations

import difflib
import io
from collections.abc import Iterable
from pathlib import PurePosixPath

from .swapping import Change


def unified_diff(changes: Iterable[Change], folder: str = "") -> str:
    """Show changes as `diff -u` does, such that `patch -p1` makes them.

    Args:
        changes: What happens to the files.
        folder: Where their paths begin, as seen from where the patch is applied.
    """
    lines: list[str] = []
    for change in changes:
        # Not `splitlines`, which splits at more characters than `patch` does.
        old, new = (
            [] if side is None else list(io.StringIO(side.decode("utf-8", "replace"), newline="\n"))
            for side in (change.old, change.new)
        )
        path = PurePosixPath(folder, change.path).as_posix()
        # A name with a space ends where a tab says so.
        path = f"{path}\t" if " " in path else path
        before = "/dev/null" if change.old is None else f"a/{path}"
        after = "/dev/null" if change.new is None else f"b/{path}"
        for line in difflib.unified_diff(old, new, before, after):
            lines.append(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n")
    return "".join(lines)
