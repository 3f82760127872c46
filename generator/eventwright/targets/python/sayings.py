"""The methods of builders that say what happens with something that is open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ...model import ir
from ...model.prose import first_sentence
from .builder_views import MethodView, Parameter, mapping
from .effects import Effects, Way
from .method_names import event_name, identifier, shared_prefix, singular
from .parameters import Parameters, beside
from .places import Imports, Places, free
from .runtime.planning import Path, Sending
from .sending import Sender
from .tables import expression
from .text import docstring, literal, prose


@dataclass(frozen=True, slots=True)
class Said:
    """A method that says what happens at a place, and how another builder can say it for it."""

    way: Way
    method: MethodView


class Sayings:
    """Makes these methods.

    Attributes:
        sendings: How what they say is sent, by its name; only of those that are made.
    """

    def __init__(
        self,
        spec: ir.Spec,
        effects: Effects,
        sender: Sender,
        parameters: Parameters,
        places: Places,
        imports: Imports,
    ) -> None:
        self._spec = spec
        self._effects = effects
        self._sender = sender
        self._parameters = parameters
        self._places = places
        self._imports = imports
        self.sendings: dict[str, Sending] = {}
        self._prefix = shared_prefix([event.tag for event in spec.events])

    def at(self, place: str, record: str) -> Iterator[Said]:
        """Give what may be said about an element while it is open."""
        for event in self._spec.events:
            if event.place != place or event.opens or event.closes or event.ends:
                continue
            if place and not self._effects.fits(event, place, record):
                continue
            for way in self._effects.ways(event):
                named = [change.record for change in way.changes if change.place == place and change.record]
                if named and record not in named:
                    continue
                method = self._saying(way, place)
                if method is not None:
                    yield Said(way, replace(method, name=event.method) if event.method else method)

    def _saying(self, way: Way, place: str) -> MethodView | None:
        """Give the method for one thing that can be said; None where the builder says it by itself."""
        sending = self._sender.sending(way, place)
        self.sendings[way.name] = sending
        fields = self._parameters.of(self._sender.open_fields(way, place) if not way.chosen else ())
        if sending.appends:
            return self._appending(way, place, sending, beside(fields, "piece"))
        if sending.puts:
            return self._putting(way, sending, beside(fields, "value"))
        if sending.gathers:
            return self._gathering(way, sending, fields)
        if sending.finishes and not fields:
            return None
        if way.chosen:
            return self._choosing(way, place)
        name = event_name(way.event, place, self._prefix)
        doc = [prose(first_sentence(way.event.record.doc)), _sends(way)]
        call = f"self.happen_({literal(way.name)}{_behind(fields)})"
        return MethodView(name, (), fields, "None", docstring(doc, 8), (call,))

    def _appending(self, way: Way, place: str, sending: Sending, fields: tuple[Parameter, ...]) -> MethodView:
        """Give the method that adds a piece to a text."""
        leaf = sending.appends[0][1]
        first = (Parameter("piece", "", "str", ""),)
        doc = [prose(f"Add a piece to `{'.'.join(leaf) or place}`; an empty one changes nothing."), _sends(way)]
        call = f"self.append_({literal(way.name)}, piece{_behind(fields)})"
        return MethodView(identifier(leaf[-1] if leaf else "piece"), first, fields, "None", docstring(doc, 8), (call,))

    def _putting(self, way: Way, sending: Sending, fields: tuple[Parameter, ...]) -> MethodView:
        """Give the method that puts something into a list."""
        source, leaf, _ = sending.puts[0]
        first = (self._value(way, source),)
        doc = [prose(f"Put one more into `{'.'.join(leaf)}`."), _sends(way)]
        call = f"self.put_in_({literal(way.name)}, value{_behind(fields)})"
        return MethodView(singular(identifier(leaf[-1])), first, fields, "None", docstring(doc, 8), (call,))

    def _choosing(self, way: Way, place: str) -> MethodView:
        """Give the method that says one of several things that an object in an event may be."""
        change = way.changes[0]
        first = (self._value(way, change.source),)
        doc = [prose(f"Say what `{'.'.join(change.leaf) or place}` is."), _sends(way)]
        call = f"self.happen_({literal(way.name)}, None, {{{expression(change.source)}: value}})"
        name = identifier((change.leaf or change.source)[-1])
        return MethodView(name, first, (), "None", docstring(doc, 8), (call,))

    def _value(self, way: Way, path: Path) -> Parameter:
        """Give the parameter for what a member of an event takes."""
        source = next(change.fold.source for change in way.changes if change.source == path)
        assert source is not None
        return Parameter("value", "", self._places.annotation(source.type, self._imports), "")

    def _gathering(self, way: Way, sending: Sending, fields: tuple[Parameter, ...]) -> MethodView:
        """Give the method that says what is left to say of an element in which texts have grown."""
        source, _, index = sending.gathers[0]
        change = next(each for each in way.changes if each.source == source)
        own = {each.name for each in fields}
        element = tuple(
            replace(each, name=free(each.name, own)) if each.name in own else each
            for each in (self._parameters.of(self._effects.ungrown(change)) if index else ())
        )
        doc = [
            prose(first_sentence(way.event.record.doc)),
            prose(f"Sends `{way.event.tag}`, with what came in pieces as the pieces have it."),
        ]
        call = f"self.gather_({literal(way.name)}, {mapping(fields) or '{}'}, {mapping(element) or '{}'})"
        name = event_name(way.event, sending.places[-1] if sending.places else "", self._prefix)
        return MethodView(name, (), (*fields, *element), "None", docstring(doc, 8), (call,))


def _sends(way: Way) -> str:
    return prose(f"Sends `{way.event.tag}`.")


def _behind(fields: tuple[Parameter, ...]) -> str:
    """Write the members of an event as the last argument of a call, if there are any."""
    more = mapping(fields)
    return f", {more}" if more else ""
