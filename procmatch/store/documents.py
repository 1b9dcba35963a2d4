"""Model objects as JSON text in a column, and back."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from procmatch.errors import StoreError

__all__ = ["decode", "encode"]

T = TypeVar("T")

_encoder = msgspec.json.Encoder(order="deterministic")


def encode(value: object) -> str:
    """Return ``value`` (a model object) as JSON text, the same text for the same value."""
    return _encoder.encode(value).decode()


def decode(text: str, kind: type[T]) -> T:
    """Return the model object of type ``kind`` that :func:`encode` wrote.

    Raises:
        StoreError: the text is not such an object (a store written by another version).
    """
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.MsgspecError as error:
        raise StoreError(f"a stored {kind.__name__} cannot be read: {error}") from error
