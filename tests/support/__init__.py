"""What tests share: where things are, and in the modules what makes them.

Importing this package makes the generated one importable. It needs no compiler: the tests of the generated package run
without one.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "schema"
SPEC = SCHEMA / "openai_responses"
TEMPLATES = ROOT / "templates"
GENERATED = ROOT / "generated"
CASES = ROOT / "tests" / "cases"

CORPUS = Path(os.environ.get("EVENTWRIGHT_CORPUS") or ROOT / "no corpus").resolve()
"""Recorded streams, which are not part of the project."""

needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="EVENTWRIGHT_CORPUS names no folder of recorded streams")

# At the end, so that PYTHONPATH can name another copy of the package.
sys.path.append(str(GENERATED))
