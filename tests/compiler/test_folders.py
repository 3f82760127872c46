"""Which files a spec has: those of folders that it includes, and those that links lead to."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from eventwright.output.inputs import input_files, input_hash
from eventwright.pipeline import compile_spec
from eventwright.syntax.files import included_folders, spec_files, spec_folders
from support import TEMPLATES

SHARED = """\
types:
  Note:
    doc: What somebody has written.
    fields:
      text: {type: string, doc: What it says.}
"""
EVENTS = """\
events:
  note.%(tag)s:
    doc: Something has happened to a note.
    fields:
      note: {type: Note, doc: The note in question.}
    example: {type: note.%(tag)s, note: {text: Call back.}}
"""


def written(folder: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """Two specs beside a folder that they share."""
    return written(
        tmp_path,
        {
            "api/common/notes.yaml": SHARED,
            "api/server/spec.yaml": "name: server_events\ninclude: [../common]\n",
            "api/server/events.yaml": EVENTS % {"tag": "made"},
            "api/client/spec.yaml": "name: client_events\ninclude:\n  # Shared.\n  - '../common'\nstate: Note\n",
            "api/client/events.yaml": EVENTS % {"tag": "lost"} + "    fold: state = note\n",
        },
    )


def test_each_package_has_what_both_specs_share(two: Path) -> None:
    for name in ("server", "client"):
        result = compile_spec(two / "api" / name, [TEMPLATES])
        assert not result.report.has_errors
        package = PurePosixPath(f"{name}_events")
        assert "class Note(Model):" in result.files[package / "common" / "notes.py"]
        assert "import (\n    Note,\n" in result.files[package / "events.py"]


def test_each_of_them_is_a_spec_and_what_they_share_is_none(two: Path) -> None:
    assert spec_folders(two) == [two / "api" / "client", two / "api" / "server"]


def test_a_change_of_what_is_shared_is_seen(two: Path) -> None:
    spec = two / "api" / "client"
    before = input_hash(spec, [])
    shared = two / "api" / "common" / "notes.yaml"
    assert shared.resolve() in [path.resolve() for path in input_files(spec, [])]
    shared.write_text(SHARED.replace("string", "integer"), encoding="utf-8")
    assert input_hash(spec, []) != before


@pytest.mark.parametrize(
    "text",
    [
        "include: ../common",
        "include: [ '../common' ]",
        'name: x\ninclude:\n- "../common"  # it\nstate: A',
        "include: [\n  ../common,\n]",
    ],
)
def test_every_way_to_write_it_is_seen_without_reading_yaml(text: str, two: Path) -> None:
    spec = written(two / "api" / "other", {"spec.yaml": text})
    assert included_folders(spec) == [spec / "../common"]


@pytest.mark.parametrize(
    ("include", "files", "said"),
    [
        ("../no", {}, "there is no folder '../no'"),
        ("../server", {}, "'../server' is a spec itself"),
        ("..", {}, "'..' is a part of the spec, or the other way round"),
        ("../empty", {"api/empty/read.me": ""}, "'../empty' holds no YAML file"),
        (
            "../events",
            {"api/events/a.yaml": SHARED, "api/client/events/b.yaml": ""},
            "there is a file or folder 'events' already",
        ),
        ("../more", {"api/more/a.yaml": EVENTS % {"tag": "read"}}, "event 'note.read' in a folder that specs share"),
    ],
)
def test_what_cannot_be_included_is_said(include: str, files: dict[str, str], said: str, two: Path) -> None:
    written(
        two, {**files, "api/client/spec.yaml": f"name: client_events\ninclude: [../common, {include}]\nstate: Note\n"}
    )
    found = compile_spec(two / "api" / "client", [TEMPLATES]).report.diagnostics
    assert [each.message for each in found if each.rule.code == "E110"] == [said]


def test_links_to_folders_are_followed_but_not_in_circles(tmp_path: Path) -> None:
    spec = written(tmp_path / "spec", {"events.yaml": EVENTS % {"tag": "made"}})
    written(tmp_path / "elsewhere", {"notes.yaml": SHARED})
    (spec / "common").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    (tmp_path / "elsewhere" / "again").symlink_to(spec, target_is_directory=True)
    assert spec_files(spec) == [spec / "common" / "notes.yaml", spec / "events.yaml"]
    assert not compile_spec(spec, [TEMPLATES]).report.has_errors
