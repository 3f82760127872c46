"""Python source text for values and prose of a spec, whatever they hold."""

from __future__ import annotations

import ast
import textwrap
from pathlib import PurePosixPath

from ...model.names import is_invisible
from ..target import Unusable

WIDTH = 120
"""Longest line of generated code."""


def literal(value: str) -> str:
    """Give a string literal, in double quotes unless that would need more escapes."""
    quoted = repr(value)
    if quoted[0] == '"':
        return quoted
    if '"' in value:
        return quoted
    inner = quoted[1:-1].replace("\\'", "'")
    return f'"{inner}"'


def prose(text: str) -> str:
    """Give one line of plain text that can stand in a docstring: white space collapsed, the invisible made visible."""
    shown = []
    for char in " ".join(text.split()):
        if is_invisible(char):
            shown.append(f"U+{ord(char):04X}")
        else:
            shown.append(char)
    line = "".join(shown)
    # A quote at the end would join with those that close the docstring.
    end = '\\"' if line.endswith('"') else ""
    return line[: len(line) - bool(end)].replace("\\", "\\\\").replace('"""', '\\"\\"\\"') + end


def docstring(paragraphs: list[str], indent: int) -> str:
    """Lay out a docstring.

    Args:
        paragraphs: Texts from `prose`; a paragraph that begins with `- ` is an item of a list.
        indent: Columns that will stand before each line; the text is given without them.

    Returns:
        The text with its quotes.
    """
    lines: list[str] = []
    for position, paragraph in enumerate(paragraphs):
        item = paragraph.startswith("- ")
        if position and not (item and paragraphs[position - 1].startswith("- ")):
            lines.append("")
        lines.extend(
            textwrap.wrap(
                paragraph,
                WIDTH - indent - 6,
                subsequent_indent="  " if item else "",
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


def call(function: str, arguments: list[str], indent: int, room: int) -> str:
    """Write a call as the formatter would: on one line, or its arguments on a line of their own, or each on one.

    Args:
        function: What stands before the parenthesis; empty for a tuple, which is never split in two lines.
        indent: Columns before the statement.
        room: Columns that what stands before and after the call on its line takes.
    """
    flat = ", ".join(arguments)
    if not function and len(arguments) == 1:
        flat += ","
    if "\n" not in flat:
        if room + len(function) + len(flat) + 2 <= WIDTH:
            return f"{function}({flat})"
        if function and indent + 4 + len(flat) <= WIDTH:
            return f"{function}(\n{' ' * (indent + 4)}{flat}\n{' ' * indent})"
    comma = "," if len(arguments) > 1 else ""
    lines = "".join(f"\n{' ' * (indent + 4)}{argument}{comma}" for argument in arguments)
    return f"{function}({lines}\n{' ' * indent})"


def polish(path: PurePosixPath, source: str) -> str:
    """Wrap the lines of a Python module that are too long. All others are as the formatter would leave them."""
    if path.suffix != ".py" or all(len(line) <= WIDTH for line in source.splitlines()):
        return source
    # Starting the formatter takes longer than writing the whole package, and most modules do not need it.
    import black
    from black.parsing import InvalidInput

    try:
        return black.format_str(source, mode=black.Mode(line_length=WIDTH))
    except InvalidInput:
        # A template of somebody's own may write what is not Python; `verify` says so.
        return source


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
