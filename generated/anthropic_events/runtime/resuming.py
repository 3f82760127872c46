"""Takes up a stream that was broken off, as it was then."""

from __future__ import annotations

from .building import Node
from .model import ABSENT
from .paths import copied, look_up
from .wire import WireObject, WireValue


def take_up(node: Node, element: WireObject) -> None:
    """Go on with an element as it was when the stream was broken off: what says that it is finished is closed.

    Args:
        node: The element, of which nothing is known but its members.
        element: The same on the wire.
    """
    kind = node.kind_
    for leaf in kind.texts:
        if isinstance(text := look_up(element, leaf) if leaf else ABSENT, str):
            node.set_text_(leaf, text)
    for grown in kind.grown:
        for at, item in enumerate(_listed(look_up(element, grown.path))):
            if isinstance(item, dict) and all(name in item for name in grown.least):
                node.finished_.add((*grown.path, at))
    for place, inner in kind.inner.items():
        listed = _listed(look_up(element, inner.path)) if inner.path else []
        kids = node.kids_.setdefault(place, [])
        for at, item in enumerate(listed):
            data: WireObject = item if isinstance(item, dict) else {}
            key = len(kids) if inner.is_position else look_up(data, inner.keys[0][-1:])
            kid = node.kind_of_(place, item)(node, key if isinstance(key, (str, int)) else "", data)
            kid.data_ = copied(data)
            take_up(kid, data)
            is_done = [kid.is_last_(name) for name, _ in kid.kind_.ranks]
            # What has no status is open where it is the last of an element that is open.
            kid.is_closed_ = all(is_done) if is_done else node.is_closed_ or at < len(listed) - 1
            for inside in kid.open_kids_() if kid.is_closed_ else ():
                inside.is_closed_ = True
            if kid.is_closed_ and kid.kind_.last:
                kid.position_ = kid.kind_.last[0]
            kids.append(kid)
            node.latest_ = kid
    node.position_ = kind.among_elements([place for place, kids in node.kids_.items() if kids])


def _listed(value: WireValue) -> list[WireValue]:
    return value if isinstance(value, list) else []
