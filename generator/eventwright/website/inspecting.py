"""Reads a stream with a generated package, for a page to show; it is copied into the site and runs in the browser.

It needs what every package has, and nothing else but the standard library. It answers with JSON text: that is the
cheapest way out of the interpreter.
"""

from __future__ import annotations

import inspect
import json
import re
from collections import Counter
from collections.abc import Iterator
from importlib import import_module, invalidate_caches
from importlib.util import find_spec
from types import ModuleType
from typing import Any, NamedTuple

_BRIEF_MEMBERS = 4
_BRIEF_CHARACTERS = 48
_SHOWN_PIECES = 2000
"""Elements of one list or object that are given at once."""

_SHOWN_CHARACTERS = 20_000
_SHOWN_DEPTH = 60
_MOST_FINDINGS = 1000
_INDEX = re.compile(r"\[\d+\]")
_UNREADABLE = "unreadable"

_MENDS = {
    "missing": "Send the member: it is declared as required. If it may be absent, say so in the spec.",
    "null": "Send a value, or leave the member out if it is optional. If it may be null, say so in the spec.",
    "type": "Send a value of the declared type. If this is what the service sends, the spec has to say so.",
    "value": "Send one of the declared values. If the value is new, it goes into the spec.",
    "tag": "Send a declared tag. If the kind is new, it goes into the spec.",
    "unknown": "The spec does not know the tag. If the kind is new, it goes into the spec; nothing of it is lost.",
    "extra": "The spec does not declare the member. If it is new, it goes into the spec; nothing of it is lost.",
    _UNREADABLE: "Write each event with a JSON library, on one line, and errors in the same form.",
}
"""What to do about each kind of oddity."""


class Oddity(NamedTuple):
    """One place of an event that is not as declared."""

    path: str
    code: str
    text: str


class _Brought(NamedTuple):
    """What an event brings: the elements around it, its member and its value.

    What is deep in a member of the event, and in no list, has the name of that member, and no value.
    """

    place: str
    member: str
    value: Any


class Inspection:
    """What there is to say about one stream, or about several that a recording holds one behind the other.

    `read` is called until it says that all is read; everything else may be asked at any time, about what was read.
    """

    def __init__(self, package: str, body: bytes, profile: str = "") -> None:
        """Prepare to read.

        Args:
            package: Name of the generated package.
            body: Server-sent events, lines of JSON, or one JSON document.
            profile: Name of a provider whose streams are forgiven what is known of them; empty for none.
        """
        self._package = _Package(package)
        self._lines = body.count(b"\n") + 1
        self._texts: Iterator[Any] = self._package.located(body)
        self._linter = self._package.linter(profile)
        self._boundaries = self._package.boundaries()
        self._dones = 0
        self._events: list[Any] = []
        # For each event the index of the first one of its stream.
        self._begins: list[int] = []
        self._oddities: Counter[tuple[str, str, str]] = Counter()
        self._first: dict[tuple[str, str, str], tuple[int, str]] = {}
        self._typed = 0
        self._accumulator: Any = None
        self._fed = range(0)

    def read(self, limit: int) -> str:
        """Read on.

        Args:
            limit: How many events at most.

        Returns:
            `rows`: for each event its tag, its place, the line of the text, the codes of what is odd about it, and what
            is in it, in brief; `share`: how much is read, from 0 to 1; `done`: whether that is all; `error`: why
            nothing more can be read, if that is so.
        """
        rows: list[list[Any]] = []
        error = ""
        done = False
        try:
            while len(rows) < limit:
                text = next(self._texts, None)
                if text is None:
                    done = True
                    break
                rows.append(self._row(text))
        except self._package.refusals as refusal:
            error, done = str(refusal), True
        if done and self._linter is not None:
            self._linter.close()
        share = 1 if done else min(1, rows[-1][2] / self._lines) if rows else 0
        return json.dumps({"rows": rows, "share": share, "done": done, "error": error})

    def summary(self) -> str:
        """Tell what is wrong.

        Returns:
            `findings` about the stream, each with what follows from it; `rules` with what there is to say about those
            that are broken; `oddities`: what is not as declared, the same of each kind of event together; `typed`: how
            many events are as declared.
        """
        found = [] if self._linter is None else self._linter.findings
        findings = [_finding(each) for each in found[:_MOST_FINDINGS]]
        rules = {name: doc._asdict() for name, doc in self._package.rules.items()}
        broken = {each.rule for finding in found[:_MOST_FINDINGS] for each in finding.all()}
        oddities = [
            {"code": code, "tag": tag, "path": path, "count": count, "mend": _MENDS[code]}
            | dict(zip(("index", "text"), self._first[code, tag, path], strict=True))
            for (code, tag, path), count in self._oddities.most_common()
        ]
        return json.dumps(
            {
                "findings": findings,
                "total": len(found),
                "rules": {name: rules[name] for name in sorted(broken) if name in rules},
                "checked": self._linter is not None,
                "oddities": oddities,
                "typed": self._typed,
                "streams": len(set(self._begins)),
            }
        )

    def event(self, index: int) -> str:
        """Show an event.

        Returns:
            `tree` of its members, see `_Tree`; `oddities` with what is not as declared, each with what to do; `tag` and
            `name` of its class; for what could not be read, `error` and no tree.
        """
        event = self._events[index]
        if isinstance(event, Exception):
            return json.dumps({"error": str(event), "mend": _MENDS[_UNREADABLE]})
        oddities = self._package.oddities(event)
        return json.dumps(
            {
                "tag": self._package.tag(event),
                "name": type(event).__name__,
                "doc": inspect.cleandoc(type(event).__doc__ or ""),
                "oddities": [each._asdict() | {"mend": _MENDS[each.code]} for each in oddities],
                "tree": self._package.tree(event, oddities),
            }
        )

    def state(self, index: int) -> str:
        """Show what the stream amounts to behind an event.

        Returns:
            `tree` of the state, `readings` of it by name, `mended` with what had to be put right, and how the stream
            has `ended`; null where the spec has no state.
        """
        if self._package.accumulator is None:
            return "null"
        accumulator = self._accumulated(index)
        states = {"": accumulator.state} if hasattr(accumulator, "state") else dict(accumulator)
        readings = {}
        for name in self._package.readings:
            value = getattr(accumulator, name)
            if isinstance(value, str):
                readings[name] = value[-_SHOWN_CHARACTERS:]
            elif isinstance(value, list):
                readings[name] = json.dumps([self._package.encode_any(each) for each in value], ensure_ascii=False)
        return json.dumps(
            {
                "trees": {key: self._package.tree(state, []) for key, state in states.items()},
                "names": {key: type(state).__name__ for key, state in states.items()},
                "readings": readings,
                "mended": dict(getattr(accumulator, "mended", {})),
                "ended": "" if accumulator.end is None else str(accumulator.end),
            }
        )

    def _row(self, text: Any) -> list[Any]:
        """Read one text."""
        if text.dones != self._dones and self._linter is not None:
            self._linter.close()
        self._dones = text.dones
        index = len(self._events)
        try:
            event = self._package.event(text)
        except self._package.refusals as error:
            self._events.append(error)
            self._begins.append(self._begins[-1] if index else 0)
            if self._linter is not None:
                # It stands for an event of which nothing is known.
                self._linter.feed({})
            self._count(Oddity("", _UNREADABLE, str(error)), "", index)
            return ["", "", text.line, [_UNREADABLE], str(error)]
        if self._linter is not None:
            self._linter.feed(event, line=text.name)
        self._events.append(event)
        self._begins.append(index if self._boundaries.begins(event, text.dones) or not index else self._begins[-1])
        tag = self._package.tag(event)
        oddities = self._package.oddities(event)
        self._typed += not oddities
        for each in oddities:
            self._count(each, tag, index)
        codes = sorted({each.code for each in oddities})
        return [tag, self._package.place(event), text.line, codes, self._package.brief(event)]

    def _count(self, oddity: Oddity, tag: str, index: int) -> None:
        key = (oddity.code, tag, _INDEX.sub("[*]", oddity.path))
        self._oddities[key] += 1
        self._first.setdefault(key, (index, oddity.text))

    def _accumulated(self, index: int) -> Any:
        """Give the accumulator behind an event: that of the last question goes on, if it can."""
        begin = self._begins[index]
        if self._fed.start != begin or self._fed.stop > index + 1 or self._accumulator is None:
            self._accumulator, self._fed = self._package.accumulator(), range(begin, begin)
        for event in self._events[self._fed.stop : index + 1]:
            if not isinstance(event, Exception):
                self._accumulator.feed(event)
        self._fed = range(begin, index + 1)
        return self._accumulator


def make(package: str, body: memoryview, profile: str = "") -> Inspection:
    """Inspect what a browser has; the package may have been unpacked a moment ago."""
    invalidate_caches()
    return Inspection(package, bytes(body), profile)


class _Package:
    """What is needed of a generated package."""

    def __init__(self, name: str) -> None:
        def module(below: str) -> ModuleType:
            return import_module(f"{name}.{below}")

        self._decoder = module("decoder")
        self._endings = module("stream.endings")
        self._recorded = module("runtime.recorded")
        self._recordings = module("runtime.recordings")
        self._typed = module("runtime.typed")
        self._model = module("runtime.model")
        self._checking = module("runtime.checking")
        self._keying = module("runtime.keying")
        self._ending = module("runtime.ending")
        encoding = module("runtime.encoding")
        self.encode, self.encode_any = encoding.encode, encoding.encode_any
        shape = module("runtime.shape")
        self._shapes, self._integer = shape.SHAPES, shape.INTEGER
        self.refusals = (module("runtime.errors").DecodeError, module("runtime.framing").FramingError)
        events = module("event").EVENT_TYPES
        self._tag_of = {model: tag for tag, model in reversed(list(events.items()))}
        self._shared = Counter(field.name for model in events.values() for field in self._shapes[model].fields.values())
        self._lined = "tag" in inspect.signature(self._decoder.decode).parameters
        self.accumulator: Any = getattr(module("stream"), "Accumulator", None)
        self.readings = sorted(
            each for each, value in vars(self.accumulator or object).items() if isinstance(value, property)
        )
        # Not every spec says what a valid stream is.
        self._lint = module("lint") if find_spec(f"{name}.lint") else None
        self.rules = {} if self._lint is None else self._lint.RULES
        self._lifecycle: Any = None if self._lint is None else module("lint.lifecycle").VALID_STREAM
        self._briefs: dict[type[Any], list[str]] = {}

    def located(self, body: bytes) -> Iterator[Any]:
        """Give the texts of the events with their lines."""
        texts: Iterator[Any] = self._recorded.located(body, self._endings.DONE)
        return texts

    def linter(self, profile: str) -> Any:
        """Make a linter with a profile, if one is named; None if the spec does not say what a valid stream is."""
        return None if self._lint is None else self._lint.Linter(profile=profile or None)

    def boundaries(self) -> Any:
        """Make what sees where a stream begins."""
        return self._recordings.Boundaries(self._endings.ENDINGS, self._endings.OPENERS, self._endings.KEYS)

    def event(self, text: Any) -> Any:
        """Decode a text.

        Raises:
            DecodeError: It is no JSON object.
        """
        if isinstance(text.text, Exception):
            raise text.text
        return self._decoder.decode(text.text, **({"tag": text.name} if text.name and self._lined else {}))

    def tag(self, event: Any) -> str:
        """Give the tag of an event as it is on the wire; where it has none, that of its class."""
        if isinstance(event, self._model.UnknownEvent):
            return event.type or "(no tag)"
        shape = self._shapes[type(event)]
        own = None if shape.tag is None else getattr(event, shape.fields[shape.tag].name, None)
        return self._tag_of[type(event)] if own is None else str(own)

    def place(self, event: Any) -> str:
        """Name what an event is about: the elements on the way to it, by their positions or keys.

        A spec without a lifecycle does not say so. There it is the innermost thing that the event brings where the
        events build up a state, and else the kind of the event.
        """
        keys = self._endings.KEYS
        key = self._keying.key_of(event, keys) if keys else None
        steps = [] if key is None else [key]
        if self._lifecycle is None:
            return " / ".join([*steps, self.tag(event) if self.accumulator is None else self._brought(event).place])
        law = self._lifecycle.events.get(type(event))
        if law is not None:
            names = (law.opens, law.closes, law.place)
            for place in self._lifecycle.chains[next(filter(self._lifecycle.places.get, names), "")]:
                found = (self._ending.reach(event, path) for path in place.keys)
                at = next((each for each in found if isinstance(each, (str, int))), "")
                steps.append(f"{place.name} {at}".strip())
        return " / ".join(steps)

    def _brought(self, event: Any) -> _Brought:
        """Find the innermost thing that an event brings: a text, if there is one, or else another value."""
        deepest, found = (0, False), _Brought("", "", None)
        pending: list[tuple[Any, int, list[str], str]] = [(event, 0, [], "")]
        while pending:
            value, depth, elements, member = pending.pop()
            if isinstance(value, self._model.Model):
                shape = self._shapes.get(type(value))
                for key, field in {} if shape is None else shape.fields.items():
                    below = getattr(value, field.name, None)
                    pending.append((below, depth + 1, elements, key if elements or not depth else member))
            elif isinstance(value, list) and any(isinstance(each, self._model.Model) for each in value):
                for at, each in enumerate(value):
                    pending.append((each, depth + 1, [*elements, f"{member} {self._number(each, at)}"], member))
            elif value not in (None, "", {}, []) and (depth, isinstance(value, str)) > deepest:
                deepest = (depth, isinstance(value, str))
                shown = value if elements or depth == 1 else None
                found = _Brought(" / ".join([*elements[:-1], " ".join([*elements[-1:], member])]), member, shown)
        return found

    def _number(self, element: Any, at: int) -> int:
        """Give the number of an element of a list: a piece of one begins with it, since its own list is shorter."""
        shape = self._shapes.get(type(element))
        first = None if shape is None else next(iter(shape.fields.values()), None)
        own = getattr(element, first.name, None) if first is not None and first.type is self._integer else None
        return own if isinstance(own, int) else at

    def oddities(self, event: Any) -> list[Oddity]:
        """Give what is not as declared, each place once."""
        found = [
            Oddity(each.path, each.code, f"expected {each.expected}, got {each.got}")
            for each in self._decoder.problems(event)
        ]
        known = {each.path for each in found}
        for gap in self._typed.gaps(event):
            if gap.kind == "tag" and gap.path not in known:
                found.append(Oddity(gap.path, "unknown", f"unknown tag {gap.name!r}" if gap.name else "no tag"))
            elif gap.kind == "extra" and gap.path not in known:
                found.append(Oddity(gap.path, "extra", f"undeclared member {gap.name}"))
        return found

    def brief(self, event: Any) -> str:
        """Show the values that fit into a few words, those that say most about the event first."""
        values = [(name, getattr(event, name, None)) for name in self._brief_names(type(event))]
        if self._lifecycle is None:
            brought = self._brought(event)
            values = [
                (brought.member, brought.value),
                *((name, each) for name, each in values if name != brought.member),
            ]
        shown: list[str] = []
        for name, value in values:
            if isinstance(value, (str, int, float)):
                text = json.dumps(value, ensure_ascii=False)
                cut = text if len(text) <= _BRIEF_CHARACTERS else f"{text[:_BRIEF_CHARACTERS]}..."
                shown.append(f"{name}={cut}")
                if len(shown) == _BRIEF_MEMBERS:
                    break
        return " ".join(shown)

    def tree(self, model: Any, oddities: list[Oddity]) -> list[Any]:
        """Give an object as a tree of nodes; see `_Tree`."""
        return _Tree(self._names(model), oddities, self._checking.step).node("", self.encode(model), "$", 0)

    def _brief_names(self, model: type[Any]) -> list[str]:
        if model not in self._briefs:
            shape = self._shapes.get(model)
            fields = [] if shape is None else [field for key, field in shape.fields.items() if key != shape.tag]
            # Integers are positions, most of the time: the place says as much.
            fields.sort(key=lambda field: (field.optional, field.type is self._integer, self._shared[field.name]))
            self._briefs[model] = [field.name for field in fields]
        return self._briefs[model]

    def _names(self, model: Any) -> dict[str, str]:
        """Give the class of each object in an object, by its path."""
        names: dict[str, str] = {}
        pending: list[tuple[str, Any]] = [("$", model)]
        while pending:
            path, value = pending.pop()
            if isinstance(value, self._model.Model):
                names[path] = type(value).__name__
                shape = self._shapes.get(type(value))
                if shape is None:
                    continue
                path = path if shape.wrapper is None else f"{path}{self._checking.step(shape.wrapper)}"
                for key, field in shape.fields.items():
                    pending.append((f"{path}{self._checking.step(key)}", getattr(value, field.name, None)))
            elif type(value) is list:
                pending += [(f"{path}[{at}]", each) for at, each in enumerate(value)]
            elif type(value) is dict:
                pending += [(f"{path}{self._checking.step(key)}", each) for key, each in value.items()]
        return names


class _Tree:
    """Makes the nodes of a tree: the key, the JSON text of a plain value or else `list` or `object`, the name of the
    class, the code of what is odd, the nodes below, and how many of these were left out.
    """

    def __init__(self, names: dict[str, str], oddities: list[Oddity], step: Any) -> None:
        self._names = names
        self._codes = {each.path: each.code for each in oddities}
        self._step = step

    def node(self, key: str, value: Any, path: str, depth: int) -> list[Any]:
        """Make the node of a value."""
        name, code = self._names.get(path, ""), self._codes.get(path, "")
        if type(value) not in (dict, list) or depth == _SHOWN_DEPTH:
            text = json.dumps(value, ensure_ascii=False)
            cut = text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}..."
            return [key, cut, name, code, [], 0]
        if type(value) is dict:
            kind = "object"
            pieces = [(each, f"{path}{self._step(each)}", below) for each, below in value.items()]
        else:
            kind = "list"
            pieces = [(str(at), f"{path}[{at}]", below) for at, below in enumerate(value)]
        inner = [self.node(each, below, way, depth + 1) for each, way, below in pieces[:_SHOWN_PIECES]]
        return [key, kind, name, code, inner, max(0, len(pieces) - _SHOWN_PIECES)]


def _finding(finding: Any) -> dict[str, Any]:
    names = ("rule", "severity", "index", "path", "message", "expected", "got")
    return {name: getattr(finding, name) for name in names} | {"also": [_finding(each) for each in finding.also]}
