"""What a target is: a kind of output that is made from the model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TypeAlias

from ..diagnostics.values import Report
from ..model import ir
from ..output.render import Page


@dataclass(frozen=True, slots=True)
class Snippet:
    """Code that shows how a reader uses an event.

    Attributes:
        title: What is shown, as a heading.
        language: What the code is written in, as Markdown names it.
    """

    title: str
    language: str
    code: str


@dataclass(frozen=True, slots=True)
class Job:
    """What a target makes its output from.

    Attributes:
        snippets: What the targets of the same run show of an event.
    """

    spec: ir.Spec
    snippets: Callable[[ir.Event], tuple[Snippet, ...]]


class Unusable(Exception):
    """What a template has made cannot be used; the message says why, on one line."""


Pages: TypeAlias = Callable[[Job], Iterator[Page]]
Check: TypeAlias = Callable[[ir.Spec, Report], None]


def _no_files(_: ir.Spec) -> Mapping[PurePosixPath, str]:
    return {}


def _anything(_path: PurePosixPath, _text: str) -> None:
    return


def _as_it_is(_: PurePosixPath, text: str) -> str:
    return text


@dataclass(frozen=True, slots=True)
class Target:
    """A kind of output.

    Attributes:
        name: What people call it in `eventwright.toml` and on the command line.
        pages: Gives what is to be rendered.
        files: Gives what is copied as it is, by path.
        polish: Gives the text of a file as it is written, from its path and what its template made.
        verify: Raises `Unusable` for the text of a file that is not what its path says. Asked only about templates of
            somebody's own: those that ship are known to be right.
        snippet: Shows how an event is used, None where there is nothing to show.
        rules: What this target cannot make, for specs that are fine otherwise.
    """

    name: str
    pages: Pages
    files: Callable[[ir.Spec], Mapping[PurePosixPath, str]] = _no_files
    polish: Callable[[PurePosixPath, str], str] = _as_it_is
    verify: Callable[[PurePosixPath, str], None] = _anything
    snippet: Callable[[ir.Spec, ir.Event], Snippet] | None = None
    rules: tuple[Check, ...] = ()
