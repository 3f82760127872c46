"""Takes down how the objects of each class are decoded, encoded, and what they look like on the wire."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import Any

from .decoding import DECODERS, Odd, new, unknown_variant
from .encoding import ENCODERS, unknown_event_encoder, wrapped
from .model import Model, UnknownEvent, UnknownVariant
from .shape import SHAPES, Field, Shape
from .wire import WireObject


def define(
    model: type[Model],
    decode: Callable[[WireObject, Odd], Any],
    encode: Callable[[Any], WireObject],
    fields: Mapping[str, Field],
    tag: str | None = None,
    wrapper: str | None = None,
) -> None:
    """Take a class down.

    Args:
        model: The class.
        decode: Makes an object of it from a wire object.
        encode: Makes the wire object of one.
        fields: The members of the wire object by name.
        tag: The member that names the class, None if it has no tag.
        wrapper: The name of the only member of an outer object that names the class; its value has the members.
    """
    DECODERS[model] = decode
    ENCODERS[model] = encode if wrapper is None else wrapped(wrapper, encode)
    SHAPES[model] = Shape(fields, tag, wrapper)
    model.declared = fields


def define_unknown(tag: str, known: Container[str]) -> None:
    """Take down the classes that stand for what the spec does not know.

    Args:
        tag: The member that names the class of an event or of an object.
        known: The tags of the events that have a class.
    """

    def decode_unknown_event(data: WireObject, odd: Odd) -> UnknownEvent | None:
        named = data.get(tag)
        return None if isinstance(named, str) and named in known else unknown_event(named, data)

    def decode_unknown_variant(data: WireObject, odd: Odd) -> UnknownVariant:
        return unknown_variant(data.get(tag), data, odd)

    DECODERS[UnknownEvent] = decode_unknown_event
    DECODERS[UnknownVariant] = decode_unknown_variant
    ENCODERS[UnknownEvent] = unknown_event_encoder(tag)


def unknown_event(tag: object, data: WireObject) -> UnknownEvent:
    """Keep an event whose tag says nothing to us."""
    event = new(UnknownEvent)
    event.type = tag if isinstance(tag, str) else None
    event.data = data
    event.leftover = None
    return event
