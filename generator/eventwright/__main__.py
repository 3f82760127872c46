"""Runs the command line: `python -m eventwright`."""

from .cli.main import main

main(prog_name="eventwright")
