"""The larger specs that the benchmarks make are specs."""

from __future__ import annotations

from pathlib import Path

from bench.growing import grow
from eventwright.pipeline import read_spec
from support import SPEC


def test_a_spec_of_twice_the_size_has_no_errors(tmp_path: Path) -> None:
    events = grow(SPEC, tmp_path / "spec", 2)
    spec, report = read_spec(tmp_path / "spec")
    assert spec is not None, report.diagnostics
    assert len(spec.events) == events
