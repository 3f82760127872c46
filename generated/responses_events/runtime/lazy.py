"""Attributes of events that are decoded when they are first looked at.

Some events carry a whole object or a list of such, and many programs look at it in a few of them, or never. So it
waits in the `leftover` of its event as the wire data that it came as. Reading the attribute decodes it; so
does everything that reads attributes: `repr`, `==`, `encode`, `copy`, `pickle`. A strict decode leaves nothing for
later.
"""

from __future__ import annotations

import os
from _thread import RLock
from collections.abc import Callable
from typing import Any, TypeVar, cast

from .decoding import Odd, decode_list
from .errors import DecodeError
from .model import Model

DEFERRED: dict[type[Model], list[str]] = {}
"""The attributes that may wait, of each class of events that has any."""

EventT = TypeVar("EventT", bound=Model)

# Two threads that look at once must get the same object, or what one of them changes in it is lost. The thread that
# holds it may come by again: in a signal handler, in a finalizer, or when a debugger shows the event that is built.
_building = RLock()


def _renew_lock() -> None:
    global _building
    _building = RLock()


if hasattr(os, "register_at_fork"):
    # The thread that holds the lock is not there any more in the child of a fork.
    os.register_at_fork(after_in_child=_renew_lock)


def look_at_all(event: EventT) -> EventT:
    """Decode what waits, and give the event back.

    Raises:
        DecodeError: It is nested too deep for the interpreter.
    """
    for name in DEFERRED.get(type(event), ()):
        getattr(event, name, None)
    return event


def defer(
    model: type[Model],
    name: str,
    key: str,
    decode: Callable[[Any, Odd], Any],
    *,
    required: bool,
    listed: bool = False,
) -> None:
    """Let an attribute wait for its first look.

    Args:
        model: Class of an event.
        name: The attribute.
        key: The member of the wire object.
        decode: What decodes it, or an element of it. Any object must fit, so that what waits is known to be fine.
        required: Whether the attribute is not set where the member is absent; else it is None there.
        listed: Whether it is a list. One that holds something else than objects does not fit, and so it may be absent.
    """
    kind = list if listed else dict
    DEFERRED.setdefault(model, []).append(name)
    slot: Any = vars(model)[name]
    get, put, clear = slot.__get__, slot.__set__, slot.__delete__

    def read(event: Model) -> Any:
        try:
            return get(event)
        except AttributeError:
            pass
        with _building:
            data = waiting(event)
            if data is None:
                # Another thread may have decoded it meanwhile.
                return get(event) if required else _get(event)
            try:
                value = decode_list(data, decode, None) if listed else decode(data, None)
            except RecursionError:
                raise DecodeError.too_deep(data) from None
            put(event, value)
            if value is not None:
                forget(event)
            return value

    def _get(event: Model) -> Any:
        try:
            return get(event)
        except AttributeError:
            return None

    def write(event: Model, value: object) -> None:
        put(event, value)
        forget(event)

    def delete(event: Model) -> None:
        if waiting(event) is None:
            clear(event)
        forget(event)

    def waiting(event: Model) -> Any:
        data: Any = None if event.leftover is None else event.leftover.get(key)
        return cast("Any", data) if type(data) is kind else None

    def forget(event: Model) -> None:
        leftover = getattr(event, "leftover", None)
        if leftover is not None and key in leftover:
            # Another thread may be reading the dict that there is.
            event.leftover = {other: value for other, value in leftover.items() if other != key} or None

    type.__setattr__(model, name, property(read, write, delete))
