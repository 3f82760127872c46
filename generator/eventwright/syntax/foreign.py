"""Knows how other languages write types, to say how a spec writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SCALARS = {
    **dict.fromkeys("str String text char varchar character".split(), "string"),
    **dict.fromkeys("int Integer long Int short bigint smallint size_t usize isize".split(), "integer"),
    **dict.fromkeys("float double Number decimal Float Double real numeric Decimal".split(), "number"),
    **dict.fromkeys(["bool", "Boolean", "Bool"], "boolean"),
    **dict.fromkeys(["Any", "unknown", "json", "Value"], "any"),
    **dict.fromkeys(["dict", "Dict", "Object", "Mapping", "Record", "hash"], "object"),
    # What JSON has as text, whatever it stands for.
    **dict.fromkeys("date-time datetime DateTime Datetime date Date time Time timestamp Timestamp".split(), "string"),
    **dict.fromkeys("duration timedelta Duration uuid UUID Uuid guid GUID ulid id ID".split(), "string"),
    **dict.fromkeys("uri URI url URL Url iri uri-reference uri-template json-pointer regex".split(), "string"),
    **dict.fromkeys("email idn-email hostname idn-hostname ip ipv4 ipv6 password phone locale".split(), "string"),
    **dict.fromkeys("byte bytes Bytes binary base64 blob bytea hex".split(), "string"),
}
_SIZED = re.compile(r"(?P<integer>[Uu]?[Ii]nt\d*|[iu]\d+)(_t)?|(?P<number>[Ff]loat\d*|f\d+|double)")
_NULLS = frozenset(["null", "None", "nil", "undefined"])
_LISTS = frozenset(["list", "List", "array", "Array", "Sequence", "Vec", "set", "Set", "tuple", "Tuple", "Iterable"])
_MAPS = frozenset(["map", "Map", "dict", "Dict", "Record", "Mapping", "HashMap", "object", "Object"])
_OPTIONALS = frozenset(["Optional", "optional", "Option", "Nullable", "nullable", "Maybe"])
_UNIONS = frozenset(["Union", "union", "oneOf", "OneOf", "Literal", "literal"])

_MAX_TOKENS = 80
"""More than any type that a person writes, and too few to nest too deep for the interpreter."""

_TOKEN = re.compile(
    r"""\s*(?:(?P<name>[A-Za-z_][\w.-]*)|"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<mark>[][<>(),|?]))"""
)
_QUOTES = str.maketrans("“”„", '"""')
_OR = re.compile(r"\s+or\s+|\s*\|\|\s*")
_WORDS = re.compile(r"[a-z][\w-]*( [\w-]+)+")


@dataclass(frozen=True, slots=True)
class _Read:
    """A type as the spec writes it, and whether it may be null; without a text it is nothing but null."""

    text: str
    nullable: bool = False


class _Unknown(Exception):
    """The notation is none that is known here."""


def type_hint(text: str) -> str:
    """Say how a spec writes a type that it cannot read; empty where nobody knows what it means."""
    text = _OR.sub(" | ", text.translate(_QUOTES))
    if _WORDS.fullmatch(text):
        return text_or_any(text)
    try:
        read = _Reader(text).whole()
    except _Unknown:
        return ""
    if read.text.startswith('"') and " | " in read.text:
        return "declare an enum with these values, and write its name"
    beside = ", and 'nullable: true' beside it" if read.nullable else ""
    return f"write '{read.text}'{beside}"


def text_or_any(name: str) -> str:
    """Say what to write for a name that nobody knows and that no type can have."""
    return f"write 'string', or '\"{name}\"' if it is always this text"


def name_hint(name: str) -> str:
    """Say what a spec writes for a name that other languages have; empty where it is none of these."""
    if name == "text":
        return text_or_any(name)
    if name in _NULLS:
        return "leave it out, and write 'nullable: true' beside the type"
    if name in _LISTS:
        return "say what it holds: list[T]"
    if name == "map":
        return "say what it holds: map[T]"
    if name in _MAPS:
        return "write map[T], or 'object' for any members"
    known = _scalar(name)
    return f"write '{known}'" if known else ""


def _scalar(name: str) -> str:
    """Give the type that a name of another language stands for, empty for any other name."""
    sized = _SIZED.fullmatch(name)
    return _SCALARS.get(name, "") or (sized.lastgroup or "" if sized else "")


class _Reader:
    def __init__(self, text: str) -> None:
        self._tokens: list[re.Match[str]] = []
        at, text = 0, text.rstrip()
        while at < len(text):
            token = _TOKEN.match(text, at)
            if token is None or len(self._tokens) == _MAX_TOKENS:
                raise _Unknown
            self._tokens.append(token)
            at = token.end()

    def whole(self) -> _Read:
        read = self._either()
        if self._tokens or not read.text:
            raise _Unknown
        return read

    def _take(self, *marks: str) -> bool:
        if self._tokens and self._tokens[0]["mark"] in marks:
            del self._tokens[0]
            return True
        return False

    def _either(self) -> _Read:
        options = [self._single()]
        while self._take("|"):
            options.append(self._single())
        return _one_of(options)

    def _single(self) -> _Read:
        read = self._atom()
        while self._tokens:
            if self._take("?"):
                read = _Read(read.text, nullable=True)
            elif self._tokens[0]["mark"] == "[" and self._take("["):
                if not self._take("]"):
                    raise _Unknown
                read = _Read(f"list[{_element(read)}]")
            else:
                break
        return read

    def _atom(self) -> _Read:
        if self._take("("):
            read = self._either()
            if not self._take(")"):
                raise _Unknown
            return read
        if not self._tokens or self._tokens[0]["mark"]:
            raise _Unknown
        token = self._tokens.pop(0)
        if token["name"] is None:
            return _Read(f'"{token["double"] or token["single"] or ""}"')
        name = token["name"].removeprefix("typing.").removeprefix("t.")
        arguments = self._arguments()
        if not arguments:
            return _Read("" if name in _NULLS else _scalar(name) or name)
        return _generic(name, arguments)

    def _arguments(self) -> list[_Read]:
        followed = len(self._tokens) > 1 and self._tokens[1]["mark"] != "]"
        if not followed or not self._take("[", "<", "("):
            return []
        arguments = [self._either()]
        while self._take(","):
            arguments.append(self._either())
        if not self._take("]", ">", ")"):
            raise _Unknown
        return arguments


def _generic(name: str, arguments: list[_Read]) -> _Read:
    if name in _UNIONS:
        return _one_of(arguments)
    if name in _OPTIONALS and len(arguments) == 1:
        return _Read(arguments[0].text, nullable=True)
    if name in _LISTS and len(arguments) == 1:
        return _Read(f"list[{_element(arguments[0])}]")
    if name in _MAPS and len(arguments) <= 2:
        return _Read(f"map[{_element(arguments[-1])}]")
    raise _Unknown


def _element(read: _Read) -> str:
    """Write what a list or a map holds."""
    if not read.text:
        raise _Unknown
    return f"{read.text} | null" if read.nullable else read.text


def _one_of(options: list[_Read]) -> _Read:
    texts = dict.fromkeys(option.text for option in options if option.text)
    return _Read(" | ".join(texts), nullable=any(option.nullable or not option.text for option in options))
