"""What earlier runs have left in a folder, as they wrote it down.

For each spec and target there is a manifest, `.eventwright/<package>.<target>.manifest`, which is committed with the
output. It is made for merging: a line for each file, and no line that changes whenever an event is added.

Beside it a run leaves a note, `.eventwright/local/<package>.<target>.json`, which is committed nowhere. It says what
the files were made from, and what stood in each of them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

PLACE = PurePosixPath(".eventwright")
"""Folder, in an output folder, of what runs write down."""

LOCAL = PLACE / "local"
"""Folder of what is of use on one machine alone."""

FOR_GIT: Mapping[PurePosixPath, bytes] = {
    PLACE / ".gitattributes": b"# Lines of both sides of a merge stay.\n*.manifest merge=union\n",
    PLACE / ".gitignore": b"local/\n",
}

_UNKNOWN = "-"
_HEAD = (
    "# What eventwright has made, a line for each file: its SHA-256 where line ends are LF,\n"
    f"# or {_UNKNOWN} where each event of the spec has a part in the file.\n"
)
_LINE = re.compile(rf"(?P<hash>[0-9a-f]{{64}}|{_UNKNOWN})  (?P<path>.+)")
_OLD_MANIFEST = PurePosixPath("MANIFEST.json")
_REMEMBERED = 50
"""How many texts of a file a note remembers."""

_MARKERS = (b"<<<<<<< ", b">>>>>>> ")


@dataclass(frozen=True, slots=True)
class Product:
    """What one target makes of one spec.

    Attributes:
        package: Name of the spec.
        target: Name of the target.
        files: The text of every file by its path below the output folder; none when the product is to go.
        shared: Those of the files in which each event of the spec has a part.
    """

    package: str
    target: str
    files: Mapping[PurePosixPath, str] = field(default_factory=dict)
    shared: frozenset[PurePosixPath] = frozenset()

    @property
    def name(self) -> str:
        """Names the product in an output folder."""
        return f"{self.package}.{self.target}"

    @property
    def manifest(self) -> PurePosixPath:
        """Path of the manifest."""
        return PLACE / f"{self.name}.manifest"

    @property
    def note(self) -> PurePosixPath:
        """Path of the note."""
        return LOCAL / f"{self.name}.json"

    def manifest_text(self) -> bytes | None:
        """Give the manifest; None where there is nothing to list."""
        if not self.files:
            return None
        listed = sorted((path.as_posix(), path in self.shared, text) for path, text in self.files.items())
        lines = (f"{_UNKNOWN if shared else digest(text.encode())}  {path}\n" for path, shared, text in listed)
        return (_HEAD + "".join(lines)).encode()

    def note_text(self, inputs: str, before: Note | None) -> bytes | None:
        """Give the note that takes the place of an earlier one; None where there is nothing to say."""
        manifest = self.manifest_text()
        if manifest is None:
            return None
        files = {path: [digest(self.files[path].encode())] for path in sorted(self.files)}
        if before is not None:
            for path in self.shared & before.files.keys():
                files[path] = list(dict.fromkeys([*files[path], *before.files[path]]))[:_REMEMBERED]
        noted = {path.as_posix(): hashes for path, hashes in files.items()}
        return json.dumps({"inputs": inputs, "manifest": digest(manifest), "files": noted}).encode()


@dataclass(frozen=True, slots=True)
class Note:
    """What a run on this machine has left.

    Attributes:
        inputs: Hash of all that the files were made from.
        manifest: Hash of the manifest.
        files: Hash of every file, and behind it what earlier runs have left where the manifest has no hash: a checkout
            of another branch brings that back.
    """

    inputs: str
    manifest: str
    files: Mapping[PurePosixPath, Sequence[str]]

    def is_true(self, folder: Path, product: Product) -> bool:
        """Whether the manifest and every file are as this machine has left them."""
        if digest_of(folder / product.manifest) != self.manifest:
            return False
        return all(digest_of(folder / path) == hashes[0] for path, hashes in self.files.items())


Manifest = Mapping[PurePosixPath, frozenset[str]]
"""The files of a product, each with the hashes that it may have. None where every event has a part in it; two after a
merge of branches that both have changed it."""


def products_in(folder: Path) -> set[tuple[str, str]]:
    """Give package and target of every manifest in an output folder."""
    names = (path.name.removesuffix(".manifest") for path in (folder / PLACE).glob("*.manifest"))
    return {(package, target) for package, dot, target in (name.rpartition(".") for name in names) if dot}


def read_manifest(folder: Path, product: Product) -> Manifest:
    """Read the manifest of a product; empty when there is none."""
    try:
        text = (folder / product.manifest).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    found: dict[PurePosixPath, set[str]] = {}
    for line in text.decode("utf-8", "replace").splitlines():
        # Any other line is a comment, or the mark of a conflict, of which both sides count.
        if (match := _LINE.fullmatch(line)) and is_below(path := PurePosixPath(match["path"])):
            found.setdefault(path, set()).add(match["hash"])
    return {path: frozenset(hashes - {_UNKNOWN}) for path, hashes in found.items()}


def read_old_manifest(folder: Path, package: str) -> Manifest:
    """Read what an earlier version has left in place of all manifests; empty when there is none about this package."""
    try:
        text = (folder / _OLD_MANIFEST).read_bytes()
        data = json.loads(text)
        found = {PurePosixPath(path): frozenset([str(known)]) for path, known in data["files"].items()}
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    if PurePosixPath(package, "__init__.py") not in found or not all(map(is_below, found)):
        return {}
    return {**found, _OLD_MANIFEST: frozenset([digest(text)])}


def read_note(folder: Path, product: Product) -> Note | None:
    """Read the note of a product; None when there is none that can be read."""
    try:
        data = json.loads((folder / product.note).read_bytes())
        files = {PurePosixPath(path): [str(known[0]), *map(str, known[1:])] for path, known in data["files"].items()}
        return Note(str(data["inputs"]), str(data["manifest"]), files)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def digest(text: bytes) -> str:
    """Hash a text as it is where lines end with LF: a checkout may have changed that, which is nobody's edit."""
    return hashlib.sha256(text.replace(b"\r\n", b"\n")).hexdigest()


def digest_of(path: Path) -> str | None:
    """Hash a file; None when it cannot be read."""
    try:
        return digest(path.read_bytes())
    except OSError:
        return None


def has_conflict(text: bytes) -> bool:
    """Whether a merge has left its marks in a text."""
    lines = text.splitlines()
    return all(any(line.startswith(mark) for line in lines) for mark in _MARKERS)


def is_below(path: PurePosixPath) -> bool:
    """Whether a path stays in the folder that it begins in."""
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts


def all_below(paths: Iterable[PurePosixPath]) -> bool:
    """Whether all paths are ones that a product may have."""
    return all(is_below(path) and path.parts[0] != PLACE.name for path in paths)
