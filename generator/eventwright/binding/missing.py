"""What is said of a step to a field that is not there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..diagnostics.suggest import did_you_mean
from ..model import ir


def missing_field(
    name: str, owners: Sequence[ir.Record], otherwise: str, *, more: Iterable[str] = (), may_be_state: bool
) -> tuple[str, str]:
    """Give the message and the hint for a field that none of several types has.

    Args:
        name: The name that is written.
        owners: The types that it is looked for in.
        otherwise: The hint where they have no fields at all.
        more: Names beside their fields that may be meant.
        may_be_state: Whether the step may be there to name the state, at which the path begins anyway.
    """
    known = [*(field.name for record in owners for field in record.fields), *more]
    owner = " or ".join(f"'{record.name}'" for record in owners[:3]) or "what is there"
    hint = did_you_mean(name, known) or (f"fields: {', '.join(known[:8])}" if known else otherwise)
    if may_be_state and name in ("state", *(record.name for record in owners)):
        hint = f"leave '{name}.' out: the path begins at the state itself"
    return f"{owner} has no field '{name}'", hint
