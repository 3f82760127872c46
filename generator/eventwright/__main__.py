"""Runs the command line: `python -m eventwright`."""

from .cli import main

main()
