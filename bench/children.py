"""Interpreters that are started to be measured."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator


@contextlib.contextmanager
def bytecode() -> Iterator[dict[str, str]]:
    """Give an environment in which Python keeps bytecode, in a place of its own that is empty at first.

    Else it would depend on the machine who has to compile what at each start: some forbid Python to write bytecode.
    """
    with tempfile.TemporaryDirectory() as folder:
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        yield {**environment, "PYTHONPYCACHEPREFIX": folder}
