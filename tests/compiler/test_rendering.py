"""What Jinja makes of templates is kept where that can be, and never stands in for a template that has changed."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from eventwright.output.render import Page, Renderer

PAGE = Page(PurePosixPath("hello.txt"), "hello.txt.jinja", "Ann")


def rendered(templates: Path, text: str) -> str:
    (templates / "hello.txt.jinja").write_text(text, encoding="utf-8")
    return Renderer([templates]).render(PAGE)


def test_a_template_that_changes_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert [rendered(tmp_path, text) for text in ("Hello {{ page }}", "Hello {{ page }}", "Bye {{ page }}")] == [
        "Hello Ann",
        "Hello Ann",
        "Bye Ann",
    ]
    (kept,) = (tmp_path / "cache" / "eventwright" / "templates").iterdir()
    kept.write_bytes(b"broken")
    assert rendered(tmp_path, "Bye {{ page }}") == "Bye Ann"


def test_nothing_has_to_be_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert rendered(tmp_path, "Hello {{ page }}") == "Hello Ann"
    monkeypatch.delenv("XDG_CACHE_HOME")

    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    assert rendered(tmp_path, "Hello {{ page }}") == "Hello Ann"
