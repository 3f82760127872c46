"""What is in the prose of a spec."""

from __future__ import annotations

import re

_SENTENCE_END = re.compile(r"[.!?] ")
_ABBREVIATIONS = ("e.g.", "i.e.")


def first_sentence(text: str) -> str:
    """Give the first sentence of a text on one line; a full stop within `code` does not end it."""
    line = " ".join(text.split())
    for end in _SENTENCE_END.finditer(line):
        sentence = line[: end.start() + 1]
        if sentence.count("`") % 2 == 0 and not sentence.endswith(_ABBREVIATIONS):
            return sentence
    return line
