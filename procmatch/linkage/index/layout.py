"""From organisations to columns."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from procmatch.linkage.index.aliases import Alias, aliases_of
from procmatch.linkage.index.columns import Array, Lists, Strings, flat, spans
from procmatch.linkage.index.postings import Postings, lay_postings
from procmatch.linkage.index.segment import Segment, key_hash, rarity
from procmatch.linkage.index.vocabulary import WORD_BYTES, Vocabulary
from procmatch.linkage.places import site, street
from procmatch.linkage.words import words_of
from procmatch.model.organisation import NORWAY, Organisation, OrgStatus

__all__ = ["lay_out"]


@dataclass(slots=True)
class _Texts:
    blob: bytearray = field(default_factory=bytearray)
    ends: array[int] = field(default_factory=lambda: array("q", [0]))

    def add(self, text: str) -> None:
        self.blob += text.encode("utf-8", "surrogatepass")
        self.ends.append(len(self.blob))

    def ordered(self, order: Array) -> Strings:
        ends = np.frombuffer(self.ends, dtype=np.int64)
        lengths = np.diff(ends)[order]
        where, _owner = spans(ends[:-1][order], lengths)
        blob = np.frombuffer(bytes(self.blob), dtype=np.uint8)
        return Strings(blob[where], flat(lengths))


def _column(kind: str) -> array[int]:
    return array(kind)


@dataclass(slots=True)
class _Rows:
    """What is gathered of each unit and each of its names, in the order they come."""

    registers: dict[str, int] = field(default_factory=dict)
    forms: dict[str, int] = field(default_factory=dict)
    places: dict[frozenset[int], int] = field(default_factory=dict)
    words: dict[str, int] = field(default_factory=dict)
    number: _Texts = field(default_factory=_Texts)
    name: _Texts = field(default_factory=_Texts)
    key: _Texts = field(default_factory=_Texts)
    unit: dict[str, array[int]] = field(default_factory=dict)
    alias: dict[str, array[int]] = field(default_factory=dict)
    alias_words: array[int] = field(default_factory=lambda: array("i"))
    hashes: array[int] = field(default_factory=lambda: array("Q"))
    leads: list[tuple[int, int, bool]] = field(default_factory=list)
    ids: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, organisation: Organisation) -> None:
        """Take in one organisation; one that has no name at all is left out."""
        own = list(aliases_of(organisation))
        if not own:
            return
        at = len(self.number.ends) - 1
        self.ids[organisation.id.register, organisation.id.number] = at
        self.number.add(organisation.id.number)
        self.name.add(organisation.name)
        self._put(
            self.unit,
            register=_place_of(self.registers, organisation.id.register),
            form=_place_of(self.forms, own[0].form),
            living=organisation.status is not OrgStatus.DELETED,
            street=street(organisation.street),
            site=site(organisation.website),
            aliases=len(own),
        )
        for one in own:
            self._add_alias(one)
        self._add_numbers(organisation, at)

    def _add_alias(self, one: Alias) -> None:
        words = words_of(one.key)
        self.key.add(one.key)
        self.hashes.append(key_hash(one.key))
        self._put(
            self.alias,
            kind=one.kind,
            form=_place_of(self.forms, one.form),
            stated=one.stated,
            place=self.places.setdefault(one.where, len(self.places)),
            words=len(words),
        )
        known = self.words
        self.alias_words.extend([known.setdefault(word, len(known)) for word in words])

    def _add_numbers(self, organisation: Organisation, at: int) -> None:
        if organisation.id.register == NORWAY and organisation.id.number.isdecimal():
            self.leads.append((int(organisation.id.number), at, True))
        for one in organisation.establishments:
            if one.number.isdecimal():
                self.leads.append((int(one.number), at, False))

    @staticmethod
    def _put(columns: dict[str, array[int]], **values: int) -> None:
        for name, value in values.items():
            column = columns.get(name)
            if column is None:
                column = columns[name] = _column("q")
            column.append(value)


def _place_of(known: dict[str, int], text: str) -> int:
    return known.setdefault(text, len(known))


def lay_out(organisations: Iterable[Organisation], base: Segment | None = None) -> Segment:
    """Lay out organisations; their order does not matter. Of one given twice the last counts.

    Args:
        organisations: the register, or a part of it.
        base: what is laid out already, so that words weigh as they do there.
    """
    rows = _Rows()
    for organisation in organisations:
        rows.add(organisation)
    units = np.array([rows.ids[one] for one in sorted(rows.ids)], dtype=np.int64)
    return _segment(rows, units, base)


def _read(columns: dict[str, array[int]], name: str, order: Array, kind: str) -> Array:
    column = columns.get(name)
    whole = np.frombuffer(column, dtype=np.int64) if column else np.zeros(0, dtype=np.int64)
    ordered: Array = whole[order].astype(kind)
    return ordered


def _segment(rows: _Rows, units: Array, base: Segment | None) -> Segment:
    counts = _read(rows.unit, "aliases", slice(None), "int64")  # type: ignore[arg-type]
    aliases, owner = spans(flat(counts)[:-1][units], counts[units])
    unit_aliases = flat(counts[units])
    texts, words = _words(rows, aliases)
    vocabulary = Vocabulary.of(texts, np.bincount(words.values, minlength=len(texts)))
    names, seen = len(aliases), vocabulary.seen
    if base is not None:
        names, seen = len(base.alias_unit), seen + _seen_in(base, texts)
    weights = rarity(seen, names)
    places = Lists.of(
        [len(one) for one in rows.places],
        np.array([mark for one in rows.places for mark in sorted(one)], dtype=np.uint32),
    )
    place = _read(rows.alias, "place", aliases, "int32")
    postings = lay_postings(vocabulary, words, weights, places, place)
    keys = np.frombuffer(rows.hashes, dtype=np.uint64)[aliases] if len(aliases) else _no_keys()
    return Segment(
        registers=tuple(rows.registers),
        forms=tuple(rows.forms),
        unit_number=rows.number.ordered(units),
        unit_name=rows.name.ordered(units),
        unit_register=_read(rows.unit, "register", units, "int16"),
        unit_form=_read(rows.unit, "form", units, "int16"),
        unit_living=_read(rows.unit, "living", units, "bool"),
        unit_street=_read(rows.unit, "street", units, "uint32"),
        unit_site=_read(rows.unit, "site", units, "uint32"),
        unit_aliases=unit_aliases,
        alias_unit=owner.astype(np.int32),
        alias_kind=_read(rows.alias, "kind", aliases, "int8"),
        alias_form=_read(rows.alias, "form", aliases, "int16"),
        alias_stated=_read(rows.alias, "stated", aliases, "bool"),
        alias_place=place,
        alias_key=rows.key.ordered(aliases),
        alias_words=words,
        places=places,
        **_key_columns(keys, owner),
        **_number_columns(rows, units),
        **_posting_columns(postings),
        word_rarity=weights,
        vocabulary=vocabulary,
    )


def _no_keys() -> Array:
    return np.zeros(0, dtype=np.uint64)


def _posting_columns(postings: Postings) -> dict[str, Array]:
    return {
        "posting_ends": postings.ends,
        "posting_aliases": postings.aliases,
        "posting_weights": postings.weights,
    }


def _words(rows: _Rows, aliases: Array) -> tuple[Array, Lists]:
    """Return the words in byte order, and those of each name as positions in them."""
    given = np.array(
        [word.encode("utf-8")[:WORD_BYTES] for word in rows.words], dtype=f"S{WORD_BYTES}"
    )
    texts, place = np.unique(given, return_inverse=True)
    counts = _read(rows.alias, "words", slice(None), "int64")  # type: ignore[arg-type]
    where, _owner = spans(flat(counts)[:-1][aliases], counts[aliases])
    values = place[np.frombuffer(rows.alias_words, dtype=np.int32)[where]] if len(where) else where
    return texts, Lists.of(counts[aliases], values.astype(np.int32))


def _seen_in(base: Segment, texts: Array) -> Array:
    at = base.vocabulary.find(texts)
    return np.where(at >= 0, base.vocabulary.seen[at], 0)


def _key_columns(keys: Array, owner: Array) -> dict[str, Array]:
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    # How many units bear a name: ties are told by it.
    pairs = np.unique(np.stack([keys, owner.astype(np.uint64)]), axis=1) if len(keys) else None
    if pairs is None:
        units = np.zeros(0, dtype=np.int32)
    else:
        names, counts = np.unique(pairs[0], return_counts=True)
        units = counts[np.searchsorted(names, keys)].astype(np.int32)
    return {"keys": ordered, "key_aliases": order.astype(np.int32), "key_units": units}


def _number_columns(rows: _Rows, units: Array) -> dict[str, Array]:
    place = np.full(len(rows.number.ends) - 1, -1, dtype=np.int64)
    place[units] = np.arange(len(units))
    # An organisation's own number wins over the same number as an establishment's.
    leads = {
        number: (int(place[at]), own)
        for number, at, own in sorted(rows.leads, key=lambda lead: (lead[2], lead[0], -lead[1]))
        if place[at] >= 0
    }
    ordered = sorted(leads.items())
    return {
        "numbers": np.array([number for number, _lead in ordered], dtype=np.int64),
        "number_units": np.array([lead[0] for _number, lead in ordered], dtype=np.int32),
        "number_owns": np.array([lead[1] for _number, lead in ordered], dtype=bool),
    }
