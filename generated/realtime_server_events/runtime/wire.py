"""Names for what JSON text parses to."""

from __future__ import annotations

from typing import Any, TypeAlias

WireObject: TypeAlias = dict[str, Any]
"""A wire object."""

WireValue: TypeAlias = "dict[str, Any] | list[Any] | str | int | float | bool | None"
"""Any wire value."""
