"""Keeps a second run out of a folder while one is at it."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from .errors import WriteError


@contextlib.contextmanager
def locked(path: Path, patience: float = 10.0) -> Iterator[None]:
    """Hold a lock, waiting a while for another run to end.

    The lock belongs to the open file, so that it ends with its holder, however that dies. The file is only its name,
    and stays: some systems cannot remove a file that is open.

    Args:
        path: The file; made when missing.
        patience: Seconds to wait.

    Raises:
        WriteError: Another run does not end, or the file is a link.
        OSError: The system refuses.
    """
    handle = _opened(path)
    try:
        give_up = time.monotonic() + patience
        while not _try_lock(handle):
            if time.monotonic() > give_up:
                raise WriteError(f"another run{_holder(handle)} is writing to the same folder; wait for it to end")
            time.sleep(0.02)
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(handle)


def _opened(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
        raise WriteError(f"'{path.as_posix()}' is a link, which no run has made; remove it") from error


def _holder(handle: int) -> str:
    """Say which process holds the lock, where it can be read."""
    if not hasattr(os, "pread"):
        return ""
    number = os.pread(handle, 20, 0).decode("ascii", "replace").strip()
    return f" (process {number})" if number else ""


if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
