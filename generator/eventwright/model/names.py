"""From wire names to Python identifiers."""

from __future__ import annotations

import keyword
import re
import unicodedata

RESERVED_ATTRIBUTES = frozenset("declared default_of extra field_defaults field_names field_values leftover".split())
"""Attributes that every generated class has, so that no field can have their names."""

RESERVED_CLASSES = frozenset("""
    Accumulator Any Anything AsyncEventStream BaseException Booleans Callable ClassVar DecodeError Decoder
    Decoders Deferred Draft Encoders Ending Enum EventDecoders EventStream EventType EventTypes Exception False Final
    FoldTable FramingError Generic Integers Iterable Iterator KeyError LazyModel List Literal Map Mapping Model
    NamedTuple Never NoReturn None NotImplemented Numbers Objects Optional Problem RecursionError RuntimeError
    SSEDecoder Self Sequence SequenceTracker StateAccumulator StreamEnd StreamFailure Strings Suspects True
    TypeAlias TypeError TypeVar TypedDict Union UnknownEvent UnknownVariant ValueError WireObject WireValue
    """.split())
"""Classes that every generated package has, or that its modules take from the standard library."""

RESERVED_MODULES = frozenset({"decoders", "encoders", "shapes", "runtime", "stream", "decoder", "event"})
"""Modules that every generated package has at its top."""

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_NOT_IDENTIFIER = re.compile(r"\W")
_WORD = re.compile(r"[A-Z]+s?(?=[A-Z][a-z]|\b|_|\d|$)|[A-Z]?[a-z]+|\d+|[A-Z]+")


def attribute(wire: str) -> str:
    """Give the attribute for a field: the wire name, with a trailing underscore where Python or the base class has it.

    `from` becomes `from_`, `__class__` becomes `__class___`, `x-id` becomes `x_id`, `2fa` becomes `_2fa_`.
    """
    name = _NOT_IDENTIFIER.sub("_", wire)
    if not name.isascii():
        # Python compares identifiers in this normal form, and allows fewer characters in them than a word has.
        name = "".join(char if f"a{char}".isidentifier() else "_" for char in unicodedata.normalize("NFKC", name))
    if name.startswith("__") and not name.endswith("__"):
        # Python would mangle it inside a class body.
        rest = name.lstrip("_") or "field"
        return f"{rest}_" if rest.isidentifier() else f"_{rest}_"
    if not name.isidentifier():
        name = f"_{name}"
    if keyword.iskeyword(name) or name in RESERVED_ATTRIBUTES or name.startswith("_"):
        return f"{name}_"
    return name


def snake(camel: str) -> str:
    """Give the snake case of a class name: `MCPToolCall` becomes `mcp_tool_call`."""
    return "_".join(word.lower() for word in _WORD.findall(camel))


def camel(wire: str) -> str:
    """Give the camel case of a wire name or a file name: `response.output_text` becomes `ResponseOutputText`."""
    return "".join(word[0].upper() + word[1:] for word in re.split(r"[\W_]+", wire) if word)


def is_invisible(character: str) -> bool:
    """Whether a reader would not see a character: controls, marks of direction, surrogates, unassigned ones."""
    return unicodedata.category(character) in _INVISIBLE


def is_class_name(name: str) -> bool:
    """Whether a name of the spec can be the name of a Python class as it is."""
    return bool(re.fullmatch(r"[A-Z][A-Za-z0-9]*", name)) and not keyword.iskeyword(name)


def is_module_name(name: str) -> bool:
    """Whether the stem of a spec file can be the name of a Python module as it is."""
    return bool(re.fullmatch(r"[a-z][a-z0-9_]*", name)) and not keyword.iskeyword(name)
