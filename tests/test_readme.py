"""The code blocks of the README do what they say."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

from support import GENERATED, ROOT

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_code_blocks_run(tmp_path: Path) -> None:
    """YAML blocks are files, `eventwright` lines are run, Python blocks print what the text block below them shows."""
    blocks = BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    assert {language for language, _ in blocks} == {"python", "text", "sh", "yaml"}
    scripts: list[tuple[str, str]] = []
    for position, (language, text) in enumerate(blocks):
        if language == "yaml":
            file = tmp_path / text.splitlines()[0].removeprefix("# ")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        elif language == "sh":
            for line in text.splitlines():
                if line.startswith("eventwright "):
                    run(["-m", *shlex.split(line)], tmp_path)
        elif language == "python":
            expected = blocks[position + 1][1] if blocks[position + 1][0] == "text" else ""
            scripts.append((text, expected))

    assert len(scripts) == 5
    # All blocks but the last, which needs the package of its own spec, are parts of one session.
    *session, own = scripts
    printed = run(["-c", "\n".join(text for text, _ in session)], tmp_path, GENERATED)
    assert printed == "".join(expected for _, expected in session)
    assert run(["-c", own[0]], tmp_path, tmp_path / "out") == own[1]


def run(arguments: list[str], folder: Path, *paths: Path) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={"PYTHONPATH": ":".join(str(path) for path in [*paths, ROOT / "generator"]), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_links_lead_somewhere() -> None:
    for page in ("README.md", "CONTRIBUTING.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / page).read_text(encoding="utf-8")):
            assert (ROOT / target).exists(), f"{page} links to {target}"
