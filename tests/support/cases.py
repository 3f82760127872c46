"""What a folder of `tests/cases` says about itself."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from . import CASES


@dataclass(frozen=True, slots=True)
class Case:
    """A spec and what is to come of it.

    Attributes:
        why: One sentence: why the case is there.
        facts: What stands above it, a line for each: `setting: answer` for files that many specs share, `shows:`.
    """

    folder: Path
    why: str
    facts: dict[str, str]

    @property
    def name(self) -> str:
        return self.folder.name

    def copy_to(self, folder: Path) -> None:
        """Lay the case out as its author would have it, with `spec/` whole: what the setting has comes first."""
        if "setting" in self.facts:
            shutil.copytree(CASES / "_settings" / self.facts["setting"], folder / "spec")
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)


def read_case(folder: Path) -> Case:
    """Read `why.md`: the facts, an empty line, the sentence; or the sentence alone."""
    text = (folder / "why.md").read_text(encoding="utf-8")
    head, _, why = text.rpartition("\n\n")
    facts = dict(line.split(": ", 1) for line in head.splitlines())
    return Case(folder, why, facts)


def all_cases() -> list[Case]:
    return [read_case(file.parent) for file in sorted(CASES.glob("*/why.md"))]
