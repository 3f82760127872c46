"""The other libraries, each made to decode the events of the stream as well as it can.

A peer that cannot do the job is listed with the reason that it gives. Where a little help makes it able to, it takes
part with that help, and the help is told.
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import cattrs.errors
import mashumaro.codecs.json
import msgspec
import pydantic
from cattrs.preconf.json import make_converter

from . import made
from .screen import progress


@dataclass(frozen=True, slots=True)
class Peer:
    """A library that decodes events.

    Attributes:
        decode: From the text of an event to an object.
        encode: From such an object to JSON text.
        note: What it works on, and how it was helped.
    """

    name: str
    decode: Callable[[bytes], Any]
    encode: Callable[[Any], str | bytes]
    note: str


@dataclass(frozen=True, slots=True)
class Unable:
    """A library that has no way to decode these events, and what it says when asked."""

    name: str
    reason: str


OPENAI: Final = "openai-python"
PYDANTIC: Final = "pydantic, SDK models"


def sdk_peers() -> list[Peer]:
    """Give the peers that work on the models of openai-python."""
    progress("import openai")
    from openai._models import construct_type
    from openai.types.responses import ResponseStreamEvent

    union: Any = Annotated[typing.get_args(ResponseStreamEvent)[0], pydantic.Field(discriminator="type")]
    adapter: pydantic.TypeAdapter[Any] = pydantic.TypeAdapter(union)
    as_declared: pydantic.TypeAdapter[Any] = pydantic.TypeAdapter(ResponseStreamEvent)
    return [
        Peer(
            OPENAI,
            lambda text: construct_type(type_=ResponseStreamEvent, value=json.loads(text)),
            lambda event: event.to_json(),
            "`construct_type` on `json.loads`, as its own streams do",
        ),
        Peer(
            PYDANTIC,
            adapter.validate_json,
            lambda event: event.model_dump_json(exclude_unset=True),
            "`TypeAdapter.validate_json`, the union of events discriminated by `type`",
        ),
        Peer(
            "pydantic, SDK union as it is",
            as_declared.validate_json,
            lambda event: event.model_dump_json(exclude_unset=True),
            "the same without the discriminator, which the SDK declares in a way that pydantic does not know",
        ),
    ]


def made_peers(folder: Path) -> list[Peer | Unable]:
    """Give the peers whose models datamodel-code-generator makes of the JSON Schema.

    Args:
        folder: Where the models may be written.
    """
    progress("make models for the peers with datamodel-code-generator")
    kinds = {
        "pydantic_v2.BaseModel": ("--use-missing-sentinel", "--target-pydantic-version", "2.14"),
        "msgspec.Struct": ("--use-msgspec-tagged-unions",),
        "dataclasses.dataclass": (),
    }
    with ThreadPoolExecutor() as pool:
        sources = pool.map(lambda kind: made.source(folder, kind, *kinds[kind]), kinds)
    models, structs, classes = sources
    progress("make decoders of the peers")
    return [
        Peer(
            "pydantic, our schema",
            made.load(models).ResponseStreamEvent.model_validate_json,
            lambda event: event.model_dump_json(exclude_unset=True),
            "models that datamodel-code-generator makes of our JSON Schema",
        ),
        _attempt("msgspec, as made", lambda: _msgspec(made.load(structs))),
        _attempt("msgspec on dataclasses", lambda: _msgspec(made.load(classes))),
        _helped_msgspec(made.load(structs)),
        _attempt("mashumaro, as made", lambda: _mashumaro(made.load(classes), resolve=False)),
        _mashumaro(made.load(classes), resolve=True),
        _attempt("cattrs, as made", lambda: _cattrs(made.load(classes), helped=False)),
        _cattrs(made.load(classes), helped=True),
    ]


def _attempt(name: str, build: Callable[[], Peer]) -> Peer | Unable:
    """Build a peer, or note why it cannot be built: that is the finding here."""
    try:
        return dataclasses.replace(build(), name=name)
    except (TypeError, NameError, cattrs.errors.StructureHandlerNotFoundError) as error:
        return Unable(name, _first_words(f"{type(error).__name__}: {error}"))


def _first_words(text: str, limit: int = 150) -> str:
    line = text.replace("\n", " ")
    return line if len(line) <= limit else f"{line[:limit]}..."


def _msgspec(module: types.ModuleType) -> Peer:
    decoder = msgspec.json.Decoder(made.resolved(module, module.ResponseStreamEvent))
    return Peer("msgspec", decoder.decode, msgspec.json.encode, "Structs made of our JSON Schema")


def _helped_msgspec(module: types.ModuleType) -> Peer:
    """Leave the unions that msgspec cannot tell apart as plain data, which is less work for it than asked."""
    plain = [name for name, alias in _unions(module) if any(_untagged(each) for each in _members(alias))]
    for name in plain:
        setattr(module, name, Any)
    helped = f"with {', '.join(f'`{name}`' for name in plain)} left as plain data, which it cannot tell apart"
    return dataclasses.replace(_msgspec(module), note=f"Structs made of our JSON Schema; {helped}")


def _unions(module: types.ModuleType) -> Iterator[tuple[str, Any]]:
    for name, alias in list(vars(module).items()):
        whole = typing.get_args(alias)[0] if typing.get_origin(alias) is Annotated else alias
        if _is_union(whole) and sum(isinstance(each, type) for each in typing.get_args(whole)) > 1:
            yield name, whole


def _is_union(hint: Any) -> bool:
    return typing.get_origin(hint) in (typing.Union, types.UnionType)


def _members(union: Any) -> tuple[Any, ...]:
    return typing.get_args(union)


def _untagged(struct: Any) -> bool:
    return isinstance(struct, type) and issubclass(struct, msgspec.Struct) and struct.__struct_config__.tag is None


def _mashumaro(module: types.ModuleType, *, resolve: bool) -> Peer:
    union = made.resolved(module, module.ResponseStreamEvent) if resolve else module.ResponseStreamEvent
    decoder = mashumaro.codecs.json.JSONDecoder[Any](union)
    encoder = mashumaro.codecs.json.JSONEncoder[Any](union)
    return Peer(
        "mashumaro",
        decoder.decode,
        encoder.encode,
        "dataclasses made of our JSON Schema; forward references resolved for it; tries the events one by one",
    )


def _cattrs(module: types.ModuleType, *, helped: bool) -> Peer:
    union = made.resolved(module, module.ResponseStreamEvent)
    converter = make_converter(detailed_validation=False)
    if helped:
        _tell_apart_by_tag(converter)
    structure = converter.get_structure_hook(union)
    return Peer(
        "cattrs",
        lambda text: structure(json.loads(text), union),
        lambda event: json.dumps(converter.unstructure(event)),
        "dataclasses made of our JSON Schema, with a hook of ours that tells the members of a union apart by `type`",
    )


def _tell_apart_by_tag(converter: cattrs.Converter) -> None:
    def is_union_of_classes(hint: Any) -> bool:
        return _is_union(hint) and sum(map(dataclasses.is_dataclass, _members(hint))) > 1

    @converter.register_structure_hook_factory(is_union_of_classes)
    def by_tag(union: Any) -> Callable[[Any, Any], Any]:
        classes = [each for each in _members(union) if isinstance(each, type) and dataclasses.is_dataclass(each)]
        by_tag = {tag: each for each in reversed(classes) for tag in made.tags(each)}

        def structure(value: Any, _: Any) -> Any:
            return converter.structure(value, by_tag[value["type"]]) if isinstance(value, dict) else value

        return structure
