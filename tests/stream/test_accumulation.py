"""Recorded streams without their ends: the deltas amount to what the final `Response` says."""

from __future__ import annotations

import pytest

from support import CORPUS, needs_corpus
from support.fidelity import Fidelity, main, measure

pytestmark = needs_corpus


@pytest.fixture(scope="module")
def fidelity() -> Fidelity:
    return measure(CORPUS / "streams")


def test_texts_equal_the_recorded_ones(fidelity: Fidelity) -> None:
    for provider, cut in fidelity.compared:
        least = 0.99 if provider in ("openai", "azure") else 0.95
        assert fidelity.share(provider, cut) >= least, fidelity.differences[provider, cut]


def test_there_is_something_to_compare(fidelity: Fidelity) -> None:
    assert fidelity.compared["openai", "without .done"] >= 40
    assert fidelity.compared["azure", "without .done"] >= 10
    assert sum(fidelity.not_streamed.values()) < sum(fidelity.compared.values()) / 20


def test_the_command_prints_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0
    assert "openai       without .done" in capsys.readouterr().out
