"""A cheap double of a model class, for when a million are made only to be written down."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

import msgspec

__all__ = ["double"]

T = TypeVar("T")


def double(kind: type[T]) -> type[T]:
    """Return a class with the fields of the frozen dataclass ``kind`` and nothing else.

    Python sets each field of a frozen dataclass by a call of its own; a struct sets them all at
    once, in a quarter of the time. Its objects read and encode like those of ``kind``, but are no
    instances of it and have none of its properties.
    """
    fields: list[Any] = []
    for one in dataclasses.fields(kind):  # type: ignore[arg-type]
        required = one.default is dataclasses.MISSING
        fields.append((one.name, Any) if required else (one.name, Any, one.default))
    return msgspec.defstruct(  # type: ignore[return-value]
        kind.__name__, fields, kw_only=True, frozen=True, gc=False
    )
