"""Runs the command line: `python -m eventwright`."""

from .cli import main

main(prog_name="eventwright")
