"""Python source text for values and prose of a spec, whatever they hold."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterable
from pathlib import PurePosixPath

from ...model.names import is_invisible
from ..target import Unusable
from .wrapping import WIDTH, wrap

_WORD = re.compile(r" *[^ ]+ *|^ +$")


def literal(value: str) -> str:
    """Give a string literal, in double quotes unless that would need more escapes."""
    quoted = repr(value)
    if quoted[0] == '"':
        return quoted
    if '"' in value:
        return quoted
    inner = quoted[1:-1].replace("\\'", "'")
    return f'"{inner}"'


def long_literal(text: str, indent: int, before: str) -> str:
    """Give a string literal, over several lines in brackets where one line is not enough.

    Args:
        indent: Columns before its line.
        before: What stands between these and the literal; a comma follows.
    """
    whole = literal(text)
    if indent + len(before) + len(whole) < WIDTH:
        return whole
    margin = " " * (indent + 4)
    lines = [""]
    for word in _WORD.findall(text):
        if len(margin) + len(literal(lines[-1] + word)) > WIDTH and lines[-1]:
            lines.append("")
        lines[-1] += word
    return "\n".join(["(", *(f"{margin}{literal(line)}" for line in lines), f"{' ' * indent})"])


def value_text(value: str | int | None) -> str:
    """Give the literal of a text, a whole number, a boolean or None."""
    return literal(value) if isinstance(value, str) else repr(value)


def prose(text: str) -> str:
    """Give one line of plain text that can stand in a docstring: white space collapsed, the invisible made visible."""
    line = " ".join(text.split())
    if not (line.isascii() and line.isprintable()):
        line = "".join(f"U+{ord(char):04X}" if is_invisible(char) else char for char in line)
    # A quote at the end would join with those that close the docstring.
    end = '\\"' if line.endswith('"') else ""
    return line[: len(line) - bool(end)].replace("\\", "\\\\").replace('"""', '\\"\\"\\"') + end


def docstring(paragraphs: list[str], indent: int) -> str:
    """Lay out a docstring.

    Args:
        paragraphs: Texts from `prose`; a paragraph that begins with `- ` is an item of a list, perhaps behind spaces.
        indent: Columns that will stand before each line; the text is given without them.

    Returns:
        The text with its quotes.
    """
    lines: list[str] = []
    for position, paragraph in enumerate(paragraphs):
        margin = len(paragraph) - len(paragraph.lstrip())
        item = paragraph.startswith("- ", margin)
        if position and not (item and paragraphs[position - 1].lstrip().startswith("- ")):
            lines.append("")
        lines.extend(
            textwrap.wrap(
                paragraph,
                WIDTH - indent - 6,
                subsequent_indent=" " * (margin + 2) if item else "",
                break_long_words=False,
                break_on_hyphens=False,
            )
        )
    lines = lines or ["..."]
    lines[0] = f'"""{" " if lines[0].startswith(chr(34)) else ""}{lines[0]}'
    if len(lines) > 1:
        lines.append('"""')
    else:
        lines[-1] += '"""'
    return "\n".join(lines)


def literals(values: Iterable[str]) -> str:
    """Write a tuple of texts."""
    return row(map(literal, values))


def row(items: Iterable[str]) -> str:
    """Write a tuple."""
    shown = list(items)
    return f"({', '.join(shown)}{',' if len(shown) == 1 else ''})"


def polish(path: PurePosixPath, source: str) -> str:
    """Wrap the lines of a Python module that are too long. All others are as the formatter would leave them."""
    return wrap(source) if path.suffix == ".py" else source


def verify(path: PurePosixPath, text: str) -> None:
    """Refuse a module that is not Python.

    Raises:
        Unusable: A template of somebody's own has made it so.
    """
    if path.suffix != ".py":
        return
    try:
        ast.parse(text)
    except SyntaxError as error:
        line = text.splitlines()[error.lineno - 1].strip() if error.lineno and error.text else ""
        raise Unusable(f"'{path}' is not Python: {error.msg} at line {error.lineno}: {line}") from error
