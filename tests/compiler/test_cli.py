"""Tests of the command line, most of them in a process of their own, as people run it."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from ruamel.yaml import YAML

from eventwright.authoring.new_event import sibling
from eventwright.cli import main as cli
from eventwright.diagnostics.values import Report
from eventwright.output import inputs, resources, writer
from eventwright.pipeline import all_rules, compile_spec
from eventwright.rules.explained import examples
from eventwright.syntax.reading import read_declarations
from eventwright.targets import target_names
from eventwright.targets.target import Target
from support import ROOT, SPEC

SOURCE_ROOT = Path(cli.__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(SOURCE_ROOT)}

EVENT = """\
title: Notes
doc: What the model says in passing.
events:
  # A comment that stays.
  answer.noted:
    doc: The model has made a note.
    fold: none
    example: {type: answer.noted}   # and another

types: {}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a small spec in the place where it is looked for."""
    spec = tmp_path / "schema" / "demo"
    spec.mkdir(parents=True)
    for name in ("spec.yaml", "answer.yaml"):
        shutil.copy(examples("E101").good / name, spec)
    (spec / "notes.yaml").write_text(EVENT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.main, list(arguments), catch_exceptions=False)


def start(*arguments: str, folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "eventwright", *arguments]
    pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
    # What a shell starts in the background, or nohup, ignores SIGINT, and hands that on.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, stdout=pipe, stderr=nothing)
    finally:
        signal.signal(signal.SIGINT, before)


def finished(process: subprocess.Popen[bytes]) -> int:
    process.communicate()
    return process.returncode


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- generate and check ---


def test_generate_then_nothing_to_do_then_check(project: Path) -> None:
    assert run("check").exit_code == 1
    assert run("generate").exit_code == 0
    again = run("generate")
    assert (again.exit_code, again.stderr) == (0, "generated is current\n")
    assert run("check", "--strict").exit_code == 0


def test_nothing_to_do_imports_neither_yaml_nor_jinja(project: Path) -> None:
    run("generate")
    code = "import sys; from eventwright.cli.main import main\ntry: main(['generate'])\nexcept SystemExit: pass\n"
    code += "print([name for name in ('ruamel.yaml', 'jinja2', 'rich', 'black') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], env=ENVIRONMENT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_stale_output_is_shown_as_a_diff_and_left_alone(project: Path) -> None:
    run("generate")
    before = tree(project / "generated")
    notes = project / "schema" / "demo" / "notes.yaml"
    notes.write_text(EVENT.replace("made a note", "made a remark"), encoding="utf-8")
    result = run("check")
    assert result.exit_code == 1
    assert re.search(r"^\+.*made a remark", result.stdout, re.MULTILINE)
    assert "run `eventwright generate`" in result.stderr
    assert tree(project / "generated") == before


def test_the_diff_names_files_from_the_working_folder_or_from_an_output_elsewhere(project: Path) -> None:
    def named(*arguments: str) -> set[str]:
        return set(re.findall(r"^\+\+\+ b/(\S*docs/demo/index\.md)$", run("check", *arguments).stdout, re.MULTILINE))

    assert named() == {"generated/docs/demo/index.md"}
    assert named("--out", str(project / "build" / "out")) == {"build/out/docs/demo/index.md"}
    assert named("--out", ".") == named("--out", str(project.parent / "other")) == {"docs/demo/index.md"}


def test_errors_leave_the_output_as_it_is(project: Path) -> None:
    run("generate")
    before = tree(project / "generated")
    (project / "schema" / "demo" / "notes.yaml").write_text("nonsense: 1\n", encoding="utf-8")
    result = run("generate")
    assert result.exit_code == 1
    assert result.stdout.startswith("schema/demo/notes.yaml:1:1: error E201: unknown key 'nonsense' in a file")
    assert "schema/demo/notes.yaml: warning W701" in result.stdout
    assert tree(project / "generated") == before


def test_warnings_fail_only_if_strict(project: Path) -> None:
    (project / "schema" / "demo" / "notes.yaml").write_text(EVENT.replace("a note.", "a note"), encoding="utf-8")
    assert run("generate").exit_code == 0
    assert [run(command).exit_code for command in ("lint", "check")] == [0, 0]
    assert [run(command, "--strict").exit_code for command in ("lint", "check")] == [1, 1]


def test_a_hand_edit_is_refused_with_the_way_out(project: Path) -> None:
    run("generate")
    edited = next(path for path in sorted((project / "generated").rglob("*.py")))
    edited.write_text("mine = True\n", encoding="utf-8")
    result = run("generate")
    assert result.exit_code == 1
    assert edited.relative_to(project / "generated").as_posix() in result.stderr
    assert "--force" in result.stderr
    assert edited.read_text(encoding="utf-8") == "mine = True\n"
    assert run("generate", "--force").exit_code == 0
    assert run("check").exit_code == 0


def test_own_templates_go_first_and_their_mistakes_have_a_line(project: Path) -> None:
    own = project / "own" / "docs" / "index.md.jinja"
    own.parent.mkdir(parents=True)
    own.write_text("mine\n", encoding="utf-8")
    assert run("generate", "--templates", "own").exit_code == 0
    assert (project / "generated" / "docs" / "demo" / "index.md").read_text(encoding="utf-8") == "mine\n"
    own.write_text("mine\n{{ page.nothing }}\n", encoding="utf-8")
    result = run("generate", "--templates", "own")
    assert result.exit_code == 1
    assert result.stdout.startswith("own/docs/index.md.jinja:2:1: error E901")


def test_a_template_that_overrides_nothing_is_a_warning(project: Path) -> None:
    own = project / "own" / "docs"
    own.mkdir(parents=True)
    assert "own: warning W903: the folder holds no template" in run("generate", "--templates", "own").stdout
    (own / "README.md").write_text("What these are for.\n", encoding="utf-8")
    assert "own: warning W903: the folder holds no template" in run("generate", "--templates", "own").stdout
    (own / "_mine.md.jinja").write_text("mine\n", encoding="utf-8")
    (own / "index.md.jinja").write_text("{% include 'docs/_mine.md.jinja' %}", encoding="utf-8")
    assert run("check", "--templates", "own", "--format", "github").stdout.count("W903") == 0
    (own / "index.md.jinja").rename(own / "indx.md.jinja")
    result = run("generate", "--templates", "own")
    assert result.exit_code == 0
    assert "own/docs/_mine.md.jinja: warning W903: 'docs/_mine.md.jinja' overrides no template" in result.stdout
    assert "= did you mean 'docs/index.md.jinja'? `eventwright list templates` lists" in result.stdout
    listed = dict(line.split(maxsplit=1) for line in run("list", "templates").stdout.splitlines())
    assert Path(listed["docs/index.md.jinja"]).read_bytes()


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_machine_formats_own_standard_output(project: Path, form: str) -> None:
    for command in ("generate", "check", "lint"):
        json.loads(run(command, "--format", form).stdout)


@pytest.mark.parametrize("form", ["text", "github", "json", "sarif"])
@pytest.mark.parametrize("page", ["cp1252", "ascii", "cp437", "utf-8"])
def test_a_code_page_that_lacks_a_character_shows_it_as_an_escape(project: Path, form: str, page: str) -> None:
    found = project / "schema" / "demo" / "mörę.yaml"
    found.write_text("types: {Thing: {doc: →, fields: {ä: {type: Ding字}}}}\n", encoding="utf-8")
    command = [sys.executable, "-m", "eventwright", "lint", "schema/demo", "--format", form]
    run = subprocess.run(command, capture_output=True, cwd=project, env={**ENVIRONMENT, "PYTHONIOENCODING": page})
    assert (run.returncode, run.stderr) == (1, b"")
    shown = run.stdout.decode(page)
    assert "E301" in shown
    assert ("字" if page == "utf-8" and form in ("text", "github") else "\\u5b57") in shown


def test_quiet_says_nothing_when_all_is_well(project: Path) -> None:
    for arguments in (["generate", "-q"], ["check", "-q"], ["lint", "-q"]):
        result = run(*arguments)
        assert (result.exit_code, result.output) == (0, "")


def test_machine_formats_have_a_finding_for_each_file_that_is_not_current(project: Path) -> None:
    def found(*arguments: str) -> dict[str, str]:
        result = run("check", "--format", "json", *arguments)
        data = json.loads(result.stdout)
        assert (result.exit_code, data["errors"]) == (1 if data["findings"] else 0, len(data["findings"]))
        assert {each["code"] for each in data["findings"]} <= {"E902"}
        assert all("eventwright generate" in each["hint"] or each["file"] == "generated" for each in data["findings"])
        return {each["file"]: each["message"] for each in data["findings"]}

    assert found()["generated/demo/decoder.py"] == "'demo/decoder.py' is missing"
    run("generate")
    assert found() == {}
    notes = project / "schema" / "demo" / "notes.yaml"
    notes.write_text(EVENT.replace("made a note", "made a remark"), encoding="utf-8")
    notes.rename(notes.with_name("remarks.yaml"))
    (project / "generated" / "docs" / "demo" / "llms.txt").write_text("mine\n", encoding="utf-8")
    says = found("--quiet")
    assert says["generated/docs/demo/index.md"].endswith(
        "is not what the spec, the templates and the compiler give now"
    )
    assert says["generated/demo/notes.py"].endswith("is no longer generated")
    assert says["generated/demo/remarks.py"].endswith("is missing")
    assert says["generated/docs/demo/llms.txt"].endswith("was edited by hand")
    assert "::error file=generated/docs/demo/index.md,title=E902" in run("check", "--format", "github").stdout
    results = json.loads(run("check", "--format", "sarif").stdout)["runs"][0]["results"]
    assert len(results) == len(says)
    (project / "generated" / "docs" / "demo" / "index.md").unlink()
    (project / "generated" / "docs" / "demo" / "index.md").mkdir()
    (project / "generated" / "docs" / "demo" / "index.md" / "mine").touch()
    assert "a folder with files" in found()["generated"]


def test_generate_gives_findings_for_what_it_would_not_overwrite(project: Path) -> None:
    def found() -> dict[str, str]:
        result = run("generate", "--format", "json")
        assert result.exit_code == 1
        return {each["file"]: each["message"] for each in json.loads(result.stdout)["findings"]}

    run("generate")
    index = project / "generated" / "docs" / "demo" / "index.md"
    index.write_text("mine\n", encoding="utf-8")
    assert found() == {"generated/docs/demo/index.md": "'docs/demo/index.md' was edited by hand"}
    index.unlink()
    index.mkdir()
    (index / "mine").touch()
    assert "a folder with files" in found()["generated"]


def test_check_says_how_to_go_on_where_generate_would_refuse(project: Path) -> None:
    run("generate")
    (project / "generated" / "docs" / "demo" / "llms.txt").write_text("mine\n", encoding="utf-8")
    result = run("check")
    assert result.exit_code == 1
    assert "generated is not current; edited by hand: docs/demo/llms.txt" in result.stderr
    assert "move the edits into the spec or a template" in result.stderr


# --- Finding the spec ---


def test_specs_are_found_or_it_is_said_what_to_pass(project: Path) -> None:
    assert run("lint").exit_code == 0
    shutil.copytree(project / "schema" / "demo", project / "schema" / "other")
    assert run("lint").exit_code == 0
    result = run("new", "event", "answer.read")
    assert result.exit_code == 2
    assert "pass `--spec` with one of: schema/demo, schema/other" in result.stderr
    assert run("lint", "schema/other").exit_code == 0
    shutil.rmtree(project / "schema")
    assert run("lint").exit_code == 2
    assert "'openai_responses'" in run("lint", "openai_response").stderr
    assert run("lint", "openai_responses").exit_code == 0


def test_an_output_folder_that_the_next_run_would_read_is_refused(project: Path) -> None:
    (project / "own").mkdir()
    before = tree(project)
    for out, said in (
        ("schema/demo", "is the spec"),
        ("schema/demo/out", "is in the spec 'schema/demo'"),
        ("own/out", "is in the templates 'own'"),
    ):
        for command in ("generate", "check", "watch"):
            result = run(command, "--out", out, "--templates", "own")
            assert result.exit_code == 2
            assert f"the output folder '{out}' {said}; choose an --out beside it" in " ".join(result.stderr.split())
    assert tree(project) == before
    assert run("generate", "--out", ".").exit_code == 0


def test_a_package_among_its_spec_is_refused(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project / "schema")
    before = tree(project)
    for command in ("generate", "check"):
        result = run(command, "demo", "--out", ".")
        assert result.exit_code == 1
        assert (
            "output for 'python' would go among the spec in 'demo'; choose another `--out`, or `out`" in result.stderr
        )
        assert tree(project) == before
    result = run("generate", "demo", "--out", "")
    assert result.exit_code == 2
    assert "it is empty; name a folder" in result.stderr
    assert run("generate", "demo", "--out", "made").exit_code == 0


def test_a_folder_that_cannot_be_read_is_not_called_empty(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    result = run("lint", "schema/demo")
    assert result.exit_code == 2
    assert "'schema/demo' cannot be read; change its rights" in result.stderr


# --- Several specs ---


@pytest.fixture
def two_specs(project: Path) -> Path:
    """Two specs, and a file that says where what is made of them goes."""
    other = project / "schema" / "other"
    shutil.copytree(project / "schema" / "demo", other)
    spec = (other / "spec.yaml").read_text(encoding="utf-8")
    (other / "spec.yaml").write_text(spec.replace("name: demo", "name: other"), encoding="utf-8")
    (project / "eventwright.toml").write_text(PROJECT, encoding="utf-8")
    return project


PROJECT = """\
[[spec]]
path = "schema/demo"
out = {python = "src", docs = "site"}

[[spec]]
path = "schema/other"
out = "src"
targets = ["python"]
"""


def outputs(project: Path) -> set[str]:
    """Give the folders of packages, docs and schemas that there are."""
    found = {
        path.relative_to(project).as_posix()
        for out in ("src", "site", "generated")
        for path in (project / out).glob("*/")
    }
    docs = {path.relative_to(project).as_posix() for path in project.glob("*/docs/*/")}
    return {path for path in found | docs if path.rpartition("/")[2] not in ("docs", ".eventwright", "assets")}


def test_each_spec_and_target_goes_where_the_project_says(two_specs: Path) -> None:
    assert run("check").exit_code == 1
    result = run("generate")
    assert (result.exit_code, result.stdout) == (0, "")
    assert outputs(two_specs) == {"src/demo", "src/other", "site/docs/demo", "generated/json_schema"}
    said = run("generate").stderr.splitlines()
    assert "schema/demo: src is current" in said and "schema/other: src is current" in said
    assert run("check").exit_code == 0
    assert run("list", "specs").stdout.splitlines() == [
        "schema/demo   docs         site",
        "schema/demo   json_schema  generated",
        "schema/demo   python       src",
        "schema/other  python       src",
    ]


def test_one_spec_or_target_leaves_the_others(two_specs: Path) -> None:
    run("generate")
    before = tree(two_specs / "src")
    for folder in ("demo", "other"):
        notes = two_specs / "schema" / folder / "notes.yaml"
        notes.write_text(EVENT.replace("made a note", "made a remark"), encoding="utf-8")
    assert run("generate", "other").exit_code == 0
    assert run("check", "schema/other").exit_code == 0
    assert run("check", "--target", "python").exit_code == 1
    assert run("generate", "--target", "python").exit_code == 0
    assert run("check", "--target", "python").exit_code == 0
    assert run("check", "--target", "docs").exit_code == 1
    assert tree(two_specs / "src").keys() == before.keys()
    result = run("generate", "other", "--target", "docs")
    assert result.exit_code == 2
    assert "eventwright.toml has no 'docs' among the targets" in result.stderr


def test_output_of_a_spec_that_is_removed_goes_and_no_other(two_specs: Path) -> None:
    run("generate")
    (two_specs / "eventwright.toml").write_text(PROJECT.partition("\n\n")[0], encoding="utf-8")
    result = run("check")
    assert result.exit_code == 1
    assert "--- a/src/other/__init__.py\n+++ /dev/null\n" in result.stdout
    assert run("check", "schema/demo").exit_code == 0
    assert run("generate", "schema/demo").exit_code == 0
    assert "src/other" in outputs(two_specs), "a run over one spec does not know of the others"
    assert run("generate").exit_code == 0
    assert outputs(two_specs) == {"src/demo", "site/docs/demo", "generated/json_schema"}
    assert run("check").exit_code == 0


def test_nothing_is_removed_while_a_spec_cannot_be_read(two_specs: Path) -> None:
    run("generate")
    before = outputs(two_specs)
    notes = two_specs / "schema" / "other" / "notes.yaml"
    notes.write_text("nonsense: 1\n", encoding="utf-8")
    result = run("generate")
    assert result.exit_code == 1
    assert "schema/other/notes.yaml:1:1: error E201" in result.stdout
    assert outputs(two_specs) == before
    notes.write_text(EVENT, encoding="utf-8")
    assert run("check").exit_code == 0


def test_two_specs_that_make_the_same_are_refused(two_specs: Path) -> None:
    shutil.copy(two_specs / "schema" / "demo" / "spec.yaml", two_specs / "schema" / "other")
    result = run("generate")
    assert result.exit_code == 1
    assert (
        "'schema/other' makes 'demo' in 'src', as 'schema/demo' does; give one of them another `name`" in result.stderr
    )
    assert outputs(two_specs) == {"src/demo", "site/docs/demo", "generated/json_schema"}


def test_without_a_project_file_all_in_the_folder_of_specs_are_made(two_specs: Path) -> None:
    (two_specs / "eventwright.toml").unlink()
    assert run("generate").exit_code == 0
    assert run("check").exit_code == 0
    shutil.rmtree(two_specs / "schema" / "other")
    assert run("generate").exit_code == 0
    assert {"generated/demo", "generated/other"} < outputs(two_specs), "it may have been made of a spec elsewhere"


def test_a_project_file_that_cannot_be_used_is_shown_by_every_command(two_specs: Path) -> None:
    (two_specs / "eventwright.toml").write_text(PROJECT.replace("path", "paht", 1), encoding="utf-8")
    for command in (["generate"], ["check"], ["lint"], ["list"], ["watch"], ["new", "event", "answer.read"]):
        result = run(*command)
        assert result.exit_code == 1
        assert "eventwright.toml:2:1: error E904: unknown key 'paht' in a spec" in result.stdout
        assert "= did you mean 'path'?" in result.stdout


def test_diagnostics_of_all_specs_are_one_document(two_specs: Path) -> None:
    for folder in ("demo", "other"):
        (two_specs / "schema" / folder / "notes.yaml").write_text("nonsense: 1\n", encoding="utf-8")
    for command in ("generate", "check", "lint"):
        found = json.loads(run(command, "--format", "json").stdout)["findings"]
        assert {each["file"] for each in found if each["code"] == "E201"} == {
            "schema/demo/notes.yaml",
            "schema/other/notes.yaml",
        }


def test_lists_are_told_apart_by_spec(two_specs: Path) -> None:
    shown = run("list").stdout
    assert shown.index("schema/demo:\n") < shown.index("answer.noted") < shown.index("schema/other:\n")
    assert "Answer is used by in" not in run("list", "uses", "Answer", "--spec", "demo").stdout
    assert "Answer is used by in schema/other:" in run("list", "uses", "Answer").stdout


# --- explain, list, help ---


@pytest.mark.parametrize("code", all_rules())
def test_explain_shows_both_examples(code: str) -> None:
    result = run("explain", code.lower())
    assert result.exit_code == 0
    assert "\nBad:\n" in result.stdout and "\nGood:\n" in result.stdout
    assert all(line.isprintable() for line in result.stdout.splitlines())


def test_explain_names_the_files_and_where_the_whole_examples_are() -> None:
    shown = run("explain", "E501").stdout
    assert shown.count("\n  example.yaml\n    doc: A part of an example.\n    events:\n") == 2
    place = shown.splitlines()[-1].removeprefix("Both are whole specs: see ")
    assert run("lint", f"{place}/good").exit_code == 0
    assert "error E501" in run("lint", f"{place}/bad").stdout


def test_explain_lists_and_suggests() -> None:
    assert len(run("explain").stdout.splitlines()) == len(all_rules())
    assert run("explain", "E000").exit_code == 2


def test_list(project: Path) -> None:
    assert "answer.noted" in run("list").stdout
    assert "Answer" in run("list", "types").stdout
    assert "the state of the stream" in run("list", "uses", "Answer").stdout
    assert "did you mean 'Answer'?" in run("list", "uses", "Answr").stderr
    assert "'uses' needs the NAME" in run("list", "uses").stderr
    assert "did you mean `eventwright list uses Answer`?" in run("list", "types", "Answer").stderr
    assert "did you mean `eventwright list types --spec schema`?" in run("list", "types", "schema").stderr


@pytest.mark.parametrize(
    "command", ["init", "generate", "check", "lint", "explain", "list", "watch", "new event", "schema"]
)
def test_every_help_has_examples_and_exit_codes(command: str) -> None:
    text = run(*command.split(), "--help").stdout
    assert "\n  Examples:\n    eventwright" in text
    assert "\n  Exit codes:\n    0  fine\n" in text


# --- new event ---


def test_a_new_event_keeps_the_rest_and_lints_clean(project: Path) -> None:
    notes = project / "schema" / "demo" / "notes.yaml"
    notes.write_text(EVENT.replace("answer.noted", "answer.note.made"), encoding="utf-8")
    before = notes.read_text(encoding="utf-8").splitlines()
    assert run("new", "event", "answer.note.read").exit_code == 0
    after = notes.read_text(encoding="utf-8").splitlines()
    assert after[:10] == [*before[:8], "", "  answer.note.read:"]
    assert after[-2:] == before[8:] == ["", "types: {}"]
    result = run("lint", "--format", "json")
    assert {found["code"] for found in json.loads(result.stdout)["findings"]} == {"W707"}


def test_a_new_event_that_cannot_be_leaves_no_trace(project: Path) -> None:
    before = tree(project)
    assert run("new", "event", "not\u200ba tag").exit_code == 1
    for arguments, said in (
        (["answer.noted"], "is there already"),
        ([" "], "the TAG is empty"),
        (["answer.read", "--file", "schema/demo/notes.txt"], "would be no file of the spec"),
        (["answer.read", "--file", "schema/demo/.notes.yaml"], "would be no file of the spec"),
    ):
        result = run("new", "event", *arguments)
        assert result.exit_code == 2
        assert said in result.stderr
    assert "error: 'a\\u000ab' was not added" in run("new", "event", "a\nb").stderr
    assert tree(project) == before


@pytest.mark.parametrize(
    ("tag", "file"),
    [
        ("response.output_text.paused", "events/output_text.yaml"),
        ("response.output_text.annotation.removed", "events/output_text.yaml"),
        ("response.mcp_call.paused", "events/mcp.yaml"),
        ("response.paused", "events/lifecycle.yaml"),
        ("ping", "events/stream.yaml"),
    ],
)
def test_a_new_event_goes_to_its_siblings(tag: str, file: str) -> None:
    declared = read_declarations(SPEC, Report())
    assert declared is not None
    near = sibling(declared, tag)
    assert near is not None
    assert near.file.file == (SPEC / file).as_posix()


def test_a_new_event_with_no_siblings_begins_a_file() -> None:
    declared = read_declarations(SPEC, Report())
    assert declared is not None
    assert sibling(declared, "response.video.delta") is None


def test_a_new_event_goes_to_the_only_file_with_events(project: Path) -> None:
    (project / "schema" / "demo" / "notes.yaml").unlink()
    result = run("new", "event", "question.asked.twice")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "to schema/demo/answer.yaml;" in result.stdout


def test_a_new_event_in_a_file_of_its_own(project: Path) -> None:
    result = run("new", "event", "noted..twice", "--spec", "schema/demo")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "schema/demo/more.yaml" in result.stdout
    assert "`eventwright lint schema/demo`" in result.stdout
    assert (project / "schema" / "demo" / "more.yaml").read_text(encoding="utf-8").startswith("title: More\n")


@pytest.mark.parametrize(
    ("tag", "event", "new"),
    [
        (
            "op | action",
            """a: {doc: It begins., fields: {op: {type: '"a"', doc: What it is.}}, example: {op: a}}""",
            "b",
        ),
        (
            "[<subject>, op]",
            """a.a: {doc: It begins., fields: {op: {type: '"a"', doc: It.}}, example: {op: a}}""",
            "a.b",
        ),
        ("<subject>", "a: {doc: It begins., example: {}}", "b"),
        ('"{member}"', "a: {doc: It begins., use: [InRun], example: {a: {run: r1}}}", "b"),
        ("op", "10: {variant: Ten, doc: It begins., example: {op: 10}}", "11"),
        ("op", "true: {variant: Yes, doc: It begins., example: {op: true}}", "false"),
    ],
)
def test_a_new_event_has_its_tag_where_the_others_have_it(project: Path, tag: str, event: str, new: str) -> None:
    told = project / "schema" / "told"
    told.mkdir()
    told.joinpath("spec.yaml").write_text(f"doc: What a service tells.\ntag: {tag}\n", encoding="utf-8")
    groups = "groups: {InRun: {doc: In one of several runs., fields: {run: {type: string, doc: Which one it is.}}}}"
    told.joinpath("told.yaml").write_text(f"doc: What is told.\n{groups}\nevents:\n  {event}\n", encoding="utf-8")
    result = run("new", "event", new, "--spec", "schema/told")
    assert (result.exit_code, result.stderr) == (0, "")
    found = json.loads(run("lint", "schema/told", "--format", "json").stdout)["findings"]
    assert {each["code"] for each in found} - {"W310"} == {"W707"}


@pytest.mark.parametrize(
    ("tag", "content", "said"),
    [
        ("none", "events: {a: {tag: none}}", "list it under 'default'"),
        (
            "data.op",
            """types: {D: {fields: {op: {type: '"a"'}}}}\nevents: {a: {fields: {data: {type: D}}}}""",
            "'data.op'",
        ),
        ("data.{member}", "events: {a: {fields: {data: {type: object}}}}", "stands in 'data'"),
    ],
)
def test_a_new_event_that_only_people_can_write(project: Path, tag: str, content: str, said: str) -> None:
    told = project / "schema" / "told"
    told.mkdir()
    default = "default: a\n" if tag == "none" else ""
    told.joinpath("spec.yaml").write_text(f"tag: {tag}\n{default}", encoding="utf-8")
    told.joinpath("told.yaml").write_text(f"{content}\n", encoding="utf-8")
    before = tree(project)
    result = run("new", "event", "b", "--spec", "schema/told")
    assert result.exit_code == 2
    assert said in result.stderr
    assert tree(project) == before


def test_what_the_system_refuses_is_said_in_a_line(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(source: object, target: object) -> None:
        raise PermissionError(13, "Permission denied", str(target))

    before = tree(project)
    monkeypatch.setattr(os, "replace", refuse)
    result = run("new", "event", "answer.read")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "Error: 'schema/demo/answer.yaml': Permission denied\n"
    assert tree(project) == before


# --- init ---


def test_a_new_project_compiles_and_is_clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("init", "shop")
    assert (result.exit_code, result.stderr) == (0, "")
    written = sorted(tree(tmp_path))
    assert written == ["shop/eventwright.toml", "shop/schema/orders/orders.yaml"]
    assert result.stdout.startswith("".join(f"added {path}\n" for path in written))
    assert "\n  cd shop\n" in result.stdout
    monkeypatch.chdir("shop")
    assert run("generate").exit_code == 0
    assert (Path("generated") / "orders" / "__init__.py").is_file()
    assert run("check", "--strict").exit_code == 0
    assert "to schema/orders/orders.yaml;" in run("new", "event", "order.returned").stdout


def test_a_new_project_overwrites_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    spec = tmp_path / "schema" / "orders" / "orders.yaml"
    spec.parent.mkdir(parents=True)
    spec.write_text("mine", encoding="utf-8")
    result = run("init")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "'schema/orders/orders.yaml' is there already" in result.stderr
    assert tree(tmp_path) == {"schema/orders/orders.yaml": b"mine"}


# --- Hooks of pre-commit ---


def test_the_hooks_fail_where_they_should(project: Path) -> None:
    hooks = {hook["id"]: hook for hook in YAML(typ="safe").load(ROOT / ".pre-commit-hooks.yaml")}
    assert set(hooks) == {"eventwright-lint", "eventwright-check"}
    assert all(hook["language"] == "python" and hook["name"] for hook in hooks.values())

    def exit_codes() -> list[int]:
        commands = [shlex.split(hook["entry"]) for hook in hooks.values()]
        assert all(command[0] == "eventwright" for command in commands)
        return [run(*command[1:]).exit_code for command in commands]

    assert run("generate").exit_code == 0
    assert exit_codes() == [0, 0]
    notes = project / "schema" / "demo" / "notes.yaml"
    notes.write_text(EVENT.replace("made a note", "made another note"), encoding="utf-8")
    assert exit_codes() == [0, 1]
    notes.write_text(EVENT.replace("fold: none", "fold: nothing"), encoding="utf-8")
    assert exit_codes() == [1, 1]


# --- schema ---


def test_the_schema_for_editors() -> None:
    path = Path(run("schema").stdout.removesuffix("\n"))
    assert path.is_absolute()
    assert path.read_text(encoding="utf-8") == run("schema", "--print").stdout
    assert json.loads(run("schema", "--print").stdout)["$schema"]


# --- Running for real ---


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 here")
def test_kill_9_while_it_generates_at_twenty_moments(project: Path) -> None:
    def change(number: int) -> None:
        text = EVENT.replace("made a note", f"made note number {number}")
        (project / "schema" / "demo" / "notes.yaml").write_text(text, encoding="utf-8")

    began = time.monotonic()
    assert finished(start("generate", folder=project)) == 0
    whole = time.monotonic() - began
    for moment in range(20):
        change(moment)
        process = start("generate", folder=project)
        time.sleep(whole * (0.2 + 0.9 * moment / 20))
        process.kill()
        finished(process)
        result = run("generate")
        assert result.exit_code == 0, result.output
        assert run("check", "--strict").exit_code == 0
    assert sorted(path.name for path in project.iterdir()) == ["generated", "schema"]


def test_two_at_once_leave_one_whole_output(project: Path) -> None:
    processes = [start("generate", folder=project) for _ in range(3)]
    assert [finished(process) for process in processes] == [0, 0, 0]
    assert run("check", "--strict").exit_code == 0


def test_a_spec_that_changes_while_it_is_read_is_read_again(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notes = project / "schema" / "demo" / "notes.yaml"
    runs: list[object] = []

    def slow(folder: Path, templates: list[Path], chosen: list[Target]) -> object:
        result = compile_spec(folder, templates, chosen)
        if not runs:
            notes.write_text(EVENT.replace("made a note", "changed its mind"), encoding="utf-8")
        runs.append(result)
        return result

    monkeypatch.setattr("eventwright.pipeline.compile_spec", slow)
    assert run("generate").exit_code == 0
    assert len(runs) == 2
    digest = inputs.input_hash(Path("schema/demo"), [resources.templates()])
    assert writer.current(Path("generated"), target_names(), digest) is not None


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ")
def test_watch_reports_errors_and_goes_on(project: Path) -> None:
    process = start("watch", "--interval", "0.05", folder=project)
    notes = project / "schema" / "demo" / "notes.yaml"
    index = project / "generated" / "docs" / "demo" / "index.md"
    # A machine may be slow, but what never comes must not be waited for.
    guard = threading.Timer(120, process.kill)
    guard.start()

    def until_generated(text: str) -> None:
        while not (index.exists() and text in index.read_text(encoding="utf-8")):
            assert process.poll() is None, f"'{text}' did not turn up"
            time.sleep(0.05)

    try:
        until_generated("made a note")
        notes.write_text("nonsense: 1\n", encoding="utf-8")
        assert process.stdout is not None
        assert any(b"error E201" in line for line in process.stdout)
        notes.write_text(EVENT.replace("made a note", "made a remark"), encoding="utf-8")
        until_generated("made a remark")
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate()
        guard.cancel()
    assert process.returncode == 0
