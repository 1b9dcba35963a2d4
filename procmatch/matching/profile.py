"""Suppliers prepared for matching: trades, words with their rarity, places."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from procmatch.codes import Codes
from procmatch.matching.affinity import affinity, trades
from procmatch.matching.place import supplier_municipalities
from procmatch.model.organisation import OrgId, Supplier
from procmatch.text.norwegian import is_generic, stems

__all__ = ["Profile", "SupplierIndex"]


@dataclass(frozen=True, slots=True)
class Profile:
    """One supplier as matching sees it: SN2025 (code, weight), stems, municipalities."""

    supplier: Supplier
    trades: tuple[tuple[str, float], ...]
    words: frozenset[str]
    municipalities: tuple[str, ...]


def profile(supplier: Supplier, codes: Codes) -> Profile:
    """Prepare one supplier: what it does is told by activity, purpose, name and trade label."""
    unit = supplier.organisation
    industries = list(unit.industry_codes)
    for place in unit.establishments:
        industries += [one for one in place.industry_codes if one not in industries]
    labels = (codes.industry.label(one.revision, one.code) for one in industries)
    text = " ".join((unit.name, unit.activity, unit.purpose, *labels))
    return Profile(
        supplier=supplier,
        trades=trades(industries, codes),
        words=frozenset(word for word in stems(text) if not is_generic(word)),
        municipalities=supplier_municipalities(unit),
    )


@dataclass(frozen=True, slots=True)
class SupplierIndex:
    """Many suppliers: profiles, which of them hold a word, and which a trade."""

    profiles: Sequence[Profile]
    by_word: Mapping[str, tuple[int, ...]]
    by_trade: Mapping[str, tuple[int, ...]]
    by_org: Mapping[OrgId, int]

    @staticmethod
    def build(suppliers: Iterable[Supplier], *, codes: Codes) -> SupplierIndex:
        """Prepare all suppliers; the order they come in does not matter.

        Sole proprietors are persons and left out, so that no list made from an index shows them.
        """
        firms = (one for one in suppliers if not one.organisation.is_person)
        ordered = sorted(firms, key=lambda one: one.organisation.id)
        profiles = [profile(one, codes) for one in ordered]
        words: dict[str, list[int]] = {}
        own: dict[str, list[int]] = {}
        for place, one in enumerate(profiles):
            for word in one.words:
                words.setdefault(word, []).append(place)
            for trade, _weight in one.trades:
                own.setdefault(trade, []).append(place)
        return SupplierIndex(
            profiles=profiles,
            by_word={word: tuple(found) for word, found in words.items()},
            by_trade={trade: tuple(found) for trade, found in own.items()},
            by_org={one.supplier.organisation.id: at for at, one in enumerate(profiles)},
        )

    def supplier(self, org: OrgId) -> Supplier:
        """Return a supplier of the index. Raises KeyError when it is not in it."""
        return self.profiles[self.by_org[org]].supplier

    def __len__(self) -> int:
        return len(self.profiles)

    def rarity(self, word: str) -> float:
        """Return how much a shared word says: 0 for one that everybody has, more for a rare one."""
        holders = len(self.by_word.get(word, ()))
        return math.log((1 + len(self.profiles)) / (1 + holders))

    def candidates(
        self, cpv: Sequence[str], words: Mapping[str, float], *, welcome: str | None = None
    ) -> list[Profile]:
        """Return suppliers whose trade answers a CPV code or who share two telling words.

        Those of the trade ``welcome`` are candidates in any case.
        """
        found: set[int] = set()
        for trade, holders in self.by_trade.items():
            if (welcome and trade.startswith(welcome)) or any(
                affinity(code, ((trade, 1.0),)).strength > 0 for code in cpv
            ):
                found.update(holders)
        shared: Counter[int] = Counter()
        for word in words:
            shared.update(self.by_word.get(word, ()))
        # One shared word alone is chance, unless there is no code to go by.
        fewest = 2 if cpv else 1
        found.update(at for at, count in shared.items() if count >= fewest)
        return [self.profiles[at] for at in sorted(found)]
