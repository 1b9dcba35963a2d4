"""A lot prepared for matching: codes with weights, words with weights, where, how much a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from procmatch.codes import Codes
from procmatch.matching.place import lot_municipalities
from procmatch.matching.requirements import Requirement, requirements
from procmatch.model.notice import Lot, Notice
from procmatch.text.folding import tokens
from procmatch.text.norwegian import is_generic, stems

__all__ = ["Wanted", "prepare", "total_value", "yearly_value"]

_DAYS = {"DAY": 1, "WEEK": 7, "MONTH": 30.4, "YEAR": 365}
_YEAR_DAYS = 365
#: How much a word counts by where it stands.
_TITLE, _LABEL, _DESCRIPTION = 2.0, 1.5, 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A lot as matching sees it.

    Attributes:
        cpv: (code, weight): the main code 1, the others share 1 between them.
        words: stem -> weight by where it stands. spelled: stem -> a whole word as people write it.
        municipalities: where; empty means not tied to a place. place_field: the field.
        total: NOK over the whole term excl. VAT, or None. yearly: the same a year.
        requirements: what is asked of suppliers.
    """

    notice: Notice
    lot: Lot
    cpv: tuple[tuple[str, float], ...]
    words: Mapping[str, float]
    spelled: Mapping[str, str]
    municipalities: frozenset[str]
    place_field: str
    total: Decimal | None
    yearly: Decimal | None
    requirements: tuple[Requirement, ...]
    now: datetime


def total_value(notice: Notice, lot: Lot) -> Decimal | None:
    """Return the lot's estimated value over its whole term in NOK excl. VAT, or None."""
    money = lot.value or lot.framework_maximum
    if money is None and len(notice.lots) == 1:
        money = notice.value or notice.framework_maximum
    return money.amount if money is not None and money.currency == "NOK" else None


def yearly_value(notice: Notice, lot: Lot) -> Decimal | None:
    """Return the lot's estimated value a year in NOK, or None.

    The lot's own value or framework maximum; the notice's value only when there is one lot. A
    term shorter than a year counts as a year.
    """
    total = total_value(notice, lot)
    if total is None:
        return None
    years = 1.0
    if lot.term and lot.term.length and lot.term.unit in _DAYS:
        years = lot.term.length * _DAYS[lot.term.unit] / _YEAR_DAYS
    elif lot.term and lot.term.start and lot.term.end:
        years = (lot.term.end - lot.term.start).days / _YEAR_DAYS
    return total / Decimal(str(max(1.0, round(years, 2))))


def _weighted_words(
    notice: Notice, lot: Lot, codes: Codes, towns: frozenset[str]
) -> dict[str, tuple[float, str]]:
    """Return stem -> (weight, the first word it stands in)."""
    # That both name the town is told by the place, and says nothing of the trade.
    known = codes.places.municipalities
    here = set(stems(" ".join(known[town].name for town in towns if town in known)))
    direct = lot.cpv or notice_codes(notice)
    labels = " ".join(codes.cpv.label(code) for code in direct)
    title = f"{lot.title} {notice.title}" if len(notice.lots) == 1 else str(lot.title)
    description = str(lot.description) or str(notice.description)
    found: dict[str, tuple[float, str]] = {}
    for text, weight in ((title, _TITLE), (labels, _LABEL), (description, _DESCRIPTION)):
        for word in tokens(text):
            for stem in stems(word):
                if not is_generic(stem) and stem not in here and stem not in found:
                    found[stem] = (weight, word)
    return found


def notice_codes(notice: Notice) -> tuple[str, ...]:
    """Return the procedure's CPV codes, main first."""
    codes = (notice.cpv_main, *notice.cpv_additional)
    return tuple(dict.fromkeys(code for code in codes if code))


def prepare(
    notice: Notice, lot: Lot, *, codes: Codes, now: datetime, buyer_municipality: str | None
) -> Wanted:
    """Prepare one lot."""
    direct = lot.cpv or notice_codes(notice)
    share = 1 / max(1, len(direct) - 1)
    weighted = tuple((code, 1.0 if at == 0 else share) for at, code in enumerate(direct))
    towns, field = lot_municipalities(notice, lot, codes.places, buyer_municipality)
    words = _weighted_words(notice, lot, codes, towns)
    return Wanted(
        notice=notice,
        lot=lot,
        cpv=weighted,
        words={stem: weight for stem, (weight, _) in words.items()},
        spelled={stem: word for stem, (_, word) in words.items()},
        municipalities=towns,
        place_field=field,
        total=total_value(notice, lot),
        yearly=yearly_value(notice, lot),
        requirements=requirements(lot),
        now=now,
    )
