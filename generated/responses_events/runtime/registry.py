"""Takes down how the objects of each class are decoded, encoded, and what they look like on the wire."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .decoding import DECODERS, Odd
from .encoding import ENCODERS
from .model import Model
from .shape import SHAPES, Field, Shape
from .wire import WireObject


def define(
    model: type[Model],
    decode: Callable[[WireObject, Odd], Any],
    encode: Callable[[Any], WireObject],
    fields: Mapping[str, Field],
    tag: str | None = None,
) -> None:
    """Take a class down.

    Args:
        model: The class.
        decode: Makes an object of it from a wire object.
        encode: Makes the wire object of one.
        fields: The members of the wire object by name.
        tag: The member that names the class, None if it has no tag.
    """
    DECODERS[model] = decode
    ENCODERS[model] = encode
    SHAPES[model] = Shape(fields, tag)
    model.declared = fields
