"""The command `check` of a generated package: tells what is wrong with recorded streams."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from .errors import NotAStreamError
from .framing import FramingError
from .recorded import opened
from .reporting import FORMATS, FileReport, print_lines
from .vetting import FILE_RULES, Checks, vet

_EPILOG = """\
A file holds server-sent events, lines of JSON, or one JSON document of one event or a list of events; several streams,
one behind the other, are each held to the rules. Where a finding follows from another one, it stands below that.

`explain RULE` says what a rule is for and what to do.

exit status:
  0    every file could be read, and nothing is as bad as --fail-on says
  1    something is
  2    wrong usage, or some file could not be read or is no stream
"""


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
    try:
        checks.linter(options.profile, options.extra)
    except ValueError as error:
        parser.error(str(error))
    reports: list[FileReport] = []
    unread = False
    for name in options.files:
        try:
            with opened(name) as file:
                body = file.read()
            report = vet(checks, name, body, profile=options.profile, extra=options.extra, schema=options.schema)
        except OSError as error:
            unread = True
            what = "a directory; name the files in it" if isinstance(error, IsADirectoryError) else error.strerror
            print(f"{parser.prog}: {name}: {what}", file=sys.stderr)
        except (NotAStreamError, FramingError) as error:
            unread = True
            print(f"{parser.prog}: {name}: {error}", file=sys.stderr)
        else:
            if options.format == "text" and not options.profile:
                report = report._replace(advice=_advice(checks, report, body, options.extra))
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
    off = ", ".join(rule for rule, doc in checks.rules.items() if doc.severity == "off")
    parser.add_argument(
        "--extra",
        metavar="RULE",
        action="append",
        default=[],
        help=f"apply a rule that is off, as a warning; can be given several times: {off}" if off else "none is off",
    )
    parser.add_argument("--format", choices=list(FORMATS), default="text", help="default: text")
    parser.add_argument(
        "--fail-on", choices=["error", "warning"], default="error", help="what makes the exit status 1; default: error"
    )
    parser.add_argument("--schema", action="store_true", help="also report what strict decoding refuses")
    return parser


def _is_colored() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def _advice(checks: Checks, report: FileReport, body: bytes, extra: Sequence[str]) -> str:
    """Name the profiles under which nothing would be left of what was found."""
    rules = {finding.rule for finding in report.findings}
    known = [
        name
        for name, profile in checks.profiles.items()
        # Only where that may help is it worth another look at the file.
        if rules
        and rules <= {off.partition(" of ")[0] for off in profile.off}
        and not vet(checks, report.file, body, profile=name, extra=extra).findings
    ]
    return f"; all of this is known of {' and '.join(known)}: --profile {known[0]}" if known else ""
