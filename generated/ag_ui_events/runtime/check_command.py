"""The command `check` of a generated package: tells what is wrong with recorded streams."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from .errors import DecodeError, NotAStreamError, Problem
from .findings import Finding, RuleDoc
from .framing import FramingError
from .lifecycle import Profile
from .linting import StreamLinter
from .model import Model
from .recorded import RecordedText, located, opened
from .recordings import Boundaries
from .reporting import FORMATS, FileReport, print_lines

_EPILOG = """\
A file holds server-sent events, lines of JSON, or one JSON document of one event or a list of events; several streams,
one behind the other, are each held to the rules. Where a finding follows from another one, it stands below that.

`explain RULE` says what a rule is for and what to do.

exit status:
  0    every file could be read, and nothing is as bad as --fail-on says
  1    something is
  2    wrong usage, or some file could not be read or is no stream
"""

FRAME = "frame"
SCHEMA = "schema"

FILE_RULES: Mapping[str, RuleDoc] = {
    FRAME: RuleDoc(
        severity="error",
        place="stream",
        statement="Every frame holds a JSON object.",
        why="Clients cannot read the frame: some end the stream there, and others pass over it.",
        seen="Text is cut at a limit, put into the frame without being escaped, or the frame of an error is no JSON.",
        fix="Write each event with a JSON library, on one line, and errors in the same form.",
    ),
    SCHEMA: RuleDoc(
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
    """What the command needs of its package."""

    package: str
    """Its name."""

    linter: Callable[..., StreamLinter]
    """Makes a linter; takes `profile`."""

    rules: Mapping[str, RuleDoc]
    """The rules that it applies."""

    profiles: Mapping[str, Profile]
    """The providers that are forgiven something."""

    decode: Callable[..., Model]
    """Its tolerant decoder."""

    problems: Callable[[Model], list[Problem]]
    """Its checker."""

    boundaries: Callable[[], Boundaries]
    """Makes what sees where a stream begins."""

    done: Collection[str]
    """Texts that say that a stream is done."""

    lined: bool
    """Whether the decoder takes the `event:` line, as the argument `tag`."""


def check(checks: Checks, arguments: Sequence[str]) -> int:
    """Run the command.

    Args:
        checks: What it needs of its package.
        arguments: Those of the command line behind its name.

    Returns:
        The exit status; see the text that `--help` prints.
    """
    parser = _parser(checks)
    options = parser.parse_args(arguments)
    reports: list[FileReport] = []
    unread = False
    for name in options.files:
        try:
            with opened(name) as file:
                body = file.read()
            report = _report(checks, name, body, options.profile, options.schema)
        except OSError as error:
            unread = True
            what = "a directory; name the files in it" if isinstance(error, IsADirectoryError) else error.strerror
            print(f"{parser.prog}: {name}: {what}", file=sys.stderr)
        except (NotAStreamError, FramingError) as error:
            unread = True
            print(f"{parser.prog}: {name}: {error}", file=sys.stderr)
        else:
            if options.format == "text" and not options.profile:
                report = report._replace(advice=_advice(checks, report, body))
            reports.append(report)
    print_lines(FORMATS[options.format](reports, {**checks.rules, **FILE_RULES}, _is_colored()))
    if unread:
        return 2
    bad = ("error", "warning") if options.fail_on == "warning" else ("error",)
    return int(any(finding.severity in bad for report in reports for finding in report.findings))


def _parser(checks: Checks) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"python -m {checks.package} check",
        description="Tell what is wrong with recorded streams.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", metavar="FILE", nargs="+", help="a recording; - for the standard input")
    names = ", ".join(checks.profiles)
    parser.add_argument(
        "--profile",
        metavar="NAME",
        choices=list(checks.profiles),
        help=f"leave out what is known of a provider: {names}" if names else "there are none",
    )
    parser.add_argument("--format", choices=list(FORMATS), default="text", help="default: text")
    parser.add_argument(
        "--fail-on", choices=["error", "warning"], default="error", help="what makes the exit status 1; default: error"
    )
    parser.add_argument("--schema", action="store_true", help="also report what strict decoding refuses")
    return parser


def _is_colored() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def _report(checks: Checks, name: str, body: bytes, profile: str | None, schema: bool) -> FileReport:
    """Find what is wrong with the streams in a file."""
    linter, boundaries = checks.linter(profile=profile), checks.boundaries()
    own: list[Finding] = []
    lines: list[int] = []
    streams = dones = 0
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
            streams += boundaries.begins(event, dones) or not streams
            linter.feed(event, line=text.name)
            if schema:
                own.extend(_misfits(checks.problems(event), len(lines)))
        lines.append(text.line)
    linter.close()
    findings = sorted([*linter.findings, *own], key=lambda finding: finding.index)
    return FileReport(name, len(lines), streams, findings, lines)


def _event(checks: Checks, text: RecordedText) -> Model | DecodeError:
    """Give the event of a text, or why there is none."""
    if isinstance(text.text, DecodeError):
        return text.text
    try:
        return checks.decode(text.text, tag=text.name) if text.name and checks.lined else checks.decode(text.text)
    except DecodeError as error:
        return error


def _misfits(problems: Iterable[Problem], index: int) -> Iterator[Finding]:
    for problem in problems:
        path = problem.path.removeprefix("$").removeprefix(".")
        severity = FILE_RULES[SCHEMA].severity
        yield Finding(SCHEMA, severity, index, path, str(problem), problem.expected, problem.got)


def _advice(checks: Checks, report: FileReport, body: bytes) -> str:
    """Name the profiles under which nothing would be left of what was found."""
    rules = {finding.rule for finding in report.findings}
    known = [
        name
        for name, profile in checks.profiles.items()
        # Only where that may help is it worth another look at the file.
        if rules
        and rules <= {off.partition(" of ")[0] for off in profile.off}
        and not _report(checks, report.file, body, name, schema=False).findings
    ]
    return f"; all of this is known of {' and '.join(known)}: --profile {known[0]}" if known else ""
