"""The target `json_schema`: the events as a JSON Schema."""

from __future__ import annotations

from ..target import Target
from . import schema

TARGET = Target("json_schema", schema.pages)
