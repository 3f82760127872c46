"""What is made from the model: a folder for each kind of output, whose `__init__` has its value, `TARGET`."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .target import Target


def target_names() -> list[str]:
    """Give the names of the targets, which are those of the folders beside this file. Imports none of them."""
    return [module.name for module in pkgutil.iter_modules(__path__) if module.ispkg]


def all_targets() -> dict[str, Target]:
    """Give the targets that there are, by name."""
    targets: list[Target] = [importlib.import_module(f"{__name__}.{name}").TARGET for name in target_names()]
    return {target.name: target for target in targets}
