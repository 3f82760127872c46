"""Builds the site with Zensical, in a folder of its own that goes to where it belongs when all is well."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from ..targets.docs.site import ROOT
from .sources import INSPECTOR, PACKAGE, SITE

_MARK = "search.json"
"""What every site has, and hardly anything else."""

_NO_TEXT = (PACKAGE, INSPECTOR)
"""Pages of which the Markdown says little: the builder puts the docstrings in, or a script does the rest."""


class SiteError(Exception):
    """The site cannot be built; the message says why, and what to do."""


def look(out: Path) -> None:
    """See that a site can be built into a folder, which is replaced.

    Raises:
        SiteError: Zensical is not installed, or there is something else in the folder.
    """
    if importlib.util.find_spec("zensical") is None:
        raise SiteError("Zensical, which builds the site, is not installed; run: pip install 'eventwright[docs]'")
    if out.is_dir() and any(out.iterdir()) and not (out / _MARK).is_file():
        raise SiteError(f"'{out.as_posix()}' holds something else than a site; empty it, or choose another --out")


def build(files: Mapping[PurePosixPath, str], assets: Mapping[PurePosixPath, bytes], out: Path) -> None:
    """Build the site, and put it in place of what was there.

    Args:
        files: The text of each file that it is built from.
        assets: What is put into it as it is, by its path below the site.
        out: Folder of the site.

    Raises:
        SiteError: Zensical refuses the pages.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path, text in files.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        done = subprocess.run(
            [sys.executable, "-m", "zensical", "build", "--strict"],
            cwd=root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if done.returncode:
            raise SiteError(f"Zensical cannot build the site:\n{done.stdout.strip()}")
        _add_markdown(files, root / SITE)
        for path, body in assets.items():
            file = root / SITE / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(body)
        if out.is_dir():
            shutil.rmtree(out)
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(root / SITE, out)


def _add_markdown(files: Mapping[PurePosixPath, str], site: Path) -> None:
    """Put the pages as they are beside those of the site: `llms.txt` leads to them."""
    for path, text in files.items():
        if path.suffix == ".md" and path.name not in _NO_TEXT:
            (site / path.relative_to(ROOT)).write_text(text, encoding="utf-8", newline="\n")
