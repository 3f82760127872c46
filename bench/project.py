"""Where things are in the project."""

from __future__ import annotations

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
SPEC: Final = ROOT / "schema" / "openai_responses"
GENERATED: Final = ROOT / "generated"
PACKAGE: Final = "responses_events"
CLOSED_SCHEMA: Final = GENERATED / "json_schema" / PACKAGE / f"{PACKAGE}.closed.schema.json"
