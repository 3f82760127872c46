"""How the generated package finds the class of an event: by one member, by a tag of any other form, or by default."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...model import ir
from .conditions import condition
from .places import Imports, Places
from .text import literal, row, value_text


@dataclass(frozen=True, slots=True)
class DispatchView:
    """What the decoder of events is made of.

    Attributes:
        member: The member that alone is the tag, as a literal; empty if the tag is not as plain as that.
        is_plain: Whether that is all: every tag is a text, and a body without one is no event.
        takes_tag: Whether a tag may come beside the body.
        keeps_tag: Whether a part of the tag always does, which events then keep.
        parts: For each part of the tag the expressions of the places to look at.
        keys: Each tag as an expression, and what decodes its event.
        defaults: For each default the condition, empty for the last resort, and what decodes it.
        payload: The expression for what the event is built from.
        only: What decodes every body, where there is no tag and one event; empty otherwise.
    """

    member: str
    is_plain: bool
    takes_tag: bool
    keeps_tag: bool
    parts: tuple[str, ...]
    keys: tuple[tuple[str, str], ...]
    defaults: tuple[tuple[str, str], ...]
    only: str
    payload: str

    @property
    def is_total(self) -> bool:
        """Whether every body without a tag is an event."""
        return any(not condition for condition, _ in self.defaults)

    @property
    def tag_parameter(self) -> str:
        """The parameter for a tag beside the body."""
        return ", tag: str | None = None" if self.takes_tag else ""

    @property
    def tag_argument(self) -> str:
        """What is passed on of it."""
        return ", tag" if self.takes_tag else ""


def is_plain(spec: ir.Spec) -> bool:
    """Whether the tag of every event is a text in one member."""
    texts = all(isinstance(key.parts[0], str) for event in spec.events for key in event.keys)
    return bool(spec.tag.member) and texts and not spec.default


def takes_tag(spec: ir.Spec) -> bool:
    """Whether decoding takes a tag that comes beside the body."""
    return bool(spec.tag.parts) and not is_plain(spec)


def dispatch_view(places: Places, imports: Imports) -> DispatchView:
    """Give the view of what finds the class of an event."""
    spec = places.spec
    plain = is_plain(spec)
    texts = all(isinstance(key.parts[0], str) for event in spec.events for key in event.keys)
    defaults = tuple(_defaults(places, imports))
    parts = () if plain else tuple(_part(part, imports) for part in spec.tag.parts)
    single = not spec.tag.parts and len(defaults) == 1 and not defaults[0][0]
    return DispatchView(
        member=literal(spec.tag.member) if spec.tag.member and texts else "",
        is_plain=plain,
        takes_tag=takes_tag(spec),
        keeps_tag=places.keeps_tag,
        parts=parts,
        keys=tuple(
            (row(map(value_text, key.parts)), places.decoder(event.record.name, imports))
            for event in spec.events
            for key in event.keys
        ),
        defaults=defaults,
        only=defaults[0][1] if single else "",
        payload="next(iter(data.values())).copy()" if spec.tag.is_name else "data",
    )


def _defaults(places: Places, imports: Imports) -> Iterable[tuple[str, str]]:
    for choice in places.spec.default:
        test = condition(choice.when, "data", imports)
        yield test, places.decoder(choice.record, imports)
        if not test:
            break


def _part(part: tuple[ir.TagPlace, ...], imports: Imports) -> str:
    return row(_place(place, imports) for place in part)


def _place(place: ir.TagPlace, imports: Imports) -> str:
    kind = imports.package("runtime.dispatching", type(place).__name__)
    names = (place.name,) if isinstance(place, ir.BesideTag) else place.path
    return f"{kind}({', '.join(map(literal, names))})"
