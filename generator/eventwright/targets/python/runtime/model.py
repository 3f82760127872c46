"""The base of every generated class: a dataclass with slots whose methods are shared, not compiled for each class.

`dataclasses.dataclass` compiles an `__init__`, an `__eq__` and a `__repr__` for every class when the module is
imported; for some three hundred classes that takes longer than decoding a whole stream. Here a metaclass turns the
annotations of a class into slots, and the base class brings the methods. `dataclasses.fields`, `replace`, `asdict` and
`is_dataclass` work as on any dataclass: what they need is built when they first ask for it.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Container, Mapping
    from dataclasses import Field

    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_options: object) -> Any:
        """Mark nothing: only type checkers read the real decorator, and Python 3.10 does not have it."""
        return lambda cls: cls


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

    field_values: operator.attrgetter[tuple[Any, ...]]
    """Reads all attributes of an object, and its `leftover`, in one call."""

    def __new__(mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> ModelMeta:
        """Make a class out of its body."""
        if not bases:
            return super().__new__(mcs, name, bases, namespace)
        names = tuple(namespace.get("__annotations__", ()))
        defaults = {field: namespace.pop(field) for field in names if field in namespace}
        namespace.setdefault("__slots__", names)
        cls = super().__new__(mcs, name, bases, namespace)
        cls.field_names = names
        cls.field_defaults = defaults
        # Two names at least, because `attrgetter` gives no tuple for one.
        cls.field_values = operator.attrgetter("leftover", "leftover", *names)
        return cls

    def default_of(cls, name: str) -> dict[str, Any]:
        """Give the default of an attribute as an argument for `dataclasses.field`, nothing where it has none."""
        return {"default": cls.field_defaults[name]} if name in cls.field_defaults else {}


class Model(metaclass=ModelMeta):
    """Base of all generated classes.

    An attribute is None when its member is absent or null on the wire, and also when the value there does not fit the
    declared type: then the value waits in `leftover`, and `encode` puts it back.
    """

    __slots__ = ("leftover",)

    if TYPE_CHECKING:
        __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

        leftover: dict[str, Any] | None = None
        """Members of the wire object that no attribute stands for: unknown ones, and declared ones that are null or
        do not fit. None when there are none, as in every well-formed object without nulls."""

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
            return None, {name: getattr(self, name) for name in ("leftover", *type(self).field_names)}

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

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        values = type(self).field_values
        return values(self) == values(other)

    def __repr__(self) -> str:
        shown = [f"{name}={value!r}" for name in type(self).field_names if (value := getattr(self, name)) is not None]
        if self.leftover:
            shown.append(f"leftover={self.leftover!r}")
        return f"{type(self).__name__}({', '.join(shown)})"


class UnknownEvent(Model):
    """An event whose tag the spec does not know, or that has no usable tag."""

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
