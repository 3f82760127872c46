"""Makes a larger spec out of a spec: each copy declares everything again under other names and tags."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

_ROOT: Final = "spec.yaml"
_TYPES: Final = ("groups", "types", "enums", "unions")
# Order, places and rules are about the state, too.
_SECTIONS: Final = ("doc", *_TYPES, "events")
# The rest of an event tells what it does to the state, which is of the class that the first copy declares.
_KEPT: Final[tuple[str, ...]] = ("variant", "class", "doc", "deviates", "use", "fields", "example")


def grow(spec: Path, target: Path, times: int) -> int:
    """Write a spec of `times` the size; give the number of its events."""
    shutil.copytree(spec, target)
    texts = {path.relative_to(spec): path.read_text(encoding="utf-8") for path in sorted(spec.rglob("*.yaml"))}
    texts.pop(Path(_ROOT))
    yaml = YAML(typ="safe")
    yaml.default_flow_style = False
    yaml.width = 120
    names, events = _declared([yaml.load(text) for text in texts.values()])
    for copy in range(2, times + 1):
        for path, text in texts.items():
            loaded = yaml.load(_renamed(text, names, copy))
            declared = {section: loaded[section] for section in _SECTIONS if section in loaded}
            for group in declared.get("groups", {}).values():
                group.pop("at", None)
            if "events" in declared:
                declared["events"] = dict(_copied(tag, event, copy) for tag, event in declared["events"].items())
            if declared.keys() - {"doc"}:
                yaml.dump(declared, target / path.with_name(f"{path.stem}_{copy}.yaml"))
    return events * times


def _declared(files: list[dict[str, Any]]) -> tuple[set[str], int]:
    """Collect the names that a copy has to change, and count the events."""
    names = {name for file in files for kind in _TYPES for name in file.get(kind, ())}
    events = [event for file in files for event in file.get("events", {}).values()]
    return names.union(*((event["variant"], event["class"]) for event in events)), len(events)


def _renamed(text: str, names: set[str], copy: int) -> str:
    return re.sub(r"\b[A-Z]\w*\b", lambda found: f"{found[0]}Copy{copy}" if found[0] in names else found[0], text)


def _copied(tag: str, event: dict[str, Any], copy: int) -> tuple[str, dict[str, Any]]:
    renamed = f"copy{copy}.{tag}"
    kept = {key: event[key] for key in _KEPT if key in event}
    for field in kept.get("fields", {}).values():
        if isinstance(field, dict):
            field.pop("counter", None)
    return renamed, {**kept, "fold": "none", "anytime": True, "example": {**event["example"], "type": renamed}}
