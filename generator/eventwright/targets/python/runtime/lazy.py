"""Events whose objects are built when they are first looked at.

Some events carry the whole response or a whole item, and most programs look at it in a few of them, or never. So where
the text of an event was parsed here, such an object waits as the wire data that it came as. Reading the attribute
builds it; so does everything that reads attributes: `repr`, `==`, `encode`, `copy`, `pickle`.
"""

from __future__ import annotations

import os
from _thread import RLock
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .decoding import Suspects
from .errors import DecodeError
from .model import Model
from .shape import SHAPES
from .wire import WireObject

DEFERRED: dict[type[LazyModel], dict[str, Callable[[Any, Suspects], Any]]] = {}
"""What decodes the members that may wait, by wire name; filled when the generated package is imported."""

# Two threads that look at once must get the same object, or what one of them changes in it is lost. The thread that
# holds it may come by again: in a signal handler, in a finalizer, or when a debugger shows the event that is built.
_building = RLock()


def _renew_lock() -> None:
    global _building
    _building = RLock()


if hasattr(os, "register_at_fork"):
    # The thread that holds the lock is not there any more in the child of a fork.
    os.register_at_fork(after_in_child=_renew_lock)


class LazyModel(Model):
    """Base of the events that hold objects. An attribute that is yet to be built is a slot that is not set."""

    __slots__ = ("_unread",)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            # Called only for a slot that is not set, or for a name that does not exist.
            if name in type(self).field_names:
                _build(self)
            return object.__getattribute__(self, name)


_slot: Any = vars(LazyModel)["_unread"]

defer: Callable[[LazyModel, WireObject], None] = _slot.__set__
"""Keep the wire object of an event until the members that may wait are looked at."""


def _build(event: LazyModel) -> None:
    """Build what waits.

    Raises:
        DecodeError: It is nested too deep for the interpreter.
    """
    with _building:
        if not _is_set(event, "_unread"):
            return
        data: WireObject = _slot.__get__(event)
        fields = SHAPES[type(event)].fields
        try:
            for key, decode in DEFERRED[type(event)].items():
                if not _is_set(event, fields[key].name):
                    setattr(event, fields[key].name, decode(data.get(key), None))
        except RecursionError:
            raise DecodeError.too_deep(data) from None
        if _is_set(event, "_unread"):
            _slot.__delete__(event)


def _is_set(event: LazyModel, name: str) -> bool:
    try:
        object.__getattribute__(event, name)
    except AttributeError:
        return False
    return True
