"""The base of every generated class: a dataclass with slots whose methods are shared, not compiled for each class.

`dataclasses.dataclass` compiles an `__init__`, an `__eq__` and a `__repr__` for every class when the module is
imported; for some three hundred classes that takes longer than decoding a whole stream. Here a metaclass turns the
annotations of a class into slots, and the base class brings the methods. `dataclasses.fields`, `replace`, `asdict` and
`is_dataclass` work as on any dataclass: what they need is built when they first ask for it.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, ClassVar, cast

if TYPE_CHECKING:
    from collections.abc import Container, Mapping
    from dataclasses import Field
    from inspect import Signature

    from typing_extensions import Self, dataclass_transform
else:

    def dataclass_transform(**_options: object) -> Any:
        """Mark nothing: only type checkers read the real decorator, and Python 3.10 does not have it."""
        return lambda cls: cls


ABSENT: Any = ...
"""Stands for what is not there: a member of a wire object, or the value of an attribute. In a `leftover` it says that a
member was absent whose attribute is None because it may be null."""


class _DataclassFields:
    """Makes `__dataclass_fields__` of a class on first use, with the public means of `dataclasses`."""

    def __get__(self, instance: object, owner: ModelMeta) -> dict[str, Field[Any]]:
        import dataclasses

        described: list[tuple[str, Any, Any]] = [
            (name, owner.__annotations__[name], dataclasses.field(**owner.default_of(name)))
            for name in owner.field_names
        ]
        # `replace` carries an InitVar with a default along, and neither `fields` nor `asdict` shows it.
        described.append(("leftover", dataclasses.InitVar[Any], dataclasses.field(default=None)))
        twin = dataclasses.make_dataclass(owner.__name__, described, kw_only=True)
        fields: dict[str, Field[Any]] = vars(twin)["__dataclass_fields__"]
        type.__setattr__(owner, "__dataclass_fields__", fields)
        return fields


@dataclass_transform(kw_only_default=True)
class ModelMeta(type):
    """Turns the annotated names of a class body into slots and keeps their defaults beside them."""

    field_names: tuple[str, ...]
    """Attribute names in the order of the declaration."""

    declared: Container[str] = ()
    """Wire names of the members that the spec declares; filled when the shape of the class is."""

    field_defaults: Mapping[str, Any]
    """What the constructor fills in for an attribute that is not given."""

    field_values: operator.attrgetter[Any]
    """Reads all attributes of an object and then its `leftover`, in one call."""

    def __new__(mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> ModelMeta:
        """Make a class out of its body."""
        if not bases:
            return super().__new__(mcs, name, bases, namespace)
        for base in bases:
            if getattr(base, "field_names", None):
                # Its decoder would go on to make objects of `base`, and its encoder would not know the new class.
                raise TypeError(f"{base.__name__} is no base for other classes; hold one of it in an attribute instead")
        names = tuple(namespace.get("__annotations__", ()))
        defaults = {field: namespace.pop(field) for field in names if field in namespace}
        namespace.setdefault("__slots__", names)
        cls = super().__new__(mcs, name, bases, namespace)
        cls.field_names = names
        cls.field_defaults = defaults
        # What waits in `leftover` is decoded by looking at its attribute, so the attributes come first.
        cls.field_values = operator.attrgetter(*names, "leftover")
        return cls

    def default_of(cls, name: str) -> dict[str, Any]:
        """Give the default of an attribute as an argument for `dataclasses.field`, nothing where it has none."""
        return {"default": cls.field_defaults[name]} if name in cls.field_defaults else {}

    @property
    def __signature__(cls) -> Signature:
        """What the constructor takes, for `help` and `inspect.signature`."""
        from inspect import Parameter, Signature

        parameters = [
            Parameter(
                name,
                Parameter.KEYWORD_ONLY,
                default=cls.field_defaults.get(name, Parameter.empty),
                annotation=cls.__annotations__[name],
            )
            for name in cls.field_names
        ]
        return Signature(parameters)


class Model(metaclass=ModelMeta):
    """Base of all generated classes.

    An attribute holds a value of its type, or None where the declaration allows that, or it is not set: so it is when
    the wire object lacked a required member, or had a value there that does not fit. Reading it then raises
    `AttributeError`, a `match` on it does not match, and `getattr(event, "delta", None)` asks. What did not fit waits
    in `leftover`, and `encode` puts it back.
    """

    __slots__ = ("leftover",)

    if TYPE_CHECKING:
        __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

        leftover: dict[str, Any] | None = None
        """Members of the wire object that no attribute stands for: unknown ones, declared ones that do not fit, nulls
        that are not declared, and objects that wait to be looked at. None when there are none."""

    else:
        __dataclass_fields__ = _DataclassFields()

        def __init__(self, /, **values: Any) -> None:
            cls = type(self)
            self.leftover = values.pop("leftover", None)
            missing = []
            for name in cls.field_names:
                if name in values:
                    setattr(self, name, values.pop(name))
                elif name in cls.field_defaults:
                    setattr(self, name, cls.field_defaults[name])
                else:
                    missing.append(name)
            if missing:
                raise TypeError(f"{cls.__name__}() needs {', '.join(map(repr, missing))}")
            if values:
                raise TypeError(f"{cls.__name__}() has no {', '.join(map(repr, values))}")

        def __getstate__(self) -> tuple[None, dict[str, Any]]:
            # Spelled out, because without it the pickle protocols 0 and 1 refuse a class with slots.
            values = _set_values(self)
            # An attribute that waits may take something out of the leftover when it is set.
            return None, {"leftover": self.leftover, **values}

        def __replace__(self, /, **changes: Any) -> Model:
            # What `copy.replace` calls, from Python 3.13.
            import dataclasses

            return dataclasses.replace(self, **changes)

    @property
    def extra(self) -> dict[str, Any]:
        """The members of the wire object that the spec does not declare, by wire name."""
        if self.leftover is None:
            return {}
        declared = type(self).declared
        return {key: value for key, value in self.leftover.items() if key not in declared}

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: object) -> Any:
        """Let pydantic, and so FastAPI, read and write objects of this class as `decode` and `encode` do."""
        from .for_pydantic import core_schema

        return core_schema(cls)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: object, handler: object) -> dict[str, Any]:
        """Let FastAPI describe this class."""
        from .for_pydantic import json_schema

        return json_schema(cls)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        values = type(self).field_values
        try:
            return bool(values(self) == values(other))
        except AttributeError:
            return _set_values(self) == _set_values(other) and self.leftover == other.leftover

    def __repr__(self) -> str:
        shown = [f"{name}={value!r}" for name, value in _set_values(self).items() if value is not None]
        if self.leftover:
            shown.append(f"leftover={self.leftover!r}")
        return f"{type(self).__name__}({', '.join(shown)})"


def _set_values(obj: Model) -> dict[str, Any]:
    """Give the attributes that are set."""
    found = ((name, getattr(obj, name, ABSENT)) for name in type(obj).field_names)
    return {name: value for name, value in found if value is not ABSENT}


class FramedModel(Model):
    """Base of events that keep what came beside them."""

    __slots__ = ("_event_line",)

    @property
    def event_line(self) -> str:
        """What came beside the body: the `event:` line of its frame, or the `tag` that was passed; empty for nothing.

        It belongs to the frame and not to the object: it is not compared, and a copy does not have it.
        """
        return cast("str", getattr(self, "_event_line", ""))

    def with_line(self, line: str) -> Self:
        """Remember what came beside the body, and give the event back."""
        self._event_line = line
        return self


class UnknownEvent(FramedModel):
    """An event whose tag the spec does not know, or that has no usable tag."""

    __slots__ = ("data", "type")

    type: str | None
    """The wire tag; None when it is missing or no string. `encode` writes it, and for None what `data` has."""

    data: dict[str, Any]
    """The whole wire object, tag included."""


class UnknownVariant(Model):
    """A nested object whose tag its union does not know, or that has no usable tag."""

    tag: str | None
    """The wire tag; None when it is missing or no string. It only says what is in `data`: set another tag there."""

    data: dict[str, Any]
    """The whole wire object, tag included."""
