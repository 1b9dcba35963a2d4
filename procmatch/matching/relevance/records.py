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
        areas: NUTS codes ("NO0A2"), or paths from coarse to fine where there are none ("FR/84/69"),
            of the buyer or the performance.
        towns: folded names of towns. postcode: as written.
        extent: expected value in any currency; only its order of magnitude counts.
        day: ISO date by which only earlier awards are known, "" for today.
    """

    key: str
    title: str = ""
    text: str = ""
    reference: str = ""
    language: str = ""
    cpv: tuple[str, ...] = ()
    buyer: str = ""
    areas: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    postcode: str = ""
    extent: float | None = None
    day: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """A possible supplier.

    Attributes:
            key: its number in whatever register. name: as registered.
            text: what it says it does, and the labels of its industries.
            language: of ``text``, ISO 639-1.
            industries: NACE classes with a dot ("70.22"), the main one first; national extensions
    XX
            areas: as in :class:`Need`, of its places of work.
            towns: folded. postcode: as written.
            size: 0 (nobody) to 1 (a group), None when not known. Read by one criterion only, which
                the default policy leaves out.
    """

    key: str
    name: str
    text: str = ""
    language: str = ""
    industries: tuple[str, ...] = ()
    nace: str = "2"
    areas: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    postcode: str = ""
    size: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """A past award: what was needed, and the keys of those who won it."""

    need: Need
    winners: tuple[str, ...]
