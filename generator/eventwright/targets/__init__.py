"""What is made from the model: a folder for each kind of output, whose `__init__` has its value, `TARGET`."""

from __future__ import annotations

import importlib
import pkgutil

from .target import Target


def all_targets() -> dict[str, Target]:
    """Give the targets that there are, by name: those of the folders beside this file."""
    names = [module.name for module in pkgutil.iter_modules(__path__) if module.ispkg]
    targets: list[Target] = [importlib.import_module(f"{__name__}.{name}").TARGET for name in names]
    return {target.name: target for target in targets}
