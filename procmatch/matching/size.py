"""Size class by Commission Recommendation 2003/361/EC, with every input named."""

from __future__ import annotations

from decimal import Decimal

from procmatch.model.organisation import Accounts, SizeClass, Supplier

__all__ = ["newest_accounts", "size_class", "turnover_nok"]

#: (class, staff below, turnover at most, balance at most), money in million euro.
_LIMITS = (
    (SizeClass.MICRO, 10, 2, 2),
    (SizeClass.SMALL, 50, 10, 10),
    (SizeClass.MEDIUM, 250, 50, 43),
)
#: NOK for one euro, yearly average (Norges Bank), rounded; other years take the nearest.
_NOK_PER_EUR = {2021: 10.16, 2022: 10.10, 2023: 11.42, 2024: 11.63, 2025: 11.7}
_MILLION = 1_000_000


def newest_accounts(supplier: Supplier) -> Accounts | None:
    """Return the newest accounts, the group's before the company's own."""
    return max(supplier.accounts, key=lambda one: (one.year, one.group), default=None)


def turnover_nok(supplier: Supplier) -> Decimal | None:
    """Return turnover of the newest year in NOK, scaled to twelve months; None when unknown.

    The firm's own accounts only: the group's turnover is not what this bidder can show, unless it
    relies on the group with its commitment. Accounts in euro are converted by the year's average;
    other currencies count as unknown.
    """
    own = [one for one in supplier.accounts if not one.group]
    newest = max(own, key=lambda one: one.year, default=None)
    turnover = _a_year(newest) if newest else None
    if newest is None or turnover is None:
        return None
    rate = {"NOK": Decimal(1), "EUR": Decimal(str(_rate(newest.year)))}.get(newest.currency)
    return None if rate is None else turnover * rate


def _rate(year: int) -> float:
    return _NOK_PER_EUR[min(_NOK_PER_EUR, key=lambda known: abs(known - year))]


def _a_year(accounts: Accounts) -> Decimal | None:
    """Return turnover scaled to twelve months, in the accounts' own currency."""
    if accounts.turnover is None:
        return None
    return accounts.turnover * 12 / max(1, accounts.months)


def _in_million_euro(amount: Decimal | None, accounts: Accounts) -> float | None:
    if amount is None:
        return None
    rate = 1.0 if accounts.currency == "EUR" else _rate(accounts.year)
    return float(amount) / rate / _MILLION


def _staff(supplier: Supplier) -> tuple[int | None, str]:
    unit = supplier.organisation
    if unit.employees is not None:
        return unit.employees, str(unit.employees)
    if unit.has_employees:
        return 4, "1-4"  # the register hides small numbers; the highest it can be
    if unit.has_employees is False:
        return 0, "none registered"
    return None, "unknown"


def size_class(supplier: Supplier) -> tuple[SizeClass, tuple[tuple[str, str], ...]]:
    """Return the size class and (input, value) pairs; never a legal statement.

    Staff decides together with turnover or balance, whichever is kinder. Money that is unknown
    leaves the class to staff alone; unknown staff leaves it unknown.
    """
    staff, shown = _staff(supplier)
    inputs = [("employees", shown)]
    newest = newest_accounts(supplier)
    money: tuple[float | None, float | None] = (None, None)
    if newest and newest.currency in {"NOK", "EUR"}:
        money = (
            _in_million_euro(_a_year(newest), newest),
            _in_million_euro(newest.balance, newest),
        )
    for name, value in zip(("turnover", "balance"), money, strict=True):
        inputs.append((name, "unknown" if value is None else f"{value:.1f} million euro"))
    inputs.append(("group", "yes" if supplier.organisation.in_group else "none known"))
    if staff is None:
        return SizeClass.UNKNOWN, tuple(inputs)
    for kind, most, turnover, balance in _LIMITS:
        known = [
            value <= limit
            for value, limit in zip(money, (turnover, balance), strict=True)
            if value is not None
        ]
        if staff < most and (not known or any(known)):
            return kind, tuple(inputs)
    return SizeClass.LARGE, tuple(inputs)
