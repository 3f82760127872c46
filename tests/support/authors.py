"""Authors of streams who do whatever comes to their mind: every method of a builder, with values of the right types."""

from __future__ import annotations

import importlib
import inspect
import itertools
import random
import sys
import types
import typing
from types import ModuleType
from typing import Any

from responses_events import InputTokensDetails, OutputTokensDetails, ResponseUsage
from responses_events.build import ResponseStream

_ENDS = frozenset(["complete", "incomplete", "fail", "error", "close"])


USAGE = ResponseUsage(
    input_tokens=1,
    output_tokens=2,
    total_tokens=3,
    input_tokens_details=InputTokensDetails(cached_tokens=0),
    output_tokens_details=OutputTokensDetails(reasoning_tokens=0),
)


def begun(**settings: Any) -> ResponseStream:
    """Begin a stream whose ids are counted."""
    counts = itertools.count()
    settings.setdefault("ids", lambda prefix: f"{prefix}{next(counts)}")
    return ResponseStream(model="tea-1", created_at=1, **settings)


class Author:
    """Builds one random stream of a generated package.

    Args:
        package: The package.
        seed: What the stream depends on.
        unsaid: Methods of the stream that are left out, beside those that end it.
    """

    def __init__(self, package: ModuleType, seed: int, unsaid: frozenset[str] = frozenset()) -> None:
        self.package = package
        self.build = importlib.import_module(f"{package.__name__}.build")
        self._random = random.Random(seed)
        node = importlib.import_module(f"{package.__name__}.runtime.streaming").StreamNode
        self._unsaid = unsaid | _ENDS | frozenset(name for name in dir(node) if name[0] != "_")
        self.refused: list[str] = []

    def stream(self) -> Any:
        """Begin a stream."""
        found = next(each for name, each in vars(self.build).items() if name.endswith("Stream"))
        return found(**self._arguments(found.__init__, found.__module__))

    def write(self, stream: Any, steps: int) -> None:
        """Say a number of things in a stream; what may not be said is noted in `refused`."""
        nodes = [stream]
        for _ in range(steps):
            node = self._random.choice([stream, *nodes[-4:]])
            names = self.methods(node) or ["close"]
            name = "close" if node is not stream and self._random.random() < 0.1 else self._random.choice(names)
            found = self.said(node, name)
            if found is not None:
                nodes.append(found)

    def methods(self, node: Any) -> list[str]:
        """Give the names of what may be said about a node, but for its end."""
        names = (name for name, _ in inspect.getmembers(type(node), inspect.isfunction))
        return [name for name in names if name[0] != "_" and name not in self._unsaid]

    def said(self, node: Any, name: str) -> Any:
        """Call a method with values for what it needs; give the element that it opens."""
        method = getattr(node, name)
        try:
            return method(**self._arguments(method, type(node).__module__))
        except self.build.LifecycleError as error:
            self.refused.append(error.rule)
            return None

    def _arguments(self, function: Any, module: str) -> dict[str, Any]:
        hints = typing.get_type_hints(function, vars(sys.modules[module]))
        parameters = inspect.signature(function).parameters.values()
        needed = [each.name for each in parameters if each.default is inspect.Parameter.empty and each.name != "self"]
        return {name: self.value(hints[name]) for name in needed}

    def value(self, hint: Any, depth: int = 0) -> Any:
        """Make a value of a type."""
        origin = typing.get_origin(hint)
        arguments = typing.get_args(hint)
        plain = {str: self._text(), int: self._random.randrange(5), float: 1.5, bool: True, typing.Any: {"k": 1}}
        if origin is None and hint in plain:
            return plain[hint]
        if origin is typing.Literal:
            return arguments[0]
        if origin is list:
            return [self.value(arguments[0], depth + 1)] if depth < 3 and self._random.random() < 0.5 else []
        if origin is dict:
            return {}
        if origin in (typing.Union, types.UnionType):
            return self.value(arguments[0], depth)
        fields = typing.get_type_hints(hint, vars(sys.modules[hint.__module__]))
        needed = [name for name in hint.field_names if name not in hint.field_defaults]
        return hint(**{name: self.value(fields[name], depth + 1) for name in needed})

    def _text(self) -> str:
        return "".join(self._random.choice("abcdé x") for _ in range(self._random.randrange(1, 6)))
