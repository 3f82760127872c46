"""Brings a folder to a given state: skips equal files, removes orphans, keeps what a person has edited.

Only files of the products that are given change, those that a manifest lists for them or that they have now. A lock
keeps a second run out meanwhile.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from .errors import WriteError, clear_errors
from .locking import locked
from .manifests import (
    FOR_GIT,
    LOCAL,
    PLACE,
    Product,
    all_below,
    digest,
    digest_of,
    has_conflict,
    products_in,
    read_manifest,
    read_note,
    read_old_manifest,
)
from .swapping import Change, files_in, go_back, interrupted, is_interrupted, refuse_links_out, swap

KEPT = LOCAL / "kept"
"""Where earlier texts are kept of which nobody knows whether somebody has edited them."""


class Edited(WriteError):
    """Files that would be overwritten or removed hold something that no run has written.

    Attributes:
        edited: Generated files that were changed since.
        foreign: Files that no manifest lists.
    """

    def __init__(self, planned: Plan) -> None:
        said = []
        if planned.edited:
            said.append(f"edited by hand: {', '.join(map(str, planned.edited))}")
        if planned.foreign:
            said.append(f"not generated: {', '.join(map(str, planned.foreign))}")
        super().__init__("; ".join(said))
        self.edited = planned.edited
        self.foreign = planned.foreign


@dataclass(frozen=True, slots=True)
class Plan:
    """What has to happen to a folder.

    Attributes:
        changes: By path; what runs write down for themselves is among them.
        edited: Generated files with changes of somebody else, which stand in the way.
        foreign: Files that no manifest lists and that stand in the way.
        unsure: Generated files that may have been edited, or merged, or checked out as they were generated elsewhere.
            They do not stand in the way: their texts are kept.
        interrupted: Whether an earlier run was cut short.
    """

    changes: tuple[Change, ...]
    edited: tuple[PurePosixPath, ...]
    foreign: tuple[PurePosixPath, ...]
    unsure: tuple[PurePosixPath, ...]
    interrupted: bool

    @property
    def is_current(self) -> bool:
        """Whether the generated files are as they should be; what runs write down for themselves does not count."""
        return not self.interrupted and not self.files

    @property
    def files(self) -> tuple[Change, ...]:
        """The changes that somebody reads: all but those of what runs write down for themselves."""
        return tuple(change for change in self.changes if change.path.parts[0] != PLACE.name)

    def count(self, kind: str) -> int:
        """How many files are `added`, `changed` or `removed`."""
        return sum(change.kind == kind for change in self.files)

    @property
    def counts(self) -> str:
        """How many files are what, in words."""
        kinds = ("added", "changed", "removed")
        return ", ".join(f"{count} {kind}" for kind in kinds if (count := self.count(kind)))


def plan(folder: Path, products: Sequence[Product], inputs: str) -> Plan:
    """Compare a folder with what it should hold; changes nothing.

    Args:
        folder: The output folder; need not exist.
        products: What should be there. Files of other products are left alone.
        inputs: Hash of all that the files are made from, for `current`.

    Raises:
        WriteError: Something there cannot be read, or a path leads out of the folder.
    """
    with clear_errors(folder):
        return _plan(folder, products, inputs)


def apply(folder: Path, products: Sequence[Product], inputs: str, *, force: bool = False) -> Plan:
    """Bring a folder to what it should hold, or leave it as it is.

    Args:
        folder: The output folder; made when missing.
        products: What should be there. Files of other products are left alone.
        inputs: Hash of all that the files are made from, for `current`.
        force: Overwrite what was edited by hand.

    Returns:
        What was done.

    Raises:
        Edited: Files that somebody has edited stand in the way.
        WriteError: The folder cannot be written, or another run is at it.
    """
    with clear_errors(folder):
        # A link is followed once, so that it is not replaced by a folder.
        folder = Path(os.path.realpath(folder))
        planned = _plan(folder, products, inputs)
        if planned.is_current and not _for_everybody(planned.changes):
            # Whatever cannot be written here is of no use to anybody but the next run.
            with contextlib.suppress(OSError):
                _write_notes(folder, planned.changes)
            return planned
        _refuse_links(folder)
        (folder / LOCAL).mkdir(parents=True, exist_ok=True)
        with locked(folder / LOCAL / "lock"):
            go_back(folder)
            planned = _plan(folder, products, inputs)
            if (planned.edited or planned.foreign) and not force:
                raise Edited(planned)
            if planned.changes:
                swap(folder, planned.changes)
            return planned


def current(folder: Path, targets: Collection[str], inputs: str) -> list[Product] | None:
    """Find what was made from these inputs, if all of it is as it was written. Reads no spec and no template.

    Args:
        folder: The output folder.
        targets: The names of the targets.
        inputs: Hash of all that the files are made from.

    Returns:
        A product of each target, without its files; None where the output is not current, or another run is at it, or
        one was cut short: `apply` waits for the one and cleans up after the other.
    """
    try:
        if is_interrupted(folder):
            return None
        known = [Product(package, target) for package, target in sorted(products_in(folder)) if target in targets]
        notes = [(product, read_note(folder, product)) for product in known]
        found = [
            product
            for product, note in notes
            if note is not None and note.inputs == inputs and note.is_true(folder, product)
        ]
    except OSError:
        # Whoever writes next says what is wrong.
        return None
    return found if {product.target for product in found} == set(targets) else None


def orphans(folder: Path, kept: Collection[tuple[str, str]]) -> list[Product]:
    """Give the products of a folder that are none of those to be kept, to be removed by `apply`.

    Args:
        folder: The output folder.
        kept: Package and target of each product that stays.
    """
    with clear_errors(folder):
        return [Product(*name) for name in sorted(products_in(folder) - set(kept))]


# --- Comparing ---


class _Knowledge:
    """What is known of the files that are there."""

    def __init__(self, folder: Path, products: Sequence[Product]) -> None:
        self._folder = folder
        self.journal = interrupted(folder)
        self.notes = {product.name: read_note(folder, product) for product in products}
        self.ours: dict[PurePosixPath, frozenset[str]] = {}
        for product in products:
            self.ours.update(read_manifest(folder, product) or read_old_manifest(folder, product.package))
        names = {(product.package, product.target) for product in products}
        self.others: dict[PurePosixPath, frozenset[str]] = {}
        for name in products_in(folder) - names:
            for path, hashes in read_manifest(folder, Product(*name)).items():
                self.others[path] = self.others.get(path, frozenset()) | hashes
        self._manifests = [product.manifest for product in products]

    def whose(self, path: PurePosixPath, text: bytes) -> str:
        """Say who has written what a file holds: a `run`, `somebody`, a run or somebody (`unsure`), or who else."""
        found = digest(text)
        # What a run that was cut short has put there, or would have, is nobody's edit.
        if found in self.journal.get(path, ()) or found in self._noted.get(path, ()):
            return "run"
        if path not in self.ours and path not in self.others:
            return "foreign"
        hashes = self.ours.get(path, frozenset()) | self.others.get(path, frozenset())
        if found in hashes or has_conflict(text):
            return "run"
        return "somebody" if len(hashes) == 1 or (path in self._noted and self._is_undisturbed) else "unsure"

    @cached_property
    def _noted(self) -> dict[PurePosixPath, Sequence[str]]:
        """What this machine has left in each file."""
        return {path: known for note in self.notes.values() if note for path, known in note.files.items()}

    @cached_property
    def _is_undisturbed(self) -> bool:
        """Whether what the manifests vouch for is as this machine has left it, so that no merge or checkout came in."""
        notes = [note for note in self.notes.values() if note]
        manifests = [digest_of(self._folder / path) for path in self._manifests]
        certain = [path for path, hashes in self.ours.items() if hashes]
        as_left = (digest_of(self._folder / path) in self._noted.get(path, ())[:1] for path in certain)
        return bool(certain) and manifests == [note.manifest for note in notes] and all(as_left)


def _plan(folder: Path, products: Sequence[Product], inputs: str) -> Plan:
    files = {path: text.encode() for product in products for path, text in product.files.items()}
    if not all_below(files):
        raise ValueError(f"no path for a generated file: {', '.join(map(str, files))}")
    _refuse_links(folder)
    known = _Knowledge(folder, products)
    refuse_links_out(folder, {*files, *known.ours})
    changes: list[Change] = []
    stand: dict[str, list[PurePosixPath]] = {"somebody": [], "foreign": [], "unsure": []}
    # A folder where a file belongs is no hindrance if all in it is ours and goes.
    leaving = {folder / path for path in {*known.ours, *known.journal} - {*files}}
    for path in sorted({*files, *known.ours}):
        new = files.get(path)
        if new is None and path in known.others:
            continue
        old = _content(folder / path, None if new is None else leaving)
        if old == new or (old is not None and new is not None and digest(old) == digest(new)):
            continue
        changes.append(Change(path, old, new))
        if old is None:
            continue
        whose = known.whose(path, old)
        if whose in stand:
            stand[whose].append(path)
        if whose == "unsure":
            changes.append(_change(folder, KEPT / path, old))
    changes += [_change(folder, path, text) for path, text in FOR_GIT.items() if files]
    changes += [_change(folder, product.manifest, product.manifest_text()) for product in products]
    changes += [_change(folder, each.note, each.note_text(inputs, known.notes[each.name])) for each in products]
    real = tuple(change for change in changes if change.old != change.new)
    return Plan(real, tuple(stand["somebody"]), tuple(stand["foreign"]), tuple(stand["unsure"]), is_interrupted(folder))


def _change(folder: Path, path: PurePosixPath, new: bytes | None) -> Change:
    """Give what happens to a file that runs write for themselves; line ends are no change."""
    old = _content(folder / path)
    return Change(path, new if old is not None and new is not None and digest(old) == digest(new) else old, new)


def _content(path: Path, leaving: Collection[Path] | None = None) -> bytes | None:
    """Read a file; None when there is none.

    Raises:
        WriteError: There is a folder with files that do not leave, and a file shall take its place.
    """
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except IsADirectoryError as error:
        if leaving is None or all(file in leaving for file in files_in(path)):
            return None
        raise WriteError(f"'{path.as_posix()}' is a folder with files, where a file belongs; move it away") from error


def _for_everybody(changes: Sequence[Change]) -> list[Change]:
    """Give the changes of what is committed."""
    return [change for change in changes if LOCAL not in change.path.parents]


def _write_notes(folder: Path, notes: Sequence[Change]) -> None:
    _refuse_links(folder)
    for note in notes:
        if note.new is not None:
            path = folder / note.path
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(f".{os.getpid()}.part")
            part.write_bytes(note.new)
            os.replace(part, path)


def _refuse_links(folder: Path) -> None:
    """Refuse links in place of the folders in which runs write for themselves.

    Raises:
        WriteError: There is such a link, which a checkout may have brought along.
    """
    for path in (PLACE, LOCAL):
        if (folder / path).is_symlink():
            raise WriteError(f"'{(folder / path).as_posix()}' is a link, which no run has made; remove it")
