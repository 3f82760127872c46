"""The command `sanitize` of a generated package: makes a recording unrecognizable that somebody wants to show."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from .errors import NotAStreamError
from .framing import FramingError
from .recorded import opened
from .reporting import print_lines
from .sanitizing import sanitized
from .vetting import Checks

_EPILOG = """\
Ids, texts and all other strings become others of the same length and kind, each everywhere the same, so that whatever
agreed still agrees. Tags, values of enums, names of members and numbers stay, so look them over. What they become is
drawn anew each time, and nobody can find out what it was.

exit status:
  0    printed
  2    wrong usage, or the file could not be read or is no stream
"""


def sanitize(checks: Checks, arguments: Sequence[str]) -> int:
    """Run the command.

    Args:
        checks: What it needs of its package.
        arguments: Those of the command line behind its name.

    Returns:
        The exit status; see the text that `--help` prints.
    """
    parser = argparse.ArgumentParser(
        prog=f"python -m {checks.package} sanitize",
        description="Print a recorded stream with other ids and texts, in which `check` finds the same.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="FILE", help="a recording; - for the standard input")
    name = parser.parse_args(arguments).file
    try:
        with opened(name) as file:
            lines = list(sanitized(checks, file.read()))
    except OSError as error:
        what = "a directory; name a file in it" if isinstance(error, IsADirectoryError) else error.strerror
        print(f"{parser.prog}: {name}: {what}", file=sys.stderr)
    except (NotAStreamError, FramingError) as error:
        print(f"{parser.prog}: {name}: {error}", file=sys.stderr)
    else:
        print_lines(lines)
        return 0
    return 2
