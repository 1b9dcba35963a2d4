"""What a buyer asks of suppliers, found in the words of its requirements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from procmatch.matching.turnover import AskedTurnover, asked_turnover
from procmatch.model.notice import Lot

__all__ = ["Requirement", "requirements"]

_DENIED = re.compile(r"\b(?:ikke|ikkje|ingen|uten|utan)\b[^.;]{0,40}$", re.IGNORECASE)
#: "ISO 9001/14001", "ISO 14001 og 9001": one ISO before several numbers.
_ISO = r"iso\s*-?\s*(?:\d{4,5}(?::\d{4})?\s*(?:/|,|&|og|eller|samt|and|or)\s*)*"
#: kind -> what gives it away. The kinds are those of ``hurdles``.
_SIGNS = {
    "quality_certificate": re.compile(rf"{_ISO}9001", re.IGNORECASE),
    "environment_certificate": re.compile(
        rf"{_ISO}14001|miljøfyrtårn|\bemas\b|miljøledelsessystem", re.IGNORECASE
    ),
    "security_certificate": re.compile(rf"{_ISO}27001", re.IGNORECASE),
    "references": re.compile(
        r"\breferans(?:er|ar|e|ene|ane)\b|sammenlignbare leveranse|samanliknbare leveranse"
        r"|erfaring fra minst",
        re.IGNORECASE,
    ),
    "daily_delivery": re.compile(
        r"\bdag(?:lig|leg)e?\s+lever|lever\w*\s+(?:dag(?:lig|leg)|hver dag|kvar dag)"
        r"|alle (?:enheter|einingar)",
        re.IGNORECASE,
    ),
    "electronic_catalogue": re.compile(r"elektronisk\s+(?:vare)?katalog|peppol", re.IGNORECASE),
    "credit_rating": re.compile(
        r"kredittvurdering|kredittverdig|\b(?:kreditt)?rating\b", re.IGNORECASE
    ),
    "insurance": re.compile(r"ansvarsforsikring", re.IGNORECASE),
    "apprentices": re.compile(r"lærebedrift|lærling", re.IGNORECASE),
    "cleaning_register": re.compile(r"re(?:nhold|inhald)sregister", re.IGNORECASE),
    "central_approval": re.compile(r"sentral godkjenning", re.IGNORECASE),
    "guarantee": re.compile(r"bankgaranti|på-?kravs-?garanti", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement: its kind, for turnover how much, and the field it stands in."""

    kind: str
    turnover: AskedTurnover | None
    field: str

    @property
    def amount(self) -> Decimal | None:
        """The turnover asked for in NOK, when the text names a sum."""
        return self.turnover.amount if self.turnover else None


def _in_text(text: str, field: str) -> Iterator[Requirement]:
    for asked in asked_turnover(text):
        yield Requirement("turnover", asked, field)
    for kind, sign in _SIGNS.items():
        found_sign = sign.search(text)
        if found_sign and not _DENIED.search(text[: found_sign.start()]):
            yield Requirement(kind, None, field)


def requirements(lot: Lot) -> tuple[Requirement, ...]:
    """Return what a lot asks of its suppliers, each kind once (the highest turnover).

    Read from the selection criteria (BT-750) and from the lot's codes for guarantee (BT-751) and
    electronic catalogue (BT-764). What stands only in the documents cannot be seen.
    """
    found: dict[str, Requirement] = {}
    for criterion in lot.selection_criteria:
        for text in (*criterion.name.versions, *criterion.description.versions):
            for one in _in_text(text[1], "BT-750"):
                old = found.get(one.kind)
                if old is None or (one.amount or 0) > (old.amount or 0):
                    found[one.kind] = one
    if lot.guarantee_required:
        found.setdefault("guarantee", Requirement("guarantee", None, "BT-751"))
    if lot.electronic_catalogue == "required":
        found.setdefault(
            "electronic_catalogue", Requirement("electronic_catalogue", None, "BT-764")
        )
    return tuple(found.values())
