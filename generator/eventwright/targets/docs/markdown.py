"""Text of a spec as Markdown that shows it as it is: nothing in it is markup but `code` in backticks."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable

from ...model.names import is_invisible

_WHITE = re.compile(r"\s+")
_SPECIAL = re.compile(r"[\\`*\[\]<>&|{}~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:(?=//)")
# A backslash is enough for what all dialects of Markdown let one escape; the others need a reference.
_BACKSLASHED = frozenset("\\`*[]_{}")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_NOT_PLAIN_CODE = re.compile(r"[`|\\<>&]|^\s|\s$")
_LINE_START = re.compile(r"(\d+)([.)])|([^\w\s`\\(&\"'])")
_NAME = re.compile(r"[A-Za-z0-9]+(?:[_.-][A-Za-z0-9]+)*")
_BACKTICKS = re.compile(r"`+")
_NO_TAGS = str.maketrans("<>", "\u2039\u203a")


def _reference(character: str) -> str:
    return f"&#{ord(character)};"


def visible(text: str) -> str:
    """Write characters that cannot be seen, or that turn the direction of writing, as JSON escapes."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(json.dumps(character)[1:-1] if is_invisible(character) else character for character in text)


def plain(text: str) -> str:
    """Give a text of the spec on one line, everything in it to be seen, but not yet quoted for Markdown."""
    return visible(_WHITE.sub(" ", text).strip())


def escape(text: str) -> str:
    """Quote a text on one line so that Markdown and HTML take it literally, within a line or a cell of a table."""

    def quoted(found: re.Match[str]) -> str:
        character = found[0]
        return f"\\{character}" if character in _BACKSLASHED else _reference(character)

    return _SPECIAL.sub(quoted, text)


def code(text: str) -> str:
    """Give a text as a span of code, whatever is in it."""
    shown = visible(text) or '""'
    if _NOT_PLAIN_CODE.search(shown) is None:
        return f"`{shown}`"
    return code_element(text)


def code_element(text: str) -> str:
    """Give a text as code in HTML, whatever is in it and wherever it stands."""
    shown = visible(text) or '""'
    if _NAME.fullmatch(shown) is None:
        # Dialects disagree on backticks, pipes and backslashes in code; references mean the same to all of them.
        shown = "".join(c if c.isalnum() else _reference(c) for c in shown)
    return f"<code>{shown}</code>"


def prose(text: str) -> str:
    """Quote prose of the spec for the middle of a line or the cell of a table; `code` in backticks stays code."""
    line = plain(text)
    parts: list[str] = []
    at = 0
    for span in _CODE_SPAN.finditer(line):
        parts += (escape(line[at : span.start()]), code(span[2].strip() or span[2]))
        at = span.end()
    parts.append(escape(line[at:]))
    return "".join(parts)


def paragraphs(text: str) -> tuple[str, ...]:
    """Quote prose that stands on lines of its own: each line of the text is a paragraph."""
    return tuple(_at_line_start(prose(line)) for line in text.splitlines() if line.strip())


def _at_line_start(text: str) -> str:
    """Keep a quoted line from being a heading, an item of a list, a rule, an admonition or the like."""
    found = _LINE_START.match(text)
    if found is None or text.startswith("<code>"):
        return text
    number, mark, other = found.groups()
    return f"{number}{_reference(mark)}{text[found.end() :]}" if number else f"{_reference(other)}{text[1:]}"


def site_title(text: str) -> str:
    """Give a title of the spec for the site, as HTML.

    The site also puts titles, unquoted again, into the title of a page: no tags at all.
    """
    return html.escape(plain(text).translate(_NO_TAGS), quote=False)


def joined(items: Iterable[str], last: str) -> str:
    """Give `a, b and c`."""
    *most, end = items
    return f"{', '.join(most)} {last} {end}" if most else end


def counted(number: int, one: str, many: str) -> str:
    """Give `1 event` or `2 events`."""
    return f"{number} {one if number == 1 else many}"


def fence(texts: Iterable[str]) -> str:
    """Give the backticks that open and close a block of code with these texts in it."""
    longest = max((len(run) for text in texts for run in _BACKTICKS.findall(text)), default=0)
    return "`" * max(3, longest + 1)
