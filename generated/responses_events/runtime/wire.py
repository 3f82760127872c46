"""Names for what JSON text parses to."""

from __future__ import annotations

from typing import Any, TypeAlias

Data: TypeAlias = dict[str, Any]
"""A wire object."""

Wire: TypeAlias = "dict[str, Any] | list[Any] | str | int | float | bool | None"
"""Any wire value."""
