"""The target `python`: a package that people copy into their own code."""

from __future__ import annotations

from collections.abc import Iterator

from ...output.render import Page
from ..target import Job, Target
from . import builders, lint, lint_rules, package, stream
from .rules import RULES
from .snippet import snippet
from .text import polish, verify


def _pages(job: Job) -> Iterator[Page]:
    yield from package.pages(job.spec)
    yield from stream.pages(job.spec)
    yield from lint.pages(job.spec)
    yield from lint_rules.pages(job.spec)
    yield from builders.pages(job.spec)


TARGET = Target("python", _pages, package.runtime_files, polish, verify, snippet, RULES)
