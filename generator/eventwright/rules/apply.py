"""Applies every rule: those of the modules beside this one."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

from ..diagnostics.values import Report
from ..model import ir
from ..syntax.declarations import SpecDecl


def check(spec: ir.Spec, declared: SpecDecl, report: Report) -> None:
    """Apply the rules of every module of this folder, in the order of their names.

    `MODEL_CHECKS` read what the spec means; `CHECKS` also look at how it is written.
    """
    for found in pkgutil.iter_modules([str(Path(__file__).parent)]):
        module = importlib.import_module(f"{__package__}.{found.name}")
        for check_model in getattr(module, "MODEL_CHECKS", ()):
            check_model(spec, report)
        for check_both in getattr(module, "CHECKS", ()):
            check_both(spec, declared, report)
