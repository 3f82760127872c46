"""Order of things that depend on one another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

T = TypeVar("T")


def ordered(nodes: Iterable[T], needs: Mapping[T, Iterable[T]]) -> tuple[list[T], list[list[T]]]:
    """Sort nodes so that each comes after what it needs, and otherwise as given.

    Args:
        nodes: All nodes, in the preferred order.
        needs: What each node needs; nodes that need nothing may be missing. A node's need of itself is ignored.

    Returns:
        The order, and the circles that make it impossible, each as the nodes along it. Without circles the order is
        complete and right; with them it is complete but breaks each circle somewhere.
    """
    order: list[T] = []
    circles: list[list[T]] = []
    done: set[T] = set()
    for root in nodes:
        # A stack of its own, because a chain of dependencies may be longer than the interpreter's.
        stack: list[tuple[T, list[T]]] = [] if root in done else [(root, list(needs.get(root, ())))]
        path: dict[T, None] = {root: None} if stack else {}
        while stack:
            node, open_needs = stack[-1]
            if not open_needs:
                stack.pop()
                path.pop(node)
                done.add(node)
                order.append(node)
                continue
            need = open_needs.pop(0)
            if need == node or need in done:
                continue
            if need in path:
                along = list(path)
                circles.append(along[along.index(need) :])
                continue
            path[need] = None
            stack.append((need, list(needs.get(need, ()))))
    return order, circles
