"""What readers of a page do: they put its files where it says, run its commands and see what it shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from . import ROOT

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NAMED = re.compile(r"# ([\w./]+\.(?:yaml|toml|py|jinja))\n")


def blocks(page: str) -> list[tuple[str, str]]:
    """Give the language and the text of each block of code."""
    return _BLOCK.findall(page)


def commands(folder: Path) -> dict[str, str]:
    """Give the environment of a reader who has installed the compiler.

    Args:
        folder: An empty one, for the commands.
    """
    for name, begin in (
        ("python3", f'exec "{sys.executable}"'),
        ("eventwright", f'PYTHONPATH="{ROOT / "generator"}" exec "{sys.executable}" -m eventwright'),
    ):
        (folder / name).write_text(f'#!/bin/sh\n{begin} "$@"\n', encoding="utf-8")
        (folder / name).chmod(0o755)
    return {**os.environ, "PATH": os.pathsep.join([str(folder), os.environ["PATH"]])}


def run(command: str, folder: Path, environment: dict[str, str]) -> str:
    """Give what a command prints that goes well."""
    done = subprocess.run(
        ["sh", "-ec", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def is_file(text: str) -> bool:
    """Tell whether the first line of a block says which file it is."""
    return _NAMED.match(text) is not None


def put(text: str, project: Path) -> None:
    """Write a block where its first line says: behind what is there already, if it is a part of the spec."""
    named = _NAMED.match(text)
    assert named, text
    path = project / named[1]
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text(encoding="utf-8") if path.suffix == ".yaml" and path.exists() else ""
    path.write_text(before + text[named.end() :], encoding="utf-8")
