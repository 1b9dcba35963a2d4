"""Columns of texts and lists in flat arrays, which open from a file without being read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["Floats", "Ints", "Lists", "Strings", "flat", "spans"]

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]
Array = NDArray[Any]


def flat(counts: Array) -> NDArray[np.int64]:
    """Return where each of several lists of these lengths begins, and where the last ends."""
    ends = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=ends[1:])
    return ends


def spans(starts: Array, lengths: Array) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return positions of all elements of several slices, and which slice each belongs to.

    Args:
        starts: where each slice begins.
        lengths: how long each is.
    """
    owner = np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)
    before = flat(lengths)[:-1]
    return np.arange(len(owner), dtype=np.int64) + (starts - before)[owner], owner


@dataclass(frozen=True, slots=True)
class Strings:
    """Texts, one after another in UTF-8.

    Attributes:
        blob: uint8. ends: int64, one more than there are texts; text ``i`` is
            ``blob[ends[i]:ends[i + 1]]``.
    """

    blob: Array
    ends: Array

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """Lay out ``texts``."""
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        lengths = np.fromiter(map(len, encoded), dtype=np.int64, count=len(encoded))
        return cls(np.frombuffer(b"".join(encoded), dtype=np.uint8), flat(lengths))

    def __len__(self) -> int:
        return len(self.ends) - 1

    def __getitem__(self, at: int) -> str:
        return (
            self.blob[self.ends[at] : self.ends[at + 1]].tobytes().decode("utf-8", "surrogatepass")
        )

    def take(self, at: Sequence[int] | Array) -> list[str]:
        """Return the texts at these positions."""
        where = np.asarray(at, dtype=np.int64)
        starts, ends = self.ends[where].tolist(), self.ends[where + 1].tolist()
        view = np.ascontiguousarray(self.blob).data
        return [
            bytes(view[start:end]).decode("utf-8", "surrogatepass")
            for start, end in zip(starts, ends, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Lists:
    """A list of whole numbers for each row.

    Attributes:
        ends: int64, one more than there are rows. values: of all rows, one after another.
    """

    ends: Array
    values: Array

    @classmethod
    def of(cls, counts: Sequence[int] | Array, values: Array) -> Self:
        """Lay out ``values``, of which each row has the next ``counts``."""
        return cls(flat(np.asarray(counts, dtype=np.int64)), values)

    def __getitem__(self, at: int) -> Array:
        return self.values[self.ends[at] : self.ends[at + 1]]

    def take(self, at: Array) -> tuple[Array, Array]:
        """Return the values of the rows ``at``, and for each which of ``at`` it belongs to."""
        starts = self.ends[at]
        where, owner = spans(starts, self.ends[at + 1] - starts)
        return self.values[where], owner
