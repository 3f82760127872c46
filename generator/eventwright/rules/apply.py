"""Applies every rule: those of the modules beside this one."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

from ..diagnostics.values import Report
from ..model import ir
from ..syntax.declarations import SpecDecl


def check(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """Apply the `CHECKS` of every module of this folder, in the order of their names."""
    for found in pkgutil.iter_modules([str(Path(__file__).parent)]):
        module = importlib.import_module(f"{__package__}.{found.name}")
        for rule in getattr(module, "CHECKS", ()):
            rule(spec, declared, report)
