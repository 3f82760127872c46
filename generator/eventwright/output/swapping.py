"""Changes files of a folder, all or none.

1. All new files are written into a staging folder, with a journal of what they replace;
2. each file that goes is moved or linked into the staging folder, then the new one takes its place by a rename.

Whatever ends step 2 early, an exception or `kill -9`, the journal and the files put aside are enough to go back, at
once or at the start of the next run.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from .errors import WriteError
from .manifests import LOCAL, digest, digest_of, is_below

CACHE = "__pycache__"
"""Folder of compiled modules, which are nobody's."""

_STAGING = LOCAL / "staging"
_JOURNAL = "journal.json"


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one file; `old` is None for a new file, `new` for one that goes."""

    path: PurePosixPath
    old: bytes | None
    new: bytes | None

    @property
    def kind(self) -> str:
        """`added`, `changed` or `removed`."""
        if self.old is None:
            return "added"
        return "removed" if self.new is None else "changed"


def is_interrupted(folder: Path) -> bool:
    """Whether a run is at it, or one was cut short."""
    return (folder / _STAGING).exists()


def interrupted(folder: Path) -> dict[PurePosixPath, tuple[str | None, str | None]]:
    """Give the hashes that a run which was cut short has found and would have left, by path.

    Raises:
        WriteError: What it has left is damaged.
    """
    return {path: (old, new) for path, (_, old, new) in _read_journal(folder / _STAGING).items()}


def swap(folder: Path, changes: Sequence[Change]) -> None:
    """Make all changes or none.

    Raises:
        OSError: The system refuses; the folder is as it was.
    """
    staging = folder / _STAGING
    # Removals first, since a folder may take the place of a file, and the other way round. Going back goes backwards.
    changes = sorted(changes, key=lambda change: change.new is not None)
    try:
        staging.mkdir()
        journal = {}
        for number, change in enumerate(changes):
            if change.new is not None:
                (staging / f"{number}.new").write_bytes(change.new)
            hashes = [None if side is None else digest(side) for side in (change.old, change.new)]
            journal[change.path.as_posix()] = [number, *hashes]
        # It becomes valid in one step, when every new file is complete.
        (staging / "journal.part").write_text(json.dumps(journal), encoding="utf-8")
        os.replace(staging / "journal.part", staging / _JOURNAL)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    with _uninterrupted():
        try:
            _exchange(folder, staging, changes)
            # While there is still a journal, so that a run that is killed here leaves no empty folders for good.
            _remove_empty(folder, [change.path for change in changes if change.new is None])
            (staging / _JOURNAL).unlink()
        except BaseException:
            go_back(folder)
            raise
        shutil.rmtree(staging, ignore_errors=True)


def go_back(folder: Path) -> None:
    """Go back to the state before a run that was cut short, if one was.

    Raises:
        WriteError: What it has left is damaged.
        OSError: The system refuses.
    """
    staging = folder / _STAGING
    journal = _read_journal(staging)
    refuse_links_out(folder, journal)
    for path, (number, old, new) in journal.items():
        target, aside = folder / path, staging / f"{number}.old"
        if aside.exists() or aside.is_symlink():
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(aside, target)
        elif old is None:
            if new is not None and digest_of(target) == new:
                target.unlink()
            _remove_empty(folder, [path])
    if staging.exists():
        # The journal goes last but one, so that a second interruption finds it.
        (staging / _JOURNAL).unlink(missing_ok=True)
        shutil.rmtree(staging)


def files_in(folder: Path) -> Iterator[Path]:
    """Give the files at any depth, without compiled modules."""
    for place, inner, names in os.walk(folder):
        inner[:] = [name for name in inner if name != CACHE]
        yield from (Path(place, name) for name in names)


def refuse_links_out(folder: Path, paths: Iterable[PurePosixPath]) -> None:
    """Refuse paths through a link that leads out of the folder: what is there is nobody's output.

    Raises:
        WriteError: There is such a link.
    """
    top = os.path.realpath(folder)
    for parent in sorted({parent for path in paths for parent in path.parents[:-1]}):
        place = folder / parent
        if place.is_symlink() and os.path.commonpath([top, os.path.realpath(place)]) != top:
            raise WriteError(f"'{place.as_posix()}' is a link that leads out of the folder; remove it")


def _exchange(folder: Path, staging: Path, changes: Sequence[Change]) -> None:
    """Put the old files aside and the new ones in place, in the order of the journal."""
    for number, change in enumerate(changes):
        target, aside = folder / change.path, staging / f"{number}.old"
        if change.new is None:
            os.replace(target, aside)
            continue
        if change.old is not None:
            _duplicate(target, aside)
        else:
            if target.is_dir() and not any(files_in(target)):
                shutil.rmtree(target)
            target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(staging / f"{number}.new", target)


def _duplicate(source: Path, target: Path) -> None:
    """Keep a second name for a file, or a copy where the file system knows no second names."""
    try:
        os.link(source, target, follow_symlinks=False)
    except (OSError, NotImplementedError):
        # Under another name first: a copy that was cut short must not be taken for the file.
        part = target.with_suffix(".part")
        shutil.copy2(source, part, follow_symlinks=False)
        os.replace(part, target)


def _read_journal(staging: Path) -> dict[PurePosixPath, tuple[int, str | None, str | None]]:
    """Give what a run that was cut short did or would have done, the last first.

    Raises:
        WriteError: The journal is none that a run has written. It may come from somebody else, who would have files
            outside of the folder replaced.
    """
    shown = staging.as_posix()
    if staging.is_symlink():
        raise WriteError(f"'{shown}' is a link, which no run has made; remove it")
    try:
        data = json.loads((staging / _JOURNAL).read_bytes())
        found = {PurePosixPath(path): (number, old, new) for path, (number, old, new) in reversed(data.items())}
        for path, (number, *hashes) in found.items():
            if not (type(number) is int and all(known is None or type(known) is str for known in hashes)):
                raise ValueError(f"no entry of a journal: {path}")
            if not is_below(path):
                raise ValueError(f"no path of a file in the folder: {path}")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (ValueError, TypeError, AttributeError) as error:
        raise WriteError(f"'{shown}' is damaged; it holds what an interrupted run put aside: move it away") from error
    return found


def _remove_empty(folder: Path, removed: Iterable[PurePosixPath]) -> None:
    """Remove the folders that have become empty; compiled modules of what is gone do not keep them."""
    for parent in sorted({parent for path in removed for parent in path.parents[:-1]}, reverse=True):
        place = folder / parent
        with contextlib.suppress(OSError):
            if os.listdir(place) == [CACHE]:
                shutil.rmtree(place / CACHE)
            place.rmdir()


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C and the like back for the few milliseconds in which files are renamed."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    received: list[int] = []
    held = [signal.SIGINT, signal.SIGTERM]
    before = {held_back: signal.signal(held_back, lambda caught, _: received.append(caught)) for held_back in held}
    try:
        yield
    finally:
        for held_back, handler in before.items():
            signal.signal(held_back, handler)
        for number in received:
            signal.raise_signal(number)
