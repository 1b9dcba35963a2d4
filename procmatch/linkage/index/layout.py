"""From organisations to columns."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from procmatch.linkage.index.aliases import Alias, aliases_of
from procmatch.linkage.index.columns import Array, Lists, Strings, flat, spans
from procmatch.linkage.index.postings import JITTER, Postings, lay_postings
from procmatch.linkage.index.segment import Segment, key_hash, rarity
from procmatch.linkage.index.vocabulary import WORD_BYTES, Vocabulary
from procmatch.linkage.places import site, street
from procmatch.linkage.words import is_telling, words_of
from procmatch.model.organisation import NORWAY, Organisation, OrgStatus

__all__ = ["lay_out"]

#: Longer numbers are of no register; they would not fit either.
MOST_DIGITS = 18


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
    unit_register: array[int] = field(default_factory=lambda: array("h"))
    unit_form: array[int] = field(default_factory=lambda: array("h"))
    unit_living: array[int] = field(default_factory=lambda: array("b"))
    unit_street: array[int] = field(default_factory=lambda: array("I"))
    unit_site: array[int] = field(default_factory=lambda: array("I"))
    unit_jitter: array[int] = field(default_factory=lambda: array("b"))
    unit_aliases: array[int] = field(default_factory=lambda: array("i"))
    alias_kind: array[int] = field(default_factory=lambda: array("b"))
    alias_form: array[int] = field(default_factory=lambda: array("h"))
    alias_stated: array[int] = field(default_factory=lambda: array("b"))
    alias_place: array[int] = field(default_factory=lambda: array("i"))
    alias_count: array[int] = field(default_factory=lambda: array("i"))
    alias_words: array[int] = field(default_factory=lambda: array("i"))
    hashes: array[int] = field(default_factory=lambda: array("Q"))
    #: Numbers, the unit that each leads to, and whether it is the unit's own.
    lead_number: array[int] = field(default_factory=lambda: array("q"))
    lead_unit: array[int] = field(default_factory=lambda: array("i"))
    lead_own: array[int] = field(default_factory=lambda: array("b"))
    ids: dict[str, dict[str, int]] = field(default_factory=dict)

    def add(self, organisation: Organisation) -> None:
        """Take in one organisation; one that has no name at all is left out."""
        own = aliases_of(organisation)
        if not own:
            return
        at = len(self.number.ends) - 1
        self.ids.setdefault(organisation.id.register, {})[organisation.id.number] = at
        self.number.add(organisation.id.number)
        self.name.add(organisation.name)
        self.unit_register.append(_place_of(self.registers, organisation.id.register))
        self.unit_form.append(_place_of(self.forms, own[0].form))
        self.unit_living.append(organisation.status is not OrgStatus.DELETED)
        self.unit_street.append(street(organisation.street))
        self.unit_site.append(site(organisation.website))
        self.unit_jitter.append(zlib.crc32(organisation.id.number.encode()) % JITTER)
        self.unit_aliases.append(len(own))
        for one in own:
            self._add_alias(one)
        self._add_numbers(organisation, at)

    def _add_alias(self, one: Alias) -> None:
        words = words_of(one.key)
        self.key.add(one.key)
        self.hashes.append(key_hash(one.key))
        self.alias_kind.append(one.kind)
        self.alias_form.append(_place_of(self.forms, one.form))
        self.alias_stated.append(one.stated)
        self.alias_place.append(self.places.setdefault(one.where, len(self.places)))
        self.alias_count.append(len(words))
        known = self.words
        self.alias_words.extend([known.setdefault(word, len(known)) for word in words])

    def _add_numbers(self, organisation: Organisation, at: int) -> None:
        if organisation.id.register == NORWAY:
            self._add_number(organisation.id.number, at, own=True)
        for one in organisation.establishments:
            self._add_number(one.number, at, own=False)

    def _add_number(self, number: str, at: int, *, own: bool) -> None:
        if number.isdecimal() and len(number) <= MOST_DIGITS:
            self.lead_number.append(int(number))
            self.lead_unit.append(at)
            self.lead_own.append(own)


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
    units = np.fromiter(
        (
            known[number]
            for _register, known in sorted(rows.ids.items())
            for number in sorted(known)
        ),
        dtype=np.int64,
    )
    return _segment(rows, units, base)


def _read(column: array[int], order: Array | None = None) -> Array:
    whole = np.frombuffer(column, dtype=column.typecode)
    return whole if order is None else whole[order]


def _segment(rows: _Rows, units: Array, base: Segment | None) -> Segment:
    counts = _read(rows.unit_aliases).astype(np.int64)
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
    place = _read(rows.alias_place, aliases)
    jitter = _read(rows.unit_jitter, units)[owner]
    postings = lay_postings(vocabulary, words, weights, places, place, jitter)
    keys = _read(rows.hashes, aliases)
    return Segment(
        registers=tuple(rows.registers),
        forms=tuple(rows.forms),
        unit_number=rows.number.ordered(units),
        unit_name=rows.name.ordered(units),
        unit_register=_read(rows.unit_register, units),
        unit_form=_read(rows.unit_form, units),
        unit_living=_read(rows.unit_living, units).astype(bool),
        unit_street=_read(rows.unit_street, units),
        unit_site=_read(rows.unit_site, units),
        unit_aliases=unit_aliases,
        alias_unit=owner.astype(np.int32),
        alias_kind=_read(rows.alias_kind, aliases),
        alias_form=_read(rows.alias_form, aliases),
        alias_stated=_read(rows.alias_stated, aliases).astype(bool),
        alias_place=place,
        alias_key=rows.key.ordered(aliases),
        alias_words=words,
        places=places,
        **_key_columns(keys, owner),
        **_number_columns(rows, units),
        **_posting_columns(postings),
        word_rarity=weights,
        word_telling=np.fromiter(
            (is_telling(text.decode("utf-8", "ignore")) for text in texts.tolist()),
            dtype=bool,
            count=len(texts),
        ),
        vocabulary=vocabulary,
    )


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
    counts = _read(rows.alias_count).astype(np.int64)
    where, _owner = spans(flat(counts)[:-1][aliases], counts[aliases])
    values = place[_read(rows.alias_words, where)]
    return texts, Lists.of(counts[aliases], values.astype(np.int32))


def _seen_in(base: Segment, texts: Array) -> Array:
    at = base.vocabulary.find(texts)
    return np.where(at >= 0, base.vocabulary.seen[at], 0)


def _key_columns(keys: Array, owner: Array) -> dict[str, Array]:
    order = np.lexsort((owner, keys))
    ordered, units = keys[order], owner[order]
    # How many units bear a name: ties are told by it.
    starts = np.ones(len(order), dtype=bool)
    starts[1:] = ordered[1:] != ordered[:-1]
    fresh = starts.copy()
    fresh[1:] |= units[1:] != units[:-1]
    group = np.cumsum(starts) - 1
    counts = np.bincount(group, fresh, minlength=int(group[-1]) + 1 if len(group) else 0)
    bearers = np.zeros(len(keys), dtype=np.int32)
    bearers[order] = counts[group]
    return {"keys": ordered, "key_aliases": order.astype(np.int32), "key_units": bearers}


def _number_columns(rows: _Rows, units: Array) -> dict[str, Array]:
    place = np.full(len(rows.number.ends) - 1, -1, dtype=np.int32)
    place[units] = np.arange(len(units))
    number, unit = _read(rows.lead_number), place[_read(rows.lead_unit)]
    own = _read(rows.lead_own).astype(bool)
    # An organisation's own number wins over the same number as an establishment's.
    order = np.lexsort((unit, ~own, number))
    order = order[unit[order] >= 0]
    first = np.ones(len(order), dtype=bool)
    first[1:] = number[order[1:]] != number[order[:-1]]
    kept = order[first]
    return {"numbers": number[kept], "number_units": unit[kept], "number_owns": own[kept]}
