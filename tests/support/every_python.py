"""Runs the tests of the generated package on every Python from 3.10 that can be found: `make test-all`.

They are looked for in EVENTWRIGHT_PYTHONS, a list of paths like PATH itself, on PATH, and among those of pyenv. Each
gets a virtual environment below `build/`, which the next run uses again. One that this user may not look at or run is
somebody else's.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from . import ROOT

TESTS = ("tests/package", "tests/runtime")
NEEDED = ("--editable", ".", "pytest", "hypothesis", "jsonschema")


def interpreters() -> dict[str, str]:
    """Give the path of one interpreter for each version, such as `3.12`, oldest first."""
    found: dict[tuple[int, int], str] = {}
    for path in _candidates():
        command = [path, "-c", "import sys; print(*sys.version_info[:2])"]
        try:
            asked = subprocess.run(command, capture_output=True, text=True)
        except PermissionError:
            continue
        # A launcher may be there without the version that it is for.
        if asked.returncode == 0:
            major, minor = map(int, asked.stdout.split())
            if (major, minor) >= (3, 10):
                found.setdefault((major, minor), path)
    return {f"{major}.{minor}": found[major, minor] for major, minor in sorted(found)}


def _candidates() -> Iterator[str]:
    yield from filter(None, os.environ.get("EVENTWRIGHT_PYTHONS", "").split(os.pathsep))
    for minor in range(10, 20):
        path = shutil.which(f"python3.{minor}")
        if path:
            yield path
    pyenv = Path(os.environ.get("PYENV_ROOT") or "~/.pyenv").expanduser()
    with contextlib.suppress(PermissionError):
        yield from map(str, sorted(pyenv.glob("versions/3.*/bin/python")))
    yield sys.executable


def main() -> int:
    """Run the tests on each interpreter and print a table; 1 if any of them fails."""
    rows = []
    for version, python in interpreters().items():
        print(f"--- Python {version}: {python}", flush=True)
        begin = time.monotonic()
        outcome = _run(version, python)
        rows.append((version, outcome, f"{time.monotonic() - begin:.0f} s"))
    print()
    for version, outcome, duration in rows:
        print(f"Python {version:<6} {outcome:<20} {duration:>6}")
    return 0 if all(outcome == "passed" for _, outcome, _ in rows) else 1


def _run(version: str, python: str) -> str:
    environment = ROOT / "build" / f"python{version}"
    own = str(environment / ("Scripts" if os.name == "nt" else "bin") / "python")
    if not Path(own).exists() and subprocess.run([python, "-m", "venv", str(environment)]).returncode:
        return "no environment"
    install = [own, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--constraint", "constraints.txt"]
    if subprocess.run([*install, *NEEDED], cwd=ROOT).returncode:
        return "not installed"
    return "failed" if subprocess.run([own, "-m", "pytest", *TESTS], cwd=ROOT).returncode else "passed"


if __name__ == "__main__":
    sys.exit(main())
