"""What keeps a folder from being written, in one line that names the way out."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path


class WriteError(Exception):
    """The folder cannot be written; it is as it was. The message says why, on one line."""


_WAYS_OUT = {
    errno.ENOSPC: "the disk is full; make room",
    errno.EDQUOT: "the quota is used up; make room",
    errno.EROFS: "the file system is read-only",
    errno.EACCES: "no permission; check the rights of the folder",
    errno.EPERM: "not permitted; check the rights of the folder",
    errno.EEXIST: "a file stands where a folder belongs; move it away",
    errno.ENOTDIR: "a file stands where a folder belongs; move it away",
}


@contextlib.contextmanager
def clear_errors(folder: Path) -> Iterator[None]:
    """Turn what the system says about files of a folder into a `WriteError`."""
    try:
        yield
    except OSError as error:
        shown = Path(error.filename).as_posix() if isinstance(error.filename, str) else folder.as_posix()
        why = _WAYS_OUT.get(error.errno or 0, error.strerror or str(error))
        raise WriteError(f"cannot use '{shown}': {why}; nothing was changed") from error
