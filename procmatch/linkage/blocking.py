"""The register laid out for look-up: exact keys, and rare words that lead to candidates."""

from __future__ import annotations

import heapq
import math
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from procmatch.linkage.query import full_key, where
from procmatch.model.organisation import NORWAY, Organisation, OrgId, OrgStatus
from procmatch.model.values import Place
from procmatch.text.normalise import parse_name

__all__ = ["Alias", "Index", "Unit", "build_index"]

#: Aliases looked at for one name while gathering; common words stop there.
MOST_GATHERED = 10_000
#: Aliases compared in full for one name.
MOST_COMPARED = 60
#: Words of a name that are looked up, rarest first.
MOST_WORDS = 12
#: Words are spelt alike when they begin alike and are this near (Jaro-Winkler).
SPELT_ALIKE = 0.9
_BEGINNING = 3
MOST_SPELLINGS = 8
#: What a word found by likeness weighs beside one found as it is.
_ALIKE_WEIGHT = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit of the register: what a link leads to."""

    id: OrgId
    name: str
    form: str | None
    living: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """One name under which a unit is known.

    Attributes:
        key: :func:`~procmatch.linkage.query.full_key` of it.
        form: its legal form as the register's code. stated: whether the name says so.
        kind: ``"name"``, ``"former name"`` or ``"establishment"``.
        where: where the unit, or this establishment, is.
    """

    unit: Unit
    key: str
    form: str | None
    stated: bool
    kind: str
    where: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """Everything needed to find units by number, by exact key and by rare words."""

    aliases: tuple[Alias, ...]
    by_unit: dict[OrgId, tuple[Alias, ...]]
    by_number: dict[str, tuple[Unit, bool]]
    by_key: dict[str, tuple[Alias, ...]]
    by_word: dict[str, array[int]]
    by_beginning: dict[str, tuple[str, ...]]

    def idf(self, word: str) -> float:
        """Return how telling a word is: the rarer, the more; unknown words tell most."""
        return math.log((len(self.aliases) + 1) / (self._seen(word) + 0.5)) + 0.1

    def _seen(self, word: str) -> int:
        return len(self.by_word.get(word, ()))

    def spelt_alike(self, word: str) -> list[str]:
        """Return other words of the register that begin like ``word`` and are close to it."""
        found = process.extract(
            word,
            self.by_beginning.get(word[:_BEGINNING], ()),
            scorer=JaroWinkler.similarity,
            score_cutoff=SPELT_ALIKE,
            limit=MOST_SPELLINGS,
        )
        return [other for other, _likeness, _at in found if other != word]

    def gather(self, words: Iterable[str]) -> list[Alias]:
        """Return at most 60 aliases that share the rarest of ``words``, the most telling first."""
        rarest = sorted((-self.idf(word), word) for word in set(words))
        weights: dict[int, float] = defaultdict(float)
        looked_at = 0
        for negative, word in rarest[:MOST_WORDS]:
            reached: dict[int, float] = {}
            spellings = [(word, 1.0), *((other, _ALIKE_WEIGHT) for other in self.spelt_alike(word))]
            for spelling, weight in spellings:
                found: Iterable[int] = self.by_word.get(spelling, ())
                seen = self._seen(spelling)
                if looked_at + seen <= MOST_GATHERED:
                    looked_at += seen
                elif spelling == word:
                    # Too common to lead anywhere, but it tells those already found apart.
                    found = [at for at in weights if f" {word} " in f" {self.aliases[at].key} "]
                else:
                    continue
                for at in found:
                    reached[at] = max(reached.get(at, 0.0), weight)
            for at, weight in reached.items():
                weights[at] += weight * -negative
        # Of two that share as much, the one with less besides is nearer.
        best = heapq.nsmallest(
            MOST_COMPARED,
            ((-weight, len(self.aliases[at].key), at) for at, weight in weights.items()),
        )
        return [self.aliases[at] for _weight, _length, at in best]


def _marks(*places: Place) -> frozenset[str]:
    return frozenset().union(
        *(
            where(city=place.city, postcode=place.postcode, municipality=place.municipality)
            for place in places
        )
    )


def _spoken(name: str) -> Iterator[str]:
    """Yield a name, and the halves of one that is given in two languages."""
    yield name
    if "kommune" in name.casefold():
        for separator in (" / ", " - ", "/"):
            if separator in name:
                yield from (half for half in name.split(separator) if half.strip())
                return


def _aliases(organisation: Organisation) -> Iterator[Alias]:
    unit = Unit(
        id=organisation.id,
        name=organisation.name,
        form=organisation.legal_form,
        living=organisation.status is not OrgStatus.DELETED,
    )
    working = [one.place for one in organisation.establishments]
    everywhere = _marks(organisation.business_place, organisation.postal_place, *working)
    named = [
        *((name, "name", everywhere) for name in _spoken(organisation.name)),
        *((name, "former name", everywhere) for name in organisation.former_names),
        *((one.name, "establishment", _marks(one.place)) for one in organisation.establishments),
    ]
    seen: set[tuple[str, frozenset[str]]] = set()
    for name, kind, marks in named:
        parsed = parse_name(name)
        key = full_key(parsed)
        # A former name may state a former form; of the present name the register's code is right.
        stated = parsed.legal_form
        form = (unit.form or stated) if kind == "name" else (stated or unit.form)
        if key and (key, marks) not in seen:
            seen.add((key, marks))
            yield Alias(unit=unit, key=key, form=form, stated=bool(stated), kind=kind, where=marks)


def _numbers(organisation: Organisation, unit: Unit) -> Iterator[tuple[str, tuple[Unit, bool]]]:
    # An organisation's own number wins over the same number as an establishment.
    for establishment in organisation.establishments:
        yield establishment.number, (unit, True)
    if organisation.id.register == NORWAY:
        yield organisation.id.number, (unit, False)


def build_index(organisations: Iterable[Organisation]) -> Index:
    """Lay out the register; the order of ``organisations`` does not matter.

    Of an organisation given twice under one id, one is kept.
    """
    by_id = {organisation.id: organisation for organisation in organisations}
    aliases: list[Alias] = []
    by_unit: dict[OrgId, tuple[Alias, ...]] = {}
    by_number: dict[str, tuple[Unit, bool]] = {}
    for _id, organisation in sorted(by_id.items()):
        own = tuple(_aliases(organisation))
        if not own:
            continue
        aliases += own
        by_unit[organisation.id] = own
        for number, lead in _numbers(organisation, own[0].unit):
            if not lead[1] or number not in by_number:
                by_number[number] = lead
    return _words(aliases, by_unit, by_number)


def _words(
    aliases: list[Alias],
    by_unit: dict[OrgId, tuple[Alias, ...]],
    by_number: dict[str, tuple[Unit, bool]],
) -> Index:
    by_key: dict[str, list[Alias]] = defaultdict(list)
    by_word: dict[str, array[int]] = defaultdict(lambda: array("I"))
    by_beginning: dict[str, set[str]] = defaultdict(set)
    for number, alias in enumerate(aliases):
        by_key[alias.key].append(alias)
        for word in sorted(set(alias.key.split())):
            by_word[word].append(number)
            by_beginning[word[:_BEGINNING]].add(word)
    return Index(
        aliases=tuple(aliases),
        by_unit=by_unit,
        by_number=by_number,
        by_key={key: tuple(found) for key, found in by_key.items()},
        by_word=dict(by_word),
        by_beginning={start: tuple(sorted(found)) for start, found in by_beginning.items()},
    )
