"""What tests share. Importing this package needs no compiler: the tests of the generated package run without one."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SPEC = ROOT / "schema" / "openai_responses"
TEMPLATES = ROOT / "templates"
GENERATED = ROOT / "generated"
CASES = ROOT / "tests" / "cases"
