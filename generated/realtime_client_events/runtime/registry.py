"""Takes down how the objects of each class are decoded, encoded, and what they look like on the wire."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import Any

from .decoding import DECODERS, Odd, new, unknown_variant
from .encoding import ENCODERS, data_of, unknown_event_encoder, wrapped
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
    *,
    assumed: bool = False,
) -> None:
    """Take a class down.

    Args:
        model: The class.
        decode: Makes an object of it from a wire object.
        encode: Makes the wire object of one.
        fields: The members of the wire object by name.
        tag: The member that names the class, None if it has no tag.
        wrapper: The name of the only member of an outer object that names the class; its value has the members.
        assumed: Whether an object without its tag, or with nothing in it, is of the class all the same.
    """
    DECODERS[model] = decode
    ENCODERS[model] = encode if wrapper is None else wrapped(wrapper, encode)
    SHAPES[model] = Shape(fields, tag, wrapper, assumed)
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


def define_unknown_events(decode: Callable[[WireObject, Odd], UnknownEvent | None]) -> None:
    """Take down how an event is decoded that the spec does not know, where its tag is more than one member.

    Args:
        decode: Makes it of a wire object; None for one that has a class.
    """
    DECODERS[UnknownEvent] = decode
    ENCODERS[UnknownEvent] = data_of


def unknown_event(tag: object, data: WireObject) -> UnknownEvent:
    """Keep an event whose tag says nothing to us."""
    event = new(UnknownEvent)
    event.type = tag if isinstance(tag, str) else None
    event.data = data
    event.leftover = None
    return event
