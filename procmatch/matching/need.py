"""A lot prepared for matching: what the ranking reads of it, where, and how much a year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from procmatch.codes import Codes
from procmatch.matching.place import lot_municipalities
from procmatch.matching.relevance.records import Need
from procmatch.matching.requirements import Requirement, requirements
from procmatch.model.notice import Lot, Notice
from procmatch.model.values import Text
from procmatch.text.norwegian import stems

__all__ = ["Wanted", "notice_codes", "prepare", "total_value", "yearly_value"]

_DAYS = {"DAY": 1, "WEEK": 7, "MONTH": 30.4, "YEAR": 365}
_YEAR_DAYS = 365
#: A lot of more places than these is of a region, and its words name none of them.
_FEW_TOWNS = 5
#: Languages of texts (BT-702) -> ISO 639-1; a text whose language is not told is Norwegian.
_LANGUAGES = {
    "": "nb", "NOR": "nb", "NOB": "nb", "NNO": "nn", "ENG": "en", "SWE": "sv", "DAN": "da",
    "FIN": "fi", "DEU": "de", "FRA": "fr", "SPA": "es", "ITA": "it", "NLD": "nl", "POR": "pt",
    "CAT": "ca", "HUN": "hu", "RON": "ro",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A lot as matching sees it.

    Attributes:
        need: what the ranking reads; nothing else of a lot can move an order.
        cpv: (code, weight): the main code 1, the others share 1 between them.
        municipalities: where; empty means not tied to a place. place_field: the field.
        total: NOK over the whole term excl. VAT, or None. yearly: the same a year.
        requirements: what is asked of suppliers.
    """

    notice: Notice
    lot: Lot
    need: Need
    cpv: tuple[tuple[str, float], ...]
    municipalities: frozenset[str]
    place_field: str
    total: Decimal | None
    yearly: Decimal | None
    requirements: tuple[Requirement, ...]
    now: datetime

    @property
    def names_trade(self) -> bool:
        """Whether it says what trade is asked for; else there is none to compare with."""
        return bool(self.need.cpv or self.need.work_training)


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


def _without(text: str, towns: frozenset[str], codes: Codes) -> str:
    """Return a text without the names of its places: the place is told by itself.

    A firm named after the same town would else share a rare word.
    """
    known = codes.places.municipalities
    if len(towns) > _FEW_TOWNS:
        return text
    here = set(stems(" ".join(known[town].name for town in towns if town in known)))
    if not here:
        return text
    return " ".join(
        word for word in text.split() if not (own := set(stems(word))) or not own <= here
    )


def _language(text: Text) -> str:
    shown = str(text)
    told = next((language for language, own in text.versions if own == shown), "")
    return _LANGUAGES.get(told, "")


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
    title = f"{lot.title} {notice.title}" if len(notice.lots) == 1 else str(lot.title)
    text = lot.description or notice.description
    yearly = yearly_value(notice, lot)
    asked = requirements(lot)
    need = Need(
        key=f"{notice.source_id or notice.notice_id} {lot.id}",
        title=_without(title, towns, codes),
        text=_without(str(text), towns, codes),
        language=_language(lot.title or notice.title or text),
        cpv=direct,
        municipalities=tuple(sorted(towns)),
        yearly=None if yearly is None else float(yearly),
        # Kept for such firms by its code, or by its words alone.
        work_training="res-ws" in lot.reserved or any(one.kind == "reserved" for one in asked),
    )
    return Wanted(
        notice=notice,
        lot=lot,
        need=need,
        cpv=weighted,
        municipalities=towns,
        place_field=field,
        total=total_value(notice, lot),
        yearly=yearly,
        requirements=asked,
        now=now,
    )
