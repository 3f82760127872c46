"""Templates read from top to bottom like their output: no decisions, no trimming, no state."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support import ROOT, TEMPLATES

FILES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.jinja"))


@pytest.mark.parametrize("file", FILES)
def test_a_template_makes_no_decision(file: str) -> None:
    text = (TEMPLATES / file).read_text(encoding="utf-8")
    assert "{%-" not in text, "trims by hand"
    assert "-%}" not in text, "trims by hand"
    assert "{% macro" not in text, "put it into a file whose name begins with an underscore"
    assert "{% set" not in text, "compute it in the view"
    assert "namespace(" not in text, "compute it in the view"
    for expression in re.findall(r"{%\s*(?:el)?if (.*?)%}", text):
        assert re.fullmatch(r"\s*(not )?(loop\.\w+|[\w.]+)\s*", expression), f"decide '{expression}' in the view"


@pytest.mark.parametrize("file", FILES)
def test_a_template_is_used(file: str) -> None:
    sources = [*(ROOT / "generator" / "eventwright").rglob("*.py"), *TEMPLATES.rglob("*.jinja")]
    name = Path(file).name
    # A page that is the same for every spec is named by what it becomes.
    names = (name, name.removesuffix(".jinja")) if ".md" in name or ".yml" in name else (name,)
    texts = [source.read_text(encoding="utf-8") for source in sources if source.name != name]
    # The three folders of generated tables have one template each, named after them.
    used = any(each in text for text in texts for each in names)
    assert used or name.endswith("_init.py.jinja"), f"no view and no template mentions {name}"
