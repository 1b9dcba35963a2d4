"""Suppliers and awards as the ranking sees them: the only fields that can move an order."""

from __future__ import annotations

from procmatch.codes import Codes
from procmatch.matching.capacity import can_carry
from procmatch.matching.eligibility import never_listed
from procmatch.matching.profile import Profile, industries, profile
from procmatch.matching.relevance.records import Firm
from procmatch.model.organisation import OrgId, Supplier

__all__ = ["firm_of", "key_of", "org_of"]

#: Bokmål and nynorsk are taken apart by the same rules.
_LANGUAGE = "nb"
_NEW = "SN2025"


def key_of(org: OrgId) -> str:
    """Return the key of an organisation in an index; keys are in the order of the numbers."""
    return f"{org.register} {org.number}"


def org_of(key: str) -> OrgId:
    """Return the organisation of a key."""
    register, _, number = key.partition(" ")
    return OrgId(register, number)


def firm_of(supplier: Supplier, codes: Codes, known: Profile | None = None) -> Firm:
    """Return what the ranking reads of a supplier.

    Neither size class, evidence, past awards, website nor who is behind it: none of them can move
    an order.

    Args:
        supplier: in full.
        codes: code lists.
        known: its profile, if there is one already.
    """
    one = known or profile(supplier, codes)
    nace, own = _one_list(supplier, codes)
    turnover, _ = can_carry(one)
    unit = supplier.organisation
    return Firm(
        key=key_of(unit.id),
        name=unit.name,
        text=one.text,
        language=_LANGUAGE,
        industries=own,
        nace=nace,
        municipalities=one.municipalities,
        turnover=turnover,
        blocked=never_listed(unit),
    )


def _one_list(supplier: Supplier, codes: Codes) -> tuple[str, tuple[str, ...]]:
    """Return industries as codes of one list; a mixture is translated to the newest."""
    own = industries(supplier)
    revisions = {one.revision for one in own}
    if len(revisions) == 1:
        return revisions.pop(), tuple(one.code for one in own)
    new = (code for one in own for code in codes.industry.to_sn2025(one.revision, one.code))
    return _NEW, tuple(dict.fromkeys(new))
