"""The words of the runtime for what a fold does: the methods of its drafts, and the words of its lifecycle."""

from __future__ import annotations

from ...model import ir

_WORDS = {
    ir.Operator.SET: "set",
    ir.Operator.FILL: "fill",
    ir.Operator.MERGE: "merge",
    ir.Operator.REMOVE: "remove",
}
"""What is called the same wherever it is done; how something is added depends on what it is added to."""


def method_for(fold: ir.Fold) -> str:
    """Give the method of a draft that changes a field."""
    if fold.operator is not ir.Operator.ADD:
        return _WORDS[fold.operator]
    target = fold.steps[-1].type
    options = target.alternatives if isinstance(target, ir.OneOf) else (target,)
    is_text = fold.source is None or ir.Kind.STRING in ir.kinds(fold.source.type)
    if is_text and ir.Primitive.STRING in options:
        return "append"
    return "add" if any(isinstance(option, ir.ListOf) for option in options) else "grow"


def done_by(fold: ir.Fold) -> str:
    """Say what a fold does, as the lifecycle has it."""
    if fold.operator is not ir.Operator.ADD:
        return _WORDS[fold.operator]
    found = ir.kinds(fold.steps[-1].type)
    return "text" if ir.Kind.STRING in found else "list" if ir.Kind.LIST in found else "json"
