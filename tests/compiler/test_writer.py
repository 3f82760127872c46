"""Tests of `writer`: whatever happens half-way, the folder is as it was or the next run makes it right."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import pytest

from eventwright.output import writer

OLD = {
    "a.py": "a = 1\n",
    "sub/b.py": "b = 1\n",
    "sub/deep/c.py": "c = 1\n",
    "same.py": "same\n",
    "x": "a file that becomes a folder\n",
    "z/w": "in a folder that becomes a file\n",
}
NEW = {
    "a.py": "a = 2\n",
    "sub/b.py": "b = 1\n",
    "more/d.py": "d = 1\n",
    "same.py": "same\n",
    "x/y.py": "in a folder that was a file\n",
    "z": "a file that was a folder\n",
}

SOURCE_ROOT = str(Path(writer.__file__).parents[2])


def files(texts: Mapping[str, str]) -> dict[PurePosixPath, str]:
    return {PurePosixPath(path): text for path, text in texts.items()}


def tree(folder: Path) -> dict[str, str]:
    """Give what is in a folder, the manifest left out, empty folders and leftovers included."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_dir():
            if not any(path.iterdir()):
                found[f"{name}/"] = ""
        elif name != writer.MANIFEST:
            found[name] = path.read_text(encoding="utf-8")
    return found


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.parent.iterdir() if path != folder)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "place" / "generated"


def test_first_run_writes_all_and_leaves_nothing_else(out: Path) -> None:
    done = writer.apply(out, files(OLD), "1")
    assert tree(out) == OLD
    assert leftovers(out) == []
    assert (done.count("added"), done.count("changed"), done.count("removed")) == (6, 0, 0)


def test_second_run_changes_adds_and_removes(out: Path) -> None:
    writer.apply(out, files(OLD), "1")
    done = writer.apply(out, files(NEW), "2")
    assert tree(out) == NEW
    assert leftovers(out) == []
    assert (done.count("added"), done.count("changed"), done.count("removed")) == (3, 1, 3)


def test_equal_files_are_not_touched(out: Path) -> None:
    writer.apply(out, files(OLD), "1")
    for path in out.rglob("*"):
        os.utime(path, (1, 1))
    writer.apply(out, files(NEW), "2")
    assert (out / "same.py").stat().st_mtime == 1
    assert (out / "a.py").stat().st_mtime > 1
    manifest = (out / writer.MANIFEST).stat()
    assert writer.apply(out, files(NEW), "2").changes == ()
    assert (out / writer.MANIFEST).stat().st_mtime_ns == manifest.st_mtime_ns


def test_manifest_is_sorted_and_names_no_place_or_time(out: Path, tmp_path: Path) -> None:
    writer.apply(out, files(OLD), "1")
    other = tmp_path / "elsewhere"
    writer.apply(other, files(dict(reversed(OLD.items()))), "1")
    assert (out / writer.MANIFEST).read_bytes() == (other / writer.MANIFEST).read_bytes()


def test_is_current_needs_same_inputs_and_untouched_outputs(out: Path) -> None:
    assert not writer.is_current(out, "1")
    writer.apply(out, files(OLD), "1")
    assert writer.is_current(out, "1")
    assert not writer.is_current(out, "2")
    (out / "a.py").write_text("a = 3\n")
    assert not writer.is_current(out, "1")


def test_plan_changes_nothing_and_shows_a_diff(out: Path) -> None:
    writer.apply(out, files(OLD), "1")
    before = tree(out)
    planned = writer.plan(out, files(NEW), "2")
    assert tree(out) == before
    assert not planned.is_current
    shown = writer.unified_diff(planned.changes)
    assert "--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-a = 1\n+a = 2\n" in shown
    assert "--- /dev/null\n+++ b/more/d.py\n" in shown
    assert "--- a/sub/deep/c.py\n+++ /dev/null\n" in shown


def test_other_inputs_with_the_same_output_are_current(out: Path) -> None:
    writer.apply(out, files(OLD), "1")
    assert writer.plan(out, files(OLD), "2").is_current


def test_diff_shows_a_missing_end_of_line(out: Path) -> None:
    planned = writer.plan(out, files({"a": "no end"}), "1")
    assert writer.unified_diff(planned.changes[:1]).endswith("+no end\n\\ No newline at end of file\n")


@pytest.mark.skipif(shutil.which("patch") is None, reason="no `patch` here")
def test_diff_can_be_applied_where_the_folder_is_named_from(tmp_path: Path) -> None:
    out = tmp_path / "my output"
    before = {**OLD, "odd.md": "one\u2028two\x0cthree\r\nfour\n"}
    after = {**NEW, "odd.md": "one\u2028two\x0cthree\r\nfive\n"}
    writer.apply(out, files(before), "1")
    planned = writer.plan(out, files({path: after.get(path, text) for path, text in before.items()}), "2")
    patch = writer.unified_diff(planned.files, "my output")
    assert "--- a/my output/odd.md\t\n+++ b/my output/odd.md\t\n" in patch
    command = ["patch", "-p1", "--binary", "--quiet"]
    subprocess.run(command, cwd=tmp_path, input=patch.encode(), check=True)
    assert (out / "odd.md").read_bytes() == after["odd.md"].encode()
    assert (out / "a.py").read_text() == NEW["a.py"]


# --- What other people have written ---


@pytest.mark.parametrize("path", ["a.py", "sub/deep/c.py"])
def test_an_edited_file_is_refused_changed_or_orphaned(out: Path, path: str) -> None:
    writer.apply(out, files(OLD), "1")
    (out / path).write_text("edited = True\n")
    before = tree(out)
    with pytest.raises(writer.Edited) as caught:
        writer.apply(out, files(NEW), "2")
    assert caught.value.edited == (PurePosixPath(path),)
    assert path in str(caught.value)
    assert tree(out) == before
    assert leftovers(out) == []
    writer.apply(out, files(NEW), "2", force=True)
    assert tree(out) == NEW


def test_an_edit_that_is_what_would_be_written_is_fine(out: Path) -> None:
    writer.apply(out, files(OLD), "1")
    (out / "a.py").write_text(NEW["a.py"])
    writer.apply(out, files(NEW), "2")
    assert tree(out) == NEW


def test_a_removed_file_comes_back(out: Path) -> None:
    writer.apply(out, files(OLD), "1")
    (out / "a.py").unlink()
    writer.apply(out, files(OLD), "1")
    assert tree(out) == OLD


def test_a_file_that_no_manifest_lists_is_not_overwritten(out: Path) -> None:
    out.mkdir(parents=True)
    (out / "a.py").write_text("mine\n")
    with pytest.raises(writer.Edited) as caught:
        writer.apply(out, files(OLD), "1")
    assert caught.value.foreign == (PurePosixPath("a.py"),)
    assert tree(out) == {"a.py": "mine\n"}


def test_other_peoples_files_stay(out: Path) -> None:
    writer.apply(out, files(OLD), "1")
    (out / "sub" / "deep" / "notes.txt").write_text("mine\n")
    writer.apply(out, files(NEW), "2")
    assert tree(out) == {**NEW, "sub/deep/notes.txt": "mine\n"}


def test_compiled_modules_do_not_keep_a_folder(out: Path) -> None:
    writer.apply(out, files(OLD), "1")
    cache = out / "sub" / "deep" / "__pycache__"
    cache.mkdir()
    (cache / "c.cpython-310.pyc").write_bytes(b"")
    writer.apply(out, files(NEW), "2")
    assert not (out / "sub" / "deep").exists()


def test_a_folder_in_the_way_is_refused_with_its_files(out: Path) -> None:
    (out / "a.py").mkdir(parents=True)
    (out / "a.py" / "mine").write_text("mine\n")
    with pytest.raises(writer.WriteError, match="a folder with files"):
        writer.apply(out, files(OLD), "1")
    assert tree(out) == {"a.py/mine": "mine\n"}


@pytest.mark.parametrize("text", ["", "<<<<<<< ours\n", "[]", '{"files": {"../victim": "0"}, "inputs": ""}'])
def test_a_damaged_manifest_is_no_manifest(out: Path, text: str) -> None:
    writer.apply(out, files(OLD), "1")
    victim = out.parent / "victim"
    victim.write_text("")
    (out / writer.MANIFEST).write_text(text)
    with pytest.raises(writer.WriteError):
        writer.apply(out, files(NEW), "2")
    writer.apply(out, files(OLD), "1")
    assert victim.exists()
    assert writer.is_current(out, "1")


@pytest.mark.parametrize("path", ["../up", "/abs", writer.MANIFEST])
def test_paths_that_are_not_ours_to_write(out: Path, path: str) -> None:
    with pytest.raises(ValueError, match="no path for a generated file"):
        writer.apply(out, files({path: ""}), "1")


# --- Failures ---


class _Trap:
    """Counts the calls that change a file system, and does something at one of them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, at: int, error: BaseException) -> None:
        self.count = 0
        self.sprung = False
        for target in ("replace", "link", "mkdir"):
            self._wrap(monkeypatch, os, target, at, error)
        self._wrap(monkeypatch, Path, "write_bytes", at, error)
        self._wrap(monkeypatch, Path, "write_text", at, error)

    def _wrap(self, monkeypatch: pytest.MonkeyPatch, owner: object, name: str, at: int, error: BaseException) -> None:
        original = getattr(owner, name)

        def wrapped(*args: object, **kwargs: object) -> object:
            self.count += 1
            if self.count == at:
                self.sprung = True
                raise error
            return original(*args, **kwargs)

        monkeypatch.setattr(owner, name, wrapped)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full"),
        (OSError(errno.EROFS, "Read-only file system"), "read-only"),
        (OSError(errno.EACCES, "Permission denied"), "no permission"),
        (KeyboardInterrupt(), ""),
    ],
    ids=["full", "read-only", "rights", "ctrl-c"],
)
def test_a_failure_at_any_call_leaves_the_folder_as_it_was(tmp_path: Path, error: BaseException, said: str) -> None:
    failures = 0
    for at in range(1, 60):
        out = tmp_path / str(at) / "generated"
        writer.apply(out, files(OLD), "1")
        manifest = (out / writer.MANIFEST).read_bytes()
        with pytest.MonkeyPatch.context() as monkeypatch:
            trap = _Trap(monkeypatch, at, error)
            failure = ""
            try:
                writer.apply(out, files(NEW), "2")
            except (writer.WriteError, KeyboardInterrupt) as caught:
                failure = f"{type(caught).__name__}: {caught}"
        if failure:
            failures += 1
            assert said in failure
            assert tree(out) == OLD
            assert (out / writer.MANIFEST).read_bytes() == manifest
        else:
            # A second name for a file falls back to a copy, so that one failure is none.
            assert tree(out) == NEW
        assert leftovers(out) == []
        if not trap.sprung:
            break
    assert failures > 10


KILLED = """
import os, signal, sys
from pathlib import Path, PurePosixPath
sys.path.insert(0, {root!r})
from eventwright.output import writer

count = 0
def wrap(owner, name):
    original = getattr(owner, name)
    def wrapped(*args, **kwargs):
        global count
        count += 1
        if count == {at}:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*args, **kwargs)
    setattr(owner, name, wrapped)

for name in ("replace", "link", "mkdir", "unlink", "rmdir", "ftruncate"):
    wrap(os, name)
for name in ("write_bytes", "write_text", "unlink"):
    wrap(Path, name)
writer.apply(Path({out!r}), {{PurePosixPath(path): text for path, text in {new!r}.items()}}, "2")
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 here")
@pytest.mark.parametrize("then", [NEW, OLD], ids=["new", "old"])
def test_kill_9_at_any_call_is_mended_by_the_next_run(tmp_path: Path, then: dict[str, str]) -> None:
    before = tmp_path / "before" / "generated"
    writer.apply(before, files(OLD), "1")
    killed = 0
    for at in range(1, 80):
        out = tmp_path / str(at) / "generated"
        shutil.copytree(before, out)
        code = KILLED.format(root=SOURCE_ROOT, at=at, out=str(out), new=NEW)
        status = subprocess.run([sys.executable, "-I", "-c", code], check=False).returncode
        if status == 0:
            break
        assert status == -signal.SIGKILL
        killed += 1
        planned = writer.plan(out, files(then), "3")
        assert (planned.edited, planned.foreign) == ((), ())
        writer.apply(out, files(then), "3")
        assert tree(out) == then
        assert leftovers(out) == []
        assert writer.is_current(out, "3")
    assert killed >= 20


def test_an_edit_after_a_kill_is_still_an_edit(tmp_path: Path) -> None:
    out = tmp_path / "generated"
    writer.apply(out, files(OLD), "1")
    code = KILLED.format(root=SOURCE_ROOT, at=17, out=str(out), new=NEW)
    assert subprocess.run([sys.executable, "-I", "-c", code], check=False).returncode != 0
    (out / "same.py").write_text("edited\n")
    with pytest.raises(writer.Edited):
        writer.apply(out, files({**NEW, "same.py": "other\n"}), "2")
    assert (out / "same.py").read_text() == "edited\n"


# --- Two runs at once ---


def test_two_runs_at_once_do_not_mix(out: Path) -> None:
    sides = [{f"f{number}.py": f"{name}\n" for number in range(40)} for name in ("left", "right")]
    errors: list[BaseException] = []

    def run(texts: dict[str, str]) -> None:
        try:
            for _ in range(10):
                writer.apply(out, files(texts), "1")
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(side,)) for side in sides]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert tree(out) in sides
    assert leftovers(out) == []


def test_a_lock_that_is_held_is_named_and_a_stale_one_taken(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out.mkdir(parents=True)
    lock = out.parent / ".generated.lock"
    lock.write_text("99999999\n")
    writer.apply(out, files(OLD), "1")
    assert not lock.exists()
    lock.write_text("99999999\n")
    assert not writer.is_current(out, "1"), "the run that cleans up would have nothing to do"
    assert writer.apply(out, files(OLD), "1").changes == ()
    assert leftovers(out) == []
    clock = iter(range(0, 1000, 6))
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    with writer._locked(lock):
        assert not writer.is_current(out, "1"), "another run is at it"
        with pytest.raises(writer.WriteError, match=f"process {os.getpid()}"):
            writer.apply(out, files(NEW), "2")
    assert tree(out) == OLD


def test_an_output_folder_that_is_a_link_stays_one(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir()
    link = tmp_path / "generated"
    link.symlink_to(real)
    writer.apply(link, files(OLD), "1")
    assert link.is_symlink()
    assert tree(real) == OLD


# --- What somebody else has put beside or into the folder ---


def outside(folder: Path) -> dict[str, str]:
    """Files beside the output, none of which a run may touch."""
    home = folder.parent / "home"
    home.mkdir()
    (home / "profile").write_text("mine\n", encoding="utf-8")
    return tree(home)


@pytest.mark.parametrize("path", ["../home/profile", "{home}/profile", "", "sub/../../home/profile"])
def test_a_journal_that_leads_out_of_the_folder_is_refused(tmp_path: Path, path: str) -> None:
    folder = tmp_path / "out"
    before = outside(folder)
    staging = tmp_path / ".out.staging"
    staging.mkdir()
    (staging / "0.old").write_text("evil\n", encoding="utf-8")
    known = hashlib.sha256(b"mine\n").hexdigest()
    for number, new in ((0, None), (7, known)):
        journal = {path.format(home=tmp_path / "home"): [number, None, new]}
        (staging / "journal.json").write_text(json.dumps(journal), encoding="utf-8")
        for act in (writer.plan, writer.apply):
            with pytest.raises(writer.WriteError, match="is damaged; it holds what an interrupted run put aside"):
                act(folder, files(NEW), "inputs")
        assert tree(tmp_path / "home") == before


@pytest.mark.parametrize(
    "text", ["[]", "5", "{", '{"a": 5}', '{"a": [0, null]}', '{"a": ["0/../../x", null, null]}', "\0"]
)
def test_a_journal_of_any_other_shape_is_said_to_be_damaged(tmp_path: Path, text: str) -> None:
    staging = tmp_path / ".out.staging"
    staging.mkdir()
    (staging / "journal.json").write_text(text, encoding="utf-8")
    with pytest.raises(writer.WriteError, match="is damaged"):
        writer.apply(tmp_path / "out", files(NEW), "inputs")


def test_links_in_place_of_lock_and_staging_folder_are_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    before = outside(folder)
    for name, target in ((".out.lock", "home/profile"), (".out.staging", "home")):
        link = tmp_path / name
        link.symlink_to(target)
        with pytest.raises(writer.WriteError, match="is a link, which no run has made; remove it"):
            writer.apply(folder, files(NEW), "inputs")
        link.unlink()
        assert tree(tmp_path / "home") == before
    writer.apply(folder, files(NEW), "inputs")
    assert tree(folder) == NEW


def test_a_link_that_leads_out_of_the_folder_is_refused_and_one_within_is_fine(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    before = outside(folder)
    folder.mkdir()
    (folder / "more").symlink_to("../home")
    known = hashlib.sha256(b"mine\n").hexdigest()
    manifest = {"inputs": "", "files": {"more/profile": known}}
    (folder / writer.MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(writer.WriteError, match="is a link that leads out of the folder; remove it"):
        writer.apply(folder, files(NEW), "inputs")
    assert tree(tmp_path / "home") == before
    (folder / "more").unlink()
    (folder / "kept").mkdir()
    (folder / "more").symlink_to("kept")
    writer.apply(folder, files(NEW), "inputs")
    assert (folder / "kept" / "d.py").read_text(encoding="utf-8") == NEW["more/d.py"]
