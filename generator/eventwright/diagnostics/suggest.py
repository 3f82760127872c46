"""Guesses the known name that is meant by one that nobody knows."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable

_WORD = re.compile("[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_CLOSE = 0.7
"""Share of letters or words that two names must have in common for one to be meant by the other."""


_COMPARISONS = 100_000
"""How many names may be compared where one mistake may be made thousands of times."""


def closest(name: str, known: Iterable[str]) -> str | None:
    """Give the known name that is probably meant, None when none is close."""
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(name.casefold())
    words = Counter(_words(name))
    best, found = (_CLOSE, 0.0), None
    for candidate in sorted(set(known)):
        matcher.set_seq1(candidate.casefold())
        alike = _shared(words, Counter(_words(candidate)))
        if max(alike, matcher.quick_ratio()) < best[0]:
            continue
        letters = matcher.ratio()
        if (max(alike, letters), letters) > best:
            best, found = (max(alike, letters), letters), candidate
    return found


class Guesses:
    """Guesses as the functions here do, until that has taken some seconds; from then on nothing is close."""

    def __init__(self) -> None:
        self._left = _COMPARISONS

    def closest(self, name: str, known: Iterable[str]) -> str | None:
        """Give the known name that is probably meant, None when none is close."""
        names = list(known)
        if len(names) > self._left:
            return None
        self._left -= len(names)
        return closest(name, names)

    def did_you_mean(self, name: str, known: Iterable[str]) -> str:
        """Give a hint that names the closest of the known names, empty when none is close."""
        meant = self.closest(name, known)
        return f"did you mean '{meant}'?" if meant is not None else ""


def _words(name: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(name)]


def _shared(words: Counter[str], others: Counter[str]) -> float:
    """Give the share of words that two names have in common, in whatever order; one alone says nothing."""
    common = (words & others).total()
    return 2 * common / (words.total() + others.total()) if common > 1 else 0.0


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Give a hint that names the closest of the known names, empty when none is close."""
    meant = closest(name, known)
    return f"did you mean '{meant}'?" if meant is not None else ""
