"""Brings a folder to a given state, all or nothing: skips equal files, removes orphans, keeps what a person has edited.

How a folder is changed:

1. a lock beside it keeps a second run out; the system releases it when its holder dies;
2. all new files are written into a staging folder beside it, with a journal of what they replace;
3. each file that goes is moved or linked into the staging folder, then the new one takes its place by a rename.

Whatever ends step 3 early, an exception or `kill -9`, the journal and the files put aside are enough to go back, at
once or at the start of the next run.
"""

from __future__ import annotations

import contextlib
import difflib
import errno
import hashlib
import io
import json
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

MANIFEST = "MANIFEST.json"
"""Lists every generated file with its hash."""

_JOURNAL = "journal.json"
_CACHE = "__pycache__"


class WriteError(Exception):
    """The folder cannot be written; it is as it was. The message says why, on one line."""


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


@dataclass(frozen=True, slots=True)
class Plan:
    """What has to happen to a folder.

    Attributes:
        changes: By path; the manifest is the last.
        edited: Generated files with changes of somebody else, which stand in the way.
        foreign: Files that no manifest lists and that stand in the way.
        interrupted: Whether an earlier run was cut short.
    """

    changes: tuple[Change, ...]
    edited: tuple[PurePosixPath, ...]
    foreign: tuple[PurePosixPath, ...]
    interrupted: bool

    @property
    def is_current(self) -> bool:
        """Whether the generated files are as they should be; what the manifest says of the inputs does not count."""
        return not self.interrupted and not self.files

    @property
    def files(self) -> tuple[Change, ...]:
        """The changes that somebody reads: all but that of the manifest."""
        return tuple(change for change in self.changes if change.path.as_posix() != MANIFEST)

    def count(self, kind: str) -> int:
        """How many files are `added`, `changed` or `removed`, the manifest not counted."""
        return sum(change.kind == kind for change in self.files)

    @property
    def counts(self) -> str:
        """How many files are what, in words."""
        kinds = ("added", "changed", "removed")
        said = [f"{count} {kind}" for kind in kinds if (count := self.count(kind))]
        return ", ".join(said) or "only the manifest changed"


@dataclass(frozen=True, slots=True)
class _Manifest:
    inputs: str
    files: Mapping[PurePosixPath, str]


def plan(folder: Path, files: Mapping[PurePosixPath, str], inputs: str) -> Plan:
    """Compare a folder with what it should hold; changes nothing.

    Args:
        folder: The output folder; need not exist.
        files: The text of every file by its path below the folder.
        inputs: Hash of all that the files are made from, for `is_current`.

    Raises:
        WriteError: Something there cannot be read, or a path leads out of the folder.
    """
    with _clear_errors(folder):
        return _plan(folder, files, inputs)


def apply(folder: Path, files: Mapping[PurePosixPath, str], inputs: str, *, force: bool = False) -> Plan:
    """Bring a folder to what it should hold, or leave it as it is.

    Args:
        folder: The output folder; made when missing.
        files: The text of every file by its path below the folder.
        inputs: Hash of all that the files are made from, for `is_current`.
        force: Overwrite what was edited by hand.

    Returns:
        What was done.

    Raises:
        Edited: Files that somebody has edited stand in the way.
        WriteError: The folder cannot be written, or another run is at it.
    """
    with _clear_errors(folder):
        # A link is followed once, so that it is not replaced by a folder.
        folder = Path(os.path.realpath(folder))
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = _beside(folder)
        staging = _staging(beside)
        with _locked(_lock(beside)):
            _recover(folder, staging)
            planned = _plan(folder, files, inputs)
            if (planned.edited or planned.foreign) and not force:
                raise Edited(planned)
            if planned.changes:
                _carry_out(folder, staging, planned.changes)
            return planned


def is_current(folder: Path, inputs: str) -> bool:
    """Whether the files were made from these inputs and are all as they were written. Reads no spec and no template.

    They are not while another run is at it, and not when one was killed: `apply` waits for the one and cleans up after
    the other.
    """
    try:
        manifest = _read_manifest(folder)
        beside = _beside(folder)
    except OSError:
        # Whoever writes next says what is wrong.
        return False
    if manifest is None or manifest.inputs != inputs or _lock(beside).exists() or _staging(beside).exists():
        return False
    return all(_hash_of(folder / path) == digest for path, digest in manifest.files.items())


def unified_diff(changes: Iterable[Change], folder: str = "") -> str:
    """Show changes as `diff -u` does, such that `patch -p1` makes them.

    Args:
        changes: What happens to the files.
        folder: Where their paths begin, as seen from where the patch is applied.
    """
    lines: list[str] = []
    for change in changes:
        # Not `splitlines`, which splits at more characters than `patch` does.
        old, new = (
            [] if side is None else list(io.StringIO(side.decode("utf-8", "replace"), newline="\n"))
            for side in (change.old, change.new)
        )
        path = PurePosixPath(folder, change.path).as_posix()
        # A name with a space ends where a tab says so.
        path = f"{path}\t" if " " in path else path
        before = "/dev/null" if change.old is None else f"a/{path}"
        after = "/dev/null" if change.new is None else f"b/{path}"
        for line in difflib.unified_diff(old, new, before, after):
            lines.append(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n")
    return "".join(lines)


# --- Comparing ---


def _plan(folder: Path, files: Mapping[PurePosixPath, str], inputs: str) -> Plan:
    for path in files:
        if not _is_below(path) or path.as_posix() == MANIFEST:
            raise ValueError(f"no path for a generated file: {path}")
    beside = _beside(folder)
    journal = _read_journal(_staging(beside))
    manifest = _read_manifest(folder)
    known = {} if manifest is None else manifest.files
    _refuse_links_out(folder, {*files, *known})
    changes: list[Change] = []
    edited: list[PurePosixPath] = []
    foreign: list[PurePosixPath] = []
    written: dict[PurePosixPath, str] = {}
    # A folder where a file belongs is no hindrance if all in it is ours and goes.
    leaving = {folder / path for path in {*known, *journal} - {*files}}
    for path in sorted({*files, *known}):
        new = files[path].encode("utf-8") if path in files else None
        if new is not None:
            written[path] = _sha(new)
        old = _content(folder / path, None if new is None else leaving)
        if old == new:
            continue
        changes.append(Change(path, old, new))
        # What an interrupted run has put there, or would have, is nobody's edit.
        expected = {known.get(path), *journal.get(path, ())}
        if old is not None and _sha(old) not in expected:
            (edited if path in known else foreign).append(path)
    old, new = _content(folder / MANIFEST), _manifest_text(written, inputs)
    if old != new:
        changes.append(Change(PurePosixPath(MANIFEST), old, new))
    return Plan(tuple(changes), tuple(edited), tuple(foreign), bool(journal))


def _manifest_text(files: Mapping[PurePosixPath, str], inputs: str) -> bytes:
    listed = {path.as_posix(): files[path] for path in sorted(files, key=PurePosixPath.as_posix)}
    return (json.dumps({"inputs": inputs, "files": listed}, indent=1) + "\n").encode()


def _read_manifest(folder: Path) -> _Manifest | None:
    """Read the manifest; None when there is none, or none that can be trusted."""
    try:
        data = json.loads((folder / MANIFEST).read_bytes())
        files = {PurePosixPath(path): str(found) for path, found in data["files"].items()}
        inputs = str(data["inputs"])
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError, AttributeError):
        return None
    # Only what lies in the folder is ours to remove.
    if not all(map(_is_below, files)):
        return None
    return _Manifest(inputs, files)


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
        if leaving is None or all(file in leaving for file in _files_in(path)):
            return None
        raise WriteError(f"'{path.as_posix()}' is a folder with files, where a file belongs; move it away") from error


def _files_in(folder: Path) -> Iterator[Path]:
    """Give the files at any depth; compiled modules are nobody's."""
    for place, inner, names in os.walk(folder):
        inner[:] = [name for name in inner if name != _CACHE]
        yield from (Path(place, name) for name in names)


def _hash_of(path: Path) -> str | None:
    try:
        return _sha(path.read_bytes())
    except OSError:
        return None


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# --- Changing ---


def _carry_out(folder: Path, staging: Path, changes: Sequence[Change]) -> None:
    """Make all changes or none."""
    # Removals first, since a folder may take the place of a file, and the other way round. Going back goes backwards.
    changes = sorted(changes, key=lambda change: change.new is not None)
    try:
        staging.mkdir()
        journal = {}
        for number, change in enumerate(changes):
            if change.new is not None:
                (staging / f"{number}.new").write_bytes(change.new)
            hashes = [None if side is None else _sha(side) for side in (change.old, change.new)]
            journal[change.path.as_posix()] = [number, *hashes]
        # It becomes valid in one step, when every new file is complete.
        (staging / "journal.part").write_text(json.dumps(journal), encoding="utf-8")
        os.replace(staging / "journal.part", staging / _JOURNAL)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    with _uninterrupted():
        try:
            _swap(folder, staging, changes)
        except BaseException:
            _recover(folder, staging)
            raise
        # While there is still a journal, so that a run that is killed here leaves no empty folders for good.
        _remove_empty(folder, [change.path for change in changes if change.new is None])
        (staging / _JOURNAL).unlink()
        shutil.rmtree(staging, ignore_errors=True)


def _swap(folder: Path, staging: Path, changes: Sequence[Change]) -> None:
    """Put the old files aside and the new ones in place, in the order of the journal."""
    for number, change in enumerate(changes):
        target, aside = folder / change.path, staging / f"{number}.old"
        if change.new is None:
            os.replace(target, aside)
            continue
        if change.old is not None:
            _duplicate(target, aside)
        else:
            if target.is_dir() and not any(_files_in(target)):
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


def _recover(folder: Path, staging: Path) -> None:
    """Go back to the state before the run that left the staging folder."""
    journal = _read_numbered_journal(staging)
    _refuse_links_out(folder, journal)
    for path, (number, old, new) in journal.items():
        target, aside = folder / path, staging / f"{number}.old"
        if aside.exists() or aside.is_symlink():
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(aside, target)
        elif old is None:
            if _hash_of(target) == new:
                target.unlink()
            _remove_empty(folder, [path])
    if staging.exists():
        # The journal goes last but one, so that a second interruption finds it.
        (staging / _JOURNAL).unlink(missing_ok=True)
        shutil.rmtree(staging)


def _read_numbered_journal(staging: Path) -> dict[PurePosixPath, tuple[int, str | None, str | None]]:
    """Give what an interrupted run did or would have done, the last first.

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
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (ValueError, TypeError, AttributeError) as error:
        raise WriteError(f"'{shown}' is damaged; it holds what an interrupted run put aside: move it away") from error
    for path, (number, *hashes) in found.items():
        is_ours = type(number) is int and all(found is None or type(found) is str for found in hashes)
        if not is_ours or not _is_below(path):
            raise WriteError(f"'{shown}' is damaged; it holds what an interrupted run put aside: move it away")
    return found


def _is_below(path: PurePosixPath) -> bool:
    """Whether a path stays in the folder that it begins in."""
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts


def _refuse_links_out(folder: Path, paths: Iterable[PurePosixPath]) -> None:
    """Refuse paths through a link that leads out of the folder: what is there is nobody's output.

    Raises:
        WriteError: There is such a link.
    """
    top = os.path.realpath(folder)
    for parent in sorted({parent for path in paths for parent in path.parents[:-1]}):
        place = folder / parent
        if place.is_symlink() and os.path.commonpath([top, os.path.realpath(place)]) != top:
            raise WriteError(f"'{place.as_posix()}' is a link that leads out of the folder; remove it")


def _read_journal(staging: Path) -> dict[PurePosixPath, tuple[str | None, str | None]]:
    """Give the hashes that an interrupted run found and would have left, by path."""
    return {path: (old, new) for path, (_, old, new) in _read_numbered_journal(staging).items()}


def _remove_empty(folder: Path, removed: Iterable[PurePosixPath]) -> None:
    """Remove the folders that have become empty; compiled modules of what is gone do not keep them."""
    for parent in sorted({parent for path in removed for parent in path.parents[:-1]}, reverse=True):
        place = folder / parent
        with contextlib.suppress(OSError):
            if os.listdir(place) == [_CACHE]:
                shutil.rmtree(place / _CACHE)
            place.rmdir()


# --- Locking and errors ---


def _beside(folder: Path) -> Path:
    """Give the stem of the lock and the staging folder: beside the folder, or in it where that is another file system.

    A rename is atomic only within one file system.
    """
    folder = Path(os.path.realpath(folder))
    parent = folder.parent
    same = not folder.exists() or (parent.stat().st_dev == folder.stat().st_dev and os.access(parent, os.W_OK))
    return parent / f".{folder.name}" if same else folder / ".eventwright"


def _lock(beside: Path) -> Path:
    return beside.with_name(f"{beside.name}.lock")


def _staging(beside: Path) -> Path:
    return beside.with_name(f"{beside.name}.staging")


@contextlib.contextmanager
def _locked(path: Path, patience: float = 10.0) -> Iterator[None]:
    """Hold the lock, waiting a while for another run to end.

    The lock belongs to the open file, so that it ends with its holder, however that dies; the file is only its name.
    """
    give_up = time.monotonic() + patience
    while True:
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
        except OSError as error:
            if error.errno != errno.ELOOP:
                raise
            raise WriteError(f"'{path.as_posix()}' is a link, which no run has made; remove it") from error
        try:
            if _try_lock(handle) and _is_at(handle, path):
                break
            holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip() if hasattr(os, "pread") else ""
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)
        if time.monotonic() > give_up:
            by = f" (process {holder})" if holder else ""
            raise WriteError(f"another run{by} is writing to the same folder; wait for it to end")
        time.sleep(0.02)
    try:
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        yield
    finally:
        # Removed while it is still held: whoever opens it next makes a new one, and `_is_at` tells the two apart.
        with contextlib.suppress(OSError):
            path.unlink()
        os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _is_at(handle: int, path: Path) -> bool:
    """Whether an open file is still the one of that name."""
    try:
        return os.path.samestat(os.fstat(handle), os.stat(path))
    except FileNotFoundError:
        return False


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


@contextlib.contextmanager
def _clear_errors(folder: Path) -> Iterator[None]:
    """Turn what the system says into one line that names the folder and the way out."""
    try:
        yield
    except OSError as error:
        shown = Path(error.filename).as_posix() if isinstance(error.filename, str) else folder.as_posix()
        ways = {
            errno.ENOSPC: "the disk is full; make room",
            errno.EDQUOT: "the quota is used up; make room",
            errno.EROFS: "the file system is read-only",
            errno.EACCES: "no permission; check the rights of the folder",
            errno.EPERM: "not permitted; check the rights of the folder",
            errno.EEXIST: "a file stands where a folder belongs; move it away",
            errno.ENOTDIR: "a file stands where a folder belongs; move it away",
        }
        why = ways.get(error.errno or 0, error.strerror or str(error))
        raise WriteError(f"cannot use '{shown}': {why}; nothing was changed") from error
