"""Size class by Commission Recommendation 2003/361/EC, and by Norwegian habit.

What is not known widens the answer: it holds every class that the unknown could make true, and each
input is named. It is never a legal statement: the register counts employments and not full years
of work, the group's staff and the owners' shares are not open, and the recommendation lets a firm
change its class only after two years in a row.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from math import inf

from procmatch.model.organisation import Accounts, SizeClass, Supplier
from procmatch.text.messages import Message

__all__ = [
    "SIZE_NAMES",
    "in_group",
    "may_be",
    "newest_accounts",
    "norwegian_size",
    "size_class",
    "size_classes",
    "size_said",
    "staff_range",
    "turnover_nok",
]

#: (class, staff below, turnover at most, balance at most), money in million euro.
_LIMITS = (
    (SizeClass.MICRO, 10, 2, 2),
    (SizeClass.SMALL, 50, 10, 10),
    (SizeClass.MEDIUM, 250, 50, 43),
)
_ORDER = (SizeClass.MICRO, SizeClass.SMALL, SizeClass.MEDIUM, SizeClass.LARGE)
#: Norwegian habit (NHO, Statistics Norway): most staff of a small and of a medium firm.
_NORWEGIAN = ((SizeClass.SMALL, 20), (SizeClass.MEDIUM, 100))
#: Sector codes of enterprises owned by the state or municipalities: a quarter in public hands is no
#: SME (Annex, article 3.4), save for small municipalities.
_PUBLICLY_OWNED = frozenset(("1110", "1120", "1510", "1520"))
#: NOK for one euro, yearly average (Norges Bank), rounded; other years take the nearest.
_NOK_PER_EUR = {2021: 10.16, 2022: 10.10, 2023: 11.42, 2024: 11.63, 2025: 11.7}
_MILLION = 1_000_000
#: The register hides one to four employees.
_HIDDEN = (1, 4)

SIZE_NAMES = {
    SizeClass.MICRO: Message("micro firm"),
    SizeClass.SMALL: Message("small firm"),
    SizeClass.MEDIUM: Message("medium-sized firm"),
    SizeClass.LARGE: Message("large firm"),
}


def newest_accounts(supplier: Supplier, *, group: bool | None = None) -> Accounts | None:
    """Return the newest accounts: the group's (True), the firm's own (False), or any (None).

    Of any, those of a group come before the company's own of the same year.
    """
    kept = (one for one in supplier.accounts if group is None or one.group is group)
    return max(kept, key=lambda one: (one.year, one.group), default=None)


def in_group(supplier: Supplier) -> bool | None:
    """Return whether a firm is part of a group; None when the register does not say.

    Group accounts are made by those who have a group.
    """
    return True if any(one.group for one in supplier.accounts) else supplier.organisation.in_group


def turnover_nok(supplier: Supplier) -> Decimal | None:
    """Return turnover of the newest year in NOK, scaled to twelve months; None when unknown.

    The firm's own accounts only: the group's turnover is not what this bidder can show, unless it
    relies on the group with its commitment. Accounts in euro are converted by the year's average;
    other currencies count as unknown.
    """
    newest = newest_accounts(supplier, group=False)
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


def staff_range(supplier: Supplier) -> tuple[int, int | None]:
    """Return the least and the most staff that the register leaves possible; None: no limit."""
    unit = supplier.organisation
    if unit.employees is not None:
        return unit.employees, unit.employees
    if unit.has_employees:
        return _HIDDEN
    return (0, 0) if unit.has_employees is False else (0, None)


def _staff_said(supplier: Supplier) -> str:
    least, most = staff_range(supplier)
    if most is None:
        return "unknown"
    if most == 0 and supplier.organisation.employees is None:
        return "none registered"
    return str(least) if least == most else f"{least}-{most}"


def _money(supplier: Supplier) -> tuple[float | None, float | None]:
    """Return turnover a year and balance in million euro, the group's where there are any."""
    newest = newest_accounts(supplier, group=True) or newest_accounts(supplier)
    if newest is None or newest.currency not in {"NOK", "EUR"}:
        return None, None
    turnover = _in_million_euro(_a_year(newest), newest)
    return turnover, _in_million_euro(newest.balance, newest)


def _class(staff: float, turnover: float, balance: float) -> SizeClass:
    """Staff decides together with turnover or balance, whichever is kinder."""
    for kind, below, most_turnover, most_balance in _LIMITS:
        if staff < below and (turnover <= most_turnover or balance <= most_balance):
            return kind
    return SizeClass.LARGE


def _between(least: SizeClass, most: SizeClass) -> tuple[SizeClass, ...]:
    return _ORDER[_ORDER.index(least) : _ORDER.index(most) + 1]


def size_classes(supplier: Supplier) -> tuple[SizeClass, ...]:
    """Return every EU size class that what is known leaves possible, smallest first.

    A firm in a group, or of which the register does not say whether it is in one, may have to count
    more staff and money than its own; one that is publicly owned may be no SME at all.
    """
    least_staff, most_staff = staff_range(supplier)
    turnover, balance = _money(supplier)
    least = _class(least_staff, turnover or 0, balance or 0)
    group = in_group(supplier)
    alone = group is False
    # Group accounts hold the whole group's money, but nobody's staff.
    whole = alone or newest_accounts(supplier, group=True) is not None
    most = _class(
        inf if most_staff is None or not alone else most_staff,
        turnover if whole and turnover is not None else inf,
        balance if whole and balance is not None else inf,
    )
    if supplier.organisation.sector in _PUBLICLY_OWNED:
        most = SizeClass.LARGE
    return _between(least, most)


def size_class(supplier: Supplier) -> tuple[SizeClass, tuple[tuple[str, str], ...]]:
    """Return the likeliest EU size class and (input, value) pairs; never a legal statement.

    Likeliest: the firm's own staff with what is known of the money; what is unknown is left out of
    account, and unknown staff leaves it unknown. All that is possible: :func:`size_classes`.
    """
    _, most_staff = staff_range(supplier)
    money = _money(supplier)
    inputs = [("employees", _staff_said(supplier))]
    for name, value in zip(("turnover", "balance"), money, strict=True):
        inputs.append((name, "unknown" if value is None else f"{value:.1f} million euro"))
    group = {True: "yes", False: "no", None: "unknown"}[in_group(supplier)]
    inputs.append(("group", group))
    owned = supplier.organisation.sector in _PUBLICLY_OWNED
    inputs.append(("owner", "public" if owned else "not known to be public"))
    if most_staff is None:
        return SizeClass.UNKNOWN, tuple(inputs)
    known = [value for value in money if value is not None]
    turnover, balance = (inf if known and value is None else value or 0 for value in money)
    return _class(most_staff, turnover, balance), tuple(inputs)


def norwegian_size(supplier: Supplier) -> tuple[SizeClass, ...]:
    """Return the classes possible by Norwegian habit, smallest first.

    Up to 20 employees small, 21 to 100 medium, above that large; the firm's own staff alone,
    neither money nor group.
    """
    least, most = staff_range(supplier)
    return _between(_norwegian(least), _norwegian(inf if most is None else most))


def _norwegian(staff: float) -> SizeClass:
    return next((kind for kind, most in _NORWEGIAN if staff <= most), SizeClass.LARGE)


def may_be(supplier: Supplier, wanted: Iterable[SizeClass]) -> bool:
    """Tell whether a firm is, or may be, of one of some classes.

    A filter by size keeps by this: who may be small is not dropped because something is unknown.
    """
    return not frozenset(supplier.sizes or size_classes(supplier)).isdisjoint(wanted)


def size_said(supplier: Supplier) -> Message:
    """Return the size class as a sentence: "Micro firm", or "Micro firm, going by …, but …"."""
    possible = supplier.sizes or size_classes(supplier)
    if len(possible) == 1:
        return Message("Size: {size}.", (("size", SIZE_NAMES[possible[0]]),))
    if supplier.size is SizeClass.UNKNOWN:
        if possible == _ORDER:
            return Message("Size: not known.")
        return Message(
            "Size: at least a {size}; not all inputs are known.",
            (("size", SIZE_NAMES[possible[0]]),),
        )
    return Message(
        "Size: {size} by what is known; with the unknown it may be up to a {most}.",
        (("size", SIZE_NAMES[supplier.size]), ("most", SIZE_NAMES[possible[-1]])),
    )
