"""Progress, on standard error."""

from __future__ import annotations

import sys


def progress(text: str) -> None:
    """Say what is going on: on one line of a terminal that is overwritten, else on a line each."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)
    else:
        print(text, file=sys.stderr, flush=True)


def progress_done() -> None:
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
