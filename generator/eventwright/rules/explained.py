"""The examples of each rule: whole specs, as files, one that breaks the rule and one that does not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_CATALOGUE = Path(__file__).parent / "catalogue"


@dataclass(frozen=True, slots=True)
class Examples:
    """The examples of a rule.

    Attributes:
        bad: Folder of a spec that breaks the rule. What is below `templates/` in it goes before the templates that
            ship, and what is below `generated/` was put there after the compiler had run.
        good: Folder of a spec that does not.
    """

    bad: Path
    good: Path

    def shown(self, folder: Path) -> dict[str, str]:
        """Give the files of one example that the other does not have as they are, by their paths.

        Bytes that are not UTF-8 stand as lone surrogates.
        """
        others = _texts(self.good if folder == self.bad else self.bad)
        return {path: text for path, text in _texts(folder).items() if others.get(path) != text}


def examples(code: str) -> Examples:
    """Give the examples of a rule by its code."""
    return Examples(_CATALOGUE / code / "bad", _CATALOGUE / code / "good")


def _texts(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes().decode("utf-8", "surrogateescape") for path in files}
