"""Pages that a project adds to the site: where they are, what leads to them, and what is made of a program."""

from __future__ import annotations

import ast
import functools
import posixpath
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from eventwright.cli.main import main
from eventwright.pipeline import compile_spec
from eventwright.project import read_project
from eventwright.targets import target_names
from eventwright.website.additions import Added, Addition, leading
from eventwright.website.programs import ProgramError, program_view
from eventwright.website.sources import CONFIG, Compiled, sources
from support import ROOT, SCHEMA, TEMPLATES

DOCS = PurePosixPath("docs")
PAGES = DOCS / "project-pages"
PROJECT = read_project(ROOT / "eventwright.toml", target_names())
FIGURES = PurePosixPath("bench/figures.md")


def _text(file: PurePosixPath) -> str:
    return (ROOT / file).read_text(encoding="utf-8")


@functools.cache
def _site() -> Mapping[PurePosixPath, str]:
    """What the site is built from with all programs of the project and one page in Markdown."""
    result = compile_spec(SCHEMA / "openai_responses")
    assert result.spec is not None
    compiled = [Compiled(result.spec, result.outputs["docs"], result.outputs["python"])]
    programs = [Addition(file, _text(file)) for file in PROJECT.pages[0].files]
    figures = Addition(
        FIGURES, "# Figures of `it`\n\n| a |\n| - |\n\nWhat came out. See more.\n", ("responses_events",)
    )
    return sources(
        compiled, "All", [TEMPLATES], [Added("Programs", tuple(programs)), Added("Measured & told", (figures,))]
    )


def test_every_program_of_the_project_has_a_page() -> None:
    named = [file for pages in PROJECT.pages for file in pages.files if file.suffix == ".py"]
    assert sorted(map(str, named)) == sorted(f"examples/{path.name}" for path in (ROOT / "examples").glob("*.py"))


def test_they_have_parts_of_the_navigation() -> None:
    *_, programs, measured = YAML(typ="safe").load(_site()[CONFIG])["nav"]
    assert programs["Programs"][0] == {"print_answer.py": "project-pages/examples/print_answer.md"}
    assert measured == {"Measured &amp; told": [{"Figures of it": "project-pages/bench/figures.md"}]}


@pytest.mark.parametrize("list_of_all", ["index.md", "llms.txt"])
def test_the_home_page_and_the_list_for_language_models_have_them(list_of_all: str) -> None:
    text = _site()[DOCS / list_of_all]
    assert (
        "- [`proxy_chat.py`](project-pages/examples/proxy_chat.md): Serves the Responses API with the answers of a "
        "server that speaks Chat Completions.\n"
    ) in text
    assert "- [Figures of `it`](project-pages/bench/figures.md): What came out.\n" in text


def test_pages_about_the_same_spec_lead_to_them() -> None:
    for page in ("index.md", "check.md"):
        text = _site()[DOCS / "responses_events" / page]
        assert text.endswith(
            "\n\n## See also\n\n- [Figures of `it`](../project-pages/bench/figures.md): What came out.\n"
        )
    assert "## See also" not in _site()[DOCS / "responses_events" / "rules.md"]


def test_guides_lead_to_the_programs_that_they_name() -> None:
    link = "[`examples/serve_responses.py`](project-pages/examples/serve_responses.md)"
    assert link in _site()[DOCS / "serve-a-stream.md"]


def test_code_leads_nowhere() -> None:
    page = Addition(PurePosixPath("examples/a.py"), '"""A."""\n')
    text = (
        "See `examples/a.py`.\n\n```sh\necho `examples/a.py`\n```\n\n[`examples/a.py`](elsewhere.md) `examples/b.py`\n"
    )
    assert leading(text, PurePosixPath("demo/index.md"), [page]) == text.replace(
        "See `examples/a.py`", "See [`examples/a.py`](../project-pages/examples/a.md)"
    )


def test_links_of_the_pages_lead_to_files_that_there_are() -> None:
    files = _site()
    for path in files:
        if path.is_relative_to(PAGES) and path.suffix == ".md":
            for link in re.findall(r"\]\(([^)#]+)", files[path]):
                assert PurePosixPath(posixpath.normpath(path.parent / link)) in files, f"{path} links to {link}"


@pytest.mark.parametrize("file", PROJECT.pages[0].files, ids=lambda file: file.name)
def test_a_page_has_all_of_its_program(file: PurePosixPath) -> None:
    page = _site()[PAGES / file.with_suffix(".md")]
    shown = "\n".join(re.findall(r"^```python\n(.*?)^```", page, re.DOTALL | re.MULTILINE))
    tree = ast.parse(_text(file))
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            doc = ast.get_docstring(node)
            if doc is not None and (node is tree or node in tree.body):
                del node.body[0]
                for line in doc.splitlines():
                    assert not line or line.split("*")[0] in page.replace("\\", ""), "docstrings are told"
    assert ast.dump(ast.parse(shown)) == ast.dump(tree)
    assert _site()[PAGES / file.parent / f"{file.name}.txt"] == _text(file)


def test_a_page_leads_to_what_its_program_uses() -> None:
    page = _site()[PAGES / "examples" / "read_httpx.md"]
    assert "- Python packages: `httpx`, [`responses_events`](../../responses_events/package.md)\n" in page
    assert (
        "- Of the streams: "
        "[`ResponseTextDeltaEvent`](../../responses_events/events/response.output_text.delta.md), "
        "[`Accumulator`](../../responses_events/package.md#responses_events.stream.Accumulator), "
    ) in page


def test_what_stands_between_definitions_is_named_by_what_it_assigns() -> None:
    text = (
        '"""Tea."""\nimport sys\n\nKIND: str = "green"\n# Two of them.\nA = B = 2\n\n\n'
        "def make():\n    return KIND\n\n\nmake()\n"
    )
    view = program_view(PurePosixPath("tea.py"), text, {})
    assert [(part.heading, part.code) for part in view.parts] == [
        ("What it imports", "import sys"),
        ("`KIND`, `A`, `B`", 'KIND: str = "green"\n# Two of them.\nA = B = 2'),
        ("`make`", "def make():\n    return KIND"),
        ("What it does", "make()"),
    ]
    assert view.needs == "none"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("print('tea')\n", "tea.py:1: a program without a docstring; say at its top what it shows and how it is run"),
        ('"""Tea."""\n\ndef\n', "tea.py:3: no Python that can be read: invalid syntax; mend the program"),
    ],
)
def test_a_program_without_a_page_is_refused(text: str, message: str) -> None:
    with pytest.raises(ProgramError) as caught:
        program_view(PurePosixPath("tea.py"), text, {})
    assert str(caught.value) == message


def test_what_is_wrong_with_a_page_ends_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "spec").symlink_to(SCHEMA / "gemini")
    (tmp_path / "eventwright.toml").write_text(
        '[[spec]]\npath = "spec"\n[[pages]]\ntitle = "Tea"\nfiles = ["tea.md"]\n'
    )
    (tmp_path / "tea.md").write_bytes(b"\xff")
    monkeypatch.chdir(tmp_path)
    pytest.importorskip("zensical")
    result = CliRunner().invoke(main, ["docs"])
    assert result.exit_code == 1
    assert "'tea.md' is not UTF-8; save it as UTF-8" in result.stderr
