"""What a supplier turns over a year, and where that is known from."""

from __future__ import annotations

from procmatch.matching.profile import Profile
from procmatch.matching.size import turnover_nok

__all__ = ["ACCOUNTS", "STAFF", "can_carry"]

#: Turnover a head, NOK: a plain guess for firms whose accounts are not known.
_NOK_PER_HEAD = 1_200_000
_HIDDEN_STAFF = 2.5
#: Where a turnover comes from: known accounts, or a guess from the number of staff.
ACCOUNTS, STAFF = "regnskap", "antallAnsatte"


def can_carry(one: Profile) -> tuple[float | None, str]:
    """Return what a supplier turns over a year in NOK, and where that comes from.

    Known accounts, else a plain guess from the number of staff, else None.
    """
    known = turnover_nok(one.supplier)
    if known is not None:
        return float(known), ACCOUNTS
    unit = one.supplier.organisation
    staff = (
        unit.employees
        if unit.employees is not None
        else (_HIDDEN_STAFF if unit.has_employees else None)
    )
    return (None, "") if staff is None else (max(1.0, staff) * _NOK_PER_HEAD, STAFF)
