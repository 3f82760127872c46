"""Of runs that set up the same environment at once, one works and the others find it done."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support import ROOT

fcntl = pytest.importorskip("fcntl")


def test_a_second_run_waits_and_finds_it_done(tmp_path: Path) -> None:
    # A copy, since runs of `make` may hold the lock of the one that lies here.
    script = tmp_path / "tools" / "environment.py"
    script.parent.mkdir()
    shutil.copy(ROOT / "tools" / "environment.py", script)
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).touch()
    environment = tmp_path / "venv"
    with script.open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        command = [sys.executable, str(script), str(environment), "test"]
        second = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        with pytest.raises(subprocess.TimeoutExpired):
            second.wait(0.5)
        environment.mkdir()
        (environment / "ready-test").touch()
    assert second.communicate() == ("", None)
    assert second.returncode == 0
    assert [path.name for path in environment.iterdir()] == ["ready-test"]
