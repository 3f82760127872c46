"""How names are written: wire names, names of classes, names of files."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_WORD = re.compile(r"[A-Z]+s?(?=[A-Z][a-z]|\b|_|\d|$)|[A-Z]?[a-z]+|\d+|[A-Z]+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_DEVICE = re.compile(r"(con|prn|aux|nul|(com|lpt)[1-9])", re.IGNORECASE)
_PLAIN = re.compile(r"[a-z][a-z0-9_]*")


def snake(camel: str) -> str:
    """Give the snake case of a class name: `MCPToolCall` becomes `mcp_tool_call`."""
    return "_".join(word.lower() for word in _WORD.findall(camel))


def camel(wire: str) -> str:
    """Give the camel case of a wire name or a file name: `response.output_text` becomes `ResponseOutputText`.

    A name in capitals is read as if it had none: `MESSAGE_CREATE` becomes `MessageCreate`.
    """
    wire = wire if any(map(str.islower, wire)) else wire.lower()
    return "".join(word[0].upper() + word[1:] for word in re.split(r"[\W_]+", wire) if word)


def dashed(wire: str) -> str:
    """Give the name that a wire name has in the ids of rules: `output_index` and `outputIndex` are `output-index`."""
    return re.sub(r"[\W_]+", "-", _HUMP.sub("-", wire)).strip("-").lower()


def is_invisible(character: str) -> bool:
    """Whether a reader would not see a character: controls, marks of direction, surrogates, unassigned ones."""
    return unicodedata.category(character) in _INVISIBLE


def is_device(name: str) -> bool:
    """Whether Windows keeps a name for a device, so that no file can have it, whatever its suffix."""
    return _DEVICE.fullmatch(name.partition(".")[0]) is not None


def is_plain(name: str) -> bool:
    """Whether a name may be that of a spec or of a file in it, as far as no target says more."""
    return _PLAIN.fullmatch(name) is not None
