"""Brings the Python that runs in a browser: Pyodide, from npm, in the one version whose sum is known."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ..output import resources

VERSION = "314.0.7"
_SHA512 = "0YvXxEhfEdpLfb/XkM2BFAeMROq0iMUX2bzzH9pOttyMcWkwq+HbE5uyuGD82LN7y2q+SNvi/6V5JEsOlD2R1A=="
_NEEDED = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
_SECONDS = 120


class InterpreterError(Exception):
    """The interpreter is not to be had; the message says why, and what to do."""


def files() -> Mapping[str, bytes]:
    """Give the files of the interpreter by name: from the cache of the user, or else from npm.

    Raises:
        InterpreterError: It is in neither, or not what it should be.
    """
    kept = resources.user_cache() / f"pyodide-{VERSION}.tgz"
    if not kept.is_file() or not _is_known(kept):
        _fetch(kept)
    with tarfile.open(kept) as archive:
        found = {name: archive.extractfile(f"package/{name}") for name in _NEEDED}
        return {name: file.read() for name, file in found.items() if file is not None}


def _fetch(kept: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise InterpreterError("npm, which has the Python for browsers, is not installed; install Node.js")
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", f"pyodide@{VERSION}", "--silent", "--pack-destination", folder]
        try:
            done = subprocess.run(
                command,
                cwd=folder,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise InterpreterError(f"npm has not answered for {_SECONDS} seconds; look at the network") from None
        fetched = Path(folder) / kept.name
        if done.returncode or not fetched.is_file():
            said = " ".join(done.stderr.split()) or "it gives no reason"
            raise InterpreterError(f"npm does not give pyodide@{VERSION}: {said[:300]}; look at the network")
        if not _is_known(fetched):
            raise InterpreterError(
                f"npm gives a pyodide@{VERSION} whose SHA-512 is another; look at the registry of npm"
            )
        kept.parent.mkdir(parents=True, exist_ok=True)
        # A build beside this one may do the same: the file is never there in part.
        part = kept.with_name(f"{kept.name}.{os.getpid()}")
        shutil.copyfile(fetched, part)
        part.replace(kept)


def _is_known(file: Path) -> bool:
    return base64.b64encode(hashlib.sha512(file.read_bytes()).digest()).decode() == _SHA512
