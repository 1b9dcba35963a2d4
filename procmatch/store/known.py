"""What the store holds of a register, compact enough for a million records in memory.

A nightly file repeats almost everything of the night before. Beside each row stands the *mark* of
the record it was read from, 62 bits of a hash, so that only records with another mark are read.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

__all__ = ["FIRST_MARK", "STALE", "UNLISTED", "Known"]

#: No file has listed this record (or the last one did not any more).
UNLISTED = 0
#: A file listed it, but the row has been written from elsewhere since: read it again.
STALE = 1
#: Real marks begin here.
FIRST_MARK = 2

#: Nine digits without the check digit.
_BODIES = 10**8


class Known:
    """Numbers in the store, the marks of their records, and which of them a file lists.

    Numbers are of nine digits, the last a check digit. Memory: 13 bytes a number, and 12.5 MB.

    Args:
        rows: some (number, mark) at a time, rising by number.
    """

    def __init__(self, rows: Iterable[Sequence[Sequence[int]]] = ()) -> None:
        self._numbers = array("I")
        self._marks = array("q")
        for some in rows:
            numbers, marks = zip(*some, strict=True)
            self._numbers.extend(numbers)
            self._marks.extend(marks)
        self._listed = bytearray(len(self._numbers))
        #: One bit for each number that can be: listed, and not known before.
        self._new = bytearray(_BODIES // 8)
        self._again: set[int] = set()
        self._last = -1

    def unchanged(self, number: int, mark: int) -> bool:
        """Note that the file lists ``number``; return whether its row came from this record."""
        at = self._last + 1  # files come in the order of numbers, mostly
        numbers = self._numbers
        if at >= len(numbers) or numbers[at] != number:
            at = bisect_left(numbers, number)
            if at == len(numbers) or numbers[at] != number:
                self._note_new(number)
                return False
        self._last = at
        self._listed[at] = 1
        return self._marks[at] == mark

    def maybe_stored(self, numbers: Iterable[int]) -> list[int]:
        """Return those of ``numbers`` that are not certainly new to the store."""
        if not self._numbers:
            return [number for number in numbers if number in self._again]
        return [
            number for number in numbers if number in self._again or self._find(number) is not None
        ]

    def written(self, number: int, mark: int) -> None:
        """Note that the row of ``number`` was written from a record with this mark."""
        at = self._find(number)
        if at is not None:
            self._marks[at] = mark

    @property
    def listed_before(self) -> int:
        """How many an earlier file listed and the store still holds as listed."""
        return len(self._marks) - self._marks.count(UNLISTED)

    @property
    def listed(self) -> int:
        """How many different numbers the file has listed so far."""
        return sum(self._listed) + int.from_bytes(self._new, "little").bit_count()

    def missing(self) -> Iterator[int]:
        """Yield what an earlier file listed and this one has not, rising."""
        for number, mark, listed in zip(self._numbers, self._marks, self._listed, strict=True):
            if not listed and mark != UNLISTED:
                yield number

    def _find(self, number: int) -> int | None:
        at = bisect_left(self._numbers, number)
        return at if at < len(self._numbers) and self._numbers[at] == number else None

    def _note_new(self, number: int) -> None:
        byte, bit = divmod(number // 10, 8)
        if self._new[byte] >> bit & 1:
            self._again.add(number)
        self._new[byte] |= 1 << bit
