"""Shows how a reader of the package uses an event."""

from __future__ import annotations

from ...model import ir
from ..target import Snippet
from .identifiers import attribute_of


def snippet(spec: ir.Spec, event: ir.Event) -> Snippet:
    """Give a `match` on the event that takes out what it is about."""
    record = event.record
    telling = [field for field in record.fields if not (field.counter or field.counts or field.deprecated)]
    own = [field for field in telling if not field.group]
    promised = [field for field in telling if not field.optional]
    chosen = [field for field in promised if field in own] or promised or own
    attributes = [attribute_of(field) for field in chosen]
    # What the snippet itself calls must not be hidden by a field of that name.
    shown = [name for name in attributes if name not in ("decode", "print")][:2]
    captures = ", ".join(f"{name}={name}" for name in shown)
    lines = [
        f"from {spec.name} import {record.name}, decode",
        "",
        "match decode(data):",
        f"    case {record.name}({captures}):",
        f"        print({', '.join(shown)})" if shown else "        ...",
    ]
    return Snippet("In Python", "python", "\n".join(lines))
