"""eventwright: a compiler for typed event streams.

What programs may call is here: `compile_spec` makes the text of every output file, `read_spec` only reads and checks.
All of it is imported when it is first asked for, so that the command does not wait for what it does not need.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .diagnostics.rule import Rule, Severity
    from .diagnostics.values import Diagnostic, Position, Report, Span
    from .pipeline import Result, compile_spec, read_spec

__version__ = "0.1.0"

__all__ = [
    "Diagnostic",
    "Position",
    "Report",
    "Result",
    "Rule",
    "Severity",
    "Span",
    "__version__",
    "compile_spec",
    "read_spec",
]

_HOMES = {
    **dict.fromkeys(("Rule", "Severity"), "diagnostics.rule"),
    **dict.fromkeys(("Diagnostic", "Position", "Report", "Span"), "diagnostics.values"),
    **dict.fromkeys(("Result", "compile_spec", "read_spec"), "pipeline"),
}
"""In which module each name is."""


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{home}", __name__), name)
