"""Where things are in the project."""

from __future__ import annotations

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
SPEC: Final = ROOT / "schema" / "openai_responses"
GENERATED: Final = ROOT / "generated"
CLOSED_SCHEMA: Final = GENERATED / "json_schema" / "responses_events.closed.schema.json"
PACKAGE: Final = "responses_events"
