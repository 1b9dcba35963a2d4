"""Model objects as JSON text in a column, and back."""

from __future__ import annotations

import hashlib
from typing import Any, TypeVar

import msgspec

from procmatch.errors import StoreError

__all__ = ["decode", "digest", "encode"]

T = TypeVar("T")

_encoder = msgspec.json.Encoder(order="deterministic")
#: Kind of object -> what reads it.
_decoders: dict[object, msgspec.json.Decoder[Any]] = {}


def encode(value: object) -> str:
    """Return ``value`` (a model object) as JSON text, the same text for the same value."""
    return _encoder.encode(value).decode()


def _decoder(kind: object) -> msgspec.json.Decoder[Any]:
    if kind not in _decoders:
        _decoders[kind] = msgspec.json.Decoder(kind)
    return _decoders[kind]


def decode(text: str, kind: type[T]) -> T:
    """Return the model object of type ``kind`` that :func:`encode` wrote.

    Raises:
        StoreError: the text is not such an object (a store written by another version).
    """
    try:
        found: T = _decoder(kind).decode(text)
    except msgspec.MsgspecError as error:
        raise StoreError(f"a stored {kind.__name__} cannot be read: {error}") from error
    return found


def digest(data: bytes) -> str:
    """Return the sha256 of ``data`` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
