"""One laid-out part of a register: units, their names, and the ways to find them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from hashlib import blake2b
from typing import Self

import numpy as np

from procmatch.linkage.index.columns import Array, Lists, Strings, spans
from procmatch.linkage.index.topn import Matrix
from procmatch.linkage.index.vocabulary import Vocabulary, hashes
from procmatch.model.organisation import OrgId

__all__ = ["AREA_ROWS", "Segment", "area_rows", "key_hash", "rarity"]

#: Rows of the table of words in a place; a few share a row, which costs a look, no more.
AREA_ROWS = 1 << 20
#: Rarity is counted against at least so many names, so that in small registers, too, a common
#: word weighs less, and no addition to one changes what a word weighs.
_LEAST_NAMES = 1 << 16


def rarity(seen: Array, names: int) -> Array:
    """Return how telling words are: the fewer names hold them, the more.

    Args:
        seen: names that hold each word.
        names: of the register. It counts by powers of two, so that adding an organisation does
            not change what words mean.
    """
    total = max(_LEAST_NAMES, 1 << max(0, names - 1).bit_length())
    weights: Array = np.log((total + 1.0) / (np.asarray(seen) + 0.5)).astype(np.float32)
    return weights


def key_hash(key: str) -> int:
    """Return a whole number for a key, the same on every machine."""
    digest = blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def area_rows(words: Array, areas: Array) -> Array:
    """Return the row of each word (by its hash) in the area beside it."""
    mixed = (words.astype(np.uint64) ^ (areas.astype(np.uint64) << np.uint64(20))) * np.uint64(
        0x9E3779B97F4A7C15
    )
    return (mixed >> np.uint64(44)).astype(np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Columns of units, of names, and of look-ups. All are arrays; nothing is an object.

    Attributes:
        registers, forms: texts that other columns name by position.
        unit_number, unit_name: of each unit. unit_register, unit_form, unit_living, unit_street,
            unit_site: see :mod:`procmatch.linkage.places` for the last two.
        alias_unit, alias_kind, alias_form, alias_stated, alias_place: of each name.
        alias_key: its key. alias_words: its words, as positions in ``vocabulary``.
        places: the marks of each distinct place.
        keys, key_aliases: hashes of keys, sorted, and the name of each.
        key_units: of each name, how many units have its key.
        numbers, number_units, number_owns: nine-digit numbers, sorted; the unit each leads to;
            whether it is the unit's own (else an establishment's).
        posting_ends, posting_aliases, posting_weights: names by word, then by word in an area.
        vocabulary: of all names. word_rarity: of each of its words. word_telling: whether it has
            a figure or tells companies of a group apart.
    """

    registers: tuple[str, ...]
    forms: tuple[str, ...]
    unit_number: Strings
    unit_name: Strings
    unit_register: Array
    unit_form: Array
    unit_living: Array
    unit_street: Array
    unit_site: Array
    unit_aliases: Array
    alias_unit: Array
    alias_kind: Array
    alias_form: Array
    alias_stated: Array
    alias_place: Array
    alias_key: Strings
    alias_words: Lists
    places: Lists
    keys: Array
    key_aliases: Array
    key_units: Array
    numbers: Array
    number_units: Array
    number_owns: Array
    posting_ends: Array
    posting_aliases: Array
    posting_weights: Array
    word_rarity: Array
    word_telling: Array
    vocabulary: Vocabulary

    def __len__(self) -> int:
        return len(self.unit_register)

    @property
    def postings(self) -> Matrix:
        """Words, then words in an area, by names."""
        lists = Lists(self.posting_ends, self.posting_aliases)
        return Matrix(lists, self.posting_weights, len(self.alias_unit))

    def org(self, unit: int) -> OrgId:
        """Return the id of a unit."""
        return OrgId(self.registers[self.unit_register[unit]], self.unit_number[unit])

    def aliases_of(self, unit: int) -> range:
        """Return the names of a unit, which lie side by side."""
        return range(int(self.unit_aliases[unit]), int(self.unit_aliases[unit + 1]))

    def with_key(self, key: str) -> list[int]:
        """Return the names of exactly this key."""
        return [alias for _at, alias in self.with_keys([key])]

    def with_keys(self, keys: Sequence[str]) -> list[tuple[int, int]]:
        """Return the names of exactly these keys, each with the position of its key in ``keys``."""
        wanted = np.array([key_hash(key) for key in keys], dtype=np.uint64)
        starts = np.searchsorted(self.keys, wanted)
        where, owner = spans(starts, np.searchsorted(self.keys, wanted, side="right") - starts)
        found = zip(owner.tolist(), self.key_aliases[where].tolist(), strict=True)
        return sorted((at, alias) for at, alias in found if self.alias_key[alias] == keys[at])

    def with_number(self, number: str) -> tuple[int, bool] | None:
        """Return the unit that a nine-digit number leads to, and whether it is its own."""
        wanted = int(number)
        at = int(np.searchsorted(self.numbers, wanted))
        if at == len(self.numbers) or self.numbers[at] != wanted:
            return None
        return int(self.number_units[at]), bool(self.number_owns[at])

    def find_unit(self, org: OrgId) -> int | None:
        """Return the position of a unit. Units lie in the order of their ids."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self.org(middle) < org:
                low = middle + 1
            else:
                high = middle
        return low if low < len(self) and self.org(low) == org else None

    def seen_of(self, alias: int) -> dict[str, int]:
        """Return the words of a name, and how many names hold each."""
        words = self.alias_words[alias]
        texts = [text.decode("utf-8", "ignore") for text in self.vocabulary.words[words].tolist()]
        return dict(zip(texts, self.vocabulary.seen[words].tolist(), strict=True))

    def area_features(self, words: Array, areas: Array) -> Array:
        """Return the feature of each word (position in the vocabulary) in the area beside it."""
        return len(self.vocabulary) + area_rows(hashes(self.vocabulary.words[words]), areas)

    def arrays(self) -> dict[str, Array]:
        """Return all columns by name; see :meth:`from_arrays`."""
        found = self.vocabulary.arrays()
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, Strings):
                found[f"{field.name}.blob"], found[f"{field.name}.ends"] = value.blob, value.ends
            elif isinstance(value, Lists):
                found[f"{field.name}.values"], found[f"{field.name}.ends"] = (
                    value.values,
                    value.ends,
                )
            elif isinstance(value, np.ndarray):
                found[field.name] = value
        return found

    @classmethod
    def from_arrays(
        cls, arrays: Mapping[str, Array], *, registers: tuple[str, ...], forms: tuple[str, ...]
    ) -> Self:
        """Put together what :meth:`arrays` gave."""
        columns: dict[str, Array | Strings | Lists] = {}
        for field in fields(cls):
            if f"{field.name}.blob" in arrays:
                blob, ends = arrays[f"{field.name}.blob"], arrays[f"{field.name}.ends"]
                columns[field.name] = Strings(blob, ends)
            elif f"{field.name}.values" in arrays:
                values, ends = arrays[f"{field.name}.values"], arrays[f"{field.name}.ends"]
                columns[field.name] = Lists(ends, values)
            elif field.name in arrays:
                columns[field.name] = arrays[field.name]
        return cls(
            registers=registers,
            forms=forms,
            vocabulary=Vocabulary.from_arrays(arrays),
            **columns,  # type: ignore[arg-type]
        )
