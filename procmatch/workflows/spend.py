"""Take in a buyer's ledger, link its suppliers, and say how much of it stayed nearby."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from procmatch.errors import SourceError
from procmatch.insight.shares import Purchase
from procmatch.insight.spend import Leak, leakage, purchases
from procmatch.linkage.decisions import link_decided
from procmatch.model.label import Printed
from procmatch.model.ledger import LedgerLine
from procmatch.model.match import Linked
from procmatch.store import Store, ledgers, organisations
from procmatch.workflows.ingest import Clock
from procmatch.workflows.known_suppliers import known_suppliers
from procmatch.workflows.ledger_file import BadLine, read_ledger
from procmatch.workflows.register_index import open_register
from procmatch.workflows.review import stored_rulings

__all__ = ["SpendReport", "import_spend", "leaks_of", "spent_by", "trades_nearby"]

_DIVISION = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendReport:
    """What a ledger brought.

    Attributes:
        lines, amount: what was read, NOK excl. VAT. bad: rows that could not be.
        certain, uncertain, nobody: lines by who their supplier is.
        already: the same file was taken in before; nothing was done.
    """

    lines: int
    amount: Decimal
    bad: tuple[BadLine, ...]
    certain: int = 0
    uncertain: int = 0
    nobody: int = 0
    already: bool = False


def import_spend(
    store: Store,
    path: Path,
    *,
    place: str,
    clock: Clock,
    columns: Mapping[str, str] | None = None,
    index: Path | None = None,
) -> SpendReport:
    """Take in a ledger; the same file twice changes nothing.

    Args:
        store: where it goes, with the register.
        path: CSV or XLSX, see :mod:`~procmatch.workflows.ledger_file`.
        place: municipality (four digits) or county (two) whose ledger it is.
        clock: aware UTC now.
        columns: names of columns that are not the usual ones.
        index: see :func:`~procmatch.workflows.link.link`.

    Raises:
        SourceError: the file cannot be read, lacks a column, or holds no line that can be read.
    """
    every = list(read_ledger(path, columns or {}))
    lines = [one for one in every if isinstance(one, LedgerLine)]
    bad = tuple(one for one in every if isinstance(one, BadLine))
    if not lines:
        reason = f"no line could be read; the first: {bad[0].reason}" if bad else "no line"
        raise SourceError(reason, source=path.name)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    amount = sum((one.amount for one in lines), Decimal(0))
    with store.read() as connection:
        if ledgers.known(connection, place, sha256) is not None:
            return SpendReport(lines=len(lines), amount=amount, bad=bad, already=True)
    found = _linked(store, lines, index)
    with store.begin() as connection:
        ledger = ledgers.add(
            connection, place=place, name=path.name, sha256=sha256, now=clock(), lines=lines
        )
        ledgers.link(connection, ledger, found)
    certain = sum(one.certain for one in found.values())
    return SpendReport(
        lines=len(lines),
        amount=amount,
        bad=bad,
        certain=certain,
        uncertain=len(found) - certain,
        nobody=len(lines) - len(found),
    )


def _linked(store: Store, lines: Sequence[LedgerLine], index: Path | None) -> dict[int, Linked]:
    """Return row -> unit; each supplier is looked up once."""
    printed = {one.row: Printed(name=one.supplier, number=one.number) for one in lines}
    each = list(dict.fromkeys(printed.values()))
    answers = link_decided(open_register(store, index), each, stored_rulings(store))
    by_party = dict(zip(each, answers, strict=True))
    return {row: answer for row, party in printed.items() if (answer := by_party[party])}


def spent_by(store: Store, place: str, clock: Clock) -> list[Purchase]:
    """Return all ledger lines of a place as purchases; unknown suppliers among them."""
    with store.read() as connection:
        paid = list(ledgers.lines_of(connection, place))
        wanted = {one.org for one in paid if one.org}
        known = known_suppliers(connection, wanted, clock().date())
    return purchases(paid, lambda one: known.get(one.org) if one.org else None, place)


def trades_nearby(store: Store, place: str) -> Counter[str]:
    """Return how many firms of each industry division (two digits) work in a place."""
    with store.read() as connection:
        return Counter(
            trade[:_DIVISION] for trade in organisations.trades_in(connection, place) if trade
        )


def leaks_of(store: Store, place: str, clock: Clock) -> list[Leak]:
    """Return the categories of a place's ledgers by how much left it, most first.

    Each with how many firms of the same industry division work in the place: a hint of what could
    be bought nearby, not that any of them delivers it.
    """
    nearby = trades_nearby(store, place)
    return leakage(spent_by(store, place, clock), lambda division: nearby[division])
