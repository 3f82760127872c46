"""Tells which events are wanted, most of the time without parsing their JSON.

A frame is passed over when its text is an object that has a tag somewhere and nowhere holds a wanted tag as a whole
string. A wanted event would have to hold it: there are two ways to write a character of a JSON string, as itself and as
an escape, and a text with an escape that could stand for a letter of a tag is never passed over. So the order of the
members, a second tag further down, tags of nested objects, and a wrong `event:` line cannot lead astray; at worst, a
text that merely quotes a wanted tag is parsed in vain.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Collection, Iterable, Mapping

from .model import Model, UnknownEvent

ESCAPE = "\\u00"
"""How JSON begins a character of ASCII that it need not escape."""

# Neither these characters nor any outside ASCII: JSON has more ways to write them.
_PLAIN = r"[ !#-.0-\[\]-~]+"
_WORD = r"[^._]+"
_ALIKE = 0.75


class Selection:
    """A choice of events by class or by tag.

    Args:
        only: Classes of events and wire tags. A tag need not be known, but one that looks like a misspelt one is warned
            of; the class `UnknownEvent` stands for all that are not known.
        types: The class of each known tag.
        tag: Member of the wire object that holds the tag, empty where the tag is not as plain as that.

    Raises:
        TypeError: `only` is a single string or class, or holds what is neither a tag nor the class of an event.
        ValueError: `only` is empty.
    """

    def __init__(self, only: Collection[type[Model] | str], types: Mapping[str, type[Model]], tag: str) -> None:
        if isinstance(only, (str, type)):
            raise TypeError(f"`only` takes a set of classes and tags, such as {{{_shown(only)}}}, not one alone")
        if not hasattr(type(only), "__iter__"):
            # Callers without a type checker pass anything.
            raise TypeError(f"`only` takes a set of classes and tags, not {_shown(only)}")
        self._unknown = False
        tags: set[str] = set()
        for wanted in only:
            if isinstance(wanted, str):
                # An enum member that is a string as well counts as that string.
                tags.add(str.__str__(wanted))
            elif wanted is UnknownEvent:
                self._unknown = True
            else:
                found = [known for known, model in types.items() if model is wanted]
                if not found:
                    raise TypeError(f"`only` takes classes of events and tags, not {_shown(wanted)}")
                tags.update(found)
        if not (tags or self._unknown):
            raise ValueError("`only` is empty, so no event would be read; leave it out to read all")
        for unknown in sorted(tags.difference(types)):
            if meant := _misspelt(unknown, types):
                # The caller of the function that makes the reader of a stream.
                warnings.warn(f"`only` holds the unknown tag {unknown!r}; did you mean {meant!r}?", stacklevel=4)
        self._models = frozenset(types[known] for known in tags if known in types)
        tags.update(known for known, model in types.items() if model in self._models)
        self.tags = frozenset(tags)
        """The tags of the events that are wanted."""
        self._types = types
        self._key = f'"{tag}"'
        self.marks: tuple[str, ...] = (ESCAPE, *(f'"{each}"' for each in sorted(tags)))
        self._begin = re.compile(rf'\{{[ \t\n\r]*"{re.escape(tag)}"[ \t\n\r]*:[ \t\n\r]*"([^"\\]*)"')
        self.tag = tag
        plain = bool(tag) and all(re.fullmatch(_PLAIN, each) for each in (tag, *tags))
        self.skimmable = plain and not self._unknown
        """Whether the marks alone tell that a JSON text is not wanted."""
        look = self._look_closely if self._unknown else self._look
        self.may_hold: Callable[[str], bool] = look if plain else _always
        """Whether a JSON text may be that of a wanted event."""

    def wants(self, event: object) -> bool:
        """Whether an event is one of those wanted."""
        if isinstance(event, UnknownEvent):
            return self._unknown or event.type in self.tags
        return type(event) in self._models

    def _look(self, text: str) -> bool:
        if text[:1] != "{" or text[-1:] != "}" or self._key not in text:
            return True
        for mark in self.marks:  # noqa: SIM110 - `any` with a generator takes three times as long
            if mark in text:
                return True
        return False

    def _look_closely(self, text: str) -> bool:
        """Look for a tag that is none of the known ones: it must be first and the only one."""
        if self._look(text) or text.count(self._key) > 1:
            return True
        begin = self._begin.match(text)
        return begin is None or begin[1] not in self._types


def _always(text: str) -> bool:
    return True


def _misspelt(tag: str, known: Iterable[str]) -> str | None:
    """Give the known tag that an unknown one was meant to be.

    New tags are made of the words of the old ones, so that tags which are alike as a whole say little: each word must
    be alike, or only the first ones be left out.
    """
    # Only who asks for an unknown tag pays for it.
    from difflib import SequenceMatcher

    words = re.findall(_WORD, tag)
    for each in known:
        others = re.findall(_WORD, each)
        alike = len(others) == len(words) and all(
            a == b or SequenceMatcher(None, a, b).ratio() >= _ALIKE for a, b in zip(words, others, strict=True)
        )
        if alike or each.endswith(f".{tag}"):
            return each
    return None


def _shown(given: object) -> str:
    return given.__name__ if isinstance(given, type) else repr(given)
