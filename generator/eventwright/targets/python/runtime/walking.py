"""Finds the way through the sequence of an element: what may come now, and what has to come before."""

from __future__ import annotations

from collections.abc import Callable

from .planning import Kind


def way_to(kind: Kind, here: int, symbol: str) -> list[int] | None:
    """Give the positions that are passed until something happens, that included; None where it may not come now.

    Args:
        kind: Whose sequence it is.
        here: Position that has been reached; -1 is the beginning.
        symbol: The tag of an event, or the name of a place within.
    """
    for position in kind.after(here):
        if kind.names[position] == symbol:
            return [position]
    way = _search(kind, here, lambda position: any(kind.names[next_] == symbol for next_ in kind.after(position)))
    if way is None:
        return None
    last = way[-1] if way else here
    return [*way, next(position for position in kind.after(last) if kind.names[position] == symbol)]


def way_to_end(kind: Kind, here: int) -> list[int] | None:
    """Give the positions on the shortest way to the end; None where it takes what has to be asked for."""
    return _search(kind, here, lambda position: position in kind.last or (position == -1 and kind.may_lack))


def expected(kind: Kind, here: int) -> list[str]:
    """Give what may come next."""
    return list(dict.fromkeys(kind.names[position] for position in kind.after(here)))


def still_to_come(kind: Kind, here: int) -> set[str]:
    """Give what may come at a position or at any time behind it."""
    left = {here}
    todo = [here]
    while todo:
        new = set(kind.follow[todo.pop()]) - left
        left |= new
        todo += new
    return {kind.names[position] for position in left}


def _search(kind: Kind, here: int, is_goal: Callable[[int], bool]) -> list[int] | None:
    """Find the shortest way to a position through events that need nobody to ask for them."""
    ways: list[list[int]] = [[]]
    seen = {here}
    for way in ways:
        last = way[-1] if way else here
        if is_goal(last):
            return way
        for position in kind.after(last):
            if position not in seen and kind.names[position] in kind.automatic:
                seen.add(position)
                ways.append([*way, position])
    return None
