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
from collections.abc import Collection, Mapping
from pathlib import Path, PurePosixPath

import pytest

from eventwright.output import locking, writer
from eventwright.output.diffs import unified_diff
from eventwright.output.errors import WriteError
from eventwright.output.manifests import LOCAL, PLACE, Product

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


def files(texts: Mapping[str, str], shared: Collection[str] = ()) -> list[Product]:
    """Give a product with these files, as the only one of a run."""
    paths = frozenset(map(PurePosixPath, shared))
    return [Product("demo", "python", {PurePosixPath(path): text for path, text in texts.items()}, paths)]


MANIFEST = Product("demo", "python").manifest


def is_current(folder: Path, inputs: str) -> bool:
    return writer.current(folder, ["python"], inputs) is not None


def tree(folder: Path) -> dict[str, str]:
    """Give what is in a folder, empty folders included, without what runs write down for themselves."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name.startswith(PLACE.name):
            continue
        if path.is_dir():
            if not any(path.iterdir()):
                found[f"{name}/"] = ""
        else:
            found[name] = path.read_text(encoding="utf-8")
    return found


def leftovers(folder: Path) -> list[str]:
    """Give what a run has left beside the folder, and what it keeps in it while it is at it."""
    staging = [path.name for path in (folder / LOCAL).glob("staging*")]
    return sorted(staging + [path.name for path in folder.parent.iterdir() if path != folder])


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
    manifest = (out / MANIFEST).stat()
    assert writer.apply(out, files(NEW), "2").changes == ()
    assert (out / MANIFEST).stat().st_mtime_ns == manifest.st_mtime_ns


def test_manifest_is_sorted_and_names_no_place_or_time(out: Path, tmp_path: Path) -> None:
    writer.apply(out, files(OLD), "1")
    other = tmp_path / "elsewhere"
    writer.apply(other, files(dict(reversed(OLD.items()))), "1")
    assert (out / MANIFEST).read_bytes() == (other / MANIFEST).read_bytes()


def test_is_current_needs_same_inputs_and_untouched_outputs(out: Path) -> None:
    assert not is_current(out, "1")
    writer.apply(out, files(OLD), "1")
    assert is_current(out, "1")
    assert not is_current(out, "2")
    (out / "a.py").write_text("a = 3\n")
    assert not is_current(out, "1")


def test_plan_changes_nothing_and_shows_a_diff(out: Path) -> None:
    writer.apply(out, files(OLD), "1")
    before = tree(out)
    planned = writer.plan(out, files(NEW), "2")
    assert tree(out) == before
    assert not planned.is_current
    shown = unified_diff(planned.changes)
    assert "--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-a = 1\n+a = 2\n" in shown
    assert "--- /dev/null\n+++ b/more/d.py\n" in shown
    assert "--- a/sub/deep/c.py\n+++ /dev/null\n" in shown


def test_other_inputs_with_the_same_output_are_current(out: Path) -> None:
    writer.apply(out, files(OLD), "1")
    assert writer.plan(out, files(OLD), "2").is_current


def test_diff_shows_a_missing_end_of_line(out: Path) -> None:
    planned = writer.plan(out, files({"a": "no end"}), "1")
    assert unified_diff(planned.changes[:1]).endswith("+no end\n\\ No newline at end of file\n")


@pytest.mark.skipif(shutil.which("patch") is None, reason="no `patch` here")
def test_diff_can_be_applied_where_the_folder_is_named_from(tmp_path: Path) -> None:
    out = tmp_path / "my output"
    before = {**OLD, "odd.md": "one\u2028two\x0cthree\r\nfour\n"}
    after = {**NEW, "odd.md": "one\u2028two\x0cthree\r\nfive\n"}
    writer.apply(out, files(before), "1")
    planned = writer.plan(out, files({path: after.get(path, text) for path, text in before.items()}), "2")
    patch = unified_diff(planned.files, "my output")
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
    with pytest.raises(WriteError, match="a folder with files"):
        writer.apply(out, files(OLD), "1")
    assert tree(out) == {"a.py/mine": "mine\n"}


@pytest.mark.parametrize("text", ["", "[]\n", "\0", f"{'0' * 64}  ../victim\n", f"{'0' * 64}  /etc/passwd\n"])
def test_a_damaged_manifest_is_no_manifest(out: Path, text: str) -> None:
    writer.apply(out, files(OLD), "1")
    victim = out.parent / "victim"
    victim.write_text("")
    (out / MANIFEST).write_text(text)
    shutil.rmtree(out / LOCAL)
    with pytest.raises(WriteError):
        writer.apply(out, files(NEW), "2")
    writer.apply(out, files(OLD), "1")
    assert victim.exists()
    assert is_current(out, "1")


@pytest.mark.parametrize("path", ["../up", "/abs", str(MANIFEST)])
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
        manifest = (out / MANIFEST).read_bytes()
        with pytest.MonkeyPatch.context() as monkeypatch:
            trap = _Trap(monkeypatch, at, error)
            failure = ""
            try:
                writer.apply(out, files(NEW), "2")
            except (WriteError, KeyboardInterrupt) as caught:
                failure = f"{type(caught).__name__}: {caught}"
        if failure:
            failures += 1
            assert said in failure
            assert tree(out) == OLD
            assert (out / MANIFEST).read_bytes() == manifest
        else:
            # A second name for a file falls back to a copy, so that one failure is none.
            assert tree(out) == NEW
        assert leftovers(out) == []
        if not trap.sprung:
            break
    assert failures > 10


def test_a_journal_that_cannot_be_removed_is_a_failure(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer.apply(out, files(OLD), "1")
    unlink = Path.unlink
    refused: list[Path] = []

    def refuse_once(path: Path, missing_ok: bool = False) -> None:
        if path.name == "journal.json" and not refused:
            refused.append(path)
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse_once)
    with pytest.raises(WriteError, match="nothing was changed"):
        writer.apply(out, files(NEW), "2")
    assert tree(out) == OLD
    writer.apply(out, files(NEW), "2")
    assert tree(out) == NEW


KILLED = """
import os, signal, sys
from pathlib import Path, PurePosixPath
sys.path.insert(0, {root!r})
from eventwright.output import writer
from eventwright.output.manifests import Product

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
files = {{PurePosixPath(path): text for path, text in {new!r}.items()}}
writer.apply(Path({out!r}), [Product("demo", "python", files)], "2")
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
        assert is_current(out, "3")
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
    lock = out / LOCAL / "lock"
    lock.parent.mkdir(parents=True)
    lock.write_text("99999999\n")
    writer.apply(out, files(OLD), "1")
    lock.write_text("99999999\n")
    assert writer.apply(out, files(OLD), "1").changes == ()
    clock = iter(range(0, 1000, 6))
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    with locking.locked(lock):
        assert writer.apply(out, files(OLD), "1").changes == (), "there is nothing to wait for"
        with pytest.raises(WriteError, match=f"process {os.getpid()}"):
            writer.apply(out, files(NEW), "2")
    assert tree(out) == OLD
    assert is_current(out, "1")


def test_a_run_that_is_not_done_is_not_current(out: Path) -> None:
    writer.apply(out, files(OLD), "1")
    (out / LOCAL / "staging").mkdir()
    assert not is_current(out, "1"), "another run may be at it, or was killed"
    assert not writer.plan(out, files(OLD), "1").is_current
    writer.apply(out, files(OLD), "1")
    assert leftovers(out) == []
    assert is_current(out, "1")


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
    staging = tmp_path / "out" / LOCAL / "staging"
    staging.mkdir(parents=True)
    (staging / "0.old").write_text("evil\n", encoding="utf-8")
    known = hashlib.sha256(b"mine\n").hexdigest()
    for number, new in ((0, None), (7, known)):
        journal = {path.format(home=tmp_path / "home"): [number, None, new]}
        (staging / "journal.json").write_text(json.dumps(journal), encoding="utf-8")
        for act in (writer.plan, writer.apply):
            with pytest.raises(WriteError, match="is damaged; it holds what an interrupted run put aside"):
                act(folder, files(NEW), "inputs")
        assert tree(tmp_path / "home") == before


@pytest.mark.parametrize(
    "text", ["[]", "5", "{", '{"a": 5}', '{"a": [0, null]}', '{"a": ["0/../../x", null, null]}', "\0"]
)
def test_a_journal_of_any_other_shape_is_said_to_be_damaged(tmp_path: Path, text: str) -> None:
    staging = tmp_path / "out" / LOCAL / "staging"
    staging.mkdir(parents=True)
    (staging / "journal.json").write_text(text, encoding="utf-8")
    with pytest.raises(WriteError, match="is damaged"):
        writer.apply(tmp_path / "out", files(NEW), "inputs")


@pytest.mark.parametrize("path", [PLACE, LOCAL, LOCAL / "lock", LOCAL / "staging"])
def test_links_in_place_of_what_runs_write_for_themselves_are_not_followed(tmp_path: Path, path: PurePosixPath) -> None:
    folder = tmp_path / "out"
    before = outside(folder)
    link = folder / path
    link.parent.mkdir(parents=True)
    link.symlink_to(tmp_path / ("home/profile" if path.name == "lock" else "home"))
    with pytest.raises(WriteError, match="is a link, which no run has made; remove it"):
        writer.apply(folder, files(NEW), "inputs")
    assert tree(tmp_path / "home") == before
    link.unlink()
    writer.apply(folder, files(NEW), "inputs")
    assert tree(folder) == NEW


def test_a_link_that_leads_out_of_the_folder_is_refused_and_one_within_is_fine(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    before = outside(folder)
    folder.mkdir()
    (folder / "more").symlink_to("../home")
    known = hashlib.sha256(b"mine\n").hexdigest()
    (folder / PLACE).mkdir()
    (folder / MANIFEST).write_text(f"{known}  more/profile\n", encoding="utf-8")
    with pytest.raises(WriteError, match="is a link that leads out of the folder; remove it"):
        writer.apply(folder, files(NEW), "inputs")
    assert tree(tmp_path / "home") == before
    (folder / "more").unlink()
    (folder / "kept").mkdir()
    (folder / "more").symlink_to("kept")
    writer.apply(folder, files(NEW), "inputs")
    assert (folder / "kept" / "d.py").read_text(encoding="utf-8") == NEW["more/d.py"]


# --- Other products, other checkouts ---


def product(package: str, texts: Mapping[str, str], target: str = "python") -> Product:
    return Product(package, target, {PurePosixPath(path): text for path, text in texts.items()})


def test_a_run_leaves_what_others_have_made(out: Path) -> None:
    one, other = {"one.py": "one\n", "same.css": "both\n"}, {"other.py": "other\n", "same.css": "both\n"}
    writer.apply(out, [product("one", one)], "1")
    writer.apply(out, [product("other", other), product("other", {"other.md": "docs\n"}, "docs")], "2")
    assert tree(out) == {**one, **other, "other.md": "docs\n"}
    gone = writer.orphans(out, {("one", "python")})
    assert {(each.package, each.target) for each in gone} == {("other", "python"), ("other", "docs")}
    writer.apply(out, writer.orphans(out, {("one", "python"), ("other", "docs")}), "")
    assert tree(out) == {**one, "other.md": "docs\n"}
    writer.apply(out, writer.orphans(out, set()), "")
    assert tree(out) == {}
    assert not list((out / PLACE).glob("*.manifest"))


def test_what_an_edited_orphan_holds_is_not_lost(out: Path) -> None:
    writer.apply(out, [product("one", {"one.py": "one\n"})], "1")
    (out / "one.py").write_text("mine\n")
    with pytest.raises(writer.Edited, match=r"edited by hand: one\.py"):
        writer.apply(out, writer.orphans(out, set()), "")
    assert tree(out) == {"one.py": "mine\n"}


def test_line_ends_of_a_checkout_are_no_edit(out: Path) -> None:
    writer.apply(out, files(OLD), "1")
    for path in [*out.rglob("*.py"), *out.rglob("*.manifest"), out / "x", out / "z" / "w"]:
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert is_current(out, "1")
    shutil.rmtree(out / LOCAL)
    assert writer.plan(out, files(OLD), "1").is_current
    assert writer.plan(out, files(NEW), "1").edited == ()
    writer.apply(out, files(NEW), "2")
    assert {path: text for path, text in tree(out).items() if path != "same.py"} == {
        path: text for path, text in NEW.items() if path != "same.py"
    }


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="whoever may write everywhere is refused nowhere")
def test_output_that_is_current_need_not_be_writable(out: Path) -> None:
    writer.apply(out, files(OLD), "1")
    folders = [out, *(path for path in out.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        assert writer.apply(out, files(OLD), "other inputs").is_current
        with pytest.raises(WriteError, match="no permission"):
            writer.apply(out, files(NEW), "2")
    finally:
        for folder in folders:
            folder.chmod(0o755)


def test_what_cannot_be_noted_is_no_error(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer.apply(out, files(OLD), "1")

    def refuse(self: Path, data: bytes) -> int:
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    assert writer.apply(out, files(OLD), "other inputs").is_current


def test_what_an_earlier_version_has_made_is_taken_over(out: Path) -> None:
    texts = {"demo/__init__.py": "old\n", "docs/index.md": "old\n"}
    for path, text in texts.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_text(text)
    listed = {path: hashlib.sha256(text.encode()).hexdigest() for path, text in texts.items()}
    (out / "MANIFEST.json").write_text(json.dumps({"inputs": "", "files": listed}))
    writer.apply(out, [product("other", {"other.py": "other\n"})], "1")
    assert {"demo/__init__.py", "MANIFEST.json"} < set(tree(out)), "another spec has no business with it"
    new = {"demo/__init__.py": "new\n", "docs/demo/index.md": "new\n"}
    writer.apply(out, [product("demo", new)], "1")
    assert tree(out) == {**new, "other.py": "other\n"}


# --- Files in which each event has a part: the manifest holds no hash of them ---

LISTS = {"list.py": "a\nb\n", "a.py": "a\n", "b.py": "b\n"}
LONGER = {"list.py": "a\nb\nc\n", "a.py": "a\n", "b.py": "b\n", "c.py": "c\n"}


def test_an_edit_of_a_shared_file_is_refused_where_it_can_be_told(out: Path) -> None:
    writer.apply(out, files(LISTS, ["list.py"]), "1")
    assert "-  list.py\n" in (out / MANIFEST).read_text()
    (out / "list.py").write_text("mine\n")
    for texts in (LISTS, LONGER):
        with pytest.raises(writer.Edited) as caught:
            writer.apply(out, files(texts, ["list.py"]), "2")
        assert caught.value.edited == (PurePosixPath("list.py"),)


def test_a_shared_file_that_may_have_been_edited_is_kept(out: Path) -> None:
    writer.apply(out, files(LISTS, ["list.py"]), "1")
    shutil.rmtree(out / LOCAL)
    (out / "list.py").write_text("somebody's\n")
    done = writer.apply(out, files(LONGER, ["list.py"]), "2")
    assert done.unsure == (PurePosixPath("list.py"),)
    assert tree(out) == LONGER
    assert (out / writer.KEPT / "list.py").read_text() == "somebody's\n"


def test_a_file_with_the_marks_of_a_conflict_is_rewritten(out: Path) -> None:
    writer.apply(out, files(LISTS, ["list.py"]), "1")
    for name in ("list.py", "a.py"):
        (out / name).write_text(f"<<<<<<< HEAD\n{LISTS[name]}=======\nx\n>>>>>>> other\n")
    assert writer.apply(out, files(LONGER, ["list.py"]), "2").unsure == ()
    assert tree(out) == LONGER


def test_both_sides_of_a_conflict_in_a_manifest_count(out: Path) -> None:
    writer.apply(out, files(LISTS), "1")
    ours = (out / MANIFEST).read_text()
    writer.apply(out, files({**LISTS, "a.py": "other\n"}), "2")
    theirs = (out / MANIFEST).read_text()
    (out / MANIFEST).write_text(f"<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> other\n")
    shutil.rmtree(out / LOCAL)
    (out / "a.py").write_text("merged\n")
    done = writer.apply(out, files(LONGER), "3")
    assert done.unsure == (PurePosixPath("a.py"),)
    assert (out / writer.KEPT / "a.py").read_text() == "merged\n"
    assert tree(out) == LONGER


@pytest.mark.skipif(shutil.which("git") is None, reason="no `git` here")
@pytest.mark.parametrize("beside", [False, True], ids=["alone", "among other files"])
def test_branches_that_each_add_an_event_merge(tmp_path: Path, beside: bool) -> None:
    """The spec is a list of names; each has a file, and `list.py` has all of them."""
    spec, out = tmp_path / "spec", tmp_path / "out"
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    for role in ("AUTHOR", "COMMITTER"):
        environment |= {f"GIT_{role}_NAME": "a", f"GIT_{role}_EMAIL": "a@example.org"}

    def git(*arguments: str) -> str:
        command = ["git", *arguments]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        return done.stdout

    def generate() -> writer.Plan:
        names = sorted(path.name for path in spec.iterdir())
        texts = {f"{name}.py": f"{name}\n" for name in names} if beside else {}
        texts["list.py"] = f"# {len(names)} names\n" + "".join(f"{name}\n" for name in names)
        return writer.apply(out, files(texts, ["list.py"]), str(names))

    def commit(branch: str, *names: str) -> None:
        git("checkout", "-q", "-b", branch)
        for name in names:
            (spec / name).touch()
        assert generate().unsure == ()
        git("add", "-A")
        git("commit", "-q", "-m", branch)

    spec.mkdir()
    git("init", "-q")
    commit("base", "apple", "melon")
    commit("one", "banana")
    git("checkout", "-q", "base")
    commit("two", "kiwi")
    assert [line for line in git("merge", "one").splitlines() if "CONFLICT" in line and "list.py" not in line] == []
    generate()
    names = ("apple", "banana", "kiwi", "melon")
    assert (out / "list.py").read_text() == "# 4 names\n" + "".join(f"{name}\n" for name in names)
    assert generate().changes == ()
    assert "local" not in git("status", "--porcelain", "--untracked-files=all")
