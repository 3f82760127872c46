"""What the templates of builders see: classes with methods, and what examples are made from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .text import literal


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a method.

    Attributes:
        wire: Name of the member that it becomes.
        annotation: Its type.
        default: What it is where it is not given; empty where it has to be.
    """

    name: str
    wire: str
    annotation: str
    default: str

    @property
    def key(self) -> str:
        """The name of the member, as a literal."""
        return literal(self.wire)

    @property
    def text(self) -> str:
        """How the signature has it."""
        return f"{self.name}: {self.annotation}{f' = {self.default}' if self.default else ''}"


@dataclass(frozen=True, slots=True)
class MethodView:
    """A method of a builder.

    Attributes:
        first: Parameters that are given by their place.
        named: Parameters that are given by their name.
        lines: Its body.
    """

    name: str
    first: tuple[Parameter, ...]
    named: tuple[Parameter, ...]
    returns: str
    doc: str
    lines: tuple[str, ...]

    @property
    def signature(self) -> str:
        """Its first line."""
        shown = ["self", *(each.text for each in self.first), *(["*"] if self.named else [])]
        shown += [each.text for each in sorted(self.named, key=lambda each: bool(each.default))]
        return f"def {self.name}({', '.join(shown)}) -> {self.returns}:"


@dataclass(frozen=True, slots=True)
class MemberView:
    """An attribute of a builder that is a member of its element."""

    name: str
    wire: str
    annotation: str
    read: str


@dataclass(frozen=True, slots=True)
class BuilderView:
    """The class that builds one kind of element.

    Attributes:
        kind: Expression for what may happen with it.
    """

    name: str
    doc: str
    kind: str
    members: tuple[MemberView, ...]
    methods: tuple[MethodView, ...]


@dataclass(frozen=True, slots=True)
class ElementView:
    """An element that an example of a stream can be about.

    Attributes:
        name: What the method is called that opens it.
        builder: Class of its builder.
        model: Class of its objects; `None` if it has none.
        within: Class of the builder of the element around it; `None` where that is the stream.
        doc: A sentence, as a literal.
    """

    name: str
    builder: str
    model: str
    within: str
    doc: str


@dataclass(frozen=True, slots=True)
class EndView:
    """A way in which an example of a stream can end.

    Attributes:
        name: What the method is called that ends it.
        sending: The event, as a literal.
        kind: How it ends, as a literal.
        doc: A sentence, as a literal.
    """

    name: str
    sending: str
    kind: str
    doc: str


@dataclass(frozen=True, slots=True)
class SamplesView:
    """The module of what examples are made from.

    Attributes:
        examples: Tags as literals, each with the expression for the wire object that the spec has as its example.
    """

    union: str
    imports: tuple[str, ...]
    stream: str
    state: str
    elements: tuple[ElementView, ...]
    ends: tuple[EndView, ...]
    examples: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class BuildView:
    """The modules of builders.

    Attributes:
        ways: Tags as literals, each with the expression for the names of what is sent with it.
        kinds: Names of places as literals, each with the class for its elements if there is but one, and with all.
        carries: Whether events carry the whole state, so that a stream can be resumed from that.
        state_class: Annotation of the state.
        sendings: Names of what is sent, as literals, each with the expression for how.
        stream: The class of the whole stream.
        state: Parameters of its constructor that become members of the state.
        own: Those that become members of the event that begins the stream.
        failing: The call that ends it after an exception; None where nobody but the author can say it.
        finishes: Whether it can be ended as intended without its author.
    """

    union: str
    imports: tuple[str, ...]
    plan_imports: tuple[str, ...]
    builders: tuple[BuilderView, ...]
    stream: BuilderView
    state: tuple[Parameter, ...]
    own: tuple[Parameter, ...]
    carries: bool
    state_class: str
    sendings: tuple[tuple[str, str], ...]
    ways: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str, tuple[str, ...]], ...]
    opener: str
    counter: str
    tag: str
    failing: str | None
    finishes: bool


def mapping(parameters: Iterable[Parameter]) -> str:
    """Give the expression for the members that parameters become, empty if there are none."""
    shown = ", ".join(f"{each.key}: {each.name}" for each in parameters)
    return f"{{{shown}}}" if shown else ""
