"""The site: what it is built from, and when it is not built. What a browser makes of it, `make test-docs` tests."""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import io
import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from eventwright.cli.main import main
from eventwright.output import resources
from eventwright.pipeline import compile_spec
from eventwright.website import building
from eventwright.website.sources import CONFIG, Compiled, sources
from support import ROOT, SCHEMA, TEMPLATES

Files = Mapping[PurePosixPath, str]
SPECS = ("openai_responses", "gemini", "openai_realtime/client")
DOCS = PurePosixPath("docs")


@functools.cache
def _files(*specs: str) -> Files:
    results = [compile_spec(SCHEMA / spec) for spec in specs]
    compiled = [
        Compiled(result.spec, result.outputs["docs"], result.outputs["python"]) for result in results if result.spec
    ]
    assert len(compiled) == len(specs)
    return sources(compiled, "All <of> it", [TEMPLATES])


def _nav(files: Files) -> list[object]:
    nav = YAML(typ="safe").load(files[CONFIG])["nav"]
    assert isinstance(nav, list)
    return nav


def _targets(nav: object) -> Iterator[str]:
    if isinstance(nav, str):
        yield nav
    elif isinstance(nav, list):
        for entry in nav:
            yield from _targets(entry)
    elif isinstance(nav, dict):
        for below in nav.values():
            yield from _targets(below)


@pytest.mark.parametrize("specs", [SPECS, SPECS[:1]], ids=["several", "one"])
def test_the_navigation_has_every_page_once(specs: tuple[str, ...]) -> None:
    files = _files(*specs)
    pages = [str(path.relative_to(DOCS)) for path in files if path.suffix == ".md" and path.is_relative_to(DOCS)]
    assert sorted(_targets(_nav(files))) == sorted(pages)


def test_several_specs_have_a_part_each() -> None:
    home, streams, guides = _nav(_files(*SPECS))
    assert home == {"Home": "index.md"}
    assert isinstance(streams, dict)
    assert [next(iter(part)) for part in streams["Streams"]] == [
        "OpenAI Responses API stream",
        "Gemini stream",
        "OpenAI Realtime API, from the client",
    ]
    # The overview is the page of the part itself.
    assert streams["Streams"][0]["OpenAI Responses API stream"][0] == "responses_events/index.md"
    assert isinstance(guides, dict)


def test_one_spec_is_at_the_top() -> None:
    titles = [title for entry in _nav(_files(*SPECS[:1])) if isinstance(entry, dict) for title in entry]
    assert titles[:4] == ["Home", "Overview", "Order", "Events"]
    assert titles[-2:] == ["Python package", "Guides"]


def test_the_home_page_leads_to_every_spec_and_guide() -> None:
    files = _files(*SPECS)
    home = files[DOCS / "index.md"]
    for link in ("responses_events/index.md", "gemini_events/index.md", "other-streams.md", "spec-language.md"):
        assert f"]({link})" in home
    assert home.startswith("# All &#60;of&#62; it\n")
    assert YAML(typ="safe").load(files[CONFIG])["site_name"] == "All \u2039of\u203a it"


def test_what_is_for_language_models_leads_to_pages_that_there_are() -> None:
    files = _files(*SPECS)
    lists = [path for path in files if path.name == "llms.txt"]
    assert len(lists) == len(SPECS) + 1
    for path in lists:
        links = re.findall(r"\]\(([^)]+)\)", files[path])
        assert links
        for link in links:
            assert PurePosixPath(posixpath.normpath(path.parent / link)) in files, f"{path} links to {link}"


@pytest.mark.parametrize("spec", sorted(resources.shipped_specs()))
def test_the_examples_of_a_package_run(spec: str) -> None:
    files = _files(spec)
    (page,) = (text for path, text in files.items() if path.name == "package.md")
    printed, known = io.StringIO(), {"__name__": "example"}
    with contextlib.redirect_stdout(printed):
        for code in re.findall(r"^```python\n(.*?)^```", page, re.DOTALL | re.MULTILINE):
            exec(code, known)
    told = re.findall(r"^```text\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    assert told
    assert printed.getvalue().startswith("".join(told))


def test_the_page_of_a_package_has_what_programs_import() -> None:
    page = _files(*SPECS)[DOCS / "responses_events" / "package.md"]
    for name in ("decode", "problems", "DecodeError", "stream.iter_events", "stream.Accumulator", "lint.lint"):
        assert f"\n::: responses_events.{name}\n" in page
    assert "ResponseCreatedEvent\n" not in page


def test_classes_and_spec_files_are_linked() -> None:
    files = _files(*SPECS)
    page = files[DOCS / "responses_events" / "events" / "response.created.md"]
    assert "\n- Class: [`ResponseCreatedEvent`](../sources/events/lifecycle.py.txt)\n" in page
    assert "\n- Spec file: [`events/lifecycle.yaml`](../sources/events/lifecycle.yaml.txt)\n" in page
    sources_of_it = DOCS / "responses_events" / "sources" / "events"
    assert "response.created:" in files[sources_of_it / "lifecycle.yaml.txt"]
    assert "class ResponseCreatedEvent" in files[sources_of_it / "lifecycle.py.txt"]


def test_scripts_and_styles_are_there() -> None:
    files = _files(*SPECS)
    config = YAML(typ="safe").load(files[CONFIG])
    named = [*config["extra_css"], *config["extra_javascript"], *config["extra"]["polyfills"]]
    assert named
    assert all(DOCS / name in files for name in named)


def test_the_shim_brings_its_licence() -> None:
    assert "The above copyright notice and this permission notice" in (
        ROOT / "templates" / "website" / "iframe-worker.js"
    ).read_text(encoding="utf-8")


def test_without_the_builder_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    result = CliRunner().invoke(main, ["docs", str(SCHEMA / "gemini")])
    assert result.exit_code == 1
    assert "is not installed; run: pip install 'eventwright[docs]'" in result.stderr


def test_a_folder_with_something_else_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    (tmp_path / "mine").touch()
    with pytest.raises(building.SiteError, match="holds something else than a site; empty it, or choose another --out"):
        building.look(tmp_path)
    (tmp_path / "search.json").write_text(json.dumps({}), encoding="utf-8")
    building.look(tmp_path)


def test_errors_of_a_spec_are_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    spec = tmp_path / "demo"
    spec.mkdir()
    (spec / "demo.yaml").write_text(
        "title: Demo\ndoc: A demo.\nevents: {a: {doc: One., fields: {x: {type: strng, doc: X.}}}}\n"
    )
    result = CliRunner().invoke(main, ["docs", str(spec), "--out", str(tmp_path / "site")])
    assert result.exit_code == 1
    assert "strng" in result.stdout
    assert not (tmp_path / "site").exists()
