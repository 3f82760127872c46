"""The inspector: a page that reads streams with the generated packages, and what it needs beside its text."""

from __future__ import annotations

import base64
import html
import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ..output import resources
from ..output.render import Page
from ..targets.docs.markdown import plain
from ..targets.docs.site import ROOT
from . import inspecting, interpreter
from .sources import INSPECTOR, Compiled

_FOLDER = PurePosixPath("assets", "inspector")
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of each file in an archive, which depends on nothing but the texts."""


@dataclass(frozen=True, slots=True)
class Readable:
    """A spec whose streams can be read; the title is finished HTML, the names of its profiles have a space between."""

    package: str
    title: str
    profiles: str


@dataclass(frozen=True, slots=True)
class InspectorView:
    """The page: the specs to choose from, and the version of the interpreter."""

    streams: tuple[Readable, ...]
    interpreter: str


def inspector_page(compiled: Sequence[Compiled]) -> Page:
    """Describe the page, for the specs that have a package."""
    streams = tuple(
        Readable(
            one.spec.name,
            html.escape(plain(one.spec.title)),
            html.escape(" ".join(profile.name for profile in one.spec.profiles)),
        )
        for one in compiled
        if one.package
    )
    return Page(ROOT / INSPECTOR, f"website/{INSPECTOR}.jinja", InspectorView(streams, interpreter.VERSION))


def inspector_assets(compiled: Sequence[Compiled]) -> Mapping[PurePosixPath, bytes]:
    """Give what the page loads, by its path below the site: its scripts, the packages, and the interpreter.

    All of it is there twice: as it is, and in scripts for a page that comes from the disk.

    Raises:
        InterpreterError: The interpreter is not to be had.
    """
    found = _files(compiled)
    return {_FOLDER / path: body for path, body in found.items()} | {
        _FOLDER / "from-disk" / f"{path}.js": _bringing(body) for path, body in found.items()
    }


def _files(compiled: Sequence[Compiled]) -> dict[PurePosixPath, bytes]:
    """Give the files by their paths below the folder of the inspector."""
    scripts = sorted((resources.templates() / "website" / "inspector").iterdir())
    scripts.append(Path(inspecting.__file__))
    found = {PurePosixPath(script.name): script.read_bytes() for script in scripts}
    for one in compiled:
        if one.package:
            found[PurePosixPath("packages", f"{one.spec.name}.zip")] = _archive(one.package)
    for name, body in interpreter.files().items():
        found[PurePosixPath("pyodide", name)] = body
    return found


def _bringing(body: bytes) -> bytes:
    """Make the script that brings a file to a page from the disk, to which browsers give nothing but scripts."""
    return b'bring("%b");\n' % base64.b64encode(zlib.compress(body, 9))


def _archive(files: Mapping[PurePosixPath, str]) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(path.as_posix(), _EPOCH), text, zipfile.ZIP_DEFLATED)
    return body.getvalue()
