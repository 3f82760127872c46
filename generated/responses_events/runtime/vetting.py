"""Holds whole recordings to the rules of the stream, and to those about what a frame may hold."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from .bodies import not_a_stream
from .errors import DecodeError, NotAStreamError, Problem
from .findings import Finding, RuleDoc
from .lifecycle import Lifecycle, Profile
from .linting import StreamLinter, named, with_extra
from .model import Model, UnknownEvent
from .recorded import RecordedText, located
from .recordings import Boundaries
from .reporting import FileReport, number

FRAME = "frame"
SCHEMA = "schema"

FILE_RULES: Mapping[str, RuleDoc] = {
    FRAME: RuleDoc(
        kind=FRAME,
        severity="error",
        place="stream",
        statement="Every frame holds a JSON object.",
        why="Clients cannot read the frame: some end the stream there, and others pass over it.",
        seen="Text is cut at a limit, put into the frame without being escaped, or the frame of an error is no JSON.",
        fix="Write each event with a JSON library, on one line, and errors in the same form.",
    ),
    SCHEMA: RuleDoc(
        kind=SCHEMA,
        severity="error",
        place="stream",
        statement="Every event has the members that it must have, with values of the declared types.",
        why="Clients with generated or declared types refuse the event, or have a gap where they expect a value.",
        seen="Members that seem to say nothing are left out, and what is not known is null.",
        fix="Send all members that are declared as required, empty where there is nothing to say.",
    ),
}
"""The rules that are about what the file holds, whatever the events mean."""


class Checks(NamedTuple):
    """What there is to know of a package."""

    package: str
    """Its name."""

    lifecycle: Lifecycle
    """What a valid stream is."""

    rules: Mapping[str, RuleDoc]
    """What there is to say about each rule."""

    profiles: Mapping[str, Profile]
    """The providers that are forgiven something."""

    decode: Callable[..., Any]
    """Its tolerant decoder."""

    problems: Callable[[Any], list[Problem]]
    """Its checker."""

    boundaries: Callable[[], Boundaries]
    """Makes what sees where a stream begins."""

    done: Collection[str]
    """Texts that say that a stream is done."""

    lined: bool
    """Whether the decoder takes the `event:` line, as the argument `tag`."""

    def linter(self, profile: str | None, extra: Collection[str] = ()) -> StreamLinter:
        """Make a linter.

        Args:
            profile: Name of a provider whose streams are forgiven what is known of them.
            extra: Ids of rules that are off, and are to be applied.

        Raises:
            ValueError: There is no profile of that name, or no such rule.
        """
        rules = with_extra(self.rules, extra)
        return StreamLinter(self.lifecycle, rules, named(profile, self.profiles), self.decode)

    def unknown(self, count: int) -> str:
        """Say that the events of a stream are those of something else."""
        return f"{number(count, 'event')}, none of them one that `{self.package}` knows"


def vet(
    checks: Checks,
    name: str,
    body: bytes,
    *,
    profile: str | None = None,
    extra: Collection[str] = (),
    schema: bool = False,
) -> FileReport:
    """Find what is wrong with the streams in a file.

    Args:
        checks: What there is to know of the package.
        name: Name of the file.
        body: All that is in it.
        profile: Name of a provider whose streams are forgiven what is known of them.
        extra: Ids of rules that are off, and are to be applied.
        schema: Whether to report what strict decoding refuses, too.

    Raises:
        NotAStreamError: There is no event in it that is known.
        FramingError: A frame is over the limit.
        ValueError: There is no such profile or rule.
    """
    linter, boundaries = checks.linter(profile, extra), checks.boundaries()
    own: list[Finding] = []
    lines: list[int] = []
    streams = known = dones = 0
    for text in located(body, checks.done):
        if text.dones != dones:
            # The stream is over, whether or not an event has said so.
            linter.close()
            dones = text.dones
        event = _event(checks, text)
        if isinstance(event, DecodeError):
            own.append(Finding(FRAME, FILE_RULES[FRAME].severity, len(lines), "", str(event)))
            # It stands for an event of which nothing is known.
            linter.feed({})
        else:
            known += not isinstance(event, UnknownEvent)
            streams += boundaries.begins(event, dones) or not streams
            linter.feed(event, line=text.name)
            if schema:
                own.extend(_misfits(checks.problems(event), len(lines)))
        lines.append(text.line)
    linter.close()
    if not known:
        error = not_a_stream(body)
        raise error if error is not None and error.data is not None else NotAStreamError(checks.unknown(len(lines)))
    findings = sorted([*linter.findings, *own], key=lambda finding: finding.index)
    return FileReport(name, len(lines), streams, findings, lines)


def _event(checks: Checks, text: RecordedText) -> Model | DecodeError:
    """Give the event of a text, or why there is none."""
    if isinstance(text.text, DecodeError):
        return text.text
    try:
        event: Model = checks.decode(text.text, **({"tag": text.name} if text.name and checks.lined else {}))
    except DecodeError as error:
        return error
    return event


def _misfits(problems: Iterable[Problem], index: int) -> Iterator[Finding]:
    for problem in problems:
        path = problem.path.removeprefix("$").removeprefix(".")
        severity = FILE_RULES[SCHEMA].severity
        yield Finding(SCHEMA, severity, index, path, str(problem), problem.expected, problem.got)
