"""The guides: a reader who does all that a page says sees what the page shows."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from eventwright.targets.docs.guides import GUIDES
from responses_events.lint import lint
from responses_events.stream import iter_events
from support import GENERATED, ROOT
from support.asgi_server import serving
from support.following import blocks, commands, is_file, put, run

PAGES = {guide.file: (GENERATED / "docs" / guide.file).read_text(encoding="utf-8") for guide in GUIDES}
FOLLOWED = sorted(PAGES.keys() - {"other-streams.md", "serve-a-stream.md", "spec-language.md"})
"""The pages of which each is one story; the others have tests of their own."""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    found = commands(tmp_path_factory.mktemp("commands"))
    people = {f"GIT_{role}_{what}": "reader" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return {**found, **people, "GIT_CONFIG_GLOBAL": os.devnull}


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What a clone of the project has that pages speak of."""
    package = "generated/responses_events"
    shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("examples", "schema"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


def sdk_client() -> object:
    """Give a client of the SDK to which a server answers with the recording; skip where there is no SDK."""
    openai = pytest.importorskip("openai", reason="openai is not installed, which not every Python can have")
    httpx = pytest.importorskip("httpx")
    answer = (ROOT / "examples" / "answer.sse").read_bytes()
    served = httpx.MockTransport(
        lambda request: httpx.Response(200, content=answer, headers={"content-type": "text/event-stream"})
    )
    return openai.OpenAI(api_key="none", http_client=httpx.Client(transport=served))


class Followed(NamedTuple):
    """What a reader has who has done all that a page says.

    Attributes:
        known: What the session in Python has in the end.
        project: The folder in which the reader is then.
        programs: All Python of the page, by a name for each program: every file as it came, and the session as one.
    """

    known: dict[str, Any]
    project: Path
    programs: dict[str, str]


def follow(page: str, project: Path, environment: dict[str, str], **known: Any) -> Followed:
    """Do what a page says; what is no file and no command is a part of one session in Python.

    Args:
        page: Its file.
        project: The folder in which the reader begins.
        environment: That of the commands.
        known: What the session has from the start.
    """
    known["__name__"] = page
    programs: dict[str, str] = {}
    session: list[str] = []
    printed = ""
    for language, text in blocks(PAGES[page]):
        if language == "text":
            assert text
            assert printed.rstrip("\n") == text.rstrip("\n")
            printed = ""
            continue
        assert not printed, "the page shows all that is printed"
        if language == "sh":
            said = run(text, project, environment)
            # What follows says more than what a new project is greeted with.
            printed = "" if text.startswith("eventwright init ") else said
            for folder in re.findall(r"^cd (.+)$", text, re.MULTILINE):
                project /= folder
        elif language == "diff":
            subprocess.run(["git", "apply", "-"], input=text, cwd=project, text=True, check=True)
        elif is_file(text):
            put(text, project)
            if language == "python":
                programs[f"program_{len(programs)}"] = text
        else:
            assert language == "python", text
            session.append(text)
            with contextlib.redirect_stdout(io.StringIO()) as shown:
                exec(compile(text, page, "exec"), known)
            printed = shown.getvalue()
    assert not printed, "the page shows all that is printed"
    return Followed(known, project, programs | ({"session": "\n".join(session)} if session else {}))


def assert_typed(programs: Mapping[str, str], project: Path) -> None:
    """See that mypy finds nothing in what a page shows, with the packages of a project."""
    for name, text in programs.items():
        (project / f"{name}.py").write_text(text, encoding="utf-8")
    options = ["--strict", "--python-version=3.10", f"--config-file={os.devnull}", f"--cache-dir={os.devnull}"]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, *(f"{name}.py" for name in programs)],
        cwd=project,
        env={**os.environ, "MYPYPATH": os.pathsep.join(["generated", "src"])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", FOLLOWED)
def test_a_guide_leads_where_it_says(
    page: str, clone: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(clone)
    monkeypatch.syspath_prepend(clone)
    given = {"client": sdk_client()} if page == "from-openai-python.md" else {}
    followed = follow(page, clone, environment, **given)
    if given:
        followed.programs["session"] = f"from openai import OpenAI\n\nclient = OpenAI()\n{followed.programs['session']}"
    assert_typed(followed.programs, followed.project)


def test_a_valid_stream_is_served(tmp_path: Path) -> None:
    pytest.importorskip("starlette")
    requests = pytest.importorskip("requests")
    followed = follow("serve-a-stream.md", tmp_path, {})
    with serving(followed.known["app"]) as address:
        for question, end in (("tea?", "completed"), ("fail", "failed")):
            answer = requests.post(f"{address}/responses", data=json.dumps({"input": question}), timeout=20)
            events = list(iter_events([answer.content]))
            assert lint(events) == []
            assert events[-1].type == f"response.{end}"
    shutil.copytree(GENERATED / "responses_events", tmp_path / "generated" / "responses_events")
    assert_typed(followed.programs, tmp_path)


@pytest.mark.parametrize("page", PAGES)
def test_guides_lead_to_guides_alone(page: str) -> None:
    """The docs of any spec have them, and none of those that ship may be there."""
    links = re.findall(r"\]\(([^)]+)\)", PAGES[page])
    assert {link.partition("#")[0] for link in links} <= {"", *PAGES}
    assert "://" not in PAGES[page]
