"""The methods of builders that end a stream."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...model import ir
from ...model.prose import first_sentence
from .builder_views import EndView, MethodView, Parameter, mapping
from .effects import Effects
from .method_names import event_name, shared_prefix
from .parameters import Parameters
from .runtime.planning import CUT
from .sending import Sender
from .tables import expression
from .text import docstring, literal, prose

_ENDS = {"completed": "complete", CUT: CUT, "failed": "fail", "error": "error"}
"""What the methods are called that end a stream, by how it ends."""


class Endings:
    """Makes these methods.

    Attributes:
        views: The ways in which a stream can end, once the methods are made.
    """

    def __init__(self, spec: ir.Spec, effects: Effects, sender: Sender, parameters: Parameters) -> None:
        self._spec = spec
        self._effects = effects
        self._sender = sender
        self._parameters = parameters
        self._prefix = shared_prefix([event.tag for event in spec.events])
        self.views: list[EndView] = []

    def methods(self) -> Iterator[MethodView]:
        """Give the methods that end a stream; `views` has them then."""
        for kind, named in _ENDS.items():
            called = "fail" if kind == "error" and self._is_failure(kind) else named
            events = [event for event in self._spec.events if any(end.kind == kind for end in event.ends)]
            for event in events:
                if not event.deprecated:
                    method = self._end(
                        event, kind, called if event is events[0] else event_name(event, "", self._prefix)
                    )
                    way = self._effects.ways(event)[0]
                    doc = prose(first_sentence(event.record.doc))
                    self.views.append(EndView(method.name, literal(way.name), literal(kind), literal(doc)))
                    yield method

    def failing(self) -> str | None:
        """Give the call that ends the stream after an exception."""
        ends = {
            name: [event for event in self._spec.events if any(end.kind == name for end in event.ends)]
            for name in _ENDS
        }
        for kind in ("failed", "error"):
            if not ends[kind]:
                continue
            method = self._end(ends[kind][0], kind, "fail")
            given = []
            for parameter in method.first:
                value = self._filler(parameter)
                if value is None:
                    return None
                given.append(value)
            return f"self.{method.name}({', '.join(given)})"
        return None

    def _is_failure(self, kind: str) -> bool:
        """Whether streams fail with this end: with an error, where no event says that they have failed."""
        return kind == "failed" or not any(end.kind == "failed" for event in self._spec.events for end in event.ends)

    def _end(self, event: ir.Event, kind: str, name: str) -> MethodView:
        state: list[tuple[Parameter, tuple[str, ...]]] = []
        snapshot = event.snapshot or ()
        begin = ir.RecordRef(event.record.name)
        reason = _names(event.reason) if event.reason else ()
        if reason and snapshot and reason[: len(snapshot)] == snapshot:
            field = self._field(begin, reason)
            if field is not None:
                state.append((self._parameters.one(field, needed=True), reason[len(snapshot) :]))
        placed: list[tuple[Parameter, tuple[str, ...]]] = []
        for path in map(_names, event.errors[:1]):
            owner = self._field(begin, path) if path else None
            records = self._spec.records_of(owner.type) if owner else ()
            inside = bool(snapshot) and path[: len(snapshot)] == snapshot
            for field in self._spec.records[records[0]].fields if len(records) == 1 else ():
                parameter = self._parameters.one(field, needed=not field.optional)
                (state if inside else placed).append(
                    (parameter, (*path[len(snapshot if inside else ()) :], field.name))
                )
        way = self._effects.ways(event)[0]
        flat = {path[0] for _, path in placed}
        flat |= {parameter.wire for parameter, _ in placed}
        own = self._parameters.of(field for field in self._sender.open_fields(way, "") if field.name not in flat)
        given = ", ".join(f"{expression(path)}: {parameter.name}" for parameter, path in state)
        arguments = [literal(way.name), literal(kind), mapping(own) or "None"]
        arguments += [f"{{{given}}}"] if state else (["None"] if placed else [])
        if placed:
            arguments.append(
                "{" + ", ".join(f"{expression(path)}: {parameter.name}" for parameter, path in placed) + "}"
            )
        parameters = (*(parameter for parameter, _ in (*state, *placed)), *own)
        first = tuple(each for each in parameters if not each.default)
        named = tuple(each for each in parameters if each.default)
        doc = [
            prose(first_sentence(event.record.doc)),
            prose(f"Sends `{event.tag}`, and what has to come before it."),
        ]
        return MethodView(name, first, named, "None", docstring(doc, 8), (f"self.end_with_({', '.join(arguments)})",))

    def _field(self, begin: ir.Type, path: Iterable[str]) -> ir.Field | None:
        found: ir.Field | None = None
        for name in path:
            fields = (self._spec.records[record].field(name) for record in self._spec.records_of(begin))
            found = next((each for each in fields if each is not None), None)
            if found is None:
                return None
            begin = found.type
        return found

    def _filler(self, parameter: Parameter) -> str | None:
        enum = self._spec.enums.get(parameter.annotation)
        if enum is not None and enum.values:
            return literal(enum.values[0].value)
        if parameter.annotation == "str" and parameter.wire == "message":
            return literal("The stream was cut off by an error of the server.")
        return None


def _names(way: ir.Way) -> tuple[str, ...]:
    """Give a way as names of members; none where it goes through a list."""
    names = tuple(step for step in way if isinstance(step, str))
    return names if len(names) == len(way) else ()
