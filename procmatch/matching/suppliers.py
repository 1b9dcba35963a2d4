"""Many suppliers laid out for search, with a way to see the few in full that are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from procmatch.codes import Codes, builtin
from procmatch.matching.index import FirmIndex, Heard
from procmatch.matching.past import Past
from procmatch.matching.profile import Profile, profile
from procmatch.matching.records import firm_of, key_of, org_of
from procmatch.matching.relevance.places import RADIUS_KM
from procmatch.matching.relevance.policy import DEFAULT_POLICY, RelevancePolicy
from procmatch.matching.relevance.records import Award, Need
from procmatch.model.organisation import OrgId, Supplier

__all__ = ["Fetch", "SupplierIndex"]

#: Of a stem that no firm of the laid-out register has: rarer than any (ln of a million and more).
_RAREST = 20.0
#: Suppliers that are kept prepared.
_REMEMBERED = 20_000
#: Returns those of some organisations that are known, in full.
Fetch = Callable[[Sequence[OrgId]], Mapping[OrgId, Supplier]]


@dataclass(frozen=True, slots=True)
class SupplierIndex:
    """A market of suppliers.

    Attributes:
        firms: laid out for search.
        fetch: how a few of them are seen in full.
        codes: code lists that they were read with.
        welcome: keys of those that are known to employ people outside working life, and so may
            bid on what is reserved for such firms whatever their registered trade.
        past: past awards, where there are any; they count where the policy lets them.
    """

    firms: FirmIndex
    fetch: Fetch
    codes: Codes
    welcome: frozenset[str] = frozenset()
    past: Past | None = None
    _profiles: dict[OrgId, Profile] = field(default_factory=dict, repr=False, compare=False)

    @staticmethod
    def build(
        suppliers: Iterable[Supplier],
        *,
        codes: Codes | None = None,
        awards: Iterable[Award] = (),
    ) -> SupplierIndex:
        """Lay out suppliers that fit in memory; the order they come in does not matter.

        Sole proprietors are persons and left out but for those that asked to be shown, so that no
        list made from an index shows them.

        Args:
            suppliers: the market.
            codes: code lists; None means those that come with the package.
            awards: past ones, winners by :func:`~procmatch.matching.records.key_of`.
        """
        known = codes or builtin()
        kept = {one.organisation.id: one for one in suppliers if one.may_be_listed}

        def fetch(wanted: Sequence[OrgId]) -> Mapping[OrgId, Supplier]:
            return {org: kept[org] for org in wanted if org in kept}

        firms = (firm_of(one, known) for one in kept.values())
        won = list(awards)
        return SupplierIndex(
            firms=FirmIndex.build(firms, won, places=known.places),
            past=Past.build(won),
            fetch=fetch,
            codes=known,
            welcome=frozenset(
                key_of(org)
                for org, one in kept.items()
                if any(fact.kind == "work_inclusion" for fact in one.evidence)
            ),
        )

    def __len__(self) -> int:
        return len(self.firms)

    def __contains__(self, org: OrgId) -> bool:
        return key_of(org) in self.firms

    def known(self, orgs: Sequence[OrgId]) -> set[OrgId]:
        """Return those of some organisations that are in the market."""
        has = self.firms.has(list(map(key_of, orgs)))
        return {org for org, is_known in zip(orgs, has, strict=True) if is_known}

    def supplier(self, org: OrgId) -> Supplier:
        """Return a supplier in full. Raises KeyError when it is not in the market."""
        return self.fetch([org])[org]

    def profiles(self, orgs: Sequence[OrgId]) -> dict[OrgId, Profile]:
        """Return those of some suppliers that the market has, as matching sees them.

        What was prepared is kept as long as :attr:`fetch` returns the same supplier.
        """
        known = self._profiles
        if len(known) > _REMEMBERED:
            known.clear()
        found = {}
        for org, supplier in self.fetch(orgs).items():
            one = known.get(org)
            if one is None or one.supplier is not supplier:
                one = known[org] = profile(supplier, self.codes)
            found[org] = one
        return found

    def rarity(self, stem: str) -> float:
        """Return how much a shared stem says: more for a rare one."""
        wording = self.firms.base.wording
        at = wording.stems.get(stem)
        return _RAREST if at is None else float(wording.rarity[at])

    def points(
        self,
        need: Need,
        keys: Sequence[str],
        *,
        policy: RelevancePolicy = DEFAULT_POLICY,
        radius_km: float = RADIUS_KM,
        heard: Heard | None = None,
    ) -> dict[str, list[float]]:
        """Return the points 0..1 of some firms, past awards where they count: criterion -> by firm.

        ``heard`` is what :meth:`candidates` noted of the need, if it was asked.

        Raises:
            KeyError: a firm that is not in the market.
        """
        found = self.firms.points(need, keys, radius_km=radius_km, heard=heard)
        return found | self.of_past(need, keys, policy=policy)

    def of_past(
        self, need: Need, keys: Sequence[str], *, policy: RelevancePolicy
    ) -> dict[str, list[float]]:
        """Return what past awards say of some firms; nothing where they do not count."""
        if self.past is None or not policy.looks_back:
            return {}
        (past,) = self.past.points([need], policy)
        return self.past.of(past, keys)

    def farther(self, orgs: Sequence[OrgId], towns: frozenset[str], km: float) -> set[OrgId]:
        """Return those of some firms that are known to work farther away than so many kilometres.

        Raises:
            KeyError: a firm that is not in the market.
        """
        far = self.firms.farther(list(map(key_of, orgs)), sorted(towns), km)
        return {org for org, is_far in zip(orgs, far, strict=True) if is_far}

    def candidates(
        self,
        needs: Sequence[Need],
        *,
        policy: RelevancePolicy = DEFAULT_POLICY,
        radius_km: float = RADIUS_KM,
        limit: int,
        heard: Heard | None = None,
    ) -> list[list[OrgId]]:
        """Return the likeliest suppliers of each need, in no order that matters.

        What is reserved for firms that employ people outside working life is asked for once more
        by that alone, so that those who may bid are not crowded out by those who may not.
        """
        past = self.past.points(needs, policy) if self.past and policy.looks_back else []
        again = [replace(one, cpv=()) for one in needs if one.work_training]
        found = self.firms.search(
            [*needs, *again], policy=policy, limit=limit, radius_km=radius_km, heard=heard
        )
        reserved = iter(found[len(needs) :])
        answer = []
        for at, (need, hits) in enumerate(zip(needs, found, strict=False)):
            keys = dict.fromkeys(hit.key for hit in hits)
            if past:
                likely = self.past.likely(past[at], policy, limit) if self.past else []
                keys |= dict.fromkeys(key for key in likely if key in self.firms)
            if need.work_training:
                keys |= dict.fromkeys(hit.key for hit in next(reserved))
                keys |= dict.fromkeys(sorted(key for key in self.welcome if key in self.firms))
            answer.append([org_of(key) for key in keys])
        return answer
