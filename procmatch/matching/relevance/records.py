"""What relevance needs to know of a need, a firm and an award; no more, and of no register."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Award", "Firm", "Need"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What somebody wants to buy, as it was told before anybody won it.

    Attributes:
        key: names the need among others.
        title: a line. text: a description, possibly long. reference: the buyer's own file number.
        language: ISO 639-1, "" when not known.
        cpv: eight-digit codes, the main one first.
        buyer: any stable text that names the buyer, "" when not known.
        municipalities: Norwegian municipality numbers of today; they come before the codes below.
        areas: NUTS codes ("NO0A2"), or paths from coarse to fine where there are none ("FR/84/69"),
            of the buyer or the performance.
        towns: folded names of towns. postcode: as written.
        yearly: expected value a year in the currency of :attr:`Firm.turnover`, None if not known.
        day: ISO date by which only earlier awards are known, "" for today.
        work_training: whether the lot is reserved for work training; firms of that trade answer it.
    """

    key: str
    title: str = ""
    text: str = ""
    reference: str = ""
    language: str = ""
    cpv: tuple[str, ...] = ()
    buyer: str = ""
    municipalities: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    postcode: str = ""
    yearly: float | None = None
    day: str = ""
    work_training: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """A possible supplier.

    Attributes:
        key: its number in whatever register. name: as registered.
        text: what it says it does, and the labels of its industries.
        language: of ``text``, ISO 639-1.
        industries: codes with a dot ("70.22"), the main one first.
        nace: their list: "2" or "2.1" (compared as NACE classes), "SN2007" or "SN2025" (whole).
        municipalities, areas, towns, postcode: as in :class:`Need`, of its places of work.
        turnover: a year, known or guessed from its staff; None when neither is known.
        blocked: whether no list may show it: it is bankrupt, wound up, or sells nothing.
        size: 0 (nobody) to 1 (a group), None when not known. Read by one criterion only, which
            the default policy leaves out.
    """

    key: str
    name: str
    text: str = ""
    language: str = ""
    industries: tuple[str, ...] = ()
    nace: str = "2"
    municipalities: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    postcode: str = ""
    turnover: float | None = None
    blocked: bool = False
    size: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """A past award: what was needed, and the keys of those who won it."""

    need: Need
    winners: tuple[str, ...]
