"""A package with lists of all kinds, and accumulators whose events say themselves what they do to the state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from .compiling import compiled, import_package

NAME = "rooms"

_SPEC = """
types:
  Room:
    doc: What people say.
    fields:
      id: {type: string, doc: Its name.}
      kind: {type: string, optional: true, doc: What kind of room.}
      title: {type: string, doc: Heading.}
      messages: {type: "list[Message]", doc: What was said.}
      members: {type: "list[Member]", doc: Who is there.}
      choices: {type: "list[Choice]", doc: Ways to go on.}
      notes: {type: "list[string]", optional: true, nullable: true, doc: Texts.}
      usage: {type: Usage, optional: true, doc: What it costs.}
      labels: {type: "map[string]", optional: true, doc: What people call it.}
      any: {type: any, optional: true, doc: Anything.}
  Said:
    doc: A message of a person.
    tag: said
    fields:
      id: {type: string, doc: Its name.}
      text: {type: string, doc: What was said.}
      parts: {type: "list[Part]", doc: Its parts.}
      calls: {type: "list[Call]", optional: true, nullable: true, doc: What it asks for.}
  Answered:
    doc: What came of a call.
    tag: answered
    fields:
      id: {type: string, doc: Its name.}
      text: {type: string, optional: true, doc: The answer.}
      calls: {type: "list[Call]", optional: true, doc: What it asks for.}
  Call:
    doc: Something to do.
    fields:
      id: {type: string, doc: Its name.}
      name: {type: string, doc: What to do.}
      input: {type: object, doc: What with.}
  Part:
    doc: A part of a message.
    fields:
      text: {type: string, doc: What it says.}
  Member:
    doc: A person in a room.
    fields:
      user: {type: User, doc: Who it is.}
      since: {type: string, optional: true, doc: Since when.}
  User:
    doc: A person.
    fields:
      from: {type: string, doc: A name that Python has for itself.}
      age: {type: integer, optional: true, doc: In years.}
  Choice:
    doc: One way to go on.
    fields:
      index: {type: integer, doc: Which one.}
      text: {type: string, doc: What it says.}
      usage: {type: Usage, optional: true, doc: What it costs.}
  Usage:
    doc: What it costs.
    fields:
      id: {type: string, optional: true, doc: Its name.}
      input: {type: integer, doc: What was read.}
      output: {type: integer, optional: true, nullable: true, doc: What was written.}
      words: {type: "list[string]", optional: true, doc: What was counted.}
  Delta:
    doc: What is new in a room.
    fields:
      title: {type: string, optional: true, nullable: true, doc: Heading.}
      kind: {type: string, optional: true, nullable: true, doc: What kind of room.}
      notes: {type: "list[string]", optional: true, nullable: true, doc: Texts.}
unions:
  Message:
    doc: A message of any kind.
    variants: [Said, Answered]
events:
  step:
    doc: Something happens.
    fields:
      room: {type: Room, optional: true, doc: All of it.}
      part: {type: any, optional: true, doc: Some of it.}
    fold: state = room
    example: {type: step}
"""

Fold = Callable[[Any], None]


def rooms(folder: Path) -> ModuleType:
    """Compile the package and import it."""
    result = compiled(_SPEC, folder, NAME, state="Room")
    assert not result.report.has_errors, result.report.diagnostics
    return import_package(folder, result.outputs["python"], NAME)


class Rooms:
    """Makes objects of the package, and accumulators.

    Attributes:
        package: The package.
    """

    def __init__(self, package: ModuleType) -> None:
        self.package = package

    def __getattr__(self, name: str) -> Any:
        return getattr(self.package, name)

    def of(self, model: str, **members: Any) -> Any:
        """Decode an object from its members."""
        from importlib import import_module

        decoders: Mapping[Any, Any] = import_module(f"{NAME}.runtime.decoding").DECODERS
        return decoders[getattr(self.package, model)](dict(members), None)

    def message(self, tag: str, **members: Any) -> Any:
        """Decode a message from its tag and its other members."""
        return self.of("Room", messages=[{"type": tag, **members}]).messages[0]

    def accumulator(self, *, unique: bool = True) -> Any:
        """Make an accumulator for steps.

        Args:
            unique: Whether messages and calls have ids that nothing else has.
        """
        from importlib import import_module

        package = self.package
        growing = {
            package.Room: ("title", "messages", "members", "choices", "notes"),
            package.Said: ("text", "parts", "calls"),
            package.Answered: ("text", "calls"),
            package.Call: ("input",),
            package.Part: ("text",),
            package.Choice: ("text",),
        }
        identities = {package.Said: "id", package.Answered: "id", package.Call: "id"} if unique else {}
        accumulating = import_module(f"{NAME}.runtime.accumulating")
        types = {"step": package.StepEvent}
        folds = {package.StepEvent: lambda state, event: event.part(state)}
        return accumulating.StateAccumulator(package.Room, types, folds, growing, identities, {}, {})

    def fed(self, *folds: Fold, unique: bool = True) -> Any:
        """Make an accumulator and let each of some folds change its state."""
        accumulator = self.accumulator(unique=unique)
        for fold in folds:
            self.feed(accumulator, fold)
        return accumulator

    def feed(self, accumulator: Any, fold: Fold) -> None:
        """Let a fold change the state."""
        accumulator.feed(self.package.StepEvent(type="step", part=fold))
